//! `accord dev`, with stand-ins for cargo and for the server: its steps, in order, and that no process outlives it.
#![cfg(unix)]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
    time::Duration,
};

use tempfile::TempDir;

const WITHIN: Duration = Duration::from_secs(30);

static SCHEMA: LazyLock<String> = LazyLock::new(|| {
    // Its exceptions use names that today's rules do not have.
    include_str!("../../../tests/whiteboard/history/1.0.0/whiteboard.yaml").replace("unbounded-array", "growing-list")
});

/// Another event for the schema, to be put before `server:`.
const ERASE_ALL: &str = "  erase_all:
    summary: Erase all lines, whoever drew them.
    scope: board
    limit: drawing
    payload: { type: object, required: [boardId], properties: { boardId: { $ref: BoardId } } }
    failure: Failed to erase
    example: { boardId: board-1 }

server:
";

/// A stand-in for cargo: it builds by copying the schema. It waits before it builds while there is a pipe `held`, and
/// once it has built while there is a pipe `held_built`.
const CARGO: &str = r#"#!/bin/sh
case $1 in
metadata)
  cat <<END
{ "packages": [{ "id": "board", "manifest_path": "$PWD/Cargo.toml", "default_run": null,
  "targets": [{ "name": "board", "kind": ["lib"] }, { "name": "board", "kind": ["bin"] }] }],
  "workspace_default_members": ["board"] }
END
  ;;
build)
  echo "building: $* by $$" >&2
  if [ -e held ]; then read -r _ < held; fi
  if grep -q mistake src/main.rs; then echo "error: a mistake" >&2; exit 101; fi
  if cmp -s board.yaml built; then fresh=true; else fresh=false; cp board.yaml built; touch serve; fi
  if [ -e held_built ]; then echo "built" >&2; read -r _ < held_built; fi
  echo '{ "reason": "compiler-artifact", "executable": null, "fresh": true }'
  echo "{ \"reason\": \"compiler-artifact\", \"executable\": \"$PWD/serve\", \"fresh\": $fresh }"
  ;;
esac
"#;

/// A stand-in for the server: it prints its process id and its events, and a line when it is stopped.
const SERVER: &str = r#"#!/bin/sh
trap 'echo "server: ends"; exit 0' TERM
echo "server: $$ $(sed -n '/^client:/,/^server:/s/^  \([a-z_]*\):$/\1/p' built | tr '\n' ' ')$*"
while :; do sleep 600 & wait $!; done
"#;

/// A project that is followed.
struct Project {
    folder: TempDir,
    dev: Child,
    lines: Receiver<String>,
    /// All lines so far.
    printed: Vec<String>,
}

impl Project {
    fn start(arguments: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["src", "generated"] {
            fs::create_dir(path(name)).unwrap();
        }
        for (name, text) in [("board.yaml", SCHEMA.as_str()), ("src/main.rs", "")] {
            fs::write(path(name), text).unwrap();
        }
        for (name, text) in [("cargo", CARGO), ("serve", SERVER)] {
            // A separate process makes the program: otherwise a child of another test would inherit the open file, and
            // Linux does not run a file that is open for writing.
            fs::write(path("text"), text).unwrap();
            let mut install = Command::new("install");
            let installed = install.args(["-m", "755"]).args([path("text"), path(name)]).status();
            assert!(installed.unwrap().success());
        }
        // In one stream, in which everything is in its order.
        let mut dev = Command::new("sh")
            .args(["-c", "exec \"$0\" dev \"$@\" 2>&1", env!("CARGO_BIN_EXE_accord")])
            .args(arguments)
            .current_dir(folder.path())
            .env("CARGO", path("cargo"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = dev.stdout.take().unwrap();
        let (sender, lines) = channel();
        thread::spawn(move || {
            BufReader::new(printed).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Project { folder, dev, lines, printed: Vec::new() }
    }

    /// Waits for a line that holds this text, and returns it.
    fn prints(&mut self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(WITHIN);
            let line = line.unwrap_or_else(|_| panic!("no line holds {text:?}:\n{}", self.printed.join("\n")));
            self.printed.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits for the line of a step, and returns what it says.
    fn step(&mut self, step: &str) -> String {
        let line = self.prints(&format!("  {step} "));
        let (_, detail) = line.trim_start().split_once("s  ").unwrap_or_default();
        detail.to_owned()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Saves a file in one step, so that nobody reads half of it.
    fn save(&self, name: &str, text: &str) {
        fs::write(self.path("text"), text).unwrap();
        fs::rename(self.path("text"), self.path(name)).unwrap();
    }

    /// Holds builds back by this pipe from now on.
    fn hold_builds(&self, pipe: &str) {
        assert!(Command::new("mkfifo").arg(self.path(pipe)).status().unwrap().success());
    }

    fn let_build_go(&self, pipe: &str) {
        fs::write(self.path(pipe), "go\n").unwrap();
    }

    /// The id of the process that prints such a line.
    fn server(line: &str) -> String {
        line.split(' ').nth(1).unwrap().to_owned()
    }

    /// Tells it to stop, as Ctrl-C does, and waits until it has.
    fn stop(&mut self) {
        let stopped = Command::new("kill").args(["-INT", &self.dev.id().to_string()]).status().unwrap();
        assert!(stopped.success());
        assert!(self.dev.wait().unwrap().success());
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = self.dev.kill();
        let _ = self.dev.wait();
    }
}

fn is_alive(process: &str) -> bool {
    Path::new("/proc").join(process).exists()
}

#[test]
fn mistakes_are_shown_when_they_are_saved_and_the_server_restarts_once_they_are_fixed() {
    let mut project = Project::start(&[]);
    assert_eq!(project.step("check"), "no errors, no findings");
    assert_eq!(project.step("generate"), "31 of 31 files changed");
    project.prints("building: build --bin board");
    let first = project.prints("server: ");
    assert!(first.contains("draw_stroke") && !first.contains("erase_all"), "{first}");

    project.save("board.yaml", &SCHEMA.replace("tool: { $ref: Tool }", "tool: { $ref: Toll }"));
    assert!(project.prints("board.yaml").starts_with("board.yaml"), "a change is named");
    assert_eq!(project.step("check"), "2 errors");
    project.prints("error[unknown-type]: there is no type `Toll`");
    assert!(is_alive(&Project::server(&first)), "the server of the last good state goes on");

    // A type with an example, and with a name that a reference cannot contain.
    project.save("board.yaml", &SCHEMA.replace("BoardId", "'Page<User>'"));
    assert_eq!(project.step("check"), "1 error");
    project.prints("error[name-case]: the type `Page<User>` is not named in PascalCase");

    project.save("board.yaml", &SCHEMA.replace("server:\n", ERASE_ALL));
    assert_eq!(project.step("check"), "0 errors, 1 warning, 0 pieces of advice");
    project.prints("warning[silent-request]: the sender of `erase_all` does not learn the result");
    assert_eq!(project.step("generate"), "16 of 31 files changed");
    project.step("build");
    project.prints("server: ends");
    assert!(project.step("restart").ends_with(" s after the change"));
    let second = project.prints("server: ");
    assert!(second.contains("erase_all"), "{second}");
    assert!(!is_alive(&Project::server(&first)));
    assert!(fs::read_to_string(project.path("generated/asyncapi.json")).unwrap().contains("erase_all"));
    project.stop();
    assert!(!is_alive(&Project::server(&second)), "what was started ends with who started it");
}

#[test]
fn a_save_during_a_build_begins_it_anew() {
    let mut project = Project::start(&[]);
    project.prints("server: ");
    project.hold_builds("held");
    project.save("board.yaml", &SCHEMA.replace("Draw a line.", "Draw one line."));
    project.prints("building");
    project.save("board.yaml", &SCHEMA.replace("server:\n", ERASE_ALL));
    assert_eq!(project.step("build"), "stopped, to start over");
    project.prints("building");
    project.let_build_go("held");
    project.prints("server: ends");
    assert!(project.prints("server: ").contains("erase_all"));
    project.stop();
}

#[test]
fn a_server_is_restarted_by_a_build_after_one_that_was_stopped_once_it_had_built() {
    let mut project = Project::start(&[]);
    project.prints("server: ");
    project.hold_builds("held_built");
    project.save("board.yaml", &SCHEMA.replace("server:\n", ERASE_ALL));
    project.prints("built");
    project.save("src/main.rs", "// saved meanwhile");
    assert_eq!(project.step("build"), "stopped, to start over");
    project.prints("built");
    project.let_build_go("held_built");
    assert_eq!(project.step("build"), "nothing to build");
    project.prints("server: ends");
    assert!(project.prints("server: ").contains("erase_all"));
    project.stop();
}

#[test]
fn while_a_build_fails_the_server_before_it_goes_on() {
    let mut project = Project::start(&[]);
    let first = project.prints("server: ");
    project.save("src/main.rs", "a mistake");
    project.prints("src/main.rs");
    project.prints("error: a mistake");
    assert_eq!(project.step("build"), "failed; the previous server keeps running");
    assert!(is_alive(&Project::server(&first)));
    project.save("board.yaml", &SCHEMA.replace("server:\n", ERASE_ALL));
    project.save("src/main.rs", "mended");
    project.prints("server: ends");
    assert!(project.prints("server: ").contains("erase_all"));
    project.stop();
}

#[test]
fn a_save_that_changes_nothing_does_nothing_and_one_that_builds_nothing_restarts_nothing() {
    let mut project = Project::start(&[]);
    let first = project.prints("server: ");
    project.save("board.yaml", SCHEMA.as_str());
    project.save("src/main.rs", "// a comment");
    assert_eq!(project.prints(".rs"), "src/main.rs", "the schema has not changed");
    assert_eq!(project.step("build"), "nothing to build");
    assert!(is_alive(&Project::server(&first)));
    project.stop();
}

#[test]
fn a_server_is_started_as_it_was_asked_for() {
    let mut project = Project::start(&["board.yaml", "--", "./serve", "--port", "1"]);
    assert!(project.prints("server: ").ends_with("--port 1"));
    project.stop();
}

#[test]
fn processes_end_with_the_command_that_started_them() {
    let stubborn = "sh -c 'trap \"\" TERM; echo \"started: $$\"; while :; do sleep 600; done' & wait";
    let mut project = Project::start(&["board.yaml", "--", "sh", "-c", stubborn]);
    project.prints("started: ");
    project.stop();
    // The output ends once all processes that can write to it have ended.
    let end = std::iter::repeat_with(|| project.lines.recv_timeout(WITHIN)).find_map(Result::err);
    assert_eq!(end, Some(RecvTimeoutError::Disconnected), "what the command has started goes on");
}

#[test]
fn a_build_ends_with_the_command_that_started_it() {
    let mut project = Project::start(&[]);
    project.prints("server: ");
    project.hold_builds("held");
    project.save("src/main.rs", "// held");
    let building = project.prints("building: ");
    let building = building.rsplit(' ').next().unwrap().to_owned();
    assert!(is_alive(&building));
    project.stop();
    assert!(!is_alive(&building));
}

#[test]
fn without_a_schema_or_a_binary_the_command_gives_a_remedy() {
    let folder = TempDir::new().unwrap();
    let dev = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_accord")).arg("dev").args(arguments).current_dir(folder.path()).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(dev(&[]).starts_with("error: there is no schema in the folder `schema` or here\nhelp: name it: "));
    fs::write(folder.path().join("board.yaml"), SCHEMA.as_str()).unwrap();
    let wrong = dev(&[]);
    assert!(
        wrong.starts_with("error: cargo cannot tell what to build here:\nerror: could not find `Cargo.toml`"),
        "{wrong}"
    );
}
