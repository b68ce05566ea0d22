//! A file embedded in the binary, and the response that serves it.

use std::future::{Ready, ready};

use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

/// A file of the binary.
#[derive(Debug)]
pub struct Embedded {
    /// Its path below the folder that it is in.
    pub path: &'static str,
    /// The content.
    pub text: &'static str,
}

/// A file, ready to be sent.
#[derive(Clone, Debug)]
pub struct File {
    body: Bytes,
    headers: HeaderMap,
}

impl From<&'static Embedded> for File {
    fn from(Embedded { path, text }: &'static Embedded) -> Self {
        File::new(content_type(path), Bytes::from_static(text.as_bytes()))
    }
}

impl File {
    /// A file of this type; caches keep it, and revalidate it at each use.
    pub fn new(content_type: &'static str, body: Bytes) -> Self {
        // Weak, because the same tag is on the body as it is and on the body compressed.
        let etag = format!("W/\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(&body)[..12]));
        let headers = HeaderMap::from_iter([
            (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (header::ETAG, HeaderValue::from_str(&etag).expect("an ETag is visible ASCII")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            // The address of a page may carry a token.
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        ]);
        Self { body, headers }
    }

    /// The same with one more header.
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The handler of its route.
    pub fn answer(self) -> impl Fn(HeaderMap) -> Ready<Response> + Clone + Send + Sync + 'static {
        move |asked: HeaderMap| {
            let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
            let is_known = known.flat_map(|value| value.split(',')).any(|etag| {
                let etag = etag.trim();
                let weak = || format!("W/{}", etag.trim_start_matches("W/"));
                etag == "*" || weak().as_bytes() == self.headers[header::ETAG].as_bytes()
            });
            ready(match is_known {
                true => (StatusCode::NOT_MODIFIED, self.headers.clone()).into_response(),
                false => (self.headers.clone(), self.body.clone()).into_response(),
            })
        }
    }
}

/// The media type by file extension; plain text for an unknown one.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("md") => "text/markdown; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}
