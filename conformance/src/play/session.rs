//! One case while it is carried out.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};

use super::{Actor, Audit, limit::Drawn};
use crate::{
    client::{Endpoint, Entry, Transport, Wire},
    coverage::Coverage,
    flow::Stage,
    pattern::Variables,
    protocol::Protocol,
};

/// The server that is held to the protocol.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where it is.
    pub endpoint: Endpoint,
    /// The secret that its tokens are signed with.
    pub secret: String,
    /// What tells this run from others, in the ids of strangers.
    pub run: String,
    /// What random sequences are made from.
    pub seed: u64,
    /// How long to wait for what should come at once.
    pub patience: Duration,
    /// The protocol.
    pub protocol: Arc<Protocol>,
    /// What of the protocol has been seen.
    pub coverage: Arc<Coverage>,
}

/// What a server did otherwise than expected.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deviation {
    /// What was being done.
    pub step: String,
    /// Where that is written, for flows: `flows/file.yaml:line:column`.
    pub place: Option<String>,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub came: String,
}

impl Deviation {
    /// While `step` was done, `came` came instead of what was `expected`.
    pub fn new(step: impl Into<String>, expected: impl Into<String>, came: impl Into<String>) -> Self {
        Deviation { step: step.into(), place: None, expected: expected.into(), came: came.into() }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, came {}", self.step, self.expected, self.came)
    }
}

/// A case while it is carried out: its actors, its variables, and all that was said.
#[derive(Debug)]
pub struct Session {
    /// The server.
    pub server: Arc<Server>,
    /// Who and what takes part, with the ids of this run.
    pub stage: Stage,
    /// What the case knows by name.
    pub variables: Variables,
    /// All that was said.
    pub wire: Wire,
    /// What is wrong whatever the case expects.
    pub audit: Arc<Audit>,
    /// What carries the packets of whoever connects without saying how.
    pub transport: Transport,
    /// Whether events are acknowledged, where the case does not say.
    pub acknowledged: bool,
    actors: Mutex<HashMap<String, Arc<Actor>>>,
    drawn: Mutex<HashMap<String, Drawn>>,
    log: Mutex<Vec<String>>,
}

/// How long sockets are listened to once a case is over, for what comes late.
const LINGER: Duration = Duration::from_millis(150);

impl Session {
    /// Sets the stage.
    pub fn new(server: Arc<Server>, mut stage: Stage, transport: Transport, acknowledged: bool) -> Self {
        let variables = Variables::default();
        for user in &mut stage.users {
            if user.stranger {
                user.id = format!("{}.{}", user.id, server.run);
            }
            variables.set(&user.name, user.id.as_str());
            variables.set(&format!("{}_name", user.name), display_name(&user.name));
            variables.set(&format!("{}_profile", user.name), profile(&user.name, &user.id));
        }
        for room in &stage.rooms {
            variables.set(&room.name, room.id.as_str());
        }
        variables.set("run", server.run.as_str());
        variables.set("protocol_name", server.protocol.model.protocol.name.as_str());
        variables.set("protocol_version", server.protocol.model.protocol.version.as_str());
        let audit = Arc::new(Audit::new(server.protocol.clone(), server.coverage.clone()));
        Session {
            server,
            stage,
            variables,
            wire: Wire::new(),
            audit,
            transport,
            acknowledged,
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

    /// What a user's limit has let through, once it has been drawn on.
    pub(super) fn drawn(&self, user: &str) -> Option<Drawn> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner).get(user).copied()
    }

    /// Takes note of that.
    pub(super) fn draw(&self, user: &str, drawn: Drawn) {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner).insert(user.to_owned(), drawn);
    }

    /// The id of the user that `actor` (`user` or `user/device`) is a socket of.
    pub fn user_id(&self, actor: &str) -> Result<String, Deviation> {
        let name = user_name(actor);
        let user = self.stage.users.iter().find(|user| user.name == name);
        user.map(|user| user.id.clone())
            .ok_or_else(|| Deviation::new(actor, "a user of the case", format!("`{name}`, which it does not have")))
    }

    /// The actor's socket.
    pub fn actor(&self, name: &str) -> Result<Arc<Actor>, Deviation> {
        let actors = self.actors.lock().unwrap_or_else(PoisonError::into_inner);
        actors.get(name).cloned().ok_or_else(|| Deviation::new(name, "a connected actor", "none of that name"))
    }

    /// Takes in an actor's socket.
    pub(super) fn enter(&self, actor: Actor) {
        self.actors.lock().unwrap_or_else(PoisonError::into_inner).insert(actor.name.clone(), Arc::new(actor));
    }

    /// Lets an actor go; what it has seen and nobody expected is a deviation.
    pub(super) fn leave(&self, name: &str) -> Result<Arc<Actor>, Deviation> {
        let actor = self.actors.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        actor.ok_or_else(|| Deviation::new(name, "a connected actor", "none of that name"))
    }

    fn present(&self) -> Vec<Arc<Actor>> {
        let mut actors: Vec<_> = self.actors.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        actors.sort_by(|a, b| a.name.cmp(&b.name));
        actors
    }

    /// Ends the case: nobody has anything left that was not expected.
    ///
    /// # Errors
    /// The first thing that somebody saw unexpectedly.
    pub async fn settle(&self) -> Result<(), Deviation> {
        let names: Vec<String> = self.present().iter().map(|actor| actor.name.clone()).collect();
        self.nothing(&names, "at the end").await?;
        self.audit.verdict()
    }

    /// Listens a little longer, for what comes late, and ends all connections.
    ///
    /// # Errors
    /// What came late.
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
