//! The chat protocol, which is built into the suite: its schema, flows and releases, its world file, and the model that
//! checks random sequences.
//!
//! The rest of this crate works for any protocol, with one exception: flows may name their rooms under the keys
//! `channels` and `conversations`, which `accord_flows::Flow` declares.

pub(crate) mod embedded;
pub mod fuzz;
pub mod world;

use accord_language::{Diagnostics, Model, Schema};

use self::embedded::{CURRENT, EmbeddedProtocol, RELEASES};
use crate::{past::Past, protocol::Protocol};

/// The schema's first file.
const ROOT: &str = "chat.yaml";

impl Protocol {
    /// The protocol of the embedded schema.
    ///
    /// # Errors
    /// All errors in the schema.
    pub fn embedded() -> Result<Self, Diagnostics> {
        protocol(&CURRENT)
    }

    /// The versions of the protocol that have been released, from the oldest to the newest.
    pub fn releases() -> impl Iterator<Item = &'static str> {
        RELEASES.iter().map(|(version, _)| *version)
    }

    /// A released version of the protocol, with its flows, as existing clients speak it; `None` if there is no such
    /// release.
    ///
    /// # Errors
    /// All errors in its schema, or with today's.
    pub fn released(version: &str) -> Option<Result<Self, Diagnostics>> {
        let (version, release) = RELEASES.iter().find(|(known, _)| *known == version)?;
        Some(protocol(release).and_then(|mut protocol| {
            protocol.past = Some(Past::new(version, &protocol.model, &model(&CURRENT)?));
            Ok(protocol)
        }))
    }
}

fn protocol(embedded: &EmbeddedProtocol) -> Result<Protocol, Diagnostics> {
    let mut protocol = Protocol::new(model(embedded)?);
    protocol.flows = embedded.flows;
    Ok(protocol)
}

/// The model of an embedded schema.
fn model(embedded: &EmbeddedProtocol) -> Result<Model, Diagnostics> {
    Schema::load_from(embedded, ROOT).map(|schema| schema.model)
}
