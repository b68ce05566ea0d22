//! The reader under very many schedules: all orders of a few steps, and random orders of more steps. After each step,
//! every socket must have received exactly what it should, and in the end, nothing may still be waiting.

mod model;
mod sabotage;
mod schedules;
mod script;
mod stay;
mod world;
