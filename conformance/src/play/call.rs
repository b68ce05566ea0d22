//! REST calls.

use accord_flows::pattern::{Pattern, matches, shown};
use accord_language::model::{ErrorDef, Method, Operation, Part, SuccessBody};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::{Deviation, Session};
use crate::client::{Answer, Body, Request};

impl Session {
    /// The request that calls `operation` with these fields of path, query and body together.
    pub fn request(&self, operation: &Operation, input: &Value, token: Option<String>) -> Request {
        let empty = Map::new();
        let fields = input.as_object().unwrap_or(&empty);
        let mut path = operation.path.clone();
        let mut query = Vec::new();
        let mut body = Map::new();
        for (name, value) in fields {
            let place = operation.parts.iter().find(|(known, _)| known == name).map(|(_, place)| *place);
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            match place {
                Some(Part::Path) => path = path.replace(&format!("{{{name}}}"), &encode(&text)),
                Some(Part::Query) if value.is_null() => {}
                Some(Part::Query) => query.push((name.clone(), text)),
                // An unknown field is sent where the operation's other fields are.
                None if operation.method == Method::Get => query.push((name.clone(), text)),
                Some(Part::Body) | None => {
                    body.insert(name.clone(), value.clone());
                }
            }
        }
        let takes_body = operation.parts.iter().any(|(_, place)| *place == Part::Body);
        let body = if body.is_empty() && !takes_body { Body::None } else { Body::Json(body.into()) };
        Request { method: operation.method.name().to_owned(), path, query, token, body }
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

    /// Checks that `answer` is the success of `operation`, and returns its data.
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

    /// Checks that `answer` is a success of `operation`, with any status and body.
    pub fn succeeded_somehow(&self, operation: &Operation, answer: &Answer, step: &str) -> Result<(), Deviation> {
        if !(200..300).contains(&answer.status) {
            return Err(Deviation::new(step, "a status from 200 to 299", status_and_body(answer)));
        }
        self.server.coverage.hit(&operation.name, &format!("status {}", operation.success.status));
        Ok(())
    }

    /// Checks that `answer` is a failure of this status, and returns it.
    pub fn refused(&self, operation: &Operation, status: u64, answer: &Answer, step: &str) -> Result<Value, Deviation> {
        let expected = || format!("status {status} with `{{message, code}}`");
        if u64::from(answer.status) != status {
            return Err(Deviation::new(step, expected(), status_and_body(answer)));
        }
        let body = answer.json().map_err(|why| Deviation::new(step, expected(), why))?;
        if !(body["message"].is_string() && body["code"].is_string()) {
            return Err(Deviation::new(step, expected(), status_and_body(answer)));
        }
        let errors = self.protocol().operation_errors(operation);
        let known = errors.iter().any(|error| body["code"] == error.code.as_str());
        for error in errors.iter().filter(|error| u64::from(error.status) == status) {
            // If the documentation gives no code, any code of the server is accepted.
            if !known || body["code"] == error.code.as_str() {
                self.server.coverage.hit(&operation.name, &format!("error {}", error.name));
            }
        }
        Ok(body)
    }

    /// Checks that `answer` is one of these errors of `operation`, and returns it.
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

    /// Compares the headers of `answer` with a pattern.
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

/// Percent-encodes a segment of a path (RFC 3986): all but unreserved characters.
fn encode(segment: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(segment, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_of_a_path_holds_any_text() {
        assert_eq!(encode("a/b c.é~"), "a%2Fb%20c.%C3%A9~");
    }
}
