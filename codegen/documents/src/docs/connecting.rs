//! The page about connecting and connections.

use accord_language::model::{ErrorId, Model};

use super::{
    emits, endings, errors,
    page::{Anchor, Block, Group, Page, Row, Section, code, join, plain},
    samples, text, types,
};
use crate::{VERSION_HEADER, typescript::package_name};

/// The path of the page.
pub(super) const PATH: &str = "connecting";

/// From the first packet to the next connection.
pub(super) fn page(model: &Model) -> Page {
    let mut sections = vec![transports(model), token(model)];
    sections.extend(version(model));
    sections.extend([follows(model), endings::endings(model), answers(model)]);
    sections.extend(endings::followed(model));
    sections.push(endings::reconnecting(model));
    let lead = text::blocks(
        "The server speaks Socket.IO. The official version 4 clients, in any language, connect to it at the path \
         `/socket.io/` in the namespace `/`.",
    );
    Page { group: Group::Guide, path: PATH.to_owned(), title: "Connecting".to_owned(), label: None, lead, sections }
}

fn transports(model: &Model) -> Section {
    let summary = text::inline(
        "Connections start with HTTP long-polling and are upgraded to WebSocket; `transports: ['websocket']` starts \
         with WebSocket.",
    );
    let package = package_name(model);
    let blocks = text::blocks(&format!(
        "The package `{package}` has types for everything that is sent and received: its `ClientSocket` is a \
         `socket.io-client` socket that knows the events, their payloads and their answers. The other samples use the \
         `socket` of this one, which you can copy: `fetchToken` asks your own backend for a token, and `joinRooms`, \
         `signIn` and `show` are functions of yours too."
    ));
    Section {
        samples: vec![samples::connect(model)],
        ..Section::topic("transports", "Open a connection", summary, blocks)
    }
}

fn token(model: &Model) -> Section {
    let mut blocks = types::about(&model.connect.doc);
    blocks.extend(text::blocks(
        "The token is a JSON Web Token. Make `auth` a function: the client calls it at each attempt to connect, and a \
         token that was valid at the first attempt may have expired by the next.",
    ));
    let claim = |name: &str, text: &str| Row { anchor: None, cells: vec![vec![code(name)], text::inline(text)] };
    blocks.push(Block::Table {
        columns: &["Claim", "Meaning"],
        rows: vec![
            claim("id", "The user's id, 1 to 128 characters; defaults to `sub`."),
            claim("exp", "The token's expiry. Required."),
            claim("nbf", "The start of its validity."),
            claim("name", "The name that others see, 1 to 200 characters; defaults to the id."),
            claim("image", "The address of a picture that others see."),
            claim("email", "The e-mail address."),
            claim("admin", "`true` marks an administrator."),
        ],
    });
    if let Some(event) = model.renewal_event() {
        blocks.push(Block::Paragraph(
            [
                vec![Anchor::Sent(event.name.clone()).link()],
                text::inline(" renews the connection with a new token, so that it outlives the old one."),
            ]
            .concat(),
        ));
    }
    Section::topic("token", "Token", text::inline(&model.connect.doc.summary), blocks)
}

/// The version that a client declares at the handshake; `None` if the server does not check it.
fn version(model: &Model) -> Option<Section> {
    let refused = &model.errors[model.gateway.version_refused?.0];
    let version = &model.protocol.version;
    let major = version.split('.').next().unwrap_or_default();
    let older: Vec<String> = model.older.iter().map(|older| older.protocol.version.clone()).collect();
    let majors = model.older.iter().map(|older| older.protocol.major()).chain([model.protocol.major()]);
    let majors = majors.map(|major| major.to_string()).collect::<Vec<_>>().join(" and ");
    let summary = text::inline(&format!(
        "Set `auth.protocol` to the version that the client is written for: `{version}`, or only `{major}`. The \
         package has it as `PROTOCOL.version`. REST requests send it in the header `{VERSION_HEADER}`."
    ));
    let mut blocks = vec![Block::List(vec![
        [
            text::inline("A client whose major version is not served is refused with "),
            vec![errors::link(refused), plain(". The message lists the versions that are, as in “")],
            vec![plain(format!("{}: the client speaks 7.0.0, ", refused.message))],
            vec![plain(format!("this server speaks {} {majors}”.", model.protocol.name))],
        ]
        .concat(),
        text::inline(
            "A client with a newer minor version than the server's is accepted, and has to do without what the server \
             does not have yet.",
        ),
        text::inline("A client that sends no version is treated as one of the oldest major version that is served."),
    ])];
    if !older.is_empty() {
        blocks.extend(text::blocks(&format!(
            "Clients of {} are served as well: they send and receive what the reference of that version describes.",
            older.join(" and ")
        )));
    }
    Some(Section::topic("version", "Version", summary, blocks))
}

fn follows(model: &Model) -> Section {
    let mut summary = text::inline("Events may be sent as soon as the socket is connected");
    if model.connect.emits.is_empty() {
        summary.push(plain("."));
        return Section::topic("welcome", "After connecting", summary, Vec::new());
    }
    summary.push(plain("; the server first sends "));
    let events = model.connect.emits.iter().map(|emit| emits::follows(model, None, &[], emit));
    summary.extend(join(events, "; "));
    summary.push(plain("."));
    Section::topic("welcome", "After connecting", summary, Vec::new())
}

fn answers(model: &Model) -> Section {
    let summary = text::inline(
        "Acknowledgements are optional for every event. With one, the answer is `{ ok: true, data }` or `{ ok: false, \
         error }`.",
    );
    let gateway = &model.gateway;
    let error = |id: ErrorId| errors::link(&model.errors[id.0]);
    let blocks = vec![
        Block::Paragraph(
            [
                text::inline("Without an acknowledgement, a failure is the event "),
                vec![Anchor::Received(gateway.error_event.clone()).link(), plain(", to that socket alone. ")],
                text::inline("Everything that is broadcast or acknowledged has been stored. "),
                text::inline("The checks come in this order: the limit, the payload, the membership, and then "),
                text::inline("the event's own conditions."),
            ]
            .concat(),
        ),
        Block::List(vec![
            text::inline("Unknown fields are ignored. For an optional field, `null` counts as absent."),
            [
                text::inline(
                    "A later minor version may add fields, events and error codes, but no value to an `enum`. Treat an error \
                     with a code that you do not know like ",
                ),
                vec![error(gateway.internal), plain(".")],
            ]
            .concat(),
            vec![
                plain("An invalid payload gets "),
                error(gateway.invalid_payload),
                plain(", which lists every violation."),
            ],
            vec![plain("An unknown event gets "), error(gateway.unknown_event), plain(".")],
        ]),
    ];
    let blocks = blocks.into_iter().chain(named_rooms(model)).collect();
    Section::topic("answers", "Answers and failures", summary, blocks)
}

/// By which fields failures name the rooms that they are about.
fn named_rooms(model: &Model) -> Option<Block> {
    let mut keys: Vec<&str> = Vec::new();
    for room in model.client_events().flat_map(|event| model.named_rooms(event)) {
        if !keys.contains(&room.named_as) {
            keys.push(room.named_as);
        }
    }
    if keys.is_empty() {
        return None;
    }
    let keys = join(keys.into_iter().map(|key| vec![code(key)]), ", ");
    let names = text::inline(
        "A failure repeats the room that the event named, so that a client that joins many rooms knows which one \
         failed: ",
    );
    Some(Block::Paragraph([names, keys, vec![plain(".")]].concat()))
}
