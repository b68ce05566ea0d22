//! What carries out REST operations that nobody has written.

use std::sync::Arc;

use accord_codegen::model::{Method, Operation, SuccessBody};
use accord_runtime::{
    Path, Proofs, Refusal, Upload, Violation, Violations,
    operation::{Answer, Answering, BROKE_OFF, OperationHandler},
};
use serde_json::{Map, Value, json};

use super::{
    downloads,
    make::Request,
    stage::{Stage, encode},
};

/// Carries out an operation.
pub struct OperationCall {
    stage: Arc<Stage>,
    operation: &'static Operation,
}

impl OperationCall {
    /// What carries out an operation.
    pub fn new(stage: &Arc<Stage>, operation: &'static Operation) -> Self {
        OperationCall { stage: Arc::clone(stage), operation }
    }
}

impl OperationHandler for OperationCall {
    fn validate(&self, input: &Value, violations: &mut Violations) {
        if let Some(id) = self.operation.input {
            self.stage.maker.checker().check_named(id, input, Path::Root, violations);
        }
    }

    fn call(&self, proofs: Option<Proofs>, input: Value, upload: Option<Upload>) -> Answering {
        let (stage, operation) = (Arc::clone(&self.stage), self.operation);
        Box::pin(async move {
            let mut given = input.as_object().cloned().unwrap_or_default();
            if let (Some(declared), Some(upload)) = (&operation.upload, upload) {
                given.extend(received(&declared.field, upload).await?);
            }
            stage.suffer(&operation.name).await?;
            let request = Request {
                caller: proofs.as_ref().map(Proofs::identity),
                input: operation.input,
                given: &given,
                example: operation.example.as_ref(),
                reads: operation.method == Method::Get,
            };
            match &operation.success.body {
                SuccessBody::Json { ty, .. } => {
                    let value = stage.maker.story(request).value(ty, operation.success.example.as_ref());
                    Ok(Answer::Json(encode(&value)?))
                }
                SuccessBody::Raw(media) => Ok(Answer::Raw(downloads::of(operation, media, &given))),
                SuccessBody::Empty => Ok(Answer::Raw(downloads::nothing())),
            }
        })
    }
}

/// Reads an upload to its end; what is known of it then, under the names that schemas have for it.
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
