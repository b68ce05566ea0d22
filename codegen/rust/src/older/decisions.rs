//! Decisions that no conversion makes: the methods of a trait, each of which a person implements.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    super::{docs::Docs, layout::Layout, names},
    Way,
};

/// One thing that a person decides.
pub struct Decision {
    /// `send_message_priority`
    pub name: String,
    /// The decision to make, and the reason.
    pub docs: String,
    /// The type of the argument, by its name at the trait.
    pub given: Option<TokenStream>,
    /// The type of the result.
    pub output: TokenStream,
}

/// The decisions of one way, each once.
#[derive(Default)]
pub struct Decisions(Vec<Decision>);

impl Decisions {
    /// Asks for a decision, and returns the method that makes it.
    pub fn ask(&mut self, decision: Decision) -> proc_macro2::Ident {
        let name = names::field(&decision.name);
        if !self.0.iter().any(|other| other.name == decision.name) {
            self.0.push(decision);
        }
        name
    }

    /// Returns whether there are no decisions.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The trait; nothing where nothing is to be decided.
    pub fn emit(&self, way: Way, version: &str, layout: &mut Layout) {
        if self.is_empty() {
            return;
        }
        let ident = way.decisions();
        let what = match way {
            Way::Up => {
                format!(
                    "Values that the current version requires, and that cannot be derived from what clients of \
                     {version} send."
                )
            }
            Way::Down => {
                format!(
                    "Values that clients of {version} expect, and that cannot be derived from what the server sends."
                )
            }
        };
        let docs = Docs::sentence(&what).attributes();
        let argument = names::field(match way {
            Way::Up => "old",
            Way::Down => "new",
        });
        let methods = self.0.iter().map(|Decision { name, docs, given, output }| {
            let docs = Docs::sentence(docs).attributes();
            let name = names::field(name);
            let given = given.as_ref().map(|given| quote!(, #argument: &#given));
            quote!(#docs fn #name(&self #given) -> #output;)
        });
        layout.item(quote! {
            #docs
            pub trait #ident: Send + Sync + 'static { #(#methods)* }
        });
    }
}
