//! Brings the entries of joined rooms with a log to the sockets.
//!
//! Start reading at `reader`, the algorithm of one room; `actor` runs it, and `rooms` has the readers of all rooms.
//! `check` tests the algorithm under very many schedules.

mod actor;
mod effect;
mod item;
mod joining;
mod mailbox;
mod pace;
mod reader;
mod ring;
mod rooms;
mod surroundings;

#[cfg(test)]
mod check;

pub(crate) use self::{
    mailbox::Approach,
    rooms::{MOST_REPLAYS, Rooms},
    surroundings::Surroundings,
};
