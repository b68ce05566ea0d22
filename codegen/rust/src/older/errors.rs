//! Errors, as clients of an older version see them.

use accord_language::{
    case,
    model::{ErrorId, Model},
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    super::{docs::Docs, layout::Layout, names},
    conversions::Version,
    decisions::{Decision, Decisions},
};

/// The errors of the older version, by today's names.
pub struct Errors<'m> {
    before: Version<'m>,
    now: Version<'m>,
    /// For events of which a person decides with which error they are answered: its name, and what it declares.
    choices: Vec<(String, Vec<ErrorId>)>,
}

impl<'m> Errors<'m> {
    pub fn new(before: Version<'m>, now: Version<'m>) -> Self {
        Errors { before, now, choices: Vec::new() }
    }

    /// The counterparts of the errors in `answered` among those that the older version `declares`, where they differ:
    /// tuples of a name and an error. Errors without a counterpart are left to `decisions`; without `decisions`, they
    /// stay as they are.
    pub fn told(
        &mut self,
        subject: &str,
        answered: &[ErrorId],
        declares: &[ErrorId],
        mut decisions: Option<&mut Decisions>,
    ) -> Vec<TokenStream> {
        let mut told = Vec::new();
        for (index, &id) in answered.iter().enumerate() {
            if answered[..index].contains(&id) {
                continue;
            }
            let error = &self.now.model.errors[id.0];
            let name = &error.name;
            let becomes = match self.counterpart(id, declares) {
                Some(older) => {
                    let before = &self.before.model.errors[older.0];
                    if (&before.code, &before.message, before.status) == (&error.code, &error.message, error.status) {
                        continue;
                    }
                    self.spec(older)
                }
                None => {
                    let Some(decisions) = &mut decisions else { continue };
                    let output = self.choice(subject, declares);
                    let version = &self.before.model.protocol.version;
                    let docs = format!(
                        "The error of `{subject}` to answer with instead of `{name}`, which it does not declare in \
                         {version}."
                    );
                    let name = format!("{}_{}", case::snake(subject), case::snake(name));
                    let method = decisions.ask(Decision { name, docs, given: None, output: quote!(#output) });
                    quote!(<D as Downgrade>::#method(decisions).spec())
                }
            };
            told.push(quote!((#name, #becomes)));
        }
        told
    }

    /// The type of a decision between the errors of an event.
    pub fn choice(&mut self, subject: &str, declares: &[ErrorId]) -> Ident {
        if !self.choices.iter().any(|(other, _)| other == subject) {
            self.choices.push((subject.to_owned(), declares.to_vec()));
        }
        names::pascal(&format!("{subject}_error"))
    }

    /// The types of such decisions.
    pub fn emit(&self, layout: &mut Layout) {
        for (subject, declares) in &self.choices {
            let ident = names::pascal(&format!("{subject}_error"));
            let docs = Docs::sentence(&format!("Why `{subject}` was not carried out.")).attributes();
            let variants = declares.iter().map(|id| {
                let error = &self.before.model.errors[id.0];
                let docs = Docs::sentence(&format!("`{}`: {}", error.code, error.message)).attributes();
                let variant = self.before.names.error(*id);
                quote!(#docs #variant,)
            });
            let arms = declares.iter().map(|id| {
                let (variant, spec) = (self.before.names.error(*id), self.spec(*id));
                quote!(#ident::#variant => #spec,)
            });
            layout.item(quote! {
                #docs
                #[derive(Clone, Copy, Debug, Eq, PartialEq)]
                pub enum #ident { #(#variants)* }
            });
            layout.item(quote! {
                impl #ident {
                    /// The specification of the error.
                    pub fn spec(self) -> &'static accord_runtime::ErrorSpec {
                        match self { #(#arms)* }
                    }
                }
            });
        }
    }

    /// The older error that plays the same part, else the one of the same name.
    fn counterpart(&self, id: ErrorId, declares: &[ErrorId]) -> Option<ErrorId> {
        let part = parts(self.now.model).into_iter().zip(parts(self.before.model));
        let part = part.filter_map(|(now, before)| (now == Some(id)).then_some(before).flatten());
        let scopes = self.now.model.scopes.iter().filter(|scope| scope.denied == id).filter_map(|scope| {
            let before = self.before.model.scopes.iter().find(|before| before.name == scope.name)?;
            Some(before.denied)
        });
        let name = &self.now.model.errors[id.0].name;
        let named = declares.iter().copied().filter(|other| self.before.model.errors[other.0].name == *name);
        named.chain(part).chain(scopes).next()
    }

    fn spec(&self, id: ErrorId) -> TokenStream {
        let error = self.before.names.error(id);
        quote!(<errors::#error as accord_runtime::DeclaredError>::SPEC)
    }
}

/// The gateway's own errors, in the same order for all versions.
fn parts(model: &Model) -> [Option<ErrorId>; 9] {
    let gateway = &model.gateway;
    [
        gateway.version_refused,
        Some(gateway.token_missing),
        Some(gateway.token_refused),
        Some(gateway.token_expired),
        Some(gateway.unknown_event),
        Some(gateway.invalid_payload),
        Some(gateway.rate_limited),
        Some(gateway.internal),
        Some(gateway.admin_only),
    ]
}
