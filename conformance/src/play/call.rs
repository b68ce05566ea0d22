//! REST calls.

use accord_codegen::model::{ErrorDef, Method, Operation, Place, SuccessBody};
use serde_json::{Map, Value};

use super::{Deviation, Session};
use crate::{
    client::{Answer, Body, Request},
    coverage,
    pattern::{Pattern, matches, shown},
};

impl Session {
    /// The request that calls `operation` with these fields of path, query and body together.
    pub fn request(&self, operation: &Operation, input: &Value, token: Option<String>) -> Request {
        let empty = Map::new();
        let fields = input.as_object().unwrap_or(&empty);
        let mut path = operation.path.clone();
        let mut query = Vec::new();
        let mut body = Map::new();
        for (name, value) in fields {
            let place = operation.places.iter().find(|(known, _)| known == name).map(|(_, place)| *place);
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            match place {
                Some(Place::Path) => path = path.replace(&format!("{{{name}}}"), &encode(&text)),
                Some(Place::Query) if value.is_null() => {}
                Some(Place::Query) => query.push((name.clone(), text)),
                // What the operation does not know goes along where its like would.
                None if operation.method == Method::Get => query.push((name.clone(), text)),
                Some(Place::Body) | None => {
                    body.insert(name.clone(), value.clone());
                }
            }
        }
        let takes_body = operation.places.iter().any(|(_, place)| *place == Place::Body);
        let body = if body.is_empty() && !takes_body { Body::None } else { Body::Json(body.into()) };
        Request { method: method(operation.method).to_owned(), path, query, token, body }
    }

    /// Sends a request.
    pub async fn send(&self, caller: &str, request: &Request, step: &str) -> Result<Answer, Deviation> {
        let speaker = self.wire.speaker(caller);
        let answer = self.server.endpoint.call(request, &speaker);
        match tokio::time::timeout(self.server.patience * 4, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(why)) => Err(Deviation::new(step, "an answer", why)),
            Err(_) => Err(Deviation::new(step, "an answer", format!("none within {:?}", self.server.patience * 4))),
        }
    }

    /// Holds `answer` to be the success of `operation`, and returns its data.
    pub fn succeeded(&self, operation: &Operation, answer: &Answer, step: &str) -> Result<Value, Deviation> {
        let wanted = operation.success.status;
        if answer.status != wanted {
            return Err(Deviation::new(step, format!("status {wanted}"), status_and_body(answer)));
        }
        self.server.coverage.hit(&operation.name, &format!("status {wanted}"));
        if !matches!(operation.success.body, SuccessBody::Json { .. }) {
            return Ok(Value::Null);
        }
        let wrong = |why: String| Deviation::new(step, "what the schema says", why);
        let body = answer.json().map_err(wrong)?;
        self.protocol().check_body(operation, &body).map_err(wrong).cloned()
    }

    /// Holds `answer` to be a success of `operation`, of whatever status and body.
    pub fn succeeded_somehow(&self, operation: &Operation, answer: &Answer, step: &str) -> Result<(), Deviation> {
        if !(200..300).contains(&answer.status) {
            return Err(Deviation::new(step, "a status from 200 to 299", status_and_body(answer)));
        }
        self.server.coverage.hit(&operation.name, &format!("status {}", operation.success.status));
        Ok(())
    }

    /// Holds `answer` to be a failure of this status, and returns it.
    pub fn refused(&self, operation: &Operation, status: u64, answer: &Answer, step: &str) -> Result<Value, Deviation> {
        let expected = || format!("status {status} with `{{message, code}}`");
        if u64::from(answer.status) != status {
            return Err(Deviation::new(step, expected(), status_and_body(answer)));
        }
        let body = answer.json().map_err(|why| Deviation::new(step, expected(), why))?;
        if !(body["message"].is_string() && body["code"].is_string()) {
            return Err(Deviation::new(step, expected(), status_and_body(answer)));
        }
        let errors = coverage::errors_of(self.protocol(), operation);
        let known = errors.iter().any(|error| body["code"] == error.code.as_str());
        for error in errors.iter().filter(|error| u64::from(error.status) == status) {
            // Where the documentation gives no code, the server's own stands for any.
            if !known || body["code"] == error.code.as_str() {
                self.server.coverage.hit(&operation.name, &format!("error {}", error.name));
            }
        }
        Ok(body)
    }

    /// Holds `answer` to be one of these errors of `operation`, and returns it.
    pub fn failed(
        &self,
        operation: &Operation,
        errors: &[&str],
        answer: &Answer,
        step: &str,
    ) -> Result<Value, Deviation> {
        let errors: Vec<&ErrorDef> =
            self.protocol().model.errors.iter().filter(|error| errors.contains(&error.name.as_str())).collect();
        let expected = || {
            let each = errors
                .iter()
                .map(|error| format!("status {} with {:?} and the code `{}`", error.status, error.message, error.code));
            each.collect::<Vec<_>>().join(" or ")
        };
        if !errors.iter().any(|error| error.status == answer.status) {
            return Err(Deviation::new(step, expected(), status_and_body(answer)));
        }
        let body = answer.json().map_err(|why| Deviation::new(step, expected(), why))?;
        self.protocol().check_error(&body).map_err(|why| Deviation::new(step, "what the schema says", why))?;
        let right =
            |error: &&&ErrorDef| body["code"] == error.code.as_str() && body["message"] == error.message.as_str();
        match errors.iter().find(right) {
            Some(error) => self.server.coverage.hit(&operation.name, &format!("error {}", error.name)),
            None => return Err(Deviation::new(step, expected(), shown(&body))),
        }
        Ok(body)
    }

    /// Holds the headers of `answer` to a pattern.
    pub fn headers(&self, answer: &Answer, pattern: &Pattern, step: &str) -> Result<(), Deviation> {
        let headers: Map<String, Value> =
            answer.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        matches(&pattern.0, &Value::Object(headers), &self.variables)
            .map_err(|miss| Deviation::new(step, format!("headers {}", shown(&pattern.0)), miss.to_string()))
    }
}

/// An answer in a line.
pub(super) fn status_and_body(answer: &Answer) -> String {
    let body = String::from_utf8_lossy(&answer.bytes);
    format!("status {} {}", answer.status, body.chars().take(500).collect::<String>())
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}

/// Percent-encodes a segment of a path (RFC 3986): all but unreserved characters.
fn encode(segment: &str) -> String {
    segment.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_of_a_path_holds_any_text() {
        assert_eq!(encode("a/b c.é~"), "a%2Fb%20c.%C3%A9~");
    }
}
