//! Types: what a schema writes, as shapes, with what stands inline given a name.

use std::collections::{BTreeSet, HashMap};

use super::{Lowering, docs::doc_of, examples, pattern};
use crate::{
    case,
    diagnostic::{Diagnostic, Span},
    model::{Array, Bounds, Doc, Field, Kind, Object, Shape, Text, Type, TypeDef, TypeId},
    source::{
        self, Any, Named, Slot, Spanned,
        schema::{Number, TypeName, TypeSchema},
    },
};

/// A reference to a type that could not be resolved, which has been reported. No model has one.
pub const UNKNOWN: Kind = Kind::Ref(TypeId(usize::MAX));

/// The largest integer that every JSON implementation represents exactly (RFC 8259, section 6).
const MAX_INTEGER: i64 = (1 << 53) - 1;

/// The types so far.
#[derive(Debug, Default)]
pub struct Types<'a> {
    /// Those that the schema names first. A type with errors is an empty object.
    pub defs: Vec<TypeDef>,
    /// Where each is declared.
    pub spans: Vec<Span>,
    /// Where the types of fields are written, by type and field.
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

    /// Whether `id` or something that it refers to has errors.
    pub fn is_tainted(&self, id: TypeId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let Some(def) = self.get(id) else { return true };
            if seen.insert(id) {
                def.shape.references(&mut |reference| open.push(reference));
            }
        }
        false
    }

    /// What a kind is where names are looked through.
    pub fn resolve<'t>(&'t self, kind: &'t Kind) -> Option<Resolved<'t>> {
        match kind {
            Kind::Ref(id) => self.resolve_ref(*id),
            Kind::Text(_) | Kind::Const(_) => Some(Resolved::Text),
            _ => Some(Resolved::Other),
        }
    }

    /// What a type is where names are looked through. `None` where it is unknown or has errors.
    pub fn resolve_ref(&self, id: TypeId) -> Option<Resolved<'_>> {
        match &self.get(id)?.shape {
            Shape::Object(object) => Some(Resolved::Object(object)),
            Shape::Enum(_) => Some(Resolved::Text),
            Shape::Alias(kind) => self.resolve(kind),
        }
    }
}

/// What a kind is where names are looked through.
#[derive(Debug)]
pub enum Resolved<'t> {
    /// An object with fixed keys.
    Object(&'t Object),
    /// A string.
    Text,
    /// Anything else.
    Other,
}

/// What a type that stands inline is called, and documented by where it says nothing itself.
#[derive(Clone, Debug)]
pub struct Inline {
    /// Its name, in PascalCase.
    pub name: String,
    /// Its summary.
    pub summary: String,
    /// Where it is.
    pub span: Span,
}

/// What may stand where a type is used without being given a name.
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
            });
            self.types.spans.push(name.span);
            if schema.is_none() {
                self.types.broken.insert(id);
            }
            if !case::is_pascal(name.as_str()) {
                let pascal = case::pascal(name.as_str());
                let mut diagnostic =
                    Diagnostic::new("name-case", format!("the type `{}` is not named in PascalCase", name.value))
                        .at(name.span, "letters and digits, each word with a capital");
                if case::is_pascal(&pascal) {
                    diagnostic = diagnostic.help(format!("rename it to `{pascal}`"));
                }
                self.cx.report(diagnostic);
            }
            self.items.claim("types", name.as_str(), name.span, format!("the type `{}`", name.value), self.cx);
        }
        for (index, (name, schema)) in entries.iter().enumerate() {
            let Some(schema) = schema else { continue };
            self.named_type(TypeId(index), name, schema);
        }
    }

    fn named_type(&mut self, id: TypeId, name: &'a source::Text, schema: &'a TypeSchema) {
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
                        .at(reference.span, "a named type says itself what it is")
                        .help(format!(
                            "use `{}` where `{}` is used, or write out what it is",
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

    fn define(&mut self, id: TypeId, shape: Option<Shape>, example: Option<&'a Any>) {
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

    /// Gives a type that stands inline a name. `shape` makes it, given the id that it will have.
    pub fn hoist(
        &mut self,
        inline: Inline,
        doc: Doc,
        example: Option<&'a Any>,
        shape: impl FnOnce(&mut Self, TypeId) -> Option<Shape>,
    ) -> TypeId {
        let id = TypeId(self.types.defs.len());
        let Inline { name, summary, span } = inline;
        let named = self.items.claim(
            "types",
            &name,
            span,
            format!("this, which is inline and gets the name `{name}`"),
            self.cx,
        );
        let doc = if doc.summary.is_empty() { Doc { summary, ..doc } } else { doc };
        let empty = Shape::Object(Object { fields: Vec::new(), rules: Vec::new() });
        self.types.defs.push(TypeDef { name, doc, shape: empty, example: None, named: false });
        self.types.spans.push(span);
        if !named {
            self.types.broken.insert(id);
        }
        let shape = shape(self, id);
        self.define(id, shape, example);
        id
    }

    /// A type where it is used; what stands inline there is called `inline`.
    pub fn use_of(&mut self, schema: &'a TypeSchema, inline: Inline, position: Position) -> Type {
        let nullable = schema.nullable.get().is_some_and(|nullable| nullable.value);
        let kind = self.kind(schema, inline, position);
        Type { kind, nullable, recursive: false }
    }

    fn kind(&mut self, schema: &'a TypeSchema, inline: Inline, position: Position) -> Kind {
        if !schema.reference.is_absent() {
            for (key, span) in schema.constraints() {
                let diagnostic = Diagnostic::new("beside-ref", format!("`{key}` cannot stand beside `$ref`"))
                    .at(span, "")
                    .help("only `summary`, `description`, `nullable`, `since` and `deprecated` can: put it into the type, or make another type");
                self.cx.report(diagnostic);
            }
            let found = schema.reference.get().and_then(|reference| self.reference(reference));
            return found.map_or(UNKNOWN, Kind::Ref);
        }
        let hoisted = match schema.ty.get().map(|ty| ty.value.0) {
            // The ones that always get a name are made under it, so that what is inline in them is called after it.
            Some(TypeName::Object) => schema.values.is_absent(),
            Some(TypeName::String) => !schema.choices.is_absent(),
            _ => false,
        };
        if hoisted || position == Position::Payload {
            let doc = doc_of!(self, schema);
            let name = inline.name.clone();
            let id = self.hoist(inline, doc, schema.example.get(), |this, id| this.shape(schema, &name, Some(id)));
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
            return Kind::Ref(self.hoist(inline, doc, schema.example.get(), |_, _| Some(Shape::Alias(kind))));
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

    /// What a schema says that is no `$ref`, where all of its keys are known. What is inline in it is called after
    /// `name`.
    fn shape(&mut self, schema: &'a TypeSchema, name: &str, id: Option<TypeId>) -> Option<Shape> {
        let shape = self.shape_of_known_keys(schema, name, id);
        if schema.has_other_keys { None } else { shape }
    }

    fn shape_of_known_keys(&mut self, schema: &'a TypeSchema, name: &str, id: Option<TypeId>) -> Option<Shape> {
        let Some(ty) = schema.ty.get() else {
            if schema.ty.is_absent() && !schema.has_other_keys {
                let likely = match () {
                    () if !schema.properties.is_absent() || !schema.values.is_absent() => "object",
                    () if !schema.items.is_absent() => "array",
                    () if !schema.minimum.is_absent() || !schema.maximum.is_absent() => "integer",
                    () => "string",
                };
                let diagnostic = Diagnostic::new("missing-type", "the type says neither `type` nor `$ref`")
                    .at(schema.span, "")
                    .help(format!("add `type: {likely}`, or refer to a named type by `$ref`"));
                self.cx.report(diagnostic);
            }
            return None;
        };
        let ty = ty.value.0;
        self.misplaced(schema, ty);
        match ty {
            TypeName::Object => match &schema.values {
                Slot::Absent => self.object(schema, name, id?).map(Shape::Object),
                Slot::Broken => None,
                Slot::Is(values) => {
                    let inline = Inline {
                        name: format!("{name}Value"),
                        summary: format!("A value of `{name}`."),
                        span: values.0.span,
                    };
                    let ty = self.use_of(&values.0, inline, Position::Item);
                    (ty.kind != UNKNOWN).then(|| Shape::Alias(Kind::Map(Box::new(ty))))
                }
            },
            TypeName::Array => {
                let Some(items) = schema.items.get() else {
                    if schema.items.is_absent() && !schema.has_other_keys {
                        let diagnostic = Diagnostic::new("missing-key", "an array needs `items`")
                            .at(schema.span, "needs `items`")
                            .help("add `items: { $ref: … }`");
                        self.cx.report(diagnostic);
                    }
                    return None;
                };
                let (min_items, max_items) = (&schema.min_items, &schema.max_items);
                self.in_order(min_items, max_items, ["minItems", "maxItems"], |a, b| a > b);
                let inline =
                    Inline { name: format!("{name}Item"), summary: format!("An item of `{name}`."), span: items.span };
                let items = self.use_of(items, inline, Position::Item);
                (items.kind != UNKNOWN).then(|| {
                    let items = Box::new(items);
                    Shape::Alias(Kind::Array(Array { items, min_items: value(min_items), max_items: value(max_items) }))
                })
            }
            TypeName::String => self.string(schema),
            TypeName::Integer => {
                let bounds = Bounds {
                    minimum: self.integer(&schema.minimum),
                    maximum: self.integer(&schema.maximum),
                    exclusive_minimum: self.integer(&schema.exclusive_minimum),
                    exclusive_maximum: self.integer(&schema.exclusive_maximum),
                };
                self.bounds(schema, true);
                Some(Shape::Alias(Kind::Integer(bounds)))
            }
            TypeName::Number => {
                let number = |slot: &Slot<Spanned<Number>>| slot.get().map(|number| number.value.as_f64());
                let bounds = Bounds {
                    minimum: number(&schema.minimum),
                    maximum: number(&schema.maximum),
                    exclusive_minimum: number(&schema.exclusive_minimum),
                    exclusive_maximum: number(&schema.exclusive_maximum),
                };
                self.bounds(schema, false);
                Some(Shape::Alias(Kind::Number(bounds)))
            }
            TypeName::Boolean => Some(Shape::Alias(Kind::Boolean)),
        }
    }

    /// Reports the keys that say nothing of a type.
    fn misplaced(&mut self, schema: &TypeSchema, ty: TypeName) {
        let (what, allowed): (_, &[&str]) = match ty {
            TypeName::Object if schema.values.is_absent() => ("an object", &["properties", "required", "rules"]),
            TypeName::Object => ("an object with any keys", &["additionalProperties"]),
            TypeName::Array => ("an array", &["items", "minItems", "maxItems"]),
            TypeName::String if !schema.choices.is_absent() => ("a choice of strings", &["enum"]),
            TypeName::String if !schema.constant.is_absent() => ("a constant", &["const"]),
            TypeName::String => ("a string", &["minLength", "maxLength", "pattern", "violation", "format"]),
            TypeName::Integer => ("an integer", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
            TypeName::Number => ("a number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
            TypeName::Boolean => ("a boolean", &[]),
        };
        for (key, span) in schema.constraints() {
            if allowed.contains(&key) || ["type", "example"].contains(&key) {
                continue;
            }
            let help = match (ty, key) {
                (TypeName::Integer | TypeName::Number | TypeName::Boolean, "enum" | "const") => {
                    "only strings can be chosen from a list; for numbers use `minimum` and `maximum`".to_owned()
                }
                (TypeName::Object, "properties" | "required" | "rules") => {
                    "an object has either fixed keys (`properties`) or any keys (`additionalProperties`)".to_owned()
                }
                _ if allowed.is_empty() => "leave it out".to_owned(),
                _ => format!("of {what} can be said: `{}`", allowed.join("`, `")),
            };
            let diagnostic =
                Diagnostic::new("misplaced-keyword", format!("`{key}` says nothing of {what}")).at(span, "").help(help);
            self.cx.report(diagnostic);
        }
    }

    fn string(&mut self, schema: &TypeSchema) -> Option<Shape> {
        match (&schema.choices, &schema.constant) {
            (Slot::Is(choices), _) => {
                return self
                    .choices(choices)
                    .then(|| Shape::Enum(choices.value.iter().map(|choice| choice.value.clone()).collect()));
            }
            (Slot::Broken, _) | (_, Slot::Broken) => return None,
            (_, Slot::Is(constant)) => return Some(Shape::Alias(Kind::Const(constant.value.clone()))),
            _ => {}
        }
        let (min_length, max_length) = (&schema.min_length, &schema.max_length);
        self.in_order(min_length, max_length, ["minLength", "maxLength"], |a, b| a > b);
        if let (Some(violation), true) = (schema.violation.get(), schema.pattern.is_absent()) {
            let diagnostic = Diagnostic::new("misplaced-keyword", "there is no `pattern` that a string could violate")
                .at(violation.span, "what a string is told that breaks the pattern")
                .help("add `pattern`, or leave `violation` out");
            self.cx.report(diagnostic);
        }
        let violation = schema.violation.get().map(|violation| violation.value.clone());
        let pattern = match &schema.pattern {
            Slot::Is(pattern) => Some(self.pattern(pattern, violation)?),
            Slot::Broken => return None,
            Slot::Absent => None,
        };
        Some(Shape::Alias(Kind::Text(Text {
            min_length: value(min_length),
            max_length: value(max_length),
            pattern,
            date_time: schema.format.get().is_some(),
        })))
    }

    /// Whether the strings to choose from can be variants of an enum.
    fn choices(&mut self, choices: &Spanned<Vec<source::Text>>) -> bool {
        let before = self.cx.diagnostics.len();
        if choices.value.is_empty() {
            let diagnostic = Diagnostic::new("empty-enum", "there is nothing to choose from");
            self.cx.report(diagnostic.at(choices.span, "an `enum` without values").help("add the values"));
        }
        let mut variants: HashMap<String, &source::Text> = HashMap::new();
        for choice in &choices.value {
            let variant = case::pascal(choice.as_str());
            if !case::is_pascal(&variant) || variant == "Self" {
                let diagnostic = Diagnostic::new("choice-name", format!("`{}` makes no name in code", choice.value))
                    .at(choice.span, format!("its name would be `{variant}`"))
                    .help(
                        "use ASCII letters and digits, a letter first (not `self`), or `type: string` with a `pattern`",
                    );
                self.cx.report(diagnostic);
                continue;
            }
            if let Some(first) = variants.get(&variant) {
                let same = first.value == choice.value;
                let diagnostic = if same {
                    Diagnostic::new("duplicate-choice", format!("`{}` is there twice", choice.value))
                } else {
                    let message = format!("`{}` and `{}` are both `{variant}` in code", first.value, choice.value);
                    Diagnostic::new("name-collision", message)
                };
                self.cx.report(diagnostic.at(choice.span, "again here").and(first.span, "first here"));
                continue;
            }
            variants.insert(variant, choice);
        }
        self.cx.diagnostics.len() == before
    }

    /// A pattern in the syntaxes that are needed.
    pub fn pattern(&mut self, ecma: &source::Text, violation: Option<String>) -> Option<crate::model::Pattern> {
        let rust = match pattern::to_rust(ecma.as_str()) {
            Ok(rust) => rust,
            Err(error) => {
                let diagnostic =
                    Diagnostic::new("invalid-pattern", format!("the pattern cannot be used: {}", error.why))
                        .at(ecma.span, format!("at `{}`", error.at))
                        .help(error.help);
                self.cx.report(diagnostic);
                return None;
            }
        };
        Some(crate::model::Pattern { ecma: ecma.value.clone(), rust, violation })
    }

    fn integer(&mut self, slot: &Slot<Spanned<Number>>) -> Option<i64> {
        let number = slot.get()?;
        let (rule, message) = match number.value {
            Number::Integer(integer) if (-MAX_INTEGER..=MAX_INTEGER).contains(&integer) => return Some(integer),
            Number::Integer(_) => ("out-of-range", "the bound is beyond the integers that JSON carries exactly"),
            Number::Float(_) => ("wrong-kind", "the bound of an integer is an integer"),
        };
        let diagnostic =
            Diagnostic::new(rule, message).at(number.span, format!("expected -{MAX_INTEGER} to {MAX_INTEGER}"));
        self.cx.report(diagnostic);
        None
    }

    /// Reports numbers that no number is between.
    fn bounds(&mut self, schema: &TypeSchema, integer: bool) {
        let (minimum, maximum) = (&schema.minimum, &schema.maximum);
        let (above, below) = (&schema.exclusive_minimum, &schema.exclusive_maximum);
        let more = |a: Number, b: Number| a.as_f64() > b.as_f64();
        let not_less = |a: Number, b: Number| a.as_f64() >= b.as_f64();
        self.in_order(minimum, maximum, ["minimum", "maximum"], more);
        self.in_order(above, maximum, ["exclusiveMinimum", "maximum"], not_less);
        self.in_order(minimum, below, ["minimum", "exclusiveMaximum"], not_less);
        self.in_order(above, below, ["exclusiveMinimum", "exclusiveMaximum"], |a, b| {
            if integer { a.as_f64() + 1.0 >= b.as_f64() } else { a.as_f64() >= b.as_f64() }
        });
    }

    /// Reports bounds that nothing is between.
    fn in_order<T: Copy>(
        &mut self,
        low: &Slot<Spanned<T>>,
        high: &Slot<Spanned<T>>,
        [low_key, high_key]: [&str; 2],
        excluded: impl Fn(T, T) -> bool,
    ) {
        if let (Some(low), Some(high)) = (low.get(), high.get())
            && excluded(low.value, high.value)
        {
            let diagnostic = Diagnostic::new("empty-range", format!("nothing is between `{low_key}` and `{high_key}`"))
                .at(low.span, "")
                .and(high.span, "");
            self.cx.report(diagnostic);
        }
    }

    fn object(&mut self, schema: &'a TypeSchema, name: &str, id: TypeId) -> Option<Object> {
        let empty = Vec::new();
        let required = match &schema.required {
            Slot::Is(required) => required,
            _ => &empty,
        };
        let fields = match &schema.properties {
            Slot::Is(properties) => self.fields(properties, required, name, id, 0),
            Slot::Broken => return None,
            Slot::Absent if schema.has_other_keys => return None,
            Slot::Absent => Vec::new(),
        };
        let names: Vec<&str> = schema
            .properties
            .get()
            .into_iter()
            .flat_map(|named| &named.entries)
            .map(|entry| entry.name.as_str())
            .collect();
        self.required_names(required, &names);
        let rules = schema.rules.get().map(|rules| self.rules(rules, &fields)).unwrap_or_default();
        Some(Object { fields, rules })
    }

    /// Reports required names that are no fields, or are there twice.
    pub fn required_names(&mut self, required: &[source::Text], names: &[&str]) {
        for (index, name) in required.iter().enumerate() {
            if !names.contains(&name.as_str()) {
                let diagnostic = Diagnostic::new(
                    "unknown-field",
                    format!("`{}` is required, and not under `properties`", name.value),
                )
                .at(name.span, "unknown")
                .help(crate::diagnostic::instead(name.as_str(), names.iter().copied()));
                self.cx.report(diagnostic);
            }
            if let Some(first) = required[..index].iter().find(|first| first.value == name.value) {
                let diagnostic = Diagnostic::new("duplicate-name", format!("`{}` is required twice", name.value));
                self.cx.report(diagnostic.at(name.span, "again here").and(first.span, "first here"));
            }
        }
    }

    /// The fields of an object called `name`; `first` is the index of the first among all of the object's fields.
    pub fn fields(
        &mut self,
        properties: &'a Named<TypeSchema>,
        required: &[source::Text],
        name: &str,
        id: TypeId,
        first: usize,
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        let mut in_code: HashMap<String, &source::Text> = HashMap::new();
        for entry in &properties.entries {
            let field = &entry.name;
            if !case::is_identifier(field.as_str()) {
                let diagnostic = Diagnostic::new("field-name", format!("`{}` is no name in code", field.value))
                    .at(field.span, "expected ASCII letters, digits and `_`, no digit first");
                self.cx.report(diagnostic);
            } else {
                let snake = case::snake(field.as_str());
                if ["self", "super", "crate"].contains(&snake.as_str()) {
                    let diagnostic =
                        Diagnostic::new("reserved-name", format!("a field cannot be called `{}`", field.value))
                            .at(field.span, "has another meaning in Rust, and cannot be escaped there");
                    self.cx.report(diagnostic);
                }
                if let Some(other) = in_code.insert(snake.clone(), field) {
                    let message = format!("`{}` and `{}` are both `{snake}` in Rust", other.value, field.value);
                    let diagnostic = Diagnostic::new("name-collision", message)
                        .at(field.span, "this field")
                        .and(other.span, "this field")
                        .help("rename one of them");
                    self.cx.report(diagnostic);
                }
            }
            let is_required = required.iter().any(|required| required.value == field.value);
            let (doc, ty) = match &entry.value {
                None => (Doc::default(), Type { kind: UNKNOWN, nullable: false, recursive: false }),
                Some(schema) => {
                    let doc = doc_of!(self, schema);
                    let inline = Inline {
                        name: format!("{name}{}", case::pascal(field.as_str())),
                        summary: format!("The `{}` of `{name}`.", field.value),
                        span: field.span,
                    };
                    (doc, self.use_of(schema, inline, Position::Field))
                }
            };
            self.types.uses.insert((id, first + fields.len()), field.span);
            fields.push(Field { name: field.value.clone(), doc, required: is_required, ty });
        }
        fields
    }
}

fn value(slot: &Slot<Spanned<u64>>) -> Option<u64> {
    slot.get().map(|spanned| spanned.value)
}
