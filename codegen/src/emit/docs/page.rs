//! What the documentation says, whatever it is written in: pages of sections of blocks. The chapters make them from the
//! model, and the writers make HTML and Markdown of them.

use std::ops::Range;

use super::Flow;

/// A page: a file of Markdown, a chapter of the HTML page.
pub(super) struct Page {
    pub(super) group: Group,
    /// Its path among the files of Markdown, without `.md`.
    pub(super) path: String,
    pub(super) title: String,
    /// What navigations call it, if that is something else.
    pub(super) label: Option<String>,
    /// What comes before its sections.
    pub(super) lead: Vec<Block>,
    pub(super) sections: Vec<Section>,
}

/// What pages are grouped by in navigations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Group {
    /// What to read first.
    Guide,
    /// Events by domain.
    Events,
    /// What events and operations are made of.
    Reference,
    /// What is done in which order.
    Flows,
}

/// Something that has a name and can be looked up.
pub(super) struct Section {
    pub(super) place: Place,
    pub(super) title: String,
    pub(super) kind: Kind,
    /// What it is for, in a sentence.
    pub(super) summary: Rich,
    pub(super) since: Option<String>,
    pub(super) deprecated: bool,
    pub(super) blocks: Vec<Block>,
    /// What is to be copied.
    pub(super) samples: Vec<Sample>,
}

/// What a section is about.
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
    /// What it is about, for people, where the title does not say it.
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
    /// A heading below that of the section; `place` where links lead to it.
    Heading {
        text: Rich,
        place: Option<Place>,
    },
    /// Something that must not be missed.
    Warning(Rich),
    /// Terms, and what is to be said of each.
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
    /// Where a REST operation has it.
    pub(super) place: Option<&'static str>,
    /// Paragraphs.
    pub(super) text: Vec<Rich>,
}

/// A row of a table.
pub(super) struct Row {
    /// What links lead to.
    pub(super) place: Option<Place>,
    pub(super) cells: Vec<Rich>,
}

/// Something to copy.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) title: &'static str,
    /// The language's name in Markdown.
    pub(super) language: &'static str,
    pub(super) text: String,
    /// What of a text in TypeScript is types, and is JavaScript without; nothing of one that is in one language alone.
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
    Link(Place, Rich),
    /// To somewhere else.
    Url(String, Rich),
    /// What is also said where the link beside it leads: of an error, a limit or a type.
    Repeated(Rich),
}

/// What links lead to.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) enum Place {
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

impl Page {
    /// What navigations call it.
    pub(super) fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.title)
    }

    /// All that it says.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.lead.iter().chain(self.sections.iter().flat_map(|section| &section.blocks))
    }
}

impl Place {
    /// Its name in addresses: `page.html#emit-send_message`.
    pub(super) fn id(&self) -> String {
        let (prefix, name) = match self {
            Place::Page(path) => return path.replace('/', "-"),
            Place::Topic(name) => ("about", *name),
            Place::Sent(name) => ("emit", name.as_str()),
            Place::Received(name) => ("on", name.as_str()),
            Place::Type(name) => ("type", name.as_str()),
            Place::Error(name) => ("error", name.as_str()),
            Place::Operation(name) => ("rest", name.as_str()),
            Place::Flow(name) => ("flow", name.as_str()),
            Place::Scope(name) => ("scope", name.as_str()),
            Place::Limit(name) => ("limit", name.as_str()),
            Place::Version(name) => ("version", name.as_str()),
        };
        format!("{prefix}-{name}")
    }

    /// A link to it, called like it.
    pub(super) fn link(&self) -> Inline {
        let name = match self {
            Place::Page(name)
            | Place::Sent(name)
            | Place::Received(name)
            | Place::Type(name)
            | Place::Error(name)
            | Place::Operation(name)
            | Place::Flow(name)
            | Place::Scope(name)
            | Place::Limit(name)
            | Place::Version(name) => name.as_str(),
            Place::Topic(name) => name,
        };
        Inline::Link(self.clone(), vec![Inline::Code(name.to_owned())])
    }
}

impl Block {
    /// The places that links to this block lead to.
    pub(super) fn places(&self) -> Vec<&Place> {
        match self {
            Block::Heading { place, .. } => place.iter().collect(),
            Block::Table { rows, .. } => rows.iter().filter_map(|row| row.place.as_ref()).collect(),
            _ => Vec::new(),
        }
    }
}

/// A text without marks of its own.
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
