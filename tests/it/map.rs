//! The map of the repository that the README has.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use crate::workspace::{ROOT, members, output};

#[test]
fn the_readme_maps_the_folders_and_the_crates_that_there_are() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    let map = readme.split_once("\n## Architecture\n").expect("the section").1;
    let map = map.split("```").nth(1).expect("the map");
    // Each folder with its lines, the further ones of which are indented.
    let mut folders: Vec<(&str, String)> = Vec::new();
    for line in map.lines().filter(|line| !line.is_empty()) {
        match line.split_once('/').filter(|_| !line.starts_with(' ')) {
            Some((folder, text)) => folders.push((folder, text.to_owned())),
            None => folders.last_mut().expect("the map begins with a folder").1.push_str(line),
        }
    }
    let mapped: BTreeSet<&str> = folders.iter().map(|(folder, _)| *folder).collect();
    let files = output(Command::new("git").args(["ls-files"]).current_dir(ROOT));
    let visible = files.lines().filter_map(|file| Some(file.split_once('/')?.0)).filter(|name| !name.starts_with('.'));
    assert_eq!(mapped, visible.collect());
    for member in members() {
        let (top, inner) = (member.folder.iter().next(), member.folder.file_name());
        let text = folders.iter().find(|(folder, _)| top.is_some_and(|top| top == *folder)).map(|(_, text)| text);
        let inner = inner.unwrap_or_default().to_string_lossy();
        let named = text.is_some_and(|text| text.contains(&*inner) || text.contains(&member.name));
        assert!(named, "the map does not name the crate {} in {}", member.name, member.folder.display());
    }
}
