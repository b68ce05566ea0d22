//! `#[derive(Reply)]`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{DeriveInput, Error, Field, Ident, LitInt, LitStr, Result, Token, parse::ParseStream};

use crate::attribute::{combine, named_fields, no_generics, once, outer_name, single};

const REMEDY: &str = "add `#[reply(ack)]` if it is acknowledged, `#[reply(emit = \"…\", to = scope)]` if it is emitted, \
                      or both in one";
const TARGETS: &str =
    "`to` is one of `caller`, `scope`, `others`, `user`, `user_of(\"field\")`, `room(0)`, or a list of them";

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    no_generics(&input.generics, "Reply")?;
    let fields =
        named_fields(input, "`Reply` is for a struct with named fields: name each after the event it becomes")?;
    let (parts, errors): (Vec<_>, Vec<_>) = fields.into_iter().map(Part::read).partition(Result::is_ok);
    if let Some(error) = combine(errors.into_iter().filter_map(Result::err)) {
        return Err(error);
    }
    let parts: Vec<Part<'_>> = parts.into_iter().filter_map(Result::ok).collect();
    if let Some(second) = parts.iter().filter(|part| part.ack).nth(1) {
        let error = "a reply has one acknowledgement: leave `ack` out here or on the other field";
        return Err(Error::new_spanned(&second.field.ident, error));
    }
    let ident = &input.ident;
    let encodings = parts.iter().map(Part::encode);
    let ack = match parts.iter().find(|part| part.ack) {
        None => quote!(::core::option::Option::None),
        Some(Part { field, emit: None, .. }) => {
            let name = &field.ident;
            quote!(::core::option::Option::Some(#name))
        }
        Some(Part { field, .. }) => {
            let name = &field.ident;
            quote!(::core::option::Option::Some(#name.clone()))
        }
    };
    let capacity: usize = parts.iter().map(|part| part.emit.as_ref().map_or(0, |emit| emit.to.len())).sum();
    // A field, too, may be called `users`.
    let given = Ident::new("users", Span::mixed_site());
    let mut users = Vec::new();
    let emissions: Vec<TokenStream> = parts.iter().filter_map(|part| part.emission(&given, &mut users)).collect();
    let users_declared = (!users.is_empty()).then(|| quote!(const USERS: &'static [&'static str] = &[#(#users),*];));
    let named = if users.is_empty() { quote!(_) } else { quote!(#given) };
    let emissions = if capacity == 0 {
        quote!(let emissions = ::std::vec::Vec::new();)
    } else {
        quote! {
            let mut emissions = ::std::vec::Vec::with_capacity(#capacity);
            #(#emissions)*
        }
    };
    Ok(quote! {
        impl ::accord_runtime::Reply for #ident {
            #users_declared

            fn outcome(
                &self,
                #named: &[::std::sync::Arc<str>],
            ) -> ::core::result::Result<::accord_runtime::Outcome, ::accord_runtime::private::EncodeError> {
                #(#encodings)*
                let ack = #ack;
                #emissions
                ::core::result::Result::Ok(::accord_runtime::Outcome {
                    answer: ack,
                    emissions,
                    ..::core::default::Default::default()
                })
            }
        }
    })
}

/// A field and its uses.
struct Part<'a> {
    field: &'a Field,
    ack: bool,
    emit: Option<Emit>,
}

/// An event that a field is emitted as.
struct Emit {
    event: LitStr,
    to: Vec<Target>,
    durable: bool,
}

/// Its receivers.
enum Target {
    /// A variant of the runtime's enum.
    Plain(TokenStream),
    /// The user whose id is in this field of the payload or input.
    UserOf(LitStr),
}

impl<'a> Part<'a> {
    fn read(field: &'a Field) -> Result<Self> {
        let Some(attribute) = single(&field.attrs, "reply")? else {
            let name = &field.ident;
            return Err(Error::new_spanned(
                name,
                format!("`{}` is neither acknowledged nor emitted: {REMEDY}", quote!(#name)),
            ));
        };
        let (mut ack, mut emit, mut to, mut durable) = (None, None::<LitStr>, None, None);
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("ack") || meta.path.is_ident("answer") {
                once(&mut ack, &meta, ())
            } else if meta.path.is_ident("durable") {
                once(&mut durable, &meta, ())
            } else if meta.path.is_ident("emit") {
                let value = meta.value()?.parse()?;
                once(&mut emit, &meta, value)
            } else if meta.path.is_ident("to") {
                let value = targets(meta.value()?)?;
                once(&mut to, &meta, value)
            } else {
                Err(meta.error(format!("a reply's field is `ack`, `answer`, `emit`, `to`, `durable`: {REMEDY}")))
            }
        })?;
        let emit = match (emit, to) {
            (Some(event), Some(to)) => Some(Emit { event, to, durable: durable.is_some() }),
            (Some(event), None) => {
                return Err(Error::new_spanned(event, format!("missing `to`: say who gets the event; {TARGETS}")));
            }
            (None, Some(_)) => {
                return Err(Error::new_spanned(
                    attribute,
                    "missing `emit`: name the event, `emit = \"…\"`, or leave `to` out",
                ));
            }
            (None, None) if durable.is_some() => {
                let error = "only what is emitted is durable: leave it out";
                return Err(Error::new_spanned(attribute, error));
            }
            (None, None) if ack.is_none() => {
                return Err(Error::new_spanned(attribute, format!("missing `ack` or `emit`: {REMEDY}")));
            }
            (None, None) => None,
        };
        Ok(Part { field, ack: ack.is_some(), emit })
    }

    /// Whether the event is emitted once for each value, of which there may be none.
    fn repeats(&self) -> bool {
        !self.ack && outer_name(&self.field.ty).is_some_and(|name| name == "Option" || name == "Vec")
    }

    fn encode(&self) -> TokenStream {
        let name = &self.field.ident;
        if self.repeats() {
            quote! {
                let #name = self
                    .#name
                    .iter()
                    .map(::accord_runtime::reply::encode)
                    .collect::<::core::result::Result<::std::vec::Vec<_>, _>>()?;
            }
        } else {
            quote!(let #name = ::accord_runtime::reply::encode(&self.#name)?;)
        }
    }

    /// The code that adds its emissions, one for each kind of receiver. `users` are the fields found so far that name
    /// users.
    fn emission(&self, given: &Ident, users: &mut Vec<String>) -> Option<TokenStream> {
        let Emit { event, to, durable } = self.emit.as_ref()?;
        let name = &self.field.ident;
        let data = if self.repeats() { quote!(data) } else { quote!(#name) };
        let mut pushed = Vec::new();
        for (index, target) in to.iter().enumerate() {
            let receivers = match target {
                Target::Plain(target) => target.clone(),
                Target::UserOf(field) => {
                    let field = field.value();
                    let index = users.iter().position(|user| *user == field).unwrap_or_else(|| {
                        users.push(field);
                        users.len() - 1
                    });
                    quote!(UserOf(::std::sync::Arc::clone(&#given[#index])))
                }
            };
            let shared = (index + 1 < to.len()).then(|| quote!(.clone()));
            pushed.push(quote! {
                emissions.push(::accord_runtime::Emission {
                    event: #event,
                    to: ::accord_runtime::Target::#receivers,
                    data: #data #shared,
                    durable: #durable,
                });
            });
        }
        Some(if self.repeats() { quote!(for data in #name { #(#pushed)* }) } else { quote!(#(#pushed)*) })
    }
}

/// One target, or a list of them in brackets.
fn targets(value: ParseStream<'_>) -> Result<Vec<Target>> {
    if !value.peek(syn::token::Bracket) {
        return Ok(vec![target(value)?]);
    }
    let inner;
    let bracket = syn::bracketed!(inner in value);
    let targets: Vec<Target> = inner.parse_terminated(target, Token![,])?.into_iter().collect();
    if targets.is_empty() {
        return Err(Error::new(bracket.span.join(), format!("nobody gets the event: {TARGETS}")));
    }
    Ok(targets)
}

fn target(value: ParseStream<'_>) -> Result<Target> {
    let word: Ident = value.parse()?;
    Ok(Target::Plain(match word.to_string().as_str() {
        "caller" => quote!(Caller),
        "scope" => quote!(Scope),
        "others" => quote!(Others),
        "user" => quote!(User),
        "user_of" if value.peek(syn::token::Paren) => {
            let inner;
            syn::parenthesized!(inner in value);
            return inner.parse().map(Target::UserOf);
        }
        "room" if value.peek(syn::token::Paren) => {
            let inner;
            syn::parenthesized!(inner in value);
            let index: usize = inner.parse::<LitInt>()?.base10_parse()?;
            quote!(Room(#index))
        }
        _ => return Err(Error::new_spanned(word, format!("not a target: {TARGETS}"))),
    }))
}
