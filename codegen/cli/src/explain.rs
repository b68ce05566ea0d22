//! `accord explain`.

use std::path::PathBuf;

use accord_codegen::explain;
use clap::Args;

use crate::{schema::report, terminal::print};

/// The arguments of `accord explain`.
#[derive(Args)]
pub struct Explain {
    /// A rule of `accord check`, `accord lint` or `accord diff`, or the name of an error, an error code, an event, an operation or a type.
    name: String,
    /// The schema's first file.
    #[arg(long, value_name = "SCHEMA", default_value = "schema/chat.yaml")]
    schema: PathBuf,
}

impl Explain {
    /// Says what there is to know of a name; of everything that has it, where several do.
    pub fn run(&self) -> Result<(), String> {
        // A rule is looked up most where the schema has errors, and needs none.
        let schema = accord_codegen::load(&self.schema);
        let found = explain::explain(&self.name, schema.as_ref().ok());
        match (found, schema) {
            (Ok(pages), _) => print(&pages.join("\n\n")),
            (Err(_), Err(diagnostics)) => {
                let report = report(&diagnostics);
                Err(format!(
                    "{report}\nerror: no rule is called `{}`, and the schema's names are not known\n",
                    self.name
                ))
            }
            (Err(help), Ok(_)) => Err(format!("error: nothing is called `{}`\n  = help: {help}\n", self.name)),
        }
    }
}
