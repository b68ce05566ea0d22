//! What a mock serves besides its protocol: tokens, its faults, and the documentation. These are operations like those of the schema, so that
//! pages of the same origins may call them, and mistakes are told in the same way.

use std::sync::Arc;

use accord_codegen::{Model, diagnostic::instead};
use accord_runtime::{
    Auth, Body, Download, Operation, OperationSpec, Parameter, ParameterKind, Path, Proofs, Refusal, Upload, Violation,
    Violations,
    operation::{Answer, Answering, Method, OperationHandler},
    reply,
    validate::{self, REQUIRED},
};
use axum::{Router, extract, routing::get};
use http::{
    HeaderMap, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use serde_json::{Map, Value, json};

use super::{
    faults::{Asked, Faults, Mistake},
    stage::Stage,
    users::{self, Users},
};
use crate::package::{Package, ROUTE};

/// Where tokens are.
pub const TOKEN: &str = "/mock/token";

/// Where faults are turned on and off.
pub const FAULTS: &str = "/mock/faults";

/// Where the documentation is.
pub const DOCS: &str = "/docs";

static GET_DOCS: OperationSpec = spec("mock_docs", Method::GET, DOCS, &[], Body::None);
static GET_TOKEN: OperationSpec = spec("mock_token", Method::GET, TOKEN, &WHOSE, Body::None);
static GET_FAULTS: OperationSpec = spec("mock_faults", Method::GET, FAULTS, &[], Body::None);
static PUT_FAULTS: OperationSpec = spec("mock_set_faults", Method::PUT, FAULTS, &[], Body::Json);

static WHOSE: [Parameter; 2] = [
    Parameter { name: "user", in_path: false, kind: ParameterKind::Text },
    Parameter { name: "admin", in_path: false, kind: ParameterKind::Boolean },
];

const fn spec(
    name: &'static str,
    method: Method,
    path: &'static str,
    parameters: &'static [Parameter],
    body: Body,
) -> OperationSpec {
    OperationSpec {
        name,
        method,
        path,
        auth: Auth::Public,
        limit: None,
        scopes: &[],
        parameters,
        body,
        envelope: None,
        status: 200,
        failure: "The mock failed",
    }
}

/// The operations of a mock's own. Those whose paths the schema takes for itself are left to it.
pub fn operations(page: &str, stage: &Arc<Stage>, users: &Arc<Users>) -> Vec<Operation> {
    let token = Token(Arc::clone(users));
    let own = vec![
        Operation { spec: &GET_DOCS, handler: Box::new(Reference(page.to_owned())) },
        Operation { spec: &GET_TOKEN, handler: Box::new(token) },
        Operation { spec: &GET_FAULTS, handler: Box::new(ShownFaults(Arc::clone(stage))) },
        Operation { spec: &PUT_FAULTS, handler: Box::new(SetFaults(Arc::clone(stage))) },
    ];
    let is_free = |own: &Operation| stage.model.http.operations.iter().all(|operation| operation.path != own.spec.path);
    own.into_iter().filter(is_free).collect()
}

/// The npm package, for the console of the documentation. A schema that has paths of its own there goes without.
pub fn package(model: &Model) -> Router {
    if model.http.operations.iter().any(|operation| operation.path.starts_with("/schema/")) {
        return Router::new();
    }
    let package = Package::of(model);
    Router::new()
        .route(ROUTE, get(move |extract::Path(name): extract::Path<String>| std::future::ready(package.answer(&name))))
}

/// The protocol's documentation.
struct Reference(String);

impl OperationHandler for Reference {
    fn validate(&self, _: &Value, _: &mut Violations) {}

    fn call(&self, _: Option<Proofs>, _: Value, _: Option<Upload>) -> Answering {
        Box::pin(std::future::ready(Ok(Answer::Raw(text("text/html; charset=utf-8", self.0.clone())))))
    }
}

/// A token for whoever is named, as plain text, so that a script can take it as it comes.
struct Token(Arc<Users>);

impl OperationHandler for Token {
    fn validate(&self, input: &Value, violations: &mut Violations) {
        let at = Path::Root.key("user");
        match input.get("user").and_then(Value::as_str) {
            None => violations.add(at, REQUIRED),
            Some(user) => {
                if let Err(message) = users::identity(user) {
                    violations.add(at, message);
                }
            }
        }
        if input.get("admin").is_some_and(|admin| !admin.is_boolean()) {
            violations.add(Path::Root.key("admin"), "must be true or false");
        }
    }

    fn call(&self, _: Option<Proofs>, input: Value, _: Option<Upload>) -> Answering {
        let user = input["user"].as_str().unwrap_or_default();
        let token = self.0.token(user, input["admin"] == true);
        Box::pin(std::future::ready(match token {
            Ok(token) => Ok(Answer::Raw(text("text/plain; charset=utf-8", token))),
            Err(message) => Err(Refusal::Invalid(Violation::new(Path::Root.key("user"), message))),
        }))
    }
}

/// What goes wrong at present.
struct ShownFaults(Arc<Stage>);

impl OperationHandler for ShownFaults {
    fn validate(&self, _: &Value, _: &mut Violations) {}

    fn call(&self, _: Option<Proofs>, _: Value, _: Option<Upload>) -> Answering {
        Box::pin(std::future::ready(shown(&self.0)))
    }
}

/// Has other things go wrong from now on.
struct SetFaults(Arc<Stage>);

impl OperationHandler for SetFaults {
    fn validate(&self, input: &Value, violations: &mut Violations) {
        let asked = asked(input, violations);
        if violations.is_empty()
            && let Err(mistakes) = Faults::read(self.0.model, asked)
        {
            for Mistake { list, index, message, .. } in mistakes {
                violations.add(Path::Root.key(list).index(index), message);
            }
        }
    }

    fn call(&self, _: Option<Proofs>, input: Value, _: Option<Upload>) -> Answering {
        let asked = asked(&input, &mut Violations::default());
        if let Ok(faults) = Faults::read(self.0.model, asked) {
            self.0.set_faults(faults);
        }
        Box::pin(std::future::ready(shown(&self.0)))
    }
}

fn shown(stage: &Stage) -> Result<Answer, Refusal> {
    let Asked { fail, latency, deny } = &stage.faults().asked;
    let shown = json!({ "fail": fail, "latency": latency, "deny": deny });
    reply::encode(&shown).map(Answer::Json).map_err(|error| Refusal::Fault(error.into()))
}

/// The lists of an input; those that are left out are empty.
fn asked(input: &Value, violations: &mut Violations) -> Asked {
    const LISTS: [&str; 3] = ["fail", "latency", "deny"];
    for name in input.as_object().into_iter().flat_map(Map::keys).filter(|name| !LISTS.contains(&name.as_str())) {
        violations.add(Path::Root.key(name), format!("is nothing that goes wrong: {}", instead(name, LISTS)));
    }
    let [fail, latency, deny] = LISTS.map(|list| {
        let at = Path::Root.key(list);
        let given = input.get(list).and_then(|given| validate::array(given, at, violations)).unwrap_or_default();
        let mut texts = Vec::new();
        for (index, text) in given.iter().enumerate() {
            texts.extend(validate::string(text, at.index(index), violations).map(str::to_owned));
        }
        texts
    });
    Asked { fail, latency, deny }
}

fn text(media: &'static str, text: String) -> Download {
    let headers =
        [(CONTENT_TYPE, HeaderValue::from_static(media)), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Download { headers: HeaderMap::from_iter(headers), body: text.into() }
}
