//! Steps of flows: actions and expectations.

use std::borrow::Cow;

use accord_language::{
    diagnostic::{Diagnostic, Span, instead},
    record,
    source::{Context, Decode, Named, Node, NodeKind, Slot, Text},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;

use super::{file::FileParts, token::TokenUse, transport::Transport};
use crate::pattern::{Pattern, Template};

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its place in the file.
    pub span: Span,
    /// Its kind.
    pub kind: StepKind,
}

impl Step {
    pub(super) fn is_about(&self, subject: &str) -> bool {
        let is_it = |name: &Slot<Text>| name.get().is_some_and(|name| name.as_str() == subject);
        match &self.kind {
            StepKind::Emit(step) => is_it(&step.emit),
            StepKind::Expect(step) => is_it(&step.expect),
            StepKind::Call(step) => is_it(&step.call),
            StepKind::Connect(step) => !step.refused.is_absent() && subject == "connect",
            StepKind::Expired(_) => subject == "connect",
            StepKind::Together(step) => step.together.get().into_iter().flatten().any(|step| step.is_about(subject)),
            _ => false,
        }
    }
}

/// Declares the kinds of steps: each is known by its first key.
macro_rules! steps {
    ($( $(#[doc = $doc:literal])* $variant:ident($record:ident) = $verb:literal; )*) => {
        /// The action or expectation of a step.
        #[derive(Clone, Debug)]
        pub enum StepKind {
            $( $(#[doc = $doc])* $variant(Box<$record>), )*
        }

        const VERBS: &[&str] = &[$($verb),*];

        impl Decode for Step {
            fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
                let NodeKind::Mapping(entries) = &node.kind else {
                    cx.wrong_kind(node, "a mapping");
                    return None;
                };
                let verbs: Vec<_> = entries.iter().filter(|entry| VERBS.contains(&entry.key.as_str())).collect();
                let verb = match verbs.as_slice() {
                    [verb] => verb,
                    [] => {
                        let first = entries.first().map_or("", |entry| entry.key.as_str());
                        let span = entries.first().map_or(node.span, |entry| entry.key_span);
                        let diagnostic = Diagnostic::new("no-step", "this step does not say what to do");
                        cx.report(diagnostic.at(span, "no such step").help(instead(first, VERBS.iter().copied())));
                        return None;
                    }
                    [first, second, ..] => {
                        let message = format!("this step does two things: `{}` and `{}`", first.key, second.key);
                        let diagnostic = Diagnostic::new("two-steps", message);
                        cx.report(diagnostic.at(second.key_span, "a second thing").help("make it a step of its own"));
                        return None;
                    }
                };
                let kind = match verb.key.as_str() {
                    $( $verb => StepKind::$variant(Box::new($record::decode(node, cx)?)), )*
                    _ => return None,
                };
                Some(Step { span: verb.key_span, kind })
            }
        }

        impl JsonSchema for Step {
            fn schema_name() -> Cow<'static, str> {
                "Step".into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let kinds = [$( generator.subschema_for::<$record>() ),*];
                json_schema!({ "description": "An action or an expectation.", "oneOf": kinds })
            }
        }
    };
}

steps! {
    /// Connects a socket.
    Connect(ConnectStep) = "connect";
    /// Emits an event.
    Emit(EmitStep) = "emit";
    /// Expects an event.
    Expect(ExpectStep) = "expect";
    /// Expects that nothing has come.
    Nothing(NothingStep) = "nothing";
    /// Calls a REST operation.
    Call(CallStep) = "call";
    /// Fetches a URL.
    Fetch(FetchStep) = "fetch";
    /// Does several things at once.
    Together(TogetherStep) = "together";
    /// Disconnects a socket.
    Disconnect(DisconnectStep) = "disconnect";
    /// Cuts a connection.
    Cut(CutStep) = "cut";
    /// Expects that the server ends a connection.
    Closed(ClosedStep) = "closed";
    /// Expects that the server ends a connection because its token has expired.
    Expired(ExpiredStep) = "expired";
    /// Sends a raw packet.
    SendRaw(SendRawStep) = "send_raw";
    /// Sets variables.
    Set(SetStep) = "set";
}

record! {
    /// Connects a socket of a user. It expects what the server emits on success.
    pub struct ConnectStep {
        /// The actors: a user's name, or `USER/DEVICE` for further sockets of that user.
        required connect: Names,
        /// A remark for the reader.
        optional note: Text,
        /// The transport of the packets; WebSocket, unless the flow is varied by it.
        optional transport: Transport,
        /// The token in the auth object; a good one, unless `query` has one.
        optional auth: TokenUse,
        /// The token in the query.
        optional query: TokenUse,
        /// The version of the protocol that the client states; none by default.
        optional protocol: Text,
        /// The message that the connection is refused with. For a refused version, it is only the beginning: the versions
        /// that the server speaks follow.
        optional refused: Text,
        /// The payload of each event that greets the connection.
        optional data: Pattern,
    }
}

record! {
    /// Emits an event, and expects its answer.
    pub struct EmitStep {
        /// The event.
        required emit: Text,
        /// The actor.
        required by = "as": Text,
        /// A remark for the reader.
        optional note: Text,
        /// The payload. If left out, the event has none, except that an event that renews the connection carries a token.
        optional data: Template,
        /// The token that it hands in, of the actor's user; a good one, unless it is given.
        optional token: TokenUse,
        /// `false` asks for no acknowledgement. The default is `true`, unless the flow is varied by it.
        optional ack: bool,
        /// The data of the acknowledgement, if it is a success.
        optional ok: Pattern,
        /// The failure that is expected: in the acknowledgement, or as an error event where none is asked for.
        optional fails: Failure,
        /// The variable to keep the answer as.
        optional save: Text,
        /// The number of times that the event is emitted, without waiting for answers in between; `$n` counts from 0.
        optional times: u64,
        /// Emit it so often at once that the limit refuses it, and keep the last refusal. The limit has to be the
        /// protocol's own, and all sockets of the user draw on it together.
        optional until_limited: bool,
        /// Milliseconds to wait before, as a server has asked for.
        optional after_ms: Template,
        /// Retry, as the documentation advises, while the answer is a failure of the server.
        optional retry: bool,
    }
}

record! {
    /// Expects this event as the next one at an actor.
    pub struct ExpectStep {
        /// The event.
        required expect: Text,
        /// The actors that see it.
        required at: Names,
        /// A remark for the reader.
        optional note: Text,
        /// The payload.
        optional data: Pattern,
        /// The variable to keep the payload as; the last actor's, where there are several.
        optional save: Text,
    }
}

record! {
    /// Expects that actors have received nothing more, which the answer to a later event of theirs shows.
    pub struct NothingStep {
        /// The actors.
        required nothing: Names,
        /// A remark for the reader.
        optional note: Text,
    }
}

record! {
    /// Calls an operation of the REST interface.
    pub struct CallStep {
        /// The operation, by its name in the schema.
        required call: Text,
        /// The user; without one, no token is sent.
        optional by = "as": Text,
        /// A remark for the reader.
        optional note: Text,
        /// The token, where it is not a good one.
        optional token: TokenUse,
        /// Path, query and body fields together. A `null` in path or query is left out.
        optional input: Template,
        /// `true` if any success will do: the status may be any, and only `data` is checked in the body, because the
        /// documentation does not say more.
        optional loosely: bool,
        /// The raw body, instead of JSON made of `input`.
        optional body: Text,
        /// The file to upload.
        optional file: FileParts,
        /// The data of the answer.
        optional data: Pattern,
        /// The fields of the answer beside its data.
        optional beside: Pattern,
        /// The failure that is expected.
        optional fails: Failure,
        /// The headers of the answer, by their names in lower case.
        optional headers: Pattern,
        /// The variable to keep the answer's data as.
        optional save: Text,
    }
}

record! {
    /// Fetches a URL that the server gave.
    pub struct FetchStep {
        /// The URL or path.
        required fetch: Template,
        /// A remark for the reader.
        optional note: Text,
        /// `true` if it is expected to be refused, with any status from 400 to 499.
        optional refused: bool,
        /// The headers of the answer, by their names in lower case.
        optional headers: Pattern,
        /// The body of the answer, as a text.
        optional text: Pattern,
        /// The file that it has to be, byte by byte.
        optional file: FileParts,
    }
}

record! {
    /// Begins all steps at once, in this order, and waits for all of them.
    pub struct TogetherStep {
        /// The steps.
        required together: Vec<Step>,
        /// A remark for the reader.
        optional note: Text,
    }
}

record! {
    /// Closes connections properly.
    pub struct DisconnectStep {
        /// The actors.
        required disconnect: Names,
        /// A remark for the reader.
        optional note: Text,
    }
}

record! {
    /// Cuts connections, like a failing network.
    pub struct CutStep {
        /// The actors.
        required cut: Names,
        /// A remark for the reader.
        optional note: Text,
    }
}

record! {
    /// Expects that the server ends connections, with nothing coming before.
    pub struct ClosedStep {
        /// The actors.
        required closed: Names,
        /// `true` if the server first sends its disconnect packet, after which official clients do not reconnect.
        optional dismissed: bool,
        /// The maximum time that this takes, in milliseconds.
        optional within_ms: u64,
        /// A remark for the reader.
        optional note: Text,
    }
}

record! {
    /// Expects that the server says that the token has expired, and then ends the transport, in time.
    pub struct ExpiredStep {
        /// The actors.
        required expired: Names,
        /// The longest time after the token's expiry, in milliseconds.
        required within_ms: u64,
        /// The error.
        required data: Pattern,
        /// A remark for the reader.
        optional note: Text,
    }
}

record! {
    /// Sends a raw packet.
    pub struct SendRawStep {
        /// The Engine.IO packet.
        required send_raw: Template,
        /// The actor.
        required by = "as": Text,
        /// A remark for the reader.
        optional note: Text,
    }
}

record! {
    /// Sets variables.
    pub struct SetStep {
        /// The variables.
        required set: Named<Template>,
        /// A remark for the reader.
        optional note: Text,
    }
}

record! {
    /// An expected failure. Its `event`, if it has one, must be the event that failed.
    pub struct Failure {
        /// The error, by its name in the schema; it says the code, the message and the status. Where several would be
        /// right, one of them.
        optional error: Names,
        /// The status of a REST call, where the documentation gives no more than that.
        optional status: u64,
        /// The places of all violations, JSON Pointers in any order.
        optional details: Vec<Text>,
        /// The other members of the error.
        optional data: Pattern,
        /// The variable to keep the error as.
        optional save: Text,
    }
}

impl Failure {
    /// The names of the errors, one of which is expected.
    pub fn errors(&self) -> impl Iterator<Item = &str> {
        self.error.get().into_iter().flat_map(|names| &names.0).map(Text::as_str)
    }

    /// The expectation in a line, for reports.
    pub fn describe(&self) -> String {
        match self.status.get() {
            Some(status) => format!("with status {status}"),
            None => self.errors().collect::<Vec<_>>().join(" or "),
        }
    }
}

/// One name or several.
#[derive(Clone, Debug)]
pub struct Names(pub Vec<Text>);

impl Decode for Names {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match node.kind {
            NodeKind::Sequence(_) => Vec::decode(node, cx).map(Names),
            _ => Text::decode(node, cx).map(|name| Names(vec![name])),
        }
    }
}

impl JsonSchema for Names {
    fn schema_name() -> Cow<'static, str> {
        "Names".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let name = json!({ "type": "string" });
        json_schema!({ "anyOf": [name, { "type": "array", "items": name }] })
    }
}
