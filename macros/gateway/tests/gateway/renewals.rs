//! New tokens on open connections.

use std::time::Duration;

use accord_gateway::Config;
use serde_json::{Value, json};

use crate::client::{Client, Server, now, signed, token, token_for, within};

fn unlimited() -> Config {
    Config { limits: false, ..Config::default() }
}

/// The lifetime, in seconds, of a token whose expiry a test waits for. It is long enough for the steps before.
const SOON: f64 = 3.0;

async fn join(server: &Server, token: &str) -> Client {
    let mut client = server.connect(json!({ "token": token })).await;
    assert_eq!(client.event().await.0, "welcome");
    client
}

async fn renew(client: &mut Client, token: &str) -> Value {
    client.call("renew", &json!({ "key": token })).await
}

fn refused() -> Value {
    json!({ "ok": false, "error": { "message": "Token refused", "code": "token_refused", "event": "renew" } })
}

/// Renews by a token that expires in so many seconds, and returns when. If the machine stands still for that long, it
/// tries another token.
async fn renew_for(client: &mut Client, user: &str, seconds: f64) -> f64 {
    loop {
        let (token, expires) = token_for(user, seconds);
        let answer = renew(client, &token).await;
        if answer["ok"] == json!(true) {
            return expires;
        }
        assert!(answer == refused() && now() >= expires, "{answer}");
    }
}

async fn ends_as_expired(client: &mut Client, expires: f64) {
    let ends = async {
        let error = json!({ "message": "Token expired", "code": "token_expired" });
        assert_eq!(client.event().await, ("failed".to_owned(), error));
        assert!(now() >= expires, "not before");
        assert!(client.is_closed().await);
    };
    let left = Duration::from_secs_f64((expires - now()).max(0.0));
    within(left + Duration::from_secs(2), ends).await;
}

#[tokio::test]
async fn a_connection_lives_on_until_its_newest_token_expires() {
    let server = Server::start(unlimited()).await;
    let (mut alice, expires) = server.join_for("alice", SOON).await;
    let (second, later) = token_for("alice", 600.0);
    let answer = renew(&mut alice, &second).await;
    assert_eq!((&answer["ok"], &answer["data"]["userId"]), (&json!(true), &json!("alice")));
    let shown = answer["data"]["expiresAt"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!((shown.as_millisecond() as f64 / 1e3 - later).abs() < 0.002, "{answer}");
    while now() < expires + 1.0 {
        assert_eq!(
            alice.call("rare", &json!(null)).await["ok"],
            json!(true),
            "the first has expired, the second has not"
        );
    }
    let newest = renew_for(&mut alice, "alice", SOON).await;
    ends_as_expired(&mut alice, newest).await;
    assert_eq!(server.desk.hub.connections(), 0);
}

#[tokio::test]
async fn a_newer_token_may_expire_before_the_older_one() {
    let server = Server::start(unlimited()).await;
    let mut alice = server.join("alice").await;
    let expires = renew_for(&mut alice, "alice", SOON).await;
    ends_as_expired(&mut alice, expires).await;
}

#[tokio::test]
async fn sec_13_a_new_token_cannot_change_the_user() {
    let server = Server::start(unlimited()).await;
    let mut alice = server.join("alice").await;
    let later = now() + 60.0;
    let early = signed(&json!({ "sub": "alice", "exp": later, "nbf": later - 10.0 }));
    let admin = signed(&json!({ "sub": "root", "exp": later, "admin": true }));
    let nobody = signed(&json!({ "exp": later }));
    for bad in [&token("bob"), &admin, &nobody, &early, &token_for("alice", -1.0).0, "a.b.c", ""] {
        assert_eq!(renew(&mut alice, bad).await, refused(), "{bad}");
    }
    let who = alice.call("who", &json!(null)).await;
    assert_eq!((&who["data"]["name"], &who["data"]["admin"]), (&json!("alice"), &json!(false)));
    alice.emit("renew", &json!({ "key": token("bob") })).await;
    assert_eq!(alice.event().await, ("failed".to_owned(), refused()["error"].take()));
    let expires = renew_for(&mut alice, "alice", SOON).await;
    assert_eq!(renew(&mut alice, &token("bob")).await, refused());
    ends_as_expired(&mut alice, expires).await;
}

#[tokio::test]
async fn handlers_see_whom_the_newest_token_speaks_for() {
    let server = Server::start(unlimited()).await;
    let was = signed(&json!({ "sub": "alice", "exp": now() + 60.0, "admin": true }));
    let mut alice = join(&server, &was).await;
    assert_eq!(alice.call("who", &json!(null)).await["data"]["admin"], json!(true));
    let is = signed(&json!({ "sub": "alice", "name": "Alice", "exp": now() + 90.0 }));
    let said = renew(&mut alice, &is).await["data"]["expiresAt"].clone();
    let who = alice.call("who", &json!(null)).await["data"].clone();
    assert_eq!(who, json!({ "name": "Alice", "admin": false, "expiresAt": said }));
}

#[tokio::test]
async fn a_value_that_is_not_a_token_violates_the_payloads_rules() {
    let server = Server::start(unlimited()).await;
    let mut alice = server.join("alice").await;
    for (payload, path) in [(json!({}), "/key"), (json!({ "key": 7 }), "/key"), (json!(token("alice")), "")] {
        let error = alice.call("renew", &payload).await["error"].clone();
        assert_eq!((&error["code"], &error["details"][0]["path"]), (&json!("invalid_payload"), &json!(path)));
    }
}

/// Renews within some milliseconds of the expiry. If that is acknowledged, the connection stays open; otherwise it
/// ends.
async fn renew_at_the_last_moment(server: &Server, number: u32) {
    let user = format!("user {number}");
    let (first, _) = token_for(&user, 60.0);
    let mut client = join(server, &first).await;
    let expires = loop {
        // A machine that is busy may take longer than that.
        let (soon, expires) = token_for(&user, 0.7 + f64::from(number) * 0.005);
        if renew(&mut client, &soon).await["ok"] == json!(true) {
            break expires;
        }
    };
    let (second, _) = token_for(&user, 60.0);
    let wait = expires - now() - 0.01 + f64::from(number % 5) * 0.06;
    tokio::time::sleep(Duration::try_from_secs_f64(wait).unwrap_or_default()).await;
    client.send(&format!("421{}", json!(["renew", { "key": second }]))).await;
    let acknowledged = loop {
        match client.frame().await {
            Some(frame) if frame.starts_with("431[") => break frame.contains("\"ok\":true"),
            Some(_) => {}
            None => break false,
        }
    };
    if !acknowledged {
        assert!(client.is_closed().await, "what was not renewed ends");
        return;
    }
    while now() < expires + 1.0 {
        assert_eq!(client.call("rare", &json!(null)).await["ok"], json!(true), "what was renewed lives");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_renewal_at_the_moment_of_the_expiry_is_done_or_the_connection_ends() {
    const SOCKETS: u32 = 60;
    let server = Server::start(unlimited()).await;
    let renewals = (0..SOCKETS).map(|number| renew_at_the_last_moment(&server, number));
    futures_util::future::join_all(renewals).await;
}
