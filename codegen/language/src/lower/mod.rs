//! Lowers a schema to its model: resolves names, checks everything, and collects every error.

mod bounds;
mod docs;
mod durable;
mod emits;
mod events;
mod examples;
mod gateway;
mod http;
mod idempotent;
mod inputs;
mod joining;
mod logs;
mod names;
mod objects;
pub(crate) mod older;
mod pattern;
mod recursion;
mod renewals;
mod rooms;
mod routes;
mod rules;
mod sections;
mod shapes;
mod tables;
mod targets;
mod types;

use std::collections::HashMap;

use crate::{
    model::{Model, Names, TypeId},
    source::{Context, LoadedFile},
};
pub use pattern::{Unportable, to_rust as pattern_to_rust};

/// The model of a schema; `None` if it has errors, which are added to `cx`.
pub fn lower(files: &[LoadedFile], cx: &mut Context) -> Option<Model> {
    let tables = tables::Tables::of(files, cx);
    let mut lowering = Lowering::new(tables, cx);
    let model = lowering.run();
    if lowering.cx.diagnostics.is_empty() { model } else { None }
}

/// The state of lowering a schema.
pub(crate) struct Lowering<'a, 'cx> {
    /// The declarations of the schema, by name.
    pub tables: tables::Tables<'a>,
    /// The receiver of errors.
    pub cx: &'cx mut Context,
    /// The types so far.
    pub types: types::Types<'a>,
    /// The names of generated items so far.
    pub items: names::Items,
    /// The examples to check.
    pub examples: Vec<examples::Pending<'a>>,
    /// The payloads of server events, by their indices.
    pub server_payloads: HashMap<usize, Option<TypeId>>,
    /// The protocol's version, if it is valid.
    pub version: Option<semver::Version>,
}

impl<'a, 'cx> Lowering<'a, 'cx> {
    fn new(tables: tables::Tables<'a>, cx: &'cx mut Context) -> Self {
        Lowering {
            tables,
            cx,
            types: types::Types::default(),
            items: names::Items::default(),
            examples: Vec::new(),
            server_payloads: HashMap::new(),
            version: None,
        }
    }

    fn run(&mut self) -> Option<Model> {
        let protocol = self.protocol();
        let errors = self.errors();
        let scopes = self.scopes();
        let limits = self.limits();
        self.named_types();
        let mut domains = self.domains();
        let connect = self.connect();
        let disconnect = self.disconnect();
        let gateway = self.gateway();
        let mut http = self.http();
        if let (Some(domains), Some(http)) = (&mut domains, &mut http) {
            let entries = self.durable(domains, http);
            self.check_logs(&entries, domains, http);
        }
        self.check_recursion();
        self.check_examples();
        let flows = self.tables.flows.map(|(folder, file)| file.relative(folder.as_str()));
        let mut model = Model {
            protocol: protocol?,
            scopes: scopes?,
            limits: limits?,
            errors: errors?,
            connect: connect?,
            disconnect,
            gateway: gateway?,
            domains: domains?,
            http: http?,
            types: std::mem::take(&mut self.types).finish()?,
            older: Vec::new(),
            flows,
            place: self.tables.top.clone(),
            names: Names::default(),
        };
        model.names = Names::of(&model);
        Some(model)
    }
}
