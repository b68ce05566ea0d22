//! `accord mock`: a schema, served without business logic.
//!
//! The gateway is that of a real server; its tables are made from the model when the mock starts. Start reading at
//! `service`, which adapts the model to the gateway; then `events`, the handlers; then [`make`], the data.

pub mod check;
mod downloads;
mod events;
pub mod faults;
pub mod history;
pub mod make;
mod operations;
mod routes;
mod service;
mod state;
mod tables;
mod traffic;
mod users;

use std::{fmt::Write as _, io, net::SocketAddr, sync::Arc};

use accord_gateway::{Config, Gateway, Hub, Origins};
use accord_language::Model;
use accord_runtime::Identity;
use clap::Args;

use self::{
    faults::{Asked, Faults, Mistake},
    make::Maker,
    state::{Everybody, State},
    traffic::Format,
    users::Users,
};
use crate::{
    flows,
    followed::Followed,
    listen,
    schema::{self, SchemaPath},
    terminal,
};

/// The arguments of `accord mock`.
#[derive(Args)]
#[command(
    long_about = "Serve a schema without business logic, so that clients can be written before the server is.\n\n\
                  Handshakes, limits, validation, rooms, acknowledgements and errors are those of a real server. \
                  Answers are made from the schema's examples and types, and repeat the values in the request. \
                  Everybody is a member of every room. Logs are kept in memory, so clients can catch up, send once, and \
                  read what was sent.",
    after_long_help = "Faults can be turned on and off while the mock runs, in the same notation as --fail, --latency \
                       and --deny:\n\n  curl -X PUT -H 'Content-Type: application/json' \
                       http://127.0.0.1:8000/mock/faults \\\n    -d '{\"fail\": [\"send_message=internal@0.5\"], \
                       \"latency\": [\"100..400\"]}'\n\n\
                       Anything left out is off; GET shows what is on. Tokens for any user:\n\n  curl \
                       'http://127.0.0.1:8000/mock/token?user=carol'    (&admin=true for an administrator's)\n\n\
                       History: an operation or event that reads in a room with a log shows what was sent there. Its answer lists objects of a type that durable \
                       events of the room carry, the newest first, in pages of `limit` by `page` or `before`. Until one \
                       is sent, the list is made up. A later event with the same `id` replaces an object. An event that has a \
                       field of the type of this `id`, and otherwise only fields of the object, edits the object; one \
                       that has nothing else, and is named like `message_deleted`, removes it. A repetition of an \
                       idempotent event gets the first answer. The mock keeps 1,000 objects in each of 1,000 rooms, and \
                       1,000 log entries of each room, 100,000 in all."
)]
pub struct Mock {
    #[command(flatten)]
    path: SchemaPath,

    /// Listen on this port, for connections from this machine only; 0 picks a free port
    #[arg(long, value_name = "PORT", default_value_t = 8000)]
    port: u16,

    /// Listen on this address and port instead, such as 0.0.0.0:8000 to be reachable from other machines
    #[arg(long, value_name = "ADDRESS", value_parser = listen::address)]
    listen: Option<SocketAddr>,

    /// An origin whose pages may connect, replacing the default of the mock's own origin and localhost; repeatable
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,

    /// The secret that signs tokens (HS256), for programs that sign their own
    #[arg(long, value_name = "SECRET", default_value = users::SECRET, hide_default_value = true, help_heading = "Users")]
    jwt_secret: String,

    /// A user to print a token for; repeatable
    #[arg(long = "user", value_name = "NAME", default_values = ["alice", "bob"], help_heading = "Users")]
    users: Vec<String>,

    /// Make an event, an operation or `connect` fail with an error that it declares, by name or by code, or with
    /// `internal`; always, or at a rate from 0 to 1; repeatable
    #[arg(long, value_name = "EVENT=ERROR[@RATE]", help_heading = "Faults")]
    fail: Vec<String>,

    /// Make every call, or those of one event or operation, take this many milliseconds; as with a slow handler, the
    /// events of a room wait for each other; repeatable
    #[arg(long, value_name = "[EVENT=]MS[..MS]", help_heading = "Faults")]
    latency: Vec<String>,

    /// Deny everybody membership of a room, for example channel:secret; repeatable
    #[arg(long, value_name = "SCOPE:ID", help_heading = "Faults")]
    deny: Vec<String>,

    /// Do not enforce the limits that the schema declares
    #[arg(long, help_heading = "Faults")]
    no_limits: bool,

    /// Reload the schema whenever its files change and it has no errors; clients reconnect by themselves
    #[arg(long)]
    watch: bool,

    /// The seed for generated data: the same seed gives the same data
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// Do not print traffic
    #[arg(long, conflicts_with = "json", help_heading = "Output")]
    quiet: bool,

    /// Print everything as lines of JSON, with full payloads
    #[arg(long, help_heading = "Output")]
    json: bool,
}

impl Mock {
    /// Serves until a signal stops the process.
    pub fn run(self) -> Result<(), String> {
        let mut followed = Followed::of(&self.path.schema);
        let model = followed.read().map(|schema| schema.model).map_err(|wrong| schema::report(&wrong))?;
        let asked = Asked { fail: self.fail.clone(), latency: self.latency.clone(), deny: self.deny.clone() };
        let faults = Faults::read(&model, asked).map_err(|mistakes| report(&mistakes))?;
        let mut identities = Vec::new();
        for user in &self.users {
            let wrong = |message| format!("error: --user {user:?} {message}\n");
            identities.push(users::identity(user).map_err(wrong)?);
        }
        let users = Arc::new(Users { secret: self.jwt_secret.clone(), known: identities });
        listen::block_on(self.serve(followed, model, faults, &users))
    }

    /// Serves one model after another, as the files change, where they are followed.
    async fn serve(
        &self,
        mut followed: Followed,
        model: Model,
        faults: Faults,
        users: &Arc<Users>,
    ) -> Result<(), String> {
        let mut listener = listen::listen(self.port, self.listen).await?;
        let address = listener.local_addr().map_err(|error| format!("error: cannot listen: {error}\n"))?;
        let stop = listen::stop()?;
        terminal::print(&self.banner(&model, users, address)?)?;
        let mut page: Arc<str> = flows::page(&model)?.into();
        let mut state = self.state(model, faults, users);
        loop {
            let mut next = None;
            let until = async {
                tokio::select! {
                    () = stop.cancelled() => {}
                    changed = mended(followed), if self.watch => next = Some(changed),
                }
            };
            let served = self.gateway(&page, &state, users).serve(listener, until).await;
            served.map_err(|error| format!("error: the mock stopped: {error}\n"))?;
            let Some((changed, model)) = next else { return Ok(()) };
            followed = changed;
            let faults = Faults::read(&model, state.faults().asked.clone()).unwrap_or_else(|mistakes| {
                terminal::print_error(&report(&mistakes));
                Faults::default()
            });
            match flows::page(&model) {
                Ok(changed) => page = changed.into(),
                Err(report) => terminal::print_error(&report),
            }
            state = self.state(model, faults, users);
            listener = listen::bind(address).await?;
            terminal::print_error(&format!("{}: served anew\n", self.path.schema.display()));
        }
    }

    fn state(&self, model: Model, faults: Faults, users: &Users) -> Arc<State> {
        let model = tables::keep(model);
        Arc::new(State::new(model, Maker::new(model, users.known.clone(), self.seed), faults))
    }

    fn gateway(&self, page: &Arc<str>, state: &Arc<State>, users: &Arc<Users>) -> Gateway {
        let mut service = service::service(state);
        service.endpoints.extend(routes::operations(state, users));
        let mut config = Config { limits: !self.no_limits, ..Config::default() };
        if !self.allow_origin.is_empty() {
            config.origins = Origins::Listed(self.allow_origin.clone());
        }
        let hub = Hub::with_log(Arc::clone(&state.log) as _);
        let gateway = Gateway::new(service, Everybody(Arc::clone(state)), users.verifier(), hub, config);
        let gateway = gateway.routes(routes::documentation(page, state.model));
        if self.quiet {
            return gateway;
        }
        let colour = terminal::is_colourful(&io::stdout());
        let format = if self.json { Format::Json } else { Format::Lines { colour } };
        gateway.watched_by(move |traffic| traffic::print(format, &traffic))
    }

    /// The addresses and tokens to print at start.
    fn banner(&self, model: &Model, users: &Users, address: SocketAddr) -> Result<String, String> {
        let url = format!("http://{address}");
        let mut tokens = Vec::new();
        for Identity { id: user, .. } in &users.known {
            let wrong = |message| format!("error: the token of {user:?} {message}\n");
            tokens.push((user, users.token(user, false).map_err(wrong)?));
        }
        let (name, version) = (&model.protocol.name, &model.protocol.version);
        if self.json {
            let tokens = tokens.into_iter().map(|(user, token)| (user.clone(), token.into()));
            let tokens = tokens.collect::<serde_json::Map<_, _>>();
            let protocol = serde_json::json!({ "name": name, "version": version });
            let listening =
                serde_json::json!({ "type": "listening", "url": url, "protocol": protocol, "tokens": tokens });
            return Ok(format!("{listening}\n"));
        }
        let mut text = format!("\nAccord {} mocks {name} {version}\n\n", env!("CARGO_PKG_VERSION"));
        let places = [
            ("Socket.IO", format!("{url}/socket.io/")),
            ("docs", format!("{url}{}", routes::DOCS)),
            ("tokens", format!("{url}{}?user=carol", routes::TOKEN)),
            ("faults", format!("{url}{}", routes::FAULTS)),
        ];
        for (what, place) in places {
            writeln!(text, "  {what:<11} {place}").ok();
        }
        for (user, token) in tokens {
            writeln!(text, "\n  A token for {user}:\n\n  {token}").ok();
        }
        text.push('\n');
        Ok(text)
    }
}

fn report(mistakes: &[Mistake]) -> String {
    let line = |Mistake { list, asked, message, .. }: &Mistake| format!("error: --{list} {asked} {message}\n");
    mistakes.iter().map(line).collect()
}

/// Waits until a schema has changed and has no errors; until then, prints its errors.
async fn mended(mut followed: Followed) -> (Followed, Model) {
    loop {
        let (changed, read) = followed.changed().await;
        followed = changed;
        match read {
            Ok(schema) => return (followed, schema.model),
            Err(wrong) => terminal::print_error(&format!("{}\n", schema::report(&wrong))),
        }
    }
}
