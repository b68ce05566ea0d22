//! Packets over WebSocket.

use futures_util::{SinkExt, StreamExt};
use tokio::{net::TcpStream, sync::mpsc::UnboundedReceiver};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, tungstenite};
use tungstenite::Message;

use super::{
    Endpoint, causes,
    engine::{Frame, Handshake},
    receiver::{Command, Receiver},
};

pub(super) type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// This transport's name in the record.
pub(super) const CARRIER: &str = "websocket";

/// Opens the connection.
pub(super) async fn open(endpoint: &Endpoint, mut url: reqwest::Url) -> Result<Stream, String> {
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    url.set_scheme(scheme).expect("http can be made ws");
    let tls = Connector::Rustls(endpoint.tls.clone());
    match tokio_tungstenite::connect_async_tls_with_config(url.as_str(), None, true, Some(tls)).await {
        Ok((stream, _)) => Ok(stream),
        Err(tungstenite::Error::Http(answer)) => {
            let body = answer.body().as_deref().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
            Err(format!("the WebSocket was refused with status {}: {body}", answer.status()))
        }
        Err(error) => Err(format!("the WebSocket cannot be opened: {}", causes(&error))),
    }
}

/// Waits for the next packet, and takes it for the opening one.
pub(super) async fn handshake(stream: &mut Stream, receiver: &Receiver) -> Result<Handshake, String> {
    match next_text(stream).await {
        Ok(text) => {
            receiver.speaker.received(CARRIER, &text);
            Handshake::read(&text)
        }
        Err(error) => Err(error),
    }
}

/// Waits for the next text packet.
pub(super) async fn next_text(stream: &mut Stream) -> Result<String, String> {
    loop {
        match stream.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(other)) => return Err(format!("expected a text packet, got {other:?}")),
            Some(Err(error)) => return Err(format!("the WebSocket broke off: {error}")),
            None => return Err("the WebSocket was closed".to_owned()),
        }
    }
}

/// Sends a text packet.
pub(super) async fn send_text(stream: &mut Stream, text: &str) -> Result<(), String> {
    stream.send(Message::text(text)).await.map_err(|error| format!("the WebSocket broke off: {error}"))
}

/// Carries packets both ways until either side ends it.
pub(super) async fn drive(mut stream: Stream, mut commands: UnboundedReceiver<Command>, receiver: Receiver) {
    loop {
        tokio::select! {
            message = stream.next() => {
                let frame = match message {
                    Some(Ok(Message::Text(text))) => Frame::Text(text.as_str().to_owned()),
                    Some(Ok(Message::Binary(bytes))) => Frame::Binary(bytes.to_vec()),
                    Some(Ok(Message::Close(frame))) => {
                        let why = frame.map(|frame| format!(": {} {}", frame.code, frame.reason)).unwrap_or_default();
                        return receiver.inbox.close(format!("the server closed the WebSocket{why}"));
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                    Some(Err(error)) => return receiver.inbox.close(format!("the WebSocket broke off: {error}")),
                    None => return receiver.inbox.close("the server closed the connection"),
                };
                receiver.receive(CARRIER, frame);
            }
            command = commands.recv() => {
                let mut next = command;
                loop {
                    match next {
                        Some(Command::Send(frame)) => {
                            let message = match frame {
                                Frame::Text(text) => Message::text(text),
                                Frame::Binary(bytes) => Message::binary(bytes),
                            };
                            if let Err(error) = stream.feed(message).await {
                                return receiver.inbox.close(format!("the WebSocket broke off: {error}"));
                            }
                        }
                        Some(Command::Close) => {
                            // The server may have closed it already, which is as good.
                            stream.close(None).await.ok();
                            return receiver.inbox.close("closed by this side");
                        }
                        Some(Command::Cut) | None => return receiver.inbox.close("cut off by this side"),
                    }
                    match commands.try_recv() {
                        Ok(more) => next = Some(more),
                        Err(_) => break,
                    }
                }
                if let Err(error) = stream.flush().await {
                    return receiver.inbox.close(format!("the WebSocket broke off: {error}"));
                }
            }
        }
    }
}
