//! Tests of the flows themselves, independent of any server.

use std::{env, fs, path::Path, sync::LazyLock};

use accord_conformance::{
    case::{Case, catalogue},
    protocol::Protocol,
};

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let protocol = Protocol::embedded().unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    catalogue(&protocol, &[], 2).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
});

/// `ACCORD_UPDATE=1 cargo test -p accord-conformance` writes the file anew.
#[test]
fn the_schema_for_editors_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("flows.schema.json");
    let made = format!("{:#}\n", accord_flows::editor_schema());
    if env::var_os("ACCORD_UPDATE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == made,
        "conformance/flows.schema.json is stale: run ACCORD_UPDATE=1 cargo test -p accord-conformance"
    );
}

#[test]
fn cases_have_names_of_their_own() {
    let mut names: Vec<String> = CASES.iter().map(|case| case.name().to_owned()).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn no_two_cases_share_a_user_or_a_room() {
    let cases = &*CASES;
    let users = cases.iter().flat_map(|case| case.fixture().users.iter().map(|user| user.id.clone()));
    let rooms =
        cases.iter().flat_map(|case| case.fixture().rooms.iter().map(|room| format!("{} {}", room.scope, room.id)));
    let mut ids: Vec<String> = users.chain(rooms).collect();
    let all = ids.len();
    ids.sort();
    let doubled: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
    assert!(all > 0);
}

#[test]
fn ids_are_within_the_protocols_bounds() {
    for case in &*CASES {
        for user in &case.fixture().users {
            // The ids of strangers get a suffix in each run.
            assert!(user.id.chars().count() <= 110, "{}", user.id);
        }
        for room in &case.fixture().rooms {
            assert!(room.id.chars().count() <= 128, "{}", room.id);
        }
    }
}

/// The headings of the documentation that flows belong to. The last ones stand for several of its lists.
const SECTIONS: &[&str] = &[
    "Authentication",
    "Client Connection",
    "Join Channel",
    "Leave Channel",
    "Send Message",
    "Edit Message",
    "Delete Message",
    "Forward Message",
    "Add Reaction",
    "Remove Reaction",
    "Join Conversation",
    "Leave Conversation",
    "Send Direct Message",
    "Edit Direct Message",
    "Delete Direct Message",
    "Add Direct Reaction",
    "Remove Direct Reaction",
    "Ping (Health Check)",
    "New Message",
    "Message Edited",
    "Message Deleted",
    "Message Forwarded",
    "Reaction Added",
    "Reaction Removed",
    "New Direct Message",
    "Direct Message Edited",
    "Direct Message Deleted",
    "Direct Reaction Added",
    "Direct Reaction Removed",
    "Authenticated",
    "Joined Channel",
    "Left Channel",
    "Joined Conversation",
    "Left Conversation",
    "Pong (Health Check Response)",
    "Error",
    "Message Object",
    "Direct Message Object",
    "Attachment Object",
    "Reaction Object",
    "Room Management",
    "Channel-Based Rooms",
    "Conversation-Based Rooms",
    "Broadcasting to Rooms",
    "Error Handling",
    "Connection Errors",
    "Authentication Errors",
    "Connection Management",
    "Message Handling",
    "Error Recovery",
    "REST API for History",
    "File Upload Integration",
    "Security Considerations",
    "Performance Tips",
    "Input Validation",
    "Message Batching",
    "Monitoring",
];

#[test]
fn every_section_of_the_documentation_has_flows_and_flows_name_no_others() {
    let cases = &*CASES;
    let named: Vec<&str> = cases.iter().flat_map(|case| case.documents().1).collect();
    for section in SECTIONS {
        assert!(named.contains(section), "no flow documents `{section}`");
    }
    // Sections newer than the documentation are named after their event.
    let protocol = Protocol::embedded().unwrap();
    let newer: Vec<String> = protocol.model.client_events().map(|event| event.name.replace('_', " ")).collect();
    for section in named {
        let is_newer = newer.iter().any(|event| event.eq_ignore_ascii_case(section));
        assert!(is_newer || SECTIONS.contains(&section), "the documentation has no section `{section}`");
    }
}

#[test]
fn all_flows_are_drawn_but_those_that_only_prepare_cases() {
    let model = Protocol::embedded().unwrap().model;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("flows");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect();
    paths.sort();
    let paths = paths.into_iter();
    let files: Vec<_> = paths.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let chapters = accord_flows::chapters(&files, &model).unwrap();
    let names: Vec<&str> = chapters.iter().map(|chapter| chapter.name.as_str()).collect();
    let drawn = ["messages", "presence", "typing"].iter().all(|name| names.contains(name));
    assert!(drawn && !names.contains(&"derived"), "{names:?}");
    for flow in chapters.iter().flat_map(|chapter| &chapter.flows) {
        assert!(!flow.steps.is_empty() && !flow.clients.is_empty() && flow.clients.len() <= 5, "{}", flow.name);
    }
}
