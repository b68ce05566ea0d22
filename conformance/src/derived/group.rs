//! Mutations, grouped into one case for each field.

use std::collections::BTreeSet;

use accord_flows::{
    Derives, Scenario,
    pattern::{fill, shown},
};
use accord_language::model::{ClientEvent, Object, RoomAction, Target};
use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{Expectation, Mutation, mutation::ECHO, mutations};
use crate::{
    play::{self, Actor, BURSTS, Deviation, Reply, Session},
    protocol::Protocol,
};

/// A case made from the schema.
#[derive(Clone, Debug)]
pub struct Derived {
    /// `schema/EVENT/SUBJECT`, and how it is emitted.
    pub name: String,
    /// Its summary.
    pub summary: String,
    /// The flow that prepares it.
    pub scenario: Scenario,
    event: String,
    work: Work,
}

#[derive(Clone, Debug)]
enum Work {
    /// The mutations of this subject.
    Mutations(String),
    /// Bytes instead of JSON.
    Binary,
    /// Rooms of which the caller is not a member.
    Membership,
    /// A limit that is exhausted.
    Limit,
}

/// A stand-in of the right shape for a value that only the preparation knows. It distinguishes the subjects.
fn outline(object: &Object) -> Value {
    object.fields.iter().filter(|field| field.required).map(|field| (field.name.clone(), json!("x"))).collect()
}

/// The cases of the event that `scenario` derives.
pub fn cases(protocol: &Protocol, scenario: &Scenario) -> Vec<Derived> {
    let Some(event) = scenario.flow.derives.get().and_then(|derives| derives.event.get()) else { return Vec::new() };
    let Some(event) = protocol.model.client_event(event.as_str()) else { return Vec::new() };
    let mut made = Vec::new();
    for acknowledged in [true, false] {
        let mut add = |subject: &str, summary: String, work: Work| {
            let manner = if acknowledged { "acknowledged" } else { "unacknowledged" };
            let mut scenario = scenario.clone();
            scenario.acknowledged = acknowledged;
            // Each case has its own users and rooms.
            let prefix = |id: &str| {
                let name = id.rsplit('.').next().unwrap_or_default();
                format!("schema.{}.{subject}.{manner}.{name}", event.name)
            };
            scenario.fixture.users.iter_mut().for_each(|user| user.id = prefix(&user.id));
            scenario.fixture.rooms.iter_mut().for_each(|room| room.id = prefix(&room.id));
            let name = format!("schema/{}/{subject}[{manner}]", event.name);
            made.push(Derived { name, summary, scenario, event: event.name.clone(), work });
        };
        if let Some(object) = protocol.payload_of(event) {
            let all = mutations(&protocol.model, object, &outline(object));
            let subjects: IndexMap<&str, ()> = all.iter().map(|mutation| (mutation.subject.as_str(), ())).collect();
            for subject in subjects.keys() {
                let summary = format!("`{}`: valid and invalid values of `{subject}`", event.name);
                add(subject, summary, Work::Mutations((*subject).to_owned()));
            }
            if acknowledged {
                add("binary", format!("`{}`: bytes are not a payload", event.name), Work::Binary);
            }
        }
        if event.scope.is_some() || !event.also.is_empty() {
            let summary = format!("`{}`: rooms that do not exist or that the caller is not a member of", event.name);
            add("membership", summary, Work::Membership);
        }
        // The answer to a marker shows that all earlier events have been answered.
        if event.limit.is_some() && protocol.marker().is_some() {
            add("limit", format!("`{}`: the limit is checked first", event.name), Work::Limit);
        }
    }
    made
}

impl Derived {
    /// Whether it is about limits.
    pub fn needs_limits(&self) -> bool {
        matches!(self.work, Work::Limit)
    }

    /// Whether it is derived for this event, or sends it as preparation.
    pub fn is_about(&self, subject: &str) -> bool {
        self.event == subject || self.scenario.flow.is_about(subject)
    }

    /// The event whose limit it exhausts, if it does.
    pub(crate) fn exhausts(&self) -> Option<&str> {
        self.needs_limits().then_some(&*self.event)
    }

    /// Carries it out.
    ///
    /// # Errors
    /// The first deviation of the server.
    pub async fn run(&self, session: &Session) -> Result<(), Deviation> {
        play::play(session, &self.scenario).await?;
        let Some(derives) = self.scenario.flow.derives.get() else { return Ok(()) };
        let fault = |why| Deviation::new("the preparation", "a valid payload", why);
        let base = derives.data.get().map(|data| fill(&data.0, &session.variables)).transpose().map_err(fault)?;
        let actor = session.actor(derives.by.get().map_or("", |name| name.as_str()))?;
        let base = match base {
            None => session.renewal(&actor.name, &self.event)?,
            base => base,
        };
        let protocol = session.protocol();
        let Some(event) = protocol.model.client_event(&self.event) else { return Ok(()) };
        let trial = Trial { session, actor: &actor, event, acknowledged: session.acknowledged };
        match &self.work {
            Work::Mutations(subject) => {
                // A valid payload may succeed, and then also leads to an event, which other cases check.
                let answer =
                    event.emits.iter().find(|emit| emit.to.contains(&Target::Caller)).map(|emit| emit.event.as_str());
                actor.socket.ignore(answer);
                let Some(object) = protocol.payload_of(event) else { return Ok(()) };
                let all = mutations(&protocol.model, object, &base.unwrap_or_default());
                for mutation in all.iter().filter(|mutation| mutation.subject == *subject) {
                    trial.mutation(mutation).await?;
                }
                Ok(())
            }
            Work::Binary => trial.binary(&base.unwrap_or_default()).await,
            Work::Membership => trial.membership(derives, &base.unwrap_or_default()).await,
            Work::Limit => trial.limit(base).await,
        }
    }
}

struct Trial<'a> {
    session: &'a Session,
    actor: &'a Actor,
    event: &'a ClientEvent,
    acknowledged: bool,
}

impl Trial<'_> {
    /// Emits a payload, and returns the result; `None` if no packet shows it.
    async fn emit(&self, payload: Option<Value>, fails: bool, step: &str) -> Result<Option<Reply>, Deviation> {
        let emission = self.session.emit(self.actor, &self.event.name, payload, self.acknowledged);
        if self.acknowledged {
            return self.session.reply(self.actor, &emission, step).await.map(Some);
        }
        if fails {
            return self.session.error_of(self.actor, &emission, step).await.map(Reply::Failed).map(Some);
        }
        Ok(None)
    }

    fn invalid(&self) -> &str {
        let protocol = self.session.protocol();
        &protocol.error(protocol.model.gateway.invalid_payload).code
    }

    /// Whether a payload means something different now than in the tested release.
    fn is_outdated(&self, mutation: &Mutation) -> bool {
        let (Some(past), Some(payload)) = (&self.session.protocol().past, &mutation.payload) else { return false };
        match mutation.expected {
            Expectation::Refused(_) => past.accepts(&self.event.name, payload),
            Expectation::Ignored => past.understands(&self.event.name, payload),
            Expectation::Accepted => false,
        }
    }

    async fn mutation(&self, mutation: &Mutation) -> Result<(), Deviation> {
        if self.is_outdated(mutation) {
            if let Some(cell) = &mutation.cell {
                self.session.server.coverage.excused(&self.event.name, cell, "later versions accept it");
            }
            return Ok(());
        }
        let payload = mutation.payload.as_ref().map_or_else(|| "no payload".to_owned(), shown);
        let step = format!("{}: {} ({payload})", self.event.name, mutation.what);
        self.session.note(&*step);
        let refused = matches!(mutation.expected, Expectation::Refused(_));
        if !refused && !self.acknowledged {
            // It leads to an event to those who joined, or to an error; the acknowledged case shows which.
            return Ok(());
        }
        let reply = self.emit(mutation.payload.clone(), refused, &step).await?;
        match (&mutation.expected, reply) {
            (Expectation::Refused(paths), Some(Reply::Failed(error))) => self.violations(&error, paths, &step)?,
            (Expectation::Refused(_), reply) => return Err(Deviation::new(step, "a refusal", format!("{reply:?}"))),
            (Expectation::Accepted, Some(Reply::Failed(error))) if error["code"] == self.invalid() => {
                return Err(Deviation::new(step, "that the payload is valid", shown(&error)));
            }
            (Expectation::Accepted, _) => {}
            (Expectation::Ignored, Some(Reply::Ok(data))) => {
                if data.to_string().contains(ECHO) {
                    return Err(Deviation::new(step, "without the unknown fields", data.to_string()));
                }
            }
            (Expectation::Ignored, reply) => return Err(Deviation::new(step, "success", format!("{reply:?}"))),
        }
        if let Some(cell) = &mutation.cell {
            self.session.server.coverage.hit(&self.event.name, cell);
        }
        Ok(())
    }

    /// Checks that an error is the one for invalid payloads, and gives the reasons.
    fn violations(&self, error: &Value, paths: &[String], step: &str) -> Result<(), Deviation> {
        let protocol = self.session.protocol();
        let wanted = protocol.error(protocol.model.gateway.invalid_payload);
        let expected: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
        let right = error["code"] == wanted.code.as_str() && error["message"] == wanted.message.as_str();
        if right && play::violations(error) == expected {
            return Ok(());
        }
        let expected = format!("{:?} (`{}`) with violations at {expected:?}", wanted.message, wanted.code);
        Err(Deviation::new(step, expected, shown(error)))
    }

    async fn binary(&self, base: &Value) -> Result<(), Deviation> {
        let placeholder = json!({ "_placeholder": true, "num": 0 });
        let mut within = base.clone();
        if let Some((_, field)) = within.as_object_mut().and_then(|members| members.iter_mut().next()) {
            *field = placeholder.clone();
        }
        for (what, payload) in [("as the payload", placeholder), ("in a field", within)] {
            let step = format!("{}: bytes {what}", self.event.name);
            self.session.note(&*step);
            let id = self.actor.socket.emit_binary(&self.event.name, std::slice::from_ref(&payload), &[b"bytes"]);
            let emission = play::Emission { event: self.event.name.clone(), payload: Some(payload), ack: Some(id) };
            match self.session.reply(self.actor, &emission, &step).await? {
                Reply::Failed(error) if error["code"] == self.invalid() => {}
                reply => return Err(Deviation::new(step, "a refusal of the payload", format!("{reply:?}"))),
            }
        }
        self.session.server.coverage.hit(&self.event.name, "payload binary");
        Ok(())
    }

    async fn membership(&self, derives: &Derives, base: &Value) -> Result<(), Deviation> {
        let protocol = self.session.protocol();
        let foreign = derives.foreign.get().map(|template| fill(&template.0, &self.session.variables)).transpose();
        let foreign =
            foreign.map_err(|why| Deviation::new("the preparation", "foreign rooms", why))?.unwrap_or_default();
        if self.event.room == Some(RoomAction::Leave) {
            return self.leaving(base, &foreign).await;
        }
        for (scope, key) in protocol.rooms_of(self.event) {
            let denied = protocol.error(scope.denied);
            let rooms = [("does not exist", json!("there-is-no-such-room")), ("is of others", foreign[key].clone())];
            for (what, room) in rooms {
                let mut payload = base.clone();
                payload[key] = room;
                let step = format!("{}: the room of {key} {what}", self.event.name);
                self.denied(payload.clone(), &denied.code, &denied.message, &step).await?;
                self.session.server.coverage.hit(&self.event.name, &format!("{key} {what}"));
                // Membership is checked before anything in the room that the payload names.
                for name in protocol.payload_of(self.event).into_iter().flat_map(|object| &object.fields) {
                    if name.name.ends_with("Id") && !protocol.rooms_of(self.event).any(|(_, key)| key == name.name) {
                        let mut missing = payload.clone();
                        missing[&name.name] = "there-is-no-such-thing".into();
                        let step = format!("{step}, and so does what {} names", name.name);
                        self.denied(missing, &denied.code, &denied.message, &step).await?;
                    }
                }
                // The payload is checked before membership.
                let mut broken = payload.clone();
                if let Some((other, value)) =
                    base.as_object().and_then(|members| members.iter().find(|(name, _)| *name != key))
                {
                    broken[other] = if value.is_string() { json!(7) } else { json!("text") };
                    let step = format!("{step}, and {other} is of another type");
                    self.session.note(&*step);
                    match self.emit(Some(broken), true, &step).await? {
                        Some(Reply::Failed(error)) => self.violations(&error, &[format!("/{other}")], &step)?,
                        reply => return Err(Deviation::new(step, "a refusal of the payload", format!("{reply:?}"))),
                    }
                }
            }
        }
        Ok(())
    }

    /// Leaving a room without having joined it succeeds, and does not reveal whether the room exists.
    async fn leaving(&self, base: &Value, foreign: &Value) -> Result<(), Deviation> {
        let Some((_, key)) = self.session.protocol().rooms_of(self.event).next() else { return Ok(()) };
        let mut outcomes = Vec::new();
        for room in [json!("there-is-no-such-room"), foreign[key].clone()] {
            let mut payload = base.clone();
            payload[key] = room.clone();
            let step = format!("{}: the room {room}", self.event.name);
            self.session.note(&*step);
            self.actor.socket.ignore(self.event.emits.first().map(|emit| emit.event.as_str()));
            let emission = self.session.emit(self.actor, &self.event.name, Some(payload), true);
            outcomes.push(match self.session.reply(self.actor, &emission, &step).await? {
                Reply::Ok(data) if data[key] == room => "success".to_owned(),
                Reply::Ok(data) => data.to_string(),
                Reply::Failed(error) => error.to_string(),
            });
        }
        if outcomes[0] == outcomes[1] {
            return Ok(());
        }
        let step = format!("{}: a room that does not exist, and one of others", self.event.name);
        Err(Deviation::new(step, "the same answer", outcomes.join(" and ")))
    }

    async fn denied(&self, payload: Value, code: &str, message: &str, step: &str) -> Result<(), Deviation> {
        self.session.note(step);
        match self.emit(Some(payload), true, step).await? {
            Some(Reply::Failed(error)) if error["code"] == code && error["message"] == message => Ok(()),
            reply => Err(Deviation::new(step, format!("{message:?} (`{code}`)"), format!("{reply:?}"))),
        }
    }

    /// Exhausts the limit by markers, and then emits the event with a valid and an invalid payload: only the limit
    /// counts. A refill at that moment may let one through, so the server gets a second try.
    async fn limit(&self, base: Option<Value>) -> Result<(), Deviation> {
        const TRIES: usize = 3;
        let mut came = Vec::new();
        for _ in 0..TRIES {
            came = self.beyond_the_limit(base.as_ref()).await?;
            let protocol = self.session.protocol();
            let limited = protocol.error(protocol.model.gateway.rate_limited);
            let refused = |error: &Value| {
                error["code"] == limited.code.as_str()
                    && error["message"] == limited.message.as_str()
                    && error["retryAfterMs"].is_u64()
            };
            if came.len() == self.at_once() && came.iter().all(refused) {
                return Ok(());
            }
            if self.session.is_later() {
                self.session.excuse_limit(&self.event.name);
                return Ok(());
            }
        }
        let protocol = self.session.protocol();
        let limited = protocol.error(protocol.model.gateway.rate_limited);
        let step = format!("{}: when the limit is exhausted", self.event.name);
        let expected = format!(
            "{:?} (`{}`) with retryAfterMs, {} times, as any payload is answered",
            limited.message,
            limited.code,
            self.at_once()
        );
        Err(Deviation::new(step, expected, shown(&Value::from(came))))
    }

    /// The number of emissions beyond the limit: one with a valid payload and, if the event has one, one with an invalid
    /// payload.
    fn at_once(&self) -> usize {
        1 + usize::from(self.event.payload.is_some())
    }

    /// Exhausts the limit, emits the event, and returns the errors that it is answered with.
    async fn beyond_the_limit(&self, base: Option<&Value>) -> Result<Vec<Value>, Deviation> {
        let protocol = self.session.protocol();
        let (Some(limit), Some((marker, answer))) = (self.event.limit, protocol.marker()) else {
            return Ok(Vec::new());
        };
        let burst = protocol.model.limits[limit.0].burst;
        // An event with an immediate answer exhausts the limit, if it draws on the same limit; otherwise the event
        // itself does, with an invalid payload.
        let broken = self.event.payload.map(|_| json!(7));
        let drawn = || match marker.limit == self.event.limit {
            true => self.session.emit(self.actor, &marker.name, None, true),
            false => self.session.emit(self.actor, &self.event.name, broken.clone(), true),
        };
        let step = format!("{}: after {burst} events at once and more", self.event.name);
        self.session.note(&*step);
        // Events within the limit are answered by an event too, which does not matter here.
        self.actor.socket.ignore(Some(answer));
        let mut markers: Vec<_> = (0..burst * BURSTS).map(|_| drawn()).collect();
        let emissions: Vec<_> = [base.cloned(), broken.clone()]
            .into_iter()
            .take(self.at_once())
            .map(|payload| self.session.emit(self.actor, &self.event.name, payload, self.acknowledged))
            .collect();
        // Its answer shows that all earlier answers have arrived.
        markers.push(self.session.emit(self.actor, &marker.name, None, true));
        let mut taken = 0;
        for marker in &markers {
            taken += u32::from(matches!(self.session.reply(self.actor, marker, &step).await?, Reply::Ok(_)));
        }
        self.session.answered_by_events(self.actor, Some(answer), taken, &step).await?;
        let mut errors = Vec::new();
        if self.acknowledged {
            for emission in &emissions {
                if let Reply::Failed(error) = self.session.reply(self.actor, emission, &step).await? {
                    errors.push(error);
                }
            }
        }
        let own =
            self.event.emits.iter().find(|emit| emit.to.contains(&Target::Caller)).map(|emit| emit.event.as_str());
        for arrival in self.actor.socket.pending() {
            if own.is_some_and(|own| arrival.what.is_event(own)) {
                self.actor.socket.next(self.session.server.patience).await;
            } else if !self.acknowledged {
                errors.push(self.session.error_event(self.actor, &self.event.name, &step).await?);
            }
        }
        Ok(errors)
    }
}
