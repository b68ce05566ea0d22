//! Combines a request's path, query and body.

use accord_runtime::{
    operation::{self, OperationSpec, ParameterKind},
    rejection::Rejection,
    validate::Path,
};
use axum::{body::Body, extract::RawPathParams};
use http::{HeaderMap, header::CONTENT_TYPE, request::Parts};
use serde_json::{Map, Number, Value};

use crate::{
    address,
    answer::{self, Unanswered},
    bodies::Unread,
    shared::Shared,
};

/// The input of an operation, and the body if it is still to be read.
pub(super) async fn read(
    shared: &Shared,
    spec: &OperationSpec,
    path: Option<RawPathParams>,
    parts: &Parts,
    body: Body,
) -> Result<(Value, Body), Unanswered> {
    let invalid = |message: &'static str| Unanswered::from(Rejection::invalid_at(shared.protocol, Path::Root, message));
    let Some(path) = path else { return Err(invalid("has a path that is not UTF-8")) };
    let (mut input, body) = match spec.body {
        operation::Body::Json => {
            if !is_json(&parts.headers) {
                return Err(invalid("must be JSON, and say so: Content-Type: application/json"));
            }
            let text = collect(shared, parts, body).await?;
            match serde_json::from_slice(&text) {
                Ok(Value::Object(input)) => (input, Body::empty()),
                Ok(_) => return Err(invalid("must be an object")),
                Err(_) => return Err(invalid("is not valid JSON")),
            }
        }
        operation::Body::None | operation::Body::Multipart { .. } => (Map::new(), body),
    };
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
        .map_err(|_| invalid("has a query that is not UTF-8"))?;
    for parameter in spec.parameters {
        let text = if parameter.in_path {
            path.iter().find(|(name, _)| *name == parameter.name).map(|(_, text)| text)
        } else {
            query.iter().find(|(name, _)| *name == parameter.name).map(|(_, text)| text.as_str())
        };
        match text {
            Some(text) => input.insert(parameter.name.to_owned(), value(parameter.kind, text)),
            // Fields of the path or query never come from the body.
            None => input.remove(parameter.name),
        };
    }
    Ok((Value::Object(input), body))
}

/// A parameter's text, converted to the parameter's type.
fn value(kind: ParameterKind, text: &str) -> Value {
    let read = match kind {
        ParameterKind::Text => None,
        // The parser skips white space, which is not part of a number.
        ParameterKind::Number if text.contains(char::is_whitespace) => None,
        ParameterKind::Number => text.parse::<Number>().ok().map(Value::Number),
        ParameterKind::Boolean => text.parse().ok().map(Value::Bool),
    };
    read.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Whether a body is declared as `application/json` or something like `application/problem+json` (RFC 6839).
fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

async fn collect(shared: &Shared, parts: &Parts, body: Body) -> Result<Vec<u8>, Unanswered> {
    let address = address::of(parts, &shared.config.trusted_proxies);
    shared.bodies.collect(address, body).await.map_err(|unread| match unread {
        Unread::BrokeOff => Rejection::invalid_at(shared.protocol, Path::Root, "broke off").into(),
        unread => Unanswered::Plain(Box::new(answer::unread(unread))),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_parameter_is_read_as_its_kind_or_stays_text() {
        let cases = [
            (ParameterKind::Text, "1", json!("1")),
            (ParameterKind::Number, "50", json!(50)),
            (ParameterKind::Number, "-1.5", json!(-1.5)),
            (ParameterKind::Number, "", json!("")),
            (ParameterKind::Number, " 1", json!(" 1")),
            (ParameterKind::Number, "01", json!("01")),
            (ParameterKind::Number, "1x", json!("1x")),
            (ParameterKind::Number, "NaN", json!("NaN")),
            (ParameterKind::Number, "1e999", json!("1e999")),
            (ParameterKind::Boolean, "true", json!(true)),
            (ParameterKind::Boolean, "yes", json!("yes")),
        ];
        for (kind, text, expected) in cases {
            assert_eq!(value(kind, text), expected);
        }
    }

    #[test]
    fn json_is_declared_as_such() {
        let cases = [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/merge-patch+json", true),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
        ];
        for (declared, json) in cases {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, declared.parse().unwrap())]);
            assert_eq!(is_json(&headers), json, "{declared}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
