//! Changes of files, of which either all are made or none.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use accord_language::source::{Disk, Origin};
use similar::TextDiff;

/// Changes that have not been made yet. As an [`Origin`], it reads the files as they will be.
#[derive(Debug, Default)]
pub struct Changes(Vec<Change>);

/// A file that is changed, or that is new.
#[derive(Debug)]
struct Change {
    path: PathBuf,
    /// The current text; `None` if the file does not exist.
    before: Option<String>,
    after: String,
    /// A description of the change, for people.
    what: String,
}

impl Changes {
    /// The text of a file, with the changes.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn text(&self, path: &Path) -> Result<String, String> {
        self.read(path).map_err(|error| format!("error: cannot read {}: {error}\n", path.display()))
    }

    /// Sets the text of a file to `after`; `what` describes the change.
    pub fn put(&mut self, path: &Path, after: String, what: &str) {
        match self.0.iter_mut().find(|change| change.path == path) {
            Some(change) => {
                change.after = after;
                change.what.push_str(", ");
                change.what.push_str(what);
            }
            None => {
                let before = fs::read_to_string(path).ok();
                self.0.push(Change { path: path.to_owned(), before, after, what: what.to_owned() });
            }
        }
    }

    /// A line for each file, with its change.
    pub fn summary(&self) -> String {
        let width = self.0.iter().map(|change| change.path.display().to_string().len()).max().unwrap_or_default();
        self.0.iter().map(|Change { path, what, .. }| format!("  {:width$}  {what}\n", path.display())).collect()
    }

    /// The changes as a unified diff.
    pub fn diff(&self) -> String {
        let one = |change: &Change| {
            let path = change.path.display();
            let old = change.before.as_ref().map_or_else(|| "/dev/null".to_owned(), |_| format!("a/{path}"));
            let diff = TextDiff::from_lines(change.before.as_deref().unwrap_or_default(), &change.after);
            diff.unified_diff().header(&old, &format!("b/{path}")).to_string()
        };
        self.0.iter().map(one).collect()
    }

    /// Makes the changes. Everything is first written to temporary files, so that a failed write changes nothing.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn make(&self) -> Result<(), String> {
        let drafts: Vec<PathBuf> = self.0.iter().map(|change| draft(&change.path)).collect();
        let written = self.0.iter().zip(&drafts).try_for_each(|(change, draft)| {
            let folder = change.path.parent().map_or(Ok(()), fs::create_dir_all);
            folder.and_then(|()| fs::write(draft, &change.after)).map_err(|error| cannot_write(&change.path, &error))
        });
        let made = written.and_then(|()| {
            self.0.iter().zip(&drafts).try_for_each(|(change, draft)| {
                fs::rename(draft, &change.path).map_err(|error| cannot_write(&change.path, &error))
            })
        });
        if made.is_err() {
            self.undo(&drafts);
        }
        made
    }

    /// Restores the files as far as possible. Further errors are ignored, because the first one is reported.
    fn undo(&self, drafts: &[PathBuf]) {
        for (Change { path, before, after, .. }, draft) in self.0.iter().zip(drafts) {
            let is_made = fs::read_to_string(path).is_ok_and(|text| text == *after);
            let _ = match before {
                Some(before) if is_made => fs::write(path, before),
                None if is_made => fs::remove_file(path),
                _ => fs::remove_file(draft),
            };
        }
    }
}

fn draft(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.new"))
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("error: cannot write {}: {error}\n", path.display())
}

impl Origin for Changes {
    fn read(&self, path: &Path) -> io::Result<String> {
        match self.0.iter().find(|change| change.path == path) {
            Some(change) => Ok(change.after.clone()),
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

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn all_changes_are_made_or_none() {
        let folder = TempDir::new().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        fs::write(&first, "one\n").unwrap();
        // No file can replace a folder, and none can be below another file.
        fs::create_dir(&second).unwrap();
        for impossible in [&second, &first.join("below")] {
            let mut changes = Changes::default();
            changes.put(&first, "two\n".to_owned(), "another line");
            changes.put(&folder.path().join("third"), "three\n".to_owned(), "a new file");
            changes.put(impossible, "text".to_owned(), "what cannot be");
            assert!(changes.make().unwrap_err().starts_with("error: cannot write "));
        }
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(
            (names, fs::read_to_string(&first).unwrap().as_str()),
            (vec!["first".into(), "second".into()], "one\n")
        );
    }

    #[test]
    fn a_diff_tells_new_files_from_changed_ones() {
        let folder = TempDir::new().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        fs::write(&old, "one\ntwo\n").unwrap();
        let mut changes = Changes::default();
        changes.put(&old, "one\ntwo\nthree\n".to_owned(), "a third line");
        changes.put(&new, "one\n".to_owned(), "a line");
        let folder = folder.path().display();
        assert_eq!(
            changes.diff(),
            format!(
                "--- a/{folder}/old\n+++ b/{folder}/old\n@@ -1,2 +1,3 @@\n one\n two\n+three\n\
                 --- /dev/null\n+++ b/{folder}/new\n@@ -0,0 +1 @@\n+one\n"
            )
        );
        changes.make().unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "one\ntwo\nthree\n");
    }
}
