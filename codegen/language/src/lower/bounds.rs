//! Bounds of numbers and lengths.

use super::Lowering;
use crate::{
    diagnostic::Diagnostic,
    source::{Number, Slot, Spanned, schema::TypeSchema},
};

/// The largest integer that every JSON implementation represents exactly (RFC 8259, section 6).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// The same as a float.
#[expect(clippy::cast_precision_loss, reason = "it is exact")]
pub const MAX_INTEGRAL: f64 = MAX_INTEGER as f64;

impl<'a> Lowering<'a, '_> {
    pub fn integer(&mut self, slot: &Slot<Spanned<Number>>) -> Option<i64> {
        let number = slot.get()?;
        let (rule, message) = match number.value {
            Number::Integer(integer) if (-MAX_INTEGER..=MAX_INTEGER).contains(&integer) => return Some(integer),
            // A number with more digits than fit is read as a float.
            Number::Float(float) if float.fract() != 0.0 || float.abs() <= MAX_INTEGRAL => {
                ("wrong-kind", "the bound of an integer must be an integer")
            }
            Number::Integer(_) | Number::Float(_) => {
                ("out-of-range", "the bound is outside the range of integers that JSON represents exactly")
            }
        };
        let diagnostic =
            Diagnostic::new(rule, message).at(number.span, format!("expected -{MAX_INTEGER} to {MAX_INTEGER}"));
        self.cx.report(diagnostic);
        None
    }

    /// Reports numbers that no number is between; `false` where there are such.
    pub fn bounds(&mut self, schema: &TypeSchema, integer: bool) -> bool {
        let (minimum, maximum) = (&schema.minimum, &schema.maximum);
        let (above, below) = (&schema.exclusive_minimum, &schema.exclusive_maximum);
        let more = |a: Number, b: Number| a.as_f64() > b.as_f64();
        let not_less = |a: Number, b: Number| a.as_f64() >= b.as_f64();
        self.in_order(minimum, maximum, ["minimum", "maximum"], more)
            && self.in_order(above, maximum, ["exclusiveMinimum", "maximum"], not_less)
            && self.in_order(minimum, below, ["minimum", "exclusiveMaximum"], not_less)
            && self.in_order(above, below, ["exclusiveMinimum", "exclusiveMaximum"], |a, b| {
                if integer { a.as_f64() + 1.0 >= b.as_f64() } else { a.as_f64() >= b.as_f64() }
            })
    }

    /// Reports bounds that nothing is between; `false` for such.
    pub fn in_order<T: Copy>(
        &mut self,
        low: &Slot<Spanned<T>>,
        high: &Slot<Spanned<T>>,
        [low_key, high_key]: [&str; 2],
        excluded: impl Fn(T, T) -> bool,
    ) -> bool {
        if let (Some(low), Some(high)) = (low.get(), high.get())
            && excluded(low.value, high.value)
        {
            let diagnostic = Diagnostic::new("empty-range", format!("nothing is between `{low_key}` and `{high_key}`"))
                .at(low.span, "")
                .and(high.span, "");
            self.cx.report(diagnostic);
            return false;
        }
        true
    }
}
