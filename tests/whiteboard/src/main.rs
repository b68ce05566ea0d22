//! Serves the whiteboard: `accord-whiteboard ADDRESS SECRET BOARD=USER,USER…`

use std::{env, process::ExitCode, sync::Arc};

use accord_gateway::{Config, Gateway, Hub};
use accord_runtime::{
    Fault,
    auth::{Keys, Verifier},
};
use accord_whiteboard::{App, Boards, protocol};
use tokio::{io::AsyncReadExt, net::TcpListener};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [address, secret, boards @ ..] = arguments.as_slice() else {
        eprintln!("usage: accord-whiteboard ADDRESS SECRET BOARD=USER,USER…");
        return ExitCode::from(2);
    };
    match serve(address, secret, boards).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: &str, secret: &str, boards: &[String]) -> Result<(), Fault> {
    let app = App(Arc::new(Boards::default()));
    for board in boards {
        let (id, members) = board.split_once('=').unwrap_or((board, ""));
        app.0.open(id, members.split(','));
    }
    let listener = TcpListener::bind(address).await?;
    println!("http://{}", listener.local_addr()?);
    let verifier = Verifier::new(Keys::secret(secret.as_bytes()));
    let gateway = Gateway::new(protocol::service(app.clone()), app, verifier, Hub::new(), Config::default());
    gateway.serve(listener, end_of_input()).await?;
    Ok(())
}

/// Returns when standard input is closed, which is how a parent process ends the server.
async fn end_of_input() {
    let mut rest = [0; 64];
    let mut input = tokio::io::stdin();
    while input.read(&mut rest).await.is_ok_and(|length| length > 0) {}
}
