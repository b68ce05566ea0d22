//! Explanations of a declaration in a protocol.

use accord_language::{
    limits::limits,
    model::{
        Ack, Auth, ClientEvent, Doc, Emit, ErrorDef, ErrorId, Evicts, Kind, Limit, LimitId, Model, Object, Operation,
        Per, Retry, RoomAction, SEQ, ScopeId, ServerEvent, Shape, SuccessBody, Target, Type, TypeDef, TypeId,
    },
};

use super::page::Page;

type Rows = Vec<(String, String)>;

/// Pages for everything that is called `name`.
pub fn pages(model: &Model, name: &str) -> Vec<Page> {
    let errors = (0..).zip(&model.errors).filter(|(_, error)| error.name == name || error.code == name);
    let mut pages: Vec<Page> = errors.map(|(id, error)| of_error(model, ErrorId(id), error)).collect();
    for domain in &model.domains {
        pages.extend(domain.client.iter().filter(|event| event.name == name).map(|event| of_request(model, event)));
        pages.extend(domain.server.iter().filter(|event| event.name == name).map(|event| of_event(model, event)));
    }
    let operations = model.http.operations.iter().filter(|operation| operation.name == name);
    pages.extend(operations.map(|operation| of_operation(model, operation)));
    pages.extend(model.types.iter().filter(|def| def.name == name).map(|def| of_type(model, def)));
    pages
}

/// All names that there are pages for.
pub fn names(model: &Model) -> impl Iterator<Item = &str> {
    let errors = model.errors.iter().flat_map(|error| [error.name.as_str(), &error.code]);
    let client = model.client_events().map(|event| event.name.as_str());
    let server = model.server_events().map(|event| event.name.as_str());
    let operations = model.http.operations.iter().map(|operation| operation.name.as_str());
    errors.chain(client).chain(server).chain(operations).chain(model.types.iter().map(|def| def.name.as_str()))
}

fn row(rows: &mut Rows, name: &str, text: impl Into<Option<String>>) {
    rows.extend(text.into().map(|text| (name.to_owned(), text)));
}

fn begin(title: &str, doc: &Doc) -> Page {
    let page = Page::new(title).paragraph(&doc.summary);
    match &doc.description {
        Some(description) => description.split("\n\n").fold(page, Page::paragraph),
        None => page,
    }
}

fn history(rows: &mut Rows, doc: &Doc) {
    row(rows, "since", doc.since.clone());
    row(
        rows,
        "deprecated",
        doc.deprecated.as_ref().map(|deprecated| {
            let instead = deprecated.r#use.as_ref().map(|instead| format!("; use {instead}")).unwrap_or_default();
            let until = deprecated.until.as_ref().map(|until| format!(", gone in {until}")).unwrap_or_default();
            format!("since {}{until}{instead}", deprecated.since)
        }),
    );
}

fn of_error(model: &Model, id: ErrorId, error: &ErrorDef) -> Page {
    let mut rows = Rows::new();
    row(&mut rows, "code", error.code.clone());
    let failures = if id == model.gateway.internal { " (or the call's own failure message)" } else { "" };
    row(&mut rows, "message", format!("{}{failures}", error.message));
    row(&mut rows, "status", error.status.to_string());
    row(&mut rows, "retry", retry(error.retry).to_owned());
    history(&mut rows, &error.doc);
    let events = model.client_events();
    let events = events.filter(|event| model.event_errors(event).contains(&id)).map(|event| event.name.clone());
    let operations = model.http.operations.iter().filter(|operation| model.operation_errors(operation).contains(&id));
    let connect = model.connect_errors().contains(&id).then(|| "the handshake".to_owned());
    let unknown = (id == model.gateway.unknown_event).then(|| "events that the protocol does not have".to_owned());
    let expired = (id == model.gateway.token_expired).then(|| "sockets whose token expires".to_owned());
    let events: Vec<String> = connect.into_iter().chain(unknown).chain(expired).chain(events).collect();
    let operations: Vec<String> = operations.map(|operation| operation.name.clone()).collect();
    row(&mut rows, "events", Some(events.join(", ")).filter(|text| !text.is_empty()));
    row(&mut rows, "REST", Some(operations.join(", ")).filter(|text| !text.is_empty()));
    begin(&format!("{}: an error", error.name), &error.doc).rows("", &rows)
}

fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::No => "does not help",
        Retry::Yes => "may help, at any time",
        Retry::After => "helps after `retryAfterMs`",
        Retry::NewToken => "helps with a new token",
    }
}

fn of_request(model: &Model, event: &ClientEvent) -> Page {
    let mut rows = Rows::new();
    row(&mut rows, "room", event.scope.map(|scope| membership(model, scope, &model.scopes[scope.0].key)));
    for also in &event.also {
        row(&mut rows, "also", membership(model, also.scope, &also.key));
    }
    row(
        &mut rows,
        "gateway",
        event.room.map(|action| match action {
            RoomAction::Join => "joins the room itself".to_owned(),
            RoomAction::Leave => "leaves the room itself".to_owned(),
        }),
    );
    row(
        &mut rows,
        "gateway",
        event.renews.as_ref().map(|token| format!("renews the connection with `{token}` itself")),
    );
    row(
        &mut rows,
        "log",
        model.joined_log(event).map(|_| {
            "with `since`, everything that the room's log has after that position comes first, in order".to_owned()
        }),
    );
    row(
        &mut rows,
        "once",
        event.idempotent.as_ref().map(|key| {
            format!("a repetition with the same `{key}` is answered like the first, and has no further effect")
        }),
    );
    row(&mut rows, "limit", limit(model, event.limit));
    let number = model.shown_ack(event).and_then(|shown| shown.seq).map(|seq| format!(", and `{}`", seq.name));
    let number = number.unwrap_or_default();
    row(
        &mut rows,
        "answer",
        match &event.ack {
            Ack::None => "success, without data".to_owned(),
            Ack::Emitted(index) => {
                let emit = &event.emits[*index];
                let named = emit.payload.map(|id| &model.types[id.0]).filter(|def| def.named);
                let named = named.map(|def| format!("`{}`, ", def.name)).unwrap_or_default();
                format!("{named}the same as `{}`{number}", emit.event)
            }
            Ack::Type(ty) => type_name(model, ty) + &number,
        },
    );
    for emit in &event.emits {
        row(&mut rows, "leads to", leads_to(emit, |also| event.also[also].key.clone()));
    }
    history(&mut rows, &event.doc);
    let page = begin(&format!("{}: an event that clients send", event.name), &event.doc).rows("", &rows);
    let page = payload(model, page, event.payload);
    let page = page.rows("Errors", &errors(model, &model.event_errors(event), &event.failure));
    example(page, event.example.as_ref().or(event.payload.and_then(|id| model.types[id.0].example.as_ref())))
}

fn of_event(model: &Model, event: &ServerEvent) -> Page {
    let mut rows = Rows::new();
    let to = match event.scope {
        Some(scope) => format!("the sockets that have joined the room of a `{}`", model.scopes[scope.0].name),
        None => "single sockets".to_owned(),
    };
    row(&mut rows, "to", to);
    row(&mut rows, "log", kept(model, event));
    row(
        &mut rows,
        "leave",
        event.evicts.as_ref().map(|evicts| match evicts {
            Evicts::User(key) => format!("the sockets of the user whom `{key}` names leave the room before it"),
            Evicts::FormerMembers => "the sockets of former members leave the room before it".to_owned(),
        }),
    );
    let causes = model.client_events();
    let causes =
        causes.filter(|cause| cause.emits.iter().any(|emit| emit.event == event.name)).map(|cause| cause.name.clone());
    let connect = model.connect.emits.iter().any(|emit| emit.event == event.name).then(|| "the handshake".to_owned());
    let end = model.disconnect.as_ref().filter(|end| end.emits.iter().any(|emit| emit.event == event.name));
    let end = end.map(|_| "the end of a socket".to_owned());
    let failure =
        (event.name == model.gateway.error_event).then(|| "any failure without an acknowledgement".to_owned());
    let operations = model.http.operations.iter();
    let operations = operations.filter(|cause| cause.emits.iter().any(|emit| emit.event == event.name));
    let causes = causes.chain(operations.map(|cause| cause.name.clone()));
    let replay = model.caught_up_of(&event.name).map(|_| "a replay".to_owned());
    let anytime = event.anytime.map(|_| "something outside of the protocol, at any time".to_owned());
    let causes = connect.into_iter().chain(end).chain(failure).chain(causes).chain(replay).chain(anytime);
    let causes: Vec<String> = causes.collect();
    row(&mut rows, "follows", Some(causes.join(", ")).filter(|text| !text.is_empty()));
    history(&mut rows, &event.doc);
    let page = begin(&format!("{}: an event that the server sends", event.name), &event.doc).rows("", &rows);
    let page = payload(model, page, event.payload);
    example(page, event.example.as_ref().or(event.payload.and_then(|id| model.types[id.0].example.as_ref())))
}

/// Whether the log of its room keeps an event, and whether it ends a replay of one.
fn kept(model: &Model, event: &ServerEvent) -> Option<String> {
    if model.caught_up_of(&event.name).is_some() {
        return Some("ends the replay of a room's log".to_owned());
    }
    match (event.durable, event.volatile) {
        (true, _) => Some(format!("an entry of the room's log, with its number there, `{SEQ}`")),
        (false, true) => Some("volatile: a client that is not connected misses it for good".to_owned()),
        (false, false) => None,
    }
}

fn of_operation(model: &Model, operation: &Operation) -> Page {
    let mut rows = Rows::new();
    row(&mut rows, "call", format!("{} {}", operation.method.name(), operation.path));
    row(
        &mut rows,
        "by",
        match operation.auth {
            Auth::Public => "anybody, without a token".to_owned(),
            Auth::User => "everybody with a token".to_owned(),
            Auth::Admin => "administrators".to_owned(),
        },
    );
    row(&mut rows, "room", operation.scope.map(|scope| membership(model, scope, &model.scopes[scope.0].key)));
    row(&mut rows, "limit", operation.limit.map(|id| limit(model, Some(id))));
    row(
        &mut rows,
        "upload",
        operation
            .upload
            .as_ref()
            .map(|upload| format!("a file in the field `{}`: {}", upload.field, upload.media.join(", "))),
    );
    row(
        &mut rows,
        "answer",
        match &operation.success.body {
            SuccessBody::Json { ty, .. } => format!("{} {}", operation.success.status, type_name(model, ty)),
            SuccessBody::Raw(media) => format!("{} {media}", operation.success.status),
            SuccessBody::Empty => operation.success.status.to_string(),
        },
    );
    for emit in &operation.emits {
        row(&mut rows, "leads to", leads_to(emit, |room| operation.rooms[room].key.clone()));
    }
    history(&mut rows, &operation.doc);
    let page = begin(&format!("{}: a REST operation", operation.name), &operation.doc).rows("", &rows);
    let page = match operation.input.map(|id| &model.types[id.0].shape) {
        Some(Shape::Object(object)) => page.rows("Input", &fields(model, object)).rows("Rules", &rules(object)),
        _ => page,
    };
    let page = page.rows("Errors", &errors(model, &model.operation_errors(operation), &operation.failure));
    example(page, operation.example.as_ref())
}

fn of_type(model: &Model, def: &TypeDef) -> Page {
    let mut rows = Rows::new();
    match &def.shape {
        Shape::Object(_) => {}
        Shape::Enum(choices) => row(&mut rows, "one of", choices.join(", ")),
        Shape::Alias(kind) => row(&mut rows, "is", kind_name(model, kind) + &limited(kind)),
    }
    history(&mut rows, &def.doc);
    let page = begin(&format!("{}: a type", def.name), &def.doc).rows("", &rows);
    let page = match &def.shape {
        Shape::Object(object) => page.rows("Fields", &fields(model, object)).rows("Rules", &rules(object)),
        _ => page,
    };
    example(page, def.example.as_ref())
}

fn payload(model: &Model, page: Page, payload: Option<TypeId>) -> Page {
    let Some(id) = payload else { return page.paragraph("It has no payload.") };
    let def = &model.types[id.0];
    let heading = if def.named { format!("Payload: `{}`", def.name) } else { "Payload".to_owned() };
    match &def.shape {
        Shape::Object(object) => page.rows(&heading, &fields(model, object)).rows("Rules", &rules(object)),
        _ => page.paragraph(&format!("It carries a `{}`.", def.name)),
    }
}

fn fields(model: &Model, object: &Object) -> Rows {
    let rows = object.fields.iter().map(|field| {
        let own = &field.doc.summary;
        let summary = match &field.ty.kind {
            Kind::Ref(id) if own.is_empty() => &model.types[id.0].doc.summary,
            _ => own,
        };
        let optional = if field.required { "" } else { ", may be left out" };
        (field.name.clone(), format!("{}{optional}. {summary}{}", type_name(model, &field.ty), limited(&field.ty.kind)))
    });
    rows.collect()
}

/// The rules across the fields, by the field that a violation names.
fn rules(object: &Object) -> Rows {
    object.rules.iter().map(|rule| (rule.path.trim_start_matches('/').to_owned(), rule.message.clone())).collect()
}

fn errors(model: &Model, ids: &[ErrorId], failure: &str) -> Rows {
    let rows = ids.iter().map(|id| {
        let error = &model.errors[id.0];
        let message = if *id == model.gateway.internal { failure } else { &error.message };
        (error.code.clone(), format!("{} {message}", error.status))
    });
    rows.collect()
}

fn example(page: Page, example: Option<&serde_json::Value>) -> Page {
    match example {
        Some(example) => page.code("Example", &format!("{example:#}\n")),
        None => page,
    }
}

fn membership(model: &Model, scope: ScopeId, key: &str) -> String {
    format!("the {} that `{key}` names, of which the caller must be a member", model.scopes[scope.0].name)
}

fn limit(model: &Model, limit: Option<LimitId>) -> String {
    let Some(id) = limit else { return "none".to_owned() };
    let Limit { name, per, rate, period_ms, burst, .. } = &model.limits[id.0];
    let per = match per {
        Per::User => "user",
        Per::Socket => "socket",
    };
    let period = if *period_ms == 1_000 { "second" } else { "minute" };
    format!("`{name}`: {burst} at once, and {rate} more each {period}, per {per}")
}

fn leads_to(emit: &Emit, key: impl Fn(usize) -> String) -> String {
    let to = emit.to.iter().map(|target| match target {
        Target::Caller => "to the caller".to_owned(),
        Target::Scope => "to the room".to_owned(),
        Target::Others => "to the others in the room".to_owned(),
        Target::User => "to all sockets of the caller".to_owned(),
        Target::Also(index) => format!("to the room that `{}` names", key(*index)),
        Target::Own(_) => "to the room that is the user's own".to_owned(),
        Target::UserOf(key) => format!("to all sockets of the user whom `{key}` names"),
        Target::Room(index) => format!("to the room that `{}` names", key(*index)),
    });
    let to = to.collect::<Vec<_>>().join(" and ");
    let optional = if emit.optional { ", optionally" } else { "" };
    format!("`{}` {to}{optional}", emit.event)
}

fn type_name(model: &Model, ty: &Type) -> String {
    let nullable = if ty.nullable { " or null" } else { "" };
    format!("{}{nullable}", kind_name(model, &ty.kind))
}

fn kind_name(model: &Model, kind: &Kind) -> String {
    match kind {
        Kind::Ref(id) => format!("`{}`", model.types[id.0].name),
        Kind::Text(text) if text.date_time => "point in time".to_owned(),
        Kind::Text(_) => "string".to_owned(),
        Kind::Integer(_) => "integer".to_owned(),
        Kind::Number(_) => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Const(constant) => format!("\"{constant}\""),
        Kind::Array(array) => format!("list of {}", type_name(model, &array.items)),
        Kind::Map(values) => format!("object with any keys, values: {}", type_name(model, values)),
    }
}

fn limited(kind: &Kind) -> String {
    match kind {
        Kind::Const(_) => String::new(),
        kind => limits(kind).map(|sentence| format!(" {sentence}")).unwrap_or_default(),
    }
}
