//! Long histories, deletions between pages, and statistics of rooms with the same id.

use super::{Fault, fault};
use crate::proxy::Break;

pub fn faults() -> Vec<Fault> {
    let long = "history/long_history[channel]";
    let deleted = "history/deleted_between_pages[channel]";
    vec![
        fault("a page has at most 20 messages", long, page!(|_, _, messages| messages.truncate(20))),
        fault("a page has 20 messages unless another number is asked for", long, {
            page!(|_, query, messages| if !query.contains("limit=") {
                messages.truncate(20);
            })
        }),
        fault("two messages past the twentieth change places", long, {
            page!(|_, _, messages| if messages.len() > 21 {
                messages.swap(20, 21);
            })
        }),
        fault("the ninth page begins a message late", long, {
            page!(|_, query, messages| if query.contains("page=9") {
                messages.remove(0);
            })
        })
        .says("48,6"),
        fault("the third page by cursor shows a message twice", long, {
            page!(|_, query, messages| if query.contains("before=") && query.contains("limit=10") {
                messages[1] = messages[0].clone();
            })
        })
        .says("44,10"),
        fault("after a deletion, a page by cursor begins a message late", deleted, {
            page!(|memory, query, messages| if memory.deletions > 0 && query.contains("before=") {
                messages.remove(0);
            })
        }),
        fault("after a deletion, a page by cursor shows a message twice", deleted, {
            page!(|memory, query, messages| if memory.deletions > 0 && query.contains("before=") {
                messages[1] = messages[0].clone();
            })
        }),
        fault("after a deletion, a page by number begins a message late", deleted, {
            page!(|memory, query, messages| if memory.deletions > 0 && query.contains("page=") {
                messages.remove(0);
            })
        }),
        fault("a conversation has the figures of the channel of its id", "history/stats_of_one_id", SAME_FIGURES),
    ]
}

const SAME_FIGURES: Break = rest!("GET /api/stats", |_status, _headers, body| {
    let channels = body["data"]["channels"].as_object().cloned().unwrap_or_default();
    for (id, count) in body["data"]["conversations"].as_object_mut().into_iter().flatten() {
        if let Some(other) = channels.get(id) {
            *count = other.clone();
        }
    }
});
