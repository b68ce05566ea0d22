//! Explanations of rules and of declarations in a protocol.

use std::{collections::BTreeSet, fs, path::Path};

use accord_review::{
    diff,
    explain::{diagnostics, explain},
    lint::rules,
};
use insta::assert_snapshot;
use tempfile::TempDir;

const BASE: &str = include_str!("../../language/tests/diagnostics/base.yaml");

/// The schema of a hall, which has a log, beside `base.yaml`.
const LOGS: &str = include_str!("../../language/tests/diagnostics/logs.yaml");

/// Examples that need a schema without sections, or a file of another name.
const NOT_TRIED: &[&str] = &["missing-section", "domain-name"];

/// The ids of the mistakes in `base.yaml` and `test`, which replaces the sections that a schema has once.
fn broken(test: &str) -> BTreeSet<&'static str> {
    let once = ["accord", "protocol", "connect", "gateway"];
    let replaces = |line: &str| {
        let section = once.iter().find(|section| line.starts_with(&format!("{section}:")));
        // One that would be the second one is what its example is about.
        section.is_some_and(|section| test.starts_with(&format!("{section}:"))) && !test.contains("Another one.")
    };
    let mut skipped = false;
    let mut base = String::new();
    for line in BASE.lines() {
        if line.starts_with(char::is_alphabetic) {
            skipped = replaces(line);
        }
        if !skipped {
            base += &format!("{line}\n");
        }
    }
    let has_events = test.lines().any(|line| line.starts_with("client:") || line.starts_with("server:"));
    let summary = if has_events && !test.contains("\nsummary:") { "summary: A test.\n" } else { "" };
    let directory = TempDir::new().unwrap();
    if ["InHall", "Position"].iter().any(|ty| test.contains(ty)) {
        let errors = "  admin_only: denied\n  position_lost: other\n  idempotency_conflict: other\n";
        base = base.replace("  admin_only: denied\n", errors).replace("[test.yaml]", "[test.yaml, logs.yaml]");
        fs::write(directory.path().join("logs.yaml"), LOGS).unwrap();
    }
    fs::write(directory.path().join("schema.yaml"), base).unwrap();
    fs::write(directory.path().join("test.yaml"), format!("{test}{summary}")).unwrap();
    match accord_review::load(directory.path().join("schema.yaml")) {
        Ok(_) => BTreeSet::new(),
        Err(diagnostics) => diagnostics.list.iter().map(|diagnostic| diagnostic.rule).collect(),
    }
}

#[test]
fn each_bad_example_of_a_diagnostic_breaks_its_rule_and_no_other() {
    let tried = diagnostics().filter(|explained| !NOT_TRIED.contains(&explained.id));
    let wrong = tried.map(|explained| (explained.id, broken(explained.examples().0)));
    let wrong: Vec<_> = wrong.filter(|(id, found)| *found != BTreeSet::from([*id])).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_good_example_of_a_diagnostic_breaks_no_rule() {
    let tried = diagnostics().filter(|explained| !NOT_TRIED.contains(&explained.id));
    let wrong = tried.map(|explained| (explained.id, broken(explained.examples().1)));
    let wrong: Vec<_> = wrong.filter(|(_, found)| !found.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The string literals in the sources that look like ids of rules.
fn ids_in(folder: &Path, ids: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            ids_in(&path, ids);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let strings = text.split('"').filter(|string| string.contains('-'));
            let ids_here =
                strings.filter(|string| string.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            let ids_here = ids_here.filter(|string| !string.starts_with('-') && !string.ends_with('-'));
            ids.extend(ids_here.map(str::to_owned));
        }
    }
}

#[test]
fn every_diagnostic_is_explained() {
    let mut written = BTreeSet::new();
    for folder in ["../language/src/source", "../language/src/lower"] {
        ids_in(Path::new(folder), &mut written);
    }
    // Those of the settings of the linter; and words of the schema language.
    written.extend(["unknown-rule", "unknown-place", "missing-reason"].map(str::to_owned));
    written.remove("date-time");
    let explained: BTreeSet<String> = diagnostics().map(|explained| explained.id.to_owned()).collect();
    assert_eq!(written, explained);
}

#[test]
fn every_rule_has_a_page() {
    let ids = rules().map(|rule| rule.id).chain(diagnostics().map(|explained| explained.id));
    let ids = ids.chain(diff::rules().map(|rule| rule.id));
    for id in ids {
        let pages = explain(id, None).unwrap();
        assert!(pages.len() == 1 && pages[0].starts_with(&format!("{id}: ")), "{id}: {pages:#?}");
    }
}

#[test]
fn a_rule_of_the_linter_is_explained() {
    assert_snapshot!(explain("missing-idempotency-key", None).unwrap().concat());
}

#[test]
fn a_rule_of_the_compiler_is_explained() {
    assert_snapshot!(explain("endless-type", None).unwrap().concat());
}

fn chat(name: &str) -> String {
    let model = accord_language::load("../../schema/chat.yaml").unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    explain(name, Some(&model)).unwrap().join("\n\n")
}

#[test]
fn declarations_of_a_protocol_are_explained() {
    for name in ["send_message", "reaction_added", "message_not_found", "list_messages", "Message", "Emoji"] {
        assert_snapshot!(name, chat(name));
    }
}

#[test]
fn the_entries_of_logs_and_their_receivers_are_explained() {
    let model = accord_language::load("../documents/tests/threads.yaml");
    let model = model.unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let names = ["join_thread", "post", "posted", "being_written", "member_removed", "members_changed"];
    let names = names.into_iter().chain(["thread_caught_up", "remove_member"]);
    let pages: Vec<String> = names.flat_map(|name| explain(name, Some(&model)).unwrap()).collect();
    assert_snapshot!(pages.join("\n\n"));
}

#[test]
fn a_code_explains_all_errors_that_have_it() {
    let pages = chat("access_denied");
    let titles: Vec<&str> = pages.lines().filter(|line| line.ends_with(": an error")).collect();
    assert_eq!(
        titles,
        [
            "channel_denied: an error",
            "conversation_denied: an error",
            "presence_denied: an error",
            "admin_only: an error"
        ]
    );
}

#[test]
fn an_unknown_name_is_reported_with_the_nearest_one() {
    let model = accord_language::load("../../schema/chat.yaml").unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    assert_eq!(explain("send_mesage", Some(&model)).unwrap_err(), "did you mean `send_message`?");
    assert_eq!(explain("unbound-string", None).unwrap_err(), "did you mean `unbounded-string`?");
    assert!(explain("xyzzy", Some(&model)).unwrap_err().ends_with("have names"));
}
