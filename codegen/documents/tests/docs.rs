//! The reference: what it says, where its links lead, and how flows are drawn.

use std::collections::{BTreeMap, BTreeSet};

use accord_documents::{File, docs};
use accord_flows::drawing::{Action, Answer, Chapter, Flow, Step};
use accord_language::{Model, load};
use regex::Regex;

const SCHEMAS: [&str; 3] =
    ["../../tests/whiteboard/whiteboard.yaml", "../rust/tests/corner_cases/sample.yaml", "../../schema/chat.yaml"];

fn model(path: &str) -> Model {
    load(path).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn step(clients: &[usize], action: Action) -> Step {
    Step { clients: clients.to_vec(), action, detail: None, answer: None, note: None }
}

/// A chapter with everything that a flow can have, in the words of the whiteboard.
fn flows() -> Vec<Chapter> {
    let draws = Action::Emit("draw_stroke".to_owned());
    let steps = vec![
        step(&[0, 1], Action::Alone("connected".to_owned())),
        Step {
            detail: Some("tool: <pen>; #1".to_owned()),
            answer: Some(Answer::Success),
            note: Some("A line has **two** points.".to_owned()),
            ..step(&[0], draws.clone())
        },
        step(&[0, 1], Action::Event("stroke_drawn".to_owned())),
        Step { answer: Some(Answer::Failure(vec!["board_denied".to_owned()])), ..step(&[1], draws) },
        Step { answer: Some(Answer::Refusal("refused".to_owned())), ..step(&[1], Action::Ask("connects".to_owned())) },
        step(&[1], Action::Tell("disconnects".to_owned())),
    ];
    let flow = Flow {
        name: "draw_and_see".to_owned(),
        summary: "Who draws is `seen`.".to_owned(),
        description: Some("By all.".to_owned()),
        clients: vec!["ann".to_owned(), "bob/phone".to_owned()],
        steps,
    };
    vec![Chapter { name: "strokes".to_owned(), summary: "Drawing.".to_owned(), flows: vec![flow] }]
}

fn whiteboard() -> (Model, Vec<File>) {
    let model = model(SCHEMAS[0]);
    let files = docs::markdown(&model, &flows());
    (model, files)
}

#[test]
fn the_markdown_of_a_protocol_says_all_of_it() {
    let (_, files) = whiteboard();
    let text: String = files.iter().map(|file| format!("=== {}\n{}", file.path, file.text)).collect();
    insta::assert_snapshot!(text);
}

#[test]
fn links_lead_to_places_of_the_page_each_of_which_is_there_once() {
    let ids = Regex::new(r#" id="?([\w.-]+)"#).unwrap();
    let links = Regex::new(r##" href="?#([\w.-]+)"##).unwrap();
    for path in SCHEMAS {
        let html = docs::html(&model(path), &flows());
        let mut places = BTreeSet::from(["top"]);
        for (_, [id]) in ids.captures_iter(&html).map(|captures| captures.extract()) {
            assert!(places.insert(id), "{path}: `{id}` is used twice");
        }
        let all: Vec<&str> = links.captures_iter(&html).map(|captures| captures.extract::<1>().1[0]).collect();
        let dangling: Vec<&&str> = all.iter().filter(|link| !places.contains(**link)).collect();
        // The flow is the whiteboard's.
        assert_eq!(dangling, Vec::<&&str>::new(), "{path}");
        assert!(all.len() > 50, "{path}: {} links", all.len());
    }
}

#[test]
fn links_lead_to_places_of_the_files() {
    let links = Regex::new(r"\]\(([^)#:]*)(?:#([^)]*))?\)").unwrap();
    let headings = Regex::new(r"(?m)^#+ (.*)$").unwrap();
    let anchors = Regex::new(r#"<a id="([^"]+)""#).unwrap();
    for path in SCHEMAS {
        let files = docs::markdown(&model(path), &flows());
        let places: BTreeMap<&str, Vec<String>> = files
            .iter()
            .map(|file| {
                let slug = |heading: &str| heading.to_lowercase().replace(' ', "-").replace(['.', ':', '\\'], "");
                let headings = headings.captures_iter(&file.text).map(|heading| slug(&heading[1]));
                let anchors = anchors.captures_iter(&file.text).map(|anchor| anchor[1].to_owned());
                (file.path.as_str(), headings.chain(anchors).collect())
            })
            .collect();
        let mut count = 0;
        for file in &files {
            for link in links.captures_iter(&file.text) {
                let target = match (&link[1], file.path.rsplit_once('/')) {
                    ("", _) => file.path.clone(),
                    (up, _) if up.starts_with("../") => format!("docs/{}", &up[3..]),
                    (name, Some((folder, _))) => format!("{folder}/{name}"),
                    (name, None) => name.to_owned(),
                };
                let known = places.get(target.as_str());
                let known =
                    known.unwrap_or_else(|| panic!("{path}: {} links to {target}, which is not there", file.path));
                if let Some(place) = link.get(2) {
                    let place = place.as_str();
                    assert!(
                        known.iter().any(|known| known == place),
                        "{path}: {} links to {target}#{place}",
                        file.path
                    );
                }
                count += 1;
            }
        }
        assert!(count > 50, "{path}: {count} links");
    }
}

#[test]
fn a_flow_is_a_list_of_messages_and_their_receivers() {
    let html = docs::html(&model(SCHEMAS[0]), &flows());
    let (_, flow) = html.split_once("<section id=flow-draw_and_see>").unwrap();
    insta::assert_snapshot!(flow.split_once("</section>").unwrap().0.trim(), @r#"
    <h3>Draw and see</h3><p>Who draws is <code>seen</code>.
    <p>By all.
    <div class=flow><p><b>ann</b><b>server</b><b>bob/phone</b><ol>
    <li><p class=a1>connected<p class=a3>connected
    <li><p class=s1>draw_stroke <i>tool: &lt;pen&gt;; #1</i><p>A line has <strong>two</strong> points.
    <li><p class=d1>stroke_drawn<p class=d3>
    <li><p class=u3>draw_stroke<p class=n3>board_denied
    <li><p class=u3>connects<p class=n3>refused
    <li><p class=d3>disconnects
    </ol></div>
    "#);
}

#[test]
fn an_event_leads_to_the_flows_that_show_it() {
    let html = docs::html(&model(SCHEMAS[0]), &flows());
    let shows = |place: &str| {
        let (_, section) = html.split_once(&format!("<section id={place}>")).unwrap();
        section.split_once("</section>").unwrap().0.contains("<a href=#flow-draw_and_see>Draw and see</a>")
    };
    assert_eq!([shows("emit-draw_stroke"), shows("on-stroke_drawn"), shows("emit-erase_stroke")], [true, true, false]);
}

#[test]
fn changes_are_listed_by_version() {
    let page = |path: &str| {
        let files = docs::markdown(&model(path), &[]);
        files.into_iter().find(|file| file.path == "docs/changes.md").unwrap().text
    };
    assert!(page(SCHEMAS[0]).contains("Everything has existed from the beginning, and nothing is deprecated."));
    insta::assert_snapshot!(page(SCHEMAS[1]), @r#"
    <!-- Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema. -->

    [sample](README.md) ›

    # Changes

    The additions of each version, and what is deprecated. Anything not listed has existed from the beginning.

    ## 0.3.1

    - Deprecated: `level` of [`Plant`](events/sample.md#type-Plant): Deprecated since 0.3.1: use the tree's weights.

    ## 0.3.0

    - Deprecated: [`shown`](events/sample.md#shown): Deprecated since 0.3.0, and gone in 1.0.0: use `planted`. [`remove_board`](rest.md#remove_board): Deprecated since 0.3.0, and gone in 1.0.0. [`Slug`](types.md#slug): Deprecated since 0.3.0. `deep` of [`ListTrees`](rest.md#type-ListTrees): Deprecated since 0.3.0, and gone in 1.0.0: use `level`. [`fault`](errors.md#error-fault): Deprecated since 0.3.0, and gone in 1.0.0: use `other`.

    ## 0.2.0

    - Deprecated: [`poke`](events/sample.md#poke): Deprecated since 0.2.0. `isLeaf` of [`Tree`](types.md#tree): Deprecated since 0.2.0, and gone in 1.0.0: use `children`.

    ## 0.1.0

    - Added: [`fault`](errors.md#error-fault)
    "#);
}

#[test]
fn a_text_of_the_schema_stays_a_text() {
    let mut model = model(SCHEMAS[0]);
    model.protocol.doc.summary = r#"<script>alert("1")</script> | *all* [x](javascript:alert(1))"#.to_owned();
    model.errors[0].message = "<b> | `c`".to_owned();
    let html = docs::html(&model, &[]);
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains(r#"content="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"#));
    assert!(!html.contains("href=\"javascript:") && !html.contains("<b> |"));
    let files = docs::markdown(&model, &[]);
    let errors = files.iter().find(|file| file.path == "docs/errors.md").unwrap();
    assert!(errors.text.contains(r"| &lt;b> \| \`c\` |"), "{}", errors.text);
}
