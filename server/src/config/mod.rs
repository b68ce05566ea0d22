//! The server's validated configuration. The server does not start with an unsafe one.

pub mod keys;

use std::{net::SocketAddr, path::PathBuf};

use accord_gateway::Hosts;

use crate::{
    cli::{ServeArgs, Switch, TokenKeyArgs},
    files::media::Allowed,
    retention::Kept,
};
use keys::KeySource;

/// The secret of the demo, which is public: only for loopback addresses.
pub const DEMO_SECRET: &str = "accord-demo-secret-known-to-all-of-the-world";

/// The minimum length of a secret for HS256, in bytes: the length of the hash (RFC 7518, section 3.2).
pub const MIN_SECRET_BYTES: usize = 32;

/// The validated settings of a server.
#[derive(Clone)]
pub struct Config {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// A separate address for metrics and administration.
    pub metrics_listen: Option<SocketAddr>,
    /// The URL of the database.
    pub database: String,
    /// The directory of uploads.
    pub uploads: PathBuf,
    /// The maximum total size of a user's uploads, in bytes.
    pub upload_quota: u64,
    /// The types of files that may be uploaded.
    pub upload_types: Allowed,
    /// How long the logs of rooms are kept.
    pub log: Kept,
    /// The source of the keys that verify tokens.
    pub keys: KeySource,
    /// The issuer that tokens must name.
    pub issuer: Option<String>,
    /// The audience that tokens must name.
    pub audience: Option<String>,
    /// The gateway's settings.
    pub gateway: accord_gateway::Config,
    /// Warnings for the operator, logged before the server starts.
    pub warnings: Vec<String>,
}

/// An error in the configuration.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// There is no way to verify a token.
    #[error(
        "there is no key to verify tokens with; give one of --jwt-secret SECRET (ACCORD_JWT_SECRET), --jwt-key FILE \
         (ACCORD_JWT_KEY) or --jwks FILE|URL (ACCORD_JWKS); for a demo with a key of its own, leave out `serve`"
    )]
    NoKey,
    /// The demo's secret is public.
    #[error(
        "the demo's secret is public, and {0} is not a loopback address; give your own secret with --jwt-secret \
         (`openssl rand -base64 32` makes one)"
    )]
    DemoSecret(SocketAddr),
    /// The demo may only listen on loopback, because its secret is public.
    #[error(
        "the demo's secret is public, and {0} is not a loopback address; listen on 127.0.0.1, or use `accord-server \
         serve --listen {0} --jwt-secret …`"
    )]
    DemoAddress(SocketAddr),
    /// The secret can be guessed.
    #[error(
        "the secret has only {0} bytes, and one under {MIN_SECRET_BYTES} can be guessed; on an address other than \
         loopback, give a longer one with --jwt-secret (`openssl rand -base64 32` makes one)"
    )]
    ShortSecret(usize),
    /// Several nodes are not served.
    #[error(
        "--redis: this version serves a single node and does not use Redis; leave out --redis and ACCORD_REDIS, and run \
         one node"
    )]
    Redis,
    /// `--jwks` is malformed.
    #[error("--jwks: {0}")]
    KeySet(String),
}

impl Config {
    /// The configuration from the arguments of `serve`.
    ///
    /// # Errors
    /// If something is missing or unsafe.
    pub fn serve(args: ServeArgs) -> Result<Self, ConfigError> {
        if args.redis.is_some_and(|url| !url.is_empty()) {
            return Err(ConfigError::Redis);
        }
        let mut warnings = Vec::new();
        let listens = [Some(args.listen), args.metrics_listen];
        let keys = keys(&args.tokens, listens.into_iter().flatten(), &mut warnings)?;
        let TokenKeyArgs { jwt_issuer: issuer, jwt_audience: audience, .. } = args.tokens;
        for (claim, option, bound) in
            [("iss", "--jwt-issuer", issuer.is_some()), ("aud", "--jwt-audience", audience.is_some())]
        {
            if !bound {
                warnings.push(format!(
                    "the `{claim}` of tokens is not checked: a token that the same key signed for another service is \
                     accepted; give {option} if such tokens exist"
                ));
            }
        }
        if args.metrics_listen.is_none() {
            warnings.push(
                "metrics and administration are served to everybody who reaches the server: only tokens guard \
                 administration, and nothing guards metrics; give --metrics-listen with an address of a private network"
                    .to_owned(),
            );
        }
        if args.rate_limits == Switch::Off {
            warnings.push("rate limits are off: a single client can take up the whole server".to_owned());
        }
        let mut gateway = accord_gateway::Config {
            limits: args.rate_limits == Switch::On,
            trusted_proxies: args.trusted_proxy,
            max_sockets_per_user: args.sockets_per_user,
            max_rooms_per_socket: args.rooms_per_socket,
            max_sockets_per_address: args.sockets_per_address,
            max_connections_per_address: args.connections_per_address,
            keep_alive: args.keep_alive,
            ..accord_gateway::Config::default()
        };
        gateway.hosts = hosts(&keys);
        if !args.allow_origin.is_empty() {
            gateway.origins = accord_gateway::Origins::Listed(args.allow_origin);
        }
        Ok(Config {
            listen: args.listen,
            metrics_listen: args.metrics_listen,
            database: args.database,
            uploads: args.uploads,
            upload_quota: args.upload_quota,
            upload_types: args.upload_types.unwrap_or_default(),
            log: Kept {
                keep: args.log_keep,
                entries: args.log_entries.map(|entries| entries as u64),
                floor: args.log_floor,
            },
            keys,
            issuer,
            audience,
            gateway,
            warnings,
        })
    }

    /// The demo at this address, with its data in this directory.
    ///
    /// # Errors
    /// If the address is not a loopback address.
    pub fn demo(listen: SocketAddr, data: &std::path::Path) -> Result<Self, ConfigError> {
        if !listen.ip().to_canonical().is_loopback() {
            return Err(ConfigError::DemoAddress(listen));
        }
        let keys = KeySource::Secret(DEMO_SECRET.to_owned());
        let gateway = accord_gateway::Config { hosts: hosts(&keys), ..accord_gateway::Config::default() };
        Ok(Config {
            listen,
            metrics_listen: None,
            database: format!("sqlite://{}", data.join("accord.db").display()),
            uploads: data.join("uploads"),
            upload_quota: 1 << 30,
            upload_types: Allowed::default(),
            log: Kept::default(),
            keys,
            issuer: None,
            audience: None,
            gateway,
            warnings: vec!["this is a demo: its secret is public, so it listens on loopback only".to_owned()],
        })
    }
}

/// The hosts that are served. With the demo's secret, only this machine: any web page can sign tokens with that secret, and the
/// owner of the page can point its host name at this machine.
fn hosts(keys: &KeySource) -> Hosts {
    match keys {
        KeySource::Secret(secret) if secret == DEMO_SECRET => Hosts::Loopback,
        _ => Hosts::Any,
    }
}

/// The source of the keys. Refuses a secret that is unsafe at one of the addresses.
fn keys(
    args: &TokenKeyArgs,
    listens: impl IntoIterator<Item = SocketAddr>,
    warnings: &mut Vec<String>,
) -> Result<KeySource, ConfigError> {
    if let Some(path) = &args.jwt_key {
        return Ok(KeySource::Pem(path.clone()));
    }
    if let Some(set) = &args.jwks {
        return KeySource::set(set).map_err(ConfigError::KeySet);
    }
    let Some(secret) = args.jwt_secret.as_ref().filter(|secret| !secret.is_empty()) else {
        return Err(ConfigError::NoKey);
    };
    let exposed = listens.into_iter().find(|address| !address.ip().to_canonical().is_loopback());
    if secret == DEMO_SECRET {
        if let Some(address) = exposed {
            return Err(ConfigError::DemoSecret(address));
        }
        warnings.push("the secret is the demo's, which is public".to_owned());
    } else if secret.len() < MIN_SECRET_BYTES {
        if exposed.is_some() {
            return Err(ConfigError::ShortSecret(secret.len()));
        }
        warnings.push(format!(
            "the secret has only {} bytes, and one under {MIN_SECRET_BYTES} can be guessed: it is accepted on \
             loopback only",
            secret.len()
        ));
    }
    Ok(KeySource::Secret(secret.clone()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    const SECRET: &str = "a secret of more than thirty-two bytes";

    fn serve(args: &[&str]) -> Result<Config, ConfigError> {
        let cli = Cli::try_parse_from(["accord-server", "serve"].iter().chain(args)).expect("a command line");
        let Some(Command::Serve(args)) = cli.command else { panic!("not serve") };
        Config::serve(*args)
    }

    fn refusal(args: &[&str]) -> ConfigError {
        serve(args).err().expect("a refusal")
    }

    #[test]
    fn without_a_key_it_does_not_start() {
        assert_eq!(refusal(&[]), ConfigError::NoKey);
        assert_eq!(refusal(&["--jwt-secret", ""]), ConfigError::NoKey);
    }

    #[test]
    fn sec_02_the_demo_secret_is_accepted_only_on_loopback() {
        for address in ["0.0.0.0:8000", "[::]:8000", "192.0.2.1:8000"] {
            let refused = refusal(&["--listen", address, "--jwt-secret", DEMO_SECRET]);
            assert_eq!(refused, ConfigError::DemoSecret(address.parse().expect("an address")));
            let refused = Config::demo(address.parse().expect("an address"), "data".as_ref()).err();
            assert_eq!(refused, Some(ConfigError::DemoAddress(address.parse().expect("an address"))));
        }
        for address in ["0.0.0.0:9000", "192.0.2.1:9000"] {
            let refused = refusal(&["--metrics-listen", address, "--jwt-secret", DEMO_SECRET]);
            assert_eq!(refused, ConfigError::DemoSecret(address.parse().expect("an address")));
        }
        for address in ["127.0.0.1:8000", "127.9.9.9:8000", "[::1]:8000", "[::ffff:127.0.0.1]:8000"] {
            let config = serve(&["--listen", address, "--jwt-secret", DEMO_SECRET]).expect("a configuration");
            assert!(config.warnings.iter().any(|warning| warning.contains("demo")), "{:?}", config.warnings);
            let demo = Config::demo(address.parse().expect("an address"), "data".as_ref()).expect("a configuration");
            assert_eq!([config.gateway.hosts, demo.gateway.hosts], [Hosts::Loopback; 2]);
        }
        assert_eq!(serve(&["--jwt-secret", SECRET]).expect("a configuration").gateway.hosts, Hosts::Any);
    }

    #[test]
    fn sec_40_the_server_warns_of_public_metrics_and_administration() {
        let said = |args: &[&str]| {
            let config = serve(args).expect("a configuration");
            config.warnings.iter().any(|warning| warning.contains("--metrics-listen"))
        };
        assert!(said(&["--jwt-secret", SECRET]));
        assert!(!said(&["--jwt-secret", SECRET, "--metrics-listen", "127.0.0.1:9000"]));
    }

    #[test]
    fn a_short_secret_is_a_warning_on_loopback_and_refused_elsewhere() {
        let config = serve(&["--jwt-secret", "short"]).expect("a configuration");
        assert!(config.warnings.iter().any(|warning| warning.contains("5 bytes")), "{:?}", config.warnings);
        assert_eq!(refusal(&["--listen", "0.0.0.0:80", "--jwt-secret", "short"]), ConfigError::ShortSecret(5));
        let least = &SECRET[..MIN_SECRET_BYTES];
        assert!(serve(&["--listen", "0.0.0.0:80", "--jwt-secret", least]).is_ok());
        let most = &SECRET[..MIN_SECRET_BYTES - 1];
        assert_eq!(refusal(&["--listen", "0.0.0.0:80", "--jwt-secret", most]), ConfigError::ShortSecret(31));
    }

    #[test]
    fn sec_11_the_server_warns_of_an_unchecked_issuer_or_audience() {
        let unchecked = |args: &[&str]| {
            let config = serve(args).expect("a configuration");
            ["iss", "aud"].map(|claim| config.warnings.iter().any(|warning| warning.contains(&format!("`{claim}`"))))
        };
        assert_eq!(unchecked(&["--jwt-secret", SECRET]), [true, true]);
        assert_eq!(unchecked(&["--jwt-secret", SECRET, "--jwt-issuer", "https://id.example"]), [false, true]);
        let both = ["--jwt-secret", SECRET, "--jwt-issuer", "https://id.example", "--jwt-audience", "chat"];
        assert_eq!(unchecked(&both), [false, false]);
    }

    #[test]
    fn sec_05_sockets_are_capped_by_user_and_by_address() {
        let caps = |args: &[&str]| {
            let gateway = serve(args).expect("a configuration").gateway;
            (gateway.max_sockets_per_user, gateway.max_sockets_per_address)
        };
        let default = accord_gateway::Config::default();
        assert_eq!(caps(&["--jwt-secret", SECRET]), (default.max_sockets_per_user, default.max_sockets_per_address));
        let set = ["--jwt-secret", SECRET, "--sockets-per-user", "2", "--sockets-per-address", "3"];
        assert_eq!(caps(&set), (2, 3));
    }

    #[test]
    fn sec_30_rooms_are_capped_by_socket() {
        let cap = |args: &[&str]| serve(args).expect("a configuration").gateway.max_rooms_per_socket;
        assert_eq!(cap(&["--jwt-secret", SECRET]), accord_gateway::Config::default().max_rooms_per_socket);
        assert_eq!(cap(&["--jwt-secret", SECRET, "--rooms-per-socket", "7"]), 7);
    }

    #[test]
    fn several_nodes_are_refused() {
        assert_eq!(refusal(&["--jwt-secret", SECRET, "--redis", "redis://localhost"]), ConfigError::Redis);
    }

    #[test]
    fn a_key_set_is_a_file_or_an_address() {
        let set = |text: &str| serve(&["--jwks", text]).map(|config| config.keys);
        assert!(matches!(set("keys.json"), Ok(KeySource::SetFile(_))));
        assert!(matches!(set("https://id.example/keys.json"), Ok(KeySource::SetUrl(_))));
        assert!(matches!(set("ftp://id.example/keys.json"), Err(ConfigError::KeySet(_))));
    }
}
