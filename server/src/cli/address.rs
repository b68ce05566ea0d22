//! Addresses on the command line: listen addresses, origins, and networks of proxies.

use std::net::{SocketAddr, ToSocketAddrs};

use accord_gateway::{Network, NotANetwork};

/// Reads an address to listen on: `127.0.0.1:8000`, `[::]:8000` or `localhost:8000`.
///
/// # Errors
/// If the text is malformed; the error says how to write it.
pub fn listen(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let example = "write an address and a port: 127.0.0.1:8000, [::]:8000 or localhost:8000";
    let mut addresses = text.to_socket_addrs().map_err(|error| format!("{error}; {example}"))?;
    addresses.next().ok_or_else(|| format!("the name has no address; {example}"))
}

/// Reads an origin (RFC 6454): scheme, host and, if need be, port, as browsers send it.
///
/// # Errors
/// If the text is malformed; the error says how to write it.
pub fn origin(text: &str) -> Result<String, String> {
    let wrong = || "write a scheme, a host and no path: https://chat.example or http://localhost:3000".to_owned();
    let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
    let (scheme, authority) = text.split_once("://").ok_or_else(wrong)?;
    let host = authority.parse::<http::uri::Authority>().map_err(|_| wrong())?;
    if !matches!(scheme, "http" | "https") || host.host().is_empty() || authority.contains('@') {
        return Err(wrong());
    }
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    Ok(format!("{scheme}://{}", authority.strip_suffix(default_port).unwrap_or(authority)))
}

/// Reads the address or network of a proxy: `10.0.0.7` or `10.0.0.0/8`.
///
/// # Errors
/// If the text is malformed; the error says how to write it.
pub fn network(text: &str) -> Result<Network, NotANetwork> {
    text.parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_listen_on_has_a_port() {
        assert_eq!(listen("127.0.0.1:8000"), Ok(SocketAddr::from(([127, 0, 0, 1], 8000))));
        assert!(listen("localhost:8000").is_ok_and(|address| address.ip().is_loopback()));
        for text in ["", "127.0.0.1", "8000", "127.0.0.1:99999", "http://127.0.0.1:8000"] {
            assert!(listen(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_origin_is_brought_to_the_form_that_browsers_send() {
        assert_eq!(origin("https://Chat.Example/"), Ok("https://chat.example".to_owned()));
        assert_eq!(origin("https://chat.example:443"), Ok("https://chat.example".to_owned()));
        assert_eq!(origin("http://localhost:3000"), Ok("http://localhost:3000".to_owned()));
        for text in ["", "*", "chat.example", "https://", "https://a/b", "ftp://a", "https://user@a", "null"] {
            assert!(origin(text).is_err(), "{text}");
        }
    }
}
