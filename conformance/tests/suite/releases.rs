//! Released versions of the protocol, spoken with today's server.

use std::{sync::Arc, time::Duration};

use accord_conformance::{
    case::catalogue,
    protocol::Protocol,
    report,
    run::{Outcome, Status},
};
use serde_json::json;

use crate::{
    fault::as_is,
    faults::{Times, tried},
    packet::Packet,
    proxy::{self, Break},
    server::{self, Server, conformance},
};

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or_default()
}

fn world(version: &str) -> Vec<u8> {
    let output = conformance(&["world", "--protocol", version]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The newest release; there is one, or the repository would have no history.
fn newest() -> &'static str {
    Protocol::releases().last().unwrap()
}

#[test]
fn the_server_keeps_to_every_release_of_its_major_version() {
    let today = Protocol::embedded().unwrap().model.protocol.version;
    let releases: Vec<&str> = Protocol::releases().filter(|version| major(version) == major(&today)).collect();
    for version in releases {
        let server = Server::start(&world(version), "on");
        let output = server.run(&["--protocol", version]);
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{version}: {log}");
        assert!(log.contains(" passed, 0 failed, "), "{version}: {log}");
    }
}

#[test]
fn an_unknown_release_is_reported_with_the_known_ones() {
    for command in [&["world"][..], &["run", "--list"]] {
        let output = conformance(&[command, &["--protocol", "0.0.7"]].concat());
        assert_eq!(output.status.code(), Some(2));
        let log = String::from_utf8_lossy(&output.stderr);
        let all: Vec<&str> = Protocol::releases().collect();
        let listed = format!("this version has not been released; the released versions are: {}", all.join(", "));
        assert!(log.contains(&listed), "{log}");
    }
}

/// The timeouts for a correct server, and for a faulty one, whose missing packets are waited for in vain.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(2));

/// The outcomes of a few cases of `protocol` with `rule` broken.
fn outcomes(server: &Server, protocol: Protocol, run: &str, rule: Break, patience: Duration) -> Vec<Outcome> {
    let protocol = Arc::new(protocol);
    let cases = catalogue(&protocol, &[], 0).unwrap().into_iter().map(Arc::new);
    let few = ["messages/send", "reactions/", "rooms/join"];
    let cases = cases.filter(|case| few.iter().any(|name| case.name().starts_with(name))).collect();
    tried(server, &protocol, cases, rule, run.to_owned(), Times { patience, ..Times::LONG })
}

/// Imitates a later version: adds an event before each, and a field to each payload and acknowledgement.
fn as_later(packet: Packet) -> Vec<(u64, Packet)> {
    match packet {
        Packet::Event { name, mut data } => {
            if data.is_object() {
                data["addedLater"] = json!(1);
            }
            let added = Packet::Event { name: "added_later".to_owned(), data: json!({ "of": name }) };
            vec![(0, added), (0, Packet::Event { name, data })]
        }
        Packet::Ack { id, mut answer } => {
            if answer["data"].is_object() {
                answer["data"]["addedLater"] = json!(1);
            }
            vec![(0, Packet::Ack { id, answer })]
        }
        other => as_is(other),
    }
}

#[test]
fn clients_of_a_release_ignore_later_additions() {
    let server = Server::start(&world(newest()), "on");
    let released = Protocol::released(newest()).unwrap().unwrap();
    let outcomes_of_release = outcomes(&server, released, "release", Break::Packet(as_later), PATIENCE.0);
    let failed: String = outcomes_of_release.iter().filter(|one| one.status.fails()).map(report::failure).collect();
    assert!(!outcomes_of_release.is_empty() && failed.is_empty(), "{failed}");

    let today = outcomes(&server, Protocol::embedded().unwrap(), "today", Break::Packet(as_later), PATIENCE.1);
    let caught = today.iter().any(|one| one.status.fails() && report::failure(one).contains("`added_later`"));
    assert!(caught, "today's protocol has no such event");
}

/// A server that states a later minor version.
fn as_later_minor(mut packet: Packet) -> Vec<(u64, Packet)> {
    if let Packet::Event { data, .. } = &mut packet
        && let Some(version) = data.pointer_mut("/protocol/version")
    {
        *version = json!(format!("{}.999.0", major(newest())));
    }
    as_is(packet)
}

#[test]
fn a_later_minor_version_may_loosen_limits_and_the_same_version_may_not() {
    let server = Server::start(&server::world(), "off");
    let limits = ["recovery/rate_limit", "schema/ping/limit", "schema/join_channel/limit"];
    let outcomes = |run: &str, rule| {
        let protocol = Arc::new(Protocol::embedded().unwrap());
        let cases = catalogue(&protocol, &[], 0).unwrap().into_iter().map(Arc::new);
        let cases: Vec<_> = cases.filter(|case| limits.iter().any(|name| case.name().starts_with(name))).collect();
        assert!(cases.len() >= 5, "the cases of limits are there");
        tried(&server, &protocol, cases, rule, run.to_owned(), Times::LONG)
    };
    let failed = |outcomes: &[Outcome]| -> Vec<String> {
        outcomes.iter().filter(|one| one.status.fails()).map(report::failure).collect()
    };
    let later = failed(&outcomes("later", Break::Packet(as_later_minor)));
    assert!(later.is_empty(), "{}", later.concat());
    assert!(!failed(&outcomes("same", Break::Packet(as_is))).is_empty(), "nobody has allowed for looser limits");
}

/// A server that states the first release.
fn as_first(mut packet: Packet) -> Vec<(u64, Packet)> {
    if let Packet::Event { data, .. } = &mut packet
        && let Some(version) = data.pointer_mut("/protocol/version")
    {
        *version = json!("1.0.0");
    }
    as_is(packet)
}

#[test]
fn a_server_of_a_release_is_shown_how_to_be_held_to_that() {
    let server = Server::start(&server::world(), "on");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let proxy = runtime.block_on(proxy::serve(server.address, Break::Packet(as_first)));
    let url = format!("http://{proxy}");
    let output = conformance(&[
        "run",
        "--url",
        &url,
        "--jwt-secret",
        server::SECRET,
        "--filter",
        "health/ping_pong",
        "--expect-limits",
    ]);
    let log = String::from_utf8_lossy(&output.stderr);
    let advice = "the server says that it speaks chat 1.0.0, but these cases test 1.2.0: to test it against its own \
                  version, run with --protocol 1.0.0\n";
    assert!(log.contains(advice), "{log}");

    let output = server.run(&["--filter", "health/ping_pong", "--expect-limits"]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("--protocol"), "it speaks what it is held to");
}

#[test]
fn everything_that_a_release_documents_has_to_hold() {
    let server = Server::start(&world(newest()), "on");
    let lacks_its_user = Break::Packet(|mut packet| {
        if let Packet::Event { name, data } = &mut packet
            && name == "new_message"
            && let Some(members) = data.as_object_mut()
        {
            members.remove("user");
        }
        as_is(packet)
    });
    let lacks_the_event = Break::Packet(|packet| match packet {
        Packet::Event { name, .. } if name == "reaction_added" => Vec::new(),
        other => as_is(other),
    });
    for (run, rule) in [("field", lacks_its_user), ("event", lacks_the_event)] {
        let released = Protocol::released(newest()).unwrap().unwrap();
        let outcomes = outcomes(&server, released, run, rule, PATIENCE.1);
        assert!(outcomes.iter().any(|outcome| matches!(outcome.status, Status::Failed(_))), "{run}");
    }
}
