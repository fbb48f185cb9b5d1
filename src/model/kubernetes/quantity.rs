//! Quantities, as Kubernetes writes them: `128Mi`, `1.5G`, `1e9`. [apimachinery pkg/api/resource/quantity.go]

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What the API server says of a text that is no quantity.
const FORMAT_WRONG: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
/// Of one whose number cannot be read.
const NUMERIC: &str = "unable to parse numeric part of quantity";
/// Of one whose unit it does not know.
const SUFFIX: &str = "unable to parse quantity's suffix";

/// Units: powers of two, and of ten.
const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];

/// A quantity. Two are equal that come to the same, however they were written.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// Thousand millionths of one: nothing smaller counts.
    nanos: i128,
    form: Form,
}

/// With which units a quantity is shown: those that it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Powers of two: Ki, Mi, Gi.
    Binary,
    /// Powers of ten: m, k, M.
    Decimal,
    /// Powers of ten as numbers: e3.
    Exponent,
}

/// The nanos of one.
const ONE: i128 = 1_000_000_000;

impl Quantity {
    /// Reads a quantity. What is too large becomes the largest number, and what is finer than a thousand millionth is
    /// rounded up, as there.
    ///
    /// # Errors
    /// What the API server says.
    pub fn parse(text: &str) -> Result<Quantity, &'static str> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let (number, suffix) = unsigned.split_at(end);
        let units = suffix.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['+', '-']);
        if number.is_empty() || !units.chars().all(|c| "eEinumkKMGTP".contains(c)) {
            return Err(FORMAT_WRONG);
        }
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if fraction.contains('.') || whole.len() + fraction.len() == 0 {
            return Err(NUMERIC);
        }
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        let mantissa = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u128::MAX) };
        let (factor, exponent, form) = unit(suffix).ok_or(SUFFIX)?;
        let exponent = exponent.saturating_sub_unsigned(fraction.len() as u32).saturating_add(9);
        let scale = 10_u128.checked_pow(exponent.unsigned_abs()).unwrap_or(u128::MAX);
        let nanos = mantissa.saturating_mul(factor);
        let nanos = if exponent < 0 { nanos.div_ceil(scale) } else { nanos.saturating_mul(scale) };
        let most = i128::from(i64::MAX) * ONE;
        let nanos = i128::try_from(nanos).map_or(most, |nanos| nanos.min(most));
        Ok(Quantity { nanos: if text.starts_with('-') { -nanos } else { nanos }, form })
    }

    /// So many thousandths: of a processor, say.
    pub fn of_milli(milli: u64) -> Quantity {
        Quantity { nanos: i128::from(milli) * ONE / 1000, form: Form::Decimal }
    }

    /// So many bytes.
    pub fn of_bytes(bytes: u64) -> Quantity {
        Quantity { nanos: i128::from(bytes) * ONE, form: Form::Binary }
    }

    /// What the API server says of a text that is no quantity, where an error of the decoder says it.
    pub fn complaint_in(error: &str) -> Option<&'static str> {
        [FORMAT_WRONG, NUMERIC, SUFFIX].into_iter().find(|complaint| error.starts_with(complaint))
    }

    /// What it comes to, a fraction rounded away from zero: bytes, where memory is meant.
    pub fn value(&self) -> i64 {
        self.in_units_of(ONE)
    }

    /// What it comes to in thousandths, rounded likewise: of a processor, where CPU is meant.
    pub fn milli(&self) -> i64 {
        self.in_units_of(ONE / 1000)
    }

    /// Whether it is a whole number.
    pub fn is_whole(&self) -> bool {
        self.nanos % ONE == 0
    }

    fn in_units_of(&self, unit: i128) -> i64 {
        let size = self.nanos.unsigned_abs().div_ceil(unit.unsigned_abs());
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        if self.nanos < 0 { -size } else { size }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Quantity) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Quantity) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Quantity) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nanos.hash(state);
    }
}

/// By what a unit multiplies: a factor, and a power of ten; and the form that goes with it.
fn unit(suffix: &str) -> Option<(u128, i32, Form)> {
    if let Some(power) = BINARY.iter().position(|unit| *unit == suffix) {
        return Some((1 << (10 * (power + 1)), 0, Form::Binary));
    }
    if let Some((_, power)) = DECIMAL.iter().find(|(unit, _)| *unit == suffix) {
        return Some((1, *power, Form::Decimal));
    }
    let power = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    Some((1, power, Form::Exponent))
}

impl fmt::Display for Quantity {
    /// The largest unit that leaves a whole number before it; powers of two only for what has no fraction and reaches
    /// 1024. [apimachinery pkg/api/resource/quantity.go CanonicalizeBytes]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut number, mut power) = (self.nanos, -9);
        if self.form == Form::Binary && self.is_whole() && self.nanos.abs() >= 1024 * ONE {
            let (mut number, mut units) = (self.nanos / ONE, BINARY.iter());
            let mut suffix = "";
            while number % 1024 == 0
                && let Some(unit) = units.next()
            {
                (number, suffix) = (number / 1024, *unit);
            }
            return write!(f, "{number}{suffix}");
        }
        while number % 1000 == 0 && power < 18 && number != 0 {
            (number, power) = (number / 1000, power + 3);
        }
        match (number, power, self.form) {
            (0, _, _) => f.write_str("0"),
            (_, 0, _) => write!(f, "{number}"),
            (_, _, Form::Exponent) => write!(f, "{number}e{power}"),
            _ => {
                let (suffix, _) = DECIMAL.iter().find(|(_, of)| *of == power).expect("each third power has a letter");
                write!(f, "{number}{suffix}")
            }
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    /// From a text, or from a number; whatever else stands there is read as a text that is no quantity, as there.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Quantity;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a quantity")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Quantity, E> {
                Quantity::parse(text.trim()).map_err(E::custom)
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Quantity, E> {
                Err(E::custom(FORMAT_WRONG))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, _: S) -> Result<Quantity, S::Error> {
                Err(S::Error::custom(FORMAT_WRONG))
            }

            fn visit_map<M: MapAccess<'de>>(self, _: M) -> Result<Quantity, M::Error> {
                Err(M::Error::custom(FORMAT_WRONG))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Quantity, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Quantity, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Quantity, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_kubernetes_reads_them() {
        for (text, value) in [
            ("128Mi", 128 << 20),
            ("1Gi", 1 << 30),
            ("1.5Ki", 1536),
            (".5Ki", 512),
            ("100M", 100_000_000),
            ("0.5k", 500),
            ("1e3", 1000),
            ("1E3", 1000),
            ("1.25e-1", 1),
            ("128974848", 128_974_848),
            // The classic mistake: thousandths of a byte.
            ("128m", 1),
            ("0", 0),
            ("-1", -1),
            ("10E", i64::MAX),
            ("999999999999999999999999999999999999999999Ei", i64::MAX),
            ("1e999999999", i64::MAX),
        ] {
            assert_eq!(Quantity::parse(text).map(|quantity| quantity.value()), Ok(value), "{text}");
        }
        for (text, error) in [
            ("", FORMAT_WRONG),
            ("Mi", FORMAT_WRONG),
            ("128MB", FORMAT_WRONG),
            ("128 Mi", FORMAT_WRONG),
            ("viel", FORMAT_WRONG),
            ("1.2.3", NUMERIC),
            (".", NUMERIC),
            ("128MM", SUFFIX),
            ("1e", SUFFIX),
        ] {
            assert_eq!(Quantity::parse(text), Err(error), "{text}");
        }
    }
    #[test]
    fn quantities_are_shown_as_kubernetes_shows_them() {
        for (text, shown) in [
            ("0.5", "500m"),
            ("1000m", "1"),
            ("1.5", "1500m"),
            ("2000", "2k"),
            ("1024Mi", "1Gi"),
            ("1500Mi", "1500Mi"),
            ("0.5Ki", "512"),
            ("1.0005Gi", "1074278694912m"),
            ("100M", "100M"),
            ("1e3", "1e3"),
            ("100n", "100n"),
            ("-250m", "-250m"),
            ("0Gi", "0"),
        ] {
            assert_eq!(Quantity::parse(text).map(|quantity| quantity.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for (text, milli) in [("1", 1000), ("100m", 100), ("0.25", 250), ("100n", 1), ("-1", -1000)] {
            assert_eq!(Quantity::parse(text).map(|quantity| quantity.milli()), Ok(milli), "{text}");
        }
        assert_eq!(Quantity::parse("1000m"), Quantity::parse("1"), "what comes to the same is the same");
    }
}
