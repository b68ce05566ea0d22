//! AsyncAPI 3.0 of a protocol's events.
//!
//! As usual in AsyncAPI, operations are the server's: it receives the client events and sends the server events. A
//! profile of extension keys holds what AsyncAPI cannot express.

mod acknowledgements;
mod keys;
mod messages;
mod operations;
mod profile;

use accord_language::model::{Domain, Model};
use serde_json::{Map, Value, json};

use super::{components::Components, sentences};

/// The version of the specification (<https://www.asyncapi.com/docs/reference/specification/v3.0.0>).
const VERSION: &str = "3.0.0";

/// The channel of all events: the namespace `/`.
const EVENTS: &str = "events";

/// The channel of answers to a single packet, which has no address.
const ACKNOWLEDGEMENTS: &str = "acknowledgements";

/// Messages by their keys.
type Messages = Map<String, Value>;

/// All events of a protocol.
pub fn document(model: &Model) -> Value {
    let mut components = Components::new(model);
    let events = messages::all(model, &mut components);
    let acknowledgements = acknowledgements::all(model, &mut components);
    let mut document = json!({
        "asyncapi": VERSION,
        "info": info(model),
        "defaultContentType": "application/json",
        "servers": { "server": server() },
        "channels": {
            EVENTS: {
                "address": "/",
                "title": "The namespace `/`",
                "description": "All events, of clients and of the server.",
                "messages": references(&events),
            },
            ACKNOWLEDGEMENTS: {
                "address": null,
                "title": "Acknowledgements",
                "description": "The answers to client events that were sent with an acknowledgement. Socket.IO \
                                matches them by the packet's id.",
                "messages": references(&acknowledgements),
            },
        },
        "operations": operations::all(model),
        "components": { "securitySchemes": security_schemes() },
    });
    let messages: Messages = events.into_iter().chain(acknowledgements).collect();
    document["components"]["messages"] = messages.into();
    document["components"]["schemas"] = components.schemas().into();
    for (key, section) in profile::sections(model) {
        document[key] = section;
    }
    document
}

fn info(model: &Model) -> Value {
    let protocol = &model.protocol;
    let description = format!("{}\n\n{}", sentences::whole(&protocol.doc), profile::ABOUT);
    let mut info = json!({ "title": protocol.name, "version": protocol.version, "description": description });
    if let Some(license) = &protocol.license {
        info["license"] = json!({ "name": license });
    }
    let tags = |domain: &Domain| {
        let mut tag = tag(domain);
        let about = sentences::whole(&domain.doc);
        if !about.is_empty() {
            tag["description"] = about.into();
        }
        tag
    };
    info["tags"] = model.domains.iter().map(tags).collect();
    info
}

/// Events are found by their domain.
fn tag(domain: &Domain) -> Value {
    json!({ "name": domain.name })
}

fn server() -> Value {
    json!({
        "host": "{host}",
        "pathname": "/socket.io/",
        "protocol": "socket.io",
        "protocolVersion": "5",
        "description": "Socket.IO 5 on Engine.IO 4, over WebSocket or HTTP long-polling. A refused handshake reaches \
                        the client as `connect_error` with the error's message, and the client does not try again by \
                        itself. Temporary conditions, such as an expired token or a server that restarts, close the \
                        transport: the client reconnects.",
        "variables": { "host": { "default": "localhost:8000", "description": "The server's address." } },
        "security": [
            { "$ref": "#/components/securitySchemes/auth" },
            { "$ref": "#/components/securitySchemes/query" },
        ],
    })
}

fn security_schemes() -> Value {
    json!({
        "auth": {
            "type": "apiKey",
            "in": "user",
            "description": "A JSON Web Token (RFC 7519), as `token` of Socket.IO's `auth`. It takes precedence over \
                            one in the query. Its claim `id`, else `sub`, is the user's id; `exp` is required.",
        },
        "query": {
            "type": "httpApiKey",
            "name": "token",
            "in": "query",
            "description": "The same token, in the query of the handshake.",
        },
    })
}

/// The messages of a channel, which are among the components.
fn references(messages: &Messages) -> Value {
    let reference = |key: &String| (key.clone(), json!({ "$ref": format!("#/components/messages/{key}") }));
    Value::Object(messages.keys().map(reference).collect())
}

/// A message of a channel, as operations name it.
fn message_of(channel: &str, key: &str) -> Value {
    json!({ "$ref": format!("#/channels/{channel}/messages/{key}") })
}

/// The key of a server event: its name, which a client event may have as well.
fn server_key(model: &Model, name: &str) -> String {
    let taken = model.client_events().any(|event| event.name == name);
    if taken { format!("{name}.sent") } else { name.to_owned() }
}
