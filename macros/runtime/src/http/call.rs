//! The way that a REST request takes.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use axum::{
    extract::{RawPathParams, Request},
    response::Response,
};
use futures_util::FutureExt;
use http::{Method, header::AUTHORIZATION, request::Parts};

use super::{answer, input, upload};
use crate::{
    auth::Verified,
    deprecated::Client,
    gateway::{Traffic, core::Core, edge},
    limit::Drawn,
    operation::{Answer, Auth, Operation, OperationSpec},
    rejection::{Rejection, panicked},
    scope::{Identity, Proofs},
    validate::Violations,
    version::{self, Spoken},
};

/// The operation that a request is for.
#[derive(Clone)]
pub(super) struct Called {
    pub(super) core: Arc<Core>,
    pub(super) operation: Arc<Operation>,
}

/// Why a request is not carried out.
pub(super) enum Unanswered {
    /// What the schema has an answer for.
    Rejected(Rejection),
    /// What the transport answers itself.
    Plain(Box<Response>),
}

impl From<Rejection> for Unanswered {
    fn from(rejection: Rejection) -> Self {
        Unanswered::Rejected(rejection)
    }
}

/// Carries out one request, and answers it whatever happens.
pub(super) async fn answer(called: Called, path: Option<RawPathParams>, request: Request) -> Response {
    let started = Instant::now();
    let Called { core, operation } = &called;
    let spec = operation.spec;
    let _in_flight = core.work.token();
    let mut rejected = None;
    let mut spoken = Spoken::default();
    let watched = core.watcher.get().map(|_| (request.method().clone(), request.uri().clone()));
    let mut name = String::new();
    let response = if core.is_stopping() {
        answer::unavailable()
    } else {
        let headers = request.headers();
        let said = headers.get(version::HEADER).map(|value| value.to_str().unwrap_or_default());
        let user = match version::spoken(core.protocol, &core.older, said) {
            Ok(known) => {
                spoken = known;
                bearer(core, spec, headers).await
            }
            Err(rejection) => Err(rejection),
        };
        name = user.as_ref().ok().and_then(Option::as_ref).map_or_else(String::new, |user| user.identity.id.clone());
        let older = spoken.operation(spec.name);
        // What changes something is carried out to its end, even if its client does not wait for the answer.
        let carried = if matches!(spec.method, Method::GET | Method::HEAD) {
            AssertUnwindSafe(carry_out(called.clone(), spoken.clone(), user, path, request)).catch_unwind().await
        } else {
            let running = core.work.spawn(carry_out(called.clone(), spoken.clone(), user, path, request));
            running.await.map_err(|error| match error.try_into_panic() {
                Ok(panic) => panic,
                Err(cancelled) => Box::new(cancelled.to_string()),
            })
        };
        let carried = carried
            .unwrap_or_else(|panic| Err(Rejection::fault(core.protocol, spec.failure, panicked(&*panic)).into()));
        match carried {
            Ok(answered) => answer::success(older.map_or(spec, |older| older.spec), answered),
            Err(Unanswered::Plain(response)) => *response,
            Err(Unanswered::Rejected(rejection)) => {
                rejection.log(spec.name, &name);
                Client { user: &name, spoken: spoken.said.as_ref() }.gets(core, rejection.name());
                let rejection = match (&spoken.older, older) {
                    (Some(served), Some(older)) => {
                        rejection.for_older(core.protocol, &served.older, &older.errors, older.spec.failure)
                    }
                    _ => rejection,
                };
                answer::failure(rejected.insert(rejection))
            }
        }
    };
    let status = response.status().as_str().to_owned();
    metrics::counter!("accord_rest_requests_total", "operation" => spec.name, "status" => status).increment(1);
    metrics::histogram!("accord_rest_duration_seconds", "operation" => spec.name).record(started.elapsed());
    if let Some((method, uri)) = &watched {
        core.show(|| Traffic::Request {
            user: Some(name.as_str()).filter(|name| !name.is_empty()),
            method,
            uri,
            operation: spec.name,
            status: response.status(),
            error: rejected.as_ref().map(|rejection| rejection.told(None)),
            took: started.elapsed(),
        });
    }
    response
}

/// Who is calling; nobody in particular where the operation is public.
async fn bearer(core: &Core, spec: &OperationSpec, headers: &http::HeaderMap) -> Result<Option<Verified>, Rejection> {
    if spec.auth == Auth::Public {
        return Ok(None);
    }
    let answers = &core.protocol.answers;
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    };
    if token.is_empty() {
        return Err(answers.token_missing.into());
    }
    core.verifier.verify_with_new_keys(token).await.map(Some).map_err(|error| {
        tracing::debug!(error = ?error.to_string(), "refused a token");
        answers.token_refused.into()
    })
}

async fn carry_out(
    Called { core, operation }: Called,
    spoken: Spoken,
    user: Result<Option<Verified>, Rejection>,
    path: Option<RawPathParams>,
    request: Request,
) -> Result<Answer, Unanswered> {
    let Operation { spec, handler } = &*operation;
    let identity = user?.map(|verified| Arc::new(verified.identity));
    let (parts, body) = request.into_parts();
    limit(&core, spec, identity.as_deref(), &parts)?;
    if spec.auth == Auth::Admin && !identity.as_ref().is_some_and(|identity| identity.admin) {
        return Err(Rejection::from(core.protocol.answers.admin_only).into());
    }
    let older = spoken.operation(spec.name);
    let written = older.map_or(*spec, |older| older.spec);
    let (mut input, body) = input::read(&core, written, path, &parts, body).await?;
    if let Some(upgraded) = older.and_then(|older| older.input.as_ref()) {
        valid(&core, |violations| upgraded.validate(&input, violations))?;
        let converted = upgraded.convert(input);
        input = converted.map_err(|fault| Rejection::fault(core.protocol, spec.failure, fault))?;
    }
    valid(&core, |violations| handler.validate(&input, violations))?;
    let id = identity.as_ref().map_or("", |identity| identity.id.as_str());
    Client { user: id, spoken: spoken.said.as_ref() }.calls(&core, spec.name, &input);
    let upload = upload::open(&core, written, &parts, body).await?;
    let rooms = core.rooms(spec.scopes, &input, spec.failure)?;
    // Reading needs no room for itself.
    let reads = matches!(spec.method, Method::GET | Method::HEAD);
    let _held = core.hold(if reads { &[] } else { &rooms }).await;
    let proofs = match identity {
        None => None,
        Some(identity) => {
            core.authorize(&identity, spec.scopes, &rooms, None, spec.failure).await?;
            Some(Proofs::new(identity, rooms))
        }
    };
    let answered = handler.call(proofs, input, upload).await;
    let answered = answered.map_err(|refusal| Rejection::refused(core.protocol, spec.failure, refusal))?;
    match (answered, older.and_then(|older| older.answer.as_ref())) {
        (Answer::Json(data), Some(downgraded)) => {
            let converted = downgraded.convert(&data).map(Answer::Json);
            converted.map_err(|fault| Rejection::fault(core.protocol, spec.failure, fault).into())
        }
        (answered, _) => Ok(answered),
    }
}

/// Refuses what breaks rules.
fn valid(core: &Core, validate: impl FnOnce(&mut Violations)) -> Result<(), Rejection> {
    let mut violations = Violations::default();
    validate(&mut violations);
    if violations.is_empty() { Ok(()) } else { Err(Rejection::invalid(core.protocol, violations)) }
}

/// Draws on the operation's limit: the user's bucket, or where there is none that of the address.
fn limit(core: &Core, spec: &OperationSpec, identity: Option<&Identity>, parts: &Parts) -> Result<(), Rejection> {
    let key = match identity {
        Some(identity) => Arc::from(identity.id.as_str()),
        // No user's id contains a control character.
        None => Arc::from(format!("\0{}", edge::address(parts, &core.config.trusted_proxies))),
    };
    match core.limits.draw(spec.limit, &key, None) {
        Drawn::Allowed => Ok(()),
        Drawn::Limited { retry_after } => Err(Rejection::limited(core.protocol, retry_after)),
        // A request has no connection of its own to be cut.
        Drawn::Flooding => Err(Rejection::limited(core.protocol, core.limits.period(spec.limit))),
    }
}
