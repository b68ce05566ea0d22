//! Flows, as they are drawn: who says what to whom, in which order.

/// Something that clients do with a server, and what comes of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// Its name, which no other flow has.
    pub name: String,
    /// What it belongs to, by the name of a chapter.
    pub chapter: String,
    /// One sentence that says what it shows.
    pub summary: String,
    /// Further paragraphs, Markdown.
    pub description: Option<String>,
    /// The clients that take part.
    pub clients: Vec<String>,
    /// What happens, in this order.
    pub steps: Vec<Step>,
}

/// What flows have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chapter {
    /// Its name, which no other chapter has.
    pub name: String,
    /// One sentence that says what it is about.
    pub summary: String,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Who it comes from.
    pub from: Party,
    /// Who it goes to; what somebody does alone goes nowhere.
    pub to: Vec<Party>,
    /// What it is.
    pub action: Action,
    /// More of it, in a few words.
    pub detail: Option<String>,
    /// What a reader should know of it.
    pub note: Option<String>,
}

/// Who takes part.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Party {
    /// The server.
    Server,
    /// The client at this index of [`Flow::clients`].
    Client(usize),
}

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A client event, by its name.
    Emit(String),
    /// A server event, by its name.
    Event(String),
    /// A REST operation, by its name.
    Call(String),
    /// The success of what was asked before.
    Success,
    /// The failure of what was asked before: one of these errors, by their names.
    Failure(Vec<String>),
    /// Anything else, in words.
    Other(String),
}
