//! Lowers types to shapes, and gives names to inline types.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Lowering, docs::doc_of, examples};
use crate::{
    case,
    diagnostic::{Diagnostic, Span},
    model::{Bounds, Doc, Kind, Object, Shape, Text, Type, TypeDef, TypeId},
    source::{
        self, Any, Place,
        schema::{TypeName, TypeSchema},
    },
};

/// A reference to a type that could not be resolved, which has been reported. No model has one.
pub const UNKNOWN: Kind = Kind::Ref(TypeId(usize::MAX));

/// The types so far.
#[derive(Debug, Default)]
pub struct Types<'a> {
    /// The named types come first. A type with errors is an empty object.
    pub defs: Vec<TypeDef>,
    /// The place of each declaration.
    pub spans: Vec<Span>,
    /// The places of the types of fields, by type and field.
    pub uses: HashMap<(TypeId, usize), Span>,
    /// The types that have errors.
    pub broken: BTreeSet<TypeId>,
    /// The types' own examples.
    pub examples: HashMap<TypeId, &'a Any>,
}

impl Types<'_> {
    /// The type, where it is known and has no errors.
    pub fn get(&self, id: TypeId) -> Option<&TypeDef> {
        if self.broken.contains(&id) { None } else { self.defs.get(id.0) }
    }

    /// All types, where none has errors.
    pub fn finish(self) -> Option<Vec<TypeDef>> {
        self.broken.is_empty().then_some(self.defs)
    }

    /// The types that have errors, or refer to one that has.
    pub fn tainted(&self) -> HashSet<TypeId> {
        let mut users: HashMap<TypeId, Vec<TypeId>> = HashMap::new();
        let mut open: Vec<TypeId> = self.broken.iter().copied().collect();
        for (id, def) in (0..).map(TypeId).zip(&self.defs) {
            def.shape.references(&mut |reference| match self.get(reference) {
                Some(_) => users.entry(reference).or_default().push(id),
                None => open.push(id),
            });
        }
        let mut tainted = HashSet::new();
        while let Some(id) = open.pop() {
            if tainted.insert(id) {
                open.extend(users.get(&id).into_iter().flatten());
            }
        }
        tainted
    }

    /// Resolves a kind: follows names to the kind behind them.
    pub fn resolve<'t>(&'t self, kind: &'t Kind) -> Option<Resolved<'t>> {
        match kind {
            Kind::Ref(id) => self.resolve_ref(*id),
            Kind::Text(_) | Kind::Const(_) => Some(Resolved::Text),
            _ => Some(Resolved::Other),
        }
    }

    /// Resolves a type: follows names to the kind behind them. `None` if it is unknown or has errors.
    pub fn resolve_ref(&self, id: TypeId) -> Option<Resolved<'_>> {
        match &self.get(id)?.shape {
            Shape::Object(object) => Some(Resolved::Object(object)),
            Shape::Enum(_) => Some(Resolved::Text),
            Shape::Alias(kind) => self.resolve(kind),
        }
    }
}

/// A kind behind all names.
#[derive(Debug)]
pub enum Resolved<'t> {
    /// An object with fixed keys.
    Object(&'t Object),
    /// A string.
    Text,
    /// Anything else.
    Other,
}

/// The name of an inline type, and its default documentation.
#[derive(Clone, Debug)]
pub struct Inline {
    /// Its name, in PascalCase.
    pub name: String,
    /// Its summary.
    pub summary: String,
    /// Its place in the file.
    pub span: Span,
}

/// The kinds of types that a position allows without a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Position {
    /// A field: everything but objects and enums.
    Field,
    /// An array's item or a map's value: unconstrained scalars.
    Item,
    /// A payload: nothing.
    Payload,
}

impl<'a> Lowering<'a, '_> {
    /// All types under `types`.
    pub fn named_types(&mut self) {
        let entries = self.tables.types.entries.clone();
        for (index, (name, schema)) in entries.iter().enumerate() {
            let id = TypeId(index);
            self.types.defs.push(TypeDef {
                name: name.value.clone(),
                doc: Doc::default(),
                shape: Shape::Object(Object { fields: Vec::new(), rules: Vec::new() }),
                example: None,
                named: true,
                place: schema.map_or_else(Place::default, |schema| schema.place.clone()),
            });
            self.types.spans.push(name.span);
            if schema.is_none() {
                self.types.broken.insert(id);
            }
            if !case::is_pascal(name.as_str()) {
                // It would name files, references and code, which cannot have this name.
                self.types.broken.insert(id);
                let pascal = case::pascal(name.as_str());
                let help = if case::is_pascal(&pascal) {
                    format!("rename it to `{pascal}`")
                } else {
                    "rename it: Rust and TypeScript types, files and references are named after it".to_owned()
                };
                let diagnostic =
                    Diagnostic::new("name-case", format!("the type `{}` is not named in PascalCase", name.value))
                        .at(name.span, "letters A to Z and digits, each word with a capital")
                        .help(help);
                self.cx.report(diagnostic);
            }
            self.items.claim("types", name.as_str(), name.span, format!("the type `{}`", name.value), self.cx);
        }
        for (index, (name, schema)) in entries.iter().enumerate() {
            let Some(schema) = schema else { continue };
            self.named_type(TypeId(index), name, schema);
        }
    }

    pub fn named_type(&mut self, id: TypeId, name: &'a source::Text, schema: &'a TypeSchema) {
        let doc = doc_of!(self, schema);
        if schema.summary.is_absent() && !schema.has_other_keys {
            let diagnostic = Diagnostic::new("missing-key", format!("the type `{}` has no `summary`", name.value))
                .at(name.span, "needs `summary`")
                .help("add `summary: …`: one sentence that says what it is");
            self.cx.report(diagnostic);
        }
        if let Some(nullable) = schema.nullable.get() {
            let diagnostic = Diagnostic::new("misplaced-keyword", "a named type cannot be nullable")
                .at(nullable.span, "")
                .help("write `nullable: true` beside the `$ref`s to it");
            self.cx.report(diagnostic);
        }
        let shape = match schema.reference.get() {
            Some(reference) => {
                let diagnostic =
                    Diagnostic::new("type-synonym", format!("`{}` would be another name for a type", name.value))
                        .at(reference.span, "a named type must define its own value")
                        .help(format!(
                            "use `{}` where `{}` is used, or write out its definition",
                            reference.value, name.value
                        ));
                self.cx.report(diagnostic);
                None
            }
            None => self.shape(schema, name.as_str(), Some(id)),
        };
        self.types.defs[id.0].doc = doc;
        self.define(id, shape, schema.example.get());
    }

    pub fn define(&mut self, id: TypeId, shape: Option<Shape>, example: Option<&'a Any>) {
        match shape {
            Some(shape) => self.types.defs[id.0].shape = shape,
            None => {
                self.types.broken.insert(id);
            }
        }
        if let Some(example) = example {
            self.types.defs[id.0].example = Some(example.to_json());
            self.types.examples.insert(id, example);
            self.examples.push(examples::Pending { id, example });
        }
    }

    /// Names an inline type, which is at `place`. `shape` makes it, given the id that it will have.
    pub fn hoist(
        &mut self,
        inline: Inline,
        place: &Place,
        doc: Doc,
        example: Option<&'a Any>,
        shape: impl FnOnce(&mut Self, TypeId) -> Option<Shape>,
    ) -> TypeId {
        let id = TypeId(self.types.defs.len());
        let Inline { name, summary, span } = inline;
        let is_pascal = case::is_pascal(&name);
        let named =
            self.items.claim("types", &name, span, format!("this inline type, which gets the name `{name}`"), self.cx);
        let doc = if doc.summary.is_empty() { Doc { summary, ..doc } } else { doc };
        let empty = Shape::Object(Object { fields: Vec::new(), rules: Vec::new() });
        let place = place.clone();
        self.types.defs.push(TypeDef { name, doc, shape: empty, example: None, named: false, place });
        self.types.spans.push(span);
        // An inline type is named after the one around it, and a bad name of that one has been reported.
        if !named || !is_pascal {
            self.types.broken.insert(id);
        }
        let shape = shape(self, id);
        self.define(id, shape, example);
        id
    }

    /// A type where it is used. An inline type there is called `inline`.
    pub fn use_of(&mut self, schema: &'a TypeSchema, inline: Inline, position: Position) -> Type {
        let nullable = schema.nullable.get().is_some_and(|nullable| nullable.value);
        let kind = self.kind(schema, inline, position);
        Type { kind, nullable, recursive: false, place: schema.place.clone() }
    }

    pub fn kind(&mut self, schema: &'a TypeSchema, inline: Inline, position: Position) -> Kind {
        if !schema.reference.is_absent() {
            for (key, span) in schema.constraints() {
                let diagnostic =
                    Diagnostic::new("beside-ref", format!("`{key}` cannot be used next to `$ref`")).at(span, "").help(
                        "only `summary`, `description`, `nullable`, `since` and `deprecated` can: move it into the \
                           type, or declare another type",
                    );
                self.cx.report(diagnostic);
            }
            let found = schema.reference.get().and_then(|reference| self.reference(reference));
            return found.map_or(UNKNOWN, Kind::Ref);
        }
        let hoisted = match schema.ty.get().map(|ty| ty.value.0) {
            // Types that always get a name are made under it, so that their inline types are named after it.
            Some(TypeName::Object) => schema.values.is_absent(),
            Some(TypeName::String) => !schema.choices.is_absent(),
            _ => false,
        };
        if hoisted || position == Position::Payload {
            let doc = doc_of!(self, schema);
            let name = inline.name.clone();
            let id = self.hoist(inline, &schema.place, doc, schema.example.get(), |this, id| {
                this.shape(schema, &name, Some(id))
            });
            return Kind::Ref(id);
        }
        let Some(Shape::Alias(kind)) = self.shape(schema, &inline.name, None) else { return UNKNOWN };
        let plain = match &kind {
            Kind::Ref(_) | Kind::Boolean => true,
            Kind::Text(text) => *text == Text::default(),
            Kind::Integer(bounds) => *bounds == Bounds::default(),
            Kind::Number(bounds) => *bounds == Bounds::default(),
            Kind::Array(_) | Kind::Map(_) | Kind::Const(_) => false,
        };
        if position == Position::Item && !plain {
            let doc = doc_of!(self, schema);
            let shape = |_: &mut Self, _| Some(Shape::Alias(kind));
            return Kind::Ref(self.hoist(inline, &schema.place, doc, schema.example.get(), shape));
        }
        if let Some(example) = schema.example.get() {
            let diagnostic = Diagnostic::new("misplaced-keyword", "a field has no example of its own")
                .at(example.0.span, "")
                .help("give the object an example, or make the field's type a named one");
            self.cx.report(diagnostic);
        }
        kind
    }

    /// The type that is named.
    pub fn reference(&mut self, reference: &source::Text) -> Option<TypeId> {
        let is_path = reference.as_str().contains(['/', '#']);
        if is_path && self.tables.types.find(reference.as_str()).is_none() {
            let name = reference.as_str().rsplit(['/', '#']).next().unwrap_or_default();
            let diagnostic =
                Diagnostic::new("unknown-type", format!("`{}` is not the name of a type", reference.value))
                    .at(reference.span, "expected a name")
                    .help(match self.tables.types.find(name) {
                        Some(_) => format!("`$ref` takes a type's name, whatever file it is in: `$ref: {name}`"),
                        None => "`$ref` takes the name of a type under `types`, whatever file it is in".to_owned(),
                    });
            self.cx.report(diagnostic);
            return None;
        }
        self.tables.types.resolve(reference, self.cx).map(TypeId)
    }
}
