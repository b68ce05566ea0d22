//! Output to the terminal.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

/// Whether a stream is a terminal whose user has not asked for plain text (see <https://no-color.org>).
pub fn is_colourful(stream: &impl IsTerminal) -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && stream.is_terminal()
}

/// Writes to standard output. A reader that closes the pipe (`accord … | head`) is not an error.
pub fn print(text: &str) -> Result<(), String> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("error: cannot write: {error}\n")),
        _ => Ok(()),
    }
}

/// Writes to standard error. If that is closed, the exit status still reports the failure.
pub fn print_error(text: &str) {
    io::stderr().write_all(text.as_bytes()).ok();
}

/// A count with its noun: `1 file`, `2 files`.
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
