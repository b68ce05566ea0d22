//! Random changes of inputs.

use std::{fs, ops::Range, path::Path};

use rand::{Rng, RngExt, seq::IndexedRandom};

/// The words of a dictionary in libFuzzer's format: quoted, one per line.
pub fn dictionary(path: &Path) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let words = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    words.map(|word| word.replace("\\\"", "\"").replace("\\\\", "\\").into_bytes()).collect()
}

/// An input with a few changes.
pub fn mutated(rng: &mut impl Rng, inputs: &[Vec<u8>], words: &[Vec<u8>]) -> Vec<u8> {
    let mut input = inputs.choose(rng).cloned().unwrap_or_default();
    for _ in 0..rng.random_range(1..5) {
        let other = inputs.choose(rng).map(Vec::as_slice).unwrap_or_default();
        mutate(rng, &mut input, other, words);
    }
    input
}

/// Makes one change, which may use another input.
fn mutate(rng: &mut impl Rng, input: &mut Vec<u8>, other: &[u8], words: &[Vec<u8>]) {
    match rng.random_range(0..7) {
        0 => drop(input.drain(part(rng, input.len(), 16))),
        1 => {
            let replaced = part(rng, input.len(), 1);
            input.splice(replaced, [rng.random::<u8>()]);
        }
        2 => {
            let replaced = part(rng, input.len(), 8);
            input.splice(replaced, words.choose(rng).cloned().unwrap_or_default());
        }
        3 => {
            let copied = input[part(rng, input.len(), 64)].to_vec();
            let at = rng.random_range(0..=input.len());
            input.splice(at..at, copied);
        }
        4 => {
            let replaced = part(rng, input.len(), 16);
            input.splice(replaced, other[part(rng, other.len(), 64)].to_vec());
        }
        5 => {
            let cut = rng.random_range(0..=input.len());
            input.truncate(cut);
            input.extend(&other[rng.random_range(0..=other.len())..]);
        }
        _ => {
            let mut lines: Vec<&[u8]> = input.split_inclusive(|byte| *byte == b'\n').collect();
            if let Some(line) = lines.choose(rng).copied() {
                lines.insert(rng.random_range(0..=lines.len()), line);
            }
            *input = lines.concat();
        }
    }
}

/// A range of at most this many bytes of something that has a length.
fn part(rng: &mut impl Rng, length: usize, most: usize) -> Range<usize> {
    let start = rng.random_range(0..=length);
    start..length.min(start + rng.random_range(0..=most))
}
