//! Strings, numbers, and the lengths of lists.

use accord_language::model::{Pattern, Place};
use regex::Regex;

use super::{Array, Bounds, Text};
use crate::diff::{
    Comparing, DiffRule, Site, rules,
    verdict::{Change, Effect},
};

impl Comparing<'_> {
    pub fn texts(&mut self, entry: usize, [old, new]: [&Text; 2], site: &Site) {
        let characters = |count: u64| if count == 1 { "1 character".to_owned() } else { format!("{count} characters") };
        let lengths = [old.min_length, new.min_length];
        self.at_least(entry, &rules::MIN_LENGTH, lengths, characters, &site.key("minLength"));
        let lengths = [old.max_length, new.max_length];
        self.at_most(entry, &rules::MAX_LENGTH, lengths, characters, &site.key("maxLength"));
        self.patterns(entry, [old.pattern.as_ref(), new.pattern.as_ref()], site);
        if old.date_time != new.date_time {
            let change = if new.date_time { Change::Narrower } else { Change::Wider };
            let message = if new.date_time { "it is a point in time" } else { "it is any text, was a point in time" };
            self.differs(entry, &rules::FORMAT, Effect::wire(change), &site.key("format"), message);
        }
    }

    /// Returns whether one pattern allows what another does is not decided: texts may have come and gone.
    fn patterns(&mut self, entry: usize, [old, new]: [Option<&Pattern>; 2], site: &Site) {
        let ecma = |pattern: Option<&Pattern>| pattern.map(|pattern| pattern.ecma.clone());
        let violation = |pattern: Option<&Pattern>| pattern.and_then(|pattern| pattern.violation.clone());
        let (change, message) = match (ecma(old), ecma(new)) {
            (None, Some(new)) => (Change::Narrower, format!("it has to match `{new}`")),
            (Some(old), None) => (Change::Wider, format!("it no longer has to match `{old}`")),
            (Some(old), Some(new)) if old != new => (Change::Apart, format!("it has to match `{new}`, had to `{old}`")),
            _ => (Change::Same, String::new()),
        };
        if change != Change::Same {
            self.differs(entry, &rules::PATTERN, Effect::wire(change), &site.key("pattern"), message);
        }
        if violation(old) != violation(new) {
            let message = "the message for breaking the pattern has changed";
            self.differs(entry, &rules::PATTERN_VIOLATION, Effect::NONE, &site.key("violation"), message);
        }
    }

    pub fn choices(&mut self, entry: usize, [old, new]: [&[&str]; 2], site: &Site) {
        // A constant has another key than a list.
        let at = |place: &Place, choice: &str| {
            let constant = place.key("const");
            if constant.exact().is_some() { constant } else { place.key("enum").key(choice) }
        };
        let changed = |choice: &str| site.at(&at(&site.old, choice), &at(&site.new, choice));
        let gone: Vec<_> =
            old.iter().filter(|choice| !new.contains(choice)).map(|choice| (*choice, changed(choice))).collect();
        let came: Vec<_> =
            new.iter().filter(|choice| !old.contains(choice)).map(|choice| (*choice, changed(choice))).collect();
        for (choice, site) in gone {
            // Code that has the string compares with what cannot be.
            let effect = Effect { wire: Change::Narrower, ..Effect::all(Change::Apart) };
            self.differs(entry, &rules::CHOICE_REMOVED, effect, &site, format!("it can no longer be `{choice}`"));
        }
        for (choice, site) in came {
            self.differs(
                entry,
                &rules::CHOICE_ADDED,
                Effect::all(Change::Wider),
                &site,
                format!("it can also be `{choice}`"),
            );
        }
    }

    /// A list that has become a constant, or the other way round.
    pub fn listed(&mut self, entry: usize, [old, new]: [&[&str]; 2], site: &Site) {
        let effect = Effect { rust: Change::Apart, ..Effect::NONE };
        let message = "a list of one choice has become a constant, or the other way round";
        self.differs(entry, &rules::CHOICE_KIND, effect, site, message);
        self.choices(entry, [old, new], site);
    }

    /// A string that has become one out of a list.
    pub fn introduced(&mut self, entry: usize, old: &Text, new: &[&str], site: &Site) {
        let narrower = Change::of(false, new.iter().all(|choice| allows(old, choice)));
        let effect = Effect { wire: narrower, typescript: Change::Narrower, rust: Change::Apart };
        let message = format!("it is one of {}, was any text", quoted(new));
        self.differs(entry, &rules::CHOICES_INTRODUCED, effect, &site.key("enum"), message);
    }

    /// One out of a list that has become any string.
    pub fn dropped(&mut self, entry: usize, old: &[&str], new: &Text, site: &Site) {
        let wider = Change::of(old.iter().all(|choice| allows(new, choice)), false);
        let effect = Effect { wire: wider, typescript: Change::Wider, rust: Change::Apart };
        let message = format!("it is any text, was one of {}", quoted(old));
        self.differs(entry, &rules::CHOICES_DROPPED, effect, &site.key("enum"), message);
    }

    pub fn numbers(&mut self, entry: usize, [old, new]: [Range; 2], site: &Site) {
        if old.integer != new.integer {
            let change = if old.integer { Change::Wider } else { Change::Narrower };
            let message =
                if old.integer { "it is any number, was an integer" } else { "it is an integer, was any number" };
            let effect = Effect { wire: change, typescript: Change::Same, rust: Change::Apart };
            self.differs(entry, &rules::NUMBER_KIND, effect, &site.key("type"), message);
        }
        for (rule, keys, was, is, bound) in [
            (&rules::MINIMUM, ["minimum", "exclusiveMinimum"], old.low, new.low, "at least"),
            (&rules::MAXIMUM, ["maximum", "exclusiveMaximum"], old.high, new.high, "at most"),
        ] {
            if was.written == is.written {
                continue;
            }
            let upwards = bound == "at least";
            let keeps_all = if upwards { !is.is_above(was) } else { !was.is_above(is) };
            let adds_none = if upwards { !was.is_above(is) } else { !is.is_above(was) };
            let lost = (0..2).any(|key| was.written[key].is_some() && is.written[key].is_none());
            let effect = bound_effect(Change::of(keeps_all, adds_none), lost);
            let said = |edge: Edge| match edge.written {
                [Some(number), None] => format!("{bound} {number}"),
                [None, Some(number)] => format!("{} {number}", if upwards { "more than" } else { "less than" }),
                [Some(number), Some(other)] => format!("{bound} {number} and beyond {other}"),
                [None, None] => "unbounded there".to_owned(),
            };
            let key = |edge: Edge| keys[usize::from(edge.written[0].is_none())];
            let site = site.at(&site.old.key(key(was)), &site.new.key(key(is)));
            self.differs(entry, rule, effect, &site, format!("it is {}, was {}", said(is), said(was)));
        }
    }

    pub fn lengths_of_lists(&mut self, entry: usize, [old, new]: [&Array; 2], site: &Site) {
        let items = |count: u64| if count == 1 { "1 item".to_owned() } else { format!("{count} items") };
        self.at_least(entry, &rules::MIN_ITEMS, [old.min_items, new.min_items], items, &site.key("minItems"));
        self.at_most(entry, &rules::MAX_ITEMS, [old.max_items, new.max_items], items, &site.key("maxItems"));
    }

    fn at_least(
        &mut self,
        entry: usize,
        rule: &'static DiffRule,
        [old, new]: [Option<u64>; 2],
        unit: impl Fn(u64) -> String,
        site: &Site,
    ) {
        if old != new {
            let (was, is) = (old.unwrap_or(0), new.unwrap_or(0));
            let effect = bound_effect(Change::of(is <= was, is >= was), old.is_some() && new.is_none());
            self.differs(entry, rule, effect, site, format!("it is at least {}, was {}", unit(is), unit(was)));
        }
    }

    fn at_most(
        &mut self,
        entry: usize,
        rule: &'static DiffRule,
        [old, new]: [Option<u64>; 2],
        unit: impl Fn(u64) -> String,
        site: &Site,
    ) {
        if old != new {
            let (was, is) = (old.unwrap_or(u64::MAX), new.unwrap_or(u64::MAX));
            let effect = bound_effect(Change::of(is >= was, is <= was), old.is_some() && new.is_none());
            let said = |bound: Option<u64>| {
                bound.map_or("of any length".to_owned(), |count| format!("at most {}", unit(count)))
            };
            self.differs(entry, rule, effect, site, format!("it is {}, was {}", said(new), said(old)));
        }
    }

    pub fn kinds(&mut self, entry: usize, [old, new]: [&str; 2], site: &Site) {
        let message = format!("it is {new}, was {old}");
        self.differs(entry, &rules::TYPE_KIND, Effect::all(Change::Apart), &site.key("type"), message);
    }
}

/// TypeScript's package has bounds as constants, which can only be used where there are any.
fn bound_effect(wire: Change, lost: bool) -> Effect {
    Effect { typescript: if lost { Change::Apart } else { Change::Same }, ..Effect::wire(wire) }
}

/// The bounds of a number.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    integer: bool,
    low: Edge,
    high: Edge,
}

/// One end of a range of numbers.
#[derive(Clone, Copy, Debug)]
struct Edge {
    at: f64,
    /// Just beyond `at`, in which direction: -1, 0 or 1.
    beyond: i8,
    /// As the schema has it: inclusive and exclusive.
    written: [Option<f64>; 2],
}

impl Edge {
    fn is_above(self, other: Edge) -> bool {
        self.at > other.at || (self.at == other.at && self.beyond > other.beyond)
    }
}

/// The largest integer that every JSON implementation represents exactly.
const MAX_INTEGER: f64 = 9_007_199_254_740_991.0;

impl From<&Bounds<f64>> for Range {
    fn from(bounds: &Bounds<f64>) -> Self {
        let edge = |inclusive: Option<f64>, exclusive: Option<f64>, inwards: f64| {
            let written = [inclusive, exclusive];
            let closed = Edge { at: inclusive.unwrap_or(-inwards * f64::INFINITY), beyond: 0, written };
            let open = Edge {
                at: exclusive.unwrap_or(-inwards * f64::INFINITY),
                beyond: if inwards > 0.0 { 1 } else { -1 },
                written,
            };
            let open_is_above = open.is_above(closed);
            match exclusive {
                Some(_) if open_is_above == (inwards > 0.0) => open,
                _ => closed,
            }
        };
        Range {
            integer: false,
            low: edge(bounds.minimum, bounds.exclusive_minimum, 1.0),
            high: edge(bounds.maximum, bounds.exclusive_maximum, -1.0),
        }
    }
}

impl From<&Bounds<i64>> for Range {
    #[expect(clippy::cast_precision_loss, reason = "the bounds of integers are within 2^53")]
    fn from(bounds: &Bounds<i64>) -> Self {
        let float = |bound: Option<i64>| bound.map(|bound| bound as f64);
        // The integer beside an exclusive bound is an inclusive one.
        let edge = |inclusive: Option<i64>, exclusive: Option<i64>, inwards: f64| {
            let least = -inwards * MAX_INTEGER;
            let beside = float(exclusive).map_or(least, |bound| bound + inwards);
            let closed = float(inclusive).unwrap_or(least);
            let at = if inwards > 0.0 { closed.max(beside) } else { closed.min(beside) };
            Edge { at, beyond: 0, written: [float(inclusive), float(exclusive)] }
        };
        Range {
            integer: true,
            low: edge(bounds.minimum, bounds.exclusive_minimum, 1.0),
            high: edge(bounds.maximum, bounds.exclusive_maximum, -1.0),
        }
    }
}

/// Returns whether a string is certainly one that `text` allows.
fn allows(text: &Text, string: &str) -> bool {
    let length = string.chars().count() as u64;
    let found = |pattern: &Pattern| Regex::new(&pattern.rust).is_ok_and(|regex| regex.is_match(string));
    text.min_length.is_none_or(|min| length >= min)
        && text.max_length.is_none_or(|max| length <= max)
        && text.pattern.as_ref().is_none_or(found)
        && !text.date_time
}

fn quoted(choices: &[&str]) -> String {
    choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ")
}
