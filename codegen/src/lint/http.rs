//! REST operations.

use super::{
    Finding, Level, Protocol, Rule,
    protocol::{Base, method_name},
    words::{is_plural, is_verb, words},
};
use crate::model::{Kind, Method, Operation, SuccessBody, Type};

pub const RULES: &[Rule] = &[
    Rule {
        id: "unpaged-list",
        level: Level::Warning,
        what: "A listing answers with all there is.",
        reason: "It is fast while there are ten. With ten thousand, every client waits for all of them, and the server holds them \
                 in memory for each that asks; paging cannot be added then without breaking who relies on getting all.",
        remedy: "take a cursor and a page size, with a `maximum`, or bound the array by `maxItems`",
        example: include_str!("examples/unpaged-list.yaml"),
        check: unpaged_list,
    },
    Rule {
        id: "mixed-paging",
        level: Level::Advice,
        what: "A listing takes both a page's number and a cursor.",
        reason: "Two ways to page need a third rule for when both are given. Pages by number also skip or repeat items when \
                 something is added in between.",
        remedy: "keep the cursor",
        example: include_str!("examples/mixed-paging.yaml"),
        check: mixed_paging,
    },
    Rule {
        id: "path-verb",
        level: Level::Advice,
        what: "A path says what to do.",
        reason: "The method says that already. Paths that name things serve all methods; paths that name actions multiply, and \
                 caches, logs and permissions have to know each of them.",
        remedy: "name the thing, in the plural, and let the method say what to do: `POST /api/files`",
        example: include_str!("examples/path-verb.yaml"),
        check: path_verb,
    },
    Rule {
        id: "path-case",
        level: Level::Warning,
        what: "A path has capitals or underscores.",
        reason: "Paths are compared to the letter, and are typed, linked and underlined. Capitals get lost on the way, and \
                 underscores vanish in links.",
        remedy: "write it in lower case, words joined by `-`",
        example: include_str!("examples/path-case.yaml"),
        check: path_case,
    },
    Rule {
        id: "path-plural",
        level: Level::Advice,
        what: "A path names one of several things after a singular.",
        reason: "`/channels` lists and `/channels/{id}` picks one. With a singular the two have different roots, and clients that \
                 build the one from the other guess wrong.",
        remedy: "name collections in the plural: `/api/channels/{id}`",
        example: include_str!("examples/path-plural.yaml"),
        check: path_plural,
    },
    Rule {
        id: "method-name",
        level: Level::Warning,
        what: "An operation is named after something else than its method does.",
        reason: "Browsers, proxies and crawlers repeat and prefetch GET, and caches keep it. A GET that deletes something is \
                 called by whoever shows the link.",
        remedy: "use the method that goes with what it does, or name it after what the method does",
        example: include_str!("examples/method-name.yaml"),
        check: method_of_name,
    },
    Rule {
        id: "unusual-status",
        level: Level::Warning,
        what: "The status of a success does not go with its method or body.",
        reason: "HTTP libraries go by the status: they read no body at 204, expect a new thing at 201, and do not poll unless \
                 told 202.",
        remedy: "use 200 with a body, 201 for what a POST or PUT made, 202 for what is done later, 204 for no body",
        example: include_str!("examples/unusual-status.yaml"),
        check: unusual_status,
    },
    Rule {
        id: "upload-refusals",
        level: Level::Warning,
        what: "An upload declares no error for files that are too large or of the wrong type.",
        reason: "Every upload meets both. Without an error of their own, clients cannot tell a user whether to compress the file \
                 or to choose another.",
        remedy: "declare errors with the statuses 413 and 415, and name them in the operation",
        example: include_str!("examples/upload-refusals.yaml"),
        check: upload_refusals,
    },
];

fn listings<'m>(protocol: &Protocol<'m>) -> impl Iterator<Item = (super::Place, &'m Operation, &'m Type)> {
    protocol.rest().filter(|(_, operation)| operation.method == Method::Get).filter_map(|(place, operation)| {
        match &operation.success.body {
            SuccessBody::Json { ty, .. } => Some((place, operation, ty)),
            _ => None,
        }
    })
}

fn takes(protocol: &Protocol<'_>, operation: &Operation, names: &[&str]) -> Option<String> {
    let fields = protocol.fields(operation.input).iter();
    let named = fields.filter(|field| words(&field.name).iter().any(|word| names.contains(&word.as_str())));
    named.map(|field| field.name.clone()).next()
}

const CURSORS: &[&str] = &["cursor", "before", "after", "since", "until", "continuation"];
const PAGES: &[&str] = &["page", "offset", "skip", "start"];

fn unpaged_list(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, operation, ty) in listings(protocol) {
        let arrays: Vec<&Kind> = match protocol.base(&ty.kind) {
            Base::Array(_) => vec![&ty.kind],
            Base::Object(object) if operation.name.starts_with("list_") => {
                object.fields.iter().map(|field| &field.ty.kind).collect()
            }
            _ => continue,
        };
        let endless = arrays
            .into_iter()
            .any(|kind| matches!(protocol.base(kind), Base::Array(array) if array.max_items.is_none()));
        let is_paged = takes(protocol, operation, CURSORS).or_else(|| takes(protocol, operation, PAGES)).is_some();
        if endless && !is_paged {
            let message = format!("`{}` answers with all there is", operation.name);
            found.push(Finding::at(&place, message).label("neither pages nor a bound"));
        }
    }
    found
}

fn mixed_paging(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, operation, _) in listings(protocol) {
        let both = takes(protocol, operation, CURSORS).zip(takes(protocol, operation, PAGES));
        if let Some((cursor, page)) = both {
            let message = format!("`{}` pages by `{page}` and by `{cursor}`", operation.name);
            found.push(Finding::at(&place.key(&["query", "properties", &page]), message));
        }
    }
    found
}

/// The segments of a path that are no parameters.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty() && !segment.starts_with('{'))
}

fn route(place: &super::Place, operation: &Operation) -> super::Place {
    place.key(&[&method_name(operation.method).to_lowercase()])
}

fn path_verb(protocol: &Protocol<'_>) -> Vec<Finding> {
    // Words that are things as often as actions.
    let things = [
        "file", "log", "order", "report", "link", "list", "test", "check", "link", "tag", "share", "post", "play",
        "view",
    ];
    let mut found = Vec::new();
    for (place, operation) in protocol.rest() {
        let verb = segments(&operation.path).find(|segment| {
            words(segment).first().is_some_and(|word| is_verb(word) && !things.contains(&word.as_str()))
        });
        if let Some(verb) = verb {
            found.push(Finding::at(&route(&place, operation), format!("`{verb}` is an action, not a thing")));
        }
    }
    found
}

fn path_case(protocol: &Protocol<'_>) -> Vec<Finding> {
    let odd = protocol.rest().filter_map(|(place, operation)| {
        let is_odd = |segment: &&str| segment.contains(|letter: char| letter.is_uppercase() || letter == '_');
        segments(&operation.path).find(is_odd).map(|segment| (place, operation, segment))
    });
    odd.map(|(place, operation, segment)| {
        let kebab = words(segment).join("-");
        Finding::at(&route(&place, operation), format!("`{segment}` has capitals or underscores"))
            .label(format!("others would write `{kebab}`"))
    })
    .collect()
}

fn path_plural(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, operation) in protocol.rest() {
        let segments: Vec<&str> = operation.path.split('/').collect();
        let single = segments.windows(2).find(|pair| {
            pair[1].starts_with('{')
                && !pair[0].is_empty()
                && !pair[0].starts_with('{')
                && !words(pair[0]).last().is_some_and(|word| is_plural(word))
        });
        if let Some(pair) = single {
            let message = format!("`{}` is one, of which `{}` picks one", pair[0], pair[1]);
            found.push(Finding::at(&route(&place, operation), message));
        }
    }
    found
}

fn method_of_name(protocol: &Protocol<'_>) -> Vec<Finding> {
    use Method::{Delete, Get, Patch, Post, Put};
    let mut found = Vec::new();
    for (place, operation) in protocol.rest() {
        let first = words(&operation.name).into_iter().next().unwrap_or_default();
        let allowed: &[Method] = match first.as_str() {
            "get" | "list" | "read" | "fetch" | "show" | "count" | "download" | "describe" => &[Get],
            "search" | "find" | "query" => &[Get, Post],
            "delete" | "remove" | "revoke" => &[Delete],
            "create" | "add" | "send" | "submit" | "upload" => &[Post, Put],
            "put" | "set" | "replace" => &[Put],
            "update" | "edit" | "change" | "rename" => &[Patch, Put],
            _ => continue,
        };
        if !allowed.contains(&operation.method) {
            let message = format!("`{}` is a {}", operation.name, method_name(operation.method));
            let usual: Vec<&str> = allowed.iter().map(|method| method_name(*method)).collect();
            let label = format!("`{first}` goes with {}", usual.join(" or "));
            found.push(Finding::at(&route(&place, operation), message).label(label));
        }
    }
    found
}

fn unusual_status(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, operation) in protocol.rest() {
        let status = operation.success.status;
        let is_empty = operation.success.body == SuccessBody::Empty;
        let why = match (operation.method, status) {
            (_, 204) if is_empty => continue,
            (_, 204) => "204 has no body",
            (Method::Get, 200)
            | (Method::Post | Method::Put, 200..=202)
            | (Method::Patch | Method::Delete, 200 | 202) => continue,
            (Method::Get, 201 | 202) => "a GET makes nothing",
            (Method::Patch | Method::Delete, 201) => "nothing new is made",
            _ => "hardly any client knows this status",
        };
        let message = format!("`{}` answers a {} with {status}", operation.name, method_name(operation.method));
        found.push(Finding::at(&place.key(&["response", &status.to_string()]), message).label(why));
    }
    found
}

fn upload_refusals(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, operation) in protocol.rest().filter(|(_, operation)| operation.upload.is_some()) {
        let has = |status| operation.errors.iter().any(|id| protocol.model.errors[id.0].status == status);
        let missing = match (has(413), has(415)) {
            (true, true) => continue,
            (false, true) => "no error with the status 413",
            (true, false) => "no error with the status 415",
            (false, false) => "no errors with the statuses 413 and 415",
        };
        let message = format!("`{}` cannot say what is wrong with a file", operation.name);
        found.push(Finding::at(&place.key(&["upload"]), message).label(missing));
    }
    found
}
