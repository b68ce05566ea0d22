//! Uploads.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{
    client::{self, Answer},
    server::{Server, server},
};

/// The length of the pieces of a body, for the second upload.
const PIECE: usize = 7;

/// An input is the body of an upload, whose parts are delimited by `--x`. The server's answer does not depend on how the body is
/// cut into pieces, and the stored file is a part of the body.
pub fn multipart(input: &[u8]) {
    let server = server();
    let [whole, pieces] = [input.len().max(1), PIECE].map(|length| upload(server, input, length));
    assert_eq!(said(&whole), said(&pieces), "it matters how the body is cut");
    if whole.status == 201 {
        let answer: Value = serde_json::from_slice(&whole.body).expect("JSON");
        let url = answer["data"]["url"].as_str().expect("the address of the file");
        let path = url.find("/files/").map(|at| &url[at..]).expect("a path");
        let stored = client::request(
            server.address,
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address).as_bytes(),
        );
        assert_eq!(stored.status, 200);
        let is_there = stored.body.is_empty() || input.windows(stored.body.len()).any(|part| part == stored.body);
        assert!(is_there, "what is stored was not sent: {:?}", String::from_utf8_lossy(&stored.body));
    }
    assert_ne!(whole.status, 500, "{}", String::from_utf8_lossy(&whole.body));
    for Answer { body, .. } in [whole, pieces] {
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        if let Some(name) = answer["data"]["filename"].as_str() {
            server.remove_upload(name);
        }
    }
    server.check();
}

/// Uploads a body in pieces of a length.
fn upload(server: &Server, body: &[u8], length: usize) -> Answer {
    let mut request = server.signed(b"POST /api/upload HTTP/1.1\r\nAuthorization: Bearer $UPLOADER\r\n");
    let mut framing = format!("Host: {}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n", server.address);
    framing.push_str("Content-Type: multipart/form-data; boundary=x\r\n\r\n");
    request.extend(framing.as_bytes());
    for piece in body.chunks(length) {
        let mut size = String::new();
        write!(size, "{:x}\r\n", piece.len()).expect("writing to a string");
        request.extend([size.as_bytes(), piece, b"\r\n"].concat());
    }
    request.extend(b"0\r\n\r\n");
    client::request(server.address, &request)
}

/// The parts of an answer that are the same for the same file.
fn said(answer: &Answer) -> (u16, Value) {
    let mut said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if let Some(file) = said.get_mut("data").and_then(Value::as_object_mut) {
        file.retain(|field, _| !matches!(field.as_str(), "id" | "filename" | "url" | "createdAt"));
    }
    (answer.status, said)
}
