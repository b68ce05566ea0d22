//! Packets on a connection.

use crate::{client::Socket, judge, server::server};

/// The last packet, whose answer ends the input.
const LAST: &[u8] = br#"42999999["ping"]"#;
const ANSWERED: &[u8] = b"43999999[";

/// An input is a list of Engine.IO packets for a WebSocket, one per line; `$ALICE` and `$ROOT` stand for tokens. Every answer of
/// the server follows the protocol; a socket that only sends events gets the last answer, or its connection ends; and an honest
/// client is not affected. A socket joins as Alice, unless the first packet joins otherwise.
pub fn packets(input: &[u8]) {
    let server = server();
    let input = server.signed(input);
    let mut packets: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let join = server.signed(br#"40{"token":"$ALICE"}"#);
    if !packets[0].starts_with(b"40") {
        packets.insert(0, &join);
    }
    let mut socket = Socket::open(server.address);
    socket.send(packets[0]);
    let joined = loop {
        let Some(packet) = socket.packet() else { break false };
        judge::packet(&packet);
        match packet.get(..2) {
            Some(b"40") => break true,
            Some(b"44") => break false,
            _ => {}
        }
    };
    if joined {
        packets[1..].iter().for_each(|packet| socket.send(packet));
        if packets[1..].iter().all(|packet| packet.starts_with(b"42")) {
            socket.send(LAST);
            while let Some(packet) = socket.packet() {
                judge::packet(&packet);
                if packet.starts_with(ANSWERED) {
                    break;
                }
            }
        }
    }
    socket.close(judge::packet);
    server.check();
}
