//! The types of files that may be uploaded, and the check that a file's bytes match its declared type.
//!
//! Only signatures are looked at: an image's pixels are never decoded and an archive is never unpacked, so a file
//! cannot make the server work for it (SEC-35).

use std::str;

/// The number of leading bytes that identify a file's type.
pub const SIGNATURE_BYTES: usize = 8 * 1024;

/// A kind of file that may be uploaded.
#[derive(Debug, Eq, PartialEq)]
pub struct MediaType {
    /// Its media type, without parameters.
    pub name: &'static str,
    /// The extension that it is stored under.
    pub extension: &'static str,
    content: Content,
}

impl MediaType {
    /// Whether browsers show its files instead of saving them: only for images.
    pub fn is_image(&self) -> bool {
        self.name.starts_with("image/")
    }
}

/// The formats that can be recognized in a file's bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Content {
    Jpeg,
    Png,
    Gif,
    WebP,
    Pdf,
    Zip,
    /// Microsoft's compound file format, of Word and Excel up to 2003.
    CompoundFile,
    /// A Word document as a ZIP archive (ECMA-376).
    Docx,
    /// An Excel workbook as a ZIP archive (ECMA-376).
    Xlsx,
    /// UTF-8 without U+0000.
    Text,
}

const fn media(name: &'static str, extension: &'static str, content: Content) -> MediaType {
    MediaType { name, extension, content }
}

/// Every kind that may be uploaded.
static ALLOWED: [MediaType; 12] = [
    media("image/jpeg", "jpg", Content::Jpeg),
    media("image/png", "png", Content::Png),
    media("image/gif", "gif", Content::Gif),
    media("image/webp", "webp", Content::WebP),
    media("application/pdf", "pdf", Content::Pdf),
    media("text/plain", "txt", Content::Text),
    media("text/csv", "csv", Content::Text),
    media("application/zip", "zip", Content::Zip),
    media("application/msword", "doc", Content::CompoundFile),
    media("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", Content::Docx),
    media("application/vnd.ms-excel", "xls", Content::CompoundFile),
    media("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", Content::Xlsx),
];

/// Names that browsers give some of the kinds instead of the registered one.
static ALIASES: [(&str, &str); 2] = [("application/x-zip-compressed", "application/zip"), ("image/jpg", "image/jpeg")];

/// The allowed kind that a `Content-Type` declares. Case and parameters do not count.
pub fn declared(content_type: Option<&str>) -> Option<&'static MediaType> {
    let essence = content_type?.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let name = ALIASES.iter().find(|(alias, _)| *alias == essence).map_or(essence.as_str(), |(_, name)| name);
    stored(name)
}

/// The kind of a stored file, by the media type that has been recorded for it.
pub fn stored(name: &str) -> Option<&'static MediaType> {
    ALLOWED.iter().find(|media| media.name == name)
}

/// Checks the bytes of a file, as they arrive, against its declared type.
#[derive(Debug)]
pub struct ContentCheck {
    content: Content,
    /// The file's first bytes, until there are enough of them to judge.
    head: Option<Vec<u8>>,
    text: TextCheck,
    package: PackageCheck,
}

/// The bytes are not of the declared kind.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
#[error("the file's content is not of its declared type")]
pub struct Disagrees;

impl ContentCheck {
    /// A check for a file whose declared type is `media`.
    pub fn new(media: &MediaType) -> Self {
        ContentCheck {
            content: media.content,
            head: Some(Vec::new()),
            text: TextCheck::default(),
            package: PackageCheck::default(),
        }
    }

    /// Looks at the next bytes.
    ///
    /// # Errors
    /// As soon as it is certain that the file is not of the declared kind.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), Disagrees> {
        match self.content {
            Content::Text => return self.text.update(bytes),
            Content::Docx | Content::Xlsx => self.package.update(bytes),
            _ => {}
        }
        if let Some(head) = &mut self.head {
            head.extend_from_slice(&bytes[..bytes.len().min(SIGNATURE_BYTES - head.len())]);
            if head.len() == SIGNATURE_BYTES {
                return self.judge_head();
            }
        }
        Ok(())
    }

    /// Judges the file once all of its bytes have been looked at.
    ///
    /// # Errors
    /// If the file is not of the declared kind: a text that ends within a character, a document without its main part, or
    /// a file that is too short to be anything. An empty file is a text.
    pub fn finish(mut self) -> Result<(), Disagrees> {
        self.judge_head()?;
        match self.content {
            Content::Text => self.text.finish(),
            Content::Docx => self.package.finish(|package| package.word),
            Content::Xlsx => self.package.finish(|package| package.excel),
            _ => Ok(()),
        }
    }

    fn judge_head(&mut self) -> Result<(), Disagrees> {
        match self.head.take() {
            Some(head) if !self.content.agrees(&head) => Err(Disagrees),
            _ => Ok(()),
        }
    }
}

impl Content {
    /// Whether a file that begins with `head` can have this type.
    fn agrees(self, head: &[u8]) -> bool {
        match self {
            Content::Jpeg => infer::image::is_jpeg(head),
            Content::Png => head.starts_with(b"\x89PNG\r\n\x1a\n"),
            Content::Gif => head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
            Content::WebP => infer::image::is_webp(head),
            Content::Pdf => head.starts_with(b"%PDF-"),
            Content::Zip => infer::archive::is_zip(head),
            // An archive that begins with its end has no parts, and a document has some.
            Content::Docx | Content::Xlsx => head.starts_with(b"PK\x03\x04"),
            Content::CompoundFile => head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
            Content::Text => true,
        }
    }
}

/// A check that bytes are UTF-8 without U+0000, however they are split.
#[derive(Debug, Default)]
struct TextCheck {
    /// The beginning of a character whose end has not arrived.
    partial: Vec<u8>,
}

impl TextCheck {
    fn update(&mut self, mut bytes: &[u8]) -> Result<(), Disagrees> {
        if bytes.contains(&0) {
            return Err(Disagrees);
        }
        while !self.partial.is_empty() {
            let Some((first, rest)) = bytes.split_first() else { return Ok(()) };
            self.partial.push(*first);
            bytes = rest;
            match str::from_utf8(&self.partial) {
                Ok(_) => self.partial.clear(),
                Err(error) if error.error_len().is_some() => return Err(Disagrees),
                Err(_) => {}
            }
        }
        match str::from_utf8(bytes) {
            Ok(_) => Ok(()),
            Err(error) if error.error_len().is_some() => Err(Disagrees),
            Err(error) => {
                self.partial.extend_from_slice(&bytes[error.valid_up_to()..]);
                Ok(())
            }
        }
    }

    fn finish(&self) -> Result<(), Disagrees> {
        if self.partial.is_empty() { Ok(()) } else { Err(Disagrees) }
    }
}

/// A check of an Office document's type, by the names in its archive's directory (APPNOTE.TXT, section 4.3.12), which
/// are uncompressed. Its entries are not unpacked.
#[derive(Debug, Default)]
struct PackageCheck {
    /// The last bytes seen so far, in which an entry may have begun.
    tail: Vec<u8>,
    has_directory: bool,
    content_types: bool,
    word: bool,
    excel: bool,
}

/// The signature of an entry in an archive's directory.
const ENTRY: &[u8] = b"PK\x01\x02";
/// The offsets of its name's length and of its name.
const ENTRY_NAME_LENGTH: usize = 28;
const ENTRY_NAME: usize = 46;
/// The part that every Office document has (ECMA-376, part 2, section 7.2.3).
const CONTENT_TYPES: &[u8] = b"[Content_Types].xml";

impl PackageCheck {
    fn update(&mut self, bytes: &[u8]) {
        let mut seen = std::mem::take(&mut self.tail);
        seen.extend_from_slice(bytes);
        let whole = ENTRY_NAME + CONTENT_TYPES.len();
        for entry in seen.windows(whole).filter(|entry| entry.starts_with(ENTRY)) {
            let length = usize::from(u16::from_le_bytes([entry[ENTRY_NAME_LENGTH], entry[ENTRY_NAME_LENGTH + 1]]));
            let name = &entry[ENTRY_NAME..];
            self.has_directory = true;
            self.content_types |= length == CONTENT_TYPES.len() && name == CONTENT_TYPES;
            self.word |= name.starts_with(b"word/");
            self.excel |= name.starts_with(b"xl/");
        }
        self.tail = seen.split_off(seen.len().saturating_sub(whole - 1));
    }

    fn finish(&self, has_main_part: impl Fn(&Self) -> bool) -> Result<(), Disagrees> {
        // An archive that has lost its directory is damaged, and its signature is all that there is to go by.
        if !self.has_directory || (self.content_types && has_main_part(self)) { Ok(()) } else { Err(Disagrees) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks `content` in pieces of `piece` bytes.
    fn check(content_type: &str, content: &[u8], piece: usize) -> Result<(), Disagrees> {
        let mut check = ContentCheck::new(declared(Some(content_type)).expect("an allowed type"));
        content.chunks(piece).try_for_each(|bytes| check.update(bytes))?;
        check.finish()
    }

    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];

    /// A ZIP archive with entries of these names, and nothing in them.
    fn zip(names: &[&str]) -> Vec<u8> {
        let length = |name: &str| u8::try_from(name.len()).expect("a short name");
        let mut bytes = Vec::new();
        for name in names {
            let mut header = [0; 30];
            header[..4].copy_from_slice(b"PK\x03\x04");
            header[26] = length(name);
            bytes.extend_from_slice(&header);
            bytes.extend_from_slice(name.as_bytes());
        }
        for name in names {
            let mut entry = [0; ENTRY_NAME];
            entry[..4].copy_from_slice(ENTRY);
            entry[ENTRY_NAME_LENGTH] = length(name);
            bytes.extend_from_slice(&entry);
            bytes.extend_from_slice(name.as_bytes());
        }
        let mut end = [0; 22];
        end[..4].copy_from_slice(b"PK\x05\x06");
        bytes.extend_from_slice(&end);
        bytes
    }

    #[test]
    fn sec_33_content_must_be_of_the_declared_type() {
        let word = zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]);
        let excel = zip(&["docProps/app.xml", "xl/workbook.xml", "[Content_Types].xml"]);
        let png: &[u8] = b"\x89PNG\r\n\x1a\n....";
        let cases: &[(&str, &[u8], bool)] = &[
            ("image/jpeg", b"\xFF\xD8\xFF\xE0....", true),
            ("image/jpeg", png, false),
            ("image/png", png, true),
            ("image/png", b"\x89PNG", false),
            ("image/png", b"<svg/>", false),
            ("image/gif", b"GIF89a....", true),
            ("image/gif", b"GIF90a....", false),
            ("image/webp", b"RIFF\x24\0\0\0WEBPVP8 ", true),
            ("image/webp", b"RIFF\x24\0\0\0WAVEfmt ", false),
            ("application/pdf", b"%PDF-1.7\n", true),
            ("application/pdf", b"<html>", false),
            ("application/pdf", b"", false),
            ("application/zip", &zip(&["a.txt"]), true),
            ("application/zip", &word, true),
            ("application/zip", &zip(&[]), true),
            ("application/zip", b"Rar!\x1a\x07\0", false),
            ("application/msword", OLE, true),
            ("application/msword", &word, false),
            ("application/vnd.ms-excel", OLE, true),
            ("application/vnd.ms-excel", b"a;b\n1;2\n", false),
            (DOCX, &word, true),
            (DOCX, &excel, false),
            (DOCX, &zip(&["word/document.xml"]), false),
            (DOCX, &zip(&["a.txt"]), false),
            (DOCX, &word[..40], true),
            (DOCX, b"PK\x03\x04", true),
            (DOCX, &zip(&[]), false),
            (DOCX, OLE, false),
            (XLSX, &excel, true),
            (XLSX, &word, false),
            (XLSX, &zip(&["[Content_Types].xml"]), false),
            (XLSX, &zip(&[]), false),
            (XLSX, b"", false),
            ("text/plain", b"", true),
            ("text/plain", b"plain", true),
            ("text/plain", b"nul\0", false),
            ("text/plain", png, false),
            ("text/csv", "a;b\n\u{e4};\u{1f44d}\n".as_bytes(), true),
            ("text/csv", "\u{fffd}".as_bytes(), true),
            ("text/csv", b"caf\xe9", false),
            ("text/csv", b"cut \xf0\x9f\x91", false),
        ];
        for (content_type, content, agrees) in cases {
            for piece in [1, 2, 3, 7, 100_000] {
                assert_eq!(
                    check(content_type, content, piece).is_ok(),
                    *agrees,
                    "{content_type} with {:?} in pieces of {piece}",
                    String::from_utf8_lossy(content)
                );
            }
        }
    }

    #[test]
    fn a_wrong_signature_is_told_before_the_file_has_ended() {
        let mut check = ContentCheck::new(declared(Some("image/png")).expect("an allowed type"));
        assert_eq!(check.update(&[b'x'; SIGNATURE_BYTES - 1]), Ok(()));
        assert_eq!(check.update(b"xx"), Err(Disagrees));
    }

    #[test]
    fn a_declared_type_counts_without_its_case_and_parameters() {
        let name = |content_type| declared(Some(content_type)).map(|media| media.name);
        assert_eq!(name("Text/Plain; charset=utf-8"), Some("text/plain"));
        assert_eq!(name(" image/PNG "), Some("image/png"));
        assert_eq!(name("application/x-zip-compressed"), Some("application/zip"));
        assert_eq!(name("image/svg+xml"), None);
        assert_eq!(name("text/html"), None);
        assert_eq!(name("application/octet-stream"), None);
        assert_eq!(name(""), None);
        assert_eq!(declared(None), None);
    }
}
