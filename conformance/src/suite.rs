//! All cases of any protocol, for tests of its server: those of the flows that its schema names, and those that are derived
//! from them.

use std::{fmt, fs, path::Path, sync::Arc, time::Duration, time::Instant};

use accord_language::source::read_file;
use rand::RngExt;

use crate::{
    case::{self, Case},
    client::Endpoint,
    coverage::Coverage,
    known::Known,
    play::Server,
    protocol::Protocol,
    report::{Report, summary},
    run::{self, Outcome, Plan, Progress},
};

/// The timeout for expected packets.
const PATIENCE: Duration = Duration::from_secs(10);

/// The number of cases to run at once.
const JOBS: usize = 16;

/// A protocol with its cases.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The protocol.
    pub protocol: Arc<Protocol>,
    /// The cases, in a fixed order.
    pub cases: Vec<Case>,
}

/// A room that must exist for the cases.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Room<'s> {
    /// Its scope, by its name in the schema.
    pub scope: &'s str,
    /// Its id.
    pub id: &'s str,
    /// The ids of the users who belong to it.
    pub members: Vec<&'s str>,
}

impl Suite {
    /// The suite of the schema at `schema`, of the flows in the folder that it names, and of `further` files of flows.
    ///
    /// # Errors
    /// All errors in the schema and the flows.
    pub fn load(schema: impl AsRef<Path>, further: &[(&str, &str)]) -> Result<Self, String> {
        let model = accord_language::load(schema).map_err(|diagnostics| diagnostics.to_string())?;
        let mut files = Vec::new();
        if let Some(folder) = &model.flows {
            let unreadable = |error| format!("cannot read the flows in {}: {error}", folder.display());
            for entry in fs::read_dir(folder).map_err(unreadable)? {
                let path = entry.map_err(unreadable)?.path();
                if path.extension().is_some_and(|extension| extension == "yaml") {
                    files.push((path.display().to_string(), read_file(&path).map_err(unreadable)?));
                }
            }
        }
        files.sort();
        let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let files: Vec<(&str, &str)> = files.chain(further.iter().copied()).collect();
        let protocol = Arc::new(Protocol::new(model));
        let cases = case::of_flows(&protocol, &files).map_err(|diagnostics| diagnostics.to_string())?;
        Ok(Suite { protocol, cases })
    }

    /// The rooms that must exist before the cases run.
    pub fn rooms(&self) -> impl Iterator<Item = Room<'_>> {
        self.cases.iter().map(Case::fixture).flat_map(|fixture| {
            fixture.rooms.iter().map(|room| {
                let members = fixture.users.iter().filter(|user| room.members.contains(&user.name));
                Room { scope: &room.scope, id: &room.id, members: members.map(|user| user.id.as_str()).collect() }
            })
        })
    }

    /// Tests the server at `url` against the protocol. It checks tokens with `secret` (HS256).
    ///
    /// # Errors
    /// If `url` is not a URL.
    pub async fn run(&self, url: &str, secret: &str) -> Result<Report, String> {
        let seed = rand::rng().random_range(0..1_000_000);
        let server = Arc::new(Server {
            endpoint: Endpoint::new(url)?,
            secret: secret.to_owned(),
            run: format!("{:08x}", rand::rng().random::<u32>()),
            seed,
            shortening: PATIENCE * 3,
            patience: PATIENCE,
            protocol: self.protocol.clone(),
            coverage: Arc::new(Coverage::default()),
        });
        let plan = Plan {
            jobs: JOBS,
            fail_fast: false,
            without_limits: None,
            known: Known::default(),
            case_limit: PATIENCE * 6,
        };
        let (began, began_at) = (Instant::now(), jiff::Timestamp::now().to_string());
        let cases = self.cases.iter().cloned().map(Arc::new).collect();
        let outcomes = run::run(server, cases, &plan, &Silence).await;
        let protocol = &self.protocol.model.protocol;
        Ok(Report {
            url: url.to_owned(),
            protocol: format!("{} {}", protocol.name, protocol.version),
            seed,
            began: began_at,
            took: began.elapsed(),
            outcomes,
            coverage: None,
            advice: None,
        })
    }
}

/// Tests print no progress.
struct Silence;

impl Progress for Silence {
    fn started(&self, _: &Case) {}

    fn finished(&self, _: &Outcome) {}
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&summary(self))
    }
}
