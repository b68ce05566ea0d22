//! A connection to the namespace `/`.

use std::{
    collections::HashSet,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use accord_flows::Transport;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::{
    Endpoint, Speaker,
    engine::Frame,
    inbox::{Arrival, Closed, Inbox, Observer},
    packet, polling,
    receiver::{Command, Receiver},
    websocket,
};

/// Options of a connection.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// The transport of the packets.
    pub transport: Transport,
    /// The auth object.
    pub auth: Option<Value>,
    /// Parameters of the query.
    pub query: Vec<(String, String)>,
    /// The server events to listen for; all by default.
    pub events: Option<Arc<HashSet<String>>>,
    /// The timeout for each answer.
    pub patience: Duration,
}

/// A failed attempt to connect.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ConnectFailure {
    /// The server refused, by a connect error with this content.
    #[error("the server refused the connection: {0}")]
    Refused(Value),
    /// The connection broke.
    #[error("{0}")]
    Broken(String),
}

/// A socket that is, or was, connected.
pub struct Socket {
    inbox: Arc<Inbox>,
    commands: UnboundedSender<Command>,
    speaker: Speaker,
    carrier: &'static str,
    transport: Transport,
    next_ack: AtomicU64,
    polling: Mutex<Option<polling::Tasks>>,
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("transport", &self.transport).finish_non_exhaustive()
    }
}

impl Socket {
    /// Connects, and returns once the namespace is connected (and the transport upgraded, where that is asked for).
    ///
    /// # Errors
    /// The server's refusal, or the reason why the connection broke.
    pub async fn connect(
        endpoint: &Endpoint,
        options: &ConnectOptions,
        speaker: Speaker,
        observer: Observer,
    ) -> Result<Self, ConnectFailure> {
        let patience = options.patience;
        match tokio::time::timeout(patience * 3, Self::open(endpoint, options, speaker, observer)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(ConnectFailure::Broken(format!("no connection within {:?}", patience * 3))),
        }
    }

    async fn open(
        endpoint: &Endpoint,
        options: &ConnectOptions,
        speaker: Speaker,
        observer: Observer,
    ) -> Result<Self, ConnectFailure> {
        let broken = ConnectFailure::Broken;
        let inbox = Arc::<Inbox>::default();
        let (sender, commands) = unbounded_channel();
        let events = options.events.clone();
        let (inbox_of, speaker_of, commands_of) = (inbox.clone(), speaker.clone(), sender.clone());
        let receiver = Receiver { inbox: inbox_of, speaker: speaker_of, commands: commands_of, events, observer };
        let mut socket = Socket {
            inbox,
            commands: sender,
            speaker,
            carrier: websocket::CARRIER,
            transport: options.transport,
            next_ack: AtomicU64::new(0),
            polling: Mutex::new(None),
        };
        let hello = packet::connect(options.auth.as_ref());
        if options.transport == Transport::Websocket {
            let url = endpoint.engine("websocket", None, &options.query);
            let mut stream = websocket::open(endpoint, url).await.map_err(broken)?;
            websocket::handshake(&mut stream, &receiver).await.map_err(broken)?;
            tokio::spawn(websocket::drive(stream, commands, receiver));
            socket.send_text(hello);
            socket.greeted(options.patience).await?;
            return Ok(socket);
        }
        let (session, handshake) = polling::Session::open(endpoint, &options.query, &receiver).await.map_err(broken)?;
        socket.carrier = polling::CARRIER;
        let tasks = session.start(commands, &receiver);
        socket.send_text(hello);
        if let Err(failure) = socket.greeted(options.patience).await {
            tasks.abandon();
            return Err(failure);
        }
        if options.transport == Transport::Polling {
            *socket.polling.lock().unwrap_or_else(PoisonError::into_inner) = Some(tasks);
            return Ok(socket);
        }
        if !handshake.upgrades.iter().any(|upgrade| upgrade == "websocket") {
            return Err(broken(format!(
                "the handshake does not offer an upgrade to WebSocket: {:?}",
                handshake.upgrades
            )));
        }
        let url = endpoint.engine("websocket", Some(&handshake.sid), &options.query);
        let mut stream = websocket::open(endpoint, url).await.map_err(broken)?;
        socket.speaker.sent(websocket::CARRIER, "2probe");
        websocket::send_text(&mut stream, "2probe").await.map_err(broken)?;
        let answer = websocket::next_text(&mut stream).await.map_err(broken)?;
        socket.speaker.received(websocket::CARRIER, &answer);
        if answer != "3probe" {
            return Err(broken(format!("expected `3probe` as the answer to the probe of the upgrade, got `{answer}`")));
        }
        let commands = tasks.pause().await.map_err(broken)?;
        socket.speaker.sent(websocket::CARRIER, "5");
        websocket::send_text(&mut stream, "5").await.map_err(broken)?;
        tokio::spawn(websocket::drive(stream, commands, receiver));
        socket.carrier = websocket::CARRIER;
        Ok(socket)
    }

    async fn greeted(&self, patience: Duration) -> Result<(), ConnectFailure> {
        let answer = self.inbox.until(patience, |state| match (&state.handshake, &state.closed) {
            (Some(answer), _) => Some(answer.clone().map_err(ConnectFailure::Refused)),
            (None, Some(closed)) => Some(Err(ConnectFailure::Broken(closed.why.clone()))),
            (None, None) => None,
        });
        match answer.await {
            Some(answer) => answer.map(drop),
            None => {
                Err(ConnectFailure::Broken(format!("no answer to the Socket.IO connect packet within {patience:?}")))
            }
        }
    }

    /// The transport of its packets.
    pub fn transport(&self) -> Transport {
        self.transport
    }

    fn send_text(&self, text: String) {
        self.speaker.sent(self.carrier, &text);
        self.command(Command::Send(Frame::Text(text)));
    }

    fn command(&self, command: Command) {
        // The receiver is gone once the connection has ended; waiting for an answer then fails.
        self.commands.send(command).ok();
    }

    /// Emits an event without asking for an acknowledgement.
    pub fn emit(&self, name: &str, args: &[Value]) {
        self.send_text(packet::event(name, args, None, 0));
    }

    /// Emits an event, and returns the id to wait for its acknowledgement by.
    pub fn emit_with_ack(&self, name: &str, args: &[Value]) -> u64 {
        let id = self.expect_ack();
        self.send_text(packet::event(name, args, Some(id), 0));
        id
    }

    /// Emits an event whose arguments hold binary placeholders, and then the bytes; with an acknowledgement.
    pub fn emit_binary(&self, name: &str, args: &[Value], attachments: &[&[u8]]) -> u64 {
        let id = self.expect_ack();
        self.send_text(packet::event(name, args, Some(id), attachments.len()));
        for bytes in attachments {
            self.speaker.sent(self.carrier, &format!("({} bytes)", bytes.len()));
            self.command(Command::Send(Frame::Binary(bytes.to_vec())));
        }
        id
    }

    fn expect_ack(&self) -> u64 {
        let id = self.next_ack.fetch_add(1, Ordering::Relaxed);
        self.inbox.state().awaited.insert(id);
        id
    }

    /// Sends a raw packet.
    pub fn send_raw(&self, text: &str) {
        self.send_text(text.to_owned());
    }

    /// Waits for an acknowledgement. `None` if it does not come, or the connection ends first.
    pub async fn answer(&self, id: u64, patience: Duration) -> Option<Vec<Value>> {
        let answer = self.inbox.until(patience, |state| match state.answers.remove(&id) {
            Some(args) => Some(Some(args)),
            None => state.closed.is_some().then_some(None),
        });
        answer.await.flatten()
    }

    /// Waits for the next packet. `None` if none comes, or the connection ends first.
    pub async fn next(&self, patience: Duration) -> Option<Arrival> {
        let next = self.inbox.until(patience, |state| match state.arrivals.pop_front() {
            Some(arrival) => Some(Some(arrival)),
            None => state.closed.is_some().then_some(None),
        });
        next.await.flatten()
    }

    /// Ignores all events of this name from now on; with `None`, ignores none.
    pub fn ignore(&self, event: Option<&str>) {
        self.inbox.change(|state| {
            state.ignored = event.map(ToOwned::to_owned);
            state.passed_over = 0;
        });
    }

    /// Waits until `count` events have been ignored, and returns whether they have.
    pub async fn passed_over(&self, count: usize, patience: Duration) -> bool {
        self.inbox.until(patience, |state| (state.passed_over >= count).then_some(())).await.is_some()
    }

    /// The packets that have arrived and have not been read.
    pub fn pending(&self) -> Vec<Arrival> {
        self.inbox.state().arrivals.iter().cloned().collect()
    }

    /// The end of the connection, if it has ended.
    pub fn closed(&self) -> Option<Closed> {
        self.inbox.state().closed.clone()
    }

    /// Waits for the end of the connection.
    pub async fn wait_closed(&self, patience: Duration) -> Option<Closed> {
        self.inbox.until(patience, |state| state.closed.clone()).await
    }

    /// Closes the connection properly.
    pub fn disconnect(&self) {
        self.send_text("41".to_owned());
        self.command(Command::Close);
    }

    /// Cuts the connection, like a failing network.
    pub fn cut(&self) {
        self.command(Command::Cut);
        self.abandon_polling();
    }

    fn abandon_polling(&self) {
        if let Some(tasks) = self.polling.lock().unwrap_or_else(PoisonError::into_inner).take() {
            tasks.abandon();
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.closed().is_none() {
            self.command(Command::Close);
        }
        self.abandon_polling();
    }
}
