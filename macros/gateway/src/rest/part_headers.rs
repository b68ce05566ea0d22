//! The headers of a multipart body's parts (RFC 7578), without the control characters that clients leave in file names.

use bytes::{Bytes, BytesMut};

/// The end of a part's headers.
const END: &[u8] = b"\r\n\r\n";

/// Removes control characters from the headers of parts while a body passes; the parts themselves pass unchanged.
///
/// Browsers escape a file name's quotes and line breaks alone, and the parser refuses headers with any other control character.
pub(super) struct PartHeaders {
    /// The delimiter between a part and the headers of the next.
    delimiter: Vec<u8>,
    in_headers: bool,
    /// The number of bytes of `END` or of `delimiter` that match so far.
    matched: usize,
}

impl PartHeaders {
    /// For a body with this boundary.
    pub(super) fn new(boundary: &str) -> Self {
        // The first delimiter has no line break before it.
        PartHeaders { delimiter: format!("\r\n--{boundary}").into_bytes(), in_headers: false, matched: 2 }
    }

    /// The next piece of the body, cleaned.
    pub(super) fn clean(&mut self, piece: Bytes) -> Bytes {
        let mut controls = Vec::new();
        let mut at = 0;
        while let Some(&byte) = piece.get(at) {
            if !self.in_headers && self.matched == 0 && byte != b'\r' {
                let Some(skipped) = piece[at..].iter().position(|&byte| byte == b'\r') else { break };
                at += skipped;
                continue;
            }
            if self.in_headers && byte.is_ascii_control() && !matches!(byte, b'\r' | b'\n' | b'\t') {
                controls.push(at);
            } else {
                self.step(byte);
            }
            at += 1;
        }
        if controls.is_empty() {
            return piece;
        }
        let mut cleaned = BytesMut::with_capacity(piece.len());
        let mut rest = 0;
        for control in controls {
            cleaned.extend_from_slice(&piece[rest..control]);
            rest = control + 1;
        }
        cleaned.extend_from_slice(&piece[rest..]);
        cleaned.freeze()
    }

    fn step(&mut self, byte: u8) {
        let sought = if self.in_headers { END } else { &self.delimiter };
        if byte != sought[self.matched] {
            self.matched = usize::from(byte == b'\r');
            return;
        }
        self.matched += 1;
        if self.matched == sought.len() {
            // The line break that ends the headers of an empty part may be the one before its delimiter.
            self.matched = if self.in_headers { 2 } else { 0 };
            self.in_headers = !self.in_headers;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] =
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\x00\x1b\x7f\tb.txt\"\r\n\r\n\
        one\x00\r\n-\r\n--c\x01\r\n--b\r\nX: \x02y\r\n\r\n\r\n--b--\r\n";
    const CLEANED: &[u8] = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\tb.txt\"\r\n\r\n\
        one\x00\r\n-\r\n--c\x01\r\n--b\r\nX: y\r\n\r\n\r\n--b--\r\n";

    #[test]
    fn headers_lose_their_control_characters_and_parts_keep_theirs_however_the_body_is_cut() {
        for length in 1..=BODY.len() {
            let mut headers = PartHeaders::new("b");
            let cleaned: Vec<u8> =
                BODY.chunks(length).flat_map(|piece| headers.clean(Bytes::copy_from_slice(piece))).collect();
            assert_eq!(cleaned, CLEANED, "in pieces of {length} bytes");
        }
    }
}
