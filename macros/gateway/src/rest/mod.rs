//! The pipeline's front door for REST.
//!
//! An operation's path, query and body are combined into one JSON object: its input, like the payload of an event.

mod call;
mod file_name;
mod input;
mod part_headers;
mod partial;
mod reading;
mod upload;

use std::{collections::BTreeMap, sync::Arc};

use accord_runtime::{operation::OperationSpec, pipeline::Endpoint};
use axum::{
    Router,
    extract::{RawPathParams, Request},
    routing::{MethodFilter, MethodRouter, on},
};
use http::{Extensions, HeaderMap, StatusCode, Version};
use tower_http::{CompressionLevel, compression::CompressionLayer};

use self::call::Called;
use crate::{
    answer::{self, Compressible},
    shared::Shared,
};

/// The routes of the operations.
///
/// # Panics
/// If a path or a method is not one that can be routed, which generated code does not bring about.
pub(crate) fn router(shared: &Arc<Shared>, operations: Vec<(&'static OperationSpec, Endpoint)>) -> Router {
    let mut paths: BTreeMap<&'static str, MethodRouter> = BTreeMap::new();
    for (spec, endpoint) in operations {
        let method = MethodFilter::try_from(spec.method.clone())
            .unwrap_or_else(|_| panic!("operation `{}`: there is no route for the method {}", spec.name, spec.method));
        let called = Called { shared: Arc::clone(shared), spec, endpoint: Arc::new(endpoint) };
        let handler = on(method, move |path: Result<RawPathParams, _>, request: Request| {
            call::answer(called, path.ok(), request)
        });
        let router = paths.remove(spec.path).unwrap_or_default();
        paths.insert(spec.path, router.merge(handler));
    }
    let router = Router::new().fallback(async || answer::not_found());
    let router = paths.into_iter().fold(router, |router, (path, methods)| router.route(path, methods));
    let router = router.method_not_allowed_fallback(async || answer::method_not_allowed());
    let is_compressible =
        |_: StatusCode, _: Version, _: &HeaderMap, made: &Extensions| made.get::<Compressible>().is_some();
    router.layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(is_compressible))
}
