//! The handler of a new event: its place in the project, and its code until somebody writes the logic.

use std::{
    fs,
    path::{Path, PathBuf},
};

use accord_codegen::{Handler, traits};
use accord_language::{Model, case};

use super::{
    changes::Changes,
    rust::{Block, blocks, globs, packages, path_of, shown, sources, with_module},
};

/// The default maximum width of lines in rustfmt.
const WIDTH: usize = 100;

/// Adds a method that handles `event` to everything that fills in the protocol's handlers. Returns how many do.
///
/// # Errors
/// If sources compile the schema, and nothing in them fills in its handlers.
pub fn add(model: &Model, domain: &str, event: &str, schema: &Path, changes: &mut Changes) -> Result<usize, String> {
    let handler = Handler::of(model, event).expect("an event that the gateway does not handle has a handler");
    let traits = traits(model);
    let packages = packages(schema);
    let mut written = 0;
    for package in &packages {
        let mut found = Vec::new();
        for file in sources(package) {
            found.extend(blocks(&file, &changes.text(&file)?, &traits));
        }
        let mut by: Vec<&str> = found.iter().map(|block| block.by.as_str()).collect();
        by.sort_unstable();
        by.dedup();
        // Traits of other crates may have the names of some.
        let fills_in = |by: &str, of: &str| found.iter().any(|block| block.by == by && block.of == of);
        by.retain(|by| traits.iter().all(|of| *of == handler.of || fills_in(by, of)));
        for by in by {
            let of_one: Vec<&Block> = found.iter().filter(|block| block.by == by).collect();
            match of_one.iter().find(|block| block.of == handler.of) {
                Some(block) => extend(block, &handler, event, changes)?,
                None => begin(model, domain, &of_one, &handler, event, changes)?,
            }
            written += 1;
        }
    }
    if written == 0 && !packages.is_empty() {
        let packages: Vec<String> = packages.iter().map(|package| format!("`{}`", shown(package).display())).collect();
        return Err(format!(
            "error: {} compiles the schema, but nothing in it implements `{}`\n\
             help: write `impl {} for …` with what `cargo build` asks for, then run this again\n",
            packages.join(" and "),
            traits[0],
            traits[0],
        ));
    }
    Ok(written)
}

/// Adds the method at the end of a block.
fn extend(block: &Block, handler: &Handler, event: &str, changes: &mut Changes) -> Result<(), String> {
    let text = changes.text(&block.file)?;
    let method = method(handler, event, block, &text);
    let end = block.range.end - 1;
    let inside = text[..end].trim_end();
    let gap = if inside.ends_with('{') { "\n" } else { "\n\n" };
    let margin = " ".repeat(block.indent - 4);
    let after = format!("{inside}{gap}{method}{margin}{}", &text[end..]);
    changes.put(&block.file, after, &format!("`{}` in `impl {} for {}`", handler.method, handler.of, block.by));
    Ok(())
}

/// Writes the first method of a trait: in a separate file if other traits have one, or else after the others.
fn begin(
    model: &Model,
    domain: &str,
    others: &[&Block],
    handler: &Handler,
    event: &str,
    changes: &mut Changes,
) -> Result<(), String> {
    let own = others.iter().find_map(|block| Some((block, parent(block)?)));
    let Some((block, parent)) = own else {
        let block = others.last().expect("whoever fills in handlers does so in a block");
        let text = changes.text(&block.file)?;
        let method = method(handler, event, block, &text);
        let margin = " ".repeat(block.indent - 4);
        let of = format!("impl {}{} for {}", block.prefix, handler.of, block.by);
        let (before, after) = text.split_at(block.range.end);
        let after = format!("{before}\n\n{margin}{of} {{\n{method}{margin}}}{after}");
        changes.put(&block.file, after, &format!("`{of}`"));
        return Ok(());
    };
    let sibling = changes.text(&block.file)?;
    let declared = with_module(&changes.text(&parent)?, domain).ok_or_else(|| {
        format!("error: {} has no `mod` next to which `mod {domain};` could be added\n", parent.display())
    })?;
    let block = Block { indent: 4, ..(*block).clone() };
    let call = "use accord_runtime::Call;\n";
    let mut uses: Vec<String> = path_of(&sibling, &block.by).into_iter().chain(globs(&sibling)).collect();
    uses.sort_by_key(|path| (!path.starts_with("super"), path.clone()));
    let uses: String = uses.iter().map(|path| format!("use {path};\n")).collect();
    let summary = model.domains.iter().find(|known| known.name == domain).map_or("", |known| &known.doc.summary);
    let method = method(handler, event, &block, call);
    let text = format!(
        "//! {summary}\n\n{call}\n{uses}\nimpl {}{} for {} {{\n{method}}}\n",
        block.prefix, handler.of, block.by
    );
    let file = block.file.with_file_name(format!("{domain}.rs"));
    if file.exists() {
        return Err(format!("error: {} exists already, but implements no handlers\n", file.display()));
    }
    changes.put(&file, text, &format!("`impl {} for {}`", handler.of, block.by));
    changes.put(&parent, declared, &format!("`mod {domain};`"));
    Ok(())
}

/// The file that declares the module of a block that has a file to itself, named after its trait.
fn parent(block: &Block) -> Option<PathBuf> {
    let stem = block.file.file_stem()?.to_string_lossy().into_owned();
    if case::snake(&block.of) != stem {
        return None;
    }
    let folder = block.file.parent()?;
    let beside = ["mod.rs", "lib.rs", "main.rs"].map(|name| folder.join(name));
    beside.into_iter().chain([folder.with_extension("rs")]).find(|file| file.is_file())
}

/// The method, as rustfmt would write it.
fn method(handler: &Handler, event: &str, block: &Block, text: &str) -> String {
    let Handler { method, call, payload, reply, error, .. } = handler;
    let Block { prefix, indent, .. } = block;
    // Names of the protocol have the prefix of the trait; those of the runtime are imported or written in full.
    let call = match path_of(text, "Call") {
        Some(_) => call.clone(),
        None => format!("accord_runtime::{call}"),
    };
    let fault = path_of(text, "Fault").map_or("accord_runtime::Fault", |_| "Fault");
    let call = call.replace("<scopes::", &format!("<{prefix}scopes::"));
    let payload = payload.as_ref().map(|payload| format!("payload: {prefix}{payload}"));
    let unused = if payload.is_some() { "(call, payload)" } else { "call" };
    let arguments: Vec<String> = ["&self".to_owned(), format!("call: {call}")].into_iter().chain(payload).collect();
    let output = format!("Result<{prefix}{reply}, {prefix}{error}>");
    let margin = " ".repeat(*indent);
    let line = format!("{margin}async fn {method}({}) -> {output} {{\n", arguments.join(", "));
    let signature = if line.trim_end().chars().count() <= width(&block.file) {
        line
    } else {
        let arguments: String = arguments.iter().map(|argument| format!("{margin}    {argument},\n")).collect();
        format!("{margin}async fn {method}(\n{arguments}{margin}) -> {output} {{\n")
    };
    format!(
        "{signature}{margin}    let _ = {unused};\n\
         {margin}    Err({fault}::msg(\"the handler of `{event}` is not written yet\").into())\n\
         {margin}}}\n"
    )
}

/// The maximum width of lines in the project of a file.
fn width(file: &Path) -> usize {
    let Ok(file) = file.canonicalize().or_else(|_| std::path::absolute(file)) else { return WIDTH };
    let configured = file.ancestors().skip(1).find_map(|folder| {
        [".rustfmt.toml", "rustfmt.toml"].iter().find_map(|name| fs::read_to_string(folder.join(name)).ok())
    });
    let configured = configured.and_then(|text| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix("max_width"))?;
        line.trim_start().strip_prefix('=')?.trim().parse().ok()
    });
    configured.unwrap_or(WIDTH)
}
