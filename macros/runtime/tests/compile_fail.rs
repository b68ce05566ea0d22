//! Code that must not compile, with the compiler's messages: each error of a macro names its remedy.
//!
//! After a change, `TRYBUILD=overwrite cargo test -p accord-runtime --test compile_fail` writes the messages anew.

#[test]
fn what_is_wrong_does_not_compile_and_says_why() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
