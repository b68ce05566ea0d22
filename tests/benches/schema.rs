//! Measures checking a schema and generating everything from it: the chat protocol, and larger ones.
//!
//! `cargo bench -p accord-tests --bench schema` prints the figures, and fails if one exceeds its bound or if the time
//! does not grow linearly with the schema.

use std::{
    fmt::Write,
    fs,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use accord_documents::json_schema;

const CHAT: &str = "../schema/chat.yaml";
const CHAT_BOUND: Duration = Duration::from_millis(100);
const LARGE: usize = 2_000;
const LARGE_BOUND: Duration = Duration::from_secs(2);
/// The maximum factor in time for twice the events; linear growth is 2.
const GROWTH_BOUND: f64 = 3.0;
const ROUNDS: usize = 5;

fn main() -> ExitCode {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let large = |events| {
        let path = directory.path().join(format!("large_{events}.yaml"));
        fs::write(&path, schema_of(events)).expect("a temporary directory can be written");
        path
    };
    let chat = best(Path::new(CHAT));
    let half = best(&large(LARGE / 2));
    let whole = best(&large(LARGE));
    println!("chat          {chat:>10.1?}\n{:>5} events  {half:>10.1?}\n{LARGE:>5} events  {whole:>10.1?}", LARGE / 2);

    let growth = whole.as_secs_f64() / half.as_secs_f64();
    let holds = [
        (chat <= CHAT_BOUND, format!("the chat protocol takes more than {CHAT_BOUND:?}")),
        (whole <= LARGE_BOUND, format!("{LARGE} events take more than {LARGE_BOUND:?}")),
        (growth <= GROWTH_BOUND, format!("twice the events take {growth:.1} times as long")),
    ];
    for (_, what) in holds.iter().filter(|(held, _)| !held) {
        eprintln!("{what}");
    }
    if holds.iter().all(|(held, _)| *held) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The best of a few rounds of checking a schema and generating everything from it.
fn best(schema: &Path) -> Duration {
    let round = || {
        let start = Instant::now();
        let model = accord_language::load(schema).unwrap_or_else(|errors| panic!("{errors}"));
        let generated = (accord_codegen::emit(&model), json_schema::bundle(&model));
        std::hint::black_box(generated);
        start.elapsed()
    };
    (0..ROUNDS).map(|_| round()).min().expect("there are rounds")
}

/// A schema with this many client events, each with the event that it emits.
fn schema_of(events: usize) -> String {
    let whiteboard = fs::read_to_string("whiteboard/history/1.0.0/whiteboard.yaml").expect("the whiteboard's schema");
    let (head, server) = whiteboard.split_once("\nserver:\n").expect("it has server events");
    let mut client = String::new();
    let mut emitted = String::new();
    for n in 0..events {
        write!(
            client,
            "
  change_thing_{n}:
    summary: Changes thing {n}.
    scope: board
    limit: drawing
    payload:
      type: object
      required: [boardId, label, points]
      properties:
        boardId: {{ $ref: BoardId }}
        label: {{ type: string, minLength: 1, maxLength: 80 }}
        points: {{ type: array, maxItems: 10, items: {{ $ref: Point }} }}
    emits: {{ thing_{n}_changed: scope }}
    ack: thing_{n}_changed
    errors: [stroke_not_found]
    failure: Failed to change thing {n}
    example: {{ boardId: board-1, label: A thing, points: [{{ x: 1, y: 2 }}] }}"
        )
        .expect("writing to a string");
        write!(
            emitted,
            "
  thing_{n}_changed:
    summary: Thing {n} was changed.
    scope: board
    payload: {{ type: object, required: [boardId], properties: {{ boardId: {{ $ref: BoardId }} }} }}
    example: {{ boardId: board-1 }}"
        )
        .expect("writing to a string");
    }
    // Further sections follow the existing ones.
    format!("{head}{client}\n\nserver:{emitted}\n{server}")
}
