//! Files that are followed: which of them say something else than before.
//!
//! They are looked at again and again. That works on every system and every file system, and however an editor saves: in
//! place, by another file that takes the name, or in several steps.

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// How often files are looked at. What has changed is told of at the next look at which nothing changes any more.
pub const LOOK: Duration = Duration::from_millis(20);

/// For how long after it was saved a file may change again without its time telling.
const UNSURE: Duration = Duration::from_secs(2);

/// What is followed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// A file, whether it is there or not.
    File(PathBuf),
    /// All files in a folder and below it, or those whose names end like this.
    Folder(PathBuf, Option<&'static str>),
}

impl Place {
    /// Whether a file that may have gone is there.
    fn holds(&self, file: &Path) -> bool {
        match self {
            Place::File(path) => path == file,
            Place::Folder(path, _) => file.starts_with(path),
        }
    }
}

/// Places that are followed.
#[derive(Debug, Default)]
pub struct Watch {
    places: Vec<Place>,
    /// The files as they were at the last look.
    seen: BTreeMap<PathBuf, State>,
    /// What the files said when they were told of last.
    told: BTreeMap<PathBuf, u64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct State {
    modified: SystemTime,
    length: u64,
    /// A hash of what it says.
    text: u64,
}

impl Watch {
    /// Follows these places from now on, and no others. What has been read of their files is not told of again.
    pub fn follow<'t>(&mut self, places: Vec<Place>, read: impl IntoIterator<Item = (&'t str, &'t str)>) {
        if places != self.places {
            self.places = places;
            let now = self.look_at_all();
            let known = std::mem::replace(&mut self.seen, now);
            self.told.retain(|path, _| self.places.iter().any(|place| place.holds(path)));
            let new = self.seen.iter().filter(|(path, _)| !known.contains_key(*path));
            self.told.extend(new.map(|(path, state)| (path.clone(), state.text)));
        }
        self.told.extend(read.into_iter().map(|(path, text)| (PathBuf::from(path), hash(text.as_bytes()))));
    }

    /// Looks at the files: those that have come, gone or changed since they were told of. None while there are still
    /// changes.
    pub fn look(&mut self) -> Vec<PathBuf> {
        let now = self.look_at_all();
        if now != self.seen {
            self.seen = now;
            return Vec::new();
        }
        let now = self.seen.iter().map(|(path, state)| (path.clone(), state.text)).collect();
        let before = std::mem::replace(&mut self.told, now);
        let differs = |path: &&PathBuf| before.get(*path) != self.told.get(*path);
        let mut changed: Vec<PathBuf> = self.told.keys().filter(differs).cloned().collect();
        changed.extend(before.keys().filter(|path| !self.told.contains_key(*path)).cloned());
        changed
    }

    fn look_at_all(&self) -> BTreeMap<PathBuf, State> {
        let mut states = BTreeMap::new();
        for place in &self.places {
            match place {
                Place::File(path) => self.look_at(path, &mut states),
                Place::Folder(path, ending) => self.look_below(path, *ending, &mut states),
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

    /// A file that is not there, or cannot be read, has no state.
    fn look_at(&self, path: &Path, states: &mut BTreeMap<PathBuf, State>) {
        let Ok(metadata) = fs::metadata(path) else { return };
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
        watch.follow(vec![Place::Folder(directory.path().to_owned(), Some("yaml"))], []);
        (directory, watch)
    }

    /// The names of what has changed, once nothing changes any more.
    fn changed(watch: &mut Watch) -> Vec<String> {
        assert!(watch.look().is_empty(), "what still changes is not told of");
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
    fn a_change_while_files_were_read_is_not_missed() {
        let (directory, mut watch) = followed();
        let path = directory.path().join("c.txt");
        let places = vec![Place::File(path.clone()), Place::File(directory.path().join("none"))];
        watch.follow(places, [(path.to_str().unwrap(), "what it said before")]);
        assert_eq!(watch.look(), [path]);
        assert!(watch.look().is_empty());
    }
}
