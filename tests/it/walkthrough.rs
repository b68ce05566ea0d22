//! The page that follows an event from the schema to the wire quotes the code as it is.

use std::{fs, path::Path};

const PAGE: &str = "../server/send_message.md";

/// The quoted parts of a block: lines in a row, with `…` between the parts.
fn parts(block: &str) -> impl Iterator<Item = &str> {
    block.split("\n…\n").map(|part| part.trim_matches('\n'))
}

#[test]
fn the_page_that_follows_send_message_quotes_the_code_as_it_is() {
    let page = fs::read_to_string(PAGE).expect("the page is there");
    let mut quoted = 0;
    // A stop is a link to a file, and the code that is quoted from it.
    for stop in page.split("\n[`").skip(1) {
        let (path, rest) = stop.split_once("`](../").expect("a stop links its file");
        let block = rest.split("\n```").nth(1).expect("a stop quotes code");
        let (_, block) = block.split_once('\n').expect("a block begins with its language");
        let code = fs::read_to_string(Path::new("..").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        for part in parts(block) {
            assert!(code.contains(part), "{PAGE} quotes what is not in {path}:\n{part}");
            quoted += 1;
        }
    }
    assert!(quoted > 12, "{quoted} quotations were found");
}
