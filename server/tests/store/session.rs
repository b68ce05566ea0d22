use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use accord_server::store::NewMessage;

use crate::fixture::{Changes, channel, member, on_both};

/// Polls a call until it has been woken that often, and then drops it. `None` if it did not end before.
async fn cancelled_after<T>(wakes: usize, call: impl Future<Output = T>) -> Option<T> {
    let mut call = pin!(call);
    let mut polls = 0;
    std::future::poll_fn(|context: &mut Context<'_>| match call.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if polls == wakes => Poll::Ready(None),
        Poll::Pending => {
            polls += 1;
            Poll::Pending
        }
    })
    .await
}

on_both! {
    async fn a_call_that_is_cancelled_at_any_point_disturbs_none_that_follow(fixture) {
        let alice = member("alice", channel("general"));
        let other_node = fixture.node().await;
        let mut answered = Vec::new();
        for wakes in 0.. {
            let cancelled = NewMessage { content: "cancelled", ..NewMessage::default() };
            let ended = cancelled_after(wakes, fixture.store.insert(&alice, cancelled)).await.is_some();
            answered.push(fixture.send(&alice, "answered").await);
            // On disk, and not in a transaction that the cancelled call left open.
            let newest = other_node.history_page(&alice, 1, 1).await.unwrap().messages;
            assert_eq!(newest, answered[answered.len() - 1..]);
            if ended {
                break;
            }
        }
        let mut history = fixture.history(&alice).await;
        history.reverse();
        let positions: Vec<i64> = history.iter().map(|message| message.position).collect();
        assert_eq!(positions, (1..=i64::try_from(history.len()).unwrap()).collect::<Vec<_>>());
        history.retain(|message| message.content == "answered");
        assert_eq!(history, answered);
    }
}

mod a_cancelled_call_ends_before_its_database_is_closed {
    use std::path::Path;

    use super::*;
    use crate::fixture::Fixture;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn on_sqlite() {
        for wakes in 0.. {
            let fixture = Fixture::sqlite().await;
            let ended = cancelled_after(wakes, fixture.store.ready()).await.is_some();
            fixture.store.close().await;
            let log = format!("{}-wal", fixture.url.trim_start_matches("sqlite://"));
            assert!(!Path::new(&log).exists(), "cancelled after {wakes} wakes");
            if ended {
                return;
            }
        }
    }
}

mod connections_that_the_database_ends_are_replaced {
    use sqlx::{AnyConnection, Connection};

    use super::*;
    use crate::fixture::Fixture;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn on_postgres() {
        let fixture = Fixture::postgres().await;
        let alice = member("alice", channel("general"));
        let mut administrator = AnyConnection::connect(&fixture.url).await.unwrap();
        let end = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        for round in 1..=10 {
            let held = fixture.store.insert(&alice, NewMessage::default());
            let mut held = pin!(held);
            let begun = held.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            sqlx::query(end).execute(&mut administrator).await.unwrap();
            if begun.is_pending() {
                let _ = held.await;
            }
            fixture.send(&alice, &format!("{round}")).await;
        }
        administrator.close().await.unwrap();
    }
}
