//! The host that a request is for (RFC 9112, section 3.2).

use std::net::IpAddr;

use axum::response::Response;
use http::{Version, header::HOST, request::Parts, uri::Authority};

use super::config::{Config, Hosts};
use crate::answer;

/// The refusal of a request that does not name its host, or names one that is not served; `None` for other requests.
pub(super) fn refuse(config: &Config, request: &Parts) -> Option<Response> {
    let mut named = request.headers.get_all(HOST).iter();
    let host = match (named.next(), named.next()) {
        // HTTP/1.0 does not have the header, and some health checks still use that version.
        (None, _) if request.version < Version::HTTP_11 => None,
        (Some(host), None) => match host.to_str().ok().and_then(authority) {
            Some(host) => Some(host),
            None => return Some(answer::no_host()),
        },
        _ => return Some(answer::no_host()),
    };
    // The target of a request may name a host as well.
    let mut hosts = host.iter().chain(request.uri.authority());
    let is_served = match config.hosts {
        Hosts::Any => true,
        Hosts::Loopback => hosts.all(|host| is_loopback(host.host())),
    };
    (!is_served).then(answer::misdirected)
}

/// A host, and a port if there is one.
fn authority(text: &str) -> Option<Authority> {
    let authority: Authority = text.parse().ok()?;
    let port = text.strip_prefix(authority.host())?;
    let is_port =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    (is_port && !authority.host().is_empty()).then_some(authority)
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn status(hosts: Hosts, version: Version, target: &str, named: &[&str]) -> Option<u16> {
        let mut request = Request::builder().version(version).uri(target);
        for name in named {
            request = request.header(HOST, *name);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        refuse(&Config { hosts, ..Config::default() }, &parts).map(|answer| answer.status().as_u16())
    }

    #[test]
    fn a_request_names_exactly_one_host() {
        let any = |version, named: &[&str]| status(Hosts::Any, version, "/", named);
        assert_eq!(any(Version::HTTP_11, &[]), Some(400));
        assert_eq!(any(Version::HTTP_10, &[]), None);
        for version in [Version::HTTP_10, Version::HTTP_11] {
            assert_eq!(any(version, &["chat.test", "chat.test"]), Some(400));
            for named in ["chat.test", "chat.test:8000", "[::1]:8000", "127.0.0.1", "CHAT.test.", "localhost:"] {
                assert_eq!(any(version, &[named]), None, "{named}");
            }
            for named in ["", ":80", "chat.test:80:81", "user@chat.test", "chat.test/x", "chat test", "chat.test:x"] {
                assert_eq!(any(version, &[named]), Some(400), "{named}");
            }
        }
    }

    #[test]
    fn sec_02_a_server_on_loopback_can_refuse_other_hosts() {
        let on_loopback = |target: &str, named: &str| status(Hosts::Loopback, Version::HTTP_11, target, &[named]);
        for named in ["localhost", "LocalHost:8000", "127.0.0.1:8000", "127.9.9.9", "[::1]:8000", "[::ffff:127.0.0.1]"]
        {
            assert_eq!(on_loopback("/", named), None, "{named}");
            assert_eq!(on_loopback("http://evil.test/", named), Some(421), "{named}");
        }
        for named in ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test", "10.0.0.1:8000", "[::]", "0.0.0.0"] {
            assert_eq!(on_loopback("/", named), Some(421), "{named}");
        }
    }
}
