//! Random sequences against servers that deviate from the model.

use std::{fs, sync::Arc, time::Duration};

use accord_conformance::{case::catalogue, protocol::Protocol, report};

use crate::{
    fault::faults,
    faults::{Times, tried},
    server::{Server, world},
};

#[test]
fn a_sequence_that_fails_is_shortened_to_a_flow_that_shows_it_by_itself() {
    let server = Server::start(&world(), "on");
    let protocol = Arc::new(Protocol::embedded().unwrap());
    let fault = faults().into_iter().find(|fault| fault.name == "an edit carries other text").unwrap();
    let cases = catalogue(&protocol, &[], 12).unwrap().into_iter().map(Arc::new);
    let fuzz = cases.filter(|case| case.name().starts_with("fuzz/")).collect();
    // Long enough that a sequence is shortened to its end and that nothing else fails, however slow the machine.
    let times = Times { case_limit: Duration::from_secs(240), shortening: Duration::from_secs(120), ..Times::LONG };
    let outcomes = tried(&server, &protocol, fuzz, fault.rule, "fuzzer".to_owned(), times);
    let failed = outcomes.iter().find(|outcome| outcome.status.fails()).expect("some sequence edits a message");
    let flow = failed.flow.as_deref().unwrap();
    let report = report::failure(failed);
    assert!(report.contains("the shortest flow that shows it"), "{report}");
    // Somebody joins, sends and edits; nothing else is needed.
    assert!(flow.matches("emit: ").count() <= 3, "{flow}");
    assert!(flow.contains("emit: edit_message"), "{flow}");

    // Kept as a file, it passes on a server that does as it should, and fails on one that does not.
    let file = server.folder.path().join("found.yaml");
    fs::write(&file, flow).unwrap();
    let output = server.run(&["--flows", file.to_str().unwrap(), "--filter", "found/"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let further = [("found.yaml", flow)];
    let kept = catalogue(&protocol, &further, 0).unwrap().into_iter().map(Arc::new);
    let kept = kept.filter(|case| case.name().starts_with("found/")).collect();
    let outcomes = tried(&server, &protocol, kept, fault.rule, "kept".to_owned(), times);
    assert!(outcomes.iter().any(|outcome| outcome.status.fails()));
}
