//! Texts where the schema gives no example.

use accord_language::model::Text;
use rand::{RngExt, rngs::StdRng};
use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The words that texts are made of.
const WORDS: [&str; 12] =
    ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "island", "juniper", "kelp", "lagoon"];

/// The number of attempts to match a pattern.
const ATTEMPTS: usize = 64;

/// A text within its limits, if one is found.
pub fn make(limits: &Text, rng: &mut StdRng) -> String {
    let min = usize::try_from(limits.min_length.unwrap_or(0)).unwrap_or(usize::MAX);
    let max = usize::try_from(limits.max_length.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    let Some(pattern) = &limits.pattern else { return fitting(WORDS[rng.random_range(0..WORDS.len())], min, max) };
    let (Ok(regex), Ok(hir)) = (Regex::new(&pattern.rust), regex_syntax::parse(&pattern.rust)) else {
        return String::new();
    };
    let keeps = |text: &str| (min..=max).contains(&text.chars().count()) && regex.is_match(text);
    let word = fitting(WORDS[rng.random_range(0..WORDS.len())], min, max);
    if keeps(&word) {
        return word;
    }
    let mut text = String::new();
    for attempt in 0..ATTEMPTS {
        text.clear();
        // Later attempts repeat more, because earlier texts may have been too short.
        sample(&hir, attempt.max(if attempt % 2 == 0 { min } else { 0 }), rng, &mut text);
        if keeps(&text) {
            break;
        }
        text = fitting(&text, min, max);
        if keeps(&text) {
            break;
        }
    }
    text
}

/// A text, repeated or cut to a number of characters.
fn fitting(text: &str, min: usize, max: usize) -> String {
    let padding = WORDS.iter().flat_map(|word| word.chars()).cycle();
    let count = text.chars().count().clamp(min.min(max), max);
    text.chars().chain(padding).take(count).collect()
}

/// Adds a text that matches the expression, without its assertions about the text around it.
fn sample(hir: &Hir, extra: usize, rng: &mut StdRng, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(character(class, rng)),
        HirKind::Repetition(repetition) => {
            let min = repetition.min as usize;
            let max = repetition.max.map_or(usize::MAX, |max| max as usize);
            for _ in 0..min.max(1).saturating_add(extra / 2).clamp(min, max) {
                sample(&repetition.sub, extra, rng, text);
            }
        }
        HirKind::Capture(capture) => sample(&capture.sub, extra, rng, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| sample(part, extra, rng, text)),
        HirKind::Alternation(parts) => sample(&parts[rng.random_range(0..parts.len())], extra, rng, text),
    }
}

/// A character of a class: a letter or a digit where there is one.
fn character(class: &Class, rng: &mut StdRng) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    let is_in = |char: &char| ranges.iter().any(|(start, end)| (start..=end).contains(&char));
    let plain: Vec<char> = ('a'..='z').chain('0'..='9').chain('A'..='Z').filter(is_in).collect();
    if plain.is_empty() {
        return ranges.first().map(|(start, _)| *start);
    }
    Some(plain[rng.random_range(0..plain.len())])
}
