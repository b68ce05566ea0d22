//! Processes that are started: each leads a group of its own, which ends as a whole.

use std::{
    io,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// How often it is looked whether a process that was told to end has ended.
const LOOK: Duration = Duration::from_millis(10);

/// A process, and those that it has started.
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

    /// What the process prints, where that is piped; once.
    pub fn output(&mut self) -> Option<std::process::ChildStdout> {
        self.leader.stdout.take()
    }

    /// How the process has ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let ended = self.leader.try_wait().ok().flatten();
        self.has_ended |= ended.is_some();
        ended
    }

    /// Tells all of them to end, and waits until the process has: whether it did so in time. Whoever is left is killed.
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
            // There may be nobody left in it.
            let _ = kill_process_group(group, signal);
        }
    }

    #[cfg(not(unix))]
    fn signal(&mut self, _: Signal) {
        let _ = self.leader.kill();
    }
}

/// Whoever has not ended is killed, also where the leader has, as a script does that starts a server and is ended: nothing
/// that was started outlives who started it.
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
