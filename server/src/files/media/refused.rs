//! Why files are refused.

/// Why a file is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refused {
    /// The declared or detected type is not allowed.
    #[error("has a type that is not allowed")]
    NotAllowed,
    /// The bytes do not match the declared type.
    #[error("does not match its type, {0}")]
    NotOfType(&'static str),
    /// The file is declared as text, and has bytes that are not.
    #[error("is not UTF-8")]
    NotUtf8,
    /// The file is declared as text, and contains U+0000.
    #[error("contains U+0000, which is not allowed in text")]
    Nul,
    /// The file has no declared type, and none can be detected from its bytes.
    #[error("has no type, no known format, and is not text in UTF-8")]
    Unknown,
}
