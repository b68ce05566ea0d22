//! The places of a model's declarations, by name: schemas may have very many.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use super::{Model, ScopeId, TypeId};

/// The places of declarations in a model, which never changes once it has been made.
#[derive(Clone, Default)]
pub(crate) struct Names {
    /// Client events: their domains, and their places among the events of those.
    pub client: HashMap<String, (usize, usize)>,
    /// Server events, likewise.
    pub server: HashMap<String, (usize, usize)>,
    /// REST operations.
    pub operations: HashMap<String, usize>,
    /// Types, whether the schema names them or not.
    pub types: HashMap<String, TypeId>,
    /// The server events that end replays, and the scopes of those.
    pub caught_up: HashMap<String, ScopeId>,
    /// The server events that something leads to.
    pub emitted: HashSet<String>,
}

impl Names {
    /// The names of the declarations in `model`.
    pub fn of(model: &Model) -> Self {
        let mut names = Names::default();
        for (index, domain) in model.domains.iter().enumerate() {
            let at = |event: usize| (index, event);
            names.client.extend(domain.client.iter().enumerate().map(|(event, it)| (it.name.clone(), at(event))));
            names.server.extend(domain.server.iter().enumerate().map(|(event, it)| (it.name.clone(), at(event))));
        }
        let operations = model.http.operations.iter().enumerate();
        names.operations.extend(operations.map(|(index, operation)| (operation.name.clone(), index)));
        names.types.extend(model.types.iter().enumerate().map(|(index, def)| (def.name.clone(), TypeId(index))));
        for (index, scope) in model.scopes.iter().enumerate() {
            if let Some(log) = &scope.log {
                names.caught_up.entry(log.caught_up.clone()).or_insert(ScopeId(index));
            }
        }
        names.emitted.extend(model.emits().map(|emit| emit.event.clone()));
        names
    }
}

/// Everything in it is in the model as well.
impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}
