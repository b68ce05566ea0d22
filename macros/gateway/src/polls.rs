//! The polls of sessions, and how a session that polls ends.
//!
//! The library forgets a session as soon as it closes it: waiting messages are lost, and the client's next poll gets an
//! error, which looks like a fault of the transport. Here, a client that has joined first receives its waiting
//! messages, and then Engine.IO's close packet.

use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
    time::{Duration, Instant},
};

use axum::response::Response;
use http::header::CONTENT_LENGTH;

/// The time for a client to fetch the end of its session.
const KEPT: Duration = Duration::from_secs(60);

/// The sessions that poll and have joined, those whose polls wait to be answered, and those that have ended.
#[derive(Default)]
pub(super) struct Polls(Mutex<HashMap<Box<str>, Session>>);

#[derive(Default)]
struct Session {
    joined: bool,
    /// Wakes the task of the poll that waits.
    waiting: Option<Waker>,
    ended: Option<(End, Instant)>,
}

/// The end of a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// Once its client has received its waiting messages.
    Drained,
    /// At once.
    Now,
}

impl Polls {
    /// Notes that a session has joined.
    pub(super) fn join(&self, session: &str) {
        self.sessions().entry(session.into()).or_default().joined = true;
    }

    /// Notes that a session has left without having ended.
    pub(super) fn leave(&self, session: &str) {
        if let Some(session) = self.sessions().get_mut(session) {
            session.joined = false;
        }
        self.forget(session);
    }

    /// Ends a session.
    pub(super) fn end(&self, session: &str, end: End) {
        let mut sessions = self.sessions();
        let session = sessions.entry(session.into()).or_default();
        if !matches!(session.ended, Some((End::Now, _))) {
            session.ended = Some((end, Instant::now()));
        }
        if let Some(waiting) = session.waiting.take() {
            waiting.wake();
        }
    }

    /// Whether a session has been ended, and how.
    pub(super) fn ended(&self, session: &str) -> Option<End> {
        self.sessions().get(session)?.ended.map(|(end, _)| end)
    }

    /// Whether a session receives the close packet at its end.
    pub(super) fn is_known(&self, session: &str) -> bool {
        self.sessions().get(session).is_some_and(|session| session.joined || session.ended.is_some())
    }

    /// The library's answer to a poll; `None` where the session ends instead.
    pub(super) async fn answer(&self, session: &str, answer: impl Future<Output = Response>) -> Option<Response> {
        let mut answer = pin!(answer);
        let _waiting = Waiting { polls: self, session };
        let is_cut = || self.ended(session) == Some(End::Now);
        let answered = poll_fn(|cx| {
            if is_cut() {
                return Poll::Ready(None);
            }
            match answer.as_mut().poll(cx) {
                // The session may have been cut while the library was asked, and must not get what the library has sent since.
                Poll::Ready(answer) => Poll::Ready((!is_cut()).then_some(answer)),
                Poll::Pending if self.wait(session, cx.waker()) => Poll::Pending,
                Poll::Pending => Poll::Ready(None),
            }
        });
        answered.await.filter(|answer| match answer.status().is_success() {
            // The library has no answer for a poll whose session it closes in the meantime.
            true => answer.headers().get(CONTENT_LENGTH).is_none_or(|length| length != "0"),
            false => !self.is_known(session),
        })
    }

    /// Lets a poll wait; returns false if its session has ended.
    fn wait(&self, session: &str, waker: &Waker) -> bool {
        let mut sessions = self.sessions();
        let session = sessions.entry(session.into()).or_default();
        session.waiting = session.ended.is_none().then(|| waker.clone());
        session.ended.is_none()
    }

    /// Forgets a session without any state.
    fn forget(&self, session: &str) {
        let mut sessions = self.sessions();
        let is_idle = |session: &Session| !session.joined && session.waiting.is_none() && session.ended.is_none();
        if sessions.get(session).is_some_and(is_idle) {
            sessions.remove(session);
        }
    }

    /// Forgets the sessions that have ended a while ago.
    pub(super) fn forget_ended(&self) {
        let mut sessions = self.sessions();
        sessions.retain(|_, session| session.ended.is_none_or(|(_, since)| since.elapsed() < KEPT));
        sessions.shrink_to_fit();
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<Box<str>, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A poll that may wait to be answered.
struct Waiting<'p> {
    polls: &'p Polls,
    session: &'p str,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(session) = self.polls.sessions().get_mut(self.session) {
            session.waiting = None;
        }
        self.polls.forget(self.session);
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use axum::{body::Body, response::IntoResponse};
    use http::StatusCode;

    use super::*;

    async fn status(answer: impl Future<Output = Option<Response>>) -> Option<u16> {
        answer.await.map(|answer| answer.status().as_u16())
    }

    #[tokio::test]
    async fn a_session_that_ends_first_gets_its_waiting_messages() {
        let polls = Polls::default();
        polls.end("session", End::Drained);
        assert_eq!(status(polls.answer("session", ready("42[1]".into_response()))).await, Some(200));
        assert_eq!(status(polls.answer("session", pending())).await, None);
        assert_eq!(status(polls.answer("session", ready(StatusCode::BAD_REQUEST.into_response()))).await, None);
        assert_eq!(status(polls.answer("other", ready(StatusCode::BAD_REQUEST.into_response()))).await, Some(400));
    }

    #[tokio::test]
    async fn a_session_that_ends_at_once_gets_only_its_end() {
        let polls = Polls::default();
        polls.end("session", End::Now);
        assert_eq!(status(polls.answer("session", ready("42[1]".into_response()))).await, None);
        let sent_after_the_end = async {
            polls.end("cut meanwhile", End::Now);
            "44{}".into_response()
        };
        assert_eq!(status(polls.answer("cut meanwhile", sent_after_the_end)).await, None);
    }

    #[tokio::test]
    async fn a_poll_that_waits_hears_of_the_end() {
        let polls = Polls::default();
        let (answer, ()) = tokio::join!(status(polls.answer("session", pending())), async {
            polls.end("session", End::Drained);
        });
        assert_eq!(answer, None);
        let closed = Response::builder().header(CONTENT_LENGTH, 0).body(Body::empty()).unwrap();
        assert_eq!(status(polls.answer("closed by the library", ready(closed))).await, None);
    }

    #[tokio::test]
    async fn a_session_that_has_joined_gets_its_end_before_the_library_closes_it() {
        let polls = Polls::default();
        polls.join("session");
        assert_eq!(status(polls.answer("session", ready(StatusCode::BAD_REQUEST.into_response()))).await, None);
        polls.leave("session");
        assert_eq!(status(polls.answer("session", ready(StatusCode::BAD_REQUEST.into_response()))).await, Some(400));
    }

    #[tokio::test]
    async fn nothing_is_kept_of_a_session_that_has_neither_joined_nor_ended() {
        let polls = Polls::default();
        assert!(tokio::time::timeout(Duration::ZERO, polls.answer("session", pending())).await.is_err());
        polls.join("other");
        polls.leave("other");
        assert!(polls.sessions().is_empty());
    }
}
