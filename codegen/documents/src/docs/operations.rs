//! A page of the REST operations.

use accord_flows::drawing::{Action, Chapter};
use accord_language::model::{Auth, Model, Operation, Part, Shape, SuccessBody, Upload};

use super::{
    emits, errors, events, examples,
    flows::showing,
    page::{Anchor, Block, Group, Kind, Page, Rich, Section, code, join, plain},
    rooms, samples, text, types,
};
use crate::typescript::method;

/// The path of the page.
pub(super) const PATH: &str = "rest";

/// All operations; `None` where the protocol has none.
pub(super) fn page(model: &Model, flows: &[Chapter]) -> Option<Page> {
    if model.http.operations.is_empty() {
        return None;
    }
    let mut lead = text::blocks(
        "Requests carry the same token as the socket in a header, `Authorization: Bearer …`. A failure has one of the \
         usual statuses, and a body that describes it: `message` for people, `code` for programs. If a limit is \
         exhausted, the header `Retry-After` gives the seconds to wait.",
    );
    if let Some(body) = model.http.error_body {
        let body = Anchor::Type(model.types[body.0].name.clone()).link();
        lead.push(Block::Paragraph(vec![plain("The body of a failure is "), body, plain(".")]));
    }
    lead.extend(text::blocks(
        "The package has a class whose methods make the requests, and reject with a `RestError`:",
    ));
    lead.push(Block::Sample(samples::client(model)));
    Some(Page {
        group: Group::Reference,
        path: PATH.to_owned(),
        title: "REST operations".to_owned(),
        label: None,
        lead,
        sections: model.http.operations.iter().map(|operation| section(model, operation, flows)).collect(),
    })
}

fn section(model: &Model, operation: &Operation, flows: &[Chapter]) -> Section {
    let mut blocks = types::about(&operation.doc);
    let asks = method(operation.method);
    let mut facts = vec![
        ("Request", vec![code(format!("{asks} {}", operation.path))]),
        ("Access", access(model, operation)),
        ("Success", success(model, operation)),
        ("Limit", events::limit(model, operation.limit)),
    ];
    if !operation.emits.is_empty() {
        let follows = operation.emits.iter().map(|emit| emits::follows(model, operation.scope, &operation.rooms, emit));
        facts.push(("Then", join(follows, "; ")));
    }
    facts.extend(showing(flows, &Action::Call(operation.name.clone())).map(|flows| ("Flows", flows)));
    blocks.push(Block::Facts(facts));
    blocks.extend(input(model, operation));
    blocks.push(Block::Heading { text: vec![plain("Errors")], anchor: None });
    blocks.push(errors::list(model, &model.operation_errors(operation), &operation.failure));
    let example = operation.example.clone().or_else(|| examples::of_id(model, operation.input?));
    let mut copied = samples::call(model, operation, example.as_ref());
    copied.extend(answer(model, operation).map(|answer| samples::json("Answer", &answer)));
    Section {
        anchor: Anchor::Operation(operation.name.clone()),
        title: operation.name.clone(),
        kind: Kind::Operation(asks),
        summary: text::inline(&operation.doc.summary),
        since: operation.doc.since.clone(),
        deprecated: operation.doc.deprecated.is_some(),
        blocks,
        samples: copied,
    }
}

fn access(model: &Model, operation: &Operation) -> Rich {
    match (operation.auth, operation.scope) {
        (Auth::Public, _) => vec![plain("Anybody, without a token.")],
        (Auth::Admin, _) => text::inline("Administrators, whose token has `admin: true`."),
        (Auth::User, None) => vec![plain("Everybody with a token.")],
        (Auth::User, Some(scope)) => vec![
            plain("Members of the "),
            rooms::link(model, scope),
            plain(" that "),
            code(&model.scopes[scope.0].key),
            plain(" names."),
        ],
    }
}

fn success(model: &Model, operation: &Operation) -> Rich {
    let mut told = vec![code(operation.success.status.to_string())];
    match &operation.success.body {
        SuccessBody::Empty => told.push(plain(", without a body.")),
        SuccessBody::Raw(media) if media == "*/*" => told.push(plain(", with bytes of any type.")),
        SuccessBody::Raw(media) => told.extend([plain(", with "), code(media), plain(".")]),
        SuccessBody::Json { ty, envelope } => {
            told.push(plain(", with "));
            told.extend(types::of_type(model, ty));
            if let Some(member) = envelope {
                told.extend([plain(" in the key "), code(member)]);
            }
            for field in samples::beside(model, operation) {
                told.extend([plain(", optionally with "), code(&field.name), plain(" beside it")]);
            }
            told.push(plain("."));
        }
    }
    told
}

fn input(model: &Model, operation: &Operation) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(id) = operation.input {
        let def = &model.types[id.0];
        let anchor = Some(Anchor::Type(def.name.clone()));
        blocks.push(Block::Heading { text: vec![plain("Input "), code(&def.name)], anchor });
        if let Shape::Object(object) = &def.shape {
            blocks.extend(types::object(model, object, types::Reader::Maker));
        }
    }
    for row in
        blocks.iter_mut().filter_map(|block| if let Block::Fields(rows) = block { Some(rows) } else { None }).flatten()
    {
        let place = operation.parts.iter().find(|(field, _)| *field == row.name);
        row.place = place.map(|(_, place)| match place {
            Part::Path => "path",
            Part::Query => "query",
            Part::Body => "body",
        });
    }
    if let Some(Upload { field, media, .. }) = &operation.upload {
        let mut sentence =
            vec![plain("The file, as "), code("multipart/form-data"), plain(" in the field "), code(field), plain(".")];
        if !media.is_empty() {
            sentence.push(plain(" Its type is one of "));
            sentence.extend(join(media.iter().map(|media| vec![code(media)]), ", "));
            sentence.push(plain("."));
        }
        blocks.push(Block::Heading { text: vec![plain("Body")], anchor: None });
        blocks.push(Block::Paragraph(sentence));
    }
    blocks
}

fn answer(model: &Model, operation: &Operation) -> Option<serde_json::Value> {
    let SuccessBody::Json { ty, envelope } = &operation.success.body else { return None };
    let example = operation.success.example.clone().or_else(|| examples::of_type(model, ty))?;
    Some(match envelope {
        Some(member) => serde_json::json!({ member: example }),
        None => example,
    })
}
