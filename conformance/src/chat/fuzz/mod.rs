//! Random sequences of acts, compared with a model of rooms, their logs, members, messages and reactions.
//!
//! A sequence is written as a flow, whose steps state their expected results, and runs like any other flow. A sequence that
//! fails is shortened to the fewest acts that still fail, and its flow can be kept as a file.
//!
//! `Act` lists the acts, `Simulation` is the model, and `flows/acts.yaml` has the protocol's names for the acts.

mod act;
mod emission;
mod fixture;
mod history;
mod joining;
mod log;
mod message;
mod message_action;
mod replay;
mod sending;
mod simulation;
mod steps;
mod text;
mod words;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use accord_flows::{Fixture, Scenario, WORDS, is_named};
use accord_language::Diagnostics;
use futures_util::FutureExt;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::Value;

use self::{
    act::{Sequence, sequences},
    simulation::Simulation,
    words::Words,
};
use crate::{
    attempt::{Played, attempt},
    play::{self, Deviation, Server},
    protocol::Protocol,
};

/// The timeout for expected packets while a failure is shortened.
const HASTE: Duration = Duration::from_secs(1);

/// A random sequence.
#[derive(Clone, Debug)]
pub struct Fuzz {
    /// `fuzz/NUMBER`.
    pub name: String,
    /// Its summary.
    pub summary: String,
    /// Empty: the users and rooms are made during the run.
    pub fixture: Fixture,
    number: u64,
    words: Arc<Vec<Words>>,
}

/// `count` random sequences.
///
/// # Errors
/// All errors in `flows/acts.yaml`.
pub fn cases(protocol: &Protocol, count: u64) -> Result<Vec<Fuzz>, Diagnostics> {
    let words = Arc::new(words::read(protocol)?);
    let made = (0..count).map(|number| Fuzz {
        name: format!("fuzz/{number:02}"),
        summary: "random actions of room members give the results that the model predicts, for every member and in \
                  history"
            .to_owned(),
        fixture: Fixture::default(),
        number,
        words: words.clone(),
    });
    Ok(made.collect())
}

impl Fuzz {
    /// The sections of the documentation that the acts belong to.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.words.first().into_iter().flat_map(|words| &words.documents).map(String::as_str)
    }

    /// Makes the sequence from the run's seed, and runs it within `limit`. If it fails, it is shortened, and the result is that of
    /// the shortest sequence that still fails.
    pub(crate) async fn run(&self, server: &Arc<Server>, limit: Duration) -> Played {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&server.seed.to_le_bytes());
        seed[8..16].copy_from_slice(&self.number.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let tree = sequences(fixture::ACTORS.len()).new_tree(&mut runner).expect("the strategy rejects nothing");
        let sequence = tree.current();
        let mut tries = Tries { fuzz: self, server, limit, count: 0 };
        let first = tries.next(&sequence, server.patience).await;
        if first.verdict.is_ok() || server.shortening.is_zero() {
            return first;
        }
        let deadline = Instant::now() + server.shortening;
        loop {
            let shortest = tries.shorten(sequence.clone(), deadline).await;
            // A failure under the short timeout has to be confirmed under the full one. Otherwise the machine stood
            // still, and the sequence was shortened too far.
            let last = tries.next(&shortest, server.patience).await;
            if last.verdict.is_err() {
                return last;
            }
            if shortest.acts.len() == sequence.acts.len() || Instant::now() >= deadline {
                return first;
            }
        }
    }

    /// The flow of a sequence, as a file of flows.
    fn flow(&self, sequence: &Sequence) -> String {
        let name = self.name.replace('/', "_");
        let (steps, users) = Simulation::run(&name, &self.words, sequence).into_flow();
        let documents = Value::from(self.documents().collect::<Vec<_>>());
        let mut file = format!(
            "# yaml-language-server: $schema=../flows.schema.json\nsummary: Found by the fuzzer.\nflows:\n  {name}:\n    \
             summary: Found by the fuzzer.\n    documents: {}\n    users: []\n    strangers: {}\n    steps:\n",
            text::inline(&documents),
            text::inline(&users.into()),
        );
        for step in steps {
            file.push_str(&format!("      - {}\n", text::inline(&step)));
        }
        file
    }
}

/// Tries sequences, each with its own users and rooms.
struct Tries<'f> {
    fuzz: &'f Fuzz,
    server: &'f Arc<Server>,
    limit: Duration,
    count: usize,
}

impl Tries<'_> {
    /// Removes acts that `sequence` does not need to fail, until every act is needed or the deadline has passed. It
    /// tries ever shorter runs of acts, from the end to the beginning.
    async fn shorten(&mut self, mut sequence: Sequence, deadline: Instant) -> Sequence {
        let plain = Sequence { transports: Vec::new(), acts: sequence.acts.clone() };
        if self.fails(&plain).await {
            sequence = plain;
        }
        let mut length = sequence.acts.len().div_ceil(2);
        while length > 0 {
            let mut left_out = false;
            let mut end = sequence.acts.len();
            while end > 0 && Instant::now() < deadline {
                let start = end.saturating_sub(length);
                let mut shorter = sequence.clone();
                shorter.acts.drain(start..end);
                if self.fails(&shorter).await {
                    sequence = shorter;
                    left_out = true;
                }
                end = start;
            }
            if length > 1 || !left_out {
                length /= 2;
            }
        }
        sequence
    }

    async fn fails(&mut self, sequence: &Sequence) -> bool {
        self.next(sequence, self.server.patience.min(HASTE)).await.verdict.is_err()
    }

    async fn next(&mut self, sequence: &Sequence, patience: Duration) -> Played {
        let flow = self.fuzz.flow(sequence);
        let run = format!("{}-{}", self.server.run, self.count);
        self.count += 1;
        let server = Arc::new(Server { run, patience, ..(**self.server).clone() });
        let path = format!("{}.yaml", self.fuzz.name.replace('/', "_"));
        let scenario = match scenarios(&path, &flow, &server.protocol) {
            Ok(scenarios) => scenarios.into_iter().next(),
            Err(diagnostics) => panic!("the fuzzer wrote a flow that cannot be read:\n{diagnostics}\n{flow}"),
        };
        let scenario: Scenario = scenario.expect("the file has a flow");
        let (fixture, transport, acknowledged) = (scenario.fixture.clone(), scenario.transport, scenario.acknowledged);
        let mut played = attempt(server, fixture, (transport, acknowledged), self.limit, move |session| {
            async move {
                play::play(&session, &scenario).await?;
                session.settle().await
            }
            .boxed()
        })
        .await;
        let late = played.session.linger().await;
        let verdict: Result<(), Deviation> = played.verdict.and(late);
        played.flow = verdict.is_err().then_some(flow);
        played.verdict = verdict;
        played
    }
}

/// The scenarios of a file that uses the protocol's own words.
fn scenarios(path: &str, text: &str, protocol: &Protocol) -> Result<Vec<Scenario>, Diagnostics> {
    let words = protocol.flows.iter().copied().filter(|(path, _)| is_named(path, WORDS));
    accord_flows::read(&words.chain([(path, text)]).collect::<Vec<_>>(), &protocol.model)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `count` sequences of the strategy, from a fixed seed.
    fn sequences_of(count: usize) -> Vec<Sequence> {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let strategy = sequences(fixture::ACTORS.len());
        (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
    }

    #[test]
    fn every_sequence_is_a_flow_that_can_be_read() {
        let protocol = Protocol::embedded().unwrap();
        let fuzz = cases(&protocol, 1).unwrap_or_else(|diagnostics| panic!("{diagnostics}")).remove(0);
        for sequence in sequences_of(300) {
            let flow = fuzz.flow(&sequence);
            let scenarios = scenarios("fuzz.yaml", &flow, &protocol);
            assert_eq!(scenarios.unwrap_or_else(|diagnostics| panic!("{diagnostics}\n{flow}")).len(), 1);
        }
    }

    #[test]
    fn no_sequence_takes_more_of_a_limit_than_any_server_has_to_allow() {
        let protocol = Protocol::embedded().unwrap();
        let fuzz = cases(&protocol, 1).unwrap().remove(0);
        let most = protocol.event_limit().unwrap().burst as usize;
        for sequence in sequences_of(300) {
            let flow = fuzz.flow(&sequence);
            for user in ["alice", "bob", "carol"] {
                let emitted =
                    flow.matches(&format!("as: {user}, data")).count() + flow.matches(&format!("as: {user}/")).count();
                // Each socket is asked twice at the end whether it has seen nothing more.
                let markers = fixture::ACTORS.iter().filter(|(name, _)| name.starts_with(user)).count() * 2;
                let all = emitted + markers;
                assert!(all <= most, "{user} emits {all} events:\n{flow}");
            }
        }
    }

    #[test]
    fn sequences_catch_up_lose_their_positions_and_repeat() {
        let fuzz = cases(&Protocol::embedded().unwrap(), 1).unwrap().remove(0);
        let flows: Vec<String> = sequences_of(100).iter().map(|sequence| fuzz.flow(sequence)).collect();
        let has = |is_it: &dyn Fn(&str, &str) -> bool| {
            let found = |flow: &&String| flow.lines().zip(flow.lines().skip(1)).any(|(line, next)| is_it(line, next));
            flows.iter().filter(found).count()
        };
        let replays = has(&|line, next| next.contains("caught_up,") && !line.contains("joined"));
        let lost = has(&|line, _| line.contains("error: position_lost"));
        let repeated = has(&|line, _| line.contains("clientId: c-") && line.contains("ok: { id: $v"));
        let cut = has(&|line, next| line.contains("clientId: c-") && next.contains("cut: "));
        let conflicts = has(&|line, _| line.contains("error: idempotency_conflict"));
        let removed = has(&|line, _| line.contains("_removed"));
        for (what, flows, least) in [
            ("replays", replays, 40),
            ("lost positions", lost, 10),
            ("repetitions", repeated, 10),
            ("cut connections", cut, 5),
            ("conflicts", conflicts, 10),
            ("removals", removed, 40),
        ] {
            assert!(flows >= least, "only {flows} of 100 sequences have {what}");
        }
    }

    #[test]
    fn a_sequence_is_written_as_a_person_would_write_it() {
        use super::act::{Act, MessageAction, Once, Since};
        let fuzz = cases(&Protocol::embedded().unwrap(), 1).unwrap().remove(0);
        let acts = vec![
            Act::Join { actor: 2, room: 0, since: Since::Last, acknowledged: false },
            Act::Send { actor: 0, room: 0, parent: None, acknowledged: true, once: Once::With },
            Act::Reconnect { actor: 2, abruptly: true },
            Act::Repeat { actor: 1, message: 0, other: false },
            Act::Rejoin { actor: 2 },
            Act::OnMessage {
                actor: Some(2),
                message: 0,
                action: MessageAction::Edit,
                other_room: None,
                acknowledged: false,
            },
            Act::OnMessage {
                actor: None,
                message: 0,
                action: MessageAction::Edit,
                other_room: None,
                acknowledged: false,
            },
        ];
        insta::assert_snapshot!(fuzz.flow(&Sequence { transports: vec![0, 0, 1, 0], acts }));
    }
}
