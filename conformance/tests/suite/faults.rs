//! That the suite bites: faults, one at a time, each of which it has to catch.

use std::{sync::Arc, time::Duration};

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

use crate::{
    fault::{as_is, faults},
    proxy::{self, Break},
    server::{SECRET, Server, world},
};

struct Silent;

impl Progress for Silent {
    fn started(&self, _: &Case) {}
    fn finished(&self, _: &Outcome) {}
}

/// The outcomes of these cases with a `rule` broken.
pub fn tried(
    server: &Server,
    protocol: &Arc<Protocol>,
    cases: Vec<Arc<Case>>,
    rule: Break,
    run: String,
    patience: Duration,
    case_limit: Duration,
) -> Vec<Outcome> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let proxy = proxy::serve(server.address, rule).await;
        let target = Arc::new(Target {
            endpoint: Endpoint::new(&format!("http://{proxy}")).unwrap(),
            secret: SECRET.to_owned(),
            run,
            seed: 1,
            patience,
            protocol: protocol.clone(),
            coverage: Arc::new(Coverage::default()),
        });
        let plan = Plan { jobs: 16, fail_fast: true, without_limits: None, known: Known::default(), case_limit };
        run::run(target, cases, &plan, &Silent).await
    })
}

#[test]
fn a_proxy_that_breaks_nothing_is_not_noticed() {
    let server = Server::start(&world(), "on");
    let protocol = Arc::new(Protocol::embedded().unwrap());
    let cases = catalogue(&protocol, &[], 24).unwrap().into_iter().map(Arc::new).collect();
    let rule = Break::Packet(as_is);
    let outcomes =
        tried(&server, &protocol, cases, rule, "whole".to_owned(), Duration::from_secs(10), Duration::from_secs(60));
    let failed: Vec<String> = outcomes.iter().filter(|outcome| outcome.status.fails()).map(report::failure).collect();
    assert!(failed.is_empty(), "{}", failed.concat());
}

#[test]
fn every_fault_is_caught() {
    let server = Server::start(&world(), "on");
    let protocol = Arc::new(Protocol::embedded().unwrap());
    let cases: Vec<Arc<Case>> = catalogue(&protocol, &[], 24).unwrap().into_iter().map(Arc::new).collect();
    let faults = faults();
    let mut survived = Vec::new();
    for (index, fault) in faults.iter().enumerate() {
        let chosen: Vec<_> = cases.iter().filter(|case| case.name().contains(fault.filter)).cloned().collect();
        assert!(!chosen.is_empty(), "no case is named like `{}`", fault.filter);
        let outcomes = tried(
            &server,
            &protocol,
            chosen,
            fault.rule,
            format!("fault-{index}"),
            Duration::from_millis(800),
            Duration::from_secs(10),
        );
        match outcomes.iter().find_map(|outcome| match &outcome.status {
            Status::Failed(deviation) => Some((outcome.case.name(), deviation)),
            _ => None,
        }) {
            Some((case, deviation)) => println!("caught: {}\n    by {case}: {deviation}", fault.name),
            None => survived.push(fault.name),
        }
    }
    assert!(faults.len() >= 80, "only {} faults", faults.len());
    assert!(survived.is_empty(), "{} of {} faults were not caught: {survived:#?}", survived.len(), faults.len());
}
