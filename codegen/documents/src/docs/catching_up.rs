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
        "A room may have a log. What happens in it is numbered and kept, and every member sees it in the order of the \
         log. A client that was away tells how far it had come, and gets what it missed: nothing is lost, and nothing \
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
        "Each entry of a log is an event to the whole room, its sender included. Its payload has its number, `{SEQ}`: \
         the first entry of a room has 1, and each further one the next number.",
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
                "An event that is not in the log may be lost with a connection. What it tells can be asked for.",
            ),
            text::inline(&format!(
                "The acknowledgement of an event that leads to an entry has the same `{SEQ}`, if its data is an object. \
                 If nothing has changed, nothing is sent, and it has the number of the room's last entry.",
            )),
            text::inline("The log is not the history of the room: it is there for clients that were away for a while."),
        ]),
    ];
    Section::topic("logs", "The logs of rooms", summary, blocks)
}

/// The words that catching up has.
fn words(model: &Model) -> Section {
    let row = |word: Rich, meaning: Rich| Row { anchor: None, cells: vec![word, meaning] };
    let ends = logged(model).map(|(_, _, log)| vec![Anchor::Received(log.caught_up.clone()).link()]);
    let mut rows = vec![
        row(vec![code(SEQ)], text::inline("The number of an entry in the log of its room.")),
        row(
            vec![code(POSITION)],
            text::inline(
                "A place in a log: `epoch` and `seq`. A position of another epoch means nothing: the server has been \
                 restored from a backup. The answer to a join has the position of the room at that moment: whatever \
                 comes after it is sent to the socket.",
            ),
        ),
        row(
            vec![code(SINCE)],
            text::inline(
                "The position up to which a client that joins has everything. What comes after it is sent first, in \
                 order, and then whatever is new.",
            ),
        ),
        row(
            join(ends, ", "),
            text::inline("Ends the replay, and has the position that it has reached. New entries follow."),
        ),
    ];
    rows.extend(model.gateway.position_lost.map(|id| {
        let meaning = "The server cannot send everything after `since`: it was too long ago, or of another epoch. It \
                       sends nothing, and the socket has not joined the room.";
        row(vec![errors::link(&model.errors[id.0])], text::inline(meaning))
    }));
    let summary = text::inline("A client needs these to know where it is.");
    Section::topic("positions", "Positions", summary, vec![Block::Table { columns: &["Word", "Meaning"], rows }])
}

/// The steps of a client that comes back to a room.
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
                text::inline(" with `since`: the position of this client. It is acknowledged, and the room is joined."),
            ]
            .concat(),
            text::inline("Everything after `since` comes by the same events as if the client had been there."),
            text::inline("The event that ends the replay comes, and then what is new."),
        ]),
        Block::Paragraph(text::inline(
            "The position of a client is that of the last entry that it has received, of the end of a replay, or of a \
             join without `since`. A replay shows nothing of what has been deleted since, so that there numbers may be \
             skipped. In a room that the socket has joined already, `since` is ignored.",
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
        true => text::inline(", show the room anew: join it without `since`, and load what it has."),
        false => {
            let join = text::inline(
                ", and join the room with the position in its answer as `since`: there is neither a gap nor an overlap.",
            );
            [text::inline(", show the room anew: load "), self::join(history, " or "), join].concat()
        }
    });
    Section::topic("position-lost", "When the position is lost", summary, Vec::new())
}

/// The package does all of it.
fn with_package(model: &Model, sample: Sample) -> Section {
    let summary = text::inline(&format!(
        "`follow` of `{}/rooms` does all of this, with the package's own client and with socket.io-client: it joins again from \
         the last position, hands over each entry once and in order, loads a room whose position is lost, and sends again \
         what was not acknowledged.",
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
        "A client that got no answer cannot know whether its event has arrived. These events take an id of the \
         client's own choice: sent again with the same id and the same content, on any connection, they are answered \
         like the first time, and nothing happens twice.",
    );
    let row = |(event, key): (&ClientEvent, &str)| Row {
        anchor: None,
        cells: vec![vec![Anchor::Sent(event.name.clone()).link()], vec![code(key)]],
    };
    let conflict = model.gateway.idempotency_conflict.map(|id| {
        [
            text::inline("With other content, the same id gets "),
            vec![errors::link(&model.errors[id.0])],
            text::inline(
                ". An id belongs to its user, its event and the room; an event that failed has not used it up.",
            ),
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
