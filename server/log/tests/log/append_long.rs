//! Measures the cost of appending. `tests/run --long` prints it.

use std::time::Instant;

use accord_log::NewEntry;
use serde_json::json;

use crate::fixture::{Fixture, board, data};

/// The number of entries that are appended for each figure.
const ENTRIES: usize = 50_000;

/// Appends entries about messages, some of which embed another, in batches over 64 rooms.
async fn run(fixture: Fixture) {
    let rooms: Vec<_> = (0..64).map(|n| board(&format!("01a209ed-83ca-70fe-948b-{n:012}"))).collect();
    let payload = data(&json!({ "id": "01a209ed-83ca-70fe-948b-f86278e4d9ea", "content": "x".repeat(400) }));
    let mut id = 0;
    for size in [1, 8, 64, 256] {
        let batches = (ENTRIES / size).min(2000);
        let begun = Instant::now();
        for _ in 0..batches {
            let ids: Vec<String> = (0..size).map(|n| format!("01a209ed-83ca-70fe-948b-{:012}", id + n)).collect();
            let entries: Vec<_> = ids
                .iter()
                .enumerate()
                .map(|(n, about)| NewEntry {
                    room: &rooms[(id + n) * 7 % 64],
                    event: "drawn",
                    data: &payload,
                    about: Some(about),
                    embeds: (n % 8 == 7).then(|| ids[n - 1].as_str()),
                })
                .collect();
            fixture.append(&entries).await;
            id += size;
        }
        println!(
            "batches of {size}: {:?} an entry",
            begun.elapsed() / u32::try_from(batches * size).expect("a small number")
        );
    }
    let mut total = 0;
    for room in &rooms {
        total += fixture.position(room).await.seq;
    }
    assert_eq!(total, id as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long"]
async fn entries_are_appended_on_sqlite() {
    run(Fixture::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long"]
async fn entries_are_appended_on_postgres() {
    run(Fixture::postgres().await).await;
}
