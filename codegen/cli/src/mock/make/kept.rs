//! The parts of a request that a server keeps.

use accord_language::model::{Kind, Shape, Type};
use accord_runtime::validate::present;
use serde_json::{Map, Value};

use super::Maker;

impl Maker {
    /// The parts of a valid value that a server would keep: unknown fields are ignored.
    pub(super) fn kept(&self, ty: &'static Type, value: &Value) -> Value {
        self.kept_of_kind(&ty.kind, value)
    }

    fn kept_of_kind(&self, kind: &'static Kind, value: &Value) -> Value {
        match (kind, value) {
            (Kind::Ref(id), _) => match (&self.def(*id).shape, value) {
                (Shape::Object(object), Value::Object(given)) => {
                    let known = object.fields.iter().filter_map(|field| {
                        let value = given.get(&field.name)?;
                        let value = if field.required { value } else { present(value)? };
                        Some((field.name.clone(), self.kept(&field.ty, value)))
                    });
                    known.collect::<Map<_, _>>().into()
                }
                (Shape::Alias(kind), _) => self.kept_of_kind(kind, value),
                _ => value.clone(),
            },
            (Kind::Array(array), Value::Array(items)) => {
                items.iter().map(|item| self.kept(&array.items, item)).collect()
            }
            (Kind::Map(values), Value::Object(entries)) => {
                entries.iter().map(|(key, value)| (key.clone(), self.kept(values, value))).collect::<Map<_, _>>().into()
            }
            _ => value.clone(),
        }
    }
}
