//! Messages of the model.

use serde_json::{Value, json};

/// A message of the model.
pub(super) struct Message {
    /// The variable that holds it as it was when it was made.
    pub variable: String,
    /// Whether its order among several messages sent at once is unknown.
    pub sealed: bool,
    pub room: usize,
    pub author: usize,
    pub content: String,
    /// How it was sent, if with an id that the client chose.
    pub sent: Option<Sent>,
    /// Its number in the log of its room.
    pub seq: u64,
    pub parent: Option<usize>,
    /// The changes of the parent until then.
    pub parent_changes: usize,
    pub updated: String,
    /// By user and emoji, the variable that holds the reaction.
    pub reactions: Vec<(usize, u8, String)>,
    /// Whether it ever had a reaction.
    pub reacted: bool,
    pub deleted: bool,
    pub changes: usize,
}

/// How a message was sent with an id that the client chose.
pub(super) struct Sent {
    pub id: String,
    pub content: String,
    /// The message that it forwards.
    pub original: Option<usize>,
}

impl Message {
    pub fn id(&self) -> Value {
        format!("${}.id", self.variable).into()
    }

    pub fn properties(&self) -> Value {
        // The protocol does not say whether a reaction counts as an update.
        let updated =
            if self.reacted { json!({ "$between": [self.updated, null] }) } else { self.updated.clone().into() };
        json!({ "id": self.id(), "createdAt": format!("${}.createdAt", self.variable), "updatedAt": updated })
    }
}
