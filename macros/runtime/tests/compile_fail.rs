//! Code that must not compile, with the compiler's messages: each error of a macro names its remedy.
//!
//! After a change, `TRYBUILD=overwrite cargo test -p accord-runtime --test compile_fail` writes the messages anew.

#[test]
fn mistakes_do_not_compile_and_the_message_gives_the_reason() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
