//! The macros applied to generated code: the code of `codegen/rust/tests/corner_cases/sample.yaml`, with handlers.

#[allow(dead_code, reason = "the whole sample is generated; not every type of it is made here")]
mod sample {
    include!("../../../codegen/rust/tests/corner_cases/sample.rs");
}

use accord_runtime::{
    Auth, Body, Call, Declared, DeclaredError, Effect, Endpoint, EventError, ParameterKind, Path, Refusal, Reply,
    RoomAction, Scope, Service, Target, Unscoped, Validate, Violations,
};
use sample::{
    BoardId, Connection, Http, Kind, ListTrees, ListTreesError, Plant, PlantAlso, PlantError, PlantReply, PokeError,
    PokeReply, RemoveBoard, RemoveBoardError, Sample, Show, ShowAlso, ShowError, ShowReply, Tree, errors, scopes,
    specs,
};
use serde_json::{Value, json};

struct Server;

impl Connection for Server {
    async fn connect(&self, _: Call) -> Result<sample::ConnectReply, sample::ConnectError> {
        Ok(sample::ConnectReply { shown: None })
    }

    async fn disconnect(&self, _: Call) -> Result<sample::DisconnectReply, sample::DisconnectError> {
        Ok(sample::DisconnectReply { counted: sample::Counted { count: 0 }, shown: () })
    }
}

impl Sample for Server {
    async fn plant(&self, call: Call<scopes::Board, PlantAlso>, payload: Plant) -> Result<PlantReply, PlantError> {
        if call.member().room() == call.also().other_id.room() {
            Err(errors::Fault)?;
        }
        let tree = payload.tree;
        Ok(PlantReply { ack: vec![tree.clone()], planted: tree, shown: (), counted: None })
    }

    async fn show(&self, call: Call<Unscoped, ShowAlso>, _: Show) -> Result<ShowReply, ShowError> {
        assert_ne!(call.also().board_id.room(), call.also().other_id.room());
        Ok(ShowReply { shown: () })
    }

    async fn poke(&self, _: Call) -> Result<PokeReply, PokeError> {
        Ok(PokeReply)
    }
}

impl Http for Server {
    async fn list_trees(&self, _: Call<scopes::Board>, _: ListTrees) -> Result<Vec<Tree>, ListTreesError> {
        Ok(Vec::new())
    }

    async fn remove_board(&self, _: Call, _: RemoveBoard) -> Result<(), RemoveBoardError> {
        Ok(())
    }
}

fn tree() -> Value {
    json!({"type": "broad-leaf", "left": null, "children": [], "weights": {"a": 0.25}, "genus": "tree"})
}

fn violations<T: Validate>(value: &Value) -> Vec<(String, String)> {
    let mut violations = Violations::default();
    T::validate(value, Path::Root, &mut violations);
    violations.into_vec().into_iter().map(|violation| (violation.path, violation.message.into_owned())).collect()
}

fn declared(endpoint: &Endpoint) -> (&'static str, &'static str) {
    match endpoint.declared() {
        Declared::Event(spec) => ("event", spec.name),
        Declared::Operation(spec) => ("operation", spec.name),
        Declared::Gone => ("gone", ""),
    }
}

#[test]
fn a_service_has_every_event_and_operation() {
    let Service { protocol, lifecycle, endpoints, older } = sample::service(Server);
    assert!(older.is_empty());
    assert_eq!((protocol.name, protocol.unknown_limit, protocol.limits[0].burst), ("sample", None, 10));
    assert_eq!(protocol.limits[0].replenish.as_nanos(), 142_857_142);
    assert_eq!(lifecycle.connect.spec.name, "connect");
    let disconnect = lifecycle.disconnect.unwrap().spec;
    assert_eq!((disconnect.name, disconnect.scopes[0].scope.name, disconnect.scopes.len()), ("disconnect", "board", 1));
    let names: Vec<_> = endpoints.iter().map(|endpoint| (declared(endpoint), endpoint.effect())).collect();
    let joins = Some(Effect::Room(RoomAction::Join));
    assert_eq!(names[..2], [(("event", "join_board"), joins), (("event", "stay"), Some(Effect::Renew("key")))]);
    assert_eq!(names[2..5], ["plant", "show", "poke"].map(|name| (("event", name), None)));
    assert_eq!(names[5..], ["list_trees", "remove_board"].map(|name| (("operation", name), None)));

    let mut violations = Violations::default();
    endpoints[2].validate(&json!({"boardId": "a", "otherId": "B", "tree": tree()}), &mut violations);
    let paths: Vec<_> = violations.into_vec().into_iter().map(|violation| violation.path).collect();
    assert_eq!(paths, ["/otherId"]);
    let mut violations = Violations::default();
    endpoints[4].validate(&json!("anything"), &mut violations);
    assert!(violations.is_empty());
}

#[test]
fn specifications_are_those_of_the_schema() {
    let plant = &specs::PLANT;
    let named: Vec<_> = plant.named.iter().map(|room| (room.field, room.named_as)).collect();
    assert_eq!(named, [("boardId", "boardId")], "the first of a scope");
    let keys: Vec<_> = plant.scopes.iter().map(|scope| (scope.scope.name, scope.key)).collect();
    assert_eq!((plant.limit, keys), (None, vec![("board", "boardId"), ("board", "otherId")]));
    let list = &specs::LIST_TREES;
    let parameters: Vec<_> =
        list.parameters.iter().map(|parameter| (parameter.name, parameter.in_path, parameter.kind)).collect();
    assert_eq!(
        parameters,
        [
            ("boardId", true, ParameterKind::Text),
            ("deep", false, ParameterKind::Boolean),
            ("level", false, ParameterKind::Number),
            ("kind", false, ParameterKind::Text),
        ]
    );
    let remove = &specs::REMOVE_BOARD;
    assert_eq!((remove.auth, remove.body, remove.status, remove.envelope), (Auth::Admin, Body::None, 204, None));
    assert_eq!(<scopes::Board as Scope>::SPEC.denied, <errors::Denied as DeclaredError>::SPEC);
}

#[test]
fn a_reply_is_encoded_once_for_each_of_its_values() {
    let tree: Tree = serde_json::from_value(tree()).unwrap();
    let reply = PlantReply { ack: vec![tree.clone()], planted: tree, shown: (), counted: None };
    let outcome = reply.outcome(&[]).unwrap();
    assert!(outcome.answer.unwrap().get().starts_with(r#"[{"type":"broad-leaf""#));
    let emissions: Vec<_> = outcome.emissions.iter().map(|emission| (emission.event, emission.to.clone())).collect();
    assert_eq!(emissions, [("planted", Target::Others), ("shown", Target::Room(1))]);
    assert_eq!(outcome.emissions[1].data.get(), "null");

    let reply = PlantReply { counted: Some(sample::Counted { count: 2 }), ..reply };
    let outcome = reply.outcome(&[]).unwrap();
    let counted = &outcome.emissions[2];
    assert_eq!((counted.event, counted.to.clone(), counted.data.get()), ("counted", Target::User, r#"{"count":2}"#));

    let shown = ShowReply { shown: () }.outcome(&[]).unwrap();
    assert_eq!(shown.emissions[0].to, Target::Room(1), "rooms are counted from the first that the event names");
    let ended = sample::DisconnectReply { counted: sample::Counted { count: 0 }, shown: () }.outcome(&[]).unwrap();
    let ended: Vec<_> = ended.emissions.iter().map(|emission| (emission.event, emission.to.clone())).collect();
    assert_eq!(ended, [("counted", Target::User), ("shown", Target::Room(0))]);

    let nothing = PokeReply.outcome(&[]).unwrap();
    assert!(nothing.answer.is_none() && nothing.emissions.is_empty());
}

#[test]
fn an_acknowledged_event_is_encoded_once() {
    let reply = sample::JoinBoardReply { board_joined: sample::BoardJoined { board_id: BoardId::from("a") } };
    let outcome = reply.outcome(&[]).unwrap();
    assert!(std::sync::Arc::ptr_eq(&outcome.answer.unwrap(), &outcome.emissions[0].data));
}

#[test]
fn an_error_is_declared_or_a_fault() {
    let declared = PlantError::from(errors::Fault).refusal();
    assert!(matches!(declared, Refusal::Declared(spec) if spec.code == "fault" && spec.status == 409));
    let fault = PlantError::from(accord_runtime::Fault::msg("the disk is full")).refusal();
    assert!(matches!(fault, Refusal::Fault(fault) if fault.to_string() == "the disk is full"));
}

#[test]
fn types_are_written_as_they_are_read() {
    let mut full = tree();
    full["right"] = tree();
    full["at"] = json!("2026-01-31T09:30:00Z");
    for value in [tree(), full] {
        assert_eq!(violations::<Tree>(&value), []);
        let typed: Tree = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(typed.r#type, Kind::BroadLeaf);
        assert_eq!(serde_json::to_value(&typed).unwrap(), value);
    }
}

#[test]
fn violations_of_a_recursive_document_have_their_paths() {
    let mut value = tree();
    value["left"] =
        json!({"type": "x2", "left": 1, "children": [{}], "weights": {"a": 2}, "genus": "shrub", "isLeaf": true});
    let found = violations::<Tree>(&value);
    let found: Vec<_> = found.iter().map(|(path, message)| (path.as_str(), message.as_str())).collect();
    assert_eq!(
        found,
        [
            ("/left/left", "must be an object"),
            ("/left/children/0/type", "is required"),
            ("/left/children/0/left", "is required"),
            ("/left/children/0/children", "is required"),
            ("/left/children/0/weights", "is required"),
            ("/left/children/0/genus", "is required"),
            ("/left/weights/a", "must be less than 1"),
            ("/left/genus", "must be: tree"),
            ("/left/isLeaf", "must not be true for x2"),
        ]
    );
}
