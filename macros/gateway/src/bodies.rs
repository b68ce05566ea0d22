//! Reads the bodies of requests into memory, and bounds the memory that they use together.

use std::{net::IpAddr, sync::Arc};

use axum::body::Body;
use futures_util::StreamExt;

use super::{config::Config, exchange, quota::Quota};

/// The memory that unfinished bodies use.
pub(crate) struct Bodies {
    /// The maximum size of one body in bytes.
    most: usize,
    /// The bytes in use per address.
    of_address: Arc<Quota<IpAddr>>,
    /// The bytes in use in total.
    all: Arc<Quota<()>>,
}

/// The reason why a body is not read to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unread {
    /// It is larger than the maximum.
    TooLarge,
    /// It does not arrive in time.
    TooSlow,
    /// Other bodies use up the memory.
    TooMuch,
    /// It ends early.
    BrokeOff,
}

impl Bodies {
    pub(super) fn new(config: &Config) -> Self {
        Bodies {
            most: config.max_packet_bytes,
            of_address: Quota::new(config.max_body_bytes_per_address),
            all: Quota::new(config.max_body_bytes),
        }
    }

    /// Reads a body from this address.
    pub(crate) async fn collect(&self, address: IpAddr, body: Body) -> Result<Vec<u8>, Unread> {
        let (mut of_address, mut of_all) = (self.of_address.none(address), self.all.none(()));
        let mut collected = Vec::new();
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            let late = |error: axum::Error| if exchange::is_late(&error) { Unread::TooSlow } else { Unread::BrokeOff };
            let piece = piece.map_err(late)?;
            if collected.len() + piece.len() > self.most {
                return Err(Unread::TooLarge);
            }
            if !of_address.more(piece.len()) || !of_all.more(piece.len()) {
                metrics::counter!("accord_bodies_refused_total").increment(1);
                return Err(Unread::TooMuch);
            }
            collected.extend_from_slice(&piece);
        }
        Ok(collected)
    }
}
