//! Flows as the documentation draws them: the messages, without the further checks of the server.

use accord_language::{
    Model,
    diagnostic::Diagnostics,
    model::Emit,
    source::{Slot, Text},
};
use serde_json::Value;

use super::{
    drawing::{Action, Answer, Chapter, Flow, Step as Drawn},
    scenario::{Scenario, read},
    step::{CallStep, ConnectStep, EmitStep, Failure, Names, Step, StepKind},
    token::TokenUse,
    transport::Transport,
};

/// The name of a caller without a token.
const ANYBODY: &str = "anybody";

/// The number of equal steps that are drawn one after the other; further ones are only counted.
const ALIKE: usize = 2;

/// The maximum length of a payload that is shown.
const DETAIL: usize = 48;

/// The flows of `files`, by their paths and texts: a chapter for each file. Of a flow with variants the first is drawn,
/// over WebSocket and with acknowledgements; those that only prepare other cases are not.
///
/// # Errors
/// Everything that is wrong with the flows.
pub fn chapters(files: &[(&str, &str)], model: &Model) -> Result<Vec<Chapter>, Diagnostics> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for scenario in read(files, model)? {
        let name = scenario.name.split('[').next().unwrap_or_default();
        let Some((chapter, name)) = name.split_once('/') else { continue };
        if scenario.transport != Transport::Websocket || !scenario.acknowledged || scenario.flow.derives.get().is_some()
        {
            continue;
        }
        if chapters.last().is_none_or(|last| last.name != chapter) {
            let (name, summary) = (chapter.to_owned(), scenario.summary.clone());
            chapters.push(Chapter { name, summary, flows: Vec::new() });
        }
        if let Some(chapter) = chapters.last_mut()
            && chapter.flows.last().is_none_or(|flow| flow.name != name)
        {
            chapter.flows.push(draw(name, &scenario, model));
        }
    }
    Ok(chapters)
}

fn draw(name: &str, scenario: &Scenario, model: &Model) -> Flow {
    let text = |text: &Slot<Text>| text.get().map(|text| text.value.trim().to_owned());
    let mut drawing = Drawing { scenario, model, clients: Vec::new(), steps: Vec::new() };
    let steps = scenario.flow.steps.get().map(Vec::as_slice).unwrap_or_default();
    let begin = steps.iter().take_while(|step| is_plain_connect(step)).count();
    drawing.connected(&steps[..begin]);
    drawing.all(&steps[begin..]);
    Flow {
        name: name.to_owned(),
        summary: text(&scenario.flow.summary).unwrap_or_default(),
        description: text(&scenario.flow.description),
        steps: drawing.counted(),
        clients: drawing.clients,
    }
}

/// A flow while it is drawn.
struct Drawing<'a> {
    scenario: &'a Scenario,
    model: &'a Model,
    clients: Vec<String>,
    steps: Vec<Drawn>,
}

impl Drawing<'_> {
    /// Those who are connected before anything happens.
    fn connected(&mut self, steps: &[Step]) {
        let mut clients = Vec::new();
        for step in steps {
            if let StepKind::Connect(step) = &step.kind {
                clients.extend(self.clients_of(&step.connect));
            }
        }
        if !clients.is_empty() {
            self.add(drawn(clients, Action::Alone("connected".to_owned())));
        }
    }

    fn all(&mut self, steps: &[Step]) {
        for step in steps {
            let before = self.steps.len();
            self.step(step);
            if let (Some(first), Some(note)) = (self.steps.get_mut(before), step.note()) {
                first.note = Some(note.to_owned());
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Connect(step) => self.connect(step),
            StepKind::Emit(step) => self.emit(step),
            StepKind::Call(step) => self.call(step),
            StepKind::Expect(step) => {
                let clients = self.clients_of(&step.at);
                let detail = step.data.get().and_then(|data| self.detail(&data.0));
                self.add(Drawn { detail, ..drawn(clients, Action::Event(word(&step.expect))) });
            }
            StepKind::Fetch(step) => {
                let client = self.client(ANYBODY);
                let what = step.fetch.get().map(|url| value(&url.0)).unwrap_or_default();
                let refused = step.refused.get().copied().unwrap_or_default();
                let answer = if refused { Answer::Refusal("refused".to_owned()) } else { Answer::Success };
                let fetches = drawn(vec![client], Action::Ask(format!("fetches {what}")));
                self.add(Drawn { answer: Some(answer), ..fetches });
            }
            StepKind::Together(step) => {
                let before = self.steps.len();
                self.all(step.together.get().map(Vec::as_slice).unwrap_or_default());
                if let Some(first) = self.steps.get_mut(before) {
                    first.note = Some("This and the following requests are sent at once.".to_owned());
                }
            }
            StepKind::Nothing(step) => self.plain(&step.nothing, Action::Alone("gets nothing more".to_owned())),
            StepKind::Cut(step) => self.plain(&step.cut, Action::Alone("loses the connection".to_owned())),
            StepKind::Disconnect(step) => self.plain(&step.disconnect, Action::Ask("disconnects".to_owned())),
            StepKind::Closed(step) => self.plain(&step.closed, Action::Tell("disconnects".to_owned())),
            StepKind::Expired(step) => {
                let gateway = &self.model.gateway;
                let detail = Some(self.model.errors[gateway.token_expired.0].code.clone());
                let clients = self.clients_of(&step.expired);
                self.add(Drawn { detail, ..drawn(clients.clone(), Action::Event(gateway.error_event.clone())) });
                self.add(drawn(clients, Action::Tell("closes the connection".to_owned())));
            }
            StepKind::SendRaw(step) => {
                let client = self.client(&word(&step.by));
                let packet = step.send_raw.get().map(|packet| value(&packet.0)).unwrap_or_default();
                self.add(drawn(vec![client], Action::Ask(format!("sends the packet {}", shortened(packet)))));
            }
            StepKind::Set(_) => {}
        }
    }

    fn connect(&mut self, step: &ConnectStep) {
        let token = match (step.auth.get(), step.query.get()) {
            (Some(TokenUse::Missing), None) => Some("without a token".to_owned()),
            (Some(TokenUse::Parts(parts)), _) => Some(parts.describe()),
            (None, Some(TokenUse::Parts(parts))) => Some(format!("{}, in the query", parts.describe())),
            (None, Some(_)) => Some("with the token in the query".to_owned()),
            (Some(TokenUse::Good), Some(_)) => Some("with a good token, and another in the query".to_owned()),
            _ => None,
        };
        let version = step.protocol.get().map(|version| format!("and speaks {}", version.value));
        let shown = token.into_iter().chain(version).collect::<Vec<_>>();
        let clients = self.clients_of(&step.connect);
        let refused = step.refused.get().map(|message| Answer::Refusal(format!("connect_error: {}", message.value)));
        let accepted = refused.is_none();
        self.add(Drawn {
            detail: (!shown.is_empty()).then(|| shown.join(", ")),
            answer: refused,
            ..drawn(clients.clone(), Action::Ask("connects".to_owned()))
        });
        let told = |emit: &&Emit| accepted && emit.always_answers();
        for emit in self.model.connect.emits.iter().filter(told) {
            self.add(drawn(clients.clone(), Action::Event(emit.event.clone())));
        }
    }

    fn emit(&mut self, step: &EmitStep) {
        let gateway = &self.model.gateway;
        let event = word(&step.emit);
        let action = match self.model.client_event(&event) {
            Some(_) => Action::Emit(event),
            None => Action::Ask(event),
        };
        let limited = step.until_limited.get().copied().unwrap_or_default();
        let times = match step.times.get() {
            _ if limited => Some("until it is limited".to_owned()),
            times => times.map(|times| format!("{times} times")),
        };
        let payload = step.data.get().and_then(|data| self.detail(&data.0));
        let token = match step.token.get() {
            Some(TokenUse::Parts(parts)) => Some(parts.describe()),
            _ => None,
        };
        let detail = payload.into_iter().chain(token).chain(times).collect::<Vec<_>>().join(", ");
        let rate_limited = &self.model.errors[gateway.rate_limited.0].name;
        let failure = match step.fails.get() {
            Some(failure) => Some(self::failure(failure)),
            None => limited.then(|| Answer::Failure(vec![rate_limited.clone()])),
        };
        let clients = vec![self.client(&word(&step.by))];
        let acknowledged = step.ack.get().copied().unwrap_or(self.scenario.acknowledged);
        let emits =
            Drawn { detail: Some(detail).filter(|detail| !detail.is_empty()), ..drawn(clients.clone(), action) };
        match failure {
            Some(Answer::Failure(errors)) if !acknowledged => {
                self.add(emits);
                let told = drawn(clients, Action::Event(gateway.error_event.clone()));
                let codes = errors.iter().map(|name| self.code(name)).collect::<Vec<_>>().join(" or ");
                self.add(Drawn { detail: Some(codes), ..told });
            }
            failure => {
                let answer = failure.or_else(|| acknowledged.then_some(Answer::Success));
                self.add(Drawn { answer, ..emits });
            }
        }
    }

    fn call(&mut self, step: &CallStep) {
        let client = self.client(&word(&step.by));
        let file = step.file.get().and_then(|file| file.name.get()).map(|name| shortened(value(&name.0)));
        let detail = step.input.get().and_then(|input| self.detail(&input.0)).or(file);
        let answer = Some(step.fails.get().map_or(Answer::Success, failure));
        self.add(Drawn { detail, answer, ..drawn(vec![client], Action::Call(word(&step.call))) });
    }

    /// The code of an error.
    fn code(&self, name: &str) -> String {
        let known = self.model.errors.iter().find(|error| error.name == name);
        known.map_or(name, |error| error.code.as_str()).to_owned()
    }

    fn plain(&mut self, names: &Slot<Names>, action: Action) {
        let clients = self.clients_of(names);
        self.add(drawn(clients, action));
    }

    fn add(&mut self, step: Drawn) {
        self.steps.push(step);
    }

    fn clients_of(&mut self, names: &Slot<Names>) -> Vec<usize> {
        names.get().into_iter().flat_map(|names| &names.0).map(|name| self.client(name.as_str())).collect()
    }

    /// An actor. A user with several sockets calls with the first one; a call without a name is anonymous.
    fn client(&mut self, name: &str) -> usize {
        let name = if name.is_empty() { ANYBODY } else { name };
        let known = self.clients.iter().position(|client| client == name);
        let device = || self.clients.iter().position(|client| client.split('/').next() == Some(name));
        known.or_else(device).unwrap_or_else(|| {
            self.clients.push(name.to_owned());
            self.clients.len() - 1
        })
    }

    /// The members of a payload or expectation that say something in a few characters. If there is only one room, they
    /// need not name it.
    fn detail(&self, data: &Value) -> Option<String> {
        let mut detail = String::new();
        for (name, member) in data.as_object()?.iter().filter(|(name, _)| !name.starts_with('$')) {
            let text = member.as_str().unwrap_or_default();
            let the_room = self.scenario.fixture.rooms.len() == 1
                && text.strip_prefix('$') == Some(&self.scenario.fixture.rooms[0].name);
            if member.is_null() || text.starts_with('<') || the_room {
                continue;
            }
            if !detail.is_empty() {
                detail += ", ";
            }
            let member = shortened(format!("{name}: {}", value(member)));
            if detail.chars().count() + member.chars().count() > DETAIL {
                return Some(detail + "…");
            }
            detail += &member;
        }
        Some(detail).filter(|detail| !detail.is_empty())
    }

    /// The steps; of many of one kind only the first, and how many there are more.
    fn counted(&mut self) -> Vec<Drawn> {
        let kind = |step: &Drawn| (step.clients.clone(), step.action.clone(), step.answer.clone());
        let mut counted = Vec::new();
        for run in std::mem::take(&mut self.steps).chunk_by(|a, b| kind(a) == kind(b) && b.note.is_none()) {
            let shown = if run.len() > ALIKE + 1 { ALIKE } else { run.len() };
            counted.extend_from_slice(&run[..shown]);
            if shown < run.len() {
                let more = format!("… and {} more like these", run.len() - shown);
                counted.push(drawn(run[0].clients.clone(), Action::Alone(more)));
            }
        }
        counted
    }
}

/// Returns whether it tells the reader nothing.
fn is_plain_connect(step: &Step) -> bool {
    let StepKind::Connect(connect) = &step.kind else { return false };
    let plain = connect.note.is_absent() && connect.data.is_absent() && connect.refused.is_absent();
    let plain = plain && connect.protocol.is_absent();
    plain && connect.auth.is_absent() && connect.query.is_absent() && connect.transport.is_absent()
}

fn drawn(clients: Vec<usize>, action: Action) -> Drawn {
    Drawn { clients, action, detail: None, answer: None, note: None }
}

fn failure(failure: &Failure) -> Answer {
    match failure.status.get() {
        Some(status) => Answer::Refusal(format!("status {status}")),
        None => Answer::Failure(failure.errors().map(str::to_owned).collect()),
    }
}

/// A text, or nothing.
fn word(text: &Slot<Text>) -> String {
    text.get().map(|text| text.value.clone()).unwrap_or_default()
}

/// A value in a few characters: a variable by its name, and a value with parts without its parts.
fn value(value: &Value) -> String {
    match value {
        Value::String(text) if text.starts_with('$') => text.trim_start_matches('$').to_owned(),
        Value::String(text) => format!("“{}”", text.replace("${run}", "…")),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(_) => "[…]".to_owned(),
        Value::Object(members) if members.keys().any(|name| name.starts_with('$')) => "…".to_owned(),
        Value::Object(_) => "{…}".to_owned(),
        scalar => scalar.to_string(),
    }
}

fn shortened(text: String) -> String {
    if text.chars().count() <= DETAIL {
        return text;
    }
    text.chars().take(DETAIL - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_drawn_without_the_steps_that_only_the_suite_needs() {
        let text = r"
summary: What clients do.
flows:
  drawn:
    summary: One flow.
    description: Of everything.
    documents: [Send Message]
    across: [scope, transport, acknowledged]
    users: [alice, bob]
    rooms: { general: [alice, bob] }
    steps:
      - connect: [alice, bob/phone]
      - connect: bob/desk
        note: Late.
        auth: { signature: wrong_secret, expires_in: -5 }
        refused: Authentication failed
      - { emit: join_channel, as: alice, data: { channelId: $general } }
      - { expect: joined_channel, at: alice, data: { channelId: $general } }
      - { emit: send_message, as: alice, data: { content: 'Hi ${run}', channelId: $general, replyToId: null }, ok: { id: <id> } }
      - { emit: send_message, as: alice, data: { content: Hi, channelId: none }, fails: { error: channel_denied } }
      - { emit: send_message, as: alice, ack: false, fails: { error: [channel_denied, invalid_payload] } }
      - { set: { long: { $repeat: [a, 9] } } }
      - { emit: ping, as: bob/phone, times: 9 }
      - { emit: ping, as: bob/phone, until_limited: true }
      - together:
          - { call: list_messages, as: bob, input: { channelId: $general, limit: 1 } }
          - { call: upload_file, file: { name: a.txt }, fails: { status: 415 } }
      - { fetch: $file.url, refused: true }
      - { emit: leave_channel, as: alice, data: { channelId: a } }
      - { emit: leave_channel, as: alice, data: { channelId: b } }
      - { emit: leave_channel, as: alice, data: { channelId: c } }
      - { emit: leave_channel, as: alice, data: { channelId: d } }
      - { send_raw: '42[', as: alice }
      - nothing: [alice, bob/phone]
      - cut: alice
      - expired: bob/phone
        within_ms: 2000
        data: {}
";
        let model = accord_language::load("../../schema/chat.yaml").unwrap();
        let chapters = chapters(&[("test.yaml", text)], &model).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
        let [Chapter { name, summary, flows }] = chapters.as_slice() else { panic!("{chapters:?}") };
        let [flow] = flows.as_slice() else { panic!("{flows:?}") };
        assert_eq!((name.as_str(), summary.as_str()), ("test", "What clients do."));
        assert_eq!((flow.name.as_str(), flow.summary.as_str()), ("drawn", "One flow."));
        assert_eq!(flow.description.as_deref(), Some("Of everything."));
        assert_eq!(flow.clients, ["alice", "bob/phone", "bob/desk", "anybody"]);
        let line = |step: &Drawn| {
            let Drawn { clients, action, detail, answer, note } = step;
            let answer = answer.as_ref().map(|answer| format!("{answer:?}"));
            let rest = [detail, &answer, note].into_iter().flatten().cloned().collect::<Vec<_>>().join(" / ");
            format!("{}\n", format!("{clients:?} {action:?} {rest}").trim_end())
        };
        insta::assert_snapshot!(flow.steps.iter().map(line).collect::<String>(), @r#"
        [0, 1] Alone("connected")
        [2] Ask("connects") with a token signed with another secret, that expired 5 s ago / Refusal("connect_error: Authentication failed") / Late.
        [0] Emit("join_channel") Success
        [0] Event("joined_channel")
        [0] Emit("send_message") content: “Hi …” / Success
        [0] Emit("send_message") content: “Hi”, channelId: “none” / Failure(["channel_denied"])
        [0] Emit("send_message")
        [0] Event("error") access_denied or invalid_payload
        [1] Emit("ping") 9 times / Success
        [1] Emit("ping") until it is limited / Failure(["rate_limited"])
        [1] Call("list_messages") limit: 1 / Success / This and the following requests are sent at once.
        [3] Call("upload_file") “a.txt” / Refusal("status 415")
        [3] Ask("fetches file.url") Refusal("refused")
        [0] Emit("leave_channel") channelId: “a” / Success
        [0] Emit("leave_channel") channelId: “b” / Success
        [0] Alone("… and 2 more like these")
        [0] Ask("sends the packet “42[”")
        [0, 1] Alone("gets nothing more")
        [0] Alone("loses the connection")
        [1] Event("error") token_expired
        [1] Tell("closes the connection")
        "#);
    }
}
