//! Any schema is either served or reported: no reader of a schema panics.

use std::{
    collections::BTreeSet,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use accord_cli::mock::{
    check::Checker,
    history::History,
    make::{Maker, Request},
};
use accord_language::{
    Model, Schema,
    model::TypeId,
    source::{Disk, Origin},
};
use accord_review::lint::{Format, lint};
use rand::{Rng, RngExt, SeedableRng, rngs::SmallRng, seq::IndexedRandom};

/// The schemas that ship, by their first files. The small ones say as much as the large one in less time.
const SCHEMAS: &[&str] = &[
    "../codegen/cli/src/new/protocol/schema/tally.yaml",
    "whiteboard/whiteboard.yaml",
    "../codegen/rust/tests/corner_cases/sample.yaml",
    "../schema/chat.yaml",
];

/// Replacements for parts of a schema, as YAML: names that are not identifiers, numbers at the ends of their types and
/// beyond, malformed patterns, versions and rates.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "Page<User>", "'My Type'", "Größe", "A/B", "a%b", "'#x'", "A~B", "A~1", "%", "'~'", "''", "' '", "'\"'", "'`'", "$ref",
    "\"\\0\"", "\"\\n\"", "\"\\u2028\"", "\"e\\u0301\"", "👍", "Self", "self", "type", "r#type", "__proto__", "constructor",
    "toString", "User", "Error", "a_b", "A", "_", "_1", "1", "x*/", "<!--", "</script>", "'{id}'", "'{'", "/{id}/{id}", "//",
    "null", "~", "true", "{}", "[]", "[[]]", "{ a: 1 }", "*a", "&a b", "!!str x", "|", ">", "---", "? a",
    "0", "-1", "-0.0", "1e400", "1.5", "4294967296", "18446744073709551616", "-9223372036854775809", ".inf", ".nan", "0x10",
    "'('", "'[z-a]'", "'^(a+)+$'", "'\\p{L}'", "'(?<x>a)\\k<x>'", "'a{99999}'", "'[^]'", "'\\'", "'^[\\s\\S]{0,99}$'",
    "1.0.0", "2.0.0-rc.1", "0.0.0", "99999999999999999999.0.0", "1", "0/s", "99999999999/s", "1/0s", "20/s", "s",
    "string", "object", "array", "integer", "number", "boolean", "date-time", "2026-01-31T09:30:00.000Z",
];

/// A schema, as it is written.
struct Written {
    first: PathBuf,
    /// Its files, the first of which includes the others.
    files: Vec<(PathBuf, String)>,
}

impl Origin for Written {
    fn read(&self, path: &Path) -> io::Result<String> {
        match self.files.iter().find(|(own, _)| own == path) {
            Some((_, text)) => Ok(text.clone()),
            // A release of old that it serves.
            None => Disk.read(path),
        }
    }

    fn has_folder(&self, path: &Path) -> bool {
        Disk.has_folder(path)
    }

    fn name(&self, path: &Path) -> String {
        Disk.name(path)
    }
}

impl Written {
    fn of(first: &str) -> Self {
        let schema = Schema::load(first).unwrap_or_else(|wrong| panic!("{wrong}"));
        let files = schema.sources.paths().map(PathBuf::from);
        let files = files.map(|path| (path.clone(), std::fs::read_to_string(&path).expect("it has been read before")));
        Written { first: first.into(), files: files.collect() }
    }

    /// A copy with some changes, and a description of each.
    fn mutated(&self, rng: &mut impl Rng) -> (Self, Vec<String>) {
        let mut mutant = Written { first: self.first.clone(), files: self.files.clone() };
        let changes = *[1, 1, 1, 2, 3].choose(rng).expect("not empty");
        let changes = (0..changes).map(|_| mutant.mutate(rng)).collect();
        (mutant, changes)
    }

    fn mutate(&mut self, rng: &mut impl Rng) -> String {
        let others: Vec<String> = words(&self.files.choose(rng).expect("there are files").1);
        let index = rng.random_range(0..self.files.len());
        let (path, text) = &mut self.files[index];
        let word = words(text).choose(rng).cloned().unwrap_or_default();
        let other = match rng.random_bool(0.7) {
            true => (*WORDS.choose(rng).expect("not empty")).to_owned(),
            false => others.choose(rng).cloned().unwrap_or_default(),
        };
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let line = rng.random_range(0..lines.len().max(1));
        let change = match rng.random_range(0..10) {
            0..4 => {
                self.files.iter_mut().for_each(|(_, text)| *text = renamed(text, &word, &other, usize::MAX));
                return format!("{word} is {other} everywhere");
            }
            4..7 => {
                let which = rng.random_range(0..words(text).iter().filter(|other| **other == word).count().max(1));
                *text = renamed(text, &word, &other, which);
                return format!("{}: {word} is {other}, no. {which}", path.display());
            }
            7 if !lines.is_empty() => format!("without {}", lines.remove(line)),
            8 if !lines.is_empty() => {
                let moved = lines[line].clone();
                let to = rng.random_range(0..lines.len());
                lines.insert(to, moved.clone());
                format!("again before line {}: {moved}", to + 1)
            }
            _ if !lines.is_empty() => {
                let moved = lines[line].trim_start().to_owned();
                lines[line] = format!("{:1$}{moved}", "", 2 * rng.random_range(0..6));
                format!("indented otherwise: {moved}")
            }
            _ => "nothing".to_owned(),
        };
        *text = lines.join("\n") + "\n";
        format!("{}: {change}", path.display())
    }
}

/// Whether a character separates words.
fn separates(character: char) -> bool {
    character.is_whitespace() || ":,{}[]'\"".contains(character)
}

/// The words of a text.
fn words(text: &str) -> Vec<String> {
    text.split(separates).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A text with one word replaced by another, at occurrence `which` or everywhere.
fn renamed(text: &str, word: &str, other: &str, which: usize) -> String {
    let mut seen = 0;
    let rename = |part: &str| {
        let bare = part.trim_end_matches(separates);
        if bare != word || word.is_empty() {
            return part.to_owned();
        }
        seen += 1;
        if which == usize::MAX || which + 1 == seen { part.replacen(word, other, 1) } else { part.to_owned() }
    };
    text.split_inclusive(separates).map(rename).collect()
}

/// Does with a schema all that the tools do; whether it has no errors.
fn use_everywhere(written: &Written) -> bool {
    let schema = match Schema::load_from(written, &written.first).and_then(accord_review::lint::check_settings) {
        Ok(schema) => schema,
        Err(wrong) => {
            assert!(!wrong.list.is_empty(), "it is refused without a reason");
            wrong.render(false);
            return false;
        }
    };
    lint(&schema).render(Format::Text { colour: false });
    let chapters = accord_flows::chapters(&[], &schema.model).unwrap_or_default();
    accord_documents::files(&schema.model, &chapters);
    accord_codegen::emit(&schema.model);
    make(schema.model);
    true
}

/// Makes an example of each type, and the rules of histories, as the mock does.
fn make(model: Model) {
    // As long as the mock serves it.
    let model: &'static Model = Box::leak(Box::new(model));
    History::new(model);
    let maker = Maker::new(model, Vec::new(), 1);
    let request = Request { caller: None, input: None, given: &serde_json::Map::new(), example: None, reads: false };
    for id in (0..model.types.len()).map(TypeId) {
        let ty = maker.ty(id);
        let made = maker.answers(request).value(ty, None);
        Checker::is_valid(maker.checker(), ty, &made);
    }
}

/// The number of mutants to try; `ACCORD_MUTANTS` sets another.
fn mutants() -> u64 {
    std::env::var("ACCORD_MUTANTS").map_or(500, |number| number.parse().expect("ACCORD_MUTANTS is a number"))
}

#[test]
fn no_schema_panics_the_tools() {
    let schemas: Vec<Written> = SCHEMAS.iter().map(|first| Written::of(first)).collect();
    schemas.iter().for_each(|schema| assert!(use_everywhere(schema), "{} is good", schema.first.display()));
    let (next, good) = (AtomicU64::new(0), AtomicU64::new(0));
    let try_one = |seed: u64| {
        let mut rng = SmallRng::seed_from_u64(seed);
        let schema = if rng.random_ratio(1, 50) { schemas.last() } else { schemas[..3].choose(&mut rng) };
        let (mutant, changes) = schema.expect("there are schemas").mutated(&mut rng);
        match catch_unwind(AssertUnwindSafe(|| use_everywhere(&mutant))) {
            Ok(is_good) => {
                good.fetch_add(is_good.into(), Ordering::Relaxed);
                None
            }
            Err(_) => Some(format!("{seed}: {changes:?}")),
        }
    };
    let work = || -> BTreeSet<String> {
        let seeds =
            std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|seed| *seed < mutants());
        seeds.filter_map(try_one).collect()
    };
    let panicked = std::thread::scope(|scope| {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("what panics is caught")).collect::<Vec<_>>()
    });
    println!("{} of {} mutants have no errors", good.into_inner(), mutants());
    assert!(panicked.is_empty(), "panics, by the seeds of the mutants:\n{}", panicked.join("\n"));
}
