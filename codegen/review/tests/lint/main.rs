//! The findings of the rules of good design, and their limits.

mod catalogue;
mod examples;
mod logs;
mod reports;
mod schemas;
mod settings;

use std::fs;

use accord_language::Schema;
use tempfile::TempDir;

const BASE: &str = include_str!("base.yaml");

/// The schema of `base.yaml` and `test`, which stands in the place of the sections that a schema has once.
fn schema(test: &str) -> Result<Schema, String> {
    let directory = TempDir::new().unwrap();
    let test = test.strip_prefix('\n').unwrap_or(test);
    let test = if test.contains("\nclient:")
        || test.contains("\nserver:")
        || test.starts_with("client:")
        || test.starts_with("server:")
    {
        format!("{test}summary: A test.\n")
    } else {
        test.to_owned()
    };
    fs::write(directory.path().join("schema.yaml"), base_without(&test) + "include: [test.yaml]\n").unwrap();
    fs::write(directory.path().join("test.yaml"), test).unwrap();
    let shown = |text: String| text.replace(&format!("{}/", directory.path().display()), "");
    accord_review::load(directory.path().join("schema.yaml")).map_err(|diagnostics| shown(diagnostics.to_string()))
}

/// `base.yaml` without the sections that a schema has once and `test` has.
fn base_without(test: &str) -> String {
    let has = |section: &str| test.lines().any(|line| line.starts_with(&format!("{section}:")));
    let mut skipped = false;
    let mut base = String::new();
    for line in BASE.lines() {
        if line.starts_with(char::is_alphabetic) {
            skipped = ["protocol", "connect", "gateway"]
                .iter()
                .any(|section| line.starts_with(&format!("{section}:")) && has(section));
        }
        if !skipped {
            base.push_str(line);
            base.push('\n');
        }
    }
    base
}
