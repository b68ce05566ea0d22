//! The Markdown that schemas are written in, as far as documentation has use for it: paragraphs, lists, blocks of code;
//! within them code, emphasis and links.

use super::page::{Block, Inline, Rich, Sample};

/// A text of several paragraphs.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_end();
        if let Some(language) = line.trim_start().strip_prefix("```") {
            let inside = lines.by_ref().take_while(|line| line.trim() != "```").map(|line| format!("{line}\n"));
            let language = if language.trim() == "json" { "json" } else { "" };
            blocks.push(Block::Sample(Sample::new("Code", language, inside.collect())));
        } else if let Some(item) = list_item(line) {
            let mut items = vec![item.to_owned()];
            while let Some(line) = lines.next_if(|line| !line.trim().is_empty()) {
                match (list_item(line), items.last_mut()) {
                    (None, Some(last)) => *last += &format!(" {}", line.trim()),
                    (item, _) => items.extend(item.map(str::to_owned)),
                }
            }
            blocks.push(Block::List(items.iter().map(|item| inline(item)).collect()));
        } else if !line.trim().is_empty() {
            let mut paragraph = line.trim().to_owned();
            while let Some(line) = lines.next_if(|line| !line.trim().is_empty() && list_item(line).is_none()) {
                paragraph += &format!(" {}", line.trim());
            }
            blocks.push(Block::Paragraph(inline(&paragraph)));
        }
    }
    blocks
}

fn list_item(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix("- ").or_else(|| line.strip_prefix("* "))
}

/// A text within a paragraph.
pub(super) fn inline(text: &str) -> Rich {
    let mut parts = Rich::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match marked(rest, plain.chars().next_back()) {
            Some((part, after)) => {
                if !plain.is_empty() {
                    parts.push(Inline::Text(std::mem::take(&mut plain)));
                }
                parts.push(part);
                rest = after;
            }
            None => {
                plain.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    if !plain.is_empty() {
        parts.push(Inline::Text(plain));
    }
    parts
}

/// What is marked at the beginning of `text`, and what follows it.
fn marked(text: &str, before: Option<char>) -> Option<(Inline, &str)> {
    let between = |open: &str, close: &str| {
        let (inside, after) = text.strip_prefix(open)?.split_once(close)?;
        (!inside.trim().is_empty()).then_some((inside, after))
    };
    if let Some((inside, after)) = between("`", "`") {
        return Some((Inline::Code(inside.to_owned()), after));
    }
    if let Some((inside, after)) = between("**", "**") {
        return Some((Inline::Strong(inline(inside)), after));
    }
    let within_word = before.is_some_and(char::is_alphanumeric);
    for mark in ["*", "_"] {
        if let Some((inside, after)) = between(mark, mark)
            && !within_word
            && !inside.starts_with(' ')
            && !after.starts_with(char::is_alphanumeric)
        {
            return Some((Inline::Emphasis(inline(inside)), after));
        }
    }
    if let Some((label, after)) = between("[", "](") {
        let (url, after) = after.split_once(')')?;
        return is_url(url).then(|| (Inline::Url(url.to_owned(), inline(label)), after));
    }
    if let Some((url, after)) = between("<", ">") {
        return is_url(url).then(|| (Inline::Url(url.to_owned(), vec![Inline::Text(url.to_owned())]), after));
    }
    None
}

/// Whether it leads somewhere and runs nothing.
fn is_url(url: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
        && !url.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_told_from_what_only_looks_so() {
        let text = |text: &str| Inline::Text(text.to_owned());
        assert_eq!(
            inline("Ask for `a_b` **now**, not 2 * 3 * 4 or snake_case_names; see [RFC](https://example.com/a)."),
            [
                text("Ask for "),
                Inline::Code("a_b".to_owned()),
                text(" "),
                Inline::Strong(vec![text("now")]),
                text(", not 2 * 3 * 4 or snake_case_names; see "),
                Inline::Url("https://example.com/a".to_owned(), vec![text("RFC")]),
                text("."),
            ]
        );
        assert_eq!(inline("[run](javascript:alert(1)) <b>"), [text("[run](javascript:alert(1)) <b>")]);
        assert_eq!(inline("an _old_ `word"), [text("an "), Inline::Emphasis(vec![text("old")]), text(" `word")]);
    }

    #[test]
    fn paragraphs_lists_and_code_are_blocks() {
        let found: Vec<String> = blocks("One\nline.\n\nTwo:\n- a\n  b\n- c\n\n```json\n{}\n\n```\nEnd.")
            .into_iter()
            .map(|block| match block {
                Block::Paragraph(text) => format!("p {text:?}"),
                Block::List(items) => format!("list of {}", items.len()),
                Block::Sample(sample) => format!("code {:?} {:?}", sample.language, sample.text),
                _ => "other".to_owned(),
            })
            .collect();
        let expected = [
            r#"p [Text("One line.")]"#,
            r#"p [Text("Two:")]"#,
            "list of 2",
            r#"code "json" "{}\n\n""#,
            r#"p [Text("End.")]"#,
        ];
        assert_eq!(found, expected);
    }
}
