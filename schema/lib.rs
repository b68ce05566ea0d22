//! The files of the chat protocol, for build scripts that put them into a program: its schema, and under `history` every
//! release of it.
//!
//! It never reads them: it only says where they are, in a checkout and in the package alike. Start reading at `chat.yaml`.
//!
//! ```
//! let schema = std::path::Path::new(accord_chat::FOLDER).join("chat.yaml");
//! assert!(schema.is_file());
//! ```

/// The folder that holds them.
pub const FOLDER: &str = env!("CARGO_MANIFEST_DIR");
