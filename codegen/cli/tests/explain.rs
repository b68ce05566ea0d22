//! `accord explain`.

use std::process::{Command, Output};

fn accord(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_accord")).args(arguments).current_dir("../..").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn rules_are_explained_for_any_schema() {
    let of_a_rule = accord(&["explain", "unknown-type", "--schema", "nowhere.yaml"]);
    assert!(text(&of_a_rule.stdout).starts_with("unknown-type: an error of `accord check`\n"));
    assert_eq!(of_a_rule.status.code(), Some(0));
    let of_an_event = accord(&["explain", "send_message", "--schema", "nowhere.yaml"]);
    let report = text(&of_an_event.stderr);
    assert!(report.contains("cannot read `nowhere.yaml`: there is no such file"), "{report}");
    assert!(
        report.ends_with("error: no rule is named `send_message`, and the schema cannot be read for other names\n"),
        "{report}"
    );
    assert_eq!(of_an_event.status.code(), Some(1));
}

#[test]
fn declarations_of_a_schema_are_explained() {
    let output = accord(&["explain", "stroke_drawn", "--schema", "tests/whiteboard/whiteboard.yaml"]);
    assert!(
        text(&output.stdout)
            .starts_with("stroke_drawn: an event that the server sends\n\nA line was drawn on a board.\n")
    );
    let unknown = accord(&["explain", "send_mesage"]);
    assert_eq!(
        text(&unknown.stderr),
        "error: nothing is named `send_mesage`\n  = help: did you mean `send_message`?\n"
    );
    assert_eq!(unknown.status.code(), Some(1));
}
