//! Rules across the fields of objects.

use accord_language::model::{Place, Rule};

use super::implies::implies;
use crate::diff::{
    Comparing, Site, rules,
    verdict::{Change, Effect},
};

impl Comparing<'_> {
    /// Compares the rules of what is at `owner`.
    pub fn object_rules(&mut self, entry: usize, [old, new]: [&[Rule]; 2], owner: &Site) {
        let named = |name: &str, rules: &[Rule]| rules.iter().any(|rule| rule.name == name);
        // One of another name that asks the same has only been renamed.
        let renamed: Vec<(&Rule, &Rule)> = old
            .iter()
            .filter(|rule| !named(&rule.name, new))
            .filter_map(|before| {
                let after = new.iter().find(|after| !named(&after.name, old) && after.test == before.test)?;
                Some((before, after))
            })
            .collect();
        for rule in old.iter().filter(|rule| !named(&rule.name, new)) {
            if !renamed.iter().any(|(before, _)| before.name == rule.name) {
                let site = owner.at(&rule.place, &rules_at(&owner.new).absent());
                let message = format!("the rule `{}` is no longer there", rule.name);
                self.differs(entry, &rules::RULE_REMOVED, Effect::wire(Change::Wider), &site, message);
            }
        }
        for rule in new {
            let found = old.iter().find(|before| before.name == rule.name);
            let renamed = renamed.iter().find(|(_, after)| after.name == rule.name).map(|(before, _)| *before);
            let Some(before) = found.or(renamed) else {
                let site = owner.at(&rules_at(&owner.old).absent(), &rule.place);
                let message = format!("the rule `{}` is new: “{}”", rule.name, rule.message);
                self.differs(entry, &rules::RULE_ADDED, Effect::wire(Change::Narrower), &site, message);
                continue;
            };
            let site = owner.at(&before.place, &rule.place);
            if before.name != rule.name {
                let message = format!("the rule `{}` was named `{}`", rule.name, before.name);
                self.differs(entry, &rules::RULE_RENAMED, Effect::NONE, &site, message);
            }
            if before.test != rule.test {
                let change = Change::of(implies(&before.test, &rule.test), implies(&rule.test, &before.test));
                let message = format!("the rule `{}` has another condition", rule.name);
                self.differs(entry, &rules::RULE_CHANGED, Effect::wire(change), &site, message);
            }
            if (&before.path, &before.message) != (&rule.path, &rule.message) {
                let message = format!("the message for breaking the rule `{}` has changed", rule.name);
                self.differs(entry, &rules::RULE_VIOLATION, Effect::NONE, &site.key("violation"), message);
            }
        }
    }
}

/// The rules of what is at `object`: those of an operation are in its query and its body.
fn rules_at(object: &Place) -> Place {
    let sections = [object.key("rules"), object.key("query").key("rules"), object.key("body").key("rules")];
    sections.into_iter().find(|rules| rules.exact().is_some()).unwrap_or_else(|| object.absent())
}
