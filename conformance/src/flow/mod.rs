//! The language of the flows in `conformance/flows`: what may stand in a file, and what becomes of it.
//!
//! A file is decoded by the same machinery as the protocol's schema, so mistakes are shown with their lines and a remedy.
//! A flow that is written `across` axes becomes one [`Scenario`] for each combination of their values.

mod document;
mod scenario;
mod step;
mod words;

pub use document::{Axis, Derives, Flow, FlowFile, editor_schema};
pub use scenario::{Scenario, Stage, StageRoom, StageUser, catalogue};
pub use step::{
    CallStep, ClosedStep, ConnectStep, CutStep, DisconnectStep, EmitStep, ExpectStep, ExpiredStep, Failure, FetchStep,
    FileParts, Names, NothingStep, SendRawStep, SetStep, Step, StepKind, TogetherStep, TokenParts, TokenUse,
};
