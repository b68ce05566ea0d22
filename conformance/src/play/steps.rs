//! Flows, step by step.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use accord_flows::{
    ClosedStep, ConnectStep, EmitStep, ExpectStep, ExpiredStep, Names, Scenario, Step, StepKind, pattern::shown,
};
use accord_language::source::Slot;
use futures_util::{
    FutureExt,
    future::{BoxFuture, join_all, try_join_all},
};

use super::{
    Deviation, Expected, Reply, Session,
    connect::Shown,
    expect::unseen,
    player::{Outcome, Player, names, text},
};

/// The pause before a retry that the documentation advises.
const RETRY_PAUSE: Duration = Duration::from_secs(2);
/// The time in which the end of a connection must be noticed, in milliseconds.
const NOTICE_MS: i64 = 500;
/// The number of retries after an internal error.
const RETRIES: usize = 3;

/// Carries out a scenario.
///
/// # Errors
/// The first deviation of the server.
pub async fn play(session: &Session, scenario: &Scenario) -> Result<(), Deviation> {
    let player = Player { session, scenario, looser: AtomicBool::new(false) };
    player.steps(scenario.flow.steps.get().map(Vec::as_slice).unwrap_or_default()).await
}

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
        // If a rule that holds in every case was broken, that explains why the step failed.
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

    async fn expect(&self, step: &ExpectStep, name: &str) -> Outcome {
        let expected = Expected { event: text(&step.expect), data: step.data.get().map(|pattern| &pattern.0) };
        let actors = names(&step.at).map(|actor| self.session.expect(actor, expected, name));
        let payloads = try_join_all(actors).await?;
        if let Some(payload) = payloads.into_iter().last() {
            self.save(&step.save, self.session.protocol().documented_event(expected.event, payload));
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
        let notice = |within: &u64| Duration::from_millis(within + NOTICE_MS.unsigned_abs());
        let patience = step.within_ms.get().map_or(self.session.server.patience, notice);
        for actor in names(&step.closed) {
            let known = self.session.actor(actor)?;
            let Some(closed) = known.socket.wait_closed(patience).await else {
                return Err(Deviation::new(name, "the end of the connection", "none"));
            };
            if step.dismissed.get() == Some(&true) && !closed.dismissed {
                let expected = "the disconnect packet, after which official clients do not reconnect";
                return Err(Deviation::new(name, expected, "the end of the transport alone"));
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
            // Earlier releases do not say how it ends.
            if closed.dismissed && self.session.protocol().past.is_none() {
                let expected = "the end of the transport, after which official clients reconnect by themselves";
                return Err(Deviation::new(name, expected, "the disconnect packet, after which they do not reconnect"));
            }
            let at = jiff::Timestamp::now().as_millisecond()
                - i64::try_from(closed.at.elapsed().as_millis()).unwrap_or_default();
            let late = at - expiry * 1000;
            let within = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
            // "Within" is before as well as after: clocks differ, and timers fire early. The time that this machine
            // takes to notice is not the server's delay.
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
