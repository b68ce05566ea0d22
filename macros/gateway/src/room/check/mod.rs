//! The reader under very many schedules: all orders of a few things, and random orders of more of them. After each step every
//! socket must have been sent what it should and nothing else, and in the end nobody may still be waiting for anything.

mod model;
mod sabotage;
mod schedules;
mod script;
mod stay;
mod world;
