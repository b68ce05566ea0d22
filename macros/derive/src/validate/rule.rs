//! Rules across the fields of an object.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Error, Ident, Lit, LitBool, LitStr, Result, Token, ext::IdentExt, meta::ParseNestedMeta, parse::ParseStream,
};

use super::{
    Slot,
    constraint::{Constraint, Number},
};
use crate::attribute::{list, once};

const REMEDY: &str = "write `rule(name = \"…\", path = \"/…\", message = \"must …\", test = …)`";

/// A rule, as written.
pub struct Rule {
    pub name: LitStr,
    path: LitStr,
    message: LitStr,
    test: Test,
}

/// The requirement of a rule.
enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Present(LitStr),
    Field(LitStr, FieldTest),
}

enum FieldTest {
    Constraint(Constraint),
    OneOf(Vec<Scalar>),
}

enum Scalar {
    Text(LitStr),
    Number(Number),
    Boolean(LitBool),
    Null,
}

impl Rule {
    pub fn read(meta: &ParseNestedMeta<'_>) -> Result<Self> {
        let (mut name, mut path, mut message, mut test) = (None, None::<LitStr>, None, None);
        meta.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                let value = meta.value()?.parse()?;
                once(&mut name, &meta, value)
            } else if meta.path.is_ident("path") {
                let value = meta.value()?.parse()?;
                once(&mut path, &meta, value)
            } else if meta.path.is_ident("message") {
                let value = meta.value()?.parse()?;
                once(&mut message, &meta, value)
            } else if meta.path.is_ident("test") {
                let value = Test::parse(meta.value()?)?;
                once(&mut test, &meta, value)
            } else {
                Err(meta.error(format!("a rule has `name`, `path`, `message` and `test`: {REMEDY}")))
            }
        })?;
        let missing = |what: &str| meta.error(format!("missing `{what}`: {REMEDY}"));
        let path = path.ok_or_else(|| missing("path"))?;
        if !path.value().is_empty() && !path.value().starts_with('/') {
            return Err(Error::new_spanned(path, "not a JSON Pointer: begin it with `/`, like `/content`"));
        }
        Ok(Rule {
            name: name.ok_or_else(|| missing("name"))?,
            path,
            message: message.ok_or_else(|| missing("message"))?,
            test: test.ok_or_else(|| missing("test"))?,
        })
    }

    /// The check of the rule. `slots` holds the object's fields.
    pub fn check(&self, slots: &[Slot]) -> Result<TokenStream> {
        let test = self.test.expression(slots)?;
        let message = &self.message;
        let pointer = self.path.value();
        let at = pointer.split('/').skip(1).fold(quote!(at), |at, segment| {
            let segment = segment.replace("~1", "/").replace("~0", "~");
            quote!(#at.key(#segment))
        });
        Ok(quote! {
            if !(#test) {
                violations.add(#at, #message);
            }
        })
    }
}

impl Test {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let word = input.call(Ident::parse_any)?;
        Ok(match word.to_string().as_str() {
            "all" => Test::All(list(input, Test::parse)?),
            "any" => Test::Any(list(input, Test::parse)?),
            "not" => {
                let inner;
                syn::parenthesized!(inner in input);
                let test = Test::parse(&inner)?;
                inner.parse::<Option<Token![,]>>()?;
                Test::Not(Box::new(test))
            }
            "present" => {
                let inner;
                syn::parenthesized!(inner in input);
                Test::Present(inner.parse()?)
            }
            "field" => {
                let inner;
                syn::parenthesized!(inner in input);
                let field = inner.parse()?;
                inner.parse::<Token![,]>()?;
                let test = FieldTest::parse(&inner)?;
                Test::Field(field, test)
            }
            _ => {
                let remedy =
                    "not a test: use `all(…)`, `any(…)`, `not(…)`, `present(\"field\")` or `field(\"field\", …)`";
                return Err(Error::new_spanned(word, remedy));
            }
        })
    }

    fn expression(&self, slots: &[Slot]) -> Result<TokenStream> {
        Ok(match self {
            Test::All(tests) => {
                let tests = tests.iter().map(|test| test.expression(slots)).collect::<Result<Vec<_>>>()?;
                quote!((true #(&& #tests)*))
            }
            Test::Any(tests) => {
                let tests = tests.iter().map(|test| test.expression(slots)).collect::<Result<Vec<_>>>()?;
                quote!((false #(|| #tests)*))
            }
            Test::Not(test) => {
                let test = test.expression(slots)?;
                quote!(!#test)
            }
            Test::Present(field) => {
                let variable = variable(field, slots)?;
                quote!(#variable.is_some_and(|value| !value.is_null()))
            }
            Test::Field(field, test) => {
                let variable = variable(field, slots)?;
                let test = test.expression()?;
                quote!(#variable.is_none_or(|value| #test))
            }
        })
    }
}

impl FieldTest {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.fork().parse::<Ident>().is_ok_and(|word| word == "one_of") {
            input.parse::<Ident>()?;
            return Ok(FieldTest::OneOf(list(input, Scalar::parse)?));
        }
        let (mut constraint, remedy) =
            (None, "a field's test is one constraint, like `min_length = 1`, or `one_of(…)`");
        let place = input.span();
        let inner: TokenStream = input.parse()?;
        let read = syn::meta::parser(|meta| match Constraint::read(&meta)? {
            Some(found) => once(&mut constraint, &meta, found),
            None => Err(meta.error(remedy)),
        });
        syn::parse::Parser::parse2(read, inner)?;
        match constraint {
            Some(constraint) => {
                constraint.test()?;
                Ok(FieldTest::Constraint(constraint))
            }
            None => Err(Error::new(place, remedy)),
        }
    }

    /// An expression of `value`.
    fn expression(&self) -> Result<TokenStream> {
        Ok(match self {
            FieldTest::Constraint(constraint) => {
                let (name, subject) = constraint.subject(&quote!(value));
                let test = constraint.test()?;
                quote!(#subject.is_none_or(|#name| #test))
            }
            FieldTest::OneOf(scalars) => {
                let scalars = scalars.iter().map(Scalar::expression);
                quote!((false #(|| #scalars)*))
            }
        })
    }
}

impl Scalar {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        Ok(if input.peek(LitStr) {
            Scalar::Text(input.parse()?)
        } else if input.peek(LitBool) {
            Scalar::Boolean(input.parse()?)
        } else if input.peek(Ident) {
            let word: Ident = input.parse()?;
            if word != "null" {
                return Err(Error::new_spanned(
                    word,
                    "not a scalar: write a text, a number, `true`, `false` or `null`",
                ));
            }
            Scalar::Null
        } else if input.peek(Lit) || input.peek(Token![-]) {
            Scalar::Number(Number::read(input)?)
        } else {
            return Err(input.error("not a scalar: write a text, a number, `true`, `false` or `null`"));
        })
    }

    fn expression(&self) -> TokenStream {
        match self {
            Scalar::Text(text) => quote!(value.as_str() == ::core::option::Option::Some(#text)),
            Scalar::Number(number) => {
                let number = number.value();
                quote!(value.as_f64() == ::core::option::Option::Some(#number))
            }
            Scalar::Boolean(boolean) => quote!(value.as_bool() == ::core::option::Option::Some(#boolean)),
            Scalar::Null => quote!(value.is_null()),
        }
    }
}

fn variable<'a>(field: &LitStr, slots: &'a [Slot]) -> Result<&'a Ident> {
    let name = field.value();
    slots.iter().find(|slot| slot.name == name).map(|slot| &slot.variable).ok_or_else(|| {
        let names: Vec<String> = slots.iter().map(|slot| format!("`{}`", slot.name)).collect();
        Error::new_spanned(field, format!("no field is called this on the wire: use one of {}", names.join(", ")))
    })
}
