//! Types: walked in parallel from where they are used, each pair of an old and a new one compared once.
//!
//! A difference is noted with what it does to the values, at the pair that it is in; when all have been found, the ways
//! in which values go are handed on from the messages to all pairs that they reach, and make the verdicts.

mod implies;
mod names;
mod objects;
mod rules;
mod values;

use std::collections::{BTreeSet, HashMap, HashSet};

use accord_language::model::{Array, Bounds, Kind, Model, Object, Place, Shape, Text, Type, TypeId};

use super::{
    Comparing, DiffRule, Finding, Site,
    verdict::{Effect, Ways},
};
pub use objects::FieldAt;

/// The types that have been compared, and what was found in them.
#[derive(Debug, Default)]
pub struct Pairs {
    index: HashMap<(TypeId, TypeId), usize>,
    list: Vec<Pair>,
}

/// Two types that have been compared, or the roots of two messages.
#[derive(Debug, Default)]
struct Pair {
    /// The event or operation whose message it is, if it is the root of one.
    users: Users,
    /// The pairs that are used in it.
    inner: Vec<usize>,
    /// The findings, each with its effect on the values.
    found: Vec<(Finding, Effect)>,
}

/// The events and operations that have the values of a type, by the ways in which they go.
#[derive(Clone, Debug, Default)]
struct Users {
    /// Those by which clients send them.
    accepted: BTreeSet<String>,
    /// Those by which the server does.
    sent: BTreeSet<String>,
}

impl Users {
    fn ways(&self) -> Ways {
        Ways { accepted: !self.accepted.is_empty(), sent: !self.sent.is_empty() }
    }
}

/// The form of a type, behind all names.
#[derive(Clone, Debug)]
enum Form<'m> {
    Object(&'m Object),
    /// A string out of a list.
    Choice(Vec<&'m str>),
    /// The one string that it may be.
    Constant(&'m str),
    Text(&'m Text),
    Integer(&'m Bounds<i64>),
    Number(&'m Bounds<f64>),
    Boolean,
    Array(&'m Array),
    Map(&'m Type),
}

impl<'m> Form<'m> {
    /// The form of a type, and its place.
    fn of(model: &'m Model, ty: &'m Type) -> (Self, &'m Place) {
        match &ty.kind {
            Kind::Ref(id) => {
                let def = &model.types[id.0];
                (Form::of_shape(&def.shape), &def.place)
            }
            kind => (Form::of_kind(kind).expect("it is not a reference"), &ty.place),
        }
    }

    fn of_shape(shape: &'m Shape) -> Self {
        match shape {
            Shape::Object(object) => Form::Object(object),
            Shape::Enum(choices) => Form::Choice(choices.iter().map(String::as_str).collect()),
            Shape::Alias(kind) => Form::of_kind(kind).expect("a named type is not another name for a type"),
        }
    }

    /// `None` for a reference.
    fn of_kind(kind: &'m Kind) -> Option<Self> {
        Some(match kind {
            Kind::Ref(_) => return None,
            Kind::Text(text) => Form::Text(text),
            Kind::Integer(bounds) => Form::Integer(bounds),
            Kind::Number(bounds) => Form::Number(bounds),
            Kind::Boolean => Form::Boolean,
            Kind::Array(array) => Form::Array(array),
            Kind::Map(values) => Form::Map(values),
            Kind::Const(constant) => Form::Constant(constant),
        })
    }

    /// The kind of value, as a message says it.
    fn name(&self) -> &'static str {
        match self {
            Form::Object(_) => "an object with fixed keys",
            Form::Choice(_) => "a choice of strings",
            Form::Constant(_) => "a constant",
            Form::Text(_) => "a string",
            Form::Integer(_) => "an integer",
            Form::Number(_) => "a number",
            Form::Boolean => "a boolean",
            Form::Array(_) => "a list",
            Form::Map(_) => "an object with any keys",
        }
    }
}

/// The events and operations that have the values of a pair, by the pairs that each is used in.
fn users(pairs: &[Pair], outer: &[Vec<usize>], index: usize) -> Users {
    let (mut users, mut seen, mut open) = (Users::default(), HashSet::from([index]), vec![index]);
    while let Some(index) = open.pop() {
        users.accepted.extend(pairs[index].users.accepted.iter().cloned());
        users.sent.extend(pairs[index].users.sent.iter().cloned());
        open.extend(outer[index].iter().copied().filter(|outer| seen.insert(*outer)));
    }
    users
}

impl<'a> Comparing<'a> {
    /// Compares the types at the root of a message that `user` has. `subject` is what a report calls it.
    pub fn use_of(&mut self, user: &str, ways: Ways, subject: &str, types: [&Type; 2]) {
        let entry = self.root(user, ways);
        self.types(entry, subject, types, [false, false]);
    }

    /// The root of a message of `user`.
    pub fn root(&mut self, user: &str, ways: Ways) -> usize {
        let users = |there: bool| there.then(|| user.to_owned()).into_iter().collect();
        let users = Users { accepted: users(ways.accepted), sent: users(ways.sent) };
        self.pairs.list.push(Pair { users, ..Pair::default() });
        self.pairs.list.len() - 1
    }

    /// Compares types that are used in the pair `entry`; `omittable` says on which sides the value may be left out.
    fn types(&mut self, entry: usize, subject: &str, [old, new]: [&Type; 2], omittable: [bool; 2]) {
        let site = Site::new(subject, &old.place, &new.place);
        self.null(entry, [old, new], omittable, &site);
        let same_name = self.name(entry, [&old.kind, &new.kind], &site);
        if let (Kind::Ref(before), Kind::Ref(after)) = (&old.kind, &new.kind) {
            if same_name && old.recursive != new.recursive {
                self.boxed(entry, new.recursive, &site);
            }
            let inner = self.pair(*before, *after);
            self.pairs.list[entry].inner.push(inner);
            return;
        }
        let ((was, old_place), (is, new_place)) = (Form::of(self.old, old), Form::of(self.new, new));
        self.forms(entry, [was, is], &site.at(old_place, new_place));
    }

    /// The pair of these types, which is compared when it is reached first.
    fn pair(&mut self, old: TypeId, new: TypeId) -> usize {
        if let Some(&index) = self.pairs.index.get(&(old, new)) {
            return index;
        }
        let index = self.pairs.list.len();
        self.pairs.list.push(Pair::default());
        self.pairs.index.insert((old, new), index);
        let (before, after) = (&self.old.types[old.0], &self.new.types[new.0]);
        let site = Site::new(&after.name, &before.place, &after.place);
        let renamed = self.is_renamed(before, after);
        if renamed {
            self.renamed(index, before, &site);
        }
        self.forms(index, [Form::of_shape(&before.shape), Form::of_shape(&after.shape)], &site);
        // The documentation of another type is not a change of this one.
        if renamed || before.name == after.name {
            self.doc(&before.doc, &after.doc, &site);
            // The example of an inline payload is the event's, and is compared there.
            let example = site.key("example");
            if example.old.exact().or(example.new.exact()).is_some() {
                self.example(&before.example, &after.example, &site);
            }
        }
        index
    }

    /// Compares what values are.
    fn forms(&mut self, entry: usize, [old, new]: [Form<'_>; 2], site: &Site) {
        match (old, new) {
            (Form::Object(old), Form::Object(new)) => self.objects(entry, [old, new], site),
            (Form::Choice(old), Form::Choice(new)) => self.choices(entry, [&old, &new], site),
            (Form::Constant(old), Form::Constant(new)) => self.choices(entry, [&[old], &[new]], site),
            (Form::Constant(old), Form::Choice(new)) => self.listed(entry, [&[old], &new], site),
            (Form::Choice(old), Form::Constant(new)) => self.listed(entry, [&old, &[new]], site),
            (Form::Text(old), Form::Text(new)) => self.texts(entry, [old, new], site),
            (Form::Integer(old), Form::Integer(new)) => self.numbers(entry, [old.into(), new.into()], site),
            (Form::Number(old), Form::Number(new)) => self.numbers(entry, [old.into(), new.into()], site),
            (Form::Integer(old), Form::Number(new)) => self.numbers(entry, [old.into(), new.into()], site),
            (Form::Number(old), Form::Integer(new)) => self.numbers(entry, [old.into(), new.into()], site),
            (Form::Boolean, Form::Boolean) => {}
            (Form::Array(old), Form::Array(new)) => {
                self.lengths_of_lists(entry, [old, new], site);
                self.types(entry, &format!("{}[]", site.subject), [&old.items, &new.items], [false, false]);
            }
            (Form::Map(old), Form::Map(new)) => {
                self.types(entry, &format!("{}{{}}", site.subject), [old, new], [false, false]);
            }
            (Form::Text(old), Form::Choice(new)) => self.introduced(entry, old, &new, site),
            (Form::Choice(old), Form::Text(new)) => self.dropped(entry, &old, new, site),
            (Form::Text(old), Form::Constant(new)) => self.introduced(entry, old, &[new], site),
            (Form::Constant(old), Form::Text(new)) => self.dropped(entry, &[old], new, site),
            (old, new) => self.kinds(entry, [old.name(), new.name()], site),
        }
    }

    /// Notes a difference between types, for a verdict when all ways are known.
    fn differs(
        &mut self,
        entry: usize,
        rule: &'static DiffRule,
        effect: Effect,
        site: &Site,
        message: impl Into<String>,
    ) {
        let finding = Finding {
            rule,
            breaks: super::Breaks::NOBODY,
            subject: site.subject.clone(),
            message: message.into(),
            accepted_by: Vec::new(),
            sent_by: Vec::new(),
            old: site.old.exact(),
            new: site.new.exact(),
            near: site.new.span(),
        };
        self.pairs.list[entry].found.push((finding, effect));
    }

    /// Makes the verdicts of all differences between types.
    pub fn judge_types(&mut self) {
        let mut pairs = std::mem::take(&mut self.pairs).list;
        let mut outer = vec![Vec::new(); pairs.len()];
        for (index, pair) in pairs.iter().enumerate() {
            pair.inner.iter().for_each(|inner| outer[*inner].push(index));
        }
        // A type may be in very many messages, most of which have not changed: only those of a difference are looked for.
        for index in 0..pairs.len() {
            let found = std::mem::take(&mut pairs[index].found);
            if found.is_empty() {
                continue;
            }
            let users = users(&pairs, &outer, index);
            let ways = users.ways();
            for (mut finding, effect) in found {
                finding.breaks = effect.verdict(ways);
                // If it breaks the wire, only the events and operations that it breaks are listed.
                let (makes, gets) = match finding.breaks.wire {
                    true => (effect.wire.breaks(ways.accepted, false), effect.wire.breaks(false, ways.sent)),
                    false => (true, true),
                };
                let told = |there: bool, names: &BTreeSet<String>| names.iter().filter(|_| there).cloned().collect();
                finding.accepted_by = told(makes, &users.accepted);
                finding.sent_by = told(gets, &users.sent);
                self.note(finding);
            }
        }
    }
}
