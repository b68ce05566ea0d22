//! Links to the documentation of the logs of rooms, if there are any.

use accord_language::model::{ClientEvent, Model, Scope, ScopeId, ScopeLog};

use super::page::{Anchor, Inline, plain};

/// The path of the page.
pub(super) const PATH: &str = "catching-up";

/// The name of the section about events that can be sent again.
pub(super) const SENDING_ONCE: &str = "sending-once";

/// A link to the page; `None` where there is none.
pub(super) fn link(model: &Model) -> Option<Inline> {
    logged(model).next().map(|_| Inline::Link(Anchor::Page(PATH.to_owned()), vec![plain("Catching up")]))
}

/// A link to how events can be sent again; `None` where none can.
pub(super) fn sending_once(model: &Model, label: &str) -> Option<Inline> {
    idempotent(model).next().map(|_| Inline::Link(Anchor::Topic(SENDING_ONCE), vec![plain(label)]))
}

/// The kinds of rooms that have a log.
pub(super) fn logged(model: &Model) -> impl Iterator<Item = (ScopeId, &Scope, &ScopeLog)> {
    let scopes = model.scopes.iter().enumerate();
    scopes.filter_map(|(index, scope)| Some((ScopeId(index), scope, scope.log.as_ref()?)))
}

/// The events that can be sent again, and the fields with their ids.
pub(super) fn idempotent(model: &Model) -> impl Iterator<Item = (&ClientEvent, &str)> {
    model.client_events().filter_map(|event| Some((event, event.idempotent.as_deref()?)))
}
