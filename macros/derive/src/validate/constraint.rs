//! Constraints on one value. As in JSON Schema, each applies only to values of its own type.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, Lit, LitInt, LitStr, Result, Token, meta::ParseNestedMeta, parse::ParseStream};

use super::pattern;

/// All constraints that a `#[validate(…)]` puts on one value.
#[derive(Default)]
pub struct Constraints {
    /// In the order in which they are written, which is also the order of the checks.
    checks: Vec<Constraint>,
    violation: Option<LitStr>,
    span: Option<Span>,
}

/// One constraint on a value.
pub enum Constraint {
    MinLength(u64),
    MaxLength(u64),
    Pattern(LitStr),
    DateTime,
    Constant(LitStr),
    Minimum(Number),
    Maximum(Number),
    ExclusiveMinimum(Number),
    ExclusiveMaximum(Number),
    MinItems(u64),
    MaxItems(u64),
}

/// A number, as it was written and as it is compared.
pub struct Number {
    text: String,
    value: f64,
}

const KNOWN: &str = "`min_length`, `max_length`, `pattern` (with `violation`), `date_time`, `constant`, `minimum`, \
                     `maximum`, `exclusive_minimum`, `exclusive_maximum`, `min_items`, `max_items`, `rule(…)`";

impl Constraint {
    /// The constraint that `meta` names; `None` where it names none.
    pub fn read(meta: &ParseNestedMeta<'_>) -> Result<Option<Self>> {
        let Some(name) = meta.path.get_ident() else { return Ok(None) };
        Ok(Some(match name.to_string().as_str() {
            "min_length" => Constraint::MinLength(count(meta)?),
            "max_length" => Constraint::MaxLength(count(meta)?),
            "pattern" => Constraint::Pattern(meta.value()?.parse()?),
            "date_time" => Constraint::DateTime,
            "constant" => Constraint::Constant(meta.value()?.parse()?),
            "minimum" => Constraint::Minimum(Number::read(meta.value()?)?),
            "maximum" => Constraint::Maximum(Number::read(meta.value()?)?),
            "exclusive_minimum" => Constraint::ExclusiveMinimum(Number::read(meta.value()?)?),
            "exclusive_maximum" => Constraint::ExclusiveMaximum(Number::read(meta.value()?)?),
            "min_items" => Constraint::MinItems(count(meta)?),
            "max_items" => Constraint::MaxItems(count(meta)?),
            _ => return Ok(None),
        }))
    }

    /// An expression that is false if a value of the constraint's type violates it.
    pub fn test(&self) -> Result<TokenStream> {
        Ok(match self {
            Constraint::MinLength(count) => {
                let count = index(*count);
                quote!(::accord_runtime::text::at_least(text, #count))
            }
            Constraint::MaxLength(count) => {
                let count = index(*count);
                quote!(::accord_runtime::text::at_most(text, #count))
            }
            Constraint::Pattern(pattern) => pattern::test(pattern)?,
            Constraint::DateTime => quote!(::accord_runtime::validate::date_time(text)),
            Constraint::Constant(constant) => quote!(text == #constant),
            Constraint::Minimum(Number { value, .. }) => quote!(number >= #value),
            Constraint::Maximum(Number { value, .. }) => quote!(number <= #value),
            Constraint::ExclusiveMinimum(Number { value, .. }) => quote!(number > #value),
            Constraint::ExclusiveMaximum(Number { value, .. }) => quote!(number < #value),
            Constraint::MinItems(count) => {
                let count = index(*count);
                quote!(items.len() >= #count)
            }
            Constraint::MaxItems(count) => {
                let count = index(*count);
                quote!(items.len() <= #count)
            }
        })
    }

    /// The name that [`Constraint::test`] gives the value, and the expression that yields the value as an `Option`.
    pub fn subject(&self, value: &TokenStream) -> (TokenStream, TokenStream) {
        match self {
            Constraint::MinLength(_)
            | Constraint::MaxLength(_)
            | Constraint::Pattern(_)
            | Constraint::DateTime
            | Constraint::Constant(_) => (quote!(text), quote!(#value.as_str())),
            Constraint::Minimum(_)
            | Constraint::Maximum(_)
            | Constraint::ExclusiveMinimum(_)
            | Constraint::ExclusiveMaximum(_) => (quote!(number), quote!(#value.as_f64())),
            Constraint::MinItems(_) | Constraint::MaxItems(_) => (quote!(items), quote!(#value.as_array())),
        }
    }

    fn message(&self) -> String {
        match self {
            Constraint::MinLength(count) => format!("must be at least {}", plural(*count, "character")),
            Constraint::MaxLength(count) => format!("must be at most {}", plural(*count, "character")),
            Constraint::Pattern(pattern) => format!("must match {}", pattern.value()),
            Constraint::DateTime => "must be a date and time, like 2026-01-31T09:30:00Z (RFC 3339)".to_owned(),
            Constraint::Constant(constant) => format!("must be: {}", constant.value()),
            Constraint::Minimum(Number { text, .. }) => format!("must be at least {text}"),
            Constraint::Maximum(Number { text, .. }) => format!("must be at most {text}"),
            Constraint::ExclusiveMinimum(Number { text, .. }) => format!("must be more than {text}"),
            Constraint::ExclusiveMaximum(Number { text, .. }) => format!("must be less than {text}"),
            Constraint::MinItems(count) => format!("must have at least {}", plural(*count, "item")),
            Constraint::MaxItems(count) => format!("must have at most {}", plural(*count, "item")),
        }
    }
}

impl Constraints {
    /// Adds the constraint that `meta` declares.
    pub fn read(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        use syn::spanned::Spanned as _;
        self.span.get_or_insert(meta.path.span());
        if meta.path.is_ident("violation") {
            let violation = meta.value()?.parse()?;
            return crate::attribute::once(&mut self.violation, meta, violation);
        }
        let Some(constraint) = Constraint::read(meta)? else {
            return Err(meta.error(format!("not a constraint: use {KNOWN}")));
        };
        let again = |other: &Constraint| std::mem::discriminant(other) == std::mem::discriminant(&constraint);
        if self.checks.iter().any(again) {
            return Err(meta.error("given twice: leave one of them out"));
        }
        constraint.test()?;
        self.checks.push(constraint);
        Ok(())
    }

    /// Checks that the constraints can be combined.
    pub fn complete(&self) -> Result<()> {
        let pattern = self.checks.iter().any(|check| matches!(check, Constraint::Pattern(_)));
        match &self.violation {
            Some(violation) if !pattern => {
                Err(Error::new_spanned(violation, "missing `pattern`: add it, or leave `violation` out"))
            }
            _ => Ok(()),
        }
    }

    /// The place of the constraints, if there are any.
    pub fn span(&self) -> Option<Span> {
        self.span
    }

    /// The checks of `value` at `at`.
    pub fn checks(&self, value: &TokenStream, at: &TokenStream) -> TokenStream {
        let checks = self.checks.iter().map(|constraint| {
            let (name, subject) = constraint.subject(value);
            let test = constraint.test().unwrap_or_else(Error::into_compile_error);
            let message = match (&self.violation, constraint) {
                (Some(violation), Constraint::Pattern(_)) => violation.value(),
                _ => constraint.message(),
            };
            quote! {
                if let ::core::option::Option::Some(#name) = #subject
                    && !(#test)
                {
                    violations.add(#at, #message);
                }
            }
        });
        quote!(#(#checks)*)
    }
}

impl Number {
    /// A number, with its sign.
    pub fn read(input: ParseStream<'_>) -> Result<Self> {
        let minus = input.parse::<Option<Token![-]>>()?;
        let literal: Lit = input.parse()?;
        let digits = match &literal {
            Lit::Int(int) => int.base10_digits().to_owned(),
            Lit::Float(float) => float.base10_digits().to_owned(),
            _ => return Err(Error::new_spanned(&literal, "not a number: write one, like `1` or `0.5`")),
        };
        let text = if minus.is_some() { format!("-{digits}") } else { digits };
        match text.parse() {
            Ok(value) => Ok(Number { text, value }),
            Err(_) => Err(Error::new_spanned(&literal, "not a number: write one, like `1` or `0.5`")),
        }
    }

    /// Its value for comparisons.
    pub fn value(&self) -> f64 {
        self.value
    }
}

fn count(meta: &ParseNestedMeta<'_>) -> Result<u64> {
    meta.value()?.parse::<LitInt>()?.base10_parse()
}

/// A count as a `usize`. A count that is too large for this machine becomes `usize::MAX`.
fn index(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn plural(count: u64, noun: &str) -> String {
    if count == 1 { format!("{count} {noun}") } else { format!("{count} {noun}s") }
}
