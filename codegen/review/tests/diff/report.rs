//! Reports of findings, to the letter.

use std::fs;

use accord_review::diff::{self, Level, compare, report::Report};
use serde_json::{Value, json};

use super::read;

/// Something that fails on both sides, something that is gone, something new, something allowed, and harmless things.
const EDITS: &[(&str, &str)] = &[
    ("maxLength: 80", "maxLength: 40"),
    ("emits: { entered: caller, welcome: caller }", "emits: { entered: caller }"),
    (
        "required: [hallId, roomId, text], properties: {",
        "required: [hallId, roomId, text, loud], properties: { loud: { type: boolean },",
    ),
    ("room-1, text: a line }", "room-1, text: a line, loud: true }"),
    ("message: Slow down", "message: 'Wait, 100% <sure>'"),
    ("summary: A word.", "summary: One word."),
    ("  Plain: { summary: A pattern without words of its own., type: string, pattern: '^[a-z]+$' }\n", ""),
    ("patch: /things/{id}", "patch: /stuff/{id}"),
];

/// The report of the edits, as `tell` writes it.
fn told(levels: &[Level], tell: impl Fn(&Report<'_>) -> String) -> String {
    let text = fs::read_to_string("tests/diff/language.yaml").unwrap();
    let edited = EDITS.iter().fold(text.clone(), |text, (from, to)| {
        assert!(text.contains(from), "there is no `{from}`");
        text.replacen(from, to, 1)
    });
    let [old, new] = [("v1:", text), ("", edited)]
        .map(|(prefix, text)| read(prefix, &text).unwrap_or_else(|wrong| panic!("{wrong}")));
    let findings = compare(&old, &new);
    let allowed = [diff::find("operation-path").unwrap()];
    tell(&Report {
        names: ["v1:schema.yaml", "schema.yaml"],
        old: &old,
        new: &new,
        findings: &findings,
        levels,
        allowed: &allowed,
    })
}

#[test]
fn failures_are_shown_with_their_lines_and_other_findings_in_one_line_each() {
    insta::assert_snapshot!("text", told(&[Level::Wire], |report| report.text(false)));
}

#[test]
fn colour_only_adds_escapes() {
    let colourful = told(&[Level::Wire], |report| report.text(true));
    assert!(colourful.contains("\x1b[1;32mnot breaking\x1b[0m"), "{colourful}");
    let escapes = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap();
    assert_eq!(escapes.replace_all(&colourful, ""), told(&[Level::Wire], |report| report.text(false)));
}

#[test]
fn continuous_integration_reads_a_test_for_each_finding() {
    insta::assert_snapshot!("junit", told(&[Level::Wire], |report| report.junit()));
}

#[test]
fn github_reads_an_annotation_for_each_finding() {
    insta::assert_snapshot!("github", told(&[Level::Wire], |report| report.github()));
}

#[test]
fn programs_read_everything() {
    let report: Value = serde_json::from_str(&told(&[Level::Rust], |report| report.json())).unwrap();
    assert_eq!(report["new"], json!({ "schema": "schema.yaml", "protocol": "edited", "version": "1.4.0" }));
    assert_eq!((&report["levels"], &report["fails"]), (&json!(["rust"]), &json!(true)));
    let findings = report["findings"].as_array().unwrap();
    let wire = findings.iter().filter(|finding| finding["breaks"]["wire"] == true).count();
    assert_eq!(report["breaking"]["wire"], wire);
    let length = findings.iter().find(|finding| finding["rule"] == "max-length").unwrap();
    let rule = diff::find("max-length").unwrap();
    let place = |file: &str, bound: u32| {
        json!({
            "file": file,
            "line": 55,
            "column": 68,
            "text": format!(
                "  Line: {{ summary: A line., type: string, minLength: 2, maxLength: {bound}, pattern: '^\\P{{Cc}}+$', \
                 violation: must have no control characters, example: a line }}"
            ),
        })
    };
    let expected = json!({
        "rule": "max-length",
        "breaks": { "wire": true, "typescript": false, "rust": false },
        "fails": false,
        "allowed": false,
        "subject": "Line",
        "message": "it is at most 40 characters, was at most 80 characters",
        "acceptedBy": ["patch_item", "place", "put_item", "say"],
        "sentBy": [],
        "old": place("v1:schema.yaml", 80),
        "new": place("schema.yaml", 40),
        "why": rule.why,
        "instead": rule.instead,
    });
    assert_eq!(*length, expected);
}

#[test]
fn allowed_changes_do_not_fail() {
    let report = told(&[Level::Wire], |report| report.json());
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let path = findings.iter().find(|finding| finding["rule"] == "operation-path").unwrap();
    assert_eq!(
        (&path["breaks"]["wire"], &path["fails"], &path["allowed"]),
        (&json!(true), &json!(false), &json!(true))
    );
}
