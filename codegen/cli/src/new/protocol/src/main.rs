//! Serves the protocol: `cargo run`, or `cargo run -- ADDRESS`.

use std::{
    env,
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use accord_runtime::Fault;
use jsonwebtoken::{EncodingKey, Header};
use serde::Serialize;
use tokio::net::TcpListener;

use tally::{handlers::App, protocol::PROTOCOL, serve};

/// Where it listens, unless it is told otherwise.
const ADDRESS: &str = "127.0.0.1:8000";

/// What tokens are signed with where `JWT_SECRET` is not set: for trying things out, on this machine alone.
const SECRET: &str = "a secret that everybody knows is none";

/// A counter to begin with, and who belongs to it.
const DEMO: (&str, [&str; 2]) = ("visitors", ["ann", "ben"]);

#[tokio::main]
async fn main() -> ExitCode {
    let address = env::args().nth(1).unwrap_or_else(|| ADDRESS.to_owned());
    match run(&address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {address}: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(address: &str) -> Result<(), Fault> {
    let listener = TcpListener::bind(address).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let given = env::var("JWT_SECRET").ok();
    if given.is_none() && !listener.local_addr()?.ip().is_loopback() {
        return Err(Fault::msg("others can reach it there: set JWT_SECRET to a secret of 32 bytes or more"));
    }
    let secret = given.as_deref().unwrap_or(SECRET);
    let app = App::default();
    let (counter, members) = DEMO;
    app.open(counter, members);

    println!("{} {} is served at {url}/socket.io/\n", PROTOCOL.name, PROTOCOL.version);
    println!("Tokens that are good for a day, of members of the counter `{counter}`:\n");
    for member in members {
        println!("  {member}  {}", token(member, secret)?);
    }
    serve(app, listener, secret, interrupted()).await
}

/// Waits for Ctrl-C.
async fn interrupted() {
    // Where it cannot be waited for, the server runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// What a token says of its bearer.
#[derive(Serialize)]
struct Claims<'a> {
    id: &'a str,
    exp: u64,
}

fn token(user: &str, secret: &str) -> Result<String, Fault> {
    let day = SystemTime::now().duration_since(UNIX_EPOCH)? + Duration::from_secs(24 * 60 * 60);
    let claims = Claims { id: user, exp: day.as_secs() };
    Ok(jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(secret.as_bytes()))?)
}
