//! The macros and the runtime with generated code that also serves an older version: each conversion separately.

mod library;

use accord_runtime::{Becomes, Declared, Endpoint, Older, Refusal, reply::encode};
use futures_util::FutureExt;
use serde_json::{Value, json};

use library::{
    Library, book,
    versions::{BookId, service},
};

fn older() -> Older {
    service(Library).older.remove(0)
}

/// Converts the payload of an older client to today's version.
fn upgraded(older: &Older, event: &str, payload: Value) -> Value {
    let Becomes::Event { payload: Some(upgraded), .. } = &older.requests[event].becomes else {
        panic!("{event} has a payload of its own")
    };
    upgraded.convert(payload).unwrap()
}

#[test]
fn payloads_of_older_clients_are_converted_by_name_and_shape_and_by_decisions() {
    let older = older();
    let sent =
        json!({ "shelfId": "s", "title": "Dune", "moods": ["calm", "sad"], "isbn": 12, "after": 7, "note": "n" });
    assert_eq!(
        upgraded(&older, "add_book", sent),
        json!({
            "shelfId": "s", "title": "Dune", "moods": ["calm", "tense"], "kind": "volume", "pages": 100.0, "isbn": "12",
            "priority": 5, "note": "n", "after": "book-7",
        })
    );
    let sent = json!({ "shelfId": "s", "title": "", "moods": [], "pages": 3 });
    let made = upgraded(&older, "add_book", sent);
    assert_eq!((&made["pages"], &made["isbn"], made.get("after")), (&json!(3.0), &json!(""), None));
    assert_eq!(upgraded(&older, "ring_bell", json!("anything")), json!({}));
    assert_eq!(upgraded(&older, "lend_book", json!({ "id": 7 })), json!({ "id": "book-7" }));
}

#[test]
fn the_servers_values_are_converted_for_older_clients_at_every_depth() {
    let older = older();
    let event = older.events["book_added"].as_ref().unwrap();
    let sent = book(BookId("book-7".into()), Some(Box::new(book(BookId("x".into()), None))));
    let data = encode(&sent).unwrap();
    let got: Value = serde_json::from_str(event.data.as_ref().unwrap().convert(&data).unwrap().get()).unwrap();
    let expected = |id: u64| {
        json!({
            "id": id, "title": "D".repeat(50), "mood": "calm", "kind": "book", "pages": 2.0, "place": { "row": 3 },
            "tags": ["t".repeat(50)], "marks": { "ann": "tense" }, "owner": "ann", "blurb": "Sand.",
        })
    };
    let mut whole = expected(7);
    whole["sequel"] = expected(1);
    assert_eq!(got, whole);
}

#[test]
fn events_have_the_names_of_the_older_version_and_are_none_where_it_has_none() {
    let older = older();
    let bell = older.events["bell_heard"].as_ref().unwrap();
    let nothing = encode(&()).unwrap();
    assert_eq!(bell.name, "bell_rung");
    assert_eq!(bell.data.as_ref().unwrap().convert(&nothing).unwrap().get(), "{}");
    assert!(older.events["shelf_moved"].is_none());
    assert!(!older.events.contains_key("greeted"), "what is the same is not converted");
    assert!(matches!(older.requests["join_shelf"].becomes, Becomes::Event { payload: None, ack: None, .. }));
    assert!(matches!(older.requests["lend_book"].becomes, Becomes::Event { name: "give_book", .. }));
    assert!(!older.requests.contains_key("give_book"));
    assert!(!older.operations.contains_key("burn_book"));
}

#[test]
fn errors_are_those_that_the_older_version_declares() {
    let older = older();
    let add = &older.requests["add_book"];
    assert_eq!((add.failure, add.errors["closed"].message), ("Failed to add", "Shelf is full"));
    assert_eq!(older.errors["auth"].message, "Who?");
    let Becomes::Answer(dust) = &older.requests["dust_books"].becomes else { panic!("today has no such event") };
    let answer = dust.answer(json!(null)).now_or_never();
    assert!(matches!(answer, Some(Err(Refusal::Declared(spec))) if spec.message == "Shelf is full"));
}

#[test]
fn a_decision_that_panics_is_a_fault() {
    let older = older();
    let Becomes::Event { ack: Some(ack), .. } = &older.requests["lend_book"].becomes else { panic!("it has an ack") };
    let nothing = encode(&()).unwrap();
    let fault = format!("{:#}", ack.convert(&nothing).unwrap_err());
    assert_eq!(
        fault,
        "cannot convert what an older client is to receive: the handler panicked: nobody knows its title"
    );
}

#[test]
fn handlers_are_the_same_for_both_versions() {
    let service = service(Library);
    let name = |endpoint: &Endpoint| match endpoint.declared() {
        Declared::Event(spec) => Some(spec.name),
        Declared::Operation(_) | Declared::Gone => None,
    };
    let names: Vec<_> = service.endpoints.iter().filter_map(name).collect();
    assert_eq!((service.protocol.version, names), ("2.0.0", vec!["join_shelf", "add_book", "give_book", "ring_bell"]));
}
