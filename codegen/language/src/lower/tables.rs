//! The declarations of all files of a schema, by name.

use std::collections::HashMap;

use crate::{
    case,
    diagnostic::{Diagnostic, Span},
    source::{
        Context, LoadedFile, Named, Place, Slot, Text,
        document::{
            ConnectSchema, DisconnectSchema, ErrorSchema, GatewaySchema, LimitSchema, ProtocolSchema, ScopeSchema,
        },
        events::{ClientSchema, ServerSchema},
        http::OperationSchema,
        place_of_all,
        schema::TypeSchema,
    },
};

/// Declarations of one kind, by name and by index.
#[derive(Debug)]
pub struct Table<'a, T> {
    /// The noun for them in messages: `type`.
    what: &'static str,
    /// In the order of the schema; `None` where it has been reported.
    pub entries: Vec<(&'a Text, Option<&'a T>)>,
    index: HashMap<&'a str, usize>,
}

impl<'a, T> Table<'a, T> {
    fn new(what: &'static str) -> Self {
        Table { what, entries: Vec::new(), index: HashMap::new() }
    }

    /// Adds a file's declarations; returns the indices of the new ones.
    fn add(&mut self, named: &'a Slot<Named<T>>, cx: &mut Context) -> Vec<usize> {
        let mut added = Vec::new();
        for entry in named.get().into_iter().flat_map(|named| &named.entries) {
            let what = self.what;
            match self.index.get(entry.name.as_str()) {
                Some(&first) => {
                    let diagnostic = Diagnostic::new(
                        "duplicate-name",
                        format!("the {what} `{}` is declared twice", entry.name.value),
                    )
                    .at(entry.name.span, "again here")
                    .and(self.entries[first].0.span, "first here")
                    .help("rename one of them");
                    cx.report(diagnostic);
                }
                None => {
                    self.index.insert(entry.name.as_str(), self.entries.len());
                    added.push(self.entries.len());
                    self.entries.push((&entry.name, entry.value.as_ref()));
                }
            }
        }
        added
    }

    /// The index of `name`.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// The index of the entry called `name`. An unknown name is reported.
    pub fn resolve(&self, name: &Text, cx: &mut Context) -> Option<usize> {
        let found = self.find(name.as_str());
        if found.is_none() {
            let names = self.entries.iter().map(|(name, _)| name.as_str());
            let rule = match self.what {
                "type" => "unknown-type",
                "error" => "unknown-error",
                "scope" => "unknown-scope",
                "limit" => "unknown-limit",
                _ => "unknown-event",
            };
            let diagnostic = Diagnostic::new(rule, format!("there is no {} `{}`", self.what, name.value))
                .at(name.span, "unknown")
                .help(cx.instead(name.as_str(), names));
            cx.report(diagnostic);
        }
        found
    }
}

/// A file with events.
#[derive(Debug)]
pub struct DomainSource<'a> {
    /// The file's stem.
    pub name: String,
    /// The file.
    pub file: &'a LoadedFile,
    /// The beginning of its events.
    pub span: Span,
    /// Its client events, as indices.
    pub client: Vec<usize>,
    /// Its server events, as indices.
    pub server: Vec<usize>,
}

/// The declarations of all files of a schema.
#[derive(Debug)]
pub struct Tables<'a> {
    /// The top of all files.
    pub top: Place,
    pub protocol: Option<&'a ProtocolSchema>,
    pub connect: Option<&'a ConnectSchema>,
    pub disconnect: Option<&'a DisconnectSchema>,
    pub gateway: Option<&'a GatewaySchema>,
    /// The folder of the flows, and the file that names it.
    pub flows: Option<(&'a Text, &'a LoadedFile)>,
    pub scopes: Table<'a, ScopeSchema>,
    pub limits: Table<'a, LimitSchema>,
    pub errors: Table<'a, ErrorSchema>,
    pub types: Table<'a, TypeSchema>,
    pub client: Table<'a, ClientSchema>,
    pub server: Table<'a, ServerSchema>,
    pub operations: Table<'a, OperationSchema>,
    /// The section `http`: the first one with settings for answers, or else the first one.
    pub http: Place,
    pub envelope: Option<&'a Text>,
    pub error_body: Option<&'a Text>,
    pub domains: Vec<DomainSource<'a>>,
}

/// A section that a schema has once.
struct Once<'a, T> {
    what: &'static str,
    found: Option<(&'a T, Span)>,
    broken: bool,
}

impl<'a, T> Once<'a, T> {
    fn new(what: &'static str) -> Self {
        Once { what, found: None, broken: false }
    }

    fn add(&mut self, slot: &'a Slot<T>, span: impl Fn(&T) -> Span, cx: &mut Context) {
        match (slot, self.found) {
            (Slot::Absent, _) => {}
            (Slot::Broken, _) => self.broken = true,
            (Slot::Is(value), None) => self.found = Some((value, span(value))),
            (Slot::Is(value), Some((_, first))) => {
                let diagnostic =
                    Diagnostic::new("duplicate-section", format!("the schema has two sections `{}`", self.what))
                        .at(span(value), "again here")
                        .and(first, "first here")
                        .help("leave one of them out");
                cx.report(diagnostic);
            }
        }
    }

    fn required(self, start: Span, example: &str, cx: &mut Context) -> Option<&'a T> {
        if self.found.is_none() && !self.broken {
            let diagnostic = Diagnostic::new("missing-section", format!("the schema has no `{}`", self.what))
                .at(start, "neither this file nor those it includes have it")
                .help(format!("add {example}"));
            cx.report(diagnostic);
        }
        self.found.map(|(value, _)| value)
    }
}

impl<'a> Tables<'a> {
    /// Combines the declarations of `files`.
    pub fn of(files: &'a [LoadedFile], cx: &mut Context) -> Self {
        let (mut accord, mut protocol) = (Once::new("accord"), Once::new("protocol"));
        let (mut connect, mut gateway) = (Once::new("connect"), Once::new("gateway"));
        let (mut disconnect, mut flows) = (Once::new("disconnect"), Once::new("flows"));
        let (mut envelope, mut error_body) = (Once::new("http.envelope"), Once::new("http.error_body"));
        let start = files[0].start;
        let top = place_of_all(files);
        let mut tables = Tables {
            http: top.key("http"),
            top,
            protocol: None,
            connect: None,
            disconnect: None,
            gateway: None,
            flows: None,
            scopes: Table::new("scope"),
            limits: Table::new("limit"),
            errors: Table::new("error"),
            types: Table::new("type"),
            client: Table::new("client event"),
            server: Table::new("server event"),
            operations: Table::new("operation"),
            envelope: None,
            error_body: None,
            domains: Vec::new(),
        };
        for file in files {
            let schema = &file.schema;
            accord.add(&schema.accord, |value| value.span, cx);
            protocol.add(&schema.protocol, |value| value.span, cx);
            connect.add(&schema.connect, |value| value.span, cx);
            disconnect.add(&schema.disconnect, |value| value.span, cx);
            gateway.add(&schema.gateway, |value| value.span, cx);
            flows.add(&schema.flows, |value| value.span, cx);
            tables.scopes.add(&schema.scopes, cx);
            tables.limits.add(&schema.limits, cx);
            tables.errors.add(&schema.errors, cx);
            tables.types.add(&schema.types, cx);
            if let Some(http) = schema.http.get() {
                envelope.add(&http.envelope, |value| value.span, cx);
                error_body.add(&http.error_body, |value| value.span, cx);
                tables.operations.add(&http.operations, cx);
            }
            tables.domain(file, cx);
        }
        if let Some(version) = accord.required(start, "`accord: 1`: the version of the schema language", cx)
            && version.value != 1
        {
            let message = format!("version {} of the schema language is unknown", version.value);
            cx.report(
                Diagnostic::new("unknown-language", message).at(version.span, "expected 1").help("write `accord: 1`"),
            );
        }
        tables.protocol = protocol.required(start, "`protocol: { name: …, version: 1.0.0, summary: … }`", cx);
        tables.connect =
            connect.required(start, "`connect`: the events that follow a handshake, and the errors that refuse it", cx);
        tables.disconnect = disconnect.found.map(|(value, _)| value);
        tables.gateway = gateway.required(start, "`gateway`: the errors that the gateway itself sends", cx);
        tables.flows = flows
            .found
            .and_then(|(value, span)| files.iter().find(|file| file.start.file == span.file).map(|file| (value, file)));
        let sends = |file: &&LoadedFile| {
            file.schema.http.get().is_some_and(|http| http.envelope.get().is_some() || http.error_body.get().is_some())
        };
        if let Some(http) = files.iter().find(sends).and_then(|file| file.schema.http.get()) {
            tables.http = http.place.clone();
        }
        tables.envelope = envelope.found.map(|(value, _)| value);
        tables.error_body = error_body.found.map(|(value, _)| value);
        tables
    }

    fn domain(&mut self, file: &'a LoadedFile, cx: &mut Context) {
        let spans =
            [file.schema.client.get().map(|named| named.span), file.schema.server.get().map(|named| named.span)];
        let client = self.client.add(&file.schema.client, cx);
        let server = self.server.add(&file.schema.server, cx);
        let Some(span) = spans.into_iter().flatten().next() else { return };
        let name = file.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if !case::is_snake(&name) {
            let diagnostic = Diagnostic::new("domain-name", format!("the file's name cannot be a domain: `{name}`"))
                .at(span, "a file with events is a domain, named after the file")
                .help(format!("rename the file to `{}.yaml`", case::snake(&name)));
            cx.report(diagnostic);
            return;
        }
        if let Some(first) = self.domains.iter().find(|domain| domain.name == name) {
            let diagnostic = Diagnostic::new("duplicate-name", format!("two files are the domain `{name}`"))
                .at(span, format!("`{}`", file.path.display()))
                .and(first.span, format!("`{}`", first.file.path.display()))
                .help("rename one of them, or put their events into one file");
            cx.report(diagnostic);
            return;
        }
        if file.schema.summary.is_absent() {
            let diagnostic = Diagnostic::new("missing-key", "the file has events, but no `summary`")
                .at(span, "")
                .help("add `summary: …` at the top: the subject of the events in this file");
            cx.report(diagnostic);
        }
        self.domains.push(DomainSource { name, file, span, client, server });
    }
}
