//! Requests of the REST operations, of Engine.IO and of pages.

use serde_json::Value;

use crate::{client, judge, server::server};

/// The headers that frame a request. An input cannot set them.
const FRAMING: [&str; 6] = ["host", "connection", "content-length", "transfer-encoding", "expect", "upgrade"];

/// An input has a method and a path on the first line, headers on the following lines, then an empty line and the body; `$ALICE`
/// and `$ROOT` stand for tokens. There is an answer, which is not an internal error, and an honest client is not affected.
pub fn requests(input: &[u8]) {
    let server = server();
    let (head, body) = match input.windows(2).position(|pair| pair == b"\n\n") {
        Some(at) => (&input[..at], &input[at + 2..]),
        None => (input, &[][..]),
    };
    let mut lines = head.split(|byte| matches!(byte, b'\n' | b'\r'));
    let first = lines.next().unwrap_or_default();
    let is_framing = |line: &&[u8]| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii();
        FRAMING.iter().any(|framing| framing.as_bytes().eq_ignore_ascii_case(name))
    };
    let mut request = [first, b" HTTP/1.1\r\n"].concat();
    for line in lines.filter(|line| !line.is_empty() && !is_framing(line)) {
        request.extend([line, b"\r\n"].concat());
    }
    let framing = format!("Host: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", server.address, body.len());
    request.extend(framing.as_bytes());
    request.extend(body);
    let answer = client::request(server.address, &server.signed(&request));
    let shown = String::from_utf8_lossy(&answer.body);
    assert_ne!(answer.status, 500, "{shown}");
    if answer.head.to_ascii_lowercase().contains("content-type: application/json") && !first.starts_with(b"HEAD ") {
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {shown}"));
        if (400..500).contains(&answer.status) && first.windows(5).any(|part| part == b"/api/") {
            assert!(said["code"].is_string() && said["message"].is_string(), "{shown}");
            assert_ne!(said["code"], judge::INTERNAL, "{shown}");
        }
    }
    server.check();
}
