//! The causes of failures: one mistake in a server makes many cases fail in the same way.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::play::Deviation;

/// The code of an error, and its event.
static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#""code":"([^"]*)""#).expect("a constant pattern"));
static EVENT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#""event":"([^"]*)""#).expect("a constant pattern"));
/// The places of violations.
static PLACE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#""path":"([^"]*)""#).expect("a constant pattern"));
/// Values that differ between cases: texts that are not plain words, and numbers.
static OWN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#""(?:[^"\\]|\\.)*"|[0-9]+"#).expect("a constant pattern"));
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"^"[A-Za-z_]{1,32}"$"#).expect("a constant pattern"));

/// The apparent cause of a deviation: the same text for the same cause.
///
/// The cause of an error is its event, code and violations, and the cause of a message that breaks the schema is the
/// rule that it breaks, whatever the case expected. For all other deviations, it is the expected and the actual packet,
/// without values of the case.
pub(super) fn cause(deviation: &Deviation) -> String {
    let came = deviation.came.lines().last().unwrap_or_default();
    if let Some((_, broken)) = came.split_once("breaks the schema at ") {
        // The place comes before the rule, and the value that broke it may follow.
        let rule = broken.split_once(": ").map_or(broken, |(_, rule)| rule);
        return common(rule.split_once(": `").map_or(rule, |(rule, _)| rule));
    }
    let first = |regex: &Regex| regex.captures(came).map(|found| found[1].to_owned());
    if let (Some(code), Some(event)) = (first(&CODE), first(&EVENT)) {
        let places: Vec<&str> = PLACE.captures_iter(came).filter_map(|found| Some(found.get(1)?.as_str())).collect();
        return format!("{event}: {code} {}", places.join(" "));
    }
    format!("{} instead of {}", common(came), common(&deviation.expected))
}

/// `text` without values of its case.
fn common(text: &str) -> String {
    let text = text.split_once(['{', '[']).map_or(text, |(before, _)| before).trim_end();
    let kept = |found: &Captures<'_>| if WORD.is_match(&found[0]) { found[0].to_owned() } else { "…".to_owned() };
    OWN.replace_all(text, kept).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(expected: &str, came: &str) -> String {
        cause(&Deviation::new("a step", expected, came))
    }

    #[test]
    fn a_missing_event_is_one_cause_for_every_expected_payload() {
        let error = r#"{"code":"unknown_event","event":"typing_start","message":"Unknown event"}"#;
        let missing = of("success", &format!("the error {error}"));
        assert_eq!(of("`typing_started` {\"userId\":\"alice\"}", &format!("`error` {error}")), missing);
        assert_eq!(of("\"Invalid message data\" (`invalid_payload`)", error), missing);
        assert_ne!(of("success", &format!("the error {}", error.replace("start", "stop"))), missing);
    }

    #[test]
    fn a_field_that_is_missing_is_one_cause_wherever_it_is() {
        let why = |what: &str, at: &str| {
            of(
                "what the schema says",
                &format!("{{}}\n  {what} breaks the schema at `{at}`: \"seq\" is a required property"),
            )
        };
        assert_eq!(why("`new_message`", ""), why("the acknowledgement of `send_message`", ""));
        assert_eq!(why("`new_message`", ""), why("the answer of `list_messages`", "/messages/0"));
        let event = "`new_message` breaks the schema at ``: \"seq\" is a required property: `new_message` {\"id\":1}";
        assert_eq!(of("an event of the schema", event), why("`new_message`", ""));
        assert_ne!(of("", "`new_message` breaks the schema at ``: \"id\" is a required property"), why("", ""));
    }

    #[test]
    fn violations_and_missing_events_are_different_causes() {
        let refused = |path: &str| {
            of(
                "success",
                &format!(r#"{{"code":"invalid_payload","details":[{{"path":"{path}"}}],"event":"send_message"}}"#),
            )
        };
        assert_ne!(refused("/content"), refused("/clientId"));
        assert_eq!(of("`new_message` {\"id\":\"1\"}", "nothing within 10s"), of("`new_message`", "nothing within 10s"));
        assert_ne!(of("`new_message`", "nothing within 10s"), of("`message_edited`", "nothing within 10s"));
    }
}
