//! The older major versions that are also served: a module for each, with the types that differ from today's,
//! conversions from and to today's, and traits for decisions that cannot be derived.

mod conversions;
mod decisions;
mod errors;
mod fits;
mod functions;
mod same;
mod tables;
mod values;

use accord_language::model::Model;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{
    errors as declared,
    layout::Layout,
    names::{self, Names},
    protocol, types,
};
use conversions::{Conversions, Version, argument};
use errors::Errors;
use same::Same;
use tables::Tables;

/// The direction in which a value goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// From an older client to the server.
    Up,
    /// From the server to an older client.
    Down,
}

impl Way {
    /// The trait of the decisions.
    fn decisions(self) -> Ident {
        names::pascal(match self {
            Way::Up => "upgrade",
            Way::Down => "downgrade",
        })
    }

    /// The module of the functions that convert.
    fn module(self) -> &'static str {
        match self {
            Way::Up => "upgrades",
            Way::Down => "downgrades",
        }
    }

    /// The module of the types that are converted from.
    fn given_types(self) -> TokenStream {
        match self {
            Way::Up => quote!(old::),
            Way::Down => quote!(new::),
        }
    }

    /// The module of the types that are converted to.
    fn made_types(self) -> TokenStream {
        match self {
            Way::Up => quote!(new::),
            Way::Down => quote!(old::),
        }
    }
}

/// The parts of the older versions that the rest of the code refers to.
#[derive(Default)]
pub struct Served {
    /// The traits that handlers also have to implement.
    pub traits: Vec<TokenStream>,
    /// The modules, the oldest first.
    pub modules: Vec<Ident>,
}

/// One module for each older version.
pub fn emit(model: &Model, names: &Names, layout: &mut Layout) -> Served {
    let mut served = Served::default();
    for older in &model.older {
        let module = format_ident!("v{}", older.protocol.major());
        let (inner, traits) = version(older, model, names);
        let about = format!("{} {}, which is served as well.", older.protocol.name, older.protocol.version);
        layout.module(&about, &module.to_string(), quote!(), inner);
        served.traits.extend(traits.iter().map(|ident| quote!(#module::#ident)));
        served.modules.push(module);
    }
    served
}

/// The module of a version, and its traits.
fn version(older: &Model, model: &Model, names: &Names) -> (Layout, Vec<Ident>) {
    let older_names = Names::of(older);
    let same = Same::of(older, model);
    let [before, now] = [Version { model: older, names: &older_names }, Version { model, names }];
    let mut up = Conversions::new(Way::Up, before, now, &same);
    let mut down = Conversions::new(Way::Down, before, now, &same);
    let mut errors = Errors::new(before, now);
    let tables = Tables::new([before, now], [&mut up, &mut down], &mut errors).emit();

    let mut layout = Layout::default();
    layout.item(quote!(
        pub use types::*;
    ));
    layout.item(quote!(
        use super::types as new;
    ));
    layout.item(quote!(
        use types as old;
    ));
    protocol::emit_static(older, &older_names, &mut layout);
    declared::emit_declared(older, &older_names, &mut layout);
    types::emit_older(older, &older_names, |id| same.is_current(id), &mut layout);
    if tables.uses_specs {
        protocol::emit_scopes(older, &older_names, &mut layout);
        super::specs::emit_operations(older, &older_names, &mut layout);
    }
    errors.emit(&mut layout);
    let version = &older.protocol.version;
    let mut traits = Vec::new();
    for conversions in [&up, &down] {
        conversions.decisions.emit(conversions.way(), version, &mut layout);
        if !conversions.decisions.is_empty() {
            traits.push(conversions.way().decisions());
        }
        conversions.emit(version, &mut layout);
    }
    let bounds = if traits.is_empty() { quote!(Send + Sync + 'static) } else { quote!(#(#traits)+*) };
    let value = tables.value;
    let decisions = argument(&value, "decisions");
    layout.item(quote! {
        /// The conversions by which the gateway serves clients of this version.
        pub fn older<D: #bounds>(#decisions: &std::sync::Arc<D>) -> accord_runtime::Older {
            #value
        }
    });
    for function in tables.functions {
        layout.item(function.item(&bounds));
    }
    (layout, traits)
}
