//! The REST operations, as methods of a class `Rest`.

use accord_language::{
    case,
    model::{Auth, Method, Model, Operation, Part, Shape, SuccessBody, Upload},
};

use super::{docs::Docs, errors, literal, types, with_header};
use crate::sentences;

/// `rest.js`.
pub fn js(model: &Model) -> String {
    let methods =
        model.http.operations.iter().map(|operation| js_method(model, operation)).collect::<Vec<_>>().join("\n");
    let (import, server) = match model.gateway.version_refused {
        Some(_) => ("import { PROTOCOL } from './constants.js';\n", "{ ...server, version: PROTOCOL.version }"),
        None => ("", "server"),
    };
    let text = format!(
        "{import}import {{ call, RestError }} from './request.js';\n\n\
         export {{ RestError }};\n\n\
         export class Rest {{\n  #server;\n\n  constructor(server) {{\n    this.#server = {server};\n  }}\n\n{methods}}}\n"
    );
    with_header(model, &text)
}

/// `rest.d.ts`.
pub fn d_ts(model: &Model) -> String {
    let methods = model.http.operations.iter().map(|operation| d_ts_method(model, operation)).collect::<Vec<_>>();
    let body = model.http.error_body.map(|id| &model.types[id.0]);
    let name = body.map_or("{ message: string; code: string }".to_owned(), |def| format!("protocol.{}", def.name));
    let details = match body.map(|def| &def.shape) {
        Some(Shape::Object(object)) if object.fields.iter().any(|field| field.name == "details") => {
            format!("NonNullable<{name}['details']>")
        }
        _ => "unknown[]".to_owned(),
    };
    let has_uploads = model.http.operations.iter().any(|operation| operation.upload.is_some());
    let upload = if has_uploads { UPLOAD_OPTIONS } else { "" };
    let preamble = PREAMBLE.replace("UPLOAD", upload).replace("DETAILS", &details).replace("BODY", &name);
    with_header(model, &format!("{preamble}\n{CLASS}\n{}}}\n", methods.join("\n")))
}

const PREAMBLE: &str = "import type * as protocol from './protocol.js';

/** The server's address, and the caller's token. */
export interface RestServer {
  /** Its address, like `https://api.example.com`. */
  url: string | URL;
  /** The token, or a function that gets it before each request. */
  token?: string | (() => string | Promise<string>);
  /** A replacement for the global `fetch`. */
  fetch?: typeof globalThis.fetch;
}

/** Options of a single request. */
export interface RestOptions {
  /** Cancels the request. */
  signal?: AbortSignal;
}

UPLOAD/** A request that the server, or something in front of it, refused. */
export declare class RestError extends globalThis.Error {
  readonly name: 'RestError';
  /** The HTTP status. */
  readonly status: number;
  /** The error's code; absent if the answer is not the server's. */
  readonly code: protocol.ErrorCode | undefined;
  /** Every rule that the input breaks. */
  readonly details: DETAILS;
  /** When a retry may succeed, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;
  /** The whole body, if it is the server's. */
  readonly body: BODY | undefined;
}
";

const UPLOAD_OPTIONS: &str = "/** Options of an upload. */
export interface UploadOptions extends RestOptions {
  /** The file's name; defaults to that of a `File`. */
  name?: string;
  /** Called with the number of bytes sent; never called without `XMLHttpRequest`. */
  onProgress?: (sent: { loaded: number; total: number }) => void;
}

";

const CLASS: &str = "/**
 * The REST operations: each resolves to the data of a success, and rejects with a `RestError` if it is refused.
 *
 * @example
 * const rest = new Rest({ url: 'https://api.example.com', token });
 */
export declare class Rest {
  constructor(server: RestServer);
";

fn js_method(model: &Model, operation: &Operation) -> String {
    let names = |wanted: Part| {
        let fields = operation.parts.iter().filter(|(_, place)| *place == wanted);
        let fields: Vec<String> = fields.map(|(field, _)| literal::string(field)).collect();
        (!fields.is_empty()).then(|| format!("[{}]", fields.join(", ")))
    };
    let (answer, envelope) = match &operation.success.body {
        SuccessBody::Json { envelope, .. } => ("json", envelope.as_deref().map(literal::string)),
        SuccessBody::Raw(_) => ("response", None),
        SuccessBody::Empty => ("nothing", None),
    };
    let beside = operation.success.beside.and_then(|id| model.object(id)).map(|object| {
        let names: Vec<String> = object.fields.iter().map(|field| literal::string(&field.name)).collect();
        format!("[{}]", names.join(", "))
    });
    let entries = [
        ("method", Some(literal::string(method(operation.method)))),
        ("path", Some(literal::string(&operation.path))),
        ("public", (operation.auth == Auth::Public).then(|| "true".to_owned())),
        ("query", names(Part::Query)),
        ("body", names(Part::Body)),
        ("upload", operation.upload.as_ref().map(|upload| literal::string(&upload.field))),
        ("answer", Some(literal::string(answer))),
        ("envelope", envelope),
        ("beside", beside),
    ];
    let entries = entries.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value?)));
    let entries = entries.collect::<Vec<_>>().join(", ");
    let input = operation.input.map(|_| "input");
    let upload = operation.upload.as_ref();
    let parameters = input.into_iter().chain(upload.map(|_| "file")).chain(["options"]).collect::<Vec<_>>().join(", ");
    let mut given = vec![format!("{{ {entries} }}"), input.unwrap_or("undefined").to_owned(), "options".to_owned()];
    given.extend(upload.map(|_| "{ file, name: options?.name }".to_owned()));
    format!("  {}({parameters}) {{\n    return call(this.#server, {});\n  }}\n", member_of(operation), given.join(", "))
}

fn d_ts_method(model: &Model, operation: &Operation) -> String {
    let mut docs = Docs::of(&operation.doc, &format!("`{}`.", operation.name));
    let asks = match operation.auth {
        Auth::Public => " Needs no token.",
        Auth::User => "",
        Auth::Admin => " For administrators.",
    };
    docs.add(&format!("`{} {}`.{asks}", method(operation.method), operation.path));
    docs.add(&sentences::leads_to(operation).unwrap_or_default());
    errors::document_operation(model, operation, &mut docs);
    let mut parameters = Vec::new();
    if let Some(def) = operation.input.map(|id| &model.types[id.0]) {
        let required = matches!(&def.shape, Shape::Object(object) if object.fields.iter().any(|field| field.required));
        let optional = if required || operation.upload.is_some() { "" } else { "?" };
        parameters.push(format!("input{optional}: protocol.{}", def.name));
    }
    let options = if let Some(Upload { media, .. }) = &operation.upload {
        docs.add(&format!("`file` is {}.", sentences::media(media)));
        parameters.push("file: Blob".to_owned());
        "UploadOptions"
    } else {
        "RestOptions"
    };
    parameters.push(format!("options?: {options}"));
    let answer = match &operation.success.body {
        SuccessBody::Json { ty, .. } => {
            let beside = operation.success.beside.map(|id| format!(" & Partial<protocol.{}>", model.types[id.0].name));
            types::use_of(model, ty, "protocol.") + &beside.unwrap_or_default()
        }
        SuccessBody::Raw(_) => "globalThis.Response".to_owned(),
        SuccessBody::Empty => "void".to_owned(),
    };
    let name = member_of(operation);
    format!("{}  {name}({}): Promise<{answer}>;\n", docs.comment("  "), parameters.join(", "))
}

/// The name of an operation's method. It cannot be that of the constructor.
pub fn member_of(operation: &Operation) -> String {
    let name = case::camel(&operation.name);
    if name == "constructor" { "constructor_".to_owned() } else { name }
}

/// A method, as HTTP writes it.
pub fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}
