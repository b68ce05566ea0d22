//! What browsers get: the chat page at `/`, the reference at `/docs`, and below `/schema/` what follows from the schema.
//!
//! All of it is in the binary, none of it needs anything from another host, and each page's policy says so to the browser.

mod docs;
mod file;
mod index;

use axum::{Router, routing::get};
use http::{HeaderValue, header};

use file::{Embedded, File};

// What `build.rs` embeds: GENERATED and CHAT.
include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// What the chat page may do: run and style itself with files of this server, ask this server, and show images of it
/// and of the visitor's own.
const CHAT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; \
     frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);

/// Everything, ready to be served.
pub fn router() -> Router {
    let mut router = Router::new().route("/schema", get(index::page(GENERATED).answer()));
    for embedded in GENERATED {
        router = router.route(&format!("/schema/{}", embedded.path), get(File::from(embedded).answer()));
    }
    for embedded in CHAT {
        let file = File::from(embedded);
        router = if embedded.path == "index.html" {
            router.route("/", get(file.with(header::CONTENT_SECURITY_POLICY, CHAT_POLICY).answer()))
        } else {
            router.route(&format!("/chat/{}", embedded.path), get(file.answer()))
        };
    }
    match GENERATED.iter().find(|embedded| embedded.path == "docs/index.html") {
        Some(page) => router.route("/docs", get(docs::page(page.text).answer())),
        None => router,
    }
}

/// The source expression of an inline script or style (Content Security Policy Level 3, section 2.3.1).
fn hash(inline: &str) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use sha2::{Digest, Sha256};

    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(inline)))
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use http::{HeaderMap, Request, StatusCode};
    use tower::ServiceExt;

    use super::*;

    async fn ask(method: &str, path: &str, etag: Option<&HeaderValue>) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(etag) = etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        let answer = router().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        (status, headers, String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    #[tokio::test]
    async fn every_file_is_served_as_what_it_is() {
        for (path, content_type) in [
            ("/", "text/html; charset=utf-8"),
            ("/chat/main.js", "text/javascript; charset=utf-8"),
            ("/schema", "text/html; charset=utf-8"),
            ("/schema/openapi.json", "application/json"),
            ("/schema/asyncapi.json", "application/json"),
            ("/schema/json-schema/Message.json", "application/json"),
            ("/schema/typescript/client.js", "text/javascript; charset=utf-8"),
            ("/schema/typescript/client.d.ts", "text/plain; charset=utf-8"),
        ] {
            let (status, headers, body) = ask("GET", path, None).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(headers[header::CONTENT_TYPE], content_type, "{path}");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert!(!body.is_empty(), "{path}");

            let (status, again, body) = ask("GET", path, Some(&headers[header::ETAG])).await;
            assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
            assert_eq!(again[header::ETAG], headers[header::ETAG], "{path}");
            let (status, head, body) = ask("HEAD", path, None).await;
            assert_eq!((status, body.as_str()), (StatusCode::OK, ""), "{path}");
            assert_eq!(head[header::CONTENT_LENGTH], headers[header::CONTENT_LENGTH], "{path}");
        }
        assert_eq!(ask("GET", "/schema/nothing.json", None).await.0, StatusCode::NOT_FOUND);
        let (status, ..) = ask("GET", "/", Some(&HeaderValue::from_static("\"another\""))).await;
        assert_eq!(status, StatusCode::OK);
    }

    #[tokio::test]
    async fn the_index_names_every_file() {
        let (_, headers, body) = ask("GET", "/schema", None).await;
        for embedded in GENERATED {
            assert!(body.contains(&format!("href=\"/schema/{}\"", embedded.path)), "{}", embedded.path);
        }
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    }

    #[tokio::test]
    async fn sec_15_the_chat_page_runs_nothing_but_files_and_tells_nobody_its_address() {
        let (_, headers, body) = ask("GET", "/?token=secret", None).await;
        assert!(!body.contains("secret"), "{body}");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!body.contains("style=") && !body.contains("<style") && !body.contains("<script>"), "{body}");
    }

    #[test]
    fn sec_15_no_script_makes_html_of_text() {
        for Embedded { path, text } in CHAT.iter().filter(|embedded| embedded.path.ends_with(".js")) {
            for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
                assert!(!text.contains(way), "{path} has {way}");
            }
        }
    }
}
