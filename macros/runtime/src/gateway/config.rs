//! How a gateway is set.

use std::{net::IpAddr, str::FromStr, time::Duration};

/// How a gateway is set. `Config::default()` is meant for production.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether the schema's limits hold.
    pub limits: bool,
    /// Which web pages may connect.
    pub origins: Origins,
    /// The proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<Network>,
    /// How often a connection is asked whether it lives.
    pub ping_interval: Duration,
    /// How long it may take to answer.
    pub ping_timeout: Duration,
    /// How long a connection may take to join the namespace.
    pub connect_timeout: Duration,
    /// How long a request's headers may take to arrive.
    pub header_timeout: Duration,
    /// How long the body of a request may pause.
    pub body_timeout: Duration,
    /// How long a client may take nothing of what is written to it before its connection is dropped.
    pub write_timeout: Duration,
    /// How often what has ended or is idle is forgotten.
    pub forget_interval: Duration,
    /// How long work in flight may take once the server is told to stop.
    pub stop_timeout: Duration,
    /// The largest packet that a client may send, in bytes. It is also the largest JSON body of a request.
    pub max_packet_bytes: usize,
    /// How many binary attachments a packet may have.
    pub max_attachments: usize,
    /// How much of one socket's events may wait to be worked off, in bytes. Events beyond that lose their payloads and are
    /// answered with their own failure; what is kept to answer them may be as much again before the socket is closed.
    pub max_queued_bytes: usize,
    /// How many packets may wait for a client to take them. A client that falls behind by more misses packets, and is
    /// disconnected so that it catches up.
    pub send_buffer: usize,
    /// How many rooms a socket may join.
    pub max_rooms_per_socket: usize,
    /// How many sockets a user may have.
    pub max_sockets_per_user: usize,
    /// How many sockets may come from one address.
    pub max_sockets_per_address: usize,
    /// How often one address may shake hands.
    pub handshakes_per_address: Rate,
}

/// How often something may happen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rate {
    /// How many a second.
    pub per_second: u32,
    /// How many at once.
    pub burst: u32,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            limits: true,
            origins: Origins::OwnAndLocal,
            trusted_proxies: Vec::new(),
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(15),
            forget_interval: Duration::from_secs(60),
            stop_timeout: Duration::from_secs(10),
            max_packet_bytes: 1_000_000,
            max_attachments: 10,
            max_queued_bytes: 16 << 20,
            send_buffer: 4096,
            max_rooms_per_socket: 1000,
            max_sockets_per_user: 100,
            max_sockets_per_address: 10_000,
            handshakes_per_address: Rate { per_second: 200, burst: 2000 },
        }
    }
}

/// Which web pages may connect. What is no web page sends no `Origin` and is not concerned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origins {
    /// Those of the server itself (the `Host` that the request is for), and those of `localhost`, `127.0.0.1` and
    /// `[::1]` on any port.
    OwnAndLocal,
    /// Exactly these: `https://chat.example.com`. Where the server has pages of its own, their origin is one of them.
    Listed(Vec<String>),
}

/// Addresses that share a prefix: `10.0.0.0/8`, or one address alone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// Why text is no [`Network`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is neither an address nor an address with a prefix's length, as in 10.0.0.0/8")]
pub struct NotANetwork(String);

impl Network {
    /// Whether the address is one of these. IPv4 addresses that are written as IPv6 are IPv4 addresses.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same_prefix(own.to_bits().into(), other.to_bits().into(), self.prefix, 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => same_prefix(own.to_bits(), other.to_bits(), self.prefix, 128),
            _ => false,
        }
    }
}

fn same_prefix(own: u128, other: u128, prefix: u8, bits: u8) -> bool {
    (own ^ other).checked_shr(u32::from(bits - prefix)).unwrap_or(0) == 0
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Network { address, prefix: if address.is_ipv4() { 32 } else { 128 } }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let refused = || NotANetwork(text.to_owned());
        let Some((address, prefix)) = text.split_once('/') else {
            return text.parse::<IpAddr>().map(Network::from).map_err(|_| refused());
        };
        let whole = Network::from(address.parse::<IpAddr>().map_err(|_| refused())?);
        let prefix = prefix.parse().map_err(|_| refused())?;
        if prefix <= whole.prefix { Ok(Network { prefix, ..whole }) } else { Err(refused()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_contains_the_addresses_of_its_prefix() {
        let cases = [
            ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "::ffff:192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "10.0.0.1", false),
            ("::/0", "2001:db8::1", true),
        ];
        for (network, address, contained) in cases {
            let parsed: Network = network.parse().unwrap();
            assert_eq!(parsed.contains(address.parse().unwrap()), contained, "{address} in {network}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork(text.to_owned())));
        }
    }
}
