//! The chat protocol's schema, as it is checked in.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use accord_language::{
    Model, load,
    model::{Ack, Auth, Kind, Part, RoomAction, Shape, SuccessBody, Target, own_scopes},
    source,
};
use serde_json::json;

const SCHEMA: &str = "../../schema/chat.yaml";

fn chat() -> Model {
    load(SCHEMA).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// Every YAML file of the schema.
fn files() -> Vec<PathBuf> {
    let directories = ["../../schema", "../../schema/events", "../../schema/types"];
    let entries = directories.iter().flat_map(|directory| fs::read_dir(directory).unwrap());
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    assert!(files.len() > 10, "the schema's files are found");
    files
}

#[test]
fn the_chat_schema_has_no_errors() {
    let model = chat();
    for domain in &model.domains {
        assert!(!domain.client.is_empty() || !domain.server.is_empty(), "{}", domain.name);
    }
    let forward = model.client_event("forward_to_direct");
    assert!(forward.is_some_and(|event| event.scope.is_none() && event.also.len() == 1), "a room without a scope");
    let gone = model.disconnect.as_ref().map(|end| own_scopes(&end.emits).len());
    assert_eq!(gone, Some(1), "the room of the user's own presence");
}

#[test]
fn events_mean_what_they_say() {
    let model = chat();
    let events = model.client_events();
    let events: BTreeMap<&str, _> = events.map(|event| (event.name.as_str(), event)).collect();

    let join = events["join_channel"];
    assert_eq!(
        (join.room, &join.ack, &join.emits[0].to[..]),
        (Some(RoomAction::Join), &Ack::Emitted(0), &[Target::Caller][..])
    );

    let send = events["send_message"];
    let payload = &model.types[send.payload.unwrap().0];
    assert_eq!((payload.name.as_str(), payload.named), ("SendMessage", false));
    let Shape::Object(object) = &payload.shape else { panic!("an object") };
    let required: Vec<(&str, bool)> = object.fields.iter().map(|field| (field.name.as_str(), field.required)).collect();
    assert_eq!(
        required,
        [("content", true), ("channelId", true), ("replyToId", false), ("attachments", false), ("clientId", false)]
    );
    assert_eq!(object.rules[0].path, "/content");

    let forward = events["forward_message"];
    assert_eq!((forward.also[0].key.as_str(), &forward.emits[0].to[..]), ("targetChannelId", &[Target::Also(0)][..]));
    assert!(matches!(forward.ack, Ack::Type(_)));

    let react = events["add_reaction"];
    assert!(react.emits[0].optional);
    let errors: Vec<&str> = react.errors.iter().map(|id| model.errors[id.0].name.as_str()).collect();
    assert_eq!(errors, ["message_not_found", "too_many_reactions"]);

    assert_eq!((events["ping"].payload, events["ping"].scope), (None, None));
}

#[test]
fn a_message_that_replies_to_a_message_is_boxed() {
    let model = chat();
    let message = model.types.iter().find(|def| def.name == "Message").unwrap();
    let Shape::Object(object) = &message.shape else { panic!("an object") };
    let recursive: Vec<&str> =
        object.fields.iter().filter(|field| field.ty.recursive).map(|field| field.name.as_str()).collect();
    assert_eq!(recursive, ["replyTo"]);
}

#[test]
fn operations_take_path_query_and_body_together() {
    let model = chat();
    let operations = &model.http.operations;
    let put = operations.iter().find(|operation| operation.name == "put_channel").unwrap();
    let places = [("id", Part::Path), ("name", Part::Body), ("members", Part::Body)];
    assert_eq!(put.parts, places.map(|(name, place)| (name.to_owned(), place)));
    assert_eq!((put.auth, put.success.status), (Auth::Admin, 200));
    let SuccessBody::Json { ty, envelope } = &put.success.body else { panic!("JSON") };
    assert!(matches!(ty.kind, Kind::Ref(id) if model.types[id.0].name == "RoomInfo"));
    assert_eq!(envelope.as_deref(), Some("data"));
    let download = operations.iter().find(|operation| operation.name == "download_file").unwrap();
    assert_eq!((download.auth, &download.success.body), (Auth::Public, &SuccessBody::Raw("*/*".to_owned())));
}

#[test]
fn the_meta_schema_is_that_of_the_source_types() {
    let made = format!("{:#}\n", source::meta_schema());
    let path = "../../schema/meta.schema.json";
    if env::var_os("ACCORD_UPDATE").is_some() {
        fs::write(path, &made).unwrap();
    }
    let checked_in = fs::read_to_string(path).unwrap_or_default();
    assert!(made == checked_in, "{path} is stale: run `ACCORD_UPDATE=1 cargo test -p accord-language --test chat`");
}

#[test]
fn every_file_of_the_schema_is_valid_by_the_meta_schema() {
    let meta = jsonschema::validator_for(&source::meta_schema()).unwrap();
    for path in files() {
        let mut cx = source::Context::default();
        let text = fs::read_to_string(&path).unwrap();
        let document: source::Any = source::read_text(&path.display().to_string(), &text, &mut cx).unwrap();
        let errors: Vec<String> = meta
            .iter_errors(&document.to_json())
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        let first = text.lines().next().unwrap();
        let depth = path.components().count() - 4;
        let expected = format!("# yaml-language-server: $schema={}meta.schema.json", "../".repeat(depth));
        assert_eq!(first, expected, "{}: editors find the meta schema by the first line", path.display());
    }
}

#[test]
fn the_meta_schema_refuses_the_same_mistakes_as_the_compiler() {
    let meta = jsonschema::validator_for(&source::meta_schema()).unwrap();
    assert!(meta.is_valid(&json!({ "types": { "A": { "type": "string" } } })));
    for wrong in [
        json!({ "typs": {} }),
        json!({ "types": { "A": { "type": "strin" } } }),
        json!({ "types": { "A": { "oneOf": [] } } }),
        json!({ "client": { "poke": { "summary": "Poke.", "failure": "Failed to poke" } } }),
        json!({ "limits": { "a": { "summary": "A.", "per": "user", "rate": "1/s", "burst": -1 } } }),
    ] {
        assert!(!meta.is_valid(&wrong), "{wrong}");
    }
}
