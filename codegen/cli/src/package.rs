//! The npm package, from which the console of a page that is served loads what it speaks and checks with.

use std::collections::HashMap;

use accord_codegen::{Model, emit};
use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};

/// Where its files are, as on a server.
pub const ROUTE: &str = "/schema/typescript/{file}";

/// The files of an npm package, by their names.
#[derive(Clone, Debug)]
pub struct Package(HashMap<String, String>);

impl Package {
    /// The package of a protocol.
    pub fn of(model: &Model) -> Self {
        let files = emit::typescript::files(model).into_iter();
        Package(files.filter_map(|file| Some((file.path.strip_prefix("typescript/")?.to_owned(), file.text))).collect())
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
