//! Mistakes across files.

use insta::assert_snapshot;

use crate::{check, check_with};

#[test]
fn a_file_that_is_not_there_is_shown_where_it_is_included() {
    let report = check("include: [nowhere.yaml]");
    assert_snapshot!(report, @r"
    error[unreadable-file]: cannot read `nowhere.yaml`: there is no such file
     --> test.yaml:1:11
      |
    1 | include: [nowhere.yaml]
      |           ^^^^^^^^^^^^ named here
      |
      = help: paths are relative to the including file

    error: 1 error
    ");
}

#[test]
fn a_file_that_includes_itself_is_refused() {
    let report = check("include: [schema.yaml]");
    assert_snapshot!(report, @r"
    error[include-cycle]: `schema.yaml` is being included already
     --> test.yaml:1:11
      |
    1 | include: [schema.yaml]
      |           ^^^^^^^^^^^ reached by `schema.yaml` → `test.yaml`
      |
      = help: remove this include: each file is read once, and can use the names of all others

    error: 1 error
    ");
}

#[test]
fn a_name_declared_in_two_files_is_shown_with_both() {
    let report = check(
        "
types:
  Note: { summary: Again., type: string }
",
    );
    assert_snapshot!(report, @r"
    error[duplicate-name]: the type `Note` is declared twice
      --> test.yaml:2:3
       |
     2 |   Note: { summary: Again., type: string }
       |   ^^^^ again here
       |
      ::: schema.yaml:25:3
       |
    25 |   Note:
       |   ---- first here
       |
       = help: rename one of them

    error: 1 error
    ");
}

#[test]
fn an_event_declared_in_two_files_is_shown_with_both() {
    let report = check(
        "
summary: Test.
server:
  noted: { summary: Again. }
",
    );
    assert_snapshot!(report, @r"
    error[duplicate-name]: the server event `noted` is declared twice
      --> test.yaml:3:3
       |
     3 |   noted: { summary: Again. }
       |   ^^^^^ again here
       |
      ::: schema.yaml:42:3
       |
    42 |   noted: { summary: A note., scope: room, payload: { $ref: Note } }
       |   ----- first here
       |
       = help: rename one of them

    error: 1 error
    ");
}

#[test]
fn a_section_in_two_files_is_shown_with_both() {
    let report = check("protocol: { name: test, version: 1.0.0, summary: Again. }");
    assert_snapshot!(report, @r"
    error[duplicate-section]: the schema has two sections `protocol`
     --> test.yaml:1:11
      |
    1 | protocol: { name: test, version: 1.0.0, summary: Again. }
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ again here
      |
     ::: schema.yaml:3:11
      |
    3 | protocol: { name: test, version: 1.2.0, summary: For tests. }
      |           --------------------------------------------------- first here
      |
      = help: leave one of them out

    error: 1 error
    ");
}

#[test]
fn a_file_with_events_needs_a_summary() {
    let report = check(
        "
server:
  poked: { summary: A poke. }
",
    );
    assert_snapshot!(report, @r"
    error[missing-key]: the file has events, but no `summary`
     --> test.yaml:1:1
      |
    1 | server:
      | ^^^^^^
      |
      = help: add `summary: …` at the top: the subject of the events in this file

    error: 1 error
    ");
}

#[test]
fn a_folder_of_flows_that_is_not_there_is_shown_where_it_is_named() {
    let report = check("flows: nowhere");
    assert_snapshot!(report, @r"
    error[unreadable-folder]: there is no folder `nowhere`
     --> test.yaml:1:8
      |
    1 | flows: nowhere
      |        ^^^^^^^ the flows are expected here
      |
      = help: paths are relative to this file; leave `flows` out if there are none

    error: 1 error
    ");
}

#[test]
fn a_schema_has_one_folder_of_flows() {
    let report = check_with("accord: 1", "accord: 1\nflows: .", "flows: .");
    assert_snapshot!(report, @r"
    error[duplicate-section]: the schema has two sections `flows`
     --> test.yaml:1:8
      |
    1 | flows: .
      |        ^ again here
      |
     ::: schema.yaml:3:8
      |
    3 | flows: .
      |        - first here
      |
      = help: leave one of them out

    error: 1 error
    ");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_not_regular_is_refused_without_waiting() {
    use std::{fs, process::Command, sync::mpsc, thread, time::Duration};

    let directory = tempfile::TempDir::new().unwrap();
    let pipe = directory.path().join("pipe.yaml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fs::create_dir(directory.path().join("folder.yaml")).unwrap();
    fs::write(directory.path().join("schema.yaml"), crate::BASE).unwrap();
    fs::write(directory.path().join("test.yaml"), "include: [pipe.yaml, folder.yaml, /dev/null]\n").unwrap();
    let (said, says) = mpsc::channel();
    let schema = directory.path().join("schema.yaml");
    // Nobody ever writes to the pipe.
    thread::spawn(move || said.send(accord_language::load(schema).expect_err("there are mistakes").to_string()));
    let report = says.recv_timeout(Duration::from_secs(30)).expect("the pipe is not read");
    assert_snapshot!(report.replace(&format!("{}/", directory.path().display()), ""), @r"
    error[unreadable-file]: cannot read `pipe.yaml`: it is a pipe, a device or a socket, not a regular file
     --> test.yaml:1:11
      |
    1 | include: [pipe.yaml, folder.yaml, /dev/null]
      |           ^^^^^^^^^ named here
      |
      = help: paths are relative to the including file

    error[unreadable-file]: cannot read `folder.yaml`: it is a folder
     --> test.yaml:1:22
      |
    1 | include: [pipe.yaml, folder.yaml, /dev/null]
      |                      ^^^^^^^^^^^ named here
      |
      = help: paths are relative to the including file

    error[unreadable-file]: cannot read `/dev/null`: it is a pipe, a device or a socket, not a regular file
     --> test.yaml:1:35
      |
    1 | include: [pipe.yaml, folder.yaml, /dev/null]
      |                                   ^^^^^^^^^ named here
      |
      = help: paths are relative to the including file

    error: 3 errors
    ");
}
