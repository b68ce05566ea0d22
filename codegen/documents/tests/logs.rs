//! The logs of rooms in every document: `threads.yaml` has whatever a schema can say of them.

use accord_documents::{asyncapi, docs, json_schema, openapi, package};
use accord_language::{Model, load};
use serde_json::{Value, json};

fn threads() -> Model {
    load("tests/threads.yaml").unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// A file of the npm package.
fn typescript(name: &str) -> String {
    let file = package(&threads()).into_iter().find(|file| file.path == format!("typescript/{name}"));
    file.unwrap_or_else(|| panic!("there is no {name}")).text
}

fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}\n\nis not in\n\n{text}");
    }
}

#[test]
fn entries_and_their_acknowledgements_have_numbers_in_typescript() {
    assert_has(
        &typescript("protocol.d.ts"),
        &[
            "  posted: (payload: Post & { seq: number }) => void;",
            "   * An entry of the thread's log: `seq` is its number there.",
            "  being_written: (payload: BeingWritten) => void;",
            "   * Volatile: the thread's log does not keep it",
            "(answer: Answer<Post & { seq: number }, EventErrors['post']>)",
            "(answer: Answer<LikeThreadAck & { seq: number }, EventErrors['like_thread']>)",
            "(answer: Answer<null, EventErrors['write_in_thread']>)",
            "  join_thread: 'invalid' | 'slow_down' | 'internal' | 'thread_denied' | 'position_lost';",
            "  post: 'invalid' | 'slow_down' | 'internal' | 'thread_denied' | 'posted_otherwise';",
        ],
    );
}

#[test]
fn constants_have_everything_for_catching_up() {
    let constants = typescript("constants.js");
    let at = constants.find("export const LOGS").unwrap();
    insta::assert_snapshot!(constants[at..]);
}

#[test]
fn constants_name_the_room_that_an_entry_is_of_where_the_payload_does() {
    let model = load("../../schema/chat.yaml").unwrap();
    let files = package(&model);
    let constants = &files.iter().find(|file| file.path == "typescript/constants.js").unwrap().text;
    assert_has(
        constants,
        &[
            "  message_edited: { scope: 'channel', room: 'channelId' },",
            "  message_forwarded: { scope: 'channel', room: 'targetChannelId' },",
            "  reaction_added: { scope: 'channel' },",
            "  forward_to_direct: { key: 'clientId', scope: 'conversation', room: 'targetConversationId' },",
        ],
    );
}

#[test]
fn guards_ask_for_the_number_of_an_entry() {
    assert_has(
        &typescript("guards.js"),
        &[
            "const number = check.object({ seq: check.integer({ minimum: 1 }) });",
            "  posted: numbered(isPost),",
            "  being_written: isBeingWritten,",
        ],
    );
    assert_has(
        &typescript("guards.d.ts"),
        &[
            "  readonly posted: (value: unknown) => value is protocol.Post & { seq: number };",
            "  readonly being_written: typeof isBeingWritten;",
        ],
    );
}

#[test]
fn the_json_schema_of_an_entry_asks_for_its_number() {
    let bundle = json_schema::bundle(&threads());
    let validator = |name: &str| {
        let schema = json!({ "$ref": format!("#/$defs/{name}"), "$defs": bundle["$defs"] });
        jsonschema::draft202012::new(&schema).unwrap()
    };
    let post = |seq: Value| json!({ "threadId": "thread-1", "text": "Hello", "seq": seq });
    let cases = [("posted", 1, true), ("posted", 0, false), ("post.done", 1, true), ("like_thread.done", 0, false)];
    for (name, seq, is_valid) in cases {
        assert_eq!(validator(name).is_valid(&post(json!(seq))), is_valid, "{name} {seq}");
    }
    // Nothing has changed in a new thread.
    assert!(validator("like_thread.done").is_valid(&json!({ "count": 1, "seq": 0 })));
    assert!(!validator("posted").is_valid(&json!({ "threadId": "thread-1", "text": "Hello" })));
    assert!(bundle["$defs"]["being_written"].is_null());
}

#[test]
fn asyncapi_describes_logs_and_their_entries() {
    let document = asyncapi::document(&threads());
    assert_eq!(
        document["x-accord-logs"],
        json!({ "thread": {
            "position": "Position", "caughtUp": "thread_caught_up",
            "keepMs": 129_600_000, "entries": 5000, "floorMs": 1_800_000,
        } })
    );
    let operations = &document["operations"];
    let keys = |event: &str| {
        let keys = operations[event].as_object().unwrap().iter();
        let keys = keys.filter(|(key, _)| {
            ["durable", "volatile", "idempotent", "evicts", "anytime"].iter().any(|word| key.ends_with(word))
        });
        keys.map(|(key, value)| format!("{} {value}", key.trim_start_matches("x-accord-"))).collect::<Vec<_>>()
    };
    assert_eq!(keys("post"), ["idempotent \"clientId\"", "durable true"]);
    assert_eq!(keys("being_written"), ["volatile true"]);
    assert_eq!(keys("member_removed"), ["durable true", "evicts {\"user\":\"userId\"}"]);
    assert_eq!(keys("members_changed"), ["durable true", "evicts \"former_members\"", "anytime \"scope\""]);
    assert_eq!(keys("thread_removed"), ["anytime \"user\""]);
    let answers = operations["join_thread"]["x-accord-answers"].as_array().unwrap();
    assert!(answers.contains(&json!("position_lost")));
    let messages = &document["components"]["messages"];
    let seq = |message: &str| messages[message]["examples"][0]["payload"]["data"]["seq"].clone();
    assert_eq!(messages["member_removed"]["examples"][0]["payload"]["seq"], 42);
    assert_eq!((seq("leave_thread.done"), seq("post.done")), (Value::Null, json!(42)));
    let known = document["x-accord-profile"]["keys"].as_object().unwrap();
    for operation in operations.as_object().unwrap().values() {
        for key in operation.as_object().unwrap().keys().filter(|key| key.starts_with("x-")) {
            assert!(known.contains_key(key), "{key} is not explained");
        }
    }
}

#[test]
fn operations_tell_which_events_follow() {
    let document = openapi::document(&threads());
    let operation = &document["paths"]["/api/threads/{threadId}/members/{userId}"]["delete"];
    assert_eq!(
        operation["x-accord-emits"],
        json!([
            { "event": "member_removed", "to": { "room": "threadId" } },
            { "event": "thread_removed", "to": { "user": "userId" } },
        ])
    );
    let sentence = "Leads to the events `member_removed`, `thread_removed`, which sockets receive.";
    assert_has(operation["description"].as_str().unwrap(), &[sentence]);
    assert_has(&typescript("rest.d.ts"), &[sentence]);
}

#[test]
fn the_reference_tells_how_to_catch_up() {
    let files = docs::markdown(&threads(), &[]);
    let text = |path: &str| {
        let file = files.iter().find(|file| file.path == path);
        file.unwrap_or_else(|| panic!("there is no {path}")).text.as_str()
    };
    insta::assert_snapshot!("catching_up", text("docs/catching-up.md"));
    insta::assert_snapshot!("events", text("docs/events/threads.md"));
    assert_has(
        text("docs/rest.md"),
        &["- Then: [`member_removed`](events/threads.md#member_removed) to everyone who has joined the [thread]"],
    );
    assert_has(text("docs/connecting.md"), &["[Catching up](catching-up.md)", "[can be sent again]"]);
    assert_has(&docs::html(&threads(), &[]), &["Catching up", "catching-up"]);
}

#[test]
fn without_logs_no_document_mentions_them() {
    let model = load("../../tests/whiteboard/history/1.0.0/whiteboard.yaml").unwrap();
    for file in accord_documents::files(&model, &[]) {
        assert!(!file.path.contains("rooms.js") && !file.path.contains("outbox"), "{} is of no use", file.path);
        for word in
            ["catching-up", "/rooms'", "./rooms.js", "LOGS", "x-accord-logs", "x-accord-durable", "x-accord-volatile"]
        {
            assert!(!file.text.contains(word), "{} has {word}", file.path);
        }
    }
}
