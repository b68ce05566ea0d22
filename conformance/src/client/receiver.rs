//! The packets that a transport receives and sends, independent of the kind of transport.

use std::{collections::HashSet, sync::Arc, time::Instant};

use tokio::sync::mpsc::UnboundedSender;

use super::{
    Speaker,
    engine::Frame,
    inbox::{Arrival, Inbox, Observer, Seen},
    packet::Packet,
};

/// An order to the task that writes to the wire.
pub(super) enum Command {
    Send(Frame),
    /// Closes the connection properly.
    Close,
    /// Cuts the connection.
    Cut,
}

/// The receiver of the packets from the server.
#[derive(Clone)]
pub(super) struct Receiver {
    pub inbox: Arc<Inbox>,
    pub speaker: Speaker,
    pub commands: UnboundedSender<Command>,
    pub events: Option<Arc<HashSet<String>>>,
    pub observer: Observer,
}

impl Receiver {
    /// Handles one packet.
    pub fn receive(&self, carrier: &'static str, frame: Frame) {
        let text = match frame {
            Frame::Binary(bytes) => {
                self.speaker.received(carrier, &format!("({} bytes)", bytes.len()));
                return self
                    .arrive(Seen::Malformed(format!("{} bytes, but the protocol has no binary data", bytes.len())));
            }
            Frame::Text(text) => text,
        };
        self.speaker.received(carrier, &text);
        let (kind, rest) = text.split_at_checked(1).unwrap_or(("", ""));
        match kind {
            "1" => self.inbox.close("the server closed the Engine.IO session"),
            "2" => {
                self.speaker.sent(carrier, "3");
                // A connection that has ended needs no heartbeat.
                self.commands.send(Command::Send(Frame::Text("3".to_owned()))).ok();
            }
            "4" => match Packet::read(rest) {
                Ok(packet) => self.packet(packet),
                Err(why) => self.arrive(Seen::Malformed(why)),
            },
            "6" => {}
            _ => self.arrive(Seen::Malformed(format!("an Engine.IO packet of an unknown type: `{text}`"))),
        }
    }

    fn packet(&self, packet: Packet) {
        match packet {
            Packet::Connect(data) => self.inbox.change(|state| state.handshake = Some(Ok(data))),
            Packet::ConnectError(data) => self.inbox.change(|state| state.handshake = Some(Err(data))),
            Packet::Disconnect => self.inbox.dismiss(),
            // The case ignores this event.
            Packet::Event { name, .. } if self.events.as_ref().is_some_and(|events| !events.contains(&name)) => {}
            Packet::Event { attachments, name, .. } if attachments > 0 => {
                self.arrive(Seen::Malformed(format!("`{name}` with binary data, which the protocol does not have")));
            }
            Packet::Event { id: Some(_), name, .. } => {
                self.arrive(Seen::Malformed(format!(
                    "`{name}` asks for an acknowledgement, which the protocol does not have"
                )));
            }
            Packet::Event { name, args, .. } => self.arrive(Seen::Event { name, args }),
            Packet::Ack { id, args, .. } => {
                let awaited = self.inbox.state().awaited.remove(&id);
                if awaited {
                    self.inbox.change(|state| {
                        state.answers.insert(id, args);
                    });
                } else {
                    self.arrive(Seen::StrayAck { id, args });
                }
            }
        }
    }

    fn arrive(&self, what: Seen) {
        (self.observer)(&what);
        self.inbox.change(|state| {
            if state.ignored.as_deref().is_some_and(|ignored| what.is_event(ignored)) {
                state.passed_over += 1;
            } else {
                state.arrivals.push_back(Arrival { at: Instant::now(), what });
            }
        });
    }
}
