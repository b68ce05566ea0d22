//! Files of every type, with the right bytes and with others.

use super::*;

/// Checks `content` in pieces of `piece` bytes, and returns its type.
fn check(content_type: Option<&str>, content: &[u8], piece: usize) -> Result<&'static str, Refused> {
    let allowed = Allowed::default();
    let mut check = ContentCheck::new(content_type, &allowed)?;
    content.chunks(piece).try_for_each(|bytes| check.update(bytes))?;
    check.finish().map(|media| media.name)
}

/// Checks `content` in pieces of several sizes.
fn outcome(content_type: Option<&str>, content: &[u8]) -> Result<&'static str, Refused> {
    let outcome = check(content_type, content, 100_000);
    for piece in [1, 2, 3, 7] {
        assert_eq!(check(content_type, content, piece), outcome, "{content_type:?} in pieces of {piece}");
    }
    outcome
}

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const ODT: &str = "application/vnd.oasis.opendocument.text";
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";

/// A ZIP archive with entries of these names and, uncompressed, these contents.
fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let byte = |text: &str| u8::try_from(text.len()).expect("a short text");
    let mut bytes = Vec::new();
    for (name, content) in entries {
        let mut header = [0; 30];
        header[..4].copy_from_slice(b"PK\x03\x04");
        (header[18], header[22], header[26]) = (byte(content), byte(content), byte(name));
        bytes.extend([&header, name.as_bytes(), content.as_bytes()].concat());
    }
    for (name, _) in entries {
        let mut entry = [0; 46];
        entry[..4].copy_from_slice(b"PK\x01\x02");
        entry[28] = byte(name);
        bytes.extend([&entry, name.as_bytes()].concat());
    }
    let mut end = [0; 22];
    end[..4].copy_from_slice(b"PK\x05\x06");
    [bytes, end.to_vec()].concat()
}

fn zip(names: &[&str]) -> Vec<u8> {
    archive(&names.iter().map(|name| (*name, "")).collect::<Vec<_>>())
}

/// A compound file that has a stream of this name in its directory, somewhere.
fn compound(stream: &str) -> Vec<u8> {
    let mut name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
    name.resize(64, 0);
    [OLE, &[1; 20_000], &name, &[1; 100]].concat()
}

fn boxed(brand: &str) -> Vec<u8> {
    [b"\0\0\0\x14ftyp", brand.as_bytes(), b"\0\0\0\0", brand.as_bytes(), b"\0\0\0\x08free"].concat()
}

fn webm() -> Vec<u8> {
    [&b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"[..], &[0; 300]].concat()
}

#[test]
fn sec_33_content_must_be_of_the_declared_type() {
    let word = zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]);
    let excel = zip(&["docProps/app.xml", "xl/workbook.xml", "[Content_Types].xml"]);
    let cases: &[(&str, &[u8], bool)] = &[
        ("image/jpeg", b"\xFF\xD8\xFF\xE0....", true),
        ("image/jpeg", PNG, false),
        ("image/png", PNG, true),
        ("image/png", b"\x89PNG", false),
        ("image/png", b"<svg/>", false),
        ("image/gif", b"GIF89a....", true),
        ("image/gif", b"GIF90a....", false),
        ("image/webp", b"RIFF\x24\0\0\0WEBPVP8 ", true),
        ("image/webp", b"RIFF\x24\0\0\0WAVEfmt ", false),
        ("image/avif", &boxed("avif"), true),
        ("image/avif", &boxed("heic"), false),
        ("image/heic", &boxed("heic"), true),
        ("image/heic", &boxed("isom"), false),
        ("video/mp4", &boxed("isom"), true),
        ("video/mp4", &boxed("M4A "), false),
        ("audio/mp4", &boxed("M4A "), true),
        ("audio/mp4", &boxed("isom"), true),
        ("audio/mp4", &boxed("avif"), false),
        ("video/webm", &webm(), true),
        ("audio/webm", &webm(), true),
        ("video/webm", b"\x1a\x45\xdf\xa3", false),
        ("audio/mpeg", b"ID3\x04\0", true),
        ("audio/mpeg", b"\xff\xfb\x90\x64", true),
        ("audio/mpeg", b"ID3 is a format of tags", false),
        ("audio/ogg", b"OggS\0\x02", true),
        ("audio/wav", b"RIFF\x24\0\0\0WAVEfmt ", true),
        ("audio/wav", b"RIFF\x24\0\0\0WEBPVP8 ", false),
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
        ("application/vnd.ms-excel", PNG, false),
        ("application/vnd.ms-powerpoint", OLE, true),
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
        (PPTX, &zip(&["[Content_Types].xml", "ppt/presentation.xml"]), true),
        (PPTX, &excel, false),
        (ODT, &archive(&[("mimetype", ODT)]), true),
        (ODT, &word, false),
        ("text/plain", b"", true),
        ("text/plain", b"plain", true),
        ("text/plain", b"nul\0", false),
        ("text/plain", PNG, false),
        ("text/csv", "a;b\n\u{e4};\u{1f44d}\n".as_bytes(), true),
        ("text/csv", "\u{fffd}".as_bytes(), true),
        ("text/csv", b"caf\xe9", false),
        ("text/csv", b"cut \xf0\x9f\x91", false),
        ("text/markdown", b"# Title", true),
        ("application/json", b"{}", true),
        ("application/json", b"\0", false),
    ];
    for (content_type, content, agrees) in cases {
        let outcome = outcome(Some(content_type), content);
        let shown = String::from_utf8_lossy(content);
        assert_eq!(outcome.is_ok(), *agrees, "{content_type} with {shown:?}: {outcome:?}");
        assert!(outcome.is_err() || outcome == Ok(*content_type), "{content_type}: {outcome:?}");
    }
}

#[test]
fn without_a_type_the_bytes_say_it() {
    let word = zip(&["[Content_Types].xml", "word/document.xml"]);
    let cases: &[(&[u8], Result<&str, Refused>)] = &[
        (PNG, Ok("image/png")),
        (b"\xFF\xD8\xFF\xE0....", Ok("image/jpeg")),
        (&boxed("avif"), Ok("image/avif")),
        (&boxed("heic"), Ok("image/heic")),
        (&boxed("isom"), Ok("video/mp4")),
        (&boxed("M4A "), Ok("audio/mp4")),
        (&webm(), Ok("video/webm")),
        (b"%PDF-1.7", Ok("application/pdf")),
        (&word, Ok(DOCX)),
        (&zip(&["xl/workbook.xml", "[Content_Types].xml"]), Ok(XLSX)),
        (&archive(&[("mimetype", ODT)]), Ok(ODT)),
        (&zip(&["a.txt"]), Ok("application/zip")),
        (&word[..40], Ok("application/zip")),
        (&compound("WordDocument"), Ok("application/msword")),
        (&compound("Workbook"), Ok("application/vnd.ms-excel")),
        (&compound("PowerPoint Document"), Ok("application/vnd.ms-powerpoint")),
        (&compound("Other"), Err(Refused::Unknown)),
        (b"a,b\n1,2\n", Ok("text/plain")),
        (b"ID3 is a format of tags", Ok("text/plain")),
        (b"<script>alert(1)</script>", Ok("text/plain")),
        (b"", Ok("text/plain")),
        (b"caf\xe9", Err(Refused::Unknown)),
        (b"MZ\x90\0\x03", Err(Refused::Unknown)),
        (b"fLaC\0\0", Err(Refused::NotAllowed)),
    ];
    for (content, expected) in cases {
        for content_type in [None, Some("application/octet-stream"), Some("")] {
            let shown = String::from_utf8_lossy(&content[..content.len().min(50)]);
            assert_eq!(outcome(content_type, content), *expected, "{shown:?} as {content_type:?}");
        }
    }
}

#[test]
fn csv_may_come_as_excel() {
    assert_eq!(outcome(Some("application/vnd.ms-excel"), b"a;b\n1;2\n"), Ok(CSV));
    assert_eq!(outcome(Some("application/vnd.ms-excel"), b"caf\xe9;1\n"), Err(Refused::NotUtf8));
    let refused = outcome(Some("application/vnd.ms-excel"), b"\0\x01");
    assert_eq!(refused, Err(Refused::NotOfType("application/vnd.ms-excel")));
}

#[test]
fn an_operators_list_is_kept_to() {
    let allowed: Allowed = "text/csv,audio/flac".parse().unwrap();
    let of = |content_type, content: &[u8]| {
        let mut check = ContentCheck::new(content_type, &allowed)?;
        check.update(content)?;
        check.finish().map(|media| media.name)
    };
    assert_eq!(of(Some("application/vnd.ms-excel"), b"a;b"), Ok(CSV));
    assert_eq!(of(Some("application/vnd.ms-excel"), OLE), Err(Refused::NotAllowed));
    assert_eq!(of(None, b"fLaC\0\0"), Ok("audio/flac"));
    assert_eq!(of(None, PNG), Err(Refused::NotAllowed));
    assert_eq!(of(None, b"text"), Err(Refused::NotAllowed));
    assert_eq!(of(Some("image/png"), PNG), Err(Refused::NotAllowed));
}

#[test]
fn a_wrong_signature_is_reported_before_the_file_has_ended() {
    let allowed = Allowed::default();
    let mut check = ContentCheck::new(Some("image/png"), &allowed).unwrap();
    assert_eq!(check.update(&[b'x'; SIGNATURE_BYTES - 1]), Ok(()));
    assert_eq!(check.update(b"xx"), Err(Refused::NotOfType("image/png")));
}

#[test]
fn a_declared_type_counts_without_its_case_and_parameters() {
    assert_eq!(check(Some("Text/Plain; charset=utf-8"), b"x", 1), Ok("text/plain"));
    assert_eq!(check(Some(" image/PNG "), PNG, 1), Ok("image/png"));
    assert_eq!(check(Some("application/x-zip-compressed"), &zip(&[]), 1), Ok("application/zip"));
    assert_eq!(check(Some("audio/webm;codecs=opus"), &webm(), 1), Ok("audio/webm"));
    for content_type in ["image/svg+xml", "text/html", "nonsense", "*/*", "image/*"] {
        assert_eq!(check(Some(content_type), b"x", 1), Err(Refused::NotAllowed), "{content_type}");
    }
}
