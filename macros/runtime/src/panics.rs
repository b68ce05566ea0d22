//! Catches panics in work for clients: a panic costs only the answer in which it happens.
//!
//! All work for clients runs within one of these functions. The process's panic hook reports the place of a panic.

use std::{
    any::Any,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
};

use futures_util::FutureExt;

use crate::error::Fault;

/// Runs a future. A panic becomes a fault.
// An `async fn` would be twice as large: it would store the work both before and while it runs.
pub fn caught<T>(work: impl Future<Output = T>) -> impl Future<Output = Result<T, Fault>> {
    AssertUnwindSafe(work).catch_unwind().map(|carried| carried.map_err(|panic| fault(&*panic)))
}

/// Runs a function. A panic becomes a fault.
pub fn caught_now<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| fault(&*panic))
}

/// Runs work whose failure no client waits for, and logs its panic; returns whether there was none.
pub fn logged(carried: Result<(), Fault>, what: &'static str, user: &str) -> bool {
    carried.inspect_err(|fault| tracing::error!(user = ?user, error = ?format!("{fault:#}"), "{what}")).is_ok()
}

/// The message of a panic.
pub fn fault(panic: &(dyn Any + Send)) -> Fault {
    let message = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Fault::msg(format!("the handler panicked: {}", message.unwrap_or("with a payload that is not text")))
}
