//! REST operations.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "invalid-path",
        what: "A path is malformed.",
        reason: "It could not be called.",
        remedy: "write it like `/api/channels/{id}`; query parameters belong under `query`",
        example: include_str!("../examples/invalid-path.yaml"),
    },
    Explained {
        id: "path-parameter",
        what: "A path does not match the types of its parameters.",
        reason: "Each parameter in the path needs a type, and each type needs a parameter.",
        remedy: "give every `{parameter}` a type under `path`, and no others",
        example: include_str!("../examples/path-parameter.yaml"),
    },
    Explained {
        id: "parameter-type",
        what: "A parameter has a type that no address can carry.",
        reason: "Addresses carry text: strings, numbers, booleans and choices, always present in a path and never \
                 `null`.",
        remedy: "use a scalar, or put the field into the body",
        example: include_str!("../examples/parameter-type.yaml"),
    },
    Explained {
        id: "several-methods",
        what: "An operation has several paths.",
        reason: "It becomes one method in code, and one entry in the reference.",
        remedy: "make it several operations",
        example: include_str!("../examples/several-methods.yaml"),
    },
    Explained {
        id: "several-responses",
        what: "An operation has several answers for success.",
        reason: "Clients get one type to work with.",
        remedy: "give the one answer for success; failures belong under `errors`",
        example: include_str!("../examples/several-responses.yaml"),
    },
    Explained {
        id: "duplicate-route",
        what: "Two operations have the same method and path.",
        reason: "Only one of them could be called; the names of parameters do not distinguish paths.",
        remedy: "change one of them",
        example: include_str!("../examples/duplicate-route.yaml"),
    },
    Explained {
        id: "unexpected-body",
        what: "A request has a body that it cannot have.",
        reason: "GET and DELETE have none, and a request has either JSON or an upload.",
        remedy: "use `post`, `put` or `patch`, or put the fields under `query`",
        example: include_str!("../examples/unexpected-body.yaml"),
    },
    Explained {
        id: "empty-list",
        what: "An upload takes no media type.",
        reason: "No file could be uploaded.",
        remedy: "name the media types under `media`, or `*/*` for any",
        example: include_str!("../examples/empty-list.yaml"),
    },
    Explained {
        id: "public-scope",
        what: "A public operation asks for membership.",
        reason: "There is no caller whose membership could be proven.",
        remedy: "leave out `scope`, or `auth: public`",
        example: include_str!("../examples/public-scope.yaml"),
    },
    Explained {
        id: "invalid-media-type",
        what: "A media type is malformed.",
        reason: "It is sent as the `Content-Type` of the answer.",
        remedy: "write it like `text/plain`, or `*/*` where it varies",
        example: include_str!("../examples/invalid-media-type.yaml"),
    },
];
