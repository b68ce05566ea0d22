//! The older major versions that are also served.

use accord_language::model::Model;

use super::{Breaks, Comparing, Site, rules};

impl Comparing<'_> {
    pub fn older(&mut self) {
        let site = Site::new("protocol", &self.old.protocol.place, &self.new.protocol.place).key("serves");
        let serves = |model: &Model, major| model.protocol.major() == major || serves_besides(model, major).is_some();
        for before in &self.old.older {
            let (major, version) = (before.protocol.major(), &before.protocol.version);
            if !serves(self.new, major) {
                let message = format!("clients of version {version} are no longer served");
                self.found(&rules::SERVED_VERSIONS, Breaks::WIRE, &site, message);
            }
        }
        for after in &self.new.older {
            let (major, version) = (after.protocol.major(), &after.protocol.version);
            match serves_besides(self.old, major) {
                None => {
                    let message = format!("clients of version {version} are served as well");
                    self.found(&rules::SERVED_VERSIONS, Breaks::RUST, &site, message);
                }
                Some(before) if before.protocol.version != *version => {
                    let message =
                        format!("clients of {version} are served as well, were of {}", before.protocol.version);
                    self.found(&rules::SERVED_VERSIONS, Breaks::RUST, &site, message);
                }
                Some(_) => {}
            }
        }
    }
}

fn serves_besides(model: &Model, major: u64) -> Option<&Model> {
    model.older.iter().find(|older| older.protocol.major() == major)
}
