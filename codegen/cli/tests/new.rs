//! `accord new`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// Those parts of a project that an event is declared, handled and shown in.
struct Project(TempDir);

impl Project {
    /// A copy of what these paths below the repository's folder hold.
    fn of(paths: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        for path in paths {
            copy(&Path::new("../..").join(path), &folder.path().join(path));
        }
        Project(folder)
    }

    fn chat() -> Self {
        Project::of(&[
            ".rustfmt.toml",
            "Cargo.toml",
            "conformance/flows",
            "schema/chat.yaml",
            "schema/errors.yaml",
            "schema/events",
            "schema/http.yaml",
            "schema/types",
            "server/Cargo.toml",
            "server/build.rs",
            "server/src/handlers",
        ])
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn files(&self) -> Vec<(PathBuf, String)> {
        below(self.0.path())
    }

    /// The version of the chat protocol.
    fn version(&self) -> String {
        let schema = self.read("schema/chat.yaml");
        schema.lines().find_map(|line| line.strip_prefix("  version: ")).unwrap().to_owned()
    }

    /// The names of the files that are not as they were.
    fn changed_since(&self, before: &[(PathBuf, String)]) -> Vec<String> {
        let after = self.files();
        let changed = after.iter().filter(|file| !before.contains(file));
        changed.map(|(path, _)| path.strip_prefix(self.0.path()).unwrap().display().to_string()).collect()
    }

    fn accord(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_accord"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path()).output().unwrap()
    }

    /// The output of a command that succeeds.
    fn done(&self, arguments: &str) -> String {
        let output = self.accord(arguments);
        assert!(output.status.success(), "{arguments}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Whether rustfmt has nothing to change in a file.
    fn is_formatted(&self, path: &str) -> bool {
        // Without the modules that the file declares, which are formatted on their own.
        let output =
            Command::new("rustfmt").args(["--check", "--edition", "2024"]).arg(self.path(path)).output().unwrap();
        output.status.success()
    }
}

/// The files in a folder and below it, with their texts.
fn below(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path));
        } else {
            found.push((path.clone(), fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
        return;
    }
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn an_event_is_declared_handled_and_shown_where_its_domain_is() {
    let project = Project::chat();
    let before = project.files();
    let said = project.done("new event highlight_message --scope channel --domain messages --to others");
    let changed = ["conformance/flows/messages.yaml", "schema/events/messages.yaml", "server/src/handlers/messages.rs"];
    assert_eq!(project.changed_since(&before), changed);
    for path in changed {
        assert!(said.contains(path), "{said}");
        // Lines have been added, and nothing else.
        let old = &before.iter().find(|(known, _)| *known == project.path(path)).unwrap().1;
        let new = project.read(path);
        let mut lines = new.lines();
        assert!(old.lines().all(|line| lines.any(|kept| kept == line)), "{path}");
    }
    let declared = project.read("schema/events/messages.yaml");
    let version = project.version();
    let client = format!(
        "
  highlight_message:
    summary: Highlight a message in a channel.
    scope: channel
    limit: events
    payload:
      type: object
      required: [channelId]
      properties:
        channelId: {{ $ref: ChannelId }}
    emits: {{ message_highlighted: others }}
    ack: message_highlighted
    failure: Failed to highlight message
    since: {version}
    example: {{ channelId: channel_123 }}
server:
"
    );
    let server = format!(
        "
  message_highlighted:
    summary: A message was highlighted in a channel that this socket has joined.
    scope: channel
    payload:
      type: object
      required: [channelId, userId]
      properties:
        channelId: {{ $ref: ChannelId }}
        userId: {{ $ref: UserId }}
    since: {version}
    example: {{ channelId: channel_123, userId: alice }}
lint:
"
    );
    assert!(declared.contains(&client) && declared.contains(&server), "{declared}");
    assert!(project.is_formatted("server/src/handlers/messages.rs"));
    project.done("check schema/chat.yaml");
    project.done("lint --deny advice schema/chat.yaml");
    // The reference shows the flow, so it is valid.
    assert!(project.done("gen docs schema/chat.yaml").contains("broadcast to the others in its room"));
}

#[test]
fn a_domain_begins_with_a_file_for_each_part() {
    let project = Project::chat();
    let before = project.files();
    project.done("new event close_poll --scope conversation --domain polls --new-domain --emits poll_result_published");
    assert_eq!(
        project.changed_since(&before),
        [
            "conformance/flows/polls.yaml",
            "schema/chat.yaml",
            "schema/events/polls.yaml",
            "server/src/handlers/mod.rs",
            "server/src/handlers/polls.rs"
        ]
    );
    assert!(project.read("schema/chat.yaml").contains("\n  - events/polls.yaml\n"));
    assert!(project.read("server/src/handlers/mod.rs").contains("\nmod polls;\n"));
    assert!(project.read("conformance/flows/polls.yaml").contains("    scope: conversation\n"));
    assert!(project.is_formatted("server/src/handlers/polls.rs"));
    project.done("lint --deny advice schema/chat.yaml");
    // It is there now.
    project.done("new event open_poll --scope conversation --domain polls --emits poll_result_published --to scope");
    let handlers = project.read("server/src/handlers/polls.rs");
    assert!(
        handlers.contains("\n    async fn close_poll(") && handlers.contains("\n\n    async fn open_poll("),
        "{handlers}"
    );
    assert!(project.is_formatted("server/src/handlers/polls.rs"));
    assert_eq!(project.read("schema/events/polls.yaml").matches("poll_result_published:\n").count(), 1);
}

#[test]
fn a_new_event_does_not_claim_a_version_that_was_released_without_it() {
    let project = Project::chat();
    let version = project.version();
    fs::create_dir_all(project.path("schema/history").join(&version)).unwrap();
    let said = project.done("new event highlight_message --scope channel --domain messages");
    assert!(said.contains(&format!("{version} is released: raise the protocol's version")), "{said}");
    let declared = project.read("schema/events/messages.yaml");
    let event = declared.split_once("  highlight_message:\n").unwrap().1.split_once("server:\n").unwrap().0;
    assert!(!event.contains("since:"), "{event}");
}

#[test]
fn a_schema_of_one_file_and_handlers_of_one_file_do_as_well() {
    let project = Project::of(&["Cargo.toml", ".rustfmt.toml", "tests/whiteboard"]);
    let schema = "tests/whiteboard/whiteboard.yaml";
    project.done(&format!("new event clear_board --scope board --domain whiteboard --schema {schema}"));
    project.done(&format!("new event pin_note --scope board --domain notes --new-domain --schema {schema}"));
    project.done(&format!("lint --deny advice {schema}"));
    let handlers = project.read("tests/whiteboard/src/lib.rs");
    assert!(handlers.contains("async fn clear_board("), "{handlers}");
    assert!(handlers.contains("(\"the handler of `pin_note` is not written yet\").into())\n    }\n}\n"), "{handlers}");
    assert!(project.is_formatted("tests/whiteboard/src/lib.rs"));
    assert!(project.read("tests/whiteboard/notes.yaml").contains("boardId: { $ref: BoardId }"));
}

#[test]
fn a_dry_run_prints_the_changes_and_makes_none() {
    let project = Project::chat();
    let before = project.files();
    let diff = project.done("new event highlight_message --scope channel --domain messages --dry-run");
    assert!(diff.starts_with("--- a/schema/events/messages.yaml\n+++ b/schema/events/messages.yaml\n@@ "), "{diff}");
    assert!(
        diff.contains("\n+    async fn highlight_message(") && diff.contains("\n+  message_highlighted:\n"),
        "{diff}"
    );
    assert_eq!(project.changed_since(&before), [""; 0]);
}

#[test]
fn a_command_that_cannot_begin_gives_the_reason_and_the_remedy_and_changes_nothing() {
    let project = Project::chat();
    let before = project.files();
    for (arguments, said) in [
        (
            "Pin --scope channel --domain messages",
            "error: `Pin` cannot be the name of an event: names are in snake_case\nhelp: write `pin`\n",
        ),
        (
            "send_message --scope channel --domain messages",
            "error: there is an event `send_message` already: schema/events/messages.yaml:",
        ),
        (
            "highlight_message --scope chanel --domain messages",
            "error: there is no scope `chanel`\nhelp: did you mean `channel`?\n",
        ),
        (
            "highlight_message --scope channel --domain mesages",
            "error: there is no domain `mesages`\nhelp: did you mean `messages`?\nhelp: `--new-domain` creates a file \
             for it\n",
        ),
        (
            "cancel_message --scope channel --domain messages",
            "error: the name of the event that `cancel_message` leads to cannot be derived from its own\n\
             help: name it with `--emits`, after what has happened: `message_highlighted`\n",
        ),
        (
            "highlight_message --scope channel --domain messages --emits send_message",
            "error: clients send `send_message`, so `highlight_message` cannot lead to it\n\
             help: name the resulting event with `--emits`, after what has happened: `message_highlighted`\n",
        ),
        (
            "highlight_message --scope channel --domain messages --schema nowhere.yaml",
            "error[unreadable-file]: cannot read `nowhere.yaml`: there is no such file\n",
        ),
    ] {
        let output = project.accord(&format!("new event {arguments}"));
        assert_eq!(output.status.code(), Some(1));
        let report = text(&output.stderr);
        assert!(report.starts_with(said), "{arguments}: {report}");
    }
    // Without an implementation there is nothing to extend.
    fs::remove_dir_all(project.path("server/src/handlers")).unwrap();
    let output = project.accord("new event highlight_message --scope channel --domain messages");
    let report = text(&output.stderr);
    assert!(
        report.starts_with("error: `server` compiles the schema, but nothing in it implements `Connection`\n"),
        "{report}"
    );
    assert_eq!(project.changed_since(&before), [""; 0]);
}

#[test]
fn a_protocol_is_the_project_that_is_tested_here_by_another_name() {
    let project = Project(TempDir::new().unwrap());
    let said = project.done("new protocol poll_box");
    assert!(said.contains("`cd poll_box && cargo run`"), "{said}");
    assert!(project.files().iter().all(|(path, text)| !path.ends_with("tally.yaml") && !text.contains("tally")));
    project.done("check poll_box/schema/poll_box.yaml");
    project.done("lint --deny advice poll_box/schema/poll_box.yaml");
    project.done("gen docs poll_box/schema/poll_box.yaml");
    for file in ["build.rs", "src/main.rs", "src/lib.rs", "tests/conformance.rs"] {
        assert!(project.is_formatted(&format!("poll_box/{file}")), "{file}");
    }
    let template = Path::new("src/new/protocol");
    for (path, text) in below(template) {
        let path = path.strip_prefix(template).unwrap().display().to_string().replace("tally", "poll_box");
        let written = project.read(&format!("poll_box/{path}"));
        assert_eq!(written.lines().count(), text.lines().count(), "{path}");
    }
    let again = project.accord("new protocol poll_box");
    assert!(text(&again.stderr).starts_with("error: poll_box exists already\n"));
    let nowhere = project.accord("new protocol other --accord-path poll_box");
    let said = text(&nowhere.stderr);
    assert!(said.starts_with("error: poll_box is not a checkout of Accord\nhelp: give `--accord-path`"), "{said}");
    assert!(!project.path("other").exists());
    for name in ["fn", "std", "9"] {
        let refused = project.accord(&format!("new protocol {name}"));
        assert!(text(&refused.stderr).starts_with("error: a protocol cannot be called "), "{name}");
        assert!(!project.path(name).exists());
    }
}

/// The lines of a project's manifest that name Accord's crates.
fn crates(manifest: &str) -> Vec<&str> {
    manifest.lines().filter(|line| line.starts_with("accord-")).collect()
}

#[test]
fn a_project_names_versions_of_accord_or_a_checkout_or_a_repository() {
    let project = Project(TempDir::new().unwrap());
    let said = project.done("new protocol by_version");
    assert!(said.contains("from the registry") && said.contains("`--accord-path` or `--accord-git`"), "{said}");
    let version = env!("CARGO_PKG_VERSION");
    let named = |source: &dyn Fn(&str) -> String| {
        let crates = [
            ("gateway", "macros/gateway"),
            ("runtime", "macros/runtime"),
            ("codegen", "codegen/rust"),
            ("conformance", "conformance"),
        ];
        crates.map(|(name, path)| format!("accord-{name} = {}", source(path)))
    };
    let manifest = project.read("by_version/Cargo.toml");
    assert_eq!(crates(&manifest), named(&|_| format!("\"{version}\"")));

    fs::create_dir_all(project.path("checkout/macros/gateway")).unwrap();
    fs::write(project.path("checkout/macros/gateway/Cargo.toml"), "").unwrap();
    project.done("new protocol team/by_path --accord-path ./checkout");
    let manifest = project.read("team/by_path/Cargo.toml");
    assert_eq!(crates(&manifest), named(&|path| format!("{{ path = \"../../checkout/{path}\" }}")));
    let checkout = project.path("checkout");
    project.done(&format!("new protocol by_absolute_path --accord-path {}", checkout.display()));
    let manifest = project.read("by_absolute_path/Cargo.toml");
    assert_eq!(crates(&manifest), named(&|path| format!("{{ path = \"{}/{path}\" }}", checkout.display())));

    for (revision, written) in [("", ""), (" --rev abc", ", rev = \"abc\""), (" --tag v1", ", tag = \"v1\"")] {
        let dir = format!("by_git{}", revision.replace(' ', "_"));
        project.done(&format!("new protocol {dir} --name polls --accord-git https://git.example/accord{revision}"));
        let manifest = project.read(&format!("{dir}/Cargo.toml"));
        let source = format!("{{ git = \"https://git.example/accord\"{written} }}");
        assert_eq!(crates(&manifest), named(&|_| source.clone()));
    }
    for arguments in ["--tag v1", "--accord-git u --accord-path checkout", "--accord-git u --tag v1 --branch main"] {
        let refused = project.accord(&format!("new protocol other {arguments}"));
        assert_eq!(refused.status.code(), Some(2), "{arguments}");
    }
    assert!(!project.path("other").exists());
}

#[test]
fn a_project_within_a_workspace_is_one_of_its_own() {
    let project = Project(TempDir::new().unwrap());
    fs::write(project.path("Cargo.toml"), "[workspace]\nmembers = []\n").unwrap();
    project.done("new protocol poll_box");
    assert!(project.read("poll_box/Cargo.toml").ends_with("\n[workspace]\n"));
}
