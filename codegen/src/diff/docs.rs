//! What is said of things: it breaks nobody, but a release tells of it.

use super::{Breaks, Comparing, Site, rules};
use crate::model::Doc;

impl Comparing<'_> {
    /// Compares what is said of something.
    pub fn doc(&mut self, old: &Doc, new: &Doc, site: &Site) {
        if old.summary != new.summary {
            self.found(&rules::SUMMARY, Breaks::NOBODY, &site.then("summary"), "its summary is another");
        }
        if old.description != new.description {
            let message = match (&old.description, &new.description) {
                (None, _) => "it has a description",
                (_, None) => "it has no description any more",
                _ => "its description is another",
            };
            self.found(&rules::DESCRIPTION, Breaks::NOBODY, &site.then("description"), message);
        }
        if old.since != new.since {
            let version = |since: &Option<String>| since.clone().unwrap_or_else(|| "no version".to_owned());
            let message = format!("it is there since {}, was {}", version(&new.since), version(&old.since));
            self.found(&rules::SINCE, Breaks::NOBODY, &site.then("since"), message);
        }
        let site = site.then("deprecated");
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
                self.found(&rules::DEPRECATION_CHANGED, Breaks::NOBODY, &site, "its deprecation says something else");
            }
            _ => {}
        }
    }

    /// Compares the examples of something.
    pub fn example(&mut self, old: &Option<serde_json::Value>, new: &Option<serde_json::Value>, site: &Site) {
        if old != new {
            self.found(&rules::EXAMPLE, Breaks::NOBODY, &site.then("example"), "its example is another");
        }
    }
}
