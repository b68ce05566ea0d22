//! Expecting events, and expecting none.

use std::time::Duration;

use accord_flows::pattern::{matches, shown};
use futures_util::future::try_join_all;
use serde_json::Value;

use super::{Actor, Deviation, Session};
use crate::client::Seen;

/// An event that is expected.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Its name.
    pub event: &'a str,
    /// Its payload.
    pub data: Option<&'a Value>,
}

impl Session {
    /// Expects this as the next event at `actor`, and returns its payload.
    pub async fn expect(&self, actor: &str, expected: Expected<'_>, step: &str) -> Result<Value, Deviation> {
        let seen = self.next(actor, &format!("`{}`", expected.event), step).await?;
        let wanted = || match expected.data {
            Some(data) => format!("`{}` {}", expected.event, shown(data)),
            None => format!("`{}`", expected.event),
        };
        match seen {
            Seen::Event { name, args } if name == expected.event => {
                let payload = args.into_iter().next().unwrap_or(Value::Null);
                if let Some(data) = expected.data
                    && let Err(mismatch) = matches(data, &payload, &self.variables)
                {
                    let came = format!("`{name}` {payload}\n  {mismatch}");
                    return Err(Deviation::new(format!("{step}, at {actor}"), wanted(), came));
                }
                Ok(payload)
            }
            other => Err(Deviation::new(format!("{step}, at {actor}"), wanted(), other.to_string())),
        }
    }

    async fn next(&self, actor: &str, expected: &str, step: &str) -> Result<Seen, Deviation> {
        let patience = self.server.patience;
        let known = self.actor(actor)?;
        match known.socket.next(patience).await {
            Some(arrival) => Ok(arrival.what),
            None => {
                let came = match known.socket.closed() {
                    Some(closed) => format!("the end of the connection: {}", closed.why),
                    None => {
                        let awaits = self.audit.awaits(known.connection).map(|what| format!(": {what}"));
                        format!("nothing within {patience:?}{}", awaits.unwrap_or_default())
                    }
                };
                Err(Deviation::new(format!("{step}, at {actor}"), expected, came))
            }
        }
    }

    /// Expects that these actors have received nothing more. Each emits a marker, whose answer has to come next.
    pub async fn nothing(&self, actors: &[String], step: &str) -> Result<(), Deviation> {
        try_join_all(actors.iter().map(|actor| self.nothing_at(actor, step))).await?;
        Ok(())
    }

    async fn nothing_at(&self, name: &str, step: &str) -> Result<(), Deviation> {
        let actor = self.actor(name)?;
        let Some((marker, answer)) = self.protocol().marker() else { return unseen(&actor, step) };
        for _ in 0..MARKERS {
            actor.socket.emit(&marker.name, &[]);
            let seen = self.next(name, "nothing more", step).await?;
            if seen.is_event(answer) {
                return Ok(());
            }
            match self.limited(&marker.name, &seen) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(Deviation::new(format!("{step}, at {name}"), "nothing more", seen.to_string())),
            }
        }
        Err(Deviation::new(
            format!("{step}, at {name}"),
            format!("`{answer}`, once the limit allows it"),
            "only refusals",
        ))
    }

    /// The time to wait if the limit refused `event`: a case about limits leaves them exhausted.
    fn limited(&self, event: &str, seen: &Seen) -> Option<Duration> {
        let gateway = &self.protocol().model.gateway;
        let Seen::Event { name, args } = seen else { return None };
        let error = args.first().filter(|error| *name == gateway.error_event && error["event"] == event)?;
        let limited = error["code"] == self.protocol().error(gateway.rate_limited).code.as_str();
        error["retryAfterMs"].as_u64().filter(|_| limited).map(Duration::from_millis)
    }
}

/// The number of attempts to emit a marker that the limit refuses.
const MARKERS: usize = 20;

/// Expects that no unexpected packet has arrived.
pub(super) fn unseen(actor: &Actor, step: &str) -> Result<(), Deviation> {
    match actor.socket.pending().first() {
        Some(arrival) => {
            Err(Deviation::new(format!("{step}, at {}", actor.name), "nothing more", arrival.what.to_string()))
        }
        None => Ok(()),
    }
}
