//! REST.

use std::sync::atomic::Ordering;

use accord_gateway::Config;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::client::{Server, now, signed, token};

#[tokio::test]
async fn path_query_and_body_are_one_input() {
    let server = Server::start(Config::default()).await;
    let answer = server.rest("alice", "GET /api/rooms/lobby?page=2&page=3&deep=true&other=1", None).await;
    let input = json!({ "room": "lobby", "page": 2, "deep": true });
    assert_eq!((answer.status, answer.json()), (200, json!({ "data": { "by": "alice", "input": input } })));
    for header in ["content-type: application/json", "cache-control: no-store", "x-content-type-options: nosniff"] {
        assert!(answer.head.contains(header), "{}", answer.head);
    }
    let answer = server.rest("root", "PUT /api/rooms/a%2Fb%20c", Some(&json!({ "name": "n", "room": "x" }))).await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "data": { "name": "n", "room": "a/b c" } })));
    let head = server.rest("alice", "HEAD /api/rooms/lobby", None).await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[tokio::test]
async fn a_request_may_say_the_version_that_its_client_speaks() {
    let server = Server::start(Config::default()).await;
    let ask = async |version: &str| {
        let bearer = format!("Authorization: Bearer {}", token("alice"));
        let head = format!("GET /api/rooms/lobby HTTP/1.1\r\n{bearer}\r\nProtocol-Version: {version}");
        let answer = server.request(&head, b"").await;
        (answer.status, answer.json()["message"].clone())
    };
    for version in ["1", "1.0", "1.7.0"] {
        assert_eq!(ask(version).await, (200, json!(null)), "{version}");
    }
    let other = "Not my version: the client speaks 2, this server speaks desk 1";
    assert_eq!(ask("2").await, (400, json!(other)));
    let none = "Not my version: what the client says is not a version, this server speaks desk 1";
    assert_eq!(ask("<b>").await, (400, json!(none)));
}

#[tokio::test]
async fn failures_have_their_status_and_code() {
    let server = Server::start(Config::default()).await;
    let expired = signed(&json!({ "sub": "alice", "exp": now() - 1.0 }));
    let bearer = |token: &str| format!("GET /api/rooms/lobby HTTP/1.1\r\nAuthorization: Bearer {token}");
    let plain = json!({ "message": "Token wanted", "code": "token_missing" });
    let refused = json!({ "message": "Token refused", "code": "token_refused" });
    let cases = [
        (server.request("GET /api/rooms/lobby HTTP/1.1", b"").await, 401, plain.clone()),
        (server.request("GET /api/rooms/lobby HTTP/1.1\r\nAuthorization: Basic eA==", b"").await, 401, plain),
        (server.request(&bearer("bad"), b"").await, 401, refused.clone()),
        (server.request(&bearer(&expired), b"").await, 401, refused),
        (
            server.rest("alice", "GET /api/rooms/cellar", None).await,
            403,
            json!({ "message": "Not your room", "code": "room_denied" }),
        ),
        (
            server.rest("alice", "PUT /api/rooms/lobby", Some(&json!(1))).await,
            403,
            json!({ "message": "Administrators alone", "code": "admin_only" }),
        ),
        (
            server.rest("alice", "GET /api/rooms/cellar?page=x", None).await,
            400,
            json!({
                "message": "Not valid",
                "code": "invalid_payload",
                "details": [{ "path": "/page", "message": "must be an integer" }],
            }),
        ),
        (
            server.rest("alice", "GET /api/nothing", None).await,
            404,
            json!({ "message": "Not found", "code": "not_found" }),
        ),
        (
            server.rest("alice", "POST /api/break", None).await,
            500,
            json!({ "message": "Failed to do it", "code": "internal" }),
        ),
    ];
    for (answer, status, body) in cases {
        assert_eq!((answer.status, answer.json()), (status, body));
    }
    let wrong = server.rest("alice", "PATCH /api/rooms/lobby", None).await;
    assert_eq!((wrong.status, wrong.json()["code"].as_str()), (405, Some("method_not_allowed")));
    assert!(wrong.head.contains("allow: ") && wrong.head.contains("put"), "{}", wrong.head);
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_invalid() {
    let server = Server::start(Config { max_packet_bytes: 1000, ..Config::default() }).await;
    let put = |kind: &str| {
        format!("PUT /api/rooms/lobby HTTP/1.1\r\nAuthorization: Bearer {}\r\nContent-Type: {kind}", token("root"))
    };
    for (kind, body, message) in [
        ("application/json", "[]", "must be an object"),
        ("application/json", "{", "is not valid JSON"),
        ("application/json", "", "is not valid JSON"),
        ("application/json", "\u{FEFF}{}", "is not valid JSON"),
        ("text/plain", "{}", "must be JSON, and say so: Content-Type: application/json"),
    ] {
        let answer = server.request(&put(kind), body.as_bytes()).await;
        assert_eq!((answer.status, &answer.json()["details"]), (400, &json!([{ "path": "", "message": message }])));
    }
    let large = server.request(&put("application/json"), &[b' '; 1001]).await;
    assert_eq!((large.status, large.json()["code"].as_str()), (413, Some("too_large")));
}

#[tokio::test]
async fn a_public_operation_needs_no_token_and_is_limited_by_address() {
    let server = Server::start(Config::default()).await;
    let answer = server.request("GET /files/x HTTP/1.1", b"").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "x"));
    let answer = server.request("GET /files/x HTTP/1.1", b"").await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (429, Some("rate_limited")));
    let retry = answer.head.lines().find_map(|line| line.strip_prefix("retry-after: ")).unwrap();
    assert!((3590..=3600).contains(&retry.parse::<u64>().unwrap()), "{retry}");
}

/// A connection on which a user has asked for a large answer.
async fn ask_for_large(server: &Server, user: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!("GET /api/large HTTP/1.1\r\nAuthorization: Bearer {}\r\nHost: x\r\n", token(user));
    stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn sec_30_a_users_next_answer_is_made_once_the_user_has_read_an_earlier_one() {
    let server = Server::start(Config { max_answers_per_user: 2, ..Config::default() }).await;
    let made = || server.desk.made.load(Ordering::Relaxed);
    let (mut asked, mut first) = (Vec::new(), [0]);
    for number in 0..6 {
        let mut stream = ask_for_large(&server, "alice").await;
        if number < 2 {
            stream.read_exact(&mut first).await.unwrap();
        }
        asked.push(stream);
    }
    let mut whole = Vec::new();
    ask_for_large(&server, "bob").await.read_to_end(&mut whole).await.unwrap();
    assert_eq!(made(), 3, "two for Alice, who reads nothing, and one for Bob");
    let mut reading = JoinSet::new();
    for mut stream in asked {
        reading.spawn(async move {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.unwrap();
            rest
        });
    }
    let body = |answer: &[u8]| answer.windows(4).position(|window| window == b"\r\n\r\n").map(|end| answer.len() - end);
    for rest in reading.join_all().await {
        assert_eq!(body(&rest), body(&whole), "all of it comes");
    }
    assert_eq!(made(), 7);
}

#[tokio::test]
async fn large_answers_are_compressed_for_clients_that_accept_it() {
    let server = Server::start(Config::default()).await;
    let ask = async |line: &str, headers: &str| {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let head =
            format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}", token("alice"));
        stream.write_all(format!("{head}\r\n{headers}\r\n").as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        let body = answer.split_off(end);
        (String::from_utf8(answer).unwrap().to_ascii_lowercase(), body)
    };
    let (head, body) = ask("GET /api/large", "Accept-Encoding: gzip\r\n").await;
    assert!(head.contains("content-encoding: gzip") && head.contains("vary: accept-encoding"), "{head}");
    assert!(body.len() < 1 << 20, "{} bytes", body.len());
    let (head, body) = ask("GET /api/large", "").await;
    assert!(!head.contains("content-encoding") && head.contains("vary: accept-encoding"), "{head}");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
    let (head, _) = ask("GET /api/rooms/lobby", "Accept-Encoding: gzip\r\n").await;
    assert!(!head.contains("content-encoding"), "a small one is sent as it is: {head}");
}

pub fn multipart(field: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--x\r\nContent-Disposition: form-data; \
         name=\"{field}\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--x--\r\n"].concat()
}

pub fn upload(kind: &str) -> String {
    format!("POST /api/files HTTP/1.1\r\nAuthorization: Bearer {}\r\nContent-Type: {kind}", token("alice"))
}

#[tokio::test]
async fn a_file_is_read_as_it_arrives() {
    let server = Server::start(Config::default()).await;
    let head = upload("multipart/form-data; boundary=x");
    let answer = server.request(&head, &multipart("file", &[7; 100_000])).await;
    let file = json!({ "data": { "name": "a.txt", "type": "text/plain", "size": 100_000 } });
    assert_eq!((answer.status, answer.json()), (201, file));
    let missing = json!([{ "path": "/file", "message": "is required" }]);
    let answer = server.request(&head, &multipart("other", b"x")).await;
    assert_eq!((answer.status, &answer.json()["details"]), (400, &missing));
    let answer = server.request(&upload("application/json"), b"{}").await;
    assert_eq!((answer.status, &answer.json()["details"]), (400, &missing));
}

#[tokio::test]
async fn an_upload_that_is_refused_half_way_gets_its_answer() {
    let server = Server::start(Config::default()).await;
    let head = upload("multipart/form-data; boundary=x");
    let answer = server.request(&head, &multipart("file", &vec![7; 8_000_000])).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (409, Some("too_loud")));
}

#[tokio::test]
async fn sec_32_an_upload_has_a_bounded_preamble_and_bounded_headers_and_other_parts() {
    let server = Server::start(Config::default()).await;
    let head = upload("multipart/form-data; boundary=x");
    let (file, much) = (multipart("file", b"hello"), vec![b'-'; 2 << 20]);
    let header = b"--x\r\nX: ".to_vec();
    let part = b"--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n".to_vec();
    for (before, message) in [
        (vec![much.clone(), b"\r\n".to_vec()], "broke off, or is not well-formed"),
        (vec![header, much.clone(), b"\r\n\r\n".to_vec()], "broke off, or is not well-formed"),
        (vec![b"--x\r\n\r\n\r\n".repeat(4000)], "broke off, or is not well-formed"),
        (vec![part, much, b"\r\n".to_vec()], "comes after too much else"),
    ] {
        let answer = server.request(&head, &[before.concat(), file.clone()].concat()).await;
        let details = json!([{ "path": "/file", "message": message }]);
        assert_eq!((answer.status, &answer.json()["details"]), (400, &details));
    }
    assert_eq!(server.request(&head, &[b"see\r\n", &file[..]].concat()).await.status, 201);
}
