//! The protocol's names for the fuzzer's acts: `flows/acts.yaml`.

use accord_flows::{
    ACTS, WordsFile, exchange, is_named,
    pattern::{Pattern, Variables, fill},
};
use accord_language::{
    Diagnostics, record,
    source::{self, Any, Context, Decode, Slot, Text},
};
use serde_json::{Map, Value};

use crate::protocol::Protocol;

record! {
    /// The actions of actors, and their expected results.
    pub struct ActsFile {
        /// The sections of the documentation that sequences of acts belong to.
        required documents: Vec<Text>,
        /// A message, as history shows it.
        required message: Pattern,
        /// The message that another replies to, as that shows it.
        required reply: Pattern,
        /// Actions over sockets.
        required acts: Acts,
        /// Actions over REST.
        required calls: Calls,
    }
}

record! {
    /// Actions over sockets.
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
    /// An event, and its expected results.
    pub struct ActWords {
        /// The event.
        required emit: Text,
        /// Its payload.
        required data: Pattern,
        /// The data of its acknowledgement, if that is not a message.
        optional ok: Pattern,
        /// The event that answers the caller, with the same data.
        optional caller: Text,
        /// The event that ends the replay for the caller.
        optional ends_replay: Text,
        /// The event for the room.
        optional room: Text,
        /// The payload of that event, if it differs from the acknowledgement.
        optional shows: Pattern,
        /// The errors that it fails with.
        optional errors: ActErrors,
    }
}

record! {
    /// The errors of an act.
    pub struct ActErrors {
        /// The caller is not a member.
        optional denied: Text,
        /// The message is not in the room, or has been deleted.
        optional missing: Text,
        /// The message is another user's.
        optional forbidden: Text,
        /// The reaction does not exist.
        optional absent: Text,
        /// The events that the caller missed are no longer there.
        optional lost: Text,
        /// The id was used before with different content.
        optional conflict: Text,
    }
}

record! {
    /// Actions over REST.
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
        /// Its input, without the fields that are `null`.
        required input: Pattern,
        /// The data of its answer.
        optional data: Pattern,
        /// The error for users who are not members.
        optional denied: Text,
        /// The event for users whose membership changes.
        optional hears: Text,
        /// The event for the room.
        optional room: Text,
        /// The payload of that event.
        optional shows: Pattern,
    }
}

/// The names of acts in one scope.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// Whether the rooms have a log, which earlier releases of the protocol do not know.
    pub logged: bool,
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

/// An event, and its expected results; missing parts are empty.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub emit: String,
    pub data: Value,
    pub ok: Value,
    pub caller: String,
    pub ends_replay: String,
    pub room: String,
    pub shows: Option<Value>,
    pub denied: String,
    pub missing: String,
    pub forbidden: String,
    pub absent: String,
    pub lost: String,
    pub conflict: String,
}

/// A call, and its answer.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub call: String,
    pub input: Value,
    pub data: Value,
    pub denied: String,
    pub hears: String,
    pub room: String,
    pub shows: Value,
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
            lost: error(|errors| errors.lost),
            conflict: error(|errors| errors.conflict),
            emit: text(words.emit),
            data: value(words.data),
            ok: value(words.ok),
            caller: text(words.caller),
            ends_replay: text(words.ends_replay),
            room: text(words.room),
            shows: words.shows.into_option().map(|pattern| pattern.0),
        }
    }
}

impl From<Slot<CallWords>> for Call {
    fn from(slot: Slot<CallWords>) -> Self {
        let words = slot.required();
        Call {
            call: text(words.call),
            input: value(words.input),
            data: value(words.data),
            denied: text(words.denied),
            hears: text(words.hears),
            room: text(words.room),
            shows: value(words.shows),
        }
    }
}

impl From<ActsFile> for Words {
    fn from(file: ActsFile) -> Self {
        let (acts, calls) = (file.acts.required(), file.calls.required());
        Words {
            logged: false,
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
/// All errors in the file.
pub(super) fn read(protocol: &Protocol) -> Result<Vec<Words>, Diagnostics> {
    let mut cx = Context::default();
    let words = WordsFile::read(protocol.flows, &mut cx);
    let acts = protocol.flows.iter().find(|(path, _)| is_named(path, ACTS));
    let node: Option<Any> = acts.and_then(|(path, text)| source::read_text(path, text, &mut cx));
    let in_words_of =
        |scope: &str, cx: &mut Context| ActsFile::decode(&exchange(&node.as_ref()?.0, &words.as_ref()?.of(scope)), cx);
    let scopes = protocol.model.scopes.iter().enumerate().filter(|(index, scope)| {
        // The acts use the words of the first scope. A scope without words has no messages.
        *index == 0 || words.as_ref().is_some_and(|words| words.has(&scope.name))
    });
    let files: Vec<_> =
        scopes.filter_map(|(_, scope)| Some((scope.log.is_some(), in_words_of(&scope.name, &mut cx)?))).collect();
    if !cx.diagnostics.is_empty() {
        return Err(Diagnostics::new(cx.sources, cx.diagnostics));
    }
    Ok(files.into_iter().map(|(logged, file)| Words { logged, ..file.into() }).collect())
}

/// Fills in `variables`; the flow's own stay as they are.
pub(super) fn fill_in(pattern: &Value, variables: &Variables) -> Value {
    match pattern {
        Value::String(text) if text.starts_with('$') => fill(pattern, variables).unwrap_or_else(|_| pattern.clone()),
        Value::Array(items) => items.iter().map(|item| fill_in(item, variables)).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), fill_in(value, variables))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}
