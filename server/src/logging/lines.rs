//! Lines on their way to a reader that may be slow, stalled or gone.

use std::{
    collections::VecDeque,
    io::{self, ErrorKind, Write},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use super::length;

/// The maximum number of bytes that wait for the reader; lines beyond that are dropped.
const MOST_BYTES: usize = 1024 * 1024;

/// The pause before writing again to a full pipe that another process has made non-blocking.
const RETRY: Duration = Duration::from_millis(10);

/// Lines that wait for the one thread that writes them. Lines that cannot be written, and those that find no room, are
/// dropped and counted; the log says how many once it can be written again.
#[derive(Default)]
pub(super) struct Lines {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Box<[u8]>>,
    bytes: usize,
    /// Whether a line is being written right now.
    writing: bool,
    /// The number of lines dropped since the log last reported it.
    dropped: u64,
}

impl State {
    fn drop_line(&mut self) {
        self.dropped += 1;
        metrics::counter!("accord_log_lines_dropped_total").increment(1);
    }
}

impl Lines {
    /// Puts a line behind those that wait, unless too much waits already.
    pub(super) fn put(&self, line: &[u8]) {
        let mut state = self.state();
        if state.bytes + line.len() > MOST_BYTES {
            state.drop_line();
            return;
        }
        state.bytes += line.len();
        state.waiting.push_back(line.into());
        drop(state);
        self.changed.notify_all();
    }

    /// Waits until no line waits, or for as long as `patience` says.
    pub(super) fn flush(&self, patience: Duration) {
        let busy = |state: &mut State| state.writing || !state.waiting.is_empty();
        drop(self.changed.wait_timeout_while(self.state(), patience, busy).unwrap_or_else(PoisonError::into_inner));
    }

    /// Writes every line that is put here, for as long as the process lives.
    pub(super) fn write_to(&self, mut output: impl Write) {
        let mut torn = false;
        loop {
            let line = self.next();
            let written = write(&mut output, &line, &mut torn);
            if let Some(lines) = self.done(written) {
                tracing::warn!(lines, "log lines could not be written and were lost");
            }
        }
    }

    fn next(&self) -> Box<[u8]> {
        let nothing = |state: &mut State| state.waiting.is_empty();
        let mut state = self.changed.wait_while(self.state(), nothing).unwrap_or_else(PoisonError::into_inner);
        let line = state.waiting.pop_front().unwrap_or_default();
        state.bytes -= line.len();
        state.writing = true;
        line
    }

    /// Notes the outcome of a write; returns the number of lost lines as soon as it can be logged.
    fn done(&self, written: bool) -> Option<u64> {
        let mut state = self.state();
        state.writing = false;
        if !written {
            state.drop_line();
        }
        // If no line waits, there is room for the report.
        let lost = (written && state.waiting.is_empty()).then(|| std::mem::take(&mut state.dropped));
        drop(state);
        self.changed.notify_all();
        lost.filter(|lost| *lost > 0)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.put(&length::cut(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a line; returns whether that succeeded. `torn` says that only a part of the previous line was written.
fn write(output: &mut impl Write, line: &[u8], torn: &mut bool) -> bool {
    (!*torn || write_all(output, b"\n", torn)) && write_all(output, line, torn)
}

fn write_all(output: &mut impl Write, bytes: &[u8], torn: &mut bool) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        match output.write(rest) {
            Ok(0) => return false,
            Ok(written) => {
                rest = &rest[written..];
                *torn = !rest.is_empty();
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(RETRY),
            Err(_) => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;

    /// Answers each write as scripted, and passes on the bytes that it accepted.
    struct Output {
        answers: mpsc::Receiver<io::Result<usize>>,
        taken: mpsc::Sender<String>,
    }

    impl Write for Output {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let Ok(answer) = self.answers.recv() else {
                // The test is over.
                loop {
                    thread::park();
                }
            };
            let length = answer?.min(bytes.len());
            self.taken.send(String::from_utf8_lossy(&bytes[..length]).into_owned()).ok();
            Ok(length)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    type Answers = mpsc::Sender<io::Result<usize>>;

    fn lines() -> (Arc<Lines>, Answers, mpsc::Receiver<String>) {
        let ((answers, output), (taken, taking)) = (mpsc::channel(), mpsc::channel());
        let lines = Arc::new(Lines::default());
        let writing = Arc::clone(&lines);
        thread::spawn(move || writing.write_to(Output { answers: output, taken }));
        (lines, answers, taking)
    }

    const WHOLE: io::Result<usize> = Ok(usize::MAX);

    #[test]
    fn a_line_after_one_that_was_written_in_part_begins_a_new_one() {
        let (lines, answers, taken) = lines();
        lines.put(b"first\n");
        lines.put(b"second\n");
        for answer in [Ok(3), Err(ErrorKind::StorageFull.into()), WHOLE, Err(ErrorKind::Interrupted.into()), WHOLE] {
            answers.send(answer).expect("a writer");
        }
        lines.flush(Duration::from_secs(60));
        assert_eq!(taken.try_iter().collect::<Vec<_>>(), ["fir", "\n", "second\n"]);
    }

    #[test]
    fn while_the_reader_stalls_lines_are_kept_up_to_a_bound_and_nobody_waits() {
        let (lines, answers, taken) = lines();
        let line = [b'x'; 1024];
        for _ in 0..3 * MOST_BYTES / line.len() {
            lines.put(&line);
        }
        lines.flush(Duration::ZERO);
        let state = lines.state();
        assert!(state.bytes <= MOST_BYTES && state.bytes > MOST_BYTES / 2, "{} bytes wait", state.bytes);
        assert!(state.dropped >= 2 * (MOST_BYTES / line.len()) as u64 - 1, "{} lines are lost", state.dropped);
        let waiting = state.waiting.len() + usize::from(state.writing);
        drop(state);
        for _ in 0..waiting {
            answers.send(WHOLE).expect("a writer");
        }
        lines.flush(Duration::from_secs(60));
        assert_eq!(taken.try_iter().count(), waiting);
        assert_eq!(lines.state().dropped, 0, "it has been said how many are lost");
    }
}
