//! A record of all traffic in both directions, with times.

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

use regex::Regex;

/// The sender of a packet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// This suite.
    Sent,
    /// The server.
    Received,
}

/// One packet, request or answer.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The time since the beginning of the record.
    pub at: Duration,
    /// The actor whose connection it is.
    pub actor: Arc<str>,
    /// The direction.
    pub direction: Direction,
    /// The carrier: `websocket`, `polling` or `http`.
    pub carrier: &'static str,
    /// The packet, or the visible part of it.
    pub text: String,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrow = match self.direction {
            Direction::Sent => "→",
            Direction::Received => "←",
        };
        write!(f, "{:>8.3}s {} {arrow} {:<9} {}", self.at.as_secs_f64(), self.actor, self.carrier, self.text)
    }
}

/// A record that several connections write to.
#[derive(Clone, Debug)]
pub struct Wire {
    start: Instant,
    entries: Arc<Mutex<Vec<Entry>>>,
}

/// Longer packets are cut in the record.
const MAX_CHARACTERS: usize = 2000;

impl Wire {
    /// An empty record that begins at this moment.
    #[expect(clippy::new_without_default, reason = "it takes the time, which a default does not")]
    pub fn new() -> Self {
        Wire { start: Instant::now(), entries: Arc::default() }
    }

    /// The entries so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The time since the beginning of the record.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The record of the packets that `actor` sends and receives.
    pub fn speaker(&self, actor: &str) -> Speaker {
        Speaker { wire: self.clone(), actor: actor.into() }
    }
}

/// One actor's access to the record.
#[derive(Clone, Debug)]
pub struct Speaker {
    wire: Wire,
    actor: Arc<str>,
}

impl Speaker {
    /// Records a packet of this suite.
    pub fn sent(&self, carrier: &'static str, text: &str) {
        self.note(Direction::Sent, carrier, text);
    }

    /// Records the packets of the server.
    pub fn received(&self, carrier: &'static str, text: &str) {
        self.note(Direction::Received, carrier, text);
    }

    fn note(&self, direction: Direction, carrier: &'static str, text: &str) {
        let text = without_tokens(text);
        let mut shown: String = text.chars().take(MAX_CHARACTERS).collect();
        if shown.len() < text.len() {
            shown.push_str(&format!("… ({} bytes)", text.len()));
        }
        let entry = Entry { at: self.wire.elapsed(), actor: self.actor.clone(), direction, carrier, text: shown };
        self.wire.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }
}

/// `text` with the claims of tokens, and no signatures: reports are passed around, and servers under test may be real.
pub(super) fn without_tokens(text: &str) -> Cow<'_, str> {
    static TOKEN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(eyJ[\w-]*\.eyJ[\w-]*)\.[\w-]+").expect("a constant pattern"));
    TOKEN.replace_all(text, "$1.…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_keeps_senders_and_packets_and_cuts_long_ones() {
        let wire = Wire::new();
        wire.speaker("alice").sent("websocket", "42[\"ping\"]");
        wire.speaker("bob").received("http", &"x".repeat(3000));
        wire.speaker("bob").sent("polling", "40{\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJpZCI6ImIifQ.c2lnbmF0dXJl\"}");
        let entries = wire.entries();
        assert_eq!(&*entries[0].actor, "alice");
        assert!(entries[0].to_string().ends_with("alice → websocket 42[\"ping\"]"));
        assert!(entries[1].text.ends_with("x… (3000 bytes)"));
        assert_eq!(entries[2].text, "40{\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJpZCI6ImIifQ.…\"}");
    }
}
