//! A server that takes TLS.

use std::{fs, net::SocketAddr, process::Command, sync::Arc};

use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::server::{SECRET, Server, world};

/// Takes TLS in front of `upstream`, until the runtime ends. Returns where, and the certificate as PEM.
async fn front(upstream: SocketAddr) -> (SocketAddr, String) {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that does not trust the certificate goes away.
                let Ok(mut client) = acceptor.accept(stream).await else { return };
                let mut server = TcpStream::connect(upstream).await.unwrap();
                tokio::io::copy_bidirectional(&mut client, &mut server).await.ok();
            });
        }
    });
    (address, cert.pem())
}

#[test]
fn a_server_may_take_tls_by_a_certificate_that_the_system_trusts() {
    let server = Server::start(&world(), "on");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (address, certificate) = runtime.block_on(front(server.address));
    let trusted = server.folder.path().join("trusted.pem");
    fs::write(&trusted, certificate).unwrap();
    let url = format!("https://localhost:{}", address.port());
    let run = |trusted: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_accord-conformance"));
        command.args(["run", "--url", &url, "--jwt-secret", SECRET, "--filter", "upload_and_send"]);
        let output = command.env("SSL_CERT_FILE", trusted).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, log) = run(trusted.to_str().unwrap());
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("upload_and_send[channel, upgrade]"), "{log}");

    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let untrusted = server.folder.path().join("untrusted.pem");
    fs::write(&untrusted, other.cert.pem()).unwrap();
    let (code, log) = run(untrusted.to_str().unwrap());
    assert_eq!(code, Some(2), "{log}");
    assert!(log.starts_with(&format!("cannot reach {url}")) && log.contains("certificate"), "{log}");
    assert_eq!(log.lines().count(), 1, "{log}");
}
