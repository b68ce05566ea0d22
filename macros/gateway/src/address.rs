//! The addresses that requests come from, with the help of trusted proxies.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use http::{HeaderMap, request::Parts};

use super::{config::Network, connection::Connection};

/// The connection that a request came on.
#[derive(Clone)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    pub(super) connection: Arc<Connection>,
}

/// The address that a request comes from: the last one that is not of a trusted proxy.
pub(crate) fn of(parts: &Parts, trusted: &[Network]) -> IpAddr {
    let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.address.ip());
    forwarded(peer, &parts.headers, trusted)
}

/// Whether an address is a trusted proxy's.
pub(super) fn is_trusted(address: IpAddr, trusted: &[Network]) -> bool {
    trusted.iter().any(|network| network.contains(address))
}

/// The origin of a request that arrived from `address`.
pub(super) fn forwarded(address: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let mut address = address.to_canonical();
    let values = headers.get_all("x-forwarded-for");
    let hops = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    for hop in hops.collect::<Vec<_>>().into_iter().rev() {
        if !is_trusted(address, trusted) {
            break;
        }
        let hop = hop.trim();
        match hop.parse::<IpAddr>().or_else(|_| hop.parse::<SocketAddr>().map(|hop| hop.ip())) {
            Ok(hop) => address = hop.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn sec_03_forwarded_addresses_are_accepted_only_from_listed_proxies() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let cases: [(&str, &[&str], &str); 6] = [
            ("192.0.2.1", &["203.0.113.9"], "192.0.2.1"),
            ("10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1, 203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1", "203.0.113.9:4711"], "203.0.113.9"),
            ("10.0.0.1", &["nonsense"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
        ];
        for (peer, values, expected) in cases {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
            }
            assert_eq!(forwarded(peer.parse().unwrap(), &headers, &trusted).to_string(), expected, "{peer} {values:?}");
        }
    }
}
