//! The server that is started anew with every build.

use std::{
    path::Path,
    process::{Command, ExitStatus},
    time::Duration,
};

use super::group::Group;

/// How long a server has to end once it was told to. Those of Accord let what is under way come to its end first.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server, which runs or does not.
#[derive(Debug)]
pub struct Server {
    /// What starts it, with its arguments; the binary that was built where there is none.
    command: Vec<String>,
    running: Option<Group>,
}

impl Server {
    /// One that has not been started.
    pub fn of(command: &[String]) -> Self {
        Server { command: command.to_vec(), running: None }
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
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
        let started = Group::start(&mut command);
        let program = command.get_program().to_string_lossy().into_owned();
        self.running = Some(started.map_err(|error| format!("error: cannot start {program}: {error}\n"))?);
        Ok(())
    }

    /// Stops it, if it runs: whether it ended in time. One that did not is killed.
    pub async fn stop(&mut self) -> bool {
        match self.running.take() {
            Some(group) => group.end(PATIENCE).await,
            None => true,
        }
    }

    /// How it has ended without having been told to.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let ended = self.running.as_mut()?.ended();
        if ended.is_some() {
            self.running = None;
        }
        ended
    }
}
