//! The building blocks of checks of strings. Lengths are in Unicode code points, as in JSON Schema.

use std::str::Chars;

/// Whether a text has at least so many characters. Counts them only if the number of bytes does not decide.
#[inline]
pub fn at_least(text: &str, count: usize) -> bool {
    text.len() >= count && (text.len() / 4 >= count || text.chars().count() >= count)
}

/// Whether a text has at most so many characters. Counts them only if the number of bytes does not decide.
#[inline]
pub fn at_most(text: &str, count: usize) -> bool {
    text.len() <= count || text.chars().count() <= count
}

/// The number of bytes that are checked at a time.
const CHUNK: usize = 16;

/// Whether every character of a text is in a set. `bytes` decides for a byte of UTF-8, and may return false if it
/// cannot; only then is `chars` called.
#[inline]
pub fn every(text: &str, bytes: impl Fn(u8) -> bool, chars: impl Fn(char) -> bool) -> bool {
    // Without a way out of the loop, the compiler looks at many bytes at a time.
    let all = |some: &[u8]| some.iter().fold(true, |sure, &byte| sure & bytes(byte));
    let sure = match text.as_bytes().last_chunk::<CHUNK>() {
        // The bytes after the last whole chunk are checked as part of an overlapping chunk, which is cheaper than byte
        // by byte.
        Some(last) => text.as_bytes().as_chunks::<CHUNK>().0.iter().all(|chunk| all(chunk)) && all(last),
        None => all(text.as_bytes()),
    };
    sure || text.chars().all(chars)
}

/// Takes characters of a set, at most `max`, and says whether there were at least `min`.
#[inline]
pub fn run(rest: &mut Chars<'_>, min: usize, max: usize, chars: impl Fn(char) -> bool) -> bool {
    let mut count = 0;
    while count < max {
        let mut ahead = rest.clone();
        if !ahead.next().is_some_and(&chars) {
            break;
        }
        *rest = ahead;
        count += 1;
    }
    count >= min
}
