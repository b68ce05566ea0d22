//! What a run needs of a server, found out before it begins: that it can be reached, that the secret is right, that the
//! world is loaded, and that its limits leave room for the cases.

use std::{fmt, sync::Arc, time::Duration};

use accord_codegen::model::RoomAction;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::{
    case::Case,
    client::{Claims, ConnectFailure, ConnectOptions, Signature, Socket, Transport, Wire, mint},
    flow::StageRoom,
    play::Server,
};

/// How many events at once the cases need at most, of any one user.
pub const EVENTS_AT_ONCE: usize = 45;

/// How long the first answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a server lacks, and the remedy: a line.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Lack {
    /// Nothing answers.
    #[error("cannot reach {url}: {why}; start the server, or give its address by --url")]
    Unreachable {
        /// The URL.
        url: String,
        /// Why not.
        why: String,
    },
    /// It refuses the suite's tokens.
    #[error("{url} refuses tokens that are signed with this secret ({message}): give the server's own by --jwt-secret")]
    Secret {
        /// The URL.
        url: String,
        /// The message of the refusal.
        message: String,
    },
    /// The world is not loaded.
    #[error(
        "the world is not loaded into {url}: {missing} of {all} rooms are missing, `{first}` for one; \
         write it by `accord-conformance world > world.yaml`, load it (`accord-server seed --database … world.yaml`), and run again"
    )]
    World {
        /// The URL.
        url: String,
        /// How many rooms are missing.
        missing: usize,
        /// Of how many.
        all: usize,
        /// One of them.
        first: String,
    },
    /// The limits are too low.
    #[error(
        "{url} takes {taken} events at once from a user, and the cases need {EVENTS_AT_ONCE}: set its limit to what the \
         protocol says, or turn limits off for the run"
    )]
    Limits {
        /// The URL.
        url: String,
        /// How many it takes.
        taken: usize,
    },
}

/// What was found out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Findings {
    /// Whether the server limits how many events a user may emit.
    pub limits: bool,
}

/// Looks whether a run of `cases` can begin.
///
/// # Errors
/// What the server lacks.
pub async fn check(server: &Arc<Server>, cases: &[Arc<Case>]) -> Result<Findings, Lack> {
    let probe = Probe { server };
    let stranger = format!("preflight.{}", server.run);
    let socket = probe.connect(&stranger).await?;
    let taken = probe.burst(&socket).await;
    socket.disconnect();
    let burst = server.protocol.event_limit().map_or(0, |limit| limit.burst as usize);
    let limits = match taken {
        Some((taken, true)) if taken < EVENTS_AT_ONCE.min(burst) => {
            return Err(Lack::Limits { url: probe.url(), taken });
        }
        Some((_, limited)) => limited,
        // What is wrong with its acknowledgements is for the cases to tell.
        None => true,
    };
    probe.world(cases).await?;
    Ok(Findings { limits })
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

    async fn connect(&self, user: &str) -> Result<Socket, Lack> {
        let options = ConnectOptions {
            transport: Transport::Websocket,
            auth: Some(json!({ "token": self.token(user) })),
            query: Vec::new(),
            patience: PATIENCE,
        };
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

    /// Emits more events at once than the limit allows: how many were taken, and whether any was not.
    async fn burst(&self, socket: &Socket) -> Option<(usize, bool)> {
        let (marker, _) = self.server.protocol.marker()?;
        let burst = self.server.protocol.event_limit()?.burst as usize;
        let ids: Vec<u64> = (0..burst * 3).map(|_| socket.emit_with_ack(&marker.name, &[])).collect();
        let mut taken = 0;
        let mut limited = false;
        for id in ids {
            let answer = socket.answer(id, PATIENCE).await?;
            if answer.first()?["ok"] == true {
                taken += usize::from(!limited);
            } else {
                limited = true;
            }
        }
        Some((taken, limited))
    }

    /// Asks a member of each room whether the room is there.
    async fn world(&self, cases: &[Arc<Case>]) -> Result<(), Lack> {
        let rooms: Vec<(&StageRoom, String)> = cases
            .iter()
            .flat_map(|case| case.stage().rooms.iter().filter_map(|room| Some((room, member(case, room)?))))
            .collect();
        let all = rooms.len();
        let asked = stream::iter(rooms)
            .map(|(room, member)| async move { self.listed(room, &member).await.then_some(()).ok_or((room, member)) });
        let unlisted: Vec<_> =
            asked.buffer_unordered(16).filter_map(|listed| async move { listed.err() }).collect().await;
        let Some((room, member)) = unlisted.first() else { return Ok(()) };
        // The listing may be what is wrong: joining is the last word.
        if self.joins(room, member).await? {
            return Ok(());
        }
        Err(Lack::World { url: self.url(), missing: unlisted.len(), all, first: room.id.clone() })
    }

    /// Whether a room is among those that the server lists for its member.
    async fn listed(&self, room: &StageRoom, member: &str) -> bool {
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

    async fn joins(&self, room: &StageRoom, member: &str) -> Result<bool, Lack> {
        let protocol = &self.server.protocol;
        let Some(join) = protocol.room_event(&room.scope, RoomAction::Join) else { return Ok(true) };
        let Some((_, key)) = protocol.rooms_of(join).next() else { return Ok(true) };
        let socket = self.connect(member).await?;
        let id = socket.emit_with_ack(&join.name, &[json!({ key: room.id })]);
        let answer = socket.answer(id, PATIENCE).await;
        socket.disconnect();
        let error = answer
            .and_then(|args| args.into_iter().next())
            .map_or(Value::Null, |answer| answer["error"]["code"].clone());
        Ok(error != "access_denied")
    }
}

/// The id of a member of `room`.
fn member(case: &Case, room: &StageRoom) -> Option<String> {
    let name = room.members.first()?;
    case.stage().users.iter().find(|user| user.name == *name).map(|user| user.id.clone())
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.limits { "limits are on" } else { "limits are off" })
    }
}
