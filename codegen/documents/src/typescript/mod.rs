//! TypeScript: an npm package for those who build clients. Types by the convention of `socket.io-client`, constants,
//! guards and validators, REST operations over `fetch`, and a client for pages without a bundler.
//!
//! The package needs no build step: declarations (`.d.ts`) beside modules (`.js`). Code that does not depend on a
//! schema is in `runtime/`, and is copied.

mod constant;
mod constants;
mod docs;
mod errors;
mod events;
mod guards;
pub(super) mod literal;
mod logs;
mod package;
mod rest;
pub(super) mod types;

use accord_language::model::Model;

use super::File;
pub(super) use package::name as package_name;
pub(super) use rest::{member_of as rest_member, method};

/// The package's files but for its README, in a folder `typescript`.
pub(crate) fn files(model: &Model) -> Vec<File> {
    let mut files = vec![
        file("package.json", package::manifest(model)),
        file("index.js", package::index_js(model)),
        file("index.d.ts", package::index_d_ts(model)),
        file("protocol.d.ts", protocol(model)),
        file("constants.js", constants::js(model)),
        file("constants.d.ts", constants::d_ts(model)),
        file("check.js", with_header(model, include_str!("runtime/check.js"))),
        file("guards.js", guards::js(model)),
        file("guards.d.ts", guards::d_ts(model)),
        file("client.js", with_header(model, include_str!("runtime/client.js"))),
        file("client.d.ts", with_header(model, include_str!("runtime/client.d.ts"))),
    ];
    if logs::are_there(model) {
        let runtime = [
            ("effort.js", include_str!("runtime/effort.js")),
            ("outbox.js", include_str!("runtime/outbox.js")),
            ("room.js", include_str!("runtime/room.js")),
            ("rooms.js", include_str!("runtime/rooms.js")),
            ("rooms.d.ts", include_str!("runtime/rooms.d.ts")),
        ];
        files.extend(runtime.map(|(name, text)| file(name, with_header(model, text))));
    }
    if has_rest(model) {
        files.push(file("request.js", with_header(model, include_str!("runtime/request.js"))));
        files.push(file("rest.js", rest::js(model)));
        files.push(file("rest.d.ts", rest::d_ts(model)));
    }
    let declarations = files.iter().filter_map(|File { path, text }| {
        let path = path.strip_suffix(".d.ts")?;
        Some(File { path: format!("{path}.d.cts"), text: package::for_require(text) })
    });
    let declarations = declarations.collect::<Vec<_>>();
    files.extend(declarations);
    files
}

/// The types, errors and events of a protocol: declarations in one file, which needs no other.
pub fn protocol(model: &Model) -> String {
    let sections = [types::declarations(model), errors::declarations(model), events::declarations(model)];
    with_header(model, &sections.join("\n"))
}

fn has_rest(model: &Model) -> bool {
    !model.http.operations.is_empty()
}

fn file(name: &str, text: String) -> File {
    File { path: format!("typescript/{name}"), text }
}

fn with_header(model: &Model, text: &str) -> String {
    let protocol = &model.protocol;
    format!(
        "// Generated from the schema of {} {} by \"accord gen all\". Do not edit: change the schema.\n\n{text}",
        protocol.name, protocol.version
    )
}
