//! A protocol for the tests, written by hand: rooms that users enter, and messages that they send there.

mod boards;
mod operations;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use accord_gateway::Hub;
use accord_runtime::{
    Also, Answers, Arguments, Auth, Authority, Body, Call, DeclaredError, Deprecated, Download, Emission, Endpoint,
    ErrorSpec, EventError, EventSpec, Fault, Hook, Leaving, Lifecycle, LimitSpec, Member, NamedRoom, NoPayload,
    OperationSpec, Outcome, Parameter, ParameterKind, Path, Per, Proofs, Protocol, Refusal, Reply, Room, RoomAction,
    Scope, ScopeSpec, ScopeUse, Service, Target, Upload, Validate, Violations, reply::encode, validate,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Notify;

macro_rules! errors {
    ($($name:ident $code:literal $message:literal $status:literal;)*) => {$(
        pub static $name: ErrorSpec =
            ErrorSpec { name: stringify!($name), code: $code, message: $message, status: $status };
    )*};
}

errors! {
    VERSION_REFUSED "version_refused" "Not my version" 400;
    TOKEN_MISSING "token_missing" "Token wanted" 401;
    TOKEN_REFUSED "token_refused" "Token refused" 401;
    TOKEN_EXPIRED "token_expired" "Token expired" 401;
    UNKNOWN_EVENT "unknown_event" "No such event" 404;
    INVALID_PAYLOAD "invalid_payload" "Not valid" 400;
    RATE_LIMITED "rate_limited" "Slower" 429;
    INTERNAL "internal" "Failed" 500;
    ADMIN_ONLY "admin_only" "Administrators alone" 403;
    ROOM_DENIED "room_denied" "Not your room" 403;
    POSITION_LOST "position_lost" "Too late" 409;
    CONFLICT "conflict" "Posted already" 409;
    TOO_LOUD "too_loud" "Not so loud" 409;
    TOO_SOFT "too_soft" "Not so soft" 409;
}

static LIMITS: [LimitSpec; 2] = [
    LimitSpec { name: "events", per: Per::User, replenish: Duration::from_secs(60), burst: 60 },
    LimitSpec { name: "rare", per: Per::Socket, replenish: Duration::from_secs(3600), burst: 1 },
];

pub static PROTOCOL: Protocol = Protocol {
    name: "desk",
    version: "1.4.0",
    limits: &LIMITS,
    unknown_limit: Some(0),
    error_event: "failed",
    answers: Answers {
        version_refused: Some(&VERSION_REFUSED),
        token_missing: &TOKEN_MISSING,
        token_refused: &TOKEN_REFUSED,
        token_expired: &TOKEN_EXPIRED,
        unknown_event: &UNKNOWN_EVENT,
        invalid_payload: &INVALID_PAYLOAD,
        rate_limited: &RATE_LIMITED,
        internal: &INTERNAL,
        admin_only: &ADMIN_ONLY,
        position_lost: Some(&POSITION_LOST),
        idempotency_conflict: Some(&CONFLICT),
    },
    events: boards::EVENTS,
    deprecated: &[
        leaving(Leaving::Event, "whisper"),
        leaving(Leaving::EventField, "say/other"),
        leaving(Leaving::EventField, "say/words/tone"),
        leaving(Leaving::EventField, "say/moods/*/name"),
        leaving(Leaving::Operation, "knock"),
        leaving(Leaving::OperationField, "knock/times"),
        leaving(Leaving::Error, "TOO_SOFT"),
    ],
};

const fn leaving(what: Leaving, name: &'static str) -> Deprecated {
    Deprecated { what, name, about: "since 1.0.0" }
}

static ROOM: ScopeSpec = ScopeSpec { name: "room", denied: &ROOM_DENIED, log: None };

#[derive(Clone, Debug)]
pub struct InRoom;

impl Scope for InRoom {
    const SPEC: &'static ScopeSpec = &ROOM;
}

const IN_ROOM: &[ScopeUse] = &[ScopeUse { scope: &ROOM, key: "room" }];

const fn event(name: &'static str, scopes: &'static [ScopeUse]) -> EventSpec {
    EventSpec { name, limit: Some(0), scopes, named: &[], log: None, idempotent: None, failure: "Failed to do it" }
}

static CONNECT: EventSpec = event("connect", IN_ROOM);
static DISCONNECT: EventSpec = event("disconnect", IN_ROOM);
static ENTER: EventSpec = event("enter", IN_ROOM);
static EXIT: EventSpec = event("exit", IN_ROOM);
static SAY: EventSpec = event("say", IN_ROOM);
static NUDGE: EventSpec = event("nudge", IN_ROOM);
static CARRY: EventSpec =
    event("carry", &[ScopeUse { scope: &ROOM, key: "room" }, ScopeUse { scope: &ROOM, key: "other" }]);
static TICK: EventSpec = event("tick", &[]);
static RARE: EventSpec = EventSpec { limit: Some(1), ..event("rare", &[]) };
static RENEW: EventSpec = event("renew", &[]);
static WHO: EventSpec = event("who", &[]);
/// As `say`, and its failures name the rooms.
static SHOUT: EventSpec = EventSpec {
    named: &[NamedRoom { field: "room", named_as: "inRoom" }, NamedRoom { field: "other", named_as: "inOther" }],
    ..event("shout", IN_ROOM)
};
static WHISPER: EventSpec = event("whisper", &[]);
static BREAK: EventSpec = event("break", &[]);
static PANIC: EventSpec = event("panic", &[]);
static WAIT: EventSpec = event("wait", &[]);

/// Something said in a room.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Said {
    pub room: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub other: Option<String>,
}

impl Validate for Said {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        let Some(object) = validate::object(value, at, violations) else { return };
        match object.get("room") {
            None => violations.add(at.key("room"), validate::REQUIRED),
            Some(room) => String::validate(room, at.key("room"), violations),
        }
        for key in ["text", "other"] {
            if let Some(value) = object.get(key) {
                String::validate(value, at.key(key), violations);
            }
        }
    }
}

macro_rules! declared {
    ($($type:ident $spec:ident;)*) => {$(
        #[derive(Debug)]
        pub struct $type;
        impl DeclaredError for $type {
            const SPEC: &'static ErrorSpec = &$spec;
        }
    )*};
}

declared! { TooLoud TOO_LOUD; TooSoft TOO_SOFT; }

/// The reason why a request is not carried out.
#[derive(Debug)]
pub enum Failed {
    TooLoud,
    TooSoft,
    TooOften,
    Fault(Fault),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Failed::Fault(fault)
    }
}

impl EventError for Failed {
    fn refusal(self) -> Refusal {
        match self {
            Failed::TooLoud => Refusal::Declared(TooLoud::SPEC),
            Failed::TooSoft => Refusal::Declared(TooSoft::SPEC),
            Failed::TooOften => Refusal::Limited { retry_after: Duration::from_millis(1500) },
            Failed::Fault(fault) => Refusal::Fault(fault),
        }
    }
}

/// A new token.
pub struct NewToken;

impl Validate for NewToken {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        let Some(object) = validate::object(value, at, violations) else { return };
        match object.get("key") {
            None => violations.add(at.key("key"), validate::REQUIRED),
            Some(key) => String::validate(key, at.key("key"), violations),
        }
    }
}

/// The acknowledgement, and the emitted events with their receivers.
pub struct Done {
    ack: Value,
    emits: Vec<(&'static str, Target, Value)>,
}

impl Reply for Done {
    fn outcome(&self, _: &[Arc<str>]) -> Result<Outcome, serde_json::Error> {
        let emission = |(event, to, data): &(&'static str, Target, Value)| {
            let durable = PROTOCOL.event(event).is_some_and(|event| event.durable);
            Ok(Emission { event, to: to.clone(), data: encode(data)?, durable })
        };
        let emissions = self.emits.iter().map(emission).collect::<Result<_, serde_json::Error>>()?;
        Ok(Outcome { answer: Some(encode(&self.ack)?), emissions, ..Outcome::default() })
    }
}

/// The membership of the room that something is carried to.
#[derive(Clone, Debug)]
pub struct CarryAlso {
    pub other: Member<InRoom>,
}

impl Also for CarryAlso {
    fn prove(proofs: &mut Proofs) -> Self {
        CarryAlso { other: proofs.member() }
    }
}

/// The business logic.
#[derive(Clone)]
pub struct Desk {
    pub hub: Hub,
    pub members: Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>,
    pub numbers: Arc<AtomicU64>,
    /// `wait` says that it has begun, then waits to be let go.
    pub begun: Arc<Notify>,
    pub go: Arc<Notify>,
    pub uploaded: Arc<Mutex<Vec<Result<usize, String>>>>,
    /// Notifies when a part of an upload has arrived.
    pub arriving: Arc<Notify>,
    pub revoked: Arc<Mutex<BTreeMap<String, SystemTime>>>,
    /// The next check for a revocation answers late, with the state at the time when `begun` was notified.
    pub hesitates: Arc<AtomicBool>,
    /// The number of large answers that have been made.
    pub made: Arc<AtomicUsize>,
    /// The sockets whose end was followed up.
    pub gone: Arc<Mutex<Vec<Value>>>,
    /// Notifies when a socket is gone, where no test watches the traffic itself.
    pub left: Arc<Notify>,
}

impl Authority for Desk {
    async fn is_member(&self, user_id: &str, room: &Room) -> Result<bool, Fault> {
        if room.id == "broken" {
            return Err(Fault::msg("the database is gone: password=hunter2"));
        }
        if room.id == "gate" {
            self.begun.notify_one();
            self.go.notified().await;
        }
        Ok(self.is_in(&room.id, user_id))
    }

    fn was_member(&self, user_id: &str, _: &Room) -> bool {
        user_id == "former"
    }

    async fn revoked(&self, user_id: &str) -> Result<Option<SystemTime>, Fault> {
        let revoked = self.revoked.lock().unwrap().get(user_id).copied();
        if self.hesitates.swap(false, Ordering::SeqCst) {
            self.begun.notify_one();
            self.go.notified().await;
        }
        Ok(revoked)
    }
}

impl Desk {
    pub fn new(members: &[(&str, &[&str])]) -> Self {
        let owned = |users: &[&str]| users.iter().map(|user| (*user).to_owned()).collect();
        Desk {
            hub: Hub::new(),
            members: Arc::new(Mutex::new(
                members.iter().map(|(room, users)| ((*room).to_owned(), owned(users))).collect(),
            )),
            numbers: Arc::default(),
            begun: Arc::default(),
            go: Arc::default(),
            uploaded: Arc::default(),
            arriving: Arc::default(),
            revoked: Arc::default(),
            hesitates: Arc::default(),
            made: Arc::default(),
            gone: Arc::default(),
            left: Arc::default(),
        }
    }

    fn is_in(&self, room: &str, user: &str) -> bool {
        self.members.lock().unwrap().get(room).is_some_and(|users| users.contains(user))
    }

    async fn expel(&self, room: &str, user: &str) {
        let room = Room { scope: "room", id: room.to_owned() };
        let locked = self.hub.lock([room.clone()]).await;
        if let Some(users) = self.members.lock().unwrap().get_mut(&room.id) {
            users.remove(user);
        }
        locked.evict(&room, user);
    }

    fn said(&self, by: &str, said: &Said) -> Value {
        let number = self.numbers.fetch_add(1, Ordering::SeqCst);
        json!({ "room": said.room, "text": said.text, "by": by, "number": number })
    }

    pub fn service(&self) -> Service {
        let endpoints = [self.events_in_rooms(), self.other_events(), self.operations(), self.boards()];
        Service {
            protocol: &PROTOCOL,
            lifecycle: Lifecycle { connect: connect(), disconnect: Some(self.disconnect()) },
            endpoints: endpoints.into_iter().flatten().collect(),
            older: Vec::new(),
        }
    }

    fn disconnect(&self) -> Hook {
        let (desk, hub) = (self.clone(), self.hub.clone());
        Hook::new(&DISCONNECT, move |call: Call| {
            let (desk, left) = (desk.clone(), hub.connections_of(&call.identity().id));
            async move {
                let went = json!({ "who": call.identity().id, "left": left });
                desk.gone.lock().unwrap().push(went.clone());
                Ok::<_, Failed>(Done { ack: Value::Null, emits: vec![("went", Target::Room(0), went)] })
            }
        })
    }

    fn events_in_rooms(&self) -> Vec<Endpoint> {
        let desk = self;
        vec![
            Endpoint::room(&ENTER, RoomAction::Join, |said: Said| Done {
                ack: json!(said.room),
                emits: vec![("entered", Target::Caller, json!(said.room))],
            }),
            Endpoint::room(&EXIT, RoomAction::Leave, |said: Said| Done { ack: json!(said.room), emits: vec![] }),
            {
                let desk = desk.clone();
                Endpoint::event(&SAY, move |call: Call<InRoom>, said: Said| {
                    let desk = desk.clone();
                    async move {
                        assert_eq!(call.member().room().id, said.room);
                        if said.text == "LOUD" {
                            return Err(Failed::TooLoud);
                        }
                        if said.text == "OFTEN" {
                            return Err(Failed::TooOften);
                        }
                        let value = desk.said(&call.identity().id, &said);
                        Ok(Done { ack: value.clone(), emits: vec![("said", Target::Scope, value)] })
                    }
                })
            },
            {
                let desk = desk.clone();
                Endpoint::event(&NUDGE, move |call: Call<InRoom>, said: Said| {
                    let value = desk.said(&call.identity().id, &said);
                    let emits = vec![("nudged", Target::Others, value.clone()), ("mine", Target::User, value.clone())];
                    async move { Ok::<_, Failed>(Done { ack: value, emits }) }
                })
            },
            {
                let desk = desk.clone();
                Endpoint::event(&CARRY, move |call: Call<InRoom, CarryAlso>, said: Said| {
                    assert_eq!(Some(&call.also().other.room().id), said.other.as_ref());
                    let value = desk.said(&call.identity().id, &said);
                    let emits = vec![("carried", Target::Room(1), value.clone())];
                    async move { Ok::<_, Failed>(Done { ack: value, emits }) }
                })
            },
            Endpoint::event(&SHOUT, |_: Call<InRoom>, said: Said| async move {
                match said.text.as_str() {
                    "LOUD" => Err(Failed::TooLoud),
                    "OFTEN" => Err(Failed::TooOften),
                    "BREAK" => Err(Failed::Fault(Fault::msg("disk full"))),
                    "PANIC" => panic!("secret panic"),
                    _ => Ok(Done { ack: Value::Null, emits: vec![] }),
                }
            }),
        ]
    }

    fn other_events(&self) -> Vec<Endpoint> {
        let desk = self;
        vec![
            {
                let desk = desk.clone();
                Endpoint::event(&TICK, move |_: Call, _: NoPayload| {
                    let number = desk.numbers.fetch_add(1, Ordering::SeqCst);
                    async move {
                        Ok::<_, Failed>(Done {
                            ack: json!(number),
                            emits: vec![("tock", Target::Caller, json!(number))],
                        })
                    }
                })
            },
            Endpoint::event(&RARE, |_: Call, _: NoPayload| async {
                Ok::<_, Failed>(Done { ack: Value::Null, emits: vec![] })
            }),
            Endpoint::event(&WHISPER, |_: Call, said: Said| async move {
                match said.text.as_str() {
                    "" => Err(Failed::TooSoft),
                    _ => Ok(Done { ack: Value::Null, emits: vec![] }),
                }
            }),
            Endpoint::renewal::<NewToken, Value, _>(&RENEW, "key", |ack| Done { ack, emits: vec![] }),
            Endpoint::event(&WHO, |call: Call, _: NoPayload| async move {
                let who = call.identity();
                let ack = json!({ "name": who.name, "admin": who.admin, "expiresAt": call.expires_at() });
                Ok::<_, Failed>(Done { ack, emits: vec![] })
            }),
            Endpoint::event(&BREAK, |_: Call, _: NoPayload| async {
                Err::<Done, _>(Failed::Fault(Fault::msg("disk full").context("secret detail")))
            }),
            Endpoint::event(&PANIC, |_: Call, _: NoPayload| async {
                if true {
                    panic!("secret panic");
                }
                Ok::<Done, Failed>(Done { ack: Value::Null, emits: vec![] })
            }),
            {
                let desk = desk.clone();
                Endpoint::event(&WAIT, move |_: Call, _: NoPayload| {
                    let desk = desk.clone();
                    async move {
                        desk.begun.notify_one();
                        desk.go.notified().await;
                        Ok::<_, Failed>(Done { ack: json!("waited"), emits: vec![] })
                    }
                })
            },
        ]
    }
}

fn connect() -> Hook {
    Hook::new(&CONNECT, move |call: Call| async move {
        let user = call.identity().clone();
        if user.id == "unlucky" {
            return Err(Failed::Fault(Fault::msg("no")));
        }
        let welcome = json!({ "id": user.id, "name": user.name, "email": user.email, "admin": user.admin });
        let came = ("came", Target::Room(0), json!(user.id));
        Ok(Done { ack: Value::Null, emits: vec![("welcome", Target::Caller, welcome), came] })
    })
}
