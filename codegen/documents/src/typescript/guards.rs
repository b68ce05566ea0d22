//! Guards, which check received values, and validators, which predict the server's verdict on values to send.

use std::collections::BTreeSet;

use accord_language::model::{
    Bounds, Field, FieldTest, Kind, Model, Pattern, Rule, Shape, Shown, Test, Text, Type, TypeDef, TypeId,
};

use super::{literal, types, with_header};

/// `guards.js`.
pub fn js(model: &Model) -> String {
    let guards = model
        .types
        .iter()
        .map(|TypeDef { name, .. }| format!("export const is{name} = (value) => check.fits(types.{name}, value);\n"));
    let validators = checked(model).into_iter().map(|TypeId(index)| {
        let name = &model.types[index].name;
        format!("export const validate{name} = (value) => check.violations(types.{name}, value);\n")
    });
    let by_event = |(event, function): (&str, String)| format!("  {}: {function},\n", literal::key(event));
    let text = format!(
        "import * as check from './check.js';\n\n{}\n{}\n{}\n{}\
         export const serverEvents = {{\n{}}};\n\n\
         export const clientEvents = {{\n{}}};\n",
        definitions(model),
        guards.collect::<String>(),
        validators.collect::<String>(),
        numbered(model),
        server_events(model)
            .map(|(event, guard, shown)| (event, by_number(&guard, &shown)))
            .map(by_event)
            .collect::<String>(),
        client_events(model).map(by_event).collect::<String>(),
    );
    with_header(model, &text)
}

/// The check that what the gateway numbers has its number; nothing where nothing is numbered.
fn numbered(model: &Model) -> String {
    let Some(seq) = model.server_events().find_map(|event| model.shown_payload(event)?.seq) else {
        return String::new();
    };
    format!(
        "const number = check.object({{ {} }});\n\
         const numbered = (guard) => (value) => guard(value) && check.fits(number, value);\n\n",
        of_field(model, &seq)
    )
}

fn by_number(guard: &str, shown: &Shown) -> String {
    if shown.seq.is_some() { format!("numbered({guard})") } else { guard.to_owned() }
}

/// `types`, the check of every type.
fn definitions(model: &Model) -> String {
    let definitions = model.types.iter().map(|def| format!("  {}: {},\n", def.name, check_of(model, def)));
    format!(
        "const of = (name) => (...given) => types[name](...given);\n\nconst types = {{\n{}}};\n",
        definitions.collect::<String>()
    )
}

/// `guards.d.ts`.
pub fn d_ts(model: &Model) -> String {
    let guards = model.types.iter().map(|TypeDef { name, .. }| {
        format!(
            "/** Whether a value has the type `{name}`, regardless of lengths and bounds. */\n\
             export declare function is{name}(value: unknown): value is protocol.{name};\n"
        )
    });
    let validators = checked(model).into_iter().map(|TypeId(index)| {
        let name = &model.types[index].name;
        format!(
            "/** Every rule that a `{name}` breaks, in the server's words; `path` is a JSON Pointer. */\n\
             export declare function validate{name}(value: unknown): {{ path: string; message: string }}[];\n"
        )
    });
    let by_event =
        |(event, function): (&str, String)| format!("  readonly {}: typeof {function};\n", literal::key(event));
    let of_server = |(event, guard, shown): (&str, String, Shown)| match &shown.seq {
        None => by_event((event, guard)),
        Some(_) => {
            let ty = types::shown(model, &shown, "protocol.");
            format!("  readonly {}: (value: unknown) => value is {ty};\n", literal::key(event))
        }
    };
    let text = format!(
        "import type * as protocol from './protocol.js';\n\n{}\n\
         /** The guards for what the server sends, by event; an event without a payload has none. */\n\
         export declare const serverEvents: {{\n{}}};\n\n\
         /** The validators of what clients send, by event; an event without a payload has none. */\n\
         export declare const clientEvents: {{\n{}}};\n",
        guards.chain(validators).collect::<String>(),
        server_events(model).map(of_server).collect::<String>(),
        client_events(model).map(by_event).collect::<String>(),
    );
    with_header(model, &text)
}

/// Each event that the server sends with a payload, the guard of the type that the schema declares, and what clients see.
fn server_events(model: &Model) -> impl Iterator<Item = (&str, String, Shown)> {
    let events = model.server_events();
    events.filter_map(|event| {
        let guard = format!("is{}", model.types[event.payload?.0].name);
        Some((event.name.as_str(), guard, model.shown_payload(event)?))
    })
}

/// Each event that clients send with a payload, and the validator of it.
fn client_events(model: &Model) -> impl Iterator<Item = (&str, String)> {
    let events = model.client_events();
    events.filter_map(|event| Some((event.name.as_str(), format!("validate{}", model.types[event.payload?.0].name))))
}

/// The types that the server validates: the payloads of client events, and the input of operations.
fn checked(model: &Model) -> BTreeSet<TypeId> {
    let payloads = model.client_events().filter_map(|event| event.payload);
    payloads.chain(model.http.operations.iter().filter_map(|operation| operation.input)).collect()
}

fn check_of(model: &Model, def: &TypeDef) -> String {
    match &def.shape {
        Shape::Object(object) => {
            let fields = object.fields.iter().map(|field| format!("    {},\n", of_field(model, field)));
            let rules: String = object.rules.iter().map(|rule| format!("    {},\n", of_rule(rule))).collect();
            let rules = if rules.is_empty() { String::new() } else { format!(", [\n{rules}  ]") };
            format!("check.object({{\n{}  }}{rules})", fields.collect::<String>())
        }
        Shape::Enum(choices) => {
            let choices: Vec<String> = choices.iter().map(|choice| literal::string(choice)).collect();
            format!("check.choice([{}])", choices.join(", "))
        }
        Shape::Alias(kind) => of_kind(model, kind),
    }
}

fn of_field(model: &Model, field: &Field) -> String {
    let check = of_type(model, &field.ty);
    let check = if field.required { check } else { format!("check.optional({check})") };
    format!("{}: {check}", literal::key(&field.name))
}

fn of_type(model: &Model, ty: &Type) -> String {
    let check = of_kind(model, &ty.kind);
    if ty.nullable { format!("check.nullable({check})") } else { check }
}

fn of_kind(model: &Model, kind: &Kind) -> String {
    match kind {
        Kind::Ref(id) => format!("of({})", literal::string(&model.types[id.0].name)),
        Kind::Text(text) => format!("check.text({})", constraints(&of_text(text))),
        Kind::Integer(bounds) => format!("check.integer({})", constraints(&of_bounds(bounds))),
        Kind::Number(bounds) => format!("check.number({})", constraints(&of_bounds(bounds))),
        Kind::Boolean => "check.boolean".to_owned(),
        Kind::Array(array) => {
            let counts = [("minItems", array.min_items), ("maxItems", array.max_items)];
            let counts: Vec<String> =
                counts.iter().filter_map(|(name, count)| Some(format!("{name}: {}", (*count)?))).collect();
            let counts = if counts.is_empty() { String::new() } else { format!(", {}", constraints(&counts)) };
            format!("check.array({}{counts})", of_type(model, &array.items))
        }
        Kind::Map(values) => format!("check.map({})", of_type(model, values)),
        Kind::Const(constant) => format!("check.constant({})", literal::string(constant)),
    }
}

fn constraints(entries: &[String]) -> String {
    if entries.is_empty() { String::new() } else { format!("{{ {} }}", entries.join(", ")) }
}

fn of_text(text: &Text) -> Vec<String> {
    let mut entries = Vec::new();
    entries.extend(text.min_length.map(|count| format!("minLength: {count}")));
    entries.extend(text.max_length.map(|count| format!("maxLength: {count}")));
    if let Some(pattern) = &text.pattern {
        let violation = pattern.violation.clone().unwrap_or_else(|| format!("must match {}", pattern.ecma));
        let (pattern, violation) = (expression(pattern), literal::string(&violation));
        entries.push(format!("pattern: {{ pattern: {pattern}, violation: {violation} }}"));
    }
    if text.date_time {
        entries.push("dateTime: true".to_owned());
    }
    entries
}

fn of_bounds<N: Copy + std::fmt::Display>(bounds: &Bounds<N>) -> Vec<String> {
    [
        ("minimum", bounds.minimum),
        ("exclusiveMinimum", bounds.exclusive_minimum),
        ("maximum", bounds.maximum),
        ("exclusiveMaximum", bounds.exclusive_maximum),
    ]
    .into_iter()
    .filter_map(|(name, bound)| Some(format!("{name}: {}", bound?)))
    .collect()
}

fn expression(pattern: &Pattern) -> String {
    format!("new RegExp({}, 'u')", literal::string(&pattern.ecma))
}

fn of_rule(rule: &Rule) -> String {
    let (path, message) = (literal::string(&rule.path), literal::string(&rule.message));
    format!("check.rule({path}, {message}, {})", of_test(&rule.test))
}

fn of_test(test: &Test) -> String {
    let list = |tests: &[Test]| tests.iter().map(of_test).collect::<Vec<_>>().join(", ");
    match test {
        Test::All(tests) => format!("check.all({})", list(tests)),
        Test::Any(tests) => format!("check.any({})", list(tests)),
        Test::Not(test) => format!("check.not({})", of_test(test)),
        Test::Present(field) => format!("check.present({})", literal::string(field)),
        Test::Field(field, test) => of_field_test(&literal::string(field), test),
    }
}

fn of_field_test(field: &str, test: &FieldTest) -> String {
    let (constraint, limit) = match test {
        FieldTest::Pattern(pattern) => ("pattern", format!("{{ pattern: {} }}", expression(pattern))),
        FieldTest::MinLength(count) => ("minLength", count.to_string()),
        FieldTest::MaxLength(count) => ("maxLength", count.to_string()),
        FieldTest::MinItems(count) => ("minItems", count.to_string()),
        FieldTest::MaxItems(count) => ("maxItems", count.to_string()),
        FieldTest::Minimum(bound) => ("minimum", bound.to_string()),
        FieldTest::Maximum(bound) => ("maximum", bound.to_string()),
        FieldTest::OneOf(values) => {
            let values: Vec<String> = values.iter().map(literal::scalar).collect();
            return format!("check.oneOf({field}, [{}])", values.join(", "));
        }
    };
    format!("check.field({field}, '{constraint}', {limit})")
}
