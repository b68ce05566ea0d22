//! The declaration of a new event.

use accord_language::model::Scope;

/// A new event, with the parts of its declaration.
#[derive(Clone, Debug)]
pub struct Declaration<'m> {
    /// Its name.
    pub name: &'m str,
    /// The server event that it leads to.
    pub emits: &'m str,
    /// Whether that event exists already.
    pub is_emitted_elsewhere: bool,
    /// The receivers of that event: `scope`, `others` or `caller`.
    pub to: &'m str,
    /// The scope of its room.
    pub scope: &'m Scope,
    /// The field that names the room.
    pub key: Field,
    /// The field that names the sender, if others receive the event and the protocol has such a field.
    pub user: Option<Field>,
    /// The limit that it draws on.
    pub limit: String,
    /// The version that introduces it; `None` if unknown.
    pub since: Option<&'m str>,
}

/// A field of a payload.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type, as it is written.
    pub ty: String,
    /// A value, as it is written.
    pub example: String,
}

impl Declaration<'_> {
    /// The declaration of the event itself.
    pub fn client(&self) -> String {
        let Declaration { name, emits, to, scope, key, limit, .. } = self;
        let failure = name.replace('_', " ");
        let room = format!("scope: {}\nlimit: {limit}\n", scope.name);
        let outcome = format!("emits: {{ {emits}: {to} }}\nack: {emits}\nfailure: Failed to {failure}\n");
        self.entry(name, &self.asked(), &[&room, &payload(&[key]), &outcome], &[key])
    }

    /// The declaration of the event that it leads to, unless that exists already.
    pub fn server(&self) -> Option<String> {
        if self.is_emitted_elsewhere {
            return None;
        }
        let room = match self.to {
            "caller" => String::new(),
            _ => format!("scope: {}\n", self.scope.name),
        };
        let fields: Vec<&Field> = std::iter::once(&self.key).chain(&self.user).collect();
        Some(self.entry(self.emits, &self.effect(), &[&room, &payload(&fields)], &fields))
    }

    /// An entry of a mapping of events, between the parts that all entries have.
    fn entry(&self, name: &str, summary: &str, parts: &[&str], fields: &[&Field]) -> String {
        let since = self.since.map(|since| format!("since: {since}\n")).unwrap_or_default();
        let example: Vec<String> = fields.iter().map(|field| format!("{}: {}", field.name, field.example)).collect();
        let lines =
            format!("summary: {}\n{}{since}example: {{ {} }}\n", sentence(summary), parts.concat(), example.join(", "));
        let lines: String = lines.lines().map(|line| format!("  {line}\n")).collect();
        format!("{name}:\n{lines}")
    }

    /// The request: `highlight a message in a channel`.
    fn asked(&self) -> String {
        let (verb, object) = self.name.split_once('_').unwrap_or((self.name, ""));
        let scope = with_article(&self.scope.name.replace('_', " "));
        match object {
            "" => format!("{verb} in {scope}"),
            object if object == self.scope.name => format!("{verb} {scope} that the caller is in"),
            object => format!("{verb} {} in {scope}", with_article(&object.replace('_', " "))),
        }
    }

    /// The effect that the emitted event announces: `a message was highlighted in a channel that this socket has joined`.
    fn effect(&self) -> String {
        let object = self.name.split_once('_').map_or("", |(_, object)| object);
        let past = self.emits.strip_prefix(object).or(self.emits.strip_suffix(object)).unwrap_or_default();
        let past = past.trim_matches('_');
        let scope = with_article(&self.scope.name.replace('_', " "));
        let scope = if self.to == "caller" { scope } else { format!("{scope} that this socket has joined") };
        let were = if is_plural(object) { "were" } else { "was" };
        let effect = match object {
            // Without exactly one word beside the object, the past participle is not known.
            object if object.is_empty() || past.is_empty() || past.contains('_') => {
                format!("`{}` was carried out in {scope}", self.name)
            }
            object if object == self.scope.name => format!("{scope} was {past}"),
            object => format!("{} {were} {past} in {scope}", with_article(&object.replace('_', " "))),
        };
        if self.to == "caller" { format!("{effect} as requested by this socket") } else { effect }
    }
}

/// An object with these fields.
fn payload(fields: &[&Field]) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let properties: String = fields.iter().map(|field| format!("    {}: {}\n", field.name, field.ty)).collect();
    format!("payload:\n  type: object\n  required: [{}]\n  properties:\n{properties}", names.join(", "))
}

/// With a capital and a period, as a YAML scalar.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let capital = letters.next().into_iter().flat_map(char::to_uppercase);
    quoted(&format!("{}.", capital.chain(letters).collect::<String>()))
}

fn is_plural(noun: &str) -> bool {
    noun.ends_with('s') && !noun.ends_with("ss")
}

fn with_article(noun: &str) -> String {
    match noun {
        noun if is_plural(noun) => noun.to_owned(),
        // `a user`, `a unit`: their first sound is not a vowel.
        noun if ["us", "uni", "eu"].iter().any(|sound| noun.starts_with(sound)) => format!("a {noun}"),
        noun if noun.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {noun}"),
        noun => format!("a {noun}"),
    }
}

/// A text as a YAML scalar that may stand anywhere.
pub fn quoted(text: &str) -> String {
    let is_plain = text.starts_with(|first: char| first.is_alphabetic())
        && text.ends_with(|last: char| last.is_alphanumeric() || last == '.')
        && text.chars().all(|letter| letter.is_alphanumeric() || " _-./`".contains(letter))
        && !["true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL"].contains(&text);
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

#[cfg(test)]
mod tests {
    use accord_language::{
        model::{Doc, ErrorId},
        source::Place,
    };

    use super::*;

    #[test]
    fn summaries_are_sentences_made_of_the_names() {
        let scope = Scope {
            name: "game_room".to_owned(),
            key: "roomId".to_owned(),
            denied: ErrorId(0),
            log: None,
            doc: Doc::default(),
            place: Place::default(),
        };
        let field =
            |name: &str| Field { name: name.to_owned(), ty: "{ $ref: Id }".to_owned(), example: "x".to_owned() };
        let said = |name: &str, emits: &str, to: &str| {
            let declaration = Declaration {
                name,
                emits,
                is_emitted_elsewhere: false,
                to,
                scope: &scope,
                key: field("roomId"),
                user: None,
                limit: "events".to_owned(),
                since: None,
            };
            let summary =
                |entry: &str| entry.lines().find_map(|line| line.strip_prefix("  summary: ")).map(str::to_owned);
            [summary(&declaration.client()).unwrap(), summary(&declaration.server().unwrap()).unwrap()]
        };
        let cases = [
            (
                ("play_card", "card_played", "scope"),
                ["Play a card in a game room.", "A card was played in a game room that this socket has joined."],
            ),
            (
                ("shuffle_open_cards", "open_cards_shuffled", "caller"),
                [
                    "Shuffle open cards in a game room.",
                    "Open cards were shuffled in a game room as requested by this socket.",
                ],
            ),
            (
                ("close_game_room", "game_room_closed", "others"),
                ["Close a game room that the caller is in.", "A game room that this socket has joined was closed."],
            ),
            (
                ("pass", "turn_begun", "scope"),
                ["Pass in a game room.", "'`pass` was carried out in a game room that this socket has joined.'"],
            ),
        ];
        for ((name, emits, to), summaries) in cases {
            assert_eq!(said(name, emits, to), summaries, "{name}");
        }
    }
}
