//! The gateway, driven over real connections by a service that is written by hand.

mod boards;
mod client;
mod connections;
mod deprecations;
mod desk;
mod doors;
mod events;
mod handshakes;
mod interleavings;
mod lifecycle;
mod limits;
mod logs;
mod named_rooms;
mod panics;
mod remainder;
mod renewals;
mod replays;
mod rest;
mod revocations;
mod rooms;
mod stopping;
mod tokens;
mod traffic;
mod transport;
mod unsent;
mod versions;
