//! The TypeScript of a protocol of corner cases, `codegen/rust/tests/corner_cases/sample.yaml`, is in `typescript/`; `tests/js/typescript.test.js`
//! compiles and runs it. After a change, `ACCORD_UPDATE=1 cargo test -p accord-documents --test typescript` writes it anew.

use std::{env, fs};

use accord_language::{Model, load};

fn model(schema: &str) -> Model {
    load(schema).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn package(schema: &str) -> Vec<accord_documents::File> {
    accord_documents::package(&model(schema))
}

/// A file of the whiteboard's package.
fn whiteboard(name: &str) -> String {
    let files = package("../../tests/whiteboard/history/1.0.0/whiteboard.yaml");
    let file = files.into_iter().find(|file| file.path == format!("typescript/{name}"));
    file.unwrap_or_else(|| panic!("there is no {name}")).text
}

fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}\n\nis not in\n\n{text}");
    }
}

#[test]
fn corner_cases_make_the_package_that_is_checked_in() {
    for file in package("../rust/tests/corner_cases/sample.yaml") {
        let copied = ["check.js", "request.js", "client.js", "client.d.ts", ".d.cts"];
        if copied.iter().any(|copied| file.path.ends_with(copied)) {
            continue;
        }
        let path = format!("tests/{}", file.path);
        if env::var_os("ACCORD_UPDATE").is_some() {
            fs::write(&path, &file.text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(file.text == expected, "{path} is stale: look at what changes with ACCORD_UPDATE=1 and git diff");
    }
}

#[test]
fn the_same_schema_makes_the_same_package() {
    assert_eq!(package("../../schema/chat.yaml"), package("../../schema/chat.yaml"));
}

#[test]
fn every_file_begins_with_the_command_that_makes_it() {
    for file in package("../../schema/chat.yaml").iter().filter(|file| !file.path.ends_with(".json")) {
        let first = file.text.lines().next().unwrap_or_default();
        let (start, end) = if file.path.ends_with(".md") { ("<!-- ", " -->") } else { ("// ", "") };
        let comment = first.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).unwrap_or_default();
        let rest = comment.strip_prefix("Generated from the schema of chat ").unwrap_or_default();
        assert!(rest.ends_with(" by \"accord gen all\". Do not edit: change the schema."), "{}: {first}", file.path);
    }
}

#[test]
fn another_protocol_has_its_own_names_alone() {
    for file in package("../../tests/whiteboard/history/1.0.0/whiteboard.yaml") {
        for word in ["chat", "channel", "conversation", "send_message", "Reaction"] {
            assert!(!file.text.contains(word), "{} has {word}", file.path);
        }
    }
    assert_has(&whiteboard("package.json"), &[r#""name": "@accord/whiteboard""#, r#""version": "1.0.0""#]);
}

#[test]
fn events_have_the_types_that_the_official_client_asks_for() {
    assert_has(
        &whiteboard("protocol.d.ts"),
        &[
            "export type Tool = 'pen' | 'marker' | 'highlighter';",
            "export type ProtocolError<Code extends string = ErrorCode> = Refused & { code: Code };",
            "  refused: (error: ProtocolError) => void;",
            "  stroke_drawn: (payload: Stroke) => void;",
            "  draw_stroke: 'board_denied' | 'invalid' | 'slow_down' | 'internal' | 'board_full';",
            "   * Leads to `stroke_drawn`, to all who have joined the board.",
            "  draw_stroke: (payload: DrawStroke, \
             ack: (answer: Answer<Stroke, EventErrors['draw_stroke']>) => void) => void;",
            "  move_cursor: (payload: MoveCursor, \
             ack: (answer: Answer<null, EventErrors['move_cursor']>) => void) => void;",
        ],
    );
}

#[test]
fn optional_fields_may_be_null() {
    assert_has(&whiteboard("protocol.d.ts"), &["  dashed?: boolean | null;\n", "  dashed: boolean;\n"]);
}

#[test]
fn limits_and_bounds_are_constants() {
    assert_has(
        &whiteboard("constants.d.ts"),
        &[
            "readonly pointing: { readonly per: 'socket'; readonly rate: 30; readonly periodMs: 1000; readonly burst: 30 };",
            "  readonly Point: {\n    readonly x: { readonly minimum: 0; readonly maximum: 10000 };",
        ],
    );
    assert_has(&whiteboard("constants.js"), &["pointing: { per: 'socket', rate: 30, periodMs: 1000, burst: 30 }"]);
}

#[test]
fn without_operations_there_is_no_rest() {
    let paths: Vec<String> =
        package("../../tests/whiteboard/history/1.0.0/whiteboard.yaml").into_iter().map(|file| file.path).collect();
    assert!(!paths.iter().any(|path| path.contains("rest") || path.contains("request")), "{paths:?}");
    assert!(!whiteboard("index.js").contains("rest"));
}
