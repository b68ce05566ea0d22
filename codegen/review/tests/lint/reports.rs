//! The formats of reports.

use accord_review::lint::{Format, Level, lint};
use insta::assert_snapshot;

use crate::schema;

const TEST: &str = "
types:
  Shelf:
    summary: where notes are kept
    type: object
    required: [passwordHash]
    properties:
      passwordHash: { type: string, summary: Opens it. }
    example: { passwordHash: 5b0c }
client:
  show_shelf:
    summary: Ask where notes are kept.
    limit: events
    ack: { $ref: Shelf }
    failure: Failed to show shelf
";

fn report(format: Format) -> String {
    let schema = schema(TEST).unwrap_or_else(|report| panic!("{report}"));
    let report = lint(&schema).render(format);
    // The schema was in a separate folder.
    let folder = schema.sources.path(schema.files[1].start.file).strip_suffix("test.yaml").unwrap().to_owned();
    report.replace(&folder, "")
}

#[test]
fn a_report_for_people_has_the_place_the_reason_and_the_remedy() {
    assert_snapshot!(report(Format::Text { colour: false }));
}

#[test]
fn for_programs_a_report_is_a_list_of_objects() {
    assert_snapshot!(report(Format::Json));
}

#[test]
fn for_github_a_report_is_a_list_of_commands() {
    assert_snapshot!(report(Format::GitHub));
}

#[test]
fn the_last_line_counts() {
    let schema = schema(TEST).unwrap_or_else(|report| panic!("{report}"));
    let report = lint(&schema);
    assert_eq!([Level::Error, Level::Warning, Level::Advice].map(|level| report.count(level)), [1, 1, 1]);
    assert_eq!(report.summary(), "1 error, 1 warning, 1 piece of advice");
}
