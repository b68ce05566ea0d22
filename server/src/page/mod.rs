//! The pages for browsers: the chat page at `/`, the reference at `/docs`, and the generated files below `/schema/`.
//!
//! All of them are in the binary and need nothing from other hosts, which each page's policy enforces.

mod docs;
mod file;
mod index;

use axum::{Router, routing::get};
use http::{HeaderValue, header};
use tower_http::compression::CompressionLayer;

use file::{Embedded, File};

// The files that `build.rs` embeds: GENERATED and CHAT.
include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The chat page's policy: it may load scripts and styles from this server, send requests to it, and show its images
/// and the visitor's own.
const CHAT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; \
     frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);

/// The routes of all pages.
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
    if let Some(page) = GENERATED.iter().find(|embedded| embedded.path == "docs/index.html") {
        router = router.route("/docs", get(docs::page(page.text).answer()));
    }
    router.layer(CompressionLayer::new())
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
    async fn every_file_is_served_with_its_type() {
        for (path, content_type) in [
            ("/", "text/html; charset=utf-8"),
            ("/chat/main.js", "text/javascript; charset=utf-8"),
            ("/schema", "text/html; charset=utf-8"),
            ("/schema/openapi.json", "application/json"),
            ("/schema/asyncapi.json", "application/json"),
            ("/schema/json-schema/bundle.json", "application/json"),
            ("/schema/rust/chat.rs", "text/plain; charset=utf-8"),
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
    async fn a_client_that_accepts_gzip_gets_the_same_file_compressed_under_the_same_tag() {
        for path in ["/docs", "/schema/openapi.json"] {
            let (_, plain, body) = ask("GET", path, None).await;
            assert_eq!(plain[header::VARY], "accept-encoding", "{path}");
            assert!(!plain.contains_key(header::CONTENT_ENCODING), "{path}");
            let mut answers = Vec::new();
            for (method, etag) in [("GET", None), ("HEAD", None), ("GET", Some(&plain[header::ETAG]))] {
                let request = Request::builder().method(method).uri(path).header(header::ACCEPT_ENCODING, "gzip, br");
                let request =
                    etag.into_iter().fold(request, |request, etag| request.header(header::IF_NONE_MATCH, etag));
                let answer =
                    router().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
                assert_eq!(answer.headers()[header::ETAG], plain[header::ETAG], "{method} {path}");
                assert_eq!(answer.headers()[header::VARY], "accept-encoding", "{method} {path}");
                let (status, encoding) = (answer.status(), answer.headers().get(header::CONTENT_ENCODING).cloned());
                answers.push((status, encoding, to_bytes(answer.into_body(), usize::MAX).await.expect("a body")));
            }
            let gzip = Some(HeaderValue::from_static("gzip"));
            let [got, head, known] = &answers[..] else { unreachable!("three were asked for") };
            assert_eq!((got.0, &got.1), (StatusCode::OK, &gzip), "{path}");
            assert!(got.2.starts_with(b"\x1f\x8b") && got.2.len() * 4 < body.len(), "{path}: {} bytes", got.2.len());
            assert_eq!((head.0, &head.1), (StatusCode::OK, &gzip), "{path}");
            assert_eq!((known.0, &known.1, known.2.len()), (StatusCode::NOT_MODIFIED, &None, 0), "{path}");
        }
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
    async fn sec_15_the_chat_page_runs_only_files_and_sends_no_referrer() {
        let (_, headers, body) = ask("GET", "/?token=secret", None).await;
        assert!(!body.contains("secret"), "{body}");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!body.contains("style=") && !body.contains("<style") && !body.contains("<script>"), "{body}");
    }

    #[test]
    fn sec_15_no_script_turns_text_into_html() {
        for Embedded { path, text } in CHAT.iter().filter(|embedded| embedded.path.ends_with(".js")) {
            for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
                assert!(!text.contains(way), "{path} has {way}");
            }
        }
    }
}
