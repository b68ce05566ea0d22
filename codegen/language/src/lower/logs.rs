//! The logs of rooms, and the events that are their entries.

use std::{collections::HashSet, time::Duration};

use super::Lowering;
use crate::{
    diagnostic::Diagnostic,
    model::{Anytime, Domain, Emit, Http, ScopeId, ScopeLog, ServerEvent, Target},
    source::{self, Slot, document::LogSchema},
};

/// The default time for which entries are kept.
const KEEP: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The default number of entries that a room keeps.
const ENTRIES: u64 = 100_000;

/// The default minimum time for which entries are kept.
const FLOOR: Duration = Duration::from_secs(10 * 60);

impl<'a> Lowering<'a, '_> {
    /// The log of a scope's rooms.
    pub fn scope_log(&mut self, schema: &LogSchema) -> Option<ScopeLog> {
        let position = schema.position.get().and_then(|position| self.reference(position));
        let caught_up = schema.caught_up.get().filter(|event| self.tables.server.resolve(event, self.cx).is_some());
        let keep = self.duration(&schema.keep, KEEP);
        let floor = self.duration(&schema.floor, FLOOR);
        if let (Some(keep), Some(floor)) = (keep, floor)
            && keep < floor
        {
            let diagnostic = Diagnostic::new("log-kept", "the log would drop entries that `floor` keeps");
            let at = schema.floor.get().or(schema.keep.get()).map_or(schema.span, |text| text.span);
            self.cx.report(
                diagnostic
                    .at(at, "`keep` is shorter than `floor`")
                    .help("give `keep` the longer time: without `keep` it is 7d, and without `floor` 10m"),
            );
        }
        if let Some(entries) = schema.entries.get()
            && entries.value == 0
        {
            let diagnostic = Diagnostic::new("out-of-range", "a log that keeps no entry replays nothing");
            self.cx.report(diagnostic.at(entries.span, "expected 1 or more"));
        }
        Some(ScopeLog {
            position: position?,
            caught_up: caught_up?.value.clone(),
            keep: keep?,
            entries: schema.entries.get().map_or(ENTRIES, |entries| entries.value),
            floor: floor?,
            place: schema.place.clone(),
        })
    }

    /// `7d`, `12h`, `10m` or `30s`.
    fn duration(&mut self, slot: &Slot<source::Duration>, default: Duration) -> Option<Duration> {
        let text = match slot {
            Slot::Absent => return Some(default),
            Slot::Broken => return None,
            Slot::Is(text) => text,
        };
        let written = text.as_str();
        let seconds = match written.chars().last() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 60 * 60,
            Some('d') => 24 * 60 * 60,
            _ => 0,
        };
        let digits = &written[..written.len().saturating_sub(usize::from(seconds > 0))];
        let count = digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let duration =
            count.map(|count| Duration::from_secs(u64::from(count) * seconds)).filter(|time| !time.is_zero());
        if duration.is_none() {
            let diagnostic = Diagnostic::new("invalid-duration", format!("`{written}` is not a time"))
                .at(text.span, "expected a whole number above 0, and `s`, `m`, `h` or `d`")
                .help("`7d` is seven days, `10m` is ten minutes");
            self.cx.report(diagnostic);
        }
        duration
    }

    /// The log of a scope, as the schema declares it.
    pub fn log_schema(&self, ScopeId(scope): ScopeId) -> Option<&'a LogSchema> {
        self.tables.scopes.entries[scope].1?.log.get()
    }

    /// Finds the events that are entries of logs, and their causes. Returns their names.
    pub fn durable(&self, domains: &mut [Domain], http: &mut Http) -> HashSet<String> {
        let events = domains.iter().flat_map(|domain| &domain.client).flat_map(|event| &event.emits);
        let operations = http.operations.iter().flat_map(|operation| &operation.emits);
        let to_rooms: HashSet<String> =
            events.chain(operations).filter(|emit| is_to_room(emit)).map(|emit| emit.event.clone()).collect();
        let is_entry = |event: &ServerEvent| {
            let is_sent = event.anytime == Some(Anytime::Scope) || to_rooms.contains(&event.name);
            is_sent && !event.volatile && event.scope.is_some_and(|scope| self.log_schema(scope).is_some())
        };
        let mut entries = HashSet::new();
        for event in domains.iter_mut().flat_map(|domain| &mut domain.server) {
            event.durable = is_entry(event);
            if event.durable {
                entries.insert(event.name.clone());
            }
        }
        let leads = |emits: &[Emit]| emits.iter().any(|emit| entries.contains(&emit.event));
        for event in domains.iter_mut().flat_map(|domain| &mut domain.client) {
            event.durable = leads(&event.emits);
        }
        for operation in &mut http.operations {
            operation.durable = leads(&operation.emits);
        }
        entries
    }
}

/// Returns whether all who have joined a room are among the receivers.
fn is_to_room(emit: &Emit) -> bool {
    emit.to.iter().any(|target| matches!(target, Target::Scope | Target::Also(_) | Target::Room(_)))
}
