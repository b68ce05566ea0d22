//! The protocol as a whole, and its scopes.

use accord_language::model::{
    ErrorId, Evicts, Leaving, Limit, LimitId, Model, Per, ScopeId, ScopeLog, ServerEvent, Use,
};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{docs::Docs, layout::Layout, names::Names};

/// The static that holds what the schema declares for all events.
pub fn emit(model: &Model, names: &Names, layout: &mut Layout) {
    layout.item(quote!(
        use accord_runtime::Call;
    ));
    layout.item(quote!(
        pub use types::*;
    ));
    emit_static(model, names, layout);
}

/// The static alone.
pub fn emit_static(model: &Model, names: &Names, layout: &mut Layout) {
    let (name, version) = (&model.protocol.name, &model.protocol.version);
    let docs = Docs::of(&model.protocol.doc, &format!("The protocol {name} {version}.")).attributes();
    let limits = model.limits.iter().map(limit);
    let unknown_limit = limit_index(model.gateway.unknown_limit);
    let gateway = &model.gateway;
    let error_event = &gateway.error_event;
    let spec = |id: ErrorId| {
        let error = names.error(id);
        quote!(<errors::#error as accord_runtime::DeclaredError>::SPEC)
    };
    let version_refused = optional(gateway.version_refused.map(spec));
    let position_lost = optional(gateway.position_lost.map(spec));
    let idempotency_conflict = optional(gateway.idempotency_conflict.map(spec));
    let token_missing = spec(gateway.token_missing);
    let token_refused = spec(gateway.token_refused);
    let token_expired = spec(gateway.token_expired);
    let unknown_event = spec(gateway.unknown_event);
    let invalid_payload = spec(gateway.invalid_payload);
    let rate_limited = spec(gateway.rate_limited);
    let internal = spec(gateway.internal);
    let admin_only = spec(gateway.admin_only);
    let events = model.server_events().map(server_event);
    let deprecated = model.deprecated().into_iter().map(|Use { what, name, deprecated }| {
        let about = deprecated.to_string();
        let what = match what {
            Leaving::Event => quote!(Event),
            Leaving::EventField => quote!(EventField),
            Leaving::Operation => quote!(Operation),
            Leaving::OperationField => quote!(OperationField),
            Leaving::Error => quote!(Error),
        };
        quote!(accord_runtime::Deprecated { what: accord_runtime::Leaving::#what, name: #name, about: #about })
    });
    layout.item(quote! {
        #docs
        pub static PROTOCOL: accord_runtime::Protocol = accord_runtime::Protocol {
            name: #name,
            version: #version,
            limits: &[#(#limits),*],
            unknown_limit: #unknown_limit,
            error_event: #error_event,
            answers: accord_runtime::Answers {
                version_refused: #version_refused,
                token_missing: #token_missing,
                token_refused: #token_refused,
                token_expired: #token_expired,
                unknown_event: #unknown_event,
                invalid_payload: #invalid_payload,
                rate_limited: #rate_limited,
                internal: #internal,
                admin_only: #admin_only,
                position_lost: #position_lost,
                idempotency_conflict: #idempotency_conflict,
            },
            events: &[#(#events),*],
            deprecated: &[#(#deprecated),*],
        };
    });
}

fn server_event(event: &ServerEvent) -> TokenStream {
    let ServerEvent { name, durable, evicts, doc, .. } = event;
    let evicts = optional(evicts.as_ref().map(|evicts| match evicts {
        Evicts::User(field) => quote!(accord_runtime::Evicts::User(#field)),
        Evicts::FormerMembers => quote!(accord_runtime::Evicts::FormerMembers),
    }));
    let since = optional(doc.since.as_ref());
    quote! {
        accord_runtime::ServerEventSpec { name: #name, durable: #durable, evicts: #evicts, since: #since }
    }
}

/// `None`, or `Some` of a value.
pub fn optional(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// A limit's index in the protocol's list; `None` for what is unlimited.
pub fn limit_index(limit: Option<LimitId>) -> TokenStream {
    optional(limit.map(|LimitId(index)| Literal::usize_unsuffixed(index)))
}

fn limit(limit: &Limit) -> TokenStream {
    let name = &limit.name;
    let per = match limit.per {
        Per::User => quote!(User),
        Per::Socket => quote!(Socket),
    };
    let (period, rate) = (u64::from(limit.period_ms) * 1_000_000, u64::from(limit.rate.max(1)));
    let nanos = period / rate;
    let replenish = if nanos.is_multiple_of(1_000_000) {
        let millis = Literal::u64_unsuffixed(nanos / 1_000_000);
        quote!(from_millis(#millis))
    } else {
        let nanos = Literal::u64_unsuffixed(nanos);
        quote!(from_nanos(#nanos))
    };
    let burst = Literal::u32_unsuffixed(limit.burst);
    quote! {
        accord_runtime::LimitSpec {
            name: #name,
            per: accord_runtime::Per::#per,
            replenish: std::time::Duration::#replenish,
            burst: #burst,
        }
    }
}

/// One unit struct for each scope.
pub fn emit_scopes(model: &Model, names: &Names, layout: &mut Layout) {
    let mut scopes = Layout::default();
    for (index, scope) in model.scopes.iter().enumerate() {
        let docs = Docs::of(&scope.doc, &format!("The scope `{}`.", scope.name)).attributes();
        let (ident, name, denied) = (names.scope(ScopeId(index)), &scope.name, names.error(scope.denied));
        let log = scope.log.as_ref().map(|log| log_of(log, &scope.key));
        scopes.item(quote! {
            #docs
            #[derive(Clone, Copy, Debug, Scope)]
            #[scope(name = #name, denied = super::errors::#denied #log)]
            pub struct #ident;
        });
    }
    layout.module(
        "The kinds of rooms.",
        "scopes",
        quote!(
            use accord_runtime::Scope;
        ),
        scopes,
    );
}

fn log_of(log: &ScopeLog, key: &str) -> TokenStream {
    let caught_up = &log.caught_up;
    let numbers = [log.keep.as_secs(), log.entries, log.floor.as_secs()];
    let [keep, entries, floor] = numbers.map(Literal::u64_unsuffixed);
    quote!(, log(caught_up = #caught_up, key = #key, keep = #keep, entries = #entries, floor = #floor))
}
