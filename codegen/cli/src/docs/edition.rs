//! The editions of a schema's documentation: one whenever its files have changed.

use std::{path::Path, sync::Arc};

use accord_codegen::{Diagnostics, Schema, emit};
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::watch;

use crate::{flows, followed::Followed, package::Package, schema};

/// What is shown at one time.
#[derive(Clone, Debug)]
pub struct Edition {
    /// What tells its page from any other, those of earlier processes included.
    pub id: String,
    /// The documentation of the schema when it last was without errors.
    pub page: Option<Arc<str>>,
    /// The npm package of that schema.
    pub package: Option<Arc<Package>>,
    /// What is wrong with the schema now.
    pub wrong: Option<Diagnostics>,
}

impl Edition {
    /// The first edition.
    pub fn of(read: Result<Schema, Diagnostics>) -> Self {
        let id = Timestamp::now().as_nanosecond().to_string();
        match read {
            Ok(Schema { model, .. }) => {
                let page = flows::page(&model).unwrap_or_else(|report| {
                    eprint!("{report}");
                    emit::docs::html(&model, &[])
                });
                Edition { id, page: Some(page.into()), package: Some(Arc::new(Package::of(&model))), wrong: None }
            }
            Err(wrong) => Edition { id, page: None, package: None, wrong: Some(wrong) },
        }
    }

    /// The edition that follows: while there are errors, the page stays.
    fn followed_by(&self, read: Result<Schema, Diagnostics>) -> Self {
        match read {
            Ok(schema) => Edition::of(Ok(schema)),
            Err(wrong) => Edition { wrong: Some(wrong), ..self.clone() },
        }
    }

    /// Says on the terminal what is wrong, or that nothing is.
    pub fn tell(&self, schema: &Path) {
        match &self.wrong {
            Some(wrong) => eprintln!("{}", schema::report(wrong)),
            None => eprintln!("{}: no errors", schema.display()),
        }
    }

    /// What open pages are told.
    pub fn announcement(&self) -> String {
        json!({ "edition": self.id, "report": self.wrong.as_ref().map(|wrong| wrong.render(false)) }).to_string()
    }
}

/// Sends the editions that follow, for as long as anybody waits for them.
pub async fn follow(schema: &Path, mut followed: Followed, editions: watch::Sender<Arc<Edition>>) {
    loop {
        let (changed, read) = followed.changed().await;
        followed = changed;
        let next = editions.borrow().followed_by(read);
        next.tell(schema);
        editions.send_replace(Arc::new(next));
    }
}
