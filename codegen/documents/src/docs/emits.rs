//! The server events that follow a client event, a handshake or the end of a socket, and their receivers.

use accord_language::model::{ClientEvent, Emit, Model, ScopeId, Target};

use super::{
    page::{Anchor, Rich, code, plain},
    rooms,
};

/// A server event and its receivers.
pub(super) fn follows(model: &Model, scope: Option<ScopeId>, event: Option<&ClientEvent>, emit: &Emit) -> Rich {
    let mut follows = vec![Anchor::Received(emit.event.clone()).link(), plain(" to ")];
    let room = |scope: ScopeId| [plain("who has joined the "), rooms::link(model, scope)];
    match (&emit.to, scope) {
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
        (Target::Also(index), _) => {
            if let Some(also) = event.and_then(|event| event.also.get(*index)) {
                follows.push(plain("everyone "));
                follows.extend(room(also.scope));
                follows.extend([plain(" of "), code(&also.key)]);
            }
        }
        (Target::Own(scope), _) => {
            follows.push(plain("everyone "));
            follows.extend(room(*scope));
            follows.push(plain(" of this user"));
        }
        (Target::Scope | Target::Others, None) => follows.push(plain("the room")),
    }
    if emit.optional {
        follows.push(plain(", if it applies"));
    }
    follows
}
