//! REST operations, asked for with curl, with `fetch` and with the package's `Rest`.

use accord_language::model::{Auth, Field, Model, Operation, Part, SuccessBody, Upload};
use form_urlencoded::Serializer;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::{import_types, javascript, typescript, value};
use crate::{
    docs::page::Sample,
    typescript::{literal, method, package_name, rest_member, types},
};

/// The characters of a path segment that are percent-encoded (RFC 3986): all but unreserved ones.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The sample that makes the `rest` which calls in other samples use.
pub(in crate::docs) fn client(model: &Model) -> Sample {
    typescript(format!(
        "import {{ Rest }} from '{}';\n\n\
         const rest = new Rest({{ url: 'https://api.example.com', token: fetchToken }});\n",
        package_name(model)
    ))
}

/// A call with these fields.
pub(in crate::docs) fn call(model: &Model, operation: &Operation, input: Option<&Value>) -> Vec<Sample> {
    let input = input.and_then(Value::as_object).cloned().unwrap_or_default();
    vec![
        Sample::new("curl", "sh", curl(operation, &input)),
        javascript(fetch(model, operation, &input)),
        typescript(package(model, operation, &input)),
    ]
}

/// The fields that are in one place.
fn of(operation: &Operation, input: &Map<String, Value>, wanted: Part) -> Vec<(String, Value)> {
    let names = operation.parts.iter().filter(|(_, place)| *place == wanted).map(|(name, _)| name);
    names
        .filter_map(|name| Some((name.clone(), input.get(name)?.clone())))
        .filter(|(_, value)| !value.is_null())
        .collect()
}

/// The path with its fields filled in; one that has no example stays in braces.
fn path(operation: &Operation, input: &Map<String, Value>) -> String {
    of(operation, input, Part::Path).iter().fold(operation.path.clone(), |path, (name, value)| {
        path.replace(&format!("{{{name}}}"), &utf8_percent_encode(&text(value), SEGMENT).to_string())
    })
}

fn query(operation: &Operation, input: &Map<String, Value>) -> String {
    let fields = of(operation, input, Part::Query);
    let mut pairs = Serializer::for_suffix("?".to_owned(), 1);
    pairs.extend_pairs(fields.iter().map(|(name, value)| (name, text(value))));
    if fields.is_empty() { String::new() } else { pairs.finish() }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn body(operation: &Operation, input: &Map<String, Value>) -> Option<Value> {
    let fields = of(operation, input, Part::Body);
    (!fields.is_empty()).then(|| Value::Object(fields.into_iter().collect()))
}

fn curl(operation: &Operation, input: &Map<String, Value>) -> String {
    let mut arguments = Vec::new();
    let asks = method(operation.method);
    let implied = if operation.upload.is_some() { "POST" } else { "GET" };
    if asks != implied {
        arguments.push(format!("--request {asks}"));
    }
    if operation.auth != Auth::Public {
        arguments.push("--header \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    if let Some(Upload { field, .. }) = &operation.upload {
        arguments.push(format!("--form '{field}=@picture.png;type=image/png'"));
    } else if let Some(body) = body(operation, input) {
        arguments.push("--header 'Content-Type: application/json'".to_owned());
        arguments.push(format!("--data '{}'", body.to_string().replace('\'', r"'\''")));
    }
    arguments.push(format!("\"$SERVER{}{}\"", path(operation, input), query(operation, input)));
    format!("curl {}\n", arguments.join(" \\\n  "))
}

fn fetch(model: &Model, operation: &Operation, input: &Map<String, Value>) -> String {
    let mut before = String::new();
    let mut options = Vec::new();
    let asks = method(operation.method);
    if asks != "GET" {
        options.push(format!("method: '{asks}'"));
    }
    let mut headers = Vec::new();
    if operation.auth != Auth::Public {
        headers.push("authorization: `Bearer ${token}`");
    }
    if let Some(Upload { field, .. }) = &operation.upload {
        before += &format!("const form = new FormData();\nform.append({}, file);\n\n", literal::string(field));
        options.push("body: form".to_owned());
    } else if let Some(body) = body(operation, input) {
        headers.push("'content-type': 'application/json'");
        options.push(format!("body: JSON.stringify({})", value(&body, 2, 24)));
    }
    if !headers.is_empty() {
        options.insert(usize::from(asks != "GET"), format!("headers: {{ {} }}", headers.join(", ")));
    }
    let address = format!("`${{server}}{}{}`", path(operation, input), query(operation, input));
    let options = options.iter().map(|option| format!("  {option},\n")).collect::<String>();
    let options = if options.is_empty() { options } else { format!(", {{\n{options}}}") };
    let then = match &operation.success.body {
        SuccessBody::Json { envelope: Some(member), .. } if accord_language::case::is_identifier(member) => {
            let beside = beside(model, operation).iter().map(|field| field.name.as_str());
            let members = std::iter::once(member.as_str()).chain(beside).collect::<Vec<_>>().join(", ");
            format!("const {{ {members} }} = await response.json();\n")
        }
        SuccessBody::Json { .. } => "const body = await response.json();\n".to_owned(),
        SuccessBody::Raw(media) if media.starts_with("text/") => "const text = await response.text();\n".to_owned(),
        SuccessBody::Raw(_) => "const blob = await response.blob();\n".to_owned(),
        SuccessBody::Empty => String::new(),
    };
    format!("{before}const response = await fetch({address}{options});\n{then}")
}

fn package(model: &Model, operation: &Operation, input: &Map<String, Value>) -> String {
    let mut imports = Vec::new();
    let answer = match &operation.success.body {
        SuccessBody::Json { ty, .. } => {
            ty.kind.references(&mut |id| imports.push(model.types[id.0].name.clone()));
            format!("const answer: {} = ", types::use_of(model, ty, ""))
        }
        SuccessBody::Raw(_) => "const response: Response = ".to_owned(),
        SuccessBody::Empty => String::new(),
    };
    let call = format!("{answer}await rest.{}(", rest_member(operation));
    let mut arguments = Vec::new();
    if operation.input.is_some() && !input.is_empty() {
        arguments.push(value(&Value::Object(input.clone()), 0, call.len()));
    }
    if operation.upload.is_some() {
        arguments.push("file".to_owned());
    }
    format!("{}{call}{});\n", import_types(&package_name(model), &imports), arguments.join(", "))
}

/// The fields that an answer may have beside its data.
pub(in crate::docs) fn beside<'m>(model: &'m Model, operation: &Operation) -> &'m [Field] {
    let object = operation.success.beside.and_then(|id| model.object(id));
    object.map(|object| object.fields.as_slice()).unwrap_or_default()
}
