use std::sync::Arc;

use accord_log::NewEntry;
use accord_runtime::Room;
use serde_json::json;
use tokio::task::JoinSet;

use crate::fixture::{Fixture, board, data, entry, on_both};

/// Appends an entry about something, which embeds something.
async fn append(fixture: &Fixture, room: &Room, about: &str, embeds: Option<&str>) {
    let data = data(&json!({ "embeds": embeds, "id": about }));
    fixture.append(&[NewEntry { about: Some(about), embeds, ..entry(room, &data) }]).await;
}

/// Forgets things, and rewrites what embeds them; returns the events and payloads that did.
async fn forget(fixture: &Fixture, ids: &[&str]) -> Vec<(String, String)> {
    let mut write = fixture.begin().await;
    let mut embedding = fixture.tables.forget(&mut *write, ids).await.unwrap();
    let found = embedding.iter().map(|entry| (entry.embeds.clone(), entry.data.get().to_owned())).collect();
    for entry in &mut embedding {
        entry.data = serde_json::value::to_raw_value(&json!({ "without": entry.embeds })).unwrap();
    }
    fixture.tables.rewrite(&mut *write, &embedding).await.unwrap();
    write.commit().await.unwrap();
    found
}

on_both! {
    async fn what_is_forgotten_is_skipped_and_what_embeds_it_is_rewritten(fixture) {
        let (here, there) = (board("a"), board("b"));
        append(&fixture, &here, "one", None).await;
        append(&fixture, &here, "two", Some("one")).await;
        append(&fixture, &here, "one", None).await;
        append(&fixture, &there, "three", Some("one")).await;
        append(&fixture, &there, "four", Some("two")).await;
        fixture.append(&[entry(&here, &data(&json!({ "deleted": "one" })))]).await;

        assert_eq!(forget(&fixture, &["none"]).await, []);
        let embedding = [r#"{"embeds":"one","id":"two"}"#, r#"{"embeds":"one","id":"three"}"#];
        assert_eq!(forget(&fixture, &["one"]).await, embedding.map(|data| ("one".to_owned(), data.to_owned())));
        let shown = |seq: u64, data: &str| (seq, data.to_owned());
        let here_shown = [shown(2, r#"{"without":"one","seq":2}"#), shown(4, r#"{"deleted":"one","seq":4}"#)];
        assert_eq!(fixture.shown(&here, 0).await, here_shown);
        assert_eq!(fixture.shown(&here, 2).await, here_shown[1..]);
        assert_eq!(fixture.shown(&there, 0).await[0], shown(1, r#"{"without":"one","seq":1}"#));

        // An entry about one of them that embeds another is forgotten. A forgotten entry is not found again.
        assert_eq!(forget(&fixture, &["two", "one"]).await.len(), 2);
        assert_eq!(fixture.shown(&here, 0).await, here_shown[1..]);
        assert_eq!(fixture.shown(&there, 0).await[1], shown(2, r#"{"without":"two","seq":2}"#));
        assert_eq!(fixture.position(&here).await.seq, 4);
    }

    async fn a_log_of_which_all_is_forgotten_is_not_lost(fixture) {
        let room = board("a");
        append(&fixture, &room, "one", None).await;
        append(&fixture, &room, "one", None).await;
        forget(&fixture, &["one"]).await;
        assert_eq!(fixture.shown(&room, 0).await, []);
        let accord_runtime::log::Page::Entries { reached, head, .. } = fixture.page(&room, 0).await else { panic!("lost") };
        assert_eq!((reached, head), (2, 2));
    }

    async fn what_embeds_each_other_is_forgotten_at_the_same_time(fixture) {
        let fixture = Arc::new(fixture);
        let rooms = [board("a"), board("b")];
        let name = |n: usize| format!("m{n}");
        for n in 0..80 {
            append(&fixture, &rooms[n % 2], &name(n), Some(&name((n + 41) % 80))).await;
        }
        let mut tasks = JoinSet::new();
        for task in 0..8 {
            let fixture = fixture.clone();
            tasks.spawn(async move {
                let ids: Vec<String> = (0..10).map(|n| name(n * 8 + task)).collect();
                let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                if task % 2 == 0 {
                    ids.reverse();
                }
                forget(&fixture, &ids).await;
            });
        }
        tasks.join_all().await;
        for room in &rooms {
            assert_eq!(fixture.shown(room, 0).await, []);
        }
    }
}
