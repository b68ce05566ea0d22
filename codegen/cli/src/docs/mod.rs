//! `accord docs`: the documentation of a schema, as it is edited.
//!
//! The page is the emitter's output, plus a script that only this command adds: it reloads the page when the schema
//! changes, and shows the schema's errors on top of it until they are fixed.

mod snapshot;

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
use tower_http::compression::CompressionLayer;

use self::snapshot::Snapshot;
use crate::{
    followed::Followed,
    listen, package,
    schema::{self, SchemaPath},
    terminal,
};

/// The script that follows the schema.
const SCRIPT: &str = include_str!("live.js");

/// The page that is served until the schema is first without errors.
const NOTHING: &str = include_str!("nothing.html");

/// The arguments of `accord docs`.
#[derive(Args)]
pub struct Docs {
    #[command(flatten)]
    path: SchemaPath,

    /// Listen on this port, for connections from this machine only; 0 picks a free port
    #[arg(long, value_name = "PORT", default_value_t = 8100)]
    port: u16,

    /// Listen on this address and port instead, such as 0.0.0.0:8100 to be reachable from other machines
    #[arg(long, value_name = "ADDRESS", value_parser = listen::address)]
    listen: Option<SocketAddr>,
}

impl Docs {
    /// Serves until a signal stops the process.
    pub fn run(&self) -> Result<(), String> {
        let mut followed = Followed::of(&self.path.schema);
        let first = Snapshot::of(followed.read());
        match &first.wrong {
            Some(wrong) if !followed.is_there() => Err(schema::report(wrong)),
            _ => listen::block_on(self.serve(followed, first)),
        }
    }

    async fn serve(&self, followed: Followed, first: Snapshot) -> Result<(), String> {
        let listener = listen::listen(self.port, self.listen).await?;
        let address = listener.local_addr().map_err(|error| format!("error: cannot listen: {error}\n"))?;
        let stop = listen::stop()?;
        let schema = self.path.schema.display();
        terminal::print(&format!(
            "\nAccord {} documents {schema}, and reloads it on every change\n\n  http://{address}\n\n",
            env!("CARGO_PKG_VERSION")
        ))?;
        first.print(&self.path.schema);
        let (sender, receiver) = watch::channel(Arc::new(first));
        let router = Router::new()
            .route("/", get(page))
            .route("/live.js", get(script))
            .route("/changes", get(changes))
            .route(package::ROUTE, get(package))
            .with_state(receiver)
            .layer(CompressionLayer::new());
        tokio::select! {
            served = axum::serve(listener, router) => served.map_err(|error| format!("error: {error}\n")),
            () = snapshot::follow(&self.path.schema, followed, sender) => Ok(()),
            // Pages wait for changes for as long as they are open: their connections are closed by the process's end.
            () = stop.cancelled() => Ok(()),
        }
    }
}

type Following = State<watch::Receiver<Arc<Snapshot>>>;

/// The page of the last schema without errors.
async fn page(State(snapshots): Following) -> impl IntoResponse {
    let snapshot = Arc::clone(&snapshots.borrow());
    let page = snapshot.page.as_deref().unwrap_or(NOTHING);
    let script = format!("<script src=\"/live.js\" data-snapshot=\"{}\" defer></script>\n", snapshot.id);
    let page = match page.rfind("</body>") {
        Some(end) => format!("{}{script}{}", &page[..end], &page[end..]),
        None => format!("{page}{script}"),
    };
    ([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Html(page))
}

/// A file of the npm package of the last schema without errors.
async fn package(State(snapshots): Following, Path(name): Path<String>) -> Response {
    let package = snapshots.borrow().package.clone();
    package.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |package| package.answer(&name))
}

async fn script() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, SCRIPT)
}

/// The current snapshot, and each one that follows, as server-sent events.
async fn changes(State(mut snapshots): Following) -> impl IntoResponse {
    snapshots.mark_changed();
    let events = stream::unfold(snapshots, |mut snapshots| async move {
        snapshots.changed().await.ok()?;
        let snapshot = Arc::clone(&snapshots.borrow_and_update());
        let event = Event::default().data(snapshot.announcement());
        Some((Ok::<_, Infallible>(event), snapshots))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
