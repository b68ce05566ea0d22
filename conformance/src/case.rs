//! Cases: flows, and what is derived from the schema.

use accord_codegen::Diagnostics;

use crate::{
    client::Transport,
    derived::{self, Derived},
    flow::{self, Scenario, Stage},
    play::{self, Deviation, Session},
    protocol::Protocol,
};

/// Something that is run against a server, and passes or fails.
#[derive(Clone, Debug)]
pub enum Case {
    /// A flow.
    Flow(Box<Scenario>),
    /// A group of cases made from the schema.
    Derived(Box<Derived>),
}

impl Case {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Case::Flow(scenario) => &scenario.name,
            Case::Derived(derived) => &derived.name,
        }
    }

    /// What it shows, in a sentence.
    pub fn summary(&self) -> &str {
        match self {
            Case::Flow(scenario) => scenario.flow.summary.get().map_or("", |summary| summary.as_str()),
            Case::Derived(derived) => &derived.summary,
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
        }
    }

    /// Who and what takes part.
    pub fn stage(&self) -> &Stage {
        match self {
            Case::Flow(scenario) => &scenario.stage,
            Case::Derived(derived) => &derived.scenario.stage,
        }
    }

    /// Whether it is about limits, so that it cannot run where they are off.
    pub fn needs_limits(&self) -> bool {
        match self {
            Case::Flow(scenario) => scenario.flow.limits.get() == Some(&true),
            Case::Derived(derived) => derived.needs_limits(),
        }
    }

    /// How sockets connect and events are emitted, where the case does not say.
    pub fn manner(&self) -> (Transport, bool) {
        match self {
            Case::Flow(scenario) => (scenario.transport, scenario.acknowledged),
            Case::Derived(derived) => (derived.scenario.transport, derived.scenario.acknowledged),
        }
    }

    /// Carries it out.
    ///
    /// # Errors
    /// The first thing that the server did otherwise.
    pub async fn run(&self, session: &Session) -> Result<(), Deviation> {
        match self {
            Case::Flow(scenario) => play::play(session, scenario).await?,
            Case::Derived(derived) => derived.run(session).await?,
        }
        session.settle().await
    }
}

/// All cases, in a fixed order.
///
/// # Errors
/// Everything that is wrong with the flows.
pub fn catalogue(protocol: &Protocol) -> Result<Vec<Case>, Diagnostics> {
    let scenarios = flow::catalogue(protocol)?;
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
    cases.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(cases)
}
