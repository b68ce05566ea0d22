//! The first page: what there is, at a glance.

use super::{
    events,
    page::{Block, Group, Inline, Kind, Page, Place, Rich, Row, Section, join, plain},
    text, types,
};
use crate::model::{Domain, Model};

/// The path of the page: what is shown of a folder.
pub(super) const PATH: &str = "README";

/// The protocol, and all of its events.
pub(super) fn page(model: &Model) -> Page {
    let protocol = &model.protocol;
    let mut lead = vec![Block::Paragraph(text::inline(&protocol.doc.summary))];
    lead.extend(types::about(&protocol.doc));
    let events = Block::Table {
        columns: &["Events", "Sent by clients", "Sent by the server"],
        rows: model.domains.iter().map(row).collect(),
    };
    Page {
        group: Group::Guide,
        path: PATH.to_owned(),
        title: format!("{} {}", protocol.name, protocol.version),
        label: Some("Overview".to_owned()),
        lead,
        sections: vec![Section {
            place: Place::Topic("events"),
            title: "Events at a glance".to_owned(),
            kind: Kind::Topic,
            summary: Rich::new(),
            since: None,
            deprecated: false,
            blocks: vec![events],
            samples: Vec::new(),
        }],
    }
}

fn row(domain: &Domain) -> Row {
    let page = Inline::Link(Place::Page(events::path(domain)), vec![plain(events::title(&domain.name))]);
    let links = |places: Vec<Place>| -> Rich { join(places.iter().map(|place| vec![place.link()]), ", ") };
    let client = domain.client.iter().map(|event| Place::Sent(event.name.clone())).collect();
    let server = domain.server.iter().map(|event| Place::Received(event.name.clone())).collect();
    Row { place: None, cells: vec![vec![page], links(client), links(server)] }
}
