//! Answers of the transport's own, to requests that do not reach their operation. No schema declares these.

use accord_language::model::{Model, Operation, Part};
use serde_json::{Map, Value, json};

/// One of these answers.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Its name among the components.
    pub(super) name: &'static str,
    pub(super) status: u16,
    pub(super) code: &'static str,
    message: &'static str,
    /// The reason for the refusal, a sentence.
    pub(super) about: &'static str,
}

static ORIGIN: Refusal = Refusal {
    name: "OriginRefused",
    status: 403,
    code: "origin_refused",
    message: "Origin not allowed",
    about: "The request comes from a page of an origin that is not allowed.",
};
static TOO_SLOW: Refusal = Refusal {
    name: "BodyTooSlow",
    status: 408,
    code: "timeout",
    message: "Request body took too long",
    about: "The body did not arrive in time.",
};
static TOO_LARGE: Refusal = Refusal {
    name: "BodyTooLarge",
    status: 413,
    code: "too_large",
    message: "Request body too large",
    about: "The body exceeds the maximum size.",
};
static STOPPING: Refusal = Refusal {
    name: "Stopping",
    status: 503,
    code: "unavailable",
    message: "Server is shutting down",
    about: "The server is shutting down.",
};

impl Refusal {
    /// The refusal as one of a response's examples.
    pub(super) fn example(&self) -> Value {
        json!({ "summary": self.about, "value": { "message": self.message, "code": self.code } })
    }

    fn response(&self, body: &Value) -> Value {
        let code = json!({ "type": "object", "properties": { "code": { "type": "string", "const": self.code } } });
        let media = json!({ "schema": { "allOf": [body, code] }, "examples": { self.name: self.example() } });
        json!({ "description": format!("`{}`: {}", self.code, self.about), "content": { "application/json": media } })
    }
}

/// Those that an operation may be answered with. An upload is read by its handler, which has answers for what goes wrong.
pub(super) fn of(operation: &Operation) -> Vec<&'static Refusal> {
    let reads_body = operation.parts.iter().any(|(_, place)| *place == Part::Body);
    let body: &[_] = if reads_body { &[&TOO_SLOW, &TOO_LARGE] } else { &[] };
    [&[&ORIGIN], body, &[&STOPPING]].concat()
}

/// Returns whether an operation has no other answer of this status.
pub(super) fn is_alone(model: &Model, operation: &Operation, refusal: &Refusal) -> bool {
    !model.operation_errors(operation).iter().any(|id| model.errors[id.0].status == refusal.status)
}

/// The components: what is the only answer of its status for some operation. `body` is the schema of failures.
pub(super) fn components(model: &Model, body: &Value) -> Map<String, Value> {
    let operations = &model.http.operations;
    let is_used = |refusal: &Refusal| {
        let has = |operation| of(operation).iter().any(|other| other.name == refusal.name);
        operations.iter().any(|operation| has(operation) && is_alone(model, operation, refusal))
    };
    let all = [&ORIGIN, &TOO_SLOW, &TOO_LARGE, &STOPPING].into_iter().filter(|refusal| is_used(refusal));
    all.map(|refusal| (refusal.name.to_owned(), refusal.response(body))).collect()
}
