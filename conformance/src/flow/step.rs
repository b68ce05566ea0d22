//! What can be done and expected in a flow.

use std::borrow::Cow;

use accord_codegen::{
    diagnostic::{Diagnostic, Span, instead},
    record,
    source::{Context, Decode, Named, Node, NodeKind, Text},
    words,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;

use crate::{
    client::{Signature, Transport},
    pattern::{Pattern, Template},
};

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it is.
    pub span: Span,
    /// What it does.
    pub kind: StepKind,
}

/// Declares the kinds of steps: each is known by its first key.
macro_rules! steps {
    ($( $(#[doc = $doc:literal])* $variant:ident($record:ident) = $verb:literal; )*) => {
        /// What a step does or expects.
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
                json_schema!({ "description": "What is done or expected.", "oneOf": kinds })
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
    /// Sends a packet as it stands.
    SendRaw(SendRawStep) = "send_raw";
    /// Sets variables.
    Set(SetStep) = "set";
}

record! {
    /// Connects a socket of a user. It expects what the server emits on success.
    pub struct ConnectStep {
        /// The actors: a user's name, or `USER/DEVICE` for further sockets of that user.
        required connect: Names,
        /// What a reader should know of this step.
        optional note: Text,
        /// What carries the packets; WebSocket, unless the flow is varied by it.
        optional transport: TransportWord,
        /// The token in the auth object; a good one, unless `query` has one.
        optional auth: TokenUse,
        /// The token in the query.
        optional query: TokenUse,
        /// The message that the connection is refused with.
        optional refused: Text,
        /// What is emitted on success.
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
        /// What a reader should know of this step.
        optional note: Text,
        /// The payload; without it, there is none.
        optional data: Template,
        /// Whether to ask for an acknowledgement. Yes, unless the flow is varied by it.
        optional ack: bool,
        /// What the acknowledgement's data has to be.
        optional ok: Pattern,
        /// The failure that is expected: in the acknowledgement, or as an error event where none is asked for.
        optional fails: Failure,
        /// The variable to keep the answer as.
        optional save: Text,
        /// How many times to emit it, without waiting for answers in between; `$n` counts from 0.
        optional times: u64,
        /// Emit it so often at once that the limit refuses it, and keep the last refusal. The limit has to be the
        /// protocol's own, unless `times` says how often: then one refusal is enough.
        optional until_limited: bool,
        /// Milliseconds to wait before, as a server has asked for.
        optional after_ms: Template,
        /// Retry, as the documentation advises, while the answer is a failure of the server's own.
        optional retry: bool,
    }
}

record! {
    /// Expects that the next thing that an actor sees is this event.
    pub struct ExpectStep {
        /// The event.
        required expect: Text,
        /// The actors that see it.
        required at: Names,
        /// What a reader should know of this step.
        optional note: Text,
        /// What it carries.
        optional data: Pattern,
        /// The variable to keep the payload as; the last actor's, where there are several.
        optional save: Text,
    }
}

record! {
    /// Expects that actors have seen nothing more, which the answer to a later event of their own shows.
    pub struct NothingStep {
        /// The actors.
        required nothing: Names,
        /// What a reader should know of this step.
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
        /// What a reader should know of this step.
        optional note: Text,
        /// The token, where it is not a good one.
        optional token: TokenUse,
        /// Path, query and body fields together. A `null` in path or query is left out.
        optional input: Template,
        /// The body as it stands, instead of JSON made of `input`.
        optional body: Text,
        /// The file to upload.
        optional file: FileParts,
        /// What the answer's data has to be.
        optional data: Pattern,
        /// The failure that is expected.
        optional fails: Failure,
        /// What headers of the answer have to be, by their names in lower case.
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
        /// What a reader should know of this step.
        optional note: Text,
        /// The status that is expected; 200 unless told.
        optional status: u64,
        /// What the headers have to be, by their names in lower case.
        optional headers: Pattern,
        /// What the body has to be, as a text.
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
        /// What a reader should know of this step.
        optional note: Text,
    }
}

record! {
    /// Ends connections as the protocol wants it.
    pub struct DisconnectStep {
        /// The actors.
        required disconnect: Names,
        /// What a reader should know of this step.
        optional note: Text,
    }
}

record! {
    /// Ends connections without a word, as a network that fails does.
    pub struct CutStep {
        /// The actors.
        required cut: Names,
        /// What a reader should know of this step.
        optional note: Text,
    }
}

record! {
    /// Expects that the server ends connections, with nothing coming before.
    pub struct ClosedStep {
        /// The actors.
        required closed: Names,
        /// What a reader should know of this step.
        optional note: Text,
    }
}

record! {
    /// Expects that the server says that the token has expired and ends the connection, in time.
    pub struct ExpiredStep {
        /// The actors.
        required expired: Names,
        /// How long after the token's expiry, in milliseconds.
        required within_ms: u64,
        /// What the error is.
        required data: Pattern,
        /// What a reader should know of this step.
        optional note: Text,
    }
}

record! {
    /// Sends a packet as it stands.
    pub struct SendRawStep {
        /// The Engine.IO packet.
        required send_raw: Template,
        /// The actor.
        required by = "as": Text,
        /// What a reader should know of this step.
        optional note: Text,
    }
}

record! {
    /// Sets variables.
    pub struct SetStep {
        /// The variables.
        required set: Named<Template>,
        /// What a reader should know of this step.
        optional note: Text,
    }
}

record! {
    /// An expected failure. Its `event`, where it has one, is held to be the event that failed.
    pub struct Failure {
        /// The error, by its name in the schema; it says the code, the message and the status.
        required error: Text,
        /// The places of all violations, JSON Pointers in any order.
        optional details: Vec<Text>,
        /// What else the error has to be.
        optional data: Pattern,
        /// The variable to keep the error as.
        optional save: Text,
    }
}

record! {
    /// A file.
    pub struct FileParts {
        /// The name that it is uploaded under.
        optional name: Template,
        /// The media type that it is called, with parameters.
        optional media: Text,
        /// What it begins with: hexadecimal bytes.
        optional magic: Text,
        /// A text, after that.
        optional text: Template,
        /// How many bytes it is filled up to, with zeroes after a `magic` and letters after a text.
        optional size: u64,
    }
}

record! {
    /// A token that is not simply a good one.
    pub struct TokenParts {
        /// How it is signed.
        optional signature: SignatureWord,
        /// Claims instead of the usual ones; `null` leaves one out.
        optional claims: Template,
        /// Whether it is an administrator's.
        optional admin: bool,
        /// When it expires, in seconds from now; negative where it has already.
        optional expires_in: i64,
        /// When it begins to be valid, in seconds from now.
        optional valid_in: i64,
        /// A text instead of a token.
        optional raw: Text,
    }
}

words! {
    /// How a token is signed.
    pub enum SignatureWord {
        /// As it should be.
        Good = "good",
        /// With another secret.
        WrongSecret = "wrong_secret",
        /// Over other claims than those that are sent.
        Tampered = "tampered",
        /// With the algorithm `none`.
        None = "none",
        /// With HS512.
        Hs512 = "hs512",
    }
}

impl From<SignatureWord> for Signature {
    fn from(word: SignatureWord) -> Self {
        match word {
            SignatureWord::Good => Signature::Good,
            SignatureWord::WrongSecret => Signature::WrongSecret,
            SignatureWord::Tampered => Signature::Tampered,
            SignatureWord::None => Signature::None,
            SignatureWord::Hs512 => Signature::Hs512,
        }
    }
}

words! {
    /// What carries the packets.
    pub enum TransportWord {
        /// WebSocket from the beginning.
        Websocket = "websocket",
        /// HTTP long-polling, and no upgrade.
        Polling = "polling",
        /// HTTP long-polling, upgraded to WebSocket once the namespace is connected.
        Upgrade = "upgrade",
    }
}

impl From<TransportWord> for Transport {
    fn from(word: TransportWord) -> Self {
        match word {
            TransportWord::Websocket => Transport::Websocket,
            TransportWord::Polling => Transport::Polling,
            TransportWord::Upgrade => Transport::Upgrade,
        }
    }
}

/// `good`, `missing`, or what is special about the token.
#[derive(Clone, Debug)]
pub enum TokenUse {
    /// A good one.
    Good,
    /// None.
    Missing,
    /// A special one.
    Parts(Box<TokenParts>),
}

impl Decode for TokenUse {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            NodeKind::String(word) if word == "good" => Some(TokenUse::Good),
            NodeKind::String(word) if word == "missing" => Some(TokenUse::Missing),
            NodeKind::String(word) => {
                let diagnostic = Diagnostic::new("unknown-word", format!("`{word}` is not one of the choices"));
                cx.report(diagnostic.at(node.span, "unknown").help(instead(word, ["good", "missing"])));
                None
            }
            _ => TokenParts::decode(node, cx).map(|parts| TokenUse::Parts(Box::new(parts))),
        }
    }
}

impl JsonSchema for TokenUse {
    fn schema_name() -> Cow<'static, str> {
        "TokenUse".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let words = json!({ "enum": ["good", "missing"] });
        json_schema!({ "anyOf": [words, generator.subschema_for::<TokenParts>()] })
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

impl FileParts {
    /// The bytes, the text being filled already.
    pub fn bytes(&self, text: &str) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        if let Some(magic) = self.magic.get() {
            let digits: String = magic.value.chars().filter(|character| !character.is_whitespace()).collect();
            for pair in digits.as_bytes().chunks(2) {
                let pair = std::str::from_utf8(pair).map_err(|error| error.to_string())?;
                bytes.push(u8::from_str_radix(pair, 16).map_err(|_| format!("`{pair}` is no hexadecimal byte"))?);
            }
        }
        let filling = if bytes.is_empty() { b'a' } else { 0 };
        bytes.extend_from_slice(text.as_bytes());
        if let Some(size) = self.size.get() {
            bytes.resize(usize::try_from(*size).map_err(|error| error.to_string())?, filling);
        }
        Ok(bytes)
    }
}

impl Step {
    /// What a reader should know of it.
    pub fn note(&self) -> Option<&str> {
        let note = match &self.kind {
            StepKind::Connect(step) => &step.note,
            StepKind::Emit(step) => &step.note,
            StepKind::Expect(step) => &step.note,
            StepKind::Nothing(step) => &step.note,
            StepKind::Call(step) => &step.note,
            StepKind::Fetch(step) => &step.note,
            StepKind::Together(step) => &step.note,
            StepKind::Disconnect(step) => &step.note,
            StepKind::Cut(step) => &step.note,
            StepKind::Closed(step) => &step.note,
            StepKind::Expired(step) => &step.note,
            StepKind::SendRaw(step) => &step.note,
            StepKind::Set(step) => &step.note,
        };
        note.get().map(Text::as_str)
    }

    /// The step in a line, for reports.
    pub fn describe(&self) -> String {
        let names = |names: &accord_codegen::source::Slot<Names>| {
            names.get().map(|names| names.0.iter().map(Text::as_str).collect::<Vec<_>>().join(", ")).unwrap_or_default()
        };
        let text = |text: &accord_codegen::source::Slot<Text>| text.get().map_or("", Text::as_str).to_owned();
        let value = |template: &accord_codegen::source::Slot<Template>| {
            template.get().map(|template| format!(" {}", crate::pattern::shown(&template.0))).unwrap_or_default()
        };
        match &self.kind {
            StepKind::Connect(step) => match step.refused.get() {
                Some(message) => format!("{} is refused: {}", names(&step.connect), message.value),
                None => format!("{} connects", names(&step.connect)),
            },
            StepKind::Emit(step) => {
                let times = step.times.get().map(|times| format!(" {times} times")).unwrap_or_default();
                let fails =
                    step.fails.get().map(|fails| format!(", which fails: {}", text(&fails.error))).unwrap_or_default();
                format!("{} emits {}{}{times}{fails}", text(&step.by), text(&step.emit), value(&step.data))
            }
            StepKind::Expect(step) => format!("{} sees {}", names(&step.at), text(&step.expect)),
            StepKind::Nothing(step) => format!("{} sees nothing more", names(&step.nothing)),
            StepKind::Call(step) => {
                let fails =
                    step.fails.get().map(|fails| format!(", which fails: {}", text(&fails.error))).unwrap_or_default();
                let caller = if step.by.is_absent() { "nobody".to_owned() } else { text(&step.by) };
                format!("{caller} calls {}{}{fails}", text(&step.call), value(&step.input))
            }
            StepKind::Fetch(step) => format!("fetch{}", value(&step.fetch)),
            StepKind::Together(step) => {
                let steps = step.together.get().into_iter().flatten().map(Step::describe).collect::<Vec<_>>();
                format!("at once: {}", steps.join("; "))
            }
            StepKind::Disconnect(step) => format!("{} disconnects", names(&step.disconnect)),
            StepKind::Cut(step) => format!("{} is cut off", names(&step.cut)),
            StepKind::Closed(step) => format!("{} is disconnected by the server", names(&step.closed)),
            StepKind::Expired(step) => format!("the token of {} expires", names(&step.expired)),
            StepKind::SendRaw(step) => format!("{} sends{} as it stands", text(&step.by), value(&step.send_raw)),
            StepKind::Set(step) => {
                let entries = step.set.get().into_iter().flat_map(|set| &set.entries);
                format!("set {}", entries.map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(", "))
            }
        }
    }
}
