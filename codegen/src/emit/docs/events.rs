//! Pages of events: one for each domain.

use super::{
    Action, Chapter, connecting, errors, examples,
    flows::showing,
    page::{Block, Group, Inline, Kind, Page, Place, Rich, Section, code, join, plain},
    samples, text,
    types::{self, Reader},
};
use crate::{
    emit::sentences,
    model::{
        Ack, ClientEvent, Domain, Emit, ErrorId, LimitId, Model, RoomAction, ScopeId, ServerEvent, Shape, Target,
        TypeId,
    },
};

/// The page of a domain.
pub(super) fn page(model: &Model, domain: &Domain, flows: &[Chapter]) -> Page {
    let client = domain.client.iter().map(|event| sent(model, event, flows));
    let server = domain.server.iter().map(|event| received(model, event, flows));
    let mut lead = vec![Block::Paragraph(text::inline(&domain.doc.summary))];
    lead.extend(types::about(&domain.doc));
    Page {
        group: Group::Events,
        path: path(domain),
        title: title(&domain.name),
        label: None,
        lead,
        sections: client.chain(server).collect(),
    }
}

/// The path of a domain's page.
pub(super) fn path(domain: &Domain) -> String {
    format!("events/{}", domain.name)
}

/// A name in snake_case, as a title.
pub(super) fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.map(|letter| if letter == '_' { ' ' } else { letter })).collect()
}

fn sent(model: &Model, event: &ClientEvent, flows: &[Chapter]) -> Section {
    let mut blocks = types::about(&event.doc);
    let mut facts = Vec::new();
    facts.extend(access(model, event).map(|access| ("Access", access)));
    facts.extend(event.room.map(|action| ("Room", room(action))));
    facts.push(("Answer", answer(model, event)));
    if !event.emits.is_empty() {
        let follows = event.emits.iter().map(|emit| follows(model, event.scope, Some(event), emit));
        facts.push(("Then", join(follows, "; ")));
    }
    facts.push(("Limit", limit(model, event.limit)));
    facts.extend(showing(flows, &Action::Emit(event.name.clone())).map(|flows| ("Flows", flows)));
    blocks.push(Block::Facts(facts));
    blocks.extend(payload(model, event.payload, Reader::Maker));
    blocks.push(Block::Heading { text: vec![plain("Errors")], place: None });
    blocks.push(errors(model, &model.event_errors(event), &event.failure));
    let example = event.example.clone().or_else(|| examples::of_id(model, event.payload?));
    let mut copied = vec![samples::send(model, event, example.as_ref())];
    if let Some(data) = examples::acknowledgement(model, event) {
        copied.push(samples::json("Answer", &serde_json::json!({ "ok": true, "data": data })));
    }
    Section {
        place: Place::Sent(event.name.clone()),
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
    facts.extend(showing(flows, &Action::Event(event.name.clone())).map(|flows| ("Flows", flows)));
    blocks.push(Block::Facts(facts));
    blocks.extend(payload(model, event.payload, Reader::Taker));
    let mut copied = vec![samples::receive(model, event)];
    copied.extend(examples::received(model, event).map(|example| samples::json("Payload", &example)));
    Section {
        place: Place::Received(event.name.clone()),
        title: event.name.clone(),
        kind: Kind::Received,
        summary: text::inline(&event.doc.summary),
        since: event.doc.since.clone(),
        deprecated: event.doc.deprecated.is_some(),
        blocks,
        samples: copied,
    }
}

/// Whose room the caller has to belong to.
fn access(model: &Model, event: &ClientEvent) -> Option<Rich> {
    let scope = event.scope?;
    let also = event.also.iter().map(|also| (also.scope, also.key.as_str()));
    let rooms = std::iter::once((scope, model.scopes[scope.0].key.as_str())).chain(also);
    let rooms = rooms
        .map(|(scope, key)| vec![plain("the "), scope_link(model, scope), plain(" that "), code(key), plain(" names")]);
    Some([vec![plain("Members of ")], join(rooms, ", who are members of "), vec![plain(".")]].concat())
}

/// A link to a kind of room, called as people call it.
pub(super) fn scope_link(model: &Model, scope: ScopeId) -> Inline {
    let name = &model.scopes[scope.0].name;
    Inline::Link(Place::Scope(name.clone()), vec![plain(name.replace('_', " "))])
}

fn room(action: RoomAction) -> Rich {
    vec![plain(match action {
        RoomAction::Join => "This socket joins it, and gets its events from here on.",
        RoomAction::Leave => "This socket leaves it, and gets none of its events any more.",
    })]
}

fn answer(model: &Model, event: &ClientEvent) -> Rich {
    let data = match &event.ack {
        Ack::None => return vec![plain("Acknowledged with "), code("null"), plain(".")],
        Ack::Type(ty) => types::of_type(model, ty),
        Ack::Emitted(index) => {
            let emit = &event.emits[*index];
            let data =
                emit.payload.map_or(vec![code("null")], |id| vec![Place::Type(model.types[id.0].name.clone()).link()]);
            let same = [plain(", the same as "), Place::Received(emit.event.clone()).link(), plain(" carries")];
            [data, same.to_vec()].concat()
        }
    };
    [vec![plain("Acknowledged with ")], data, vec![plain(".")]].concat()
}

/// A server event that something leads to, and who gets it.
pub(super) fn follows(model: &Model, scope: Option<ScopeId>, event: Option<&ClientEvent>, emit: &Emit) -> Rich {
    let mut follows = vec![Place::Received(emit.event.clone()).link(), plain(" to ")];
    let room = |scope: ScopeId| [plain("who has joined the "), scope_link(model, scope)];
    match (&emit.to, scope) {
        (Target::Caller, _) => follows.push(plain("this socket")),
        (Target::User, _) => follows.push(plain("every socket of this user")),
        (Target::Scope, Some(scope)) => {
            follows.push(plain("everyone "));
            follows.extend(room(scope));
        }
        (Target::Others, Some(scope)) => {
            follows.push(plain("everyone else "));
            follows.extend(room(scope));
        }
        (Target::Also(index), _) => {
            if let Some(also) = event.and_then(|event| event.also.get(*index)) {
                follows.push(plain("everyone "));
                follows.extend(room(also.scope));
                follows.extend([plain(" of "), code(&also.key)]);
            }
        }
        (Target::Own(scope), _) => {
            follows.push(plain("everyone "));
            follows.extend(room(*scope));
            follows.push(plain(" of this user"));
        }
        (Target::Scope | Target::Others, None) => follows.push(plain("the room")),
    }
    if emit.optional {
        follows.push(plain(", where there is cause to"));
    }
    follows
}

/// What a call draws on.
pub(super) fn limit(model: &Model, limit: Option<LimitId>) -> Rich {
    match limit {
        None => vec![plain("None.")],
        Some(id) => {
            let limit = &model.limits[id.0];
            let lets = sentences::bucket(limit);
            let lets = vec![plain(format!(": {lets}."))];
            vec![Place::Limit(limit.name.clone()).link(), Inline::Repeated(lets)]
        }
    }
}

/// What an event carries; where its type stands inline, this is where links to the type lead.
fn payload(model: &Model, payload: Option<TypeId>, reader: Reader) -> Vec<Block> {
    let Some(id) = payload else {
        return vec![
            Block::Heading { text: vec![plain("Payload")], place: None },
            Block::Paragraph(vec![plain("None.")]),
        ];
    };
    let def = &model.types[id.0];
    let place = Place::Type(def.name.clone());
    if def.named {
        return vec![
            Block::Heading { text: vec![plain("Payload "), place.link()], place: None },
            Block::Paragraph(vec![Inline::Repeated(text::inline(&def.doc.summary))]),
            Block::Paragraph(vec![Inline::Repeated(keys(model, id))]),
        ];
    }
    let mut blocks = vec![Block::Heading { text: vec![plain("Payload "), code(&def.name)], place: Some(place) }];
    blocks.extend(types::fields(model, id, reader));
    blocks
}

/// The fields of a type that is described elsewhere.
fn keys(model: &Model, id: TypeId) -> Rich {
    match &model.types[id.0].shape {
        Shape::Object(object) => join(object.fields.iter().map(|field| vec![code(&field.name)]), ", "),
        _ => Rich::new(),
    }
}

/// What a call may be answered with, in the order of the checks.
pub(super) fn errors(model: &Model, errors: &[ErrorId], failure: &str) -> Block {
    let errors = errors.iter().map(|&id| {
        let error = &model.errors[id.0];
        let message = if id == model.gateway.internal { failure } else { &error.message };
        let message = vec![plain(format!(" {message}"))];
        let is_own = id == model.gateway.internal;
        [vec![errors::link(error)], if is_own { message } else { vec![Inline::Repeated(message)] }].concat()
    });
    Block::List(errors.collect())
}

fn recipients(model: &Model, event: &ServerEvent) -> Rich {
    match event.scope {
        Some(scope) => vec![plain("Sockets that have joined the "), scope_link(model, scope), plain(".")],
        None => vec![plain("A single socket, or those of one user.")],
    }
}

/// What leads to a server event.
fn causes(model: &Model, event: &ServerEvent) -> Rich {
    let leads = |emits: &[Emit]| emits.iter().any(|emit| emit.event == event.name);
    let mut causes = Rich::new();
    if leads(&model.connect.emits) {
        let connecting = Place::Page(connecting::PATH.to_owned());
        causes.push(Inline::Link(connecting, vec![plain("connecting")]));
    }
    if model.disconnect.as_ref().is_some_and(|disconnect| leads(&disconnect.emits)) {
        let connecting = Place::Page(connecting::PATH.to_owned());
        causes.push(Inline::Link(connecting, vec![plain("disconnecting")]));
    }
    if event.name == model.gateway.error_event {
        let errors = Place::Page(errors::PATH.to_owned());
        causes.push(Inline::Link(errors, vec![plain("any failure that no acknowledgement tells of")]));
    }
    let client = model.domains.iter().flat_map(|domain| &domain.client).filter(|client| leads(&client.emits));
    causes.extend(client.map(|client| Place::Sent(client.name.clone()).link()));
    causes
}
