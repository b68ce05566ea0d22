//! The world file: the users and rooms that the cases need in a chat server.

use accord_flows::Fixture;
use serde_json::{Map, Value, json};

use crate::play::display_name;

/// The world of these fixtures: users, and rooms by their scopes.
pub fn world<'s>(fixtures: impl IntoIterator<Item = &'s Fixture>) -> Value {
    let mut users = Vec::new();
    let mut rooms: Map<String, Value> = Map::new();
    for fixture in fixtures {
        for user in fixture.users.iter().filter(|user| !user.stranger) {
            let name = display_name(&user.name);
            users.push(json!({ "id": user.id, "name": name, "email": null, "image": null }));
        }
        for room in &fixture.rooms {
            let member = |name: &String| {
                fixture.users.iter().find(|user| user.name == *name).map(|user| Value::from(user.id.as_str()))
            };
            let members: Vec<Value> = room.members.iter().filter_map(member).collect();
            let mut entry = json!({ "id": room.id, "members": members });
            if room.scope == "channel" {
                entry["name"] = display_name(&room.name).into();
            }
            if let Value::Array(entries) = rooms.entry(format!("{}s", room.scope)).or_insert_with(|| json!([])) {
                entries.push(entry);
            }
        }
    }
    let mut world = json!({ "users": users });
    for (kind, entries) in rooms {
        world[kind] = entries;
    }
    world
}

/// The world file as text: YAML that is JSON in each entry, one a line.
pub fn render(world: &Value) -> String {
    let mut text = "# The world of the conformance suite: load it into the server under test.\n".to_owned();
    for (kind, entries) in world.as_object().into_iter().flatten() {
        let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
        if entries.is_empty() {
            text.push_str(&format!("{kind}: []\n"));
            continue;
        }
        text.push_str(&format!("{kind}:\n"));
        for entry in entries {
            text.push_str(&format!("  - {entry}\n"));
        }
    }
    text
}
