//! The rules that a schema has to keep to be compiled.

mod documents;
mod events;
mod http;
mod logs;
mod names;
mod receivers;
mod sections;
mod types;

/// A rule of `accord check`: an id of diagnostics, explained.
#[derive(Debug)]
pub struct Explained {
    /// The id: `unknown-type`.
    pub id: &'static str,
    /// The mistake, in one sentence.
    pub what: &'static str,
    /// The reason why it is a mistake.
    pub reason: &'static str,
    /// The remedy.
    pub remedy: &'static str,
    example: &'static str,
}

impl Explained {
    /// A part of a schema that breaks the rule, and the same part as it should be.
    pub fn examples(&self) -> (&'static str, &'static str) {
        self.example.split_once("---\n").expect("an example has two parts")
    }
}

/// All rules of `accord check`, by what they are about.
pub fn diagnostics() -> impl Iterator<Item = &'static Explained> {
    let events = [events::RULES, receivers::RULES, logs::RULES];
    let others = [documents::RULES, sections::RULES, names::RULES, types::RULES];
    others.into_iter().chain(events).chain([http::RULES]).flatten()
}
