//! Started processes: each leads its own group, which ends as a whole.

use std::{
    io,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// The interval of checks whether a stopped process has ended.
const LOOK: Duration = Duration::from_millis(10);

/// A process with its child processes.
#[derive(Debug)]
pub struct Group {
    leader: Child,
    has_ended: bool,
}

impl Group {
    /// Starts a command. It gets no input, and no Ctrl-C but through this group.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        Ok(Group { leader: command.stdin(Stdio::null()).spawn()?, has_ended: false })
    }

    /// The process's standard output, if it is piped; only the first time.
    pub fn output(&mut self) -> Option<std::process::ChildStdout> {
        self.leader.stdout.take()
    }

    /// The process's exit status, if it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let ended = self.leader.try_wait().ok().flatten();
        self.has_ended |= ended.is_some();
        ended
    }

    /// Tells all of them to end, and waits for the process; returns whether it ended in time. The rest are killed.
    pub async fn end(mut self, patience: Duration) -> bool {
        self.signal(Signal::Terminate);
        let until = Instant::now() + patience;
        while self.ended().is_none() {
            if Instant::now() > until {
                return false;
            }
            sleep(LOOK).await;
        }
        true
    }

    #[cfg(unix)]
    fn signal(&mut self, signal: Signal) {
        use rustix::process::{Pid, Signal as Unix, kill_process_group};
        let signal = match signal {
            Signal::Terminate => Unix::TERM,
            Signal::Kill => Unix::KILL,
        };
        if let Some(group) = i32::try_from(self.leader.id()).ok().and_then(Pid::from_raw) {
            // The group may be empty by now.
            let _ = kill_process_group(group, signal);
        }
    }

    #[cfg(not(unix))]
    fn signal(&mut self, _: Signal) {
        let _ = self.leader.kill();
    }
}

/// Kills the processes that have not ended, even if the leader has, like a script that started a server: no process
/// outlives the command that started it.
impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::Kill);
        if !self.has_ended {
            let _ = self.leader.wait();
        }
    }
}

#[derive(Clone, Copy)]
enum Signal {
    Terminate,
    Kill,
}
