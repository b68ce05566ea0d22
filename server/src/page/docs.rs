//! The reference at `/docs`: one page, whose policy only allows the scripts in it.

use bytes::Bytes;
use http::{HeaderValue, header};

use super::{file::File, hash};

/// The page.
pub fn page(html: &'static str) -> File {
    let policy = HeaderValue::from_str(&policy(html)).expect("a policy is visible ASCII");
    File::new("text/html; charset=utf-8", Bytes::from_static(html.as_bytes()))
        .with(header::CONTENT_SECURITY_POLICY, policy)
}

/// The page's policy: it may run its own scripts and styles, and send requests to this server.
fn policy(html: &str) -> String {
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data:; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        sources(html, "script"),
        sources(html, "style"),
    )
}

/// The hashes of all inline elements of a kind, and this server's own files.
fn sources(html: &str, element: &str) -> String {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let starts = html.match_indices(&open).map(|(at, _)| at + open.len());
    let contents = starts.filter_map(|start| {
        let rest = &html[start..];
        let text = &rest[rest.find('>')? + 1..];
        Some(&text[..text.find(&close)?])
    });
    let hashes = contents.filter(|text| !text.trim().is_empty()).map(hash);
    ["'self'".to_owned()].into_iter().chain(hashes).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_only_the_elements_of_the_page() {
        let html = "<style>a{}</style><script type=\"module\">one()</script><script src=\"x.js\"></script>\
                    <p><script>two()</script>";
        assert_eq!(
            policy(html),
            format!(
                "default-src 'none'; script-src 'self' {} {}; style-src 'self' {}; img-src data:; connect-src 'self'; \
                 base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                hash("one()"),
                hash("two()"),
                hash("a{}")
            )
        );
    }
}
