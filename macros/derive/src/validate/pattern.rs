//! Regular expressions. Simple ones, the only kind in most schemas, become loops over the text when the schema is
//! compiled. The others are compiled at their first use.

use proc_macro2::TokenStream;
use quote::quote;
use regex_syntax::hir::{Hir, HirKind, Look};
use syn::{Error, LitStr, Result};

use super::class::Class;

/// An expression of `text`: whether the pattern is found in it.
pub fn test(pattern: &LitStr) -> Result<TokenStream> {
    let source = pattern.value();
    let error = |error: &dyn std::fmt::Display| {
        let error = error.to_string();
        let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Error::new_spanned(pattern, format!("not a regular expression of the crate `regex`: {reason}; correct it"))
    };
    let hir = regex_syntax::parse(&source).map_err(|cause| error(&cause))?;
    if let Some(plain) = Plain::of(&hir) {
        return Ok(plain.expression());
    }
    regex::Regex::new(&source).map_err(|cause| error(&cause))?;
    Ok(quote!({
        static PATTERN: ::std::sync::LazyLock<::accord_runtime::private::Regex> =
            ::std::sync::LazyLock::new(|| {
                ::accord_runtime::private::Regex::new(#pattern).expect("checked when the schema was compiled")
            });
        PATTERN.is_match(text)
    }))
}

/// A pattern that needs no regular expression.
enum Plain {
    /// `a`: one character of a set, anywhere.
    Some(Class),
    /// `^a*$`, `^a+$`: characters of a set, and no others.
    Every { class: Class, empty: bool },
    /// `^a*ba*$` where `a` includes `b`: characters of a set, and at least one of a smaller one.
    EveryAndSome { every: Class, some: Class },
    /// `^a{2}b*c$`: runs of characters, each of which ends where the next one begins.
    Runs(Vec<Run>),
}

/// A number of characters of a set.
struct Run {
    class: Class,
    min: usize,
    max: Option<usize>,
}

impl Plain {
    fn of(hir: &Hir) -> Option<Self> {
        if let Some(class) = Class::of(hir) {
            return Some(Plain::Some(class));
        }
        let HirKind::Concat(parts) = hir.kind() else { return None };
        let [first, inner @ .., last] = parts.as_slice() else { return None };
        let (HirKind::Look(Look::Start), HirKind::Look(Look::End)) = (first.kind(), last.kind()) else { return None };
        let mut runs = Vec::new();
        for part in inner {
            Run::read(part, &mut runs)?;
        }
        match runs.as_slice() {
            [Run { class, min: min @ (0 | 1), max: None }] => {
                return Some(Plain::Every { class: class.clone(), empty: *min == 0 });
            }
            [
                Run { class: before, min: 0, max: None },
                Run { class: some, min: 1, max: Some(1) },
                Run { class: after, min: 0, max: None },
            ] if before.includes(some) && before.includes(after) && after.includes(before) => {
                return Some(Plain::EveryAndSome { every: before.clone(), some: some.clone() });
            }
            _ => {}
        }
        runs.iter().enumerate().all(|(index, run)| run.ends_before(&runs[index + 1..])).then_some(Plain::Runs(runs))
    }

    fn expression(&self) -> TokenStream {
        match self {
            Plain::Some(class) => {
                let chars = class.chars();
                quote!(text.contains(#chars))
            }
            Plain::Every { class, empty } => {
                let every = every(class);
                if *empty { every } else { quote!(!text.is_empty() && #every) }
            }
            Plain::EveryAndSome { every: class, some } => {
                let (every, some) = (every(class), some.chars());
                quote!(text.contains(#some) && #every)
            }
            Plain::Runs(runs) => {
                let runs = runs.iter().map(|Run { class, min, max }| {
                    let chars = class.chars();
                    let max = max.map_or_else(|| quote!(usize::MAX), |max| quote!(#max));
                    quote!(::accord_runtime::text::run(&mut rest, #min, #max, #chars))
                });
                quote!({
                    let mut rest = text.chars();
                    #(#runs &&)* rest.as_str().is_empty()
                })
            }
        }
    }
}

fn every(class: &Class) -> TokenStream {
    let (bytes, chars) = (class.bytes(), class.chars());
    quote!(::accord_runtime::text::every(text, #bytes, #chars))
}

impl Run {
    /// Adds the runs that a part of a pattern consists of; `None` if it is something else.
    fn read(part: &Hir, runs: &mut Vec<Run>) -> Option<()> {
        if let Some(class) = Class::of(part) {
            runs.push(Run { class, min: 1, max: Some(1) });
            return Some(());
        }
        match part.kind() {
            HirKind::Repetition(repetition) => runs.push(Run {
                class: Class::of(&repetition.sub)?,
                min: usize::try_from(repetition.min).ok()?,
                max: match repetition.max {
                    Some(max) => Some(usize::try_from(max).ok()?),
                    None => None,
                },
            }),
            HirKind::Literal(literal) => {
                for char in std::str::from_utf8(&literal.0).ok()?.chars() {
                    runs.push(Run { class: Class::from(char), min: 1, max: Some(1) });
                }
            }
            HirKind::Capture(capture) => Run::read(&capture.sub, runs)?,
            HirKind::Concat(parts) => {
                for part in parts {
                    Run::read(part, runs)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// Whether greedy matching never takes a character that a later run needs.
    fn ends_before(&self, later: &[Run]) -> bool {
        if self.max == Some(self.min) {
            return true;
        }
        for run in later {
            if !self.class.is_disjoint_from(&run.class) {
                return false;
            }
            if run.min > 0 {
                return true;
            }
        }
        true
    }
}
