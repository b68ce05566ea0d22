//! The server events that follow a client event, an operation, a handshake or the end of a socket, and their receivers.

use accord_language::model::{AlsoScope, Emit, Model, ScopeId, Target};

use super::{
    page::{Anchor, Rich, code, plain},
    rooms,
};

/// A server event and its receivers; `rooms` are those that its targets point into.
pub(super) fn follows(model: &Model, scope: Option<ScopeId>, rooms: &[AlsoScope], emit: &Emit) -> Rich {
    let mut follows = vec![Anchor::Received(emit.event.clone()).link(), plain(" to ")];
    for (index, target) in emit.to.iter().enumerate() {
        if index > 0 {
            follows.push(plain(" and "));
        }
        follows.extend(receivers(model, scope, rooms, target));
    }
    if emit.optional {
        follows.push(plain(", if it applies"));
    }
    follows
}

fn receivers(model: &Model, scope: Option<ScopeId>, rooms: &[AlsoScope], target: &Target) -> Rich {
    let mut follows = Vec::new();
    let room = |scope: ScopeId| [plain("who has joined the "), rooms::link(model, scope)];
    match (target, scope) {
        (Target::Caller, _) => follows.push(plain("this socket")),
        (Target::User, _) => follows.push(plain("every socket of this user")),
        (Target::Scope, Some(scope)) => {
            follows.push(plain("everyone "));
            follows.extend(room(scope));
        }
        (Target::Others, Some(scope)) => {
            follows.push(plain("everyone else "));
            follows.extend(room(scope));
        }
        (Target::Also(index) | Target::Room(index), _) => {
            if let Some(named) = rooms.get(*index) {
                follows.push(plain("everyone "));
                follows.extend(room(named.scope));
                follows.extend([plain(" of "), code(&named.key)]);
            }
        }
        (Target::Own(scope), _) => {
            follows.push(plain("everyone "));
            follows.extend(room(*scope));
            follows.push(plain(" of this user"));
        }
        (Target::UserOf(key), _) => {
            follows.extend([plain("every socket of the user whom "), code(key), plain(" names")]);
        }
        (Target::Scope | Target::Others, None) => follows.push(plain("the room")),
    }
    follows
}
