//! The Rust code of a protocol: types with their checks, the errors that each event may answer with, and the traits
//! that business logic implements. This crate writes declarations; their behaviour is in `accord-macros` and
//! `accord-runtime`.
//!
//! A build script calls [`build`](build()) and takes in the file that it writes by `include!`. The code needs the crates
//! `accord-runtime` and `serde`. Nothing here runs a protocol or reads YAML; start reading at [`emit`].
//!
//! ```
//! let model = accord_language::load("../../schema/chat.yaml").unwrap();
//! assert!(accord_codegen::emit(&model).contains("pub trait Messages"));
//! ```
//!
//! A constant string (`const`) is a `String` with `#[validate(constant = "…")]`. Values that were read
//! are valid; code that makes a value writes the text from the schema.

mod build;
mod docs;
mod emitter;
mod errors;
mod handlers;
mod layout;
mod names;
mod older;
mod protocol;
mod replies;
mod rooms;
mod specs;
mod types;

use accord_language::model::Model;

pub use build::build;
pub use handlers::{Handler, traits};
use layout::Layout;
use names::Names;

/// The Rust code of a protocol, formatted.
pub fn emit(model: &Model) -> String {
    let names = Names::of(model);
    let mut layout = Layout::default();
    protocol::emit(model, &names, &mut layout);
    errors::emit_declared(model, &names, &mut layout);
    protocol::emit_scopes(model, &names, &mut layout);
    types::emit(model, &names, &mut layout);
    specs::emit(model, &names, &mut layout);
    replies::emit(model, &names, &mut layout);
    errors::emit_of_events(model, &names, &mut layout);
    handlers::emit(model, &names, &mut layout);
    rooms::emit(model, &names, &mut layout);
    emitter::emit(model, &names, &mut layout);
    let served = older::emit(model, &names, &mut layout);
    handlers::emit_service(model, &names, &served, &mut layout);
    let protocol = &model.protocol;
    format!(
        "// Generated from the schema of {} {} by \"accord gen rust\". Do not edit: change the schema.\n\n{}",
        protocol.name,
        protocol.version,
        layout.into_text()
    )
}
