//! The requirements of `server/security.md`, and the tests that show them.

use std::{collections::BTreeMap, env, fs, path::Path, process::Command};

use crate::workspace::{ROOT, output};

const PAGE: &str = "server/security.md";

/// The tests that show a requirement: the names of the tests by file.
type Shown = BTreeMap<String, Vec<String>>;

/// The tests of all files by the numbers in their names.
fn shown() -> BTreeMap<u32, Shown> {
    let mut shown: BTreeMap<u32, Shown> = BTreeMap::new();
    let files = output(Command::new("git").args(["ls-files", "*.rs", "*.js", "*.py"]).current_dir(ROOT));
    for file in files.lines().filter(|file| !file.starts_with("tests/it/")) {
        let Ok(text) = fs::read_to_string(Path::new(ROOT).join(file)) else { continue };
        for name in text.lines().filter_map(|line| name_in(file, line)) {
            for number in numbers(name) {
                shown.entry(number).or_default().entry(file.to_owned()).or_default().push(said(name));
            }
        }
    }
    shown
}

/// The name of the test that begins on a line: the name of a function in Rust and Python, a title in JavaScript.
fn name_in<'l>(file: &str, line: &'l str) -> Option<&'l str> {
    let line = line.trim_start();
    if file.ends_with(".js") {
        // Every function here that declares a test takes the title first.
        let (_, title) = line.split_once('(').filter(|(call, _)| call.chars().all(char::is_alphabetic))?;
        let quote = title.chars().next().filter(|quote| "'\"`".contains(*quote))?;
        let ends = |(at, _): &(usize, &str)| *at > 0 && !title[..*at].ends_with('\\');
        let (end, _) = title.match_indices(quote).find(ends)?;
        return Some(&title[1..end]);
    }
    let line = line.trim_start_matches("pub ").trim_start_matches("async ");
    let name = line.strip_prefix("fn ").or_else(|| line.strip_prefix("def "))?;
    name.split('(').next().filter(|name| name.trim_start_matches("test_").starts_with("sec_"))
}

/// The numbers of requirements that a name carries.
fn numbers(name: &str) -> impl Iterator<Item = u32> {
    let number = |rest: &str| rest.get(..2)?.parse().ok();
    ["sec_", "SEC-"].into_iter().flat_map(move |prefix| name.split(prefix).skip(1).filter_map(number))
}

/// A name as a sentence, without the number that it begins with.
fn said(name: &str) -> String {
    let name = name.trim_start_matches("test_");
    let name =
        name.strip_prefix("sec_").or_else(|| name.strip_prefix("SEC-")).and_then(|name| name.get(2..)).unwrap_or(name);
    let mut said = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("${") {
        said = said + before + "…";
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    let spaced = (said + rest).replace('_', " ").replace('\\', "");
    spaced.trim_matches([' ', ':', ',']).replace('|', "\\|").replace('<', "\\<")
}

/// A requirement's second column.
fn cell(shown: &Shown) -> String {
    let tests = |(file, names): (&String, &Vec<String>)| {
        let (_, name) = file.rsplit_once('/').unwrap_or_default();
        format!("[{name}](../{file}): {}", names.join("; "))
    };
    shown.iter().map(tests).collect::<Vec<_>>().join("<br>")
}

#[test]
fn each_requirement_has_tests_and_the_page_names_them() {
    let path = Path::new(ROOT).join(PAGE);
    let page = fs::read_to_string(&path).expect("the page");
    let shown = shown();
    let (mut expected, mut known) = (String::new(), Vec::new());
    for line in page.lines() {
        match line.strip_prefix("| SEC-").and_then(|rest| rest.split_once(" | ")) {
            Some((requirement, _)) => {
                let number = requirement.get(..2).and_then(|number| number.parse().ok()).expect("a number");
                let tests = shown.get(&number).unwrap_or_else(|| panic!("no test is called `sec_{number:02}_…`"));
                known.push(number);
                expected += &format!("| SEC-{requirement} | {} |\n", cell(tests));
            }
            None => expected += &format!("{line}\n"),
        }
    }
    assert_eq!(known, (1..=40).collect::<Vec<_>>(), "{PAGE} has the requirements in their order");
    assert!(
        shown.keys().all(|number| known.contains(number)),
        "a test is called by a number that {PAGE} does not have"
    );
    if env::var_os("ACCORD_UPDATE").is_some() {
        fs::write(&path, &expected).expect("the page is written");
    } else {
        assert!(page == expected, "{PAGE} does not name the tests that there are: run this with ACCORD_UPDATE=1");
    }
}

#[test]
fn a_test_is_found_by_the_number_in_its_name() {
    let found =
        |file: &str, line: &str| name_in(file, line).map(|name| (numbers(name).collect::<Vec<_>>(), said(name)));
    let cases = [
        ("a.rs", "async fn sec_14_a_user_is_gone() {", Some((vec![14], "a user is gone"))),
        (
            "a.rs",
            "    async fn sec_15_no_token_and_sec_40_no_newline(fixture) {",
            Some((vec![15, 40], "no token and sec 40 no newline")),
        ),
        ("a.rs", "/// As `sec_14_a_user_is_gone` does.", None),
        ("a.rs", "fn a_section_of_1() {", None),
        (
            "a.js",
            "  test(`sec_23 in a ${kind.scope}, it is judged`, async () => {",
            Some((vec![23], "in a …, it is judged")),
        ),
        ("a.js", "test('SEC-07: a session\\'s id', () => {", Some((vec![7], "a session's id"))),
        ("a.js", "// test sec_07", None),
        ("a.py", "def test_sec_20_fields(server):", Some((vec![20], "fields"))),
    ];
    for (file, line, expected) in cases {
        assert_eq!(found(file, line), expected.map(|(numbers, said)| (numbers, said.to_owned())), "{line}");
    }
}
