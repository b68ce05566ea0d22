//! Finding the file in a multipart body (RFC 7578), without reading it.

use std::future::ready;
use std::sync::Arc;

use accord_runtime::{
    auth::Verified,
    operation::{BROKE_OFF, Body as Declared, OperationSpec, Upload},
    rejection::Rejection,
    validate::{Path, REQUIRED},
};
use axum::body::Body;
use futures_util::StreamExt;
use http::{
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    request::Parts,
};
use multer::{Field, Multipart};

use super::{file_name, part_headers::PartHeaders};
use crate::{answer::Unanswered, shared::Shared};

/// The maximum number of bytes of other parts before the file.
const MOST_BEFORE: usize = 1 << 20;

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
    let body = body
        .into_data_stream()
        .scan(PartHeaders::new(&boundary), |headers, piece| ready(piece.map(|piece| headers.clean(piece)).transpose()));
    let mut multipart = Multipart::new(body, boundary);
    // The parser skips the unread rest of a part, however long it is.
    let mut left = MOST_BEFORE;
    loop {
        match multipart.next_field().await {
            Ok(Some(found)) if found.name() == Some(field) => return Ok(Some(carried(found))),
            Ok(Some(mut other)) => {
                while let Some(piece) = other.chunk().await.map_err(|_| invalid(BROKE_OFF))? {
                    left = left.checked_sub(piece.len()).ok_or_else(|| invalid("comes after too much else"))?;
                }
            }
            Ok(None) => return Err(invalid(REQUIRED)),
            Err(_) => return Err(invalid(BROKE_OFF)),
        }
    }
}

/// A body that breaks off once the sender's token has been revoked.
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
    let file_name = part.headers().get(CONTENT_DISPOSITION).and_then(|value| file_name::of(value.as_bytes()));
    Upload::new(file_name, content_type, part)
}
