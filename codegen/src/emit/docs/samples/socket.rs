//! Connecting, and what is sent and received over a socket.

use serde_json::Value;

use super::{import_types, javascript, typescript, value};
use crate::{
    emit::{
        docs::page::Sample,
        typescript::{literal, package_name, types},
    },
    model::{Ack, ClientEvent, Model, ServerEvent, Type, TypeId},
};

/// A socket with a token, and what becomes of it.
pub(in crate::emit::docs) fn connect(model: &Model) -> Vec<Sample> {
    let on = |event: &str, parameter: &str, method: &str| {
        format!("socket.on({event}, ({parameter}) => {{\n  console.{method}({parameter});\n}});\n")
    };
    let welcome = model.connect.emits.iter().filter(|emit| emit.payload.is_some());
    let welcome: String = welcome.map(|emit| on(&literal::string(&emit.event), "payload", "log")).collect();
    let refused = on("'connect_error'", "error", "error");
    let then = format!("\n{welcome}{refused}{}", on("'disconnect'", "reason", "log"));
    let arguments = |version: &str| {
        let said =
            if model.gateway.version_refused.is_some() { format!(", protocol: {version}") } else { String::new() };
        format!(
            "('https://api.example.com', {{\n  auth: async (send) => send({{ token: await getToken(){said} }}),\n}});\n"
        )
    };
    let import = "import { io } from 'socket.io-client';\n";
    let package = package_name(model);
    let packaged = match model.gateway.version_refused {
        Some(_) => format!("import {{ PROTOCOL, type ClientSocket }} from '{package}';\n\n"),
        None => format!("import type {{ ClientSocket }} from '{package}';\n\n"),
    };
    let untyped = arguments(&literal::string(&model.protocol.version));
    let typed = arguments("PROTOCOL.version");
    vec![
        javascript(format!("{import}\nconst socket = io{untyped}{then}")),
        typescript(format!("{import}{packaged}const socket: ClientSocket = io{typed}{then}")),
    ]
}

/// Sending an event, and what it is acknowledged with.
pub(in crate::emit::docs) fn send(model: &Model, event: &ClientEvent, example: Option<&Value>) -> Vec<Sample> {
    let name = literal::string(&event.name);
    let before = format!("const answer = await socket.emitWithAck({name}");
    let payload = match (event.payload, example) {
        (Some(_), Some(example)) => format!(", {}", value(example, 0, before.len() + 2)),
        (Some(_), None) => ", payload".to_owned(),
        (None, _) => String::new(),
    };
    let untyped = format!(
        "{before}{payload});\n\
         if (answer.ok) console.log(answer.data);\n\
         else console.error(answer.error);\n"
    );
    let mut imports = Vec::new();
    let mut typed = String::new();
    if let (Some(id), Some(example)) = (event.payload, example) {
        let ty = &model.types[id.0].name;
        imports.push(ty.clone());
        let declared = format!("const payload: {ty} = ");
        typed += &format!("{declared}{};\n\n", value(example, 0, declared.len()));
    }
    let data = data_type(model, event, &mut imports);
    let given = if event.payload.is_some() { ", payload" } else { "" };
    typed += &format!(
        "{before}{given});\n\
         if (answer.ok) {{\n  const data: {data} = answer.data;\n  console.log(data);\n\
         }} else {{\n  console.error(answer.error);\n}}\n"
    );
    let import = import_types(&package_name(model), &imports);
    vec![javascript(untyped), typescript(format!("{import}{typed}"))]
}

/// Receiving an event.
pub(in crate::emit::docs) fn receive(model: &Model, event: &ServerEvent) -> Vec<Sample> {
    let name = literal::string(&event.name);
    let Some(TypeId(index)) = event.payload else {
        let text = format!("socket.on({name}, () => {{\n  console.log({name});\n}});\n");
        return vec![javascript(text.clone()), typescript(text)];
    };
    let ty = if event.name == model.gateway.error_event { "ProtocolError" } else { &model.types[index].name };
    let import = import_types(&package_name(model), &[ty.to_owned()]);
    let handler = |parameter: &str| format!("socket.on({name}, ({parameter}) => {{\n  console.log(payload);\n}});\n");
    vec![javascript(handler("payload")), typescript(format!("{import}{}", handler(&format!("payload: {ty}"))))]
}

/// The type of an acknowledgement's data; what it takes is added to `imports`.
fn data_type(model: &Model, event: &ClientEvent, imports: &mut Vec<String>) -> String {
    let mut written = |ty: &Type| {
        ty.kind.references(&mut |id| imports.push(model.types[id.0].name.clone()));
        types::use_of(model, ty, "")
    };
    match &event.ack {
        Ack::None => "null".to_owned(),
        Ack::Type(ty) => written(ty),
        Ack::Emitted(index) => event.emits[*index].payload.map_or("null".to_owned(), |id| {
            written(&Type { kind: crate::model::Kind::Ref(id), nullable: false, recursive: false })
        }),
    }
}
