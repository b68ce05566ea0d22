//! A client that sends any bytes as requests, and as packets on a WebSocket (RFC 6455).

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The answer to a request.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

/// Sends one request, which asks to close the connection, and reads the answer.
///
/// # Panics
/// If it is not answered.
pub fn request(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = connect(address);
    // The server may answer and end the connection before it has read everything.
    stream.write_all(request).ok();
    let mut answered = Vec::new();
    let end = stream.read_to_end(&mut answered);
    let split = answered.windows(4).position(|part| part == b"\r\n\r\n").unwrap_or_else(|| {
        panic!("there is no answer, but {:?} ({end:?})", String::from_utf8_lossy(&answered));
    });
    let head = String::from_utf8_lossy(&answered[..split]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Answer { status: status.expect("a status"), body: answered.split_off(split + 4), head }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the server accepts a connection");
    stream.set_nodelay(true).expect("a socket");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    stream.set_write_timeout(Some(PATIENCE)).expect("a socket");
    stream
}

/// A WebSocket that carries an Engine.IO session.
pub struct Socket {
    reader: BufReader<TcpStream>,
}

/// Opcodes of frames.
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;

impl Socket {
    /// Opens a session.
    pub fn open(address: SocketAddr) -> Self {
        let mut reader = BufReader::new(connect(address));
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: \
             websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        reader.get_mut().write_all(request.as_bytes()).expect("the server reads");
        let mut line = String::new();
        while line != "\r\n" {
            assert!(line.is_empty() || line.contains(':') || line.contains("101"), "no WebSocket: {line}");
            line.clear();
            assert_ne!(reader.read_line(&mut line).expect("the server answers"), 0, "the handshake has no answer");
        }
        let mut socket = Socket { reader };
        let opened = socket.packet().expect("the server opens a session");
        assert!(opened.starts_with(b"0{"), "{}", String::from_utf8_lossy(&opened));
        socket
    }

    /// Sends a packet: as text, if it is UTF-8.
    pub fn send(&mut self, packet: &[u8]) {
        let opcode = if str::from_utf8(packet).is_ok() { TEXT } else { BINARY };
        self.send_frame(opcode, packet);
    }

    /// Sends a frame, with a mask of zeros. The server may have ended the connection.
    fn send_frame(&mut self, opcode: u8, content: &[u8]) {
        let mut frame = vec![0x80 | opcode];
        match u16::try_from(content.len()) {
            Ok(short @ 0..126) => frame.push(0x80 | short.to_be_bytes()[1]),
            Ok(length) => {
                frame.push(0x80 | 126);
                frame.extend(length.to_be_bytes());
            }
            Err(_) => {
                frame.push(0x80 | 127);
                frame.extend((content.len() as u64).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(content);
        self.reader.get_mut().write_all(&frame).ok();
    }

    /// The next packet; `None` once the connection has ended.
    pub fn packet(&mut self) -> Option<Vec<u8>> {
        let mut head = [0; 2];
        self.read(&mut head)?;
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.read(&mut length)?;
                u16::from_be_bytes(length).into()
            }
            127 => {
                let mut length = [0; 8];
                self.read(&mut length)?;
                u64::from_be_bytes(length)
            }
            short => short.into(),
        };
        let mut content = vec![0; usize::try_from(length).expect("it fits into memory")];
        self.read(&mut content)?;
        match head[0] & 0xf {
            CLOSE => None,
            TEXT => Some(content),
            opcode => panic!("the server sends a frame of the kind {opcode}"),
        }
    }

    /// Ends the connection, and reads what the server still sends.
    pub fn close(mut self, each: impl Fn(&[u8])) {
        self.send_frame(CLOSE, &[]);
        while let Some(packet) = self.packet() {
            each(&packet);
        }
    }

    fn read(&mut self, into: &mut [u8]) -> Option<()> {
        match self.reader.read_exact(into) {
            Ok(()) => Some(()),
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                panic!("the server neither says anything nor ends the connection")
            }
            Err(_) => None,
        }
    }
}
