//! The kinds of files that may be uploaded, and whether bytes are of the kind that they are said to be.
//!
//! Only signatures are looked at: an image's pixels are never decoded and an archive is never unpacked, so a file
//! cannot make the server work for it (SEC-35).

use std::str;

/// How many of a file's first bytes tell what it is.
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
    /// Whether its files are shown in place rather than saved: images alone.
    pub fn is_image(&self) -> bool {
        self.name.starts_with("image/")
    }
}

/// What tells that bytes are of a kind.
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

/// Holds the bytes of a file, as they arrive, against what the file is said to be.
#[derive(Debug)]
pub struct ContentCheck {
    content: Content,
    /// The file's first bytes, until there are enough of them to judge.
    head: Option<Vec<u8>>,
    text: TextCheck,
}

/// The bytes are not of the declared kind.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
#[error("the file's content is not of its declared type")]
pub struct Disagrees;

impl ContentCheck {
    /// A check for a file that is said to be of the kind `media`.
    pub fn new(media: &MediaType) -> Self {
        ContentCheck { content: media.content, head: Some(Vec::new()), text: TextCheck::default() }
    }

    /// Looks at the next bytes.
    ///
    /// # Errors
    /// As soon as it is certain that the file is not of the declared kind.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), Disagrees> {
        if self.content == Content::Text {
            return self.text.update(bytes);
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
    /// If the file is not of the declared kind: a text that ends within a character, or a file that is too short to be
    /// anything. An empty file is a text.
    pub fn finish(mut self) -> Result<(), Disagrees> {
        if self.content == Content::Text { self.text.finish() } else { self.judge_head() }
    }

    fn judge_head(&mut self) -> Result<(), Disagrees> {
        match self.head.take() {
            Some(head) if !self.content.agrees(&head) => Err(Disagrees),
            _ => Ok(()),
        }
    }
}

impl Content {
    /// Whether a file that begins with `head` can be of this kind.
    fn agrees(self, head: &[u8]) -> bool {
        match self {
            Content::Jpeg => infer::image::is_jpeg(head),
            Content::Png => head.starts_with(b"\x89PNG\r\n\x1a\n"),
            Content::Gif => head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
            Content::WebP => infer::image::is_webp(head),
            Content::Pdf => head.starts_with(b"%PDF-"),
            Content::Zip => infer::archive::is_zip(head),
            Content::CompoundFile => head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
            // An archive's directory is at its end and its entries come in any order: the head of a document may not
            // tell which one it is, but it may well tell that it is another.
            Content::Docx => infer::archive::is_zip(head) && !infer::doc::is_xlsx(head) && !infer::doc::is_pptx(head),
            Content::Xlsx => infer::archive::is_zip(head) && !infer::doc::is_docx(head) && !infer::doc::is_pptx(head),
            Content::Text => true,
        }
    }
}

/// Whether bytes are UTF-8 without U+0000, however they are cut.
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

    /// A ZIP archive's first entry, of this name.
    fn zip(name: &str) -> Vec<u8> {
        let mut bytes = vec![0; 30];
        bytes[..4].copy_from_slice(b"PK\x03\x04");
        bytes[26] = u8::try_from(name.len()).expect("a short name");
        bytes.extend_from_slice(name.as_bytes());
        bytes
    }

    #[test]
    fn sec_33_content_must_be_of_the_declared_type() {
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
            ("application/zip", &zip("a.txt"), true),
            ("application/zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", true),
            ("application/zip", b"Rar!\x1a\x07\0", false),
            ("application/msword", OLE, true),
            ("application/msword", &zip("word/document.xml"), false),
            ("application/vnd.ms-excel", OLE, true),
            ("application/vnd.ms-excel", b"a;b\n1;2\n", false),
            (DOCX, &zip("word/document.xml"), true),
            (DOCX, &zip("[Content_Types].xml"), true),
            (DOCX, &zip("xl/workbook.xml"), false),
            (DOCX, OLE, false),
            (XLSX, &zip("xl/workbook.xml"), true),
            (XLSX, &zip("word/document.xml"), false),
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
