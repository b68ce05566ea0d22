//! No circles: of the entries of a folder, none imports from one that imports from it. A crate imports those that it
//! depends on, but for its tests; a file imports the modules that its paths lead to.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::workspace::{ROOT, members};

/// The maximum number of re-exports to follow to the definition of a name.
const MOST_FOLLOWED: usize = 8;

/// A place in a tree of folders and modules, or a path in code.
type Names = Vec<String>;

/// By folder and two of its entries, an import of the second by the first.
type Imports = BTreeMap<(Names, String, String), String>;

#[test]
fn no_folder_imports_from_one_that_imports_from_it() {
    let mut imports = Imports::new();
    for member in members() {
        for dependency in &member.dependencies {
            add(&mut imports, &names(&member.folder), &names(dependency), &member.name);
        }
    }
    assert_none(&imports);
}

#[test]
fn no_file_imports_from_one_that_imports_from_it() {
    let mut imports = Imports::new();
    for member in members() {
        let sources = member.folder.join("src");
        if Path::new(ROOT).join(&sources).is_dir() {
            modules(Path::new(ROOT), &sources, &mut imports);
        }
    }
    assert_none(&imports);
}

fn assert_none(imports: &Imports) {
    let found: Vec<String> = circles(imports).iter().map(shown).collect();
    assert!(found.is_empty(), "there are circles:\n{}", found.concat());
}

#[test]
fn a_circle_is_found_through_re_exports_and_braces_but_not_in_tests() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a/mod.rs", "mod inner; pub use inner::Thing;"),
        ("a/inner.rs", "use crate::c::{self, Other as Same, deep::{One, Two}}; pub struct Thing;"),
        ("b.rs", "fn f() -> super::a::Thing { todo!() }"),
        ("c/mod.rs", "pub mod deep; #[cfg(test)] mod tests { use crate::a; }"),
        ("c/deep.rs", "use crate::b;"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut imports = Imports::new();
    modules(folder.path(), Path::new(""), &mut imports);
    let found: Vec<String> = circles(&imports).into_keys().collect();
    assert_eq!(found, [": a, b, c"]);
}

fn names(path: &Path) -> Names {
    path.iter().map(|name| name.to_string_lossy().into_owned()).collect()
}

/// Adds an import of `to` by `from`, which `by` makes, to the folder that holds both.
fn add(imports: &mut Imports, from: &[String], to: &[String], by: &str) {
    let shared = from.iter().zip(to).take_while(|(from, to)| from == to).count();
    if let (Some(one), Some(other)) = (from.get(shared), to.get(shared)) {
        imports.entry((from[..shared].to_vec(), one.clone(), other.clone())).or_insert_with(|| by.to_owned());
    }
}

/// The circles, by their folders and entries, each with the imports that make it.
fn circles(imports: &Imports) -> BTreeMap<String, Vec<String>> {
    let mut edges: BTreeMap<&Names, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    for (folder, from, to) in imports.keys() {
        edges.entry(folder).or_default().entry(from).or_default().insert(to);
    }
    let mut found = BTreeMap::new();
    for (folder, edges) in edges {
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            edges.keys().map(|entry| (*entry, reached(entry, &edges))).collect();
        for (entry, others) in &reached {
            let circle: Vec<&str> = others
                .iter()
                .copied()
                .filter(|other| reached.get(other).is_some_and(|back| back.contains(entry)))
                .collect();
            if circle.is_empty() {
                continue;
            }
            let within = imports.iter().filter(|((of, from, to), _)| {
                of == folder && circle.contains(&from.as_str()) && circle.contains(&to.as_str())
            });
            let within = within.map(|((_, from, to), by)| format!("  {from} imports {to}: {by}\n")).collect();
            found.insert(format!("{}: {}", folder.join("/"), circle.join(", ")), within);
        }
    }
    found
}

/// The entries that an entry imports, and those that they import.
fn reached<'e>(entry: &str, edges: &BTreeMap<&'e str, BTreeSet<&'e str>>) -> BTreeSet<&'e str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = edges.get(entry).into_iter().flatten().copied().collect();
    while let Some(entry) = next.pop() {
        if reached.insert(entry) {
            next.extend(edges.get(entry).into_iter().flatten());
        }
    }
    reached
}

fn shown((circle, imports): (&String, &Vec<String>)) -> String {
    format!("{circle}\n{}", imports.concat())
}

/// Adds the imports of the modules whose files are in the folder `sources` of `root`, and below it.
fn modules(root: &Path, sources: &Path, imports: &mut Imports) {
    let mut files = Vec::new();
    below(&root.join(sources), &mut files);
    let mut paths: HashMap<Names, Vec<Found>> = HashMap::new();
    for file in &files {
        let path = file.strip_prefix(root.join(sources)).expect("it is below the folder").with_extension("");
        let mut module = names(&path);
        module.pop_if(|name| ["lib", "main", "mod"].contains(&name.as_str()));
        let text = fs::read_to_string(file).unwrap();
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        collect(tokens, paths.entry(module).or_default());
    }
    let folder = names(sources);
    let at = |module: &[String]| [&folder, module].concat();
    for (module, found) in &paths {
        for Found { path, .. } in found {
            if let Some(imported) = resolve(&paths, module, path, 0) {
                add(imports, &at(module), &at(&imported), &path.join("::"));
            }
        }
    }
}

/// The Rust files of a crate, without those of crates in folders of it.
fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.join("Cargo.toml").is_file() {
            below(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// A path in code.
struct Found {
    path: Names,
    /// Whether it is re-exported, under its last name.
    exported: bool,
}

/// Finds the paths of `use` and those that begin with `crate`, `self` or `super`, but for those of tests.
fn collect(tokens: TokenStream, found: &mut Vec<Found>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_punct = |index: usize, character: char| matches!(tokens.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == character);
    let mut exported = false;
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        index += 1;
        match token {
            TokenTree::Group(group) if index > 1 && is_punct(index - 2, '#') => {
                if group.stream().to_string().replace(' ', "") == "cfg(test)" {
                    let end = tokens[index..].iter().position(|token| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        other => other.to_string() == ";",
                    });
                    index += end.map_or(0, |end| end + 1);
                }
            }
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Ident(word) => match word.to_string().as_str() {
                "pub" => {
                    exported = true;
                    // Of `pub(crate)`, too.
                    index += usize::from(matches!(tokens.get(index), Some(TokenTree::Group(_))));
                    continue;
                }
                "use" => {
                    let end = tokens[index..].iter().position(|token| token.to_string() == ";").unwrap_or(0);
                    tree(&tokens[index..index + end], &[], exported, found);
                    index += end;
                }
                first @ ("crate" | "self" | "super") => {
                    let mut path = vec![first.to_owned()];
                    while is_punct(index, ':') && is_punct(index + 1, ':') {
                        let Some(TokenTree::Ident(name)) = tokens.get(index + 2) else { break };
                        path.push(name.to_string());
                        index += 3;
                    }
                    found.push(Found { path, exported: false });
                }
                _ => {}
            },
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        exported = false;
    }
}

/// Finds the paths of a `use` behind `prefix`.
fn tree(tokens: &[TokenTree], prefix: &[String], exported: bool, found: &mut Vec<Found>) {
    for branch in tokens.split(|token| token.to_string() == ",") {
        let mut path = prefix.to_vec();
        for token in branch {
            match token {
                TokenTree::Ident(name) if name == "as" => break,
                TokenTree::Ident(name) => path.push(name.to_string()),
                TokenTree::Group(group) => {
                    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                    tree(&tokens, &path, exported, found);
                    path.clear();
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
        if path.len() > 1 {
            path.pop_if(|name| name == "self");
        }
        if !path.is_empty() {
            found.push(Found { path, exported });
        }
    }
}

/// The module that a path in `module` leads to, through those that export it again. `None` for paths to other crates.
fn resolve(modules: &HashMap<Names, Vec<Found>>, module: &[String], path: &[String], followed: usize) -> Option<Names> {
    let mut names = path.iter().peekable();
    let mut at = module.to_vec();
    match path.first().map(String::as_str) {
        Some("crate") => at.clear(),
        Some("self" | "super") => {}
        Some(first) if modules.contains_key(&[module, &[first.to_owned()]].concat()) => {}
        _ => return None,
    }
    while let Some(word) = names.next_if(|name| ["crate", "self", "super"].contains(&name.as_str())) {
        if word == "super" {
            at.pop();
        }
    }
    while let Some(name) = names.next_if(|name| modules.contains_key(&[at.as_slice(), &[(*name).clone()]].concat())) {
        at.push(name.clone());
    }
    let again = names.next().and_then(|name| {
        let exported = modules.get(&at)?.iter().find(|found| found.exported && found.path.last() == Some(name))?;
        let path: Names = exported.path.iter().chain(names).cloned().collect();
        (followed < MOST_FOLLOWED).then(|| resolve(modules, &at, &path, followed + 1))?
    });
    Some(again.unwrap_or(at))
}
