//! Changes of an event's consequences: the receivers of the events that it leads to, and its acknowledgement.

use accord_language::model::{Ack, AlsoScope, ClientEvent, Emit, Model, Target, Type};

use super::{Breaks, Comparing, Site, rules, verdict::Ways};

impl Comparing<'_> {
    /// Compares the events that something leads to; with each side, the `also` that targets point into.
    pub fn emits(&mut self, old: (&[Emit], &[AlsoScope]), new: (&[Emit], &[AlsoScope]), site: &Site) {
        let site = site.key("emits");
        for emit in old.0.iter().filter(|emit| !new.0.iter().any(|other| other.event == emit.event)) {
            let message = format!("it no longer leads to `{}`", emit.event);
            let breaks = Breaks { wire: true, typescript: false, rust: true };
            self.found(&rules::EMIT_REMOVED, breaks, &site.gone(&emit.place), message);
        }
        for emit in new.0 {
            let Some(before) = old.0.iter().find(|other| other.event == emit.event) else {
                let message = format!("it also leads to `{}`", emit.event);
                self.found(&rules::EMIT_ADDED, Breaks::RUST, &site.came(&emit.place), message);
                continue;
            };
            let site = site.at(&before.place, &emit.place);
            let (was, is) = (audiences(before, old.1), audiences(emit, new.1));
            if !are_same(&is, &was) {
                let message = format!("`{}` goes to {}, went to {}", emit.event, names(&is), names(&was));
                self.found(&rules::EMIT_TARGET, Breaks::WIRE, &site, message);
            }
            let how = how_often(emit);
            if how != how_often(before) {
                let breaks = Breaks { wire: emit.optional, typescript: false, rust: true };
                let message = format!("`{}` {how}", emit.event);
                let key = if before.many == emit.many { "optional" } else { "many" };
                self.found(&rules::EMIT_OPTIONAL, breaks, &site.key(key), message);
            }
        }
    }

    /// Compares what acknowledgements say.
    pub fn ack(&mut self, old: &ClientEvent, new: &ClientEvent, site: &Site) {
        let (before, after) = (&old.ack, &new.ack);
        // A separate value is a separate field in the handler's reply.
        let rust = matches!(before, Ack::Type(_)) != matches!(after, Ack::Type(_));
        let is = |event: &ClientEvent, ack: &Ack| match ack {
            Ack::None => "nothing".to_owned(),
            Ack::Emitted(index) => format!("what `{}` does", event.emits[*index].event),
            Ack::Type(_) => "something of its own".to_owned(),
        };
        let names = [is(old, before), is(new, after)];
        let ack = site.key("ack");
        let message = format!("its acknowledgement says {}, said {}", names[1], names[0]);
        match (acknowledged(self.old, old), acknowledged(self.new, new)) {
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
                let subject = format!("{}’s acknowledgement", site.subject);
                self.use_of(&site.subject, Ways::SENT, &subject, [&was, &is]);
            }
        }
    }
}

/// The type of what acknowledges an event.
fn acknowledged(model: &Model, event: &ClientEvent) -> Option<Type> {
    match &event.ack {
        Ack::None => None,
        Ack::Type(ty) => Some(ty.clone()),
        Ack::Emitted(index) => {
            let emit = &event.emits[*index];
            let emitted = model.server_event(&emit.event)?;
            Some(Type { place: emitted.place.key("payload"), ..Type::of(emit.payload?) })
        }
    }
}

/// The receivers of an event. A room is named by a key of the payload.
#[derive(Debug, Eq, PartialEq)]
enum Audience<'a> {
    Caller,
    User,
    Others,
    Scope,
    Also(&'a str),
    Own,
    UserOf(&'a str),
    Room(&'a str),
}

/// The receivers of an event, with the rooms that its targets point into.
fn audiences<'a>(emit: &'a Emit, rooms: &'a [AlsoScope]) -> Vec<Audience<'a>> {
    emit.to.iter().map(|target| Audience::of(target, rooms)).collect()
}

fn names(audiences: &[Audience<'_>]) -> String {
    audiences.iter().map(Audience::name).collect::<Vec<_>>().join(" and ")
}

/// Returns whether the receivers are the same, in whatever order they are listed.
fn are_same(new: &[Audience<'_>], old: &[Audience<'_>]) -> bool {
    new.iter().all(|is| old.contains(is)) && old.iter().all(|was| new.contains(was))
}

impl<'a> Audience<'a> {
    fn of(target: &'a Target, also: &'a [AlsoScope]) -> Self {
        match target {
            Target::Caller => Audience::Caller,
            Target::User => Audience::User,
            Target::Others => Audience::Others,
            Target::Scope => Audience::Scope,
            Target::Also(index) => Audience::Also(&also[*index].key),
            // A server event has one scope: that of the room.
            Target::Own(_) => Audience::Own,
            Target::UserOf(key) => Audience::UserOf(key),
            Target::Room(index) => Audience::Room(&also[*index].key),
        }
    }

    fn name(&self) -> String {
        match self {
            Audience::Caller => "the caller".to_owned(),
            Audience::User => "all sockets of the caller’s user".to_owned(),
            Audience::Others => "the others in the room".to_owned(),
            Audience::Scope => "the room".to_owned(),
            Audience::Also(key) | Audience::Room(key) => format!("the room that `{key}` names"),
            Audience::UserOf(key) => format!("all sockets of the user whom `{key}` names"),
            Audience::Own => "the room that is the user’s own".to_owned(),
        }
    }
}

fn how_often(emit: &Emit) -> &'static str {
    match (emit.many, emit.optional) {
        (true, _) => "is sent any number of times",
        (false, true) => "may be left out",
        (false, false) => "is always sent",
    }
}
