//! The server, which is restarted with every build.

use std::{
    fs,
    path::Path,
    process::{Command, ExitStatus},
    time::{Duration, SystemTime},
};

use super::group::Group;

/// The time for a server to end after SIGTERM. Accord's servers finish the work in flight first.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server, running or stopped.
#[derive(Debug)]
pub struct Server {
    /// The command that starts it, with its arguments; if empty, the binary that was built.
    command: Vec<String>,
    running: Option<Running>,
}

/// A running server.
#[derive(Debug)]
struct Running {
    group: Group,
    /// The time when the binary was built, as it was when the server started.
    built: Option<SystemTime>,
}

impl Server {
    /// A server that has not been started.
    pub fn of(command: &[String]) -> Self {
        Server { command: command.to_vec(), running: None }
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Whether it runs this binary as it is now.
    pub fn runs(&self, executable: &Path) -> bool {
        self.running.as_ref().is_some_and(|running| running.built == built(executable))
    }

    /// Starts it.
    pub fn start(&mut self, executable: &Path) -> Result<(), String> {
        let mut command = match self.command.split_first() {
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments);
                command
            }
            None => Command::new(executable),
        };
        let built = built(executable);
        let started = Group::start(&mut command);
        let program = command.get_program().to_string_lossy().into_owned();
        let group = started.map_err(|error| format!("error: cannot start {program}: {error}\n"))?;
        self.running = Some(Running { group, built });
        Ok(())
    }

    /// Stops it, if it runs; returns whether it ended in time. Otherwise it is killed.
    pub async fn stop(&mut self) -> bool {
        match self.running.take() {
            Some(running) => running.group.end(PATIENCE).await,
            None => true,
        }
    }

    /// Its exit status, if it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let ended = self.running.as_mut()?.group.ended();
        if ended.is_some() {
            self.running = None;
        }
        ended
    }
}

fn built(executable: &Path) -> Option<SystemTime> {
    fs::metadata(executable).and_then(|file| file.modified()).ok()
}
