//! The order in which a connection sees the log of a room: every entry once, by its number, and none missing after the
//! join.

use std::{collections::BTreeSet, mem};

use accord_language::model::{POSITION, SEQ, SINCE};
use serde_json::Value;

/// A place in a log.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Position {
    pub epoch: String,
    pub seq: u64,
}

impl Position {
    /// The position that `payload` has, if it has one.
    pub fn of(payload: &Value) -> Option<Self> {
        Self::read(payload.get(POSITION)?)
    }

    fn read(position: &Value) -> Option<Self> {
        Some(Position { epoch: position.get("epoch")?.as_str()?.to_owned(), seq: position.get(SEQ)?.as_u64()? })
    }

    /// Checks that a log has not gone back behind its `known` position.
    ///
    /// # Errors
    /// That it has, as after a restart without its last entries.
    pub fn follows_on(&self, known: Option<&Position>) -> Result<(), String> {
        match known {
            Some(known) if known.epoch == self.epoch && known.seq > self.seq => Err(format!(
                "the log has gone back: its position is {}, and it had entry {} before, in the same epoch",
                self.seq, known.seq
            )),
            _ => Ok(()),
        }
    }
}

/// A connection's place in the log of a room.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// Its last request to join, until that is answered.
    asked: Option<Asked>,
    /// `None` before it has joined.
    stay: Option<Stay>,
}

/// A request to join.
#[derive(Clone, Debug)]
struct Asked {
    since: Option<Position>,
    /// The newest position known at that time.
    known: Option<Position>,
}

/// The time between joining a room and leaving it.
#[derive(Clone, Debug)]
struct Stay {
    epoch: String,
    /// The position that it joined at.
    joined: u64,
    /// The number of the last entry that it has.
    last: u64,
    /// The numbers of all entries that it has been sent.
    sent: BTreeSet<u64>,
    /// Whether its replay is still in progress.
    replays: bool,
    /// The position that it has asked to join from although it had joined. It may receive a replay: if its user was
    /// removed and added again in the meantime, it had left.
    again: Option<u64>,
    /// The number of the entry that ended its user's membership.
    ends: Option<u64>,
}

impl Stay {
    fn at(epoch: String, seq: u64) -> Self {
        Stay { epoch, joined: seq, last: seq, sent: BTreeSet::new(), replays: false, again: None, ends: None }
    }
}

impl Order {
    /// Records that the connection asks to join, while the newest `known` position is this.
    pub(super) fn joins(&mut self, payload: Option<&Value>, known: Option<Position>) {
        let since = payload.and_then(|payload| Position::read(payload.get(SINCE)?));
        self.asked = Some(Asked { since, known });
    }

    /// Records that the connection has joined; returns the position.
    pub(super) fn joined(&mut self, payload: &Value) -> Result<Option<Position>, String> {
        let asked = self.asked.take();
        let Some(position) = Position::of(payload) else { return Ok(None) };
        position.follows_on(asked.as_ref().and_then(|asked| asked.known.as_ref()))?;
        let Position { epoch, seq } = position.clone();
        let since = asked.and_then(|asked| asked.since);
        match &mut self.stay {
            Some(stay) if stay.epoch == epoch && seq < stay.last => {
                return Err(format!("it joins at position {seq}, after it was sent entry {}", stay.last));
            }
            Some(stay) if stay.replays => {}
            Some(stay) => {
                let again = since.map(|since| since.seq);
                *stay = Stay { again, sent: mem::take(&mut stay.sent), ..Stay::at(epoch, seq) };
            }
            None => {
                if let Some(since) = &since
                    && (since.epoch != epoch || since.seq > seq)
                {
                    return Err(format!(
                        "it joins at position {seq} of the epoch `{epoch}`, although `{SINCE}` was {} of the epoch `{}`: \
                         its position is lost, and the room must not be joined",
                        since.seq, since.epoch
                    ));
                }
                let (replays, last) = (since.is_some(), since.map_or(seq, |since| since.seq));
                self.stay = Some(Stay { last, replays, ..Stay::at(epoch, seq) });
            }
        }
        Ok(Some(position))
    }

    /// Records that a replay has ended; returns the position.
    pub(super) fn caught_up(&mut self, payload: &Value) -> Result<Option<Position>, String> {
        let stay = self.stay.as_mut().filter(|stay| stay.replays || stay.again.is_some());
        let (Some(position), Some(stay)) = (Position::of(payload), stay) else {
            return Err("a replay ends that was not asked for".to_owned());
        };
        let least = stay.joined.max(stay.last);
        if position.epoch != stay.epoch || position.seq < least {
            return Err(format!("the replay ends at position {}, before entry {least}", position.seq));
        }
        (stay.last, stay.replays, stay.again) = (position.seq, false, None);
        Ok(Some(position))
    }

    /// Records an entry; returns the position after it. In a replay, numbers may be skipped: those of entries that are
    /// no longer shown.
    pub(super) fn entry(&mut self, payload: &Value) -> Result<Option<Position>, String> {
        let seq = payload[SEQ].as_u64().ok_or("an event of the log has no number")?;
        let Some(stay) = &mut self.stay else { return Ok(None) };
        if let Some(since) = stay.again.take().filter(|since| (since + 1..=stay.joined).contains(&seq)) {
            (stay.last, stay.replays) = (since, true);
            stay.sent.clear();
        }
        if let Some(ends) = stay.ends.filter(|ends| *ends <= seq) {
            return Err(after_removal(seq, ends));
        }
        let last = stay.last;
        if stay.sent.contains(&seq) {
            return Err(format!("entry {seq} of the log comes a second time"));
        } else if seq <= last {
            return Err(format!(
                "entry {seq} of the log comes after position {last}: too late, or with a wrong number"
            ));
        } else if seq > last + 1 && !stay.replays {
            return Err(format!(
                "entry {seq} of the log comes after position {last}: entry {} is lost, late, or has a wrong number",
                last + 1
            ));
        }
        stay.last = seq;
        stay.sent.insert(seq);
        Ok(Some(Position { epoch: stay.epoch.clone(), seq }))
    }

    /// Records that entry `seq`, received by another connection, ended the membership of the connection's user.
    pub(super) fn ends(&mut self, seq: u64) -> Result<(), String> {
        // If the user is a member again and joins, the replay shows the entry.
        let Some(stay) = self.stay.as_mut().filter(|stay| self.asked.is_none() && !stay.replays && stay.joined < seq)
        else {
            return Ok(());
        };
        stay.ends.get_or_insert(seq);
        if stay.last >= seq { Err(after_removal(stay.last, seq)) } else { Ok(()) }
    }

    /// Records that the connection has left. It may have asked to join again.
    pub(super) fn left(&mut self) {
        self.stay = None;
    }

    /// Whether the connection is receiving a replay.
    pub(super) fn replays(&self) -> bool {
        self.stay.as_ref().is_some_and(|stay| stay.replays)
    }
}

fn after_removal(seq: u64, ends: u64) -> String {
    format!("entry {seq} of the log is shown to a user whose membership ended with entry {ends}")
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

    fn known(seq: u64) -> Option<Position> {
        Some(Position { epoch: "e".to_owned(), seq })
    }

    /// A connection that has joined, with `since` if it is given.
    fn joined(since: Option<u64>, position: u64) -> Order {
        let mut order = Order::default();
        order.joins(Some(&json!({ "since": since.map(|seq| json!({ "epoch": "e", "seq": seq })) })), None);
        order.joined(&at(position)).unwrap();
        order
    }

    #[test]
    fn live_entries_follow_on_each_other() {
        let mut order = joined(None, 4);
        order.entry(&entry(5)).unwrap();
        for (seq, why) in [(4, "too late"), (5, "a second time"), (7, "entry 6 is lost")] {
            assert!(order.clone().entry(&entry(seq)).unwrap_err().contains(why), "{seq}");
        }
        order.entry(&entry(6)).unwrap();
        order.joined(&at(6)).unwrap();
        assert!(order.joined(&at(5)).is_err());
    }

    #[test]
    fn a_replay_may_skip_numbers_and_nothing_else() {
        let mut order = joined(Some(2), 7);
        order.entry(&entry(4)).unwrap();
        assert!(order.clone().entry(&entry(4)).is_err());
        assert!(order.clone().entry(&entry(3)).is_err());
        assert!(order.clone().caught_up(&at(6)).is_err(), "it is promised everything up to 7");
        order.caught_up(&at(8)).unwrap();
        assert!(order.clone().entry(&entry(10)).is_err());
        assert!(order.clone().caught_up(&at(8)).is_err());
        order.entry(&entry(9)).unwrap();
    }

    #[test]
    fn a_user_who_joins_again_may_have_left_through_a_removal() {
        let mut order = joined(None, 4);
        order.entry(&entry(5)).unwrap();
        order.joins(Some(&json!({ "since": { "epoch": "e", "seq": 4 } })), None);
        order.joined(&at(7)).unwrap();
        let mut ignored = order.clone();
        ignored.entry(&entry(8)).unwrap();
        assert!(ignored.entry(&entry(5)).is_err());
        order.entry(&entry(5)).unwrap();
        order.entry(&entry(7)).unwrap();
        order.caught_up(&at(7)).unwrap();
        assert!(order.entry(&entry(7)).is_err());
    }

    #[test]
    fn a_position_that_is_lost_is_not_joined_from() {
        for since in [json!({ "epoch": "another", "seq": 1 }), json!({ "epoch": "e", "seq": 8 })] {
            let mut order = Order::default();
            order.joins(Some(&json!({ "since": since })), None);
            assert!(order.joined(&at(7)).unwrap_err().contains("its position is lost"));
        }
    }

    #[test]
    fn a_log_does_not_go_back_in_its_epoch() {
        let mut order = Order::default();
        order.joins(None, known(5));
        assert!(order.clone().joined(&at(4)).unwrap_err().contains("the log has gone back"));
        order.joined(&json!({ "position": { "epoch": "another", "seq": 1 } })).unwrap();
    }

    #[test]
    fn a_removed_user_receives_no_entries_after_the_removal() {
        let mut order = joined(None, 4);
        order.entry(&entry(5)).unwrap();
        order.ends(6).unwrap();
        assert!(order.clone().entry(&entry(6)).unwrap_err().contains("membership ended with entry 6"));
        assert!(joined(None, 4).ends(4).is_ok(), "it has joined again since");
        assert!(order.ends(5).is_err(), "it was shown the entry");
    }
}
