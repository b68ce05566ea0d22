//! Limits how many entries of one kind are written, and counts the others, so that nobody can fill the log.

use std::{
    collections::HashMap,
    fmt::{self, Write as _},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tracing::{
    Event, Level, Subscriber,
    callsite::Identifier,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

/// The period over which entries of one kind are counted.
const PERIOD: Duration = Duration::from_secs(1);

/// The maximum number of entries of one kind that are written in a period.
const MOST: u32 = 20;

/// Counts entries by the place in the code that makes them.
#[derive(Default)]
pub(super) struct Repeats(Mutex<HashMap<Identifier, Kind>>);

/// The entries of one place.
struct Kind {
    message: String,
    since: Instant,
    entries: u32,
}

impl Repeats {
    /// Counts an entry. Returns whether to write it, and how many entries of each kind were left out in periods that are over.
    fn count(&self, event: &Event<'_>, now: Instant) -> (bool, Vec<(String, u32)>) {
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = kinds.extract_if(|_, kind| now.duration_since(kind.since) >= PERIOD);
        let left_out =
            over.filter(|(_, kind)| kind.entries > MOST).map(|(_, kind)| (kind.message, kind.entries - MOST));
        let left_out = left_out.collect();
        let kind = kinds.entry(event.metadata().callsite()).or_insert_with(|| {
            let mut message = Message::default();
            event.record(&mut message);
            Kind { message: message.0, since: now, entries: 0 }
        });
        kind.entries = kind.entries.saturating_add(1);
        (kind.entries <= MOST, left_out)
    }
}

impl<S: Subscriber> Layer<S> for Repeats {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        // A user who turns on debug logging gets all entries.
        if *metadata.level() > Level::INFO || metadata.target() == module_path!() {
            return true;
        }
        let (is_written, left_out) = self.count(event, Instant::now());
        for (message, entries) in left_out {
            tracing::warn!(entries, like = ?message, "left out repeated entries");
        }
        is_written
    }
}

/// The text of an entry, without its fields.
#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            write!(self.0, "{value:?}").ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// The written messages of entries, and how many were left out. The clock stands still unless a test sets it.
    #[derive(Clone, Default)]
    struct Written {
        repeats: Arc<Repeats>,
        now: Arc<Mutex<Option<Instant>>>,
        lines: Arc<Mutex<Vec<String>>>,
    }

    impl<S: Subscriber> Layer<S> for Written {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let mut message = Message::default();
            event.record(&mut message);
            let now = *self.now.lock().expect("a time").get_or_insert_with(Instant::now);
            let (is_written, left_out) = self.repeats.count(event, now);
            let mut lines = self.lines.lock().expect("lines");
            lines.extend(left_out.into_iter().map(|(message, entries)| format!("{entries} times {message}")));
            lines.extend(is_written.then_some(message.0));
        }
    }

    fn refused() {
        tracing::info!("refused");
    }

    #[test]
    fn sec_40_a_flood_of_entries_is_counted_and_hides_no_other_entry() {
        let written = Written::default();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(written.clone()), || {
            (0..1000).for_each(|_| refused());
            tracing::warn!("something else");
            *written.now.lock().expect("a time").as_mut().expect("a time") += PERIOD;
            refused();
        });
        let mut expected = vec!["refused"; MOST as usize];
        expected.extend(["something else", "980 times refused", "refused"]);
        assert_eq!(*written.lines.lock().expect("lines"), expected);
    }
}
