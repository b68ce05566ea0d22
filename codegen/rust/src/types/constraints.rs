//! The limits of a value, as `#[validate(…)]`.

use accord_language::model::{Bounds, Kind, Pattern, Text};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The attribute; nothing where a value has no limits.
pub fn attribute(kind: &Kind) -> Option<TokenStream> {
    let constraints = match kind {
        Kind::Text(text) => of_text(text),
        Kind::Integer(bounds) => of_bounds(bounds),
        Kind::Number(bounds) => of_bounds(bounds),
        Kind::Array(array) => {
            let min = array.min_items.map(|count| counted(&quote!(min_items), count));
            let max = array.max_items.map(|count| counted(&quote!(max_items), count));
            min.into_iter().chain(max).collect()
        }
        Kind::Const(constant) => vec![quote!(constant = #constant)],
        Kind::Ref(_) | Kind::Boolean | Kind::Map(_) => Vec::new(),
    };
    (!constraints.is_empty()).then(|| quote!(#[validate(#(#constraints),*)]))
}

fn of_text(text: &Text) -> Vec<TokenStream> {
    let mut constraints = Vec::new();
    constraints.extend(text.min_length.map(|count| counted(&quote!(min_length), count)));
    constraints.extend(text.max_length.map(|count| counted(&quote!(max_length), count)));
    if let Some(Pattern { ecma, rust, violation }) = &text.pattern {
        let source = raw(rust);
        constraints.push(quote!(pattern = #source));
        match violation {
            Some(violation) => constraints.push(quote!(violation = #violation)),
            None if ecma != rust => {
                let violation = format!("must match {ecma}");
                constraints.push(quote!(violation = #violation));
            }
            None => {}
        }
    }
    if text.date_time {
        constraints.push(quote!(date_time));
    }
    constraints
}

fn of_bounds<N: Copy + std::fmt::Display>(bounds: &Bounds<N>) -> Vec<TokenStream> {
    let Bounds { minimum, maximum, exclusive_minimum, exclusive_maximum } = bounds;
    [
        minimum.map(|bound| (quote!(minimum), bound)),
        exclusive_minimum.map(|bound| (quote!(exclusive_minimum), bound)),
        maximum.map(|bound| (quote!(maximum), bound)),
        exclusive_maximum.map(|bound| (quote!(exclusive_maximum), bound)),
    ]
    .into_iter()
    .flatten()
    .map(|(name, bound)| {
        let bound = number(bound);
        quote!(#name = #bound)
    })
    .collect()
}

/// `name = count`.
pub fn counted(name: &TokenStream, count: u64) -> TokenStream {
    let count = Literal::u64_unsuffixed(count);
    quote!(#name = #count)
}

/// A number as a person writes it: `100`, not `100f64`.
pub fn number(number: impl std::fmt::Display) -> TokenStream {
    let text = number.to_string();
    let (minus, digits) = match text.strip_prefix('-') {
        Some(digits) => (Some(quote!(-)), digits),
        None => (None, text.as_str()),
    };
    let digits: Literal = digits.parse().expect("numbers are literals");
    quote!(#minus #digits)
}

/// A string literal without escapes where that can be: `r"\S"`.
pub fn raw(text: &str) -> Literal {
    if !text.contains(['\\', '"']) || text.contains(char::is_control) {
        return Literal::string(text);
    }
    let mut hashes = String::new();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}").parse().unwrap_or_else(|_| Literal::string(text))
}
