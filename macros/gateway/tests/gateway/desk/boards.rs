//! Boards: rooms of the desk that have a log.

use accord_runtime::{Evicts, LogSpec, Position, ServerEventSpec, Unscoped};

use super::{operations::Value_, *};

static BOARD: ScopeSpec = ScopeSpec {
    name: "board",
    denied: &ROOM_DENIED,
    log: Some(&LogSpec {
        caught_up: "caught_up",
        key: "board",
        keep: Duration::from_secs(3600),
        entries: 1000,
        floor: Duration::from_secs(600),
    }),
};

#[derive(Clone, Debug)]
pub struct OnBoard;

impl Scope for OnBoard {
    const SPEC: &'static ScopeSpec = &BOARD;
}

const ON_BOARD: &[ScopeUse] = &[ScopeUse { scope: &BOARD, key: "board" }];

const fn server_event(name: &'static str, durable: bool) -> ServerEventSpec {
    ServerEventSpec { name, durable, evicts: None, since: None }
}

pub const EVENTS: &[ServerEventSpec] = &[
    server_event("posted", true),
    server_event("doodled", false),
    ServerEventSpec { since: Some("1.3.0"), ..server_event("pinned", true) },
    ServerEventSpec { evicts: Some(Evicts::User("user")), ..server_event("removed", true) },
    ServerEventSpec { evicts: Some(Evicts::FormerMembers), ..server_event("changed", true) },
];

const fn durable(name: &'static str) -> EventSpec {
    EventSpec { log: Some(0), ..event(name, ON_BOARD) }
}

static ATTEND: EventSpec = event("attend", ON_BOARD);
static DETACH: EventSpec = event("detach", ON_BOARD);
static POST: EventSpec = EventSpec { idempotent: Some("clientId"), ..durable("post") };
static PIN: EventSpec = durable("pin");
static HOLD: EventSpec = durable("hold");
static DOODLE: EventSpec = event("doodle", ON_BOARD);

static REMOVE: OperationSpec = OperationSpec {
    name: "remove",
    method: http::Method::POST,
    path: "/api/boards/{board}/removals",
    auth: Auth::Admin,
    limit: None,
    scopes: &[],
    rooms: ON_BOARD,
    durable: true,
    parameters: &[Parameter { name: "board", in_path: true, kind: ParameterKind::Text }],
    body: Body::Json,
    envelope: Some("data"),
    status: 200,
    failure: "Failed to do it",
};

fn done(event: &'static str, data: Value) -> Done {
    Done { ack: data.clone(), emits: vec![(event, Target::Scope, data)] }
}

impl Desk {
    pub fn boards(&self) -> Vec<Endpoint> {
        let reply = |event: &'static str| {
            move |call: Call<OnBoard>, input: Value_| async move {
                Ok::<_, Failed>(done(event, json!({ "by": call.identity().id, "text": input.0["text"] })))
            }
        };
        let (holding, removing) = (self.clone(), self.clone());
        vec![
            Endpoint::joining(&ATTEND, |input: Value_, position: Position| {
                let ack = json!({ "board": input.0["board"], "position": position });
                Done { ack: ack.clone(), emits: vec![("attending", Target::Caller, ack)] }
            }),
            Endpoint::room(&DETACH, RoomAction::Leave, |_: Value_| Done { ack: Value::Null, emits: vec![] }),
            Endpoint::event(&POST, reply("posted")),
            Endpoint::event(&PIN, reply("pinned")),
            Endpoint::event(&DOODLE, reply("doodled")),
            // Submits its change, and waits until it is let go.
            Endpoint::event(&HOLD, move |call: Call<OnBoard>, input: Value_| {
                let desk = holding.clone();
                async move {
                    call.then(|()| done("posted", json!({}))).ticket().submit();
                    desk.begun.notify_one();
                    desk.go.notified().await;
                    Ok::<_, Failed>(done("posted", json!({ "by": call.identity().id, "text": input.0["text"] })))
                }
            }),
            Endpoint::emitting(&REMOVE, move |arguments: Arguments<Unscoped, (), Value_>| {
                let desk = removing.clone();
                async move {
                    let input = arguments.input.0;
                    let board = input["board"].as_str().unwrap();
                    let users: Vec<&str> =
                        input["users"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
                    if let Some(members) = desk.members.lock().unwrap().get_mut(board) {
                        members.retain(|member| !users.contains(&member.as_str()));
                    }
                    let emits = match users[..] {
                        [user] => ("removed", Target::Room(0), json!({ "user": user })),
                        _ => ("changed", Target::Room(0), json!({})),
                    };
                    Ok::<_, Failed>(Done { ack: json!({}), emits: vec![emits] })
                }
            }),
        ]
    }
}
