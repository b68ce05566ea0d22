//! `accord dev` automates the steps after every edit of a schema: it checks the schema when it is saved and, if there
//! are no errors, generates its files, builds the server, and restarts it.

mod cargo;
mod group;
mod screen;
mod server;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use accord_language::{Diagnostics, Schema, source};
use accord_review::lint::{Format, lint};
use clap::Args;
use tokio::time::{MissedTickBehavior, interval};

use self::{
    cargo::{Binary, Build},
    screen::{Outcome, Screen},
    server::Server,
};
use crate::{
    flows,
    followed::Followed,
    generate::{self, Made},
    listen::{self, Signals},
    terminal::count,
    watch::{LOOK, Watch},
};

/// The time in which an obsolete build has to end.
const BUILD_ENDS_WITHIN: Duration = Duration::from_secs(5);

/// The arguments of `accord dev`.
#[derive(Args)]
pub struct Dev {
    /// The schema's main file. Defaults to the only schema in `schema` or in this folder.
    #[arg(value_name = "SCHEMA")]
    schema: Option<PathBuf>,
    /// The command that starts the server. Defaults to the binary that `cargo run` runs.
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

impl Dev {
    /// Follows the schema until a signal stops the process.
    pub fn run(&self) -> Result<(), String> {
        let schema = self.schema.clone().map_or_else(only_schema, Ok)?;
        let binary = Binary::of_workspace()?;
        let mut followed = Followed::of(&schema);
        let began = Instant::now();
        let read = followed.read();
        if let (Err(wrong), false) = (&read, followed.is_there()) {
            return Err(crate::schema::report(wrong));
        }
        let mut sources = Watch::by_notices();
        sources.follow(binary.sources(), []);
        let server = Server::of(&self.command);
        let work = Work { schema, binary, screen: Screen::new(), build: None, server, saved: None };
        listen::block_on(work.follow(followed, sources, read, began))
    }
}

/// The default schema.
fn only_schema() -> Result<PathBuf, String> {
    let first_files = |folder: &str| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let yaml = entries.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
        let is_first = |path: &PathBuf| {
            let text = source::read_file(path).unwrap_or_default();
            text.lines().any(|line| line.starts_with("accord:"))
        };
        yaml.filter(is_first).map(|path| path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)).collect()
    };
    let mut found = first_files("schema");
    if found.is_empty() {
        found = first_files(".");
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        number => Err(format!(
            "error: there {} in the folder `schema` or here\nhelp: name it: accord dev schema/chat.yaml\n",
            if number == 0 { "is no schema".to_owned() } else { format!("are {number} schemas") }
        )),
    }
}

/// The work on a schema.
struct Work {
    schema: PathBuf,
    binary: Binary,
    screen: Screen,
    /// The running build, and its start time.
    build: Option<(Build, Instant)>,
    server: Server,
    /// The time when the current change was saved.
    saved: Option<SystemTime>,
}

impl Work {
    async fn follow(
        mut self,
        mut followed: Followed,
        mut sources: Watch,
        read: Result<Schema, Diagnostics>,
        began: Instant,
    ) -> Result<(), String> {
        let mut signals = Signals::new().map_err(|error| format!("error: cannot handle signals: {error}\n"))?;
        self.screen.section(&[])?;
        self.check(read, began)?;
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = looks.tick() => {}
                () = signals.next() => break,
            }
            let began = Instant::now();
            let schema = followed.look();
            let code = sources.look();
            if let Some((changed, read)) = schema {
                self.change(&[changed, code].concat()).await?;
                self.check(read, began)?;
            } else if !code.is_empty() {
                self.change(&code).await?;
                self.build()?;
            }
            self.look().await?;
        }
        self.stop(signals).await
    }

    /// Starts again: a build of the previous state is obsolete.
    async fn change(&mut self, changed: &[PathBuf]) -> Result<(), String> {
        let saved = changed.iter().filter_map(|path| fs::metadata(path).and_then(|file| file.modified()).ok()).max();
        self.saved = saved;
        let build = self.build.take();
        self.screen.section(changed)?;
        if let Some((build, began)) = build {
            build.end(BUILD_ENDS_WITHIN).await;
            self.screen.step("build", began.elapsed(), Outcome::Idle, "stopped, to start over")?;
        }
        Ok(())
    }

    /// Shows the errors and the findings of a schema; if it has no errors, continues.
    fn check(&mut self, read: Result<Schema, Diagnostics>, began: Instant) -> Result<(), String> {
        let schema = match read {
            Ok(schema) => schema,
            Err(wrong) => {
                let errors = count(wrong.list.len(), "error");
                self.screen.step("check", began.elapsed(), Outcome::Bad, &errors)?;
                return self.screen.text(&format!("\n{}\n", wrong.render(self.screen.colour)));
            }
        };
        let report = lint(&schema);
        let outcome = if report.list.is_empty() { Outcome::Good } else { Outcome::Bad };
        let found = if report.list.is_empty() { "no errors, no findings".to_owned() } else { report.summary() };
        self.screen.step("check", began.elapsed(), outcome, &found)?;
        if !report.list.is_empty() {
            self.screen.text(&format!("\n{}\n", report.render(Format::Text { colour: self.screen.colour })))?;
        }
        match self.generate(&schema) {
            Ok(()) => self.build(),
            Err(report) => self.screen.text(&format!("\n{report}\n")),
        }
    }

    /// Writes the generated files, if there is a folder for them.
    fn generate(&self, schema: &Schema) -> Result<(), String> {
        let began = Instant::now();
        let flows = flows::load(&schema.model).inspect_err(|_| {
            // If this line cannot be shown, the next one reports it.
            let _ = self.screen.step("flows", began.elapsed(), Outcome::Bad, "with errors");
        })?;
        if !generate::folder(&self.schema).is_dir() {
            return Ok(());
        }
        let made = Made::of(&schema.model, &flows, &self.schema);
        let changed = made.write()?;
        let outcome = if changed == 0 { Outcome::Idle } else { Outcome::Good };
        let detail = format!("{changed} of {} changed", count(made.files.len(), "file"));
        self.screen.step("generate", began.elapsed(), outcome, &detail)
    }

    fn build(&mut self) -> Result<(), String> {
        self.build = Some((self.binary.build()?, Instant::now()));
        Ok(())
    }

    /// Checks the processes that are running.
    async fn look(&mut self) -> Result<(), String> {
        if let Some(status) = self.server.ended() {
            self.screen
                .text(&format!("  {} has ended: {status}; the next change starts it again\n", self.binary.name))?;
        }
        let Some((mut build, began)) = self.build.take() else { return Ok(()) };
        match build.over() {
            None => {
                self.build = Some((build, began));
                Ok(())
            }
            Some(false) => {
                let still =
                    if self.server.is_running() { "failed; the previous server keeps running" } else { "failed" };
                self.screen.step("build", began.elapsed(), Outcome::Bad, still)
            }
            Some(true) => {
                let built = build.built().ok_or("error: cargo did not say what it built\n")?;
                let outcome = if built.is_old { Outcome::Idle } else { Outcome::Good };
                let detail = if built.is_old { "nothing to build" } else { "" };
                self.screen.step("build", began.elapsed(), outcome, detail)?;
                // A build that was stopped may have written the binary already: then this one had nothing to build.
                if self.server.runs(&built.executable) { Ok(()) } else { self.restart(&built.executable).await }
            }
        }
    }

    async fn restart(&mut self, executable: &Path) -> Result<(), String> {
        let began = Instant::now();
        let what = if self.server.is_running() { "restart" } else { "start" };
        let has_ended = self.server.stop().await;
        let mut detail = match self.saved.map(|saved| saved.elapsed()) {
            Some(Ok(since)) => format!("{:.2} s after the change", since.as_secs_f64()),
            _ => String::new(),
        };
        if !has_ended {
            detail += "; the previous one did not stop, and was killed";
        }
        // Before the server prints anything.
        self.screen.step(what, began.elapsed(), Outcome::Good, &detail)?;
        self.server.start(executable)
    }

    /// Ends everything that was started. A second signal does not wait for it.
    async fn stop(mut self, mut signals: Signals) -> Result<(), String> {
        let ends = async {
            if let Some((build, _)) = self.build.take() {
                build.end(BUILD_ENDS_WITHIN).await;
            }
            self.server.stop().await;
        };
        tokio::select! {
            () = ends => {}
            () = signals.next() => {}
        }
        Ok(())
    }
}
