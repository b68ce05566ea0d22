//! What the fuzzer's acts are called in the protocol: `flows/acts.yaml`.

use accord_codegen::{
    Diagnostics, record,
    source::{self, Any, Context, Decode, Slot, Text},
};
use serde_json::Value;

use crate::{
    flow::{WordsFile, exchange},
    pattern::Pattern,
    protocol::Protocol,
};

/// The file, beside the flows.
pub(crate) const ACTS: &str = "acts.yaml";

record! {
    /// What actors do, and what has to come of it.
    pub struct ActsFile {
        /// The sections of the documentation that sequences of acts belong to.
        required documents: Vec<Text>,
        /// A message, as history shows it.
        required message: Pattern,
        /// The message that another replies to, as that shows it.
        required reply: Pattern,
        /// What sockets do.
        required acts: Acts,
        /// What is done by REST.
        required calls: Calls,
    }
}

record! {
    /// What sockets do.
    pub struct Acts {
        /// Joins a room.
        required join: ActWords,
        /// Leaves a room.
        required leave: ActWords,
        /// Makes a message.
        required send: ActWords,
        /// Changes a message's text.
        required edit: ActWords,
        /// Deletes a message.
        required delete: ActWords,
        /// Adds a reaction.
        required react: ActWords,
        /// Removes a reaction.
        required take_back: ActWords,
        /// Makes a message out of another.
        required forward: ActWords,
    }
}

record! {
    /// An event, and what follows.
    pub struct ActWords {
        /// The event.
        required emit: Text,
        /// Its payload.
        required data: Pattern,
        /// What it is acknowledged with, where that is no message.
        optional ok: Pattern,
        /// The event that answers the caller.
        optional caller: Text,
        /// The event that tells the room.
        optional room: Text,
        /// What that carries, where it is not what is acknowledged.
        optional shows: Pattern,
        /// The errors that it fails with.
        optional errors: ActErrors,
    }
}

record! {
    /// The errors of an act.
    pub struct ActErrors {
        /// The caller is no member.
        optional denied: Text,
        /// The message is not in the room, or no more.
        optional missing: Text,
        /// The message is somebody else's.
        optional forbidden: Text,
        /// There is no such reaction.
        optional absent: Text,
    }
}

record! {
    /// What is done by REST.
    pub struct Calls {
        /// Makes a room with these members.
        required found: CallWords,
        /// Makes a user a member.
        required admit: CallWords,
        /// Ends a membership.
        required exclude: CallWords,
        /// Reads a room's history.
        required read: CallWords,
    }
}

record! {
    /// A call, and its answer.
    pub struct CallWords {
        /// The operation.
        required call: Text,
        /// Its input; what is `null` is left out.
        required input: Pattern,
        /// What it answers.
        optional data: Pattern,
        /// The error for those who are no members.
        optional denied: Text,
    }
}

/// What acts are called in one scope.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub documents: Vec<String>,
    pub message: Value,
    pub reply: Value,
    pub join: Event,
    pub leave: Event,
    pub send: Event,
    pub edit: Event,
    pub delete: Event,
    pub react: Event,
    pub take_back: Event,
    pub forward: Event,
    pub found: Call,
    pub admit: Call,
    pub exclude: Call,
    pub read: Call,
}

/// An event, and what follows; what it does not have is empty.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub emit: String,
    pub data: Value,
    pub ok: Value,
    pub caller: String,
    pub room: String,
    pub shows: Option<Value>,
    pub denied: String,
    pub missing: String,
    pub forbidden: String,
    pub absent: String,
}

/// A call, and its answer.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub call: String,
    pub input: Value,
    pub data: Value,
    pub denied: String,
}

fn text(slot: Slot<Text>) -> String {
    slot.into_option().map(|text| text.value).unwrap_or_default()
}

fn value(slot: Slot<Pattern>) -> Value {
    slot.into_option().map(|pattern| pattern.0).unwrap_or_default()
}

impl From<Slot<ActWords>> for Event {
    fn from(slot: Slot<ActWords>) -> Self {
        let words = slot.required();
        let errors = words.errors.into_option();
        let error =
            |which: fn(ActErrors) -> Slot<Text>| errors.clone().map(|errors| text(which(errors))).unwrap_or_default();
        Event {
            denied: error(|errors| errors.denied),
            missing: error(|errors| errors.missing),
            forbidden: error(|errors| errors.forbidden),
            absent: error(|errors| errors.absent),
            emit: text(words.emit),
            data: value(words.data),
            ok: value(words.ok),
            caller: text(words.caller),
            room: text(words.room),
            shows: words.shows.into_option().map(|pattern| pattern.0),
        }
    }
}

impl From<Slot<CallWords>> for Call {
    fn from(slot: Slot<CallWords>) -> Self {
        let words = slot.required();
        Call { call: text(words.call), input: value(words.input), data: value(words.data), denied: text(words.denied) }
    }
}

impl From<ActsFile> for Words {
    fn from(file: ActsFile) -> Self {
        let (acts, calls) = (file.acts.required(), file.calls.required());
        Words {
            documents: file.documents.required().into_iter().map(|text| text.value).collect(),
            message: value(file.message),
            reply: value(file.reply),
            join: acts.join.into(),
            leave: acts.leave.into(),
            send: acts.send.into(),
            edit: acts.edit.into(),
            delete: acts.delete.into(),
            react: acts.react.into(),
            take_back: acts.take_back.into(),
            forward: acts.forward.into(),
            found: calls.found.into(),
            admit: calls.admit.into(),
            exclude: calls.exclude.into(),
            read: calls.read.into(),
        }
    }
}

/// The words of each scope, in the schema's order.
///
/// # Errors
/// Everything that is wrong with the file.
pub(super) fn read(protocol: &Protocol) -> Result<Vec<Words>, Diagnostics> {
    let mut cx = Context::default();
    let words = WordsFile::read(protocol.flows, &mut cx);
    let text = protocol.flows.iter().find(|(path, _)| *path == ACTS).map_or("", |(_, text)| *text);
    let node: Option<Any> = source::read_text(&format!("flows/{ACTS}"), text, &mut cx);
    let in_words_of =
        |scope: &str, cx: &mut Context| ActsFile::decode(&exchange(&node.as_ref()?.0, &words.as_ref()?.of(scope)), cx);
    let scopes = protocol.model.scopes.iter().enumerate().filter(|(index, scope)| {
        // The acts are in the words of the first; a scope without words is none that messages are in.
        *index == 0 || words.as_ref().is_some_and(|words| words.has(&scope.name))
    });
    let files: Vec<_> = scopes.filter_map(|(_, scope)| in_words_of(&scope.name, &mut cx)).collect();
    if !cx.diagnostics.is_empty() {
        return Err(Diagnostics::new(cx.sources, cx.diagnostics));
    }
    Ok(files.into_iter().map(Words::from).collect())
}
