//! What happens in the rooms that sockets have joined and that have a log, on its way to these sockets.
//!
//! Start reading at `reader`, the algorithm of one room; `actor` puts it to work, and `rooms` has those of all rooms. `check`
//! tries the algorithm out under very many schedules.

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

pub(crate) use self::{mailbox::Approach, rooms::Rooms, surroundings::Surroundings};
