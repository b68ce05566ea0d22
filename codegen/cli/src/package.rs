//! The files that the console of a served page loads: its tools, and the npm package.

use std::collections::HashMap;

use accord_language::Model;
use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};

/// The route of the files, as on a server.
pub const ROUTE: &str = "/schema/{*file}";

/// The files, by their paths.
#[derive(Clone, Debug)]
pub struct Package(HashMap<String, String>);

impl Package {
    /// Returns those of a protocol.
    pub fn of(model: &Model) -> Self {
        let files = accord_documents::package(model).into_iter().chain([accord_documents::docs::console()]);
        Package(files.map(|file| (file.path, file.text)).collect())
    }

    /// A file.
    pub fn answer(&self, name: &str) -> Response {
        let Some(text) = self.0.get(name) else { return StatusCode::NOT_FOUND.into_response() };
        let content_type = match name.rsplit_once('.') {
            Some((_, "js")) => "text/javascript; charset=utf-8",
            Some((_, "json")) => "application/json",
            _ => "text/plain; charset=utf-8",
        };
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        (headers, text.clone()).into_response()
    }
}
