//! Rules for secrets and personal data.

use accord_language::model::{
    Auth, Field, Kind, Method, Part, TypeId,
    index::{Base, Index, Role},
};

use super::{Finding, Level, LintRule, words::words};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "secret-in-address",
        level: Level::Error,
        what: "A secret is part of an address.",
        reason: "Addresses end up in the logs of every proxy on the way, in the browser's history, and in the \
                 `Referer` of the next page.",
        remedy: "take it in a header or in the body",
        example: include_str!("examples/secret-in-address.yaml"),
        check: secret_in_address,
    },
    LintRule {
        id: "secret-sent",
        level: Level::Error,
        what: "The server sends a secret.",
        reason: "Once sent, it is in the caches, logs and crash reports of clients. Do not send even its hash, which \
                 can be attacked offline.",
        remedy: "leave it out; the clients that need it have it already",
        example: include_str!("examples/secret-sent.yaml"),
        check: secret_sent,
    },
    LintRule {
        id: "personal-broadcast",
        level: Level::Warning,
        what: "An address, a telephone number or the like is sent to a room.",
        reason: "All members get it, and their clients keep it, whether or not its owner wants to share it with them. \
                 Privacy law asks for a purpose for each of them.",
        remedy: "send an id and a display name; serve the rest to those who are allowed to see it",
        example: include_str!("examples/personal-broadcast.yaml"),
        check: personal_broadcast,
    },
    LintRule {
        id: "public-write",
        level: Level::Warning,
        what: "An operation that changes something needs no token.",
        reason: "There is no user to limit, ban or hold to account, and any web page can make its visitors call it.",
        remedy: "leave out `auth: public`, or make an exception that says what else protects it",
        example: include_str!("examples/public-write.yaml"),
        check: public_write,
    },
    LintRule {
        id: "any-upload",
        level: Level::Warning,
        what: "An upload takes files of any type.",
        reason: "An attacker can upload a web page or a program and have it served under the server's name, to people \
                 who trust it.",
        remedy: "name the media types that are needed under `media`",
        example: include_str!("examples/any-upload.yaml"),
        check: any_upload,
    },
];

/// Returns whether a word of a name says that it is a password.
fn is_password(words: &[String]) -> bool {
    words.iter().any(|word| ["password", "passwd", "passphrase", "credentials"].contains(&word.as_str()))
}

/// Returns whether a name ends with a word for a secret: a `pinId` is not a secret.
fn is_secret(name: &str) -> bool {
    let words = words(name);
    let [others @ .., last] = &words[..] else { return false };
    let is_key = last == "key" && others.iter().any(|word| ["access", "api", "private"].contains(&word.as_str()));
    is_password(&words) || is_key || ["apikey", "jwt", "otp", "pin", "secret", "token"].contains(&last.as_str())
}

fn secret_in_address(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, operation) in index.rest() {
        let fields = index.fields(operation.input).iter().zip(&operation.parts);
        for (field, (name, part)) in fields.filter(|(_, (_, part))| *part != Part::Body) {
            // A cursor may be called a token, but it gives access to nothing.
            let is_cursor =
                words(name).iter().any(|word| ["page", "next", "continuation", "cursor"].contains(&word.as_str()));
            if is_secret(name) && !is_cursor {
                let message = format!("`{name}` is in the {} of an address", part.name());
                found.push(Finding::at(&subject.part(name, &field.place), message));
            }
        }
    }
    found
}

fn secret_sent(index: &Index<'_>) -> Vec<Finding> {
    let sent = index.values.iter().filter(|value| value.role == Role::Field && !value.received);
    let secret = sent.filter(|value| {
        let words = words(value.name);
        let in_order: Vec<&str> = words.iter().map(String::as_str).collect();
        let is_other = matches!(in_order[..], [.., "secret"] | [.., "private", "key"] | ["hash" | "salt"]);
        matches!(index.base(value.kind), Base::Text(_)) && (is_other || is_password(&words))
    });
    secret.map(|value| Finding::at(&value.subject, format!("the server sends `{}`", value.name))).collect()
}

fn personal_broadcast(index: &Index<'_>) -> Vec<Finding> {
    let personal =
        ["email", "mail", "phone", "telephone", "mobile", "birthday", "birthdate", "ip", "ssn", "iban", "passport"];
    let is_personal = |field: &Field| words(&field.name).iter().any(|word| personal.contains(&word.as_str()));
    let mut found: Vec<Finding> = Vec::new();
    for (subject, event) in index.server_events().filter(|(_, event)| event.scope.is_some()) {
        let Some(payload) = event.payload else { continue };
        let mut reached: Vec<TypeId> = index.closure(vec![payload]).into_iter().collect();
        reached.sort_unstable();
        let field = reached
            .iter()
            .flat_map(|id| index.fields(Some(*id)))
            .find(|field| is_personal(field) && !matches!(field.ty.kind, Kind::Boolean));
        if let Some(field) = field {
            let message = format!("`{}` shows `{}` to everybody in the room", event.name, field.name);
            found.push(Finding::at(&subject, message));
        }
    }
    found
}

fn public_write(index: &Index<'_>) -> Vec<Finding> {
    let public =
        index.rest().filter(|(_, operation)| operation.auth == Auth::Public && operation.method != Method::Get);
    public
        .map(|(subject, operation)| {
            let message = format!("anybody may {} `{}`", operation.method.name(), operation.path);
            Finding::at(&subject.key("auth"), message)
        })
        .collect()
}

fn any_upload(index: &Index<'_>) -> Vec<Finding> {
    let uploads =
        index.rest().filter_map(|(subject, operation)| Some((subject, operation, operation.upload.as_ref()?)));
    let any =
        uploads.filter(|(_, _, upload)| upload.media.iter().any(|media| media == "*/*" || media == "application/*"));
    any.map(|(subject, operation, upload)| {
        let message = format!("`{}` takes files of any type", operation.name);
        Finding::at(&subject.at(&upload.place.key("media")), message)
    })
    .collect()
}
