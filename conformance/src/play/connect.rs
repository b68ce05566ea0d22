//! Connecting.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use accord_flows::pattern::{self, Pattern};
use accord_language::model::Emit;
use serde_json::Value;

use super::{Actor, Deviation, Expected, Session, session::user_name, tokens::Minted};
use crate::client::{ConnectFailure, ConnectOptions, Socket, Transport};

/// Numbers the connections of the process.
static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// The credentials that a client sends at the handshake.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The token in the auth object.
    pub auth: Option<Minted>,
    /// The token in the query.
    pub query: Option<Minted>,
    /// The version of the protocol that it states.
    pub version: Option<String>,
}

impl Session {
    /// Connects `actor` with a valid token, and expects the events of a successful connect.
    pub async fn connect(&self, actor: &str, connected: Option<&Pattern>) -> Result<Arc<Actor>, Deviation> {
        let token = self.good_token(actor)?;
        self.connect_with(actor, self.transport, Shown { auth: Some(token), ..Shown::default() }, connected).await
    }

    /// Connects `actor` with these credentials.
    pub(super) async fn connect_with(
        &self,
        actor: &str,
        transport: Transport,
        shown: Shown,
        connected: Option<&Pattern>,
    ) -> Result<Arc<Actor>, Deviation> {
        let step = format!("{actor} connects");
        let expiry = shown.auth.as_ref().or(shown.query.as_ref()).and_then(|token| token.expiry);
        let (socket, connection) = match self.open(actor, transport, shown).await {
            Ok(opened) => opened,
            Err(failure) => return Err(Deviation::new(step, "a connection", failure.to_string())),
        };
        self.enter(Actor { name: actor.to_owned(), connection, socket, expiry: Mutex::new(expiry) });
        let own = connected.map(|pattern| of_user(&pattern.0, user_name(actor)));
        let is_sent = |emit: &&Emit| emit.always_answers();
        for emit in self.protocol().model.connect.emits.iter().filter(is_sent) {
            let expected = Expected { event: &emit.event, data: own.as_ref() };
            let greeting = self.expect(actor, expected, &step).await?;
            self.greeted(&greeting);
        }
        self.server.coverage.hit("connect", &format!("over {}", transport.name()));
        self.actor(actor)
    }

    /// Tries to connect `actor`, and expects a refusal with `message`.
    pub(super) async fn be_refused(
        &self,
        actor: &str,
        transport: Transport,
        shown: Shown,
        message: &str,
    ) -> Result<(), Deviation> {
        let step = format!("{actor} is refused");
        let expected = format!("a connect error with the message {message:?}");
        let model = &self.protocol().model;
        let version_refused = model.gateway.version_refused.map(|id| &model.errors[id.0]);
        let is_expected = |said: &str| {
            let of_version = version_refused.is_some_and(|error| error.message == message);
            said == message || of_version && said.strip_prefix(message).is_some_and(|rest| rest.starts_with(": "))
        };
        match self.open(actor, transport, shown).await {
            Ok(_) => Err(Deviation::new(step, expected, "a connection")),
            Err(ConnectFailure::Refused(data))
                if data.get("message").and_then(Value::as_str).is_some_and(is_expected) =>
            {
                let known = model.connect.errors.iter().map(|id| &model.errors[id.0]).chain(version_refused);
                for error in known.filter(|error| error.message == message) {
                    self.server.coverage.hit("connect", &format!("error {}", error.name));
                }
                Ok(())
            }
            Err(ConnectFailure::Refused(data)) => {
                Err(Deviation::new(step, expected, format!("the connect error {}", pattern::shown(&data))))
            }
            Err(failure) => Err(Deviation::new(step, expected, failure.to_string())),
        }
    }

    async fn open(
        &self,
        actor: &str,
        transport: Transport,
        Shown { auth, query, version }: Shown,
    ) -> Result<(Socket, u64), ConnectFailure> {
        let connection = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
        let (token, version) = (auth.as_ref().map(|token| token.text.as_str()), version.as_deref());
        let options = ConnectOptions {
            transport,
            auth: self.protocol().hello(token, version),
            query: query.map(|token| ("token".to_owned(), token.text)).into_iter().collect(),
            events: self.protocol().past.as_ref().map(|past| past.events.clone()),
            patience: self.server.patience,
        };
        if let Ok(user) = self.user_id(actor) {
            self.audit.connects(connection, user);
        }
        let (audit, name) = (self.audit.clone(), actor.to_owned());
        let observer = Arc::new(move |seen: &_| audit.received(&name, connection, transport.name(), seen));
        let socket = Socket::connect(&self.server.endpoint, &options, self.wire.speaker(actor), observer).await?;
        Ok((socket, connection))
    }
}

/// The pattern with `$self` being the user of this name.
fn of_user(pattern: &Value, name: &str) -> Value {
    match pattern {
        Value::String(text) if text == "$self" || text.starts_with("$self_") => text.replacen("self", name, 1).into(),
        Value::Array(items) => items.iter().map(|item| of_user(item, name)).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), of_user(value, name))).collect(),
        other => other.clone(),
    }
}
