//! A watched schema: its files and those of its flows, as they are edited.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use accord_language::{Diagnostics, Schema};
use tokio::time::{MissedTickBehavior, interval};

use crate::watch::{LOOK, Watch, Watched};

/// The interval at which a schema with a missing file is read again: that file cannot be watched.
const MISSING: Duration = Duration::from_millis(250);

/// The files of a schema and of its flows.
pub struct Followed {
    first: PathBuf,
    watch: Watch,
    flows: Option<PathBuf>,
    /// The schema's files that could be read.
    files: Vec<PathBuf>,
    /// Their errors when they were last read.
    wrong: Option<String>,
    /// The time when they were last read, if one was missing.
    missing: Option<Instant>,
}

impl Followed {
    /// The schema at a path, before the first read.
    pub fn of(schema: &Path) -> Self {
        Followed {
            first: schema.to_owned(),
            watch: Watch::by_notices(),
            flows: None,
            files: Vec::new(),
            wrong: None,
            missing: None,
        }
    }

    /// Reads the schema, and sees changes from now on.
    ///
    /// # Errors
    /// All errors in it.
    pub fn read(&mut self) -> Result<Schema, Diagnostics> {
        let read = accord_review::load(&self.first);
        let sources = match &read {
            Ok(schema) => &schema.sources,
            Err(wrong) => &wrong.sources,
        };
        // The flows of a schema with errors are assumed to be in the same place as before.
        if let Ok(schema) = &read {
            self.flows.clone_from(&schema.model.flows);
        }
        self.files = sources.paths().map(PathBuf::from).collect();
        let mut places: Vec<Watched> = self.files.iter().cloned().map(Watched::File).collect();
        places.extend(self.flows.iter().map(|flows| Watched::Folder(flows.clone(), Some("yaml"))));
        self.watch.follow(places, sources.files());
        let wrong = read.as_ref().err();
        self.wrong = wrong.map(|wrong| wrong.render(false));
        let is_missing = wrong.is_some_and(|wrong| wrong.list.iter().any(|one| one.rule == "unreadable-file"));
        self.missing = is_missing.then(Instant::now);
        read
    }

    /// Whether any file could be read.
    pub fn is_there(&self) -> bool {
        !self.files.is_empty()
    }

    /// Checks the files, and reads the schema if any have changed since the last read; returns the changed files and
    /// the schema.
    pub fn look(&mut self) -> Option<(Vec<PathBuf>, Result<Schema, Diagnostics>)> {
        let changed = self.watch.look();
        if !changed.is_empty() {
            return Some((changed, self.read()));
        }
        if self.missing.is_none_or(|read| read.elapsed() < MISSING) {
            return None;
        }
        let before = self.wrong.take();
        let read = self.read();
        (self.wrong != before).then(|| (vec![self.first.clone()], read))
    }

    /// Waits until files change, and reads the schema.
    pub async fn changed(mut self) -> (Self, Result<Schema, Diagnostics>) {
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let looked = tokio::task::spawn_blocking(move || {
                let read = self.look();
                (self, read)
            });
            match looked.await.expect("a schema that cannot be read is an error, not a panic") {
                (followed, Some((_, read))) => return (followed, read),
                (followed, None) => self = followed,
            }
        }
    }
}
