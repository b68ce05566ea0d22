//! The order in which a connection sees the log of a room: every entry once, by its number, and none missing from where it
//! joined.

use accord_language::model::{POSITION, SEQ, SINCE};
use serde_json::Value;

/// A connection's place in the log of a room.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// The position that the client has asked to go on from, until its replay has ended.
    since: Option<u64>,
    /// The number of the last entry that it has, and the epoch that this belongs to; `None` before it has joined.
    at: Option<(String, u64)>,
}

impl Order {
    /// Takes note that the connection asks to join.
    pub(super) fn joins(&mut self, payload: Option<&Value>) {
        self.since = payload.and_then(|payload| payload.get(SINCE)?.get(SEQ)?.as_u64());
    }

    /// Takes note that the connection has joined.
    pub(super) fn joined(&mut self, payload: &Value) -> Result<(), String> {
        let Some((epoch, seq)) = position(payload) else { return Ok(()) };
        match (&self.at, self.since) {
            // It had joined before, or was removed and has joined anew.
            (Some((_, last)), _) if seq < *last => {
                return Err(format!("a position that says {seq}, after {last} was sent"));
            }
            (Some(_), _) => (self.since, self.at) = (None, Some((epoch, seq))),
            (None, Some(since)) if since > seq => {
                return Err(format!("a position that says {seq}, after {since} was asked for"));
            }
            (None, since) => self.at = Some((epoch, since.unwrap_or(seq))),
        }
        Ok(())
    }

    /// Takes note that a replay has ended.
    pub(super) fn caught_up(&mut self, payload: &Value) -> Result<(), String> {
        let (Some((epoch, seq)), Some(_), Some((own, last))) = (position(payload), self.since.take(), &self.at) else {
            return Err("the end of a replay that was not asked for".to_owned());
        };
        if epoch != *own || seq < *last {
            return Err(format!("a replay that ends at {seq}, after {last} was sent"));
        }
        self.at = Some((epoch, seq));
        Ok(())
    }

    /// Takes note of an entry.
    pub(super) fn entry(&mut self, payload: &Value) -> Result<(), String> {
        let seq = payload[SEQ].as_u64().ok_or("an event of the log without a number")?;
        let Some((_, last)) = &mut self.at else { return Ok(()) };
        // In a replay, numbers of what is not shown any more are skipped.
        if seq <= *last || (self.since.is_none() && seq != *last + 1) {
            return Err(format!("number {seq} of the log, after number {last}"));
        }
        *last = seq;
        Ok(())
    }

    /// Takes note that the connection has left.
    pub(super) fn left(&mut self) {
        *self = Order::default();
    }
}

fn position(payload: &Value) -> Option<(String, u64)> {
    let position = payload.get(POSITION)?;
    Some((position.get("epoch")?.as_str()?.to_owned(), position.get(SEQ)?.as_u64()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(seq: u64) -> Value {
        json!({ "position": { "epoch": "e", "seq": seq } })
    }

    fn entry(seq: u64) -> Value {
        json!({ "seq": seq })
    }

    #[test]
    fn live_entries_follow_on_each_other() {
        let mut order = Order::default();
        order.joins(Some(&json!({})));
        order.joined(&at(4)).unwrap();
        order.entry(&entry(5)).unwrap();
        for wrong in [4, 5, 7] {
            assert!(order.clone().entry(&entry(wrong)).is_err(), "{wrong}");
        }
        order.entry(&entry(6)).unwrap();
        order.joined(&at(6)).unwrap();
        assert!(order.joined(&at(5)).is_err());
    }

    #[test]
    fn a_replay_may_skip_numbers_and_nothing_else() {
        let mut order = Order::default();
        order.joins(Some(&json!({ "since": { "epoch": "e", "seq": 2 } })));
        order.joined(&at(7)).unwrap();
        order.entry(&entry(4)).unwrap();
        assert!(order.clone().entry(&entry(4)).is_err());
        assert!(order.clone().entry(&entry(3)).is_err());
        assert!(order.clone().caught_up(&at(3)).is_err());
        order.caught_up(&at(8)).unwrap();
        assert!(order.clone().entry(&entry(10)).is_err());
        assert!(order.clone().caught_up(&at(8)).is_err());
        order.entry(&entry(9)).unwrap();
    }
}
