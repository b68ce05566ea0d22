//! Tests that the suite detects faults: each fault, one at a time, has to fail it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use accord_conformance::{
    case::{Case, catalogue},
    client::Endpoint,
    coverage::Coverage,
    known::Known,
    play::Server as Target,
    protocol::Protocol,
    report,
    run::{self, Outcome, Plan, Progress, Status},
};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::{
    fault::faults,
    proxy::{self, Break, Delivery, Memory},
    server::{SECRET, Server, world},
};

/// The tests check the outcome of a run.
struct Silence;

impl Progress for Silence {
    fn started(&self, _: &Case) {}

    fn finished(&self, _: &Outcome) {}
}

/// The number of faults that are tried at once.
const AT_ONCE: usize = 4;

/// How long things may take.
#[derive(Clone, Copy)]
pub struct Times {
    /// An expected packet.
    pub patience: Duration,
    /// A case.
    pub case_limit: Duration,
    /// Shortening a random sequence that fails.
    pub shortening: Duration,
}

impl Times {
    /// Times for a server that does all that is expected, without shortening.
    pub const LONG: Times =
        Times { patience: Duration::from_secs(10), case_limit: Duration::from_secs(60), shortening: Duration::ZERO };
    /// Times for a server that does not.
    const SHORT: Times =
        Times { patience: Duration::from_millis(800), case_limit: Duration::from_secs(10), ..Times::LONG };
}

/// The outcomes of these cases with a `rule` broken. Once one fails, the others are not run.
pub fn tried(
    server: &Server,
    protocol: &Arc<Protocol>,
    cases: Vec<Arc<Case>>,
    rule: Break,
    run: String,
    Times { patience, case_limit, shortening }: Times,
) -> Vec<Outcome> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let outcomes = runtime.block_on(async {
        let proxy = proxy::serve(server.address, rule).await;
        let target = Arc::new(Target {
            endpoint: Endpoint::new(&format!("http://{proxy}")).unwrap(),
            secret: SECRET.to_owned(),
            run,
            seed: 1,
            shortening,
            patience,
            protocol: protocol.clone(),
            coverage: Arc::new(Coverage::default()),
        });
        let plan = Plan { jobs: 16, fail_fast: true, without_limits: None, known: Known::default(), case_limit };
        run::run(target, cases, &plan, &Silence).await
    });
    // The cases that still run are abandoned.
    runtime.shutdown_background();
    outcomes
}

#[test]
fn a_proxy_that_only_remembers_the_logs_of_rooms_is_not_noticed() {
    let server = Server::start(&world(), "on");
    let protocol = Arc::new(Protocol::embedded().unwrap());
    let cases = catalogue(&protocol, &[], 4).unwrap().into_iter().map(Arc::new);
    let about_logs = ["catching_up/", "rooms/", "fuzz/"];
    let cases = cases.filter(|case| about_logs.iter().any(|name| case.name().starts_with(name))).collect();
    let rule = Break::Log { up: |_, text| Some(text), down: |_, to, _, packet| vec![Delivery::Client(to, packet)] };
    let outcomes = tried(&server, &protocol, cases, rule, "whole".to_owned(), Times::LONG);
    let failed: Vec<String> = outcomes.iter().filter(|outcome| outcome.status.fails()).map(report::failure).collect();
    assert!(outcomes.len() > 40 && failed.is_empty(), "{}", failed.concat());
}

/// Answers that differ from this server's, in ways that the documentation allows.
fn within_the_documents(_: &mut Memory, target: &str, status: &mut StatusCode, _: &mut HeaderMap, body: &mut Value) {
    if target.starts_with("GET /api/stats") && *status == StatusCode::OK {
        body["data"]["uptimeSeconds"] = json!(12.5);
    }
    if target.starts_with("POST /api/upload") && *status == StatusCode::CREATED {
        body["data"]["filename"] = json!("Datei (1), größer.txt");
    }
}

#[test]
fn undocumented_behaviour_is_not_required() {
    let server = Server::start(&world(), "on");
    let protocol = Arc::new(Protocol::embedded().unwrap());
    let cases = catalogue(&protocol, &[], 0).unwrap().into_iter().map(Arc::new);
    let free = ["history/stats", "uploads/file_names", "uploads/allowed_types"];
    let cases: Vec<_> = cases.filter(|case| free.iter().any(|name| case.name().starts_with(name))).collect();
    let rule = Break::Rest(within_the_documents);
    let outcomes = tried(&server, &protocol, cases, rule, "free".to_owned(), Times::LONG);
    let failed: Vec<String> = outcomes.iter().filter(|outcome| outcome.status.fails()).map(report::failure).collect();
    assert!(outcomes.len() >= 4 && failed.is_empty(), "{}", failed.concat());
}

#[test]
fn every_fault_is_caught() {
    let world = world();
    let protocol = Arc::new(Protocol::embedded().unwrap());
    let cases: Vec<Arc<Case>> = catalogue(&protocol, &[], 48).unwrap().into_iter().map(Arc::new).collect();
    let faults = faults();
    let (next, survived) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let try_faults = || {
        // The cases have the same users and rooms in each run.
        let server = Server::start(&world, "on");
        while let Some((index, fault)) = faults.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
            let chosen: Vec<_> = cases.iter().filter(|case| case.name().contains(fault.filter)).cloned().collect();
            assert!(!chosen.is_empty(), "no case is named like `{}`", fault.filter);
            let catch = |times, run: &str| {
                let run = format!("fault-{index}{run}");
                let outcomes = tried(&server, &protocol, chosen.clone(), fault.rule, run, times);
                let failed = outcomes.iter().find_map(|outcome| match &outcome.status {
                    Status::Failed(deviation) => Some(format!("{}: {deviation}", outcome.case.name())),
                    _ => None,
                });
                let failed = failed.unwrap_or_else(|| "all cases passed".to_owned());
                if outcomes.iter().any(|outcome| outcome.status.fails()) && failed.contains(fault.says) {
                    Ok(failed)
                } else {
                    Err(failed)
                }
            };
            // The suite waits for missing packets in vain. A machine that stands still for that long is not a fault of the
            // server.
            match catch(Times::SHORT, "").or_else(|_| catch(Times::LONG, "-again")) {
                Ok(how) => println!("caught: {}\n    by {how}", fault.name),
                Err(how) => survived
                    .lock()
                    .unwrap()
                    .push(format!("{}, which has to be told by {:?}\n    {how}", fault.name, fault.says)),
            }
        }
    };
    // Most of the time, each of them waits for a packet that is missing.
    thread::scope(|scope| (0..AT_ONCE).for_each(|_| drop(scope.spawn(try_faults))));
    let survived = survived.into_inner().unwrap();
    assert!(faults.len() >= 210, "only {} faults", faults.len());
    assert!(survived.is_empty(), "{} of {} faults were not caught: {survived:#?}", survived.len(), faults.len());
}
