//! Flows, as they are drawn: the messages between clients and the server, in order.

/// Flows that have something in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chapter {
    /// Its name, in snake_case.
    pub name: String,
    /// One sentence on what its flows have in common.
    pub summary: String,
    /// The flows.
    pub flows: Vec<Flow>,
}

/// A sequence of clients' steps, with the results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// Its name, in snake_case, which no other flow has.
    pub name: String,
    /// One sentence on what it shows.
    pub summary: String,
    /// Further paragraphs, Markdown.
    pub description: Option<String>,
    /// The clients that take part, in the order in which they do.
    pub clients: Vec<String>,
    /// The steps, in this order.
    pub steps: Vec<Step>,
}

/// Something that happens between clients and the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The clients, as indices into [`Flow::clients`]; each does or gets the same.
    pub clients: Vec<usize>,
    /// The action.
    pub action: Action,
    /// More of it, in a few words.
    pub detail: Option<String>,
    /// The server's immediate answer, if there is one.
    pub answer: Option<Answer>,
    /// A remark for the reader.
    pub note: Option<String>,
}

/// An action.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Clients send this event.
    Emit(String),
    /// Clients call this REST operation.
    Call(String),
    /// Clients do something else to the server, in words.
    Ask(String),
    /// The server sends this event.
    Event(String),
    /// The server does something else to clients, in words.
    Tell(String),
    /// Something happens to clients alone, in words.
    Alone(String),
}

/// The server's answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Success.
    Success,
    /// A failure: one of these errors, by their names.
    Failure(Vec<String>),
    /// A failure without a name, in words.
    Refusal(String),
}

/// The direction of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// Clients to the server.
    Up,
    /// The server to clients.
    Down,
    /// Nobody to anybody.
    None,
}

impl Action {
    /// The direction of the message.
    pub fn direction(&self) -> Direction {
        match self {
            Action::Emit(_) | Action::Call(_) | Action::Ask(_) => Direction::Up,
            Action::Event(_) | Action::Tell(_) => Direction::Down,
            Action::Alone(_) => Direction::None,
        }
    }

    /// The name of the event or operation, or a description of the action.
    pub fn told(&self) -> &str {
        match self {
            Action::Emit(told)
            | Action::Call(told)
            | Action::Ask(told)
            | Action::Event(told)
            | Action::Tell(told)
            | Action::Alone(told) => told,
        }
    }
}
