//! The logs of rooms: their entries, their retention, and idempotent events.

use std::time::Duration;

use accord_language::model::{Anytime, ClientEvent, Evicts, Model, SEQ, Scope, ScopeId, ScopeLog, ServerEvent};

use super::{Breaks, Comparing, Site, rules};

impl Comparing<'_> {
    /// Compares the log that a scope's rooms have.
    pub fn log(&mut self, old: &Scope, new: &Scope, site: &Site) {
        let site = site.key("log");
        match (&old.log, &new.log) {
            (None, None) => {}
            (None, Some(_)) => {
                self.found(&rules::LOG_ADDED, Breaks::RUST, &site, "its rooms have a log, by which clients catch up")
            }
            (Some(_), None) => self.found(&rules::LOG_REMOVED, Breaks::ALL, &site, "its rooms no longer have a log"),
            (Some(old), Some(new)) => self.same_log(old, new, &site),
        }
    }

    fn same_log(&mut self, old: &ScopeLog, new: &ScopeLog, site: &Site) {
        let names = [&self.old.types[old.position.0].name, &self.new.types[new.position.0].name];
        if names[0] != names[1] {
            let message = format!("a position in its log is a `{}`, was a `{}`", names[1], names[0]);
            self.found(&rules::POSITION_TYPE, Breaks::NOBODY, &site.key("position"), message);
        }
        if old.caught_up != new.caught_up {
            let message = format!("a replay ends with `{}`, ended with `{}`", new.caught_up, old.caught_up);
            self.found(&rules::REPLAY_END, Breaks::WIRE, &site.key("caught_up"), message);
        }
        if old.keep != new.keep {
            let message = format!("entries are kept for {}, were for {}", time(new.keep), time(old.keep));
            self.found(&rules::LOG_RETENTION, Breaks::NOBODY, &site.key("keep"), message);
        }
        if old.entries != new.entries {
            let message = format!("a room keeps {} entries, kept {}", new.entries, old.entries);
            self.found(&rules::LOG_RETENTION, Breaks::NOBODY, &site.key("entries"), message);
        }
        if old.floor != new.floor {
            let message = format!("entries are kept for {} at least, were for {}", time(new.floor), time(old.floor));
            self.found(&rules::LOG_FLOOR, Breaks::wire_if(new.floor < old.floor), &site.key("floor"), message);
        }
    }

    /// Compares whether the log of its room keeps an event. A log that came or went has its own finding.
    pub fn durability(&mut self, old: &ServerEvent, new: &ServerEvent, site: &Site) {
        let site = site.key("volatile");
        let have_logs = has_log(self.old, old.scope) && has_log(self.new, new.scope);
        let (breaks, message) = match (old.durable, new.durable) {
            (true, false) if have_logs => (Breaks::ALL, "the log of its room no longer keeps it"),
            (false, true) if have_logs => (Breaks::RUST, "the log of its room keeps it"),
            _ if old.volatile == new.volatile => return,
            _ if new.volatile => (Breaks::NOBODY, "it is marked as volatile"),
            _ => (Breaks::NOBODY, "it is no longer marked as volatile"),
        };
        self.found(&rules::DURABILITY, breaks, &site, message);
    }

    /// Compares the users whose sockets leave the room before they would get an event.
    pub fn eviction(&mut self, old: &ServerEvent, new: &ServerEvent, site: &Site) {
        if old.evicts == new.evicts {
            return;
        }
        let who = |evicts: &Option<Evicts>| match evicts {
            None => "nobody leaves".to_owned(),
            Some(Evicts::FormerMembers) => "former members leave".to_owned(),
            Some(Evicts::User(key)) => format!("the user whom `{key}` names leaves"),
        };
        let message = format!("{} the room before it; was: {}", who(&new.evicts), who(&old.evicts));
        self.found(&rules::EVICTION, Breaks::wire_if(new.evicts.is_some()), &site.key("evicts"), message);
    }

    /// Compares whether an event may come without a call.
    pub fn anytime(&mut self, old: &ServerEvent, new: &ServerEvent, site: &Site) {
        if old.anytime == new.anytime {
            return;
        }
        let to = |anytime: Option<Anytime>| match anytime {
            None => "only follows calls",
            Some(Anytime::Scope) => "may come to a room at any time",
            Some(Anytime::User) => "may come to a user at any time",
        };
        let had = old.anytime.is_some();
        let message = format!("it {}; before, it {}", to(new.anytime), to(old.anytime));
        self.found(&rules::ANYTIME, Breaks { wire: had, typescript: false, rust: had }, &site.key("anytime"), message);
    }

    /// Compares whether an acknowledgement has the number of what the event led to.
    pub fn ack_number(&mut self, old: &ClientEvent, new: &ClientEvent, site: &Site) {
        // An acknowledgement that comes or goes has its own finding.
        let (Some(before), Some(after)) = (self.old.shown_ack(old), self.new.shown_ack(new)) else { return };
        let (had, has) = (before.seq.is_some(), after.seq.is_some());
        if had != has {
            let how = if has { "has" } else { "no longer has" };
            let message = format!("its acknowledgement {how} the number of what it led to, `{SEQ}`");
            let breaks = Breaks { wire: had, typescript: had, rust: false };
            self.found(&rules::ACK_NUMBER, breaks, &site.key("ack"), message);
        }
    }

    /// Compares the field by which a repetition is known.
    pub fn idempotency(&mut self, old: &ClientEvent, new: &ClientEvent, site: &Site) {
        let message = match (&old.idempotent, &new.idempotent) {
            (None, None) => return,
            (Some(before), Some(after)) if before == after => return,
            (None, Some(key)) => format!("a repetition with the same `{key}` takes effect once"),
            (Some(key), None) => format!("a repetition with the same `{key}` takes effect twice"),
            (Some(before), Some(after)) => format!("a repetition is known by `{after}`, was by `{before}`"),
        };
        let breaks = Breaks::wire_if(old.idempotent.is_some());
        self.found(&rules::IDEMPOTENCY, breaks, &site.key("idempotent"), message);
    }
}

fn has_log(model: &Model, scope: Option<ScopeId>) -> bool {
    scope.is_some_and(|scope| model.log_of(scope).is_some())
}

fn time(time: Duration) -> String {
    format!("{} s", time.as_secs())
}
