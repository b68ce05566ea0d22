//! The system's notices that files have changed.

use std::{
    collections::BTreeMap,
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

pub use notify_debouncer_full::notify::RecursiveMode;
use notify_debouncer_full::{
    DebounceEventResult, Debouncer, RecommendedCache, new_debouncer, notify::RecommendedWatcher,
};

/// The time for which files have to be left alone before a notice of them is passed on.
const QUIET: Duration = Duration::from_millis(20);

/// The notices of some folders.
pub struct Notices {
    came: Arc<AtomicBool>,
    /// Gives notices until it is dropped.
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl fmt::Debug for Notices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notices").field("came", &self.came).finish_non_exhaustive()
    }
}

impl Notices {
    /// Returns the notices of these folders, unless the system gives none: it has no means to, no room for more, or a
    /// folder is not there yet.
    pub fn of(folders: &BTreeMap<PathBuf, RecursiveMode>) -> Option<Self> {
        let came = Arc::new(AtomicBool::new(false));
        let noticed = Arc::clone(&came);
        let handler = move |events: DebounceEventResult| {
            // Opening a file changes nothing, and checking files opens them.
            if events.map_or(true, |events| events.iter().any(|event| !event.kind.is_access())) {
                noticed.store(true, Ordering::Relaxed);
            }
        };
        let mut debouncer = new_debouncer(QUIET, Some(QUIET), handler).ok()?;
        for (folder, mode) in folders {
            debouncer.watch(folder, *mode).ok()?;
        }
        Some(Notices { came, _debouncer: debouncer })
    }

    /// Whether any have come since the last call.
    pub fn taken(&self) -> bool {
        self.came.swap(false, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, thread, time::Instant};

    use tempfile::TempDir;

    use super::*;

    /// Waits for a notice.
    fn comes(notices: &Notices) {
        let began = Instant::now();
        while !notices.taken() {
            assert!(began.elapsed() < Duration::from_secs(30), "no notice has come");
            thread::yield_now();
        }
    }

    /// Makes a change again and again until a notice comes: of a new folder, the system is asked only a moment after the
    /// notice of the folder itself. In between nothing changes for so long that a notice is passed on.
    fn comes_of(notices: &Notices, change: impl Fn()) {
        let began = Instant::now();
        loop {
            change();
            let changed = Instant::now();
            while changed.elapsed() < 10 * QUIET {
                if notices.taken() {
                    return;
                }
                thread::yield_now();
            }
            assert!(began.elapsed() < Duration::from_secs(30), "no notice has come");
        }
    }

    #[test]
    fn notice_is_given_of_files_that_are_written_replaced_and_removed_in_folders_new_ones_too() {
        let directory = TempDir::new().unwrap();
        let path = |name: &str| directory.path().join(name);
        let notices = Notices::of(&BTreeMap::from([(directory.path().to_owned(), RecursiveMode::Recursive)])).unwrap();
        fs::write(path("a"), "a").unwrap();
        comes(&notices);
        fs::create_dir(path("more")).unwrap();
        comes(&notices);
        comes_of(&notices, || fs::write(path("more/b"), "b").unwrap());
        fs::rename(path("more/b"), path("a")).unwrap();
        comes(&notices);
        fs::remove_file(path("a")).unwrap();
        comes(&notices);
    }

    #[test]
    fn notice_of_a_file_is_given_once_it_comes() {
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("a.yaml");
        let folder = BTreeMap::from([(directory.path().to_owned(), RecursiveMode::NonRecursive)]);
        let notices = Notices::of(&folder).unwrap();
        fs::write(file, "a").unwrap();
        comes(&notices);
    }
}
