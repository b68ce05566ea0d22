//! A walk through a model, past every declaration, value and object.

use std::collections::HashSet;

use super::{Index, ObjectAt, Role, Sort, Subject, Thing, Value};
use crate::model::{Ack, Doc, Kind, Model, Shape, SuccessBody, Type, TypeId};

static NO_DOC: Doc = Doc { summary: String::new(), description: None, since: None, deprecated: None };

/// The index of `model`.
pub fn through(model: &Model) -> Index<'_> {
    let (received, sent) = directions(model);
    let (things, values, objects) = (Vec::new(), Vec::new(), Vec::new());
    let mut index = Index { model, things, values, objects, received, sent };
    index.sections();
    index.types();
    index.events();
    index.operations();
    index
}

/// These types, and all types inside them.
pub fn closure(model: &Model, mut open: Vec<TypeId>) -> HashSet<TypeId> {
    let mut all = HashSet::new();
    while let Some(id) = open.pop() {
        if all.insert(id) {
            model.types[id.0].shape.references(&mut |inner| open.push(inner));
        }
    }
    all
}

/// The types that clients send values of, and those that the server does.
fn directions(model: &Model) -> (HashSet<TypeId>, HashSet<TypeId>) {
    let mut received: Vec<TypeId> = model.client_events().filter_map(|event| event.payload).collect();
    received.extend(model.http.operations.iter().filter_map(|operation| operation.input));
    let mut sent: Vec<TypeId> = model.http.error_body.into_iter().collect();
    sent.extend(model.server_events().filter_map(|event| event.payload));
    sent.extend(model.http.operations.iter().filter_map(|operation| operation.success.beside));
    let acks = model.client_events().filter_map(|event| match &event.ack {
        Ack::Type(ty) => Some(ty),
        _ => None,
    });
    let answers = model.http.operations.iter().filter_map(|operation| match &operation.success.body {
        SuccessBody::Json { ty, .. } => Some(ty),
        _ => None,
    });
    acks.chain(answers).for_each(|ty| ty.kind.references(&mut |id| sent.push(id)));
    (closure(model, received), closure(model, sent))
}

impl<'m> Index<'m> {
    fn thing(&mut self, subject: Subject, sort: Sort, name: &'m str, doc: &'m Doc) {
        self.things.push(Thing { subject, sort, name, doc });
    }

    fn sections(&mut self) {
        let Model { protocol, connect, disconnect, scopes, limits, errors, .. } = self.model;
        let section = |name, place| Subject::new(name, place);
        self.thing(section("protocol", &protocol.place), Sort::Section, &protocol.name, &protocol.doc);
        self.thing(section("connect", &connect.place), Sort::Section, "connect", &connect.doc);
        if let Some(disconnect) = disconnect {
            self.thing(section("disconnect", &disconnect.place), Sort::Section, "disconnect", &disconnect.doc);
        }
        let scopes = scopes.iter().map(|scope| (Sort::Scope, &scope.name, &scope.doc, &scope.place));
        let limits = limits.iter().map(|limit| (Sort::Limit, &limit.name, &limit.doc, &limit.place));
        let errors = errors.iter().map(|error| (Sort::Error, &error.name, &error.doc, &error.place));
        for (sort, name, doc, place) in scopes.chain(limits).chain(errors) {
            self.thing(Subject::new(name, place), sort, name, doc);
        }
    }

    fn types(&mut self) {
        for (id, def) in (0..).map(TypeId).zip(&self.model.types).filter(|(_, def)| def.named) {
            let subject = Subject::new(&def.name, &def.place);
            self.thing(subject.clone(), Sort::Type, &def.name, &def.doc);
            if let Shape::Alias(kind) = &def.shape {
                self.alias(&subject, &def.name, Role::Named, &def.doc, kind, id);
            }
            self.inside(&subject, &def.name, id, 0);
        }
    }

    fn events(&mut self) {
        for (subject, event) in self.requests() {
            self.thing(subject.clone(), Sort::Request, &event.name, &event.doc);
            if let Some(id) = event.payload {
                self.inline(&subject.key("payload"), &event.name, id, 0);
            }
            if let Ack::Type(ty) = &event.ack {
                self.answer(&subject.part("ack", &ty.place), &event.name, ty);
            }
        }
        for (subject, event) in self.server_events() {
            self.thing(subject.clone(), Sort::Event, &event.name, &event.doc);
            if let Some(id) = event.payload {
                self.inline(&subject.key("payload"), &event.name, id, 0);
            }
        }
    }

    fn operations(&mut self) {
        for (subject, operation) in self.rest() {
            self.thing(subject.clone(), Sort::Operation, &operation.name, &operation.doc);
            if let Some(id) = operation.input {
                self.inside(&subject, &operation.name, id, 0);
            }
            if let SuccessBody::Json { ty, .. } = &operation.success.body {
                self.answer(&subject.part("response", &operation.success.place), &operation.name, ty);
            }
            if let Some(id) = operation.success.beside {
                self.inside(&subject.key("beside"), &operation.name, id, 0);
            }
        }
    }

    fn answer(&mut self, subject: &Subject, name: &'m str, ty: &'m Type) {
        let (required, received) = (true, false);
        self.value(subject, name, Role::Answer, &NO_DOC, ty, [required, received]);
        self.within(subject, name, &ty.kind, received, 0);
    }

    /// Visits the contents of a type that is written inline at `subject`.
    fn inline(&mut self, subject: &Subject, name: &'m str, id: TypeId, depth: usize) {
        let def = self.def(id);
        if def.named {
            return;
        }
        if let Shape::Alias(kind) = &def.shape {
            self.alias(subject, name, Role::Part, &NO_DOC, kind, id);
        }
        self.inside(subject, name, id, depth);
    }

    /// Visits the contents of the type that is declared at `subject`.
    fn inside(&mut self, subject: &Subject, name: &'m str, id: TypeId, depth: usize) {
        let (def, received) = (self.def(id), self.received.contains(&id));
        match &def.shape {
            Shape::Object(object) => {
                self.objects.push(ObjectAt { subject: subject.clone(), id, def, object, depth, received });
                for field in &object.fields {
                    let subject = subject.part(&field.name, &field.place);
                    self.thing(subject.clone(), Sort::Field, &field.name, &field.doc);
                    let flags = [field.required, received];
                    self.value(&subject, &field.name, Role::Field, &field.doc, &field.ty, flags);
                    self.within(&subject, &field.name, &field.ty.kind, received, depth);
                }
            }
            Shape::Enum(_) => {}
            Shape::Alias(kind) => self.within(subject, name, kind, received, depth),
        }
    }

    /// Visits the contents of a value of `kind`.
    fn within(&mut self, subject: &Subject, name: &'m str, kind: &'m Kind, received: bool, depth: usize) {
        let (part, inner) = match kind {
            Kind::Ref(id) => return self.inline(subject, name, *id, depth + 1),
            Kind::Array(array) => ("items", &*array.items),
            Kind::Map(values) => ("values", &**values),
            _ => return,
        };
        let subject = subject.part(part, &inner.place);
        if !matches!(inner.kind, Kind::Ref(_)) || self.named(&inner.kind).is_some() {
            self.value(&subject, name, Role::Part, &NO_DOC, inner, [true, received]);
        }
        self.within(&subject, name, &inner.kind, received, depth);
    }

    fn alias(&mut self, at: &Subject, name: &'m str, role: Role, doc: &'m Doc, kind: &'m Kind, id: TypeId) {
        let (subject, received) = (at.clone(), self.received.contains(&id));
        self.values.push(Value { subject, name, role, doc, kind, nullable: false, required: true, received });
    }

    fn value(&mut self, at: &Subject, name: &'m str, role: Role, doc: &'m Doc, ty: &'m Type, flags: [bool; 2]) {
        let (subject, [required, received]) = (at.clone(), flags);
        let Type { kind, nullable, .. } = ty;
        self.values.push(Value { subject, name, role, doc, kind, nullable: *nullable, required, received });
    }
}
