//! The databases find rows by indexes, so that nothing costs more in a large log than in a small one.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use accord_log::{Connection, Database, Dialect, Key, Pools, Retention, Sent, Statement, Transaction};
use accord_runtime::{Fault, Position};
use futures_util::future::BoxFuture;
use serde_json::json;
use sqlx::{
    AssertSqlSafe, Execute, Row,
    any::{AnyArguments, AnyRow},
    query_with,
};

use crate::fixture::{Fixture, board, data, desk, entry, on_both};

/// Entries of a large room, beside which there are small ones.
const MANY: &str = "
    INSERT INTO log_heads (scope, room, newest) VALUES ('board', 'large', 100000);
    INSERT INTO log_entries (log, seq, event, data, version, written_at, about, embeds)
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
    SELECT id, n, 'drawn', '{}', '1.2.0', CASE WHEN n <= 1000 THEN 1 ELSE 4102444800000 END, CAST(n AS TEXT), CASE WHEN n % 10 = 0 THEN CAST(n AS TEXT) END
    FROM n, log_heads WHERE room = 'large';
    INSERT INTO log_heads (scope, room, newest)
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000) SELECT 'desk', CAST(n AS TEXT), 0 FROM n;
    INSERT INTO log_keys (author, event, scope, room, client_id, fingerprint, seq, result)
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
    SELECT 'alice', 'draw', 'board', 'large', CAST(n AS TEXT), '', n, '' FROM n;
    ANALYZE;";

/// A database that keeps the plan of each statement.
struct Explaining {
    pools: Pools,
    plans: Arc<Mutex<Vec<String>>>,
}

/// A connection that keeps the plan of each statement.
struct Explained<C: ?Sized> {
    connection: Box<C>,
    dialect: Dialect,
    plans: Arc<Mutex<Vec<String>>>,
}

impl<C: Connection + ?Sized> Connection for Explained<C> {
    fn run(&mut self, mut statement: Statement) -> BoxFuture<'_, Result<Vec<AnyRow>, sqlx::Error>> {
        Box::pin(async move {
            let arguments = statement.take_arguments().map_err(sqlx::Error::Encode)?.unwrap_or_default();
            let mut copy = AnyArguments::default();
            copy.values.0.clone_from(&arguments.values.0);
            let text = statement.sql();
            let (explain, column) = match self.dialect {
                Dialect::Sqlite => ("EXPLAIN QUERY PLAN", 3),
                Dialect::Postgres => ("EXPLAIN", 0),
            };
            // SQLite runs several statements as one, and explains the first.
            for part in text.as_str().split(";\n") {
                let mut arguments = AnyArguments::default();
                arguments.values.0.clone_from(&copy.values.0);
                let explained = AssertSqlSafe(format!("{explain} {part}"));
                let lines = self.connection.run(query_with(explained, arguments)).await?;
                let lines = lines.iter().map(|row| row.try_get(column)).collect::<Result<Vec<String>, _>>()?;
                self.plans.lock().unwrap().push(format!("{part}\n{}", lines.join("\n")));
            }
            self.connection.run(query_with(text, arguments)).await
        })
    }
}

impl Transaction for Explained<dyn Transaction> {
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), Fault>> {
        self.connection.commit()
    }
}

impl Explaining {
    fn explained<C: ?Sized>(&self, connection: Box<C>) -> Explained<C> {
        Explained { connection, dialect: self.pools.dialect, plans: self.plans.clone() }
    }
}

impl Database for Explaining {
    fn read(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, Fault>> {
        Box::pin(async {
            let connection: Box<dyn Connection> = Box::new(self.explained(self.pools.read().await?));
            Ok(connection)
        })
    }

    fn begin(&self) -> BoxFuture<'_, Result<Box<dyn Transaction>, Fault>> {
        Box::pin(async {
            let transaction: Box<dyn Transaction> = Box::new(self.explained(self.pools.begin().await?));
            Ok(transaction)
        })
    }
}

/// Uses every statement that is to be cheap.
async fn use_all(fixture: &Fixture, database: &Explaining) {
    let (tables, large, small) = (fixture.tables, board("large"), desk("7"));
    let data = data(&json!({}));
    let key = Key { author: "alice", event: "draw", room: &large, client_id: "new" };
    let sent = Sent { fingerprint: String::new(), seq: 100_001, result: String::new() };
    let mut write = database.begin().await.unwrap();
    assert_eq!(fixture.keys_find(&mut *write, &[key]).await, [None]);
    assert_eq!(tables.append(&mut *write, &[entry(&large, &data), entry(&small, &data)]).await.unwrap(), [100_001, 1]);
    write.run(tables.keys_insert(&[(key, sent)]).statement()).await.unwrap();
    let embedding = tables.forget(&mut *write, &["5000"]).await.unwrap();
    tables.rewrite(&mut *write, &embedding).await.unwrap();
    write.commit().await.unwrap();

    let mut read = database.read().await.unwrap();
    let Position { epoch, seq } = tables.position(&mut *read, &large).await.unwrap();
    let page = tables.read(&mut *read, &large, &Position { epoch, seq: seq - 300 }).await.unwrap();
    assert!(matches!(page, accord_runtime::log::Page::Entries { entries, .. } if entries.len() == 256));
    drop(read);
    let retention = Retention { keep: Duration::from_secs(1000), entries: 200_000, floor: Duration::ZERO };
    let swept = tables.sweep(database, &BTreeMap::from([("board", retention)]), SystemTime::now()).await.unwrap();
    assert_eq!(swept.dropped, 1000);
}

on_both! {
    async fn every_statement_finds_its_rows_by_an_index(fixture) {
        fixture.run_sql(MANY).await;
        let database = Explaining { pools: fixture.pools.clone(), plans: Arc::default() };
        use_all(&fixture, &database).await;
        let plans = database.plans.lock().unwrap();
        assert!(plans.len() > 12, "{plans:#?}");
        for plan in plans.iter() {
            let scans = plan.lines().filter(|line| match fixture.pools.dialect {
                // Tables by their names or aliases; `given` and other parts of statements are scanned.
                Dialect::Sqlite => ["SCAN e", "SCAN a", "SCAN b", "SCAN h", "SCAN k", "SCAN o", "SCAN log_entries", "SCAN log_heads", "SCAN log_keys"]
                    .iter()
                    .any(|scan| line.strip_prefix(scan).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))),
                Dialect::Postgres => line.contains("Seq Scan on log_") && !line.contains("log_epoch"),
            });
            assert_eq!(scans.collect::<Vec<_>>(), [""; 0], "{plan}");
        }
    }
}
