//! REST operations.

use super::table;

table! {
    OPERATION_ADDED = "operation-added" [never never always]
        "A REST operation is new."
        "Clients in the field do not call it. The compiler asks for a handler."
        "Nothing.";
    OPERATION_REMOVED = "operation-removed" [always always always]
        "A REST operation is no longer there."
        "Clients in the field that call it get 404. Its handler no longer belongs to a trait."
        "Mark the operation as `deprecated`, and let its handler do the closest equivalent.";
    OPERATION_RENAMED = "operation-renamed" [never always always]
        "A REST operation has another name."
        "Clients in the field call it by its method and path, which are the same. In sources, its handler and its call \
         are named after it."
        "Keep the name.";
    OPERATION_METHOD = "operation-method" [always never never]
        "A REST operation has another method."
        "Clients in the field call the old one, and get 405. Clients generated from the new schema call the new one."
        "Add an operation with the other method alongside this one.";
    OPERATION_PATH = "operation-path" [always never never]
        "A REST operation has another path."
        "Clients in the field call the old one, and get 404. Clients generated from the new schema call the new one. \
         The names of parameters do not matter."
        "Add an operation with the other path alongside this one.";
    OPERATION_AUTH = "operation-auth" [sometimes never sometimes]
        "A REST operation is open to other callers."
        "If fewer callers are allowed, the others are refused. The handler of a public operation gets no caller."
        "Add an operation for the smaller group alongside this one.";
    OPERATION_LIMIT = "operation-limit" [sometimes never never]
        "A REST operation draws on another limit."
        "Clients that kept to the old limit exceed the new one if it is tighter, or is shared with more calls."
        "Move it to a limit that is as loose, or to a limit of its own.";
    PATH_PARAMETER_NAME = "path-parameter-name" [never always always]
        "A parameter of a path has another name."
        "The name is not in the addresses that clients call, but sources set or read a field with that name."
        "Keep the name.";
    PARAMETER_PLACE = "parameter-place" [always never never]
        "A field of a request has moved."
        "The server does not look where clients in the field put it. Clients generated from the new schema put it in \
         the new place."
        "Add a field with another name in the other place, and read both.";
    UPLOAD_ADDED = "upload-added" [always always always]
        "An operation takes a file."
        "Clients in the field send none, and are refused. Handlers and calls take one more value."
        "Add an operation that takes a file alongside this one.";
    UPLOAD_REMOVED = "upload-removed" [always always always]
        "An operation no longer takes a file."
        "The files that clients send are ignored. Handlers and calls take one fewer value."
        "Mark the operation as `deprecated`, and add another one without a file.";
    UPLOAD_FIELD = "upload-field" [always never never]
        "An upload is in another field."
        "The server does not look for the file where clients in the field put it. Clients generated from the new \
         schema use the new field."
        "Keep the field's name.";
    UPLOAD_MEDIA = "upload-media" [sometimes never never]
        "The media types of an upload have changed."
        "Clients that upload a type that was removed are refused. More media types do no harm."
        "Keep accepting the old types.";
    RESPONSE_STATUS = "response-status" [always never never]
        "A success has another HTTP status."
        "Clients that look for the old status misread the answer. Clients generated from the new schema look for the \
         new one."
        "Keep the status.";
    RESPONSE_BODY = "response-body" [sometimes sometimes always]
        "An answer has another kind of content."
        "Clients cannot read what they get, unless the answer was empty. Handlers return another value."
        "Add an operation with the other answer alongside this one.";
    RESPONSE_MEDIA = "response-media" [sometimes never never]
        "An answer's media type has changed."
        "Clients get bytes of a type that they do not expect, unless the old media type covers the new one."
        "Add an operation with the other answer alongside this one.";
    ENVELOPE = "envelope" [always never never]
        "JSON answers are wrapped under another key."
        "Clients in the field do not find the answer where they look for it. Clients generated from the new schema \
         look in the new place."
        "Keep the key.";
    ERROR_BODY = "error-body" [never never never]
        "Failures of operations have gained or lost a body."
        "Without operations there are no failures."
        "Nothing.";
}
