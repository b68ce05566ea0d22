//! What holds across crates: one binary, a module for each subject.

mod documents;
mod validators;
