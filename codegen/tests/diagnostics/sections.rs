//! Mistakes in the sections of a schema.

use insta::assert_snapshot;

use crate::{check, check_alone, check_alone_first};

#[test]
fn a_schema_without_its_sections_is_told_all_of_them() {
    let report = check_alone(
        "errors: {}",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_unknown_version_of_the_language_is_refused() {
    let report = check_alone_first(
        "accord: 2",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_version_that_is_not_semantic_is_refused() {
    let report = check_alone_first(
        "
accord: 1
protocol: { name: test, version: '1.0', summary: For tests. }
",
    );
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}

#[test]
fn a_limit_cannot_be_called_unlimited() {
    let report = check(
        "
limits:
  unlimited: { summary: A., per: user, rate: 1/s, burst: 1 }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_scope_names_a_declared_error() {
    let report = check(
        "
scopes:
  desk: { summary: A desk., key: deskId, denied: denyed }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_errors_status_is_that_of_an_error() {
    let report = check(
        "
errors:
  fine: { summary: Fine., code: fine, message: '', status: 200 }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn retry_is_one_of_four() {
    let report = check(
        "
errors:
  slow: { summary: Slow., code: slow, message: Slow, status: 429, retry: later }
",
    );
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}
