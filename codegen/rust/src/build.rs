//! For build scripts.

use std::{env, fs, io::IsTerminal, path::Path, process};

use accord_language::Schema;

/// Compiles the schema at `path` (relative to the package) to `$OUT_DIR/<stem>.rs`.
///
/// Cargo runs the build script again when a file of the schema changes. The output is written only where it differs.
/// Errors in the schema are printed as `accord check` prints them, and end the process with a failure.
///
/// ```no_run
/// // build.rs
/// accord_codegen::build("../schema/chat.yaml");
/// ```
///
/// # Panics
/// Outside of a build script, or if the output cannot be written.
pub fn build(path: impl AsRef<Path>) {
    let path = path.as_ref();
    let Schema { model, sources, .. } = match Schema::load(path) {
        Ok(loaded) => loaded,
        Err(diagnostics) => {
            watch(diagnostics.sources.paths());
            // A schema whose first file is missing has no sources yet.
            watch(path.to_str());
            eprint!("{}", diagnostics.render(std::io::stderr().is_terminal()));
            process::exit(1);
        }
    };
    watch(sources.paths());
    let directory =
        env::var_os("OUT_DIR").expect("`accord_codegen::build` runs in a build script, where OUT_DIR is set");
    let output = Path::new(&directory).join(path.file_stem().unwrap_or_default()).with_extension("rs");
    let code = crate::emit(&model);
    if fs::read_to_string(&output).is_ok_and(|current| current == code) {
        return;
    }
    if let Err(error) = fs::write(&output, code) {
        panic!("cannot write {}: {error}", output.display());
    }
}

fn watch<'a>(paths: impl IntoIterator<Item = &'a str>) {
    for path in paths {
        println!("cargo::rerun-if-changed={path}");
    }
}
