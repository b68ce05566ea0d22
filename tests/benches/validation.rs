//! A typical `send_message`, checked by the generated validator and by the `jsonschema` crate, turn by turn in one run.
//!
//! `cargo bench -p accord-tests --bench validation` prints both figures, and fails where the generated validator is not at least
//! [`REQUIRED_RATIO`] times as fast.

use std::{hint::black_box, process::ExitCode, time::Instant};

use accord_documents::json_schema;
use accord_fuzz::validators::TYPES;
use serde_json::{Value, json};

/// The minimum speed of the generated validator, as a multiple of `jsonschema`'s.
const REQUIRED_RATIO: f64 = 20.0;
const ROUNDS: usize = 31;
const CHECKS_PER_ROUND: u32 = 20_000;

fn main() -> ExitCode {
    let document = json!({
        "content": "Have you seen the plan for Thursday? I would move the review to the morning, so that there is time \
                    left for what comes out of it; the room is free from nine. What do you think – does it suit you? 👍",
        "channelId": "0198c2f4-7a31-7cc0-9c6e-2f1d3b5a7e90",
        "replyToId": "0198c2f5-1b02-7d11-8a4f-6e5c4b3a2d1f",
        "attachments": [{ "id": "0198c2f5-0c44-7a83-b1d2-9f8e7d6c5b4a" }],
    });
    let model = accord_language::load("../schema/chat.yaml").expect("the schema has no errors");
    let ty = TYPES.iter().position(|ty| ty.name == "SendMessage").expect("the chat protocol has it");
    let generated = |document: &Value| (TYPES[ty].violations)(document).is_empty();
    let schema = json_schema::of(&model, accord_language::model::TypeId(ty));
    let judge = jsonschema::options().should_validate_formats(true).build(&schema).expect("a valid schema");

    assert!(judge.is_valid(&document) && generated(&document), "both find the document valid");
    let mut figures = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        figures[0].push(nanoseconds(|| generated(black_box(&document))));
        figures[1].push(nanoseconds(|| judge.is_valid(black_box(&document))));
    }
    let [generated, jsonschema] = figures.map(median);
    let ratio = jsonschema / generated;
    println!(
        "generated validator {generated:8.1} ns\njsonschema crate    {jsonschema:8.1} ns\nratio               {ratio:8.1}"
    );
    if ratio < REQUIRED_RATIO {
        eprintln!("the generated validator has to be at least {REQUIRED_RATIO} times as fast");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The duration of one check.
fn nanoseconds(check: impl Fn() -> bool) -> f64 {
    let start = Instant::now();
    for _ in 0..CHECKS_PER_ROUND {
        black_box(check());
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(CHECKS_PER_ROUND)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
