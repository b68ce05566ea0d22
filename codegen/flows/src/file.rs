//! Files in flows.

use accord_language::{record, source::Text};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::pattern::Template;

record! {
    /// A file.
    pub struct FileParts {
        /// The field of the form, where it is not the right one.
        optional field: Text,
        /// The name that it is uploaded under.
        optional name: Template,
        /// The media type that it is called, with parameters.
        optional media: Text,
        /// The first bytes of the file, in hexadecimal.
        optional magic: Text,
        /// A file of a kind that is not written by hand: its bytes in Base64.
        optional base64: Text,
        /// A text, after that.
        optional text: Template,
        /// The size to which the file is filled up, with zeroes after a `magic` and letters after a text.
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
                bytes.push(u8::from_str_radix(pair, 16).map_err(|_| format!("`{pair}` is not a hexadecimal byte"))?);
            }
        }
        if let Some(encoded) = self.base64.get() {
            let decoded = STANDARD.decode(encoded.value.as_bytes());
            bytes.extend(decoded.map_err(|error| format!("`base64` is not valid base64: {error}"))?);
        }
        let filling = if bytes.is_empty() { b'a' } else { 0 };
        bytes.extend_from_slice(text.as_bytes());
        if let Some(size) = self.size.get() {
            bytes.resize(usize::try_from(*size).map_err(|error| error.to_string())?, filling);
        }
        Ok(bytes)
    }
}
