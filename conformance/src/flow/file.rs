//! Files in flows.

use accord_codegen::{record, source::Text};

use crate::pattern::Template;

record! {
    /// A file.
    pub struct FileParts {
        /// The name that it is uploaded under.
        optional name: Template,
        /// The media type that it is called, with parameters.
        optional media: Text,
        /// What it begins with: hexadecimal bytes.
        optional magic: Text,
        /// A text, after that.
        optional text: Template,
        /// How many bytes it is filled up to, with zeroes after a `magic` and letters after a text.
        optional size: u64,
    }
}

impl FileParts {
    /// The bytes, the text being filled already.
    pub fn bytes(&self, text: &str) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        if let Some(magic) = self.magic.get() {
            let digits: String = magic.value.chars().filter(|character| !character.is_whitespace()).collect();
            for pair in digits.as_bytes().chunks(2) {
                let pair = std::str::from_utf8(pair).map_err(|error| error.to_string())?;
                bytes.push(u8::from_str_radix(pair, 16).map_err(|_| format!("`{pair}` is no hexadecimal byte"))?);
            }
        }
        let filling = if bytes.is_empty() { b'a' } else { 0 };
        bytes.extend_from_slice(text.as_bytes());
        if let Some(size) = self.size.get() {
            bytes.resize(usize::try_from(*size).map_err(|error| error.to_string())?, filling);
        }
        Ok(bytes)
    }
}
