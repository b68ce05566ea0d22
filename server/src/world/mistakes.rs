//! The mistakes of a world file, each with the lines that it concerns and its remedy.

use std::{fmt, ops::Range};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

/// A mistake in a world file.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    message: String,
    /// The bytes of the file that are wrong.
    place: Range<usize>,
    /// The bytes that an entry repeats, where that is the mistake.
    first: Option<Range<usize>>,
    help: Option<String>,
}

impl Mistake {
    pub(super) fn new(message: impl Into<String>, place: Range<usize>) -> Self {
        Mistake { message: message.into(), place, first: None, help: None }
    }

    /// Adds the remedy.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Mistake { help: Some(help.into()), ..self }
    }

    /// Adds the place that this one repeats.
    pub(super) fn repeats(self, first: Range<usize>) -> Self {
        Mistake { first: Some(first), ..self }
    }

    fn report<'a>(&'a self, path: &'a str, text: &'a str) -> Group<'a> {
        let primary = AnnotationKind::Primary.span(self.place.clone());
        let annotations: Vec<Annotation<'a>> = match &self.first {
            Some(first) => {
                vec![primary.label("again here"), AnnotationKind::Context.span(first.clone()).label("first here")]
            }
            None => vec![primary],
        };
        let group = Group::with_title(Level::ERROR.primary_title(&*self.message))
            .element(Snippet::source(text).path(path).annotations(annotations));
        match &self.help {
            Some(help) => group.element(Level::HELP.message(&**help)),
            None => group,
        }
    }
}

/// All mistakes of a world file, in the order of its lines. There is at least one; a file that is not well-formed has only
/// that one.
#[derive(Clone, Debug)]
pub struct Mistakes {
    path: String,
    text: String,
    list: Vec<Mistake>,
}

impl Mistakes {
    pub(super) fn new(path: &str, text: &str, mut list: Vec<Mistake>) -> Self {
        list.sort_by_key(|mistake| mistake.place.start);
        Mistakes { path: path.to_owned(), text: text.to_owned(), list }
    }

    /// The report: each mistake with its source lines, then their number. `colour` adds ANSI escapes.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let count = match self.list.len() {
            1 => "1 error".to_owned(),
            count => format!("{count} errors"),
        };
        let reports = self.list.iter().map(|mistake| mistake.report(&self.path, &self.text));
        let total = Group::with_title(Level::ERROR.primary_title(count));
        let parts: Vec<String> = reports.chain([total]).map(|part| renderer.render(&[part])).collect();
        parts.join("\n\n") + "\n"
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Mistakes {}
