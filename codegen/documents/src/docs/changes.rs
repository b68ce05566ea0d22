//! A page of the changes in each version of the protocol, and of deprecations.

use std::cmp::Reverse;

use accord_language::model::{Doc, Model, Shape};
use semver::Version;

use super::{
    page::{Anchor, Block, Group, Kind, Page, Rich, Section, code, join, plain},
    text,
};
use crate::sentences;

/// The path of the page.
pub(super) const PATH: &str = "changes";

/// A section for each version with additions or deprecations, the newest first.
pub(super) fn page(model: &Model) -> Page {
    let things = things(model);
    let versions = things.iter().flat_map(|(_, doc)| {
        let deprecated = doc.deprecated.as_ref().map(|deprecated| deprecated.since.as_str());
        doc.since.as_deref().into_iter().chain(deprecated)
    });
    let mut versions: Vec<&str> = versions.collect();
    versions.sort_by_key(|version| Reverse(Version::parse(version).ok()));
    versions.dedup();
    let lead = if versions.is_empty() {
        "Everything has existed from the beginning, and nothing is deprecated."
    } else {
        "The additions of each version, and what is deprecated. Anything not listed has existed from the beginning."
    };
    Page {
        group: Group::Reference,
        path: PATH.to_owned(),
        title: "Changes".to_owned(),
        label: None,
        lead: vec![Block::Paragraph(text::inline(lead))],
        sections: versions.into_iter().map(|version| section(version, &things)).collect(),
    }
}

fn section(version: &str, things: &[(Rich, &Doc)]) -> Section {
    let added = things.iter().filter(|(_, doc)| doc.since.as_deref() == Some(version)).map(|(name, _)| name.clone());
    let deprecated = things.iter().filter_map(|(name, doc)| {
        let deprecated = doc.deprecated.as_ref().filter(|deprecated| deprecated.since == version)?;
        Some([name.clone(), vec![plain(": ")], text::inline(&sentences::deprecated(deprecated))].concat())
    });
    let mut facts = vec![("Added", join(added, ", ")), ("Deprecated", join(deprecated, " "))];
    facts.retain(|(_, told)| !told.is_empty());
    Section {
        anchor: Anchor::Version(version.to_owned()),
        title: version.to_owned(),
        kind: Kind::Topic,
        summary: Rich::new(),
        since: None,
        deprecated: false,
        blocks: vec![Block::Facts(facts)],
        samples: Vec::new(),
    }
}

/// Everything that has a history, called as links call it.
fn things(model: &Model) -> Vec<(Rich, &Doc)> {
    let mut things = Vec::new();
    for domain in &model.domains {
        let client = domain.client.iter().map(|event| (Anchor::Sent(event.name.clone()), &event.doc));
        let server = domain.server.iter().map(|event| (Anchor::Received(event.name.clone()), &event.doc));
        things.extend(client.chain(server).map(|(anchor, doc)| (vec![anchor.link()], doc)));
    }
    for operation in &model.http.operations {
        things.push((vec![Anchor::Operation(operation.name.clone()).link()], &operation.doc));
    }
    for def in &model.types {
        let link = Anchor::Type(def.name.clone()).link();
        things.push((vec![link.clone()], &def.doc));
        if let Shape::Object(object) = &def.shape {
            let fields = object.fields.iter();
            things.extend(fields.map(|field| (vec![code(&field.name), plain(" of "), link.clone()], &field.doc)));
        }
    }
    for error in &model.errors {
        things.push((vec![super::errors::link(error)], &error.doc));
    }
    things
}
