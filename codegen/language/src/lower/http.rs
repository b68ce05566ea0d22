//! REST operations.

use std::collections::HashMap;

use super::{
    Lowering,
    docs::doc_of,
    examples, names,
    targets::{Cause, Receivers},
    types::{Inline, Position},
};
use crate::{
    case,
    diagnostic::{Diagnostic, Span},
    model::{
        Auth, Doc, Http, Kind, Method, Object, Operation, ScopeId, Shape, Success, SuccessBody, Type, TypeId, Upload,
    },
    source::{
        self, Any, Named, Text,
        http::{AuthSchema, OperationSchema, ResponseSchema, UploadSchema},
        schema::TypeSchema,
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
                    Diagnostic::new("reserved-name", format!("an operation cannot be named `{}`", name.value));
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
        Some(Http { operations, error_body, place: self.tables.http.clone() })
    }

    pub fn operation(
        &mut self,
        name: &'a Text,
        schema: &'a OperationSchema,
        routes: &mut HashMap<(Method, String), Span>,
    ) -> Option<Operation> {
        let pascal = case::pascal(name.as_str());
        let what = format!("the errors that `{}` answers with", name.value);
        self.items.claim("types", &format!("{pascal}Error"), name.span, what, self.cx);
        let doc = doc_of!(self, schema);
        let route = self.route(name, schema, routes);
        let auth = match schema.auth.get() {
            None | Some(AuthSchema::User) => Auth::User,
            Some(AuthSchema::Public) => Auth::Public,
            Some(AuthSchema::Admin) => Auth::Admin,
        };
        let limit = self.limit(&schema.limit);
        let (input, parts) = self.input(name, schema);
        let scope = self.scope(&schema.scope);
        if let (Some(ScopeId(index)), Some(at)) = (scope, schema.scope.get()) {
            if let Some(key) = self.tables.scopes.entries[index].1.and_then(|scope| scope.key.get()) {
                self.room_key(input, input.is_none(), key.as_str(), at.span);
            }
            if auth == Auth::Public {
                let diagnostic = Diagnostic::new("public-scope", "there is no caller whose membership could be proven")
                    .at(at.span, "requires a caller")
                    .help("leave out `scope`, or `auth: public`");
                self.cx.report(diagnostic);
            }
        }
        if let Some((method, _)) = &route {
            self.body_of(*method, schema);
        }
        let mut receivers = Receivers {
            cause: Cause::Operation { has_caller: auth != Auth::Public },
            scope,
            has_scope: !schema.scope.is_absent() || schema.has_other_keys,
            also: &[],
            also_keys: Vec::new(),
            payload: input,
            has_no_payload: input.is_none() && !schema.has_other_keys,
            rooms: Vec::new(),
        };
        let (emits, _) = self.emits(&schema.emits, &mut receivers);
        if !schema.emits.is_absent() {
            let what = format!("the reply to `{}`", name.value);
            self.items.claim("types", &format!("{pascal}Reply"), name.span, what, self.cx);
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
            rooms: receivers.rooms,
            emits,
            // Known once all that is emitted is.
            durable: false,
            input,
            parts,
            upload: schema.upload.get().and_then(|upload| self.upload(upload)),
            success: success?,
            errors,
            failure,
            example: schema.example.get().map(Any::to_json),
            place: schema.place.clone(),
        })
    }

    pub fn success(&mut self, name: &'a Text, schema: &'a OperationSchema) -> Option<Success> {
        let responses = schema.response.get()?;
        let [response] = &responses.entries[..] else {
            let diagnostic = Diagnostic::new(
                "several-responses",
                format!("`{}` has {} answers", name.value, responses.entries.len()),
            )
            .at(responses.span, "expected one")
            .help("give the one answer for success; failures belong under `errors`");
            self.cx.report(diagnostic);
            return None;
        };
        let status = response.name.as_str().parse().ok().filter(|status| (200..300).contains(status));
        if status.is_none() {
            let diagnostic =
                Diagnostic::new("out-of-range", format!("`{}` is not the status of a success", response.name.value))
                    .at(response.name.span, "expected 200 to 299")
                    .help("failures belong under `errors`, with their status");
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
        let beside = schema.beside.get().map(|fields| self.beside(name, schema, fields, &body));
        Some(Success { status: status?, body, beside, example, place: response.place.clone() })
    }

    /// The fields beside the envelope's, as one object.
    fn beside(
        &mut self,
        name: &'a Text,
        schema: &'a OperationSchema,
        fields: &'a Named<TypeSchema>,
        body: &SuccessBody,
    ) -> TypeId {
        let envelope = match body {
            SuccessBody::Json { envelope, .. } if schema.emits.is_absent() => envelope.as_deref(),
            _ => None,
        };
        if let Some(first) = fields.entries.first() {
            let wrong = match envelope {
                None => Some("the answer has no envelope, or the operation emits events"),
                Some(envelope) if fields.entries.iter().any(|field| field.name.as_str() == envelope) => {
                    Some("the envelope's own field is `response`")
                }
                Some(_) => None,
            };
            if let Some(wrong) = wrong {
                let diagnostic = Diagnostic::new("misplaced-keyword", format!("`beside` has no place here: {wrong}"));
                self.cx.report(diagnostic.at(first.name.span, "").help("declare the fields in the type of the answer"));
            }
        }
        let inline = Inline {
            name: format!("{}Beside", case::pascal(name.as_str())),
            summary: format!("Optional fields of the answer of `{}`, next to its data.", name.value),
            span: name.span,
        };
        let object_name = inline.name.clone();
        self.hoist(inline, &schema.place, Doc::default(), None, |this, id| {
            let required: Vec<Text> = fields.entries.iter().map(|entry| entry.name.clone()).collect();
            let fields = this.fields(fields, &required, &object_name, id, 0);
            Some(Shape::Object(Object { fields, rules: Vec::new() }))
        })
    }

    pub fn upload(&mut self, schema: &UploadSchema) -> Option<Upload> {
        let media = schema.media.get()?;
        if media.is_empty() {
            let diagnostic = Diagnostic::new("empty-list", "no file may be uploaded")
                .at(schema.span, "takes no media type")
                .help("name the media types under `media`, or `*/*` for any");
            self.cx.report(diagnostic);
        }
        let media = media.iter().map(|media| self.media(media)).collect();
        Some(Upload { field: schema.field.get()?.value.clone(), media, place: schema.place.clone() })
    }

    pub fn media(&mut self, media: &source::Text) -> String {
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
    pub fn example_of(&self, ty: &Type) -> Option<serde_json::Value> {
        match &ty.kind {
            Kind::Ref(id) => self.types.get(*id)?.example.clone(),
            Kind::Array(array) => Some(vec![self.example_of(&array.items)?].into()),
            _ => None,
        }
    }
}
