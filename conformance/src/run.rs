//! Runs cases concurrently.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::Semaphore;

use crate::{
    attempt::Played,
    case::Case,
    client::Entry,
    known::Known,
    play::{Deviation, Server},
};

/// The outcome of a case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Status {
    /// The server behaved as expected.
    Passed,
    /// The server deviated.
    Failed(Deviation),
    /// The server deviated, which is a known failure for this reason.
    KnownFailure(Deviation, String),
    /// It passed, although it is known to fail, for this reason.
    UnexpectedPass(String),
    /// It was skipped, for this reason.
    NotRun(String),
}

impl Status {
    /// Whether it fails the run.
    pub fn fails(&self) -> bool {
        matches!(self, Status::Failed(_) | Status::UnexpectedPass(_))
    }
}

/// A case that was run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The case.
    pub case: Arc<Case>,
    /// Its outcome.
    pub status: Status,
    /// Its duration.
    pub took: Duration,
    /// The steps that were done.
    pub steps: Vec<String>,
    /// The recorded packets, if it failed.
    pub trace: Vec<Entry>,
    /// For random sequences that failed: the shortest flow that shows it, as a file of flows.
    pub flow: Option<String>,
}

/// The number of events that one job's case may emit at once: a case that emits more takes up several jobs, because
/// others would wait too long for answers.
const EVENTS_A_PLACE: usize = 128;

/// The settings of a run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The number of cases to run at once.
    pub jobs: usize,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// The reason for running without limits, if there is one.
    pub without_limits: Option<&'static str>,
    /// The failures that are known.
    pub known: Known,
    /// The timeout of a case.
    pub case_limit: Duration,
}

/// Runs `cases`, and reports the start and the end of each to `progress`. If the first failure ends the run, the cases that are
/// still running are abandoned.
pub async fn run(server: Arc<Server>, cases: Vec<Arc<Case>>, plan: &Plan, progress: &dyn Progress) -> Vec<Outcome> {
    let places = Arc::new(Semaphore::new(plan.jobs.max(1)));
    let running = cases.iter().map(|case| {
        let (server, case, places) = (server.clone(), case.clone(), places.clone());
        async move {
            let outcome = one(server, case, plan, &places, progress).await;
            progress.finished(&outcome);
            outcome
        }
    });
    let mut running: FuturesUnordered<_> = running.collect();
    let mut outcomes = Vec::new();
    while let Some(outcome) = running.next().await {
        let is_last = plan.fail_fast && outcome.status.fails();
        outcomes.push(outcome);
        if is_last {
            break;
        }
    }
    drop(running);
    let ended: HashSet<&str> = outcomes.iter().map(|outcome| outcome.case.name()).collect();
    let abandoned = cases.iter().filter(|case| !ended.contains(case.name()));
    let abandoned: Vec<_> = abandoned.map(|case| not_run(case.clone(), "another case failed before")).collect();
    outcomes.extend(abandoned);
    outcomes.sort_by(|a, b| a.case.name().cmp(b.case.name()));
    outcomes
}

/// An observer of a run.
pub trait Progress: Sync {
    /// A case begins.
    fn started(&self, case: &Case);
    /// A case is over.
    fn finished(&self, outcome: &Outcome);
}

async fn one(
    server: Arc<Server>,
    case: Arc<Case>,
    plan: &Plan,
    places: &Semaphore,
    progress: &dyn Progress,
) -> Outcome {
    if let Some(why) = plan.without_limits.filter(|_| case.needs_limits()) {
        return not_run(case, why);
    }
    let wanted = case.events_at_once(&server.protocol).div_ceil(EVENTS_A_PLACE).clamp(1, plan.jobs.max(1));
    let place = places.acquire_many(u32::try_from(wanted).unwrap_or(u32::MAX)).await;
    progress.started(&case);
    let began = Instant::now();
    let Played { session, verdict, flow } = case.play(&server, plan.case_limit).await;
    let took = began.elapsed();
    drop(place);
    let verdict = match (verdict, session.linger().await) {
        (Ok(()), late) => late,
        (failed, _) => failed,
    };
    let status = match (verdict, plan.known.reason(case.name())) {
        (Ok(()), None) => Status::Passed,
        (Ok(()), Some(reason)) => Status::UnexpectedPass(reason.to_owned()),
        (Err(deviation), None) => Status::Failed(deviation),
        (Err(deviation), Some(reason)) => Status::KnownFailure(deviation, reason.to_owned()),
    };
    let trace = if status == Status::Passed { Vec::new() } else { session.trace() };
    Outcome { case, status, took, steps: session.log(), trace, flow }
}

fn not_run(case: Arc<Case>, why: &str) -> Outcome {
    Outcome {
        case,
        status: Status::NotRun(why.to_owned()),
        took: Duration::ZERO,
        steps: Vec::new(),
        trace: Vec::new(),
        flow: None,
    }
}
