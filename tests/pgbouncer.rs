//! A PgBouncer of the tests' own, in front of their PostgreSQL. It lends a connection of PostgreSQL's for a transaction, each
//! time another one, so that a session that a client takes for its own is not.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::OnceLock,
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::postgres::{self, Account, KEEPER, PASSWORD, START_ATTEMPTS, USER, free_port};

/// The time in which PgBouncer must start.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A running PgBouncer. It ends when it is dropped, or with the process.
pub struct Pooler {
    port: u16,
    keeper: Child,
    _directory: TempDir,
}

/// The URL of a new, empty database in the PostgreSQL that all tests of this process share, by way of a PgBouncer that they
/// share as well.
///
/// # Panics
/// If PostgreSQL or PgBouncer is not installed or does not start.
pub fn database() -> String {
    static SHARED: OnceLock<Pooler> = OnceLock::new();
    let direct = postgres::database();
    SHARED.get_or_init(|| Pooler::start("ignore_startup_parameters = extra_float_digits")).url(&direct)
}

impl Pooler {
    /// Starts PgBouncer in front of the PostgreSQL that tests share, with a further line of settings.
    ///
    /// # Panics
    /// If it is not installed or does not start.
    pub fn start(setting: &str) -> Self {
        let mut failures = Vec::new();
        for _ in 0..START_ATTEMPTS {
            match Pooler::attempt(setting) {
                Ok(pooler) => return pooler,
                Err(failure) => failures.push(failure),
            }
        }
        panic!("PgBouncer does not start:\n{}", failures.join("\n"));
    }

    /// The URL by way of this pooler of a database whose URL is `direct`.
    ///
    /// # Panics
    /// If `direct` is not a URL of [`postgres::database`].
    pub fn url(&self, direct: &str) -> String {
        let port = format!(":{}/", postgres::shared().port());
        assert!(direct.contains(&port), "{direct} is not a database of the shared server");
        direct.replacen(&port, &format!(":{}/", self.port), 1)
    }

    fn attempt(setting: &str) -> Result<Self, String> {
        let (account, port) = (Account::find(), free_port());
        let directory = tempfile::Builder::new().prefix("accord-pgbouncer-").tempdir().expect("a temporary directory");
        account.own(directory.path());
        let write = |name: &str, text: String| {
            let path = directory.path().join(name);
            fs::write(&path, text).expect("a file in a temporary directory");
            account.own(&path);
            path
        };
        let users = write("users", format!("\"{USER}\" \"{PASSWORD}\"\n"));
        let log = write("log", String::new());
        let settings = write(
            "settings",
            format!(
                "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
                 unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\nlogfile = {}\npool_mode = transaction\n\
                 default_pool_size = 6\nmax_client_conn = 2000\nserver_round_robin = 1\nserver_idle_timeout = 5\n{setting}\n",
                postgres::shared().port(),
                users.display(),
                log.display(),
            ),
        );
        let mut keeper = account.command(Path::new("/bin/sh"));
        keeper.args(["-c", KEEPER, "keeper", "TERM"]).arg(directory.path()).args([program(), settings]);
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let keeper = keeper.spawn().map_err(|error| format!("/bin/sh: {error}"))?;
        let pooler = Pooler { port, keeper, _directory: directory };
        wait(&log)?;
        Ok(pooler)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Waits until PgBouncer has said that it is up.
fn wait(log: &Path) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        let said = fs::read_to_string(log).unwrap_or_default();
        if said.contains("process up") {
            return Ok(());
        }
        if said.contains("FATAL") || begun.elapsed() > START_TIMEOUT {
            return Err(said);
        }
        sleep(Duration::from_millis(10));
    }
}

fn program() -> PathBuf {
    let mut places: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    places.push("/usr/sbin".into());
    places.into_iter().map(|place| place.join("pgbouncer")).find(|program| program.is_file()).expect(
        "PgBouncer is not installed, and these tests run through it as well: install it (Debian, Ubuntu: \
         `apt-get install pgbouncer`), or put it on PATH",
    )
}
