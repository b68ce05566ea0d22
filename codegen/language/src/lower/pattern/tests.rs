//! Patterns, and the strings that they are found in.

use super::*;

#[test]
fn patterns_keep_their_meaning() {
    // Each pattern, with strings that it is found in, and strings that it is not.
    let cases: &[(&str, &[&str], &[&str])] = &[
        (r"^\P{Cc}*$", &["", "abc", "\u{feff}"], &["a\0", "\n", "a\n"]),
        (r"^[^\0]*[^\s\0][^\0]*$", &["a", " \u{200b} "], &["", " \u{feff}\u{3000}\t", "\0a"]),
        (r"^[^\s\p{Cc}]*$", &["👍", "a"], &["a b", "\u{a0}", "\u{7}", "\u{2028}"]),
        (r"\S", &["a", "\u{85}"], &["\u{a0}", "\u{1680}", ""]),
        (r"^\s$", &["\u{feff}", "\u{b}", "\u{2029}", "\u{202f}"], &["\u{85}", "\u{180e}", "\u{200b}"]),
        (r"^\d\D$", &["1a"], &["٣a", "11"]),
        (r"^\w+\W$", &["aZ_9-"], &["é-", "a"]),
        (r"^.$", &["a", "👍", "\u{85}"], &["\n", "\r", "\u{2028}", "\u{2029}", "ab"]),
        (r"^a$", &["a"], &["a\n", "b\na", "a\r\n"]),
        (r"\bfoo\b", &["a foo.", "éfoo"], &["afoo", "foo_"]),
        (r"^\B.$", &["-"], &["a"]),
        (r"^\u0041\x42\u{43}\u{1F44D}\uD83D\uDC4D$", &["ABC👍👍"], &["ABC"]),
        (r"^[\u{1F600}-\u{1F64F}]{2,3}?$", &["😀😁"], &["😀", "a"]),
        (r"^[\d\-a-c.]+$", &["1-b."], &["d", "é"]),
        (r"^[^\W]$", &["a"], &["-"]),
        (r"^[&&a~~[\]^\\-]+$", &["&a~[]^\\-"], &["b"]),
        (r"^(?:a|b)(c)?(?<name>d)*$", &["ac", "bdd"], &["c"]),
        (r"^[^]$", &["a", "\n"], &["", "ab"]),
        (r"[]", &[], &["", "a"]),
        (r"^[\b]\cJ\/\$$", &["\u{8}\n/$"], &["b\n/$"]),
        (r"^\p{Script=Greek}\p{Lu}\p{L}\p{Alphabetic}$", &["αAéz"], &["aAéz"]),
        ("^# -&~$", &["# -&~"], &["#-&~"]),
        (r"^(|a)$", &["", "a"], &["b"]),
    ];
    for (ecma, found, not_found) in cases {
        let rust = to_rust(ecma).unwrap_or_else(|error| panic!("{ecma}: {error:?}"));
        let regex = regex::Regex::new(&rust).unwrap();
        for text in *found {
            assert!(regex.is_match(text), "{ecma} ({rust}) is in {text:?}");
        }
        for text in *not_found {
            assert!(!regex.is_match(text), "{ecma} ({rust}) is not in {text:?}");
        }
    }
}

#[test]
fn readable_patterns_stay_readable() {
    assert_eq!(to_rust(r"^\P{Cc}*$").unwrap(), r"^\P{Cc}*$");
    assert_eq!(to_rust("^[a-z0-9_-]+$").unwrap(), r"^[a-z0-9_\-]+$");
}

#[test]
fn patterns_that_are_not_portable_are_refused() {
    for (ecma, why) in [
        ("(?=a)", "lookahead"),
        ("(?!a)", "lookahead"),
        ("(?<=a)b", "lookbehind"),
        ("(?<!a)b", "lookbehind"),
        (r"(a)\1", "backreference"),
        (r"(?<x>a)\k<x>", "backreference"),
        ("(?i:a)", "group"),
        ("(a", "is not closed"),
        ("a)", "never opened"),
        ("[a", "is not closed"),
        ("a**", "nothing to repeat"),
        ("*", "nothing to repeat"),
        ("^*", "cannot be repeated"),
        ("a{2,1}", "not in order"),
        ("a{,3}", "not a repetition"),
        ("{", "special meaning"),
        (r"\a", "no special meaning"),
        (r"\-", "no special meaning"),
        (r"[z-a]", "not in order"),
        (r"[\d-z]", "single characters"),
        (r"\uD83D", "not a Unicode character"),
        (r"\u{110000}", "not a Unicode character"),
        (r"\u12", "digits are missing"),
        (r"\00", "no special meaning"),
        (r"\p{cc}", "no property"),
        (r"\p{Greek}", "no property"),
        (r"\p{Script=greek}", "no property"),
        (r"\pL", "no name"),
        (r"\", "escapes nothing"),
        ("(?:a{1000}){1000}", "memory"),
    ] {
        let error = to_rust(ecma).expect_err(ecma);
        assert!(error.why.contains(why), "{ecma}: {}", error.why);
    }
}
