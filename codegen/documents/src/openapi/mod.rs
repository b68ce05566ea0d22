//! OpenAPI 3.1 of a protocol's REST operations.

mod refusals;
mod requests;
mod responses;

use accord_language::model::{Auth, Method, Model, Operation};
use serde_json::{Map, Value, json};

use super::{components::Components, receivers, sentences};

/// The version of the specification (<https://spec.openapis.org/oas/v3.1.1>).
const VERSION: &str = "3.1.1";

/// The security scheme of a bearer's token.
const BEARER: &str = "bearer";

/// All operations of a protocol. One without any has no paths.
pub fn document(model: &Model) -> Value {
    let mut components = Components::new(model);
    let mut paths: Map<String, Value> = Map::new();
    for operation in &model.http.operations {
        let item = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        item[method(operation.method)] = self::operation(model, operation, &mut components);
    }
    let mut document = json!({ "openapi": VERSION, "info": info(model), "servers": [{ "url": "/" }] });
    let tags = tags(model);
    if !tags.is_empty() {
        document["tags"] = tags.into();
    }
    document["paths"] = paths.into();
    if let Some(components) = all(model, components) {
        document["components"] = components;
    }
    document
}

fn info(model: &Model) -> Value {
    let protocol = &model.protocol;
    let mut info = json!({
        "title": protocol.name,
        "version": protocol.version,
        "description": sentences::whole(&protocol.doc),
    });
    if let Some(license) = &protocol.license {
        info["license"] = json!({ "name": license, "identifier": license });
    }
    info
}

/// By who may call an operation, in that order.
fn tags(model: &Model) -> Vec<Value> {
    let has = |auth| model.http.operations.iter().any(|operation| operation.auth == auth);
    let all = [
        (Auth::User, "For everybody with a token."),
        (Auth::Admin, "For administrators: users with a token whose claim `admin` is `true`."),
        (Auth::Public, "For everybody, without a token."),
    ];
    let described = |(auth, description)| json!({ "name": tag(auth), "description": description });
    all.into_iter().filter(|(auth, _)| has(*auth)).map(described).collect()
}

fn tag(auth: Auth) -> &'static str {
    match auth {
        Auth::User => "users",
        Auth::Admin => "administrators",
        Auth::Public => "public",
    }
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Post => "post",
        Method::Put => "put",
        Method::Patch => "patch",
        Method::Delete => "delete",
    }
}

fn operation(model: &Model, operation: &Operation, components: &mut Components<'_>) -> Value {
    let mut about = sentences::Paragraphs::beyond_summary(&operation.doc);
    if let Some(scope) = operation.scope {
        about.add(sentences::membership(model, scope, &model.scopes[scope.0].key));
    }
    about.add(sentences::leads_to(operation));
    about.add((operation.auth == Auth::Admin).then(|| "For administrators.".to_owned()));
    about.add(operation.limit.map(|limit| sentences::limit(&model.limits[limit.0])));
    let mut described = json!({
        "operationId": operation.name,
        "tags": [tag(operation.auth)],
        "summary": operation.doc.summary,
    });
    if let Some(text) = about.text() {
        described["description"] = text.into();
    }
    if operation.doc.deprecated.is_some() {
        described["deprecated"] = true.into();
    }
    if let Some(since) = &operation.doc.since {
        described["x-accord-since"] = since.clone().into();
    }
    if !operation.emits.is_empty() {
        let emits = operation.emits.iter().map(|emit| receivers::emitted(model, emit, &operation.rooms));
        described[receivers::KEY] = emits.collect();
    }
    described["security"] = match operation.auth {
        Auth::Public => json!([]),
        Auth::User => json!([{ BEARER: [] }]),
        Auth::Admin => json!([{ BEARER: ["admin"] }]),
    };
    let mut parameters = requests::parameters(model, operation, components);
    if model.gateway.version_refused.is_some() {
        parameters.push(json!({ "$ref": format!("#/components/parameters/{}", requests::VERSION) }));
    }
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    if let Some(body) = requests::body(model, operation, components) {
        described["requestBody"] = body;
    }
    described["responses"] = responses::of(model, operation, components);
    described
}

fn all(model: &Model, mut components: Components<'_>) -> Option<Value> {
    let operations = &model.http.operations;
    let body = model.http.error_body.filter(|_| !operations.is_empty())?;
    let mut all = json!({ "responses": refusals::components(model, &components.reference(body)) });
    if model.gateway.version_refused.is_some() {
        all["parameters"] = json!({ requests::VERSION: requests::version(&model.protocol) });
    }
    if operations.iter().any(|operation| operation.auth != Auth::Public) {
        all["securitySchemes"] = json!({
            BEARER: {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "A JSON Web Token (RFC 7519). Its claim `id`, else `sub`, is the user's id; `exp` is \
                    required; `admin` is `true` for administrators.",
            },
        });
    }
    all["schemas"] = components.schemas().into();
    Some(all)
}
