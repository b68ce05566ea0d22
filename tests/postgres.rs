//! A PostgreSQL for the tests: created in a temporary directory, listening on a free loopback port, stopped and removed
//! with the process that started it, however that ends.
//!
//! The programs come from PATH or `/usr/lib/postgresql/*/bin`. A machine without them cannot run these tests: they fail
//! and say what to install. PostgreSQL refuses to run as root, so root runs it as the user `postgres`, or else
//! `nobody`.

use std::{
    env, fs,
    io::Read,
    net::TcpListener,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// The user whom tests connect as.
pub(crate) const USER: &str = "accord";
/// The user's password.
pub(crate) const PASSWORD: &str = "accord-tests";
/// The time in which the server must start.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// The number of attempts at a free port, which another process may take first.
pub(crate) const START_ATTEMPTS: usize = 5;

/// Runs a server until the standard input ends, which it does when this process does: no test, however it fails, leaves
/// a server or its data behind. Takes the signal that ends the server, its directory, and its command.
pub(crate) const KEEPER: &str = r#"
signal=$1
directory=$2
shift 2
trap : INT TERM HUP
"$@" </dev/null &
while read -r _; do :; done
kill -s "$signal" $!
wait $!
rm -rf "$directory"
"#;

/// A running PostgreSQL. Dropping it ends it and removes its data.
pub struct Server {
    programs: PathBuf,
    port: u16,
    keeper: Mutex<Child>,
    directory: TempDir,
    databases: AtomicU32,
}

/// The URL of a new, empty database in a server that all tests of this process share.
///
/// # Panics
/// If PostgreSQL is not installed or does not start.
pub fn database() -> String {
    shared().database()
}

/// The server that all tests of this process share.
pub(crate) fn shared() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    SHARED.get_or_init(Server::start)
}

impl Server {
    /// Starts a server, for a test that disturbs it. Others share one: [`database`].
    ///
    /// # Panics
    /// If PostgreSQL is not installed or does not start.
    pub fn start() -> Self {
        let mut failures = Vec::new();
        for _ in 0..START_ATTEMPTS {
            match Server::attempt() {
                Ok(server) => return server,
                Err(failure) => failures.push(failure),
            }
        }
        panic!("PostgreSQL does not start:\n{}", failures.join("\n"));
    }

    /// The URL of a new, empty database.
    ///
    /// # Panics
    /// If the server does not make one.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.run_sql(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        self.url(USER, PASSWORD, &name)
    }

    /// The URL of a database, which need not exist, for a user who need not be let in.
    pub fn url(&self, user: &str, password: &str, database: &str) -> String {
        format!("postgres://{user}:{password}@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs a statement as the superuser.
    ///
    /// # Panics
    /// If the statement fails.
    pub fn run_sql(&self, statement: &str) {
        if let Err(failure) = self.psql(statement) {
            panic!("{statement}: {failure}");
        }
    }

    /// The port that the server listens on.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Ends the server, as a fault would.
    pub fn stop(&self) {
        let mut keeper = self.keeper.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        drop(keeper.stdin.take());
        let _ = keeper.wait();
    }

    fn attempt() -> Result<Self, String> {
        let programs = programs();
        let directory = tempfile::Builder::new().prefix("accord-postgres-").tempdir().expect("a temporary directory");
        let account = Account::find();
        account.own(directory.path());
        let password_file = directory.path().join("password");
        fs::write(&password_file, PASSWORD).expect("a file in a temporary directory");
        account.own(&password_file);
        let data = directory.path().join("data");
        let mut initdb = account.command(&programs.join("initdb"));
        initdb.args(["--username", USER, "--encoding=UTF8", "--locale=C", "--no-sync"]);
        initdb.args(["--auth-local=trust", "--auth-host=scram-sha-256"]);
        initdb.arg("--pwfile").arg(password_file).arg("--pgdata").arg(&data);
        output(initdb)?;

        let port = free_port();
        let log = fs::File::create(directory.path().join("log")).expect("a file in a temporary directory");
        let mut keeper = account.command(Path::new("/bin/sh"));
        keeper.args(["-c", KEEPER, "keeper", "INT"]).arg(directory.path()).arg(programs.join("postgres"));
        keeper.arg("-D").arg(&data).args(["-p", &port.to_string(), "-k"]).arg(directory.path());
        for setting in ["listen_addresses=127.0.0.1", "fsync=off", "max_connections=500", "shared_buffers=64MB"] {
            keeper.args(["-c", setting]);
        }
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        let keeper = keeper.spawn().map_err(|error| format!("/bin/sh: {error}"))?;
        let server = Server { programs, port, keeper: Mutex::new(keeper), directory, databases: AtomicU32::new(0) };
        server.wait()?;
        Ok(server)
    }

    /// Waits until the server answers.
    fn wait(&self) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            let Err(failure) = self.psql("SELECT 1") else { return Ok(()) };
            let mut log = String::new();
            fs::File::open(self.directory.path().join("log")).and_then(|mut file| file.read_to_string(&mut log)).ok();
            if log.contains("FATAL") && log.contains("could not") || begun.elapsed() > START_TIMEOUT {
                return Err(format!("{failure}\n{log}"));
            }
            sleep(Duration::from_millis(50));
        }
    }

    /// Runs a statement by way of the socket in the server's directory, which needs no password.
    fn psql(&self, statement: &str) -> Result<(), String> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.arg("--host").arg(self.directory.path()).args(["--port", &self.port.to_string(), "--username", USER]);
        psql.args(["--dbname=postgres", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", statement]);
        output(psql)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The account that the server runs under.
pub(crate) enum Account {
    /// The account that runs the tests.
    Own,
    /// Another user, the tests being run by root.
    Other { user: u32, group: u32 },
}

impl Account {
    pub(crate) fn find() -> Self {
        if id(&["-u"]) != Some(0) {
            return Account::Own;
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Some(Account::Other { user: id(&["-u", name])?, group: id(&["-g", name])? }))
            .expect("root needs a user `postgres` or `nobody` to run PostgreSQL as: create one, or run the tests as another user")
    }

    pub(crate) fn own(&self, path: &Path) {
        if let Account::Other { user, group } = self {
            chown(path, Some(*user), Some(*group)).expect("root may give files away");
        }
    }

    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = match self {
            Account::Own => Command::new(program),
            Account::Other { user, group } => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid", &user.to_string(), "--regid", &group.to_string(), "--clear-groups"])
                    .arg(program);
                command
            }
        };
        // The server's user must have access to the working directory.
        command.current_dir("/").env("LC_ALL", "C");
        command
    }
}

/// The output of `id`.
fn id(arguments: &[&str]) -> Option<u32> {
    let printed = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(printed.stdout).ok()?.trim().parse().ok()
}

/// The folder of PostgreSQL's programs.
fn programs() -> PathBuf {
    let mut places: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    installed.sort();
    places.extend(installed.into_iter().rev());
    places
        .into_iter()
        .find(|place| ["initdb", "postgres", "psql"].iter().all(|program| place.join(program).is_file()))
        .expect(
            "PostgreSQL is not installed, and these tests run on it as well: install it (Debian, Ubuntu: \
             `apt-get install postgresql`), or put its initdb, postgres and psql on PATH",
        )
}

/// A port that is free at this moment.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Runs a program to its end.
fn output(mut command: Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)))
}
