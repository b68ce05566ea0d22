//! Snapshots of a schema's documentation: one for each change of its files.

use std::{path::Path, sync::Arc};

use accord_language::{Diagnostics, Schema};
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::watch;

use crate::{flows, followed::Followed, package::Package, schema, terminal};

/// The documentation of the schema at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Distinguishes its page from any other, including those of earlier processes.
    pub id: String,
    /// The documentation of the schema when it last was without errors.
    pub page: Option<Arc<str>>,
    /// The npm package of that schema.
    pub package: Option<Arc<Package>>,
    /// The schema's current errors.
    pub wrong: Option<Diagnostics>,
}

impl Snapshot {
    /// The first snapshot.
    pub fn of(read: Result<Schema, Diagnostics>) -> Self {
        let id = Timestamp::now().as_nanosecond().to_string();
        match read {
            Ok(Schema { model, .. }) => {
                let page = flows::page(&model).unwrap_or_else(|report| {
                    terminal::print_error(&report);
                    accord_documents::docs::html(&model, &[])
                });
                Snapshot { id, page: Some(page.into()), package: Some(Arc::new(Package::of(&model))), wrong: None }
            }
            Err(wrong) => Snapshot { id, page: None, package: None, wrong: Some(wrong) },
        }
    }

    /// The snapshot that follows: while there are errors, the page stays.
    fn followed_by(&self, read: Result<Schema, Diagnostics>) -> Self {
        match read {
            Ok(schema) => Snapshot::of(Ok(schema)),
            Err(wrong) => Snapshot { wrong: Some(wrong), ..self.clone() },
        }
    }

    /// Prints the schema's errors, or that it has none.
    pub fn print(&self, schema: &Path) {
        match &self.wrong {
            Some(wrong) => terminal::print_error(&format!("{}\n", schema::report(wrong))),
            None => terminal::print_error(&format!("{}: no errors\n", schema.display())),
        }
    }

    /// The event that is sent to open pages.
    pub fn announcement(&self) -> String {
        json!({ "snapshot": self.id, "report": self.wrong.as_ref().map(|wrong| wrong.render(false)) }).to_string()
    }
}

/// Sends a new snapshot after each change of the schema, while anybody receives them.
pub async fn follow(schema: &Path, mut followed: Followed, snapshots: watch::Sender<Arc<Snapshot>>) {
    loop {
        let (changed, read) = followed.changed().await;
        followed = changed;
        let next = snapshots.borrow().followed_by(read);
        next.print(schema);
        snapshots.send_replace(Arc::new(next));
    }
}
