//! One REST request, from its headers to its answer.

use std::{mem, net::IpAddr, sync::Arc, time::Instant};

use accord_runtime::{
    auth::Verified,
    operation::{Auth, Body as Declares, OperationSpec, Upload},
    pipeline::{Conversion, Declared, Door, Drawn, Endpoint, Request, Ticket, Unauthenticated},
    rejection::Rejection,
    reply::{Emission, Outcome},
    scope::Room,
};
use axum::{body::Body, extract::RawPathParams, response::Response};
use http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION, request::Parts};
use serde_json::Value;

use super::{
    input,
    partial::{self, Wanted},
    reading::Reading,
    upload,
};
use crate::{
    Traffic, address,
    answer::{self, Unanswered},
    delivery::{Receiver, deliver},
    deprecations::Client,
    shared::Shared,
    version::{self, Spoken},
};

/// The operation that a request is for.
#[derive(Clone)]
pub(super) struct Called {
    pub(super) shared: Arc<Shared>,
    pub(super) spec: &'static OperationSpec,
    pub(super) endpoint: Arc<Endpoint>,
}

/// Carries out one request, and answers it in any case.
pub(super) async fn answer(called: Called, path: Option<RawPathParams>, request: axum::extract::Request) -> Response {
    let started = Instant::now();
    let Called { shared, spec, .. } = &called;
    let mut rejected = None;
    let mut spoken = Spoken::default();
    let (parts, body) = request.into_parts();
    let address = address::of(&parts, &shared.config.trusted_proxies);
    let watched = shared.watcher.get().map(|_| (parts.method.clone(), parts.uri.clone()));
    let said = parts.headers.get(version::HEADER).map(|value| value.to_str().unwrap_or_default());
    let user = match version::spoken(shared.protocol, &shared.versions.older, said) {
        Ok(known) => {
            spoken = known;
            authenticate(shared, spec, &parts.headers, address).await
        }
        Err(rejection) => Err(rejection),
    };
    let name = user.as_ref().ok().and_then(Option::as_ref).map_or("", |user| &user.identity.id).to_owned();
    // A file comes in pieces, at the pace of its client.
    let takes_turn = !name.is_empty() && !matches!(spec.body, Declares::Multipart { .. });
    let turn = if takes_turn { Some(shared.answers.take(&name.as_str().into()).await) } else { None };
    let _in_flight = shared.work.token();
    let response = if shared.is_stopping() {
        answer::unavailable()
    } else {
        let older = spoken.operation(spec.name);
        let wanted = Wanted::by(&parts);
        // Requests that change something are carried out to the end, even if the client does not wait for the answer.
        let carrying = carry_out(called.clone(), spoken.clone(), user, path, (parts, body));
        let carried = if matches!(spec.method, Method::GET | Method::HEAD) {
            carrying.await
        } else {
            let carried = shared.work.spawn(carrying).await;
            carried.unwrap_or_else(|error| Err(Rejection::fault(shared.protocol, spec.failure, error.into()).into()))
        };
        match carried {
            Ok(mut outcome) => {
                let spec = older.map_or(*spec, |older| older.spec);
                match outcome.download.take() {
                    Some(download) => partial::answer(answer::status(spec), download, &wanted),
                    None => answer::success(spec, &outcome),
                }
            }
            Err(Unanswered::Plain(response)) => *response,
            Err(Unanswered::Rejected(rejection)) => {
                log(&rejection, spec, &name, address);
                Client { user: &name, spoken: spoken.said.as_ref() }.gets(shared, rejection.name());
                let rejection = match (&spoken.older, older) {
                    (Some(served), Some(older)) => {
                        rejection.for_older(shared.protocol, [&older.errors, &served.older.errors], older.spec.failure)
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
        shared.show(|| Traffic::Request {
            user: Some(name.as_str()).filter(|name| !name.is_empty()),
            method,
            uri,
            operation: spec.name,
            status: response.status(),
            error: rejected.as_ref().map(|rejection| rejection.told(None)),
            took: started.elapsed(),
        });
    }
    // The refusals of a flood are held back: with their turns, they would block the user's other requests meanwhile.
    let turn = turn.filter(|_| response.status() != StatusCode::TOO_MANY_REQUESTS);
    match turn {
        Some(turn) => response.map(|body| Body::new(Reading::new(body, turn))),
        None => response,
    }
}

/// Authenticates the caller. The caller of a public operation is anonymous.
async fn authenticate(
    shared: &Shared,
    spec: &OperationSpec,
    headers: &HeaderMap,
    address: IpAddr,
) -> Result<Option<Verified>, Rejection> {
    if spec.auth == Auth::Public {
        return Ok(None);
    }
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bearer = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let token = bearer.map(|(_, token)| token.trim()).filter(|token| !token.is_empty());
    let refused = match shared.pipeline.authenticate(token).await {
        Ok(verified) => return Ok(Some(verified)),
        Err(Unauthenticated::TokenMissing) => shared.protocol.answers.token_missing,
        Err(Unauthenticated::TokenRefused) => shared.protocol.answers.token_refused,
    };
    // So clients cannot try tokens faster here than in handshakes.
    Err(match shared.handshakes.take(address) {
        Ok(()) => refused.into(),
        Err(retry_after) => Rejection::limited(shared.protocol, retry_after),
    })
}

/// Logs why a request is refused, with the address, so that operators can find clients that probe the server.
fn log(rejection: &Rejection, spec: &OperationSpec, user: &str, address: IpAddr) {
    match rejection.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => {
            tracing::info!(address = ?address, call = spec.name, user = ?user, code = rejection.code(), "refused a request");
        }
        _ => rejection.log(spec.name, user),
    }
}

/// Sends a request through the pipeline.
async fn carry_out(
    Called { shared, spec, endpoint }: Called,
    spoken: Spoken,
    caller: Result<Option<Verified>, Rejection>,
    path: Option<RawPathParams>,
    (parts, body): (Parts, Body),
) -> Result<Outcome, Unanswered> {
    let caller = caller?;
    let user: Arc<str> = match &caller {
        Some(caller) => caller.identity.id.as_str().into(),
        None => "".into(),
    };
    // An anonymous request draws on a bucket of its address. No user's id contains a control character.
    let bucket = match &caller {
        Some(_) => Arc::clone(&user),
        None => format!("\0{}", address::of(&parts, &shared.config.trusted_proxies)).into(),
    };
    let drawn = shared.pipeline.draw(Some(&endpoint), &bucket, None);
    // Requests beyond the limit are refused without asking the business logic.
    if let (Some(caller), Drawn::Allowed) = (&caller, drawn) {
        shared.pipeline.confirm(caller, spec.failure).await?;
    }
    let older = spoken.operation(spec.name);
    let conversion = older.map_or_else(Conversion::default, |older| Conversion {
        input: older.input.as_ref(),
        answer: older.answer.as_ref(),
    });
    let written = older.map_or(spec, |older| older.spec);
    let mut door = RestDoor {
        shared: &shared,
        written,
        spoken: &spoken,
        is_durable: endpoint.is_durable(),
        uploader: caller.clone().filter(|_| matches!(spec.body, Declares::Multipart { .. })),
        user,
        path,
        parts,
        body,
    };
    let request = Request { endpoint: Some(&endpoint), conversion, caller, drawn, ticket: Ticket::default() };
    let carried = shared.pipeline.carry_out(request, &mut door).await;
    match &door.uploader {
        Some(uploader) => shared.pipeline.confirm(uploader, spec.failure).await.map_err(Into::into).and(carried),
        None => carried,
    }
}

/// A REST request on its way through the pipeline.
struct RestDoor<'r> {
    shared: &'r Shared,
    /// The operation, as declared in the version that the client speaks.
    written: &'static OperationSpec,
    spoken: &'r Spoken,
    /// Whether entries of rooms' logs may follow from it.
    is_durable: bool,
    /// The caller, if the request carries a file: it takes a while to arrive, and the caller may be revoked in the
    /// meantime.
    uploader: Option<Verified>,
    /// The caller's id; empty for an anonymous caller.
    user: Arc<str>,
    path: Option<RawPathParams>,
    parts: Parts,
    body: Body,
}

impl Door for RestDoor<'_> {
    type Failure = Unanswered;

    async fn decode(&mut self, _: &Endpoint) -> Result<Value, Unanswered> {
        let (path, body) = (self.path.take(), mem::take(&mut self.body));
        let (input, body) = input::read(self.shared, self.written, path, &self.parts, body).await?;
        self.body = body;
        Ok(input)
    }

    fn accepted(&self, endpoint: &Endpoint, input: &Value) {
        if let Declared::Operation(spec) = endpoint.declared() {
            Client { user: &self.user, spoken: self.spoken.said.as_ref() }.calls(self.shared, spec.name, input);
        }
    }

    async fn open_upload(&mut self) -> Result<Option<Upload>, Unanswered> {
        let mut body = mem::take(&mut self.body);
        if let Some(uploader) = &self.uploader {
            body = upload::until_revoked(self.shared, uploader.clone(), body);
        }
        upload::open(self.shared, self.written, &self.parts, body).await
    }

    /// The sockets of removed users have left the room before the caller gets the answer.
    async fn deliver(&mut self, rooms: &[Room], emissions: &[Emission]) {
        let receiver = Receiver { user: &self.user, socket: None };
        deliver(self.shared, receiver, rooms, emissions).await;
        for room in rooms.iter().filter(|_| self.is_durable) {
            self.shared.rooms.settled(room).await;
        }
    }
}
