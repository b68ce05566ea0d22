//! `accord completions`.

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::terminal::print;

/// The arguments of `accord completions`.
#[derive(Args)]
pub struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    /// Writes a script by which a shell completes the arguments of `command`.
    pub fn run(&self, mut command: Command) -> Result<(), String> {
        let mut script = Vec::new();
        generate(self.shell, &mut command, "accord", &mut script);
        print(&String::from_utf8_lossy(&script))
    }
}
