//! A page about the logs of rooms: how a client that was away gets what it missed, and how it sends once.

use accord_language::model::{
    ClientEvent, Kind, Method, Model, Operation, POSITION, RoomAction, SEQ, SINCE, Scope, ScopeId, ScopeLog,
    SuccessBody,
};

use super::{
    errors,
    logs::{self, SENDING_ONCE, idempotent, logged},
    page::{Anchor, Block, Group, Page, Rich, Row, Sample, Section, code, join, plain},
    rooms, samples, text,
};
use crate::{sentences, typescript::package_name};

/// The logs of all rooms that have one; `None` where none has.
pub(super) fn page(model: &Model) -> Option<Page> {
    let lead = text::blocks(
        "A room may have a log, which numbers and keeps the room's events. Every member receives them in the order of \
         the log. A client that was away sends its position, and receives every event after it: none is lost, and none \
         comes twice.",
    );
    logged(model).next()?;
    let mut sections = vec![entries(model), words(model), joining(model), lost(model)];
    sections.extend(once(model));
    sections.extend(sample(model).map(|sample| with_package(model, sample)));
    let title = "Catching up".to_owned();
    Some(Page { group: Group::Guide, path: logs::PATH.to_owned(), title, label: None, lead, sections })
}

/// The events that each log has, and those that it does not have.
fn entries(model: &Model) -> Section {
    let summary = text::inline(&format!(
        "Each entry of a log is an event to the whole room, including the sender. Its payload has its number, `{SEQ}`: \
         the first entry of a room is number 1, and each later entry has the next number.",
    ));
    let row = |(id, _, log): (ScopeId, &Scope, &ScopeLog)| {
        let events = |durable: bool| {
            let events = model.server_events().filter(|event| event.scope == Some(id) && event.durable == durable);
            join(events.map(|event| vec![Anchor::Received(event.name.clone()).link()]), ", ")
        };
        let kept = text::inline(&sentences::kept_for(log));
        Row { anchor: None, cells: vec![vec![rooms::link(model, id)], events(true), events(false), kept] }
    };
    let blocks = vec![
        Block::Table {
            columns: &["Room", "In its log", "Not in its log", "Kept for"],
            rows: logged(model).map(row).collect(),
        },
        Block::List(vec![
            text::inline(
                "An event that is not in the log can get lost when a connection breaks. Clients can request the \
                 information that it carries.",
            ),
            text::inline(&format!(
                "The acknowledgement of an event that leads to an entry has the same `{SEQ}`, if its data is an object. \
                 If nothing has changed, no event is sent, and `{SEQ}` is the number of the room's last entry.",
            )),
            text::inline("The log does not replace the room's history: it serves clients that were away for a while."),
        ]),
    ];
    Section::topic("logs", "The logs of rooms", summary, blocks)
}

/// The terms of catching up.
fn words(model: &Model) -> Section {
    let row = |word: Rich, meaning: Rich| Row { anchor: None, cells: vec![word, meaning] };
    let ends = logged(model).map(|(_, _, log)| vec![Anchor::Received(log.caught_up.clone()).link()]);
    let mut rows = vec![
        row(vec![code(SEQ)], text::inline("The number of an entry in the log of its room.")),
        row(
            vec![code(POSITION)],
            text::inline(
                "A place in a log: `epoch` and `seq`. A position of another epoch is not valid, because the server has \
                 been restored from a backup. The answer to a join has the position of the room at that moment: the \
                 socket receives every later entry.",
            ),
        ),
        row(
            vec![code(SINCE)],
            text::inline(
                "The position up to which a joining client has every entry. The server first sends later entries, in \
                 order, and then new ones.",
            ),
        ),
        row(
            join(ends, ", "),
            text::inline("Ends the replay, and carries the position that the replay has reached. New entries follow."),
        ),
    ];
    rows.extend(model.gateway.position_lost.map(|id| {
        let meaning = "The server cannot send everything after `since`: the position is too old, or of another epoch. \
                       It sends nothing, and the socket has not joined the room.";
        row(vec![errors::link(&model.errors[id.0])], text::inline(meaning))
    }));
    let summary = text::inline("A client finds its place in a log with these.");
    Section::topic("positions", "Positions", summary, vec![Block::Table { columns: &["Term", "Meaning"], rows }])
}

/// The steps of a client that joins a room again.
fn joining(model: &Model) -> Section {
    let summary = text::inline(
        "Keep a position for each room, and join with it after each connection. A client without one joins without \
         `since`.",
    );
    let joins: Vec<(&Scope, &ScopeLog, &ClientEvent)> = logged(model)
        .filter_map(|(_, scope, log)| Some((scope, log, model.room_event(&scope.name, RoomAction::Join)?)))
        .collect();
    let links = joins.iter().map(|(_, _, join)| vec![Anchor::Sent(join.name.clone()).link()]);
    let blocks = vec![
        Block::Steps(vec![
            [
                text::inline("Send "),
                join(links, " or "),
                text::inline(
                    " with the client's position as `since`. After the acknowledgement, the socket has joined the room.",
                ),
            ]
            .concat(),
            text::inline(
                "Receive the entries after `since`, as the same events that the client would have received at \
                          the time.",
            ),
            text::inline("Receive the event that ends the replay, and then new entries."),
        ]),
        Block::Paragraph(text::inline(
            "The position of a client is that of the last entry that it has received, of the end of a replay, or of a \
             join without `since`. A replay omits what has been deleted since, so its numbers may have gaps. In a room \
             that the socket has joined already, `since` is ignored.",
        )),
    ];
    let samples = joins.first().map(|(scope, log, join)| samples::catch_up(model, scope, log, join));
    Section {
        samples: samples.into_iter().collect(),
        ..Section::topic("joining-again", "Joining again", summary, blocks)
    }
}

/// The steps of a client whose position has been lost.
fn lost(model: &Model) -> Section {
    let history: Vec<Rich> =
        history(model).map(|operation| vec![Anchor::Operation(operation.name.clone()).link()]).collect();
    let answer = model.gateway.position_lost.map(|id| errors::link(&model.errors[id.0]));
    let mut summary = vec![plain("After ")];
    summary.extend(answer);
    summary.extend(match history.is_empty() {
        true => text::inline(", reload the room: join it without `since`, and load its content."),
        false => {
            let join = text::inline(
                ", and join the room with the position in its answer as `since`. That leaves neither a gap nor an \
                 overlap.",
            );
            [text::inline(", reload the room: load "), self::join(history, " or "), join].concat()
        }
    });
    Section::topic("position-lost", "When the position is lost", summary, Vec::new())
}

/// The package, which does all of this.
fn with_package(model: &Model, sample: Sample) -> Section {
    let summary = text::inline(&format!(
        "`follow` of `{}/rooms` does all of this, with the package's own client and with socket.io-client: it joins \
         again from the last position, delivers each entry once and in order, reloads a room whose position is lost, \
         and sends unacknowledged events again.",
        package_name(model),
    ));
    Section { samples: vec![sample], ..Section::topic("following", "With the npm package", summary, Vec::new()) }
}

/// Following a room of the first kind that can be joined; `None` where none can.
pub(super) fn sample(model: &Model) -> Option<Sample> {
    let (id, scope, log) =
        logged(model).find(|(_, scope, _)| model.room_event(&scope.name, RoomAction::Join).is_some())?;
    let history = history(model).find(|operation| operation.scope == Some(id));
    let sent = idempotent(model).map(|(event, _)| event).find(|event| event.scope == Some(id));
    Some(samples::follow(model, (scope, log), history, sent))
}

/// The operations that read a room together with the position of its log.
fn history(model: &Model) -> impl Iterator<Item = &Operation> {
    let reads = model.http.operations.iter().filter(|operation| operation.method == Method::Get);
    reads.filter(|operation| {
        let SuccessBody::Json { ty, .. } = &operation.success.body else { return false };
        let Kind::Ref(id) = ty.kind else { return false };
        let log = operation.scope.and_then(|scope| model.log_of(scope));
        let is_position = |kind: &Kind| matches!((kind, log), (Kind::Ref(ty), Some(log)) if *ty == log.position);
        model.object(id).is_some_and(|object| object.fields.iter().any(|field| is_position(&field.ty.kind)))
    })
}

/// Events that can be sent again; `None` where there are none.
fn once(model: &Model) -> Option<Section> {
    let (first, key) = idempotent(model).next()?;
    let summary = text::inline(
        "A client that got no answer cannot know whether its event has arrived. These events take an id that the \
         client chooses. If the client repeats one with the same id and the same content, on any connection, the \
         server gives the same answer and does nothing twice.",
    );
    let row = |(event, key): (&ClientEvent, &str)| Row {
        anchor: None,
        cells: vec![vec![Anchor::Sent(event.name.clone()).link()], vec![code(key)]],
    };
    let conflict = model.gateway.idempotency_conflict.map(|id| {
        [
            text::inline("The same id with different content gets "),
            vec![errors::link(&model.errors[id.0])],
            text::inline(". An id belongs to its user, its event and its room. A failed event does not use it up."),
        ]
        .concat()
    });
    let mut blocks = vec![Block::Table { columns: &["Event", "The id"], rows: idempotent(model).map(row).collect() }];
    blocks.extend(conflict.map(Block::Paragraph));
    Some(Section {
        samples: vec![samples::send_once(model, first, key)],
        ..Section::topic(SENDING_ONCE, "Sending once", summary, blocks)
    })
}
