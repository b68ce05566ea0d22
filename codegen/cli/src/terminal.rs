//! What is written to the terminal.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

/// Whether a stream is a terminal whose user has not asked for plain text (see <https://no-color.org>).
pub fn is_colourful(stream: &impl IsTerminal) -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && stream.is_terminal()
}

/// Writes to standard output. A reader that has seen enough (`accord … | head`) is no error.
pub fn print(text: &str) -> Result<(), String> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("error: cannot write: {error}\n")),
        _ => Ok(()),
    }
}

/// So many of something: `1 file`, `2 files`.
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
