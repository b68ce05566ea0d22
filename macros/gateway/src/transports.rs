//! The transports of sessions: the upgrade of a session from polling to a connection, and the end of a session.

use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, Weak},
    task::Poll,
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::header::CONTENT_TYPE;
use socketioxide::{TransportType, socket::Socket as LibrarySocket};
use tower::Service as _;

use super::{
    arrival::Arrival,
    connection::{Connection, Session},
    library::EngineIo,
    polls::{End, Polls},
};

/// Engine.IO packets (protocol 4) that the gateway sends itself.
const CLOSE: &str = "1";
const NOOP: &str = "6";

/// The upgrades and the ends of sessions, on any transport.
#[derive(Default)]
pub(super) struct Transports {
    polls: Polls,
    /// The sessions that have begun with polling.
    sessions: Mutex<HashMap<Box<str>, Weak<Session>>>,
    /// Locked for reading while the library gets a poll, and for writing when an upgrade begins, so that neither comes
    /// between the other's steps.
    beginning: RwLock<()>,
    pub(super) engine_io: OnceLock<EngineIo>,
}

impl Transports {
    /// Adds a session that begins with polling.
    pub(super) fn begin(&self, id: &str, session: &Arc<Session>) {
        self.sessions().insert(id.into(), Arc::downgrade(session));
    }

    /// A session that has begun with polling and has not ended.
    pub(super) fn session(&self, id: &str) -> Option<Arc<Session>> {
        self.sessions().get(id)?.upgrade()
    }

    /// Notes that a connection is about to take over a session that began with polling; false where the session has ended,
    /// or where another connection has done so already.
    ///
    /// The library would let a connection take over a session that it is about to close, and then serve it no further. So
    /// the connection is noted before the end is looked for, and [`cut`](Self::cut) does it the other way round: one of
    /// the two finds the other.
    pub(super) fn begin_upgrade(&self, id: &str, session: &Session, connection: &Arc<Connection>) -> bool {
        let _begins = self.beginning.write().unwrap_or_else(PoisonError::into_inner);
        let mut web_socket = session.web_socket();
        if web_socket.strong_count() > 0 {
            return false;
        }
        *web_socket = Arc::downgrade(connection);
        drop(web_socket);
        self.polls.ended(id).is_none()
    }

    /// Notes that the upgrade has been refused.
    pub(super) fn refuse_upgrade(&self, session: &Session, connection: &Arc<Connection>) {
        let mut web_socket = session.web_socket();
        if std::ptr::eq(web_socket.as_ptr(), Arc::as_ptr(connection)) {
            *web_socket = Weak::new();
        }
    }

    /// Answers a poll. `session` is the one that the id names, if it has not ended.
    pub(super) async fn answer_poll(
        &self,
        id: &str,
        session: Option<&Session>,
        answer: impl Future<Output = Response>,
    ) -> Response {
        let answer = async {
            match session {
                Some(session) => self.poll(session, answer).await.unwrap_or_else(|| packet(NOOP)),
                None => answer.await,
            }
        };
        match self.polls.answer(id, answer).await {
            Some(response) => response,
            None => {
                self.close_polling(id);
                packet(CLOSE)
            }
        }
    }

    /// Answers a post. A post that ends its session, or comes after the end, is not a fault of the transport: the next
    /// poll gives the reason.
    pub(super) async fn answer_post(&self, id: &str, answer: impl Future<Output = Response>) -> Response {
        let is_known = self.polls.is_known(id);
        if self.polls.ended(id).is_none() {
            let answer = answer.await;
            if answer.status().is_success() || !is_known {
                return answer;
            }
            self.cut_polling(id);
        }
        packet("ok")
    }

    /// Makes the library answer a poll; `None` if the session is about to be upgraded and the library does not know it
    /// yet.
    ///
    /// It would take such a poll for the second of two at once, and close the session, if it came between two steps of the
    /// upgrade: it asks whether a session is upgrading first, and then whether another poll has its lock, which the
    /// upgrade takes as well. Clients go on polling until the upgrade's probe is answered.
    async fn poll<F: Future>(&self, session: &Session, answer: F) -> Option<F::Output> {
        let mut answer = pin!(answer);
        let first = poll_fn(|cx| {
            let _none_begins = self.beginning.read().unwrap_or_else(PoisonError::into_inner);
            Poll::Ready((!is_about_to_upgrade(session)).then(|| answer.as_mut().poll(cx)))
        });
        match first.await? {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => Some(answer.await),
        }
    }

    /// Forgets the sessions that have ended.
    pub(super) fn forget_ended(&self) {
        let mut sessions = self.sessions();
        sessions.retain(|_, session| session.strong_count() > 0);
        sessions.shrink_to_fit();
        self.polls.forget_ended();
    }

    /// Notes that a client joins.
    pub(super) fn join(&self, library: &LibrarySocket) {
        if library.transport_type() == TransportType::Polling {
            self.polls.join(library.id.as_str());
        }
    }

    /// Notes that a session has ended before its client had joined.
    pub(super) fn lose(&self, session: &str) {
        if self.polls.is_known(session) {
            self.polls.end(session, End::Drained);
        }
    }

    /// Notes that a client has left, and whether its session continues.
    pub(super) fn leave(&self, library: &LibrarySocket, goes_on: bool) {
        match library.transport_type() {
            TransportType::Polling if !goes_on => self.polls.end(library.id.as_str(), End::Drained),
            _ => self.polls.leave(library.id.as_str()),
        }
    }

    /// Ends a session once its client has received its waiting messages. The caller cuts a client that does not read.
    pub(super) fn end(&self, library: &LibrarySocket) {
        match library.transport_type() {
            TransportType::Websocket => web_socket(library).iter().for_each(|connection| connection.close()),
            TransportType::Polling => self.polls.end(library.id.as_str(), End::Drained),
        }
    }

    /// Ends a session at once: nothing more reaches its client.
    pub(super) fn cut(&self, library: &LibrarySocket) {
        if library.transport_type() == TransportType::Polling {
            // Answers the waiting poll, and prevents further upgrades.
            self.cut_polling(library.id.as_str());
        }
        web_socket(library).iter().for_each(|connection| connection.cut());
    }

    /// Ends a session that polls at once, and tells its client.
    pub(super) fn cut_polling(&self, id: &str) {
        self.polls.end(id, End::Now);
        self.close_polling(id);
    }

    /// Makes the library end a session that polls, as if its client had.
    fn close_polling(&self, session: &str) {
        let Some(mut engine_io) = self.engine_io.get().cloned() else { return };
        let request = http::Request::post(format!("/socket.io/?EIO=4&transport=polling&sid={session}"));
        let request = request.body(Body::from(CLOSE)).expect("a session id is made of URI characters");
        tokio::spawn(async move { engine_io.call(request).await });
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<Box<str>, Weak<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The WebSocket that carries a session, or is about to.
fn web_socket(library: &LibrarySocket) -> Option<Arc<Connection>> {
    library.req_parts().extensions.get::<Arrival>()?.session.web_socket().upgrade()
}

fn is_about_to_upgrade(session: &Session) -> bool {
    // The library reads from the connection once it has the session's lock.
    session.web_socket().upgrade().is_some_and(|connection| !connection.is_heard())
}

/// One packet, as the answer to a poll or a post.
fn packet(packet: &'static str) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=UTF-8")], packet).into_response()
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    #[tokio::test]
    async fn polls_reach_the_library_before_an_upgrade_and_once_it_has_begun_and_not_in_between() {
        let transports = Transports::default();
        let (session, other, connection) = (Session::new(0), Session::new(0), Arc::new(Connection::default()));
        assert_eq!(transports.poll(&session, ready(1)).await, Some(1));
        assert!(transports.begin_upgrade("session", &session, &connection));
        assert_eq!(transports.poll(&session, async { panic!("not in between") }).await, None::<()>);
        assert_eq!(transports.poll(&other, ready(2)).await, Some(2));
        connection.heard();
        assert_eq!(transports.poll(&session, ready(3)).await, Some(3));
    }

    #[tokio::test]
    async fn no_upgrade_begins_during_the_first_step_of_a_poll_and_any_may_after_it() {
        let transports = Transports::default();
        let mut steps = 0;
        let answer = poll_fn(|cx| {
            steps += 1;
            assert_eq!(transports.beginning.try_write().is_err(), steps == 1);
            cx.waker().wake_by_ref();
            if steps == 2 { Poll::Ready(()) } else { Poll::Pending }
        });
        assert_eq!(transports.poll(&Session::new(0), answer).await, Some(()));
    }

    #[test]
    fn a_second_upgrade_takes_nothing_from_the_first() {
        let (transports, session) = (Transports::default(), Session::new(0));
        let [first, second] = [(); 2].map(|()| Arc::new(Connection::default()));
        assert!(transports.begin_upgrade("session", &session, &first));
        assert!(!transports.begin_upgrade("session", &session, &second));
        transports.refuse_upgrade(&session, &second);
        assert!(is_about_to_upgrade(&session));
        transports.refuse_upgrade(&session, &first);
        assert!(!is_about_to_upgrade(&session));
    }

    #[test]
    fn a_session_that_has_ended_is_not_upgraded() {
        let (transports, session, connection) =
            (Transports::default(), Session::new(0), Arc::new(Connection::default()));
        transports.polls.end("session", End::Now);
        assert!(!transports.begin_upgrade("session", &session, &connection));
    }
}
