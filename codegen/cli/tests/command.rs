//! The command `accord`.

use std::{
    fs,
    io::{PipeWriter, pipe},
    process::{Command, Output},
};

use tempfile::TempDir;

fn accord(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_accord")).args(arguments).current_dir("../..").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn check_counts_what_a_schema_declares() {
    let output = accord(&["check", "schema/history/1.0.0/chat.yaml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let line = text(&output.stdout);
    assert!(line.starts_with("schema/history/1.0.0/chat.yaml: 16 client events, 18 server events, "), "{line}");
    assert!(line.ends_with("REST operations; no errors\n") && line.lines().count() == 1, "{line}");
}

#[test]
fn check_prints_errors_without_colour_and_fails() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("broken.yaml");
    fs::write(&path, "accrod: 1\n").unwrap();
    let output = accord(&["check", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let report = text(&output.stderr);
    assert!(report.contains("broken.yaml:1:1") && report.contains("did you mean `accord`?"), "{report}");
    assert!(!report.contains('\u{1b}'), "{report}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_file_that_cannot_be_read_is_reported_with_the_reason() {
    let directory = TempDir::new().unwrap();
    let binary = directory.path().join("binary.yaml");
    fs::write(&binary, [0xff, 0xfe]).unwrap();
    for (path, why) in [("schema/nowhere.yaml", "there is no such file"), (binary.to_str().unwrap(), "it is not UTF-8")]
    {
        let output = accord(&["check", path]);
        assert_eq!(output.status.code(), Some(1));
        let report = text(&output.stderr);
        assert!(report.starts_with(&format!("error[unreadable-file]: cannot read `{path}`: {why}")), "{report}");
    }
}

#[test]
fn gen_prints_or_writes() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("bundle.json");
    let of_chat = ["asyncapi", "docs", "json-schema", "openapi", "rust", "typescript"]
        .map(|output| vec![output, "schema/chat.yaml"]);
    for arguments in of_chat.into_iter().chain([vec!["meta"]]) {
        let printed = accord(&[&["gen"], &arguments[..]].concat());
        assert!(printed.status.success(), "{}", text(&printed.stderr));
        let written = accord(&[&["gen"], &arguments[..], &["--out", path.to_str().unwrap()]].concat());
        assert!(written.status.success() && written.stdout.is_empty());
        assert_eq!(text(&printed.stdout), fs::read_to_string(&path).unwrap());
    }
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let output = accord(&["gen", "meta", "--out", "nowhere/meta.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("error: cannot write nowhere/meta.json: "));
}

#[test]
fn the_checked_in_files_are_up_to_date() {
    let output = accord(&["gen", "all", "schema/chat.yaml", "--check"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn gen_all_writes_the_files_that_check_expects_and_removes_obsolete_ones() {
    let directory = TempDir::new().unwrap();
    let schema = directory.path().join("whiteboard.yaml");
    fs::copy("../../tests/whiteboard/history/1.0.0/whiteboard.yaml", &schema).unwrap();
    let run = |arguments: &[&str]| accord(&[&["gen", "all", schema.to_str().unwrap()], arguments].concat());
    let output = run(&["--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("generated/json-schema/bundle.json"), "{}", text(&output.stderr));
    assert!(!directory.path().join("generated").exists(), "--check writes nothing");
    assert!(run(&[]).status.success());
    assert!(run(&["--check"]).status.success());

    let generated = directory.path().join("generated");
    fs::write(generated.join("json-schema/Gone.json"), "{}").unwrap();
    fs::write(generated.join("json-schema/bundle.json"), "{}").unwrap();
    let report = text(&run(&["--check"]).stderr);
    assert!(report.contains("Gone.json") && report.contains("bundle.json"), "{report}");
    assert!(report.contains("run `accord gen all "), "{report}");
    assert!(run(&[]).status.success());
    assert!(!generated.join("json-schema/Gone.json").exists());
    assert!(run(&["--check"]).status.success());
}

#[test]
fn a_mock_does_not_start_with_faults_that_cannot_be() {
    let arguments = ["mock", "schema/chat.yaml", "--fail", "send_mesage=internal", "--deny", "chanel:1"];
    let output = accord(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let report = text(&output.stderr);
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(
        lines,
        [
            "error: --fail send_mesage=internal names neither an event nor an operation of the schema, `send_mesage`: did \
             you mean `send_message`?",
            "error: --deny chanel:1 names a scope that the schema does not have, `chanel`: did you mean `channel`?",
        ]
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn a_command_that_cannot_serve_gives_the_reason() {
    let occupant = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = occupant.local_addr().unwrap().port().to_string();
    for command in ["mock", "docs"] {
        let output = accord(&[command, "schema/chat.yaml", "--port", &port]);
        assert_eq!(output.status.code(), Some(1));
        let report = text(&output.stderr);
        assert!(report.starts_with(&format!("error: cannot listen on 127.0.0.1:{port}: another program")), "{report}");
        let output = accord(&[command, "schema/nowhere.yaml", "--port", "0"]);
        assert_eq!(output.status.code(), Some(1));
        let report = text(&output.stderr);
        assert!(report.starts_with("error[unreadable-file]: cannot read `schema/nowhere.yaml`"), "{report}");
    }
}

#[test]
fn shells_complete_every_command() {
    for (shell, mark) in [("bash", "complete -F _accord"), ("zsh", "#compdef accord"), ("fish", "complete -c accord")] {
        let script = text(&accord(&["completions", shell]).stdout);
        assert!(script.contains(mark), "{shell}");
        for command in ["check", "lint", "explain", "gen", "completions"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
}

/// A pipe whose reader is gone.
fn unread() -> PipeWriter {
    pipe().unwrap().1
}

#[test]
fn a_reader_that_has_seen_enough_ends_no_command_in_a_panic() {
    for (arguments, status) in [
        (&["check", "schema/chat.yaml"][..], 0),
        (&["lint", "schema/chat.yaml"], 0),
        (&["explain", "send_message"], 0),
        (&["gen", "docs", "--help"], 0),
        (&["check", "nowhere.yaml"], 1),
        (&["lint", "nowhere.yaml"], 2),
        (&["diff", "nowhere.yaml", "schema/chat.yaml"], 2),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_accord"));
        command.args(arguments).current_dir("../..").stdout(unread()).stderr(unread());
        assert_eq!(command.status().unwrap().code(), Some(status), "{arguments:?}");
    }
}
