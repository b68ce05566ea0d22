//! REST operations.

use super::{
    Breaks, Comparing, Path, Site, rules,
    types::{FieldAt, Use},
    verdict::Ways,
};
use crate::model::{Auth, Field, Kind, Method, Model, Operation, Place, Rule, Shape, SuccessBody, Type};

impl Comparing<'_> {
    pub fn http(&mut self) {
        let (old, new) = (&self.old.http, &self.new.http);
        let site = Site::new("http", Path::of(&["http"]));
        let body = site.then("error_body");
        match (old.error_body, new.error_body) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                let [old, new] = [old, new].map(|id| Type { kind: Kind::Ref(id), nullable: false, recursive: false });
                let uses = [Use { ty: &old, path: &body.old }, Use { ty: &new, path: &body.new }];
                self.use_of("failures of operations", Ways::SENT, "the body of failures", uses);
            }
            // Operations have a type for failures, so there were none, or are none any more.
            (old, _) => {
                let message = format!("failures have {} body", if old.is_none() { "a" } else { "no" });
                self.found(&rules::ERROR_BODY, Breaks::NOBODY, &body, message);
            }
        }
        let at = |name: &str| Site::new(name, Path::of(&["http", "operations", name]));
        let find = |operations: &[Operation], name: &str| operations.iter().position(|other| other.name == name);
        for operation in old.operations.iter().filter(|one| find(&new.operations, &one.name).is_none()) {
            let message = "this operation is no longer there";
            self.found(&rules::OPERATION_REMOVED, Breaks::ALL, &at(&operation.name), message);
        }
        for operation in &new.operations {
            let site = at(&operation.name);
            match find(&old.operations, &operation.name) {
                Some(index) => self.operation(&old.operations[index], operation, &site),
                None => self.found(&rules::OPERATION_ADDED, Breaks::RUST, &site, "this operation is new"),
            }
        }
    }

    fn operation(&mut self, old: &Operation, new: &Operation, site: &Site) {
        if old.method != new.method {
            let message = format!("its method is {}, was {}", verb(new.method), verb(old.method));
            let site = Site {
                old: site.old.then(&verb(old.method).to_lowercase()),
                new: site.new.then(&verb(new.method).to_lowercase()),
                ..site.clone()
            };
            self.found(&rules::OPERATION_METHOD, Breaks::WIRE, &site, message);
        }
        let same_route = route(&old.path) == route(&new.path);
        if !same_route {
            let message = format!("its path is `{}`, was `{}`", new.path, old.path);
            let site = Site {
                old: site.old.then(&verb(old.method).to_lowercase()),
                new: site.new.then(&verb(new.method).to_lowercase()),
                ..site.clone()
            };
            self.found(&rules::OPERATION_PATH, Breaks::WIRE, &site, message);
        }
        if old.auth != new.auth {
            let message = format!("it is for {}, was for {}", callers(new.auth), callers(old.auth));
            let wire = strictness(new.auth) > strictness(old.auth);
            // Handlers get no caller where there need not be one.
            let rust = (old.auth == Auth::Public) != (new.auth == Auth::Public);
            self.found(&rules::OPERATION_AUTH, Breaks { wire, typescript: false, rust }, &site.then("auth"), message);
        }
        self.membership(old.scope, new.scope, site);
        self.limit(&rules::OPERATION_LIMIT, old.limit, new.limit, &site.then("limit"));
        self.input(old, new, same_route, site);
        self.upload(old, new, site);
        self.success(old, new, site);
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
                old: site.old.then("path").then(before),
                new: site.new.then("path").then(after),
            };
            let message = format!("the parameter is called `{after}`, was `{before}`");
            self.found(&rules::PATH_PARAMETER_NAME, Breaks::SOURCES, &site, message);
        }
        let is_now = |name: &str| {
            renamed.iter().find(|(before, _)| *before == name).map_or(name.to_owned(), |(_, now)| (*now).to_owned())
        };
        let (before, after) =
            (fields(self.old, old, &site.old, is_now), fields(self.new, new, &site.new, str::to_owned));
        for field in &after {
            let Some(was) = before.iter().find(|other| other.key == field.key) else { continue };
            let place = |operation: &Operation, name: &str| {
                operation.places.iter().find(|(field, _)| field == name).map(|(_, place)| *place)
            };
            let (was_in, is_in) = (place(old, &was.field.name), place(new, &field.field.name));
            if let (Some(was_in), Some(is_in)) = (was_in, is_in)
                && was_in != is_in
            {
                let message = format!("it is in the {}, was in the {}", place_name(is_in), place_name(was_in));
                let subject = format!("{}.{}", site.subject, field.key);
                let site = Site { subject, old: was.path.clone(), new: field.path.clone() };
                self.found(&rules::PARAMETER_PLACE, Breaks::WIRE, &site, message);
            }
        }
        let entry = self.root(&site.subject, Ways::ACCEPTED);
        self.fields(entry, &site.subject, [&before, &after]);
        let rules = [rules_of(self.old, old), rules_of(self.new, new)];
        let sites = ["query", "body"].map(|place| site.then(place).then("rules"));
        self.object_rules(entry, rules, &sites);
    }

    fn upload(&mut self, old: &Operation, new: &Operation, site: &Site) {
        let site = site.then("upload");
        match (&old.upload, &new.upload) {
            (None, Some(file)) => {
                let message = format!("it takes a file, in the field `{}`", file.field);
                self.found(&rules::UPLOAD_ADDED, Breaks::ALL, &site, message);
            }
            (Some(_), None) => self.found(&rules::UPLOAD_REMOVED, Breaks::ALL, &site, "it takes no file any more"),
            (Some(was), Some(is)) => {
                if was.field != is.field {
                    let message = format!("the file is in the field `{}`, was in `{}`", is.field, was.field);
                    self.found(&rules::UPLOAD_FIELD, Breaks::WIRE, &site.then("field"), message);
                }
                if was.media != is.media {
                    let allowed = |media: &String| is.media.iter().any(|outer| contains_media(outer, media));
                    let breaks = Breaks::wire_if(!was.media.iter().all(allowed));
                    let message = format!("the file is {}, was {}", is.media.join(" or "), was.media.join(" or "));
                    self.found(&rules::UPLOAD_MEDIA, breaks, &site.then("media"), message);
                }
            }
            (None, None) => {}
        }
    }

    fn success(&mut self, old: &Operation, new: &Operation, site: &Site) {
        let response = site.then("response");
        let (was, is) = (&old.success, &new.success);
        let response = Site {
            old: response.old.then(&was.status.to_string()),
            new: response.new.then(&is.status.to_string()),
            ..response
        };
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
                            .map_or("not put into an object".to_owned(), |key| format!("put under `{key}`"))
                    };
                    let message = format!("answers are {}, were {}", member(is_in), member(was_in));
                    let site = Site::new("http", Path::of(&["http", "envelope"]));
                    self.found(&rules::ENVELOPE, Breaks::WIRE, &site, message);
                }
                let subject = format!("{}’s answer", site.subject);
                let uses = [Use { ty: old, path: &response.old }, Use { ty: new, path: &response.new }];
                self.use_of(&site.subject, Ways::SENT, &subject, uses);
            }
            (SuccessBody::Raw(was), SuccessBody::Raw(is)) => {
                if was != is {
                    let message = format!("its answer is `{is}`, was `{was}`");
                    let breaks = Breaks::wire_if(!contains_media(was, is));
                    self.found(&rules::RESPONSE_MEDIA, breaks, &response.then("media"), message);
                }
            }
            (was, is) => {
                let body = |body: &SuccessBody| match body {
                    SuccessBody::Json { .. } => "JSON".to_owned(),
                    SuccessBody::Raw(media) => format!("`{media}`"),
                    SuccessBody::Empty => "nothing".to_owned(),
                };
                let message = format!("its answer is {}, was {}", body(is), body(was));
                // Where there was nothing, nobody looks.
                let breaks = if *was == SuccessBody::Empty { Breaks::RUST } else { Breaks::ALL };
                self.found(&rules::RESPONSE_BODY, breaks, &response, message);
            }
        }
    }
}

/// The fields of an operation's input, with their places; parameters of the path by what `name_of` makes of their names.
fn fields<'m>(
    model: &'m Model,
    operation: &Operation,
    path: &Path,
    name_of: impl Fn(&str) -> String,
) -> Vec<FieldAt<'m>> {
    let shape = operation.input.map(|id| &model.types[id.0].shape);
    let fields: &[Field] = match shape {
        Some(Shape::Object(object)) => &object.fields,
        _ => &[],
    };
    let at = |field: &'m Field| {
        let place = operation.places.iter().find(|(name, _)| *name == field.name).map(|(_, place)| *place);
        let (object, key) = match place {
            Some(Place::Query) => (path.then("query"), field.name.clone()),
            Some(Place::Body) => (path.then("body"), field.name.clone()),
            Some(Place::Path) | None => {
                let path = path.then("path").then(&field.name);
                return FieldAt { key: name_of(&field.name), field, required: path.clone(), path };
            }
        };
        let required = object.then("required").then(&field.name);
        FieldAt { key, field, required, path: object.then("properties").then(&field.name) }
    };
    fields.iter().map(at).collect()
}

fn rules_of<'m>(model: &'m Model, operation: &Operation) -> &'m [Rule] {
    match operation.input.map(|id| &model.types[id.0].shape) {
        Some(Shape::Object(object)) => &object.rules,
        _ => &[],
    }
}

/// A path without the names of its parameters.
fn route(path: &str) -> Vec<&str> {
    path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect()
}

fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// Whether all that is `inner` is `outer` as well.
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

fn place_name(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Body => "body",
    }
}

fn verb(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}
