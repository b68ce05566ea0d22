//! Methods and paths of operations.

use std::collections::HashMap;

use super::Lowering;
use crate::{
    case,
    diagnostic::{Diagnostic, Span},
    model::Method,
    source::{Slot, Text, http::OperationSchema},
};

impl<'a> Lowering<'a, '_> {
    pub fn route(
        &mut self,
        name: &Text,
        schema: &OperationSchema,
        routes: &mut HashMap<(Method, String), Span>,
    ) -> Option<(Method, String)> {
        let methods = [
            (Method::Get, &schema.get),
            (Method::Post, &schema.post),
            (Method::Put, &schema.put),
            (Method::Patch, &schema.patch),
            (Method::Delete, &schema.delete),
        ];
        let given: Vec<(Method, &Text)> =
            methods.into_iter().filter_map(|(method, path)| Some((method, path.get()?))).collect();
        let broken = methods.iter().any(|(_, path)| matches!(path, Slot::Broken));
        let (method, path) = match given[..] {
            [one] => one,
            [] => {
                if !broken {
                    let diagnostic =
                        Diagnostic::new("missing-key", format!("the operation `{}` has no path", name.value))
                            .at(name.span, "needs one of `get`, `post`, `put`, `patch` and `delete`")
                            .help("add `get: /api/…`");
                    self.cx.report(diagnostic);
                }
                return None;
            }
            [(_, first), (_, second), ..] => {
                let diagnostic =
                    Diagnostic::new("several-methods", format!("the operation `{}` has several paths", name.value))
                        .at(second.span, "another one")
                        .and(first.span, "the first one")
                        .help("make it several operations");
                self.cx.report(diagnostic);
                return None;
            }
        };
        let parameters = self.parameters(path)?;
        self.path_agrees(path, &parameters, schema);
        let shape = path.as_str().split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
        let shape = shape.collect::<Vec<_>>().join("/");
        if let Some(first) = routes.insert((method, shape), path.span) {
            let diagnostic = Diagnostic::new("duplicate-route", "two operations have this method and path")
                .at(path.span, "again here")
                .and(first, "first here")
                .help("change one of them; names of parameters do not distinguish paths");
            self.cx.report(diagnostic);
        }
        Some((method, path.value.clone()))
    }

    /// The parameters of a path: `{id}` as a whole segment.
    pub fn parameters(&mut self, path: &Text) -> Option<Vec<String>> {
        let mut parameters = Vec::new();
        let mut wrong = (!path.as_str().starts_with('/')).then(|| "expected `/` first".to_owned());
        let segments: Vec<&str> = path.as_str().split('/').skip(1).collect();
        for (index, segment) in segments.iter().enumerate() {
            let parameter = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            match parameter {
                Some(name) if parameters.contains(&name.to_owned()) => {
                    wrong = Some(format!("`{{{name}}}` is used twice"))
                }
                Some(name) if case::is_identifier(name) => parameters.push(name.to_owned()),
                Some(name) => wrong = Some(format!("`{name}` cannot be a name in code")),
                None if segment.contains(['{', '}']) => {
                    wrong = Some("a parameter is a whole segment: `/{id}/`".to_owned());
                }
                None if segment.is_empty() && segments.len() > 1 && index + 1 < segments.len() => {
                    wrong = Some("a segment is empty".to_owned());
                }
                None if segment.contains(['?', '#', '*', ' ']) => {
                    wrong = Some("a path has letters, digits and `-._~` in its segments".to_owned());
                }
                None => {}
            }
        }
        if let Some(wrong) = wrong {
            let diagnostic =
                Diagnostic::new("invalid-path", format!("`{}` is not a path", path.value)).at(path.span, wrong);
            self.cx
                .report(diagnostic.help("write it like `/api/channels/{id}`; query parameters belong under `query`"));
            return None;
        }
        Some(parameters)
    }

    pub fn path_agrees(&mut self, path: &Text, parameters: &[String], schema: &OperationSchema) {
        if matches!(schema.path, Slot::Broken) {
            return;
        }
        let declared: Vec<&Text> =
            schema.path.get().into_iter().flat_map(|named| &named.entries).map(|entry| &entry.name).collect();
        for parameter in parameters {
            if !declared.iter().any(|name| name.value == *parameter) {
                let diagnostic = Diagnostic::new("path-parameter", format!("the parameter `{parameter}` has no type"))
                    .at(path.span, format!("`{{{parameter}}}` is here"))
                    .help(format!("add `path: {{ {parameter}: {{ $ref: … }} }}`"));
                self.cx.report(diagnostic);
            }
        }
        for name in declared {
            if !parameters.contains(&name.value) {
                let diagnostic =
                    Diagnostic::new("path-parameter", format!("the path has no parameter `{}`", name.value))
                        .at(name.span, "not in the path")
                        .and(path.span, "the path")
                        .help(crate::diagnostic::instead(name.as_str(), parameters.iter().map(String::as_str)));
                self.cx.report(diagnostic);
            }
        }
    }

    /// Reports a body on a method that has none.
    pub fn body_of(&mut self, method: Method, schema: &OperationSchema) {
        let body = schema.body.get().map(|body| body.span);
        let upload = schema.upload.get().map(|upload| upload.span);
        if matches!(method, Method::Get | Method::Delete) {
            for span in [body, upload].into_iter().flatten() {
                let diagnostic = Diagnostic::new("unexpected-body", "requests of this method have no body")
                    .at(span, "")
                    .help("use `post`, `put` or `patch`, or put the fields under `query`");
                self.cx.report(diagnostic);
            }
        } else if let (Some(body), Some(upload)) = (body, upload) {
            let diagnostic = Diagnostic::new("unexpected-body", "a request has either a JSON body or an upload")
                .at(upload, "the upload")
                .and(body, "the JSON body")
                .help("put the fields under `query`, or leave out one of them");
            self.cx.report(diagnostic);
        }
    }
}
