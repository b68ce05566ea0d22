//! Tests across crates: one binary, with a module for each subject.

mod circles;
mod documents;
mod linked;
mod map;
mod mutants;
mod rust_version;
mod security;
mod validators;
mod walkthrough;
mod workspace;
