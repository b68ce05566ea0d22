//! REST operations.

use super::table;

table! {
    OPERATION_ADDED = "operation-added" [never never always]
        "A REST operation is new."
        "Clients in the field do not call it. A handler is to be written, which the compiler asks for."
        "Nothing.";
    OPERATION_REMOVED = "operation-removed" [always always always]
        "A REST operation is no longer there."
        "Clients in the field that call it are answered 404. Its handler has no place any more."
        "Mark the operation as `deprecated`, and let its handler do what is nearest to it.";
    OPERATION_METHOD = "operation-method" [always never never]
        "A REST operation has another method."
        "Clients in the field call the old one, and are answered 405. Those that are made of the schema call the new one."
        "Add an operation with the other method, beside this one.";
    OPERATION_PATH = "operation-path" [always never never]
        "A REST operation has another path."
        "Clients in the field call the old one, and are answered 404. Those that are made of the schema call the new one. The names of parameters do not count."
        "Add an operation with the other path, beside this one.";
    OPERATION_AUTH = "operation-auth" [sometimes never sometimes]
        "A REST operation is for others."
        "Callers who were allowed are refused where it is for fewer. A handler of an operation for anybody gets no caller."
        "Add an operation for the fewer, beside this one.";
    OPERATION_LIMIT = "operation-limit" [sometimes never never]
        "A REST operation draws on another limit."
        "Clients that kept to the old limit run into the new one where it is tighter, or is shared with what the old one was not shared with."
        "Move it to a limit that is as loose, or to one of its own.";
    PATH_PARAMETER_NAME = "path-parameter-name" [never always always]
        "A parameter of a path has another name."
        "The name is not in the addresses that clients call. Sources give or read a field of that name."
        "Keep the name.";
    PARAMETER_PLACE = "parameter-place" [always never never]
        "A field of a request is in another place."
        "It is not looked for where clients in the field put it. Those that are made of the schema put it in the new place."
        "Add a field of another name in the other place, and read both.";
    UPLOAD_ADDED = "upload-added" [always always always]
        "An operation takes a file."
        "Clients in the field send none, and are refused. Handlers and calls have one value more."
        "Add an operation that takes a file, beside this one.";
    UPLOAD_REMOVED = "upload-removed" [always always always]
        "An operation takes no file any more."
        "The files that clients send are not looked at. Handlers and calls have one value fewer."
        "Mark the operation as `deprecated`, and add another one without a file.";
    UPLOAD_FIELD = "upload-field" [always never never]
        "An upload is in another field."
        "The file is not looked for where clients in the field put it. Those that are made of the schema put it in the new one."
        "Keep the field's name.";
    UPLOAD_MEDIA = "upload-media" [sometimes never never]
        "An upload may have other media types."
        "Clients that upload what is not among them any more are refused. More media types are no harm."
        "Go on accepting what was accepted.";
    RESPONSE_STATUS = "response-status" [always never never]
        "A success has another HTTP status."
        "Clients that look for the old status take the answer for something else. Those that are made of the schema look for the new one."
        "Keep the status.";
    RESPONSE_BODY = "response-body" [sometimes sometimes always]
        "An answer is of another kind."
        "Clients cannot read what they get, unless there was nothing to read. Handlers give another value."
        "Add an operation with the other answer, beside this one.";
    RESPONSE_MEDIA = "response-media" [sometimes never never]
        "The media type of an answer is another."
        "Clients get bytes of a type that they do not expect, unless it is among those that they had to expect."
        "Add an operation with the other answer, beside this one.";
    ENVELOPE = "envelope" [always never never]
        "JSON answers are put under another key."
        "Clients in the field do not find the answer where they look for it. Those that are made of the schema look in the new place."
        "Keep the key.";
    ERROR_BODY = "error-body" [never never never]
        "The failures of operations have a body, or no longer have one."
        "Without operations there are no failures."
        "Nothing.";
}
