//! Dates with times, as in RFC 3339, section 5.6.

use std::time::SystemTime;

/// Whether a text is a date with a time: `2026-01-31T09:30:00.000Z`.
///
/// As in the format `date-time` of JSON Schema: existing days, `T` and `Z` in either case, an offset with a colon; and
/// the second 60 only as a leap second, at 23:59 in UTC, on any day.
///
/// ```
/// use accord_runtime::validate::date_time;
///
/// assert!(date_time("2026-01-31T09:30:00.000Z"));
/// assert!(!date_time("2026-02-30T09:30:00Z"));
/// ```
#[inline]
pub fn date_time(text: &str) -> bool {
    parse(text.as_bytes()).is_some()
}

/// A point in time to the millisecond, in UTC: `2026-01-31T09:30:00.000Z`. Later times become the end of the year 9999.
pub(crate) fn shown(time: SystemTime) -> String {
    let time = jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::MAX);
    format!("{time:.3}")
}

fn parse(text: &[u8]) -> Option<()> {
    let (date, time) = text.split_at_checked(10)?;
    let year = number(date, 0)? * 100 + number(date, 2)?;
    let (month, day) = (number(date, 5)?, number(date, 8)?);
    let (b'-', b'-') = (date[4], date[7]) else { return None };
    if !(1..=days(year, month)?).contains(&day) {
        return None;
    }

    let (b'T' | b't', b':', b':') = (*time.first()?, *time.get(3)?, *time.get(6)?) else { return None };
    let (hour, minute, second) = (number(time, 1)?, number(time, 4)?, number(time, 7)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut rest = &time[9..];
    if let [b'.', fraction @ ..] = rest {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        rest = &fraction[digits..];
    }
    let (east, offset_hour, offset_minute) = match rest {
        [b'Z' | b'z'] => (true, 0, 0),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => (*sign == b'+', number(rest, 1)?, number(rest, 4)?),
        _ => return None,
    };
    if offset_hour > 23 || offset_minute > 59 {
        return None;
    }
    if second == 60 {
        const DAY: u32 = 24 * 60;
        let (local, offset) = (hour * 60 + minute, offset_hour * 60 + offset_minute);
        let utc = (if east { local + DAY - offset } else { local + offset }) % DAY;
        return (utc == DAY - 1).then_some(());
    }
    Some(())
}

/// Two digits.
#[inline]
fn number(text: &[u8], at: usize) -> Option<u32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    Some(digit(*text.get(at)?)? * 10 + digit(*text.get(at + 1)?)?)
}

fn days(year: u32, month: u32) -> Option<u32> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}
