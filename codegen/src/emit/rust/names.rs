//! What everything is called in Rust. Two things of a schema never get the same name, and none gets one that the code
//! needs for something else.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

use crate::{
    case,
    model::{ErrorId, Model, ScopeId, TypeId},
};

/// What the code itself calls by these names: a type that the schema calls so gets `Type` appended.
const TAKEN: &[&str] = &[
    "Arc",
    "BTreeMap",
    "Box",
    "Call",
    "Deserialize",
    "Err",
    "Handlers",
    "None",
    "Ok",
    "Option",
    "Result",
    "Self",
    "Serialize",
    "Some",
    "String",
    "Validate",
    "Vec",
];

/// The names of a model's parts, by their indices.
pub struct Names {
    types: Vec<Ident>,
    errors: Vec<Ident>,
    scopes: Vec<Ident>,
    /// By domain.
    pub traits: Vec<Ident>,
    /// By domain and client event.
    pub events: Vec<Vec<Bound>>,
    pub connect: Bound,
    pub connection: Ident,
    pub operations: Vec<Bound>,
    pub http: Ident,
}

/// The names that go with one event or operation.
pub struct Bound {
    /// `send_message`.
    pub method: Ident,
    /// `SEND_MESSAGE`.
    pub spec: Ident,
    /// `SendMessageReply`.
    pub reply: Ident,
    /// `SendMessageError`.
    pub error: Ident,
    /// `SendMessageAlso`.
    pub also: Ident,
}

impl Names {
    pub fn of(model: &Model) -> Self {
        let mut taken: BTreeSet<String> = TAKEN.iter().map(|&name| name.to_owned()).collect();
        let mut specs = BTreeSet::new();
        let connect = Bound::new("connect", &mut taken, &mut specs);
        let connection = unique("Connection".to_owned(), "Handlers", &mut taken);
        let http = unique("Http".to_owned(), "Handlers", &mut taken);
        let events = model
            .domains
            .iter()
            .map(|domain| domain.client.iter().map(|event| Bound::new(&event.name, &mut taken, &mut specs)).collect())
            .collect();
        let operations =
            model.http.operations.iter().map(|operation| Bound::new(&operation.name, &mut taken, &mut specs)).collect();
        let traits =
            model.domains.iter().map(|domain| unique(pascal(&domain.name, "Domain"), "Handlers", &mut taken)).collect();
        let types = model.types.iter().map(|ty| unique(pascal_as_is(&ty.name), "Type", &mut taken)).collect();
        let (mut errors, mut scopes) = (BTreeSet::new(), BTreeSet::new());
        Names {
            types,
            errors: model
                .errors
                .iter()
                .map(|error| unique(pascal(&error.name, "Error"), "Error", &mut errors))
                .collect(),
            scopes: model
                .scopes
                .iter()
                .map(|scope| unique(pascal(&scope.name, "Scope"), "Scope", &mut scopes))
                .collect(),
            traits,
            events,
            connect,
            connection,
            operations,
            http,
        }
    }

    pub fn ty(&self, id: TypeId) -> &Ident {
        &self.types[id.0]
    }

    pub fn error(&self, id: ErrorId) -> &Ident {
        &self.errors[id.0]
    }

    pub fn scope(&self, id: ScopeId) -> &Ident {
        &self.scopes[id.0]
    }
}

impl Bound {
    fn new(name: &str, taken: &mut BTreeSet<String>, specs: &mut BTreeSet<String>) -> Self {
        let base = pascal(name, "Event");
        Bound {
            method: field(name, 0),
            spec: unique(case::screaming(name), "_2", specs),
            reply: unique(format!("{base}Reply"), "2", taken),
            error: unique(format!("{base}Error"), "2", taken),
            also: unique(format!("{base}Also"), "2", taken),
        }
    }
}

/// The names of an object's fields, in their order.
pub fn fields<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Ident> {
    let mut taken = BTreeSet::new();
    names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let ident = field(name, index);
            if taken.insert(ident.to_string()) { ident } else { unique(format!("{ident}_{index}"), "_", &mut taken) }
        })
        .collect()
}

/// The names of an enum's variants, in their order.
pub fn variants<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Ident> {
    let mut taken = BTreeSet::new();
    names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let ident = pascal(name, "Value");
            let ident = if ident == "Self" { "SelfValue".to_owned() } else { ident };
            unique(ident, &index.to_string(), &mut taken)
        })
        .collect()
}

/// A field, method or argument: in snake_case, and raw where it is a keyword.
pub fn field(name: &str, index: usize) -> Ident {
    let snake = case::snake(name);
    for candidate in [snake.clone(), format!("r#{snake}"), format!("{snake}_"), format!("_{snake}")] {
        if let Ok(ident) = syn::parse_str::<Ident>(&candidate) {
            return ident;
        }
    }
    Ident::new(&format!("field_{index}"), Span::call_site())
}

/// The name of the function that binds the handlers of a trait, as `accord_runtime::handlers` makes it.
pub fn bind(handlers: &Ident) -> Ident {
    let mut name = "bind".to_owned();
    for letter in handlers.to_string().chars() {
        if letter.is_uppercase() || name == "bind" {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    Ident::new(&name, Span::call_site())
}

fn pascal(name: &str, otherwise: &str) -> String {
    let pascal = case::pascal(name);
    if syn::parse_str::<Ident>(&pascal).is_ok() || pascal == "Self" { pascal } else { format!("{otherwise}{pascal}") }
}

fn pascal_as_is(name: &str) -> String {
    if syn::parse_str::<Ident>(name).is_ok() { name.to_owned() } else { pascal(name, "Type") }
}

fn unique(mut name: String, suffix: &str, taken: &mut BTreeSet<String>) -> Ident {
    while !taken.insert(name.clone()) {
        name.push_str(suffix);
    }
    syn::parse_str(&name).unwrap_or_else(|_| Ident::new(&format!("{name}_"), Span::call_site()))
}
