//! Schemas of any size: the time that they take grows as they do.

use std::{fmt::Write, fs, time::Instant};

use accord_language::Schema;
use accord_review::{
    diff::{Level, compare, report::Report},
    lint::{Format, lint},
};
use tempfile::TempDir;

const BASE: &str = include_str!("lint/base.yaml");

/// The events of a small schema, and of one that is four times as large. A check that is fast for each event needs more
/// events to show quadratic time.
const SIZES: [usize; 2] = [250, 1_000];
const MANY: [usize; 2] = [1_000, 4_000];

/// A schema with `count` client events, server events, errors, types and exceptions. They have their `limit`, and strings of at
/// most `length` characters.
fn schema(directory: &TempDir, count: usize, [limit, length, ty]: [&str; 3]) -> String {
    let mut many =
        String::from("summary: Many.\nlimits:\n  others: { summary: More., per: user, rate: 1/s, burst: 1 }\n");
    let (mut client, mut server, mut types) = (String::new(), String::new(), String::new());
    let (mut errors, mut except) = (String::new(), String::new());
    for index in 0..count {
        let fields = format!(
            "noteId: {{ $ref: NoteId }}, label{index}: {{ type: string, maxLength: {length}, summary: A name. }}"
        );
        write!(
            client,
            "  change_thing{index}:\n    summary: Change one.\n    scope: shelf\n    limit: {limit}\n    payload:\n      type: \
             object\n      required: [shelfId, noteId]\n      properties: {{ shelfId: {{ $ref: ShelfId }}, {fields} }}\n    \
             emits: {{ thing{index}_changed: scope }}\n    ack: thing{index}_changed\n    errors: [failed{index}]\n    failure: \
             Failed to change\n    example: {{ shelfId: shelf_1, noteId: note_1 }}\n"
        )
        .unwrap();
        write!(
            server,
            "  thing{index}_changed:\n    summary: One has changed.\n    scope: shelf\n    payload:\n      type: object\n      \
             required: [note]\n      properties: {{ note: {{ $ref: {ty} }}, thing: {{ $ref: Thing{index} }}, {fields} }}\n    \
             example: {{ note: {{ id: note_1, text: x, pinned: false }} }}\n"
        )
        .unwrap();
        writeln!(
            types,
            "  Thing{index}: {{ summary: One., type: object, properties: {{ {fields}, size: {{ type: integer }} }} }}"
        )
        .unwrap();
        writeln!(errors, "  failed{index}: {{ summary: It failed., code: failed, message: It failed, status: 400 }}")
            .unwrap();
        writeln!(except, "    - {{ rule: word-order, at: thing{index}_changed, reason: It is only one of many. }}")
            .unwrap();
    }
    write!(many, "errors:\n{errors}types:\n{types}client:\n{client}server:\n{server}lint:\n  except:\n{except}")
        .unwrap();
    fs::write(directory.path().join("schema.yaml"), format!("{BASE}include: [many.yaml]\n")).unwrap();
    fs::write(directory.path().join("many.yaml"), many).unwrap();
    directory.path().join("schema.yaml").display().to_string()
}

/// The processor time of this thread, which others on the machine hardly change, in nanoseconds.
fn spent(start: Instant) -> u128 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    spent.unwrap_or_else(|| start.elapsed().as_nanos())
}

/// Asserts that what takes a schema four times as large takes about four times as long: where it compared everything with
/// everything, it would be sixteen times.
fn assert_linear<T>(what: &str, sizes: [usize; 2], make: impl Fn(usize) -> T, work: impl Fn(&T)) {
    let start = Instant::now();
    let [small, large] = sizes.map(&make);
    let least = |subject| {
        let once = || {
            let before = spent(start);
            work(subject);
            spent(start) - before
        };
        (0..2).map(|_| once()).min().unwrap()
    };
    // A real difference shows each time. A disturbance, such as a neighbour that uses the processor's cache, does not.
    let mut times = (0..3).map(|_| (least(&small), least(&large)));
    let is_linear = |(small, large)| large < 6 * small;
    assert!(times.any(is_linear), "{what} takes more than six times as long: {:?} ns", (least(&small), least(&large)));
}

const USUAL: [&str; 3] = ["events", "100", "Note"];

#[test]
fn checking_and_linting_take_time_as_the_schema_has_events() {
    let make = |count| {
        let directory = TempDir::new().unwrap();
        (schema(&directory, count, USUAL), directory)
    };
    assert_linear("check", SIZES, make, |(path, _)| drop(accord_review::load(path).unwrap()));
    assert_linear(
        "lint",
        SIZES,
        |count| accord_review::load(&make(count).0).unwrap(),
        |schema| {
            let report = lint(schema);
            assert!(report.list.len() > SIZES[0]);
            for format in [Format::Text { colour: false }, Format::Json, Format::GitHub] {
                drop(report.render(format));
            }
        },
    );
}

#[test]
fn unknown_names_take_time_as_there_are_such() {
    let make = |count| {
        let directory = TempDir::new().unwrap();
        let path = schema(&directory, count, ["events", "100", "Missing"]);
        let many = directory.path().join("many.yaml");
        let text = fs::read_to_string(&many).unwrap();
        let mut named = String::new();
        for (index, part) in text.split("Missing").enumerate() {
            named += &if index == 0 { part.to_owned() } else { format!("Thinh{index}{part}") };
        }
        fs::write(many, named).unwrap();
        (path, directory)
    };
    assert_linear("check", SIZES, make, |(path, _)| {
        let diagnostics = accord_review::load(path).unwrap_err();
        assert!(diagnostics.list.len() >= SIZES[0]);
        drop(diagnostics.render(false));
    });
}

#[test]
fn comparing_takes_time_as_there_are_differences() {
    let make = |count| {
        let load = |usual: [&str; 3]| -> Schema {
            let directory = TempDir::new().unwrap();
            accord_review::load(schema(&directory, count, usual)).unwrap_or_else(|wrong| panic!("{wrong}"))
        };
        [load(USUAL), load(["others", "90", "Note"])]
    };
    assert_linear("diff", MANY, make, |[old, new]| {
        let findings = compare(old, new);
        assert!(findings.len() > 3 * MANY[0]);
        let levels = &[Level::Wire];
        drop(Report { names: ["old", "new"], old, new, findings: &findings, levels, allowed: &[] }.text(false));
    });
}
