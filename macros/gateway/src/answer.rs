//! Answers to REST requests.

use accord_runtime::{operation::OperationSpec, rejection::Rejection, reply::Outcome};
use axum::{body::Body, response::Response};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::bodies::Unread;

/// An answer of the transport itself, for requests that reach no operation. No schema declares these.
#[derive(Serialize)]
struct Plain {
    message: &'static str,
    code: &'static str,
}

fn plain(status: StatusCode, message: &'static str, code: &'static str) -> Response {
    json(status, encode(&Plain { message, code }))
}

/// The path does not belong to any operation.
pub(crate) fn not_found() -> Response {
    plain(StatusCode::NOT_FOUND, "Not found", "not_found")
}

/// The path belongs to an operation, but the method does not.
pub(crate) fn method_not_allowed() -> Response {
    plain(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", "method_not_allowed")
}

/// The file does not have the range of bytes that the client asks for.
pub(crate) fn beyond_range() -> Response {
    plain(StatusCode::RANGE_NOT_SATISFIABLE, "Range not satisfiable", "range_not_satisfiable")
}

/// The body is larger than the maximum.
fn too_large() -> Response {
    plain(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large", "too_large")
}

/// The body did not arrive in time.
fn too_slow() -> Response {
    plain(StatusCode::REQUEST_TIMEOUT, "Request body took too long", "timeout")
}

/// The body was not read to its end.
pub(crate) fn unread(why: Unread) -> Response {
    match why {
        Unread::TooLarge => too_large(),
        Unread::TooSlow => too_slow(),
        Unread::TooMuch => busy("Too many requests are being read"),
        Unread::BrokeOff => plain(StatusCode::BAD_REQUEST, "Request body broke off", "broke_off"),
    }
}

/// Some resource is used up at the moment.
pub(crate) fn busy(message: &'static str) -> Response {
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, message, "unavailable");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// The server is stopping. Its replacement can be asked soon.
pub(crate) fn unavailable() -> Response {
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, "Server is shutting down", "unavailable");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// The request names no host, several, or something else.
pub(crate) fn no_host() -> Response {
    plain(StatusCode::BAD_REQUEST, "Host header must name one host", "bad_request")
}

/// The request is for a host that is not served.
pub(crate) fn misdirected() -> Response {
    plain(StatusCode::MISDIRECTED_REQUEST, "Host not served", "host_refused")
}

/// The page may not use this server.
pub(crate) fn origin_refused() -> Response {
    plain(StatusCode::FORBIDDEN, "Origin not allowed", "origin_refused")
}

/// The answer of an operation that has succeeded.
pub(crate) fn success(spec: &OperationSpec, outcome: &Outcome) -> Response {
    let data = outcome.answer.as_deref().unwrap_or(RawValue::NULL);
    json(status(spec), enveloped(spec.envelope, data, outcome.beside.as_deref()))
}

/// The status of an operation that has succeeded.
pub(crate) fn status(spec: &OperationSpec) -> StatusCode {
    StatusCode::from_u16(spec.status).unwrap_or(StatusCode::OK)
}

/// A failure.
pub(crate) fn failure(rejection: &Rejection) -> Response {
    let mut response = json(rejection.status(), encode(&rejection.told(None)));
    let headers: &mut HeaderMap = response.headers_mut();
    if let Some(wait) = rejection.retry_after() {
        headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_nanos().div_ceil(1_000_000_000).max(1) as u64));
    }
    if rejection.status() == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// The data in its envelope, next to the members of another object.
fn enveloped(envelope: Option<&str>, data: &RawValue, beside: Option<&RawValue>) -> String {
    let Some(member) = envelope else { return data.get().to_owned() };
    let members = beside.and_then(|beside| beside.get().strip_prefix('{')?.strip_suffix('}')).unwrap_or_default();
    let comma = if members.is_empty() { "" } else { "," };
    format!("{{{}:{}{comma}{members}}}", encode(member), data.get())
}

fn encode<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("text and numbers serialize")
}

/// Marks an answer as one to compress for clients that accept compression.
#[derive(Clone, Copy)]
pub(crate) struct Compressible;

/// The number of bytes from which JSON is compressed. Shorter JSON fits into a packet or two uncompressed.
const WORTH_COMPRESSING: usize = 2 << 10;

fn json(status: StatusCode, body: String) -> Response {
    let is_compressible = body.len() >= WORTH_COMPRESSING;
    let mut response = Response::new(Body::from(body));
    if is_compressible {
        response.extensions_mut().insert(Compressible);
    }
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The reason why a request is not carried out.
pub(crate) enum Unanswered {
    /// A reason that the schema has an answer for.
    Rejected(Rejection),
    /// A reason that only HTTP has an answer for.
    Plain(Box<Response>),
}

impl From<Rejection> for Unanswered {
    fn from(rejection: Rejection) -> Self {
        Unanswered::Rejected(rejection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_beside_the_data() {
        let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        let (data, members, nothing) = (raw("[1]"), raw(r#"{"next":{"at":null}}"#), raw("{}"));
        assert_eq!(enveloped(Some("data"), &data, Some(&members)), r#"{"data":[1],"next":{"at":null}}"#);
        assert_eq!(enveloped(Some("data"), &data, Some(&nothing)), r#"{"data":[1]}"#);
        assert_eq!(enveloped(Some("data"), &data, None), r#"{"data":[1]}"#);
        assert_eq!(enveloped(None, &data, None), "[1]");
    }
}
