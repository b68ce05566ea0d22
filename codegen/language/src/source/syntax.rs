//! Text that is not well-formed YAML: the mistake, and its place.

use crate::diagnostic::{Diagnostic, FileId, Span};

/// The diagnostic for the parser's error at the byte `at`.
pub fn error(file: FileId, text: &str, at: usize, says: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new("yaml-syntax", "the file is not well-formed YAML");
    let span = |start: usize, end: usize| Span { file, start: offset(start), end: offset(end) };
    if let Some((start, end)) = tab(text, at, says) {
        let diagnostic = diagnostic.at(span(start, end), "a tab in the indentation");
        return diagnostic.help("indent with spaces: YAML has no tabs there");
    }
    let (start, end) = character(text, at);
    let diagnostic = diagnostic.at(span(start, end), says);
    if says.contains("mapping values are not allowed") {
        return diagnostic.help("put text that contains `: ` in quotes, and check the indentation");
    }
    diagnostic
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).expect("files are smaller than 4 GiB")
}

/// The character at a byte, or the last one before the end of the file.
fn character(text: &str, at: usize) -> (usize, usize) {
    let mut start = at;
    let visible = text.trim_end();
    if start >= visible.len() {
        start = visible.char_indices().next_back().map_or(0, |(last, _)| last);
    }
    let end = text[start..].chars().next().map_or(start, |character| start + character.len_utf8());
    (start, end)
}

/// The tabs in the indentation of a line that has caused a mistake. The parser may be at the beginning of the text that goes on
/// in that line, or, if it took the tab for a space, at the first line that then is too deep or not deep enough.
fn tab(text: &str, at: usize, says: &str) -> Option<(usize, usize)> {
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    if says.contains("tab") {
        return indented(text, line_start).find_map(|tab| tab);
    }
    let before = text[..line_start].trim_end().rfind('\n').map_or(0, |newline| newline + 1);
    indented(text, before).take(2).find_map(|tab| tab)
}

/// The tabs in the indentation of each line that is not empty, from the one that begins at `start`.
fn indented(text: &str, start: usize) -> impl Iterator<Item = Option<(usize, usize)>> {
    let mut next = start;
    let lines = text[start..].split_inclusive('\n').map(move |line| {
        let start = next;
        next += line.len();
        (start, line)
    });
    lines.filter(|(_, line)| !line.trim().is_empty()).map(|(start, line)| {
        let indentation = &line[..line.len() - line.trim_start().len()];
        let (first, last) = (indentation.find('\t')?, indentation.rfind('\t')?);
        Some((start + first, start + last + 1))
    })
}
