//! Deprecations in each output. `codegen/rust/tests/corner_cases/sample.yaml` deprecates an item of every kind.

use accord_documents::{asyncapi, docs, json_schema, openapi};
use accord_language::{Model, load, model::Leaving};
use serde_json::{Value, json};

fn sample() -> Model {
    load("../rust/tests/corner_cases/sample.yaml").unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}\n\nis not in\n\n{text}");
    }
}

/// A file of the npm package.
fn package(name: &str) -> String {
    let files = accord_documents::package(&sample());
    files.into_iter().find(|file| file.path == format!("typescript/{name}")).unwrap().text
}

#[test]
fn all_that_clients_use_is_listed_with_the_paths_of_fields() {
    let uses: Vec<_> = sample().deprecated().into_iter().map(|used| (used.what, used.name)).collect();
    let expected = [
        (Leaving::EventField, "plant/tree/isLeaf"),
        (Leaving::EventField, "plant/level"),
        (Leaving::Event, "poke"),
        (Leaving::OperationField, "list_trees/deep"),
        (Leaving::Operation, "remove_board"),
        (Leaving::Error, "fault"),
    ];
    assert_eq!(uses, expected.map(|(what, name)| (what, name.to_owned())));
}

#[test]
fn markdown_marks_each_deprecated_item() {
    let files = docs::markdown(&sample(), &[]);
    let text: String = files.iter().map(|file| file.text.as_str()).collect();
    assert_has(
        &text,
        &[
            "## poke\n\n*client → server* · **deprecated**",
            "Deprecated since 0.2.0.",
            "Deprecated since 0.3.0, and gone in 1.0.0: use `planted`.",
            "Deprecated since 0.3.1: use the tree's weights.",
            "A fault | Declared under the name of the fault variant. Deprecated since 0.3.0, and gone in 1.0.0: use `other`.",
            "Deprecated since 0.3.0, and gone in 1.0.0: use `level`.",
        ],
    );
}

#[test]
fn html_marks_it() {
    let html = docs::html(&sample(), &[]);
    let section = |place: &str| {
        let (_, section) = html.split_once(&format!("<section id={place}>")).unwrap_or_else(|| panic!("no {place}"));
        section.split_once("</section>").unwrap().0
    };
    let gone = "<i class=gone>deprecated</i>";
    assert_has(section("emit-poke"), &[gone, "Deprecated since 0.2.0."]);
    assert_has(section("on-shown"), &[gone, "Deprecated since 0.3.0, and gone in 1.0.0: use <code>planted</code>."]);
    assert_has(section("rest-remove_board"), &[gone]);
    assert!(!section("emit-plant").contains(gone));
    assert_has(section("emit-plant"), &["Deprecated since 0.3.1: use the tree's weights."]);
    assert_has(section("type-Slug"), &[gone]);
}

#[test]
fn typescript_has_the_tag_that_editors_strike_through() {
    assert_has(
        &package("protocol.d.ts"),
        &[
            "   * @deprecated since 0.3.1: use the tree's weights\n   */\n  level?: Level | null;",
            "   * @deprecated since 0.2.0\n   */\n  poke: (",
            "   * @deprecated since 0.3.0, and gone in 1.0.0: use `planted`\n   */\n  shown: (",
            "   * @deprecated since 0.3.0, and gone in 1.0.0: use `level`\n   */\n  deep?: boolean | null;",
            " * @deprecated since 0.3.0\n",
        ],
    );
    assert_has(
        &package("constants.d.ts"),
        &[
            "  /** @deprecated since 0.3.0, and gone in 1.0.0: use `other` */\n  readonly fault: {",
            "  /** @deprecated since 0.2.0 */\n  readonly poke: 'poke';",
            "  /** @deprecated since 0.3.0, and gone in 1.0.0: use `planted` */\n  readonly shown: 'shown';",
        ],
    );
    assert_has(&package("rest.d.ts"), &["   * @deprecated since 0.3.0, and gone in 1.0.0\n   */\n  removeBoard("]);
}

#[test]
fn asyncapi_marks_messages_and_tells_more_under_its_own_keys() {
    let document = asyncapi::document(&sample());
    let said = |pointer: &str| document.pointer(pointer).unwrap_or(&Value::Null);
    let poke = said("/components/messages/poke");
    assert_eq!(poke["deprecated"], true, "{document:#}");
    assert_eq!(said("/operations/poke/x-accord-deprecated"), &json!({ "since": "0.2.0" }));
    let shown = json!({ "since": "0.3.0", "use": "planted", "until": "1.0.0" });
    assert_eq!(said("/operations/shown/x-accord-deprecated"), &shown);
    assert_has(said("/operations/shown/description").as_str().unwrap(), &["use `planted`."]);
    assert_eq!(said("/x-accord-errors/fault/x-accord-deprecated")["use"], "other");
    assert_eq!(said("/components/schemas/Plant/properties/level/deprecated"), true);
}

#[test]
fn openapi_marks_operations_and_parameters() {
    let document = openapi::document(&sample());
    let remove = &document["paths"]["/boards/{boardId}"]["delete"];
    assert_eq!(remove["deprecated"], true);
    assert_has(remove["description"].as_str().unwrap(), &["Deprecated since 0.3.0, and gone in 1.0.0."]);
    let parameters = document["paths"]["/boards/{boardId}/trees"]["get"]["parameters"].as_array().unwrap();
    let deep = parameters.iter().find(|parameter| parameter["name"] == "deep").unwrap();
    assert_eq!(deep["deprecated"], true);
    assert_eq!(deep["description"], "Deprecated since 0.3.0, and gone in 1.0.0: use `level`.");
}

#[test]
fn json_schema_marks_types_and_fields() {
    let schema = json_schema::bundle(&sample());
    assert_eq!(schema["$defs"]["Slug"]["deprecated"], true);
    let leaf = &schema["$defs"]["Tree"]["properties"]["isLeaf"];
    assert_eq!(leaf["deprecated"], true);
    assert_eq!(leaf["description"], "Deprecated since 0.2.0, and gone in 1.0.0: use `children`.");
    assert_eq!(schema["$defs"]["Tree"]["properties"]["type"]["deprecated"], Value::Null);
}

#[test]
fn rust_has_deprecations_in_comments_and_in_the_table_for_counting() {
    let code = accord_codegen::emit(&sample());
    assert_has(
        &code,
        &[
            "/// Deprecated since 0.3.1: use the tree's weights.\n",
            "/// Deprecated since 0.2.0.\n",
            "/// Deprecated since 0.3.0, and gone in 1.0.0: use `other`.\n",
            "what: accord_runtime::Leaving::EventField,",
            "name: \"plant/tree/isLeaf\",",
            "about: \"since 0.2.0, and gone in 1.0.0: use `children`\",",
        ],
    );
    assert!(!code.contains("#[deprecated"), "generated code and handlers would warn of themselves");
}
