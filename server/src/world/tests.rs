use super::*;

#[test]
fn a_world_is_read_from_yaml_and_from_json_alike() {
    let yaml = "\
users:
  - { id: alice, name: Alice, email: alice@example.com, image: null }
  - id: bob
channels: [{id: general, name: General, members: [alice, bob]}, {id: empty, members: []}]
conversations: [{id: general, members: [alice, bob]}]
";
    let json = r#"{
            "users": [{"id": "alice", "name": "Alice", "email": "alice@example.com", "image": null}, {"id": "bob"}],
            "channels": [
                {"id": "general", "name": "General", "members": ["alice", "bob"]}, {"id": "empty", "members": []}
            ],
            "conversations": [{"id": "general", "members": ["alice", "bob"]}]
        }"#;
    let room = |scope, id: &str, name: Option<&str>, members: &[&str]| WorldRoom {
        room: Room { scope, id: id.to_owned() },
        name: name.map(str::to_owned),
        members: members.iter().map(|&id| id.to_owned()).collect(),
    };
    let user = |id: &str, name: &str, email: Option<&str>| UserProfile {
        id: id.to_owned(),
        name: name.to_owned(),
        email: email.map(str::to_owned),
        image: None,
    };
    let expected = World {
        users: vec![user("alice", "Alice", Some("alice@example.com")), user("bob", "bob", None)],
        rooms: vec![
            room("channel", "general", Some("General"), &["alice", "bob"]),
            room("channel", "empty", Some("empty"), &[]),
            room("conversation", "general", None, &["alice", "bob"]),
        ],
    };
    assert_eq!(parse("world.yaml", yaml).expect("a world"), expected);
    assert_eq!(parse("world.json", json).expect("a world"), expected);
}

#[test]
fn characters_may_be_escaped_as_json_escapes_them() {
    let json = r#"{"users": [{"id": "\ud83d\ude00", "name": "\u00e4\uD83D\uDE00\\ud83d\\ude00\/"}]}"#;
    let world = parse("world.json", json).expect("a world");
    assert_eq!((&*world.users[0].id, &*world.users[0].name), ("😀", "ä😀\\ud83d\\ude00/"));
    let yaml = r"users: [{id: ada, name: '\ud83d\ude00'}]";
    assert_eq!(parse("world.yaml", yaml).expect("a world").users[0].name, r"\ud83d\ude00");
    for half in [r"\ud83d", r"\ude00", r"\ud83dx", r"\ude00\ud83d", r"\ud83d\u0041"] {
        let json = format!("{{\"users\": [{{\"id\": \"\\ud83d\\ude00\"}},\n  {{\"id\": \"{half}\"}}]}}");
        let report = parse("world.json", &json).expect_err("half a character").to_string();
        assert!(report.contains("world.json:2:"), "{half}: {report}");
    }
}

#[test]
fn ids_may_look_like_numbers_with_underscores() {
    assert_eq!(parse("world.yaml", "users: [{ id: 1_000 }]").expect("a world").users[0].id, "1_000");
}

#[test]
fn every_mistake_is_reported_at_once_with_its_line() {
    let world = "\
users:
  - { id: alice, nam: Alice }
  - { id: alice }
  - { id: '' }
  - { name: Nobody }
  - { id: dora, name: \"Dora\\nDuck\" }
channels:
  - { id: general, members: [alice, alcie, alice] }
  - { id: \"a\\u0007b\", members: [] }
conversations:
  - { id: dm-1, name: us, members: [alice] }
rooms: []
";
    let report = parse("world.yaml", world).expect_err("mistakes").to_string();
    for (place, message) in [
        ("world.yaml:2:", "a user has no key `nam`"),
        ("world.yaml:3:", "there are two users `alice`"),
        ("world.yaml:4:", "`id` must be at least 1 character"),
        ("world.yaml:5:", "`id` is required"),
        ("world.yaml:6:", "`name` must not contain control characters"),
        ("world.yaml:8:", "there is no user `alcie` in this world"),
        ("world.yaml:8:", "`alice` is listed as a member twice"),
        ("world.yaml:9:", "`id` must not contain control characters"),
        ("world.yaml:11:", "a conversation has no key `name`"),
        ("world.yaml:12:", "a world has no key `rooms`"),
    ] {
        assert!(report.contains(message), "{message} is missing from\n{report}");
        assert!(report.contains(place), "{place} is missing from\n{report}");
    }
    for remedy in [
        "did you mean `name`?",
        "remove or rename one of them",
        "add `id`",
        "did you mean `alice`?",
        "remove it: clients show a conversation's participants instead",
        "write one of `users`, `channels`, `conversations`",
    ] {
        assert!(report.contains(remedy), "{remedy} is missing from\n{report}");
    }
    assert!(report.contains("10 errors"), "{report}");
}

#[test]
fn a_file_that_is_not_a_world_is_refused() {
    for text in [
        "[]",
        "users: 1",
        "users: [alice]",
        "users: [",
        "",
        "users: [&a { id: ada }]",
        "users: [{ id: &a ada }, { id: *a }]",
        "users: [{ <<: { id: ada } }]",
        "users: [!user { id: ada }]",
    ] {
        assert!(parse("world.yaml", text).is_err(), "{text:?}");
    }
}

#[test]
fn a_mistake_is_shown_with_its_line_its_column_and_its_remedy() {
    let world = "users:\n  - { id: alice }\n  - { id: 42 }\n";
    let report = parse("world.yaml", world).expect_err("a mistake").to_string();
    let expected = "\
error: `id` must be a string
 --> world.yaml:3:11
  |
3 |   - { id: 42 }
  |           ^^
  |
  = help: to make it a string, put it in quotes: '42'

error: 1 error
";
    assert_eq!(report, expected);
}

#[test]
fn a_syntax_error_is_shown_with_its_line() {
    for (world, place) in [("users: [", "world.yaml:1:8"), ("users: []\nusers: []\n", "world.yaml:2:1")] {
        let report = parse("world.yaml", world).expect_err("a mistake").to_string();
        assert!(report.contains(place), "{report}");
    }
}

#[test]
fn a_default_name_is_no_second_mistake() {
    for world in ["users: [{ id: '' }]", "users: [{}]", "channels: [{ id: 1, members: [] }]"] {
        let report = parse("world.yaml", world).expect_err("a mistake").to_string();
        assert!(report.contains("error: 1 error"), "{report}");
    }
}

#[test]
fn the_schema_limits_ids_and_texts_but_not_the_size_of_a_world() {
    for (limit, world) in [
        (128, "users: [{ id: LONG }]"),
        (128, "channels: [{ id: LONG, members: [] }]"),
        (200, "users: [{ id: alice, name: LONG }]"),
        (320, "users: [{ id: alice, email: LONG }]"),
        (2048, "users: [{ id: alice, image: LONG }]"),
    ] {
        let long = |length| world.replace("LONG", &"x".repeat(length));
        assert!(parse("world.yaml", &long(limit)).is_ok(), "{world}");
        let report = parse("world.yaml", &long(limit + 1)).expect_err("a mistake").to_string();
        assert!(report.contains(&format!("must be at most {limit} characters")), "{report}");
    }
    let ids: Vec<String> = (0..90_000).map(|number| format!("user-{number}")).collect();
    let users: Vec<_> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();
    let world = serde_json::json!({ "users": users, "channels": [{ "id": "all", "members": ids }] });
    assert_eq!(parse("world.json", &world.to_string()).expect("a world").rooms[0].members, ids);
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_is_refused_as_a_world_file_without_waiting() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("world.yaml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    for path in [pipe.as_path(), std::path::Path::new("/dev/zero"), folder.path()] {
        let error = read(path).expect_err("nothing to read");
        assert_eq!(error.to_string(), "it is not a regular file", "{}", path.display());
    }
}
