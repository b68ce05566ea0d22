#[allow(dead_code, reason = "the code of two versions is more than this case uses")]
mod versions {
    include!("../../../../codegen/rust/tests/corner_cases/versions.rs");
}

use versions::{BookId, Mood, v1};

struct Server;

impl v1::Upgrade for Server {
    fn mood_sad(&self) -> Mood {
        Mood::Tense
    }

    fn add_book_pages(&self, _: &v1::AddBook) -> f64 {
        1.0
    }

    fn add_book_isbn(&self, _: &v1::AddBook) -> String {
        String::new()
    }

    fn book_id(&self, old: &v1::BookId) -> BookId {
        BookId(old.0.to_string())
    }

    fn dust_books(&self) -> Result<v1::Mood, v1::DustBooksError> {
        Err(v1::DustBooksError::Full)
    }
}

fn main() {}
