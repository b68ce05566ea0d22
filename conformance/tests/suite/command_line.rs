//! The whole suite against the real server, as a team would run it: by its command line alone.

use std::{
    fs,
    process::{Command, Output},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    fault::{Sent, as_is},
    packet::Packet,
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
fn a_missing_precondition_is_reported_in_one_line() {
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
fn a_list_of_no_cases_is_an_error() {
    let output = conformance(&["run", "--list", "--filter", "no-such-flow", "--filter", "nor-this"]);
    assert_eq!(output.status.code(), Some(2));
    let expected = "no case has a name that contains \"no-such-flow\" or \"nor-this\"; `--list` without a filter shows all names\n";
    assert_eq!(text_of(&output), expected);
}

/// Loses acknowledgements, which are waited for in vain, and doubles errors, which is noticed at once.
fn lost_or_doubled(packet: Packet) -> Sent {
    match &packet {
        Packet::Ack { .. } => Vec::new(),
        Packet::Event { name, .. } if name == "error" => vec![(0, packet.clone()), (0, packet)],
        _ => as_is(packet),
    }
}

/// Acknowledges everything twice.
fn doubled(packet: Packet) -> Sent {
    match packet {
        Packet::Ack { .. } => vec![(0, packet.clone()), (0, packet)],
        other => as_is(other),
    }
}

#[test]
fn the_first_failure_may_end_the_run() {
    const PATIENCE_MS: u64 = 60_000;
    let server = Server::start(&world(), "on");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let run = |rule: fn(Packet) -> Sent, further: &[&str]| {
        let url = format!("http://{}", runtime.block_on(proxy::serve(server.address, Break::Packet(rule))));
        let patience = PATIENCE_MS.to_string();
        let run = ["run", "--url", &url, "--jwt-secret", SECRET, "--fail-fast", "--expect-limits"];
        let output = conformance(&[&run[..], &["--patience-ms", &patience], further].concat());
        let log = text_of(&output);
        assert_eq!(output.status.code(), Some(1), "{log}");
        assert!(log.contains(" 1 failed, ") && log.contains("not run, because another case failed before: "), "{log}");
        assert!(!log.contains("not covered"), "{log}");
    };
    run(doubled, &[]);
    let began = Instant::now();
    run(lost_or_doubled, &["--filter", "health/", "--filter", "reactions/", "--jobs", "100"]);
    assert!(began.elapsed() < Duration::from_millis(PATIENCE_MS), "other cases wait for what does not come");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_as_a_file_of_flows_or_of_known_failures() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.yaml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    let output = conformance(&["run", "--list", "--flows", pipe]);
    assert_eq!(output.status.code(), Some(2));
    let why = "it is a pipe, a device or a socket, not a regular file";
    assert_eq!(text_of(&output), format!("cannot read the flows in {pipe}: {why}\n"));

    let output = conformance(&["run", "--url", "http://127.0.0.1:9", "--jwt-secret", SECRET, "--known-failures", pipe]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text_of(&output).starts_with(&format!("error[unreadable-file]: cannot read `{pipe}`: {why}")));
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
