//! The texts of the rules.

use std::collections::HashSet;

use accord_review::lint::{LintRule, rules};
use insta::assert_snapshot;

#[test]
fn every_rule_has_a_name_a_reason_and_a_remedy_of_its_own() {
    assert!(rules().count() >= 30);
    let texts: [fn(&LintRule) -> &str; 4] = [|rule| rule.id, |rule| rule.what, |rule| rule.reason, |rule| rule.remedy];
    for text in texts {
        assert_eq!(rules().map(text).collect::<HashSet<_>>().len(), rules().count());
    }
    for rule in rules() {
        assert!(rule.what.ends_with('.') && rule.reason.ends_with('.') && !rule.remedy.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn the_catalogue_is_as_it_has_been_reviewed() {
    let rows = rules().map(|rule| {
        format!(
            "{} ({})\n  what:   {}\n  why:    {}\n  remedy: {}\n",
            rule.id,
            rule.level.name(),
            rule.what,
            rule.reason,
            rule.remedy
        )
    });
    assert_snapshot!("catalogue", rows.collect::<Vec<_>>().join("\n"));
}
