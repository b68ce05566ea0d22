use accord_server::store::Store;
use accord_tests::{pgbouncer::Pooler, postgres};

use crate::fixture::{Changes, channel, member};

#[tokio::test]
async fn a_pooler_that_refuses_connections_is_named_with_the_remedy() {
    let pooler = Pooler::start("");
    let refused = Store::open(&pooler.url(&postgres::database())).await.unwrap_err().to_string();
    assert!(refused.contains("unsupported startup parameter: extra_float_digits"), "{refused}");
    assert!(refused.contains("set `ignore_startup_parameters = extra_float_digits`"), "{refused}");
    assert!(!refused.contains("accord-tests"), "{refused}");
}

#[tokio::test]
async fn a_pooler_is_recognized_by_the_settings_that_it_ignores() {
    let pooler = Pooler::start("ignore_startup_parameters = extra_float_digits, options");
    let url = pooler.url(&postgres::database());
    let alice = member("alice", channel("general"));
    // Statements of the same names, on the same connections of PostgreSQL's.
    for _ in 0..3 {
        let store = Store::open(&url).await.unwrap();
        store.user_put("alice", "Alice", None, None).await.unwrap();
        store.put_room(&channel("general"), None, &["alice".to_owned()]).await.unwrap();
        store.insert(&alice, Default::default()).await.unwrap();
        assert!(!store.history_page(&alice, 1, 9).await.unwrap().messages.is_empty());
        store.close().await;
    }
}
