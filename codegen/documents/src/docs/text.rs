//! Reads the Markdown of schemas, as far as the documentation supports it. Raw HTML stays text.

use std::iter::Peekable;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, OffsetIter, Parser, Tag, TagEnd};

use super::page::{Block, Inline, Rich, Sample};

/// Returns the blocks of a text of several paragraphs.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    Reader::of(text).blocks()
}

/// Returns the marks of a text within a paragraph, which begins no list and no heading.
pub(super) fn inline(text: &str) -> Rich {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let space = |is_there: bool| if is_there { " " } else { "" };
    // A line that begins with a full stop is a paragraph in Markdown.
    let line = format!(".{}{words}", space(text.starts_with(char::is_whitespace)));
    let mut rich = Reader::of(&line).text();
    if let Some(Inline::Text(first)) = rich.first_mut() {
        first.remove(0);
    }
    say(&mut rich, space(!words.is_empty() && text.ends_with(char::is_whitespace)));
    rich.retain(|part| *part != Inline::Text(String::new()));
    rich
}

/// A name in snake_case, as a title.
pub(super) fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.map(|letter| if letter == '_' { ' ' } else { letter })).collect()
}

/// Adds text.
fn say(rich: &mut Rich, text: &str) {
    match rich.last_mut() {
        Some(Inline::Text(last)) => last.push_str(text),
        _ => rich.push(Inline::Text(text.to_owned())),
    }
}

/// Returns where a link leads, unless that is nowhere or runs something.
fn safe(kind: LinkType, url: &str) -> Option<String> {
    let url = if kind == LinkType::Email { format!("mailto:{url}") } else { url.to_owned() };
    let leads = ["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme));
    (leads && !url.contains(char::is_whitespace)).then_some(url)
}

/// A text and the parser's events that are left of it.
struct Reader<'t> {
    text: &'t str,
    events: Peekable<OffsetIter<'t>>,
}

impl<'t> Reader<'t> {
    fn of(text: &'t str) -> Self {
        Reader { text, events: Parser::new(text).into_offset_iter().peekable() }
    }

    /// Reads blocks up to the end of the one that they are in.
    fn blocks(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(Tag::Paragraph | Tag::HtmlBlock) => blocks.push(Block::Paragraph(self.text())),
                Event::Start(Tag::Heading { .. }) => blocks.push(Block::Heading { text: self.text(), anchor: None }),
                Event::Start(Tag::List(None)) => blocks.push(Block::List(self.items())),
                Event::Start(Tag::List(Some(_))) => blocks.push(Block::Steps(self.items())),
                Event::Start(Tag::CodeBlock(kind)) => {
                    let is_json = matches!(kind, CodeBlockKind::Fenced(language) if &*language == "json");
                    blocks.push(Block::Sample(Sample::new("Code", if is_json { "json" } else { "" }, self.code())));
                }
                Event::Start(_) => blocks.extend(self.blocks()),
                _ => {}
            }
        }
        blocks
    }

    /// Reads the items of a list, and those of lists within it, up to its end.
    fn items(&mut self) -> Vec<Rich> {
        let mut items = Vec::new();
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::End(TagEnd::List(_)) => break,
                Event::Start(Tag::List(_)) => items.extend(self.items()),
                Event::Start(_) => items.push(self.text()),
                _ => {}
            }
        }
        items
    }

    /// Reads the lines of a block of code up to its end.
    fn code(&mut self) -> String {
        let mut code = String::new();
        while let Some((Event::Text(lines), _)) = self.events.next() {
            code.push_str(&lines);
        }
        code
    }

    /// Reads text up to the end of what it is in, or up to a list there.
    fn text(&mut self) -> Rich {
        let mut text = Rich::new();
        while let Some((event, range)) = self.events.next_if(|(event, _)| !matches!(event, Event::Start(Tag::List(_))))
        {
            match event {
                Event::End(_) => break,
                Event::Text(part) | Event::InlineHtml(part) => say(&mut text, &part),
                Event::Html(line) => say(&mut text, &line.replace('\n', " ")),
                Event::Code(code) => text.push(Inline::Code(code.into_string())),
                Event::SoftBreak | Event::HardBreak => say(&mut text, " "),
                Event::Start(Tag::Strong) => text.push(Inline::Strong(self.text())),
                Event::Start(Tag::Emphasis) => text.push(Inline::Emphasis(self.text())),
                Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                    let label = self.text();
                    match safe(link_type, &dest_url) {
                        Some(url) => text.push(Inline::Url(url, label)),
                        None => say(&mut text, &self.text[range]),
                    }
                }
                Event::Start(Tag::Image { .. }) => {
                    self.text();
                    say(&mut text, &self.text[range]);
                }
                // A paragraph within an item.
                Event::Start(_) => {
                    if !text.is_empty() {
                        say(&mut text, " ");
                    }
                    text.extend(self.text());
                }
                _ => {}
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_distinguished_from_similar_text() {
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
    fn html_stays_text_and_links_run_nothing() {
        let text = |text: &str| vec![Inline::Text(text.to_owned())];
        for told in [
            "<img src=x onerror=alert(1)> and <!-- more -->",
            "[a](javascript:alert(1)) ![b](https://example.com/b.png) [c](data:text/html,c) [d](/docs)",
            "<javascript:alert(1)>",
            "# one - two 1. three > four",
        ] {
            assert_eq!(inline(told), text(told));
        }
        assert_eq!(inline("<p>"), text("<p>"));
        assert_eq!(inline(" of  a "), text(" of a "));
        assert_eq!(inline(""), []);
        let mail = |url: &str, label: &str| [Inline::Url(url.to_owned(), text(label))];
        assert_eq!(inline("<a@example.com>"), mail("mailto:a@example.com", "a@example.com"));
        let Some(Block::Paragraph(html)) = blocks("<div>\n*a*\n</div>").pop() else { panic!("no paragraph") };
        assert_eq!(html, text("<div> *a* </div>"));
    }

    #[test]
    fn items_are_one_list_and_numbers_another() {
        let [Block::List(items)] = &blocks("- a\n  - b\n\n  c\n- d")[..] else { panic!("no list") };
        assert_eq!(items.len(), 4);
        let [Block::Steps(steps)] = &blocks("1. a\n2. b")[..] else { panic!("no steps") };
        assert_eq!(steps.len(), 2);
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
