//! A running case.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use accord_flows::{Fixture, pattern::Variables};
use semver::Version;
use serde_json::{Value, json};

use super::{Actor, Audit, Deviation, drawn::Drawn};
use crate::{
    client::{Endpoint, Entry, Transport, Wire},
    coverage::Coverage,
    protocol::{Protocol, spoken_version},
};

/// The server under test.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its address.
    pub endpoint: Endpoint,
    /// The secret that its tokens are signed with.
    pub secret: String,
    /// Distinguishes this run from others, in the ids of strangers.
    pub run: String,
    /// The seed of random sequences.
    pub seed: u64,
    /// The time for which a random sequence that fails is shortened.
    pub shortening: Duration,
    /// The timeout for expected packets.
    pub patience: Duration,
    /// The protocol.
    pub protocol: Arc<Protocol>,
    /// The parts of the protocol that have been seen.
    pub coverage: Arc<Coverage>,
}

/// A running case: its actors, its variables, and its traffic.
#[derive(Debug)]
pub struct Session {
    /// The server.
    pub server: Arc<Server>,
    /// The users and rooms that take part, with the ids of this run.
    pub fixture: Fixture,
    /// The case's variables.
    pub variables: Variables,
    /// The traffic.
    pub wire: Wire,
    /// The checks that apply to every case.
    pub audit: Arc<Audit>,
    /// The transport of connections for which the flow names none.
    pub transport: Transport,
    /// Whether events are acknowledged, unless the case says otherwise.
    pub acknowledged: bool,
    /// Whether the server speaks a later minor version.
    later: AtomicBool,
    actors: Mutex<HashMap<String, Arc<Actor>>>,
    drawn: Mutex<HashMap<(String, String), Drawn>>,
    log: Mutex<Vec<String>>,
}

/// The time to listen for late packets after a case is over.
const LINGER: Duration = Duration::from_millis(150);

impl Session {
    /// A session with this fixture, whose strangers get ids of this run.
    pub fn new(server: Arc<Server>, mut fixture: Fixture, transport: Transport, acknowledged: bool) -> Self {
        let variables = Variables::default();
        for user in &mut fixture.users {
            if user.stranger {
                user.id = format!("{}.{}", user.id, server.run);
            }
            variables.set(&user.name, user.id.as_str());
            variables.set(&format!("{}_name", user.name), display_name(&user.name));
            variables.set(&format!("{}_profile", user.name), profile(&user.name, &user.id));
        }
        let everyone = fixture.users.iter().filter(|user| !user.stranger);
        variables.set("everyone", everyone.map(|user| user.id.as_str()).collect::<Vec<_>>());
        for room in &fixture.rooms {
            variables.set(&room.name, room.id.as_str());
        }
        variables.set("run", server.run.as_str());
        variables.set("protocol_name", server.protocol.model.protocol.name.as_str());
        variables.set("protocol_version", server.protocol.model.protocol.version.as_str());
        let audit = Arc::new(Audit::new(server.protocol.clone(), server.coverage.clone()));
        Session {
            server,
            fixture,
            variables,
            wire: Wire::new(),
            audit,
            transport,
            acknowledged,
            later: AtomicBool::new(false),
            actors: Mutex::default(),
            drawn: Mutex::default(),
            log: Mutex::default(),
        }
    }

    /// The protocol.
    pub fn protocol(&self) -> &Protocol {
        &self.server.protocol
    }

    /// The steps so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The packets so far.
    pub fn trace(&self) -> Vec<Entry> {
        self.wire.entries()
    }

    /// Notes a step.
    pub fn note(&self, step: impl Into<String>) {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).push(step.into());
    }

    /// Whether the server states a later minor version of the protocol. Its limits may be looser.
    pub(crate) fn is_later(&self) -> bool {
        self.later.load(Ordering::Acquire)
    }

    /// Records the version of the server, if a greeting has one.
    pub(super) fn greeted(&self, greeting: &Value) {
        let own = Version::parse(&self.protocol().model.protocol.version).ok();
        if let (Some(said), Some(own)) = (spoken_version(greeting), own)
            && said.major == own.major
            && said.minor > own.minor
        {
            self.later.store(true, Ordering::Release);
        }
    }

    /// The events that a user's limit has let through, if it has been used.
    pub(super) fn drawn(&self, user: &str, limit: &str) -> Option<Drawn> {
        let drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        drawn.get(&(user.to_owned(), limit.to_owned())).copied()
    }

    /// Records the events that a user's limit has let through.
    pub(super) fn draw(&self, user: &str, limit: &str, drawn: Drawn) {
        let mut all = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert((user.to_owned(), limit.to_owned()), drawn);
    }

    /// Forgets the draws on a user's limit.
    pub(super) fn forget_drawn(&self, user: &str, limit: &str) {
        let mut all = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&(user.to_owned(), limit.to_owned()));
    }

    /// The id of the user that `actor` (`user` or `user/device`) is a socket of.
    pub fn user_id(&self, actor: &str) -> Result<String, Deviation> {
        let name = user_name(actor);
        let user = self.fixture.users.iter().find(|user| user.name == name);
        user.map(|user| user.id.clone())
            .ok_or_else(|| Deviation::new(actor, "a user of the case", format!("`{name}`, which it does not have")))
    }

    /// The actor's socket.
    pub fn actor(&self, name: &str) -> Result<Arc<Actor>, Deviation> {
        let actors = self.actors.lock().unwrap_or_else(PoisonError::into_inner);
        actors.get(name).cloned().ok_or_else(|| Deviation::new(name, "a connected actor", "none of that name"))
    }

    /// Adds an actor's socket.
    pub(super) fn enter(&self, actor: Actor) {
        self.actors.lock().unwrap_or_else(PoisonError::into_inner).insert(actor.name.clone(), Arc::new(actor));
    }

    /// Removes an actor. A packet that it received and nobody expected is a deviation.
    pub(super) fn leave(&self, name: &str) -> Result<Arc<Actor>, Deviation> {
        let actor = self.actors.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        actor.ok_or_else(|| Deviation::new(name, "a connected actor", "none of that name"))
    }

    fn present(&self) -> Vec<Arc<Actor>> {
        let mut actors: Vec<_> = self.actors.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        actors.sort_by(|a, b| a.name.cmp(&b.name));
        actors
    }

    /// Ends the case, and checks that no actor has received an unexpected packet.
    ///
    /// # Errors
    /// The first unexpected packet.
    pub async fn settle(&self) -> Result<(), Deviation> {
        let names: Vec<String> = self.present().iter().map(|actor| actor.name.clone()).collect();
        self.nothing(&names, "at the end").await?;
        self.audit.verdict()
    }

    /// Listens a little longer for late packets, and ends all connections.
    ///
    /// # Errors
    /// The first late packet.
    pub async fn linger(&self) -> Result<(), Deviation> {
        tokio::time::sleep(LINGER).await;
        let late = self.present().into_iter().find_map(|actor| {
            let arrival = actor.socket.pending().into_iter().next()?;
            let step = format!("after the end, at {}", actor.name);
            Some(Deviation::new(step, "nothing more", arrival.what.to_string()))
        });
        self.present()
            .iter()
            .filter(|actor| actor.socket.closed().is_none())
            .for_each(|actor| actor.socket.disconnect());
        late.map_or(Ok(()), Err)?;
        self.audit.verdict()
    }
}

/// The user of an actor.
pub(super) fn user_name(actor: &str) -> &str {
    actor.split('/').next().unwrap_or_default()
}

/// A name to show: `alice` is Alice.
pub(crate) fn display_name(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

fn profile(name: &str, id: &str) -> Value {
    json!({ "id": id, "name": display_name(name), "image": null })
}
