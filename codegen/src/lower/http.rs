//! REST operations.

use std::collections::HashMap;

use super::{
    Lowering,
    docs::doc_of,
    examples, names,
    types::{Inline, Position, Resolved},
};
use crate::{
    case,
    diagnostic::{Diagnostic, Span},
    model::{
        Auth, Doc, Field, Http, Kind, Method, Object, Operation, Place, ScopeId, Shape, Success, SuccessBody, Type,
        TypeId,
    },
    source::{
        self, Any, Slot, Text,
        document::{AuthSchema, InputSchema, OperationSchema, ResponseSchema},
    },
};

impl<'a> Lowering<'a, '_> {
    /// The section `http`.
    pub fn http(&mut self) -> Option<Http> {
        let error_body = self.tables.error_body.and_then(|body| {
            let id = self.reference(body)?;
            self.failure_payload(Some(id), false, body.span);
            Some(id)
        });
        let entries = self.tables.operations.entries.clone();
        if let (None, Some((first, _))) = (self.tables.error_body, entries.first()) {
            let diagnostic =
                Diagnostic::new("missing-key", "operations need `http.error_body`: the type of a failure's body")
                    .at(first.span, "the first operation")
                    .help("add `error_body: Error` under `http`, and a type `Error`");
            self.cx.report(diagnostic);
        }
        let mut operations = Vec::new();
        let mut routes = HashMap::new();
        for (name, schema) in entries {
            self.snake_name(name, "operation");
            if names::is_keyword(name.as_str()) {
                let diagnostic =
                    Diagnostic::new("reserved-name", format!("an operation cannot be called `{}`", name.value));
                self.cx.report(diagnostic.at(name.span, "this is a keyword of Rust").help("choose another name"));
            }
            if operations.is_empty() {
                self.items.claim("types", "Http", name.span, "the handlers of the operations".to_owned(), self.cx);
            }
            let what = format!("the operation `{}`", name.value);
            if !self.items.claim("specs", &case::screaming(name.as_str()), name.span, what, self.cx) {
                continue;
            }
            let Some(schema) = schema else { continue };
            operations.extend(self.operation(name, schema, &mut routes));
        }
        Some(Http { operations, error_body })
    }

    fn operation(
        &mut self,
        name: &'a Text,
        schema: &'a OperationSchema,
        routes: &mut HashMap<(Method, String), Span>,
    ) -> Option<Operation> {
        let pascal = case::pascal(name.as_str());
        let what = format!("the errors that `{}` is answered with", name.value);
        self.items.claim("types", &format!("{pascal}Error"), name.span, what, self.cx);
        let doc = doc_of!(self, schema);
        let route = self.route(name, schema, routes);
        let auth = match schema.auth.get() {
            None | Some(AuthSchema::User) => Auth::User,
            Some(AuthSchema::Public) => Auth::Public,
            Some(AuthSchema::Admin) => Auth::Admin,
        };
        let limit = self.limit(&schema.limit);
        let (input, places) = self.input(name, schema);
        let scope = self.scope(&schema.scope);
        if let (Some(ScopeId(index)), Some(at)) = (scope, schema.scope.get()) {
            if let Some(key) = self.tables.scopes.entries[index].1.and_then(|scope| scope.key.get()) {
                self.room_key(input, input.is_none(), key.as_str(), at.span);
            }
            if auth == Auth::Public {
                let diagnostic = Diagnostic::new("public-scope", "nobody is known whose membership could be proven")
                    .at(at.span, "membership is asked of the caller")
                    .help("leave out `scope`, or `auth: public`");
                self.cx.report(diagnostic);
            }
        }
        if let Some((method, _)) = &route {
            self.body_of(*method, schema);
        }
        let success = self.success(name, schema);
        let errors = self.error_list(&schema.errors);
        let failure = self.failure(&schema.failure);
        if let Some(example) = schema.example.get() {
            match input {
                Some(id) => self.examples.push(examples::Pending { id, example }),
                None => {
                    let diagnostic = Diagnostic::new("misplaced-keyword", "an operation without input has no example");
                    self.cx.report(diagnostic.at(example.0.span, "").help("leave it out"));
                }
            }
        }
        let (method, path) = route?;
        Some(Operation {
            name: name.value.clone(),
            doc,
            method,
            path,
            auth,
            limit,
            scope,
            input,
            places,
            upload: schema.upload.get().map(|field| field.value.clone()),
            success: success?,
            errors,
            failure,
            example: schema.example.get().map(Any::to_json),
        })
    }

    fn route(
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
                .help("change one of them; names of parameters do not tell paths apart");
            self.cx.report(diagnostic);
        }
        Some((method, path.value.clone()))
    }

    /// The parameters of a path: `{id}` as a whole segment.
    fn parameters(&mut self, path: &Text) -> Option<Vec<String>> {
        let mut parameters = Vec::new();
        let mut wrong = (!path.as_str().starts_with('/')).then(|| "expected `/` first".to_owned());
        let segments: Vec<&str> = path.as_str().split('/').skip(1).collect();
        for (index, segment) in segments.iter().enumerate() {
            let parameter = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            match parameter {
                Some(name) if parameters.contains(&name.to_owned()) => {
                    wrong = Some(format!("`{{{name}}}` is there twice"))
                }
                Some(name) if case::is_identifier(name) => parameters.push(name.to_owned()),
                Some(name) => wrong = Some(format!("`{name}` is no name in code")),
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
            self.cx.report(diagnostic.help("write it like `/api/channels/{id}`; query parameters stand under `query`"));
            return None;
        }
        Some(parameters)
    }

    fn path_agrees(&mut self, path: &Text, parameters: &[String], schema: &OperationSchema) {
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

    /// Reports a body where there is none.
    fn body_of(&mut self, method: Method, schema: &OperationSchema) {
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

    /// Path, query and body fields as one object, and where each is.
    fn input(&mut self, name: &'a Text, schema: &'a OperationSchema) -> (Option<TypeId>, Vec<(String, Place)>) {
        let mut places = Vec::new();
        if schema.path.is_absent() && schema.query.is_absent() && schema.body.is_absent() {
            return (None, places);
        }
        let inline = Inline {
            name: case::pascal(name.as_str()),
            summary: format!("The input of `{}`.", name.value),
            span: name.span,
        };
        let object_name = inline.name.clone();
        let example = schema.example.get().map(Any::to_json);
        let id = self.hoist(inline, Doc::default(), None, |this, id| {
            let mut fields: Vec<Field> = Vec::new();
            let mut spans: Vec<Span> = Vec::new();
            let mut rules = Vec::new();
            if let Some(path) = schema.path.get() {
                let required: Vec<Text> = path.entries.iter().map(|entry| entry.name.clone()).collect();
                fields = this.fields(path, &required, &object_name, id, 0);
                spans.extend(path.entries.iter().map(|entry| entry.name.span));
                this.parameter_types(&fields, &spans);
                places.extend(fields.iter().map(|field| (field.name.clone(), Place::Path)));
            }
            let inputs: [(&'a Slot<InputSchema>, Place); 2] =
                [(&schema.query, Place::Query), (&schema.body, Place::Body)];
            for (input, place) in inputs {
                let Some(input) = input.get() else { continue };
                let Some(properties) = input.properties.get() else { continue };
                let empty = Vec::new();
                let required = input.required.get().unwrap_or(&empty);
                let names: Vec<&str> = properties.entries.iter().map(|entry| entry.name.as_str()).collect();
                this.required_names(required, &names);
                let new = this.fields(properties, required, &object_name, id, fields.len());
                let new_spans: Vec<Span> = properties.entries.iter().map(|entry| entry.name.span).collect();
                if place == Place::Query {
                    this.parameter_types(&new, &new_spans);
                }
                for (field, span) in new.into_iter().zip(new_spans) {
                    let snake = case::snake(&field.name);
                    if let Some(first) = fields.iter().position(|first| case::snake(&first.name) == snake) {
                        let diagnostic = Diagnostic::new(
                            "name-collision",
                            format!("the operation has two fields `{snake}` in code"),
                        )
                        .at(span, "again here")
                        .and(spans[first], "first here")
                        .help("path, query and body fields are put together to one object: rename one of them");
                        this.cx.report(diagnostic);
                        continue;
                    }
                    places.push((field.name.clone(), place));
                    fields.push(field);
                    spans.push(span);
                }
            }
            for input in [&schema.query, &schema.body] {
                if let Some(found) = input.get().and_then(|input| input.rules.get()) {
                    rules.extend(this.rules(found, &fields));
                }
            }
            Some(Shape::Object(Object { fields, rules }))
        });
        self.types.defs[id.0].example = example;
        (Some(id), places)
    }

    /// Reports path and query parameters that are no scalars.
    fn parameter_types(&mut self, fields: &[Field], spans: &[Span]) {
        for (field, span) in fields.iter().zip(spans) {
            let scalar = match self.types.resolve(&field.ty.kind) {
                None | Some(Resolved::Text) => true,
                Some(Resolved::Object(_)) => false,
                Some(Resolved::Other) => self.is_scalar(&field.ty.kind),
            };
            let (wrong, help) = match field.ty.nullable {
                _ if !scalar => ("a parameter is a string, a number or a boolean", "put it into the body"),
                true => ("a parameter cannot be `null`", "leave `nullable` out, and the parameter out of `required`"),
                false => continue,
            };
            let diagnostic =
                Diagnostic::new("parameter-type", format!("`{}`: {wrong}", field.name)).at(*span, "").help(help);
            self.cx.report(diagnostic);
        }
    }

    fn is_scalar(&self, kind: &Kind) -> bool {
        match kind {
            Kind::Ref(id) => match self.types.get(*id).map(|def| &def.shape) {
                Some(Shape::Alias(kind)) => self.is_scalar(kind),
                Some(Shape::Enum(_)) | None => true,
                Some(Shape::Object(_)) => false,
            },
            Kind::Text(_) | Kind::Integer(_) | Kind::Number(_) | Kind::Boolean | Kind::Const(_) => true,
            Kind::Array(_) | Kind::Map(_) => false,
        }
    }

    fn success(&mut self, name: &'a Text, schema: &'a OperationSchema) -> Option<Success> {
        let responses = schema.response.get()?;
        let [response] = &responses.entries[..] else {
            let diagnostic = Diagnostic::new(
                "several-responses",
                format!("`{}` has {} answers", name.value, responses.entries.len()),
            )
            .at(responses.span, "expected one")
            .help("give the one answer of a success; failures stand under `errors`");
            self.cx.report(diagnostic);
            return None;
        };
        let status = response.name.as_str().parse().ok().filter(|status| (200..300).contains(status));
        if status.is_none() {
            let diagnostic =
                Diagnostic::new("out-of-range", format!("`{}` is not the status of a success", response.name.value))
                    .at(response.name.span, "expected 200 to 299")
                    .help("failures stand under `errors`, and have their status there");
            self.cx.report(diagnostic);
        }
        let body = match response.value.as_ref()? {
            ResponseSchema::Empty => SuccessBody::Empty,
            ResponseSchema::Media(media) => SuccessBody::Raw(self.media(media.media.get()?)),
            ResponseSchema::Json(ty) => {
                let inline = Inline {
                    name: format!("{}Response", case::pascal(name.as_str())),
                    summary: format!("The answer of `{}`.", name.value),
                    span: name.span,
                };
                let ty = self.use_of(ty, inline, Position::Field);
                SuccessBody::Json { ty, envelope: self.tables.envelope.map(|envelope| envelope.value.clone()) }
            }
        };
        let example = match &body {
            SuccessBody::Json { ty, .. } => self.example_of(ty),
            SuccessBody::Raw(_) | SuccessBody::Empty => None,
        };
        Some(Success { status: status?, body, example })
    }

    fn media(&mut self, media: &source::Text) -> String {
        let parts = media.as_str().split_once('/');
        let token = |text: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*.+-_".contains(&byte))
        };
        if !parts.is_some_and(|(ty, subtype)| token(ty) && token(subtype)) {
            let diagnostic = Diagnostic::new("invalid-media-type", format!("`{}` is not a media type", media.value));
            self.cx.report(
                diagnostic
                    .at(media.span, "expected TYPE/SUBTYPE")
                    .help("write it like `text/plain`, or `*/*` where it varies"),
            );
        }
        media.value.clone()
    }

    /// The example of a type where it is used: that of the named type, or a list of one.
    fn example_of(&self, ty: &Type) -> Option<serde_json::Value> {
        match &ty.kind {
            Kind::Ref(id) => self.types.get(*id)?.example.clone(),
            Kind::Array(array) => Some(vec![self.example_of(&array.items)?].into()),
            _ => None,
        }
    }
}
