//! The names of everything in Rust. A model's names are in the cases of the schema, and lowering has made sure that
//! no two of them become the same, nor a name that the code needs for something else.

use accord_language::{
    case,
    model::{ErrorId, Model, ScopeId, TypeId},
};
use proc_macro2::{Ident, Span};

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
    pub disconnect: Bound,
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
        let domains = &model.domains;
        Names {
            types: model.types.iter().map(|ty| ident(&ty.name)).collect(),
            errors: model.errors.iter().map(|error| pascal(&error.name)).collect(),
            scopes: model.scopes.iter().map(|scope| pascal(&scope.name)).collect(),
            traits: domains.iter().map(|domain| pascal(&domain.name)).collect(),
            events: domains
                .iter()
                .map(|domain| domain.client.iter().map(|event| Bound::new(&event.name)).collect())
                .collect(),
            connect: Bound::new("connect"),
            disconnect: Bound::new("disconnect"),
            connection: ident("Connection"),
            operations: model.http.operations.iter().map(|operation| Bound::new(&operation.name)).collect(),
            http: ident("Http"),
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
    fn new(name: &str) -> Self {
        let base = case::pascal(name);
        Bound {
            method: field(name),
            spec: ident(&case::screaming(name)),
            reply: ident(&format!("{base}Reply")),
            error: ident(&format!("{base}Error")),
            also: ident(&format!("{base}Also")),
        }
    }
}

/// A type, trait or variant.
pub fn pascal(name: &str) -> Ident {
    ident(&case::pascal(name))
}

/// A field, method or argument: in snake_case, raw where it is a keyword, and with `_` before a digit.
pub fn field(name: &str) -> Ident {
    let snake = case::snake(name);
    if snake.starts_with(|first: char| first.is_ascii_digit()) {
        return ident(&format!("_{snake}"));
    }
    syn::parse_str(&snake).unwrap_or_else(|_| Ident::new_raw(&snake, Span::call_site()))
}

/// Returns the name of the function that binds the handlers of a trait, as `accord_runtime::handlers` makes it.
pub fn bind(handlers: &Ident) -> Ident {
    ident(&format!("bind_{}", case::snake(&handlers.to_string())))
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
