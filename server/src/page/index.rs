//! The page at `/schema`: an index of the files below it.

use std::fmt::Write;

use bytes::Bytes;
use http::{HeaderValue, header};

use super::{
    file::{Embedded, File},
    hash,
};
use crate::protocol::PROTOCOL;

const STYLE: &str = "\
:root {
  color-scheme: light dark;
  font: 1rem/1.6 system-ui, sans-serif;
  color: light-dark(#1d2322, #e8eae7);
  background: light-dark(#fdfcfa, #161a1a);
}
body { margin: 0 auto; padding: 2rem 1.25rem; max-width: 44rem; }
ul { columns: 15rem; padding-left: 1.25rem; }
a { color: light-dark(#0b6e5f, #5cc8b2); }
";

/// Links to all files, by folder.
pub fn page(files: &[Embedded]) -> File {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{name} {version}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Generated from the schema of {name} {version}</h1>\n",
        name = PROTOCOL.name,
        version = PROTOCOL.version,
    );
    let mut files: Vec<_> = files.iter().map(|file| file.path.rsplit_once('/').unwrap_or(("", file.path))).collect();
    files.sort_unstable();
    for files in files.chunk_by(|(folder, _), (other, _)| folder == other) {
        let folder = files[0].0;
        let address = if folder.is_empty() { "/schema".to_owned() } else { format!("/schema/{folder}") };
        if !folder.is_empty() {
            html.push_str(&format!("<h2>{folder}</h2>\n"));
        }
        html.push_str("<ul>\n");
        for (_, name) in files {
            writeln!(html, "<li><a href=\"{address}/{name}\">{name}</a></li>")
                .expect("a string takes all that is written");
        }
        html.push_str("</ul>\n");
    }
    html.push_str("</main>\n</body>\n</html>\n");
    let policy = format!(
        "default-src 'none'; style-src {}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash(STYLE)
    );
    let policy = HeaderValue::from_str(&policy).expect("a policy is visible ASCII");
    File::new("text/html; charset=utf-8", Bytes::from(html)).with(header::CONTENT_SECURITY_POLICY, policy)
}
