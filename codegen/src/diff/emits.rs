//! What an event leads to: who is told of it, and how it is acknowledged.

use super::{Breaks, Comparing, Site, rules, types::Use, verdict::Ways};
use crate::model::{Ack, AlsoScope, ClientEvent, Emit, Kind, Model, Target, Type};

impl Comparing<'_> {
    /// Compares the events that something leads to; with each side, the `also` that targets point into.
    pub fn emits(&mut self, old: (&[Emit], &[AlsoScope]), new: (&[Emit], &[AlsoScope]), site: &Site) {
        let site = site.then("emits");
        for emit in old.0.iter().filter(|emit| !new.0.iter().any(|other| other.event == emit.event)) {
            let message = format!("it no longer leads to `{}`", emit.event);
            let breaks = Breaks { wire: true, typescript: false, rust: true };
            self.found(&rules::EMIT_REMOVED, breaks, &site.then(&emit.event), message);
        }
        for emit in new.0 {
            let site = site.then(&emit.event);
            let Some(before) = old.0.iter().find(|other| other.event == emit.event) else {
                let message = format!("it leads to `{}`", emit.event);
                self.found(&rules::EMIT_ADDED, Breaks::RUST, &site, message);
                continue;
            };
            let (was, is) = (Audience::of(&before.to, old.1), Audience::of(&emit.to, new.1));
            if was != is {
                let message = format!("`{}` goes to {}, did to {}", emit.event, is.name(), was.name());
                self.found(&rules::EMIT_TARGET, Breaks::wire_if(!is.suits(&was)), &site, message);
            }
            if before.optional != emit.optional {
                let how = if emit.optional { "may be left out" } else { "is always sent" };
                let breaks = Breaks { wire: emit.optional, typescript: false, rust: true };
                let message = format!("`{}` {how}", emit.event);
                self.found(&rules::EMIT_OPTIONAL, breaks, &site.then("optional"), message);
            }
        }
    }

    /// Compares what acknowledgements say.
    pub fn ack(&mut self, old: &ClientEvent, new: &ClientEvent, site: &Site) {
        let (before, after) = (&old.ack, &new.ack);
        // A value of its own is a field of its own in the handler's reply.
        let rust = matches!(before, Ack::Type(_)) != matches!(after, Ack::Type(_));
        let is = |event: &ClientEvent, ack: &Ack| match ack {
            Ack::None => "nothing".to_owned(),
            Ack::Emitted(index) => format!("what `{}` does", event.emits[*index].event),
            Ack::Type(_) => "something of its own".to_owned(),
        };
        let names = [is(old, before), is(new, after)];
        let ack = site.then("ack");
        let message = format!("its acknowledgement says {}, did {}", names[1], names[0]);
        match (acknowledged(old), acknowledged(new)) {
            (None, None) => {}
            // There was nothing in it that a client could have looked at.
            (None, Some(_)) => {
                self.found(&rules::ACK_ADDED, Breaks { wire: false, typescript: true, rust }, &ack, message);
            }
            (Some(_), None) => {
                self.found(&rules::ACK_REMOVED, Breaks { wire: true, typescript: true, rust }, &ack, message);
            }
            (Some(was), Some(is)) => {
                if names[0] != names[1] {
                    self.found(&rules::ACK_SOURCE, Breaks { wire: false, typescript: false, rust }, &ack, message);
                }
                let [was_at, is_at] = [(self.old, old, before), (self.new, new, after)].map(|(model, event, ack)| {
                    let path = if std::ptr::eq(model, self.old) { &site.old } else { &site.new };
                    match ack {
                        Ack::Emitted(index) => super::Path::of(&["server", &event.emits[*index].event, "payload"]),
                        _ => path.then("ack"),
                    }
                });
                let subject = format!("{}’s acknowledgement", site.subject);
                let uses = [Use { ty: &was, path: &was_at }, Use { ty: &is, path: &is_at }];
                self.use_of(&site.subject, Ways::SENT, &subject, uses);
            }
        }
    }
}

/// The type of what acknowledges an event.
fn acknowledged(event: &ClientEvent) -> Option<Type> {
    match &event.ack {
        Ack::None => None,
        Ack::Type(ty) => Some(ty.clone()),
        Ack::Emitted(index) => {
            let payload = event.emits[*index].payload?;
            Some(Type { kind: Kind::Ref(payload), nullable: false, recursive: false })
        }
    }
}

/// Who gets an event: the room is that of a key of the payload.
#[derive(Debug, Eq, PartialEq)]
enum Audience<'a> {
    Caller,
    User,
    Others,
    Scope,
    Also(&'a str),
    Own,
}

impl<'a> Audience<'a> {
    fn of(target: &Target, also: &'a [AlsoScope]) -> Self {
        match target {
            Target::Caller => Audience::Caller,
            Target::User => Audience::User,
            Target::Others => Audience::Others,
            Target::Scope => Audience::Scope,
            Target::Also(index) => Audience::Also(&also[*index].key),
            // A server event has one scope: that of the room.
            Target::Own(_) => Audience::Own,
        }
    }

    fn name(&self) -> String {
        match self {
            Audience::Caller => "the caller".to_owned(),
            Audience::User => "all sockets of the caller’s user".to_owned(),
            Audience::Others => "the others in the room".to_owned(),
            Audience::Scope => "the room".to_owned(),
            Audience::Also(key) => format!("the room that `{key}` names"),
            Audience::Own => "the room that is the user’s own".to_owned(),
        }
    }

    /// Whether this suits clients that count on `old`: all who got the event still do, and a caller who was not told
    /// of what it did itself is not told now, because it would take it for another's doing.
    fn suits(&self, old: &Audience<'_>) -> bool {
        self == old || (*old == Audience::Caller && *self == Audience::User)
    }
}

/// Whether anything leads to a server event, or the gateway itself sends it.
pub fn is_sent(model: &Model, event: &str) -> bool {
    let clients = model.domains.iter().flat_map(|domain| &domain.client);
    model.gateway.error_event == event
        || clients.flat_map(|client| &client.emits).chain(model.unasked()).any(|emit| emit.event == event)
}
