//! A chat server as in production, with the demo's world.

use std::{
    env,
    fs::{self, File},
    net::{SocketAddr, TcpListener, TcpStream},
    panic,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use accord_gateway::Rate;
use accord_server::{
    config::{Config, DEMO_SECRET},
    serve::{self, Mode},
    token::{Subject, mint},
};

use crate::{client::Socket, judge};

/// The name of the server's threads.
const THREADS: &str = "server under test";

/// The length of tokens, sessions and pauses that must not end, even if the machine stands still for a while.
const FOR_GOOD: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A running server.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Placeholders in inputs, and their tokens: of a user, an administrator, and a user who uploads files.
    tokens: [(&'static str, String); 3],
    uploads: PathBuf,
    /// Keeps its directory for this process.
    _lock: File,
    /// An honest client, which must not be affected.
    bystander: Mutex<Socket>,
}

/// Whether a thread of the server has panicked. A panic costs the server only one answer, so it would go unnoticed.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// The server of this process, which starts with the first use and ends with the process.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    fn start() -> Self {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() == Some(THREADS) {
                PANICKED.store(true, Ordering::Relaxed);
            }
            hook(info);
        }));
        let (directory, lock) = empty_directory();
        let address = serve(&directory);
        let token = |id: &str, admin| {
            let subject = Subject { id: id.to_owned(), admin, ..Subject::default() };
            mint(DEMO_SECRET, &subject, FOR_GOOD).expect("a token")
        };
        let mut bystander = Socket::open(address);
        bystander.send(format!(r#"40{{"token":"{}"}}"#, token("bystander", false)).as_bytes());
        let joined = std::iter::from_fn(|| bystander.packet()).any(|packet| packet.starts_with(b"40"));
        assert!(joined, "the honest client is let in");
        Server {
            address,
            tokens: [
                ("$ALICE", token("alice", false)),
                ("$ROOT", token("root", true)),
                ("$UPLOADER", token("uploader", false)),
            ],
            uploads: directory.join("uploads"),
            _lock: lock,
            bystander: Mutex::new(bystander),
        }
    }

    /// An input, with tokens in place of its placeholders.
    pub fn signed(&self, input: &[u8]) -> Vec<u8> {
        let mut signed = Vec::with_capacity(input.len());
        let mut rest = input;
        while let Some((first, after)) = rest.split_first() {
            let found = self.tokens.iter().find(|(name, _)| rest.starts_with(name.as_bytes()));
            rest = if let Some((name, token)) = found {
                signed.extend(token.bytes());
                &rest[name.len()..]
            } else {
                signed.push(*first);
                after
            };
        }
        signed
    }

    /// Checks that the server is unharmed: no thread has panicked, and an honest client is served.
    pub fn check(&self) {
        let mut bystander = self.bystander();
        bystander.send(br#"421["ping"]"#);
        while let Some(packet) = bystander.packet() {
            judge::packet(&packet);
            if packet.starts_with(b"431[") {
                assert!(!PANICKED.load(Ordering::Relaxed), "the server panicked");
                return;
            }
        }
        panic!("the honest client's connection has ended");
    }

    /// Removes an uploaded file, so that the disk does not fill. Others may be on their way, from other targets.
    pub fn remove_upload(&self, name: &str) {
        fs::remove_file(self.uploads.join(name)).expect("the file is there");
    }

    fn bystander(&self) -> MutexGuard<'_, Socket> {
        self.bystander.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An empty directory that no other process uses while the lock is held. Nothing removes it when this process ends: a
/// later process that takes the same one does.
fn empty_directory() -> (PathBuf, File) {
    for number in 0.. {
        let place = env::temp_dir().join(format!("accord-fuzz-{number}"));
        fs::create_dir_all(&place).expect("a temporary directory");
        // Another user's directory cannot be used either.
        let Ok(lock) = File::create(place.join("lock")) else { continue };
        if lock.try_lock().is_ok() {
            let directory = place.join("served");
            fs::remove_dir_all(&directory).ok();
            return (directory, lock);
        }
    }
    unreachable!("there is always a next number")
}

/// Starts the server, with its data in this directory; its address, once it listens.
fn serve(directory: &Path) -> SocketAddr {
    loop {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let mut config = Config::demo(free, directory).expect("a loopback address");
        config.upload_quota = u64::try_from(i64::MAX).expect("it is positive");
        let gateway = &mut config.gateway;
        gateway.limits = false;
        gateway.ping_interval = FOR_GOOD;
        // The first ping comes at once, and the clients do not answer pings.
        gateway.ping_timeout = FOR_GOOD;
        gateway.connect_timeout = Duration::from_secs(1);
        gateway.max_sockets_per_user = usize::MAX;
        gateway.handshakes_per_address = Rate { per_second: 1_000_000, burst: 1_000_000 };
        let serving = move || {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = runtime.worker_threads(1).thread_name(THREADS).enable_all().build().expect("a runtime");
            runtime.block_on(serve::run(config, Mode::Demo))
        };
        let serving = thread::Builder::new().name(THREADS.to_owned()).spawn(serving).expect("a thread");
        // Another process may take the port before the server does: it then ends, and gets another port.
        while !serving.is_finished() {
            if TcpStream::connect(free).is_ok() {
                return free;
            }
            thread::yield_now();
        }
        match serving.join() {
            Ok(Err(serve::StartError::Listen { .. })) => {}
            ended => panic!("the server did not start: {ended:?}"),
        }
    }
}
