//! `accord check`.

use clap::Args;

use crate::{
    schema::SchemaPath,
    terminal::{count, print},
};

/// The arguments of `accord check`.
#[derive(Args)]
pub struct Check {
    #[command(flatten)]
    path: SchemaPath,
}

impl Check {
    /// Prints a count of the schema's declarations, or its errors.
    pub fn run(&self) -> Result<(), String> {
        let model = self.path.load()?;
        let client: usize = model.domains.iter().map(|domain| domain.client.len()).sum();
        let server: usize = model.domains.iter().map(|domain| domain.server.len()).sum();
        let summary = format!(
            "{}: {}, {}, {}, {}, {}; no errors\n",
            self.path.schema.display(),
            count(client, "client event"),
            count(server, "server event"),
            count(model.types.len(), "type"),
            count(model.errors.len(), "error"),
            count(model.http.operations.len(), "REST operation"),
        );
        print(&summary)
    }
}
