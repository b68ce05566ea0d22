//! Serves the protocol: `cargo run`, or `cargo run -- ADDRESS`.

use std::{
    env,
    fmt::Write as _,
    io::{self, Write as _},
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use accord_runtime::Fault;
use jsonwebtoken::{EncodingKey, Header};
use serde::Serialize;
use tokio::net::TcpListener;

use tally::{handlers::App, protocol::PROTOCOL, serve};

/// The default address.
const ADDRESS: &str = "127.0.0.1:8000";

/// The secret that signs tokens if `JWT_SECRET` is not set: only for experiments on this machine.
const SECRET: &str = "a secret that everybody knows is none";

/// The first counter, and its members.
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

    let mut banner = format!("{} {} is served at {url}/socket.io/\n\n", PROTOCOL.name, PROTOCOL.version);
    writeln!(banner, "Tokens for members of the counter `{counter}`, valid for a day:\n")?;
    for member in members {
        writeln!(banner, "  {member}  {}", token(member, secret)?)?;
    }
    // Unlike `print!`, this does not panic if standard output is closed.
    io::stdout().write_all(banner.as_bytes()).ok();
    serve(app, listener, secret, interrupted()).await
}

/// Waits for Ctrl-C.
async fn interrupted() {
    // Without a handler for Ctrl-C, the server runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// The claims of a token.
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
