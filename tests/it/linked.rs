//! The schema compiler runs in build scripts, so the server does not link it.

use std::{collections::BTreeSet, process::Command};

use crate::workspace::{ROOT, members, output};

#[test]
fn the_server_links_no_part_of_the_compiler() {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "--locked", "--offline", "--package=accord-server", "--edges=normal,no-proc-macro"]);
    let tree = output(tree.args(["--prefix=none", "--format={p}"]).current_dir(ROOT));
    let linked: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(linked.contains("accord-runtime"), "{linked:#?}");
    let compiler =
        members().into_iter().filter(|member| member.folder.starts_with("codegen")).map(|member| member.name);
    let wrong: Vec<String> = compiler.filter(|name| linked.contains(name.as_str())).collect();
    assert!(wrong.is_empty(), "accord-server links {wrong:?}: make them [build-dependencies] of server/Cargo.toml");
}
