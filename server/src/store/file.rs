//! The file of a SQLite database: the lock of the server that uses it, and checks that it is still there.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    mem,
    path::{Path, PathBuf},
    process,
};

use sqlx::{AnyConnection, AssertSqlSafe, Connection, raw_sql};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::OpenProblem;

/// The file was deleted or replaced while it was open. Writes to it would be lost when the process ends.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "{} was deleted, moved or replaced while it was open, so writes are refused: put the same file back, or restart \
     the server",
    .0.display()
)]
pub struct FileLost(PathBuf);

/// The file of an open database.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    /// The database and its write-ahead log, each with the identity that distinguishes it from another file of that
    /// name.
    parts: Vec<(PathBuf, Identity)>,
    /// A connection that is open for as long as the database is. SQLite replaces the write-ahead log when the last
    /// connection closes, so while this one is open, only another program can replace it.
    anchor: Mutex<Option<AnyConnection>>,
    /// The lock of a server that has the file to itself.
    claim: Option<File>,
    /// The mark of that server in the file.
    mark: Option<Mark>,
}

/// A random number in the header of a database's file. It is gone after another database has been copied over the file,
/// which keeps the file's identity, and which SQLite's cache hides.
#[derive(Debug)]
struct Mark {
    /// A separate handle. It stays open until the process ends: closing it would release SQLite's locks.
    file: &'static File,
    number: u32,
}

impl Mark {
    /// Marks the file that this connection is open to. `None` if the mark does not reach the file itself, because the disk is
    /// full or another process reads the log.
    async fn put(path: &Path, connection: &mut AnyConnection) -> Option<Self> {
        // SQLite's user version is a signed number.
        let number = Uuid::new_v4().as_fields().0 >> 1;
        let put = format!("PRAGMA user_version = {number}; PRAGMA wal_checkpoint(TRUNCATE);");
        raw_sql(AssertSqlSafe(put)).execute(connection).await.ok()?;
        let file = File::open(path).ok()?;
        let mark = Mark { file: Box::leak(Box::new(file)), number };
        mark.is_there().then_some(mark)
    }

    /// Whether it is in the file's header: <https://www.sqlite.org/fileformat.html>, section 1.3.
    #[cfg(unix)]
    fn is_there(&self) -> bool {
        use std::os::unix::fs::FileExt;
        let mut header = [0; 64];
        self.file.read_exact_at(&mut header, 0).is_ok()
            && header.starts_with(b"SQLite format 3\0")
            && header[60..] == self.number.to_be_bytes()
    }

    /// Other systems refuse writes by others to an open file.
    #[cfg(not(unix))]
    fn is_there(&self) -> bool {
        true
    }
}

impl DatabaseFile {
    /// The file at a path, to which this connection is open.
    pub(super) async fn opened(path: &Path, mut anchor: AnyConnection, claim: Option<File>) -> Self {
        let mark = if claim.is_some() { Mark::put(path, &mut anchor).await } else { None };
        let target = target(path);
        let mut parts = vec![path.to_owned(), beside(&target, "-wal")];
        if claim.is_some() {
            parts.push(beside(&target, "-lock"));
        }
        let parts = parts.into_iter().filter_map(|path| identity(&path).ok().map(|identity| (path, identity)));
        DatabaseFile { parts: parts.collect(), anchor: Mutex::new(Some(anchor)), claim, mark }
    }

    /// Makes sure that the same file is still in its place. It may be moved away and back again.
    pub(super) fn check(&self) -> Result<(), FileLost> {
        let lost = self.parts.iter().find(|(path, opened)| !identity(path).is_ok_and(|found| found == *opened));
        let overwritten = || self.parts.first().filter(|_| self.is_overwritten());
        lost.or_else(overwritten).map_or(Ok(()), |(path, _)| Err(FileLost(path.clone())))
    }

    fn is_overwritten(&self) -> bool {
        self.mark.as_ref().is_some_and(|mark| !mark.is_there())
    }

    /// Closes the last connection, which merges the log into the database, and lets another server have the file.
    pub(super) async fn close(&self) {
        match self.anchor.lock().await.take() {
            Some(anchor) if self.is_overwritten() => self.set_log_aside(anchor),
            Some(anchor) => {
                if let Err(error) = anchor.close().await {
                    tracing::warn!(%error, "the database was not closed cleanly; it will recover at the next start");
                }
            }
            None => {}
        }
        if let Some(Err(error)) = self.claim.as_ref().map(File::unlock) {
            tracing::warn!(%error, "could not release the database's lock, which is held until the process ends");
        }
    }

    /// Keeps the log from being merged into a file that it does not belong to, now or at the next start.
    fn set_log_aside(&self, anchor: AnyConnection) {
        mem::forget(anchor);
        let Some((path, _)) = self.parts.first() else { return };
        let log = beside(&target(path), "-wal");
        let aside = beside(&log, &format!("-{}", process::id()));
        match fs::rename(&log, &aside) {
            Ok(()) => tracing::error!(
                database = %path.display(),
                log = %aside.display(),
                "the database was overwritten; what was written last is in this log"
            ),
            Err(error) => tracing::error!(%error, log = %log.display(), "the database was overwritten; delete its log"),
        }
    }
}

/// The file that a path leads to. SQLite follows links before it names the log.
fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Takes the lock that a server holds while it has a database to itself. The system releases it when the process ends,
/// however that happens. The lock is on a file beside the database, because SQLite's own locks on the database's file
/// would be lost with another handle of it.
pub(super) fn claim(database: &Path) -> Result<File, OpenProblem> {
    if !database.exists() {
        // A link may lead to a file that is not there yet: the lock belongs beside that file.
        let created = File::options().create(true).append(true).open(database);
        created.map_err(|error| OpenProblem::File { path: database.to_owned(), reason: error.to_string() })?;
    }
    let path = beside(&target(database), "-lock");
    let failed = |error| OpenProblem::Lock { path: path.clone(), error };
    let mut file = File::options().create(true).read(true).write(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok());
            return Err(OpenProblem::InUse { holder });
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    // The number is for people, and left out if the disk is full.
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", process::id()));
    Ok(file)
}

/// A file's path with a suffix to its name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The identity of a file, which differs for another one of the same name: its device and its inode.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Other systems refuse to delete an open file.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<Identity> {
    fs::metadata(path).map(|_| ())
}
