use std::{fs, path::Path, process};

use accord_runtime::Membership;
use accord_server::store::{MessageInsertError, NewMessage, Store, StoreError};

use crate::fixture::{Changes, Fixture, channel, is_ready, member};

/// An accident to a file of the database: the end of its name, and the function that causes it.
type Loss = (&'static str, fn(&Path));

const LOSSES: [Loss; 4] = [
    ("", |file| fs::remove_file(file).unwrap()),
    ("", |file| fs::rename(file, file.with_extension("old")).unwrap()),
    ("", replace),
    ("-wal", |file| fs::remove_file(file).unwrap()),
];

fn replace(file: &Path) {
    let copy = file.with_extension("copy");
    fs::copy(file, &copy).unwrap();
    fs::rename(&copy, file).unwrap();
}

/// The error for a message that is not stored.
async fn refusal(store: &Store, member: &Membership) -> String {
    match store.insert(member, NewMessage { content: "lost", ..NewMessage::default() }).await {
        Err(MessageInsertError::Store(error @ StoreError::File(_))) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_acknowledged_that_goes_to_a_file_that_is_gone() {
    for (suffix, lose) in LOSSES {
        let fixture = Fixture::sqlite().await;
        let path = format!("{}{suffix}", fixture.url.trim_start_matches("sqlite://"));
        let alice = member("alice", channel("general"));
        let kept = fixture.send(&alice, "kept").await;
        is_ready(&fixture.store).await;
        lose(Path::new(&path));
        let said = refusal(&fixture.store, &alice).await;
        assert!(said.starts_with(&format!("{path} was deleted, moved or replaced while it was open")), "{said}");
        assert!(fixture.store.ready().await.unwrap_err().to_string().contains(&said));
        assert_eq!(fixture.history(&alice).await, [kept]);
        fixture.store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_moved_away_and_back_is_written_to_again() {
    let fixture = Fixture::sqlite().await;
    let path = Path::new(fixture.url.trim_start_matches("sqlite://")).to_owned();
    let (aside, alice) = (path.with_extension("aside"), member("alice", channel("general")));
    let before = fixture.send(&alice, "before").await;
    fs::rename(&path, &aside).unwrap();
    refusal(&fixture.store, &alice).await;
    assert!(!path.exists(), "an empty database was made in the place of the one that is gone");
    fs::rename(&aside, &path).unwrap();
    is_ready(&fixture.store).await;
    let after = fixture.send(&alice, "after").await;
    fixture.store.close().await;
    let store = Store::open(&fixture.url).await.unwrap();
    assert_eq!(store.history_page(&alice, 1, 9).await.unwrap().messages, [after, before]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_file_serves_one_server_at_a_time() {
    let fixture = Fixture::sqlite().await;
    let serving = Store::open_to_serve(&fixture.url).await.unwrap();
    let refused = Store::open_to_serve(&fixture.url).await.unwrap_err().problem.to_string();
    let holder = process::id();
    assert_eq!(
        refused,
        format!("another server (process {holder}) is using it; stop that server, or name another file")
    );
    // Other programs, such as `seed`, have it open beside the server.
    Store::open(&fixture.url).await.unwrap().user_put("dora", "Dora", None, None).await.unwrap();
    serving.close().await;
    Store::open_to_serve(&fixture.url).await.unwrap().close().await;
}

#[tokio::test]
async fn a_server_finds_the_lock_of_a_file_however_it_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().display();
    let serving = Store::open_to_serve(&format!("sqlite://{path}/accord.db")).await.unwrap();
    std::os::unix::fs::symlink("accord.db", directory.path().join("link.db")).unwrap();
    for name in ["link.db", "./x/../accord.db"] {
        fs::create_dir_all(directory.path().join("x")).unwrap();
        Store::open_to_serve(&format!("sqlite://{path}/{name}")).await.unwrap_err();
    }
    serving.close().await;
}

/// A first start in a directory that is linked to.
#[tokio::test]
async fn a_server_finds_the_lock_of_a_file_that_a_link_leads_to_before_there_is_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().display();
    fs::create_dir(directory.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real/accord.db", directory.path().join("link.db")).unwrap();
    let serving = Store::open_to_serve(&format!("sqlite://{path}/link.db")).await.unwrap();
    Store::open_to_serve(&format!("sqlite://{path}/real/accord.db")).await.unwrap_err();
    serving.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_lock_was_deleted_refuses_writes() {
    let fixture = Fixture::sqlite().await;
    let serving = Store::open_to_serve(&fixture.url).await.unwrap();
    let lock = format!("{}-lock", fixture.url.trim_start_matches("sqlite://"));
    is_ready(&serving).await;
    fs::remove_file(&lock).unwrap();
    assert!(serving.ready().await.unwrap_err().to_string().contains(&format!("{lock} was deleted")));
    serving.close().await;
}

/// Like `cp backup.db accord.db`, which keeps the file and replaces its content.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_copied_over_the_file_is_noticed_and_left_as_it_is() {
    let backup: fn(&[u8]) -> Vec<u8> = <[u8]>::to_vec;
    for other in [backup, |_| Vec::new(), |_| b"something else".repeat(1000)] {
        let fixture = Fixture::sqlite().await;
        let path = Path::new(fixture.url.trim_start_matches("sqlite://")).to_owned();
        let alice = member("alice", channel("general"));
        let kept = fixture.send(&alice, "kept").await;
        fixture.store.close().await;
        let content = other(&fs::read(&path).unwrap());
        let serving = Store::open_to_serve(&fixture.url).await.unwrap();
        let send = || serving.insert(&alice, NewMessage { content: "more", ..NewMessage::default() });
        send().await.unwrap();
        is_ready(&serving).await;
        fs::write(&path, &content).unwrap();
        match send().await {
            Err(MessageInsertError::Store(StoreError::File(_))) => {}
            other => panic!("{other:?}"),
        }
        serving.ready().await.unwrap_err();
        serving.close().await;
        assert_eq!(fs::read(&path).unwrap(), content);
        // The next start, in another process, finds a backup as it was made.
        if content.starts_with(b"SQLite format 3") {
            let moved = tempfile::tempdir().unwrap();
            for suffix in ["", "-wal"] {
                fs::copy(format!("{}{suffix}", path.display()), moved.path().join(format!("accord.db{suffix}"))).ok();
            }
            let store = Store::open(&format!("sqlite://{}/accord.db", moved.path().display())).await.unwrap();
            assert_eq!(store.history_page(&alice, 1, 9).await.unwrap().messages, [kept]);
            store.close().await;
        }
    }
}

#[tokio::test]
async fn servers_share_a_database_in_postgres() {
    let fixture = Fixture::postgres().await;
    let servers =
        [Store::open_to_serve(&fixture.url).await.unwrap(), Store::open_to_serve(&fixture.url).await.unwrap()];
    for server in servers {
        is_ready(&server).await;
        server.close().await;
    }
}
