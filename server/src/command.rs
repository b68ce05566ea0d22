//! The commands of the command line.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

use accord_runtime::{Fault, Scope};

use crate::{
    cli::{Cli, Command, RenewEpochArgs, SeedArgs, TokenArgs},
    config::{Config, ConfigError},
    logging,
    protocol::scopes,
    serve::{self, Mode, StartError},
    store::{self, Store, WorldError},
    token::{self, Subject, TokenError},
    world::{self, Mistakes},
};

/// The reason why a command failed, with the place and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The log's filter is malformed.
    #[error("--log: {0}; write a level, or levels by module: info,accord_gateway=debug,accord_runtime=debug")]
    Log(#[from] tracing_subscriber::filter::ParseError),
    /// The process has no threads to run on.
    #[error("the async runtime cannot start: {0}")]
    Runtime(#[source] io::Error),
    /// The configuration is missing something or unsafe.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The world file cannot be read.
    #[error("the world file {} cannot be read: {error}; name a YAML or JSON file", path.display())]
    WorldFile {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        #[source]
        error: io::Error,
    },
    /// The world file has mistakes.
    #[error("the world file has mistakes, and nothing was loaded\n\n{}", .0.render(io::stderr().is_terminal()))]
    World(Mistakes),
    /// The world was not loaded.
    #[error("the world was not loaded: {0}")]
    Load(#[from] WorldError),
    /// The database was not opened.
    #[error(transparent)]
    Database(#[from] store::OpenError),
    /// The epoch was not renewed.
    #[error("the epoch was not renewed: {0:#}; run the command again")]
    Epoch(Fault),
    /// The token cannot be made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The output cannot be printed.
    #[error("the output cannot be written: {0}")]
    Output(#[source] io::Error),
}

/// Runs the command that the command line names.
///
/// # Errors
/// If the command fails.
pub fn run(cli: Cli) -> Result<(), Failure> {
    logging::start(&cli.log.filter, cli.log.format)?;
    match cli.command {
        None => {
            let config = Config::demo(cli.demo.listen, &cli.demo.data)?;
            complete(serve::run(config, Mode::Demo))??;
        }
        Some(Command::Serve(args)) => {
            let config = Config::serve(*args)?;
            complete(serve::run(config, Mode::Serve))??;
        }
        Some(Command::Seed(args)) => complete(seed(args))??,
        Some(Command::RenewEpoch(args)) => complete(renew_epoch(args))??,
        Some(Command::Token(args)) => print_token(args)?,
    }
    Ok(())
}

/// Runs a command to its end without waiting for its blocking threads: a file system that hangs would keep one busy.
fn complete<T>(command: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    let result = runtime.block_on(command);
    runtime.shutdown_background();
    Ok(result)
}

async fn seed(args: SeedArgs) -> Result<(), Failure> {
    let SeedArgs { database, world: path } = args;
    let text = world::read(&path).map_err(|error| Failure::WorldFile { path: path.clone(), error })?;
    let world = world::parse(&path.to_string_lossy(), &text).map_err(Failure::World)?;
    let store = Store::open(&database).await?;
    let loaded = store.world_load(&world).await;
    store.close().await;
    loaded?;
    let rooms = |scope: &str| world.rooms.iter().filter(|room| room.room.scope == scope).count();
    print(&format!(
        "{} is loaded into {}: users: {}, channels: {}, conversations: {}\n",
        path.display(),
        store::without_password(&database),
        world.users.len(),
        rooms(scopes::Channel::SPEC.name),
        rooms(scopes::Conversation::SPEC.name),
    ))
}

async fn renew_epoch(args: RenewEpochArgs) -> Result<(), Failure> {
    // A running server would continue in the old epoch.
    let store = Store::open_restored(&args.database).await?;
    let renewed = store.epoch_renew().await;
    store.close().await;
    renewed.map_err(Failure::Epoch)?;
    print(&format!("the epoch of {} is renewed\n", store::without_password(&args.database)))
}

fn print_token(args: TokenArgs) -> Result<(), Failure> {
    let TokenArgs { jwt_secret, user: id, name, admin, ttl, jwt_issuer: issuer, jwt_audience: audience } = args;
    let token = token::mint(&jwt_secret, &Subject { id, name, admin, issuer, audience }, ttl)?;
    print(&format!("{token}\n"))
}

/// Writes to standard output. A closed pipe (`accord-server … | head`) is not an error.
fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}
