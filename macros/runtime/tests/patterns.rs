//! A pattern that became a loop finds what the regular expression finds.

use accord_runtime::{Path, Validate, Violations};
use proptest::prelude::*;
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

macro_rules! patterns {
    ($($name:ident $pattern:literal)*) => {
        $(
            #[derive(Deserialize, Validate)]
            #[serde(transparent)]
            #[validate(pattern = $pattern)]
            struct $name(#[expect(dead_code, reason = "only its check matters")] String);
        )*

        const PATTERNS: &[(&str, fn(&Value) -> bool)] = &[$(($pattern, is_valid::<$name>)),*];
    };
}

patterns! {
    Anything r"^[^\x00]*$"
    AnythingButOne r"^[^\x00]+\z"
    NoControls r"^\P{Cc}*\z"
    NoControlsOrSpace r"^[^\s\p{Cc}]*$"
    Visible r"\S"
    Space r"\s"
    Letter r"[a-zé]"
    One r"^.$"
    Empty r"^$"
    TextWithSomething r"^[^\x00]*[^\s\x00]*$"
    Solid r"^[^\x00]*[^\s\x00][^\x00]*$"
    SolidOrNot r"^[^\x00]*\S[^\x00]*$"
    Snake r"^[a-z][a-z0-9_]*$"
    Words r"^[a-z]+( [a-z]+)*$"
    TwoWords r"^[a-z]+ [a-z]+$"
    Overlapping r"^[a-z]*[a-f]$"
    Hex r"^[0-9a-f]{2}-(?:[0-9a-f]){1,3}$"
    Optional r"^a?b?c{2}$"
    Greedy r"^a{0,2}a$"
    Literal r"^abc$"
    Prefix r"^abc"
    Suffix r"abc$"
    Choice r"^(a|bc)$"
    Letters r"^\p{L}*$"
    Word r"^\w+$"
    NotLetters r"^[^a-z]*$"
    Digits r"^\d+$"
    Unicode r"^[ä-ü👍]+a$"
    Caseless r"(?i)^[a-c]+$"
    Lazy r"^a+?b$"
    Never r"[^\s\S]"
    Lines r"(?m)^a$"
    Boundary r"\ba\b"
}

fn is_valid<T: Validate>(value: &Value) -> bool {
    let mut violations = Violations::default();
    T::validate(value, Path::Root, &mut violations);
    violations.is_empty()
}

fn agree(text: &str) {
    let value = Value::String(text.to_owned());
    for (pattern, is_valid) in PATTERNS {
        assert_eq!(is_valid(&value), Regex::new(pattern).unwrap().is_match(text), "{pattern} on {text:?}");
    }
}

#[test]
fn every_short_text_is_judged_alike() {
    let characters = ['a', 'b', 'c', 'z', '0', '_', '-', ' ', '\n', '\0', '\u{7f}', '\u{85}', '\u{a0}', 'é', '👍'];
    let regexes: Vec<_> =
        PATTERNS.iter().map(|(pattern, is_valid)| (pattern, is_valid, Regex::new(pattern).unwrap())).collect();
    let mut texts = vec![String::new()];
    for _ in 0..3 {
        let longer = texts.iter().flat_map(|text| characters.map(|character| format!("{text}{character}")));
        texts = longer.chain([String::new()]).collect();
        for text in &texts {
            let value = Value::String(text.clone());
            for (pattern, is_valid, regex) in &regexes {
                assert_eq!(is_valid(&value), regex.is_match(text), "{pattern} on {text:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_long_text_is_judged_alike(text in r"[a-c0-9_\- ]{0,60}|[\x00-\xff]{0,60}|\PC{0,60}|[a-f0-9]{2}-[a-f0-9]{0,4}|[a-z]{1,9} [a-z ]{1,9}") {
        agree(&text);
    }
}
