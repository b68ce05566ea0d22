//! The name of a part's file, in each of the forms that clients use (RFC 7578, section 4.2).
//!
//! Browsers and most libraries write `filename="…"` in UTF-8, with `%22` for a quote. Others write `filename*=UTF-8''…` (RFC 8187),
//! which takes precedence, and some use encoded words as in mail headers, `=?utf-8?B?…?=` (RFC 2047). Crates that decode such words
//! parse whole mails, and would fold the white space of names.

use base64::{Engine, engine::general_purpose::STANDARD};
use encoding_rs::{Encoding, WINDOWS_1252};
use percent_encoding::percent_decode;

/// The name in a `Content-Disposition`.
pub(super) fn of(disposition: &[u8]) -> Option<String> {
    let extended = parameter(disposition, b"filename*").and_then(|value| extended(&value));
    extended.or_else(|| {
        let text = text(&parameter(disposition, b"filename")?);
        Some(words(&text).replace("%22", "\""))
    })
}

/// The value of a parameter. In quotes, a backslash is literal except before a quote: names may be Windows paths.
fn parameter(disposition: &[u8], wanted: &[u8]) -> Option<Vec<u8>> {
    let mut rest = disposition;
    loop {
        let next = rest.iter().position(|&byte| byte == b';')?;
        rest = rest[next + 1..].trim_ascii_start();
        let end = rest.iter().position(|byte| b"=;".contains(byte))?;
        if rest[end] == b';' {
            continue;
        }
        let name = rest[..end].trim_ascii_end();
        rest = rest[end + 1..].trim_ascii_start();
        let value = if let Some(quoted) = rest.strip_prefix(b"\"") {
            let mut value = Vec::new();
            let mut bytes = quoted.iter().copied().enumerate().peekable();
            rest = loop {
                match bytes.next() {
                    Some((_, b'\\')) if bytes.peek().is_some_and(|&(_, next)| next == b'"') => {
                        bytes.next();
                        value.push(b'"');
                    }
                    Some((at, b'"')) => break &quoted[at + 1..],
                    Some((_, byte)) => value.push(byte),
                    None => return None,
                }
            };
            value
        } else {
            let end = rest.iter().position(|&byte| byte == b';').unwrap_or(rest.len());
            let value = rest[..end].trim_ascii_end().to_vec();
            rest = &rest[end..];
            value
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
    }
}

/// Text without a declared encoding.
fn text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Text in an encoding; `None` if the encoding is unknown, or the bytes are not valid in it.
fn decoded(encoding: &[u8], bytes: &[u8]) -> Option<String> {
    Encoding::for_label(encoding)?.decode_without_bom_handling_and_without_replacement(bytes).map(Into::into)
}

/// `UTF-8'en'%e2%82%ac.txt` (RFC 8187, section 3.2).
fn extended(value: &[u8]) -> Option<String> {
    let mut parts = value.splitn(3, |&byte| byte == b'\'');
    let (encoding, _language, name) = (parts.next()?, parts.next()?, parts.next()?);
    decoded(encoding, &percent_decode(name).collect::<Vec<_>>())
}

/// Decodes the encoded words in a text. White space between two of them is not part of the text (RFC 2047, section 6.2).
fn words(text: &str) -> String {
    let mut whole = String::new();
    let mut rest = text;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at(start);
        let Some((word, after)) = word(from) else {
            whole.push_str(&rest[..start + 2]);
            (rest, after_word) = (&rest[start + 2..], false);
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            whole.push_str(before);
        }
        whole.push_str(&word);
        (rest, after_word) = (after, true);
    }
    whole.push_str(rest);
    whole
}

/// The encoded word at the beginning of a text, and the rest of the text.
fn word(text: &str) -> Option<(String, &str)> {
    let mut parts = text.strip_prefix("=?")?.splitn(3, '?');
    let (encoding, kind, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let (content, after) = rest.split_once("?=")?;
    let bytes = match kind {
        "B" | "b" => STANDARD.decode(content).ok()?,
        // Like percent-encoding, with another sign, and with `_` for a space (RFC 2047, section 4.2).
        "Q" | "q" => {
            percent_decode(content.replace('%', "=25").replace('_', " ").replace('=', "%").as_bytes()).collect()
        }
        _ => return None,
    };
    let encoding = encoding.split('*').next().unwrap_or_default();
    Some((decoded(encoding.as_bytes(), &bytes)?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_its_client_meant_it() {
        let cases: &[(&str, Option<&str>)] = &[
            (r#"form-data; name="file"; filename="a b.txt""#, Some("a b.txt")),
            (r"form-data; name=file; filename=a.txt", Some("a.txt")),
            (r#"form-data; name="file"; FILENAME = "a.txt" ; x=y"#, Some("a.txt")),
            (r#"form-data; name="file"; filename="C:\temp\report.txt""#, Some(r"C:\temp\report.txt")),
            (r#"form-data; name="file"; filename="say \"hi\"; ok.txt""#, Some(r#"say "hi"; ok.txt"#)),
            (r#"form-data; name="file"; filename="say %22hi%22 50%.txt""#, Some(r#"say "hi" 50%.txt"#)),
            (r#"form-data; name="filename=x"; filename="a.txt""#, Some("a.txt")),
            (r#"form-data; name="; filename=x"; filename="a.txt""#, Some("a.txt")),
            (
                r#"form-data; name="file"; filename="e.txt"; filename*=UTF-8''%e2%82%ac%20rates.txt"#,
                Some("€ rates.txt"),
            ),
            (r#"form-data; name="file"; filename*=utf-8'en'%C3%BC.txt; filename="u.txt""#, Some("ü.txt")),
            (r#"form-data; name="file"; filename*=iso-8859-1''%fc.txt"#, Some("ü.txt")),
            (r#"form-data; name="file"; filename="u.txt"; filename*=utf-8''%ff.txt"#, Some("u.txt")),
            (r#"form-data; name="file"; filename="u.txt"; filename*=nonsense''x.txt"#, Some("u.txt")),
            (r#"form-data; name="file"; filename="u.txt"; filename*=x"#, Some("u.txt")),
            (r#"form-data; name="file"; filename="=?utf-8?B?w7xiZXIudHh0?=""#, Some("über.txt")),
            (r#"form-data; name="file"; filename="=?UTF-8?Q?=C3=BCber_5%25.txt?=""#, Some("über 5%25.txt")),
            (r#"form-data; name="file"; filename="=?iso-8859-1?q?=FCber?= =?utf-8?B?LnR4dA==?=""#, Some("über.txt")),
            (r#"form-data; name="file"; filename="a =?utf-8*en?B?w7w=?= b.txt""#, Some("a ü b.txt")),
            (r#"form-data; name="file"; filename="=?utf-8?B?%%%?= =?x.txt""#, Some("=?utf-8?B?%%%?= =?x.txt")),
            (r#"form-data; name="file"; filename="""#, Some("")),
            (r#"form-data; name="file""#, None),
            (r#"form-data; name="file"; filename="a.txt"#, None),
            ("form-data; filename", None),
            ("", None),
        ];
        for (disposition, name) in cases {
            assert_eq!(of(disposition.as_bytes()).as_deref(), *name, "{disposition}");
        }
        assert_eq!(of("form-data; filename=\"漢字.txt\"".as_bytes()).as_deref(), Some("漢字.txt"));
        assert_eq!(of(b"form-data; filename=\"\xfcber.txt\"").as_deref(), Some("über.txt"), "Windows-1252");
        assert_eq!(of(b"form-data; filename=\"\xff\xfe.txt\"").as_deref(), Some("ÿþ.txt"), "no byte order mark");
    }
}
