//! What a file of flows holds.

use accord_codegen::{
    record,
    source::{Named, Text},
    words,
};
use schemars::SchemaGenerator;
use serde_json::Value;

use super::step::Step;
use crate::pattern::Template;

record! {
    /// Flows: what clients do with a server, and what has to come of it.
    pub struct FlowFile {
        /// What the flows of this file have in common.
        required summary: Text,
        /// The flows, by names that no other file uses.
        required flows: Named<Flow>,
    }
}

record! {
    /// A flow. It has users and rooms of its own, so that it can run beside all others, again and again.
    pub struct Flow {
        /// One sentence that says what it shows.
        required summary: Text,
        /// Further paragraphs, Markdown: what a client should learn from it.
        optional description: Text,
        /// The sections of the documentation that it belongs to, by their headings.
        required documents: Vec<Text>,
        /// What it is varied by: it is run once for each combination.
        optional across: Vec<Axis>,
        /// The users that take part. Each is a variable with the user's id, and `NAME_profile` with what others see.
        required users: Vec<Text>,
        /// Users that no world file knows: the server meets them in this run for the first time.
        optional strangers: Vec<Text>,
        /// The scope of `rooms`, by its name in the schema; the first one where it is left out. A flow that is varied by
        /// the scope has none of its own.
        optional scope: Text,
        /// Rooms and their members, in the scope of the flow.
        optional rooms: Named<Vec<Text>>,
        /// Channels and their members.
        optional channels: Named<Vec<Text>>,
        /// Conversations and their members.
        optional conversations: Named<Vec<Text>>,
        /// Whether it shows the limits, so that it cannot run where they are off.
        optional limits: bool,
        /// What is done and expected, in this order.
        required steps: Vec<Step>,
        /// The event that cases are derived for from the schema. The flow is then what prepares each of them.
        optional derives: Derives,
    }
}

record! {
    /// An event that cases are derived for.
    pub struct Derives {
        /// The client event.
        required event: Text,
        /// The actor that emits it.
        required by = "as": Text,
        /// A payload that it succeeds with, once the steps are done.
        optional data: Template,
        /// Rooms that exist and that the actor does not belong to, by the payload's field.
        optional foreign: Template,
    }
}

words! {
    /// What flows are varied by.
    pub enum Axis {
        /// Channels and conversations. `words.yaml` has the words that differ.
        Scope = "scope",
        /// WebSocket, polling, and the upgrade from the second to the first, for whoever connects without saying how.
        Transport = "transport",
        /// With an acknowledgement and without, for whatever is emitted without saying.
        Acknowledged = "acknowledged",
    }
}

/// The JSON Schema of a file of flows, for editors.
pub fn editor_schema() -> Value {
    let generator = SchemaGenerator::new(schemars::generate::SchemaSettings::draft2020_12());
    let mut schema = generator.into_root_schema_for::<FlowFile>();
    schema.insert("title".to_owned(), "Flows of the conformance suite".into());
    schema.to_value()
}
