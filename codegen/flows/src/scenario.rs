//! Scenarios: one for each flow and each combination of its axes' values.

use std::{collections::HashMap, path::Path, sync::Arc};

use accord_language::{
    Model,
    diagnostic::{Diagnostic, Diagnostics, Sources, Span, instead},
    source::{self, Any, Context, Decode, Named, Slot, Text},
};

use super::{
    document::{Axis, Flow, FlowFile},
    step::{Failure, Names, Step, StepKind},
    tables::is_table,
    transport::Transport,
    words::{WordsFile, exchange},
};
use crate::pattern::Pattern;

/// The users and rooms of a case, which no other case uses.
#[derive(Clone, Debug, Default)]
pub struct Fixture {
    /// The users.
    pub users: Vec<FixtureUser>,
    /// The rooms.
    pub rooms: Vec<FixtureRoom>,
}

/// A user of a case.
#[derive(Clone, Debug)]
pub struct FixtureUser {
    /// The user's name in the case.
    pub name: String,
    /// The user's id on the server.
    pub id: String,
    /// Whether the user is new to the server in each run.
    pub stranger: bool,
}

/// A room of a case.
#[derive(Clone, Debug)]
pub struct FixtureRoom {
    /// The room's name in the case.
    pub name: String,
    /// The scope, by its name in the schema.
    pub scope: String,
    /// The room's id on the server.
    pub id: String,
    /// The members, by their names in the case.
    pub members: Vec<String>,
}

/// A flow with its axes' values.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// `file/flow`, and the axes' values in brackets.
    pub name: String,
    /// The summary of its file.
    pub summary: String,
    /// The flow, in the words of its scope.
    pub flow: Flow,
    /// The scope of the rooms that do not name one.
    pub scope: String,
    /// The transport of connections that do not name one.
    pub transport: Transport,
    /// `true` if events are acknowledged, where the flow does not say.
    pub acknowledged: bool,
    /// Its users and rooms.
    pub fixture: Fixture,
    /// The payload of the event that greets a connection, unless the flow expects another.
    pub connected: Option<Pattern>,
    sources: Arc<Sources>,
}

impl Scenario {
    /// The place of `span`: `flows/file.yaml:line:column`.
    pub fn location(&self, span: Span) -> String {
        self.sources.location(span)
    }
}

/// All scenarios of `files`, by their paths and texts, and of no others.
///
/// # Errors
/// All errors in the flows.
pub fn read(files: &[(&str, &str)], model: &Model) -> Result<Vec<Scenario>, Diagnostics> {
    let mut cx = Context::default();
    let words = WordsFile::read(files, &mut cx);
    let mut drafts = Vec::new();
    let mut known: HashMap<String, Span> = HashMap::new();
    for (path, text) in files.iter().filter(|(path, _)| !is_table(path)) {
        let Some(Any(node)) = source::read_text(path, text, &mut cx) else { continue };
        let Some(file) = FlowFile::decode(&node, &mut cx) else { continue };
        let nodes = node.get("flows").and_then(|flows| Named::<Any>::decode(flows, &mut cx));
        let summary = file.summary.get().map(|summary| summary.value.clone()).unwrap_or_default();
        let begin = drafts.len();
        let flows = file.flows.into_option().map(|flows| flows.entries).unwrap_or_default();
        for (flow, node) in flows.into_iter().zip(nodes.map(|nodes| nodes.entries).unwrap_or_default()) {
            if let Some(first) = known.insert(flow.name.value.clone(), flow.name.span) {
                let diagnostic =
                    Diagnostic::new("duplicate-flow", format!("there are two flows `{}`", flow.name.value))
                        .at(flow.name.span, "the second")
                        .and(first, "the first")
                        .help("names must be unique across all files, because users and rooms are named after them");
                cx.report(diagnostic);
            }
            let (Some(flow_value), Some(Any(node))) = (flow.value, node.value) else { continue };
            let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
            expand(&stem, flow.name.as_str(), &flow_value, &node, words.as_ref(), model, &mut cx, &mut drafts);
        }
        drafts[begin..].iter_mut().for_each(|draft| draft.summary.clone_from(&summary));
    }
    if !cx.diagnostics.is_empty() {
        return Err(Diagnostics::new(cx.sources, cx.diagnostics));
    }
    let sources = Arc::new(cx.sources);
    for draft in &mut drafts {
        draft.sources = sources.clone();
    }
    Ok(drafts)
}

#[expect(clippy::too_many_arguments, reason = "each is a part of the one thing that it expands")]
fn expand(
    file: &str,
    name: &str,
    written: &Flow,
    node: &source::Node,
    words: Option<&WordsFile>,
    model: &Model,
    cx: &mut Context,
    drafts: &mut Vec<Scenario>,
) {
    let across = written.across.get().cloned().unwrap_or_default();
    let varied = |axis: Axis| across.contains(&axis);
    let scopes: Vec<&str> = model.scopes.iter().map(|scope| scope.name.as_str()).collect();
    let Some(first_scope) = scopes.first().copied() else { return };
    let own = written.scope.get().and_then(|own| {
        let known = scopes.iter().copied().find(|scope| *scope == own.as_str());
        if known.is_none() {
            let diagnostic = Diagnostic::new("unknown-name", format!("the protocol has no scope `{}`", own.value));
            cx.report(diagnostic.at(own.span, "unknown").help(instead(own.as_str(), scopes.iter().copied())));
        }
        known
    });
    let in_words = |scope: &&str| *scope == first_scope || words.is_some_and(|words| words.has(scope));
    let scopes = match varied(Axis::Scope) {
        true => scopes.into_iter().filter(in_words).collect(),
        false => vec![own.unwrap_or(first_scope)],
    };
    let transports = if varied(Axis::Transport) { &Transport::ALL[..] } else { &[Transport::Websocket] };
    let acknowledgements = if varied(Axis::Acknowledged) { &[true, false][..] } else { &[true] };
    for scope in &scopes {
        // A flow of one scope is written in the words of that.
        let words_of_scope = words.filter(|_| varied(Axis::Scope)).map(|words| words.of(scope)).unwrap_or_default();
        let node = exchange(node, &words_of_scope);
        for transport in transports {
            for acknowledged in acknowledgements {
                let Some(flow) = Flow::decode(&node, cx) else { continue };
                let mut values = Vec::new();
                if varied(Axis::Scope) {
                    values.push(*scope);
                }
                if varied(Axis::Transport) {
                    values.push(transport.name());
                }
                if varied(Axis::Acknowledged) {
                    values.push(if *acknowledged { "acknowledged" } else { "unacknowledged" });
                }
                let fixture = fixture(name, scope, &values, &flow, cx);
                Checker { model, fixture: &fixture, cx }.flow(&flow);
                let variant = if values.is_empty() { String::new() } else { format!("[{}]", values.join(", ")) };
                drafts.push(Scenario {
                    name: format!("{file}/{name}{variant}"),
                    summary: String::new(),
                    scope: (*scope).to_owned(),
                    transport: *transport,
                    acknowledged: *acknowledged,
                    fixture,
                    connected: words.and_then(|words| words.connected.get().cloned()),
                    flow,
                    sources: Arc::default(),
                });
            }
        }
    }
}

fn fixture(name: &str, scope: &str, values: &[&str], flow: &Flow, cx: &mut Context) -> Fixture {
    let mut prefix = name.to_owned();
    for value in values {
        prefix.push('.');
        prefix.push_str(value);
    }
    let mut fixture = Fixture::default();
    let mut add = |names: &Slot<Vec<Text>>, stranger: bool| {
        for name in names.get().into_iter().flatten() {
            fixture.users.push(FixtureUser {
                name: name.value.clone(),
                id: format!("{prefix}.{}", name.value),
                stranger,
            });
        }
    };
    add(&flow.users, false);
    add(&flow.strangers, true);
    for number in 0..flow.crowd.get().copied().unwrap_or_default() {
        let name = format!("crowd_{number}");
        fixture.users.push(FixtureUser { id: format!("{prefix}.{name}"), name, stranger: false });
    }
    for (scope, rooms) in flow.rooms_by_scope(scope) {
        for room in rooms.get().into_iter().flat_map(|rooms| &rooms.entries) {
            let members = room.value.as_deref().unwrap_or_default();
            for member in members {
                if !fixture.users.iter().any(|user| user.name == member.value && !user.stranger) {
                    let names = fixture.users.iter().filter(|user| !user.stranger).map(|user| user.name.as_str());
                    let diagnostic =
                        Diagnostic::new("unknown-user", format!("the flow has no user `{}`", member.value))
                            .at(member.span, "not under `users`")
                            .help(instead(&member.value, names));
                    cx.report(diagnostic);
                }
            }
            fixture.rooms.push(FixtureRoom {
                name: room.name.value.clone(),
                scope: scope.to_owned(),
                id: format!("{prefix}.{}", room.name.value),
                members: members.iter().map(|member| member.value.clone()).collect(),
            });
        }
    }
    fixture
}

/// Checks the names in a flow against the protocol and the flow itself.
struct Checker<'a> {
    model: &'a Model,
    fixture: &'a Fixture,
    cx: &'a mut Context,
}

impl Checker<'_> {
    fn flow(&mut self, flow: &Flow) {
        self.steps(flow.steps.get().map(Vec::as_slice).unwrap_or_default());
    }

    fn steps(&mut self, steps: &[Step]) {
        steps.iter().for_each(|step| self.step(step));
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Connect(step) => self.actors(&step.connect),
            StepKind::Emit(step) => {
                self.actor(step.by.get());
                let unknown = &self.model.errors[self.model.gateway.unknown_event.0].name;
                let meant = step.fails.get().is_some_and(|fails| fails.errors().any(|error| error == unknown));
                if !meant {
                    let known = self.model.client_events().map(|event| event.name.as_str()).collect();
                    self.known(&step.emit, "client event", known);
                }
                self.failure(&step.fails, false);
            }
            StepKind::Expect(step) => {
                self.actors(&step.at);
                let known = self.model.server_events().map(|event| event.name.as_str()).collect();
                self.known(&step.expect, "server event", known);
            }
            StepKind::Nothing(step) => self.actors(&step.nothing),
            StepKind::Call(step) => {
                self.actor(step.by.get());
                let operations = &self.model.http.operations;
                self.known(
                    &step.call,
                    "operation",
                    operations.iter().map(|operation| operation.name.as_str()).collect(),
                );
                self.failure(&step.fails, true);
            }
            StepKind::Together(step) => self.steps(step.together.get().map(Vec::as_slice).unwrap_or_default()),
            StepKind::Disconnect(step) => self.actors(&step.disconnect),
            StepKind::Cut(step) => self.actors(&step.cut),
            StepKind::Closed(step) => self.actors(&step.closed),
            StepKind::Expired(step) => self.actors(&step.expired),
            StepKind::SendRaw(step) => self.actor(step.by.get()),
            StepKind::Fetch(_) | StepKind::Set(_) => {}
        }
    }

    /// Returns whether it is that of a `rest` call, or of an event.
    fn failure(&mut self, failure: &Slot<Failure>, rest: bool) {
        if let Some(failure) = failure.get() {
            let message = match (failure.error.is_absent(), failure.status.is_absent(), rest) {
                (true, true, _) => Some("this failure does not say what is expected"),
                (_, false, false) => Some("only a REST call fails with a status"),
                _ => None,
            };
            if let Some(message) = message {
                let diagnostic = Diagnostic::new("vague-failure", message).at(failure.span, "any failure would do");
                self.cx.report(diagnostic.help("name an error of the schema: `fails: { error: … }`"));
            }
            let known: Vec<&str> = self.model.errors.iter().map(|error| error.name.as_str()).collect();
            for error in failure.error.get().into_iter().flat_map(|names| &names.0) {
                self.known_name(error, "error", known.clone());
            }
        }
    }

    fn known(&mut self, name: &Slot<Text>, what: &str, known: Vec<&str>) {
        if let Some(name) = name.get() {
            self.known_name(name, what, known);
        }
    }

    fn known_name(&mut self, name: &Text, what: &str, known: Vec<&str>) {
        if !known.contains(&name.as_str()) {
            let diagnostic = Diagnostic::new("unknown-name", format!("the protocol has no {what} `{}`", name.value));
            self.cx.report(diagnostic.at(name.span, "unknown").help(instead(&name.value, known)));
        }
    }

    fn actors(&mut self, names: &Slot<Names>) {
        for name in names.get().into_iter().flat_map(|names| &names.0) {
            self.actor(Some(name));
        }
    }

    fn actor(&mut self, name: Option<&Text>) {
        let Some(name) = name else { return };
        let user = name.value.split('/').next().unwrap_or_default();
        if !self.fixture.users.iter().any(|known| known.name == user) {
            let names: Vec<&str> = self.fixture.users.iter().map(|user| user.name.as_str()).collect();
            let diagnostic = Diagnostic::new("unknown-user", format!("the flow has no user `{user}`"))
                .at(name.span, "not under `users`")
                .help(instead(user, names));
            self.cx.report(diagnostic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> String {
        let model = accord_language::load("../../schema/chat.yaml").unwrap();
        let words = "words: { conversation: { send_message: send_direct_message, channelId: conversationId } }";
        match read(&[("words.yaml", words), ("test.yaml", text)], &model) {
            Ok(scenarios) => scenarios.iter().map(|scenario| format!("{}\n", scenario.name)).collect(),
            Err(diagnostics) => diagnostics.to_string(),
        }
    }

    #[test]
    fn unreadable_flows_are_reported_with_their_lines_and_a_remedy() {
        insta::assert_snapshot!(outcome(
            r"
summary: Flows with mistakes.
flows:
  mistaken:
    summary: All that can be wrong with steps.
    documents: [Send Message]
    users: [alice]
    steps:
      - { emit: send_message, as: alice, data: { id: <id>, content: { $repeet: [a, 2] } } }
      - { expect: new_message, at: alice, data: { id: <idd>, content: { $repeat: [a, 2], more: 1 } } }
      - { call: list_messages, as: alice, inputs: {} }
      - { nothing: alice, expect: new_message }
      - emmit: send_message
      - { connect: alice, auth: bad, transport: pigeon }
"
        ));
    }

    #[test]
    fn unknown_names_are_reported_with_their_lines_and_remedies() {
        insta::assert_snapshot!(outcome(
            r"
summary: Flows with mistakes.
flows:
  mistaken:
    summary: All that can be wrong with names.
    documents: [Send Message]
    users: [alice, bob]
    rooms: { general: [alice, bop] }
    steps:
      - connect: alise
      - { emit: send_mesage, as: alice }
      - { emit: send_message, as: alice, fails: { error: channel_dened } }
      - { expect: new_mesage, at: [alice, carol/phone] }
      - { call: list_mesages, as: alice }
      - { emit: send_message, as: alice, fails: {} }
      - { emit: send_message, as: alice, fails: { status: 400 } }
"
        ));
    }

    #[test]
    fn a_flow_has_rooms_of_the_scope_that_it_names() {
        let model = accord_language::load("../../schema/chat.yaml").unwrap();
        let flow = |scope: &str| {
            format!(
                "summary: One flow.\nflows:\n  one:\n    summary: A flow.\n    documents: [Join Conversation]\n    \
                 scope: {scope}\n    users: [alice]\n    rooms: {{ general: [alice] }}\n    steps:\n      \
                 - {{ emit: join_conversation, as: alice, data: {{ conversationId: $general }} }}\n"
            )
        };
        let scenarios = read(&[("test.yaml", &flow("conversation"))], &model).unwrap();
        let rooms: Vec<&str> = scenarios[0].fixture.rooms.iter().map(|room| room.scope.as_str()).collect();
        assert_eq!((scenarios[0].scope.as_str(), rooms), ("conversation", vec!["conversation"]));
        let report = outcome(&flow("conversaton"));
        assert!(
            report.contains("the protocol has no scope `conversaton`") && report.contains("did you mean"),
            "{report}"
        );
    }

    #[test]
    fn a_flow_becomes_a_scenario_for_each_combination() {
        let text = r"
summary: One flow.
flows:
  varied:
    summary: A flow across two axes.
    documents: [Send Message]
    across: [scope, acknowledged]
    users: [alice]
    rooms: { general: [alice] }
    steps:
      - { emit: send_message, as: alice, data: { content: Hi, channelId: $general } }
";
        insta::assert_snapshot!(outcome(text), @r"
        test/varied[channel, acknowledged]
        test/varied[channel, unacknowledged]
        test/varied[conversation, acknowledged]
        test/varied[conversation, unacknowledged]
        ");
    }
}
