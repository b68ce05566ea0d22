//! Exhausting a limit.

use std::time::{Duration, Instant};

use accord_flows::pattern::shown;
use accord_language::model::{ErrorDef, Limit, Per, Target};
use serde_json::Value;

use super::{
    Actor, Deviation, Reply, Session,
    drawn::{Drawn, refilled},
    session::user_name,
};

/// The number of events emitted at once, as a multiple of the burst, so that refills in the meantime do not matter.
pub(crate) const BURSTS: u32 = 2;

/// The number of attempts if nothing is refused: on a slow machine, the bucket refills in the meantime.
const ROUNDS: usize = 3;

/// The longest rest, as a multiple of the patience with a single packet. A case has several times as much.
const LONGEST_REST: u32 = 3;

/// The time in which an empty bucket is full again.
fn whole_refill(limit: &Limit) -> Duration {
    Duration::from_millis(u64::from(limit.period_ms)) * limit.burst / limit.rate.max(1)
}

impl Session {
    /// Emits `event` until its limit refuses it, and returns the last refusal.
    ///
    /// The user's first socket must get as much as the protocol allows at once. All sockets of the user together must not
    /// get more than it allows in that time and, after a rest, must get what the limit has refilled. A server of a later
    /// version may allow more; the result is `None` if it refuses nothing.
    pub async fn exhaust(
        &self,
        actor: &Actor,
        event: &str,
        payload: Option<&Value>,
        step: &str,
    ) -> Result<Option<Value>, Deviation> {
        let protocol = self.protocol();
        let limit = match protocol.model.client_event(event) {
            Some(declared) => declared.limit.map(|id| &protocol.model.limits[id.0]),
            // Unknown events have their own limit, or share that of others.
            None => protocol.event_limit(),
        };
        let Some(limit) = limit else { return Err(Deviation::new(step, "an event with a limit", event)) };
        let user = user_name(&actor.name);
        let is_first = self.drawn(user, &limit.name).is_none();
        let exhausted = self.exhaust_once(actor, event, payload, limit, step).await;
        let is_short = self.drawn(user, &limit.name).is_some_and(|drawn| drawn.taken < limit.burst);
        // A run that ended just before this one may have used up the same user's limit. A pause fills it again, if
        // there is time.
        let may_rest = limit.per == Per::User && whole_refill(limit) <= self.server.patience * LONGEST_REST;
        if exhausted.is_ok() || !is_first || !is_short || !may_rest {
            return exhausted;
        }
        tokio::time::sleep(whole_refill(limit)).await;
        self.forget_drawn(user, &limit.name);
        self.exhaust_once(actor, event, payload, limit, step).await
    }

    async fn exhaust_once(
        &self,
        actor: &Actor,
        event: &str,
        payload: Option<&Value>,
        limit: &Limit,
        step: &str,
    ) -> Result<Option<Value>, Deviation> {
        let protocol = self.protocol();
        let declared = protocol.model.client_event(event);
        let wanted = protocol.error(protocol.model.gateway.rate_limited);
        let user = user_name(&actor.name);
        let began = Instant::now();
        let before = self.drawn(user, &limit.name);
        let mut drawn = before.unwrap_or(Drawn { began, taken: 0, exhausted: began });
        let least = least_allowed(limit, before, began);
        let answer = declared.and_then(|event| event.emits.iter().find(|emit| emit.to.contains(&Target::Caller)));
        let answer = answer.map(|emit| emit.event.as_str());
        let mut refusal = None;
        let mut taken = 0_u32;
        // The number taken until the first refusal, and its time.
        let mut first = None;
        for _ in 0..ROUNDS {
            // Events within the limit are also answered by an event, which does not matter here.
            actor.socket.ignore(answer);
            // If the limit is exhausted already, fewer events suffice, and do not count as flooding.
            let times = if before.is_none() { limit.burst * BURSTS } else { limit.burst };
            let emissions: Vec<_> = (0..times).map(|_| self.emit(actor, event, payload.cloned(), true)).collect();
            let mut done = 0;
            for emission in &emissions {
                match self.reply(actor, emission, step).await? {
                    Reply::Failed(error) if error["code"] == wanted.code.as_str() => {
                        first.get_or_insert_with(|| (taken, Instant::now()));
                        refusal = Some(error);
                    }
                    reply => {
                        taken += 1;
                        done += u32::from(matches!(reply, Reply::Ok(_)));
                    }
                }
            }
            self.answered_by_events(actor, answer, done, step).await?;
            if refusal.is_some() {
                break;
            }
        }
        let (until_refused, refused) = first.unwrap_or((taken, Instant::now()));
        let most = u128::from(limit.burst) + refilled(limit, refused - drawn.began);
        let all = u128::from(drawn.taken + until_refused);
        drawn.taken += taken;
        drawn.exhausted = Instant::now();
        self.draw(user, &limit.name, drawn);
        let may_be_looser = self.is_later();
        if u128::from(taken) < least || (all > most && !may_be_looser) {
            let expected = format!(
                "that at least {least} events are taken now, and at most {most} of the user's until one is refused"
            );
            return Err(Deviation::new(step, expected, format!("{taken} were now, and {all} until one was refused")));
        }
        match refusal {
            Some(error) => checked_refusal(error, limit, wanted, step).map(Some),
            None if may_be_looser => {
                self.excuse_limit(event);
                Ok(None)
            }
            None => Err(Deviation::new(step, expected_refusal(wanted), "no refusal")),
        }
    }

    /// Records that a later version does not refuse events that this one refuses.
    pub(crate) fn excuse_limit(&self, event: &str) {
        let limited = self.protocol().error(self.protocol().model.gateway.rate_limited);
        let cell = format!("error {}", limited.name);
        self.server.coverage.excused(event, &cell, "later versions may have looser limits");
    }

    /// Waits for the events that answer `taken` events, and stops ignoring them.
    pub(crate) async fn answered_by_events(
        &self,
        actor: &Actor,
        answer: Option<&str>,
        taken: u32,
        step: &str,
    ) -> Result<(), Deviation> {
        let Some(answer) = answer else { return Ok(()) };
        let all = actor.socket.passed_over(taken as usize, self.server.patience).await;
        actor.socket.ignore(None);
        let expected = || format!("`{answer}` for each of the {taken} events that were taken");
        if all { Ok(()) } else { Err(Deviation::new(step, expected(), "fewer")) }
    }
}

/// The minimum number of events that a limit must let through now.
fn least_allowed(limit: &Limit, before: Option<Drawn>, now: Instant) -> u128 {
    let Some(before) = before else { return u128::from(limit.burst) };
    // In whole seconds, and less one: the flow itself may have emitted an event in between.
    let rest = Duration::from_secs((now - before.exhausted).as_secs());
    refilled(limit, rest).saturating_sub(1).min(u128::from(limit.burst))
}

fn expected_refusal(wanted: &ErrorDef) -> String {
    format!("{:?} (`{}`) with retryAfterMs", wanted.message, wanted.code)
}

/// Checks the message of a refusal, and that its time to wait is no longer than a whole refill.
fn checked_refusal(error: Value, limit: &Limit, wanted: &ErrorDef, step: &str) -> Result<Value, Deviation> {
    let right = error["message"] == wanted.message.as_str();
    let Some(wait) = error["retryAfterMs"].as_u64().filter(|_| right) else {
        return Err(Deviation::new(step, expected_refusal(wanted), shown(&error)));
    };
    if Duration::from_millis(wait) > whole_refill(limit) {
        return Err(Deviation::new(step, "a time to wait within that of the whole refill", shown(&error)));
    }
    Ok(error)
}
