//! Each rule's examples: the bad one breaks it and no other rule, the good one breaks none.

use accord_review::lint::{lint, rules};

use crate::schema;

fn found(example: &str) -> Vec<String> {
    match schema(example) {
        Ok(schema) => {
            lint(&schema).list.iter().map(|reported| format!("{} at {}", reported.rule.id, reported.at)).collect()
        }
        Err(report) => vec![report],
    }
}

#[test]
fn no_rule_finds_fault_with_the_base() {
    assert_eq!(found("types: {}\n"), [""; 0]);
}

#[test]
fn each_bad_example_breaks_its_rule_and_no_other() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let found = found(rule.bad());
        let is_it = |other: &String| other.starts_with(&format!("{} at ", rule.id));
        if found.is_empty() || !found.iter().all(is_it) {
            wrong.push(format!("{}: {found:?}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_rule_finds_fault_with_a_good_example() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let found = found(rule.good());
        if !found.is_empty() {
            wrong.push(format!("{}: {found:?}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
