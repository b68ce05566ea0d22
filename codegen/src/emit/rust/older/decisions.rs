//! What no conversion follows for: the methods of a trait, each of which names what a person has to decide.

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
    /// What has to be decided, and why.
    pub docs: String,
    /// What the decision may be made by, as it is called where the trait is.
    pub given: Option<TokenStream>,
    /// What is decided.
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

    /// Whether there is none.
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
                format!("What today's version asks of what clients of {version} send, and does not follow from it.")
            }
            Way::Down => {
                format!("What clients of {version} expect of what the server sends, and does not follow from it.")
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
