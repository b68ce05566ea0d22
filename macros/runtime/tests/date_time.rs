//! Dates with times are judged as the crate `jsonschema` judges the format `date-time`.

use accord_runtime::validate::date_time;
use proptest::prelude::*;
use serde_json::{Value, json};

fn judge() -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(&json!({"format": "date-time"})).unwrap()
}

#[test]
fn dates_are_those_of_rfc_3339() {
    let judge = judge();
    for (text, valid) in [
        ("2026-01-31T09:30:00.000Z", true),
        ("2026-01-31t09:30:00z", true),
        ("2026-01-31T09:30:00+02:00", true),
        ("2026-01-31T09:30:00.1-23:59", true),
        ("1985-04-12T23:20:50.52Z", true),
        ("1990-12-31T23:59:60Z", true),
        ("1990-12-31T15:59:60-08:00", true),
        ("1990-12-31T23:59:60+01:00", false),
        ("1990-12-31T22:59:60Z", false),
        ("1990-12-31T00:29:60+00:30", true),
        ("2000-02-29T00:00:00Z", true),
        ("1900-02-29T00:00:00Z", false),
        ("2026-02-29T00:00:00Z", false),
        ("2026-04-31T00:00:00Z", false),
        ("2026-13-01T00:00:00Z", false),
        ("2026-00-01T00:00:00Z", false),
        ("2026-01-00T00:00:00Z", false),
        ("2026-01-31T24:00:00Z", false),
        ("2026-01-31T09:60:00Z", false),
        ("2026-01-31T09:30:61Z", false),
        ("2026-01-31T09:30:00+24:00", false),
        ("2026-01-31T09:30:00+01:60", false),
        ("2026-01-31T09:30:00+0100", false),
        ("2026-01-31T09:30:00.Z", false),
        ("2026-01-31T09:30:00", false),
        ("2026-01-31T09:30Z", false),
        ("2026-01-31 09:30:00Z", false),
        ("2026-01-31", false),
        ("２026-01-31T09:30:00Z", false),
        ("2026-01-31T09:30:00Z ", false),
        ("2026-01-3éT09:30:00Z", false),
        ("", false),
    ] {
        assert_eq!(date_time(text), valid, "{text}");
        assert_eq!(judge.is_valid(&Value::from(text)), valid, "{text}, by the judge");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn the_judge_agrees(text in r"(19|20|00)[0-9][0-9]-[01][0-9]-[0-3][0-9][Tt][0-2][0-9]:[0-5][0-9]:([0-5][0-9]|60|61)(\.[0-9]{0,4})?([Zz]|[+-][0-2][0-9]:[0-6][0-9])") {
        prop_assert_eq!(date_time(&text), judge().is_valid(&Value::from(text)));
    }

    #[test]
    fn the_judge_agrees_on_leap_seconds(text in r"2016-12-31T[0-2][0-9]:[0-5][0-9]:60[+-][0-2][0-9]:[0-5]9") {
        prop_assert_eq!(date_time(&text), judge().is_valid(&Value::from(text)));
    }

    #[test]
    fn the_judge_agrees_on_near_misses(at in 0_usize..24, character in r"[0-9TtZz:.+ é-]") {
        let mut text = "2016-12-31T23:59:60.000Z".to_owned();
        text.replace_range(at..=at, &character);
        prop_assert_eq!(date_time(&text), judge().is_valid(&Value::from(text)));
    }
}
