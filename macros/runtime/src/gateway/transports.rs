//! What carries the sessions: how a connection takes one over from polling, and how it is cut.

use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, Weak},
    task::Poll,
};

use axum::body::Body;
use socketioxide::socket::Socket;
use tower::Service as _;

use super::{
    edge::{Arrival, Endpoint},
    line::Line,
};

/// How sessions are upgraded, and how their connections are cut, whatever carries them.
#[derive(Default)]
pub(super) struct Transports {
    /// The connections that have taken over from polling, or are about to, by session.
    upgraded: Mutex<HashMap<Box<str>, Weak<Line>>>,
    /// Read while a poll is handed to the library, written when an upgrade begins: neither comes between the other's
    /// steps.
    beginning: RwLock<()>,
    pub(super) endpoint: OnceLock<Endpoint>,
}

impl Transports {
    /// Notes that a connection is about to take over a session that began with polling. Where another has done so
    /// already, that one stays: the library refuses the second.
    pub(super) fn begin_upgrade(&self, session: &str, line: &Arc<Line>) {
        let _begins = self.beginning.write().unwrap_or_else(PoisonError::into_inner);
        let mut upgraded = self.upgraded();
        if upgraded.get(session).is_none_or(|other| other.strong_count() == 0) {
            upgraded.insert(session.into(), Arc::downgrade(line));
        }
    }

    /// Notes that it has been refused.
    pub(super) fn refuse_upgrade(&self, session: &str, line: &Arc<Line>) {
        let mut upgraded = self.upgraded();
        if upgraded.get(session).is_some_and(|other| std::ptr::eq(other.as_ptr(), Arc::as_ptr(line))) {
            upgraded.remove(session);
        }
    }

    /// Has the library answer a poll, which it begins to do at its first step; `None` where the session is about to be
    /// upgraded and the library does not know it yet.
    ///
    /// It would take such a poll for the second of two at once, and close the session, if it came between two steps of the
    /// upgrade: it asks whether a session is upgrading first, and then whether another poll has its lock, which the
    /// upgrade takes as well. Clients go on polling until the upgrade's probe is answered.
    pub(super) async fn poll<F: Future>(&self, session: &str, answer: F) -> Option<F::Output> {
        let mut answer = pin!(answer);
        let first = poll_fn(|cx| {
            let _none_begins = self.beginning.read().unwrap_or_else(PoisonError::into_inner);
            Poll::Ready((!self.is_about_to_upgrade(session)).then(|| answer.as_mut().poll(cx)))
        });
        match first.await? {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => Some(answer.await),
        }
    }

    fn is_about_to_upgrade(&self, session: &str) -> bool {
        // The library reads from the connection once it has the session's lock.
        self.upgraded().get(session).and_then(Weak::upgrade).is_some_and(|line| !line.is_heard())
    }

    /// Forgets the connections that have ended.
    pub(super) fn forget_ended(&self) {
        let mut upgraded = self.upgraded();
        upgraded.retain(|_, line| line.strong_count() > 0);
        upgraded.shrink_to_fit();
    }

    /// The WebSocket of a session.
    pub(super) fn line(&self, socket: &Socket) -> Option<Arc<Line>> {
        if let Some(line) = self.upgraded().get(socket.id.as_str()) {
            return line.upgrade();
        }
        socket.req_parts().extensions.get::<Arrival>().and_then(|arrival| arrival.web_socket.clone())
    }

    /// Ends a session that polls, as its client would.
    pub(super) fn close_polling(&self, session: &str) {
        let Some(mut endpoint) = self.endpoint.get().cloned() else { return };
        let request = http::Request::post(format!("/socket.io/?EIO=4&transport=polling&sid={session}"));
        let request = request.body(Body::from("1")).expect("a session id is made of URI characters");
        tokio::spawn(async move { endpoint.call(request).await });
    }

    fn upgraded(&self) -> MutexGuard<'_, HashMap<Box<str>, Weak<Line>>> {
        self.upgraded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    #[tokio::test]
    async fn polls_reach_the_library_before_an_upgrade_and_once_it_has_begun_and_not_in_between() {
        let transports = Transports::default();
        let line = Arc::new(Line::default());
        assert_eq!(transports.poll("session", ready(1)).await, Some(1));
        transports.begin_upgrade("session", &line);
        assert_eq!(transports.poll("session", async { panic!("not in between") }).await, None::<()>);
        assert_eq!(transports.poll("other", ready(2)).await, Some(2));
        line.heard();
        assert_eq!(transports.poll("session", ready(3)).await, Some(3));
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
        assert_eq!(transports.poll("session", answer).await, Some(()));
    }

    #[test]
    fn a_second_upgrade_takes_nothing_from_the_first() {
        let transports = Transports::default();
        let [first, second] = [(); 2].map(|()| Arc::new(Line::default()));
        transports.begin_upgrade("session", &first);
        transports.begin_upgrade("session", &second);
        transports.refuse_upgrade("session", &second);
        assert!(transports.is_about_to_upgrade("session"));
        transports.refuse_upgrade("session", &first);
        assert!(!transports.is_about_to_upgrade("session"));
    }
}
