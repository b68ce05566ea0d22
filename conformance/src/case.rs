//! Cases: flows, and what is derived from the schema.

use std::{sync::Arc, time::Duration};

use accord_codegen::Diagnostics;
use futures_util::FutureExt;

use crate::{
    derived::{self, Derived},
    flow::{self, Scenario, Stage},
    fuzz::{self, Fuzz},
    play::{self, Server},
    protocol::Protocol,
    run::{Played, attempt},
};

/// Something that is run against a server, and passes or fails.
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

    /// What it shows, in a sentence.
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

    /// Who and what takes part.
    pub fn stage(&self) -> &Stage {
        match self {
            Case::Flow(scenario) => &scenario.stage,
            Case::Derived(derived) => &derived.scenario.stage,
            Case::Fuzz(fuzz) => &fuzz.stage,
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

    /// Carries it out, within `limit`.
    pub(crate) async fn play(&self, server: &Arc<Server>, limit: Duration) -> Played {
        let (scenario, derived) = match self {
            Case::Flow(scenario) => (&**scenario, None),
            Case::Derived(derived) => (&derived.scenario, Some(derived.clone())),
            Case::Fuzz(fuzz) => return fuzz.run(server, limit).await,
        };
        let manner = (scenario.transport, scenario.acknowledged);
        let flow = scenario.clone();
        attempt(server.clone(), scenario.stage.clone(), manner, limit, move |session| {
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
/// texts, and so many random sequences.
///
/// # Errors
/// Everything that is wrong with the flows.
pub fn catalogue(protocol: &Protocol, further: &[(&str, &str)], sequences: u64) -> Result<Vec<Case>, Diagnostics> {
    let mut cases = of_scenarios(protocol, flow::catalogue(protocol, further)?);
    cases.extend(fuzz::cases(protocol, sequences)?.into_iter().map(|fuzz| Case::Fuzz(Box::new(fuzz))));
    cases.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(cases)
}

/// The cases of the flows in `files`, by their paths and texts, in a fixed order.
///
/// # Errors
/// Everything that is wrong with the flows.
pub fn of_flows(protocol: &Protocol, files: &[(&str, &str)]) -> Result<Vec<Case>, Diagnostics> {
    let mut cases = of_scenarios(protocol, flow::read(files, protocol)?);
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
