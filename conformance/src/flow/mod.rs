//! The language of the flows in `conformance/flows`: what may stand in a file, and what becomes of it.
//!
//! A file is decoded by the same machinery as the protocol's schema, so mistakes are shown with their lines and a remedy.
//! A flow that is written `across` axes becomes one [`Scenario`] for each combination of their values.

mod describe;
mod diagram;
mod document;
mod file;
mod scenario;
mod step;
mod token;
mod words;

pub use diagram::chapters;
pub use document::{Axis, Derives, Flow, FlowFile, editor_schema};
pub use file::FileParts;
pub use scenario::{Scenario, Stage, StageRoom, StageUser, catalogue, read, scenarios};
pub use step::{
    CallStep, ClosedStep, ConnectStep, CutStep, DisconnectStep, EmitStep, ExpectStep, ExpiredStep, Failure, FetchStep,
    Names, NothingStep, SendRawStep, SetStep, Step, StepKind, TogetherStep,
};
pub use token::{TokenParts, TokenUse};
pub(crate) use words::{WordsFile, exchange};
