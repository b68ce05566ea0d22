//! The code of `codegen/rust/tests/corner_cases/versions.yaml`, which serves an older version besides, filled in.

#[allow(dead_code, reason = "the whole sample is generated; not every type of it is made here")]
pub mod versions {
    include!("../../../../codegen/rust/tests/corner_cases/versions.rs");
}

use std::collections::BTreeMap;

use accord_runtime::{Authority, Beside, Call, Fault, Room};
use versions::{
    AddBook, AddBookError, AddBookReply, Book, BookId, ConnectError, ConnectReply, Connection, GetBook, GetBookBeside,
    GetBookError, GiveBook, GiveBookError, GiveBookReply, Http, Mood, Place, RingBell, RingBellError, RingBellReply,
    Versions, errors, scopes, v1,
};

/// Business logic that decides something of everything.
pub struct Library;

impl Authority for Library {
    async fn is_member(&self, _: &str, _: &Room) -> Result<bool, Fault> {
        Ok(true)
    }
}

impl Connection for Library {
    async fn connect(&self, _: Call) -> Result<ConnectReply, ConnectError> {
        Ok(ConnectReply { greeted: () })
    }
}

impl Versions for Library {
    async fn add_book(&self, _: Call<scopes::Shelf>, payload: AddBook) -> Result<AddBookReply, AddBookError> {
        if payload.title.0.is_empty() {
            Err(errors::Closed)?;
        }
        let added = book(BookId("book-9".into()), None);
        Ok(AddBookReply { book_added: added, shelf_moved: Some(Place { row: 1, column: None }) })
    }

    async fn give_book(&self, _: Call, _: GiveBook) -> Result<GiveBookReply, GiveBookError> {
        Ok(GiveBookReply)
    }

    async fn ring_bell(&self, _: Call, _: RingBell) -> Result<RingBellReply, RingBellError> {
        Ok(RingBellReply { bell_heard: () })
    }
}

impl Http for Library {
    async fn get_book(&self, _: Call, input: GetBook) -> Result<Beside<Book, GetBookBeside>, GetBookError> {
        Ok(Beside { data: book(input.id, None), beside: Some(GetBookBeside { shelves: None }) })
    }
}

impl v1::Upgrade for Library {
    fn mood_sad(&self) -> Mood {
        Mood::Tense
    }

    fn add_book_pages(&self, old: &v1::AddBook) -> f64 {
        if old.title.0.is_empty() { 1.0 } else { 100.0 }
    }

    fn add_book_isbn(&self, old: &v1::AddBook) -> String {
        old.isbn.map_or_else(String::new, |isbn| isbn.to_string())
    }

    fn add_book_priority(&self, _: &v1::AddBook) -> i64 {
        5
    }

    fn book_id(&self, old: &v1::BookId) -> BookId {
        BookId(format!("book-{}", old.0))
    }

    fn dust_books(&self) -> Result<v1::Mood, v1::DustBooksError> {
        Err(v1::DustBooksError::Full)
    }
}

impl v1::Downgrade for Library {
    fn book_id(&self, new: &BookId) -> v1::BookId {
        v1::BookId(new.0.trim_start_matches("book-").parse().unwrap_or(1))
    }

    fn title(&self, new: &versions::Title) -> v1::Title {
        v1::Title(new.0.chars().take(50).collect())
    }

    fn mood_funny(&self) -> v1::Mood {
        v1::Mood::Calm
    }

    fn book_pages(&self, new: &Book) -> f64 {
        if new.lent { 2.0 } else { 1.0 }
    }

    fn add_book_closed(&self) -> v1::AddBookError {
        v1::AddBookError::Full
    }

    fn lend_book_ack(&self) -> v1::Title {
        panic!("nobody knows its title")
    }
}

/// A book of which older clients know little.
pub fn book(id: BookId, sequel: Option<Box<Book>>) -> Book {
    Book {
        id,
        title: "D".repeat(60).into(),
        mood: Mood::Funny,
        kind: "volume".into(),
        pages: None,
        place: Place { row: 3, column: Some(4) },
        tags: vec!["t".repeat(51).into()],
        marks: BTreeMap::from([("ann".to_owned(), Mood::Tense)]),
        owner: "ann".into(),
        lent: true,
        sequel,
        about: Some("Sand.".into()),
    }
}
