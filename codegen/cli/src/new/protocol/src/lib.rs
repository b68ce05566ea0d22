//! Counters that several people raise together, in real time.
//!
//! `schema` declares the protocol; [`handlers`] has the business logic, which is written by hand. Counters live in
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

/// Serves the protocol until `stop` is ready. Tokens are checked with `secret` (HS256).
///
/// # Errors
/// If the listener fails.
pub async fn serve(app: App, listener: TcpListener, secret: &str, stop: impl Future<Output = ()>) -> Result<(), Fault> {
    let verifier = Verifier::new(Keys::secret(secret.as_bytes()));
    let gateway = Gateway::new(protocol::service(app.clone()), app, verifier, Hub::new(), Config::default());
    gateway.serve(listener, stop).await?;
    Ok(())
}
