//! Clients of two versions at one gateway.

#[path = "../../../runtime/tests/versions/library.rs"]
mod library;

use std::net::SocketAddr;

use accord_gateway::{Config, Gateway, Hub};
use accord_runtime::auth::{Keys, Verifier};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::client::{Answer, Client, SECRET, request, token};
use library::{Library, versions};

/// Serves the library, which speaks 2.0.0 and 1.4.0.
async fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let verifier = Verifier::new(Keys::secret(SECRET));
    let gateway = Gateway::new(versions::service(Library), Library, verifier, Hub::new(), Config::default());
    tokio::spawn(gateway.serve(listener, std::future::pending()));
    address
}

/// A socket of a client that speaks a version, on the shelf.
async fn join(address: SocketAddr, user: &str, version: &str) -> Client {
    let mut client = Client::open(address, "").await;
    client.send(&format!("40{}", json!({ "token": token(user), "protocol": version }))).await;
    assert!(client.frame().await.unwrap().starts_with("40{"), "the handshake succeeds");
    assert_eq!(client.event().await, ("greeted".to_owned(), Value::Null));
    let shelf = json!({ "shelfId": "shelf" });
    assert_eq!(client.call("join_shelf", &shelf).await, json!({ "ok": true, "data": shelf }));
    assert_eq!(client.event().await, ("shelf_joined".to_owned(), shelf));
    client
}

async fn get(address: SocketAddr, id: &str, version: Option<&str>) -> Answer {
    let version = version.map_or_else(String::new, |version| format!("\r\nProtocol-Version: {version}"));
    let head = format!("GET /books/{id} HTTP/1.1\r\nAuthorization: Bearer {}{version}", token("ann"));
    request(address, &head, b"").await
}

/// A book in 2.0.0 and in 1.4.0.
fn books(new: &str, old: u64) -> [Value; 2] {
    [
        json!({
            "id": new, "title": "D".repeat(60), "mood": "funny", "kind": "volume", "place": { "row": 3, "column": 4 },
            "tags": ["t".repeat(51)], "marks": { "ann": "tense" }, "owner": "ann", "lent": true, "sequel": null,
            "about": "Sand.",
        }),
        json!({
            "id": old, "title": "D".repeat(50), "mood": "calm", "kind": "book", "pages": 2.0, "place": { "row": 3 },
            "tags": ["t".repeat(50)], "marks": { "ann": "tense" }, "owner": "ann", "blurb": "Sand.",
        }),
    ]
}

#[tokio::test]
async fn a_room_with_clients_of_two_versions_tells_each_in_its_own() {
    let address = serve().await;
    let (mut older, mut newer) = (join(address, "ann", "1.4").await, join(address, "ben", "2").await);
    let answer = older.call("add_book", &json!({ "shelfId": "shelf", "title": "Dune", "moods": ["sad"] })).await;
    let [new, old] = books("book-9", 9);
    let mut new = new;
    new.as_object_mut().unwrap().remove("sequel");
    assert_eq!(answer, json!({ "ok": true, "data": old }));
    assert_eq!(older.event().await, ("book_added".to_owned(), old));
    assert_eq!(newer.event().await, ("book_added".to_owned(), new));
    assert_eq!(newer.event().await, ("shelf_moved".to_owned(), json!({ "row": 1 })));
    assert_eq!(older.call("ring_bell", &Value::Null).await, json!({ "ok": true, "data": null }));
    assert_eq!(older.event().await, ("bell_rung".to_owned(), json!({})), "and no `shelf_moved` before it");
}

#[tokio::test]
async fn failures_are_those_of_the_version_that_a_client_speaks() {
    let address = serve().await;
    let mut older = join(address, "ann", "1").await;
    let failed = |error: Value| json!({ "ok": false, "error": error });
    let book = |title: &str, note: &str| json!({ "shelfId": "shelf", "title": title, "moods": [], "note": note });
    assert_eq!(
        older.call("add_book", &book("", "")).await,
        failed(json!({ "message": "Shelf is full", "code": "full", "event": "add_book" }))
    );
    let funny = json!({ "shelfId": "shelf", "title": "Dune", "moods": ["funny"] });
    let wrong = older.call("add_book", &funny).await;
    assert_eq!(wrong["error"]["details"][0]["message"], "must be one of: calm, tense, sad");
    // A note that was short enough for 1.4.0 is too long today.
    let details = json!([{ "path": "/note", "message": "must be at most 50 characters" }]);
    assert_eq!(
        older.call("add_book", &book("Dune", &"n".repeat(60))).await,
        failed(json!({ "message": "Not valid", "code": "invalid", "event": "add_book", "details": details }))
    );
    assert_eq!(
        older.call("dust_books", &Value::Null).await,
        failed(json!({ "message": "Shelf is full", "code": "full", "event": "dust_books" }))
    );
    assert_eq!(
        older.call("give_book", &json!({ "id": "x" })).await,
        failed(json!({ "message": "Not valid", "code": "invalid", "event": "give_book" }))
    );
    // The decision about its answer panics.
    assert_eq!(
        older.call("lend_book", &json!({ "id": 7 })).await,
        failed(json!({ "message": "Failed to lend", "code": "other", "event": "lend_book" }))
    );
    assert_eq!(older.call("ring_bell", &Value::Null).await, json!({ "ok": true, "data": null }), "and nothing is lost");
    let mut newer = join(address, "ben", "2").await;
    let error = newer.call("add_book", &json!({ "shelfId": "shelf" })).await["error"].clone();
    assert_eq!(error["shelfId"], json!("shelf"), "the failures of 2.0.0 name the shelf, those of 1.4.0 do not");
}

#[tokio::test]
async fn rest_speaks_the_version_that_a_request_states_or_else_the_oldest() {
    let address = serve().await;
    let [new, old] = books("book-7", 7);
    let mut new = new;
    new.as_object_mut().unwrap().remove("sequel");
    for version in [None, Some("1"), Some("1.4.0")] {
        let answer = get(address, "7?mood=sad", version).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "data": old, "shelves": null })), "{version:?}");
    }
    let answer = get(address, "book-7?mood=funny", Some("2")).await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "data": new, "shelves": null })));
    let answer = get(address, "book-7", Some("1")).await;
    assert_eq!((answer.status, &answer.json()["details"][0]["path"]), (400, &json!("/id")));
    let answer = get(address, "7", Some("3")).await;
    let message = "Not served: the client speaks 3, this server speaks versions 1 and 2";
    assert_eq!((answer.status, answer.json()), (400, json!({ "message": message, "code": "outdated" })));
    let head = |version: &str| format!("GET /books/7 HTTP/1.1\r\nProtocol-Version: {version}");
    for (version, message) in [("1", "Who?"), ("2", "Whoever you are")] {
        let answer = request(address, &head(version), b"").await;
        assert_eq!((answer.status, &answer.json()["message"]), (401, &json!(message)));
    }
}
