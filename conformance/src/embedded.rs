//! What the binary carries: the protocol's schema and the flows, as they are today and as each release has them.

/// Files, each by its path relative to their folder, with its text.
pub(crate) type Files = &'static [(&'static str, &'static str)];

/// A schema and its flows.
pub(crate) struct Edition {
    pub schema: Files,
    pub flows: Files,
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
