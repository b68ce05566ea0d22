//! Keeping up with the logs of rooms, and sending once.

use accord_language::model::{ClientEvent, Model, Operation, POSITION, SINCE, Scope, ScopeLog};

use super::{Typed, value};
use crate::{
    docs::page::Sample,
    typescript::{literal, package_name, rest_member},
};

/// Joining a room from where the client is in its log, and keeping that place.
pub(in crate::docs) fn catch_up(model: &Model, scope: &Scope, log: &ScopeLog, join: &ClientEvent) -> Sample {
    let position = &model.types[log.position.0].name;
    let (name, key) = (literal::string(&join.name), literal::key(&scope.key));
    let caught_up = literal::string(&log.caught_up);
    let lost = model.gateway.position_lost.map(|id| literal::string(&model.errors[id.0].code)).unwrap_or_default();
    let id = if key == scope.key { key.clone() } else { format!("{key}: id") };
    let id_name = if key == scope.key { &scope.key } else { "id" };
    let mut code = Typed::default()
        .types(&format!("import type {{ {position} }} from '{}';\n\n", package_name(model)))
        .code("// How far this client has come in the log of each room.\nconst positions = new Map")
        .types(&format!("<string, {position}>"))
        .code(&format!("();\n\nfunction join({id_name}"))
        .types(": string")
        .code(&format!(
            ") {{\n  const {SINCE} = positions.get({id_name}) ?? null;\n  socket.emit({name}, {{ {id}, {SINCE} }}, (answer) => \
             {{\n    if (answer.ok) {{\n      if (!{SINCE}) positions.set({id_name}, answer.data.position);\n    }} else \
             if (answer.error.code === {lost}) {{\n      positions.delete({id_name});\n      reload({id_name}); // Shows \
             the room anew, and joins it again.\n    }} else {{\n      show(answer.error.message);\n    }}\n  }});\n}}\n\n"
        ));
    let followed = followed(model, scope, log);
    if !followed.is_empty() {
        code = code
            .code(&format!(
                "// What was missed comes by the same events as what is new.\nfunction follow({{ {id}, seq }}"
            ))
            .types(&format!(": {{ {key}: string; seq: number }}"))
            .code(&format!(
                ") {{\n  const position = positions.get({id_name});\n  if (position) positions.set({id_name}, {{ \
                 ...position, seq }});\n}}\n"
            ));
        for event in followed {
            code = code.code(&format!("socket.on({}, follow);\n", literal::string(event)));
        }
    }
    code.code(&format!(
        "socket.on({caught_up}, ({{ {id}, position }}) => {{\n  positions.set({id_name}, position);\n}});\n"
    ))
    .sample()
}

/// The entries of a log that name their room as its scope does.
fn followed<'m>(model: &'m Model, scope: &Scope, log: &ScopeLog) -> Vec<&'m str> {
    let is_its = |id| model.log_of(id) == Some(log);
    let names_room =
        |payload| model.object(payload).is_some_and(|object| object.fields.iter().any(|field| field.name == scope.key));
    let entries = model.server_events().filter(|event| event.durable && event.scope.is_some_and(is_its));
    entries.filter(|event| event.payload.is_some_and(names_room)).map(|event| event.name.as_str()).collect()
}

/// Sending an event until it is answered.
pub(in crate::docs) fn send_once(model: &Model, event: &ClientEvent, key: &str) -> Sample {
    let name = literal::string(&event.name);
    let ty = event.payload.map(|id| model.types[id.0].name.clone()).unwrap_or_default();
    Typed::default()
        .types(&format!("import type {{ {ty} }} from '{}';\n\n", package_name(model)))
        .code("async function send(draft")
        .types(&format!(": {ty}"))
        .code(&format!(
            ") {{\n  // Chosen once, and the same for each attempt.\n  const payload = {{ ...draft, {}: \
             crypto.randomUUID() }};\n  for (;;) {{\n    try {{\n      return await \
             socket.timeout(10_000).emitWithAck({name}, payload);\n    }} catch {{\n      // No answer in time: it may \
             have arrived or not.\n    }}\n  }}\n}}\n",
            literal::key(key)
        ))
        .sample()
}

/// Following a room and sending once with the package: with what reads the room's history and what sends to it, if there are
/// such.
pub(in crate::docs) fn follow(
    model: &Model,
    (scope, log): (&Scope, &ScopeLog),
    history: Option<&Operation>,
    sent: Option<&ClientEvent>,
) -> Sample {
    let package = package_name(model);
    let key = &scope.key;
    let mut code = Typed::default().code(&format!(
        "import {{ follow }} from '{package}/rooms';\n\n// The socket of `io`, from '{package}/client' or from \
         'socket.io-client'.\nconst rooms = follow(socket);\n"
    ));
    let of_sent = sent.and_then(|event| event.emits.iter().find(|emit| model.is_durable(emit)));
    let entry = of_sent.map(|emit| emit.event.as_str()).or_else(|| followed(model, scope, log).into_iter().next());
    if let Some(entry) = entry {
        code = code.code(&format!("rooms.on({}, (payload) => console.log(payload));\n", literal::string(entry)));
    }
    code = code
        .code("\nfunction join(id")
        .types(": string")
        .code(&format!(") {{\n  rooms.join({}, id, {{\n", literal::string(&scope.name)));
    if let Some(operation) = history {
        code = code.code(&format!(
            "    // Shows the room anew: at first, and if the position is lost.\n    load: async () => {{\n      const page = \
             await rest.{}({{ {}: id }});\n      console.log(page);\n      return page.{POSITION};\n    }},\n",
            rest_member(operation),
            literal::key(key),
        ));
    }
    code = code.code("    failed: ({ message }) => show(message),\n  });\n}\n");
    if let Some((event, example)) = sent.and_then(|event| Some((event, event.example.as_ref()?))) {
        let mut example = example.clone();
        if let (Some(fields), Some(id)) = (example.as_object_mut(), &event.idempotent) {
            fields.retain(|name, value| {
                name != id && !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
            });
        }
        let start = format!("await rooms.send({}, ", literal::string(&event.name));
        let payload = value(&example, 0, start.len());
        code = code
            .code(&format!("\n// It arrives once, however often the connection breaks, or as soon as there is one.\n{start}{payload});\n"));
    }
    code.sample()
}
