//! How often something may be asked for.

use super::{Finding, Level, Place, Protocol, Rule};
use crate::model::Auth;

pub const RULES: &[Rule] = &[
    Rule {
        id: "unlimited",
        level: Level::Warning,
        what: "Something may be asked for as often as anybody likes.",
        reason: "One client in a loop, by malice or by a bug in its effects, takes the server from all others.",
        remedy: "name a limit, or except it with the reason why it cannot hurt",
        example: include_str!("examples/unlimited.yaml"),
        check: unlimited,
    },
    Rule {
        id: "small-burst",
        level: Level::Advice,
        what: "A limit holds fewer tokens than it gets back in a second.",
        reason: "Networks deliver in clumps: what a client sent evenly over a second may arrive at once, and be refused though it \
                 kept the rate.",
        remedy: "let `burst` be at least what `rate` gives in a second",
        example: include_str!("examples/small-burst.yaml"),
        check: small_burst,
    },
];

fn unlimited(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, event) in protocol.requests().filter(|(_, event)| event.limit.is_none()) {
        found.push(Finding::at(&place.key(&["limit"]), format!("`{}` has no limit", event.name)));
    }
    for (place, operation) in protocol.rest().filter(|(_, operation)| operation.limit.is_none()) {
        if operation.auth != Auth::Public {
            found.push(Finding::at(&place, format!("`{}` has no limit", operation.name)).label("no `limit`"));
        }
    }
    if protocol.model.gateway.unknown_limit.is_none() {
        let place = Place::section("gateway").key(&["unknown_events", "limit"]);
        found.push(Finding::at(&place, "events that the protocol does not have are answered without a limit"));
    }
    found
}

fn small_burst(protocol: &Protocol<'_>) -> Vec<Finding> {
    let small = protocol.model.limits.iter().filter(|limit| limit.period_ms == 1_000 && limit.burst < limit.rate);
    small
        .map(|limit| {
            let place = Place::named(&["limits"], &limit.name);
            let message = format!("`{}` takes {} at once, of {} a second", limit.name, limit.burst, limit.rate);
            Finding::at(&place.key(&["burst"]), message).and(&place.key(&["rate"]), "a second's worth")
        })
        .collect()
}
