//! Reads attributes and types. Its errors say what to write instead.

use syn::{
    Attribute, Data, DeriveInput, Error, Expr, Field, Fields, Generics, Ident, LitStr, Result, Token, Type,
    ext::IdentExt, meta::ParseNestedMeta, punctuated::Punctuated, spanned::Spanned,
};

/// The serde attributes of a field, a variant or a type that matter to a check.
#[derive(Default)]
pub struct Serde {
    pub rename: Option<LitStr>,
    pub default: bool,
    pub transparent: bool,
}

impl Serde {
    pub fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut serde = Serde::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") && meta.input.peek(Token![=]) {
                    serde.rename = Some(meta.value()?.parse()?);
                    return Ok(());
                }
                if meta.path.is_ident("rename_all") || meta.path.is_ident("flatten") {
                    return Err(meta.error(
                        "checks do not support this: write `#[serde(rename = \"…\")]` on each field or variant",
                    ));
                }
                serde.default |= meta.path.is_ident("default");
                serde.transparent |= meta.path.is_ident("transparent");
                skip(&meta)
            })?;
        }
        Ok(serde)
    }

    /// The wire name of the item that is called `ident` in Rust.
    pub fn name(&self, ident: &Ident) -> String {
        self.rename.as_ref().map_or_else(|| ident.unraw().to_string(), LitStr::value)
    }
}

fn skip(meta: &ParseNestedMeta<'_>) -> Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        let inner;
        syn::parenthesized!(inner in meta.input);
        inner.parse::<proc_macro2::TokenStream>()?;
    }
    Ok(())
}

/// Sets an option that may be given once.
pub fn once<T>(slot: &mut Option<T>, meta: &ParseNestedMeta<'_>, value: T) -> Result<()> {
    if slot.replace(value).is_some() {
        return Err(meta.error("given twice: leave one of them out"));
    }
    Ok(())
}

/// The only attribute called `name`.
pub fn single<'a>(attributes: &'a [Attribute], name: &str) -> Result<Option<&'a Attribute>> {
    let mut found = attributes.iter().filter(|attribute| attribute.path().is_ident(name));
    let first = found.next();
    match found.next() {
        Some(second) => Err(Error::new_spanned(second, format!("`#[{name}]` is given twice: leave one of them out"))),
        None => Ok(first),
    }
}

/// Refuses type parameters, which generated types do not have.
pub fn no_generics(generics: &Generics, derive: &str) -> Result<()> {
    if generics.params.is_empty() {
        return Ok(());
    }
    let remedy = format!("`{derive}` does not support generic types: write the type out, without parameters");
    Err(Error::new_spanned(&generics.params, remedy))
}

/// The fields of a struct with named fields, or of one with none.
pub fn named_fields<'a>(input: &'a DeriveInput, remedy: &str) -> Result<Vec<&'a Field>> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(fields.named.iter().collect()),
            Fields::Unit => Ok(Vec::new()),
            Fields::Unnamed(fields) => Err(Error::new_spanned(fields, remedy)),
        },
        Data::Enum(data) => Err(Error::new(data.enum_token.span(), remedy)),
        Data::Union(data) => Err(Error::new(data.union_token.span(), remedy)),
    }
}

/// Makes sure that a type is a struct without fields.
pub fn unit_struct(input: &DeriveInput, derive: &str) -> Result<()> {
    no_generics(&input.generics, derive)?;
    match &input.data {
        Data::Struct(data) if data.fields.is_empty() => Ok(()),
        _ => Err(Error::new_spanned(
            &input.ident,
            format!("`{derive}` is for a struct without fields: write `pub struct {};`", input.ident),
        )),
    }
}

/// The name of the type's last segment, unresolved: `Option` for `Option<T>`.
pub fn outer_name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// Combines errors, so that all are reported at once.
pub fn combine(errors: impl IntoIterator<Item = Error>) -> Option<Error> {
    errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    })
}

/// A list in parentheses: `(a, b)`.
pub fn list<T>(
    input: syn::parse::ParseStream<'_>,
    item: fn(syn::parse::ParseStream<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let inner;
    syn::parenthesized!(inner in input);
    let items = Punctuated::<T, Token![,]>::parse_terminated_with(&inner, item)?;
    Ok(items.into_iter().collect())
}
