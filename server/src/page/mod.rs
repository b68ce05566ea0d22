//! The page at `/`: what this server is, and what to try.
//!
//! It is made once, at start, and needs nothing from anywhere else. Its policy runs the one script that is in it and
//! nothing besides, whatever its address carries.

use axum::{Router, response::IntoResponse, routing::get};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderName, HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::protocol::PROTOCOL;

const TEMPLATE: &str = include_str!("index.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// An event or a REST operation, as the schema describes it.
#[derive(Debug)]
struct Item {
    /// Its name, or method and path.
    name: &'static str,
    /// What it is for.
    summary: &'static str,
    /// What else is to be known at a glance.
    tag: Option<&'static str>,
    /// A payload, as JSON.
    example: Option<&'static str>,
}

// What `build.rs` makes of the schema: CLIENT_EVENTS, SERVER_EVENTS and OPERATIONS.
include!(concat!(env!("OUT_DIR"), "/contents.rs"));

/// The page, ready to be served at `/`. `metrics` says whether `/metrics` is served at the same address.
pub fn router(metrics: bool) -> Router {
    let page = render(metrics);
    let policy = HeaderValue::from_str(&policy()).expect("a policy is visible ASCII");
    Router::new().route(
        "/",
        get(move || {
            let headers: [(HeaderName, HeaderValue); 5] = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                (header::CONTENT_SECURITY_POLICY, policy.clone()),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
                // The address may carry a token.
                (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            ];
            std::future::ready((headers, page.clone()).into_response())
        }),
    )
}

/// What the page may do: run its own script, style itself, and ask this server.
fn policy() -> String {
    format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// The source expression of an inline script or style (Content Security Policy Level 3, section 2.3.1).
fn hash(inline: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(inline)))
}

fn render(metrics: bool) -> String {
    let metrics_link = if metrics { "<li><a href=\"/metrics\">Metrics</a></li>" } else { "" };
    TEMPLATE
        .replace("{{protocol}}", &escape(PROTOCOL.name))
        .replace("{{version}}", &escape(PROTOCOL.version))
        .replace("{{metrics_link}}", metrics_link)
        .replace("{{client_events}}", &list(CLIENT_EVENTS))
        .replace("{{server_events}}", &list(SERVER_EVENTS))
        .replace("{{operations}}", &list(OPERATIONS))
        .replace("{{style}}", STYLE)
        .replace("{{script}}", SCRIPT)
}

fn list(items: &[Item]) -> String {
    items.iter().map(item).collect()
}

fn item(item: &Item) -> String {
    let tag = item.tag.map(|tag| format!("<span class=\"tag\">{}</span>", escape(tag))).unwrap_or_default();
    let example = item.example.map(|example| format!("<br><code>{}</code>", escape(example))).unwrap_or_default();
    format!("<dt><code>{}</code>{tag}</dt><dd>{}{example}</dd>\n", escape(item.name), escape(item.summary))
}

/// Text as HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn page() -> (http::HeaderMap, String) {
        let router = router(true);
        let request = Request::get("/?token=secret").body(Body::empty()).expect("a request");
        let answer = router.oneshot(request).await.expect("an answer");
        let headers = answer.headers().clone();
        let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        (headers, String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    #[tokio::test]
    async fn the_page_lists_the_protocol_and_leaves_no_placeholder() {
        let (_, body) = page().await;
        for item in CLIENT_EVENTS.iter().chain(SERVER_EVENTS).chain(OPERATIONS) {
            assert!(body.contains(&escape(item.name)), "{item:?}");
            assert!(body.contains(&escape(item.summary)), "{item:?}");
        }
        assert!(body.contains(&format!("{} {}", PROTOCOL.name, PROTOCOL.version)), "{body}");
        assert!(!body.contains("{{"), "{body}");
    }

    #[tokio::test]
    async fn sec_15_the_page_does_not_carry_the_token_of_its_address_on() {
        let (headers, body) = page().await;
        assert!(!body.contains("secret\""), "{body}");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
    }

    #[tokio::test]
    async fn the_policy_allows_the_script_that_is_in_the_page_and_no_other() {
        let (headers, body) = page().await;
        let between = |open: &str, close: &str| {
            let start = body.find(open).expect("an element") + open.len();
            &body[start..start + body[start..].find(close).expect("its end")]
        };
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(policy.contains(&format!("script-src '{}';", hash(between("<script>", "</script>")))), "{policy}");
        assert!(policy.contains(&format!("style-src '{}';", hash(between("<style>", "</style>")))), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
