//! The types of files that may be uploaded, and the check that a file's bytes are of its type.
//!
//! The check reads only signatures: it never decodes an image's pixels or unpacks an archive, so no file causes much
//! work (SEC-35).

mod allowed;
mod content;
mod package;
mod refused;
mod text;

pub use allowed::Allowed;
pub use content::ContentCheck;
pub use refused::Refused;

use package::{DOCX, PPTX, XLSX};

/// A kind of file that may be uploaded.
#[derive(Debug)]
pub struct MediaType {
    /// Its media type, without parameters.
    pub name: &'static str,
    /// The extensions of its files' names; they are stored under the first.
    pub extensions: &'static [&'static str],
    content: Content,
}

impl PartialEq for MediaType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl MediaType {
    /// Whether browsers show its files instead of saving them: only for images.
    pub fn is_image(&self) -> bool {
        self.name.starts_with("image/")
    }

    /// The extension that its files are stored under.
    pub fn extension(&self) -> &'static str {
        self.extensions.first().copied().unwrap_or_default()
    }
}

/// The bytes that identify a kind of file.
#[derive(Debug)]
enum Content {
    /// A signature among the first bytes.
    Begins(fn(&[u8]) -> bool),
    /// A ZIP archive of an Office document with this folder.
    Package(&'static str),
    /// UTF-8 without U+0000.
    Text,
}

const fn begins(name: &'static str, extensions: &'static [&'static str], matches: fn(&[u8]) -> bool) -> MediaType {
    MediaType { name, extensions, content: Content::Begins(matches) }
}

const fn package(name: &'static str, extensions: &'static [&'static str], folder: &'static str) -> MediaType {
    MediaType { name, extensions, content: Content::Package(folder) }
}

const fn text(name: &'static str, extensions: &'static [&'static str]) -> MediaType {
    MediaType { name, extensions, content: Content::Text }
}

/// The kinds that the protocol names. A file without a type has the first of these that its bytes match.
static OF_PROTOCOL: [MediaType; 28] = [
    begins("image/jpeg", &["jpg", "jpeg", "jpe", "jfif"], infer::image::is_jpeg),
    begins("image/png", &["png"], |head| head.starts_with(b"\x89PNG\r\n\x1a\n")),
    begins("image/gif", &["gif"], |head| head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a")),
    begins("image/webp", &["webp"], infer::image::is_webp),
    begins("image/avif", &["avif", "avifs"], infer::image::is_avif),
    begins("image/heic", &["heic", "heif"], infer::image::is_heif),
    begins("video/mp4", &["mp4", "m4v"], |head| infer::video::is_mp4(head) || infer::video::is_m4v(head)),
    begins("video/webm", &["webm"], infer::video::is_webm),
    begins("audio/mpeg", &["mp3"], is_mp3),
    begins("audio/ogg", &["ogg", "oga", "opus"], infer::audio::is_ogg),
    begins("audio/wav", &["wav"], infer::audio::is_wav),
    begins("audio/mp4", &["m4a", "mp4"], |head| infer::audio::is_m4a(head) || infer::video::is_mp4(head)),
    begins("audio/webm", &["weba", "webm"], infer::video::is_webm),
    begins("application/pdf", &["pdf"], |head| head.starts_with(b"%PDF-")),
    text(
        "text/plain",
        &["txt", "text", "log", "md", "csv", "tsv", "json", "yaml", "yml", "toml", "ini", "conf", "diff", "patch"],
    ),
    text("text/csv", &["csv"]),
    text("text/markdown", &["md", "markdown"]),
    text("application/json", &["json"]),
    begins("application/vnd.oasis.opendocument.text", &["odt"], infer::odf::is_odt),
    begins("application/vnd.oasis.opendocument.spreadsheet", &["ods"], infer::odf::is_ods),
    begins("application/vnd.oasis.opendocument.presentation", &["odp"], infer::odf::is_odp),
    package("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"], DOCX),
    package("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"], XLSX),
    package("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"], PPTX),
    begins(ZIP, &["zip"], infer::archive::is_zip),
    begins("application/msword", &["doc"], is_compound),
    begins(EXCEL, &["xls"], is_compound),
    begins("application/vnd.ms-powerpoint", &["ppt"], is_compound),
];

/// Other kinds that an operator may allow.
static FURTHER: [MediaType; 14] = [
    begins("image/tiff", &["tiff", "tif"], infer::image::is_tiff),
    begins("video/quicktime", &["mov"], infer::video::is_mov),
    begins("video/x-matroska", &["mkv"], infer::video::is_mkv),
    begins("audio/flac", &["flac"], infer::audio::is_flac),
    begins("audio/aac", &["aac"], infer::audio::is_aac),
    begins("application/gzip", &["gz"], infer::archive::is_gz),
    begins("application/x-7z-compressed", &["7z"], infer::archive::is_7z),
    begins("application/x-tar", &["tar"], infer::archive::is_tar),
    begins("application/epub+zip", &["epub"], infer::book::is_epub),
    begins("application/rtf", &["rtf"], infer::archive::is_rtf),
    text("application/xml", &["xml"]),
    text("text/html", &["html", "htm"]),
    text("text/calendar", &["ics"]),
    text("text/vcard", &["vcf"]),
];

const ZIP: &str = "application/zip";
/// The type that Windows gives to CSV if Excel is installed.
const EXCEL: &str = "application/vnd.ms-excel";
const CSV: &str = "text/csv";
const PLAIN: &str = "text/plain";

/// Names that clients give some of the kinds instead of the registered one.
static ALIASES: [(&str, &str); 16] = [
    ("application/x-zip-compressed", ZIP),
    ("application/x-zip", ZIP),
    ("image/jpg", "image/jpeg"),
    ("image/pjpeg", "image/jpeg"),
    ("image/heif", "image/heic"),
    ("audio/mp3", "audio/mpeg"),
    ("application/ogg", "audio/ogg"),
    ("audio/opus", "audio/ogg"),
    ("audio/x-wav", "audio/wav"),
    ("audio/wave", "audio/wav"),
    ("audio/vnd.wave", "audio/wav"),
    ("audio/m4a", "audio/mp4"),
    ("audio/x-m4a", "audio/mp4"),
    ("text/x-markdown", "text/markdown"),
    ("text/json", "application/json"),
    ("application/csv", CSV),
];

/// An MPEG audio frame, or the tag before the first frame.
fn is_mp3(head: &[u8]) -> bool {
    infer::audio::is_mp3(head) && (head[0] == 0xFF || head.get(3).is_some_and(|version| (2..=4).contains(version)))
}

/// Microsoft's compound file format, of Word, Excel and PowerPoint up to 2003.
fn is_compound(head: &[u8]) -> bool {
    head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
}

/// Every kind that may be allowed.
fn all() -> impl Iterator<Item = &'static MediaType> {
    OF_PROTOCOL.iter().chain(&FURTHER)
}

/// The kind of this name or alias.
fn named(name: &str) -> Option<&'static MediaType> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name);
    stored(name)
}

/// The kind of a stored file, by the media type that has been recorded for it.
pub fn stored(name: &str) -> Option<&'static MediaType> {
    all().find(|media| media.name == name)
}
