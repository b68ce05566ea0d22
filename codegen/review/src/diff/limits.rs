//! Rate limits: a bucket may hold more and fill faster, and be shared with less.

use std::collections::HashMap;

use accord_language::model::{Limit, LimitId, Model, Per};

use super::{Breaks, Comparing, DiffRule, Site, rules};

impl Comparing<'_> {
    pub fn limits(&mut self) {
        let (old, new) = (&self.old.limits, &self.new.limits);
        for limit in old {
            if !new.iter().any(|other| other.name == limit.name) {
                let message = "this limit is no longer there";
                let site = self.section(&limit.name, "limits").gone(&limit.place);
                self.found(&rules::LIMIT_REMOVED, Breaks::TYPESCRIPT, &site, message);
            }
        }
        for limit in new {
            let Some(index) = old.iter().position(|other| other.name == limit.name) else {
                let site = self.section(&limit.name, "limits").came(&limit.place);
                self.found(&rules::LIMIT_ADDED, Breaks::NOBODY, &site, "this limit is new");
                continue;
            };
            let before = &old[index];
            let site = Site::new(&limit.name, &before.place, &limit.place);
            let used = self.drawers[0].limits.contains_key(&LimitId(index));
            if before.per != limit.per {
                let message = format!("there is a bucket for each {}, was for each {}", per(limit), per(before));
                let breaks = Breaks::wire_if(used && limit.per == Per::User);
                self.found(&rules::LIMIT_PER, breaks, &site.key("per"), message);
            }
            if (before.rate, before.period_ms) != (limit.rate, limit.period_ms) {
                let message = format!("it is {}, was {}", rate(limit), rate(before));
                let breaks = Breaks::wire_if(used && is_slower(before, limit));
                self.found(&rules::LIMIT_RATE, breaks, &site.key("rate"), message);
            }
            if before.burst != limit.burst {
                let message = format!("a bucket holds {}, was {}", limit.burst, before.burst);
                let breaks = Breaks::wire_if(used && limit.burst < before.burst);
                self.found(&rules::LIMIT_BURST, breaks, &site.key("burst"), message);
            }
            self.doc(&before.doc, &limit.doc, &site);
        }
    }

    /// Returns whether something draws on the new limit that was there before, and did not draw on the old one.
    fn is_shared_with_more(&mut self, old: LimitId, new: LimitId) -> bool {
        let [before, after] = &mut self.drawers;
        *after.shared.entry((old, new)).or_insert_with(|| {
            let drawers = after.limits.get(&new).into_iter().flatten();
            drawers.filter_map(|name| before.all.get(name)).any(|drawn| *drawn != Some(old))
        })
    }

    /// Compares the limits that something draws on. Another bucket is no tighter where it holds as much, fills as fast,
    /// and is not drawn on by anything that did not draw on the old one.
    pub fn limit(&mut self, rule: &'static DiffRule, old: Option<LimitId>, new: Option<LimitId>, site: &Site) {
        let name = |limit: Option<&Limit>| limit.map_or("no limit".to_owned(), |limit| format!("`{}`", limit.name));
        let before = old.map(|id| &self.old.limits[id.0]);
        let after = new.map(|id| &self.new.limits[id.0]);
        if before.map(|limit| &limit.name) == after.map(|limit| &limit.name) {
            return;
        }
        let tighter = match (old.zip(before), new.zip(after)) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some((old, before)), Some((new, after))) => {
                is_slower(before, after)
                    || after.burst < before.burst
                    || (after.per == Per::User && before.per == Per::Socket)
                    || self.is_shared_with_more(old, new)
            }
        };
        let message = format!("it draws on {}, was {}", name(after), name(before));
        self.found(rule, Breaks::wire_if(tighter), site, message);
    }
}

/// The endpoints that draw on limits.
#[derive(Debug, Default)]
pub struct Drawers {
    /// The events and operations that draw on each limit.
    limits: HashMap<LimitId, Vec<String>>,
    /// The limit that each draws on, if it draws on one.
    all: HashMap<String, Option<LimitId>>,
    /// The answers to whether something that was there before draws on a limit, and did not on another one.
    shared: HashMap<(LimitId, LimitId), bool>,
}

impl Drawers {
    pub fn of(model: &Model) -> Self {
        let mut drawers = Drawers::default();
        for (name, limit) in all_limits(model) {
            if let Some(limit) = limit {
                drawers.limits.entry(limit).or_default().push(name.clone());
            }
            drawers.all.insert(name, limit);
        }
        drawers
    }
}

fn all_limits(model: &Model) -> impl Iterator<Item = (String, Option<LimitId>)> {
    let events = model.client_events();
    let operations =
        model.http.operations.iter().map(|operation| (format!("http {}", operation.name), operation.limit));
    let unknown = ("unknown events".to_owned(), model.gateway.unknown_limit);
    events.map(|event| (event.name.clone(), event.limit)).chain(operations).chain([unknown])
}

fn is_slower(old: &Limit, new: &Limit) -> bool {
    u64::from(new.rate) * u64::from(old.period_ms) < u64::from(old.rate) * u64::from(new.period_ms)
}

fn rate(limit: &Limit) -> String {
    format!("{} {}", limit.rate, if limit.period_ms == 1_000 { "a second" } else { "a minute" })
}

fn per(limit: &Limit) -> &'static str {
    match limit.per {
        Per::User => "user",
        Per::Socket => "socket",
    }
}
