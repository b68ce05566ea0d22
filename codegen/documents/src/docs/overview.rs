//! The first page: what there is, at a glance.

use accord_language::model::{Domain, Model};

use super::{
    events,
    page::{Anchor, Block, Group, Inline, Kind, Page, Rich, Row, Section, join, plain},
    text, types,
};

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
            anchor: Anchor::Topic("events"),
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
    let page = Inline::Link(Anchor::Page(events::path(domain)), vec![plain(text::title(&domain.name))]);
    let links = |anchors: Vec<Anchor>| -> Rich { join(anchors.iter().map(|anchor| vec![anchor.link()]), ", ") };
    let client = domain.client.iter().map(|event| Anchor::Sent(event.name.clone())).collect();
    let server = domain.server.iter().map(|event| Anchor::Received(event.name.clone())).collect();
    Row { anchor: None, cells: vec![vec![page], links(client), links(server)] }
}
