//! The flow of a new event, as clients see it.

use std::path::Path;

use accord_language::{
    Model,
    model::RoomAction,
    source::{Any, Context, read_text},
};

use super::{changes::Changes, declaration::Declaration, yaml::Document};
use crate::schema::report;

/// Adds a flow that shows the event of `declaration`, and one that cases are derived from, to the flows of `domain`.
///
/// # Errors
/// If the flows are not as they should be, or cannot be added to.
pub fn add(
    model: &Model,
    domain: &str,
    declaration: &Declaration<'_>,
    files: &[(String, String)],
    folder: &Path,
    changes: &mut Changes,
) -> Result<(), String> {
    let name = format!("{domain}.yaml");
    let path = folder.join(&name);
    let written = text(declaration, model, &unused(files, declaration.name));
    let after = match files.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => {
            let mut cx = Context::default();
            let Some(Any(tree)) = read_text(&path.display().to_string(), text, &mut cx) else {
                return Err(format!("error: {} cannot be read\n", path.display()));
            };
            let appended = Document { text, tree: &tree }.append("flows", &written, &[]);
            appended.map_err(|why| format!("error: {}: {why}\n", path.display()))?
        }
        None => {
            let header =
                files.iter().find_map(|(_, text)| text.lines().next().filter(|line| line.starts_with("# yaml-")));
            let header = header.map(|line| format!("{line}\n")).unwrap_or_default();
            let summary =
                model.domains.iter().find(|known| known.name == domain).map_or("", |known| &known.doc.summary);
            let flows: String = written.lines().map(|line| format!("  {line}\n")).collect();
            format!("{header}summary: {}\nflows:\n{flows}", super::declaration::quoted(summary))
        }
    };
    let others = files.iter().filter(|(known, _)| *known != name);
    let all: Vec<(&str, &str)> =
        others.map(|(path, text)| (path.as_str(), text.as_str())).chain([(name.as_str(), after.as_str())]).collect();
    accord_flows::chapters(&all, model).map_err(|diagnostics| report(&diagnostics))?;
    changes.put(&path, after, &format!("flows of `{}`", declaration.name));
    Ok(())
}

/// A name that no flow has, the event's if that is free.
fn unused(files: &[(String, String)], event: &str) -> String {
    let is_used = |name: &str| {
        let line = format!("  {name}:");
        files.iter().any(|(_, text)| text.lines().any(|written| written.trim_end() == line))
    };
    let mut name = event.to_owned();
    while is_used(&name) || is_used(&format!("derived_{name}")) {
        name.push_str("_again");
    }
    name
}

fn text(declaration: &Declaration<'_>, model: &Model, name: &str) -> String {
    let Declaration { name: event, emits, to, scope, key, user, is_emitted_elsewhere, .. } = declaration;
    let key = &key.name;
    let is_first = model.scopes.first().is_some_and(|first| first.name == scope.name);
    let of_scope = if is_first { String::new() } else { format!("  scope: {}\n", scope.name) };
    let section: Vec<String> = event.split('_').map(capital).collect();
    let section = section.join(" ");
    let mut steps = vec!["- connect: [alice, bob]".to_owned()];
    if let Some(join) = model.room_event(&scope.name, RoomAction::Join) {
        for user in ["alice", "bob"] {
            steps.push(format!("- {{ emit: {}, as: {user}, data: {{ {key}: $room }} }}", join.name));
            let answer = join.emits.iter().find(|emit| emit.always_answers());
            steps.extend(answer.map(|emit| format!("- {{ expect: {}, at: {user} }}", emit.event)));
        }
    }
    let payload = match user {
        _ if *is_emitted_elsewhere => None,
        Some(user) => Some(format!("{{ {key}: $room, {}: $alice }}", user.name)),
        None => Some(format!("{{ {key}: $room }}")),
    };
    let and = |key: &str| payload.as_ref().map(|payload| format!(", {key}: {payload}")).unwrap_or_default();
    let at = match *to {
        "scope" => "[alice, bob]",
        "others" => "bob",
        _ => "alice",
    };
    steps.push(format!("- {{ emit: {event}, as: alice, data: {{ {key}: $room }}{} }}", and("ok")));
    steps.push(format!("- {{ expect: {emits}, at: {at}{} }}", and("data")));
    steps.push("- nothing: [alice, bob]".to_owned());
    let steps: String = steps.iter().map(|step| format!("    {step}\n")).collect();
    let reach = match *to {
        "scope" => "broadcast to its room",
        "others" => "broadcast to the others in its room",
        _ => "sent back to its sender",
    };
    format!(
        "{name}:\n  \
           summary: '`{event}` is acknowledged, and {reach} as `{emits}`.'\n  \
           documents: [{section}]\n  \
           across: [transport, acknowledged]\n\
         {of_scope}  \
           users: [alice, bob]\n  \
           rooms: {{ room: [alice, bob] }}\n  \
           steps:\n{steps}\
         derived_{name}:\n  \
           summary: The starting point of the cases derived for `{event}`.\n  \
           documents: [{section}]\n\
         {of_scope}  \
           users: [alice, bob]\n  \
           rooms: {{ room: [alice], foreign: [bob] }}\n  \
           steps: [{{ connect: alice }}]\n  \
           derives: {{ event: {event}, as: alice, data: {{ {key}: $room }}, foreign: {{ {key}: $foreign }} }}\n"
    )
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
