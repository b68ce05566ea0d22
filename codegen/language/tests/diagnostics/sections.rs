//! Mistakes in the sections of a schema.

use insta::assert_snapshot;

use crate::{BASE, check, check_alone, check_with, report};

#[test]
fn a_report_names_all_missing_sections() {
    let report = check_alone("errors: {}");
    assert_snapshot!(report, @r"
    error[missing-section]: the schema has no `accord`
     --> schema.yaml:1:1
      |
    1 | errors: {}
      | ^ neither this file nor those it includes have it
      |
      = help: add `accord: 1`: the version of the schema language

    error[missing-section]: the schema has no `protocol`
     --> schema.yaml:1:1
      |
    1 | errors: {}
      | ^ neither this file nor those it includes have it
      |
      = help: add `protocol: { name: …, version: 1.0.0, summary: … }`

    error[missing-section]: the schema has no `connect`
     --> schema.yaml:1:1
      |
    1 | errors: {}
      | ^ neither this file nor those it includes have it
      |
      = help: add `connect`: the events that follow a handshake, and the errors that refuse it

    error[missing-section]: the schema has no `gateway`
     --> schema.yaml:1:1
      |
    1 | errors: {}
      | ^ neither this file nor those it includes have it
      |
      = help: add `gateway`: the errors that the gateway itself sends

    error: 4 errors
    ");
}

#[test]
fn an_unknown_version_of_the_language_is_refused() {
    let report = check_with("accord: 1", "accord: 2", "types: {}");
    assert_snapshot!(report, @r"
    error[unknown-language]: version 2 of the schema language is unknown
     --> schema.yaml:2:9
      |
    2 | accord: 2
      |         ^ expected 1
      |
      = help: write `accord: 1`

    error: 1 error
    ");
}

#[test]
fn a_version_that_is_not_semantic_is_refused() {
    let report = check_with("version: 1.2.0", "version: '1.0'", "types: {}");
    assert_snapshot!(report, @r"
    error[invalid-version]: `1.0` is not a version
     --> schema.yaml:3:34
      |
    3 | protocol: { name: test, version: '1.0', summary: For tests. }
      |                                  ^^^^^ expected MAJOR.MINOR.PATCH
      |
      = help: versions are written by Semantic Versioning: `1.0.0`

    error: 1 error
    ");
}

#[test]
fn a_rate_has_a_number_and_a_period() {
    let report = check(
        "
limits:
  a: { summary: A., per: user, rate: 20 per second, burst: 1 }
  b: { summary: B., per: user, rate: 0/s, burst: 0 }
  c: { summary: C., per: socket, rate: 5/h, burst: 1 }
",
    );
    assert_snapshot!(report, @r"
    error[invalid-rate]: `20 per second` is not a rate
     --> test.yaml:2:38
      |
    2 |   a: { summary: A., per: user, rate: 20 per second, burst: 1 }
      |                                      ^^^^^^^^^^^^^ expected a whole number from 1 to 4294967295, `/`, and `s` or `m`
      |
      = help: `20/s` is 20 a second, `300/m` is 300 a minute

    error[invalid-rate]: `0/s` is not a rate
     --> test.yaml:3:38
      |
    3 |   b: { summary: B., per: user, rate: 0/s, burst: 0 }
      |                                      ^^^ expected a whole number from 1 to 4294967295, `/`, and `s` or `m`
      |
      = help: `20/s` is 20 a second, `300/m` is 300 a minute

    error[out-of-range]: an empty bucket lets nothing through
     --> test.yaml:3:50
      |
    3 |   b: { summary: B., per: user, rate: 0/s, burst: 0 }
      |                                                  ^ expected 1 or more

    error[invalid-rate]: `5/h` is not a rate
     --> test.yaml:4:40
      |
    4 |   c: { summary: C., per: socket, rate: 5/h, burst: 1 }
      |                                        ^^^ expected a whole number from 1 to 4294967295, `/`, and `s` or `m`
      |
      = help: `20/s` is 20 a second, `300/m` is 300 a minute

    error: 4 errors
    ");
}

#[test]
fn a_limit_cannot_be_called_unlimited() {
    let report = check(
        "
limits:
  unlimited: { summary: A., per: user, rate: 1/s, burst: 1 }
",
    );
    assert_snapshot!(report, @r"
    error[reserved-name]: a limit cannot be named `unlimited`
     --> test.yaml:2:3
      |
    2 |   unlimited: { summary: A., per: user, rate: 1/s, burst: 1 }
      |   ^^^^^^^^^ `limit: unlimited` means that there is none

    error: 1 error
    ");
}

#[test]
fn a_scope_names_a_declared_error() {
    let report = check(
        "
scopes:
  desk: { summary: A desk., key: deskId, denied: denyed }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-error]: there is no error `denyed`
     --> test.yaml:2:50
      |
    2 |   desk: { summary: A desk., key: deskId, denied: denyed }
      |                                                  ^^^^^^ unknown
      |
      = help: did you mean `denied`?

    error: 1 error
    ");
}

#[test]
fn an_errors_status_is_that_of_an_error() {
    let report = check(
        "
errors:
  fine: { summary: Fine., code: fine, message: '', status: 200 }
",
    );
    assert_snapshot!(report, @r"
    error[empty-text]: an empty text tells a client nothing
     --> test.yaml:2:48
      |
    2 |   fine: { summary: Fine., code: fine, message: '', status: 200 }
      |                                                ^^ empty

    error[out-of-range]: 200 is not the HTTP status of an error
     --> test.yaml:2:60
      |
    2 |   fine: { summary: Fine., code: fine, message: '', status: 200 }
      |                                                            ^^^ expected 400 to 599

    error: 2 errors
    ");
}

#[test]
fn retry_is_one_of_four() {
    let report = check(
        "
errors:
  slow: { summary: Slow., code: slow, message: Slow, status: 429, retry: later }
",
    );
    assert_snapshot!(report, @r"
    error[wrong-kind]: expected `false`, `true`, `after` or `new_token`, found a string
     --> test.yaml:2:74
      |
    2 |   slow: { summary: Slow., code: slow, message: Slow, status: 429, retry: later }
      |                                                                          ^^^^^ this is a string

    error: 1 error
    ");
}

#[test]
fn the_gateway_names_declared_errors_and_events() {
    let report = check_alone(
        "
accord: 1
protocol: { name: test, version: 1.0.0, summary: For tests. }
connect: { summary: Connects., failure: Failed to connect }
gateway:
  error_event: failed
  unknown_events: { limit: event, answer: other }
  token_missing: denied
  token_refused: denied
  token_expired: denied
  invalid_payload: invalid
  rate_limited: other
  internal: other
  admin_only: denied
limits:
  events: { summary: Events., per: user, rate: 20/s, burst: 60 }
errors:
  denied: { summary: Denied., code: denied, message: Denied, status: 403 }
  other: { summary: Other., code: other, message: Other, status: 400 }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-event]: there is no server event `failed`
     --> schema.yaml:5:16
      |
    5 |   error_event: failed
      |                ^^^^^^ unknown
      |
      = help: there are none

    error[unknown-limit]: there is no limit `event`
     --> schema.yaml:6:28
      |
    6 |   unknown_events: { limit: event, answer: other }
      |                            ^^^^^ unknown
      |
      = help: did you mean `events`?

    error[unknown-error]: there is no error `invalid`
      --> schema.yaml:10:20
       |
    10 |   invalid_payload: invalid
       |                    ^^^^^^^ unknown
       |
       = help: there are `denied`, `other`

    error: 3 errors
    ");
}

#[test]
fn the_error_event_has_to_carry_a_failure() {
    let report = check_alone(
        "
accord: 1
protocol: { name: test, version: 1.0.0, summary: For tests. }
connect: { summary: Connects., failure: Failed to connect }
gateway:
  error_event: error
  unknown_events: { limit: unlimited, answer: other }
  token_missing: other
  token_refused: other
  token_expired: other
  invalid_payload: other
  rate_limited: other
  internal: other
  admin_only: other
errors:
  other: { summary: Other., code: other, message: Other, status: 400 }
summary: Test.
server:
  error:
    summary: Something failed.
    payload:
      type: object
      required: [message]
      properties: { message: { type: string } }
    example: { message: Other }
",
    );
    assert_snapshot!(report, @r"
    error[failure-payload]: this type cannot describe a failure: it has no string `code`
     --> schema.yaml:5:16
      |
    5 |   error_event: error
      |                ^^^^^
      |
      = help: failures are objects with the strings `message` and `code`, and optionally `event`, `details` and `retryAfterMs`

    error: 1 error
    ");
}

#[test]
fn a_key_without_a_value_is_reported() {
    let report = check(
        "
limits:
summary:
",
    );
    assert_snapshot!(report, @r"
    error[wrong-kind]: expected a mapping, found nothing
     --> test.yaml:1:1
      |
    1 | limits:
      | ^^^^^^ the value is missing

    error[wrong-kind]: expected a string, found nothing
     --> test.yaml:2:1
      |
    2 | summary:
      | ^^^^^^^ the value is missing

    error: 2 errors
    ");
}

/// `base.yaml`, which is to serve what `serves` says; `other.yaml` is a schema of this name and version.
fn serving(serves: &str, name: &str, version: &str) -> String {
    let from = "protocol: { name: test, version: 1.2.0, summary: For tests. }";
    assert!(BASE.contains(from));
    let test = BASE
        .replace(from, &format!("protocol: {{ name: test, version: 1.2.0, summary: For tests., serves: {serves} }}"));
    let other = BASE.replace(from, &format!("protocol: {{ name: {name}, version: {version}, summary: For tests. }}"));
    report(&[("schema.yaml", &test), ("test.yaml", "types: {}\n"), ("other.yaml", &other), ("another.yaml", &other)])
}

#[test]
fn an_older_served_schema_is_an_older_major_of_the_same_protocol() {
    for (name, version, why) in [
        ("other", "0.9.0", "`other` is another protocol than `test`"),
        ("test", "1.0.0", "version 1.0.0 is of the same major as 1.2.0"),
        ("test", "2.0.0", "version 2.0.0 is newer than 1.2.0"),
    ] {
        let report = serving("[other.yaml]", name, version);
        assert!(
            report.contains(&format!("error[served-version]: this version cannot also be served: {why}")),
            "{report}"
        );
    }
    assert_snapshot!(serving("[other.yaml, another.yaml]", "test", "0.9.0"), @r"
    error[served-version]: this version cannot also be served: the major version of 0.9.0 is served already
     --> schema.yaml:3:83
      |
    3 | protocol: { name: test, version: 1.2.0, summary: For tests., serves: [other.yaml, another.yaml] }
      |                                                                       ----------  ^^^^^^^^^^^^ served besides
      |                                                                       |
      |                                                                       by 0.9.0
      |
      = help: name the last release of an older major version of this protocol, one for each major

    error: 1 error
    ");
}

#[test]
fn an_older_served_schema_can_be_read_and_has_no_errors() {
    assert_snapshot!(serving("[nowhere.yaml]", "test", "0.9.0"), @r"
    error[unreadable-file]: cannot read `nowhere.yaml`: there is no such file
     --> schema.yaml:3:71
      |
    3 | protocol: { name: test, version: 1.2.0, summary: For tests., serves: [nowhere.yaml] }
      |                                                                       ^^^^^^^^^^^^ named here
      |
      = help: paths are relative to the including file

    error: 1 error
    ");
    let broken = serving("[other.yaml]", "Test", "0.9.0");
    assert!(broken.contains("error[name-case]") && broken.contains("--> other.yaml:3:19"), "{broken}");
}

#[test]
fn serving_several_versions_requires_the_error_for_versions() {
    assert_snapshot!(serving("[other.yaml]", "test", "0.9.0"), @r"
    error[missing-key]: several versions are served, but the one that clients speak is not checked
     --> schema.yaml:3:71
      |
    3 | protocol: { name: test, version: 1.2.0, summary: For tests., serves: [other.yaml] }
      |                                                                       ^^^^^^^^^^ in addition to its own
      |
      = help: add `version_refused` below `gateway`: the error of clients whose version is not served

    error: 1 error
    ");
}
