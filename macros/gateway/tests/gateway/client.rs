//! A Socket.IO client under the test's full control, and a server for it.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, LazyLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use accord_gateway::{Config, Gateway, Hub, Traffic};
use accord_runtime::auth::{Keys, Verifier};
use futures_util::{SinkExt, StreamExt};
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};
use tracing::{Dispatch, subscriber::NoSubscriber};

use crate::desk::Desk;

pub const SECRET: &[u8] = b"a secret of the tests that is long enough";

/// A timeout that nothing here reaches.
const PATIENCE: Duration = Duration::from_secs(20);

/// Two log subscribers, which ignore everything. While there is one at most, tracing decides whether anybody wants an
/// entry by the listener of the thread that first comes to it: a thread without one would silence the entry for a test
/// on another thread that reads the log.
static LISTENERS: LazyLock<[Dispatch; 2]> = LazyLock::new(|| [(); 2].map(|()| Dispatch::new(NoSubscriber::new())));

/// Waits for something that is to happen within a time in which this thread runs, as the server of a test with one thread
/// does: a machine that stands still is no delay of the server's.
pub async fn within<T>(time: Duration, event: impl Future<Output = T>) -> T {
    const TICK: Duration = Duration::from_millis(50);
    let late = async {
        for _ in 0..time.as_millis().div_ceil(TICK.as_millis()) {
            tokio::time::sleep(TICK).await;
        }
    };
    tokio::select! {
        biased;
        value = event => value,
        () = late => panic!("it has not happened within {time:?}"),
    }
}

/// A running server.
pub struct Server {
    pub address: SocketAddr,
    pub desk: Desk,
    pub stop: Option<oneshot::Sender<()>>,
    pub serving: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub async fn start(config: Config) -> Self {
        let members = [("lobby", &["alice", "bob", "carol"][..]), ("attic", &["alice"]), ("cellar", &["bob"])];
        Server::with(Desk::new(&members), config).await
    }

    pub async fn with(desk: Desk, config: Config) -> Self {
        let left = Arc::clone(&desk.left);
        let watched = move |gateway: Gateway| {
            gateway.watched_by(move |traffic| {
                if matches!(traffic, Traffic::Disconnected { .. }) {
                    left.notify_waiters();
                }
            })
        };
        Server::prepared(desk, config, watched).await
    }

    /// A server whose gateway is changed before it starts.
    pub async fn prepared(desk: Desk, config: Config, prepare: impl FnOnce(Gateway) -> Gateway) -> Self {
        LazyLock::force(&LISTENERS);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let verifier = Verifier::new(Keys::secret(SECRET));
        let gateway = prepare(Gateway::new(desk.service(), desk.clone(), verifier, desk.hub.clone(), config));
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(gateway.serve(listener, async move {
            stopped.await.ok();
        }));
        Server { address, desk, stop: Some(stop), serving }
    }

    pub fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// A socket that has been greeted.
    pub async fn join(&self, user: &str) -> Client {
        let mut client = self.connect(json!({ "token": token(user) })).await;
        let (event, welcome) = client.event().await;
        assert_eq!((event.as_str(), &welcome["id"]), ("welcome", &json!(user)));
        client
    }

    /// A socket that has been greeted and whose token expires in this many seconds, and its expiry. If the machine
    /// stands still for that long, it tries another token.
    pub async fn join_for(&self, user: &str, seconds: f64) -> (Client, f64) {
        loop {
            let (token, expires) = token_for(user, seconds);
            let mut client = Client::open(self.address, "").await;
            client.send(&format!("40{}", json!({ "token": token }))).await;
            if client.frame().await.unwrap().starts_with("40{") {
                assert_eq!(client.event().await.0, "welcome");
                return (client, expires);
            }
            assert!(now() >= expires, "the handshake succeeds");
        }
    }

    /// A socket whose handshake has succeeded.
    pub async fn connect(&self, auth: Value) -> Client {
        let mut client = Client::open(self.address, "").await;
        client.send(&format!("40{auth}")).await;
        assert!(client.frame().await.unwrap().starts_with("40{"), "the handshake succeeds");
        client
    }

    /// The error of a refused handshake.
    pub async fn refusal(&self, query: &str, auth: &str) -> Value {
        let mut client = Client::open(self.address, query).await;
        client.send(&format!("40{auth}")).await;
        let frame = client.frame().await.unwrap();
        serde_json::from_str(frame.strip_prefix("44").expect("the handshake is refused")).unwrap()
    }

    /// Checks that the server closes the connection of a handshake without an answer, after which clients reconnect
    /// automatically.
    pub async fn is_hung_up_on(&self, user: &str) {
        let mut client = Client::open(self.address, "").await;
        client.send(&format!("40{}", json!({ "token": token(user) }))).await;
        assert_eq!(client.frame().await, None, "nothing is said to {user}");
    }

    /// Waits until nobody is connected.
    pub async fn is_left(&self) {
        self.is_down_to_none(|hub| hub.connections()).await;
    }

    /// Waits until no socket of a user is connected.
    pub async fn is_left_by(&self, user: &str) {
        self.is_down_to_none(|hub| hub.connections_of(user)).await;
    }

    async fn is_down_to_none(&self, count: impl Fn(&Hub) -> usize) {
        let left = async {
            loop {
                let left = self.desk.left.notified();
                if count(&self.desk.hub) == 0 {
                    return;
                }
                left.await;
            }
        };
        tokio::time::timeout(PATIENCE, left).await.expect("they leave");
    }

    /// A REST request, and the whole of its answer: status, headers and body as they came.
    pub async fn request(&self, head: &str, body: &[u8]) -> Answer {
        request(self.address, head, body).await
    }

    /// A REST request of a user's.
    pub async fn rest(&self, user: &str, line: &str, body: Option<&Value>) -> Answer {
        let head =
            format!("{line} HTTP/1.1\r\nAuthorization: Bearer {}\r\nContent-Type: application/json", token(user));
        let body = body.map(Value::to_string).unwrap_or_default();
        self.request(&head, body.as_bytes()).await
    }
}

/// A REST request to whatever listens at an address.
pub async fn request(address: SocketAddr, head: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{head}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
}

/// An answer to a REST request.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("JSON is answered, not {:?}", self.body))
    }
}

pub fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

pub fn signed(claims: &Value) -> String {
    jsonwebtoken::encode(&Header::default(), claims, &EncodingKey::from_secret(SECRET)).unwrap()
}

/// A token that is valid for an hour. The user `root` is an administrator.
pub fn token(user: &str) -> String {
    signed(&json!({ "sub": user, "exp": now() as u64 + 3600, "admin": user == "root" }))
}

/// A token that expires in so many seconds, and when.
pub fn token_for(user: &str, seconds: f64) -> (String, f64) {
    let expires = now() + seconds;
    (signed(&json!({ "sub": user, "exp": expires })), expires)
}

/// One WebSocket connection.
pub struct Client {
    stream: WebSocketStream<TcpStream>,
    last_ack: u64,
    waiting: VecDeque<String>,
}

impl Client {
    /// A connection without traffic so far.
    pub async fn open(address: SocketAddr, query: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Client::over(stream, address, query).await
    }

    pub async fn over(stream: TcpStream, address: SocketAddr, query: &str) -> Self {
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket{query}");
        let (stream, _) = client_async(url, stream).await.unwrap();
        let mut client = Client { stream, last_ack: 0, waiting: VecDeque::new() };
        assert!(client.frame().await.unwrap().starts_with("0{"), "the server opens the session");
        client
    }

    /// The connection that takes over a session that has been polling.
    pub async fn upgrade(address: SocketAddr, sid: &str) -> Self {
        let mut client = Client::probe(address, sid).await;
        client.send("5").await;
        client
    }

    /// The connection of an upgrade; its session continues to poll until `5` is sent.
    pub async fn probe(address: SocketAddr, sid: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket&sid={sid}");
        let (stream, _) = client_async(url, stream).await.unwrap();
        let mut client = Client { stream, last_ack: 0, waiting: VecDeque::new() };
        client.send("2probe").await;
        assert_eq!(client.frame().await.as_deref(), Some("3probe"));
        client
    }

    pub async fn send(&mut self, frame: &str) {
        self.stream.send(Message::text(frame)).await.unwrap();
    }

    pub async fn feed(&mut self, frame: &str) {
        self.stream.feed(Message::text(frame)).await.unwrap();
    }

    pub async fn send_binary(&mut self, bytes: &'static [u8]) {
        self.stream.send(Message::binary(bytes)).await.unwrap();
    }

    /// Whether everything that was received has been read, including the end of the connection.
    pub async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(Duration::ZERO, self.stream.next()).await.is_err()
    }

    /// The next frame that is no heartbeat; `None` once the connection is closed.
    pub async fn frame(&mut self) -> Option<String> {
        if let Some(frame) = self.waiting.pop_front() {
            return Some(frame);
        }
        tokio::time::timeout(PATIENCE, self.read()).await.expect("the server sends something")
    }

    async fn read(&mut self) -> Option<String> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(frame))) if frame.as_str() == "2" => {
                    self.stream.send(Message::text("3")).await.ok();
                }
                Some(Ok(Message::Text(frame))) => return Some(frame.as_str().to_owned()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Whether the connection is closed, whatever is sent on it before.
    pub async fn is_closed(&mut self) -> bool {
        self.waiting.clear();
        let closed = async { while self.read().await.is_some() {} };
        tokio::time::timeout(PATIENCE, closed).await.is_ok()
    }

    pub async fn emit(&mut self, event: &str, payload: &Value) {
        self.send(&format!("42{}", json!([event, payload]))).await;
    }

    /// The next event.
    pub async fn event(&mut self) -> (String, Value) {
        let frame = self.frame().await.expect("the connection is open");
        let packet = frame.strip_prefix("42").unwrap_or_else(|| panic!("an event is sent, not {frame}"));
        serde_json::from_str(packet).unwrap()
    }

    /// Emits an event and waits for its acknowledgement; earlier packets are kept.
    pub async fn call(&mut self, event: &str, payload: &Value) -> Value {
        self.call_raw(&json!([event, payload]).to_string()).await
    }

    pub async fn call_raw(&mut self, packet: &str) -> Value {
        self.last_ack += 1;
        let id = self.last_ack;
        self.send(&format!("42{id}{packet}")).await;
        self.acknowledged(id).await
    }

    pub async fn acknowledged(&mut self, id: u64) -> Value {
        let prefix = format!("43{id}[");
        if let Some(index) = self.waiting.iter().position(|frame| frame.starts_with(&prefix)) {
            let frame = self.waiting.remove(index).unwrap();
            return answer(&frame, &prefix);
        }
        loop {
            let read = tokio::time::timeout(PATIENCE, self.read()).await.expect("the event is acknowledged");
            let frame = read.expect("the connection is open");
            if frame.starts_with(&prefix) {
                return answer(&frame, &prefix);
            }
            self.waiting.push_back(frame);
        }
    }
}

fn answer(frame: &str, prefix: &str) -> Value {
    let answers: Value = serde_json::from_str(&frame[prefix.len() - 1..]).unwrap();
    answers[0].clone()
}
