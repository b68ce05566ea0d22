//! The protocol and its kinds of rooms.

use std::{cmp::Ordering, collections::HashSet, ffi::OsStr};

use accord_language::model::{Model, Scope, ScopeId, Target};
use semver::Version;

use super::{Breaks, Comparing, Site, rules};

impl Comparing<'_> {
    pub fn protocol(&mut self) {
        let (old, new) = (&self.old.protocol, &self.new.protocol);
        let site = Site::new("protocol", &old.place, &new.place);
        if old.name != new.name {
            let message = format!("it is named `{}`, was `{}`", new.name, old.name);
            let breaks = Breaks { wire: true, typescript: true, rust: false };
            self.found(&rules::PROTOCOL_NAME, breaks, &site.key("name"), message);
        }
        if old.version != new.version {
            let parse = |version: &str| Version::parse(version).ok();
            let back = match (parse(&old.version), parse(&new.version)) {
                (Some(old), Some(new)) => new.cmp_precedence(&old) == Ordering::Less,
                _ => true,
            };
            let how = if back { "goes back to" } else { "goes on to" };
            let message = format!("its version {how} {}, from {}", new.version, old.version);
            self.found(&rules::PROTOCOL_VERSION, Breaks::wire_if(back), &site.key("version"), message);
        }
        if old.license != new.license {
            self.found(&rules::LICENSE, Breaks::NOBODY, &site.key("license"), "its licence has changed");
        }
        self.doc(&old.doc, &new.doc, &site);
        // A release has a copy of the folder: its name says whether another one is meant.
        let folder = |model: &Model| model.flows.as_ref().map(|flows| flows.file_name().map(OsStr::to_owned));
        if folder(self.old) != folder(self.new) {
            let site = self.section("documentation", "flows");
            self.found(&rules::FLOWS, Breaks::NOBODY, &site, "its flows are in another folder");
        }
    }

    pub fn scopes(&mut self) {
        let (old, new) = (&self.old.scopes, &self.new.scopes);
        for scope in old {
            if !new.iter().any(|other| other.name == scope.name) {
                let site = self.section(&scope.name, "scopes").gone(&scope.place);
                self.found(&rules::SCOPE_REMOVED, Breaks::RUST, &site, "this scope is no longer there");
            }
        }
        let used = used(self.old);
        for scope in new {
            let Some(index) = old.iter().position(|other| other.name == scope.name) else {
                let site = self.section(&scope.name, "scopes").came(&scope.place);
                self.found(&rules::SCOPE_ADDED, Breaks::NOBODY, &site, "this scope is new");
                continue;
            };
            let before = &old[index];
            let site = Site::new(&scope.name, &before.place, &scope.place);
            let used = used.contains(&ScopeId(index));
            if before.key != scope.key {
                let message = format!("rooms are named by `{}`, were by `{}`", scope.key, before.key);
                self.found(&rules::ROOM_KEY, Breaks::wire_if(used), &site.key("key"), message);
            }
            self.answer(&rules::SCOPE_DENIED, before.denied, scope.denied, used, &site.key("denied"));
            self.log(before, scope, &site);
            self.doc(&before.doc, &scope.doc, &site);
        }
    }

    /// Returns whether rooms of these scopes are the same for clients: the same scope, or one that was only renamed.
    pub fn same_rooms(&self, old: ScopeId, new: ScopeId) -> bool {
        let (before, after): (&Scope, &Scope) = (&self.old.scopes[old.0], &self.new.scopes[new.0]);
        let is_in = |model: &Model, name: &str| model.scopes.iter().any(|scope| scope.name == name);
        let renamed = !is_in(self.new, &before.name) && !is_in(self.old, &after.name);
        before.name == after.name
            || (renamed && before.key == after.key && self.answers_alike(before.denied, after.denied))
    }
}

/// The scopes whose memberships events and operations ask for, and those whose rooms are users' own.
fn used(model: &Model) -> HashSet<ScopeId> {
    let events =
        model.client_events().flat_map(|event| event.scope.into_iter().chain(event.also.iter().map(|also| also.scope)));
    let operations = model.http.operations.iter().filter_map(|operation| operation.scope);
    let own = model.unasked().flat_map(|emit| &emit.to).filter_map(|target| match target {
        Target::Own(scope) => Some(*scope),
        _ => None,
    });
    events.chain(operations).chain(own).collect()
}
