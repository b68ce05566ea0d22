//! The command line and its environment variables.

mod address;
mod units;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use accord_gateway::Network;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::{files::media::Allowed, logging};

/// The effect of each signal.
macro_rules! signals {
    () => {
        "SIGTERM and Ctrl-C stop the server once everything in flight is finished; a second one stops it at once. SIGHUP \
         makes it read its keys again (--jwt-key, --jwks) and does not stop it, so a server keeps running after its \
         terminal has closed."
    };
}

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "accord-server",
    version,
    about = "The Accord chat server: channels, conversations, messages, reactions and attachments over Socket.IO.",
    long_about = "The Accord chat server: channels, conversations, messages, reactions and attachments over \
                  Socket.IO.\n\nWithout a command it runs a demo on this machine: users, channels and messages to try \
                  things with, a database and uploads under data/, and tokens printed at start.",
    after_help = concat!("Every option can also be set by the environment variable named beside it.\n\n", signals!()),
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
pub struct Cli {
    /// The options of the demo.
    #[command(flatten)]
    pub demo: DemoArgs,
    /// Options of the log, for every command.
    #[command(flatten)]
    pub log: LogArgs,
    /// The command; without one, the demo runs.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of the log.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Log")]
pub struct LogArgs {
    /// The level to log at: error, warn, info, debug or trace; or one per module:
    /// info,accord_gateway=debug,accord_runtime=debug
    #[arg(long = "log", value_name = "FILTER", env = "ACCORD_LOG", default_value = "info", global = true)]
    pub filter: String,

    /// The format of log lines
    #[arg(
        long = "log-format",
        value_name = "FORMAT",
        env = "ACCORD_LOG_FORMAT",
        value_enum,
        default_value_t,
        global = true
    )]
    pub format: logging::Format,
}

/// The options of the demo.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Demo")]
pub struct DemoArgs {
    /// Loopback address and port that the demo listens on
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "ACCORD_LISTEN",
        default_value = "127.0.0.1:8000",
        value_parser = address::listen
    )]
    pub listen: SocketAddr,

    /// Directory for the demo's database and uploads
    #[arg(long, value_name = "DIRECTORY", default_value = "data")]
    pub data: PathBuf,
}

/// The program's commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve, with everything set explicitly
    #[command(after_help = signals!())]
    Serve(Box<ServeArgs>),
    /// Load a world file (users, channels, conversations, members) into a database
    ///
    /// Creates or updates the users and rooms in the file. Nothing is deleted: other users, rooms and members stay as
    /// they are. Loading the same file again changes nothing.
    Seed(SeedArgs),
    /// Renew the epoch of a database that was restored from a backup
    ///
    /// Run it before the first server starts on the database. The backup lacks later changes, and the server will use
    /// their event numbers again. Clients that have connected since the backup then load history instead of catching
    /// up.
    RenewEpoch(RenewEpochArgs),
    /// Print a token, signed with a shared secret
    Token(TokenArgs),
}

/// The options of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address and port to listen on
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "ACCORD_LISTEN",
        default_value = "127.0.0.1:8000",
        value_parser = address::listen
    )]
    pub listen: SocketAddr,

    /// The database: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        value_name = "URL",
        env = "ACCORD_DATABASE",
        default_value = "sqlite://data/accord.db",
        hide_env_values = true
    )]
    pub database: String,

    /// The directory of uploaded files
    #[arg(long, value_name = "DIRECTORY", env = "ACCORD_UPLOADS", default_value = "data/uploads")]
    pub uploads: PathBuf,

    /// Maximum total size of one user's uploads
    #[arg(
        long,
        value_name = "SIZE",
        env = "ACCORD_UPLOAD_QUOTA",
        default_value = "1GiB",
        value_parser = units::bytes
    )]
    pub upload_quota: u64,

    /// The media types of files that may be uploaded, instead of the protocol's list: `image/*,application/pdf`; or changes
    /// to that list: `+video/quicktime,-application/zip`
    #[arg(long, value_name = "TYPES", env = "ACCORD_UPLOAD_TYPES", allow_hyphen_values = true)]
    pub upload_types: Option<Allowed>,

    /// How long a room keeps events for clients that catch up; overrides the protocol
    #[arg(long, value_name = "DURATION", env = "ACCORD_LOG_KEEP", value_parser = units::duration)]
    pub log_keep: Option<Duration>,

    /// How many events a room keeps for clients that catch up; overrides the protocol
    #[arg(long, value_name = "COUNT", env = "ACCORD_LOG_ENTRIES", value_parser = units::count)]
    pub log_entries: Option<usize>,

    /// How long a room keeps events in any case, however many there are; overrides the protocol
    #[arg(long, value_name = "DURATION", env = "ACCORD_LOG_FLOOR", value_parser = units::duration)]
    pub log_floor: Option<Duration>,

    /// Reserved for several nodes that share Redis; this version serves a single node, and refuses to start with this
    /// option
    #[arg(long, value_name = "URL", env = "ACCORD_REDIS", hide_env_values = true)]
    pub redis: Option<String>,

    /// Options for verifying tokens.
    #[command(flatten)]
    pub tokens: TokenKeyArgs,

    /// Enforce the rate limits that the protocol declares
    #[arg(
        long,
        value_name = "ON|OFF",
        env = "ACCORD_RATE_LIMITS",
        value_enum,
        default_value_t = Switch::On,
        hide_possible_values = true,
        help_heading = "Protection"
    )]
    pub rate_limits: Switch,

    /// Maximum number of sockets that one user may have connected
    #[arg(
        long,
        value_name = "COUNT",
        env = "ACCORD_SOCKETS_PER_USER",
        default_value = "100",
        value_parser = units::count,
        help_heading = "Protection"
    )]
    pub sockets_per_user: usize,

    /// Maximum number of sockets connected from one address; behind a proxy, see --trusted-proxy
    #[arg(
        long,
        value_name = "COUNT",
        env = "ACCORD_SOCKETS_PER_ADDRESS",
        default_value = "10000",
        value_parser = units::count,
        help_heading = "Protection"
    )]
    pub sockets_per_address: usize,

    /// Maximum number of rooms that one socket may have joined
    #[arg(
        long,
        value_name = "COUNT",
        env = "ACCORD_ROOMS_PER_SOCKET",
        default_value = "5000",
        value_parser = units::count,
        help_heading = "Protection"
    )]
    pub rooms_per_socket: usize,

    /// Maximum number of connections open from one address, with or without a Socket.IO session; never more than half
    /// of the limit on open files. Behind a proxy, see --trusted-proxy
    #[arg(
        long,
        value_name = "COUNT",
        env = "ACCORD_CONNECTIONS_PER_ADDRESS",
        default_value = "10000",
        value_parser = units::count,
        help_heading = "Protection"
    )]
    pub connections_per_address: usize,

    /// How long to keep an idle connection open for its next request; set it higher than your proxy's own idle timeout
    #[arg(
        long,
        value_name = "DURATION",
        env = "ACCORD_KEEP_ALIVE",
        default_value = "75s",
        value_parser = units::duration
    )]
    pub keep_alive: Duration,

    /// An origin whose pages may connect, replacing the default of the server's own origin and localhost; repeatable
    #[arg(
        long,
        value_name = "ORIGIN",
        env = "ACCORD_ALLOW_ORIGIN",
        action = ArgAction::Append,
        value_delimiter = ',',
        value_parser = address::origin,
        help_heading = "Protection"
    )]
    pub allow_origin: Vec<String>,

    /// A reverse proxy whose X-Forwarded-For header is trusted: an address or a network (10.0.0.0/8); repeatable
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "ACCORD_TRUSTED_PROXY",
        action = ArgAction::Append,
        value_delimiter = ',',
        value_parser = address::network,
        help_heading = "Protection"
    )]
    pub trusted_proxy: Vec<Network>,

    /// Serve /metrics and /api/admin only on this address, which should be on a private network
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "ACCORD_METRICS_LISTEN",
        value_parser = address::listen,
        help_heading = "Protection"
    )]
    pub metrics_listen: Option<SocketAddr>,
}

/// Options for verifying tokens: a shared secret, a public key, or a set of keys.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Tokens")]
pub struct TokenKeyArgs {
    /// The secret that tokens are signed with (HS256); at least 32 bytes
    #[arg(
        long,
        value_name = "SECRET",
        env = "ACCORD_JWT_SECRET",
        hide_env_values = true,
        conflicts_with_all = ["jwt_key", "jwks"]
    )]
    pub jwt_secret: Option<String>,

    /// A PEM file with the public key that verifies tokens (RS256, ES256 or EdDSA)
    #[arg(long, value_name = "FILE", env = "ACCORD_JWT_KEY", conflicts_with = "jwks")]
    pub jwt_key: Option<PathBuf>,

    /// A key set (JWKS): a file or an http(s) URL, read again when it changes and when a token names a new key
    #[arg(long, value_name = "FILE|URL", env = "ACCORD_JWKS")]
    pub jwks: Option<String>,

    /// The issuer (`iss`) that tokens must name; not checked by default
    #[arg(long, value_name = "ISSUER", env = "ACCORD_JWT_ISSUER")]
    pub jwt_issuer: Option<String>,

    /// The audience (`aud`) that tokens must name; not checked by default
    #[arg(long, value_name = "AUDIENCE", env = "ACCORD_JWT_AUDIENCE")]
    pub jwt_audience: Option<String>,
}

/// The options of `seed`.
#[derive(Args, Clone, Debug)]
pub struct SeedArgs {
    /// The database: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        value_name = "URL",
        env = "ACCORD_DATABASE",
        default_value = "sqlite://data/accord.db",
        hide_env_values = true
    )]
    pub database: String,

    /// The world file, YAML or JSON
    #[arg(value_name = "WORLD")]
    pub world: PathBuf,
}

/// The options of `renew-epoch`.
#[derive(Args, Clone, Debug)]
pub struct RenewEpochArgs {
    /// The database: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, value_name = "URL", env = "ACCORD_DATABASE", hide_env_values = true)]
    pub database: String,
}

/// The options of `token`.
#[derive(Args, Clone, Debug)]
pub struct TokenArgs {
    /// The secret that the server verifies tokens with
    #[arg(long, value_name = "SECRET", env = "ACCORD_JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: String,

    /// The user's id
    #[arg(long, value_name = "ID")]
    pub user: String,

    /// The display name; defaults to the id
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Make the user an administrator
    #[arg(long)]
    pub admin: bool,

    /// The token's lifetime: 90s, 30m, 1h, 7d
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = units::duration)]
    pub ttl: Duration,

    /// The issuer to name, for a server with --jwt-issuer
    #[arg(long, value_name = "ISSUER", env = "ACCORD_JWT_ISSUER")]
    pub jwt_issuer: Option<String>,

    /// The audience to name, for a server with --jwt-audience
    #[arg(long, value_name = "AUDIENCE", env = "ACCORD_JWT_AUDIENCE")]
    pub jwt_audience: Option<String>,
}

/// On or off.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_command_it_is_the_demo() {
        let cli = Cli::try_parse_from(["accord-server"]).expect("a command line");
        assert!(cli.command.is_none());
        let cli = Cli::try_parse_from(["accord-server", "--listen", "127.0.0.1:9000"]).expect("a command line");
        assert_eq!(cli.demo.listen.port(), 9000);
    }

    #[test]
    fn serve_takes_every_option_that_the_documentation_names() {
        let cli = Cli::try_parse_from([
            "accord-server",
            "serve",
            "--listen",
            "127.0.0.1:8000",
            "--database",
            "sqlite://data/accord.db",
            "--jwt-secret",
            "secret",
            "--uploads",
            "data/uploads",
            "--upload-types",
            "-application/zip,+video/quicktime",
            "--redis",
            "redis://localhost",
            "--rate-limits",
            "off",
            "--sockets-per-user",
            "5",
            "--sockets-per-address",
            "50",
            "--connections-per-address",
            "500",
            "--keep-alive",
            "90s",
            "--log-keep",
            "2d",
            "--log-entries",
            "1000",
            "--log-floor",
            "5m",
            "--allow-origin",
            "https://chat.example",
            "--allow-origin",
            "https://other.example",
            "--log",
            "debug",
        ])
        .expect("a command line");
        let Some(Command::Serve(args)) = cli.command else { panic!("not serve") };
        assert_eq!(args.rate_limits, Switch::Off);
        assert_eq!((args.sockets_per_user, args.sockets_per_address, args.connections_per_address), (5, 50, 500));
        assert_eq!(args.keep_alive, Duration::from_secs(90));
        assert_eq!((args.log_keep, args.log_entries), (Some(Duration::from_secs(172_800)), Some(1000)));
        assert_eq!(args.log_floor, Some(Duration::from_secs(300)));
        assert_eq!(args.allow_origin, ["https://chat.example", "https://other.example"]);
        assert_eq!(cli.log.filter, "debug");
    }

    #[test]
    fn one_kind_of_key_is_enough() {
        let both = ["accord-server", "serve", "--jwt-secret", "secret", "--jwks", "keys.json"];
        assert!(Cli::try_parse_from(both).is_err());
    }
}
