//! Quantities, as Kubernetes writes them: `128Mi`, `1.5G`, `1e9`. [apimachinery pkg/api/resource/quantity.go]

use std::fmt;

use serde::de::{Error, Visitor};
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

/// A quantity: what was written, and what it comes to. What was written is shown again; Kubernetes shows the shortest
/// form of it. SIM.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    text: Box<str>,
    value: i64,
}

impl Quantity {
    /// Reads a quantity. What is too large becomes the largest number, and a fraction is rounded up, as there.
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
        let (factor, exponent) = unit(suffix).ok_or(SUFFIX)?;
        let exponent = exponent.saturating_sub_unsigned(fraction.len() as u32);
        let scale = 10_u128.checked_pow(exponent.unsigned_abs()).unwrap_or(u128::MAX);
        let value = mantissa.saturating_mul(factor);
        let value = if exponent < 0 { value.div_ceil(scale) } else { value.saturating_mul(scale) };
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        Ok(Quantity { text: text.into(), value: if text.starts_with('-') { -value } else { value } })
    }

    /// What it comes to: bytes, where memory is meant.
    pub const fn value(&self) -> i64 {
        self.value
    }
}

/// By what a unit multiplies: a factor, and a power of ten.
fn unit(suffix: &str) -> Option<(u128, i32)> {
    if let Some(power) = BINARY.iter().position(|unit| *unit == suffix) {
        return Some((1 << (10 * (power + 1)), 0));
    }
    if let Some((_, power)) = DECIMAL.iter().find(|(unit, _)| *unit == suffix) {
        return Some((1, *power));
    }
    let power = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    Some((1, power))
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    /// From a text, or from a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Quantity;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a quantity")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Quantity, E> {
                Quantity::parse(text).map_err(E::custom)
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
}
