//! Tests the server against its schema and its flows.

use accord_conformance::suite::Suite;
use tokio::net::TcpListener;

use tally::{handlers::App, serve};

const SECRET: &str = "a secret of the tests and of no one else";

#[tokio::test(flavor = "multi_thread")]
async fn the_server_conforms_to_the_schema_and_the_flows() {
    let suite = Suite::load("schema/tally.yaml", &[]).unwrap_or_else(|report| panic!("{report}"));
    let app = App::default();
    for room in suite.rooms() {
        app.open(room.id, room.members);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(serve(app, listener, SECRET, std::future::pending()));
    let report = suite.run(&url, SECRET).await.unwrap();
    server.abort();
    assert!(report.passed() && report.counts().not_run == 0, "{report}");
}
