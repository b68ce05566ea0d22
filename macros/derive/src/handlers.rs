//! `#[handlers]`.

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Attribute, Error, FnArg, Ident, ItemTrait, Pat, Path, Result, ReturnType, Token, TraitItem, TraitItemFn, Type,
    ext::IdentExt, parse::Parse, parse::ParseStream, parse_quote, spanned::Spanned,
};

use crate::attribute::combine;

const BINDINGS: &str =
    "`#[event(specs::…)]`, `#[connect(specs::…)]`, `#[disconnect(specs::…)]` or `#[operation(specs::…)]`";

pub fn expand(arguments: &TokenStream, mut item: ItemTrait) -> Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(Error::new_spanned(arguments, "`#[handlers]` takes no arguments: leave this out"));
    }
    if !item.generics.params.is_empty() {
        return Err(Error::new_spanned(&item.generics.params, "handlers have no type parameters: leave them out"));
    }
    let mut handlers = Vec::new();
    let mut errors = Vec::new();
    for member in &mut item.items {
        let handler = match member {
            TraitItem::Fn(function) => Handler::take(function),
            other => Err(Error::new_spanned(other, "a trait of handlers contains only `async fn`s: leave this out")),
        };
        match handler {
            Ok(handler) => handlers.push(handler),
            Err(error) => errors.push(error),
        }
    }
    if let Some(error) = combine(errors) {
        return Err(error);
    }
    let Some(first) = handlers.first() else {
        return Err(Error::new_spanned(&item.ident, format!("no handlers: add an `async fn` with {BINDINGS}")));
    };
    if let Some(other) = handlers.iter().find(|handler| handler.binding.kind() != first.binding.kind()) {
        let remedy = "a trait holds either events, or operations, or `connect` and `disconnect`: put this into a trait \
                      of its own";
        return Err(Error::new_spanned(&other.method, remedy));
    }
    item.supertraits.extend::<[syn::TypeParamBound; 3]>([
        parse_quote!(::core::marker::Send),
        parse_quote!(::core::marker::Sync),
        parse_quote!('static),
    ]);

    let (ident, vis) = (&item.ident, &item.vis);
    let bind = format_ident!("bind_{}", ident.unraw().to_string().to_snake_case());
    let bound = handlers.iter().map(Handler::bind);
    let (output, bound) = match first.binding {
        Binding::Connect(_) | Binding::Disconnect(_) => lifecycle(&item.ident, &handlers)?,
        Binding::Event(_) | Binding::Operation(..) => {
            (quote!(::std::vec::Vec<::accord_runtime::Endpoint>), quote!(::std::vec![#(#bound),*]))
        }
    };
    Ok(quote! {
        #item

        #[doc(hidden)]
        #vis fn #bind<H: #ident>(handlers: &::std::sync::Arc<H>) -> #output {
            #bound
        }
    })
}

/// The attributes that bind the handlers of a socket's connect and disconnect.
fn lifecycle(ident: &Ident, handlers: &[Handler]) -> Result<(TokenStream, TokenStream)> {
    let one = |is: fn(&Binding) -> bool, what: &str| {
        let mut handlers = handlers.iter().filter(|handler| is(&handler.binding));
        let first = handlers.next();
        match handlers.next() {
            Some(second) => {
                Err(Error::new_spanned(&second.method, format!("there is one `{what}` already: leave this out")))
            }
            None => Ok(first.map(Handler::bind)),
        }
    };
    let connect = one(|binding| matches!(binding, Binding::Connect(_)), "connect")?.ok_or_else(|| {
        Error::new_spanned(ident, "the handshake has no handler: add an `async fn` with `#[connect(specs::…)]`")
    })?;
    let disconnect = match one(|binding| matches!(binding, Binding::Disconnect(_)), "disconnect")? {
        Some(disconnect) => quote!(::core::option::Option::Some(#disconnect)),
        None => quote!(::core::option::Option::None),
    };
    let bound = quote!(::accord_runtime::Lifecycle { connect: #connect, disconnect: #disconnect });
    Ok((quote!(::accord_runtime::Lifecycle), bound))
}

/// One method of the trait.
struct Handler {
    method: Ident,
    binding: Binding,
    call: Option<Type>,
    /// `payload` or `input`.
    payload: Option<Type>,
    upload: bool,
    /// The arguments' names, in their order.
    arguments: Vec<Ident>,
}

/// The binding of a method.
enum Binding {
    Event(Path),
    Connect(Path),
    Disconnect(Path),
    Operation(Path, Answer),
}

#[derive(Clone, Copy)]
enum Answer {
    Json,
    Raw,
    Empty,
    Emitting,
    Beside,
}

impl Binding {
    fn kind(&self) -> &'static str {
        match self {
            Binding::Event(_) => "event",
            Binding::Connect(_) | Binding::Disconnect(_) => "lifecycle",
            Binding::Operation(..) => "operation",
        }
    }

    /// The permitted names of the method's arguments.
    fn arguments(&self) -> &'static [&'static str] {
        match self {
            Binding::Event(_) => &["call", "payload"],
            Binding::Connect(_) | Binding::Disconnect(_) => &["call"],
            Binding::Operation(..) => &["call", "input", "upload"],
        }
    }
}

impl Handler {
    /// Reads a method, and writes the trait's declaration of it.
    fn take(function: &mut TraitItemFn) -> Result<Self> {
        let method = function.sig.ident.clone();
        let binding = take_binding(&method, &mut function.attrs)?;
        if let Some(body) = &function.default {
            let remedy = "a handler cannot have a default body: end it with `;`";
            return Err(Error::new_spanned(body, remedy));
        }
        if function.sig.asyncness.take().is_none() {
            return Err(Error::new(function.sig.fn_token.span(), "a handler is asynchronous: write `async fn`"));
        }
        if !function.sig.generics.params.is_empty() {
            let remedy = "a handler has no type parameters: leave them out";
            return Err(Error::new_spanned(&function.sig.generics.params, remedy));
        }
        let output = match &function.sig.output {
            ReturnType::Type(_, output) => output.clone(),
            ReturnType::Default => {
                let remedy = format!("`{method}` returns nothing: add `-> Result<…Reply, …Error>`");
                return Err(Error::new_spanned(&function.sig.ident, remedy));
            }
        };
        function.sig.output = parse_quote!(-> impl ::core::future::Future<Output = #output> + ::core::marker::Send);

        let mut handler = Handler { method, binding, call: None, payload: None, upload: false, arguments: Vec::new() };
        let mut inputs = function.sig.inputs.iter();
        match inputs.next() {
            Some(FnArg::Receiver(_)) => {}
            _ => return Err(Error::new_spanned(&function.sig.ident, "a handler is a method: add `&self`")),
        }
        for input in inputs {
            handler.argument(input)?;
        }
        if handler.call.is_none() && !matches!(handler.binding, Binding::Operation(..)) {
            let remedy = format!("missing the caller: add `call: Call` to `{}`", handler.method);
            return Err(Error::new_spanned(&function.sig.ident, remedy));
        }
        Ok(handler)
    }

    fn argument(&mut self, input: &FnArg) -> Result<()> {
        let names = self.binding.arguments();
        let remedy = || {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("not an argument of such a handler: name it {}, or leave it out", names.join(" or "))
        };
        let FnArg::Typed(argument) = input else { return Err(Error::new_spanned(input, remedy())) };
        let Pat::Ident(pattern) = &*argument.pat else { return Err(Error::new_spanned(&argument.pat, remedy())) };
        let name = pattern.ident.to_string();
        if !names.contains(&name.as_str()) {
            return Err(Error::new_spanned(&pattern.ident, remedy()));
        }
        match name.as_str() {
            "call" => self.call = Some((*argument.ty).clone()),
            "upload" => self.upload = true,
            _ => self.payload = Some((*argument.ty).clone()),
        }
        self.arguments.push(pattern.ident.clone());
        Ok(())
    }

    fn bind(&self) -> TokenStream {
        let Handler { method, call, arguments, .. } = self;
        let run = quote!(async move { handlers.#method(#(#arguments),*).await });
        match &self.binding {
            Binding::Event(spec) => {
                let payload = match &self.payload {
                    Some(payload) => quote!(payload: #payload),
                    None => quote!(_: ::accord_runtime::NoPayload),
                };
                let body = bound(&quote!(call: #call, #payload), &quote!(#run));
                quote!(::accord_runtime::Endpoint::event(&#spec, #body))
            }
            Binding::Connect(spec) | Binding::Disconnect(spec) => {
                let body = bound(&quote!(call: #call), &quote!(#run));
                quote!(::accord_runtime::Hook::new(&#spec, #body))
            }
            Binding::Operation(spec, answer) => {
                let constructor = match answer {
                    Answer::Json => quote!(json),
                    Answer::Raw => quote!(raw),
                    Answer::Empty => quote!(empty),
                    Answer::Emitting => quote!(emitting),
                    Answer::Beside => quote!(beside),
                };
                let payload = match &self.payload {
                    Some(payload) => quote!(#payload),
                    None => quote!(::accord_runtime::NoPayload),
                };
                let (proof, call) = match call {
                    Some(call) => (quote!(_, _), Some(quote!(let call: #call = arguments.call();))),
                    None => (quote!(::accord_runtime::Unscoped, ()), None),
                };
                let upload = self.upload.then(|| quote!(let upload = arguments.upload();));
                let input = self.payload.as_ref().map(|_| quote!(let input = arguments.input;));
                let mutable = (call.is_some() || upload.is_some()).then(|| quote!(mut));
                let arguments = if call.is_none() && upload.is_none() && input.is_none() {
                    quote!(_)
                } else {
                    quote!(#mutable arguments)
                };
                let body = bound(
                    &quote!(#arguments: ::accord_runtime::Arguments<#proof, #payload>),
                    &quote!(#call #upload #input #run),
                );
                quote!(::accord_runtime::Endpoint::#constructor(&#spec, #body))
            }
        }
    }
}

/// A closure that shares the handlers with the futures it makes.
fn bound(parameters: &TokenStream, body: &TokenStream) -> TokenStream {
    quote!({
        let handlers = ::std::sync::Arc::clone(handlers);
        move |#parameters| {
            let handlers = ::std::sync::Arc::clone(&handlers);
            #body
        }
    })
}

fn take_binding(method: &Ident, attributes: &mut Vec<Attribute>) -> Result<Binding> {
    let is_binding = |attribute: &Attribute| {
        ["event", "connect", "disconnect", "operation"].iter().any(|name| attribute.path().is_ident(name))
    };
    let Some(index) = attributes.iter().position(is_binding) else {
        return Err(Error::new_spanned(method, format!("`{method}` is not bound to anything: add {BINDINGS}")));
    };
    let attribute = attributes.remove(index);
    if let Some(second) = attributes.iter().find(|attribute| is_binding(attribute)) {
        return Err(Error::new_spanned(second, "a handler is bound once: leave this out"));
    }
    if attribute.path().is_ident("operation") {
        let Arguments { spec, answer } = attribute.parse_args()?;
        return Ok(Binding::Operation(spec, answer));
    }
    let spec: Path = attribute.parse_args()?;
    let path = attribute.path();
    Ok(if path.is_ident("event") {
        Binding::Event(spec)
    } else if path.is_ident("connect") {
        Binding::Connect(spec)
    } else {
        Binding::Disconnect(spec)
    })
}

/// `specs::DOWNLOAD_FILE, raw`.
struct Arguments {
    spec: Path,
    answer: Answer,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let spec = input.parse()?;
        if input.is_empty() {
            return Ok(Arguments { spec, answer: Answer::Json });
        }
        input.parse::<Token![,]>()?;
        let word: Ident = input.parse()?;
        let answer = match word.to_string().as_str() {
            "raw" => Answer::Raw,
            "empty" => Answer::Empty,
            "emitting" => Answer::Emitting,
            "beside" => Answer::Beside,
            _ => {
                let remedy = "an answer is `raw`, `empty`, `emitting`, `beside`, or JSON by default: leave this out";
                return Err(Error::new_spanned(word, remedy));
            }
        };
        Ok(Arguments { spec, answer })
    }
}
