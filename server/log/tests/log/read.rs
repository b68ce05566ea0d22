use accord_log::Tables;
use accord_runtime::{Position, log::Page};
use serde_json::json;

use crate::fixture::{VERSION, board, data, desk, entry, on_both};

on_both! {
    async fn a_thousand_entries_are_read_by_four_queries(fixture) {
        let room = board("b");
        fixture.append_some(&board("other"), 300).await;
        fixture.append_some(&room, 1000).await;
        let (entries, queries) = fixture.read_all(&room, 0).await;
        assert_eq!((entries.len(), queries), (1000, 4));
        assert_eq!((entries[999].seq, &*entries[999].event), (1000, "drawn"));
        assert_eq!(entries[999].data.get(), r#"{"n":999,"seq":1000}"#);
        let Page::Entries { entries, reached, head } = fixture.page(&room, 900).await else { panic!("lost") };
        assert_eq!((entries.len(), entries[0].seq, reached, head), (100, 901, 1000, 1000));
        let Page::Entries { entries, reached, head } = fixture.page(&room, 1).await else { panic!("lost") };
        assert_eq!((entries.len(), reached, head), (256, 257, 1000));
    }

    async fn a_page_is_bounded_in_bytes_and_never_empty(fixture) {
        let room = board("b");
        let sizes = [300_000, 300_000, 300_000, 300_000, 2_000_000, 10, 1_048_000, 10, 1_100_000];
        for size in sizes {
            let data = data(&json!({ "text": "x".repeat(size) }));
            fixture.append(&[entry(&room, &data)]).await;
        }
        let (mut pages, mut since) = (Vec::new(), 0);
        while since < sizes.len() as u64 {
            let Page::Entries { entries, reached, .. } = fixture.page(&room, since).await else { panic!("lost") };
            pages.push(entries.len());
            since = reached;
        }
        assert_eq!(pages, [3, 1, 1, 3, 1]);
    }

    async fn a_room_without_entries_is_at_0(fixture) {
        let Position { epoch, seq } = fixture.position(&board("b")).await;
        assert_eq!((epoch.len(), seq), (32, 0));
        assert!(matches!(
            fixture.page(&board("b"), 0).await,
            Page::Entries { entries, reached: 0, head: 0 } if entries.is_empty()
        ));
        assert!(fixture.is_lost(&board("b"), 1).await);
    }

    async fn the_current_position_is_never_lost_and_what_is_ahead_always_is(fixture) {
        let room = board("b");
        fixture.append_some(&room, 3).await;
        assert!(matches!(
            fixture.page(&room, 3).await,
            Page::Entries { entries, reached: 3, head: 3 } if entries.is_empty()
        ));
        for ahead in [4, 1 << 53, u64::MAX] {
            assert!(fixture.is_lost(&room, ahead).await, "{ahead}");
        }
        // The same number of another room.
        assert!(fixture.is_lost(&desk("b"), 3).await);
    }

    async fn a_position_of_another_epoch_is_lost(fixture) {
        let room = board("b");
        fixture.append_some(&room, 3).await;
        let before = fixture.position(&room).await;
        let mut write = fixture.begin().await;
        let epoch = fixture.tables.renew_epoch(&mut *write).await.unwrap();
        write.commit().await.unwrap();
        let after = fixture.position(&room).await;
        assert_eq!((&*after.epoch, after.seq), (epoch.as_str(), 3));
        assert_ne!(before.epoch, after.epoch);
        for seq in [0, 3] {
            let since = Position { seq, ..before.clone() };
            let page = fixture.tables.read(&mut *fixture.reader().await, &room, &since).await.unwrap();
            assert!(matches!(page, Page::Lost), "{seq}");
        }
        assert_eq!(fixture.shown(&room, 2).await.len(), 1);
    }

    async fn what_lies_before_the_oldest_entry_is_lost(fixture) {
        let room = board("b");
        fixture.append_some(&room, 5).await;
        fixture.run_sql("DELETE FROM log_entries WHERE seq <= 3").await;
        assert!(fixture.is_lost(&room, 0).await && fixture.is_lost(&room, 2).await);
        assert_eq!(fixture.shown(&room, 3).await.len(), 2);
        fixture.run_sql("DELETE FROM log_entries").await;
        assert!(fixture.is_lost(&room, 4).await);
        assert_eq!(fixture.shown(&room, 5).await, []);
        assert_eq!(fixture.position(&room).await.seq, 5);
        fixture.append_some(&room, 1).await;
        assert_eq!(fixture.shown(&room, 5).await.len(), 1);
    }

    async fn entries_that_this_version_cannot_show_are_lost(fixture) {
        let room = board("b");
        let data = data(&json!({}));
        let dialect = fixture.pools.dialect;
        for version in ["1.1.0", VERSION, "1.3.0", "1.2.7"] {
            let mut write = fixture.begin().await;
            Tables::new(dialect, version).append(&mut *write, &[entry(&room, &data)]).await.unwrap();
            write.commit().await.unwrap();
        }
        assert!(fixture.is_lost(&room, 0).await && fixture.is_lost(&room, 2).await);
        assert_eq!(fixture.shown(&room, 3).await.len(), 1);
        let at = fixture.at(&room, 0).await;
        for (version, shown) in [("1.3.0", true), ("1.4.2", true), ("2.0.0", false), ("1.0.0", false)] {
            let tables = Tables::new(dialect, version);
            let page = tables.read(&mut *fixture.reader().await, &room, &at).await.unwrap();
            assert_eq!(matches!(page, Page::Entries { .. }), shown, "{version}");
        }
    }
}

#[tokio::test]
async fn every_database_has_an_epoch_of_its_own() {
    let (one, other) = (crate::fixture::Fixture::sqlite().await, crate::fixture::Fixture::sqlite().await);
    assert_ne!(one.position(&board("b")).await.epoch, other.position(&board("b")).await.epoch);
}
