//! REST: the same service by another road.
//!
//! An operation's path, query and body are put together to one JSON object, which takes the way that an event's payload
//! takes: limit, validate, authorize, handle.

pub(crate) mod answer;
mod call;
mod input;
mod part_headers;
mod upload;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::{RawPathParams, Request},
    routing::{MethodFilter, MethodRouter, on},
};

use self::call::Called;
use crate::{gateway::core::Core, operation::Operation};

/// The routes of the operations.
///
/// # Panics
/// If a path or a method is not one that can be routed, which generated code does not bring about.
pub(crate) fn router(core: &Arc<Core>, operations: Vec<Operation>) -> Router {
    let mut paths: BTreeMap<&'static str, MethodRouter> = BTreeMap::new();
    for operation in operations {
        let spec = operation.spec;
        let method = MethodFilter::try_from(spec.method.clone())
            .unwrap_or_else(|_| panic!("operation `{}`: there is no route for the method {}", spec.name, spec.method));
        let (core, operation) = (Arc::clone(core), Arc::new(operation));
        let handler = on(method, move |path: Result<RawPathParams, _>, request: Request| {
            call::answer(Called { core, operation }, path.ok(), request)
        });
        let router = paths.remove(spec.path).unwrap_or_default();
        paths.insert(spec.path, router.merge(handler));
    }
    let router = Router::new().fallback(async || answer::not_found());
    let router = paths.into_iter().fold(router, |router, (path, methods)| router.route(path, methods));
    router.method_not_allowed_fallback(async || answer::method_not_allowed())
}
