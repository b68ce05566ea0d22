//! Answers in bytes: whole, in part (RFC 9110, section 14), or empty if the client already has them (section 13).

use std::ops::RangeInclusive;

use accord_runtime::operation::{Content, Download};
use axum::{body::Body, response::Response};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{
        ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE,
        RANGE,
    },
    request::Parts,
};
use http_range_header::{RangeUnsatisfiableError, parse_range_header};

use crate::answer;

/// The part of a file that a client asks for.
#[derive(Default)]
pub(crate) struct Wanted {
    range: Option<HeaderValue>,
    if_range: Option<HeaderValue>,
    if_none_match: Vec<HeaderValue>,
}

impl Wanted {
    /// Reads a request's headers. Only `GET` may ask for parts.
    pub(super) fn by(request: &Parts) -> Self {
        let header = |name: HeaderName| request.headers.get(name).cloned();
        let range = (request.method == Method::GET).then(|| header(RANGE)).flatten();
        let if_none_match = request.headers.get_all(IF_NONE_MATCH).into_iter().cloned().collect();
        Wanted { range, if_range: header(IF_RANGE), if_none_match }
    }

    /// Whether the client already has the content with this tag (section 13.1.2).
    fn has(&self, etag: &HeaderValue) -> bool {
        let weak = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
        let Ok(etag) = etag.to_str().map(weak) else { return false };
        let tags = self.if_none_match.iter().filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(','));
        tags.map(str::trim).any(|tag| tag == "*" || weak(tag) == etag)
    }

    /// The part of a file of this size. If the client asks for several parts, this is the whole file: no player or viewer
    /// needs several, and they would make a small request expensive.
    fn part(&self, size: u64, etag: Option<&HeaderValue>) -> Part {
        let is_same = |known: &HeaderValue| Some(known) == etag && !known.as_bytes().starts_with(b"W/");
        let range = self.range.as_ref().filter(|_| self.if_range.as_ref().is_none_or(is_same));
        let Some(Ok(range)) = range.map(HeaderValue::to_str) else { return Part::Whole };
        match parse_range_header(range).and_then(|ranges| ranges.validate(size)).as_deref() {
            Ok([one]) => Part::One(one.clone()),
            Err(RangeUnsatisfiableError::Unsatisfiable) => Part::Beyond,
            Ok(_) | Err(_) => Part::Whole,
        }
    }
}

/// A part of a file.
enum Part {
    Whole,
    One(RangeInclusive<u64>),
    /// None of the file's bytes.
    Beyond,
}

/// The answer to a client that asks for this part of a download.
pub(crate) fn answer(status: StatusCode, Download { mut headers, content }: Download, wanted: &Wanted) -> Response {
    if headers.get(ETAG).is_some_and(|etag| wanted.has(etag)) {
        for name in [CONTENT_TYPE, CONTENT_DISPOSITION, CONTENT_LENGTH] {
            headers.remove(name);
        }
        return response(StatusCode::NOT_MODIFIED, headers, Body::empty());
    }
    let (size, read) = match content {
        Content::Whole(body) => return response(status, headers, Body::new(body)),
        Content::File { size, read } => (size, read),
    };
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    match wanted.part(size, headers.get(ETAG)) {
        Part::Whole => {
            headers.insert(CONTENT_LENGTH, size.into());
            response(status, headers, Body::new(read(0..size)))
        }
        Part::One(range) => {
            let (start, end) = (*range.start(), range.end() + 1);
            headers.insert(CONTENT_LENGTH, (end - start).into());
            headers.insert(CONTENT_RANGE, text(format!("bytes {start}-{}/{size}", range.end())));
            response(StatusCode::PARTIAL_CONTENT, headers, Body::new(read(start..end)))
        }
        Part::Beyond => {
            let mut response = answer::beyond_range();
            response.headers_mut().insert(CONTENT_RANGE, text(format!("bytes */{size}")));
            response
        }
    }
}

fn text(text: String) -> HeaderValue {
    HeaderValue::from_str(&text).expect("numbers are visible ASCII")
}

fn response(status: StatusCode, headers: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    response
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    const TEXT: &str = "0123456789";

    /// The status, the body and `Content-Range` of the answer to a request with these headers.
    async fn ask(method: Method, asked: &[(HeaderName, &'static str)]) -> (u16, String, Option<String>) {
        let mut request = http::Request::builder().method(method);
        for (name, value) in asked {
            request = request.header(name, *value);
        }
        let wanted = Wanted::by(&request.body(()).unwrap().into_parts().0);
        let headers = HeaderMap::from_iter([(ETAG, HeaderValue::from_static("\"tag\""))]);
        let file = Download::file(headers, TEXT.len() as u64, |range| {
            Body::from(&TEXT[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()])
        });
        let response = answer(StatusCode::OK, file, &wanted);
        let (parts, body) = response.into_parts();
        let header = |name| parts.headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap().to_owned());
        let body = String::from_utf8(to_bytes(body, 1000).await.unwrap().to_vec()).unwrap();
        if let Some(length) = header(CONTENT_LENGTH) {
            assert_eq!(length, body.len().to_string());
        }
        (parts.status.as_u16(), body, header(CONTENT_RANGE))
    }

    #[tokio::test]
    async fn a_range_is_answered_by_the_part() {
        let cases = [
            ("bytes=0-0", 206, "0", Some("bytes 0-0/10")),
            ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
            ("bytes=7-", 206, "789", Some("bytes 7-9/10")),
            ("bytes=7-99999999999", 206, "789", Some("bytes 7-9/10")),
            ("bytes=-3", 206, "789", Some("bytes 7-9/10")),
            ("bytes=-100", 206, TEXT, Some("bytes 0-9/10")),
            ("bytes=0-0,2-3", 200, TEXT, None),
            ("bytes=0-,0-,0-", 200, TEXT, None),
            ("lines=1-2", 200, TEXT, None),
            ("bytes=4-2", 200, TEXT, None),
            ("bytes=x", 200, TEXT, None),
        ];
        for (range, status, body, content_range) in cases {
            let expected = (status, body.to_owned(), content_range.map(str::to_owned));
            assert_eq!(ask(Method::GET, &[(RANGE, range)]).await, expected, "{range}");
        }
        let beyond = ask(Method::GET, &[(RANGE, "bytes=10-")]).await;
        assert_eq!((beyond.0, beyond.2.as_deref()), (416, Some("bytes */10")));
        assert_eq!(ask(Method::HEAD, &[(RANGE, "bytes=0-0")]).await.0, 200);
        assert_eq!(ask(Method::GET, &[]).await, (200, TEXT.to_owned(), None));
    }

    #[tokio::test]
    async fn a_part_of_another_file_is_not_added_to_the_clients_part() {
        for (known, status) in
            [("\"tag\"", 206), ("W/\"tag\"", 200), ("\"other\"", 200), ("Mon, 30 Nov 2026 00:00:00 GMT", 200)]
        {
            assert_eq!(ask(Method::GET, &[(RANGE, "bytes=0-0"), (IF_RANGE, known)]).await.0, status, "{known}");
        }
    }

    #[tokio::test]
    async fn a_client_that_has_the_file_does_not_get_it_again() {
        for known in ["\"tag\"", "W/\"tag\"", "*", "\"a\", \"tag\""] {
            let expected = (304, String::new(), None);
            assert_eq!(ask(Method::GET, &[(IF_NONE_MATCH, known), (RANGE, "bytes=0-0")]).await, expected, "{known}");
        }
        assert_eq!(ask(Method::GET, &[(IF_NONE_MATCH, "\"a\"")]).await.0, 200);
        assert_eq!(ask(Method::GET, &[(IF_NONE_MATCH, "\"a\""), (IF_NONE_MATCH, "\"tag\"")]).await.0, 304);
    }
}
