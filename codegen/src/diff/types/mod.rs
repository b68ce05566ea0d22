//! Types: walked in parallel from where they are used, each pair of an old and a new one compared once.
//!
//! A difference is noted with what it does to the values, at the pair that it is in; when all have been found, the ways
//! in which values go are handed on from the messages to all pairs that they reach, and make the verdicts.

mod implies;
mod names;
mod objects;
mod rules;
mod values;

use std::collections::{BTreeSet, HashMap};

use super::{
    Comparing, Finding, Path, Rule, Site,
    verdict::{Effect, Ways},
};
use crate::model::{Array, Bounds, Kind, Model, Object, Shape, Text, Type, TypeId};

pub use objects::FieldAt;

/// The types that have been compared, and what was found in them.
#[derive(Debug, Default)]
pub struct Pairs {
    index: HashMap<(TypeId, TypeId), usize>,
    list: Vec<Pair>,
}

/// Two types that have been compared, or what stands at the root of a message.
#[derive(Debug, Default)]
struct Pair {
    /// The events and operations that have the values, by what is known so far.
    users: Users,
    /// The pairs that are used in it.
    inner: Vec<usize>,
    /// What was found, with what it does to the values.
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

    /// Adds others; whether there were any to add.
    fn add(&mut self, other: &Users) -> bool {
        let before = self.accepted.len() + self.sent.len();
        self.accepted.extend(other.accepted.iter().cloned());
        self.sent.extend(other.sent.iter().cloned());
        self.accepted.len() + self.sent.len() > before
    }
}

/// A type where it is used, and where that is written.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    pub ty: &'a Type,
    pub path: &'a Path,
}

/// What a type is, where names are looked through.
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
    fn of_shape(shape: &'m Shape) -> Self {
        match shape {
            Shape::Object(object) => Form::Object(object),
            Shape::Enum(choices) => Form::Choice(choices.iter().map(String::as_str).collect()),
            Shape::Alias(kind) => Form::of_kind(kind).expect("a named type is no other name for a type"),
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

impl<'a> Comparing<'a> {
    /// Compares the types at the root of a message that `user` has. `subject` is what a report calls it.
    pub fn use_of(&mut self, user: &str, ways: Ways, subject: &str, uses: [Use<'_>; 2]) {
        let entry = self.root(user, ways);
        self.types(entry, subject, uses, [false, false]);
    }

    /// The root of a message of `user`.
    pub fn root(&mut self, user: &str, ways: Ways) -> usize {
        let users = |there: bool| there.then(|| user.to_owned()).into_iter().collect();
        let users = Users { accepted: users(ways.accepted), sent: users(ways.sent) };
        self.pairs.list.push(Pair { users, ..Pair::default() });
        self.pairs.list.len() - 1
    }

    /// Compares types that are used in the pair `entry`; `omittable` says on which sides the value may be left out.
    fn types(&mut self, entry: usize, subject: &str, [old, new]: [Use<'_>; 2], omittable: [bool; 2]) {
        let site = Site { subject: subject.to_owned(), old: old.path.clone(), new: new.path.clone() };
        self.null(entry, [old.ty, new.ty], omittable, &site);
        let same_name = self.name(entry, [&old.ty.kind, &new.ty.kind], &site);
        if let (Kind::Ref(before), Kind::Ref(after)) = (&old.ty.kind, &new.ty.kind) {
            if same_name && old.ty.recursive != new.ty.recursive {
                self.boxed(entry, new.ty.recursive, &site);
            }
            let inner = self.pair(*before, *after, &site);
            self.pairs.list[entry].inner.push(inner);
            return;
        }
        let (was, old_path) = self.resolve(self.old, &old.ty.kind, &site.old);
        let (is, new_path) = self.resolve(self.new, &new.ty.kind, &site.new);
        self.forms(entry, [was, is], &Site { subject: site.subject, old: old_path, new: new_path });
    }

    /// What a kind is where names are looked through, and where that is written.
    fn resolve<'m>(&self, model: &'m Model, kind: &'m Kind, path: &Path) -> (Form<'m>, Path) {
        match kind {
            Kind::Ref(id) => {
                let def = &model.types[id.0];
                (Form::of_shape(&def.shape), if def.named { declared(&def.name) } else { path.clone() })
            }
            kind => (Form::of_kind(kind).expect("it is no reference"), path.clone()),
        }
    }

    /// The pair of these types, which is compared when it is reached first; `site` is where.
    fn pair(&mut self, old: TypeId, new: TypeId, site: &Site) -> usize {
        if let Some(&index) = self.pairs.index.get(&(old, new)) {
            return index;
        }
        let index = self.pairs.list.len();
        self.pairs.list.push(Pair::default());
        self.pairs.index.insert((old, new), index);
        let (before, after) = (&self.old.types[old.0], &self.new.types[new.0]);
        let site = Site {
            subject: after.name.clone(),
            old: if before.named { declared(&before.name) } else { site.old.clone() },
            new: if after.named { declared(&after.name) } else { site.new.clone() },
        };
        let renamed = self.is_renamed(before, after);
        if renamed {
            self.renamed(index, before, &site);
        }
        self.forms(index, [Form::of_shape(&before.shape), Form::of_shape(&after.shape)], &site);
        // What is said of another type is nothing that has changed.
        if renamed || before.name == after.name {
            self.doc(&before.doc, &after.doc, &site);
            // What stands inline as a payload has the event's example, which is told there.
            let (old_example, new_example) = (site.old.then("example"), site.new.then("example"));
            if self.places[0].exact(&old_example).is_some() || self.places[1].exact(&new_example).is_some() {
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
                let (was, is) = (site.old.then("items"), site.new.then("items"));
                let uses = [Use { ty: &old.items, path: &was }, Use { ty: &new.items, path: &is }];
                self.types(entry, &format!("{}[]", site.subject), uses, [false, false]);
            }
            (Form::Map(old), Form::Map(new)) => {
                let (was, is) = (site.old.then("additionalProperties"), site.new.then("additionalProperties"));
                let uses = [Use { ty: old, path: &was }, Use { ty: new, path: &is }];
                self.types(entry, &format!("{}{{}}", site.subject), uses, [false, false]);
            }
            (Form::Text(old), Form::Choice(new)) => self.introduced(entry, old, &new, site),
            (Form::Choice(old), Form::Text(new)) => self.dropped(entry, &old, new, site),
            (Form::Text(old), Form::Constant(new)) => self.introduced(entry, old, &[new], site),
            (Form::Constant(old), Form::Text(new)) => self.dropped(entry, &[old], new, site),
            (old, new) => self.kinds(entry, [old.name(), new.name()], site),
        }
    }

    /// Notes a difference between types, for a verdict when all ways are known.
    fn differs(&mut self, entry: usize, rule: &'static Rule, effect: Effect, site: &Site, message: impl Into<String>) {
        let [old, new] = &self.places;
        let finding = Finding {
            rule,
            breaks: super::Breaks::NOBODY,
            subject: site.subject.clone(),
            message: message.into(),
            accepted_by: Vec::new(),
            sent_by: Vec::new(),
            old: old.exact(&site.old),
            new: new.exact(&site.new),
            near: new.nearest(&site.new),
        };
        self.pairs.list[entry].found.push((finding, effect));
    }

    /// Makes the verdicts of all differences between types.
    pub fn judge_types(&mut self) {
        let mut pairs = std::mem::take(&mut self.pairs).list;
        let mut open: Vec<usize> = (0..pairs.len()).collect();
        while let Some(index) = open.pop() {
            let (users, inner) = (pairs[index].users.clone(), pairs[index].inner.clone());
            open.extend(inner.into_iter().filter(|inner| pairs[*inner].users.add(&users)));
        }
        for Pair { users, found, .. } in pairs {
            for (mut finding, effect) in found {
                let ways = users.ways();
                finding.breaks = effect.verdict(ways);
                // Where it breaks the wire, those are told by which it does.
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

/// Where a named type is declared.
fn declared(name: &str) -> Path {
    Path::of(&["types", name])
}
