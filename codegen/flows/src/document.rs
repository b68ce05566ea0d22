//! The content of a file of flows.

use accord_language::{
    record,
    source::{Named, Slot, Text},
    words,
};
use schemars::SchemaGenerator;
use serde_json::Value;

use super::step::{Step, StepKind};
use crate::pattern::Template;

record! {
    /// Flows: sequences of clients' steps, with the expected results.
    pub struct FlowFile {
        /// The common subject of the flows of this file.
        required summary: Text,
        /// The flows, by names that no other file uses.
        required flows: Named<Flow>,
    }
}

record! {
    /// A flow. It has its own users and rooms, so that it can run repeatedly, concurrently with all others.
    pub struct Flow {
        /// One sentence on what it shows.
        required summary: Text,
        /// Further paragraphs, Markdown: what a client should learn from it.
        optional description: Text,
        /// The sections of the documentation that it belongs to, by their headings.
        required documents: Vec<Text>,
        /// Variations of the flow: it is run once for each combination.
        optional across: Vec<Axis>,
        /// The users that take part. Each is a variable with the user's id, and `NAME_profile` with what others see.
        required users: Vec<Text>,
        /// Users that no world file has: they are new to the server in this run.
        optional strangers: Vec<Text>,
        /// The number of further users, who never connect. `$everyone` is the list of the ids of all users of the flow but
        /// strangers.
        optional crowd: u64,
        /// The scope of `rooms`, by its name in the schema; the first one where it is left out. A flow that is varied
        /// by the scope must not have it.
        optional scope: Text,
        /// Rooms and their members, in the scope of the flow.
        optional rooms: Named<Vec<Text>>,
        /// Rooms and their members, in the scope `channel`.
        optional channels: Named<Vec<Text>>,
        /// Rooms and their members, in the scope `conversation`.
        optional conversations: Named<Vec<Text>>,
        /// `true` if it shows the limits, so that it cannot run where they are off.
        optional limits: bool,
        /// The steps, in this order: actions and expectations.
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
        /// Rooms that exist and of which the actor is not a member, by the payload's field.
        optional foreign: Template,
    }
}

words! {
    /// A variation of flows.
    pub enum Axis {
        /// The scopes. `words.yaml` has the words that differ.
        Scope = "scope",
        /// WebSocket, polling, and the upgrade from the second to the first, for connections without a transport of their own.
        Transport = "transport",
        /// With an acknowledgement and without, for events that do not say which.
        Acknowledged = "acknowledged",
    }
}

impl Flow {
    /// The rooms that it names, by their scopes. `own` is that of `rooms`.
    pub(super) fn rooms_by_scope<'f>(&'f self, own: &'f str) -> [(&'f str, &'f Slot<Named<Vec<Text>>>); 3] {
        [(own, &self.rooms), ("channel", &self.channels), ("conversation", &self.conversations)]
    }

    /// Returns whether its steps use an event or an operation of this name; or, if the name is `connect`, whether they expect
    /// the end or the refusal of a connection.
    pub fn is_about(&self, subject: &str) -> bool {
        let steps = self.steps.get().map(Vec::as_slice).unwrap_or_default();
        steps.iter().any(|step| step.is_about(subject))
    }

    /// The events that it emits until their limits refuse them.
    pub fn exhausts(&self) -> impl Iterator<Item = &str> {
        let steps = self.steps.get().map(Vec::as_slice).unwrap_or_default();
        steps.iter().filter_map(|step| match &step.kind {
            StepKind::Emit(step) if step.until_limited.get() == Some(&true) => step.emit.get().map(Text::as_str),
            _ => None,
        })
    }
}

/// The JSON Schema of a file of flows, for editors.
pub fn editor_schema() -> Value {
    let generator = SchemaGenerator::new(schemars::generate::SchemaSettings::draft2020_12());
    let mut schema = generator.into_root_schema_for::<FlowFile>();
    schema.insert("title".to_owned(), "Flows of the conformance suite".into());
    schema.to_value()
}
