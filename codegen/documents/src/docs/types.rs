//! Types: how they are written, what they are limited to, and a page of those that have a name.

use accord_language::{
    limits::limits,
    model::{Ack, Doc, Field, Kind, Model, Object, Rule, Shape, SuccessBody, Type, TypeDef, TypeId},
};

use super::{
    examples,
    page::{Anchor, Block, FieldRow, Group, Inline, Kind as SectionKind, Page, Rich, Section, code, join, plain},
    samples, text,
};
use crate::sentences;

/// The path of the page.
pub(super) const PATH: &str = "types";

/// All types but those that are shown where they are used: payloads and inputs that stand inline.
pub(super) fn page(model: &Model) -> Page {
    let elsewhere: Vec<TypeId> = inline_of_events(model).chain(inline_of_operations(model)).collect();
    let types = model.types.iter().enumerate().filter(|(index, _)| !elsewhere.contains(&TypeId(*index)));
    let sections = types.map(|(index, def)| section(model, TypeId(index), def)).collect();
    let lead = "The types of payloads. Unknown fields may appear at any time: ignore them.";
    Page {
        group: Group::Reference,
        path: PATH.to_owned(),
        title: "Types".to_owned(),
        label: None,
        lead: vec![Block::Paragraph(text::inline(lead))],
        sections,
    }
}

fn inline_of_events(model: &Model) -> impl Iterator<Item = TypeId> {
    let client = model.client_events().filter_map(|event| event.payload);
    let server = model.server_events().filter_map(|event| event.payload);
    client.chain(server).filter(|id| !model.types[id.0].named)
}

fn inline_of_operations(model: &Model) -> impl Iterator<Item = TypeId> {
    model.http.operations.iter().filter_map(|operation| operation.input)
}

fn section(model: &Model, id: TypeId, def: &TypeDef) -> Section {
    let mut blocks = about(&def.doc);
    let is_alias = matches!(def.shape, Shape::Alias(_));
    // The example of a mere value is short enough to be a fact.
    let (value, sample) = match examples::of_id(model, id) {
        Some(example) if is_alias && !example.is_object() && !example.is_array() => (Some(example), None),
        example => (None, example),
    };
    match &def.shape {
        Shape::Object(object) => blocks.extend(self::object(model, object, Reader::Taker)),
        Shape::Enum(choices) => {
            let choices = choices.iter().map(|choice| vec![code(format!("'{choice}'"))]);
            blocks.push(Block::Facts(vec![("One of", join(choices, ", "))]));
        }
        Shape::Alias(kind) => {
            let mut facts = vec![("Type", of_kind(model, kind))];
            facts.extend(limits_of(kind).map(|limits| ("Limits", limits)));
            facts.extend(value.map(|example| ("Example", vec![code(example.to_string())])));
            blocks.push(Block::Facts(facts));
        }
    }
    // Nearly everything uses simple values, so that a list of users would say nothing.
    let users = if is_alias { Vec::new() } else { users(model, id) };
    if !users.is_empty() {
        blocks.push(Block::Facts(vec![("Used by", join(users.iter().map(|anchor| vec![anchor.link()]), ", "))]));
    }
    Section {
        anchor: Anchor::Type(def.name.clone()),
        title: def.name.clone(),
        kind: SectionKind::Type,
        summary: text::inline(&def.doc.summary),
        since: def.doc.since.clone(),
        deprecated: def.doc.deprecated.is_some(),
        blocks,
        samples: sample.iter().map(|example| samples::json("Example", example)).collect(),
    }
}

/// The documentation of a declaration without its summary.
pub(super) fn about(doc: &Doc) -> Vec<Block> {
    let mut blocks = text::blocks(doc.description.as_deref().unwrap_or_default());
    if let Some(deprecated) = &doc.deprecated {
        blocks.insert(0, Block::Warning(text::inline(&sentences::deprecated(deprecated))));
    }
    blocks
}

/// The reader of an object's description.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reader {
    /// A developer who makes the object, and needs the limits of its fields at once.
    Maker,
    /// A developer who receives the object.
    Taker,
}

/// The fields of an object, and the rules across them.
pub(super) fn object(model: &Model, object: &Object, reader: Reader) -> Vec<Block> {
    if object.fields.is_empty() {
        return vec![Block::Paragraph(vec![plain("An object without fields.")])];
    }
    let fields = object.fields.iter().map(|field| row(model, field, reader));
    let mut blocks = vec![Block::Fields(fields.collect())];
    if !object.rules.is_empty() {
        blocks.push(Block::List(object.rules.iter().map(rule).collect()));
    }
    blocks
}

/// A field of an object.
pub(super) fn row(model: &Model, field: &Field, reader: Reader) -> FieldRow {
    FieldRow {
        name: field.name.clone(),
        ty: of_type(model, &field.ty),
        required: field.required,
        place: None,
        text: text_of(model, &field.doc, &field.ty.kind, reader),
    }
}

/// The fields of a type; of one that is not an object, what it is.
pub(super) fn fields(model: &Model, id: TypeId, reader: Reader) -> Vec<Block> {
    match &model.types[id.0].shape {
        Shape::Object(object) => self::object(model, object, reader),
        _ => vec![Block::Paragraph(vec![plain("A "), Anchor::Type(model.types[id.0].name.clone()).link(), plain(".")])],
    }
}

fn rule(rule: &Rule) -> Rich {
    let field = rule.path.trim_start_matches('/');
    let subject = if field.is_empty() { plain("The whole") } else { code(field) };
    [vec![subject, plain(" ")], text::inline(&rule.message), vec![plain(".")]].concat()
}

/// The text about a field: its meaning and its limits.
fn text_of(model: &Model, doc: &Doc, kind: &Kind, reader: Reader) -> Vec<Rich> {
    let (mut summary, mut limited) = (sentence(&doc.summary), limits_of(kind));
    if let Kind::Ref(id) = kind {
        let def = &model.types[id.0];
        if summary.is_empty() {
            summary = repeated(sentence(&def.doc.summary));
        }
        if let (Shape::Alias(kind), Reader::Maker) = (&def.shape, reader) {
            limited = limits_of(kind).map(repeated);
        }
    }
    let mut texts = vec![summary];
    texts.extend(doc.description.as_deref().map(text::inline));
    texts.extend(limited);
    texts.extend(doc.since.as_ref().map(|since| vec![plain(format!("Since {since}."))]));
    texts.extend(doc.deprecated.as_ref().map(|deprecated| text::inline(&sentences::deprecated(deprecated))));
    texts.retain(|text| !text.is_empty());
    texts
}

/// A text that ends like a sentence.
fn sentence(text: &str) -> Rich {
    let mut sentence = text::inline(text);
    if !text.is_empty() && !text.ends_with(['.', '!', '?', ':']) {
        sentence.push(plain("."));
    }
    sentence
}

/// The text about a field's type.
fn repeated(text: Rich) -> Rich {
    if text.is_empty() { text } else { vec![Inline::Repeated(text)] }
}

/// The limits of a value, in words.
fn limits_of(kind: &Kind) -> Option<Rich> {
    let sentence = limits(kind)?;
    let mut letters = sentence.chars();
    let sentence: String = letters.next()?.to_uppercase().chain(letters).collect();
    Some(text::inline(&sentence))
}

/// A type as TypeScript writes it, with links.
pub(super) fn of_type(model: &Model, ty: &Type) -> Rich {
    let mut written = of_kind(model, &ty.kind);
    if ty.nullable {
        written.push(code(" | null"));
    }
    written
}

fn of_kind(model: &Model, kind: &Kind) -> Rich {
    match kind {
        Kind::Ref(id) => vec![Anchor::Type(model.types[id.0].name.clone()).link()],
        Kind::Text(_) => vec![code("string")],
        Kind::Integer(_) => vec![code("integer")],
        Kind::Number(_) => vec![code("number")],
        Kind::Boolean => vec![code("boolean")],
        Kind::Const(constant) => vec![code(format!("'{constant}'"))],
        Kind::Array(array) => around(model, "", &array.items, "[]"),
        Kind::Map(values) => around(model, "Record<string, ", values, ">"),
    }
}

fn around(model: &Model, before: &str, ty: &Type, after: &str) -> Rich {
    let (before, after) = match ty.nullable {
        true if after == "[]" => ("(", ")[]"),
        _ => (before, after),
    };
    let mut written: Rich = Vec::new();
    let parts = [vec![code(before)], of_type(model, ty), vec![code(after)]].concat();
    for part in parts {
        match (written.last_mut(), part) {
            (_, Inline::Code(text)) if text.is_empty() => {}
            (Some(Inline::Code(last)), Inline::Code(text)) => last.push_str(&text),
            (_, part) => written.push(part),
        }
    }
    written
}

/// The events, operations and types that have a type in them.
fn users(model: &Model, id: TypeId) -> Vec<Anchor> {
    let refers = |ty: &Type| {
        let mut found = false;
        ty.kind.references(&mut |used| found |= used == id);
        found
    };
    let mut users = Vec::new();
    for domain in &model.domains {
        let carries = |payload: Option<TypeId>| payload.is_some_and(|payload| shows(model, payload, id));
        for event in &domain.client {
            let answered = matches!(&event.ack, Ack::Type(ty) if refers(ty));
            users.extend((carries(event.payload) || answered).then(|| Anchor::Sent(event.name.clone())));
        }
        let server = domain.server.iter().filter(|event| carries(event.payload));
        users.extend(server.map(|event| Anchor::Received(event.name.clone())));
    }
    for operation in &model.http.operations {
        let takes = operation.input.is_some_and(|input| shows(model, input, id));
        let gives = matches!(&operation.success.body, SuccessBody::Json { ty, .. } if refers(ty));
        users.extend((takes || gives).then(|| Anchor::Operation(operation.name.clone())));
    }
    let elsewhere: Vec<TypeId> = inline_of_events(model).chain(inline_of_operations(model)).collect();
    for (index, def) in model.types.iter().enumerate() {
        let user = TypeId(index);
        if user != id && !elsewhere.contains(&user) && shows(model, user, id) {
            users.push(Anchor::Type(def.name.clone()));
        }
    }
    users
}

/// Returns whether the reader of `shown` meets `id`.
fn shows(model: &Model, shown: TypeId, id: TypeId) -> bool {
    let mut found = shown == id;
    model.types[shown.0].shape.references(&mut |used| found |= used == id);
    found
}
