//! REST operations.

use std::collections::HashMap;

use accord_language::model::{Auth, Field, Model, Object, Operation, Part, Rule, SuccessBody, Type, TypeId};

use super::{Breaks, Comparing, Site, rules, types::FieldAt, verdict::Ways};

impl Comparing<'_> {
    pub fn http(&mut self) {
        let (old, new) = (&self.old.http, &self.new.http);
        let site = Site::new("http", &old.place, &new.place);
        let body = site.key("error_body");
        match (old.error_body, new.error_body) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                let old = Type { place: body.old.clone(), ..Type::of(old) };
                let new = Type { place: body.new.clone(), ..Type::of(new) };
                self.use_of("failures of operations", Ways::SENT, "the body of failures", [&old, &new]);
            }
            // Operations require a type for failures, so there were none, or there are none left.
            (old, _) => {
                let message = format!("failures have {} body", if old.is_none() { "a" } else { "no" });
                self.found(&rules::ERROR_BODY, Breaks::NOBODY, &body, message);
            }
        }
        let operations = site.key("operations");
        let all = |name: &str| Site { subject: name.to_owned(), ..operations.clone() };
        // An operation is called by its method and path, and known by its name where these have changed.
        let routed = |operation: &Operation| (operation.method, route(&operation.path).join("/"));
        let routes: HashMap<_, &Operation> = old.operations.iter().map(|one| (routed(one), one)).collect();
        let mut left: HashMap<&str, &Operation> = old.operations.iter().map(|one| (one.name.as_str(), one)).collect();
        let mut before: HashMap<&str, &Operation> = HashMap::new();
        for operation in &new.operations {
            if let Some(was) = routes.get(&routed(operation)) {
                before.insert(&operation.name, was);
                left.remove(was.name.as_str());
            }
        }
        for operation in &new.operations {
            if !before.contains_key(operation.name.as_str())
                && let Some(was) = left.remove(operation.name.as_str())
            {
                before.insert(&operation.name, was);
            }
        }
        for operation in old.operations.iter().filter(|one| left.contains_key(one.name.as_str())) {
            let message = "this operation is no longer there";
            let site = all(&operation.name).gone(&operation.place);
            self.found(&rules::OPERATION_REMOVED, Breaks::ALL, &site, message);
        }
        for operation in &new.operations {
            let Some(was) = before.get(operation.name.as_str()) else {
                let site = all(&operation.name).came(&operation.place);
                self.found(&rules::OPERATION_ADDED, Breaks::RUST, &site, "this operation is new");
                continue;
            };
            if was.name != operation.name {
                let site = Site::new(&operation.name, &was.place, &operation.place);
                let message = format!("this operation was named `{}`", was.name);
                self.found(&rules::OPERATION_RENAMED, Breaks::SOURCES, &site, message);
            }
            self.operation(was, operation);
        }
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        let site = &Site::new(&new.name, &old.place, &new.place);
        let key = |operation: &Operation| operation.place.key(&operation.method.name().to_lowercase());
        let path = site.at(&key(old), &key(new));
        if old.method != new.method {
            let message = format!("its method is {}, was {}", new.method.name(), old.method.name());
            self.found(&rules::OPERATION_METHOD, Breaks::WIRE, &path, message);
        }
        let same_route = route(&old.path) == route(&new.path);
        if !same_route {
            let message = format!("its path is `{}`, was `{}`", new.path, old.path);
            self.found(&rules::OPERATION_PATH, Breaks::WIRE, &path, message);
        }
        if old.auth != new.auth {
            let message = format!("it is for {}, was for {}", callers(new.auth), callers(old.auth));
            let wire = strictness(new.auth) > strictness(old.auth);
            // Handlers get no caller where there need not be one.
            let rust = (old.auth == Auth::Public) != (new.auth == Auth::Public);
            self.found(&rules::OPERATION_AUTH, Breaks { wire, typescript: false, rust }, &site.key("auth"), message);
        }
        self.membership(old.scope, new.scope, site);
        self.limit(&rules::OPERATION_LIMIT, old.limit, new.limit, &site.key("limit"));
        self.input(old, new, same_route, site);
        self.upload(old, new, site);
        self.success(old, new, site);
        self.emits((&old.emits, &old.rooms), (&new.emits, &new.rooms), site);
        self.answers(&old.errors, &new.errors, site);
        self.failure(&old.failure, &new.failure, site);
        self.doc(&old.doc, &new.doc, site);
        self.example(&old.example, &new.example, site);
    }

    /// Compares path, query and body. A parameter of a path is known by its place in it: its name is not on the wire.
    fn input(&mut self, old: &Operation, new: &Operation, same_route: bool, site: &Site) {
        let names = parameters(&old.path).zip(parameters(&new.path)).filter(|_| same_route);
        let renamed: Vec<(&str, &str)> = names.filter(|(old, new)| old != new).collect();
        for (before, after) in &renamed {
            let site = Site {
                subject: format!("{}.{after}", site.subject),
                old: site.old.key("path").key(before),
                new: site.new.key("path").key(after),
            };
            let message = format!("the parameter is named `{after}`, was `{before}`");
            self.found(&rules::PATH_PARAMETER_NAME, Breaks::SOURCES, &site, message);
        }
        let is_now = |name: &str| {
            renamed.iter().find(|(before, _)| *before == name).map_or(name.to_owned(), |(_, now)| (*now).to_owned())
        };
        let (before, after) = (fields(self.old, old, is_now), fields(self.new, new, str::to_owned));
        for field in &after {
            let Some(was) = before.iter().find(|other| other.key == field.key) else { continue };
            if let (Some(was_in), Some(is_in)) = (was.part, field.part)
                && was_in != is_in
            {
                let message = format!("it is in the {}, was in the {}", is_in.name(), was_in.name());
                let subject = format!("{}.{}", site.subject, field.key);
                let site = Site::new(subject, &was.field.place, &field.field.place);
                self.found(&rules::PARAMETER_PLACE, Breaks::WIRE, &site, message);
            }
        }
        let entry = self.root(&site.subject, Ways::ACCEPTED);
        self.fields(entry, [&before, &after], site);
        let rules = [rules_of(self.old, old), rules_of(self.new, new)];
        self.object_rules(entry, rules, site);
    }

    fn upload(&mut self, old: &Operation, new: &Operation, site: &Site) {
        let site = site.key("upload");
        match (&old.upload, &new.upload) {
            (None, Some(file)) => {
                let message = format!("it takes a file, in the field `{}`", file.field);
                self.found(&rules::UPLOAD_ADDED, Breaks::ALL, &site, message);
            }
            (Some(_), None) => self.found(&rules::UPLOAD_REMOVED, Breaks::ALL, &site, "it no longer takes a file"),
            (Some(was), Some(is)) => {
                if was.field != is.field {
                    let message = format!("the file is in the field `{}`, was in `{}`", is.field, was.field);
                    self.found(&rules::UPLOAD_FIELD, Breaks::WIRE, &site.key("field"), message);
                }
                if was.media != is.media {
                    let allowed = |media: &String| is.media.iter().any(|outer| contains_media(outer, media));
                    let breaks = Breaks::wire_if(!was.media.iter().all(allowed));
                    let message = format!("the file is {}, was {}", is.media.join(" or "), was.media.join(" or "));
                    self.found(&rules::UPLOAD_MEDIA, breaks, &site.key("media"), message);
                }
            }
            (None, None) => {}
        }
    }

    fn success(&mut self, old: &Operation, new: &Operation, site: &Site) {
        let (was, is) = (&old.success, &new.success);
        let response = site.at(&was.place, &is.place);
        if was.status != is.status {
            let message = format!("a success has the status {}, had {}", is.status, was.status);
            self.found(&rules::RESPONSE_STATUS, Breaks::WIRE, &response, message);
        }
        match (&was.body, &is.body) {
            (SuccessBody::Empty, SuccessBody::Empty) => {}
            (SuccessBody::Json { ty: old, envelope: was_in }, SuccessBody::Json { ty: new, envelope: is_in }) => {
                if was_in != is_in {
                    let member = |envelope: &Option<String>| {
                        envelope
                            .as_ref()
                            .map_or("not wrapped in an object".to_owned(), |key| format!("wrapped under `{key}`"))
                    };
                    let message = format!("answers are {}, were {}", member(is_in), member(was_in));
                    let site = Site::new("http", &self.old.http.place, &self.new.http.place).key("envelope");
                    self.found(&rules::ENVELOPE, Breaks::WIRE, &site, message);
                }
                let subject = format!("{}’s answer", site.subject);
                self.use_of(&site.subject, Ways::SENT, &subject, [old, new]);
                self.beside([was.beside, is.beside], &subject, &response);
            }
            (SuccessBody::Raw(was), SuccessBody::Raw(is)) => {
                if was != is {
                    let message = format!("its answer is `{is}`, was `{was}`");
                    let breaks = Breaks::wire_if(!contains_media(was, is));
                    self.found(&rules::RESPONSE_MEDIA, breaks, &response.key("media"), message);
                }
            }
            (was, is) => {
                let body = |body: &SuccessBody| match body {
                    SuccessBody::Json { .. } => "JSON".to_owned(),
                    SuccessBody::Raw(media) => format!("`{media}`"),
                    SuccessBody::Empty => "nothing".to_owned(),
                };
                let message = format!("its answer is {}, was {}", body(is), body(was));
                // Clients read no body of an answer that had none.
                let breaks = if *was == SuccessBody::Empty { Breaks::RUST } else { Breaks::ALL };
                self.found(&rules::RESPONSE_BODY, breaks, &response, message);
            }
        }
    }

    /// Compares the fields beside an answer. Clients ignore those that they do not know.
    fn beside(&mut self, [old, new]: [Option<TypeId>; 2], subject: &str, response: &Site) {
        match (old, new) {
            (None, None) => {}
            (Some(old), Some(new)) => self.use_of(subject, Ways::SENT, subject, [&Type::of(old), &Type::of(new)]),
            (None, Some(_)) => {
                let message = "its answer may have fields beside the data";
                self.found(&rules::RESPONSE_BODY, Breaks::RUST, response, message);
            }
            (Some(_), None) => {
                let message = "its answer has no fields beside the data any more";
                self.found(&rules::RESPONSE_BODY, Breaks::ALL, response, message);
            }
        }
    }
}

/// The fields of an operation's input; parameters of the path by the result of `name_of`.
fn fields<'m>(model: &'m Model, operation: &Operation, name_of: impl Fn(&str) -> String) -> Vec<FieldAt<'m>> {
    let fields = input(model, operation).map(|object| object.fields.as_slice()).unwrap_or_default();
    let fields = fields.iter().zip(&operation.parts);
    let at = |(field, (name, part)): (&'m Field, &(String, Part))| {
        let key = if *part == Part::Path { name_of(name) } else { name.clone() };
        FieldAt { key, field, part: Some(*part) }
    };
    fields.map(at).collect()
}

fn rules_of<'m>(model: &'m Model, operation: &Operation) -> &'m [Rule] {
    input(model, operation).map(|object| object.rules.as_slice()).unwrap_or_default()
}

fn input<'m>(model: &'m Model, operation: &Operation) -> Option<&'m Object> {
    model.object(operation.input?)
}

/// A path without the names of its parameters.
fn route(path: &str) -> Vec<&str> {
    path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect()
}

fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// Returns whether all that is `inner` is `outer` as well.
fn contains_media(outer: &str, inner: &str) -> bool {
    let parts = |media: &str| media.split_once('/').map(|(ty, subtype)| [ty.to_owned(), subtype.to_owned()]);
    let contains = |(outer, inner): (&String, &String)| outer == "*" || outer == inner;
    match (parts(outer), parts(inner)) {
        (Some(outer), Some(inner)) => outer.iter().zip(&inner).all(contains),
        _ => false,
    }
}

fn strictness(auth: Auth) -> u8 {
    match auth {
        Auth::Public => 0,
        Auth::User => 1,
        Auth::Admin => 2,
    }
}

fn callers(auth: Auth) -> &'static str {
    match auth {
        Auth::Public => "anybody",
        Auth::User => "users",
        Auth::Admin => "administrators",
    }
}
