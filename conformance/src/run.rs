//! Running cases side by side.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::sync::Semaphore;

use crate::{
    case::Case,
    client::{Entry, Transport},
    flow::Stage,
    known::Known,
    play::{Deviation, Server, Session},
};

/// What became of a case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Status {
    /// The server did what it should.
    Passed,
    /// It did otherwise.
    Failed(Deviation),
    /// It did otherwise, which is known, for this reason.
    KnownFailure(Deviation, String),
    /// It did what it should, although it is known to fail, for this reason.
    UnexpectedPass(String),
    /// It was not tried, for this reason.
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
    /// What became of it.
    pub status: Status,
    /// How long it took.
    pub took: Duration,
    /// What was done, as far as it came.
    pub steps: Vec<String>,
    /// What was said, for those that failed.
    pub trace: Vec<Entry>,
    /// For random sequences that failed: the shortest flow that shows it, as a file of flows.
    pub flow: Option<String>,
}

/// How cases are run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many at once.
    pub jobs: usize,
    /// Whether to begin no further cases once one has failed.
    pub fail_fast: bool,
    /// Why nothing is held to limits, where nothing is.
    pub without_limits: Option<&'static str>,
    /// The failures that are known.
    pub known: Known,
    /// How long a case may take at most.
    pub case_limit: Duration,
}

/// Runs `cases`, and tells `progress` of each when it begins and when it is over.
pub async fn run(server: Arc<Server>, cases: Vec<Arc<Case>>, plan: &Plan, progress: &dyn Progress) -> Vec<Outcome> {
    let places = Arc::new(Semaphore::new(plan.jobs.max(1)));
    let stopped = AtomicBool::new(false);
    let mut running: FuturesUnordered<_> = cases
        .into_iter()
        .map(|case| {
            let (server, places, stopped) = (server.clone(), places.clone(), &stopped);
            async move {
                let outcome = one(server, case, plan, &places, stopped, progress).await;
                if plan.fail_fast && outcome.status.fails() {
                    stopped.store(true, Ordering::Relaxed);
                }
                progress.finished(&outcome);
                outcome
            }
        })
        .collect();
    let mut outcomes = Vec::new();
    while let Some(outcome) = running.next().await {
        outcomes.push(outcome);
    }
    outcomes.sort_by(|a, b| a.case.name().cmp(b.case.name()));
    outcomes
}

/// Is told how a run goes.
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
    stopped: &AtomicBool,
    progress: &dyn Progress,
) -> Outcome {
    let not_run = |case: &Arc<Case>, why: &str| Outcome {
        case: case.clone(),
        status: Status::NotRun(why.to_owned()),
        took: Duration::ZERO,
        steps: Vec::new(),
        trace: Vec::new(),
        flow: None,
    };
    if let Some(why) = plan.without_limits.filter(|_| case.needs_limits()) {
        return not_run(&case, why);
    }
    let place = places.acquire().await;
    if stopped.load(Ordering::Relaxed) {
        return not_run(&case, "another case failed before");
    }
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

/// What was carried out of a case, and what came of it.
pub(crate) struct Played {
    pub session: Arc<Session>,
    pub verdict: Result<(), Deviation>,
    /// The file of flows that shows what is wrong, where that was made up.
    pub flow: Option<String>,
}

/// Carries out `play` on a stage, within `limit`, in a task of its own: what a server's answer brings down in here is one
/// case and not the run.
pub(crate) async fn attempt(
    server: Arc<Server>,
    stage: Stage,
    (transport, acknowledged): (Transport, bool),
    limit: Duration,
    play: impl FnOnce(Arc<Session>) -> BoxFuture<'static, Result<(), Deviation>> + Send + 'static,
) -> Played {
    let session = Arc::new(Session::new(server, stage, transport, acknowledged));
    let task = tokio::spawn({
        let session = session.clone();
        async move { tokio::time::timeout(limit, play(session)).await }
    });
    let verdict = match task.await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(_)) => Err(Deviation::new("the case", format!("its end within {} s", limit.as_secs()), "none")),
        Err(error) => Err(Deviation::new("the case", "its end", format!("a fault of the suite's own: {error}"))),
    };
    Played { session, verdict, flow: None }
}
