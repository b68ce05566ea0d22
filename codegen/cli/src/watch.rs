//! Watched files, and their changes.
//!
//! The files are checked when the system gives notice of a change, or at intervals if it gives none. It does not matter
//! how an editor saves: in place, by another file that takes the name, or in several steps.

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use crate::notices::{Notices, RecursiveMode};

/// The interval at which files are checked, unless the system gives notices and has given none. A change is reported at
/// the next check without further changes.
pub const LOOK: Duration = Duration::from_millis(20);

/// The interval at which files are checked without a notice: a network file system gives none of the changes that other
/// machines make.
const ANYWAY: Duration = Duration::from_secs(1);

/// The time after a save in which a file may change again without a new modification time.
const UNSURE: Duration = Duration::from_secs(2);

/// A file or folder to watch.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Watched {
    /// A file, whether it exists or not.
    File(PathBuf),
    /// All files in a folder and below it, or those whose names end like this.
    Folder(PathBuf, Option<&'static str>),
}

impl Watched {
    /// Whether a file, which may be gone, is in this place.
    fn holds(&self, file: &Path) -> bool {
        match self {
            Watched::File(path) => path == file,
            Watched::Folder(path, _) => file.starts_with(path),
        }
    }
}

/// Watched places.
#[derive(Debug, Default)]
pub struct Watch {
    places: Vec<Watched>,
    /// Whether the system is asked for notices.
    asks: bool,
    /// The notices; none if the system gives none.
    notices: Option<Notices>,
    /// The time of the last look, if nothing had changed since the look before.
    settled: Option<Instant>,
    /// The files as they were at the last look.
    seen: BTreeMap<PathBuf, State>,
    /// The hashes of the files when they were last reported.
    reported: BTreeMap<PathBuf, u64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct State {
    modified: SystemTime,
    length: u64,
    /// A hash of the text.
    text: u64,
}

impl Watch {
    /// Watches nothing yet, and will ask the system for notices.
    pub fn by_notices() -> Self {
        Watch { asks: true, ..Watch::default() }
    }

    /// Watches exactly these places from now on. The texts in `read` are known already, and not reported.
    pub fn follow<'t>(&mut self, places: Vec<Watched>, read: impl IntoIterator<Item = (&'t str, &'t str)>) {
        if places != self.places {
            self.notices = if self.asks { Notices::of(&folders(&places)) } else { None };
            self.places = places;
            let now = self.look_at_all();
            let known = std::mem::replace(&mut self.seen, now);
            self.reported.retain(|path, _| self.places.iter().any(|place| place.holds(path)));
            let new = self.seen.iter().filter(|(path, _)| !known.contains_key(*path));
            self.reported.extend(new.map(|(path, state)| (path.clone(), state.text)));
        }
        self.settled = None;
        self.reported.extend(read.into_iter().map(|(path, text)| (PathBuf::from(path), hash(text.as_bytes()))));
    }

    /// Looks at the files: those that have come, gone or changed since the last report. None while there are still
    /// changes.
    pub fn look(&mut self) -> Vec<PathBuf> {
        if !self.is_due(Instant::now()) {
            return Vec::new();
        }
        let now = self.look_at_all();
        self.settled = (now == self.seen).then(Instant::now);
        if self.settled.is_none() {
            self.seen = now;
            return Vec::new();
        }
        let now = self.seen.iter().map(|(path, state)| (path.clone(), state.text)).collect();
        let before = std::mem::replace(&mut self.reported, now);
        let differs = |path: &&PathBuf| before.get(*path) != self.reported.get(*path);
        let mut changed: Vec<PathBuf> = self.reported.keys().filter(differs).cloned().collect();
        changed.extend(before.keys().filter(|path| !self.reported.contains_key(*path)).cloned());
        changed
    }

    /// Whether a check may find changes.
    fn is_due(&self, now: Instant) -> bool {
        let noticed = self.notices.as_ref().is_none_or(Notices::taken);
        noticed || self.settled.is_none_or(|settled| now.duration_since(settled) > ANYWAY)
    }

    fn look_at_all(&self) -> BTreeMap<PathBuf, State> {
        let mut states = BTreeMap::new();
        for place in &self.places {
            match place {
                Watched::File(path) => self.look_at(path, &mut states),
                Watched::Folder(path, ending) => self.look_below(path, *ending, &mut states),
            }
        }
        states
    }

    fn look_below(&self, folder: &Path, ending: Option<&str>, states: &mut BTreeMap<PathBuf, State>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.look_below(&path, ending, states);
            } else if ending.is_none_or(|ending| path.extension().is_some_and(|extension| extension == ending)) {
                self.look_at(&path, states);
            }
        }
    }

    /// A file that does not exist or cannot be read has no state, nor does a pipe: reading it could block.
    fn look_at(&self, path: &Path, states: &mut BTreeMap<PathBuf, State>) {
        let Some(metadata) = fs::metadata(path).ok().filter(fs::Metadata::is_file) else { return };
        let (modified, length) = (metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len());
        let known = self.seen.get(path).filter(|known| (known.modified, known.length) == (modified, length));
        let is_sure = modified.elapsed().is_ok_and(|age| age > UNSURE);
        let text = match known {
            Some(known) if is_sure => known.text,
            _ => match fs::read(path) {
                Ok(bytes) => hash(&bytes),
                Err(_) => return,
            },
        };
        states.insert(path.to_owned(), State { modified, length, text });
    }
}

/// Returns the folders to ask about. A file may be replaced by another, so the folder that it is in counts.
fn folders(places: &[Watched]) -> BTreeMap<PathBuf, RecursiveMode> {
    let mut folders = BTreeMap::new();
    for place in places {
        match place {
            Watched::File(path) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                folders.entry(folder.to_owned()).or_insert(RecursiveMode::NonRecursive);
            }
            Watched::Folder(path, _) => {
                folders.insert(path.clone(), RecursiveMode::Recursive);
            }
        }
    }
    folders
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A folder with two files, which are followed.
    fn followed() -> (TempDir, Watch) {
        let directory = TempDir::new().unwrap();
        for name in ["a.yaml", "b.yaml", "c.txt"] {
            fs::write(directory.path().join(name), name).unwrap();
        }
        let mut watch = Watch::default();
        watch.follow(vec![Watched::Folder(directory.path().to_owned(), Some("yaml"))], []);
        (directory, watch)
    }

    /// The names of the changed files, once there are no further changes.
    fn changed(watch: &mut Watch) -> Vec<String> {
        assert!(watch.look().is_empty(), "a file that still changes is not reported");
        watch.look().iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn however_files_are_saved_it_is_one_change() {
        let (directory, mut watch) = followed();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("a.yaml"), "in place").unwrap();
        fs::write(path("b.yaml~"), "by name").unwrap();
        fs::rename(path("b.yaml~"), path("b.yaml")).unwrap();
        assert_eq!(changed(&mut watch), ["a.yaml", "b.yaml"]);
        fs::write(path("a.yaml"), "").unwrap();
        assert!(watch.look().is_empty());
        fs::write(path("a.yaml"), "in steps").unwrap();
        assert_eq!(changed(&mut watch), ["a.yaml"]);
        assert!(watch.look().is_empty());
    }

    #[test]
    fn files_that_come_and_go_are_changes_and_files_of_another_kind_are_not() {
        let (directory, mut watch) = followed();
        let path = |name: &str| directory.path().join(name);
        fs::remove_file(path("a.yaml")).unwrap();
        fs::create_dir(path("more")).unwrap();
        fs::write(path("more/d.yaml"), "new").unwrap();
        fs::write(path("c.txt"), "not followed").unwrap();
        let mut names = changed(&mut watch);
        names.sort();
        assert_eq!(names, ["a.yaml", "d.yaml"]);
    }

    #[test]
    fn a_save_that_changes_nothing_is_no_change() {
        let (directory, mut watch) = followed();
        let path = directory.path().join("a.yaml");
        fs::write(&path, "a.yaml").unwrap();
        assert!(watch.look().is_empty() && watch.look().is_empty());
        fs::write(&path, "there").unwrap();
        assert!(watch.look().is_empty());
        fs::write(&path, "a.yaml").unwrap();
        assert!(watch.look().is_empty() && watch.look().is_empty(), "there and back is no change");
    }

    #[test]
    fn by_notices_files_are_looked_at_once_something_has_changed() {
        let (directory, _) = followed();
        let mut watch = Watch::by_notices();
        watch.follow(vec![Watched::Folder(directory.path().to_owned(), Some("yaml"))], []);
        assert!(watch.notices.is_some(), "this system gives notices");
        assert!(watch.is_due(Instant::now()), "what has just been followed is looked at");
        let settle = |watch: &mut Watch, wanted: &[&str]| {
            let mut changed = Vec::new();
            while changed.len() < wanted.len() || watch.settled.is_none() {
                changed.extend(watch.look());
                std::thread::sleep(Duration::from_millis(1));
            }
            let names = changed.iter().map(|path| path.file_name().unwrap().to_str().unwrap());
            assert_eq!(names.collect::<Vec<_>>(), wanted);
        };
        settle(&mut watch, &[]);
        let settled = watch.settled.unwrap();
        assert!(!watch.is_due(settled), "to look at files is no change of them");
        assert!(watch.is_due(settled + 2 * ANYWAY), "they are looked at without a notice as well");
        for text in ["one", "other"] {
            fs::write(directory.path().join("a.yaml"), text).unwrap();
            settle(&mut watch, &["a.yaml"]);
        }
        fs::create_dir(directory.path().join("more")).unwrap();
        fs::write(directory.path().join("more/d.yaml"), "new").unwrap();
        settle(&mut watch, &["d.yaml"]);
    }

    #[test]
    fn a_missing_folder_gives_no_notices_and_its_creation_is_noticed() {
        let directory = TempDir::new().unwrap();
        let folder = directory.path().join("flows");
        let mut watch = Watch::by_notices();
        watch.follow(vec![Watched::Folder(folder.clone(), None)], []);
        assert!(watch.notices.is_none());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("a.yaml"), "a").unwrap();
        assert_eq!(changed(&mut watch), ["a.yaml"]);
    }

    #[test]
    fn a_change_while_files_were_read_is_not_missed() {
        let (directory, mut watch) = followed();
        let path = directory.path().join("c.txt");
        let places = vec![Watched::File(path.clone()), Watched::File(directory.path().join("none"))];
        watch.follow(places, [(path.to_str().unwrap(), "what it said before")]);
        assert_eq!(watch.look(), [path]);
        assert!(watch.look().is_empty());
    }
}
