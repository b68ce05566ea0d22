//! The language of flows, in YAML: the steps of clients and a server, in order.
//!
//! A file is decoded by the same machinery as a protocol's schema, so mistakes are shown with their lines and a remedy.
//! A flow that is written `across` axes becomes one [`Scenario`] for each combination of their values. This crate
//! carries out no flows: the conformance suite does, and the documentation draws them.
//!
//! Start reading at [`read`]; [`pattern`] has the values that steps send and expect, [`chapters`] what is drawn.
//!
//! ```
//! let model = accord_language::load("../../schema/chat.yaml").unwrap();
//! let text = "
//! summary: How to be greeted.
//! flows:
//!   ping:
//!     summary: A ping is answered.
//!     documents: [Ping]
//!     users: [alice]
//!     steps:
//!       - connect: alice
//!       - { emit: ping, as: alice, ok: { timestamp: <integer> } }
//! ";
//! let scenarios = accord_flows::read(&[("greetings.yaml", text)], &model).unwrap();
//! assert_eq!(scenarios[0].name, "greetings/ping");
//! ```

mod describe;
mod diagram;
mod document;
pub mod drawing;
mod file;
pub mod pattern;
mod scenario;
mod step;
mod tables;
mod token;
mod transport;
mod words;

pub use diagram::chapters;
pub use document::{Axis, Derives, Flow, FlowFile, editor_schema};
pub use file::FileParts;
pub use scenario::{Fixture, FixtureRoom, FixtureUser, Scenario, read};
pub use step::{
    CallStep, ClosedStep, ConnectStep, CutStep, DisconnectStep, EmitStep, ExpectStep, ExpiredStep, Failure, FetchStep,
    Names, NothingStep, SendRawStep, SetStep, Step, StepKind, TogetherStep,
};
pub use tables::{ACTS, UNCOVERED, WORDS, is_named};
pub use token::{Signature, TokenParts, TokenUse};
pub use transport::Transport;
pub use words::{WordsFile, exchange};
