//! How to connect, and what to know of a connection.

use super::{
    errors, events,
    page::{Block, Group, Kind, Page, Place, Rich, Row, Section, code, join, plain},
    samples, text, types,
};
use crate::{
    emit::{VERSION_HEADER, typescript::package_name},
    model::{ErrorId, Model, RoomAction},
};

/// The path of the page.
pub(super) const PATH: &str = "connecting";

/// From the first packet to the next connection.
pub(super) fn page(model: &Model) -> Page {
    let mut sections = vec![transports(model), token(model)];
    sections.extend(version(model));
    sections.extend([follows(model), refused(model), answers(model)]);
    sections.extend(ended(model));
    sections.push(again(model));
    let lead = text::blocks(
        "The server speaks Socket.IO: every official client of version 4 connects to it, in whatever language, at the \
         path `/socket.io/` and in the namespace `/`.",
    );
    Page { group: Group::Guide, path: PATH.to_owned(), title: "Connecting".to_owned(), label: None, lead, sections }
}

fn topic(name: &'static str, title: &str, summary: Rich, blocks: Vec<Block>) -> Section {
    Section {
        place: Place::Topic(name),
        title: title.to_owned(),
        kind: Kind::Topic,
        summary,
        since: None,
        deprecated: false,
        blocks,
        samples: Vec::new(),
    }
}

fn transports(model: &Model) -> Section {
    let summary = text::inline(
        "Connections begin with HTTP long-polling and are upgraded to WebSocket; `transports: ['websocket']` begins with \
         WebSocket.",
    );
    let package = package_name(model);
    let blocks = text::blocks(&format!(
        "The package `{package}` has types for all that is sent and received: its `ClientSocket` is a socket of \
         `socket.io-client` that knows the events, their payloads and their answers. The samples below have their \
         `socket` from here."
    ));
    Section { samples: vec![samples::connect(model)], ..topic("transports", "Open a connection", summary, blocks) }
}

fn token(model: &Model) -> Section {
    let mut blocks = types::about(&model.connect.doc);
    blocks.extend(text::blocks(
        "The token is a JSON Web Token, in `auth.token` or else in the query parameter `token`. Give `auth` a function, \
         so that every attempt to connect has a token that is still good.",
    ));
    let claim = |name: &str, text: &str| Row { place: None, cells: vec![vec![code(name)], text::inline(text)] };
    blocks.push(Block::Table {
        columns: &["Claim", "What it says"],
        rows: vec![
            claim("id", "Who the user is, in 1 to 128 characters; `sub` where it is missing."),
            claim("exp", "When the token expires. Required."),
            claim("nbf", "When it begins to be valid."),
            claim("name", "What others see, in 1 to 200 characters; the id where it is missing."),
            claim("image", "The address of a picture that others see."),
            claim("email", "The e-mail address."),
            claim("admin", "`true` marks an administrator."),
        ],
    });
    let expired = &model.errors[model.gateway.token_expired.0];
    blocks.push(Block::Paragraph(
        [
            text::inline("A token that expires while its socket is connected ends the connection: the socket gets "),
            vec![Place::Received(model.gateway.error_event.clone()).link(), plain(" with the code ")],
            vec![errors::link(expired)],
            text::inline(", and is disconnected. Connect again with a new one."),
        ]
        .concat(),
    ));
    topic("token", "Token", text::inline(&model.connect.doc.summary), blocks)
}

/// What a client says of the version that it speaks, where somebody looks at it.
fn version(model: &Model) -> Option<Section> {
    let refused = &model.errors[model.gateway.version_refused?.0];
    let version = &model.protocol.version;
    let major = version.split('.').next().unwrap_or_default();
    let older: Vec<String> = model.older.iter().map(|older| older.protocol.version.clone()).collect();
    let majors = model.older.iter().map(|older| older.protocol.major()).chain([model.protocol.major()]);
    let majors = majors.map(|major| major.to_string()).collect::<Vec<_>>().join(" and ");
    let summary = text::inline(&format!(
        "Say in `auth.protocol` which version the client is written for: `{version}`, or only `{major}`. The package has it \
         as `PROTOCOL.version`. REST requests say it in the header `{VERSION_HEADER}`."
    ));
    let mut blocks = vec![Block::List(vec![
        [
            text::inline("A version whose major is not served is refused with "),
            vec![errors::link(refused), plain(". The message tells what is, as in “")],
            vec![plain(format!("{}: the client speaks 7.0.0, ", refused.message))],
            vec![plain(format!("this server speaks {} {majors}”.", model.protocol.name))],
        ]
        .concat(),
        text::inline(
            "A newer minor version than the server's is let in: what the server does not have yet is what the client has \
             to do without.",
        ),
        text::inline("Who says nothing is taken for a client of the oldest major version that is served."),
    ])];
    if !older.is_empty() {
        blocks.extend(text::blocks(&format!(
            "Clients of {} are served besides: what they send and get is as the reference of that version says.",
            older.join(" and ")
        )));
    }
    Some(topic("version", "Version", summary, blocks))
}

fn follows(model: &Model) -> Section {
    let mut summary = text::inline("Events may be sent as soon as the socket is connected");
    if model.connect.emits.is_empty() {
        summary.push(plain("."));
        return topic("welcome", "What follows", summary, Vec::new());
    }
    summary.push(plain("; the server tells first: "));
    let told = model.connect.emits.iter().map(|emit| events::follows(model, None, None, emit));
    summary.extend(join(told, "; "));
    summary.push(plain("."));
    topic("welcome", "What follows", summary, Vec::new())
}

/// What others are told of the end of a socket.
fn ended(model: &Model) -> Option<Section> {
    let disconnect = model.disconnect.as_ref()?;
    let mut summary = text::inline(&disconnect.doc.summary);
    let told = disconnect.emits.iter().map(|emit| events::follows(model, None, None, emit));
    if !disconnect.emits.is_empty() {
        summary.push(plain(" The server tells: "));
        summary.extend(join(told, "; "));
        summary.push(plain("."));
    }
    let blocks = disconnect.doc.description.iter().flat_map(|text| text::blocks(text)).collect();
    Some(topic("end", "What follows the end", summary, blocks))
}

fn refused(model: &Model) -> Section {
    let summary = text::inline(
        "A refused handshake is the client's event `connect_error`; the error's message says why. The client does not \
         try again by itself: call `socket.connect()` once there is reason to.",
    );
    let errors = model.connect_errors();
    topic("refused", "Refused connections", summary, vec![events::errors(model, &errors, &model.connect.failure)])
}

fn answers(model: &Model) -> Section {
    let summary = text::inline(
        "Every event takes an acknowledgement, and may do without. With one, it is answered `{ ok: true, data }` or \
         `{ ok: false, error }`.",
    );
    let gateway = &model.gateway;
    let error = |id: ErrorId| errors::link(&model.errors[id.0]);
    let blocks = vec![
        Block::Paragraph(
            [
                text::inline("Without an acknowledgement, a failure is the event "),
                vec![Place::Received(gateway.error_event.clone()).link(), plain(", to that socket alone. ")],
                text::inline("What is broadcast and acknowledged has been stored. "),
                text::inline(
                    "What is checked first is answered first: the limit, the payload, the membership, and then what ",
                ),
                text::inline("the event itself asks for."),
            ]
            .concat(),
        ),
        Block::List(vec![
            text::inline(
                "Fields that the protocol does not have are ignored. `null` counts as absent where a field is optional.",
            ),
            vec![
                plain("A payload that breaks rules is answered with "),
                error(gateway.invalid_payload),
                plain(", and every broken rule is named."),
            ],
            vec![
                plain("An event that the protocol does not have is answered with "),
                error(gateway.unknown_event),
                plain("."),
            ],
        ]),
    ];
    topic("answers", "Answers and failures", summary, blocks)
}

fn again(model: &Model) -> Section {
    let summary = text::inline(
        "A client that loses its connection connects again by itself. The new connection has joined no rooms, and what \
         the server sent meanwhile is not sent again. What a client emits while it is not connected is kept by \
         `socket.io-client`, and sent once it is.",
    );
    let mut steps = Vec::new();
    let joins = model.domains.iter().flat_map(|domain| &domain.client);
    let joins: Vec<Rich> = joins
        .filter(|event| event.room == Some(RoomAction::Join))
        .map(|event| vec![Place::Sent(event.name.clone()).link()])
        .collect();
    if !joins.is_empty() {
        let first = match model.connect.emits.first() {
            Some(emit) => {
                vec![plain("On "), Place::Received(emit.event.clone()).link(), plain(", join the rooms again: ")]
            }
            None => text::inline("On `connect`, join the rooms again: "),
        };
        steps.push([first, join(joins, ", "), vec![plain(".")]].concat());
    }
    let history = model.http.operations.iter().filter(|operation| operation.scope.is_some());
    let history: Vec<Rich> = history.map(|operation| vec![Place::Operation(operation.name.clone()).link()]).collect();
    if !history.is_empty() {
        steps.push([text::inline("Read what was missed: "), join(history, ", "), vec![plain(".")]].concat());
    }
    steps.push(text::inline(
        "What was emitted and never acknowledged may or may not have happened: look before sending it again.",
    ));
    topic("reconnecting", "Reconnecting", summary, vec![Block::List(steps)])
}
