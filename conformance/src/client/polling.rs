//! Packets over HTTP long-polling.

use std::sync::Arc;

use tokio::{sync::mpsc::UnboundedReceiver, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    Endpoint, causes,
    engine::{Frame, Handshake, decode_payload, encode_payload},
    receiver::{Command, Receiver},
};

/// This transport's name in the record.
pub(super) const CARRIER: &str = "polling";

/// An Engine.IO session over polling.
#[derive(Clone, Debug)]
pub(super) struct Session {
    http: reqwest::Client,
    url: Arc<reqwest::Url>,
}

/// The two tasks of a session.
pub(super) struct Tasks {
    /// Stops both, the reader after the answer that it waits for.
    stop: CancellationToken,
    reader: JoinHandle<()>,
    writer: JoinHandle<UnboundedReceiver<Command>>,
}

impl Session {
    /// Opens a session.
    pub async fn open(
        endpoint: &Endpoint,
        query: &[(String, String)],
        receiver: &Receiver,
    ) -> Result<(Self, Handshake), String> {
        let url = endpoint.engine("polling", None, query);
        let opening = Session { http: endpoint.http.clone(), url: Arc::new(url) };
        let body = opening.get().await?;
        receiver.speaker.received(CARRIER, &body);
        let handshake = Handshake::read(&body)?;
        let url = endpoint.engine("polling", Some(&handshake.sid), query);
        Ok((Session { http: opening.http, url: Arc::new(url) }, handshake))
    }

    async fn get(&self) -> Result<String, String> {
        let answer = self.http.get(self.url.as_ref().clone()).send().await;
        read(answer.map_err(|error| format!("polling broke off: {}", causes(&error)))?).await
    }

    async fn post(&self, frames: &[Frame]) -> Result<(), String> {
        let request = self.http.post(self.url.as_ref().clone()).header("content-type", "text/plain;charset=UTF-8");
        let answer = request.body(encode_payload(frames)).send().await;
        let body = read(answer.map_err(|error| format!("polling broke off: {}", causes(&error)))?).await?;
        if body == "ok" { Ok(()) } else { Err(format!("expected `ok` as the answer to a POST, got `{body}`")) }
    }

    /// Begins to carry packets both ways.
    pub fn start(&self, commands: UnboundedReceiver<Command>, receiver: &Receiver) -> Tasks {
        let stop = CancellationToken::new();
        let reader = tokio::spawn(self.clone().read_on(receiver.clone(), stop.clone()));
        let writer = tokio::spawn(self.clone().write_on(commands, receiver.clone(), stop.clone()));
        Tasks { stop, reader, writer }
    }

    async fn read_on(self, receiver: Receiver, stop: CancellationToken) {
        while !stop.is_cancelled() && receiver.inbox.state().closed.is_none() {
            match self.get().await.and_then(|body| decode_payload(&body)) {
                Ok(frames) => frames.into_iter().for_each(|frame| receiver.receive(CARRIER, frame)),
                Err(why) => return receiver.inbox.close(why),
            }
        }
    }

    async fn write_on(
        self,
        mut commands: UnboundedReceiver<Command>,
        receiver: Receiver,
        stop: CancellationToken,
    ) -> UnboundedReceiver<Command> {
        loop {
            let first = tokio::select! {
                biased;
                command = commands.recv() => command,
                () = stop.cancelled() => return commands,
            };
            let mut frames = Vec::new();
            let mut end = None;
            let mut next = first;
            loop {
                match next {
                    Some(Command::Send(frame)) => frames.push(frame),
                    other => {
                        end = Some(other);
                        break;
                    }
                }
                match commands.try_recv() {
                    Ok(more) => next = Some(more),
                    Err(_) => break,
                }
            }
            if matches!(end, Some(Some(Command::Close))) {
                frames.push(Frame::Text("1".to_owned()));
            }
            if !frames.is_empty()
                && let Err(why) = self.post(&frames).await
            {
                receiver.inbox.close(why);
            }
            match end {
                None => {}
                Some(Some(Command::Close)) => {
                    receiver.inbox.close("closed by this side");
                    return commands;
                }
                Some(_) => {
                    receiver.inbox.close("cut off by this side");
                    return commands;
                }
            }
        }
    }
}

impl Tasks {
    /// Ends both tasks without losing a packet: the reader gets its answer first.
    pub async fn pause(self) -> Result<UnboundedReceiver<Command>, String> {
        self.stop.cancel();
        let commands = self.writer.await.map_err(|error| format!("the writer of polling failed: {error}"))?;
        self.reader.await.map_err(|error| format!("the reader of polling failed: {error}"))?;
        Ok(commands)
    }

    /// Ends the reader at once.
    pub fn abandon(&self) {
        self.reader.abort();
    }
}

async fn read(answer: reqwest::Response) -> Result<String, String> {
    let status = answer.status();
    let body = answer.text().await.map_err(|error| format!("polling broke off: {}", causes(&error)))?;
    if status.is_success() { Ok(body) } else { Err(format!("polling was answered with status {status}: {body}")) }
}
