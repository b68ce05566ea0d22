//! The names in the directories of archives and compound files, which are uncompressed. The entries themselves are never
//! unpacked.

/// The folders that identify Office documents in their archives (ECMA-376, part 1, section 11).
pub(super) const DOCX: &str = "word/";
pub(super) const XLSX: &str = "xl/";
pub(super) const PPTX: &str = "ppt/";
const FOLDERS: [&str; 3] = [DOCX, XLSX, PPTX];

/// The signature of an entry in an archive's directory (APPNOTE.TXT, section 4.3.12).
const ENTRY: &[u8] = b"PK\x01\x02";
/// The offsets of its name's length and of its name.
const ENTRY_NAME_LENGTH: usize = 28;
const ENTRY_NAME: usize = 46;
/// The part that every Office document has (ECMA-376, part 2, section 7.2.3).
const CONTENT_TYPES: &[u8] = b"[Content_Types].xml";

/// The part of an archive's directory that identifies documents.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// The last bytes seen so far, in which an entry may have begun.
    tail: Vec<u8>,
    is_there: bool,
    content_types: bool,
    folders: [bool; FOLDERS.len()],
}

impl Directory {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let whole = ENTRY_NAME + CONTENT_TYPES.len();
        let seen = with_tail(&mut self.tail, bytes, whole);
        for entry in seen.windows(whole).filter(|entry| entry.starts_with(ENTRY)) {
            let length = usize::from(u16::from_le_bytes([entry[ENTRY_NAME_LENGTH], entry[ENTRY_NAME_LENGTH + 1]]));
            let name = &entry[ENTRY_NAME..];
            self.is_there = true;
            self.content_types |= length == CONTENT_TYPES.len() && name == CONTENT_TYPES;
            for (found, folder) in self.folders.iter_mut().zip(FOLDERS) {
                *found |= name.starts_with(folder.as_bytes());
            }
        }
    }

    /// Whether the archive may be a document with this folder: it is one, or it is damaged and has lost its directory, so that only
    /// its signature can be checked.
    pub(super) fn may_have(&self, folder: &str) -> bool {
        !self.is_there || self.has(folder)
    }

    /// Whether the archive is a document with this folder.
    pub(super) fn has(&self, folder: &str) -> bool {
        self.content_types && self.folders.iter().zip(FOLDERS).any(|(&found, each)| found && each == folder)
    }
}

/// The names of the streams that hold documents in compound files ([MS-CFB], section 2.6.1), and what they hold.
const STREAMS: [(&str, &str); 4] = [
    ("WordDocument", "application/msword"),
    ("Workbook", super::EXCEL),
    ("Book", super::EXCEL),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
];
/// The length of a stream's name in the directory, in UTF-16 with padding.
const STREAM_NAME: usize = 64;

/// The directory of a compound file.
#[derive(Debug, Default)]
pub(super) struct Streams {
    tail: Vec<u8>,
    found: Option<&'static str>,
}

impl Streams {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let seen = with_tail(&mut self.tail, bytes, STREAM_NAME);
        if self.found.is_none() {
            let names = seen.windows(STREAM_NAME).filter(|name| name.ends_with(&[0, 0]) && b"WBP".contains(&name[0]));
            self.found = names.flat_map(document).next();
        }
    }

    /// The type of the document in it.
    pub(super) fn document(&self) -> Option<&'static str> {
        self.found
    }
}

/// The type of document that a stream with this name holds.
fn document(name: &[u8]) -> Option<&'static str> {
    let is = |wanted: &str| {
        let wanted = wanted.encode_utf16().flat_map(u16::to_le_bytes).chain(std::iter::repeat(0));
        name.iter().copied().eq(wanted.take(STREAM_NAME))
    };
    STREAMS.iter().find(|(wanted, _)| is(wanted)).map(|(_, media)| *media)
}

/// The bytes, after those in which a record of `whole` bytes may have begun; keeps the last bytes for the next call.
fn with_tail(tail: &mut Vec<u8>, bytes: &[u8], whole: usize) -> Vec<u8> {
    let mut seen = std::mem::take(tail);
    seen.extend_from_slice(bytes);
    tail.extend_from_slice(&seen[seen.len().saturating_sub(whole - 1)..]);
    seen
}
