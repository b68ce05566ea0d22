//! Checks that the server's packets and answers follow the protocol.

use std::{collections::HashMap, sync::LazyLock};

use accord_documents::json_schema;
use jsonschema::Validator;
use serde_json::Value;

use crate::MODEL;

/// The code of a failure of the server itself.
pub const INTERNAL: &str = "internal";

/// The payloads of the events that the server sends, by the events' names.
static EVENTS: LazyLock<HashMap<&str, Validator>> = LazyLock::new(|| {
    let definitions = &json_schema::bundle(&MODEL)["$defs"];
    let events = MODEL.server_events().filter_map(|event| {
        let mut schema = json_schema::shown(&MODEL.types, &MODEL.shown_payload(event)?);
        schema["$defs"] = definitions.clone();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema);
        Some((event.name.as_str(), validator.expect("the JSON Schema of a payload is valid")))
    });
    events.collect()
});

/// Checks a packet that the server sends.
pub fn packet(packet: &[u8]) {
    let text = str::from_utf8(packet).expect("the server sends text");
    let kinds = ["40", "41", "42", "43", "44"];
    match kinds.into_iter().find(|kind| text.starts_with(kind)) {
        Some("42") => event(&text[2..]),
        Some("43") => {
            let answer: Value =
                serde_json::from_str(text[2..].trim_start_matches(|digit: char| digit.is_ascii_digit()))
                    .unwrap_or_else(|error| panic!("{error}: {text}"));
            let answer = &answer[0];
            match answer["ok"].as_bool() {
                Some(true) => assert!(answer.get("data").is_some(), "{text}"),
                Some(false) => self::error(&answer["error"]),
                None => panic!("an acknowledgement says whether it was done, not {text}"),
            }
        }
        _ => {}
    }
}

fn event(text: &str) {
    let event: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let name = event[0].as_str().unwrap_or_else(|| panic!("an event has a name: {text}"));
    if name == "error" {
        error(&event[1]);
    }
    let judge = EVENTS.get(name).unwrap_or_else(|| panic!("the protocol has no event {name}"));
    if let Err(wrong) = judge.validate(&event[1]) {
        panic!("{wrong}: {text}");
    }
}

/// Checks the error of a request that failed.
pub fn error(error: &Value) {
    let known = MODEL.errors.iter().any(|declared| error["code"] == declared.code.as_str());
    assert!(known && error["message"].is_string(), "{error}");
    assert_ne!(error["code"], INTERNAL, "{error}");
}
