//! A page of the kinds of rooms: who gets what happens in them.

use super::{
    errors,
    page::{Block, Group, Kind, Page, Place, Section, code, join, plain},
    text, types,
};
use crate::model::{Model, RoomAction, ScopeId};

/// The path of the page.
pub(super) const PATH: &str = "rooms";

/// All kinds of rooms; `None` where the protocol has none.
pub(super) fn page(model: &Model) -> Option<Page> {
    if model.scopes.is_empty() {
        return None;
    }
    let lead = text::blocks(
        "What counts is membership: a member may act in a room without having joined it. A socket gets a room's events \
         only while it has joined the room; joining again and leaving what was never joined succeed. All who have \
         joined a room get its events in one and the same order. Once a membership ends, the sockets of that user get \
         nothing more.",
    );
    let sections = (0..model.scopes.len()).map(|index| section(model, ScopeId(index))).collect();
    Some(Page { group: Group::Guide, path: PATH.to_owned(), title: "Rooms".to_owned(), label: None, lead, sections })
}

fn section(model: &Model, id: ScopeId) -> Section {
    let scope = &model.scopes[id.0];
    let denied = errors::link(&model.errors[scope.denied.0]);
    let mut facts = vec![
        ("Named by", vec![plain("The field "), code(&scope.key), plain(".")]),
        (
            "Others",
            vec![plain("Who is no member is answered with "), denied, plain(", whether there is such a room or not.")],
        ),
    ];
    let client = || model.domains.iter().flat_map(|domain| &domain.client).filter(|event| event.scope == Some(id));
    let list = |wanted: Option<RoomAction>| {
        let events = client().filter(|event| event.room == wanted);
        join(events.map(|event| vec![Place::Sent(event.name.clone()).link()]), ", ")
    };
    let server = model.domains.iter().flat_map(|domain| &domain.server).filter(|event| event.scope == Some(id));
    let received = join(server.map(|event| vec![Place::Received(event.name.clone()).link()]), ", ");
    for (term, events) in [
        ("Join", list(Some(RoomAction::Join))),
        ("Leave", list(Some(RoomAction::Leave))),
        ("Members send", list(None)),
        ("Joined sockets get", received),
    ] {
        if !events.is_empty() {
            facts.push((term, events));
        }
    }
    let mut blocks = types::about(&scope.doc);
    blocks.push(Block::Facts(facts));
    Section {
        place: Place::Scope(scope.name.clone()),
        title: super::events::title(&scope.name),
        kind: Kind::Topic,
        summary: text::inline(&scope.doc.summary),
        since: None,
        deprecated: false,
        blocks,
        samples: Vec::new(),
    }
}
