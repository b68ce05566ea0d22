//! Tokens, caps and pages.

use std::time::{Duration, Instant, SystemTime};

use accord_gateway::{Config, Origins, Rate};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::client::{Client, SECRET, Server, now, signed, token, within};

const MISSING: &str = "Token wanted";
const REFUSED: &str = "Token refused";

#[tokio::test]
async fn a_handshake_without_a_token_says_so() {
    let server = Server::start(Config::default()).await;
    for auth in ["", "{}", r#"{"token":null}"#, r#"{"token":""}"#, "[1]"] {
        assert_eq!(server.refusal("", auth).await, json!({ "message": MISSING }), "{auth}");
    }
}

#[tokio::test]
async fn a_client_whose_major_version_is_not_served_gets_the_versions_that_are() {
    let server = Server::start(Config::default()).await;
    let refused = |why: &str| json!({ "message": format!("Not my version: {why}, this server speaks desk 1") });
    for version in ["2", "0.9", "2.0.0-beta.1"] {
        let auth = json!({ "token": token("alice"), "protocol": version }).to_string();
        assert_eq!(server.refusal("", &auth).await, refused(&format!("the client speaks {version}")));
    }
    for nonsense in [json!("<b>"), json!("1.x"), json!("1.0.0-\u{7}"), json!("1".repeat(65)), json!(1), json!(["1"])] {
        let auth = json!({ "protocol": nonsense }).to_string();
        assert_eq!(server.refusal("", &auth).await, refused("what the client says is not a version"), "{auth}");
    }
}

#[tokio::test]
async fn a_client_whose_major_version_is_served_is_admitted_and_so_is_one_that_states_none() {
    let server = Server::start(Config::default()).await;
    for version in [json!("1"), json!("1.0"), json!("1.0.0"), json!("1.99.0"), json!(""), json!(null)] {
        let mut client = server.connect(json!({ "token": token("alice"), "protocol": version })).await;
        assert_eq!(client.event().await.0, "welcome", "{version}");
    }
}

#[tokio::test]
async fn the_query_may_carry_the_token_and_auth_comes_first() {
    let server = Server::start(Config::default()).await;
    let query = format!("&token={}", token("alice").replace('.', "%2E"));
    let mut client = Client::open(server.address, &query).await;
    client.send("40").await;
    assert!(client.frame().await.unwrap().starts_with("40{"));
    let welcome = json!({ "id": "alice", "name": "alice", "email": null, "admin": false });
    assert_eq!(client.event().await, ("welcome".to_owned(), welcome));
    assert_eq!(server.refusal(&query, r#"{"token":"bad"}"#).await, json!({ "message": REFUSED }));
    assert_eq!(server.refusal(&query, r#"{"token":7}"#).await, json!({ "message": REFUSED }));
    let mut client = Client::open(server.address, "&token=bad").await;
    client.send(&format!("40{}", json!({ "token": token("bob") }))).await;
    assert!(client.frame().await.unwrap().starts_with("40{"));
    assert_eq!(client.event().await.1["id"], json!("bob"));
}

#[tokio::test]
async fn claims_identify_the_user() {
    let server = Server::start(Config::default()).await;
    let exp = now() + 60.0;
    let all =
        json!({ "id": "a1", "sub": "b2", "name": "Ann", "email": "a@b.c", "image": "x", "admin": true, "exp": exp });
    let mut client = server.connect(json!({ "token": signed(&all) })).await;
    assert_eq!(client.event().await.1, json!({ "id": "a1", "name": "Ann", "email": "a@b.c", "admin": true }));
    let odd = json!({ "sub": "b2", "email": null, "admin": "true", "exp": exp });
    let mut client = server.connect(json!({ "token": signed(&odd) })).await;
    assert_eq!(client.event().await.1, json!({ "id": "b2", "name": "b2", "email": null, "admin": false }));
}

#[tokio::test]
async fn sec_10_exp_and_nbf_are_enforced_and_claims_have_their_types() {
    let server = Server::start(Config::default()).await;
    let exp = now() + 60.0;
    let long = "x".repeat(129);
    let cases = [
        json!({ "sub": "a" }),
        json!({ "sub": "a", "exp": now() - 1.0 }),
        json!({ "sub": "a", "exp": exp.to_string() }),
        json!({ "sub": "a", "exp": exp, "nbf": now() + 30.0 }),
        json!({ "sub": "a", "exp": exp, "nbf": "x" }),
        json!({ "exp": exp }),
        json!({ "id": 7, "sub": "a", "exp": exp }),
        json!({ "sub": "", "exp": exp }),
        json!({ "sub": long, "exp": exp }),
        json!({ "sub": "a\u{7}", "exp": exp }),
        json!({ "sub": "a", "name": 7, "exp": exp }),
        json!({ "sub": "a", "name": "x".repeat(201), "exp": exp }),
        json!({ "sub": "a", "email": 7, "exp": exp }),
    ];
    for claims in cases {
        let auth = json!({ "token": signed(&claims) }).to_string();
        assert_eq!(server.refusal("", &auth).await, json!({ "message": REFUSED }), "{claims}");
    }
}

#[tokio::test]
async fn sec_08_algorithms_are_an_allowlist() {
    let server = Server::start(Config::default()).await;
    let claims = json!({ "sub": "alice", "exp": now() + 60.0 });
    let part = |value: &Value| {
        let token = jsonwebtoken::encode(&Header::default(), value, &EncodingKey::from_secret(SECRET)).unwrap();
        token.split('.').nth(1).unwrap().to_owned()
    };
    let none = format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(&claims));
    let hs384 =
        jsonwebtoken::encode(&Header::new(Algorithm::HS384), &claims, &EncodingKey::from_secret(SECRET)).unwrap();
    let other = jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(b"another")).unwrap();
    for token in [none, hs384, other, "a.b.c".to_owned(), "x".repeat(20_000)] {
        let auth = json!({ "token": token }).to_string();
        assert_eq!(server.refusal("", &auth).await, json!({ "message": REFUSED }), "{token}");
    }
}

#[tokio::test]
async fn sec_12_a_socket_is_closed_when_its_token_expires() {
    let server = Server::start(Config::default()).await;
    let (mut client, expires) = server.join_for("alice", 1.2).await;
    let ends = async {
        let error = json!({ "message": "Token expired", "code": "token_expired" });
        assert_eq!(client.event().await, ("failed".to_owned(), error));
        assert!(now() >= expires, "not before");
        assert_eq!(client.frame().await, None, "its client comes back by itself if it is told nothing else");
    };
    let left = Duration::from_secs_f64((expires - now()).max(0.0));
    within(left + Duration::from_secs(2), ends).await;
    server.is_left().await;
}

#[tokio::test]
async fn a_connect_handler_that_fails_ends_the_connection_before_its_client_is_let_in() {
    let server = Server::start(Config::default()).await;
    server.is_hung_up_on("unlucky").await;
    server.is_left().await;
}

#[tokio::test]
async fn events_that_follow_the_handshake_at_once_wait_for_the_welcome() {
    let server = Server::start(Config::default()).await;
    for number in 0..20 {
        let mut client = server.connect(json!({ "token": token(&format!("user {number}")) })).await;
        client.emit("tick", &json!({})).await;
        assert_eq!(client.event().await.0, "welcome");
        assert_eq!(client.event().await.0, "tock");
    }
}

#[tokio::test]
async fn sec_04_a_connection_that_does_not_join_is_closed() {
    // Far longer than a handshake takes, on a machine that stands still for a while.
    const TIME: Duration = Duration::from_secs(4);
    let server = Server::start(Config { connect_timeout: TIME, ..Config::default() }).await;
    let silent = async {
        let mut silent = Client::open(server.address, "").await;
        assert!(silent.is_closed().await);
    };
    let refused = async {
        let mut refused = Client::open(server.address, "").await;
        refused.send("40").await;
        assert!(refused.frame().await.unwrap().starts_with("44{"));
        assert!(refused.is_closed().await);
    };
    let left = async {
        let mut left = server.join("alice").await;
        left.send("41").await;
        assert!(left.is_closed().await);
    };
    let again = async {
        let mut again = server.join("alice").await;
        for packet in ["41".to_owned(), format!("40{}", json!({ "token": token("bob") }))] {
            again.send(&packet).await;
        }
        assert!(again.frame().await.unwrap().starts_with("40{"));
        assert_eq!(again.event().await.1["id"], json!("bob"));
    };
    let early = async {
        let mut early = Client::open(server.address, "").await;
        early.send(r#"42["tick"]"#).await;
        assert!(early.is_closed().await);
    };
    tokio::join!(silent, refused, left, again, early);
}

#[tokio::test]
async fn sec_05_sockets_per_user_and_address_and_handshakes_are_capped() {
    let server =
        Server::start(Config { max_sockets_per_user: 1, max_sockets_per_address: 2, ..Config::default() }).await;
    let mut alice = server.join("alice").await;
    server.is_hung_up_on("alice").await;
    let _bob = server.join("bob").await;
    server.is_hung_up_on("carol").await;
    server.desk.hub.revoke("alice", SystemTime::now());
    assert!(alice.is_closed().await);
    server.join("alice").await;

    let rate = Rate { per_second: 1, burst: 2 };
    let server = Server::start(Config { handshakes_per_address: rate, ..Config::default() }).await;
    let shake = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1";
    let begun = Instant::now();
    let mut taken = 0;
    let refused = loop {
        let answer = server.request(shake, b"").await;
        if answer.status != 200 {
            break answer;
        }
        taken += 1;
    };
    // As many as at once, and one more for each second that this has taken.
    assert!((2..=2 + begun.elapsed().as_secs()).contains(&taken), "{taken} are taken");
    assert_eq!(refused.status, 429);
    let mut error = refused.json();
    let retry = error["retryAfterMs"].take().as_u64().expect("a whole number of milliseconds");
    assert!((1..=1000).contains(&retry), "{retry}");
    assert_eq!(error, json!({ "message": "Slower", "code": "rate_limited", "retryAfterMs": null }));
    assert!(refused.head.contains("retry-after: 1\r\n"), "{}", refused.head);
}

#[tokio::test]
async fn sec_01_pages_of_other_origins_are_refused() {
    let origins = Origins::Listed(vec!["https://chat.example.com".to_owned()]);
    let server = Server::start(Config { origins, ..Config::default() }).await;
    let polling = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1";
    let web_socket = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\
                      \r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let rest = "GET /api/rooms/lobby HTTP/1.1";
    for line in [polling, web_socket, rest] {
        let refused = server.request(&format!("{line}\r\nOrigin: https://evil.example.com"), b"").await;
        assert_eq!(refused.status, 403, "{line}");
        assert!(!refused.head.contains("access-control-allow-"), "{}", refused.head);
    }
    let allowed = server.request(&format!("{polling}\r\nOrigin: https://chat.example.com"), b"").await;
    assert_eq!(allowed.status, 200);
    assert!(allowed.head.contains("access-control-allow-origin: https://chat.example.com"), "{}", allowed.head);
    let preflight = "OPTIONS /api/rooms/lobby HTTP/1.1\r\nOrigin: https://chat.example.com\r\n\
                     Access-Control-Request-Method: PUT";
    let preflight = server.request(preflight, b"").await;
    assert_eq!(preflight.status, 204);
    assert!(preflight.head.contains("access-control-allow-headers: authorization, content-type, protocol-version"));
    // With these headers, browsers pass the answer to a page whose client uses `withCredentials: true`.
    for answer in [&allowed, &preflight] {
        assert!(answer.head.contains("access-control-allow-credentials: true"), "{}", answer.head);
        assert!(answer.head.contains("access-control-allow-origin: https://chat.example.com\r\n"), "{}", answer.head);
    }
}
