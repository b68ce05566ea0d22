//! Verdicts: from what a difference does to the values of a type, and which way they go, to whom it breaks.

use std::fmt;

/// The levels at which a difference breaks somebody.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// Clients in the field, which were built for the old schema and speak with a server of the new one.
    Wire,
    /// TypeScript that compiles with the package of the old schema, and is compiled with that of the new one.
    TypeScript,
    /// Handlers in Rust that compile with the code of the old schema, and are compiled with that of the new one.
    Rust,
}

impl Level {
    /// All of them, the gravest first.
    pub const ALL: [Level; 3] = [Level::Wire, Level::TypeScript, Level::Rust];

    /// Its name: `wire`, `typescript`, `rust`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Wire => "wire",
            Level::TypeScript => "typescript",
            Level::Rust => "rust",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whom a difference breaks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Breaks {
    /// Clients in the field.
    pub wire: bool,
    /// TypeScript sources.
    pub typescript: bool,
    /// Rust sources.
    pub rust: bool,
}

impl Breaks {
    pub(super) const NOBODY: Breaks = Breaks { wire: false, typescript: false, rust: false };
    pub(super) const WIRE: Breaks = Breaks { wire: true, ..Breaks::NOBODY };
    pub(super) const TYPESCRIPT: Breaks = Breaks { typescript: true, ..Breaks::NOBODY };
    pub(super) const RUST: Breaks = Breaks { rust: true, ..Breaks::NOBODY };
    pub(super) const SOURCES: Breaks = Breaks { typescript: true, rust: true, wire: false };
    pub(super) const ALL: Breaks = Breaks { wire: true, typescript: true, rust: true };

    /// Clients in the field, if so.
    pub(super) fn wire_if(condition: bool) -> Breaks {
        Breaks { wire: condition, ..Breaks::NOBODY }
    }

    /// Whom either breaks.
    #[must_use]
    pub(super) fn or(self, other: Breaks) -> Breaks {
        Breaks {
            wire: self.wire || other.wire,
            typescript: self.typescript || other.typescript,
            rust: self.rust || other.rust,
        }
    }

    /// Returns whether it breaks this level.
    pub fn at(self, level: Level) -> bool {
        match level {
            Level::Wire => self.wire,
            Level::TypeScript => self.typescript,
            Level::Rust => self.rust,
        }
    }

    /// The levels that it breaks.
    pub fn levels(self) -> impl Iterator<Item = Level> {
        Level::ALL.into_iter().filter(move |level| self.at(*level))
    }

    /// Returns whether it breaks anybody.
    pub fn anybody(self) -> bool {
        self.wire || self.typescript || self.rust
    }
}

/// The change of a set of values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Change {
    /// The same values.
    Same,
    /// All that there were, and more.
    Wider,
    /// Fewer.
    Narrower,
    /// Some came and some went, or whether they did cannot be decided.
    Apart,
}

impl Change {
    /// From whether all old values are still there, and whether all new ones were there before.
    pub fn of(keeps_all: bool, adds_none: bool) -> Change {
        match (keeps_all, adds_none) {
            (true, true) => Change::Same,
            (true, false) => Change::Wider,
            (false, true) => Change::Narrower,
            (false, false) => Change::Apart,
        }
    }

    fn loses(self) -> bool {
        matches!(self, Change::Narrower | Change::Apart)
    }

    fn gains(self) -> bool {
        matches!(self, Change::Wider | Change::Apart)
    }

    /// Returns whether somebody breaks who makes these values, or gets them.
    pub fn breaks(self, makes: bool, gets: bool) -> bool {
        (makes && self.loses()) || (gets && self.gains())
    }
}

/// The effect of a difference on a type: on its values on the wire, and on the values that sources can write down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effect {
    /// The change of the JSON values.
    pub wire: Change,
    /// The change of the values of the type in TypeScript, which has neither lengths nor patterns.
    pub typescript: Change,
    /// The change of the values of the type in Rust.
    pub rust: Change,
}

impl Effect {
    pub const NONE: Effect = Effect { wire: Change::Same, typescript: Change::Same, rust: Change::Same };

    /// One that sources do not see.
    pub fn wire(change: Change) -> Effect {
        Effect { wire: change, ..Effect::NONE }
    }

    /// The same on all levels.
    pub fn all(change: Change) -> Effect {
        Effect { wire: change, typescript: change, rust: change }
    }

    /// Whom it breaks, by the ways in which the values go. Clients, in the field and in TypeScript, make what the
    /// server accepts and get what it sends; handlers are on the other side. A type that no message has is still there
    /// to be used in sources, in any way.
    pub fn verdict(self, ways: Ways) -> Breaks {
        let sources = if ways == Ways::default() { Ways { accepted: true, sent: true } } else { ways };
        Breaks {
            wire: self.wire.breaks(ways.accepted, ways.sent),
            typescript: self.typescript.breaks(sources.accepted, sources.sent),
            rust: self.rust.breaks(sources.sent, sources.accepted),
        }
    }
}

/// The directions in which the values of a type go.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Ways {
    /// From clients to the server.
    pub accepted: bool,
    /// From the server to clients.
    pub sent: bool,
}

impl Ways {
    pub const ACCEPTED: Ways = Ways { accepted: true, sent: false };
    pub const SENT: Ways = Ways { accepted: false, sent: true };
}
