//! Connecting, and what is sent and received over a socket.

use serde_json::Value;

use super::{Typed, import_types, value};
use crate::{
    emit::{
        docs::page::Sample,
        typescript::{literal, package_name, types},
    },
    model::{Ack, ClientEvent, Model, ServerEvent, Type, TypeId},
};

/// A socket with a token, and what becomes of it.
pub(in crate::emit::docs) fn connect(model: &Model) -> Sample {
    let on = |event: &str, parameter: &str, method: &str| {
        format!("socket.on({event}, ({parameter}) => {{\n  console.{method}({parameter});\n}});\n")
    };
    let welcome = model.connect.emits.iter().filter(|emit| emit.payload.is_some());
    let welcome: String = welcome.map(|emit| on(&literal::string(&emit.event), "payload", "log")).collect();
    let refused = on("'connect_error'", "error", "error");
    let then = format!("\n{welcome}{refused}{}", on("'disconnect'", "reason", "log"));
    let said = match model.gateway.version_refused {
        Some(_) => format!(", protocol: {}", literal::string(&model.protocol.version)),
        None => String::new(),
    };
    let arguments = format!(
        "('https://api.example.com', {{\n  auth: async (send) => send({{ token: await getToken(){said} }}),\n}});\n"
    );
    Typed::default()
        .code("import { io } from 'socket.io-client';\n")
        .types(&format!("import type {{ ClientSocket }} from '{}';\n", package_name(model)))
        .code("\nconst socket")
        .types(": ClientSocket")
        .code(&format!(" = io{arguments}{then}"))
        .sample()
}

/// Sending an event, and what it is acknowledged with.
pub(in crate::emit::docs) fn send(model: &Model, event: &ClientEvent, example: Option<&Value>) -> Sample {
    let mut imports = Vec::new();
    let data = data_type(model, event, &mut imports);
    let payload = event.payload.map(|id| &model.types[id.0].name).zip(example);
    imports.extend(payload.map(|(ty, _)| ty.clone()));
    let mut code = Typed::default().types(&import_types(&package_name(model), &imports));
    if let Some((ty, example)) = payload {
        let ty = format!(": {ty}");
        let column = "const payload = ".len() + ty.len();
        code = code.code("const payload").types(&ty).code(&format!(" = {};\n\n", value(example, 0, column)));
    }
    let given = if event.payload.is_some() { ", payload" } else { "" };
    let name = literal::string(&event.name);
    code.code(&format!("const answer = await socket.emitWithAck({name}{given});\nif (answer.ok) {{\n  const data"))
        .types(&format!(": {data}"))
        .code(" = answer.data;\n  console.log(data);\n} else {\n  console.error(answer.error);\n}\n")
        .sample()
}

/// Receiving an event.
pub(in crate::emit::docs) fn receive(model: &Model, event: &ServerEvent) -> Sample {
    let name = literal::string(&event.name);
    let Some(TypeId(index)) = event.payload else {
        return Typed::default().code(&format!("socket.on({name}, () => {{\n  console.log({name});\n}});\n")).sample();
    };
    let ty = if event.name == model.gateway.error_event { "ProtocolError" } else { &model.types[index].name };
    Typed::default()
        .types(&import_types(&package_name(model), &[ty.to_owned()]))
        .code(&format!("socket.on({name}, (payload"))
        .types(&format!(": {ty}"))
        .code(") => {\n  console.log(payload);\n});\n")
        .sample()
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
