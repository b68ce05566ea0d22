use accord_runtime::Text;

#[derive(Text)]
struct Number(i64);

fn main() {}
