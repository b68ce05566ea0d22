//! The whole suite against the real server, as a team would run it: by its command line alone.

use std::{
    fs,
    process::{Command, Output},
};

use serde_json::Value;

use crate::{
    fault::as_is,
    proxy::{self, Break},
    server::{SECRET, Server, conformance, world},
};

fn text_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_server_holds_to_the_protocol_and_does_so_again_behind_a_proxy() {
    let server = Server::start(&world(), "on");
    let report = server.folder.path().join("report");
    // The proxy that the faults are planted in: without one, it is not noticed.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let proxy = runtime.block_on(proxy::serve(server.address, Break::Packet(as_is)));
    for address in [server.address, proxy] {
        let url = format!("http://{address}");
        let report = ["--report", report.to_str().unwrap()];
        let output = conformance(&[&["run", "--url", &url, "--jwt-secret", SECRET][..], &report].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text_of(&output));
    }
    let json: Value = serde_json::from_slice(&fs::read(report.join("report.json")).unwrap()).unwrap();
    assert_eq!(json["passed"], true);
    assert_eq!(json["counts"]["not_run"], 0);
    assert!(fs::read_to_string(report.join("junit.xml")).unwrap().contains("failures=\"0\""));
    assert!(fs::read_to_string(report.join("report.html")).unwrap().contains("follows the protocol"));
}

#[test]
fn a_limit_that_a_run_has_used_up_is_full_again_for_the_next() {
    let server = Server::start(&world(), "on");
    for _ in 0..2 {
        let output = server.run(&["--filter", "recovery/rooms_at_once[channel]"]);
        assert_eq!(output.status.code(), Some(0), "{}", text_of(&output));
    }
}

#[test]
fn where_limits_are_off_the_cases_about_them_are_named_as_not_run() {
    let server = Server::start(&world(), "off");
    let output = server.run(&["--filter", "limit"]);
    assert_eq!(output.status.code(), Some(0), "{}", text_of(&output));
    assert!(text_of(&output).contains("recovery/rate_limit: the server's limits are off"), "{}", text_of(&output));

    let output = server.run(&["--filter", "recovery/rate_limit", "--expect-limits"]);
    assert_eq!(output.status.code(), Some(1), "{}", text_of(&output));
    assert!(text_of(&output).contains("FAILED recovery/rate_limit"), "{}", text_of(&output));
}

#[test]
fn what_a_run_needs_and_does_not_find_is_told_in_a_line() {
    let output = conformance(&["run", "--url", "http://127.0.0.1:9", "--jwt-secret", SECRET]);
    assert_eq!(output.status.code(), Some(2));
    let unreachable = text_of(&output);
    assert!(unreachable.starts_with("cannot reach http://127.0.0.1:9"), "{unreachable}");
    assert_eq!(unreachable.matches("refused").count(), 1, "a cause is printed once: {unreachable}");

    let server = Server::start(b"users: []\nchannels: []\nconversations: []\n", "on");
    let url = server.url();
    let output = conformance(&["run", "--url", &url, "--jwt-secret", "another secret that has thirty-two bytes"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text_of(&output).contains("give the server's own secret with --jwt-secret"), "{}", text_of(&output));

    let output = server.run(&["--filter", "messages/"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text_of(&output).contains("the world is not loaded"), "{}", text_of(&output));
    assert_eq!(text_of(&output).lines().count(), 1, "{}", text_of(&output));
}

#[test]
fn another_protocol_is_known_by_its_schema_and_the_flows_that_it_names() {
    let schema = "../codegen/cli/src/new/protocol/schema/tally.yaml";
    let world = conformance(&["world", "--schema", schema]);
    let world = String::from_utf8(world.stdout).unwrap();
    let rooms: Vec<&str> = world.lines().filter(|line| line.ends_with(':')).collect();
    assert_eq!(rooms, ["users:", "counters:"]);
    assert!(world.contains(r#"{"id":"join.websocket.acknowledged.visitors","members":["#), "{world}");
    let list = conformance(&["run", "--list", "--schema", schema]);
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("schema/raise_counter/by[acknowledged]: ") && !list.contains("channel"), "{list}");

    let nowhere = conformance(&["run", "--list", "--schema", "nowhere.yaml"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(
        text_of(&nowhere).starts_with("error[unreadable-file]: cannot read `nowhere.yaml`"),
        "{}",
        text_of(&nowhere)
    );
}

#[test]
fn a_known_failure_that_passes_fails_the_run() {
    let server = Server::start(&world(), "on");
    let known = server.folder.path().join("known.yaml");
    fs::write(&known, "known_failures:\n  - { case: health/ping_pong, reason: It once did not answer. }\n").unwrap();
    let output = server.run(&["--filter", "health/", "--known-failures", known.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", text_of(&output));
    assert!(text_of(&output).contains("It once did not answer"), "{}", text_of(&output));
}

#[test]
fn a_reader_that_has_seen_enough_ends_no_command_in_a_panic() {
    let unread = || std::io::pipe().unwrap().1;
    let unreachable = ["run", "--url", "http://127.0.0.1:9", "--jwt-secret", SECRET];
    for (arguments, status) in [(&["world"][..], 0), (&["run", "--list"], 0), (&unreachable, 2)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_accord-conformance"));
        command.args(arguments).stdout(unread()).stderr(unread());
        assert_eq!(command.status().unwrap().code(), Some(status), "{arguments:?}");
    }
}
