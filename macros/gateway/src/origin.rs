//! The web pages that may use this server (RFC 6454; Fetch, section "CORS protocol").

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN, VARY,
    },
    uri::Authority,
};

use super::{
    config::{Config, Origins},
    shared::Shared,
};
use crate::answer;

/// Refuses pages that may not connect, and permits the other pages to browsers.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(ORIGIN).cloned() else { return next.run(request).await };
    if !is_allowed(&shared.config, &origin, request.headers(), request.uri().authority()) {
        metrics::counter!("accord_origins_refused_total").increment(1);
        tracing::info!(origin = ?origin, "refused a page of another origin");
        return answer::origin_refused();
    }
    let preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if preflight { preflighted() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    // The official client's `withCredentials: true` sends cookies, by which load balancers tell sessions apart. The server
    // itself reads none, and names one origin here, never `*`, which browsers refuse beside this header.
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    headers.append(VARY, HeaderValue::from_static("origin"));
    response
}

fn preflighted() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE"));
    headers.insert(
        ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("authorization, content-type, protocol-version"),
    );
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

fn is_allowed(config: &Config, origin: &HeaderValue, headers: &HeaderMap, target: Option<&Authority>) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    match &config.origins {
        Origins::Listed(listed) => listed.iter().any(|listed| listed == origin),
        Origins::OwnAndLocal => {
            let Some((_, authority)) = origin.split_once("://") else { return false };
            let host = headers.get(HOST).and_then(|host| host.to_str().ok()).or(target.map(Authority::as_str));
            host.is_some_and(|host| host.eq_ignore_ascii_case(authority)) || is_local(authority)
        }
    }
}

fn is_local(authority: &str) -> bool {
    // A `:` may be part of the host, in brackets.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&host) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_01_origins_are_compared_exactly() {
        let own = Config::default();
        let origins = Origins::Listed(vec!["https://chat.example.com".to_owned()]);
        let listed = Config { origins, ..Config::default() };
        let cases = [
            (&own, "http://chat.test:8000", true),
            (&own, "http://localhost:3000", true),
            (&own, "https://127.0.0.1", true),
            (&own, "http://[::1]:5173", true),
            (&own, "http://chat.test", false),
            (&own, "http://localhost.evil.test", false),
            (&own, "http://evil.test@localhost", false),
            (&own, "http://127.0.0.1:4900.evil.test", false),
            (&own, "http://localhost:evil.test", false),
            (&own, "http://localhost:", false),
            (&own, "http://[::1].evil.test", false),
            (&own, "http://127.0.0.1", true),
            (&own, "http://[::1]", true),
            (&own, "null", false),
            (&listed, "https://chat.example.com", true),
            (&listed, "http://chat.example.com", false),
            (&listed, "https://chat.example.com:444", false),
            (&listed, "https://chat.example.com.evil.test", false),
            (&listed, "http://localhost:3000", false),
            (&listed, "http://chat.test:8000", false),
        ];
        let headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static("chat.test:8000"))]);
        for (config, origin, allowed) in cases {
            let origin = HeaderValue::from_static(origin);
            assert_eq!(is_allowed(config, &origin, &headers, None), allowed, "{origin:?}");
        }
    }
}
