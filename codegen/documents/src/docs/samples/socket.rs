//! Connecting, and what is sent and received over a socket.

use accord_language::model::{ClientEvent, Emit, Model, RoomAction, ServerEvent, TypeId};
use serde_json::Value;

use super::{Typed, import_types, value};
use crate::{
    docs::page::Sample,
    typescript::{literal, package_name, types},
};

/// A socket that reconnects after every ending that allows it, and otherwise shows a message.
pub(in crate::docs) fn connect(model: &Model) -> Sample {
    let said = match model.gateway.version_refused {
        Some(_) => format!(", protocol: {}", literal::string(&model.protocol.version)),
        None => String::new(),
    };
    let renewal = model.renewal_event().zip(model.welcome().filter(|emit| says_when_it_ends(model, emit)));
    let code = Typed::default()
        .code("import { io } from 'socket.io-client';\n")
        .types(&format!("import type {{ ClientSocket }} from '{}';\n", package_name(model)))
        .code("\nconst socket")
        .types(": ClientSocket")
        .code(&format!(
            " = io('https://api.example.com', {{\n  // Called at each attempt to connect: a token expires.\n  auth: \
             (give) =>\n    fetchToken().then(\n      (token) => give({{ token{said} }}),\n      () => \
             socket.io.engine.close(), // The client tries again.\n    ),\n}});\n\n"
        ));
    let code = welcomed(model, code, renewal.is_some());
    let code = match renewal {
        Some((event, _)) => renewed(event, code),
        None => code,
    };
    let forget = if renewal.is_some() { "  clearTimeout(timer);\n" } else { "" };
    let errors = [model.gateway.token_missing, model.gateway.token_refused].map(|id| &model.errors[id.0].message);
    code.code(&format!(
        "socket.on('disconnect', (reason) => {{\n{forget}  if (socket.active) show('Connection lost, trying \
         again');\n  // 'io client disconnect' is the page's own doing.\n  else if (reason === 'io server \
         disconnect') again();\n}});\n\n\
         socket.on('connect_error', ({{ message }}) => {{\n  if (socket.active) show('No answer, trying again');\n  \
         else if ([{}].includes(message)) again();\n  else show(message);\n}});\n\n\
         // After these, the client does not reconnect by itself.\n\
         async function again() {{\n  await signIn();\n  socket.connect();\n}}\n",
        errors.map(|message| literal::string(message)).join(", ")
    ))
    .sample()
}

/// The code that runs at each new connection.
fn welcomed(model: &Model, code: Typed, is_renewed: bool) -> Typed {
    let event = model.welcome().map_or("connect", |emit| emit.event.as_str());
    let (given, renew) = if is_renewed { ("{ expiresAt }", "  renewBefore(expiresAt);\n") } else { ("", "") };
    let joins = model.client_events().any(|event| event.room == Some(RoomAction::Join));
    let join = if joins { "  joinRooms(); // A new connection has not joined any.\n" } else { "" };
    let show = "  show('Connected');\n";
    code.code(&format!("socket.on({}, ({given}) => {{\n{show}{renew}{join}}});\n\n", literal::string(event)))
}

/// The code that renews the token of a connection.
fn renewed(event: &ClientEvent, code: Typed) -> Typed {
    let (name, token) = (literal::string(&event.name), literal::key(event.renews.as_deref().unwrap_or_default()));
    code.code("// Hands in a new token a minute before the old one expires.\nlet timer")
        .types(": ReturnType<typeof setTimeout> | undefined")
        .code(";\nfunction renewBefore(expiresAt")
        .types(": string")
        .code(&format!(
            ") {{\n  const left = Date.parse(expiresAt) - Date.now();\n  \
             // setTimeout takes at most 2 ** 31 - 1.\n  \
             const wait = Math.min(Math.max(left - 60_000, 10_000), 2 ** 31 - 1);\n  \
             clearTimeout(timer);\n  \
             timer = setTimeout(() => renew().catch(console.error), wait);\n}}\n\
             async function renew() {{\n  \
             const token = await fetchToken();\n  \
             const answer = await socket.emitWithAck({name}, {{ {} }});\n  \
             if (answer.ok) renewBefore(answer.data.expiresAt);\n}}\n\n",
            if token == "token" { token } else { format!("{token}: token") },
        ))
}

/// Returns whether an event says when its token expires, in the words in which the gateway answers a renewal.
fn says_when_it_ends(model: &Model, emit: &Emit) -> bool {
    let Some(payload) = emit.payload else { return false };
    let fields = model.object(payload).map_or(&[][..], |object| &object.fields);
    fields.iter().any(|field| field.name == "expiresAt" && field.required && !field.ty.nullable)
}

/// Sending an event, and what it is acknowledged with.
pub(in crate::docs) fn send(model: &Model, event: &ClientEvent, example: Option<&Value>) -> Sample {
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
pub(in crate::docs) fn receive(model: &Model, event: &ServerEvent) -> Sample {
    let name = literal::string(&event.name);
    let Some(TypeId(index)) = event.payload else {
        return Typed::default().code(&format!("socket.on({name}, () => {{\n  console.log({name});\n}});\n")).sample();
    };
    let declared = if event.name == model.gateway.error_event { "ProtocolError" } else { &model.types[index].name };
    let ty = match model.shown_payload(event) {
        Some(shown) if shown.seq.is_some() => types::shown(model, &shown, ""),
        _ => declared.to_owned(),
    };
    Typed::default()
        .types(&import_types(&package_name(model), &[declared.to_owned()]))
        .code(&format!("socket.on({name}, (payload"))
        .types(&format!(": {ty}"))
        .code(") => {\n  console.log(payload);\n});\n")
        .sample()
}

/// The type of an acknowledgement's data; what it takes is added to `imports`.
fn data_type(model: &Model, event: &ClientEvent, imports: &mut Vec<String>) -> String {
    let Some(shown) = model.shown_ack(event) else { return "null".to_owned() };
    shown.ty.kind.references(&mut |id| imports.push(model.types[id.0].name.clone()));
    types::shown(model, &shown, "")
}
