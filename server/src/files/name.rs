//! The names of files: the one that the server stores a file under, and the one that its sender gave it.

use std::fmt::Write;

/// The maximum number of code points that the name of a file has.
const MAX_NAME: usize = 255;

/// The maximum number of code points of a name that count as its extension.
const MAX_EXTENSION: usize = 16;

/// A new name to store a file under: 128 random bits and the extension of its type. Nothing in it comes from the client
/// (SEC-34), and it cannot be guessed (SEC-38).
pub fn stored(extension: &str) -> String {
    format!("{:032x}.{extension}", rand::random::<u128>())
}

/// Whether [`stored`] could have made this name.
pub fn is_stored(name: &str) -> bool {
    let Some((bits, extension)) = name.split_once('.') else { return false };
    bits.len() == 32
        && bits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && (1..=8).contains(&extension.len())
        && extension.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'))
}

/// The stored name with this extension.
pub fn with_extension(stored: &str, extension: &str) -> String {
    let bits = stored.split('.').next().unwrap_or_default();
    format!("{bits}.{extension}")
}

/// The name that browsers save a file under: the original one, with an extension of its type. Systems open files by
/// extension, not by their declared type (SEC-34).
pub fn download(original: &str, extensions: &[&str]) -> String {
    // Windows drops these characters, and then takes the extension from what is before them.
    let name = original.trim_end_matches(['.', ' ']);
    let given = name.rsplit_once('.').map(|(_, extension)| extension);
    if given.is_some_and(|given| extensions.iter().any(|extension| extension.eq_ignore_ascii_case(given))) {
        return name.to_owned();
    }
    let added = extensions.first().copied().unwrap_or_default();
    shorten(&format!("{name}.{added}"))
}

/// The name that a client gave a file, fit to be shown: without a path, control characters and characters that change
/// the direction of text, and with at most 255 code points.
pub fn original(given: Option<&str>) -> String {
    let last = given.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|&character| !is_hidden(character)).collect();
    match shown.trim() {
        "" | "." | ".." => "file".to_owned(),
        name => shorten(name),
    }
}

/// Characters that are invisible, or that change where others are shown: `gpj.exe` for `exe.jpg`.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        )
}

/// Cuts a name to [`MAX_NAME`] code points, and keeps its extension.
fn shorten(name: &str) -> String {
    if name.chars().count() <= MAX_NAME {
        return name.to_owned();
    }
    let extension = match name.rfind('.') {
        Some(dot) if name[dot..].chars().count() <= MAX_EXTENSION => &name[dot..],
        _ => "",
    };
    let stem = MAX_NAME - extension.chars().count();
    name.chars().take(stem).chain(extension.chars()).collect()
}

/// A `Content-Disposition` (RFC 6266): `inline` or `attachment`, with the file's name in ASCII for old clients and
/// in full for the others (RFC 8187).
pub fn content_disposition(disposition: &str, name: &str) -> String {
    let ascii: String = name
        .chars()
        .map(|character| match character {
            '"' | '\\' | '%' => '_',
            ' '..='~' => character,
            _ => '_',
        })
        .collect();
    let mut value = format!("{disposition}; filename=\"{ascii}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            write!(value, "%{byte:02X}").expect("a string takes all that is written");
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_34_harmful_characters_are_removed_from_a_clients_file_name() {
        let cases = [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\eve\\cv.doc", "cv.doc"),
            ("/", "file"),
            ("", "file"),
            ("..", "file"),
            ("a/..", "file"),
            ("  spaced name.txt  ", "spaced name.txt"),
            ("nul\0byte.png", "nulbyte.png"),
            ("line\r\nbreak.png", "linebreak.png"),
            ("photo\u{202E}gpj.exe", "photogpj.exe"),
            ("\u{2067}\u{200B}\u{FEFF}", "file"),
            ("gr\u{fc}\u{df}e \u{1f44d}.txt", "gr\u{fc}\u{df}e \u{1f44d}.txt"),
            (".htaccess", ".htaccess"),
        ];
        for (given, expected) in cases {
            assert_eq!(original(Some(given)), expected, "{given:?}");
        }
        assert_eq!(original(None), "file");
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = original(Some(&format!("{}.docx", "\u{e4}".repeat(400))));
        assert_eq!(name.chars().count(), MAX_NAME);
        assert!(name.ends_with("\u{e4}.docx"), "{name}");

        let name = original(Some(&format!("a.{}", "b".repeat(400))));
        assert_eq!(name, format!("a.{}", "b".repeat(MAX_NAME - 2)));
    }

    #[test]
    fn sec_34_stored_names_are_the_servers_own() {
        let name = stored("png");
        assert!(is_stored(&name), "{name}");
        assert_ne!(name, stored("png"));
        for foreign in ["", "png", "../passwd.png", "00000000000000000000000000000000", "x.png", "a/b.png"] {
            assert!(!is_stored(foreign), "{foreign}");
        }
        assert!(!is_stored(&format!("{name}#1")));
        assert!(!is_stored(&name.to_uppercase()));
    }

    #[test]
    fn sec_34_a_file_is_saved_with_an_extension_of_its_type() {
        let text: &[&str] = &["txt", "log"];
        for (original, saved) in [
            ("notes.txt", "notes.txt"),
            ("server.LOG", "server.LOG"),
            ("passwd", "passwd.txt"),
            ("setup.exe", "setup.exe.txt"),
            ("page.html", "page.html.txt"),
            ("setup.txt.exe", "setup.txt.exe.txt"),
            ("setup.exe.txt", "setup.exe.txt"),
            ("setup.exe. .", "setup.exe.txt"),
            (".htaccess", ".htaccess.txt"),
            ("file.", "file.txt"),
            ("gr\u{fc}\u{df}e.\u{442}\u{445}\u{442}", "gr\u{fc}\u{df}e.\u{442}\u{445}\u{442}.txt"),
        ] {
            assert_eq!(download(original, text), saved, "{original:?}");
        }
        let long = download(&"a".repeat(MAX_NAME), text);
        assert!(long.ends_with("a.txt") && long.chars().count() == MAX_NAME, "{long}");
        assert_eq!(with_extension(&stored("bin"), "png").split_once('.').expect("an extension").1, "png");
    }

    #[test]
    fn a_disposition_names_the_file_for_every_client() {
        assert_eq!(
            content_disposition("attachment", "na\u{ef}ve \"plan\".pdf"),
            "attachment; filename=\"na_ve _plan_.pdf\"; filename*=UTF-8''na%C3%AFve%20%22plan%22.pdf"
        );
        assert_eq!(content_disposition("inline", "a.png"), "inline; filename=\"a.png\"; filename*=UTF-8''a.png");
    }
}
