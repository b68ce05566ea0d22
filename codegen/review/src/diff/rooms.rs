//! Required memberships, and the members of rooms that get events.

use std::collections::HashSet;

use accord_language::model::{AlsoScope, Anytime, ClientEvent, Model, RoomAction, ScopeId, ServerEvent, Target};

use super::{Breaks, Comparing, Site, rules};

impl Comparing<'_> {
    /// Compares the memberships that an event or operation asks for first.
    pub fn membership(&mut self, old: Option<ScopeId>, new: Option<ScopeId>, site: &Site) {
        let site = site.key("scope");
        match (old, new) {
            (None, None) => {}
            (None, Some(scope)) => {
                let message = format!("it asks for membership of the `{}`", self.new.scopes[scope.0].name);
                self.found(&rules::MEMBERSHIP_ADDED, Breaks::WIRE.or(Breaks::RUST), &site, message);
            }
            (Some(scope), None) => {
                let message = format!("it no longer asks for membership of the `{}`", self.old.scopes[scope.0].name);
                self.found(&rules::MEMBERSHIP_REMOVED, Breaks::RUST, &site, message);
            }
            (Some(before), Some(after)) => {
                let names = [&self.old.scopes[before.0].name, &self.new.scopes[after.0].name];
                if names[0] != names[1] {
                    let message = format!("it asks for membership of the `{}`, was the `{}`", names[1], names[0]);
                    let breaks = Breaks::RUST.or(Breaks::wire_if(!self.same_rooms(before, after)));
                    self.found(&rules::MEMBERSHIP_CHANGED, breaks, &site, message);
                }
            }
        }
    }

    /// Compares the further memberships that an event asks for.
    pub fn also(&mut self, old: &[AlsoScope], new: &[AlsoScope], site: &Site) {
        let site = site.key("also");
        for also in old.iter().filter(|also| !new.iter().any(|other| other.key == also.key)) {
            let message = format!("it no longer asks for membership of the room that `{}` names", also.key);
            self.found(&rules::ALSO_REMOVED, Breaks::RUST, &site.gone(&also.place), message);
        }
        for also in new {
            match old.iter().find(|other| other.key == also.key) {
                None => {
                    let message = format!("it also asks for membership of the room that `{}` names", also.key);
                    self.found(&rules::ALSO_ADDED, Breaks::WIRE.or(Breaks::RUST), &site.came(&also.place), message);
                }
                Some(before) => {
                    let names = [&self.old.scopes[before.scope.0].name, &self.new.scopes[also.scope.0].name];
                    if names[0] != names[1] {
                        let message = format!("`{}` names a `{}`, was a `{}`", also.key, names[1], names[0]);
                        let same = self.same_rooms(before.scope, also.scope);
                        let site = site.at(&before.place, &also.place);
                        self.found(&rules::ALSO_SCOPE, Breaks::RUST.or(Breaks::wire_if(!same)), &site, message);
                    }
                }
            }
        }
    }

    /// Compares what the gateway does with the room. A client counts on being in it afterwards, or out of it.
    pub fn room_action(&mut self, before: &ClientEvent, after: &ClientEvent, site: &Site) {
        let (old, new) = (before.room, after.room);
        if old == new {
            return;
        }
        let does = |action: Option<RoomAction>| match action {
            Some(RoomAction::Join) => "joins the room",
            Some(RoomAction::Leave) => "leaves the room",
            None => "neither joins nor leaves the room",
        };
        let message = format!("its socket {}; before, it {}", does(new), does(old));
        // More events than before do no harm, and a client that joins explicitly was not in the room.
        let wire = !(old.is_none() && new == Some(RoomAction::Join));
        let breaks = Breaks { wire, typescript: false, rust: before.has_handler() != after.has_handler() };
        self.found(&rules::ROOM_ACTION, breaks, &site.key("room"), message);
    }

    /// Compares whether the gateway renews the connection, and with what: a client counts on its connection living on.
    pub fn renewal(&mut self, old: &ClientEvent, new: &ClientEvent, site: &Site) {
        let message = match (&old.renews, &new.renews) {
            (None, None) => return,
            (Some(before), Some(after)) if before == after => return,
            (None, Some(token)) => format!("the token in `{token}` renews the connection"),
            (Some(token), None) => format!("a token in `{token}` no longer renews the connection"),
            (Some(before), Some(after)) => {
                format!("the token that renews the connection is in `{after}`, was in `{before}`")
            }
        };
        let wire = old.renews.is_some();
        let breaks = Breaks { wire, typescript: false, rust: old.has_handler() != new.has_handler() };
        self.found(&rules::RENEWAL, breaks, &site.key("renews"), message);
    }

    /// Compares the rooms that get a server event. Those that only ever go to single users are not bound to a room.
    pub fn broadcast(&mut self, before: &ServerEvent, after: &ServerEvent, to_room: bool, site: &Site) {
        let (old, new) = (before.scope, after.scope);
        let name = |model: &Model, scope: Option<ScopeId>| {
            scope.map_or("no room".to_owned(), |scope| format!("the room of a `{}`", model.scopes[scope.0].name))
        };
        let names = [name(self.old, old), name(self.new, new)];
        if names[0] == names[1] {
            return;
        }
        let same = old.zip(new).is_some_and(|(old, new)| self.same_rooms(old, new));
        let to_a_room = before.anytime == Some(Anytime::Scope) || to_room;
        let message = format!("it goes to {}, went to {}", names[1], names[0]);
        self.found(&rules::BROADCAST_SCOPE, Breaks::wire_if(to_a_room && !same), &site.key("scope"), message);
    }
}

/// The server events that anything leads to in a room.
pub fn emitted_to_rooms(model: &Model) -> HashSet<&str> {
    let is_room = |target: &Target| !matches!(target, Target::Caller | Target::User | Target::UserOf(_));
    model.emits().filter(|emit| emit.to.iter().any(is_room)).map(|emit| emit.event.as_str()).collect()
}
