//! The command line.

use std::{
    io::{ErrorKind, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use accord_language::{Diagnostics, source::read_file};
use clap::{Args, Parser, Subcommand};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use semver::Version;

use crate::{
    case::{self, Case},
    chat::world,
    client::Endpoint,
    coverage::Coverage,
    known::Known,
    play::Server,
    preflight,
    protocol::Protocol,
    report::{Report, Terminal, print_error, summary},
    run::{self, Plan},
    suite::Suite,
};

/// Tests any server of the protocol against its schema and documentation.
#[derive(Debug, Parser)]
#[command(name = "accord-conformance", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the cases against a server. The exit status is 0 if all pass, 1 if some fail, and 2 if the run cannot start.
    Run(Box<RunArgs>),
    /// Print the world file that must be loaded into the server before a run.
    World(WorldArgs),
}

#[derive(Args, Debug)]
struct WorldArgs {
    #[command(flatten)]
    spoken: Spoken,
    /// A file of additional flows; see `run --flows`.
    #[arg(long, value_name = "FILE")]
    flows: Vec<PathBuf>,
}

/// The protocol to test against.
#[derive(Args, Debug)]
struct Spoken {
    /// The main file of another protocol's schema, to test instead of the built-in protocol: the cases are the flows in
    /// the folder that it names, and those derived from them.
    #[arg(long, value_name = "SCHEMA", conflicts_with = "protocol")]
    schema: Option<PathBuf>,
    /// A released version of the protocol to test instead of the current one, such as 1.0.0: its flows are replayed as
    /// a client built for that version would. Everything that the version documents must hold; later additions are
    /// ignored.
    #[arg(long, value_name = "VERSION", value_parser = release)]
    protocol: Option<&'static str>,
}

fn release(version: &str) -> Result<&'static str, String> {
    Protocol::releases().find(|known| *known == version).ok_or_else(|| {
        let all: Vec<&str> = Protocol::releases().collect();
        format!("this version has not been released; the released versions are: {}", all.join(", "))
    })
}

impl Spoken {
    /// The protocol, with its cases, those of `further` flows and `sequences` random sequences.
    fn suite(&self, further: &[(&str, &str)], sequences: u64) -> Result<Suite, String> {
        let render = |diagnostics: Diagnostics| diagnostics.render(std::io::stderr().is_terminal());
        if let Some(schema) = &self.schema {
            return Suite::load(schema, further);
        }
        let protocol = self.protocol.and_then(Protocol::released).unwrap_or_else(Protocol::embedded).map_err(render)?;
        let cases = case::catalogue(&protocol, further, sequences).map_err(render)?;
        Ok(Suite { protocol: Arc::new(protocol), cases })
    }
}

#[derive(Args, Debug)]
struct RunArgs {
    #[command(flatten)]
    spoken: Spoken,
    /// The server's URL, such as http://127.0.0.1:8000
    #[arg(long, required_unless_present = "list")]
    url: Option<String>,
    /// The secret that the server verifies tokens with (HS256).
    #[arg(long, env = "ACCORD_JWT_SECRET", hide_env_values = true, required_unless_present = "list")]
    jwt_secret: Option<String>,
    /// Write junit.xml, report.json and report.html to this folder.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Run only cases whose names contain this text; repeatable.
    #[arg(long)]
    filter: Vec<String>,
    /// A file of additional flows, like those in conformance/flows; repeatable. Its users and rooms are part of the
    /// world that `world --flows` prints.
    #[arg(long, value_name = "FILE")]
    flows: Vec<PathBuf>,
    /// The number of random sequences to check against the model.
    #[arg(long, default_value_t = 24)]
    sequences: u64,
    /// The number of cases to run at once.
    #[arg(long, default_value_t = 16)]
    jobs: usize,
    /// List the cases and what each shows, without running them.
    #[arg(long)]
    list: bool,
    /// Fail if the server has no rate limits, instead of skipping the cases that need them.
    #[arg(long)]
    expect_limits: bool,
    /// Stop the run at the first failure.
    #[arg(long)]
    fail_fast: bool,
    /// The seed for the order of cases and other random choices; printed, so that a run can be repeated.
    #[arg(long)]
    seed: Option<u64>,
    /// A file of known failures, each with a reason: these cases still run, and one that passes fails the run.
    #[arg(long)]
    known_failures: Option<PathBuf>,
    /// The timeout for an expected packet, in milliseconds.
    #[arg(long, default_value_t = 10_000)]
    patience_ms: u64,
}

/// The run cannot begin.
const CANNOT: u8 = 2;

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match begin(cli.command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            print_error(&format!("{}\n", why.trim_end()));
            ExitCode::from(CANNOT)
        }
    }
}

fn begin(command: Command) -> Result<bool, String> {
    let render = |diagnostics: Diagnostics| diagnostics.render(std::io::stderr().is_terminal());
    let (spoken, paths, sequences) = match &command {
        Command::World(args) => (&args.spoken, &args.flows, 0),
        Command::Run(args) => (&args.spoken, &args.flows, args.sequences),
    };
    let further: Vec<(String, String)> = paths.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    let further: Vec<_> = further.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let Suite { protocol, cases } = spoken.suite(&further, sequences)?;
    match command {
        Command::World(_) => print(&world::render(&world::world(cases.iter().map(Case::fixture)))),
        Command::Run(args) if args.list => {
            let lines = chosen(&cases, &args.filter)?;
            print(&lines.iter().map(|case| format!("{}: {}\n", case.name(), case.summary())).collect::<String>())
        }
        Command::Run(args) => {
            let known = match &args.known_failures {
                Some(path) => {
                    let names: Vec<&str> = cases.iter().map(Case::name).collect();
                    Known::read(path, &names).map_err(render)?
                }
                None => Known::default(),
            };
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
            let runtime = runtime.map_err(|error| format!("the async runtime cannot start: {error}"))?;
            runtime.block_on(run(&args, protocol, cases, known))
        }
    }
}

/// A file of flows, by its path and text.
fn read(path: &Path) -> Result<(String, String), String> {
    let shown = path.display().to_string();
    let text = read_file(path).map_err(|error| format!("cannot read the flows in {shown}: {error}"))?;
    Ok((shown, text))
}

/// Writes to standard output. A reader that closes the pipe (`accord-conformance … | head`) is not an error.
fn print(text: &str) -> Result<bool, String> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write to standard output: {error}")),
        _ => Ok(true),
    }
}

/// The cases whose names contain one of the filters.
fn chosen(cases: &[Case], filters: &[String]) -> Result<Vec<Arc<Case>>, String> {
    let fits = |case: &&Case| filters.is_empty() || filters.iter().any(|filter| case.name().contains(filter.as_str()));
    let chosen: Vec<_> = cases.iter().filter(fits).cloned().map(Arc::new).collect();
    if chosen.is_empty() {
        let filters: Vec<String> = filters.iter().map(|filter| format!("{filter:?}")).collect();
        let filters = filters.join(" or ");
        return Err(format!("no case has a name that contains {filters}; `--list` without a filter shows all names"));
    }
    Ok(chosen)
}

/// The advice for a server that speaks an earlier version of the protocol, if there is a release to test it against.
fn advice(protocol: &Protocol, said: &Version) -> Option<String> {
    let name = &protocol.model.protocol.name;
    let own = Version::parse(&protocol.model.protocol.version).ok().filter(|own| said < own)?;
    let releases = Protocol::releases().filter_map(|release| Version::parse(release).ok());
    let release = releases.filter(|release| release <= said).max()?;
    Some(format!(
        "the server says that it speaks {name} {said}, but these cases test {own}: to test it against its own \
         version, run with --protocol {release}\n"
    ))
}

async fn run(args: &RunArgs, protocol: Arc<Protocol>, cases: Vec<Case>, known: Known) -> Result<bool, String> {
    let mut chosen = chosen(&cases, &args.filter)?;
    let seed = args.seed.unwrap_or_else(|| rand::rng().random_range(0..1_000_000));
    chosen.shuffle(&mut StdRng::seed_from_u64(seed));
    let coverage = Arc::new(Coverage::default());
    let url = args.url.clone().unwrap_or_default();
    let server = Arc::new(Server {
        endpoint: Endpoint::new(&url)?.speaking(args.spoken.protocol),
        secret: args.jwt_secret.clone().unwrap_or_default(),
        run: format!("{:08x}", rand::rng().random::<u32>()),
        seed,
        shortening: Duration::from_millis(args.patience_ms * 3),
        patience: Duration::from_millis(args.patience_ms),
        protocol: protocol.clone(),
        coverage: coverage.clone(),
    });
    let began = Instant::now();
    let began_at = jiff::Timestamp::now().to_string();
    let findings = preflight::check(&server, &chosen, args.expect_limits).await.map_err(|lack| lack.to_string())?;
    // The releases are those of the built-in protocol.
    let own = args.spoken.schema.is_none();
    let advice = findings.version.filter(|_| own).and_then(|said| advice(&protocol, &said));
    print_error(advice.as_deref().unwrap_or_default());
    let without_limits = (!findings.limits).then_some("the server's limits are off");
    let plan = Plan {
        jobs: args.jobs,
        fail_fast: args.fail_fast,
        without_limits,
        known,
        case_limit: Duration::from_millis(args.patience_ms * 6),
    };
    let terminal = Terminal::new(chosen.len());
    // The list of uncovered cells only exists for the built-in protocol.
    let whole = chosen.len() == cases.len() && own;
    let outcomes = run::run(server, chosen, &plan, &terminal).await;
    terminal.end();
    let ended_early = args.fail_fast && outcomes.iter().any(|outcome| outcome.status.fails());
    let coverage = (whole && !ended_early).then(|| coverage.table(&protocol, without_limits, &outcomes));
    let report = Report {
        url,
        protocol: format!("{} {}", protocol.model.protocol.name, protocol.model.protocol.version),
        seed,
        began: began_at,
        took: began.elapsed(),
        outcomes,
        coverage,
        advice,
    };
    print_error(&format!("\n{}", summary(&report)));
    if let Some(folder) = &args.report {
        report.write(folder).map_err(|error| format!("cannot write the report to {}: {error}", folder.display()))?;
        print_error(&format!("report: {}\n", folder.join("report.html").display()));
    }
    Ok(report.passed())
}
