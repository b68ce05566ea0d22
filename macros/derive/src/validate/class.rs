//! Sets of characters, and the tests that they compile to.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use regex_syntax::hir::{Class as HirClass, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

/// A set of characters that is small enough to be written out.
#[derive(Clone, Debug)]
pub struct Class(ClassUnicode);

/// The maximum number of ranges of characters that are written out. Beyond it, a regular expression is better.
const MAX_RANGES: usize = 48;

impl Class {
    /// The set of a pattern that matches one character; `None` if the pattern matches anything else, or the set is
    /// large.
    pub fn of(hir: &Hir) -> Option<Self> {
        let class = match hir.kind() {
            HirKind::Class(HirClass::Unicode(class)) => class.clone(),
            HirKind::Class(HirClass::Bytes(class)) => class.to_unicode_class()?,
            HirKind::Literal(literal) => {
                let mut chars = std::str::from_utf8(&literal.0).ok()?.chars();
                let (Some(char), None) = (chars.next(), chars.next()) else { return None };
                return Some(Class::from(char));
            }
            HirKind::Capture(capture) => return Class::of(&capture.sub),
            _ => return None,
        };
        let class = Class(class);
        (class.written().1.ranges().len() <= MAX_RANGES).then_some(class)
    }

    pub fn is_disjoint_from(&self, other: &Class) -> bool {
        let mut shared = self.0.clone();
        shared.intersect(&other.0);
        shared.ranges().is_empty()
    }

    pub fn includes(&self, other: &Class) -> bool {
        let mut rest = other.0.clone();
        rest.difference(&self.0);
        rest.ranges().is_empty()
    }

    /// The ranges of the set or of its complement, whichever are fewer, and which of the two they are.
    fn written(&self) -> (bool, ClassUnicode) {
        let mut others = self.0.clone();
        others.negate();
        if others.ranges().len() < self.0.ranges().len() { (false, others) } else { (true, self.0.clone()) }
    }

    /// A closure: whether a `char` is in the set.
    pub fn chars(&self) -> TokenStream {
        let (inside, class) = self.written();
        if class.ranges().is_empty() {
            return if inside { quote!(|_: char| false) } else { quote!(|_: char| true) };
        }
        let ranges = class.ranges().iter().map(|range| {
            let (start, end) = (range.start(), range.end());
            if start == end { quote!(#start) } else { quote!(#start..=#end) }
        });
        let test = quote!(::core::matches!(char, #(#ranges)|*));
        if inside { quote!(|char: char| #test) } else { quote!(|char: char| !#test) }
    }

    /// A closure: whether a byte of UTF-8 is certainly in the set, or part of a character that is.
    pub fn bytes(&self) -> TokenStream {
        let mut ascii = self.0.clone();
        ascii.intersect(&ClassUnicode::new([ClassUnicodeRange::new('\0', '\x7f')]));
        let mut ranges: Vec<(u32, u32)> =
            ascii.ranges().iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect();
        let beyond = ClassUnicode::new([ClassUnicodeRange::new('\u{80}', char::MAX)]);
        if self.includes(&Class(beyond)) {
            match ranges.last_mut() {
                Some((_, end)) if *end == 0x7f => *end = 0xff,
                _ => ranges.push((0x80, 0xff)),
            }
        }
        if ranges.is_empty() {
            return quote!(|_: u8| false);
        }
        let ranges = ranges.into_iter().map(|(start, end)| {
            let (low, high) = (byte(start), byte(end));
            if start == end { quote!(#low) } else { quote!(#low..=#high) }
        });
        quote!(|byte: u8| ::core::matches!(byte, #(#ranges)|*))
    }
}

fn byte(value: u32) -> Literal {
    Literal::u8_suffixed(u8::try_from(value).unwrap_or(u8::MAX))
}

impl From<char> for Class {
    fn from(char: char) -> Self {
        Class(ClassUnicode::new([ClassUnicodeRange::new(char, char)]))
    }
}
