//! `accord release`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use accord_language::{Schema, source};
use accord_review::{
    diff::{DiffRule, Level, report::Report},
    lint::{self, Format},
    release::{self, Obstacle},
};
use clap::Args;
use semver::Version;

use crate::{
    diff::rule,
    history::{self, History},
    schema::{SchemaPath, report},
    terminal::{count, is_colourful, print},
};

/// The arguments of `accord release`.
#[derive(Args)]
pub struct Release {
    #[command(flatten)]
    path: SchemaPath,
    /// The changelog to which a section for client developers is added.
    #[arg(long, value_name = "FILE", default_value = "CHANGELOG.md")]
    changelog: PathBuf,
    /// A rule of `accord diff` whose findings do not require a new major version; repeatable.
    #[arg(long, value_name = "RULE", value_parser = rule)]
    allow: Vec<&'static DiffRule>,
    /// Write nothing: report whether the schema could be released as it is, or already has been.
    #[arg(long)]
    check: bool,
}

impl Release {
    /// Releases the schema, unless there are obstacles.
    pub fn run(&self) -> Result<(), String> {
        let schema = accord_review::load(&self.path.schema).map_err(|diagnostics| report(&diagnostics))?;
        refuse_lint_errors(&schema)?;
        let history = History::of(&self.path.schema);
        let name = &schema.model.protocol.name;
        let version = release::Release::new(None, &schema).version();
        let there = history.load(&version)?;
        let before = before(&history, &version, there.is_some())?;
        if let Some(there) = there {
            let same = release::Release::new(Some(&there), &schema);
            if !same.findings().is_empty() {
                return Err(behind(&same, &there, &schema));
            }
            let news = release::Release::new(before.as_ref(), &schema).allowing(&self.allow);
            let note = self.write_changelog(&news)?;
            let later = later(&history.folder(&version.to_string()), &schema)?;
            return print(&format!("{name} {version} is already released, and unchanged{note}\n{later}"));
        }
        let release = release::Release::new(before.as_ref(), &schema).allowing(&self.allow);
        if let Some(before) = before.as_ref().filter(|_| !release.is_ahead()) {
            return Err(behind(&release, before, &schema));
        }
        let obstacles = release.obstacles();
        if !obstacles.is_empty() {
            return Err(standing_in_the_way(&obstacles, &version));
        }
        // Collected before the check ends, so that it also reports files that a release cannot contain.
        let files = history::files(&schema)?;
        if self.check {
            let after = before.as_ref().map_or("as the first release".to_owned(), |before| {
                let differences = count(release.findings().len(), "difference");
                format!("{differences} after {}", before.model.protocol.version)
            });
            return print(&format!("{name} {version} can be released: {after}\n"));
        }
        // The changelog comes first: if it cannot be written, nothing has been released.
        let note = self.write_changelog(&release)?;
        history.add(&version, &schema)?;
        let folder = history.folder(&version.to_string());
        print(&format!("{name} {version} is released: {}, {}{note}\n", folder.display(), count(files.len(), "file")))
    }

    /// Adds the section of a release to the changelog, unless it has one.
    fn write_changelog(&self, release: &release::Release<'_>) -> Result<String, String> {
        let path = self.changelog.display();
        let changelog = match source::read_file(&self.changelog) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => "# Changelog\n".to_owned(),
            read => read.map_err(|error| format!("error: cannot read {path}: {error}\n"))?,
        };
        match with_section(&changelog, &release.heading(), &release.news()) {
            Some(changelog) if !self.check => {
                fs::write(&self.changelog, changelog)
                    .map_err(|error| format!("error: cannot write {path}: {error}\n"))?;
                Ok(format!("; {path} describes it to client developers"))
            }
            _ => Ok(String::new()),
        }
    }
}

fn refuse_lint_errors(schema: &Schema) -> Result<(), String> {
    let mut found = lint::lint(schema);
    found.list.retain(|reported| reported.level == lint::Level::Error);
    if found.list.is_empty() {
        return Ok(());
    }
    let text = found.render(Format::Text { colour: is_colourful(&io::stderr()) });
    Err(format!("{text}error: a schema with errors is not released\n"))
}

/// The release before `version`: the newest one, or the newest before that where it is released itself. Pre-releases
/// promise nothing, so they are not compared.
fn before(history: &History, version: &Version, is_released: bool) -> Result<Option<Schema>, String> {
    let mut stable = history.versions()?;
    stable.retain(|other| other.pre.is_empty() && (!is_released || other < version));
    stable.last().map_or(Ok(None), |newest| history.load(newest))
}

/// The reasons why a version is not far enough ahead, with their places.
fn behind(release: &release::Release<'_>, before: &Schema, schema: &Schema) -> String {
    let colour = is_colourful(&io::stderr());
    let reasons = release.reasons();
    let names = [before, schema].map(|side| side.sources.paths().next().unwrap_or_default());
    let report = Report { names, old: before, new: schema, findings: &reasons, levels: &[Level::Wire], allowed: &[] };
    let differences = if reasons.is_empty() { String::new() } else { report.text(colour) + "\n" };
    let obstacle = release.behind().map(|obstacle| obstacle.render(colour)).unwrap_or_default();
    format!("{differences}{obstacle}\n")
}

fn standing_in_the_way(obstacles: &[Obstacle<'_>], version: &Version) -> String {
    let colour = is_colourful(&io::stderr());
    let list: String = obstacles.iter().map(|obstacle| obstacle.render(colour) + "\n\n").collect();
    let verb = if obstacles.len() == 1 { "stands" } else { "stand" };
    format!("{list}error: {} {verb} in the way of {version}\n", count(obstacles.len(), "thing"))
}

/// The files of a released version that have changed since without changing the protocol: comments, flows.
fn later(folder: &Path, schema: &Schema) -> Result<String, String> {
    let differs =
        |(path, text): &(PathBuf, String)| fs::read(folder.join(path)).ok().as_deref() != Some(text.as_bytes());
    let files = history::files(schema)?;
    let changed: Vec<String> =
        files.iter().filter(|file| differs(file)).map(|(path, _)| path.display().to_string()).collect();
    Ok(match changed.is_empty() {
        true => String::new(),
        false => format!("files changed since, though not the protocol: {}\n", changed.join(", ")),
    })
}

/// A changelog with a section before those of earlier releases; `None` if it has that heading already.
fn with_section(changelog: &str, heading: &str, section: &str) -> Option<String> {
    if changelog.lines().any(|line| line.trim_end() == heading) {
        return None;
    }
    let is_release = |line: &str| line.starts_with("## ") && !line.to_lowercase().contains("unreleased");
    let at = changelog.lines().position(is_release);
    let start: usize = changelog.split_inclusive('\n').take(at.unwrap_or(usize::MAX)).map(str::len).sum();
    let (before, after) = changelog.split_at(start);
    let after = if after.is_empty() { String::new() } else { format!("\n{after}") };
    Some(format!("{}\n\n{section}{after}", before.trim_end()))
}
