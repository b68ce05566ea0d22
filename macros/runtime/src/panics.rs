//! Panics of what answers clients: each costs the answer that it was in, and nothing else.
//!
//! Everything that is done for a client runs within one of these. The process's panic hook says where a panic was.

use std::{
    any::Any,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
};

use futures_util::FutureExt;

use crate::error::Fault;

/// Carries something out. A panic is a fault like any other.
// An `async fn` would be twice as large: it would have a place for the work before it begins, and another one for it as it runs.
pub fn caught<T>(work: impl Future<Output = T>) -> impl Future<Output = Result<T, Fault>> {
    AssertUnwindSafe(work).catch_unwind().map(|carried| carried.map_err(|panic| fault(&*panic)))
}

/// Carries out something that waits for nothing. A panic is a fault like any other.
pub fn caught_now<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| fault(&*panic))
}

/// Logs the panic of something whose failure no client waits to hear of; whether there was none.
pub fn logged(carried: Result<(), Fault>, what: &'static str, user: &str) -> bool {
    carried.inspect_err(|fault| tracing::error!(user = ?user, error = ?format!("{fault:#}"), "{what}")).is_ok()
}

/// The message of a panic.
pub fn fault(panic: &(dyn Any + Send)) -> Fault {
    let message = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Fault::msg(format!("the handler panicked: {}", message.unwrap_or("with a payload that is not text")))
}
