//! Flows, step by step.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use accord_flows::{
    CallStep, ClosedStep, ConnectStep, EmitStep, ExpectStep, ExpiredStep, Failure, FetchStep, FileParts, Names,
    Scenario, Step, StepKind, TokenUse,
    pattern::{Template, fill, matches, shown},
};
use accord_language::{
    model::ErrorDef,
    source::{Slot, Text},
};
use futures_util::{
    FutureExt,
    future::{BoxFuture, join_all, try_join_all},
};
use serde_json::Value;

use super::{Deviation, Expected, Reply, Session, call::status_and_body, connect::Shown, expect::unseen};
use crate::client::{Body, Request};

/// The pause before a retry that the documentation advises.
const RETRY_PAUSE: Duration = Duration::from_secs(2);
/// The time in which the end of a connection must be noticed, in milliseconds.
const NOTICE_MS: i64 = 500;
/// The number of retries after an internal error.
const RETRIES: usize = 3;

/// Carries out a scenario.
///
/// # Errors
/// The first thing that the server did otherwise.
pub async fn play(session: &Session, scenario: &Scenario) -> Result<(), Deviation> {
    let player = Player { session, scenario, looser: AtomicBool::new(false) };
    player.steps(scenario.flow.steps.get().map(Vec::as_slice).unwrap_or_default()).await
}

struct Player<'a> {
    session: &'a Session,
    scenario: &'a Scenario,
    /// Whether a limit is looser than the case assumes, so that its remaining steps cannot be checked.
    looser: AtomicBool,
}

type Outcome = Result<(), Deviation>;

impl Player<'_> {
    async fn steps(&self, steps: &[Step]) -> Outcome {
        for step in steps {
            if self.looser.load(Ordering::Acquire) {
                break;
            }
            let note = step.note().map(|note| format!(" ({note})")).unwrap_or_default();
            self.session.note(format!("{}{note}", step.describe()));
            self.placed(step).await?;
        }
        Ok(())
    }

    async fn placed(&self, step: &Step) -> Outcome {
        let outcome = self.step(step).await.map_err(|deviation| match step.note() {
            Some(note) => Deviation { step: format!("{} ({note})", deviation.step), ..deviation },
            None => deviation,
        });
        // A broken rule that holds in every case explains why the step failed.
        self.session.audit.verdict().and(outcome).map_err(|deviation| Deviation {
            place: Some(deviation.place.unwrap_or_else(|| self.scenario.location(step.span))),
            ..deviation
        })
    }

    fn step<'s>(&'s self, step: &'s Step) -> BoxFuture<'s, Outcome> {
        let name = step.describe();
        async move {
            match &step.kind {
                StepKind::Connect(step) => self.connect(step).await,
                StepKind::Emit(step) => self.emit(step, &name).await,
                StepKind::Expect(step) => self.expect(step, &name).await,
                StepKind::Nothing(step) => {
                    let actors: Vec<String> = names(&step.nothing).map(ToOwned::to_owned).collect();
                    self.session.nothing(&actors, &name).await
                }
                StepKind::Call(step) => self.call(step, &name).await,
                StepKind::Fetch(step) => self.fetch(step, &name).await,
                StepKind::Together(step) => {
                    let steps = step.together.get().map(Vec::as_slice).unwrap_or_default();
                    join_all(steps.iter().map(|step| self.placed(step))).await.into_iter().collect()
                }
                StepKind::Disconnect(step) => self.end(&step.disconnect, false, &name).await,
                StepKind::Cut(step) => self.end(&step.cut, true, &name).await,
                StepKind::Closed(step) => self.closed(step, &name).await,
                StepKind::Expired(step) => self.expired(step, &name).await,
                StepKind::SendRaw(step) => {
                    let packet = self.filled(step.send_raw.get(), &name)?;
                    let actor = self.session.actor(text(&step.by))?;
                    actor.socket.send_raw(packet.as_str().unwrap_or_default());
                    Ok(())
                }
                StepKind::Set(step) => {
                    for entry in step.set.get().into_iter().flat_map(|set| &set.entries) {
                        let value = self.filled(entry.value.as_ref(), &name)?;
                        self.session.variables.set(entry.name.as_str(), value);
                    }
                    Ok(())
                }
            }
        }
        .boxed()
    }

    fn filled(&self, template: Option<&Template>, step: &str) -> Result<Value, Deviation> {
        let Some(template) = template else { return Ok(Value::Null) };
        fill(&template.0, &self.session.variables).map_err(|why| Deviation::new(step, "its variables", why))
    }

    async fn connect(&self, step: &ConnectStep) -> Outcome {
        let transport = step.transport.get().copied().unwrap_or(self.session.transport);
        let connected = step.data.get().or(self.scenario.connected.as_ref());
        for actor in names(&step.connect) {
            let query = match step.query.get() {
                Some(wanted) => self.session.token(actor, wanted)?,
                None => None,
            };
            let auth = match step.auth.get() {
                Some(wanted) => self.session.token(actor, wanted)?,
                None if step.query.is_absent() => Some(self.session.good_token(actor)?),
                None => None,
            };
            let shown = Shown { auth, query, version: step.protocol.get().map(|version| version.value.clone()) };
            match step.refused.get() {
                Some(message) => self.session.be_refused(actor, transport, shown, message.as_str()).await?,
                None => {
                    self.session.connect_with(actor, transport, shown, connected).await?;
                }
            }
        }
        Ok(())
    }

    async fn emit(&self, step: &EmitStep, name: &str) -> Outcome {
        if let Some(wait) = step.after_ms.get() {
            let wait = self.filled(Some(wait), name)?;
            let wait = wait.as_u64().ok_or_else(|| Deviation::new(name, "milliseconds to wait", shown(&wait)))?;
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        let session = self.session;
        let (actor, event) = (session.actor(text(&step.by))?, text(&step.emit));
        let acknowledged = step.ack.get().copied().unwrap_or(session.acknowledged);
        if step.until_limited.get() == Some(&true) {
            let payload = step.data.get().map(|template| self.filled(Some(template), name)).transpose()?;
            match session.exhaust(&actor, event, payload.as_ref(), name).await? {
                Some(error) => self.save(&step.save, error),
                None => self.looser.store(true, Ordering::Release),
            }
            return Ok(());
        }
        let mut emissions = Vec::new();
        for n in 0..step.times.get().copied().unwrap_or(1) {
            session.variables.set("n", n);
            let mut payload = step.data.get().map(|template| self.filled(Some(template), name)).transpose()?;
            if payload.is_none()
                && let Some((handed_in, expiry)) = session.handing_in(&actor.name, event, step.token.get())?
            {
                payload = Some(handed_in);
                if step.fails.is_absent() {
                    actor.renewed(expiry);
                }
            }
            emissions.push(session.emit(&actor, event, payload, acknowledged));
        }
        for mut emission in emissions {
            let Some(failure) = step.fails.get() else {
                if !acknowledged {
                    session.server.coverage.hit(event, "unacknowledged");
                    continue;
                }
                let mut reply = session.reply(&actor, &emission, name).await?;
                for _ in 0..RETRIES {
                    let internal = &session.protocol().error(session.protocol().model.gateway.internal).code;
                    match &reply {
                        Reply::Failed(error)
                            if step.retry.get() == Some(&true) && error["code"] == internal.as_str() =>
                        {
                            tokio::time::sleep(RETRY_PAUSE).await;
                            emission = session.emit(&actor, event, emission.payload, acknowledged);
                            reply = session.reply(&actor, &emission, name).await?;
                        }
                        _ => break,
                    }
                }
                match reply {
                    Reply::Failed(error) => return Err(Deviation::new(name, "success", format!("the error {error}"))),
                    Reply::Ok(data) => {
                        if let Some(pattern) = step.ok.get() {
                            self.fits(&pattern.0, &data, name)?;
                        }
                        self.save(&step.save, session.protocol().documented_ack(event, data));
                    }
                }
                continue;
            };
            let error = if acknowledged {
                match session.reply(&actor, &emission, name).await? {
                    Reply::Failed(error) => error,
                    Reply::Ok(data) => {
                        let expected = format!("the error {}", failure.describe());
                        return Err(Deviation::new(name, expected, format!("success: {data}")));
                    }
                }
            } else {
                session.error_of(&actor, &emission, name).await?
            };
            self.failure(failure, &error, name)?;
        }
        Ok(())
    }

    fn failure(&self, failure: &Failure, error: &Value, step: &str) -> Outcome {
        let protocol = self.session.protocol();
        let wanted = || protocol.model.errors.iter().filter(|error| failure.errors().any(|name| error.name == name));
        let right =
            |wanted: &ErrorDef| error["code"] == wanted.code.as_str() && error["message"] == wanted.message.as_str();
        if !failure.error.is_absent() && !wanted().any(right) {
            let expected = wanted().map(|wanted| format!("{:?} with the code `{}`", wanted.message, wanted.code));
            return Err(Deviation::new(step, expected.collect::<Vec<_>>().join(" or "), shown(error)));
        }
        if let Some(details) = failure.details.get() {
            let mut expected: Vec<&str> = details.iter().map(Text::as_str).collect();
            let mut came: Vec<&str> = error["details"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default()
                .iter()
                .filter_map(|detail| detail["path"].as_str())
                .collect();
            expected.sort_unstable();
            came.sort_unstable();
            came.dedup();
            if expected != came {
                return Err(Deviation::new(step, format!("violations at {expected:?}"), shown(error)));
            }
        }
        if let Some(pattern) = failure.data.get() {
            self.fits(&pattern.0, error, step)?;
        }
        self.save(&failure.save, protocol.documented_error(error.clone()));
        Ok(())
    }

    fn fits(&self, pattern: &Value, value: &Value, step: &str) -> Outcome {
        matches(pattern, value, &self.session.variables)
            .map_err(|mismatch| Deviation::new(step, shown(pattern), format!("{value}\n  {mismatch}")))
    }

    fn save(&self, name: &Slot<Text>, value: Value) {
        if let Some(name) = name.get() {
            self.session.variables.set(name.as_str(), value);
        }
    }

    async fn expect(&self, step: &ExpectStep, name: &str) -> Outcome {
        let expected = Expected { event: text(&step.expect), data: step.data.get().map(|pattern| &pattern.0) };
        let actors = names(&step.at).map(|actor| self.session.expect(actor, expected, name));
        let payloads = try_join_all(actors).await?;
        if let Some(payload) = payloads.into_iter().last() {
            self.save(&step.save, self.session.protocol().documented_event(expected.event, payload));
        }
        Ok(())
    }

    async fn call(&self, step: &CallStep, name: &str) -> Outcome {
        let session = self.session;
        let operation = session.protocol().model.operation(text(&step.call));
        let operation =
            operation.ok_or_else(|| Deviation::new(name, "an operation of the schema", text(&step.call)))?;
        let token = match (step.by.get(), step.token.get()) {
            (None, _) => None,
            (Some(actor), wanted) => session.token(actor.as_str(), wanted.unwrap_or(&TokenUse::Good))?,
        };
        let input = self.filled(step.input.get(), name)?;
        let mut request = session.request(operation, &input, token.map(|token| token.text));
        if let Some(body) = step.body.get() {
            request.body = Body::Text(body.value.clone());
        }
        if let Some(file) = step.file.get() {
            let declared = operation.upload.as_ref().map(|upload| upload.field.clone());
            let named = file.field.get().map(|field| field.value.clone()).or(declared);
            let field = named.unwrap_or_else(|| "file".to_owned());
            let media = file.media.get().map_or("application/octet-stream", Text::as_str).to_owned();
            let file_name = self.filled(file.name.get(), name)?;
            let file_name = file_name.as_str().unwrap_or("file").to_owned();
            request.body = Body::File { field, name: file_name, media, bytes: self.bytes(file, name)? };
        }
        let caller = step.by.get().map_or("nobody", Text::as_str);
        let known = session.audit.newest(operation, &input);
        let answer = session.send(caller, &request, name).await?;
        match step.fails.get() {
            None if step.loosely.get() == Some(&true) => session.succeeded_somehow(operation, &answer, name)?,
            None => {
                let data = session.succeeded(operation, &answer, name)?;
                let fits = session.audit.listed(operation, &input, &data, known.as_ref());
                fits.map_err(|why| Deviation::new(name, "what fits the log of the room", why))?;
                if let Some(pattern) = step.data.get() {
                    self.fits(&pattern.0, &data, name)?;
                }
                self.save(&step.save, session.protocol().documented_body(operation, data));
            }
            Some(failure) => {
                let error = match failure.status.get() {
                    Some(status) => session.refused(operation, *status, &answer, name)?,
                    None => session.failed(operation, &failure.errors().collect::<Vec<_>>(), &answer, name)?,
                };
                self.failure(failure, &error, name)?;
            }
        }
        match step.headers.get() {
            Some(pattern) => session.headers(&answer, pattern, name),
            None => Ok(()),
        }
    }

    fn bytes(&self, file: &FileParts, step: &str) -> Result<Vec<u8>, Deviation> {
        let text = self.filled(file.text.get(), step)?;
        file.bytes(text.as_str().unwrap_or_default()).map_err(|why| Deviation::new(step, "a file", why))
    }

    async fn fetch(&self, step: &FetchStep, name: &str) -> Outcome {
        let path = self.filled(step.fetch.get(), name)?;
        let path = path.as_str().unwrap_or_default().to_owned();
        let request = Request { method: "GET".to_owned(), path, query: Vec::new(), token: None, body: Body::None };
        let answer = self.session.send("nobody", &request, name).await?;
        let (right, expected) = match step.refused.get() {
            Some(true) => ((400..500).contains(&answer.status), "a status from 400 to 499"),
            _ => (answer.status == 200, "status 200"),
        };
        if !right {
            return Err(Deviation::new(name, expected, status_and_body(&answer)));
        }
        if let Some(pattern) = step.headers.get() {
            self.session.headers(&answer, pattern, name)?;
        }
        if let Some(pattern) = step.text.get() {
            self.fits(&pattern.0, &String::from_utf8_lossy(&answer.bytes).into_owned().into(), name)?;
        }
        if let Some(file) = step.file.get() {
            let bytes = self.bytes(file, name)?;
            if bytes != answer.bytes {
                let came = format!("{} other bytes", answer.bytes.len());
                return Err(Deviation::new(name, format!("the {} bytes of the file", bytes.len()), came));
            }
        }
        Ok(())
    }

    async fn end(&self, actors: &Slot<Names>, abruptly: bool, step: &str) -> Outcome {
        for name in names(actors) {
            let actor = self.session.leave(name)?;
            unseen(&actor, step)?;
            if abruptly {
                actor.socket.cut();
            } else {
                actor.socket.disconnect();
            }
            actor.socket.wait_closed(self.session.server.patience).await;
        }
        Ok(())
    }

    async fn closed(&self, step: &ClosedStep, name: &str) -> Outcome {
        for actor in names(&step.closed) {
            let known = self.session.actor(actor)?;
            if known.socket.wait_closed(self.session.server.patience).await.is_none() {
                return Err(Deviation::new(name, "the end of the connection", "none"));
            }
            unseen(&known, name)?;
            self.session.leave(actor)?;
        }
        Ok(())
    }

    async fn expired(&self, step: &ExpiredStep, name: &str) -> Outcome {
        let within = Duration::from_millis(step.within_ms.get().copied().unwrap_or_default());
        for actor in names(&step.expired) {
            let known = self.session.actor(actor)?;
            let expiry = known.expiry().ok_or_else(|| Deviation::new(name, "a token that expires", "none"))?;
            let until = u64::try_from(expiry - crate::client::now()).unwrap_or_default();
            let deadline = Duration::from_secs(until) + within;
            let Some(closed) = known.socket.wait_closed(deadline + self.session.server.patience).await else {
                return Err(Deviation::new(name, "the end of the connection", "none"));
            };
            // Releases have said nothing of how it ends.
            if closed.dismissed && self.session.protocol().past.is_none() {
                let expected = "the end of the transport, after which official clients reconnect by themselves";
                return Err(Deviation::new(name, expected, "the disconnect packet, after which they do not reconnect"));
            }
            let at = jiff::Timestamp::now().as_millisecond()
                - i64::try_from(closed.at.elapsed().as_millis()).unwrap_or_default();
            let late = at - expiry * 1000;
            let within = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
            // "Within" is before as well as after: clocks differ, and timers fire early. What this machine takes to notice is
            // not the server's delay.
            if !(-within..=within + NOTICE_MS).contains(&late) {
                let expected = format!("the end of the connection within {within} ms of the token's expiry");
                return Err(Deviation::new(name, expected, format!("{late} ms after it")));
            }
            let error = self.session.protocol().model.gateway.error_event.clone();
            let data = step.data.get().map(|pattern| &pattern.0);
            self.session.expect(actor, Expected { event: &error, data }, name).await?;
            let expired = self.session.protocol().error(self.session.protocol().model.gateway.token_expired);
            self.session.server.coverage.hit("connect", &format!("error {}", expired.name));
            unseen(&known, name)?;
            self.session.leave(actor)?;
        }
        Ok(())
    }
}

fn text(slot: &Slot<Text>) -> &str {
    slot.get().map_or("", Text::as_str)
}

fn names(slot: &Slot<Names>) -> impl Iterator<Item = &str> {
    slot.get().into_iter().flat_map(|names| &names.0).map(Text::as_str)
}
