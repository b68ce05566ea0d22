//! The generated validators and the `jsonschema` crate come to the same verdict on every document.
//!
//! Nothing needs modelling for them to agree: the deliberate rules of the schema language are written into the JSON Schema
//! that it emits. Lengths are code points in both; an optional field accepts `null` there too; integers carry the
//! bounds of what JSON represents exactly; rules across fields are `allOf`.

use accord_cli::mock::check::Checker;
use accord_documents::json_schema;
use accord_fuzz::validators::{Generated, TYPES};
use accord_language::{Model, model::TypeId};
use accord_runtime::{Path, Violations};
use rand::{SeedableRng, rngs::SmallRng};

use crate::documents::document;

/// The number of documents to try for each type; `ACCORD_DOCUMENTS` sets another.
fn documents_per_type() -> u64 {
    std::env::var("ACCORD_DOCUMENTS").map_or(5_000, |number| number.parse().expect("ACCORD_DOCUMENTS is a number"))
}

#[test]
fn generated_validators_agree_with_jsonschema_on_every_type() {
    let model = accord_language::load("../schema/chat.yaml").expect("the schema has no errors");
    assert_eq!(TYPES.len(), model.types.len());
    std::thread::scope(|scope| {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        for worker in 0..workers {
            let model = &model;
            scope.spawn(move || {
                for (index, Generated { name, violations, .. }) in
                    TYPES.iter().enumerate().skip(worker).step_by(workers)
                {
                    let schema = json_schema::of(model, TypeId(index));
                    let judge = jsonschema::options()
                        .should_validate_formats(true)
                        .build(&schema)
                        .unwrap_or_else(|error| panic!("the JSON Schema of {name} is not valid: {error}"));
                    let (mut valid, mut invalid) = (0, 0);
                    for seed in 0..documents_per_type() {
                        let document = document(&mut SmallRng::seed_from_u64(seed), model, TypeId(index));
                        let found = violations(&document);
                        assert_eq!(
                            found.is_empty(),
                            judge.is_valid(&document),
                            "{name}, seed {seed}: {document}\nours: {found:?}\njsonschema: {:?}",
                            judge.iter_errors(&document).map(|error| error.to_string()).collect::<Vec<_>>(),
                        );
                        if found.is_empty() { valid += 1 } else { invalid += 1 }
                    }
                    assert!(
                        valid * 50 > documents_per_type() && invalid * 50 > documents_per_type(),
                        "{name}: documents of both kinds are tried, but {valid} were valid and {invalid} were not",
                    );
                }
            });
        }
    });
}

#[test]
fn a_mock_finds_exactly_the_violations_that_the_generated_validators_find() {
    let model = accord_language::load("../schema/chat.yaml").expect("the schema has no errors");
    let model: &'static Model = Box::leak(Box::new(model));
    let checker = Checker::new(model);
    for (index, Generated { name, violations, .. }) in TYPES.iter().enumerate() {
        for seed in 0..documents_per_type() / 20 {
            let document = document(&mut SmallRng::seed_from_u64(seed), model, TypeId(index));
            let mut found = Violations::default();
            checker.check_named(TypeId(index), &document, Path::Root, &mut found);
            assert_eq!(found, violations(&document), "{name}, seed {seed}: {document}");
        }
    }
}

#[test]
fn a_valid_document_is_checked_without_an_allocation() {
    let model = accord_language::load("../schema/chat.yaml").expect("the schema has no errors");
    for (ty, Generated { name, violations, .. }) in model.types.iter().zip(TYPES) {
        let Some(example) = &ty.example else { continue };
        // Patterns that are regular expressions are compiled when they are first used.
        assert!(violations(example).is_empty(), "{name}: its example is valid");
        let allocated = allocation_counter::measure(|| assert!(violations(example).is_empty()));
        assert_eq!(allocated.count_total, 0, "{name}");
    }
    let payloads = model.client_events();
    for (example, ty) in payloads.filter_map(|event| event.example.as_ref().zip(event.payload)) {
        let Generated { name, violations, .. } = &TYPES[ty.0];
        assert!(violations(example).is_empty(), "{name}: its event's example is valid");
        let allocated = allocation_counter::measure(|| assert!(violations(example).is_empty()));
        assert_eq!(allocated.count_total, 0, "{name}");
    }
}
