//! The mock's handlers of REST operations.

use std::sync::Arc;

use accord_language::model::{Method, Operation, SuccessBody};
use accord_runtime::{
    Handler, Outcome, Path, Proofs, Refusal, Running, Upload, Violation, Violations, operation::BROKE_OFF,
};
use serde_json::{Map, Value, json};

use super::{
    downloads,
    events::{self, Receivers},
    history::{self, Reading},
    make::Request,
    state::{State, encode},
};

/// Carries out an operation.
pub struct OperationCall {
    state: Arc<State>,
    operation: &'static Operation,
    reading: Option<Arc<Reading>>,
}

impl OperationCall {
    /// The handler of an operation.
    pub fn new(state: &Arc<State>, operation: &'static Operation) -> Self {
        let reading = Reading::of(&state.history, operation.scope, history::read_by(operation));
        OperationCall { state: Arc::clone(state), operation, reading: reading.map(Arc::new) }
    }
}

impl Handler for OperationCall {
    fn validate(&self, input: &Value, violations: &mut Violations) {
        if let Some(id) = self.operation.input {
            self.state.maker.checker().check_named(id, input, Path::Root, violations);
        }
    }

    fn call(&self, proofs: Option<Proofs>, input: Value, upload: Option<Upload>) -> Running {
        let (state, operation, reading) = (Arc::clone(&self.state), self.operation, self.reading.clone());
        Box::pin(async move {
            let mut given = input.as_object().cloned().unwrap_or_default();
            if let (Some(declared), Some(upload)) = (&operation.upload, upload) {
                given.extend(received(&declared.field, upload).await?);
            }
            state.suffer(&operation.name).await?;
            let request = Request {
                caller: proofs.as_ref().map(Proofs::identity),
                input: operation.input,
                given: &given,
                example: operation.example.as_ref(),
                reads: operation.method == Method::Get,
            };
            let mut answers = state.maker.answers(request);
            let receivers = Receivers { has_scope: operation.scope.is_some(), own: Vec::new(), given: &given };
            let examples = events::examples(state.model, &operation.emits);
            let (_, emissions) = events::emissions(&state, &operation.emits, &receivers, &mut |ty| {
                events::answer(&mut answers, &examples, ty)
            })?;
            let outcome = match &operation.success.body {
                SuccessBody::Json { ty, .. } => {
                    let mut answer = answers.value(ty, operation.success.example.as_ref());
                    if let Some(shown) = state.shown(reading.as_deref(), &given).await? {
                        shown.put_into(&mut answer);
                    }
                    Outcome::json(encode(&answer)?)
                }
                SuccessBody::Raw(media) => Outcome::download(downloads::of(operation, media, &given)),
                SuccessBody::Empty => Outcome::download(downloads::nothing()),
            };
            Ok(Outcome { emissions, ..outcome })
        })
    }
}

/// Reads an upload to its end, and returns its properties under the names that schemas use for them.
async fn received(field: &str, mut upload: Upload) -> Result<Map<String, Value>, Refusal> {
    let mut size = 0;
    loop {
        match upload.chunk().await {
            Ok(Some(chunk)) => size += chunk.len(),
            Ok(None) => break,
            Err(_) => return Err(Refusal::Invalid(Violation::new(Path::Root.key(field), BROKE_OFF))),
        }
    }
    let mut known = Map::from_iter([("size".to_owned(), json!(size))]);
    let mut say = |names: [&str; 3], value: Option<&str>| {
        if let Some(value) = value {
            known.extend(names.map(|name| (name.to_owned(), json!(value))));
        }
    };
    let essence = upload.content_type.as_deref().and_then(|declared| declared.split(';').next()).map(str::trim);
    say(["originalName", "fileName", "name"], upload.file_name.as_deref());
    say(["mimeType", "contentType", "mediaType"], essence);
    Ok(known)
}
