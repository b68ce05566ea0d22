//! Edits of a document, made by its JSON Schema: everything that may stand somewhere is added, removed and changed there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// A step from a value into it.
#[derive(Clone, Debug)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// The kind of an edit.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    Add,
    Remove,
    Change,
}

/// An edit of a document.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The record and the key of it that it is about: `ClientSchema.limit`; `properties{}` is an entry of `properties`,
    /// and `errors[]` an item of `errors`.
    pub of: String,
    pub kind: Kind,
    /// The path to its surroundings, in the same way, from the top.
    pub within: Vec<String>,
    /// The path to its place.
    pub at: Vec<Step>,
    /// The new value, if there is one.
    pub value: Option<Value>,
    /// A name that becomes another, or goes away, and may be used elsewhere in the document.
    pub name: Option<(String, Option<String>)>,
}

/// The JSON Schema of a language, and values that are known to stand under its keys.
pub struct Language {
    meta: Value,
    /// By key, in the order of the documents.
    pool: BTreeMap<String, Vec<Value>>,
    /// The keys that stand beside a `type`, or beside none.
    beside: BTreeSet<(Option<String>, String)>,
    /// Names that are declared beside each other.
    declared: Vec<Vec<String>>,
}

/// The number of other values that are tried at a place: more would find nothing new.
const TRIED: usize = 12;

impl Language {
    pub fn new(meta: Value, documents: &[Value]) -> Self {
        let mut language = Language { meta, pool: BTreeMap::new(), beside: BTreeSet::new(), declared: Vec::new() };
        for document in documents {
            language.harvest(document);
        }
        language
    }

    fn harvest(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                if members.values().all(Value::is_object) {
                    self.declared.push(members.keys().cloned().collect());
                }
                let kind = kind_of(value);
                for (key, value) in members {
                    self.beside.insert((kind.clone(), key.clone()));
                    let known = self.pool.entry(key.clone()).or_default();
                    if !known.contains(value) {
                        known.push(value.clone());
                    }
                    self.harvest(value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.harvest(item)),
            _ => {}
        }
    }

    /// Every record of the language, with its keys and whether they have to be there.
    pub fn keys(&self) -> BTreeMap<String, bool> {
        let mut keys = BTreeMap::new();
        let mut record = |name: &str, schema: &Value| {
            for key in schema["properties"].as_object().into_iter().flat_map(Map::keys) {
                let required = schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == key));
                keys.insert(format!("{name}.{key}"), required);
            }
        };
        record("SchemaFile", &self.meta);
        for (name, schema) in self.meta["$defs"].as_object().unwrap() {
            record(name, schema);
        }
        keys
    }

    /// Every edit of `document`.
    pub fn edits(&self, document: &Value) -> Vec<Edit> {
        let mut edits = Vec::new();
        self.walk(document, &self.meta, "SchemaFile", &mut Vec::new(), &mut edits);
        edits
    }

    /// The record that a schema means, by its name, for a value that it allows.
    fn resolve<'s>(&'s self, schema: &'s Value, value: &Value) -> (Option<&'s str>, &'s Value) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.strip_prefix("#/$defs/").unwrap();
            let (inner, schema) = self.resolve(&self.meta["$defs"][name], value);
            return (inner.or(Some(name)), schema);
        }
        let Some(choices) = schema["anyOf"].as_array() else { return (None, schema) };
        let fits = |schema: &Value| match (value, schema["properties"].as_object()) {
            (Value::Object(members), Some(keys)) => members.keys().all(|key| keys.contains_key(key)),
            (Value::String(_), _) => schema["type"] == "string",
            (Value::Null, _) => schema["type"] == "null",
            (Value::Array(_), _) => schema["type"] == "array",
            _ => false,
        };
        let found = choices.iter().map(|choice| self.resolve(choice, value)).find(|(_, schema)| fits(schema));
        found.unwrap_or((None, &Value::Null))
    }

    fn walk(&self, value: &Value, schema: &Value, of: &str, at: &mut Vec<Step>, edits: &mut Vec<Edit>) {
        let first = edits.len();
        self.walk_into(value, schema, of, at, edits);
        for edit in &mut edits[first..] {
            edit.within.push(of.to_owned());
        }
    }

    fn walk_into(&self, value: &Value, schema: &Value, of: &str, at: &mut Vec<Step>, edits: &mut Vec<Edit>) {
        let (record, schema) = self.resolve(schema, value);
        match (value, schema["properties"].as_object()) {
            (Value::Object(members), Some(keys)) => {
                let record = record.unwrap_or("SchemaFile");
                for (key, schema) in keys {
                    let of = format!("{record}.{key}");
                    at.push(Step::Key(key.clone()));
                    match members.get(key) {
                        // A key that no record with such a `type` has would be refused.
                        None if !self.beside.contains(&(kind_of(value), key.clone())) => {}
                        None => edits.extend(self.others(key, schema, &Value::Null).into_iter().map(|value| Edit {
                            of: of.clone(),
                            kind: Kind::Add,
                            at: at.clone(),
                            within: Vec::new(),
                            value: Some(value),
                            name: None,
                        })),
                        Some(value) => {
                            let edit = Edit {
                                of: of.clone(),
                                kind: Kind::Remove,
                                at: at.clone(),
                                within: Vec::new(),
                                value: None,
                                name: None,
                            };
                            edits.push(edit.clone());
                            edits.extend(self.others(key, schema, value).into_iter().map(|value| Edit {
                                kind: Kind::Change,
                                value: Some(value),
                                ..edit.clone()
                            }));
                            self.walk(value, schema, &of, at, edits);
                        }
                    }
                    at.pop();
                }
            }
            (Value::Object(members), None) => self.walk_entries(members, schema, of, at, edits),
            (Value::Array(items), _) => self.walk_items(items, schema, of, at, edits),
            _ => {}
        }
    }

    /// Entries with names of the writer's choice.
    fn walk_entries(
        &self,
        members: &Map<String, Value>,
        schema: &Value,
        of: &str,
        at: &mut Vec<Step>,
        edits: &mut Vec<Edit>,
    ) {
        let schema = &schema["additionalProperties"];
        if schema.is_null() {
            return;
        }
        let of = format!("{of}{{}}");
        for (name, value) in members {
            let new = if name.starts_with(char::is_uppercase) { format!("{name}New") } else { format!("{name}_new") };
            let edit = |kind, key: &str, value, name| {
                let at = at.iter().cloned().chain([Step::Key(key.to_owned())]).collect();
                Edit { of: of.clone(), kind, within: Vec::new(), at, value, name }
            };
            edits.push(edit(Kind::Add, &new, Some(value.clone()), None));
            edits.push(edit(Kind::Remove, name, None, Some((name.clone(), None))));
            edits.push(edit(Kind::Change, name, Some(value.clone()), Some((name.clone(), Some(new.clone())))));
            let others = members.values().filter(|other| *other != value).take(TRIED);
            edits.extend(others.map(|other| edit(Kind::Change, name, Some(other.clone()), None)));
            at.push(Step::Key(name.clone()));
            self.walk(value, schema, &of, at, edits);
            at.pop();
        }
    }

    fn walk_items(&self, items: &[Value], schema: &Value, of: &str, at: &mut Vec<Step>, edits: &mut Vec<Edit>) {
        let of = format!("{of}[]");
        let list = |kind, items: Vec<Value>| Edit {
            of: of.clone(),
            kind,
            at: at.clone(),
            within: Vec::new(),
            value: Some(items.into()),
            name: None,
        };
        let key = match at.last() {
            Some(Step::Key(key)) => key.as_str(),
            _ => "",
        };
        let known = self.pool.get(key).into_iter().flatten().filter_map(Value::as_array).flatten();
        let known: BTreeSet<String> = known.filter(|item| !items.contains(item)).map(Value::to_string).collect();
        for item in known {
            let item = serde_json::from_str(&item).unwrap();
            edits.push(list(Kind::Add, items.iter().cloned().chain([item]).collect()));
        }
        for index in 0..items.len() {
            let rest = items.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, item)| item.clone());
            edits.push(list(Kind::Remove, rest.collect()));
        }
        for (index, item) in items.iter().enumerate() {
            at.push(Step::Index(index));
            self.walk(item, &schema["items"], &of, at, edits);
            at.pop();
        }
    }

    /// Other values that may stand under a key: those of the same key elsewhere, and some that are made of this one.
    fn others(&self, key: &str, schema: &Value, value: &Value) -> Vec<Value> {
        let mut others: Vec<Value> = Vec::new();
        let (_, resolved) = self.resolve(schema, value);
        let words = resolved["oneOf"].as_array().into_iter().flatten().map(|word| &word["const"]);
        others.extend(words.chain(resolved["enum"].as_array().into_iter().flatten()).cloned());
        match value {
            Value::String(text) => {
                others.extend(["x", "-x"].map(|end| json!(format!("{text}{end}"))));
                others.extend(text.starts_with('/').then(|| json!(format!("/x{text}"))));
                let beside = self.declared.iter().filter(|names| names.contains(text)).flatten();
                others.extend(beside.map(|name| json!(name)));
            }
            Value::Object(members) if resolved["additionalProperties"].is_null() => {
                let mut other = members.clone();
                if let Some(text) = other.values_mut().find(|value| value.is_string()) {
                    *text = json!(format!("{}x", text.as_str().unwrap()));
                }
                others.push(other.into());
            }
            Value::Bool(boolean) => others.push(json!(!boolean)),
            Value::Number(number) => {
                let number = number.as_f64().unwrap();
                let near = [number + 1.0, number - 1.0, 2.0 * number, (number / 2.0).floor()];
                #[expect(clippy::cast_possible_truncation, reason = "the numbers of the documents are small")]
                let value = |number: f64| if number.fract() == 0.0 { json!(number as i64) } else { json!(number) };
                others.extend(near.map(value));
            }
            _ if resolved["type"] == "string" => others.push(json!("word")),
            _ if resolved["type"] == "boolean" => others.extend([json!(true), json!(false)]),
            _ if ["integer", "number"].iter().any(|kind| resolved["type"] == *kind) => others.push(json!(1)),
            _ => {}
        }
        others.extend(self.pool.get(key).into_iter().flatten().take(TRIED).cloned());
        let mut tried = vec![value.clone()];
        others.retain(|other| {
            let new = !tried.contains(other);
            tried.push(other.clone());
            new
        });
        others
    }
}

/// The `type` of a record that has one.
fn kind_of(record: &Value) -> Option<String> {
    record["type"].as_str().map(str::to_owned)
}

impl Edit {
    /// The document after the edit, in some ways: as it is, and with what an edit of this sort makes necessary elsewhere.
    pub fn applied(&self, document: &Value) -> Vec<Value> {
        let mut plain = document.clone();
        let mut results = Vec::new();
        match &self.name {
            Some((old, Some(new))) => {
                rename_entry(&mut plain, &self.at, new);
                results.push(plain.clone());
                let mut everywhere = document.clone();
                rename(&mut everywhere, old, new);
                results.push(everywhere);
            }
            Some((old, None)) => {
                put(&mut plain, &self.at, None);
                results.push(plain.clone());
                forget(&mut plain, old);
                results.push(plain);
            }
            None => {
                put(&mut plain, &self.at, self.value.clone());
                results.push(plain.clone());
                // A record without its example, where that is what is in the way.
                if let Some((_, record)) = self.at.split_last() {
                    let example: Vec<Step> = record.iter().cloned().chain([Step::Key("example".to_owned())]).collect();
                    put(&mut plain, &example, None);
                    results.push(plain);
                }
            }
        }
        results
    }
}

fn reach<'v>(value: &'v mut Value, at: &[Step]) -> Option<&'v mut Value> {
    at.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(index) => value.get_mut(index),
    })
}

fn put(document: &mut Value, at: &[Step], new: Option<Value>) {
    let Some((last, above)) = at.split_last() else { return };
    match (reach(document, above), last, new) {
        (Some(Value::Object(members)), Step::Key(key), Some(value)) => {
            members.insert(key.clone(), value);
        }
        (Some(Value::Object(members)), Step::Key(key), None) => {
            members.shift_remove(key);
        }
        (Some(Value::Array(items)), Step::Index(index), Some(value)) => items[*index] = value,
        _ => {}
    }
}

fn rename_entry(document: &mut Value, at: &[Step], new: &str) {
    let Some((Step::Key(old), above)) = at.split_last() else { return };
    if let Some(Value::Object(members)) = reach(document, above) {
        let entries = std::mem::take(members);
        members.extend(entries.into_iter().map(|(key, value)| (if key == *old { new.to_owned() } else { key }, value)));
    }
}

/// Renames keys and strings.
fn rename(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) => {
            *text = text.replace(&format!("{{{old}}}"), &format!("{{{new}}}"));
            if text == old {
                new.clone_into(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, old, new)),
        Value::Object(members) => {
            let entries = std::mem::take(members);
            members.extend(entries.into_iter().map(|(key, mut value)| {
                rename(&mut value, old, new);
                (if key == old { new.to_owned() } else { key }, value)
            }));
        }
        _ => {}
    }
}

/// Removes the entries and items that are `name`.
fn forget(value: &mut Value, name: &str) {
    match value {
        Value::Array(items) => {
            items.retain(|item| item != name);
            items.iter_mut().for_each(|item| forget(item, name));
        }
        Value::Object(members) => {
            members.retain(|key, value| key != name && value != name);
            members.values_mut().for_each(|value| forget(value, name));
        }
        _ => {}
    }
}
