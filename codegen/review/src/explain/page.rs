//! The layout of explanations on a terminal.

use textwrap::{Options, WordSplitter, wrap};

const WIDTH: usize = 100;
const INDENT: &str = "  ";

/// A page of text.
#[derive(Debug)]
pub struct Page(String);

impl Page {
    /// Begins with what is explained.
    pub fn new(title: &str) -> Self {
        Page(format!("{title}\n"))
    }

    /// A paragraph, broken into lines.
    #[must_use]
    pub fn paragraph(mut self, text: &str) -> Self {
        self.0 += "\n";
        self.wrapped(text, WIDTH, "", "");
        self
    }

    /// Names and their descriptions, in two columns; empty if there are no names.
    #[must_use]
    pub fn rows(mut self, heading: &str, rows: &[(String, String)]) -> Self {
        if rows.is_empty() {
            return self;
        }
        self.0 += "\n";
        if !heading.is_empty() {
            self.0 += &format!("{heading}\n");
        }
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0) + 2;
        let indent = width + INDENT.len();
        for (name, text) in rows {
            self.wrapped(text, WIDTH.max(indent + 30), &format!("{INDENT}{name:width$}"), &" ".repeat(indent));
        }
        self
    }

    /// Lines that are to be kept as they are.
    #[must_use]
    pub fn code(mut self, heading: &str, code: &str) -> Self {
        self.0 += &format!("\n{heading}\n");
        for line in code.lines() {
            self.0 += format!("{INDENT}{line}").trim_end();
            self.0 += "\n";
        }
        self
    }

    /// The page.
    pub fn into_text(self) -> String {
        self.0
    }

    /// Adds a text in lines of at most `width`, of which the first begins otherwise than the rest.
    fn wrapped(&mut self, text: &str, width: usize, first: &str, rest: &str) {
        let options = Options::new(width).initial_indent(first).subsequent_indent(rest);
        let options = options.break_words(false).word_splitter(WordSplitter::NoHyphenation);
        for line in wrap(&text.split_whitespace().collect::<Vec<_>>().join(" "), options) {
            self.0 += line.trim_end();
            self.0 += "\n";
        }
    }
}
