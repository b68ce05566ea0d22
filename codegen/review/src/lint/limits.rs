//! Rules for rate limits.

use accord_language::model::{
    Auth,
    index::{Index, Subject},
};

use super::{Finding, Level, LintRule};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "unlimited",
        level: Level::Warning,
        what: "An event or operation has no rate limit.",
        reason: "One client in a loop, whether through malice or a bug, makes the server unusable for all others.",
        remedy: "name a limit, or make an exception with the reason why none is needed",
        example: include_str!("examples/unlimited.yaml"),
        check: unlimited,
    },
    LintRule {
        id: "small-burst",
        level: Level::Advice,
        what: "A limit's burst is smaller than what its rate adds in a second.",
        reason: "Networks deliver in bursts: packets that a client sent evenly over a second may arrive at once, and \
                 be refused although it kept the rate.",
        remedy: "let `burst` be at least what `rate` gives in a second",
        example: include_str!("examples/small-burst.yaml"),
        check: small_burst,
    },
];

fn unlimited(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, event) in index.requests().filter(|(_, event)| event.limit.is_none()) {
        found.push(Finding::at(&subject.key("limit"), format!("`{}` has no limit", event.name)));
    }
    for (subject, operation) in index.rest().filter(|(_, operation)| operation.limit.is_none()) {
        if operation.auth != Auth::Public {
            found.push(Finding::at(&subject, format!("`{}` has no limit", operation.name)).label("no `limit`"));
        }
    }
    if index.model.gateway.unknown_limit.is_none() {
        let subject = Subject::new("gateway", &index.model.gateway.place.key("unknown_events").key("limit"));
        found.push(Finding::at(&subject, "unknown events are answered without a limit"));
    }
    found
}

fn small_burst(index: &Index<'_>) -> Vec<Finding> {
    let small = index.model.limits.iter().filter(|limit| limit.period_ms == 1_000 && limit.burst < limit.rate);
    small
        .map(|limit| {
            let subject = Subject::new(&limit.name, &limit.place);
            let message = format!("`{}` allows {} at once, but {} a second", limit.name, limit.burst, limit.rate);
            Finding::at(&subject.key("burst"), message).and(&limit.place.key("rate"), "a second's worth")
        })
        .collect()
}
