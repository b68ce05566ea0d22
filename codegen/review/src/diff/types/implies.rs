//! Implications between the conditions of rules.

use accord_language::model::{FieldTest, Test};

/// Returns whether every object that passes `given` passes `asked`: `true` only where that is certain.
pub fn implies(given: &Test, asked: &Test) -> bool {
    match (given, asked) {
        _ if given == asked => true,
        (_, Test::All(asked)) => asked.iter().all(|asked| implies(given, asked)),
        (Test::Any(given), _) => given.iter().all(|given| implies(given, asked)),
        (Test::All(parts), _) if parts.iter().any(|given| implies(given, asked)) => true,
        (_, Test::Any(asked)) => asked.iter().any(|asked| implies(given, asked)),
        // A value that fails the wider condition fails the narrower one.
        (Test::Not(given), Test::Not(asked)) => implies(asked, given),
        (Test::Field(field, given), Test::Field(other, asked)) => field == other && field_implies(given, asked),
        _ => false,
    }
}

fn field_implies(given: &FieldTest, asked: &FieldTest) -> bool {
    match (given, asked) {
        (FieldTest::MinLength(given), FieldTest::MinLength(asked))
        | (FieldTest::MinItems(given), FieldTest::MinItems(asked)) => given >= asked,
        (FieldTest::MaxLength(given), FieldTest::MaxLength(asked))
        | (FieldTest::MaxItems(given), FieldTest::MaxItems(asked)) => given <= asked,
        (FieldTest::Minimum(given), FieldTest::Minimum(asked)) => given >= asked,
        (FieldTest::Maximum(given), FieldTest::Maximum(asked)) => given <= asked,
        (FieldTest::OneOf(given), FieldTest::OneOf(asked)) => given.iter().all(|value| asked.contains(value)),
        (given, asked) => given == asked,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at_least(length: u64) -> Test {
        Test::Field("text".to_owned(), FieldTest::MinLength(length))
    }

    fn one_of(values: &[u32]) -> Test {
        Test::Field("kind".to_owned(), FieldTest::OneOf(values.iter().map(|value| json!(value)).collect()))
    }

    #[test]
    fn certain_implications_are_found() {
        let present = Test::Present("text".to_owned());
        let both = Test::All(vec![present.clone(), at_least(2)]);
        let either = Test::Any(vec![present.clone(), at_least(2)]);
        let not = |test: &Test| Test::Not(Box::new(test.clone()));
        for (given, asked) in [
            (&at_least(2), &at_least(1)),
            (&one_of(&[1]), &one_of(&[1, 2])),
            (&both, &present),
            (&both, &at_least(1)),
            (&present, &either),
            (&both, &either),
            (&not(&at_least(1)), &not(&at_least(2))),
        ] {
            assert!(implies(given, asked), "{given:?} implies {asked:?}");
            assert!(!implies(asked, given), "{asked:?} does not imply {given:?}");
        }
    }

    #[test]
    fn uncertain_implications_are_not_claimed() {
        assert!(!implies(&at_least(1), &one_of(&[1])));
        let other = Test::Field("other".to_owned(), FieldTest::MinLength(1));
        assert!(!implies(&at_least(1), &other));
    }
}
