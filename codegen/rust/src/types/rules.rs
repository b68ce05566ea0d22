//! Rules across fields, as `#[validate(rule(…))]`.

use accord_language::model::{FieldTest, Rule, Test};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::constraints::{counted, number, raw};

/// The attribute.
pub fn attribute(rule: &Rule) -> TokenStream {
    let Rule { name, path, message, .. } = rule;
    let test = test(&rule.test);
    quote!(#[validate(rule(name = #name, path = #path, message = #message, test = #test))])
}

fn test(rule: &Test) -> TokenStream {
    match rule {
        Test::All(tests) => {
            let tests = tests.iter().map(test);
            quote!(all(#(#tests),*))
        }
        Test::Any(tests) => {
            let tests = tests.iter().map(test);
            quote!(any(#(#tests),*))
        }
        Test::Not(inner) => {
            let inner = test(inner);
            quote!(not(#inner))
        }
        Test::Present(field) => quote!(present(#field)),
        Test::Field(field, inner) => {
            let inner = field_test(inner);
            quote!(field(#field, #inner))
        }
    }
}

fn field_test(test: &FieldTest) -> TokenStream {
    match test {
        FieldTest::Pattern(pattern) => {
            let pattern = raw(&pattern.rust);
            quote!(pattern = #pattern)
        }
        FieldTest::MinLength(count) => counted(&quote!(min_length), *count),
        FieldTest::MaxLength(count) => counted(&quote!(max_length), *count),
        FieldTest::MinItems(count) => counted(&quote!(min_items), *count),
        FieldTest::MaxItems(count) => counted(&quote!(max_items), *count),
        FieldTest::Minimum(bound) => {
            let bound = number(bound);
            quote!(minimum = #bound)
        }
        FieldTest::Maximum(bound) => {
            let bound = number(bound);
            quote!(maximum = #bound)
        }
        FieldTest::OneOf(values) => {
            let values = values.iter().map(scalar);
            quote!(one_of(#(#values),*))
        }
    }
}

fn scalar(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(null),
        Value::Bool(boolean) => quote!(#boolean),
        Value::Number(value) => number(value),
        Value::String(text) => quote!(#text),
        Value::Array(_) | Value::Object(_) => unreachable!("a model's scalars are neither arrays nor objects"),
    }
}
