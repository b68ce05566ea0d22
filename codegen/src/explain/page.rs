//! How explanations look on a terminal.

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
        for line in wrapped(text, WIDTH) {
            self.0 += &format!("{line}\n");
        }
        self
    }

    /// Names and what is said of them, in two columns; nothing where there are none.
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
        for (name, text) in rows {
            let lines = wrapped(text, WIDTH.saturating_sub(width + INDENT.len()).max(30));
            let mut first = name.as_str();
            for line in lines {
                self.0 += format!("{INDENT}{first:width$}{line}").trim_end();
                self.0 += "\n";
                first = "";
            }
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
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
