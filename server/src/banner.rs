//! The banner that the server prints when it starts, with the address of everything it serves.

use std::{fmt, net::SocketAddr, path::Path};

/// The addresses of everything that the server serves.
#[derive(Clone, Copy, Debug)]
pub struct Banner<'a> {
    /// The address that the server listens on.
    pub address: SocketAddr,
    /// The address of metrics and administration, if separate.
    pub private: Option<SocketAddr>,
    /// The database's URL, without a password.
    pub database: &'a str,
    /// The directory of uploads.
    pub uploads: &'a Path,
    /// The protocol's name and version.
    pub protocol: (&'a str, &'a str),
    /// Links and tokens for trying out the demo.
    pub demo: Option<Demo<'a>>,
}

/// Links and tokens for trying out the demo.
#[derive(Clone, Copy, Debug)]
pub struct Demo<'a> {
    /// The secret that further tokens can be signed with.
    pub secret: &'a str,
    /// Users and their tokens.
    pub tokens: &'a [(&'a str, String)],
}

impl fmt::Display for Banner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = format!("http://{}", self.address);
        let private = self.private.map_or_else(|| url.clone(), |address| format!("http://{address}"));
        let (name, version) = self.protocol;
        writeln!(f, "Accord {} serves {name} {version}", env!("CARGO_PKG_VERSION"))?;
        writeln!(f)?;
        line(f, "chat", &url)?;
        line(f, "docs", format_args!("{url}/docs, {url}/schema"))?;
        line(f, "Socket.IO", format_args!("{url}/socket.io/"))?;
        line(f, "health", format_args!("{url}/healthz, {url}/readyz"))?;
        line(f, "metrics", format_args!("{private}/metrics"))?;
        if self.private.is_some() {
            line(f, "admin", format_args!("{private}/api/admin/"))?;
        }
        line(f, "database", self.database)?;
        line(f, "uploads", self.uploads.display())?;
        let Some(Demo { secret, tokens }) = self.demo else { return Ok(()) };
        // In the fragment, which browsers do not send.
        for (user, token) in tokens {
            writeln!(f, "\n  Chat as {user}:\n\n  {url}/#token={token}")?;
        }
        let (users, tokens): (Vec<_>, Vec<_>) =
            tokens.iter().map(|(user, token)| (*user, format!("token={token}"))).unzip();
        if users.len() > 1 {
            writeln!(f, "\n  Chat as {}, side by side:\n\n  {url}/#{}", users.join(" and "), tokens.join("&"))?;
        }
        writeln!(f, "\n  Tokens for others, with --admin for administrators:\n")?;
        writeln!(f, "  accord-server token --jwt-secret {secret} --user carol")
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, value: impl fmt::Display) -> fmt::Result {
    writeln!(f, "  {name:<11} {value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banner_has_all_addresses() {
        let banner = Banner {
            address: ([127, 0, 0, 1], 8000).into(),
            private: None,
            database: "sqlite://data/accord.db",
            uploads: Path::new("data/uploads"),
            protocol: ("chat", "1.0.0"),
            demo: Some(Demo {
                secret: "s3cret",
                tokens: &[("alice", "a.b.c".to_owned()), ("bob", "d.e.f".to_owned())],
            }),
        };
        let text = banner.to_string();
        for part in [
            "serves chat 1.0.0",
            "http://127.0.0.1:8000/metrics",
            "sqlite://data/accord.db",
            "data/uploads",
            "http://127.0.0.1:8000/docs",
            "Chat as alice:\n\n  http://127.0.0.1:8000/#token=a.b.c\n",
            "Chat as alice and bob, side by side:\n\n  http://127.0.0.1:8000/#token=a.b.c&token=d.e.f\n",
            "--jwt-secret s3cret",
        ] {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
        let banner = Banner { demo: None, private: Some(([127, 0, 0, 1], 9000).into()), ..banner };
        let text = banner.to_string();
        assert!(text.contains("http://127.0.0.1:9000/metrics"), "{text}");
        assert!(!text.contains("token"), "{text}");
    }
}
