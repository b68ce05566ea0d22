//! Diagnostics: the mistakes in a document, with their places and the ways to fix them.

use std::{fmt, sync::Arc};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A file that was read.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FileId(pub(crate) u32);

/// A range of bytes in a file.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// The files that were read, in the order of reading.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

#[derive(Clone, Debug)]
struct SourceFile {
    path: String,
    text: Arc<str>,
    /// The bytes at which lines begin.
    lines: Arc<[usize]>,
}

impl SourceFile {
    /// The line that a byte is in, counted from 0.
    fn line(&self, byte: usize) -> usize {
        self.lines.partition_point(|start| *start <= byte) - 1
    }

    /// The text from one line to another, both included.
    fn between(&self, first: usize, last: usize) -> &str {
        let end = self.lines.get(last + 1).copied().unwrap_or(self.text.len());
        &self.text[self.lines[first]..end]
    }
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than 2^32 files"));
        let text: Arc<str> = text.into();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect();
        self.files.push(SourceFile { path: path.into(), text, lines });
        id
    }

    /// The path that a file was read from.
    pub fn path(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].path
    }

    /// A file's text.
    pub fn text(&self, file: FileId) -> &Arc<str> {
        &self.files[file.0 as usize].text
    }

    /// The text at `span`.
    pub fn slice(&self, span: Span) -> &str {
        &self.text(span.file)[span.start as usize..span.end as usize]
    }

    /// The paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    /// The paths of all files, with what was read from them.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|file| (file.path.as_str(), &*file.text))
    }

    /// The line and the column where a span begins, both counted from 1, the column in characters.
    pub fn position(&self, span: Span) -> (usize, usize) {
        let file = &self.files[span.file.0 as usize];
        let line = file.line(span.start as usize);
        (line + 1, file.text[file.lines[line]..span.start as usize].chars().count() + 1)
    }

    /// `path:line:column`.
    pub fn location(&self, span: Span) -> String {
        let (line, column) = self.position(span);
        format!("{}:{line}:{column}", self.path(span.file))
    }
}

impl Sources {
    /// A diagnostic with its source lines, as `level`.
    pub fn group<'a>(&'a self, diagnostic: &'a Diagnostic, level: Level<'a>) -> Group<'a> {
        let mut group = Group::with_title(level.primary_title(&*diagnostic.message).id(diagnostic.rule));
        let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
        let mut files: Vec<FileId> = labels.map(|label| label.span.file).collect();
        let mut seen = Vec::new();
        files.retain(|file| {
            !seen.contains(file) && {
                seen.push(*file);
                true
            }
        });
        for file in files {
            let primary = diagnostic.primary.iter().map(|label| (AnnotationKind::Primary, label));
            let secondary = diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label));
            let labels = primary.chain(secondary).filter(|(_, label)| label.span.file == file);
            group =
                group.elements(self.snippets(labels.map(|(kind, label)| (kind, label.span, &*label.text)).collect()));
        }
        if let Some(note) = &diagnostic.note {
            group = group.element(Level::NOTE.message(&**note));
        }
        match &diagnostic.help {
            Some(help) => group.element(Level::HELP.message(&**help)),
            None => group,
        }
    }
}

/// The number of lines between two labels that makes the second one a separate snippet.
const FAR: usize = 50;

impl Sources {
    /// The lines with labels, all of one file. Each snippet has only the lines around its labels, because a schema may
    /// be very long and have very many mistakes.
    pub fn snippets<'a>(
        &'a self,
        mut labels: Vec<(AnnotationKind, Span, &'a str)>,
    ) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
        let Some((_, first, _)) = labels.first() else { return Vec::new() };
        let file = &self.files[first.file.0 as usize];
        let lines = |span: Span| (file.line(span.start as usize), file.line(span.end as usize));
        let mut snippets = Vec::new();
        // The labels that are near the first of the rest, directly or through others.
        while let Some((_, first, _)) = labels.first() {
            let (mut low, mut high) = lines(*first);
            let mut near = Vec::new();
            loop {
                let is_near = |(_, span, _): &(_, Span, _)| {
                    let (from, to) = lines(*span);
                    from <= high + FAR && low <= to + FAR
                };
                let found: Vec<_> = labels.extract_if(.., |label| is_near(label)).collect();
                if found.is_empty() {
                    break;
                }
                low = found.iter().map(|(_, span, _)| lines(*span).0).fold(low, usize::min);
                high = found.iter().map(|(_, span, _)| lines(*span).1).fold(high, usize::max);
                near.extend(found);
            }
            let offset = file.lines[low];
            let annotations = near.into_iter().map(|(kind, span, text)| {
                let annotation = kind.span(span.start as usize - offset..span.end as usize - offset);
                if text.is_empty() { annotation } else { annotation.label(text) }
            });
            let snippet = Snippet::source(file.between(low, high)).line_start(low + 1).path(&*file.path);
            snippets.push(snippet.annotations(annotations));
        }
        snippets
    }
}

/// The renderer of reports.
pub fn renderer(colour: bool) -> Renderer {
    if colour { Renderer::styled() } else { Renderer::plain() }
}

/// A place with a label.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The text shown beside the place.
    pub text: String,
}

/// An error.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostic {
    /// The rule that is broken, in kebab-case: `unknown-key`.
    pub rule: &'static str,
    /// The mistake, in one line.
    pub message: String,
    /// The place of the mistake. `None` for a file that cannot be read at all.
    pub primary: Option<Label>,
    /// Related places.
    pub secondary: Vec<Label>,
    /// The reason why it matters, unless it is obvious.
    pub note: Option<String>,
    /// The way to fix it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Breaks `rule`.
    pub fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Diagnostic { rule, message: message.into(), primary: None, secondary: Vec::new(), note: None, help: None }
    }

    /// Adds the place of the mistake, and the text shown beside it.
    #[must_use]
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.primary = Some(Label { span, text: label.into() });
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn and(mut self, span: Span, label: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: label.into() });
        self
    }

    /// Adds the reason why it matters.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Adds the way to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// All errors in a document, in the order of its files and lines.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    /// The files that were read.
    pub sources: Sources,
    /// The diagnostics, at least one.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Puts `list` in order.
    pub fn new(sources: Sources, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|diagnostic| diagnostic.primary.as_ref().map(|label| label.span));
        list.dedup();
        Diagnostics { sources, list }
    }

    /// The whole report: each diagnostic with its source lines, and their count. `colour` adds ANSI escapes.
    pub fn render(&self, colour: bool) -> String {
        let renderer = renderer(colour);
        let mut report = String::new();
        for diagnostic in &self.list {
            report.push_str(&renderer.render(&[self.sources.group(diagnostic, Level::ERROR)]));
            report.push_str("\n\n");
        }
        let count = match self.list.len() {
            1 => "1 error".to_owned(),
            count => format!("{count} errors"),
        };
        report.push_str(&renderer.render(&[Group::with_title(Level::ERROR.primary_title(count))]));
        report.push('\n');
        report
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// `` `candidate` `` where one of `candidates` is near enough to `name` to have been meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let meant = name.to_lowercase();
    let count = name.chars().count();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let others = candidate.chars().count();
            let length = count.max(others);
            let is_near = |distance: usize| distance <= length.div_ceil(3) && distance < length;
            // The distance of two texts is at least the difference of their lengths, which is quick to compute.
            let distance = is_near(count.abs_diff(others))
                .then(|| strsim::damerau_levenshtein(&meant, &candidate.to_lowercase()))?;
            is_near(distance).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help for the unknown `name`: the nearest of `candidates`, or else all of them if they are few.
pub fn instead<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(nearest) = nearest(name, candidates.clone()) {
        return format!("did you mean `{nearest}`?");
    }
    let all: Vec<String> = candidates.into_iter().map(|candidate| format!("`{candidate}`")).collect();
    match all.len() {
        0 => "there are none".to_owned(),
        1..=24 => format!("there are {}", all.join(", ")),
        count => format!("none of the {count} declared names is similar"),
    }
}
