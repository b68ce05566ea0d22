//! The check that bytes are text.

use std::str;

use super::Refused;

/// A check that bytes are UTF-8 without U+0000, however they are split.
#[derive(Debug, Default)]
pub(super) struct TextCheck {
    /// The beginning of a character whose end has not arrived.
    partial: Vec<u8>,
}

impl TextCheck {
    pub(super) fn update(&mut self, mut bytes: &[u8]) -> Result<(), Refused> {
        if bytes.contains(&0) {
            return Err(Refused::Nul);
        }
        while !self.partial.is_empty() {
            let Some((first, rest)) = bytes.split_first() else { return Ok(()) };
            self.partial.push(*first);
            bytes = rest;
            match str::from_utf8(&self.partial) {
                Ok(_) => self.partial.clear(),
                Err(error) if error.error_len().is_some() => return Err(Refused::NotUtf8),
                Err(_) => {}
            }
        }
        match str::from_utf8(bytes) {
            Ok(_) => Ok(()),
            Err(error) if error.error_len().is_some() => Err(Refused::NotUtf8),
            Err(error) => {
                self.partial.extend_from_slice(&bytes[error.valid_up_to()..]);
                Ok(())
            }
        }
    }

    pub(super) fn finish(&self) -> Result<(), Refused> {
        if self.partial.is_empty() { Ok(()) } else { Err(Refused::NotUtf8) }
    }
}
