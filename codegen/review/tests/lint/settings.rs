//! Levels and exceptions that a schema gives.

use accord_review::lint::{Level, lint};
use insta::assert_snapshot;

use crate::schema;

const SHELF: &str = "
types:
  Shelf:
    summary: Where notes are kept.
    type: object
    required: [label, texts]
    properties:
      label: { type: string, summary: What stands on it. }
      texts: { type: array, maxItems: 9, items: { type: string }, summary: What the notes on it say. }
    example: { label: Work, texts: [] }
client:
  show_shelf:
    summary: Ask where notes are kept.
    limit: events
    ack: { $ref: Shelf }
    failure: Failed to show shelf
";

/// The findings in `SHELF` with these settings.
fn found(settings: &str) -> Vec<(Level, String)> {
    let schema = schema(&format!("{SHELF}{settings}")).unwrap_or_else(|report| panic!("{report}"));
    let list = lint(&schema).list;
    list.into_iter().map(|reported| (reported.level, format!("{} at {}", reported.rule.id, reported.at))).collect()
}

fn warning(text: &str) -> (Level, String) {
    (Level::Warning, text.to_owned())
}

#[test]
fn without_settings_all_is_found_in_the_order_of_its_lines() {
    assert_eq!(
        found(""),
        [warning("unbounded-string at Shelf.label"), warning("unbounded-string at Shelf.texts.items")]
    );
}

#[test]
fn a_level_may_be_raised() {
    let found = found(
        "lint: { levels: { unbounded-string: { level: error, reason: All texts go into a table with columns. } } }\n",
    );
    assert_eq!(found.iter().map(|(level, _)| *level).collect::<Vec<_>>(), [Level::Error, Level::Error]);
}

#[test]
fn a_rule_may_be_turned_off() {
    let found = found("lint: { levels: { unbounded-string: { level: off, reason: Nobody but us writes notes. } } }\n");
    assert_eq!(found, []);
}

#[test]
fn an_exception_covers_only_a_field_and_its_content() {
    let found = found(
        "lint: { except: [{ rule: unbounded-string, at: Shelf.texts, reason: Notes are as long as they are. }] }\n",
    );
    assert_eq!(found, [warning("unbounded-string at Shelf.label")]);
}

#[test]
fn an_exception_may_name_several_places() {
    let found = found(
        "lint: { except: [{ rule: unbounded-string, at: [Shelf.label, Shelf.texts], reason: Nobody else writes them. }] }\n",
    );
    assert_eq!(found, []);
}

#[test]
fn an_exception_of_a_thing_is_for_all_that_is_in_it() {
    assert_eq!(
        found("lint: { except: [{ rule: unbounded-string, at: Shelf, reason: Nobody else writes them. }] }\n"),
        []
    );
}

#[test]
fn an_exception_that_nothing_needs_is_found() {
    let found = found(
        "lint:
  except:
    - { rule: unbounded-string, at: Shelf, reason: Nobody else writes them. }
    - { rule: growing-list, at: Shelf, reason: It has as many as it has. }
",
    );
    assert_eq!(found, [warning("unneeded-exception at Shelf")]);
}

#[test]
fn an_exception_of_a_rule_that_is_off_is_not_needed() {
    let found = found(
        "lint:
  levels: { unbounded-string: { level: off, reason: Nobody but us writes notes. } }
  except: [{ rule: unbounded-string, at: Shelf, reason: Nobody else writes them. }]
",
    );
    assert_eq!(found, [warning("unneeded-exception at Shelf")]);
}

#[test]
fn settings_that_cannot_be_read_are_errors_of_the_schema() {
    let report = schema(
        "
lint:
  levels:
    unbound-string: { level: of, reason: Nobody but us writes notes. }
    growing-list: { level: off, reason: because }
  except:
    - { rule: xyz, at: Nte.text, reason: There is a reason for that. }
    - { rule: unbounded-string, at: Note.txt }
",
    );
    assert_snapshot!(report.unwrap_err());
}

#[test]
fn settings_that_can_be_read_are_held_to_the_rules_and_the_schema() {
    let report = schema(
        "
lint:
  levels:
    unbound-string: { level: off, reason: Nobody but us writes notes. }
    growing-list: { level: off, reason: because }
  except:
    - { rule: xyzzy, at: Nte.text, reason: There is a reason for that. }
    - { rule: unbounded-string, at: [Note, Note.txt, xyzzy], reason: no }
",
    );
    assert_snapshot!(report.unwrap_err());
}
