//! The schema that a command is about.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use accord_codegen::{Diagnostics, Model, diagnostic::Sources};
use clap::Args;
use tokio::time::{MissedTickBehavior, interval};

use crate::terminal;

/// How often the files of a schema that is followed are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// The schema that a command is about.
#[derive(Args)]
pub struct SchemaPath {
    /// The schema's first file, for example `schema/chat.yaml`.
    #[arg(value_name = "SCHEMA")]
    pub schema: PathBuf,
}

impl SchemaPath {
    /// The schema's model, else the report of its errors.
    pub fn load(&self) -> Result<Model, String> {
        accord_codegen::load(&self.schema).map_err(|diagnostics| report(&diagnostics))
    }
}

/// The report of a schema's errors, for standard error.
pub fn report(diagnostics: &Diagnostics) -> String {
    diagnostics.render(terminal::is_colourful(&std::io::stderr()))
}

/// The files of a schema, as they are edited: the first, and all that it includes.
pub struct Files {
    first: PathBuf,
    /// What was read of them last.
    sources: Sources,
    /// What was wrong with them then.
    wrong: Option<String>,
    /// Whether one of them could not be read: nothing is known by which it would be seen to change.
    unreadable: bool,
}

impl Files {
    /// The files of the schema at a path, of which none has been read.
    pub fn of(schema: &Path) -> Self {
        Files { first: schema.to_owned(), sources: Sources::default(), wrong: None, unreadable: false }
    }

    /// Reads them.
    ///
    /// # Errors
    /// Everything that is wrong with the schema.
    pub fn read(&mut self) -> Result<Model, Diagnostics> {
        match accord_codegen::load_with_sources(&self.first) {
            Ok((model, sources)) => {
                *self = Files { sources, ..Files::of(&self.first) };
                Ok(model)
            }
            Err(wrong) => {
                self.sources = wrong.sources.clone();
                self.wrong = Some(wrong.render(false));
                self.unreadable = wrong.list.iter().any(|diagnostic| diagnostic.rule == "unreadable-file");
                Err(wrong)
            }
        }
    }

    /// Whether any file could be read.
    pub fn are_there(&self) -> bool {
        self.sources.files().next().is_some()
    }

    /// Waits until they say something else than when they were read last.
    pub async fn changed(mut self) -> (Self, Result<Model, Diagnostics>) {
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let looked = tokio::task::spawn_blocking(move || {
                let read = self.have_changed().then(|| self.read_anew()).flatten();
                (self, read)
            });
            match looked.await.expect("a schema that cannot be read is an error, not a panic") {
                (files, Some(read)) => return (files, read),
                (files, None) => self = files,
            }
        }
    }

    fn have_changed(&self) -> bool {
        let differs = |(path, text): (&str, &str)| fs::read(path).ok().as_deref() != Some(text.as_bytes());
        self.unreadable || self.sources.files().any(differs)
    }

    /// Reads them; nothing where the same is wrong as before.
    fn read_anew(&mut self) -> Option<Result<Model, Diagnostics>> {
        let before = self.wrong.clone();
        let read = self.read();
        (read.is_ok() || self.wrong != before).then_some(read)
    }
}
