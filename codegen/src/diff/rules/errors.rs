//! Errors, and what is answered with them.

use super::table;

table! {
    ERROR_ADDED = "error-added" [never never never]
        "An error is new."
        "Nothing is answered with it yet, unless another finding says so."
        "Nothing.";
    ERROR_REMOVED = "error-removed" [never always always]
        "An error is no longer there."
        "TypeScript that reads it from `ERRORS`, and handlers that answer with it, do not compile. Clients in the field wait in vain for it, and for no harm."
        "Keep the error, and let nothing be answered with it; mark it as `deprecated`.";
    ERROR_CODE = "error-code" [sometimes always never]
        "The code of an error is another."
        "Clients tell failures apart by the code: they do not recognize this one any more. Nobody in the field notices where nothing is answered with the error."
        "Add an error with the new code for new cases, and keep the old one for the old cases.";
    ERROR_MESSAGE = "error-message" [sometimes never never]
        "The message of an error is another."
        "Messages are part of the protocol, to the letter: clients show them, and look for them. Nobody notices where nothing is answered with the error."
        "Keep the message; what people are to read can be made of the code.";
    ERROR_STATUS = "error-status" [sometimes never never]
        "The HTTP status of an error is another."
        "Clients of REST operations tell failures apart by the status. Events have none, so it breaks nobody where no operation is answered with the error."
        "Add an error with the new status for new cases.";
    ERROR_RETRY = "error-retry" [sometimes never never]
        "Whether a retry helps is another."
        "A client that tries again as it was told does so in vain, or finds no `retryAfterMs`. One that does not try again is fine."
        "Keep to what was promised, and add an error for cases where something else helps.";
    CODE_ADDED = "code-added" [never always never]
        "An error code is new in the protocol."
        "Clients in the field get a code that they do not know as they get any failure: codes are open, each comes with a message, and unknown ones are to be treated as `internal` is. TypeScript that goes through all of `ErrorCode` does not compile until it knows the new one."
        "Use a code that is there, if clients are to do the same.";
    CODE_REMOVED = "code-removed" [never always never]
        "No error has this code any more."
        "TypeScript that compares with it does not compile, because it is not one of `ErrorCode`. Clients in the field wait in vain for it, and for no harm."
        "Keep an error with the code; mark it as `deprecated`.";
    ANSWER_ADDED = "answer-added" [never never never]
        "Something may be answered with one more error."
        "Codes are open: a client treats one that it does not know as any failure. Handlers need not use it. `refusal-added` and `code-added` say what TypeScript sees of it."
        "Nothing.";
    ANSWER_REMOVED = "answer-removed" [never never always]
        "Something is no longer answered with an error."
        "Handlers that answer with it do not compile. Clients wait in vain for it, and for no harm."
        "Leave the error in the list while a handler has cause for it.";
    REFUSAL_ADDED = "refusal-added" [never always never]
        "An event may be refused with one more code."
        "Codes are open, so clients in the field treat it as any failure. TypeScript that goes through all codes in `EventErrors` of the event does not compile until it knows this one."
        "Use an error whose code the event has already, if clients are to do the same.";
    REFUSAL_REMOVED = "refusal-removed" [never always never]
        "An event is no longer refused with a code."
        "TypeScript that compares with it does not compile, because it is not among `EventErrors` of the event. Clients in the field wait in vain for it, and for no harm."
        "Nothing, where the code cannot occur any more.";
    FAILURE = "failure" [always never never]
        "A fault of the server's own has another message."
        "Messages are part of the protocol, to the letter: clients show them, and look for them."
        "Keep the text.";
}
