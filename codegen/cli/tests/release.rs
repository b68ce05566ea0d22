//! The releases that `accord release` accepts, the files that it writes, and its errors.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use accord_language::Schema;
use accord_review::{diff::find, release::Release};
use semver::Version;
use tempfile::TempDir;

const ROOT: &str = "../..";

/// The folder of a released version of the chat, here as a schema to edit.
const RELEASED: &str = "../../schema/history/1.0.0";

/// A change of chat 1.2.0 that breaks nobody: it refuses texts and emoji without a visible character.
const ALLOWED: [&str; 2] = ["pattern", "rule-changed"];

/// A copy of the chat 1.0.0, which is not released there.
struct Workplace(TempDir);

impl Workplace {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        copy(Path::new(RELEASED), &folder.path().join("schema"));
        Workplace(folder)
    }

    /// A schema whose version 1.0.0 is released.
    fn released() -> Self {
        let place = Workplace::new();
        assert_eq!(place.release(&[]).0, 0);
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} says nowhere `{from}`");
        fs::write(self.path(path), text.replacen(from, to, 1)).unwrap();
    }

    fn version(&self, version: &str) {
        let text = self.read("schema/chat.yaml");
        let before = text.lines().find(|line| line.starts_with("  version: ")).unwrap();
        fs::write(self.path("schema/chat.yaml"), text.replace(before, &format!("  version: {version}"))).unwrap();
    }

    /// The status, and all output.
    fn release(&self, arguments: &[&str]) -> (i32, String) {
        accord(self.0.path(), &[&["release", "schema/chat.yaml"], arguments].concat())
    }

    /// All files, with their texts.
    fn files(&self) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        below(self.0.path(), &mut files);
        files.sort();
        files.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { below(&path, files) } else { files.push(path) }
    }
}

fn accord(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_accord")).current_dir(folder).args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), text)
}

/// A field that clients may send, and the version that introduced it.
const MOOD: [&str; 3] = [
    "schema/events/messages.yaml",
    "        attachments: { type",
    "        mood: { type: string, maxLength: 8, summary: How one feels., since: 1.1.0 }\n        attachments: { type",
];

/// A deprecated event, and the versions that deprecate and remove it.
const GOING: [&str; 3] = [
    "schema/events/reactions.yaml",
    "    failure: Failed to add reaction\n",
    "    failure: Failed to add reaction\n    deprecated: { since: 1.1.0, use: '`send_message`', until: 2.0.0 }\n",
];

/// An event that clients can no longer send.
fn without_health(place: &Workplace) {
    let text = place.read("schema/events/health.yaml");
    let (before, after) = text.split_once("client:\n").unwrap();
    let (_, server) = after.split_once("server:\n").unwrap();
    fs::write(place.path("schema/events/health.yaml"), format!("{before}server:\n{server}")).unwrap();
}

#[test]
fn the_schema_of_this_repository_is_released_or_as_far_ahead_as_it_has_to_be() {
    let allowed = ALLOWED.iter().flat_map(|rule| ["--allow", rule]);
    let arguments: Vec<&str> = ["release", "schema/chat.yaml", "--check"].into_iter().chain(allowed).collect();
    let (status, text) = accord(Path::new(ROOT), &arguments);
    assert_eq!(status, 0, "{text}");
}

#[test]
fn every_release_of_this_repository_keeps_the_rules_that_were_there_before_it() {
    let history = Path::new(ROOT).join("schema/history");
    let names = fs::read_dir(&history).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut versions: Vec<Version> = names.map(|name| Version::parse(&name).unwrap()).collect();
    versions.sort();
    let schema = |version: &Version| {
        let schema = Schema::load(history.join(version.to_string()).join("chat.yaml"));
        schema.unwrap_or_else(|wrong| panic!("{wrong}"))
    };
    let schemas: Vec<Schema> = versions.iter().map(schema).collect();
    for (version, schema) in versions.iter().zip(&schemas) {
        assert_eq!(schema.model.protocol.version, version.to_string());
    }
    for pair in schemas.windows(2) {
        let mut release = Release::new(Some(&pair[0]), &pair[1]);
        if release.version() == Version::new(1, 2, 0) {
            release = release.allowing(&ALLOWED.map(|rule| find(rule).unwrap()));
        }
        assert!(release.is_ahead() && release.obstacles().is_empty(), "{}", release.version());
    }
}

#[test]
fn a_release_is_a_schema_by_itself() {
    let place = Workplace::new();
    fs::create_dir(place.path("stories")).unwrap();
    fs::rename(place.path("schema/flows"), place.path("stories/flows")).unwrap();
    place.edit("schema/chat.yaml", "flows: flows", "flows: ../stories/flows");
    let (status, text) = place.release(&[]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(
        text,
        "chat 1.0.0 is released: schema/history/1.0.0, 27 files; CHANGELOG.md describes it to client developers\n"
    );
    fs::remove_dir_all(place.path("stories")).unwrap();
    let (status, text) = accord(place.0.path(), &["check", "schema/history/1.0.0/chat.yaml"]);
    assert_eq!(status, 0, "{text}");
    let mut files = Vec::new();
    below(&place.path("schema/history/1.0.0"), &mut files);
    for file in files {
        let path = file.strip_prefix(place.path("schema/history/1.0.0")).unwrap();
        assert_eq!(fs::read(&file).unwrap(), fs::read(Path::new(RELEASED).join(path)).unwrap(), "{}", path.display());
    }
}

#[test]
fn releasing_again_changes_nothing_and_says_so() {
    let place = Workplace::released();
    let files = place.files();
    assert_eq!(place.release(&[]), (0, "chat 1.0.0 is already released, and unchanged\n".to_owned()));
    assert_eq!(place.files(), files);

    place.edit("schema/chat.yaml", "accord: 1", "# The chat.\naccord: 1");
    place.edit("schema/flows/health.yaml", "flows:", "# Signs of life.\nflows:");
    let (status, text) = place.release(&["--check"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.ends_with("files changed since, though not the protocol: chat.yaml, flows/health.yaml\n"), "{text}");
}

#[test]
fn a_check_writes_nothing() {
    let place = Workplace::new();
    let files = place.files();
    assert_eq!(place.release(&["--check"]), (0, "chat 1.0.0 can be released: as the first release\n".to_owned()));
    assert_eq!(place.files(), files);
}

#[test]
fn nothing_is_released_if_the_changelog_cannot_be_written() {
    let place = Workplace::new();
    let files = place.files();
    let (status, said) = place.release(&["--changelog", "nowhere/CHANGELOG.md"]);
    assert_eq!(status, 1);
    assert!(said.starts_with("error: cannot write nowhere/CHANGELOG.md: "), "{said}");
    assert_eq!(place.files(), files);
}

/// The minimum version that an edit requires, the edit, versions that are too low, and versions that are higher.
type Case<'a> = (&'a str, &'a dyn Fn(&Workplace), &'a [&'a str], &'a [&'a str]);

#[test]
fn a_version_moves_as_far_as_the_changes_require() {
    let words = |place: &Workplace| place.edit("schema/errors.yaml", "summary: ", "summary: In other words, ");
    let addition = |place: &Workplace| place.edit(MOOD[0], MOOD[1], &MOOD[2].replace(", since: 1.1.0", ""));
    let cases: [Case<'_>; 3] = [
        ("1.0.1", &words, &["1.0.0"], &[]),
        ("1.1.0", &addition, &["1.0.0", "1.0.1"], &[]),
        ("2.0.0", &without_health, &["1.0.0", "1.1.0"], &["2.0.0-rc.1", "3.1.0"]),
    ];
    for (least, edit, short, far) in cases {
        let place = Workplace::released();
        edit(&place);
        for version in short {
            place.version(version);
            let (status, text) = place.release(&["--check"]);
            assert_eq!(status, 1, "{version} of {least}: {text}");
            assert!(text.contains(&format!("at least {least}")), "{version} of {least}: {text}");
            assert!(text.contains("schema/chat.yaml:5:12"), "{text}");
        }
        for version in far.iter().chain([&least]) {
            place.version(version);
            let (_, text) = place.release(&["--check"]);
            assert!(!text.contains("at least"), "{version} of {least}: {text}");
        }
    }
}

#[test]
fn versions_go_on_from_the_newest() {
    let place = Workplace::released();
    place.version("1.1.0");
    assert_eq!(place.release(&[]).0, 0, "more than nothing asks for");
    place.version("1.0.7");
    let (status, text) = place.release(&["--check"]);
    assert_eq!(status, 1);
    assert!(text.starts_with("error: chat 1.1.0 is released, and 1.0.7 does not come after it"), "{text}");
    place.version("1.0.0");
    assert_eq!(place.release(&[]), (0, "chat 1.0.0 is already released, and unchanged\n".to_owned()));
}

#[test]
fn a_pre_release_is_compared_with_the_last_full_release() {
    let place = Workplace::released();
    place.edit(MOOD[0], MOOD[1], MOOD[2]);
    place.edit(MOOD[0], ", since: 1.1.0", "");
    place.version("1.1.0-rc.1");
    place.edit(MOOD[0], "How one feels.", "How one feels., since: 1.1.0-rc.1");
    assert_eq!(place.release(&[]).0, 0);
    without_health(&place);
    let (status, text) = place.release(&[]);
    assert_eq!(status, 1);
    assert!(text.contains("error: chat 1.1.0-rc.1 is already released with a different schema"), "{text}");
    place.version("2.0.0");
    place.edit(MOOD[0], "since: 1.1.0-rc.1", "since: 2.0.0");
    assert_eq!(place.release(&[]).0, 0);
}

#[test]
fn changes_that_require_another_version_are_reported_with_their_places() {
    let place = Workplace::released();
    without_health(&place);
    place.version("1.1.0");
    let (_, text) = place.release(&[]);
    assert!(text.starts_with("error[client-event-removed]: ping: clients can no longer send this event\n"), "{text}");
    assert!(text.contains("--> schema/history/1.0.0/events/health.yaml:4:3"), "{text}");
    assert!(
        text.contains("error: chat 1.1.0 is not far enough ahead of 1.0.0: the version must be at least 2.0.0"),
        "{text}"
    );
    assert!(text.contains("help: write `version: 2.0.0`: the differences ask for a new major version"), "{text}");
    assert!(!place.path("schema/history/1.1.0").exists());
}

#[test]
fn allowed_changes_require_no_major_version() {
    let place = Workplace::released();
    place.edit("schema/types/messages.yaml", r"pattern: '^[^\s\x00", r"pattern: '^[^\s\u2800\x00");
    place.version("1.1.0");
    assert_eq!(place.release(&[]).0, 1);
    assert_eq!(place.release(&["--allow", "min-length"]).0, 1);
    assert_eq!(place.release(&["--allow", "pattern"]).0, 0);
}

#[test]
fn additions_have_their_version() {
    let place = Workplace::released();
    place.version("1.1.0");
    for (since, said) in [
        ("", "`send_message.mood` is new, but has no `since`"),
        (", since: 1.0.0", "`send_message.mood` is new, but marked `since: 1.0.0`"),
    ] {
        place.edit(MOOD[0], MOOD[1], &MOOD[2].replace(", since: 1.1.0", since));
        let (status, text) = place.release(&["--check"]);
        assert_eq!(status, 1, "{text}");
        assert!(text.contains(said) && text.contains("schema/events/messages.yaml:15"), "{text}");
        assert!(text.contains("help: write `since: 1.1.0`"), "{text}");
        place.edit(MOOD[0], &MOOD[2].replace(", since: 1.1.0", since), MOOD[1]);
    }
    place.edit(MOOD[0], MOOD[1], MOOD[2]);
    assert_eq!(place.release(&["--check"]), (0, "chat 1.1.0 can be released: 1 difference after 1.0.0\n".to_owned()));
    place.version("1.2.0");
    let (_, text) = place.release(&["--check"]);
    assert!(text.contains("is new, but marked `since: 1.1.0`"), "not yet released then: {text}");
}

#[test]
fn promises_of_when_something_goes_are_kept() {
    let place = Workplace::released();
    place.version("1.1.0");
    place.edit(GOING[0], GOING[1], &GOING[2].replace("since: 1.1.0", "since: 1.0.0"));
    let (_, text) = place.release(&["--check"]);
    assert!(
        text.contains("`add_reaction` is deprecated from this version on, but marked as deprecated since 1.0.0"),
        "{text}"
    );
    place.edit(GOING[0], "since: 1.0.0, use", "since: 1.1.0, use");
    place.edit(GOING[0], "until: 2.0.0", "until: 3.0.0");
    assert_eq!(place.release(&[]).0, 0);

    place.version("3.0.0");
    let (status, text) = place.release(&["--check"]);
    assert_eq!(status, 1);
    assert!(text.contains("error[removal-overdue]: `add_reaction` was due to be removed in 3.0.0"), "{text}");
    place.edit(
        "schema/chat.yaml",
        "accord: 1\n",
        "accord: 1\nlint: { levels: { removal-overdue: { level: off, reason: Nobody has counted who needs it. } } }\n",
    );
    let (status, text) = place.release(&["--check"]);
    assert_eq!(status, 1);
    assert!(text.contains("error: `add_reaction` was due to be removed in 3.0.0, and this is 3.0.0"), "{text}");

    place.version("2.0.0");
    let text = place.read(GOING[0]);
    let (before, after) = text.split_once("  add_reaction:\n").unwrap();
    let (_, after) = after.split_once("  remove_reaction:\n").unwrap();
    fs::write(place.path(GOING[0]), format!("{before}  remove_reaction:\n{after}")).unwrap();
    let (_, text) = place.release(&["--check"]);
    assert!(text.contains("error: `add_reaction` was promised until 3.0.0, but is gone in 2.0.0"), "{text}");
    assert!(text.contains("--> schema/history/1.1.0/events/reactions.yaml"), "{text}");
}

#[test]
fn a_schema_with_errors_is_not_released() {
    let place = Workplace::new();
    place.edit("schema/events/health.yaml", "client:", "clients:");
    let (status, text) = place.release(&[]);
    assert_eq!(status, 1);
    assert!(text.starts_with("error[unknown-key]"), "{text}");
    assert!(!place.path("schema/history").exists() && !place.path("CHANGELOG.md").exists());
}

#[test]
fn a_file_that_a_release_would_lack_is_named() {
    let place = Workplace::new();
    fs::rename(place.path("schema/errors.yaml"), place.path("errors.yaml")).unwrap();
    place.edit("schema/chat.yaml", "- errors.yaml", "- ../errors.yaml");
    let (status, text) = place.release(&["--check"]);
    assert_eq!(status, 1);
    assert_eq!(text, "error: errors.yaml is not below schema, and a release contains only what is: move it there\n");
}

#[test]
fn the_changelog_lists_additions_deprecations_and_breaking_changes() {
    let place = Workplace::new();
    fs::write(place.path("CHANGELOG.md"), "# Changelog\n\n## Unreleased\n\n- A server.\n\n## 0.1.0\n\n- Older.\n")
        .unwrap();
    assert_eq!(place.release(&[]).0, 0);
    place.version("1.1.0");
    place.edit(MOOD[0], MOOD[1], MOOD[2]);
    place.edit(GOING[0], GOING[1], GOING[2]);
    place.edit("schema/errors.yaml", "summary: ", "summary: In other words, ");
    let (status, text) = place.release(&[]);
    assert_eq!(status, 0, "{text}");
    place.version("2.0.0");
    let text = place.read(GOING[0]);
    let (before, after) = text.split_once("  add_reaction:\n").unwrap();
    let (_, after) = after.split_once("  remove_reaction:\n").unwrap();
    fs::write(place.path(GOING[0]), format!("{before}  remove_reaction:\n{after}")).unwrap();
    place.edit("schema/types/messages.yaml", "maxLength: 4000", "maxLength: 3000");
    let (status, text) = place.release(&[]);
    assert_eq!(status, 0, "{text}");
    let changelog = place.read("CHANGELOG.md");
    if std::env::var_os("ACCORD_UPDATE").is_some() {
        fs::write("tests/release/CHANGELOG.md", &changelog).unwrap();
    }
    assert_eq!(changelog, fs::read_to_string("tests/release/CHANGELOG.md").unwrap());
    assert_eq!(place.release(&[]).0, 0);
    assert_eq!(place.read("CHANGELOG.md"), changelog);
}

#[test]
fn a_release_that_serves_an_older_one_stands_beside_it() {
    let place = Workplace::released();
    place.version("2.0.0");
    place.edit("schema/chat.yaml", "  license: MIT\n", "  license: MIT\n  serves: [history/1.0.0/chat.yaml]\n");
    place.edit("schema/chat.yaml", "gateway:\n", "gateway:\n  version_refused: auth_failed\n");
    let (status, output) = place.release(&[]);
    assert_eq!(status, 0, "{output}");
    let released = place.read("schema/history/2.0.0/chat.yaml");
    assert!(released.contains("  serves: [../1.0.0/chat.yaml]\n"), "{released}");
    let schema = Schema::load(place.path("schema/history/2.0.0/chat.yaml")).unwrap();
    assert_eq!(schema.model.older[0].protocol.version, "1.0.0");
}
