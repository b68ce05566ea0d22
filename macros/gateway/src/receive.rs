//! The packets that a connected socket receives, until it ends.

use std::sync::Arc;

use accord_runtime::pipeline::Drawn;
use socketioxide::socket::DisconnectReason;

use super::{
    events, lifecycle,
    packet::Packet,
    shared::Shared,
    socket::{Inbox, Put, Socket},
    traffic::Traffic,
};

/// Follows up the end of a connection.
pub(super) fn disconnected(shared: &Arc<Shared>, id: u64, reason: DisconnectReason) {
    if let Some(socket) = let_go(shared, id) {
        let goes_on = reason == DisconnectReason::ClientNSDisconnect;
        socket.left(goes_on.then_some(shared.config.connect_timeout));
    }
}

/// Receives an event on the reader's task, so events keep their order.
pub(super) fn receive(shared: &Arc<Shared>, inbox: &Inbox, mut packet: Packet) {
    // Packets that still arrive from a client that was cut off count neither as another flood nor against its user's limits.
    if inbox.is_closed() {
        return;
    }
    let asked = shared.asked(inbox.served.as_deref(), packet.event());
    packet.drawn = shared.pipeline.draw(asked.endpoint, &inbox.user, Some(inbox.id));
    packet.late = shared.is_stopping();
    if packet.drawn == Drawn::Flooding {
        cut_off(shared, inbox, "past its limit");
        return;
    }
    match inbox.put(packet) {
        Put::Queued | Put::Closed => {}
        Put::Begin(socket) => {
            shared.spawn_for(&socket, events::work_off(Arc::clone(shared), Arc::clone(&socket)));
        }
        Put::Full => cut_off(shared, inbox, "with more events than its queue can hold"),
    }
}

/// Ends the connection of a client that floods.
fn cut_off(shared: &Shared, inbox: &Inbox, how: &'static str) {
    inbox.close();
    shared.flooders.add(&inbox.user);
    let Some(socket) = inbox.socket() else { return };
    metrics::counter!("accord_flooders_closed_total").increment(1);
    tracing::info!(user = ?inbox.user, how, "closed the connection of a client that floods");
    // In another task, because the library holds locks of the socket while it reads.
    tokio::spawn(async move { socket.end() });
}

/// Removes a socket that has ended; returns it if it was still present.
pub(super) fn let_go(shared: &Arc<Shared>, id: u64) -> Option<Arc<Socket>> {
    let socket = shared.hub.disconnect(id)?;
    shared.rooms.let_go(&socket);
    shared.show(|| Traffic::Disconnected { user: &socket.user });
    lifecycle::ended(shared, Arc::clone(&socket));
    Some(socket)
}
