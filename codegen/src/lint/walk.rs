//! The way through a protocol: every thing, value and object, each with its place.

use super::{
    Place, Protocol,
    protocol::{ObjectAt, Role, Sort, Thing, Value},
};
use crate::model::{Ack, Doc, Field, Kind, Model, Place as FieldPlace, Shape, SuccessBody, Type, TypeId};

static NO_DOC: Doc = Doc { summary: String::new(), description: None, since: None, deprecated: None };

impl<'m> Protocol<'m> {
    /// Goes all the way.
    pub(super) fn walk(&mut self) {
        self.directions();
        self.sections();
        self.types();
        self.events();
        self.operations();
    }

    fn directions(&mut self) {
        let Model { domains, http, .. } = self.model;
        let (mut received, mut sent): (Vec<TypeId>, Vec<TypeId>) = (Vec::new(), Vec::new());
        for domain in domains {
            received.extend(domain.client.iter().filter_map(|event| event.payload));
            sent.extend(domain.server.iter().filter_map(|event| event.payload));
            for event in &domain.client {
                if let Ack::Type(ty) = &event.ack {
                    ty.kind.references(&mut |id| sent.push(id));
                }
            }
        }
        received.extend(http.operations.iter().filter_map(|operation| operation.input));
        sent.extend(http.error_body);
        for operation in &http.operations {
            if let SuccessBody::Json { ty, .. } = &operation.success.body {
                ty.kind.references(&mut |id| sent.push(id));
            }
        }
        self.received = self.closure(received);
        self.sent = self.closure(sent);
    }

    fn thing(&mut self, place: Place, sort: Sort, name: &'m str, doc: &'m Doc) {
        self.things.push(Thing { place, sort, name, doc });
    }

    fn sections(&mut self) {
        let model = self.model;
        self.thing(Place::section("protocol"), Sort::Section, &model.protocol.name, &model.protocol.doc);
        self.thing(Place::section("connect"), Sort::Section, "connect", &model.connect.doc);
        if let Some(disconnect) = &model.disconnect {
            self.thing(Place::section("disconnect"), Sort::Section, "disconnect", &disconnect.doc);
        }
        for scope in &model.scopes {
            self.thing(Place::named(&["scopes"], &scope.name), Sort::Scope, &scope.name, &scope.doc);
        }
        for limit in &model.limits {
            self.thing(Place::named(&["limits"], &limit.name), Sort::Limit, &limit.name, &limit.doc);
        }
        for error in &model.errors {
            self.thing(Place::named(&["errors"], &error.name), Sort::Error, &error.name, &error.doc);
        }
    }

    fn types(&mut self) {
        for (index, def) in self.model.types.iter().enumerate().filter(|(_, def)| def.named) {
            let place = Place::named(&["types"], &def.name);
            self.thing(place.clone(), Sort::Type, &def.name, &def.doc);
            let id = TypeId(index);
            if let Shape::Alias(kind) = &def.shape {
                self.values.push(Value {
                    place: place.clone(),
                    name: &def.name,
                    role: Role::Named,
                    doc: &def.doc,
                    kind,
                    nullable: false,
                    required: true,
                    received: self.received.contains(&id),
                });
            }
            self.inside(&place, &def.name, id, 0);
        }
    }

    fn events(&mut self) {
        for (place, event) in self.requests().collect::<Vec<_>>() {
            self.thing(place.clone(), Sort::Request, &event.name, &event.doc);
            if let Some(id) = event.payload {
                self.inline(&place.key(&["payload"]), &event.name, id, 0);
            }
            if let Ack::Type(ty) = &event.ack {
                self.answer(&place.part(&["ack"], "ack"), &event.name, ty);
            }
        }
        for (place, event) in self.server_events().collect::<Vec<_>>() {
            self.thing(place.clone(), Sort::Event, &event.name, &event.doc);
            if let Some(id) = event.payload {
                self.inline(&place.key(&["payload"]), &event.name, id, 0);
            }
        }
    }

    fn operations(&mut self) {
        for (place, operation) in self.rest().collect::<Vec<_>>() {
            self.thing(place.clone(), Sort::Operation, &operation.name, &operation.doc);
            if let Some(id) = operation.input {
                let Shape::Object(object) = &self.def(id).shape else { continue };
                for (field, (_, at)) in object.fields.iter().zip(&operation.places) {
                    let keys: &[&str] = match at {
                        FieldPlace::Path => &["path", &field.name],
                        FieldPlace::Query => &["query", "properties", &field.name],
                        FieldPlace::Body => &["body", "properties", &field.name],
                    };
                    self.field(place.part(keys, &field.name), field, true, 0);
                }
                self.objects.push(ObjectAt {
                    place: place.clone(),
                    id,
                    def: self.def(id),
                    object,
                    depth: 0,
                    received: true,
                });
            }
            if let SuccessBody::Json { ty, .. } = &operation.success.body {
                let status = operation.success.status.to_string();
                self.answer(&place.part(&["response", &status], "response"), &operation.name, ty);
            }
        }
    }

    fn answer(&mut self, place: &Place, name: &'m str, ty: &'m Type) {
        self.value(place.clone(), name, Role::Answer, &NO_DOC, ty, true, false);
        self.within(place, name, &ty.kind, false, 0);
    }

    /// What is in a type, where it stands inline at `place`.
    fn inline(&mut self, place: &Place, name: &'m str, id: TypeId, depth: usize) {
        let def = self.def(id);
        if def.named {
            return;
        }
        if let Shape::Alias(kind) = &def.shape {
            let (place, received) = (place.clone(), self.received.contains(&id));
            let role = Role::Part;
            self.values.push(Value {
                place,
                name,
                role,
                doc: &NO_DOC,
                kind,
                nullable: false,
                required: true,
                received,
            });
        }
        self.inside(place, name, id, depth);
    }

    /// What is in the type that is declared at `place`.
    fn inside(&mut self, place: &Place, name: &'m str, id: TypeId, depth: usize) {
        let (def, received) = (self.def(id), self.received.contains(&id));
        match &def.shape {
            Shape::Object(object) => {
                self.objects.push(ObjectAt { place: place.clone(), id, def, object, depth, received });
                for field in &object.fields {
                    self.field(place.part(&["properties", &field.name], &field.name), field, received, depth);
                }
            }
            Shape::Enum(_) => {}
            Shape::Alias(kind) => self.within(place, name, kind, received, depth),
        }
    }

    fn field(&mut self, place: Place, field: &'m Field, received: bool, depth: usize) {
        self.thing(place.clone(), Sort::Field, &field.name, &field.doc);
        self.value(place.clone(), &field.name, Role::Field, &field.doc, &field.ty, field.required, received);
        self.within(&place, &field.name, &field.ty.kind, received, depth);
    }

    /// What is in a value of `kind`.
    fn within(&mut self, place: &Place, name: &'m str, kind: &'m Kind, received: bool, depth: usize) {
        let (key, part, inner) = match kind {
            Kind::Ref(id) => return self.inline(place, name, *id, depth + 1),
            Kind::Array(array) => ("items", "items", &*array.items),
            Kind::Map(values) => ("additionalProperties", "values", &**values),
            _ => return,
        };
        let place = place.part(&[key], part);
        if !matches!(inner.kind, Kind::Ref(_)) || self.named(&inner.kind).is_some() {
            self.value(place.clone(), name, Role::Part, &NO_DOC, inner, true, received);
        }
        self.within(&place, name, &inner.kind, received, depth);
    }

    #[expect(clippy::too_many_arguments, reason = "they are what a value is made of")]
    fn value(
        &mut self,
        place: Place,
        name: &'m str,
        role: Role,
        doc: &'m Doc,
        ty: &'m Type,
        required: bool,
        received: bool,
    ) {
        self.values.push(Value { place, name, role, doc, kind: &ty.kind, nullable: ty.nullable, required, received });
    }
}
