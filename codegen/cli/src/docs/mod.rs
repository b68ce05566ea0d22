//! `accord docs`: the documentation of a schema, as it is edited.
//!
//! The page is what the emitter makes, with a script that only this command adds: it reloads the page when the schema
//! changes, and lays what is wrong with the schema over it until that is mended.

mod edition;

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{
        Html, IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use clap::Args;
use futures_util::stream;
use tokio::sync::watch;

use self::edition::Edition;
use crate::{
    followed::Followed,
    listen, package,
    schema::{self, SchemaPath},
    terminal,
};

/// The script that follows the schema.
const SCRIPT: &str = include_str!("live.js");

/// What is served while there has been no good edition yet.
const NOTHING: &str = include_str!("nothing.html");

/// The arguments of `accord docs`.
#[derive(Args)]
pub struct Docs {
    #[command(flatten)]
    path: SchemaPath,

    /// Listen on this port of this machine, and be seen by this machine alone; 0 is any free port
    #[arg(long, value_name = "PORT", default_value_t = 8100)]
    port: u16,

    /// Listen on this address and port instead, for example 0.0.0.0:8100, which other machines see
    #[arg(long, value_name = "ADDRESS", value_parser = listen::address)]
    listen: Option<SocketAddr>,
}

impl Docs {
    /// Serves until the process is told to stop.
    pub fn run(&self) -> Result<(), String> {
        let mut followed = Followed::of(&self.path.schema);
        let first = Edition::of(followed.read());
        match &first.wrong {
            Some(wrong) if !followed.is_there() => Err(schema::report(wrong)),
            _ => listen::block_on(self.serve(followed, first)),
        }
    }

    async fn serve(&self, followed: Followed, first: Edition) -> Result<(), String> {
        let listener = listen::listen(self.port, self.listen).await?;
        let address = listener.local_addr().map_err(|error| format!("error: cannot listen: {error}\n"))?;
        let stop = listen::stop()?;
        let schema = self.path.schema.display();
        terminal::print(&format!(
            "\nAccord {} documents {schema}, and follows every change of it\n\n  http://{address}\n\n",
            env!("CARGO_PKG_VERSION")
        ))?;
        first.tell(&self.path.schema);
        let (sender, receiver) = watch::channel(Arc::new(first));
        let router = Router::new()
            .route("/", get(page))
            .route("/live.js", get(script))
            .route("/changes", get(changes))
            .route(package::ROUTE, get(package))
            .with_state(receiver);
        tokio::select! {
            served = axum::serve(listener, router) => served.map_err(|error| format!("error: {error}\n")),
            () = edition::follow(&self.path.schema, followed, sender) => Ok(()),
            // Pages wait for changes for as long as they are open: their connections are closed by the process's end.
            () = stop.cancelled() => Ok(()),
        }
    }
}

type Following = State<watch::Receiver<Arc<Edition>>>;

/// The last good edition.
async fn page(State(editions): Following) -> impl IntoResponse {
    let edition = Arc::clone(&editions.borrow());
    let page = edition.page.as_deref().unwrap_or(NOTHING);
    let script = format!("<script src=\"/live.js\" data-edition=\"{}\" defer></script>\n", edition.id);
    let page = match page.rfind("</body>") {
        Some(end) => format!("{}{script}{}", &page[..end], &page[end..]),
        None => format!("{page}{script}"),
    };
    ([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Html(page))
}

/// A file of the npm package of the last good edition.
async fn package(State(editions): Following, Path(name): Path<String>) -> Response {
    let package = editions.borrow().package.clone();
    package.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |package| package.answer(&name))
}

async fn script() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, SCRIPT)
}

/// The edition at this moment, and each that follows, as server-sent events.
async fn changes(State(mut editions): Following) -> impl IntoResponse {
    editions.mark_changed();
    let events = stream::unfold(editions, |mut editions| async move {
        editions.changed().await.ok()?;
        let edition = Arc::clone(&editions.borrow_and_update());
        let event = Event::default().data(edition.announcement());
        Some((Ok::<_, Infallible>(event), editions))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
