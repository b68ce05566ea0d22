//! What must not be seen by others.

use super::{
    Finding, Level, Protocol, Rule,
    protocol::{Base, Role, method_name},
    words::words,
};
use crate::model::{Auth, Field, Kind, Method, Place as FieldPlace, TypeId};

pub const RULES: &[Rule] = &[
    Rule {
        id: "secret-in-address",
        level: Level::Error,
        what: "A secret is part of an address.",
        reason: "Addresses are written to the logs of every proxy on the way, to the browser's history, and to the `Referer` of \
                 whatever is opened next.",
        remedy: "take it in a header or in the body",
        example: include_str!("examples/secret-in-address.yaml"),
        check: secret_in_address,
    },
    Rule {
        id: "secret-sent",
        level: Level::Error,
        what: "The server sends a secret.",
        reason: "What has once been sent is in caches, logs and crash reports of clients. Not even its hash should be: it can be \
                 attacked offline.",
        remedy: "leave it out; whoever has to know it has it already",
        example: include_str!("examples/secret-sent.yaml"),
        check: secret_sent,
    },
    Rule {
        id: "personal-broadcast",
        level: Level::Warning,
        what: "An address, a telephone number or the like is sent to a room.",
        reason: "All members get it, and their clients keep it, whether or not its owner has shown it to them. The law asks for a \
                 purpose for each of them.",
        remedy: "send an id and a name to show; serve the rest to those who may ask for it",
        example: include_str!("examples/personal-broadcast.yaml"),
        check: personal_broadcast,
    },
    Rule {
        id: "public-write",
        level: Level::Warning,
        what: "Anybody may change something without a token.",
        reason: "There is nobody to limit, to ban, or to hold to account, and any web page can have its visitors do it.",
        remedy: "leave out `auth: public`, or except it with what else protects it",
        example: include_str!("examples/public-write.yaml"),
        check: public_write,
    },
    Rule {
        id: "any-upload",
        level: Level::Warning,
        what: "An upload takes files of any type.",
        reason: "Whoever can upload a web page or a program has it served under the server's name, to people who trust it.",
        remedy: "name the media types that there is a use for under `media`",
        example: include_str!("examples/any-upload.yaml"),
        check: any_upload,
    },
];

/// Whether a word of a name says that it is a password.
fn is_password(words: &[String]) -> bool {
    words.iter().any(|word| ["password", "passwd", "passphrase", "credentials"].contains(&word.as_str()))
}

/// Whether a name ends with what a secret is called: a `pinId` is none.
fn is_secret(name: &str) -> bool {
    let words = words(name);
    let [others @ .., last] = &words[..] else { return false };
    let is_key = last == "key" && others.iter().any(|word| ["access", "api", "private"].contains(&word.as_str()));
    is_password(&words) || is_key || ["apikey", "jwt", "otp", "pin", "secret", "token"].contains(&last.as_str())
}

fn secret_in_address(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, operation) in protocol.rest() {
        for (name, at) in &operation.places {
            let (keys, what): (&[&str], _) = match at {
                FieldPlace::Path => (&["path", name], "path"),
                FieldPlace::Query => (&["query", "properties", name], "query"),
                FieldPlace::Body => continue,
            };
            // A cursor may be called a token, and is none that opens anything.
            let is_cursor =
                words(name).iter().any(|word| ["page", "next", "continuation", "cursor"].contains(&word.as_str()));
            if is_secret(name) && !is_cursor {
                found.push(Finding::at(&place.part(keys, name), format!("`{name}` is in the {what} of an address")));
            }
        }
    }
    found
}

fn secret_sent(protocol: &Protocol<'_>) -> Vec<Finding> {
    let sent = protocol.values.iter().filter(|value| value.role == Role::Field && !value.received);
    let secret = sent.filter(|value| {
        let words = words(value.name);
        let in_order: Vec<&str> = words.iter().map(String::as_str).collect();
        let is_other = matches!(in_order[..], [.., "secret"] | [.., "private", "key"] | ["hash" | "salt"]);
        matches!(protocol.base(value.kind), Base::Text(_)) && (is_other || is_password(&words))
    });
    secret.map(|value| Finding::at(&value.place, format!("the server sends `{}`", value.name))).collect()
}

fn personal_broadcast(protocol: &Protocol<'_>) -> Vec<Finding> {
    let personal =
        ["email", "mail", "phone", "telephone", "mobile", "birthday", "birthdate", "ip", "ssn", "iban", "passport"];
    let is_personal = |field: &Field| words(&field.name).iter().any(|word| personal.contains(&word.as_str()));
    let mut found: Vec<Finding> = Vec::new();
    for (place, event) in protocol.server_events().filter(|(_, event)| event.scope.is_some()) {
        let Some(payload) = event.payload else { continue };
        let mut reached: Vec<TypeId> = protocol.closure(vec![payload]).into_iter().collect();
        reached.sort_unstable();
        let field = reached
            .iter()
            .flat_map(|id| protocol.fields(Some(*id)))
            .find(|field| is_personal(field) && !matches!(field.ty.kind, Kind::Boolean));
        if let Some(field) = field {
            let message = format!("`{}` shows `{}` to everybody in the room", event.name, field.name);
            found.push(Finding::at(&place, message));
        }
    }
    found
}

fn public_write(protocol: &Protocol<'_>) -> Vec<Finding> {
    let public =
        protocol.rest().filter(|(_, operation)| operation.auth == Auth::Public && operation.method != Method::Get);
    public
        .map(|(place, operation)| {
            let message = format!("anybody may {} `{}`", method_name(operation.method), operation.path);
            Finding::at(&place.key(&["auth"]), message)
        })
        .collect()
}

fn any_upload(protocol: &Protocol<'_>) -> Vec<Finding> {
    let uploads = protocol.rest().filter_map(|(place, operation)| Some((place, operation, operation.upload.as_ref()?)));
    let any =
        uploads.filter(|(_, _, upload)| upload.media.iter().any(|media| media == "*/*" || media == "application/*"));
    any.map(|(place, operation, _)| {
        let message = format!("`{}` takes files of any type", operation.name);
        Finding::at(&place.key(&["upload", "media"]), message)
    })
    .collect()
}
