//! The answers of `accord mock`, and the faults that it takes.

use accord_cli::mock::{
    faults::{Asked, Faults},
    make::{Maker, Request},
};
use accord_documents::json_schema;
use accord_language::{
    Model,
    model::{Ack, ClientEvent, Kind, SuccessBody, Type, TypeId},
};
use accord_runtime::{Identity, Room};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The schemas that ship, and one of corner cases.
const SCHEMAS: [&str; 3] =
    ["../../schema/chat.yaml", "../../tests/whiteboard/whiteboard.yaml", "../rust/tests/corner_cases/sample.yaml"];

/// The number of worlds to make from each schema.
const SEEDS: u64 = 25;

fn model(path: &str) -> &'static Model {
    Box::leak(Box::new(accord_language::load(path).unwrap_or_else(|errors| panic!("{errors}"))))
}

/// A model whose schema gives no example of anything.
fn without_examples(model: &Model) -> &'static Model {
    let mut model = model.clone();
    model.types.iter_mut().for_each(|def| def.example = None);
    for domain in &mut model.domains {
        domain.client.iter_mut().for_each(|event| event.example = None);
        domain.server.iter_mut().for_each(|event| event.example = None);
    }
    for operation in &mut model.http.operations {
        operation.example = None;
        operation.success.example = None;
    }
    Box::leak(Box::new(model))
}

fn user(id: &str, name: &str) -> Identity {
    Identity { id: id.to_owned(), name: name.to_owned(), email: None, image: None, admin: false }
}

fn maker(model: &'static Model, seed: u64) -> Maker {
    Maker::new(model, vec![user("alice", "Alice"), user("bob", "Bob")], seed)
}

/// The judges of a model's types.
fn judges(model: &Model) -> Vec<Validator> {
    let judge = |index| {
        let schema = json_schema::of(model, TypeId(index));
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .expect("what is emitted is valid JSON Schema")
    };
    (0..model.types.len()).map(judge).collect()
}

fn hold(judges: &[Validator], ty: &Type, value: &Value, what: &str) {
    match &ty.kind {
        Kind::Ref(TypeId(index)) => {
            let wrong: Vec<_> = judges[*index].iter_errors(value).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty() || ty.nullable && value.is_null(), "{what}: {value}\n{wrong:#?}");
        }
        Kind::Array(array) => {
            let items = value.as_array().unwrap_or_else(|| panic!("{what} is not an array: {value}"));
            items.iter().for_each(|item| hold(judges, &array.items, item, what));
        }
        kind => panic!("{what}: no judge of a {kind:?}"),
    }
}

fn events(model: &'static Model) -> impl Iterator<Item = &'static ClientEvent> {
    model.client_events()
}

/// A payload that a client might send.
fn payload(model: &Model, event: &ClientEvent, maker: &Maker) -> Map<String, Value> {
    let Some(id) = event.payload else { return Map::new() };
    let example = event.example.clone().or_else(|| model.types[id.0].example.clone());
    let nothing = Map::new();
    let request = Request { caller: None, input: None, given: &nothing, example: None, reads: false };
    let payload = example.unwrap_or_else(|| maker.answers(request).value(maker.ty(id), None));
    payload.as_object().cloned().unwrap_or_default()
}

#[test]
fn generated_data_is_valid_with_and_without_examples() {
    let alice = user("alice", "Alice");
    for path in SCHEMAS {
        let given = model(path);
        for model in [given, without_examples(given)] {
            let judges = judges(model);
            for seed in 0..SEEDS {
                let maker = maker(model, seed);
                for event in events(model) {
                    let given = payload(model, event, &maker);
                    let example = event.example.as_ref();
                    let request =
                        Request { caller: Some(&alice), input: event.payload, given: &given, example, reads: false };
                    let mut answers = maker.answers(request);
                    let what = format!("{path}, seed {seed}, {}", event.name);
                    for id in event.emits.iter().filter_map(|emit| emit.payload) {
                        hold(&judges, maker.ty(id), &answers.value(maker.ty(id), None), &what);
                    }
                    if let Ack::Type(ty) = &event.ack {
                        hold(&judges, ty, &answers.value(ty, None), &what);
                    }
                }
                for operation in &model.http.operations {
                    if let SuccessBody::Json { ty, .. } = &operation.success.body {
                        let given = Map::new();
                        let request =
                            Request { caller: Some(&alice), input: None, given: &given, example: None, reads: true };
                        let value = maker.answers(request).value(ty, operation.success.example.as_ref());
                        hold(&judges, ty, &value, &format!("{path}, seed {seed}, {}", operation.name));
                    }
                }
            }
        }
    }
}

#[test]
fn the_seed_determines_the_generated_data() {
    let model = without_examples(model(SCHEMAS[2]));
    let index = model.types.iter().position(|def| def.name == "Kind").expect("the sample has kinds");
    let kinds = |seed| -> Vec<Value> {
        let (maker, given) = (maker(model, seed), Map::new());
        let request = Request { caller: None, input: None, given: &given, example: None, reads: false };
        (0..20).map(|_| maker.answers(request).value(maker.ty(TypeId(index)), None)).collect()
    };
    assert_eq!(kinds(7), kinds(7));
    assert_ne!(kinds(7), kinds(8));
}

#[test]
fn an_answer_repeats_the_values_of_the_request_and_nothing_else_of_it() {
    let model = model(SCHEMAS[0]);
    let event = events(model).find(|event| event.name == "forward_message").expect("chat forwards messages");
    let given = json!({ "messageId": "m-1", "channelId": "here", "targetChannelId": "there", "unknown": 1 });
    let bob = user("bob", "Bob");
    let request = Request {
        caller: Some(&bob),
        input: event.payload,
        given: given.as_object().expect("an object"),
        example: event.example.as_ref(),
        reads: false,
    };
    let server = model.server_events();
    let forwarded = server.into_iter().find(|event| event.name == "message_forwarded").expect("chat says so");
    let maker = maker(model, 1);
    let ty = maker.ty(forwarded.payload.expect("it has a payload"));
    let value = maker.answers(request).value(ty, forwarded.example.as_ref());
    assert_eq!(value["originalMessage"]["id"], "m-1");
    assert_eq!(value["originalMessage"]["channelId"], "here");
    assert_eq!((&value["targetChannelId"], &value["message"]["channelId"]), (&json!("there"), &json!("there")));
    assert_eq!(value["forwardedBy"], json!({ "id": "bob", "name": "Bob", "image": null }));
    assert_eq!(value["message"]["user"], value["forwardedBy"]);
    assert_eq!(value["message"]["id"], "message_001001");
    assert!(value.get("unknown").is_none());
}

fn asked(fail: &[&str], latency: &[&str], deny: &[&str]) -> Asked {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Asked { fail: owned(fail), latency: owned(latency), deny: owned(deny) }
}

#[test]
fn faults_are_read_as_they_are_written() {
    let model = model(SCHEMAS[0]);
    let faults = asked(
        &[
            "send_message=invalid_attachment@0.25",
            "ping=internal",
            "join_channel=channel_denied",
            "add_reaction=not_found",
            "join_conversation=access_denied@0.5",
        ],
        &["100..300", "ping=5"],
        &["channel:secret:1"],
    );
    let faults = Faults::read(model, faults).expect("nothing is wrong");
    let failure = |call, chance| faults.failure(call, chance).map(|id| model.errors[id.0].name.as_str());
    assert_eq!(failure("send_message", 0.24), Some("invalid_attachment"));
    assert_eq!(failure("send_message", 0.25), None);
    assert_eq!(failure("ping", 0.999), Some("internal"));
    assert_eq!(failure("join_channel", 0.5), Some("channel_denied"));
    assert_eq!(failure("add_reaction", 0.5), Some("message_not_found"), "by its code");
    assert_eq!(failure("join_conversation", 0.4), Some("conversation_denied"));
    assert_eq!(failure("edit_message", 0.0), None);
    let milliseconds = |call, chance| faults.latency(call, chance).as_millis();
    assert_eq!((milliseconds("send_message", 0.0), milliseconds("send_message", 0.5)), (100, 200));
    assert_eq!(milliseconds("ping", 0.5), 5);
    let room = |scope, id: &str| Room { scope, id: id.to_owned() };
    assert!(faults.denies(&room("channel", "secret:1")));
    assert!(!faults.denies(&room("conversation", "secret:1")));
}

#[test]
fn invalid_faults_are_reported_with_the_nearest_valid_ones() {
    let cases = [
        (asked(&["send_mesage=internal"], &[], &[]), "did you mean `send_message`?"),
        (asked(&["send_message=invalid_atachment"], &[], &[]), "did you mean `invalid_attachment`?"),
        (asked(&["add_reaction=not_fond"], &[], &[]), "did you mean `not_found`?"),
        (asked(&["send_message=reaction_not_found"], &[], &[]), "an error that `send_message` does not answer with"),
        (asked(&["send_message=invalid_payload"], &[], &[]), "an error that `send_message` does not answer with"),
        (asked(&["send_message"], &[], &[]), "is not EVENT=ERROR"),
        (asked(&["ping=internal@2"], &[], &[]), "write one from 0 to 1"),
        (asked(&["ping=internal@often"], &[], &[]), "write one from 0 to 1"),
        (asked(&[], &["pong=5"], &[]), "did you mean `ping`?"),
        (asked(&[], &["fast"], &[]), "write milliseconds"),
        (asked(&[], &["30..20"], &[]), "write milliseconds"),
        (asked(&[], &[], &["chanel:1"]), "did you mean `channel`?"),
        (asked(&[], &[], &["general"]), "is not SCOPE:ID, for example channel:1"),
    ];
    for (asked, says) in cases {
        let mistakes = Faults::read(model(SCHEMAS[0]), asked.clone()).expect_err("it cannot be");
        assert_eq!(mistakes.len(), 1, "{asked:?}");
        assert!(mistakes[0].message.contains(says), "{asked:?}: {}", mistakes[0].message);
    }
}
