//! Cases: flows, and cases that are derived from the schema.

use std::{sync::Arc, time::Duration};

use accord_flows::{Fixture, Scenario};
use accord_language::Diagnostics;
use futures_util::FutureExt;

use crate::{
    attempt::{Played, attempt},
    chat::fuzz::{self, Fuzz},
    derived::{self, Derived},
    play::{self, BURSTS, Server},
    protocol::Protocol,
};

/// A test that is run against a server, and passes or fails.
#[derive(Clone, Debug)]
pub enum Case {
    /// A flow.
    Flow(Box<Scenario>),
    /// A group of cases made from the schema.
    Derived(Box<Derived>),
    /// A random sequence.
    Fuzz(Box<Fuzz>),
}

impl Case {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Case::Flow(scenario) => &scenario.name,
            Case::Derived(derived) => &derived.name,
            Case::Fuzz(fuzz) => &fuzz.name,
        }
    }

    /// The one-sentence summary of the case.
    pub fn summary(&self) -> &str {
        match self {
            Case::Flow(scenario) => scenario.flow.summary.get().map_or("", |summary| summary.as_str()),
            Case::Derived(derived) => &derived.summary,
            Case::Fuzz(fuzz) => &fuzz.summary,
        }
    }

    /// Further paragraphs, and the sections of the documentation that it belongs to.
    pub fn documents(&self) -> (Option<&str>, Vec<&str>) {
        match self {
            Case::Flow(scenario) => {
                let sections = scenario.flow.documents.get().into_iter().flatten();
                (
                    scenario.flow.description.get().map(|text| text.as_str()),
                    sections.map(|text| text.as_str()).collect(),
                )
            }
            Case::Derived(_) => (None, vec!["Input Validation"]),
            Case::Fuzz(fuzz) => (None, fuzz.documents().collect()),
        }
    }

    /// Whether it is meant to cover cells of this subject. Coverage never depends on random sequences.
    pub fn is_about(&self, subject: &str) -> bool {
        match self {
            Case::Flow(scenario) => scenario.flow.is_about(subject),
            Case::Derived(derived) => derived.is_about(subject),
            Case::Fuzz(_) => false,
        }
    }

    /// The users and rooms that take part.
    pub fn fixture(&self) -> &Fixture {
        match self {
            Case::Flow(scenario) => &scenario.fixture,
            Case::Derived(derived) => &derived.scenario.fixture,
            Case::Fuzz(fuzz) => &fuzz.fixture,
        }
    }

    /// Whether it is about limits, so that it cannot run where they are off.
    pub fn needs_limits(&self) -> bool {
        match self {
            Case::Flow(scenario) => scenario.flow.limits.get() == Some(&true),
            Case::Derived(derived) => derived.needs_limits(),
            Case::Fuzz(_) => false,
        }
    }

    /// The maximum number of events that it emits at once: large for cases that exhaust a limit.
    pub(crate) fn events_at_once(&self, protocol: &Protocol) -> usize {
        let exhausted = |event: &str| match protocol.model.client_event(event) {
            Some(event) => event.limit.map(|id| &protocol.model.limits[id.0]),
            None => protocol.event_limit(),
        };
        let events: Vec<&str> = match self {
            Case::Flow(scenario) => scenario.flow.exhausts().collect(),
            Case::Derived(derived) => derived.exhausts().into_iter().collect(),
            Case::Fuzz(_) => Vec::new(),
        };
        let bursts = events.into_iter().filter_map(exhausted).map(|limit| limit.burst as usize * BURSTS as usize);
        bursts.max().unwrap_or(1)
    }

    /// Runs it, within `limit`.
    pub(crate) async fn play(&self, server: &Arc<Server>, limit: Duration) -> Played {
        let (scenario, derived) = match self {
            Case::Flow(scenario) => (&**scenario, None),
            Case::Derived(derived) => (&derived.scenario, Some(derived.clone())),
            Case::Fuzz(fuzz) => return fuzz.run(server, limit).await,
        };
        let manner = (scenario.transport, scenario.acknowledged);
        let flow = scenario.clone();
        attempt(server.clone(), scenario.fixture.clone(), manner, limit, move |session| {
            async move {
                match derived {
                    Some(derived) => derived.run(&session).await?,
                    None => play::play(&session, &flow).await?,
                }
                session.settle().await
            }
            .boxed()
        })
        .await
    }
}

/// All cases, in a fixed order: those of the protocol's flows and of `further` files, by their paths and
/// texts, and `sequences` random sequences.
///
/// # Errors
/// All errors in the flows.
pub fn catalogue(protocol: &Protocol, further: &[(&str, &str)], sequences: u64) -> Result<Vec<Case>, Diagnostics> {
    let mut cases = of_scenarios(protocol, accord_flows::read(&[protocol.flows, further].concat(), &protocol.model)?);
    cases.extend(fuzz::cases(protocol, sequences)?.into_iter().map(|fuzz| Case::Fuzz(Box::new(fuzz))));
    cases.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(cases)
}

/// The cases of the flows in `files`, by their paths and texts, in a fixed order.
///
/// # Errors
/// All errors in the flows.
pub fn of_flows(protocol: &Protocol, files: &[(&str, &str)]) -> Result<Vec<Case>, Diagnostics> {
    let mut cases = of_scenarios(protocol, accord_flows::read(files, &protocol.model)?);
    cases.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(cases)
}

fn of_scenarios(protocol: &Protocol, scenarios: Vec<Scenario>) -> Vec<Case> {
    let mut cases = Vec::new();
    for scenario in scenarios {
        if scenario.flow.derives.is_absent() {
            cases.push(Case::Flow(Box::new(scenario)));
        } else {
            cases.extend(
                derived::cases(protocol, &scenario).into_iter().map(|derived| Case::Derived(Box::new(derived))),
            );
        }
    }
    cases
}
