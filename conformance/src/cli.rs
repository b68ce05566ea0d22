//! The command line.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use accord_codegen::Diagnostics;
use clap::{Args, Parser, Subcommand};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};

use crate::{
    case::{self, Case},
    client::Endpoint,
    coverage::Coverage,
    known::Known,
    play::Server,
    preflight,
    protocol::Protocol,
    report::{Report, Terminal, summary},
    run::{self, Plan},
    suite::Suite,
    world,
};

/// Holds any server of the protocol to its schema and its documentation.
#[derive(Debug, Parser)]
#[command(name = "accord-conformance", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the cases against a server. Ends with 0 where all pass, 1 where some fail, 2 where the run cannot begin.
    Run(Box<RunArgs>),
    /// Print the world file that the cases need loaded into the server.
    World(WorldArgs),
}

#[derive(Args, Debug)]
struct WorldArgs {
    #[command(flatten)]
    spoken: Spoken,
    /// Further flows; see `run --flows`.
    #[arg(long, value_name = "FILE")]
    flows: Vec<PathBuf>,
}

/// The protocol that is spoken.
#[derive(Args, Debug)]
struct Spoken {
    /// Another protocol than the one that comes with this command, by its schema's first file: the cases are those of the
    /// flows in the folder that it names, and those that are derived from them.
    #[arg(long, value_name = "SCHEMA", conflicts_with = "protocol")]
    schema: Option<PathBuf>,
    /// A released version of the protocol, such as 1.0.0, in place of today's: its flows are replayed as clients do that
    /// were built for it. What came later is nothing to them; all that it documents has to hold.
    #[arg(long, value_name = "VERSION", value_parser = release)]
    protocol: Option<&'static str>,
}

fn release(version: &str) -> Result<&'static str, String> {
    Protocol::releases().find(|known| *known == version).ok_or_else(|| {
        let all: Vec<&str> = Protocol::releases().collect();
        format!("no such version has been released; there are: {}", all.join(", "))
    })
}

impl Spoken {
    /// It, with its cases, those of `further` flows and so many random sequences.
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
    /// The secret that the server checks tokens with (HS256).
    #[arg(long, env = "ACCORD_JWT_SECRET", hide_env_values = true, required_unless_present = "list")]
    jwt_secret: Option<String>,
    /// Write junit.xml, report.json and report.html into this folder.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Run only cases whose names contain this text; may be given several times.
    #[arg(long)]
    filter: Vec<String>,
    /// Further flows: a file such as those in conformance/flows; may be given several times. Its users and rooms are part
    /// of the world that `world --flows` prints.
    #[arg(long, value_name = "FILE")]
    flows: Vec<PathBuf>,
    /// How many random sequences are held to the model.
    #[arg(long, default_value_t = 24)]
    sequences: u64,
    /// How many cases run at once.
    #[arg(long, default_value_t = 16)]
    jobs: usize,
    /// Print the names of the cases and what they show, and end.
    #[arg(long)]
    list: bool,
    /// Fail where the server has no limits, instead of leaving out what is about them.
    #[arg(long)]
    expect_limits: bool,
    /// Begin no further cases once one has failed.
    #[arg(long)]
    fail_fast: bool,
    /// What the order of the cases and other choices are made from; printed, so that a run can be repeated.
    #[arg(long)]
    seed: Option<u64>,
    /// Failures that are known, each with its reason: they still run, and one that passes fails the run.
    #[arg(long)]
    known_failures: Option<PathBuf>,
    /// How long to wait for what should come at once, in milliseconds.
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
            eprintln!("{}", why.trim_end());
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
        Command::World(_) => print(&world::render(&world::world(&cases))),
        Command::Run(args) if args.list => {
            let lines = chosen(&cases, &args.filter).map(|case| format!("{}: {}\n", case.name(), case.summary()));
            print(&lines.collect::<String>())
        }
        Command::Run(args) => {
            let known = match &args.known_failures {
                Some(path) => Known::read(path, &cases).map_err(render)?,
                None => Known::default(),
            };
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
            let runtime = runtime.map_err(|error| format!("the runtime cannot be set up: {error}"))?;
            runtime.block_on(run(&args, protocol, cases, known))
        }
    }
}

/// A file of flows, by its path and text.
fn read(path: &Path) -> Result<(String, String), String> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read the flows in {shown}: {error}"))?;
    Ok((shown, text))
}

fn print(text: &str) -> Result<bool, String> {
    let written = std::io::stdout().write_all(text.as_bytes());
    written.map(|()| true).map_err(|error| format!("cannot write to standard output: {error}"))
}

fn chosen<'c>(cases: &'c [Case], filters: &'c [String]) -> impl Iterator<Item = &'c Case> {
    let fits = |case: &&Case| filters.is_empty() || filters.iter().any(|filter| case.name().contains(filter.as_str()));
    cases.iter().filter(fits)
}

async fn run(args: &RunArgs, protocol: Arc<Protocol>, cases: Vec<Case>, known: Known) -> Result<bool, String> {
    let mut chosen: Vec<Arc<Case>> = chosen(&cases, &args.filter).cloned().map(Arc::new).collect();
    if chosen.is_empty() {
        return Err(format!("no case has a name that contains {:?}; `--list` names all", args.filter));
    }
    let seed = args.seed.unwrap_or_else(|| rand::rng().random_range(0..1_000_000));
    chosen.shuffle(&mut StdRng::seed_from_u64(seed));
    let coverage = Arc::new(Coverage::default());
    let url = args.url.clone().unwrap_or_default();
    let server = Arc::new(Server {
        endpoint: Endpoint::new(&url)?.speaking(args.spoken.protocol),
        secret: args.jwt_secret.clone().unwrap_or_default(),
        run: format!("{:08x}", rand::rng().random::<u32>()),
        seed,
        patience: Duration::from_millis(args.patience_ms),
        protocol: protocol.clone(),
        coverage: coverage.clone(),
    });
    let began = Instant::now();
    let began_at = jiff::Timestamp::now().to_string();
    let findings = preflight::check(&server, &chosen, args.expect_limits).await.map_err(|lack| lack.to_string())?;
    let keeps_limits = protocol.past.as_ref().is_none_or(|past| past.keeps_limits);
    let without_limits = match (findings.limits, keeps_limits) {
        (false, _) => Some("the server's limits are off"),
        (true, false) => Some("later versions have other limits"),
        (true, true) => None,
    };
    let plan = Plan {
        jobs: args.jobs,
        fail_fast: args.fail_fast,
        without_limits,
        known,
        case_limit: Duration::from_millis(args.patience_ms * 6),
    };
    let terminal = Terminal::new(chosen.len());
    // What need not be seen is only known of the protocol that comes with this command.
    let whole = chosen.len() == cases.len() && args.spoken.schema.is_none();
    let outcomes = run::run(server, chosen, &plan, &terminal).await;
    terminal.end();
    let report = Report {
        url,
        protocol: format!("{} {}", protocol.model.protocol.name, protocol.model.protocol.version),
        seed,
        began: began_at,
        took: began.elapsed(),
        outcomes,
        coverage: whole.then(|| coverage.table(&protocol, without_limits)),
    };
    eprint!("\n{}", summary(&report));
    if let Some(folder) = &args.report {
        report.write(folder).map_err(|error| format!("cannot write the report to {}: {error}", folder.display()))?;
        eprintln!("report: {}", folder.join("report.html").display());
    }
    Ok(report.passed())
}
