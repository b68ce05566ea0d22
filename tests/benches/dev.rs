//! Measures the time from saving an edit of the chat's schema until `accord dev` has shown all of its errors.
//!
//! `cargo bench -p accord-tests --bench dev` prints the figures of several saves, and fails if their median exceeds the
//! bound; `--profile dev` measures an unoptimised command. The command is real, and runs in its own process on a copy
//! of the schema; cargo and the server are stand-ins.

use std::{
    env, fs,
    io::{BufRead, BufReader, Lines},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, ChildStdout, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

const BOUND: Duration = Duration::from_millis(200);
const ROUNDS: usize = 11;
/// Set for the process that is the command.
const AS_COMMAND: &str = "ACCORD_BENCH_AS_COMMAND";

/// Builds nothing, quickly.
const CARGO: &str = r#"#!/bin/sh
case $1 in
metadata)
  printf '{ "packages": [{ "id": "a", "manifest_path": "%s/Cargo.toml", "default_run": null,' "$PWD"
  echo '"targets": [{ "name": "a", "kind": ["bin"] }] }], "workspace_default_members": ["a"] }'
  ;;
build) echo "{ \"executable\": \"$PWD/server\", \"fresh\": true }" ;;
esac
"#;
const SERVER: &str = "#!/bin/sh\nexec sleep 600\n";

fn main() -> ExitCode {
    if env::var_os(AS_COMMAND).is_some() {
        return accord_cli::run();
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let home = directory.path();
    copy(Path::new("../schema"), &home.join("schema"));
    copy(Path::new("../conformance/flows"), &home.join("conformance/flows"));
    for (name, text) in [("cargo", CARGO), ("server", SERVER)] {
        fs::write(home.join(name), text).expect("the folder can be written");
        fs::set_permissions(home.join(name), fs::Permissions::from_mode(0o755)).expect("the file is there");
    }
    let messages = home.join("schema/events/messages.yaml");
    let good = fs::read_to_string(&messages).expect("the schema has messages");
    let bad = good.replace("$ref: MessageText,", "$ref: MessageTxt,").replace("limit: events", "limit: evens");
    let mut followed = Followed::start(home);
    followed.wait("  start ");
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let saved = Instant::now();
            fs::write(&messages, &bad).expect("the file can be written");
            followed.wait("error: ");
            let took = saved.elapsed();
            fs::write(&messages, &good).expect("the file can be written");
            followed.wait("  build ");
            took
        })
        .collect();
    rounds.sort();
    let (best, median, worst) = (rounds[0], rounds[ROUNDS / 2], rounds[ROUNDS - 1]);
    println!("from saving to all errors  median {median:.0?}, best {best:.0?}, worst {worst:.0?}");
    if median <= BOUND {
        return ExitCode::SUCCESS;
    }
    eprintln!("it takes more than {BOUND:?}");
    ExitCode::FAILURE
}

/// The command, which follows a schema.
struct Followed {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Followed {
    fn start(home: &Path) -> Self {
        let itself = env::current_exe().expect("this process is a program");
        let mut process = Command::new(itself)
            .arg("dev")
            .current_dir(home)
            .env(AS_COMMAND, "1")
            .env("CARGO", home.join("cargo"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started");
        let lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        Followed { process, lines }
    }

    /// Waits for a line that begins like this.
    fn wait(&mut self, beginning: &str) {
        let found = self.lines.by_ref().map_while(Result::ok).any(|line| line.starts_with(beginning));
        assert!(found, "the command has ended, and no line begins with {beginning:?}");
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        // So that it ends the server.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be written");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the folder can be read");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("the file can be copied");
        }
    }
}
