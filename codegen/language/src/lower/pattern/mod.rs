//! Regular expressions: from ECMA-262 with the flag `u`, which JSON Schema has, to the syntax of the `regex` crate,
//! with exactly the same meaning. Patterns without such a translation are refused.

mod property;
#[cfg(test)]
mod tests;

use std::{iter::Peekable, str::CharIndices};

/// The reason why a pattern cannot be used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unportable {
    /// The mistake.
    pub why: String,
    /// The part of the pattern.
    pub at: String,
    /// The alternative.
    pub help: &'static str,
}

/// White space and line ends (ECMA-262, `WhiteSpace` and `LineTerminator`), as the inside of a class.
const SPACE: &str = r"\t\n\x0B\x0C\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}";
/// ECMA-262, `LineTerminator`, as the inside of a class.
const LINE_END: &str = r"\n\r\x{2028}\x{2029}";
const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";

/// The pattern in the syntax of the `regex` crate.
///
/// # Errors
/// If it is not a regular expression by ECMA-262 with the flag `u`, or has no translation.
pub fn to_rust(ecma: &str) -> Result<String, Unportable> {
    let mut translation =
        Translation { source: ecma, input: ecma.char_indices().peekable(), rust: String::new(), depth: 0 };
    translation.alternatives()?;
    if let Some((at, _)) = translation.input.peek().copied() {
        return Err(translation.error(at, "this closes a group that was never opened", "escape it: `\\)`"));
    }
    let rust = translation.rust;
    match regex::Regex::new(&rust) {
        Ok(_) => Ok(rust),
        Err(regex::Error::CompiledTooBig(_)) => Err(Unportable {
            why: "it takes too much memory".to_owned(),
            at: ecma.to_owned(),
            help: "repeat less; state lengths with `minLength` and `maxLength`",
        }),
        Err(error) => Err(Unportable {
            why: error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
            at: ecma.to_owned(),
            help: "write it in a simpler way",
        }),
    }
}

struct Translation<'p> {
    source: &'p str,
    input: Peekable<CharIndices<'p>>,
    rust: String,
    depth: usize,
}

/// A part of a class.
enum Atom {
    Character(char),
    /// The inside of a class.
    Set(String),
}

const LOOKAROUND: &str = "match the whole string with `^…$`, or state the second condition under `rules`";
const ESCAPE: &str = "only `^$\\.*+?()[]{}|/` are escaped with a backslash (and `-` in a class)";

impl Translation<'_> {
    fn error(&self, start: usize, why: impl Into<String>, help: &'static str) -> Unportable {
        let rest = &self.source[start.min(self.source.len())..];
        let end = rest.char_indices().nth(4).map_or(rest.len(), |(end, _)| end);
        let at = if rest.is_empty() { self.source } else { &rest[..end] };
        Unportable { why: why.into(), at: at.to_owned(), help }
    }

    fn position(&mut self) -> usize {
        self.input.peek().map_or(self.source.len(), |(at, _)| *at)
    }

    fn peek(&mut self) -> Option<char> {
        self.input.peek().map(|(_, character)| *character)
    }

    fn eat(&mut self, expected: char) -> bool {
        self.input.next_if(|(_, character)| *character == expected).is_some()
    }

    /// `a|b`, up to the end of the group.
    fn alternatives(&mut self) -> Result<(), Unportable> {
        loop {
            while let Some(character) = self.peek() {
                if character == '|' || character == ')' {
                    break;
                }
                self.term()?;
            }
            if !self.eat('|') {
                return Ok(());
            }
            self.rust.push('|');
        }
    }

    /// An atom with its quantifier, or an assertion.
    fn term(&mut self) -> Result<(), Unportable> {
        let start = self.position();
        let Some((_, character)) = self.input.next() else { return Ok(()) };
        let repeatable = match character {
            '^' | '$' => {
                // Without the flag `m`, both languages mean the ends of the whole string.
                self.rust.push(character);
                false
            }
            '.' => {
                self.rust.push_str(&format!("[^{LINE_END}]"));
                true
            }
            '(' => {
                self.group(start)?;
                true
            }
            '[' => {
                self.class(start)?;
                true
            }
            '\\' => self.escape(start)?,
            '*' | '+' | '?' => {
                return Err(self.error(start, "there is nothing to repeat", "escape it with a backslash"));
            }
            '{' | '}' | ']' => {
                return Err(self.error(start, "the character has a special meaning", "escape it with a backslash"));
            }
            character => {
                self.literal(character);
                true
            }
        };
        self.quantifier(repeatable)
    }

    fn literal(&mut self, character: char) {
        if regex_syntax_needs_escape(character) {
            self.rust.push('\\');
            self.rust.push(character);
        } else if character.is_control() || character.is_whitespace() && character != ' ' {
            self.rust.push_str(&escaped(character));
        } else {
            self.rust.push(character);
        }
    }

    fn quantifier(&mut self, repeatable: bool) -> Result<(), Unportable> {
        let start = self.position();
        let quantifier = match self.peek() {
            Some(quantifier @ ('*' | '+' | '?')) => {
                self.input.next();
                quantifier.to_string()
            }
            Some('{') => {
                self.input.next();
                self.counted(start)?
            }
            _ => return Ok(()),
        };
        if !repeatable {
            return Err(self.error(start, "a position cannot be repeated", "leave the quantifier out"));
        }
        self.rust.push_str(&quantifier);
        if self.eat('?') {
            self.rust.push('?');
        }
        let again = self.position();
        match self.peek() {
            Some('*' | '+' | '?' | '{') => {
                Err(self.error(again, "there is nothing to repeat", "put the repetition into a group"))
            }
            _ => Ok(()),
        }
    }

    /// `{2}`, `{2,}`, `{2,5}`, after the brace.
    fn counted(&mut self, start: usize) -> Result<String, Unportable> {
        let wrong = "this is not a repetition";
        let help = "write `{2}`, `{2,}` or `{2,5}`, or escape the brace with a backslash";
        let min = self.digits();
        let comma = self.eat(',');
        let max = if comma { self.digits() } else { String::new() };
        if min.is_empty() || !self.eat('}') {
            return Err(self.error(start, wrong, help));
        }
        let (least, most) = (min.parse::<u32>(), if max.is_empty() { Ok(u32::MAX) } else { max.parse::<u32>() });
        match (least, most) {
            (Ok(least), Ok(most)) if least <= most => {}
            _ => return Err(self.error(start, "the numbers are too large, or not in order", help)),
        }
        Ok(match comma {
            true => format!("{{{min},{max}}}"),
            false => format!("{{{min}}}"),
        })
    }

    fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some((_, digit)) = self.input.next_if(|(_, character)| character.is_ascii_digit()) {
            digits.push(digit);
        }
        digits
    }

    /// After `(`.
    fn group(&mut self, start: usize) -> Result<(), Unportable> {
        self.depth += 1;
        if self.depth > 50 {
            return Err(self.error(start, "more than 50 groups are nested", "write it in a simpler way"));
        }
        if self.eat('?') {
            match self.input.next().map(|(_, character)| character) {
                Some(':') => {}
                Some('=' | '!') => return Err(self.error(start, "lookahead is not portable", LOOKAROUND)),
                Some('<') if matches!(self.peek(), Some('=' | '!')) => {
                    return Err(self.error(start, "lookbehind is not portable", LOOKAROUND));
                }
                Some('<') => {
                    let first = self.peek();
                    while self
                        .input
                        .next_if(|(_, next)| next.is_alphanumeric() || *next == '_' || *next == '$')
                        .is_some()
                    {}
                    if !first.is_some_and(|first| first.is_alphabetic() || first == '_' || first == '$')
                        || !self.eat('>')
                    {
                        return Err(self.error(start, "the group has no valid name", "use `(?:…)`"));
                    }
                }
                _ => return Err(self.error(start, "this kind of group is not portable", "use `(?:…)`")),
            }
        }
        // Captures are never read.
        self.rust.push_str("(?:");
        self.alternatives()?;
        if !self.eat(')') {
            return Err(self.error(start, "the group is not closed", "add `)`, or escape it: `\\(`"));
        }
        self.rust.push(')');
        self.depth -= 1;
        Ok(())
    }

    /// After a backslash outside of a class; whether it can be repeated.
    fn escape(&mut self, start: usize) -> Result<bool, Unportable> {
        match self.peek() {
            Some('b') => {
                self.input.next();
                self.rust.push_str(r"(?-u:\b)");
                Ok(false)
            }
            Some('B') => {
                self.input.next();
                self.rust.push_str(r"(?-u:\B)");
                Ok(false)
            }
            Some('1'..='9' | 'k') => Err(self.error(
                start,
                "a backreference is not portable",
                "write out what it refers to, or check it in the handler",
            )),
            _ => {
                match self.atom_escape(start)? {
                    Atom::Character(character) => self.literal(character),
                    Atom::Set(set) => self.rust.push_str(&as_class(&set)),
                }
                Ok(true)
            }
        }
    }

    /// Reads an escape, after the backslash, that means the same inside and outside of a class.
    fn atom_escape(&mut self, start: usize) -> Result<Atom, Unportable> {
        let Some((_, character)) = self.input.next() else {
            return Err(self.error(start, "the backslash escapes nothing", "to mean a backslash, write `\\\\`"));
        };
        let negated = |set: &str| Atom::Set(format!("[^{set}]"));
        Ok(match character {
            't' => Atom::Character('\t'),
            'n' => Atom::Character('\n'),
            'v' => Atom::Character('\u{b}'),
            'f' => Atom::Character('\u{c}'),
            'r' => Atom::Character('\r'),
            'd' => Atom::Set(DIGIT.to_owned()),
            'D' => negated(DIGIT),
            'w' => Atom::Set(WORD.to_owned()),
            'W' => negated(WORD),
            's' => Atom::Set(SPACE.to_owned()),
            'S' => negated(SPACE),
            '0' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => Atom::Character('\0'),
            'c' => match self.input.next() {
                Some((_, letter)) if letter.is_ascii_alphabetic() => Atom::Character(char::from(letter as u8 % 32)),
                _ => return Err(self.error(start, "`\\c` needs a letter", "write `\\x0A` or the like")),
            },
            'x' => Atom::Character(self.hexadecimal(start, 2)?),
            'u' => Atom::Character(self.unicode(start)?),
            'p' | 'P' => {
                let property = self.property(start)?;
                Atom::Set(format!("\\{character}{{{property}}}"))
            }
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/' => {
                Atom::Character(character)
            }
            _ => {
                return Err(self.error(start, "the backslash escapes a character that has no special meaning", ESCAPE));
            }
        })
    }

    fn code_unit(&mut self, start: usize, digits: usize) -> Result<u32, Unportable> {
        let mut value = 0;
        for _ in 0..digits {
            match self.input.next().and_then(|(_, digit)| digit.to_digit(16)) {
                Some(digit) => value = value * 16 + digit,
                None => {
                    return Err(self.error(
                        start,
                        "hexadecimal digits are missing",
                        "write `\\x0A`, `\\u000A` or `\\u{A}`",
                    ));
                }
            }
        }
        Ok(value)
    }

    fn hexadecimal(&mut self, start: usize, digits: usize) -> Result<char, Unportable> {
        let value = self.code_unit(start, digits)?;
        self.scalar(start, value)
    }

    fn scalar(&self, start: usize, value: u32) -> Result<char, Unportable> {
        char::from_u32(value).ok_or_else(|| {
            self.error(
                start,
                "this is not a Unicode character",
                "well-formed JSON strings contain no halves of surrogate pairs",
            )
        })
    }

    /// After `\u`.
    fn unicode(&mut self, start: usize) -> Result<char, Unportable> {
        if self.eat('{') {
            let mut value: u32 = 0;
            let mut digits = 0;
            while let Some((_, digit)) = self.input.next_if(|(_, next)| next.is_ascii_hexdigit()) {
                value = value.saturating_mul(16).saturating_add(digit.to_digit(16).unwrap_or_default());
                digits += 1;
            }
            if digits == 0 || !self.eat('}') {
                return Err(self.error(start, "hexadecimal digits are missing", "write `\\u{1F44D}`"));
            }
            return self.scalar(start, value);
        }
        let first = self.code_unit(start, 4)?;
        let mut ahead = self.input.clone().map(|(_, next)| next);
        if (0xD800..0xDC00).contains(&first) && ahead.next() == Some('\\') && ahead.next() == Some('u') {
            self.input.next();
            self.input.next();
            let second = self.code_unit(start, 4)?;
            if (0xDC00..0xE000).contains(&second) {
                return self.scalar(start, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
            }
        }
        self.scalar(start, first)
    }

    /// After `\p`.
    fn property(&mut self, start: usize) -> Result<String, Unportable> {
        let help = "write `\\p{L}`, `\\p{Script=Greek}` or the like, with names as in the Unicode Standard";
        let mut name = String::new();
        let opened = self.eat('{');
        while let Some((_, next)) = self.input.next_if(|(_, next)| *next != '}') {
            name.push(next);
        }
        if !opened || !self.eat('}') {
            return Err(self.error(start, "the property has no name", help));
        }
        if !property::is_portable(&name) {
            return Err(self.error(start, format!("no property `{name}` exists in both languages"), help));
        }
        Ok(name)
    }

    /// After `[`.
    fn class(&mut self, start: usize) -> Result<(), Unportable> {
        let negated = self.eat('^');
        let mut set = String::new();
        loop {
            let at = self.position();
            let Some((_, character)) = self.input.next() else {
                return Err(self.error(start, "the class is not closed", "add `]`, or escape it: `\\[`"));
            };
            if character == ']' {
                break;
            }
            let low = self.class_atom(at, character)?;
            let mut ahead = self.input.clone().map(|(_, next)| next);
            let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|next| next != ']');
            if !is_range {
                match low {
                    Atom::Character(character) => set.push_str(&in_class(character)),
                    Atom::Set(inner) => set.push_str(&as_class(&inner)),
                }
                continue;
            }
            self.input.next();
            let high_at = self.position();
            let Some((_, character)) = self.input.next() else { continue };
            match (low, self.class_atom(high_at, character)?) {
                (Atom::Character(low), Atom::Character(high)) if low <= high => {
                    set.push_str(&format!("{}-{}", in_class(low), in_class(high)));
                }
                (Atom::Character(_), Atom::Character(_)) => {
                    return Err(self.error(at, "the range is not in order", "swap its ends"));
                }
                _ => {
                    return Err(self.error(
                        at,
                        "the ends of a range must be single characters",
                        "escape the `-` with a backslash",
                    ));
                }
            }
        }
        self.rust.push_str(&match (set.is_empty(), negated) {
            (true, true) => r"[\x{0}-\x{10FFFF}]".to_owned(),
            (true, false) => r"[^\x{0}-\x{10FFFF}]".to_owned(),
            (false, true) => format!("[^{set}]"),
            (false, false) => format!("[{set}]"),
        });
        Ok(())
    }

    fn class_atom(&mut self, at: usize, character: char) -> Result<Atom, Unportable> {
        if character != '\\' {
            return Ok(Atom::Character(character));
        }
        match self.peek() {
            Some('b') => {
                self.input.next();
                Ok(Atom::Character('\u{8}'))
            }
            Some('-') => {
                self.input.next();
                Ok(Atom::Character('-'))
            }
            _ => self.atom_escape(at),
        }
    }
}

/// Returns whether a character is special in the `regex` crate, outside of classes.
fn regex_syntax_needs_escape(character: char) -> bool {
    r"\.+*?()|[]{}^$".contains(character)
}

/// A character in a class: as it is where that is readable.
fn in_class(character: char) -> String {
    match character {
        ' ' | '_' | '/' | ':' | ',' | '.' | '@' => character.to_string(),
        _ if character.is_alphanumeric() => character.to_string(),
        '\\' | '-' | ']' | '[' | '^' | '&' | '~' => format!("\\{character}"),
        _ if character.is_ascii_graphic() => character.to_string(),
        _ => escaped(character),
    }
}

/// A class with this inside, without brackets where it is one already.
fn as_class(inside: &str) -> String {
    match inside.starts_with(['[', '\\']) && !inside.starts_with(r"\t") {
        true => inside.to_owned(),
        false => format!("[{inside}]"),
    }
}

fn escaped(character: char) -> String {
    match character {
        '\t' => r"\t".to_owned(),
        '\n' => r"\n".to_owned(),
        '\r' => r"\r".to_owned(),
        _ => format!(r"\x{{{:X}}}", u32::from(character)),
    }
}
