//! Whether a connection may receive the events of a room.

/// The possible states of a connection in a room.
#[derive(Clone, Copy, Default)]
pub(super) struct Stay {
    /// Events may come.
    pub may: bool,
    /// The server has said that the connection has joined.
    confirmed: bool,
    /// A leave is under way, after which no events may come, unless a join follows it.
    leaving: bool,
    rejoining: bool,
}

impl Stay {
    /// The connection asks to join.
    pub fn joins(&mut self) {
        if self.leaving {
            self.rejoining = true;
        } else {
            self.may = true;
        }
    }

    /// The server says that the connection has joined.
    pub fn joined(&mut self) {
        (self.may, self.confirmed) = (true, true);
    }

    /// The server says that the connection has not joined.
    pub fn refused(&mut self) {
        self.may = self.confirmed;
    }

    /// The connection asks to leave.
    pub fn leaves(&mut self) {
        (self.leaving, self.rejoining) = (true, false);
    }

    /// The server says that the connection has left.
    pub fn left(&mut self) {
        *self = Stay { may: self.rejoining, ..Stay::default() };
    }
}
