use accord_runtime::Validate;
use serde::Deserialize;

#[derive(Validate)]
struct Generic<T> {
    item: T,
}

#[derive(Validate)]
struct NotTransparent(String);

#[derive(Validate)]
struct Pair(String, String);

#[derive(Validate)]
#[validate(max_length = 1)]
struct ConstraintOnObject {
    text: String,
}

#[derive(Validate)]
struct Unknown {
    #[validate(max = 1)]
    text: String,
}

#[derive(Validate)]
struct Twice {
    #[validate(max_length = 1, max_length = 2)]
    text: String,
}

#[derive(Validate)]
struct NoPattern {
    #[validate(violation = "must be short")]
    text: String,
}

#[derive(Validate)]
struct BadPattern {
    #[validate(pattern = "(a")]
    text: String,
}

#[derive(Validate)]
struct NotANumber {
    #[validate(minimum = "1")]
    count: i64,
}

#[derive(Validate)]
struct RuleOnField {
    #[validate(rule(name = "a", path = "/text", message = "must be", test = present("text")))]
    text: String,
}

#[derive(Validate)]
#[validate(rule(name = "a", path = "/text", message = "must be", test = present("txt")))]
struct RuleOfUnknownField {
    text: String,
}

#[derive(Validate)]
#[validate(rule(name = "a", message = "must be", test = present("text")))]
struct RuleWithoutPath {
    text: String,
}

#[derive(Validate)]
#[validate(rule(name = "a", path = "text", message = "must be", test = present("text")))]
struct RuleAtNoPointer {
    text: String,
}

#[derive(Validate)]
#[validate(rule(name = "a", path = "/text", message = "must be", test = some("text")))]
struct RuleOfUnknownTest {
    text: String,
}

#[derive(Validate)]
#[validate(rule(name = "a", path = "/text", message = "must be", test = field("text", long = 1)))]
struct RuleOfUnknownConstraint {
    text: String,
}

#[derive(Validate)]
#[validate(rule(name = "a", path = "/text", message = "must be", test = field("text", one_of(none))))]
struct RuleOfNoScalar {
    text: String,
}

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Renamed {
    text: String,
}

#[derive(Validate)]
enum Empty {}

#[derive(Validate)]
enum Carrying {
    Text(String),
}

fn main() {}
