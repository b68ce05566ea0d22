//! Edits with the findings that they make, there and back: every rule, in all the ways that it says.

use std::{collections::BTreeMap, env, fmt::Write, fs};

use accord_language::{
    Schema, record,
    source::{self, Named, Text},
};
use accord_review::diff::{self, Finding, Level, Tendency, compare};

use super::Texts;

const EDITS: &str = "tests/diff/rules.yaml";

record! {
    /// Edits of a schema, and what is found.
    pub struct Fixtures {
        /// By what they do.
        required edits: Named<Fixture>,
    }
}

record! {
    /// An edit.
    pub struct Fixture {
        /// The schema that is edited; `tests/diff/language.yaml` where it is left out.
        optional of: Text,
        /// Texts that are replaced on both sides, by others.
        optional given: Vec<Vec<Text>>,
        /// Texts that are replaced, by others.
        required edit: Vec<Vec<Text>>,
        /// The file `more.yaml` of the new schema.
        optional more: Text,
        /// The findings, and the levels that they break.
        optional there: Vec<Text>,
        /// The findings when the edit is undone.
        optional back: Vec<Text>,
    }
}

fn replaced(text: &str, edits: &[Vec<Text>]) -> String {
    edits.iter().fold(text.to_owned(), |text, edit| {
        let [from, to] = &edit[..] else { panic!("an edit has two texts: {edit:?}") };
        assert!(text.contains(from.as_str()), "there is no `{}`", from.value);
        text.replace(from.as_str(), to.as_str())
    })
}

impl Fixture {
    fn sides(&self) -> [Schema; 2] {
        let path = self.of.get().map_or("tests/diff/language.yaml", Text::as_str);
        let text = fs::read_to_string(path).unwrap();
        let old = replaced(&text, self.given.get().map_or(&[], Vec::as_slice));
        let new = replaced(&old, self.edit.get().unwrap());
        let more = self.more.get().map_or("", Text::as_str);
        [old, new].map(|text| {
            let loaded = Schema::load_from(&Texts { prefix: "", first: &text, more }, "schema.yaml");
            loaded.unwrap_or_else(|wrong| panic!("{:?}: {wrong}", self.edit.get()))
        })
    }
}

/// `field-added Item.size: wire, rust`, in the order of the letters.
fn told(findings: &[Finding]) -> Vec<String> {
    let mut told: Vec<String> = findings
        .iter()
        .map(|finding| {
            let levels: Vec<&str> = finding.breaks.levels().map(Level::name).collect();
            let levels = if levels.is_empty() { "nobody".to_owned() } else { levels.join(", ") };
            format!("{} {}: {levels}", finding.rule.id, finding.subject)
        })
        .collect();
    told.sort();
    told
}

#[test]
fn edits_are_found_and_judged_there_and_back_and_every_rule_in_all_its_ways() {
    let fixtures: Fixtures = source::read(EDITS).unwrap_or_else(|wrong| panic!("{wrong}"));
    let mut seen: BTreeMap<(&str, Level), [bool; 2]> = BTreeMap::new();
    let mut text = fs::read_to_string(EDITS).unwrap();
    for entry in fixtures.edits.required().entries {
        let (name, fixture) = (entry.name.value, entry.value.unwrap());
        let [old, new] = fixture.sides();
        let mut made = String::new();
        for (way, expected, [from, to]) in
            [("there", &fixture.there, [&old, &new]), ("back", &fixture.back, [&new, &old])]
        {
            let findings = compare(from, to);
            for finding in &findings {
                assert!(finding.new.is_some() || finding.old.is_some(), "{name}: {} has a place", finding.rule.id);
                for level in Level::ALL {
                    seen.entry((finding.rule.id, level)).or_default()[usize::from(finding.breaks.at(level))] = true;
                }
            }
            let told = told(&findings);
            writeln!(made, "    {way}:{}", if told.is_empty() { " []" } else { "" }).unwrap();
            told.iter().for_each(|line| writeln!(made, "      - '{line}'").unwrap());
            let expected: Vec<&str> = expected.get().into_iter().flatten().map(Text::as_str).collect();
            assert!(env::var_os("ACCORD_UPDATE").is_some() || told == expected, "{name}, {way}: {told:#?}");
        }
        text = updated(&text, &name, &made);
    }
    if env::var_os("ACCORD_UPDATE").is_some() {
        fs::write(EDITS, text).unwrap();
    }
    for rule in diff::rules() {
        for level in Level::ALL {
            let ways = seen.get(&(rule.id, level)).copied().unwrap_or_default();
            let expected = match rule.at(level) {
                Tendency::Never => [true, false],
                Tendency::Sometimes => [true, true],
                Tendency::Always => [false, true],
            };
            assert_eq!(ways, expected, "{} at {level}: [is found without breaking, breaking]", rule.id);
        }
    }
}

/// The text of the fixtures with what is found in the edit called `name`.
fn updated(text: &str, name: &str, made: &str) -> String {
    let start = text.find(&format!("\n  {name}:\n")).unwrap_or_else(|| panic!("{EDITS} has no line `{name}:`")) + 1;
    let entries = regex::Regex::new(r"\n  \S").unwrap();
    let end = entries.find(&text[start..]).map_or(text.len(), |next| start + next.start() + 1);
    let entry = &text[start..end];
    let given = entry.split_once("    there:").map_or(entry, |(given, _)| given);
    format!("{}{given}{made}{}", &text[..start], &text[end..])
}

#[test]
fn rules_are_known_by_their_ids_and_say_everything() {
    let ids: Vec<&str> = diff::rules().map(|rule| rule.id).collect();
    assert!(ids.len() >= 60);
    for rule in diff::rules() {
        assert_eq!(ids.iter().filter(|id| **id == rule.id).count(), 1, "{} is there once", rule.id);
        assert!(rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{} is in kebab-case", rule.id);
        assert!(std::ptr::eq(diff::find(rule.id).unwrap(), rule));
        for text in [rule.about, rule.why, rule.instead] {
            assert!(
                text.ends_with('.') && text.starts_with(char::is_uppercase) || text.starts_with('`'),
                "{}: {text}",
                rule.id
            );
        }
    }
}
