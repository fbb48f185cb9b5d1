//! Virtual time: whole milliseconds, never floating point, so that the same inputs give the same moments everywhere.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A span of virtual time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u64);

impl Millis {
    /// No time at all.
    pub const ZERO: Millis = Millis(0);

    /// A span of whole seconds.
    pub const fn seconds(seconds: u64) -> Millis {
        Millis(seconds.saturating_mul(1000))
    }

    /// A span of whole minutes.
    pub const fn minutes(minutes: u64) -> Millis {
        Millis::seconds(minutes.saturating_mul(60))
    }

    /// Reads `90s`, `10m`, `1h 30m` or `500ms`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text and how a duration is written.
    pub fn parse(text: &str) -> Result<Millis, String> {
        let duration = humantime::parse_duration(text.trim()).map_err(|error| {
            format!("`{text}` is not a duration ({error}); write it like \"90s\", \"10m\" or \"1h 30m\"")
        })?;
        u64::try_from(duration.as_millis()).map(Millis).map_err(|_| format!("`{text}` is longer than time itself"))
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Days are the largest unit: months and years have no fixed length.
        let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
        let mut left = self.0;
        let mut parts = Vec::new();
        for (unit, millis) in units {
            if left >= millis {
                parts.push(format!("{}{unit}", left / millis));
                left %= millis;
            }
        }
        f.write_str(if parts.is_empty() { "0s" } else { "" })?;
        f.write_str(&parts.join(" "))
    }
}

impl Add for Millis {
    type Output = Millis;
    fn add(self, other: Millis) -> Millis {
        Millis(self.0.saturating_add(other.0))
    }
}

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Millis, D::Error> {
        let text = String::deserialize(deserializer)?;
        Millis::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Millis {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "title": "duration" })
    }
}

/// A point in virtual time: milliseconds since the Unix epoch. Never zero, so that `Option<Moment>` costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(NonZeroU64);

impl Moment {
    /// Where the lab's clock starts: 2026-01-05T09:00:00Z, a Monday morning.
    pub const START: Moment = Moment::at(1_767_603_600_000);

    /// The last moment that a lab can reach: the year 9999 is the last one with four digits.
    pub const END: Moment = Moment::at(253_370_764_800_000);

    /// The moment this many milliseconds after the Unix epoch; the epoch itself is rounded up by one.
    pub const fn at(unix_millis: u64) -> Moment {
        match NonZeroU64::new(unix_millis) {
            Some(millis) => Moment(millis),
            None => Moment(NonZeroU64::MIN),
        }
    }

    /// The moment that an ISO 8601 text in UTC says.
    pub fn parse(text: &str) -> Option<Moment> {
        let since = humantime::parse_rfc3339(text).ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        u64::try_from(since.as_millis()).ok().map(Moment::at)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn unix_millis(self) -> u64 {
        self.0.get()
    }

    /// The span from `earlier` to here; zero if `earlier` is later.
    pub const fn since(self, earlier: Moment) -> Millis {
        Millis(self.0.get().saturating_sub(earlier.0.get()))
    }
}

impl Add<Millis> for Moment {
    type Output = Moment;
    fn add(self, span: Millis) -> Moment {
        Moment(self.0.saturating_add(span.0))
    }
}

impl Sub<Millis> for Moment {
    type Output = Moment;
    fn sub(self, span: Millis) -> Moment {
        Moment::at(self.0.get().saturating_sub(span.0))
    }
}

impl fmt::Display for Moment {
    /// ISO 8601 in UTC; milliseconds only where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.unix_millis().min(Moment::END.unix_millis());
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        match millis % 1000 {
            0 => humantime::format_rfc3339_seconds(time).fmt(f),
            _ => humantime::format_rfc3339_millis(time).fmt(f),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_print_as_iso_8601() {
        assert_eq!(Moment::START.to_string(), "2026-01-05T09:00:00Z");
        let later = Moment::START + Millis(90_500);
        assert_eq!(later.to_string(), "2026-01-05T09:01:30.500Z");
        assert_eq!(later.since(Moment::START), Millis(90_500));
        for moment in [Moment::START, later, Moment::END] {
            assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
        }
        assert_eq!(Moment::parse("yesterday"), None);
    }

    #[test]
    fn durations_read_and_print() {
        for (text, millis) in [("90s", 90_000), ("10m", 600_000), ("1h 30m", 5_400_000), ("500ms", 500), ("0s", 0)] {
            assert_eq!(Millis::parse(text), Ok(Millis(millis)), "{text}");
        }
        assert_eq!(Millis(90_000).to_string(), "1m 30s");
        assert_eq!(Millis::minutes(300 * 24 * 60).to_string(), "300d");
        assert_eq!(Millis::ZERO.to_string(), "0s");
        assert!(Millis::parse("soon").unwrap_err().contains("write it like"));
        assert!(Millis::parse("-5s").is_err());
    }
}
