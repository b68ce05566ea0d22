//! Counters that several people raise together, in real time.
//!
//! The protocol is declared in `schema`; what is written by hand is the business logic, in [`handlers`]. Counters live in
//! memory.

pub mod handlers;

/// The code that is generated from the schema.
pub mod protocol {
    include!(concat!(env!("OUT_DIR"), "/tally.rs"));
}

use accord_gateway::{Config, Gateway, Hub};
use accord_runtime::{
    Fault,
    auth::{Keys, Verifier},
};
use tokio::net::TcpListener;

use handlers::App;

/// Serves the protocol until `stop` is over. Tokens are checked with `secret` (HS256).
///
/// # Errors
/// If the listener fails.
pub async fn serve(app: App, listener: TcpListener, secret: &str, stop: impl Future<Output = ()>) -> Result<(), Fault> {
    let verifier = Verifier::new(Keys::secret(secret.as_bytes()));
    let gateway = Gateway::new(protocol::service(app.clone()), app, verifier, Hub::new(), Config::default());
    gateway.serve(listener, stop).await?;
    Ok(())
}
