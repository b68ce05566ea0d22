//! Transports in flows.

use accord_language::words;

words! {
    /// The transport of packets.
    pub enum Transport {
        /// WebSocket from the beginning.
        Websocket = "websocket",
        /// HTTP long-polling, and no upgrade.
        Polling = "polling",
        /// HTTP long-polling, upgraded to WebSocket once the namespace is connected.
        Upgrade = "upgrade",
    }
}

impl Transport {
    /// All of them.
    pub const ALL: [Transport; 3] = [Transport::Websocket, Transport::Polling, Transport::Upgrade];

    /// Its name in flows and reports.
    pub fn name(self) -> &'static str {
        match self {
            Transport::Websocket => "websocket",
            Transport::Polling => "polling",
            Transport::Upgrade => "upgrade",
        }
    }

    /// The transport of this name.
    pub fn named(name: &str) -> Option<Self> {
        Transport::ALL.into_iter().find(|transport| transport.name() == name)
    }
}
