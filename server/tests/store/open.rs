use std::{fs, time::Duration};

use accord_server::store::Store;
use accord_tests::postgres;

use crate::fixture::{Changes, Fixture, channel, is_ready, member, within};

/// The error for a URL that cannot be opened.
async fn refusal(url: &str) -> String {
    match Store::open(url).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_file_and_its_directories_are_created_and_found_again() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/a b/ü%41#?/../x/../accord.db", directory.path().display());
    let url = url.replace("?/../", "/../");
    let store = Store::open(&url).await.unwrap();
    store.user_put("alice", "Alice", None, None).await.unwrap();
    store.put_room(&channel("general"), None, &["alice".to_owned()]).await.unwrap();
    is_ready(&store).await;
    store.close().await;
    let store = Store::open(&url).await.unwrap();
    assert!(store.member_exists("alice", &channel("general")).await.unwrap());
    assert!(directory.path().join("a b/accord.db").is_file());
}

#[tokio::test]
async fn a_new_file_has_small_pages_and_keeps_them() {
    use sqlx::{Connection, SqliteConnection};

    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/accord.db", directory.path().display());
    for _ in 0..2 {
        Store::open(&url).await.unwrap().close().await;
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        let page_size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut connection).await.unwrap();
        assert_eq!(page_size, 2048);
    }
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_refused_with_a_reason() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().display().to_string();
    let cases = [
        ("accord.db", "is not a database URL; write sqlite://FILE"),
        ("mysql://localhost/chat", "is not a database URL; write sqlite://FILE"),
        ("sqlite://", "is not a database URL; write sqlite://FILE"),
        ("postgres://ann:secret@[/chat", "is not a database URL"),
        ("sqlite::memory:", "name a file"),
        ("sqlite://:memory:", "name a file"),
        (&format!("sqlite://{path}"), "is a directory; name a file in it"),
    ];
    for (url, reason) in cases {
        let said = refusal(url).await;
        assert!(said.contains(reason) && !said.contains("secret"), "{url}: {said}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_refused_and_not_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    let text = "These are notes, and no database. ".repeat(100);
    fs::write(&path, &text).unwrap();
    let said = refusal(&format!("sqlite://{}", path.display())).await;
    assert!(said.contains("notes.txt is not a SQLite database"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    let below = refusal(&format!("sqlite://{}/accord.db", path.display())).await;
    assert!(below.contains("notes.txt cannot be used") && below.contains("create it"), "{below}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_database_is_opened_by_several_nodes_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}/accord.db", directory.path().display());
    for url in [sqlite, postgres::database()] {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let url = url.clone();
            tasks.spawn(async move { Store::open(&url).await.unwrap() });
        }
        for store in tasks.join_all().await {
            is_ready(&store).await;
        }
    }
}

mod a_schema_of_a_newer_binary_is_refused {
    use sqlx::{AnyConnection, Connection};

    use super::*;

    async fn run(fixture: Fixture) {
        fixture.store.close().await;
        let mut connection = AnyConnection::connect(&fixture.url).await.unwrap();
        let copy = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                    SELECT 9999, 'newer', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
        sqlx::query(copy).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let said = refusal(&fixture.url).await;
        assert!(said.contains("version 9999") && said.contains("run the newer binary"), "{said}");
    }

    #[tokio::test]
    async fn on_sqlite() {
        run(Fixture::sqlite().await).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        run(Fixture::postgres().await).await;
    }
}

mod a_database_of_an_earlier_release_is_brought_up_to_date {
    use accord_server::store::NewMessage;
    use sqlx::{AnyConnection, AssertSqlSafe, Connection, any::install_default_drivers, migrate::Migrator, raw_sql};

    use super::*;

    /// A database of the first release, with a message from a clock that was far ahead, by a user whose image is too
    /// long.
    const WORLD: &str = "
        INSERT INTO users (id, name, created_at) VALUES ('alice', 'Alice', 1);
        INSERT INTO rooms (scope, id, last_position, message_count, created_at) VALUES ('channel', 'general', 1, 1, 1);
        INSERT INTO members (scope, room_id, user_id) VALUES ('channel', 'general', 'alice');
        INSERT INTO messages (id, scope, room_id, position, user_id, content, created_at, updated_at)
        VALUES ('03bb2cc3-d800-7000-8000-000000000000', 'channel', 'general', 1, 'alice', 'old', 4102444800000, 4102444800000);";

    /// Makes a database with the migrations of an earlier release.
    async fn earlier(url: &str, migrations: &[&str]) -> AnyConnection {
        install_default_drivers();
        let folder = tempfile::tempdir().unwrap();
        for migration in migrations {
            let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(migration);
            fs::copy(from, folder.path().join(migration)).unwrap();
        }
        let mut connection = AnyConnection::connect(url).await.unwrap();
        Migrator::new(folder.path()).await.unwrap().run(&mut connection).await.unwrap();
        raw_sql(WORLD).execute(&mut connection).await.unwrap();
        connection
    }

    async fn run(url: &str) {
        let mut connection = earlier(url, &["0001_chat.sql"]).await;
        let too_long = format!("UPDATE users SET image = 'https://example.com/{}'", "a".repeat(5000));
        raw_sql(AssertSqlSafe(too_long)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();

        let store = Store::open(url).await.unwrap();
        let alice = member("alice", channel("general"));
        let new = store.insert(&alice, NewMessage { content: "new", ..NewMessage::default() }).await.unwrap();
        let old = store.history_page(&alice, 1, 9).await.unwrap().messages.pop().unwrap();
        assert_eq!((old.content.as_str(), old.position, new.position), ("old", 1, 2));
        assert_eq!(old.user.image, None);
        assert!(new.id > old.id && new.created_at == old.created_at, "{new:?}");
        store.close().await;
        Store::open(url).await.unwrap().close().await;
    }

    /// A release that had no log of rooms.
    async fn run_without_log(url: &str) {
        let migrations = ["0001_chat.sql", "0002_receipts.sql", "0003_newest_id.sql", "0004_images.sql"];
        earlier(url, &migrations).await.close().await.unwrap();
        let store = Store::open(url).await.unwrap();
        let alice = member("alice", channel("general"));
        let page = store.history_page(&alice, 1, 9).await.unwrap();
        let contents: Vec<_> = page.messages.iter().map(|message| message.content.as_str()).collect();
        assert_eq!((contents, page.total), (vec!["old"], 1));
        store.close().await;

        let mut connection = AnyConnection::connect(url).await.unwrap();
        let select =
            "SELECT epoch, (SELECT COUNT(*) FROM log_heads) + (SELECT COUNT(*) FROM log_entries) FROM log_epoch";
        let (epoch, entries): (String, i64) = sqlx::query_as(select).fetch_one(&mut connection).await.unwrap();
        assert_eq!((epoch.len(), entries), (32, 0));
        connection.close().await.unwrap();
        // The epoch outlives the next start.
        Store::open(url).await.unwrap().close().await;
        let mut connection = AnyConnection::connect(url).await.unwrap();
        let (still,): (String,) =
            sqlx::query_as("SELECT epoch FROM log_epoch").fetch_one(&mut connection).await.unwrap();
        assert_eq!(still, epoch);
    }

    fn file(directory: &std::path::Path) -> String {
        format!("sqlite://{}/accord.db?mode=rwc", directory.display())
    }

    #[tokio::test]
    async fn on_sqlite() {
        let directory = tempfile::tempdir().unwrap();
        run(&file(directory.path())).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        run(&postgres::database()).await;
    }

    #[tokio::test]
    async fn without_a_log_on_sqlite() {
        let directory = tempfile::tempdir().unwrap();
        run_without_log(&file(directory.path())).await;
    }

    #[tokio::test]
    async fn without_a_log_on_postgres() {
        run_without_log(&postgres::database()).await;
    }
}

#[tokio::test]
async fn refusals_by_postgres_are_reported_without_the_password() {
    let server = postgres::Server::start();
    server.run_sql("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    let cases = [
        (server.url("accord", "Wrong-Secret", "postgres"), "refused the user or password"),
        (server.url("nobody", "Wrong-Secret", "postgres"), "refused the user or password"),
        (server.url("accord", "accord-tests", "nowhere"), "no such database"),
        (server.url("accord", "accord-tests", "latin"), "create it with ENCODING 'UTF8'"),
        ("postgres://accord:Wrong-Secret@127.0.0.1:1/chat".to_owned(), "cannot be reached"),
        ("postgres://accord:Wrong-Secret@no-such-host.invalid/chat".to_owned(), "cannot be reached"),
    ];
    for (url, reason) in cases {
        let said = refusal(&url).await;
        assert!(said.contains(reason), "{url}: {said}");
        assert!(!said.contains("Wrong-Secret") && !said.contains("accord-tests"), "{said}");
    }
}

#[tokio::test]
async fn sec_39_a_database_that_goes_away_is_an_error_and_not_a_hang() {
    let server = postgres::Server::start();
    let url = server.database();
    let store = Store::open(&url).await.unwrap();
    store.user_put("alice", "Alice", None, None).await.unwrap();
    store.put_room(&channel("general"), None, &["alice".to_owned()]).await.unwrap();
    server.stop();
    within(Duration::from_secs(4), store.ready()).await.unwrap_err();
    let alice = member("alice", channel("general"));
    let further = async {
        store.member_exists("alice", &channel("general")).await.unwrap_err();
        store.insert(&alice, Default::default()).await.unwrap_err();
    };
    within(Duration::from_secs(16), further).await;
}
