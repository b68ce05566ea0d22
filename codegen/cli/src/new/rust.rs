//! Finds the handlers in Rust sources.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Item, ItemImpl, Type, UseTree};

/// Folders without sources of a project.
const SKIPPED: &[&str] = &["target", "node_modules"];

/// The folders of the packages that compile the schema at `schema`, whose build scripts name it: those nearest to it, in
/// the package or workspace that it is a part of.
pub fn packages(schema: &Path) -> Vec<PathBuf> {
    let Ok(schema) = schema.canonicalize() else { return Vec::new() };
    let roots = schema.ancestors().skip(1).filter(|folder| folder.join("Cargo.toml").is_file());
    // Folders above the repository are not part of it.
    let top = schema.ancestors().find(|folder| folder.join(".git").exists());
    let compiles = |script: &PathBuf| {
        let folder = script.parent().unwrap_or(Path::new(""));
        let text = fs::read_to_string(script).unwrap_or_default();
        let tokens: TokenStream = text.parse().unwrap_or_default();
        texts(tokens).iter().any(|text| folder.join(text).canonicalize().is_ok_and(|named| named == schema))
    };
    let found = roots.take_while(|root| top.is_none_or(|top| root.starts_with(top))).map(|root| {
        let scripts = below(root, "build.rs", true).into_iter().filter(compiles);
        scripts.filter_map(|script| Some(script.parent()?.to_owned())).collect()
    });
    found.into_iter().find(|packages: &Vec<PathBuf>| !packages.is_empty()).unwrap_or_default()
}

/// The sources of the package in a folder, as they are below the current folder where they are.
pub fn sources(package: &Path) -> Vec<PathBuf> {
    below(package, ".rs", false).into_iter().map(|path| shown(&path)).collect()
}

/// A path as people write it: relative to the current folder, where it is below it.
pub fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.ok().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_owned()
}

/// The files in a folder and below it with this suffix. Other packages are included only on request.
fn below(folder: &Path, ending: &str, packages: bool) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let mut found = Vec::new();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let is_other = !packages && path.join("Cargo.toml").is_file();
            if !is_other && !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
                found.extend(below(&path, ending, packages));
            }
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
    found
}

/// The strings in some code.
fn texts(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => texts(group.stream()),
            TokenTree::Literal(literal) => {
                syn::parse_str::<syn::LitStr>(&literal.to_string()).into_iter().map(|text| text.value()).collect()
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => Vec::new(),
        })
        .collect()
}

/// An `impl` block of a trait of handlers.
#[derive(Clone, Debug)]
pub struct Block {
    /// The file that it is in.
    pub file: PathBuf,
    /// The trait's name.
    pub of: String,
    /// The type that implements it: `App`.
    pub by: String,
    /// The prefix of the trait's name and of other names of the protocol in this file: empty, or `protocol::`.
    pub prefix: String,
    /// Its bytes in the file.
    pub range: Range<usize>,
    /// The indentation of its items.
    pub indent: usize,
}

/// The blocks in `text`, the file at `path`, that fill in one of these traits. None where the file cannot be read as Rust.
pub fn blocks(path: &Path, text: &str, traits: &[String]) -> Vec<Block> {
    let Ok(file) = syn::parse_file(text) else { return Vec::new() };
    let mut found = Vec::new();
    collect(&file.items, &mut Vec::new(), &mut |item, uses| found.extend(block(path, text, item, traits, uses)));
    found
}

fn collect<'i>(items: &'i [Item], uses: &mut Vec<&'i UseTree>, found: &mut impl FnMut(&'i ItemImpl, &[&'i UseTree])) {
    let above = uses.len();
    uses.extend(items.iter().filter_map(|item| match item {
        Item::Use(item) => Some(&item.tree),
        _ => None,
    }));
    for item in items {
        match item {
            Item::Impl(item) => found(item, uses),
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    collect(items, uses, found);
                }
            }
            _ => {}
        }
    }
    uses.truncate(above);
}

fn block(path: &Path, text: &str, item: &ItemImpl, traits: &[String], uses: &[&UseTree]) -> Option<Block> {
    let (of, _) = item.trait_.as_ref()?;
    let segments: Vec<String> = of.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let (name, module) = segments.split_last()?;
    let Type::Path(by) = &*item.self_ty else { return None };
    if !traits.contains(name) {
        return None;
    }
    let prefix = match module {
        [] => uses.iter().find_map(|tree| import(tree, name)).unwrap_or_default(),
        module => format!("{}::", module.join("::")),
    };
    let begin = item.impl_token.span.byte_range().start;
    let end = item.brace_token.span.close().byte_range().end;
    let margin = begin - text[..begin].rfind('\n').map_or(0, |newline| newline + 1);
    Some(Block {
        file: path.to_owned(),
        of: name.clone(),
        by: by.path.segments.last()?.ident.to_string(),
        prefix,
        range: begin..end,
        indent: margin + 4,
    })
}

/// The path to a name that an import names, with `::` behind it; none where it is not named, but may be by a `*`.
fn import(tree: &UseTree, name: &str) -> Option<String> {
    match tree {
        UseTree::Path(path) => import(&path.tree, name).map(|rest| format!("{}::{rest}", path.ident)),
        UseTree::Name(leaf) if leaf.ident == name => Some(String::new()),
        UseTree::Group(group) => group.items.iter().find_map(|tree| import(tree, name)),
        _ => None,
    }
}

/// The imports at the top of a file by which it has a name: whole paths, such as `super::App`.
pub fn path_of(text: &str, name: &str) -> Option<String> {
    let file = syn::parse_file(text).ok()?;
    file.items.iter().find_map(|item| match item {
        Item::Use(item) => import(&item.tree, name).map(|path| format!("{path}{name}")),
        _ => None,
    })
}

/// The imports of everything in a module, at the top of a file: `crate::protocol::*`.
pub fn globs(text: &str) -> Vec<String> {
    fn of(tree: &UseTree) -> Vec<String> {
        match tree {
            UseTree::Path(path) => of(&path.tree).into_iter().map(|rest| format!("{}::{rest}", path.ident)).collect(),
            UseTree::Glob(_) => vec!["*".to_owned()],
            UseTree::Group(group) => group.items.iter().flat_map(of).collect(),
            UseTree::Name(_) | UseTree::Rename(_) => Vec::new(),
        }
    }
    let Ok(file) = syn::parse_file(text) else { return Vec::new() };
    let uses = file.items.iter().filter_map(|item| match item {
        Item::Use(item) => Some(of(&item.tree)),
        _ => None,
    });
    uses.flatten().collect()
}

/// The text of a file with `mod NAME;` among its other modules, which have to be there.
pub fn with_module(text: &str, name: &str) -> Option<String> {
    let file = syn::parse_file(text).ok()?;
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() => Some(module),
        _ => None,
    });
    let modules: Vec<_> = modules.collect();
    let next = modules.iter().find(|module| module.ident.to_string().as_str() > name);
    let line = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let at = match (next, modules.last()) {
        // The documentation and attributes above a module belong to it.
        (Some(next), _) => next
            .attrs
            .iter()
            .map(|attribute| attribute.pound_token.span.byte_range().start)
            .min()
            .map_or_else(|| line(next.mod_token.span.byte_range().start), line),
        (None, Some(last)) => {
            let end = last.semi.as_ref()?.span.byte_range().end;
            text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1)
        }
        (None, None) => return None,
    };
    Some(format!("{}mod {name};\n{}", &text[..at], &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_found_with_the_prefix_of_the_protocols_names() {
        let traits = ["Messages".to_owned()];
        for (text, prefix, indent) in [
            ("use crate::protocol::*;\n\nimpl Messages for App {}\n", "", 4),
            ("impl protocol::Messages for App {}\n", "protocol::", 4),
            ("use crate::{a, protocol::{Messages, X}};\nimpl Messages for crate::App {}\n", "crate::protocol::", 4),
            ("mod app {\n    use super::*;\n    impl Messages for App {\n    }\n}\n", "", 8),
        ] {
            let found = blocks(Path::new("lib.rs"), text, &traits);
            let [block] = &found[..] else { panic!("{text}: {found:?}") };
            assert_eq!((block.by.as_str(), block.prefix.as_str(), block.indent), ("App", prefix, indent), "{text}");
            assert!(
                text[block.range.clone()].starts_with("impl") && text[block.range.clone()].ends_with('}'),
                "{text}"
            );
        }
        assert!(blocks(Path::new("lib.rs"), "impl Other for App {}\nimpl App {}\n", &traits).is_empty());
    }

    #[test]
    fn a_module_is_declared_where_its_name_belongs() {
        for (before, after) in [
            ("//! Docs.\n\nmod a;\nmod c;\n\nuse x;\n", "//! Docs.\n\nmod a;\nmod b;\nmod c;\n\nuse x;\n"),
            ("mod a;\n\nuse x;\n", "mod a;\nmod b;\n\nuse x;\n"),
            ("mod a;\n/// C.\npub mod c;\n", "mod a;\nmod b;\n/// C.\npub mod c;\n"),
        ] {
            assert_eq!(with_module(before, "b").as_deref(), Some(after));
        }
        assert_eq!(with_module("use x;\n", "b"), None);
    }
}
