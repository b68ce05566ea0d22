//! Changes of documentation, which break nothing, but which a release mentions.

use accord_language::model::Doc;

use super::{Breaks, Comparing, Site, rules};

impl Comparing<'_> {
    /// Compares the documentation of a declaration.
    pub fn doc(&mut self, old: &Doc, new: &Doc, site: &Site) {
        if old.summary != new.summary {
            self.found(&rules::SUMMARY, Breaks::NOBODY, &site.key("summary"), "its summary has changed");
        }
        if old.description != new.description {
            let message = match (&old.description, &new.description) {
                (None, _) => "it now has a description",
                (_, None) => "it no longer has a description",
                _ => "its description has changed",
            };
            self.found(&rules::DESCRIPTION, Breaks::NOBODY, &site.key("description"), message);
        }
        if old.since != new.since {
            let version = |since: &Option<String>| since.clone().unwrap_or_else(|| "no version".to_owned());
            let message = format!("its `since` is {}, was {}", version(&new.since), version(&old.since));
            self.found(&rules::SINCE, Breaks::NOBODY, &site.key("since"), message);
        }
        let site = site.key("deprecated");
        match (&old.deprecated, &new.deprecated) {
            (None, Some(deprecated)) => {
                let until = deprecated.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
                let message = format!("it is deprecated since {}{until}", deprecated.since);
                self.found(&rules::DEPRECATION_ADDED, Breaks::NOBODY, &site, message);
            }
            (Some(_), None) => {
                self.found(&rules::DEPRECATION_REMOVED, Breaks::NOBODY, &site, "it is no longer deprecated");
            }
            (old, new) if old != new => {
                self.found(&rules::DEPRECATION_CHANGED, Breaks::NOBODY, &site, "its deprecation notice has changed");
            }
            _ => {}
        }
    }

    /// Compares the examples of something.
    pub fn example(&mut self, old: &Option<serde_json::Value>, new: &Option<serde_json::Value>, site: &Site) {
        if old != new {
            self.found(&rules::EXAMPLE, Breaks::NOBODY, &site.key("example"), "its example has changed");
        }
    }
}
