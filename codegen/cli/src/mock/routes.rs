//! Further routes of a mock: tokens and faults, which are operations like those of the schema, so pages of the same
//! origins may call them, and errors have the same form; and the documentation.

use std::sync::Arc;

use accord_language::{Model, diagnostic::instead};
use accord_runtime::{
    Auth, Body, Download, Endpoint, Handler, OperationSpec, Outcome, Parameter, ParameterKind, Path, Proofs, Refusal,
    Running, Upload, Violation, Violations,
    operation::Method,
    reply,
    validate::{self, REQUIRED},
};
use axum::{
    Router, extract,
    response::{Html, Redirect},
    routing::get,
};
use http::{
    HeaderMap, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use serde_json::{Map, Value, json};
use tower_http::compression::CompressionLayer;

use super::{
    faults::{Asked, Faults, Mistake},
    state::State,
    users::{self, Users},
};
use crate::package::{Package, ROUTE};

/// The route of tokens.
pub const TOKEN: &str = "/mock/token";

/// The route that turns faults on and off.
pub const FAULTS: &str = "/mock/faults";

/// The route of the documentation.
pub const DOCS: &str = "/docs";

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
        rooms: &[],
        durable: false,
        parameters,
        body,
        envelope: None,
        status: 200,
        failure: "The mock failed",
    }
}

/// The mock's own operations, except those whose paths the schema uses itself.
pub fn operations(state: &Arc<State>, users: &Arc<Users>) -> Vec<Endpoint> {
    let own: [(&'static OperationSpec, Box<dyn Handler>); 3] = [
        (&GET_TOKEN, Box::new(Token(Arc::clone(users)))),
        (&GET_FAULTS, Box::new(ShownFaults(Arc::clone(state)))),
        (&PUT_FAULTS, Box::new(SetFaults(Arc::clone(state)))),
    ];
    let is_free =
        |spec: &OperationSpec| state.model.http.operations.iter().all(|operation| operation.path != spec.path);
    let free = own.into_iter().filter(|(spec, _)| is_free(spec));
    free.map(|(spec, handler)| Endpoint::of_operation(spec, handler)).collect()
}

/// Returns the documentation, and the npm package for its console. A schema that uses these paths itself goes without.
pub fn documentation(page: &Arc<str>, model: &Model) -> Router {
    let mut taken = model.http.operations.iter().map(|operation| operation.path.as_str());
    let mut router = Router::new();
    if !taken.clone().any(|path| path == DOCS) {
        let page = Arc::clone(page);
        let headers = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
        router = router.route(DOCS, get(move || std::future::ready((headers, Html(page.to_string())))));
        // A user who opens the mock's address wants to see its documentation.
        if !taken.clone().any(|path| path == "/") {
            router = router.route("/", get(|| std::future::ready(Redirect::to(DOCS))));
        }
    }
    if !taken.any(|path| path.starts_with("/schema/")) {
        let package = Package::of(model);
        let file = move |extract::Path(name): extract::Path<String>| std::future::ready(package.answer(&name));
        router = router.route(ROUTE, get(file));
    }
    router.layer(CompressionLayer::new())
}

/// A token for the named user, as plain text, so that a script can use it directly.
struct Token(Arc<Users>);

impl Handler for Token {
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

    fn call(&self, _: Option<Proofs>, input: Value, _: Option<Upload>) -> Running {
        let user = input["user"].as_str().unwrap_or_default();
        let token = self.0.token(user, input["admin"] == true);
        Box::pin(std::future::ready(match token {
            Ok(token) => Ok(Outcome::download(text("text/plain; charset=utf-8", token))),
            Err(message) => Err(Refusal::Invalid(Violation::new(Path::Root.key("user"), message))),
        }))
    }
}

/// The current faults.
struct ShownFaults(Arc<State>);

impl Handler for ShownFaults {
    fn validate(&self, _: &Value, _: &mut Violations) {}

    fn call(&self, _: Option<Proofs>, _: Value, _: Option<Upload>) -> Running {
        Box::pin(std::future::ready(shown(&self.0)))
    }
}

/// Replaces the faults.
struct SetFaults(Arc<State>);

impl Handler for SetFaults {
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

    fn call(&self, _: Option<Proofs>, input: Value, _: Option<Upload>) -> Running {
        let asked = asked(&input, &mut Violations::default());
        if let Ok(faults) = Faults::read(self.0.model, asked) {
            self.0.set_faults(faults);
        }
        Box::pin(std::future::ready(shown(&self.0)))
    }
}

fn shown(state: &State) -> Result<Outcome, Refusal> {
    let Asked { fail, latency, deny } = &state.faults().asked;
    let shown = json!({ "fail": fail, "latency": latency, "deny": deny });
    reply::encode(&shown).map(Outcome::json).map_err(|error| Refusal::Fault(error.into()))
}

/// The lists of an input; those that are left out are empty.
fn asked(input: &Value, violations: &mut Violations) -> Asked {
    const LISTS: [&str; 3] = ["fail", "latency", "deny"];
    for name in input.as_object().into_iter().flat_map(Map::keys).filter(|name| !LISTS.contains(&name.as_str())) {
        violations.add(Path::Root.key(name), format!("is not a kind of fault: {}", instead(name, LISTS)));
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
    Download::new(HeaderMap::from_iter(headers), axum::body::Body::from(text))
}
