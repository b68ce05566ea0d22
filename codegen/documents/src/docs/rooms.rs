//! A page of the kinds of rooms, and the receivers of their events.

use accord_language::model::{Model, RoomAction, ScopeId};

use super::{
    errors, logs,
    page::{Anchor, Block, Group, Inline, Kind, Page, Section, code, join, plain},
    text, types,
};
use crate::sentences;

/// The path of the page.
pub(super) const PATH: &str = "rooms";

/// All kinds of rooms; `None` where the protocol has none.
pub(super) fn page(model: &Model) -> Option<Page> {
    if model.scopes.is_empty() {
        return None;
    }
    let lead = text::blocks(
        "Membership decides: a member may act in a room without joining it. A socket receives a room's events only \
         while it has joined the room; joining twice, and leaving a room that was not joined, succeed. All sockets in \
         a room receive its events in the same order. Once a membership ends, that user's sockets receive nothing \
         more.",
    );
    let sections = (0..model.scopes.len()).map(|index| section(model, ScopeId(index))).collect();
    Some(Page { group: Group::Guide, path: PATH.to_owned(), title: "Rooms".to_owned(), label: None, lead, sections })
}

/// A link to a kind of room, by its name in plain words.
pub(super) fn link(model: &Model, scope: ScopeId) -> Inline {
    let name = &model.scopes[scope.0].name;
    Inline::Link(Anchor::Scope(name.clone()), vec![plain(name.replace('_', " "))])
}

fn section(model: &Model, id: ScopeId) -> Section {
    let scope = &model.scopes[id.0];
    let denied = errors::link(&model.errors[scope.denied.0]);
    let mut facts = vec![
        ("Named by", vec![plain("The field "), code(&scope.key), plain(".")]),
        ("Others", vec![plain("Users who are not members get "), denied, plain(", whether the room exists or not.")]),
    ];
    facts.extend(scope.log.as_ref().zip(logs::link(model)).map(|(log, more)| {
        let kept = text::inline(&format!("Keeps events for {}. See ", sentences::kept_for(log)));
        ("Log", [kept, vec![more, plain(".")]].concat())
    }));
    let client = || model.client_events().filter(|event| event.scope == Some(id));
    let list = |wanted: Option<RoomAction>| {
        let events = client().filter(|event| event.room == wanted);
        join(events.map(|event| vec![Anchor::Sent(event.name.clone()).link()]), ", ")
    };
    let server = model.server_events().filter(|event| event.scope == Some(id));
    let received = join(server.map(|event| vec![Anchor::Received(event.name.clone()).link()]), ", ");
    for (term, events) in [
        ("Join", list(Some(RoomAction::Join))),
        ("Leave", list(Some(RoomAction::Leave))),
        ("Members send", list(None)),
        ("Joined sockets receive", received),
    ] {
        if !events.is_empty() {
            facts.push((term, events));
        }
    }
    let mut blocks = types::about(&scope.doc);
    blocks.push(Block::Facts(facts));
    Section {
        anchor: Anchor::Scope(scope.name.clone()),
        title: text::title(&scope.name),
        kind: Kind::Topic,
        summary: text::inline(&scope.doc.summary),
        since: None,
        deprecated: false,
        blocks,
        samples: Vec::new(),
    }
}
