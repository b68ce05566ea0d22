//! The flows that documentation shows: those of the conformance suite.

use std::{fs, path::Path};

use accord_documents::docs;
use accord_flows::drawing::Chapter;
use accord_language::{Model, source};

use crate::schema::report;

/// The flows in the folder that the schema names, in the order of the files' names; none where it names no folder.
pub fn load(model: &Model) -> Result<Vec<Chapter>, String> {
    let Some(folder) = &model.flows else { return Ok(Vec::new()) };
    let files = read(folder)?;
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    accord_flows::chapters(&files, model).map_err(|diagnostics| report(&diagnostics))
}

/// The reference as an HTML page, with its flows.
pub fn page(model: &Model) -> Result<String, String> {
    Ok(docs::html(model, &load(model)?))
}

/// The YAML files of a folder, by their names.
pub fn read(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let unreadable = |path: &Path, error: std::io::Error| format!("error: cannot read {}: {error}\n", path.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = source::read_file(&path).map_err(|error| unreadable(&path, error))?;
            files.push((name, text));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_pipe_among_the_flows_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.yaml");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let why = "it is a pipe, a device or a socket, not a regular file";
        assert_eq!(read(folder.path()), Err(format!("error: cannot read {}: {why}\n", pipe.display())));
    }
}
