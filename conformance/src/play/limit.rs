//! Exhausting a limit.

use std::time::{Duration, Instant};

use accord_codegen::model::{Limit, Target};
use serde_json::Value;

use super::{Actor, Deviation, Reply, Session, session::user_name};
use crate::pattern::shown;

/// How many times the burst is emitted at once, so that what is refilled meanwhile does not matter.
const BURSTS: u32 = 2;

/// How often that is done where nothing is refused: a machine that is slow enough refills meanwhile.
const ROUNDS: usize = 3;

/// What a user's limit has let through since it was first drawn on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawn {
    began: Instant,
    taken: u32,
    /// When it was last known to be exhausted.
    exhausted: Instant,
}

/// How much `limit` gives in `time`.
fn refilled(limit: &Limit, time: Duration) -> u128 {
    time.as_millis() * u128::from(limit.rate) / u128::from(limit.period_ms.max(1))
}

impl Session {
    /// Emits `event`, without a payload, so often at once that its limit refuses it, and returns the last refusal.
    /// The user's first socket has to get as much as the protocol allows at once; all sockets of the user together get
    /// no more than it allows in that time, and after a second of rest as much as it gives in that.
    pub async fn exhaust(&self, actor: &Actor, event: &str, step: &str) -> Result<Value, Deviation> {
        let protocol = self.protocol();
        let declared = protocol.client_event(event);
        let limit = match declared {
            Some(declared) => declared.limit.map(|id| &protocol.model.limits[id.0]),
            // Unknown events have a limit of their own, or share that of others.
            None => protocol.event_limit(),
        };
        let Some(limit) = limit else { return Err(Deviation::new(step, "an event with a limit", event)) };
        let wanted = protocol.error(protocol.model.gateway.rate_limited);
        let user = user_name(&actor.name);
        let began = Instant::now();
        let before = self.drawn(user);
        let mut drawn = before.unwrap_or(Drawn { began, taken: 0, exhausted: began });
        let least = match before {
            None => u128::from(limit.burst),
            // In whole seconds, and less one: the flow may have emitted an event of its own in between.
            Some(before) => {
                let rest = Duration::from_secs((began - before.exhausted).as_secs());
                refilled(limit, rest).saturating_sub(1).min(u128::from(limit.burst))
            }
        };
        let answer = declared.and_then(|event| event.emits.iter().find(|emit| emit.to == Target::Caller));
        let answer = answer.map(|emit| emit.event.as_str());
        let mut refusal = None;
        let mut taken = 0_u32;
        // How many were taken until the first was refused, and when that was.
        let mut first = None;
        for _ in 0..ROUNDS {
            // What is within the limit is answered by an event, too, which is no matter here.
            actor.socket.ignore(answer);
            // A user whose limit is exhausted already is given no cause to be taken for one who floods.
            let times = if before.is_none() { limit.burst * BURSTS } else { limit.burst };
            let emissions: Vec<_> = (0..times).map(|_| self.emit(actor, event, None, true)).collect();
            let before = taken;
            for emission in &emissions {
                match self.reply(actor, emission, step).await? {
                    Reply::Failed(error) if error["code"] == wanted.code.as_str() => {
                        first.get_or_insert_with(|| (taken, Instant::now()));
                        refusal = Some(error);
                    }
                    Reply::Ok(_) | Reply::Failed(_) => taken += 1,
                }
            }
            self.answered_by_events(actor, answer, taken - before, step).await?;
            if refusal.is_some() {
                break;
            }
        }
        let (until_refused, refused) = first.unwrap_or((taken, Instant::now()));
        let most = u128::from(limit.burst) + refilled(limit, refused - drawn.began);
        let all = u128::from(drawn.taken + until_refused);
        drawn.taken += taken;
        drawn.exhausted = Instant::now();
        self.draw(user, drawn);
        if u128::from(taken) < least || all > most {
            let expected = format!(
                "that at least {least} events are taken now, and at most {most} of the user's until one is refused"
            );
            return Err(Deviation::new(step, expected, format!("{taken} were now, and {all} until one was refused")));
        }
        let expected = format!("{:?} (`{}`) with retryAfterMs", wanted.message, wanted.code);
        let Some(error) = refusal else { return Err(Deviation::new(step, expected, "no refusal")) };
        let right = error["message"] == wanted.message.as_str();
        let Some(wait) = error["retryAfterMs"].as_u64().filter(|_| right) else {
            return Err(Deviation::new(step, expected, shown(&error)));
        };
        if Duration::from_millis(wait)
            > Duration::from_millis(u64::from(limit.period_ms)) * limit.burst / limit.rate.max(1)
        {
            return Err(Deviation::new(step, "a time to wait within that of the whole refill", shown(&error)));
        }
        Ok(error)
    }

    /// Waits for the events that `taken` events are answered by, and passes over no more of them.
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
