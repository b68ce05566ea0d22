use accord_runtime::DeclaredError;

#[derive(DeclaredError)]
struct Unmarked;

#[derive(DeclaredError)]
#[error(name = "not_found", code = "not_found", status = 404)]
struct NoMessage;

#[derive(DeclaredError)]
#[error(name = "not_found", code = "not_found", message = "Not found", status = 200)]
struct Success;

#[derive(DeclaredError)]
#[error(name = "not_found", code = "not_found", message = "Not found", status = 404, retry = true)]
struct Unknown;

#[derive(DeclaredError)]
#[error(name = "not_found", name = "again", code = "not_found", message = "Not found", status = 404)]
struct Twice;

#[derive(DeclaredError)]
#[error(name = "not_found", code = "not_found", message = "Not found", status = 404)]
struct Carrying {
    text: String,
}

fn main() {}
