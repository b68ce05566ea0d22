//! Checks of a server before a run: it can be reached, the secret is right, and the world is loaded.

use std::{sync::Arc, time::Duration};

use accord_flows::FixtureRoom;
use accord_language::model::{Auth, Emit, Method, RoomAction};
use futures_util::{StreamExt, stream};
use semver::Version;
use serde_json::{Value, json};

use crate::{
    case::Case,
    client::{Claims, ConnectFailure, ConnectOptions, Seen, Signature, Socket, Transport, Wire, mint},
    play::{BURSTS, Server},
    protocol::spoken_version,
};

/// The timeout for the first answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A precondition that a server lacks, with the remedy, in one line.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Lack {
    /// Nothing answers.
    #[error("cannot reach {url}: {why}; start the server, or give its address with --url")]
    Unreachable {
        /// The URL.
        url: String,
        /// The reason.
        why: String,
    },
    /// It refuses the suite's tokens.
    #[error(
        "{url} refuses tokens that are signed with this secret ({message}): give the server's own secret with \
             --jwt-secret"
    )]
    Secret {
        /// The URL.
        url: String,
        /// The message of the refusal.
        message: String,
    },
    /// The world is not loaded.
    #[error(
        "the world is not loaded into {url}: {missing} of {all} rooms are missing, such as `{first}`; write it with \
         `accord-conformance world > world.yaml`, load it (`accord-server seed --database … world.yaml`), and run \
         again"
    )]
    World {
        /// The URL.
        url: String,
        /// The number of missing rooms.
        missing: usize,
        /// The number of all rooms.
        all: usize,
        /// One of the missing rooms.
        first: String,
    },
}

/// The findings about a server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Findings {
    /// Whether the server limits how many events a user may emit.
    pub limits: bool,
    /// The version of the protocol that the server says it speaks.
    pub version: Option<Version>,
}

/// Checks whether a run of `cases` can begin, and whether the server has limits, unless `limits` says that it does.
///
/// # Errors
/// The first missing precondition.
pub async fn check(server: &Arc<Server>, cases: &[Arc<Case>], limits: bool) -> Result<Findings, Lack> {
    let probe = Probe { server };
    let findings = match probe.begin(cases).await {
        Ok(socket) => {
            let version = probe.version(&socket).await;
            let limits = limits || probe.limits(&socket).await;
            socket.disconnect();
            Findings { limits, version }
        }
        // The secret is right. The cases will report that no socket can connect with it.
        Err(Lack::Secret { .. }) if probe.is_known_to_rest().await => Findings { limits: true, version: None },
        Err(lack) => return Err(lack),
    };
    probe.world(cases).await?;
    Ok(findings)
}

struct Probe<'a> {
    server: &'a Arc<Server>,
}

impl Probe<'_> {
    fn url(&self) -> String {
        self.server.endpoint.url().to_owned()
    }

    fn token(&self, user: &str) -> String {
        mint(&Claims::new(user, user, 600), &self.server.secret, Signature::Good)
    }

    /// Connects in the first way that works. The cases will report the errors of the others.
    async fn begin(&self, cases: &[Arc<Case>]) -> Result<Socket, Lack> {
        let stranger = format!("preflight.{}", self.server.run);
        let member = cases.iter().flat_map(|case| &case.fixture().users).find(|user| !user.stranger);
        let member = member.map_or_else(|| stranger.clone(), |user| user.id.clone());
        let hello = |token: Option<&str>| self.server.protocol.hello(token, None);
        let auth = |user: &str| (hello(Some(&self.token(user))), Vec::new());
        let query = (hello(None), vec![("token".to_owned(), self.token(&stranger))]);
        let ways = [
            (Transport::Websocket, auth(&stranger)),
            (Transport::Polling, auth(&stranger)),
            (Transport::Websocket, query),
            (Transport::Websocket, auth(&member)),
        ];
        let mut first = None;
        for (transport, (auth, query)) in ways {
            match self.connect(&stranger, transport, auth, query).await {
                Ok(socket) => return Ok(socket),
                // The server is not reachable, so other ways fail too.
                Err(lack @ Lack::Unreachable { .. }) if transport == Transport::Polling => {
                    return Err(first.unwrap_or(lack));
                }
                Err(lack) => {
                    first.get_or_insert(lack);
                }
            }
        }
        Err(first.expect("there are ways to try"))
    }

    /// Whether REST accepts a token that is signed with the secret.
    async fn is_known_to_rest(&self) -> bool {
        let Some(operation) = self.server.protocol.model.http.operations.iter().find(|operation| {
            operation.auth == Auth::User && operation.method == Method::Get && operation.parts.is_empty()
        }) else {
            return false;
        };
        let request = crate::client::Request {
            method: "GET".to_owned(),
            path: operation.path.clone(),
            query: Vec::new(),
            token: Some(self.token("preflight")),
            body: crate::client::Body::None,
        };
        let answer = self.server.endpoint.call(&request, &Wire::new().speaker("preflight")).await;
        answer.is_ok_and(|answer| answer.status == operation.success.status)
    }

    async fn connect(
        &self,
        user: &str,
        transport: Transport,
        auth: Option<Value>,
        query: Vec<(String, String)>,
    ) -> Result<Socket, Lack> {
        let events = self.server.protocol.past.as_ref().map(|past| past.events.clone());
        let options = ConnectOptions { transport, auth, query, events, patience: PATIENCE };
        let observer = Arc::new(|_: &_| ());
        match Socket::connect(&self.server.endpoint, &options, Wire::new().speaker(user), observer).await {
            Ok(socket) => Ok(socket),
            Err(ConnectFailure::Refused(data)) => {
                let message = data["message"].as_str().unwrap_or("no message").to_owned();
                Err(Lack::Secret { url: self.url(), message })
            }
            Err(ConnectFailure::Broken(why)) => Err(Lack::Unreachable { url: self.url(), why }),
        }
    }

    /// The version in the server's greeting, if it gives one.
    async fn version(&self, socket: &Socket) -> Option<Version> {
        if !self.server.protocol.model.connect.emits.iter().any(Emit::always_answers) {
            return None;
        }
        match socket.next(self.server.patience).await?.what {
            Seen::Event { args, .. } => spoken_version(args.first()?),
            _ => None,
        }
    }

    /// Whether the server limits any events at all. If it limits only some, the cases report the others, and limits of the wrong
    /// size.
    async fn limits(&self, socket: &Socket) -> bool {
        let protocol = &self.server.protocol;
        let Some((marker, _)) = protocol.marker() else { return true };
        let limited = protocol.model.client_events().filter(|event| event.limit.is_some() && event.payload.is_some());
        let emitted = limited.map(|event| {
            let keys = protocol.rooms_of(event).map(|(_, key)| (key.to_owned(), json!("there-is-no-such-room")));
            (event.name.as_str(), vec![Value::Object(keys.collect())])
        });
        for (event, args) in [(marker.name.as_str(), Vec::new())].into_iter().chain(emitted) {
            // The cases report problems with its acknowledgements.
            if self.is_limited(socket, event, &args).await.unwrap_or(true) {
                return true;
            }
        }
        false
    }

    /// Emits more events at once than the limit allows, and returns whether any of them was refused for that.
    async fn is_limited(&self, socket: &Socket, event: &str, args: &[Value]) -> Option<bool> {
        let protocol = &self.server.protocol;
        let burst = protocol.event_limit()?.burst;
        let refusal = protocol.error(protocol.model.gateway.rate_limited).code.as_str();
        let ids: Vec<u64> = (0..burst * BURSTS).map(|_| socket.emit_with_ack(event, args)).collect();
        let mut limited = false;
        for id in ids {
            let answer = socket.answer(id, PATIENCE).await?;
            limited |= answer.first()?["error"]["code"] == refusal;
        }
        Some(limited)
    }

    /// Checks, as a member of each room, that the room exists.
    async fn world(&self, cases: &[Arc<Case>]) -> Result<(), Lack> {
        let rooms: Vec<(&FixtureRoom, String)> = cases
            .iter()
            .flat_map(|case| case.fixture().rooms.iter().filter_map(|room| Some((room, member(case, room)?))))
            .collect();
        let all = rooms.len();
        let asked = stream::iter(rooms)
            .map(|(room, member)| async move { self.listed(room, &member).await.then_some(()).ok_or((room, member)) });
        let unlisted: Vec<_> =
            asked.buffer_unordered(16).filter_map(|listed| async move { listed.err() }).collect().await;
        let Some((room, member)) = unlisted.first() else { return Ok(()) };
        // The listing itself may be wrong, so joining decides.
        if self.joins(room, member).await? {
            return Ok(());
        }
        Err(Lack::World { url: self.url(), missing: unlisted.len(), all, first: room.id.clone() })
    }

    /// Whether a room is among those that the server lists for its member.
    async fn listed(&self, room: &FixtureRoom, member: &str) -> bool {
        let request = crate::client::Request {
            method: "GET".to_owned(),
            path: format!("/api/{}s", room.scope),
            query: Vec::new(),
            token: Some(self.token(member)),
            body: crate::client::Body::None,
        };
        let Ok(answer) = self.server.endpoint.call(&request, &Wire::new().speaker(member)).await else { return false };
        let body = answer.json().unwrap_or_default();
        let rooms = body["data"].as_array().map(Vec::as_slice).unwrap_or_default();
        rooms.iter().any(|listed| listed["id"] == room.id.as_str())
    }

    async fn joins(&self, room: &FixtureRoom, member: &str) -> Result<bool, Lack> {
        let protocol = &self.server.protocol;
        let Some(join) = protocol.model.room_event(&room.scope, RoomAction::Join) else { return Ok(true) };
        let Some((_, key)) = protocol.rooms_of(join).next() else { return Ok(true) };
        let auth = self.server.protocol.hello(Some(&self.token(member)), None);
        let socket = self.connect(member, Transport::Websocket, auth, Vec::new()).await?;
        let id = socket.emit_with_ack(&join.name, &[json!({ key: room.id })]);
        let answer = socket.answer(id, PATIENCE).await;
        socket.disconnect();
        let error = answer
            .and_then(|args| args.into_iter().next())
            .map_or(Value::Null, |answer| answer["error"]["code"].clone());
        let denied = protocol.rooms_of(join).next().map(|(scope, _)| protocol.error(scope.denied).code.as_str());
        Ok(denied.is_none_or(|denied| error != denied))
    }
}

/// The id of a member of `room`.
fn member(case: &Case, room: &FixtureRoom) -> Option<String> {
    let name = room.members.first()?;
    case.fixture().users.iter().find(|user| user.name == *name).map(|user| user.id.clone())
}
