//! The effect of changes on clients of older majors that are served.

use accord_language::Schema;
use accord_review::diff::{Breaks, Finding, compare};

use super::Texts;

const SCHEMA: &str = include_str!("language.yaml");

/// The schema that also serves `older`.
fn serving(older: Option<&str>) -> Schema {
    let versioned = |version: &str| SCHEMA.replace("version: 1.4.0", &format!("version: {version}"));
    let serves = older.map_or("", |_| ", serves: [more.yaml]");
    let (first, more) = (versioned(&format!("2.0.0{serves}")), versioned(older.unwrap_or_default()));
    Schema::load_from(&Texts { prefix: "", first: &first, more: &more }, "schema.yaml")
        .unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn told(old: Option<&str>, new: Option<&str>) -> Vec<(String, Breaks)> {
    let told = |finding: Finding| (format!("{}: {}", finding.rule.id, finding.message), finding.breaks);
    compare(&serving(old), &serving(new)).into_iter().map(told).collect()
}

#[test]
fn clients_of_a_major_that_is_no_longer_served_break_and_those_of_one_more_may_ask_for_decisions() {
    let gone = "served-versions: clients of version 1.4.0 are no longer served".to_owned();
    assert_eq!(told(Some("1.4.0"), None), [(gone, Breaks { wire: true, typescript: false, rust: false })]);
    let rust = Breaks { wire: false, typescript: false, rust: true };
    let more = "served-versions: clients of version 1.4.0 are served as well".to_owned();
    assert_eq!(told(None, Some("1.4.0")), [(more, rust)]);
    let later = "served-versions: clients of 1.5.0 are served as well, were of 1.4.0".to_owned();
    assert_eq!(told(Some("1.4.0"), Some("1.5.0")), [(later, rust)]);
    assert_eq!(told(Some("1.4.0"), Some("1.4.0")), []);
}

#[test]
fn the_first_file_of_a_schema_has_any_name() {
    let read = |path: &str| Schema::load_from(&Texts { prefix: "", first: SCHEMA, more: "" }, path).unwrap();
    let told = compare(&read("before.yaml"), &read("after.yaml"));
    assert!(told.is_empty(), "{told:#?}");
}
