//! Durations, sizes and counts as people write them: `90s`, `1h`, `7d`; `500MB`, `1GiB`; `100`.

use std::time::Duration;

/// Reads a duration: a whole number and `s`, `m`, `h` or `d`.
///
/// # Errors
/// If the text is malformed; the error says how to write it.
pub fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err("write a whole number and a unit: 90s, 30m, 1h or 7d".to_owned()),
    };
    match number.parse::<u64>().ok().and_then(|number| number.checked_mul(seconds)) {
        Some(0) | None => Err("write a whole number from 1 and a unit: 90s, 30m, 1h or 7d".to_owned()),
        Some(seconds) if seconds > MAX_SECONDS => Err("at most 36500d".to_owned()),
        Some(seconds) => Ok(Duration::from_secs(seconds)),
    }
}

/// A hundred years. A longer duration is a typing error.
const MAX_SECONDS: u64 = 36_500 * 24 * 60 * 60;

/// Reads a number of bytes: a whole number and, if need be, a unit: `KB`, `MB`, `GB`, `TB`, `KiB`, `MiB`, `GiB`, `TiB`.
///
/// # Errors
/// If the text is malformed; the error says how to write it.
pub fn bytes(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text);
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return Err("write a whole number and a unit: 500MB, 1GiB".to_owned()),
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(factor))
        .filter(|bytes| i64::try_from(*bytes).is_ok())
        .ok_or_else(|| "write a whole number and a unit: 500MB, 1GiB".to_owned())
}

/// Reads a count: a whole number from 1.
///
/// # Errors
/// If the text is malformed; the error says how to write it.
pub fn count(text: &str) -> Result<usize, String> {
    text.trim().parse().ok().filter(|count| *count > 0).ok_or_else(|| "write a whole number from 1".to_owned())
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in [("90s", 90), ("30m", 1_800), ("1h", 3_600), ("7d", 604_800), (" 2 h", 7_200)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "1", "h", "0s", "-1h", "1.5h", "1w", "1H", "99999999999999999999s", "36501d"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, size) in [("0", 0), ("10", 10), ("1KB", 1_000), ("1 kib", 1_024), ("2GiB", 2 << 30)] {
            assert_eq!(bytes(text), Ok(size), "{text}");
        }
        for text in ["", "GB", "-1", "1.5GB", "1GX", "99999999TiB"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_count_is_a_whole_number_from_1() {
        assert_eq!((count("1"), count("10000")), (Ok(1), Ok(10_000)));
        for text in ["", "0", "-1", "1.5", "1k", "many"] {
            assert!(count(text).is_err(), "{text}");
        }
    }
}
