//! The headers of a multipart body's parts (RFC 7578), without the control characters that clients leave in file names,
//! and of bounded size: the parser buffers everything outside the content of parts, and searches it again with each
//! chunk that arrives.

use bytes::{Bytes, BytesMut};

/// The end of a part's headers.
const END: &[u8] = b"\r\n\r\n";

/// The maximum number of bytes outside the content of parts: before the first part, in delimiters and in headers.
const MOST: usize = 16 << 10;

/// Removes control characters from the headers of parts as a body passes; the content of parts passes unchanged. A body with more
/// than [`MOST`] bytes around its parts is cut off there.
///
/// Browsers escape a file name's quotes and line breaks alone, and the parser refuses headers with any other control character.
pub(super) struct PartHeaders {
    /// The delimiter between a part and the headers of the next.
    delimiter: Vec<u8>,
    at: At,
    /// The number of bytes outside the content of parts that have passed.
    around: usize,
    /// The number of bytes of `END` or of `delimiter` that match so far.
    matched: usize,
}

/// A place in a body.
#[derive(Clone, Copy, Eq, PartialEq)]
enum At {
    /// Before the first part.
    Preamble,
    /// In a part's headers, or after the last part.
    Headers,
    /// In a part's content.
    Content,
}

impl PartHeaders {
    /// For a body with this boundary.
    pub(super) fn new(boundary: &str) -> Self {
        // The first delimiter has no line break before it.
        PartHeaders { delimiter: format!("\r\n--{boundary}").into_bytes(), at: At::Preamble, around: 0, matched: 2 }
    }

    /// The next piece of the body, cleaned; `None` if the body is cut off because there is too much around its parts.
    pub(super) fn clean(&mut self, mut piece: Bytes) -> Option<Bytes> {
        if self.around > MOST {
            return None;
        }
        let mut controls = Vec::new();
        let mut at = 0;
        while let Some(&byte) = piece.get(at) {
            if self.at == At::Content {
                if self.matched == 0 && byte != b'\r' {
                    let Some(skipped) = piece[at..].iter().position(|&byte| byte == b'\r') else { break };
                    at += skipped;
                    continue;
                }
            } else {
                self.around += 1;
                if self.around > MOST {
                    piece.truncate(at);
                    break;
                }
            }
            if self.at == At::Headers && byte.is_ascii_control() && !matches!(byte, b'\r' | b'\n' | b'\t') {
                controls.push(at);
            } else {
                self.step(byte);
            }
            at += 1;
        }
        if controls.is_empty() {
            return Some(piece);
        }
        let mut cleaned = BytesMut::with_capacity(piece.len());
        let mut rest = 0;
        for control in controls {
            cleaned.extend_from_slice(&piece[rest..control]);
            rest = control + 1;
        }
        cleaned.extend_from_slice(&piece[rest..]);
        Some(cleaned.freeze())
    }

    fn step(&mut self, byte: u8) {
        let sought = if self.at == At::Headers { END } else { &self.delimiter };
        if byte != sought[self.matched] {
            self.matched = usize::from(byte == b'\r');
            return;
        }
        self.matched += 1;
        if self.matched == sought.len() {
            self.matched = 0;
            self.at = match self.at {
                // As for the parser, the line break that ends the headers is not the one before a delimiter.
                At::Headers => At::Content,
                At::Preamble => At::Headers,
                At::Content => {
                    self.around += self.delimiter.len();
                    At::Headers
                }
            };
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

    /// The filtered body, if it arrives in pieces of this length.
    fn cleaned(body: &[u8], length: usize) -> Vec<u8> {
        let mut headers = PartHeaders::new("b");
        body.chunks(length).filter_map(|piece| headers.clean(Bytes::copy_from_slice(piece))).flatten().collect()
    }

    #[test]
    fn headers_lose_their_control_characters_and_parts_keep_theirs_however_the_body_is_cut() {
        for length in 1..=BODY.len() {
            assert_eq!(cleaned(BODY, length), CLEANED, "in pieces of {length} bytes");
        }
    }

    #[test]
    fn content_may_begin_like_a_delimiter() {
        let body = b"--b\r\nX: y\r\n\r\n--b\x01\r\n--b--\r\n";
        for length in 1..=body.len() {
            assert_eq!(cleaned(body, length), body, "in pieces of {length} bytes");
        }
    }

    /// The number of bytes that pass of a body that arrives in pieces.
    fn left(pieces: &[&[u8]]) -> usize {
        let mut headers = PartHeaders::new("b");
        pieces.iter().map_while(|piece| headers.clean(Bytes::copy_from_slice(piece))).map(|piece| piece.len()).sum()
    }

    #[test]
    fn sec_32_a_body_with_too_much_around_its_parts_is_cut_off_and_content_has_no_bound_here() {
        let endless = [b'x'; 3 * MOST];
        assert_eq!(left(&[&endless, b"x"]), MOST, "before the first part");
        assert_eq!(left(&[b"--b\r\nX: ", &endless, b"x"]), MOST, "in headers");
        assert_eq!(left(&[&b"--b\r\n".repeat(MOST)]), MOST, "as delimiters");
        let part = b"\r\n--b\r\n\r\nx".repeat(MOST);
        assert!(left(&[&part]) < 2 * MOST, "as parts");
        let content = [b"--b\r\n\r\n", &endless[..], b"\r\n--b--\r\n"];
        assert_eq!(left(&content), content.concat().len());
        let epilogue = [b"--b\r\n\r\nx\r\n--b--\r\n", &endless[..]];
        assert!(left(&epilogue) < MOST + 8, "behind the last part");
    }
}
