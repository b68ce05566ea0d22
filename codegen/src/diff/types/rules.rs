//! Rules across the fields of objects.

use super::implies::implies;
use crate::{
    diff::{
        Comparing, Site, rules,
        verdict::{Change, Effect},
    },
    model::Rule,
};

impl Comparing<'_> {
    /// Compares rules; each is written in one of the places at `sites`.
    pub fn object_rules(&mut self, entry: usize, [old, new]: [&[Rule]; 2], sites: &[Site]) {
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
                let site = self.rule_site(&rule.name, &rule.name, sites);
                let message = format!("the rule `{}` is no longer there", rule.name);
                self.differs(entry, &rules::RULE_REMOVED, Effect::wire(Change::Wider), &site, message);
            }
        }
        for rule in new {
            let found = old.iter().find(|before| before.name == rule.name);
            let renamed = renamed.iter().find(|(_, after)| after.name == rule.name).map(|(before, _)| *before);
            let Some(before) = found.or(renamed) else {
                let site = self.rule_site(&rule.name, &rule.name, sites);
                let message = format!("the rule `{}` is new: “{}”", rule.name, rule.message);
                self.differs(entry, &rules::RULE_ADDED, Effect::wire(Change::Narrower), &site, message);
                continue;
            };
            let site = self.rule_site(&before.name, &rule.name, sites);
            if before.name != rule.name {
                let message = format!("the rule `{}` was called `{}`", rule.name, before.name);
                self.differs(entry, &rules::RULE_RENAMED, Effect::NONE, &site, message);
            }
            if before.test != rule.test {
                let change = Change::of(implies(&before.test, &rule.test), implies(&rule.test, &before.test));
                let message = format!("the rule `{}` asks something else", rule.name);
                self.differs(entry, &rules::RULE_CHANGED, Effect::wire(change), &site, message);
            }
            if (&before.path, &before.message) != (&rule.path, &rule.message) {
                let message = format!("who breaks the rule `{}` is told something else", rule.name);
                self.differs(entry, &rules::RULE_VIOLATION, Effect::NONE, &site.then("violation"), message);
            }
        }
    }

    fn rule_site(&self, old: &str, new: &str, sites: &[Site]) -> Site {
        let at = |site: &Site| Site { old: site.old.then(old), new: site.new.then(new), ..site.clone() };
        let [before, after] = &self.places;
        let is_there = |site: &Site| before.exact(&site.old).is_some() || after.exact(&site.new).is_some();
        let mut sites = sites.iter().map(at);
        let last = sites.next_back().expect("rules are written somewhere");
        sites.find(is_there).unwrap_or(last)
    }
}
