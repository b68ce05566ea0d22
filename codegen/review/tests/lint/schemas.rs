//! The schemas of this repository, held to the rules.

use accord_review::lint::{Format, lint};

fn assert_clean(path: &str) {
    let schema = accord_review::load(path).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let report = lint(&schema);
    assert!(report.list.is_empty(), "{}", report.render(Format::Text { colour: false }));
}

#[test]
fn the_chat_protocol_is_well_designed_or_gives_reasons() {
    assert_clean("../../schema/chat.yaml");
}

#[test]
fn the_whiteboard_is_well_designed_or_gives_reasons() {
    assert_clean("../../tests/whiteboard/whiteboard.yaml");
}
