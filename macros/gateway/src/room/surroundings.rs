//! The log, the sockets and the authority that rooms' readers use.

use std::{collections::HashMap, sync::Arc, time::Duration};

use accord_runtime::{
    log::{Entry, Log, Page},
    pipeline::Pipeline,
    scope::LogSpec,
};

use super::{effect::Read, item::Item, mailbox::Mailboxes};
use crate::{connection::unsent::PLACE, hub::Hub, version::Versions};

/// The log, the sockets and the authority that rooms' readers use.
pub(crate) struct Surroundings {
    pub(crate) log: Arc<dyn Log>,
    /// Knows the members of a room.
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) hub: Hub,
    pub(crate) versions: Arc<Versions>,
    /// The logs of scopes, by the scopes' names.
    pub(crate) logs: HashMap<&'static str, &'static LogSpec>,
    /// The time within which a client has to receive a page of a replay.
    pub(crate) patience: Duration,
    /// The maximum size in bytes of a page that a client is sent at once, as it counts while it waits for the client,
    /// unless a single entry is larger.
    pub(crate) page_bytes: usize,
    pub(super) mailboxes: Mailboxes,
}

impl Surroundings {
    pub(crate) fn new(
        log: Arc<dyn Log>,
        pipeline: Arc<Pipeline>,
        hub: Hub,
        versions: Arc<Versions>,
        logs: HashMap<&'static str, &'static LogSpec>,
        patience: Duration,
        page_bytes: usize,
    ) -> Self {
        Surroundings { log, pipeline, hub, versions, logs, patience, page_bytes, mailboxes: Mailboxes::default() }
    }

    /// A page for a reader, cut to the maximum size. The rest is read again.
    pub(super) fn read(&self, page: Page) -> Read {
        match page {
            Page::Lost => Read::Lost,
            Page::Entries { mut entries, mut reached, head } => {
                let mut bytes = 0;
                let is_too_much = |entry: &Entry| {
                    bytes += entry.event.len() + entry.data.get().len() + PLACE;
                    bytes > self.page_bytes
                };
                if let Some(most) = entries.iter().position(is_too_much).map(|index| index.max(1))
                    && most < entries.len()
                {
                    entries.truncate(most);
                    reached = entries.last().map_or(reached, |entry| entry.seq);
                }
                let item = |entry| Arc::new(Item::of(entry, self.pipeline.protocol));
                Read::Page { items: entries.into_iter().map(item).collect(), reached, head }
            }
        }
    }
}
