//! Finding the file in a multipart body (RFC 7578), without reading it.

use std::sync::Arc;

use accord_runtime::{
    auth::Verified,
    operation::{BROKE_OFF, Body as Declared, OperationSpec, Upload},
    rejection::Rejection,
    validate::{Path, REQUIRED},
};
use axum::body::Body;
use futures_util::StreamExt;
use http::{header::CONTENT_TYPE, request::Parts};
use multer::{Field, Multipart};

use super::part_headers::PartHeaders;
use crate::{answer::Unanswered, shared::Shared};

/// The file of a multipart operation's request; `None` for other operations.
pub(super) async fn open(
    shared: &Shared,
    spec: &OperationSpec,
    parts: &Parts,
    body: Body,
) -> Result<Option<Upload>, Unanswered> {
    let Declared::Multipart { field } = spec.body else { return Ok(None) };
    let invalid = |message| Unanswered::from(Rejection::invalid_at(shared.protocol, Path::Root.key(field), message));
    let declared = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Ok(boundary) = multer::parse_boundary(declared) else { return Err(invalid(REQUIRED)) };
    let mut headers = PartHeaders::new(&boundary);
    let body = body.into_data_stream().map(move |piece| piece.map(|piece| headers.clean(piece)));
    let mut multipart = Multipart::new(body, boundary);
    loop {
        match multipart.next_field().await {
            Ok(Some(found)) if found.name() == Some(field) => return Ok(Some(carried(found))),
            Ok(Some(_)) => {}
            Ok(None) => return Err(invalid(REQUIRED)),
            Err(_) => return Err(invalid(BROKE_OFF)),
        }
    }
}

/// A body that breaks off once its sender's token has been revoked.
pub(super) fn until_revoked(shared: &Shared, sender: Verified, body: Body) -> Body {
    let (hub, pipeline) = (shared.hub.clone(), Arc::clone(&shared.pipeline));
    let revoked = async move {
        let mut revocations = hub.revocations();
        while !pipeline.is_revoked(&sender).await.unwrap_or(false) && revocations.changed().await.is_ok() {}
    };
    Body::from_stream(body.into_data_stream().take_until(Box::pin(revoked)))
}

/// The part that is the file, with the names that the client gives it.
fn carried(part: Field<'static>) -> Upload {
    let content_type = part.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Upload::new(part.file_name().map(str::to_owned), content_type, part)
}
