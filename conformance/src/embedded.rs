//! What the binary carries: the protocol's schema and the flows, each by its path relative to its folder.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
