//! Numbers where the schema gives no example.

use accord_language::model::Bounds;
use rand::{RngExt, rngs::StdRng};

/// The maximum distance of a number from its only bound, or from 0 if it has none.
const REACH: i64 = 100;

/// An integer within its bounds.
pub fn integer(bounds: &Bounds<i64>, rng: &mut StdRng) -> i64 {
    let least = bounds.minimum.into_iter().chain(bounds.exclusive_minimum.map(|bound| bound + 1)).max();
    let most = bounds.maximum.into_iter().chain(bounds.exclusive_maximum.map(|bound| bound - 1)).min();
    let (least, most) = match (least, most) {
        (Some(least), Some(most)) => (least, most.min(least.saturating_add(REACH))),
        (Some(least), None) => (least, least.saturating_add(REACH)),
        (None, Some(most)) => (most.saturating_sub(REACH), most),
        (None, None) => (0, REACH),
    };
    if least < most { rng.random_range(least..=most) } else { least }
}

/// A number within its bounds, with two digits after the point where they leave room for that.
pub fn number(bounds: &Bounds<f64>, rng: &mut StdRng) -> f64 {
    let reach = 100.0;
    let least = bounds.minimum.into_iter().chain(bounds.exclusive_minimum).reduce(f64::max);
    let most = bounds.maximum.into_iter().chain(bounds.exclusive_maximum).reduce(f64::min);
    let (least, most) = match (least, most) {
        (Some(least), Some(most)) => (least, most),
        (Some(least), None) => (least, least + reach),
        (None, Some(most)) => (most - reach, most),
        (None, None) => (0.0, reach),
    };
    // Neither end, either of which may be excluded, unless there is nothing else.
    let between = least + (most - least) * rng.random_range(0.1..0.9);
    let rounded = (between * 100.0).round() / 100.0;
    if (least < rounded && rounded < most) || least >= most { rounded } else { between }
}
