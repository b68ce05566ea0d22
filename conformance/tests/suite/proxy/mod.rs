//! A proxy between the suite and a server that breaks one rule.

mod memory;

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::Response,
};
use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, handshake::derive_accept_key, protocol::Role},
};

pub use self::memory::{Delivery, Memory, Told, room_of};
use crate::packet::Packet;

/// A rule that is broken.
#[derive(Clone, Copy)]
pub enum Break {
    /// Replaces a packet from the server with others, each sent after a delay in milliseconds.
    Packet(fn(Packet) -> Vec<(u64, Packet)>),
    /// Replaces or drops a packet from the client.
    Sent(fn(String) -> Option<String>),
    /// An event that is sent to all connections.
    Leak(&'static str),
    /// An event that is not sent to the connection that caused the one before it.
    NotToSender(&'static str),
    /// Replaces or drops a packet from the client, and replaces one from the server with others, both with knowledge of
    /// the earlier traffic. Over WebSocket alone.
    Log { up: fn(&mut Memory, String) -> Option<String>, down: fn(&mut Memory, u64, Told, Packet) -> Vec<Delivery> },
    /// Changes the answer to a REST request, given what came before and its method and path: its status, headers and body.
    Rest(fn(&mut Memory, &str, &mut StatusCode, &mut HeaderMap, &mut Value)),
}

struct Shared {
    upstream: SocketAddr,
    fault: Break,
    http: reqwest::Client,
    next: AtomicU64,
    connections: Mutex<HashMap<u64, UnboundedSender<Message>>>,
    memory: Mutex<Memory>,
}

/// Serves until the runtime ends.
pub async fn serve(upstream: SocketAddr, fault: Break) -> SocketAddr {
    // The HTTP client needs a TLS provider even without TLS; the first proxy of the process sets it.
    rustls::crypto::ring::default_provider().install_default().ok();
    let http = reqwest::Client::builder().no_proxy().pool_idle_timeout(Duration::from_secs(2)).build().unwrap();
    let shared = Shared {
        upstream,
        fault,
        http,
        next: AtomicU64::new(0),
        connections: Mutex::default(),
        memory: Mutex::default(),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(pass).with_state(Arc::new(shared));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

async fn pass(State(shared): State<Arc<Shared>>, mut request: Request) -> Response {
    let target = request.uri().path_and_query().unwrap().to_string();
    if let Some(key) = request.headers().get(header::SEC_WEBSOCKET_KEY) {
        let accept = derive_accept_key(key.as_bytes());
        let upgrade = hyper::upgrade::on(&mut request);
        let url = format!("ws://{}{target}", shared.upstream);
        let Ok((server, _)) = tokio_tungstenite::connect_async_with_config(url, None, true).await else {
            return Response::builder().status(502).body(Body::empty()).unwrap();
        };
        tokio::spawn(async move {
            let Ok(upgraded) = upgrade.await else { return };
            let client = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
            shared.relay(client, server).await;
        });
        return Response::builder()
            .status(101)
            .header(header::UPGRADE, "websocket")
            .header(header::CONNECTION, "Upgrade")
            .header(header::SEC_WEBSOCKET_ACCEPT, accept)
            .body(Body::empty())
            .unwrap();
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let url = format!("http://{}{target}", shared.upstream);
    let mut upstream = shared.http.request(parts.method.clone(), url).body(body);
    for (name, value) in &parts.headers {
        if name != header::HOST && name != header::CONTENT_LENGTH {
            upstream = upstream.header(name, value);
        }
    }
    let Ok(answer) = upstream.send().await else { return Response::builder().status(502).body(Body::empty()).unwrap() };
    let (mut status, mut headers) = (answer.status(), answer.headers().clone());
    let mut bytes = answer.bytes().await.unwrap_or_default();
    if let Break::Rest(fault) = shared.fault
        && !target.starts_with("/socket.io/")
    {
        let mut json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let before = json.clone();
        let target = format!("{} {target}", parts.method);
        fault(&mut shared.memory.lock().unwrap(), &target, &mut status, &mut headers, &mut json);
        if json != before {
            bytes = Bytes::from(json.to_string());
        }
    }
    if let Break::Packet(fault) = shared.fault
        && target.starts_with("/socket.io/")
        && parts.method == Method::GET
        && let Ok(text) = std::str::from_utf8(&bytes)
    {
        bytes = Bytes::from(polled(text, fault));
    }
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::TRANSFER_ENCODING);
    let mut response = Response::builder().status(status).body(Body::from(bytes)).unwrap();
    *response.headers_mut() = headers;
    response
}

/// The packets of an answer to polling, with a fault. They cannot be delayed past each other.
fn polled(text: &str, fault: fn(Packet) -> Vec<(u64, Packet)>) -> String {
    const SEPARATOR: &str = "\u{1e}";
    const NOOP: &str = "6";
    let sent = text.split(SEPARATOR).flat_map(|packet| fault(Packet::read(packet)));
    let sent: Vec<String> = sent.map(|(_, packet)| packet.write()).collect();
    if sent.is_empty() { NOOP.to_owned() } else { sent.join(SEPARATOR) }
}

impl Shared {
    async fn relay<C, S>(self: Arc<Self>, client: WebSocketStream<C>, server: WebSocketStream<S>)
    where
        C: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (out, mut queue) = unbounded_channel::<Message>();
        self.connections.lock().unwrap().insert(id, out.clone());
        let (mut to_client, mut from_client) = client.split();
        let (mut to_server, mut from_server) = server.split();
        let (up, mut up_queue) = unbounded_channel::<Message>();
        let sends = AtomicU64::new(0);
        let read_client = async {
            while let Some(Ok(message)) = from_client.next().await {
                if let Some(message) = self.pass_up(id, message, &sends) {
                    up.send(message).ok();
                }
            }
        };
        let read_server = async {
            while let Some(Ok(message)) = from_server.next().await {
                self.pass_down(id, message, &sends, &out, &up);
            }
        };
        let write_client = async {
            while let Some(message) = queue.recv().await {
                if to_client.send(message).await.is_err() {
                    break;
                }
            }
        };
        let write_server = async {
            while let Some(message) = up_queue.recv().await {
                if to_server.send(message).await.is_err() {
                    break;
                }
            }
        };
        tokio::select! { () = read_client => {}, () = read_server => {}, () = write_client => {}, () = write_server => {} }
        self.connections.lock().unwrap().remove(&id);
        // Packets that the server sent before it closed the connection still reach the client.
        while let Ok(message) = queue.try_recv() {
            to_client.feed(message).await.ok();
        }
        to_client.flush().await.ok();
    }

    /// A message from a client, as the server gets it.
    fn pass_up(&self, id: u64, message: Message, sends: &AtomicU64) -> Option<Message> {
        let Message::Text(text) = &message else { return Some(message) };
        self.memory.lock().unwrap().sent(id, text);
        match self.fault {
            Break::Sent(fault) => fault(text.to_string()).map(Message::text),
            Break::Log { up, .. } => up(&mut self.memory.lock().unwrap(), text.to_string()).map(Message::text),
            Break::NotToSender(_) if text.contains("[\"send_") => {
                sends.fetch_add(1, Ordering::Relaxed);
                Some(message)
            }
            _ => Some(message),
        }
    }

    /// Passes on a message from the server.
    fn pass_down(
        &self,
        id: u64,
        message: Message,
        sends: &AtomicU64,
        out: &UnboundedSender<Message>,
        up: &UnboundedSender<Message>,
    ) {
        let Message::Text(text) = &message else {
            out.send(message).ok();
            return;
        };
        match (self.fault, Packet::read(text)) {
            (Break::Packet(fault), packet) => {
                fault(packet).into_iter().for_each(|(delay, packet)| send_after(delay, &packet, out));
            }
            (Break::Log { down, .. }, packet) => {
                let mut memory = self.memory.lock().unwrap();
                let told = memory.received(id, &packet);
                for delivery in down(&mut memory, id, told, packet) {
                    match delivery {
                        Delivery::Server(text) => drop(up.send(Message::text(text))),
                        Delivery::Client(to, packet) => {
                            if let Some(out) = self.connections.lock().unwrap().get(&to) {
                                out.send(Message::text(packet.write())).ok();
                            }
                        }
                    }
                }
            }
            (Break::Leak(event), Packet::Event { name, .. }) if name == event => {
                self.connections.lock().unwrap().values().for_each(|all| {
                    all.send(message.clone()).ok();
                });
            }
            (Break::NotToSender(event), Packet::Event { name, .. })
                if name == event && sends.load(Ordering::Relaxed) > 0 =>
            {
                sends.fetch_sub(1, Ordering::Relaxed);
            }
            _ => {
                out.send(message).ok();
            }
        }
    }
}

/// Sends a packet to the client after `delay` milliseconds.
fn send_after(delay: u64, packet: &Packet, out: &UnboundedSender<Message>) {
    let message = Message::text(packet.write());
    if delay == 0 {
        out.send(message).ok();
        return;
    }
    let out = out.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(delay)).await;
        out.send(message).ok();
    });
}
