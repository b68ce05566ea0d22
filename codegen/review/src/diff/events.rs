//! Domains and events.

use accord_language::model::{ClientEvent, Domain, Model, ServerEvent, Type, TypeId};

use super::{Breaks, Comparing, Site, rooms::emitted_to_rooms, rules, verdict::Ways};

impl Comparing<'_> {
    pub fn domains(&mut self) {
        let (was, is) = (self.old, self.new);
        let (old, new) = (&was.domains, &is.domains);
        for domain in old.iter().filter(|domain| !new.iter().any(|other| is_same_domain([was, is], [domain, other]))) {
            let site = Site::new(&domain.name, &domain.place, &self.new.place.absent());
            self.found(&rules::DOMAIN_REMOVED, Breaks::NOBODY, &site, "this file of events is no longer there");
        }
        for domain in new {
            match old.iter().find(|other| is_same_domain([was, is], [other, domain])) {
                None => {
                    let site = Site::new(&domain.name, &self.old.place.absent(), &domain.place);
                    self.found(&rules::DOMAIN_ADDED, Breaks::NOBODY, &site, "this file of events is new");
                }
                Some(before) => {
                    let site = Site::new(&domain.name, &before.place, &domain.place);
                    self.doc(&before.doc, &domain.doc, &site);
                }
            }
        }
    }

    pub fn events(&mut self) {
        let (old, new) = (self.old, self.new);
        let to_rooms = emitted_to_rooms(old);
        // Server events come first, because acknowledgements refer to them.
        for (_, event) in server_events(old).filter(|(_, event)| new.server_event(&event.name).is_none()) {
            let site = self.section(&event.name, "server").gone(&event.place);
            let breaks = Breaks::TYPESCRIPT.or(Breaks::wire_if(old.is_sent(event)));
            self.found(&rules::SERVER_EVENT_REMOVED, breaks, &site, "the server no longer has this event");
        }
        for (domain, event) in server_events(new) {
            match old.server_event_in(&event.name) {
                Some((was_in, before)) => {
                    let site = Site::new(&event.name, &before.place, &event.place);
                    self.moved(was_in, domain, false, &site);
                    self.server_event(before, event, to_rooms.contains(before.name.as_str()), &site);
                }
                None => {
                    let site = self.section(&event.name, "server").came(&event.place);
                    self.found(&rules::SERVER_EVENT_ADDED, Breaks::NOBODY, &site, "the server has this event");
                }
            }
        }
        for (_, event) in client_events(old).filter(|(_, event)| new.client_event(&event.name).is_none()) {
            let site = self.section(&event.name, "client").gone(&event.place);
            let breaks = Breaks { wire: true, typescript: true, rust: event.has_handler() };
            self.found(&rules::CLIENT_EVENT_REMOVED, breaks, &site, "clients can no longer send this event");
        }
        for (domain, event) in client_events(new) {
            match old.client_event_in(&event.name) {
                Some((was_in, before)) => {
                    let site = Site::new(&event.name, &before.place, &event.place);
                    self.moved(was_in, domain, event.has_handler(), &site);
                    self.client_event(before, event, &site);
                }
                None => {
                    let site = self.section(&event.name, "client").came(&event.place);
                    let breaks = if event.has_handler() { Breaks::RUST } else { Breaks::NOBODY };
                    self.found(&rules::CLIENT_EVENT_ADDED, breaks, &site, "clients can send this event");
                }
            }
        }
    }

    fn moved(&mut self, old: &Domain, new: &Domain, has_handler: bool, site: &Site) {
        if !is_same_domain([self.old, self.new], [old, new]) {
            let message = format!("it is in the file `{}`, was in `{}`", new.name, old.name);
            let breaks = Breaks { rust: has_handler, ..Breaks::NOBODY };
            self.found(&rules::EVENT_DOMAIN, breaks, site, message);
        }
    }

    fn client_event(&mut self, old: &ClientEvent, new: &ClientEvent, site: &Site) {
        self.membership(old.scope, new.scope, site);
        self.also(&old.also, &new.also, site);
        self.room_action(old, new, site);
        self.renewal(old, new, site);
        self.idempotency(old, new, site);
        self.limit(&rules::EVENT_LIMIT, old.limit, new.limit, &site.key("limit"));
        self.payload(old.payload, new.payload, Ways::ACCEPTED, site);
        self.emits((&old.emits, &old.also), (&new.emits, &new.also), site);
        self.ack(old, new, site);
        self.ack_number(old, new, site);
        self.answers(&old.errors, &new.errors, site);
        self.refusals(&self.old.event_errors(old), &self.new.event_errors(new), site);
        self.failure(&old.failure, &new.failure, site);
        self.doc(&old.doc, &new.doc, site);
        self.own_example((old.payload, &old.example), (new.payload, &new.example), site);
    }

    fn server_event(&mut self, old: &ServerEvent, new: &ServerEvent, to_room: bool, site: &Site) {
        self.broadcast(old, new, to_room, site);
        self.durability(old, new, site);
        self.eviction(old, new, site);
        self.anytime(old, new, site);
        self.payload(old.payload, new.payload, Ways::SENT, site);
        self.doc(&old.doc, &new.doc, site);
        self.own_example((old.payload, &old.example), (new.payload, &new.example), site);
    }

    fn payload(&mut self, old: Option<TypeId>, new: Option<TypeId>, ways: Ways, site: &Site) {
        let site = &site.key("payload");
        let from_client = ways == Ways::ACCEPTED;
        match (old, new) {
            (None, None) => {}
            (None, Some(_)) => {
                let breaks = Breaks { wire: from_client, typescript: from_client, rust: true };
                self.found(&rules::PAYLOAD_ADDED, breaks, site, "it now has a payload");
            }
            (Some(_), None) => {
                self.found(&rules::PAYLOAD_REMOVED, Breaks::ALL, site, "it no longer has a payload");
            }
            (Some(old), Some(new)) => {
                let subject = format!("{}’s payload", site.subject);
                let old = Type { place: site.old.clone(), ..Type::of(old) };
                let new = Type { place: site.new.clone(), ..Type::of(new) };
                self.use_of(&site.subject, ways, &subject, [&old, &new]);
            }
        }
    }

    /// Compares the examples of events, where they are not those of their payloads' types.
    fn own_example(
        &mut self,
        (old_payload, old): (Option<TypeId>, &Option<serde_json::Value>),
        (new_payload, new): (Option<TypeId>, &Option<serde_json::Value>),
        site: &Site,
    ) {
        let of_type = |model: &Model, payload: Option<TypeId>| {
            payload.map(|id| &model.types[id.0]).filter(|def| def.named).and_then(|def| def.example.clone())
        };
        let are_of_types = *old == of_type(self.old, old_payload) && *new == of_type(self.new, new_payload);
        if !are_of_types {
            self.example(old, new, site);
        }
    }
}

fn client_events(model: &Model) -> impl Iterator<Item = (&Domain, &ClientEvent)> {
    model.domains.iter().flat_map(|domain| domain.client.iter().map(move |event| (domain, event)))
}

fn server_events(model: &Model) -> impl Iterator<Item = (&Domain, &ServerEvent)> {
    model.domains.iter().flat_map(|domain| domain.server.iter().map(move |event| (domain, event)))
}

/// Returns whether two files of events are the same: by their names, or because they are the first of their schemas, which are
/// compared under whatever names people give to versions of them.
fn is_same_domain([was, is]: [&Model; 2], [old, new]: [&Domain; 2]) -> bool {
    let is_first = |model: &Model, domain: &Domain| domain.place.span().file == model.place.span().file;
    let is_in = |model: &Model, name: &str| model.domains.iter().any(|domain| domain.name == name);
    let are_first = is_first(was, old) && is_first(is, new);
    old.name == new.name || (are_first && !is_in(is, &old.name) && !is_in(was, &new.name))
}
