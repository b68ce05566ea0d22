//! The content of the documentation, in any format: pages of sections of blocks. The chapters make them from the model,
//! and the writers turn them into HTML and Markdown.

use std::ops::Range;

use accord_flows::drawing::Flow;

/// A page: a file of Markdown, a chapter of the HTML page.
pub(super) struct Page {
    pub(super) group: Group,
    /// Its path among the files of Markdown, without `.md`.
    pub(super) path: String,
    pub(super) title: String,
    /// Its title in navigations, if that is another.
    pub(super) label: Option<String>,
    /// The blocks before its sections.
    pub(super) lead: Vec<Block>,
    pub(super) sections: Vec<Section>,
}

/// The groups of pages in navigations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Group {
    /// Introductions.
    Guide,
    /// Events by domain.
    Events,
    /// Types, errors and other parts of events and operations.
    Reference,
    /// Sequences of events and operations.
    Flows,
}

/// Something that has a name and can be looked up.
pub(super) struct Section {
    pub(super) anchor: Anchor,
    pub(super) title: String,
    pub(super) kind: Kind,
    /// Its purpose, in a sentence.
    pub(super) summary: Rich,
    pub(super) since: Option<String>,
    pub(super) deprecated: bool,
    pub(super) blocks: Vec<Block>,
    /// Samples to copy.
    pub(super) samples: Vec<Sample>,
}

/// The subject of a section.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Prose.
    Topic,
    /// An event that clients send.
    Sent,
    /// An event that clients receive.
    Received,
    Type,
    /// A REST operation, and its method.
    Operation(&'static str),
    Flow,
}

impl Kind {
    /// The label of the subject, unless the title says it already.
    pub(super) fn label(self) -> Option<&'static str> {
        match self {
            Kind::Sent => Some("client → server"),
            Kind::Received => Some("server → client"),
            Kind::Operation(method) => Some(method),
            Kind::Topic | Kind::Type | Kind::Flow => None,
        }
    }
}

/// A part of a section.
pub(super) enum Block {
    Paragraph(Rich),
    List(Vec<Rich>),
    /// A list whose items are numbered.
    Steps(Vec<Rich>),
    /// A heading below that of the section; `anchor` where links lead to it.
    Heading {
        text: Rich,
        anchor: Option<Anchor>,
    },
    /// Something that must not be missed.
    Warning(Rich),
    /// Terms, and their descriptions.
    Facts(Vec<(&'static str, Rich)>),
    /// The fields of an object.
    Fields(Vec<FieldRow>),
    Table {
        columns: &'static [&'static str],
        rows: Vec<Row>,
    },
    Sample(Sample),
    Diagram(Flow),
}

/// A field of an object.
pub(super) struct FieldRow {
    pub(super) name: String,
    pub(super) ty: Rich,
    pub(super) required: bool,
    /// The part of a REST request that has it.
    pub(super) place: Option<&'static str>,
    /// Paragraphs.
    pub(super) text: Vec<Rich>,
}

/// A row of a table.
pub(super) struct Row {
    /// The target of links to this row.
    pub(super) anchor: Option<Anchor>,
    pub(super) cells: Vec<Rich>,
}

/// Something to copy.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) title: &'static str,
    /// The language's name in Markdown.
    pub(super) language: &'static str,
    pub(super) text: String,
    /// The types in a text of TypeScript, which is JavaScript without them; `None` for a text in a single language.
    pub(super) types: Option<Vec<Range<usize>>>,
}

impl Sample {
    /// In one language alone.
    pub(super) fn new(title: &'static str, language: &'static str, text: String) -> Self {
        Self { title, language, text, types: None }
    }

    /// The same in JavaScript, where it is TypeScript whose types can be left out.
    pub(super) fn in_javascript(&self) -> Option<Self> {
        let mut text = self.text.clone();
        self.types.as_ref()?.iter().rev().for_each(|range| text.replace_range(range.clone(), ""));
        Some(Self::new("JavaScript", "js", text))
    }
}

/// A text with marks.
pub(super) type Rich = Vec<Inline>;

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Inline {
    Text(String),
    Code(String),
    Strong(Rich),
    Emphasis(Rich),
    /// To somewhere in the documentation.
    Link(Anchor, Rich),
    /// To somewhere else.
    Url(String, Rich),
    /// A text that is repeated at the target of the link beside it: of an error, a limit or a type.
    Repeated(Rich),
}

/// The target of a link.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) enum Anchor {
    /// A page, by its path.
    Page(String),
    /// A topic, by its name.
    Topic(&'static str),
    /// A client event.
    Sent(String),
    /// A server event.
    Received(String),
    Type(String),
    Error(String),
    Operation(String),
    Flow(String),
    Scope(String),
    Limit(String),
    /// A version of the protocol.
    Version(String),
}

impl Section {
    /// A section of prose.
    pub(super) fn topic(name: &'static str, title: &str, summary: Rich, blocks: Vec<Block>) -> Self {
        Section {
            anchor: Anchor::Topic(name),
            title: title.to_owned(),
            kind: Kind::Topic,
            summary,
            since: None,
            deprecated: false,
            blocks,
            samples: Vec::new(),
        }
    }
}

impl Page {
    /// Its title in navigations.
    pub(super) fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.title)
    }

    /// All that it says.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.lead.iter().chain(self.sections.iter().flat_map(|section| &section.blocks))
    }
}

impl Anchor {
    /// Its name in addresses: `page.html#emit-send_message`.
    pub(super) fn id(&self) -> String {
        let (prefix, name) = match self {
            Anchor::Page(path) => return path.replace('/', "-"),
            Anchor::Topic(name) => ("about", *name),
            Anchor::Sent(name) => ("emit", name.as_str()),
            Anchor::Received(name) => ("on", name.as_str()),
            Anchor::Type(name) => ("type", name.as_str()),
            Anchor::Error(name) => ("error", name.as_str()),
            Anchor::Operation(name) => ("rest", name.as_str()),
            Anchor::Flow(name) => ("flow", name.as_str()),
            Anchor::Scope(name) => ("scope", name.as_str()),
            Anchor::Limit(name) => ("limit", name.as_str()),
            Anchor::Version(name) => ("version", name.as_str()),
        };
        format!("{prefix}-{name}")
    }

    /// A link to it, called like it.
    pub(super) fn link(&self) -> Inline {
        let name = match self {
            Anchor::Page(name)
            | Anchor::Sent(name)
            | Anchor::Received(name)
            | Anchor::Type(name)
            | Anchor::Error(name)
            | Anchor::Operation(name)
            | Anchor::Flow(name)
            | Anchor::Scope(name)
            | Anchor::Limit(name)
            | Anchor::Version(name) => name.as_str(),
            Anchor::Topic(name) => name,
        };
        Inline::Link(self.clone(), vec![Inline::Code(name.to_owned())])
    }
}

impl Block {
    /// The anchors that links to this block lead to.
    pub(super) fn anchors(&self) -> Vec<&Anchor> {
        match self {
            Block::Heading { anchor, .. } => anchor.iter().collect(),
            Block::Table { rows, .. } => rows.iter().filter_map(|row| row.anchor.as_ref()).collect(),
            _ => Vec::new(),
        }
    }
}

/// A text without marks.
pub(super) fn plain(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

/// A name, a value, or another piece of code.
pub(super) fn code(text: impl Into<String>) -> Inline {
    Inline::Code(text.into())
}

/// Texts one after the other, with `between` them.
pub(super) fn join(texts: impl IntoIterator<Item = Rich>, between: &str) -> Rich {
    let mut joined = Rich::new();
    for text in texts {
        if !joined.is_empty() {
            joined.push(plain(between));
        }
        joined.extend(text);
    }
    joined
}
