//! Ends of connections: their causes, their signs for clients, and the way back.

use accord_language::model::{ErrorId, Model, RoomAction};

use super::{
    emits, errors, logs,
    page::{Anchor, Block, Rich, Row, Section, code, join, plain},
    text,
};

/// Each way in which a connection ends.
pub(super) fn endings(model: &Model) -> Section {
    let summary = text::inline(
        "An official client reconnects by itself after its transport has closed. It does not reconnect after `io \
         server disconnect`, nor after a `connect_error` sent by the server: `socket.active` is then `false`.",
    );
    let row = |cause: &str, seen: Rich, comes_back: bool, todo: Rich| {
        let comes_back = vec![plain(if comes_back { "yes" } else { "no" })];
        Row { anchor: None, cells: vec![text::inline(cause), seen, comes_back, todo] }
    };
    let closes = || text::inline("`transport close`");
    let none = || text::inline("Nothing.");
    let gateway = &model.gateway;
    let expired = errors::link(&model.errors[gateway.token_expired.0]);
    let seen = [Anchor::Received(gateway.error_event.clone()).link(), plain(" ("), expired, plain("), then ")];
    let renewed = match model.renewal_event() {
        Some(event) => {
            vec![plain(", or send a new one in time with "), Anchor::Sent(event.name.clone()).link(), plain(".")]
        }
        None => vec![plain(".")],
    };
    let connect_error = |id: ErrorId| vec![code("connect_error"), plain(format!(": {}", model.errors[id.0].message))];
    let revoked = [
        text::inline(
            "`io server disconnect`, and at the next attempt \
                                 ",
        ),
        connect_error(gateway.token_refused),
    ];
    let sign_in = || text::inline("Have the user sign in again, then call `socket.connect()`.");
    let mut rows = vec![
        row(
            "The token has expired.",
            [seen.to_vec(), closes()].concat(),
            true,
            [text::inline("Have `auth` get a new token at each attempt"), renewed].concat(),
        ),
        row(
            "The server stops or restarts.",
            text::inline("`transport close`, or no answer to a handshake"),
            true,
            none(),
        ),
        row("A part of the server is unavailable while the client connects.", closes(), true, none()),
        row(
            "The user or the address has too many connections, or makes too many attempts.",
            text::inline("`connect_error` while `socket.active` is `true`, or `transport close`"),
            true,
            text::inline("Close sockets that are no longer used."),
        ),
        row(
            "The client reads too slowly, exceeds a limit tenfold, breaks the framing, or sends too large a packet.",
            closes(),
            true,
            text::inline("Fix the client, or it will happen again."),
        ),
        row("The token is missing or invalid.", connect_error(gateway.token_refused), false, sign_in()),
        row("The user’s access has been revoked.", revoked.concat(), false, sign_in()),
    ];
    if let Some(version) = gateway.version_refused {
        let update = text::inline("Have the user load the newest client.");
        rows.push(row("The version is not served.", connect_error(version), false, update));
    }
    let columns = &["Cause", "What the client sees", "Reconnects by itself", "What to do"];
    // After an internal fault, the server closes the transport.
    let mut refusals = model.connect_errors();
    refusals.retain(|&id| id != gateway.internal);
    let refusals = errors::list(model, &refusals, &model.connect.failure);
    let lead = Block::Paragraph(text::inline("A handshake can be refused with these errors, as `connect_error`:"));
    Section::topic("endings", "When a connection ends", summary, vec![Block::Table { columns, rows }, lead, refusals])
}

/// The events by which others learn that a socket has ended.
pub(super) fn followed(model: &Model) -> Option<Section> {
    let disconnect = model.disconnect.as_ref()?;
    let mut summary = text::inline(&disconnect.doc.summary);
    let events = disconnect.emits.iter().map(|emit| emits::follows(model, None, &[], emit));
    if !disconnect.emits.is_empty() {
        summary.push(plain(" The server sends "));
        summary.extend(join(events, "; "));
        summary.push(plain("."));
    }
    let blocks = disconnect.doc.description.iter().flat_map(|text| text::blocks(text)).collect();
    Some(Section::topic("end", "After the end", summary, blocks))
}

/// The steps of a client that has reconnected.
pub(super) fn reconnecting(model: &Model) -> Section {
    let catching_up = logs::link(model);
    let missed = match catching_up {
        Some(_) => {
            "A new connection has joined no rooms. When it joins a room that has a log again, it receives the events \
             that it missed. Other events that the server sent in the meantime are not sent again."
        }
        None => {
            "A new connection has joined no rooms, and events that the server sent in the meantime are not sent again."
        }
    };
    let buffered = "`socket.io-client` buffers events that are emitted while it is disconnected, and sends them once \
                    it is connected.";
    let summary = text::inline(&format!("{missed} {buffered}"));
    let mut steps = Vec::new();
    let joins: Vec<Rich> = model
        .client_events()
        .filter(|event| event.room == Some(RoomAction::Join))
        .map(|event| vec![Anchor::Sent(event.name.clone()).link()])
        .collect();
    if !joins.is_empty() {
        let first = match model.welcome() {
            Some(emit) => {
                vec![plain("On "), Anchor::Received(emit.event.clone()).link(), plain(", join the rooms again: ")]
            }
            None => text::inline("On `connect`, join the rooms again: "),
        };
        steps.push([first, join(joins, ", "), vec![plain(".")]].concat());
    }
    steps.extend(catching_up.map(|link| {
        [text::inline("With `since`, a room that has a log sends the missed events: "), vec![link, plain(".")]].concat()
    }));
    let history = model.http.operations.iter().filter(|operation| operation.scope.is_some());
    let history: Vec<Rich> = history.map(|operation| vec![Anchor::Operation(operation.name.clone()).link()]).collect();
    if !history.is_empty() {
        steps.push([text::inline("Load the missed content: "), join(history, ", "), vec![plain(".")]].concat());
    }
    let unsure = "An event that was never acknowledged may or may not have taken effect: check before sending it again";
    steps.push(match logs::sending_once(model, "can be sent again") {
        Some(once) => [text::inline(&format!("{unsure}, unless it is one that "))]
            .into_iter()
            .chain([vec![once, plain(".")]])
            .collect::<Vec<_>>()
            .concat(),
        None => text::inline(&format!("{unsure}.")),
    });
    Section::topic("reconnecting", "Reconnecting", summary, vec![Block::List(steps)])
}
