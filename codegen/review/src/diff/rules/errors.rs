//! Errors, and the calls that they answer.

use super::table;

table! {
    ERROR_ADDED = "error-added" [never never never]
        "An error is new."
        "No answer uses it yet, unless another finding says so."
        "Nothing.";
    ERROR_REMOVED = "error-removed" [never always always]
        "An error is no longer there."
        "TypeScript that reads it from `ERRORS` and handlers that answer with it do not compile. Clients in the field \
         no longer get it, which does no harm."
        "Keep the error without using it, and mark it as `deprecated`.";
    ERROR_CODE = "error-code" [sometimes always never]
        "An error's code has changed."
        "Clients tell failures apart by the code, and no longer recognize this one. Clients in the field do not \
         notice if no answer uses the error."
        "Add an error with the new code for new cases, and keep the old one for the old cases.";
    ERROR_MESSAGE = "error-message" [sometimes never never]
        "An error's message has changed."
        "Messages are part of the protocol, to the letter: clients show them and compare them. Clients do not notice \
         if no answer uses the error."
        "Keep the message; clients can derive a better text from the code.";
    ERROR_STATUS = "error-status" [sometimes never never]
        "An error's HTTP status has changed."
        "Clients of REST operations tell failures apart by the status. Events have none, so nothing breaks if no \
         operation answers with the error."
        "Add an error with the new status for new cases.";
    ERROR_RETRY = "error-retry" [sometimes never never]
        "An error's `retry` has changed."
        "A client that retries as it was told to will fail again, or find no `retryAfterMs`. One that does not retry \
         is unaffected."
        "Keep the promise, and add an error for cases where something else helps.";
    CODE_ADDED = "code-added" [never always never]
        "The protocol has a new error code."
        "Clients in the field handle an unknown code like any failure: unlike a list of choices, the set of codes is \
         open, as the reference says. Each comes with a message, and unknown ones are treated like `internal`. \
         TypeScript that covers all of `ErrorCode` does not \
         compile until it handles the new one."
        "Use an existing code if clients should react the same way.";
    CODE_REMOVED = "code-removed" [never always never]
        "No error has this code any longer."
        "TypeScript that compares with it does not compile, because it is not in `ErrorCode`. Clients in the field no \
         longer get it, which does no harm."
        "Keep an error with the code; mark it as `deprecated`.";
    ANSWER_ADDED = "answer-added" [never never never]
        "An event or operation may answer with one more error."
        "The set of codes is open: a client treats an unknown one like any failure. Handlers need not use it. \
         `refusal-added` and `code-added` say what changes in TypeScript."
        "Nothing.";
    ANSWER_REMOVED = "answer-removed" [never never always]
        "An event or operation no longer answers with an error."
        "Handlers that answer with it do not compile. Clients no longer get it, which does no harm."
        "Keep the error in the list while a handler uses it.";
    REFUSAL_ADDED = "refusal-added" [never always never]
        "An event may be refused with one more code."
        "The set of codes is open, so clients in the field treat it like any failure. TypeScript that covers all \
         codes in the event's `EventErrors` does not compile until it handles this one."
        "Use an error whose code the event has already if clients should react the same way.";
    REFUSAL_REMOVED = "refusal-removed" [never always never]
        "An event is no longer refused with a code."
        "TypeScript that compares with it does not compile, because it is not in the event's `EventErrors`. Clients \
         in the field no longer get it, which does no harm."
        "Nothing, if the code can no longer occur.";
    FAILURE = "failure" [always never never]
        "The message of an internal error has changed."
        "Messages are part of the protocol, to the letter: clients show them and compare them."
        "Keep the text.";
}
