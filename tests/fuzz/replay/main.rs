//! Replays the corpus of each target, and random mutations of it, the same ones each time.

mod mutation;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
};

use accord_fuzz::target;
use rand::{SeedableRng, rngs::SmallRng};

use crate::mutation::{dictionary, mutated};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// The inputs of a corpus, by their paths.
fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(FOLDER).join("corpus").join(name);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).expect("a file"))).collect()
}

/// Replays the corpus of a target, and mutations of it.
fn replay(name: &str) {
    let target = target(name);
    let corpus = corpus(name);
    for (path, input) in &corpus {
        let run = catch_unwind(|| (target.run)(input));
        run.unwrap_or_else(|panic| {
            eprintln!("the input: {}", path.display());
            resume_unwind(panic)
        });
    }
    let inputs: Vec<Vec<u8>> = corpus.into_iter().map(|(_, input)| input).collect();
    let words = dictionary(&Path::new(FOLDER).join("dictionaries").join(format!("{name}.dict")));
    let mut rng = SmallRng::seed_from_u64(0);
    for _ in 0..target.by_chance {
        let input = mutated(&mut rng, &inputs, &words);
        let run = catch_unwind(AssertUnwindSafe(|| (target.run)(&input)));
        run.unwrap_or_else(|panic| {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
            fs::write(&path, &input).expect("a file");
            eprintln!("the input: {}; once this is fixed, keep it in tests/fuzz/corpus/{name}", path.display());
            resume_unwind(panic)
        });
    }
}

#[test]
fn no_text_panics_the_schema_compiler() {
    replay("schema");
}

#[test]
fn no_text_panics_the_readers_of_flows() {
    replay("flows");
}

#[test]
fn sec_23_generated_validators_agree_with_jsonschema() {
    replay("validators");
}

#[test]
fn sec_08_an_accepted_token_follows_every_rule() {
    replay("tokens");
}

#[test]
fn sec_39_no_request_causes_a_failure_of_the_server() {
    replay("requests");
}

#[test]
fn sec_26_no_packet_harms_the_server_or_another_client() {
    replay("packets");
}

#[test]
fn sec_32_an_upload_is_read_the_same_however_it_arrives() {
    replay("multipart");
}
