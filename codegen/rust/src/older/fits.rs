//! Checks that every value of one kind is also a value of another.

use accord_language::model::{Array, Bounds, Text};

/// Returns whether every string that `given` allows is one that `asked` does.
pub fn text(given: &Text, asked: &Text) -> bool {
    lengths((given.min_length, given.max_length), (asked.min_length, asked.max_length))
        && (asked.pattern.is_none()
            || asked.pattern.as_ref().map(|asked| &asked.ecma) == given.pattern.as_ref().map(|given| &given.ecma))
        && (given.date_time || !asked.date_time)
}

/// Returns whether every list has a length that `asked` allows.
pub fn array(given: &Array, asked: &Array) -> bool {
    lengths((given.min_items, given.max_items), (asked.min_items, asked.max_items))
}

fn lengths(given: (Option<u64>, Option<u64>), asked: (Option<u64>, Option<u64>)) -> bool {
    given.0.unwrap_or(0) >= asked.0.unwrap_or(0) && given.1.unwrap_or(u64::MAX) <= asked.1.unwrap_or(u64::MAX)
}

/// Returns whether every number that `given` allows is one that `asked` does.
pub fn numbers<N: Copy + PartialOrd>(given: &Bounds<N>, asked: &Bounds<N>) -> bool {
    let above = |bound: N, exclusive: bool| {
        given.minimum.is_some_and(|minimum| if exclusive { minimum > bound } else { minimum >= bound })
            || given.exclusive_minimum.is_some_and(|minimum| minimum >= bound)
    };
    let below = |bound: N, exclusive: bool| {
        given.maximum.is_some_and(|maximum| if exclusive { maximum < bound } else { maximum <= bound })
            || given.exclusive_maximum.is_some_and(|maximum| maximum <= bound)
    };
    asked.minimum.is_none_or(|bound| above(bound, false))
        && asked.exclusive_minimum.is_none_or(|bound| above(bound, true))
        && asked.maximum.is_none_or(|bound| below(bound, false))
        && asked.exclusive_maximum.is_none_or(|bound| below(bound, true))
}

/// Bounds of integers, for a comparison with numbers.
#[expect(clippy::cast_precision_loss, reason = "the integers of a schema are numbers of JSON")]
pub fn widened(bounds: &Bounds<i64>) -> Bounds<f64> {
    let widen = |bound: Option<i64>| bound.map(|bound| bound as f64);
    Bounds {
        minimum: widen(bounds.minimum),
        maximum: widen(bounds.maximum),
        exclusive_minimum: widen(bounds.exclusive_minimum),
        exclusive_maximum: widen(bounds.exclusive_maximum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(minimum: Option<i64>, exclusive_maximum: Option<i64>) -> Bounds<i64> {
        Bounds { minimum, exclusive_maximum, ..Bounds::default() }
    }

    #[test]
    fn narrower_numbers_fit_wider_bounds_and_not_the_other_way_round() {
        let inclusive = Bounds { maximum: Some(9), ..between(Some(1), None) };
        for (given, asked) in [
            (between(Some(1), Some(5)), between(Some(0), Some(5))),
            (between(Some(1), Some(5)), between(None, Some(6))),
            (inclusive.clone(), between(Some(1), Some(10))),
            (inclusive, between(None, None)),
        ] {
            assert!(numbers(&given, &asked), "{given:?} {asked:?}");
            assert!(!numbers(&asked, &given), "{asked:?} {given:?}");
        }
    }

    #[test]
    fn shorter_texts_fit_longer_ones_and_those_of_a_pattern_any() {
        let pattern =
            accord_language::model::Pattern { ecma: "^a$".to_owned(), rust: "^a$".to_owned(), violation: None };
        let short = Text { max_length: Some(3), pattern: Some(pattern), ..Text::default() };
        let long = Text { max_length: Some(4), ..Text::default() };
        assert!(text(&short, &long) && !text(&long, &short));
        let time = Text { date_time: true, ..Text::default() };
        assert!(text(&time, &Text::default()) && !text(&Text::default(), &time));
    }
}
