//! Every edit that the language allows has a verdict: the language's own description is walked, and everything that it
//! lets stand anywhere is added there, removed and changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use accord_language::{Schema, source};
use accord_review::diff::{Finding, Level, Tendency, compare};
use serde_json::Value;

use super::{
    edits::{Edit, Kind, Language},
    read,
    values::Values,
};

/// The number of edits of each kind that are made in each sample, and of attempts, as most are refused. All 40,000 or so
/// take long: they are made with `ACCORD_ALL_EDITS` in the environment.
const EDITS: usize = 1;
const ATTEMPTS: usize = 30;

const SAMPLES: [&str; 3] = [
    "tests/diff/language.yaml",
    "../../tests/whiteboard/history/1.0.0/whiteboard.yaml",
    "../rust/tests/corner_cases/sample.yaml",
];

/// Edits that cannot be made by themselves, or that change nothing, each with the reason. The first part is a key;
/// where there is a kind, only edits of that kind are meant. The opposite of an edit removes what it adds, so
/// [`Kind::Remove`] is for both.
const LEFT_OUT: &[(&str, Option<Kind>, &str)] = &[
    ("SchemaFile.accord", None, "there is one version of the language"),
    (
        "SchemaFile.include",
        None,
        "where a thing is written does not change it, but for events, and `event-domain` has fixtures",
    ),
    ("SchemaFile.lint", None, "it is what `accord lint` makes of the schema, and not in the model"),
    ("SchemaFile.protocol", Some(Kind::Remove), "it is required in one of the files"),
    ("SchemaFile.connect", Some(Kind::Remove), "it is required in one of the files"),
    ("SchemaFile.gateway", Some(Kind::Remove), "it is required in one of the files"),
    ("ProtocolSchema.serves", None, "it names other schemas: `served-versions` has a test of its own"),
    ("SchemaFile.summary", Some(Kind::Remove), "it is required in a file with events"),
    ("SchemaFile.scopes", Some(Kind::Remove), "an empty section says the same: its entries are edited"),
    ("SchemaFile.limits", Some(Kind::Remove), "an empty section says the same: its entries are edited"),
    ("SchemaFile.errors", Some(Kind::Remove), "an empty section says the same: its entries are edited"),
    ("SchemaFile.types", Some(Kind::Remove), "an empty section says the same: its entries are edited"),
    ("SchemaFile.client", Some(Kind::Remove), "an empty section says the same: its entries are edited"),
    ("SchemaFile.server", Some(Kind::Remove), "an empty section says the same: its entries are edited"),
    ("SchemaFile.http", Some(Kind::Remove), "an empty section says the same: its entries are edited"),
    ("HttpSchema.error_body", Some(Kind::Remove), "operations need it, and without them it says nothing"),
    ("OperationSchema.get", Some(Kind::Remove), "an operation has one method: `operation-method` has fixtures"),
    ("OperationSchema.post", Some(Kind::Remove), "an operation has one method: `operation-method` has fixtures"),
    ("OperationSchema.put", Some(Kind::Remove), "an operation has one method: `operation-method` has fixtures"),
    ("OperationSchema.patch", Some(Kind::Remove), "an operation has one method: `operation-method` has fixtures"),
    ("OperationSchema.delete", Some(Kind::Remove), "an operation has one method: `operation-method` has fixtures"),
    (
        "OperationSchema.path",
        Some(Kind::Remove),
        "it is what the parameters of the path are: `operation-path` has fixtures",
    ),
    ("HttpSchema.envelope", Some(Kind::Remove), "it is required where an answer has fields beside its data"),
    ("GatewaySchema.position_lost", Some(Kind::Remove), "it is required where a scope has a log"),
    ("GatewaySchema.idempotency_conflict", Some(Kind::Remove), "it is required where an event is idempotent"),
    ("ClientSchema.idempotent", Some(Kind::Remove), "the gateway's answer goes with it: `idempotency` has fixtures"),
    ("LogSchema.position", Some(Kind::Change), "the fields of joins have the same type: `position-type` has a fixture"),
    ("EmitOptionsSchema.to", Some(Kind::Remove), "an event has receivers: `emit-target` has fixtures"),
    ("EmitOptionsSchema.user", Some(Kind::Remove), "an event has receivers: `emit-target` has fixtures"),
    ("EmitOptionsSchema.room", Some(Kind::Remove), "an event has receivers: `emit-target` has fixtures"),
    ("NamedTargetSchema.user", Some(Kind::Remove), "an event has receivers: `emit-target` has fixtures"),
    ("NamedTargetSchema.room", Some(Kind::Remove), "an event has receivers: `emit-target` has fixtures"),
    ("RuleSchema.summary", None, "it is for the readers of the schema alone, and not in the model"),
    ("TypeSchema.$ref", Some(Kind::Remove), "a type is either named or written out: `type-name` has fixtures"),
    ("TypeSchema.type", Some(Kind::Remove), "a type is either named or written out: `type-name` has fixtures"),
    ("TypeSchema.items", Some(Kind::Remove), "an array has items, and nothing else does"),
    (
        "TypeSchema.additionalProperties",
        Some(Kind::Remove),
        "an object has fixed keys or any: `type-kind` has fixtures",
    ),
    ("TypeSchema.format", Some(Kind::Change), "there is one format"),
];

/// Records of which nothing is in the model.
const RECORDS_LEFT_OUT: [&str; 3] = ["LintSchema.", "LevelSchema.", "ExceptionSchema."];

/// Returns whether an edit of a kind need not have been made.
fn is_left_out(of: &str, kind: Kind, required: bool) -> bool {
    // Required keys are neither added nor removed.
    let left_out = |(key, only, _): &(&str, Option<Kind>, &str)| of == *key && only.is_none_or(|only| only == kind);
    (required && kind == Kind::Remove)
        || RECORDS_LEFT_OUT.iter().any(|record| of.starts_with(record))
        || LEFT_OUT.iter().any(left_out)
}

#[test]
fn every_edit_that_the_language_allows_has_a_verdict() {
    let documents = SAMPLES.map(|path| document(&fs::read_to_string(path).unwrap()));
    let language = Language::new(source::meta_schema(), &documents);
    let all = env::var_os("ACCORD_ALL_EDITS").is_some();
    let mut walk = Walk::default();
    for document in &documents[..if all { documents.len() } else { 1 }] {
        let old = Edited::of(document).unwrap();
        assert!(compare(&old.schema, &old.schema).is_empty(), "a schema does not differ from itself");
        let values = Values::of(&old.schema.model);
        let kinds: Vec<Vec<Edit>> = by_kind(language.edits(document)).into_values().collect();
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            let work = || {
                let mut walk = Walk::default();
                while let Some(edits) = kinds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let edits = edits.iter().take(if all { usize::MAX } else { ATTEMPTS });
                    // The language does not allow an edit that is refused, and an edit that changes no meaning is not
                    // one.
                    let allowed = edits.filter_map(|edit| {
                        let mut edited = edit.applied(document).into_iter().filter_map(|edited| Edited::of(&edited));
                        Some((edit, edited.find(|new| new.said != old.said)?))
                    });
                    for (edit, new) in allowed.take(if all { usize::MAX } else { EDITS }) {
                        walk.step(edit, [&old.schema, &new.schema], &values);
                    }
                }
                walk
            };
            let workers = thread::available_parallelism().map_or(1, NonZero::get);
            let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            for worker in workers {
                walk.add(worker.join().unwrap());
            }
        });
    }
    let Walk { made, silent, wrong } = walk;
    assert!(silent.is_empty(), "{} edits have no verdict:\n{silent:#?}", silent.len());
    assert!(wrong.is_empty(), "verdicts that do not hold:\n{wrong:#?}");
    let untried: Vec<String> = language
        .keys()
        .into_iter()
        .flat_map(|(of, required)| [Kind::Remove, Kind::Change].map(|kind| (of.clone(), kind, required)))
        .filter(|(of, kind, required)| !is_left_out(of, *kind, *required) && !made.contains(&(of.clone(), *kind)))
        .map(|(of, kind, _)| format!("{kind:?} {of}"))
        .collect();
    assert!(untried.is_empty(), "no sample allows these edits:\n{untried:#?}");
}

/// A document that is a schema without errors.
struct Edited {
    schema: Schema,
    /// All that it says.
    said: String,
}

impl Edited {
    fn of(document: &Value) -> Option<Self> {
        // Both sides are written alike, so that only the edit differs.
        let schema = read("", &document.to_string()).ok()?;
        Some(Edited { said: format!("{:?}", schema.model), schema })
    }
}

/// The state of a walk.
#[derive(Default)]
struct Walk {
    /// The keys, and what has been done with them.
    made: BTreeSet<(String, Kind)>,
    /// Edits without a finding.
    silent: BTreeSet<String>,
    /// Verdicts that contradict their rule, or values.
    wrong: BTreeSet<String>,
}

impl Walk {
    fn add(&mut self, other: Walk) {
        self.made.extend(other.made);
        self.silent.extend(other.silent);
        self.wrong.extend(other.wrong);
    }

    fn step(&mut self, edit: &Edit, [old, new]: [&Schema; 2], values: &Values) {
        // Compared in both directions, what is added is removed as well; and what it is in changes.
        let kind = if edit.kind == Kind::Add { Kind::Remove } else { edit.kind };
        let around = edit.within.iter().map(|of| (of.trim_end_matches("{}").to_owned(), Kind::Change));
        self.made.extend(around.chain([(edit.of.clone(), kind)]));
        let (there, back) = (compare(old, new), compare(new, old));
        if there.is_empty() || back.is_empty() {
            self.silent.insert(format!("{:?} {} at {:?}: {:?}", edit.kind, edit.of, edit.at, edit.value));
        }
        self.wrong.extend(there.iter().chain(&back).flat_map(undeclared));
        let types = there.iter().any(|finding| !finding.accepted_by.is_empty() || !finding.sent_by.is_empty());
        if types && !there.iter().any(|finding| finding.breaks.wire) {
            self.wrong.extend(values.broken_by(&new.model).map(|what| format!("{}: {what}", edit.of)));
        }
    }
}

/// The levels that a finding breaks although its rule says that it never does, or the other way round.
fn undeclared(finding: &Finding) -> impl Iterator<Item = String> {
    let (rule, breaks) = (finding.rule, finding.breaks);
    let wrong = move |level: &Level| match rule.at(*level) {
        Tendency::Always => !breaks.at(*level),
        Tendency::Never => breaks.at(*level),
        Tendency::Sometimes => false,
    };
    Level::ALL
        .into_iter()
        .filter(wrong)
        .map(move |level| format!("{} is declared {:?} at {level}", rule.id, rule.at(level)))
}

/// Edits by what they are about, those of each kind taken from all over the document.
fn by_kind(edits: Vec<Edit>) -> BTreeMap<(String, Kind), Vec<Edit>> {
    let mut kinds: BTreeMap<(String, Kind), Vec<Edit>> = BTreeMap::new();
    for edit in edits {
        kinds.entry((edit.of.clone(), edit.kind)).or_default().push(edit);
    }
    for edits in kinds.values_mut() {
        // In steps that have nothing in common with their number, each is come by once.
        let count = edits.len();
        let step = (1..).map(|n| count * 5 / 8 + n).find(|step| gcd(*step, count) == 1).unwrap_or(1);
        *edits = (0..count).map(|index| edits[index * step % count].clone()).collect();
    }
    kinds
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn document(text: &str) -> Value {
    let mut cx = source::Context::default();
    source::read_text::<source::Any>("sample.yaml", text, &mut cx).unwrap().to_json()
}
