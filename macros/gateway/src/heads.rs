//! The heads of a connection's requests (RFC 9112), and where their lines end.
//!
//! The parser above accepts a line feed alone as the end of a line, as the standard allows. A proxy that does not accept it sees
//! other headers, or other requests, than the server: this is how requests are smuggled past a proxy.

/// Replaces such a line feed. The parser refuses a head with this byte.
const NOT_ALLOWED: u8 = 0;

/// The maximum length of the part of a line that is kept. The headers that give the length of a body are shorter.
const KEPT: usize = 64;

/// The requests of one connection.
#[derive(Debug, Default)]
pub(super) struct Heads {
    at: At,
    /// The beginning of the line, in lower case.
    line: Vec<u8>,
    /// Whether the byte before was a carriage return.
    returned: bool,
    body: Body,
}

/// A place in a request.
#[derive(Debug, Default)]
enum At {
    /// Before its first line.
    #[default]
    Start,
    /// In its head.
    Head,
    /// In its body or a chunk, of which this many bytes are left.
    Body(u64),
    /// In the line before a chunk.
    Size,
    /// In the lines behind the last chunk.
    Trailers,
}

/// The body that a head announces.
#[derive(Clone, Copy, Debug, Default)]
enum Body {
    #[default]
    None,
    Length(u64),
    Chunks,
}

impl Heads {
    /// Follows the next bytes of the connection. Changes heads with a line that ends in a line feed alone, so that the parser
    /// refuses them.
    pub(super) fn follow(&mut self, mut bytes: &mut [u8]) {
        while !bytes.is_empty() {
            if let At::Body(left) = &mut self.at {
                let length = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= length as u64;
                if *left == 0 {
                    // The line break after a chunk is part of it.
                    self.at = if matches!(self.body, Body::Chunks) { At::Size } else { At::Start };
                }
                bytes = &mut bytes[length..];
                continue;
            }
            let Some((byte, rest)) = bytes.split_first_mut() else { return };
            bytes = rest;
            match (*byte, self.returned) {
                (b'\n', true) => {
                    self.returned = false;
                    self.ended();
                }
                (b'\n', false) if matches!(self.at, At::Start | At::Head) => *byte = NOT_ALLOWED,
                (byte, _) => {
                    self.returned = byte == b'\r';
                    if !self.returned && self.line.len() < KEPT {
                        self.line.push(byte.to_ascii_lowercase());
                    }
                }
            }
        }
    }

    /// A line has ended.
    fn ended(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.at = match self.at {
            // Empty lines before a request are skipped.
            At::Start if line.is_empty() => At::Start,
            At::Start => {
                self.body = Body::None;
                At::Head
            }
            At::Head if line.is_empty() => match self.body {
                Body::None | Body::Length(0) => At::Start,
                Body::Length(length) => At::Body(length),
                Body::Chunks => At::Size,
            },
            At::Head => {
                self.announced(&line);
                At::Head
            }
            At::Size => match size(&line) {
                0 => At::Trailers,
                size => At::Body(size.saturating_add(2)),
            },
            At::Trailers if line.is_empty() => At::Start,
            At::Trailers => At::Trailers,
            At::Body(left) => At::Body(left),
        };
        self.line = line;
        self.line.clear();
    }

    /// Reads a header that gives the length of the body. A chunked body stays chunked, whatever other headers say.
    fn announced(&mut self, line: &[u8]) {
        let Some((name, value)) =
            line.split_at_checked(line.iter().position(|byte| *byte == b':').unwrap_or(line.len()))
        else {
            return;
        };
        // The same length may be given several times.
        let value =
            str::from_utf8(value).unwrap_or_default().trim_start_matches(':').split(',').next().unwrap_or_default();
        match (name, self.body) {
            (b"transfer-encoding", _) => self.body = Body::Chunks,
            (b"content-length", Body::None) => self.body = Body::Length(value.trim().parse().unwrap_or_default()),
            _ => {}
        }
    }
}

/// The size of a chunk, by the line before it.
fn size(line: &[u8]) -> u64 {
    let digits = line.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(line.len());
    str::from_utf8(&line[..digits]).ok().and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes that are passed on when `text` arrives in pieces.
    fn handed_on(text: &str, length: usize) -> String {
        let mut heads = Heads::default();
        let mut bytes = text.as_bytes().to_vec();
        bytes.chunks_mut(length).for_each(|piece| heads.follow(piece));
        String::from_utf8(bytes).unwrap()
    }

    const REQUESTS: [&str; 5] = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\n\n\n\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2;x=\"y\"\r\n\n\n\r\nA\r\n\n\n\n\n\n\n\n\n\n\n\r\n0\r\nX: y\r\n\r\n",
        "\r\n\r\nPOST / HTTP/1.1\r\ncontent-length:0\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nX: y\r\nCONTENT-LENGTH: 1 , 1\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n\r\n\n",
    ];

    #[test]
    fn bodies_have_line_feeds_and_heads_end_their_lines_by_two_bytes_however_they_are_cut() {
        let text = REQUESTS.concat();
        for length in [1, 2, 3, 7, text.len()] {
            assert_eq!(handed_on(&text, length), text, "in pieces of {length} bytes");
        }
    }

    #[test]
    fn a_line_feed_alone_in_a_head_becomes_a_forbidden_byte_after_any_request() {
        for before in REQUESTS {
            for head in [
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\n",
                "\nGET / ",
            ] {
                for length in [1, 5, usize::MAX] {
                    let (text, expected) = (format!("{before}{head}"), format!("{before}{}", replaced(head)));
                    assert_eq!(handed_on(&text, length), expected, "in pieces of {length} bytes");
                }
            }
        }
    }

    fn replaced(head: &str) -> String {
        head.replace("\r\n", "\u{1}").replace('\n', "\0").replace('\u{1}', "\r\n")
    }
}
