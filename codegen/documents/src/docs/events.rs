//! Pages of events: one for each domain.

use accord_flows::drawing::{Action, Chapter};
use accord_language::model::{
    Ack, ClientEvent, Domain, Emit, Field, LimitId, Model, RoomAction, ServerEvent, Shape, TypeId,
};

use super::{
    connecting, emits, errors, examples,
    flows::showing,
    logs,
    page::{Anchor, Block, Group, Inline, Kind, Page, Rich, Section, code, join, plain},
    rooms, samples, text,
    types::{self, Reader},
};
use crate::sentences;

/// The page of a domain.
pub(super) fn page(model: &Model, domain: &Domain, flows: &[Chapter]) -> Page {
    let client = domain.client.iter().map(|event| sent(model, event, flows));
    let server = domain.server.iter().map(|event| received(model, event, flows));
    let mut lead = vec![Block::Paragraph(text::inline(&domain.doc.summary))];
    lead.extend(types::about(&domain.doc));
    Page {
        group: Group::Events,
        path: path(domain),
        title: text::title(&domain.name),
        label: None,
        lead,
        sections: client.chain(server).collect(),
    }
}

/// The path of a domain's page.
pub(super) fn path(domain: &Domain) -> String {
    format!("events/{}", domain.name)
}

fn sent(model: &Model, event: &ClientEvent, flows: &[Chapter]) -> Section {
    let mut blocks = types::about(&event.doc);
    let mut facts = Vec::new();
    facts.extend(access(model, event).map(|access| ("Access", access)));
    facts.extend(event.room.map(|action| ("Room", room(action))));
    facts.extend(event.renews.as_ref().map(|token| ("Connection", renewal(model, token))));
    facts.extend(model.joined_log(event).map(|_| ("Log", linked(sentences::CATCHES_UP, logs::link(model)))));
    facts.push(("Answer", answer(model, event)));
    facts.extend(
        event
            .idempotent
            .as_deref()
            .map(|key| ("Once", linked(&sentences::sent_once(key), logs::sending_once(model, "Sending once")))),
    );
    if !event.emits.is_empty() {
        let follows = event.emits.iter().map(|emit| emits::follows(model, event.scope, &event.also, emit));
        facts.push(("Then", join(follows, "; ")));
    }
    facts.push(("Limit", limit(model, event.limit)));
    facts.extend(showing(flows, &Action::Emit(event.name.clone())).map(|flows| ("Flows", flows)));
    blocks.push(Block::Facts(facts));
    blocks.extend(payload(model, event.payload, None, Reader::Maker));
    blocks.push(Block::Heading { text: vec![plain("Errors")], anchor: None });
    blocks.push(errors::list(model, &model.event_errors(event), &event.failure));
    let example = event.example.clone().or_else(|| examples::of_id(model, event.payload?));
    let mut copied = vec![samples::send(model, event, example.as_ref())];
    if let Some(data) = examples::acknowledgement(model, event) {
        copied.push(samples::json("Answer", &serde_json::json!({ "ok": true, "data": data })));
    }
    Section {
        anchor: Anchor::Sent(event.name.clone()),
        title: event.name.clone(),
        kind: Kind::Sent,
        summary: text::inline(&event.doc.summary),
        since: event.doc.since.clone(),
        deprecated: event.doc.deprecated.is_some(),
        blocks,
        samples: copied,
    }
}

fn received(model: &Model, event: &ServerEvent, flows: &[Chapter]) -> Section {
    let mut blocks = types::about(&event.doc);
    let mut facts = vec![("Sent to", recipients(model, event))];
    let causes = causes(model, event);
    if !causes.is_empty() {
        facts.push(("Follows", join(causes.into_iter().map(|cause| vec![cause]), ", ")));
    }
    facts.extend(kept(model, event).map(|kept| ("Log", kept)));
    facts.extend(event.evicts.as_ref().map(|evicts| ("Leave first", text::inline(&sentences::evicts(evicts)))));
    facts.extend(showing(flows, &Action::Event(event.name.clone())).map(|flows| ("Flows", flows)));
    blocks.push(Block::Facts(facts));
    let seq = model.shown_payload(event).and_then(|shown| shown.seq);
    blocks.extend(payload(model, event.payload, seq.as_ref(), Reader::Taker));
    let mut copied = vec![samples::receive(model, event)];
    copied.extend(examples::received(model, event).map(|example| samples::json("Payload", &example)));
    Section {
        anchor: Anchor::Received(event.name.clone()),
        title: event.name.clone(),
        kind: Kind::Received,
        summary: text::inline(&event.doc.summary),
        since: event.doc.since.clone(),
        deprecated: event.doc.deprecated.is_some(),
        blocks,
        samples: copied,
    }
}

/// The room of which the caller has to be a member.
fn access(model: &Model, event: &ClientEvent) -> Option<Rich> {
    let scope = event.scope?;
    let also = event.also.iter().map(|also| (also.scope, also.key.as_str()));
    let rooms = std::iter::once((scope, model.scopes[scope.0].key.as_str())).chain(also);
    let rooms = rooms.map(|(scope, key)| {
        vec![plain("the "), rooms::link(model, scope), plain(" that "), code(key), plain(" names")]
    });
    Some([vec![plain("Members of ")], join(rooms, ", who are members of "), vec![plain(".")]].concat())
}

fn room(action: RoomAction) -> Rich {
    vec![plain(match action {
        RoomAction::Join => "This socket joins it, and receives its events from then on.",
        RoomAction::Leave => "This socket leaves it, and no longer receives its events.",
    })]
}

fn renewal(model: &Model, token: &str) -> Rich {
    let refused = errors::link(&model.errors[model.gateway.token_refused.0]);
    [
        vec![plain("It stays open for as long as the token in "), code(token), plain(" is valid. ")],
        vec![plain("An invalid token, or another user’s, gets "), refused],
        vec![plain("; the previous one stays valid.")],
    ]
    .concat()
}

fn answer(model: &Model, event: &ClientEvent) -> Rich {
    let data = match &event.ack {
        Ack::None => return vec![plain("Acknowledged with "), code("null"), plain(".")],
        Ack::Type(ty) => types::of_type(model, ty),
        Ack::Emitted(index) => {
            let emit = &event.emits[*index];
            let data =
                emit.payload.map_or(vec![code("null")], |id| vec![Anchor::Type(model.types[id.0].name.clone()).link()]);
            let same = [plain(", the same as "), Anchor::Received(emit.event.clone()).link(), plain(" carries")];
            [data, same.to_vec()].concat()
        }
    };
    let number = match model.shown_ack(event).and_then(|shown| shown.seq) {
        Some(seq) => text::inline(&format!(" It also has the field `{}`: {}", seq.name, within(&seq.doc.summary))),
        None => Rich::new(),
    };
    [vec![plain("Acknowledged with ")], data, vec![plain(".")], number].concat()
}

/// Whether the log of its room keeps an event, and whether it ends a replay of one.
fn kept(model: &Model, event: &ServerEvent) -> Option<Rich> {
    let kept = sentences::kept(model, event).or_else(|| sentences::ends_replay(model, event))?;
    Some(linked(&kept, logs::link(model)))
}

/// A sentence, as written after a colon.
fn within(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// A sentence, and where there is more about it.
fn linked(sentence: &str, more: Option<Inline>) -> Rich {
    let more = more.map(|more| vec![plain(" See "), more, plain(".")]);
    [text::inline(sentence), more.unwrap_or_default()].concat()
}

/// The limit that a call draws on.
pub(super) fn limit(model: &Model, limit: Option<LimitId>) -> Rich {
    match limit {
        None => vec![plain("None.")],
        Some(id) => {
            let limit = &model.limits[id.0];
            let lets = sentences::bucket(limit);
            let lets = vec![plain(format!(": {lets}."))];
            vec![Anchor::Limit(limit.name.clone()).link(), Inline::Repeated(lets)]
        }
    }
}

/// The payload of an event, to which the gateway adds `seq`. Links to an inline type lead here.
fn payload(model: &Model, payload: Option<TypeId>, seq: Option<&Field>, reader: Reader) -> Vec<Block> {
    let Some(id) = payload else {
        return vec![
            Block::Heading { text: vec![plain("Payload")], anchor: None },
            Block::Paragraph(vec![plain("None.")]),
        ];
    };
    let def = &model.types[id.0];
    let anchor = Anchor::Type(def.name.clone());
    let seq = seq.map(|seq| types::row(model, seq, reader));
    if def.named {
        let mut blocks = vec![
            Block::Heading { text: vec![plain("Payload "), anchor.link()], anchor: None },
            Block::Paragraph(vec![Inline::Repeated(text::inline(&def.doc.summary))]),
            Block::Paragraph(vec![Inline::Repeated(keys(model, id))]),
        ];
        if let Some(seq) = seq {
            blocks.push(Block::Paragraph(vec![plain("It also has this field:")]));
            blocks.push(Block::Fields(vec![seq]));
        }
        return blocks;
    }
    let mut blocks = vec![Block::Heading { text: vec![plain("Payload "), code(&def.name)], anchor: Some(anchor) }];
    blocks.extend(types::fields(model, id, reader));
    match blocks.iter_mut().find_map(|block| if let Block::Fields(rows) = block { Some(rows) } else { None }) {
        Some(rows) => rows.extend(seq),
        None => blocks.extend(seq.map(|seq| Block::Fields(vec![seq]))),
    }
    blocks
}

/// The fields of a type that is described elsewhere.
fn keys(model: &Model, id: TypeId) -> Rich {
    match &model.types[id.0].shape {
        Shape::Object(object) => join(object.fields.iter().map(|field| vec![code(&field.name)]), ", "),
        _ => Rich::new(),
    }
}

fn recipients(model: &Model, event: &ServerEvent) -> Rich {
    match event.scope {
        Some(scope) => vec![plain("Sockets that have joined the "), rooms::link(model, scope), plain(".")],
        None => vec![plain("A single socket, or those of one user.")],
    }
}

/// The causes of a server event.
fn causes(model: &Model, event: &ServerEvent) -> Rich {
    let leads = |emits: &[Emit]| emits.iter().any(|emit| emit.event == event.name);
    let mut causes = Rich::new();
    if leads(&model.connect.emits) {
        let connecting = Anchor::Page(connecting::PATH.to_owned());
        causes.push(Inline::Link(connecting, vec![plain("connecting")]));
    }
    if model.disconnect.as_ref().is_some_and(|disconnect| leads(&disconnect.emits)) {
        let connecting = Anchor::Page(connecting::PATH.to_owned());
        causes.push(Inline::Link(connecting, vec![plain("disconnecting")]));
    }
    if event.name == model.gateway.error_event {
        let errors = Anchor::Page(errors::PATH.to_owned());
        causes.push(Inline::Link(errors, vec![plain("any failure without an acknowledgement")]));
    }
    let client = model.client_events().filter(|client| leads(&client.emits));
    causes.extend(client.map(|client| Anchor::Sent(client.name.clone()).link()));
    let operations = model.http.operations.iter().filter(|operation| leads(&operation.emits));
    causes.extend(operations.map(|operation| Anchor::Operation(operation.name.clone()).link()));
    if model.caught_up_of(&event.name).is_some() {
        causes.push(Inline::Link(Anchor::Page(logs::PATH.to_owned()), vec![plain("a replay")]));
    }
    causes.extend(event.anytime.map(|_| plain("a cause outside of the protocol, at any time")));
    causes
}
