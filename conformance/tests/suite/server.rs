//! The real server, for tests. Its binary is the one of this workspace: `cargo build -p accord-server` makes it.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

/// The secret of its tokens.
pub const SECRET: &str = "a secret of the tests with more than thirty-two bytes";

/// A server with a world, until it is dropped.
pub struct Server {
    process: Child,
    pub folder: tempfile::TempDir,
    pub address: SocketAddr,
}

fn binary() -> PathBuf {
    // Next to the binary under test, which cargo builds into the same folder.
    let server = Path::new(env!("CARGO_BIN_EXE_accord-conformance")).with_file_name("accord-server");
    assert!(server.exists(), "{} is missing: run `cargo build -p accord-server` first", server.display());
    server
}

/// Runs the command line.
pub fn conformance(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_accord-conformance")).args(arguments).output().unwrap()
}

impl Server {
    /// Loads `world` and serves it, with limits `on` or `off`.
    pub fn start(world: &[u8], limits: &str) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("accord.db").display());
        let file = folder.path().join("world.yaml");
        fs::write(&file, world).unwrap();
        let seeded = Command::new(binary()).args(["seed", "--database", &database]).arg(&file).output().unwrap();
        assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
        let mut process = Command::new(binary())
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &database, "--jwt-secret", SECRET])
            .args(["--rate-limits", limits, "--uploads"])
            .arg(folder.path().join("uploads"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It listens before it prints where.
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let banner: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.contains("uploads")).collect();
        let address = banner.iter().find_map(|line| line.trim().strip_prefix("chat ")?.trim().strip_prefix("http://"));
        let address = address.unwrap_or_else(|| panic!("the server did not start: {banner:?}")).parse().unwrap();
        Server { process, folder, address }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Runs the suite against it.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let url = self.url();
        conformance(&[&["run", "--url", &url, "--jwt-secret", SECRET], arguments].concat())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Either may have ended before.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The world of the suite.
pub fn world() -> Vec<u8> {
    conformance(&["world"]).stdout
}
