//! REST operations.

use accord_language::model::{
    Field, Kind, Method, Operation, SuccessBody, Type,
    index::{Base, Index, Subject},
};

use super::{
    Finding, Level, LintRule,
    words::{is_plural, is_verb, words},
};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "unpaged-list",
        level: Level::Warning,
        what: "A listing returns everything at once.",
        reason: "It is fast with ten items. With ten thousand, every client waits for all of them, and the server \
                 keeps them in memory for each request; adding paging later breaks clients that rely on getting \
                 everything.",
        remedy: "take a cursor and a page size, with a `maximum`, or bound the array by `maxItems`",
        example: include_str!("examples/unpaged-list.yaml"),
        check: unpaged_list,
    },
    LintRule {
        id: "mixed-paging",
        level: Level::Advice,
        what: "A listing takes both a page's number and a cursor.",
        reason: "Two ways to page need a third rule for when both are given. Pages by number also skip or repeat items when \
                 something is added in between.",
        remedy: "keep the cursor",
        example: include_str!("examples/mixed-paging.yaml"),
        check: mixed_paging,
    },
    LintRule {
        id: "path-verb",
        level: Level::Advice,
        what: "A path says what to do.",
        reason: "The method says that already. A path that names a thing works with all methods; paths that name \
                 actions multiply, and caches, logs and permissions have to know each of them.",
        remedy: "name the thing, in the plural, and let the method say what to do: `POST /api/files`",
        example: include_str!("examples/path-verb.yaml"),
        check: path_verb,
    },
    LintRule {
        id: "path-case",
        level: Level::Warning,
        what: "A path has capitals or underscores.",
        reason: "Paths are case-sensitive, and are typed and linked. Capitals get lost on the way, and underscores \
                 disappear in underlined links.",
        remedy: "write it in lower case, words joined by `-`",
        example: include_str!("examples/path-case.yaml"),
        check: path_case,
    },
    LintRule {
        id: "path-plural",
        level: Level::Advice,
        what: "A path names one of several things with a singular.",
        reason: "`/channels` lists and `/channels/{id}` picks one. With a singular the two have different roots, and \
                 clients that derive one from the other guess wrong.",
        remedy: "name collections in the plural: `/api/channels/{id}`",
        example: include_str!("examples/path-plural.yaml"),
        check: path_plural,
    },
    LintRule {
        id: "method-name",
        level: Level::Warning,
        what: "An operation's name does not fit its method.",
        reason: "Browsers, proxies and crawlers repeat and prefetch GET, and caches keep it. A GET that deletes \
                 something is called wherever its link is shown.",
        remedy: "use the method that fits what it does, or a name that fits the method",
        example: include_str!("examples/method-name.yaml"),
        check: method_of_name,
    },
    LintRule {
        id: "unusual-status",
        level: Level::Warning,
        what: "The status of a success does not fit its method or body.",
        reason: "HTTP libraries go by the status: they read no body with 204, expect a new resource with 201, and \
                 poll only after 202.",
        remedy: "use 200 with a body, 201 for something that a POST or PUT created, 202 for work that is done later, \
                 204 without a body",
        example: include_str!("examples/unusual-status.yaml"),
        check: unusual_status,
    },
    LintRule {
        id: "upload-refusals",
        level: Level::Warning,
        what: "An upload declares no error for files that are too large or of the wrong type.",
        reason: "Every upload meets both. Without separate errors, clients cannot tell a user whether to compress the \
                 file or choose another.",
        remedy: "declare errors with the statuses 413 and 415, and name them in the operation",
        example: include_str!("examples/upload-refusals.yaml"),
        check: upload_refusals,
    },
];

fn listings<'m>(index: &Index<'m>) -> impl Iterator<Item = (Subject, &'m Operation, &'m Type)> {
    index.rest().filter(|(_, operation)| operation.method == Method::Get).filter_map(|(subject, operation)| {
        match &operation.success.body {
            SuccessBody::Json { ty, .. } => Some((subject, operation, ty)),
            _ => None,
        }
    })
}

fn takes<'m>(index: &Index<'m>, operation: &Operation, names: &[&str]) -> Option<&'m Field> {
    let mut fields = index.fields(operation.input).iter();
    fields.find(|field| words(&field.name).iter().any(|word| names.contains(&word.as_str())))
}

const CURSORS: &[&str] = &["cursor", "before", "after", "since", "until", "continuation"];
const PAGES: &[&str] = &["page", "offset", "skip", "start"];

fn unpaged_list(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, operation, ty) in listings(index) {
        let arrays: Vec<&Kind> = match index.base(&ty.kind) {
            Base::Array(_) => vec![&ty.kind],
            Base::Object(object) if operation.name.starts_with("list_") => {
                object.fields.iter().map(|field| &field.ty.kind).collect()
            }
            _ => continue,
        };
        let endless =
            arrays.into_iter().any(|kind| matches!(index.base(kind), Base::Array(array) if array.max_items.is_none()));
        let is_paged = takes(index, operation, CURSORS).or_else(|| takes(index, operation, PAGES)).is_some();
        if endless && !is_paged {
            let message = format!("`{}` returns everything at once", operation.name);
            found.push(Finding::at(&subject, message).label("no paging and no bound"));
        }
    }
    found
}

fn mixed_paging(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, operation, _) in listings(index) {
        let both = takes(index, operation, CURSORS).zip(takes(index, operation, PAGES));
        if let Some((cursor, page)) = both {
            let message = format!("`{}` pages by `{}` and by `{}`", operation.name, page.name, cursor.name);
            found.push(Finding::at(&subject.at(&page.place), message));
        }
    }
    found
}

/// The segments of a path that are not parameters.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty() && !segment.starts_with('{'))
}

fn route(subject: &Subject, operation: &Operation) -> Subject {
    subject.key(&operation.method.name().to_lowercase())
}

fn path_verb(index: &Index<'_>) -> Vec<Finding> {
    // Words that are things as often as actions.
    let things = [
        "file", "log", "order", "report", "link", "list", "test", "check", "link", "tag", "share", "post", "play",
        "view",
    ];
    let mut found = Vec::new();
    for (subject, operation) in index.rest() {
        let verb = segments(&operation.path).find(|segment| {
            words(segment).first().is_some_and(|word| is_verb(word) && !things.contains(&word.as_str()))
        });
        if let Some(verb) = verb {
            found.push(Finding::at(&route(&subject, operation), format!("`{verb}` is an action, not a thing")));
        }
    }
    found
}

fn path_case(index: &Index<'_>) -> Vec<Finding> {
    let odd = index.rest().filter_map(|(subject, operation)| {
        let is_odd = |segment: &&str| segment.contains(|letter: char| letter.is_uppercase() || letter == '_');
        segments(&operation.path).find(is_odd).map(|segment| (subject, operation, segment))
    });
    odd.map(|(subject, operation, segment)| {
        let kebab = words(segment).join("-");
        Finding::at(&route(&subject, operation), format!("`{segment}` has capitals or underscores"))
            .label(format!("others would write `{kebab}`"))
    })
    .collect()
}

fn path_plural(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, operation) in index.rest() {
        let segments: Vec<&str> = operation.path.split('/').collect();
        let single = segments.windows(2).find(|pair| {
            pair[1].starts_with('{')
                && !pair[0].is_empty()
                && !pair[0].starts_with('{')
                && !words(pair[0]).last().is_some_and(|word| is_plural(word))
        });
        if let Some(pair) = single {
            let message = format!("`{}` is a singular, from which `{}` picks one", pair[0], pair[1]);
            found.push(Finding::at(&route(&subject, operation), message));
        }
    }
    found
}

fn method_of_name(index: &Index<'_>) -> Vec<Finding> {
    use Method::{Delete, Get, Patch, Post, Put};
    let mut found = Vec::new();
    for (subject, operation) in index.rest() {
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
            let message = format!("`{}` is a {}", operation.name, operation.method.name());
            let usual: Vec<&str> = allowed.iter().map(|method| method.name()).collect();
            let label = format!("`{first}` goes with {}", usual.join(" or "));
            found.push(Finding::at(&route(&subject, operation), message).label(label));
        }
    }
    found
}

fn unusual_status(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, operation) in index.rest() {
        let status = operation.success.status;
        let is_empty = operation.success.body == SuccessBody::Empty;
        let why = match (operation.method, status) {
            (_, 204) if is_empty => continue,
            (_, 204) => "204 has no body",
            (Method::Get, 200)
            | (Method::Post | Method::Put, 200..=202)
            | (Method::Patch | Method::Delete, 200 | 202) => continue,
            (Method::Get, 201 | 202) => "a GET creates nothing",
            (Method::Patch | Method::Delete, 201) => "nothing new is created",
            _ => "few clients know this status",
        };
        let message = format!("`{}` answers a {} with {status}", operation.name, operation.method.name());
        found.push(Finding::at(&subject.at(&operation.success.place), message).label(why));
    }
    found
}

fn upload_refusals(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, operation) in index.rest().filter(|(_, operation)| operation.upload.is_some()) {
        let has = |status| operation.errors.iter().any(|id| index.model.errors[id.0].status == status);
        let missing = match (has(413), has(415)) {
            (true, true) => continue,
            (false, true) => "no error with the status 413",
            (true, false) => "no error with the status 415",
            (false, false) => "no errors with the statuses 413 and 415",
        };
        let message = format!("`{}` cannot say what is wrong with a file", operation.name);
        found.push(Finding::at(&subject.key("upload"), message).label(missing));
    }
    found
}
