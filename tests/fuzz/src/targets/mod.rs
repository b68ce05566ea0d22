//! The targets, each with the format of its input.

mod documents;
mod multipart;
mod packets;
mod requests;
mod schema;
mod tokens;

pub use self::{
    documents::validators,
    multipart::multipart,
    packets::packets,
    requests::requests,
    schema::{flows, schema},
    tokens::tokens,
};
