//! The content of downloads.

use accord_language::model::Operation;
use accord_runtime::Download;
use axum::body::Body;
use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use serde_json::{Map, Value};

/// A picture of one grey point.
const PICTURE: &[u8] = include_bytes!("point.png");

/// The names of pictures.
const PICTURES: [&str; 5] = [".png", ".jpg", ".jpeg", ".gif", ".webp"];

/// A file of the declared media type. If several are declared, the ending of the request's path selects one.
pub fn of(operation: &Operation, media: &str, given: &Map<String, Value>) -> Download {
    let asked = given.values().filter_map(Value::as_str).map(str::to_lowercase);
    let is_picture = match media.split('/').next() {
        Some("image") => true,
        Some("*") => asked.into_iter().any(|name| PICTURES.iter().any(|ending| name.ends_with(ending))),
        _ => false,
    };
    let (media, body) = match media {
        _ if is_picture => ("image/png", Body::from(PICTURE)),
        "application/json" => (media, Body::from("{}")),
        _ => {
            let media = if media.contains('*') { "text/plain; charset=utf-8" } else { media };
            (media, Body::from(format!("The answer of `{}`.\n", operation.name)))
        }
    };
    let media = HeaderValue::from_str(media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    Download::new(HeaderMap::from_iter([(CONTENT_TYPE, media)]), body)
}

/// No bytes.
pub fn nothing() -> Download {
    Download::new(HeaderMap::new(), Body::empty())
}
