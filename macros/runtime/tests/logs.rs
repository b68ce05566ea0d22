//! Generated code of a protocol whose rooms have logs, of `codegen/rust/tests/corner_cases/logs.yaml`, with handlers.

#[allow(dead_code, reason = "the whole sample is generated; not every type of it is made here")]
mod sample {
    include!("../../../codegen/rust/tests/corner_cases/logs.rs");
}

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use accord_runtime::{
    Call, Declared, Effect, Emits, Endpoint, Evicts, Fault, LogSpec, Logged, Position, Reply, RoomAction, Scope,
    Service, Target, log::NewEntry, reply::Encoded,
};
use futures_util::{FutureExt, future::BoxFuture};
use sample::{
    AddGuest, AddGuestError, AddGuestReply, Connection, Emitter, GuestsChanged, Http, InHall, Logs, MoveUp, MoveUpAlso,
    MoveUpError, MoveUpReply, RemoveGuest, RemoveGuestError, RemoveGuestReply, Ring, RingError, RingReply, Say,
    SayError, SayReply, Saying, SetGuests, SetGuestsError, SetGuestsReply, Shout, ShoutError, ShoutReply, scopes,
    specs,
};

struct Server;

impl Connection for Server {
    async fn connect(&self, _: Call) -> Result<sample::ConnectReply, sample::ConnectError> {
        Ok(sample::ConnectReply)
    }
}

impl Logs for Server {
    async fn say(&self, call: Call<scopes::Hall>, payload: Say) -> Result<Logged<SayReply>, SayError> {
        let saying = Saying { id: call.identity().id.clone(), hall_id: payload.hall_id, text: payload.text };
        Ok(SayReply { said: saying }.into())
    }

    async fn move_up(
        &self,
        _: Call<scopes::Hall, MoveUpAlso>,
        payload: MoveUp,
    ) -> Result<Logged<MoveUpReply>, MoveUpError> {
        Ok(MoveUpReply { ack: saying(payload.hall_id.as_str()), moved: None, seen: () }.into())
    }

    async fn ring(&self, _: Call, _: Ring) -> Result<RingReply, RingError> {
        Ok(RingReply { rung: (), users: Some(()) })
    }

    async fn shout(&self, _: Call<scopes::Hall>, _: Shout) -> Result<ShoutReply, ShoutError> {
        Ok(ShoutReply { shouted: () })
    }
}

impl Http for Server {
    async fn add_guest(&self, _: Call, input: AddGuest) -> Result<Logged<AddGuestReply>, AddGuestError> {
        let guest = InHall { hall_id: input.hall_id, user_id: input.user_id };
        Ok(AddGuestReply { guest_added: Some(guest.clone()), hall_opened: guest }.into())
    }

    async fn remove_guest(&self, _: Call, input: RemoveGuest) -> Result<Logged<RemoveGuestReply>, RemoveGuestError> {
        let guest = InHall { hall_id: input.hall_id, user_id: input.user_id };
        Ok(RemoveGuestReply { answer: guest.clone(), guest_removed: guest }.into())
    }

    async fn set_guests(
        &self,
        call: Call<scopes::Hall>,
        input: SetGuests,
    ) -> Result<Logged<SetGuestsReply>, SetGuestsError> {
        let answer = InHall { hall_id: input.hall_id.clone(), user_id: call.identity().id.as_str().into() };
        Ok(SetGuestsReply { answer, guests_changed: GuestsChanged { hall_id: input.hall_id }, swept: () }.into())
    }
}

fn saying(hall_id: &str) -> Saying {
    Saying { id: "s1".into(), hall_id: hall_id.into(), text: "Hello".into() }
}

fn endpoint(name: &str) -> Endpoint {
    let Service { endpoints, .. } = sample::service(Server);
    let is_it = |endpoint: &Endpoint| match endpoint.declared() {
        Declared::Event(spec) => spec.name == name,
        Declared::Operation(spec) => spec.name == name,
        Declared::Gone => false,
    };
    endpoints.into_iter().find(is_it).unwrap()
}

#[test]
fn scopes_have_the_logs_that_the_schema_declares() {
    let hall = <scopes::Hall as Scope>::SPEC.log;
    let (day, minute) = (Duration::from_secs(86_400), Duration::from_secs(60));
    let kept = LogSpec { caught_up: "caught_up", key: "hallId", keep: 7 * day, entries: 100_000, floor: 10 * minute };
    assert_eq!(hall, Some(&kept));
    let attic = <scopes::Attic as Scope>::SPEC.log.unwrap();
    assert_eq!((attic.keep, attic.entries, attic.floor), (60 * minute, 50, minute / 2));
    assert_eq!(<scopes::Porch as Scope>::SPEC.log, None);
}

#[test]
fn specifications_say_whose_log_an_event_is_in() {
    assert_eq!((specs::SAY.log, specs::SAY.idempotent), (Some(0), Some("clientId")));
    assert_eq!((specs::MOVE_UP.log, specs::MOVE_UP.durable()), (Some(1), true));
    assert_eq!((specs::SHOUT.log, specs::RING.log, specs::JOIN_HALL.log), (None, None, None));
    let rooms: Vec<_> = specs::SET_GUESTS.rooms.iter().map(|room| (room.scope.name, room.key)).collect();
    assert_eq!((rooms, specs::SET_GUESTS.durable), (vec![("porch", "porchId")], true));
    let event = |name| sample::PROTOCOL.event(name).unwrap();
    let durable = ["said", "moved", "guest_added", "guest_removed", "guests_changed", "noticed"];
    let named = sample::PROTOCOL.events.iter().filter(|event| event.durable).map(|event| event.name);
    assert_eq!(named.collect::<Vec<_>>(), durable);
    assert_eq!(event("guest_removed").evicts, Some(Evicts::User("userId")));
    assert_eq!(event("guests_changed").evicts, Some(Evicts::FormerMembers));
    assert_eq!((event("guest_added").since, event("said").since), (Some("0.2.0"), None));
    let answers = &sample::PROTOCOL.answers;
    assert_eq!(answers.position_lost.map(|error| error.name), Some("position_lost"));
    assert_eq!(answers.idempotency_conflict.map(|error| error.name), Some("conflict"));
}

#[test]
fn an_event_with_several_receivers_is_encoded_once() {
    let users = ["bob".into(), "ann".into()];
    assert_eq!(RingReply::USERS, ["userId", "users"]);
    let outcome = RingReply { rung: (), users: Some(()) }.outcome(&users).unwrap();
    let to: Vec<_> = outcome.emissions.iter().map(|emission| (emission.event, emission.to.clone())).collect();
    let [bob, ann] = users.map(Target::UserOf);
    assert_eq!(to, [("rung", bob.clone()), ("users", ann), ("users", bob), ("users", Target::Caller)]);
    assert!(Arc::ptr_eq(&outcome.emissions[1].data, &outcome.emissions[3].data));

    let reply = MoveUpReply { ack: saying("a"), moved: Some(saying("a")), seen: () };
    let outcome = Logged::from(reply).outcome(&[]).unwrap();
    let to: Vec<_> = outcome.emissions.iter().map(|emission| (emission.to.clone(), emission.durable)).collect();
    assert_eq!(to, [(Target::Room(1), true), (Target::Others, false), (Target::User, false)]);
}

#[test]
fn an_event_that_joins_is_answered_with_the_position() {
    let join = endpoint("join_hall");
    assert_eq!(join.effect(), Some(Effect::Room(RoomAction::Join)));
    let position = Position { epoch: "x2".into(), seq: 9 };
    assert_eq!(sample::Position::from(position), sample::Position { seq: 9, epoch: "x2".into() });
}

#[derive(Default)]
struct Heard(Mutex<Vec<(String, &'static str, String)>>);

impl Heard {
    fn note(&self, whom: String, event: &'static str, data: &Encoded) {
        self.0.lock().unwrap().push((whom, event, data.get().to_owned()));
    }
}

impl Emits for Heard {
    fn to_room(&self, NewEntry { room, event, data }: NewEntry) -> BoxFuture<'_, Result<(), Fault>> {
        self.note(room.to_string(), event, &data);
        async { Ok(()) }.boxed()
    }

    fn to_user<'a>(&'a self, user: &'a str, event: &'static str, data: Encoded) -> BoxFuture<'a, Result<(), Fault>> {
        self.note(user.to_owned(), event, &data);
        async { Ok(()) }.boxed()
    }
}

#[test]
fn an_event_that_is_emitted_at_any_time_has_its_own_function() {
    let heard = Arc::new(Heard::default());
    let emitter = Emitter::new(heard.clone());
    let said = saying("hall-1");
    let emitted = async {
        emitter.noticed("hall-1", &said).await?;
        emitter.swept("porch-1").await?;
        emitter.reminded("ann", &said).await
    };
    emitted.now_or_never().unwrap().unwrap();
    let text = r#"{"id":"s1","hallId":"hall-1","text":"Hello"}"#;
    let expected = [("hall:hall-1", "noticed", text), ("porch:porch-1", "swept", "null"), ("ann", "reminded", text)];
    let heard = heard.0.lock().unwrap();
    let heard: Vec<_> = heard.iter().map(|(whom, event, data)| (whom.as_str(), *event, data.as_str())).collect();
    assert_eq!(heard, expected);
}
