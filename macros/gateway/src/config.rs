//! The settings of a gateway.

use std::{net::IpAddr, str::FromStr, time::Duration};

use ipnet::IpNet;

/// The settings of a gateway. `Config::default()` is meant for production.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether the schema's limits are enforced.
    pub limits: bool,
    /// The web pages that may connect.
    pub origins: Origins,
    /// The hosts that the server answers requests for.
    pub hosts: Hosts,
    /// Whether Socket.IO is served in addition to REST.
    pub sockets: bool,
    /// The proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<Network>,
    /// The interval of pings.
    pub ping_interval: Duration,
    /// The timeout for the answer to a ping.
    pub ping_timeout: Duration,
    /// The time for a connection to join the namespace.
    pub connect_timeout: Duration,
    /// The time for which an idle connection is kept.
    pub keep_alive: Duration,
    /// The time for a request's headers to arrive, from their first byte on.
    pub header_timeout: Duration,
    /// The time for which the body of a request may pause, if the bytes before came in time.
    pub body_timeout: Duration,
    /// The minimum speed of a body, in bytes per second. A slower body uses up the time for which it may pause.
    pub body_bytes_per_second: u32,
    /// The time after which a connection is dropped if the client reads nothing.
    pub write_timeout: Duration,
    /// The interval at which ended and idle entries are removed.
    pub forget_interval: Duration,
    /// The time for work in flight once the server is stopping.
    pub stop_timeout: Duration,
    /// The largest packet that a client may send, in bytes. It is also the largest JSON body of a request.
    pub max_packet_bytes: usize,
    /// The maximum number of binary attachments of a packet.
    pub max_attachments: usize,
    /// The number of bytes of one socket's events that may wait to be handled. Events beyond that lose their payloads
    /// and are answered with their failure. The parts that are kept to answer them may use as much again before the
    /// socket is closed.
    pub max_queued_bytes: usize,
    /// The number of bytes of messages that may wait for a client. A message that is sent while none waits does not
    /// count. A client that falls further behind is disconnected, so that it reconnects and catches up.
    pub max_unsent_bytes: usize,
    /// The number of bytes of messages that may wait for all clients of a user together. Beyond that, the next of these
    /// clients to fall further behind is disconnected.
    pub max_unsent_bytes_per_user: usize,
    /// The maximum sum of the longest messages that a user's sockets have each received, in bytes: a connection keeps as
    /// much memory as its longest message took. A socket that exceeds this is disconnected. A connection that has not
    /// joined may send only short messages.
    pub max_received_bytes_per_user: usize,
    /// The number of bytes of unfinished bodies that are kept for one address.
    pub max_body_bytes_per_address: usize,
    /// The number of bytes of unfinished bodies that are kept in total.
    pub max_body_bytes: usize,
    /// The maximum number of a user's REST requests that are carried out, or whose answers are being read, at once. Other
    /// requests wait. Uploads do not count: they are never whole in memory.
    pub max_answers_per_user: usize,
    /// The maximum number of connections. Each uses a file descriptor.
    pub max_connections: usize,
    /// The maximum number of them from one address: at most half of all. Requests that trusted proxies forward count
    /// for the original address.
    pub max_connections_per_address: usize,
    /// The maximum number of rooms of a socket.
    pub max_rooms_per_socket: usize,
    /// The maximum number of sockets of a user.
    pub max_sockets_per_user: usize,
    /// The maximum number of sockets from one address.
    pub max_sockets_per_address: usize,
    /// The maximum rate of handshakes from one address.
    pub handshakes_per_address: Rate,
}

/// A maximum rate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rate {
    /// The number per second.
    pub per_second: u32,
    /// The number at once.
    pub burst: u32,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            limits: true,
            origins: Origins::OwnAndLocal,
            hosts: Hosts::Any,
            sockets: true,
            trusted_proxies: Vec::new(),
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            header_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(30),
            body_bytes_per_second: 1024,
            write_timeout: Duration::from_secs(15),
            forget_interval: Duration::from_secs(60),
            stop_timeout: Duration::from_secs(10),
            max_packet_bytes: 1_000_000,
            max_attachments: 10,
            max_queued_bytes: 16 << 20,
            max_unsent_bytes: 1 << 20,
            max_unsent_bytes_per_user: 8 << 20,
            max_received_bytes_per_user: 16 << 20,
            max_body_bytes_per_address: 16 << 20,
            max_body_bytes: 64 << 20,
            max_answers_per_user: 3,
            max_connections: 100_000,
            max_connections_per_address: 10_000,
            max_rooms_per_socket: 5000,
            max_sockets_per_user: 100,
            max_sockets_per_address: 10_000,
            handshakes_per_address: Rate { per_second: 200, burst: 2000 },
        }
    }
}

/// The web pages that may connect. Clients that are not web pages send no `Origin`, and are not affected.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origins {
    /// Pages of the server itself (the `Host` that the request is for), and pages of `localhost`, `127.0.0.1` and
    /// `[::1]` on any port.
    OwnAndLocal,
    /// Exactly these: `https://chat.example.com`. If the server has its own pages, list their origin, too.
    Listed(Vec<String>),
}

/// The hosts that the server answers requests for, by their `Host` headers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hosts {
    /// Any host.
    Any,
    /// `localhost` and loopback addresses, on any port. This stops DNS rebinding: pages of another host whose name has been
    /// pointed at this machine.
    Loopback,
}

/// Addresses that share a prefix: `10.0.0.0/8`, or one address alone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Network(IpNet);

/// The reason why a text is not a [`Network`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is neither an address nor a network such as 10.0.0.0/8")]
pub struct NotANetwork(String);

impl Network {
    /// Whether the address is one of these. IPv4 addresses that are written as IPv6 are IPv4 addresses.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Network(address.to_canonical().into())
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let address = || text.parse().map(|address: IpAddr| address.into());
        text.parse().map(Network).or_else(|_| address()).map_err(|_| NotANetwork(text.to_owned()))
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
            ("::ffff:192.0.2.7", "192.0.2.7", true),
        ];
        for (network, address, contained) in cases {
            let parsed: Network = network.parse().unwrap();
            assert_eq!(parsed.contains(address.parse().unwrap()), contained, "{address} in {network}");
        }
    }

    #[test]
    fn an_invalid_network_is_refused() {
        for text in ["", "example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork(text.to_owned())));
        }
    }
}
