//! Condition operators: what is compared and how, `ForAnyValue:` and `ForAllValues:` in front, `IfExists` behind.
//! [IAM-UG reference_policies_elements_condition_operators]

use std::fmt;

/// A condition operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operator {
    /// What is compared and how.
    pub test: Test,
    /// How several values in the request count.
    pub quantifier: Option<Quantifier>,
    /// Whether a key that the request does not have is fine.
    pub if_exists: bool,
}

/// How several values in the request count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// At least one of them must match; false where there is none.
    ForAnyValue,
    /// Each of them must match; true where there is none.
    ForAllValues,
}

macro_rules! tests {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What is compared and how.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Test { $($(#[$doc])* $name,)* }

        impl Test {
            /// Every test.
            pub const ALL: &'static [Test] = &[$(Test::$name,)*];

            /// As policies write it.
            pub const fn name(self) -> &'static str {
                match self { $(Test::$name => stringify!($name),)* }
            }
        }
    };
}

tests! {
    /// The same text; `*` is a literal.
    StringEquals,
    /// Another text.
    StringNotEquals,
    /// The same text but for upper and lower case.
    StringEqualsIgnoreCase,
    /// Another text, upper and lower case aside.
    StringNotEqualsIgnoreCase,
    /// A pattern with `*` and `?`.
    StringLike,
    /// No such pattern.
    StringNotLike,
    /// Numbers are equal.
    NumericEquals,
    /// Numbers differ.
    NumericNotEquals,
    /// Below.
    NumericLessThan,
    /// Not above.
    NumericLessThanEquals,
    /// Above.
    NumericGreaterThan,
    /// Not below.
    NumericGreaterThanEquals,
    /// The same moment.
    DateEquals,
    /// Another moment.
    DateNotEquals,
    /// Before.
    DateLessThan,
    /// Not after.
    DateLessThanEquals,
    /// After.
    DateGreaterThan,
    /// Not before.
    DateGreaterThanEquals,
    /// `true` or `false`.
    Bool,
    /// The same base64 text.
    BinaryEquals,
    /// In an address range.
    IpAddress,
    /// Outside an address range.
    NotIpAddress,
    /// An ARN, matched part by part; wildcards work here too.
    ArnEquals,
    /// The same as `ArnEquals`.
    ArnLike,
    /// No such ARN.
    ArnNotEquals,
    /// The same as `ArnNotEquals`.
    ArnNotLike,
    /// `true`: the key is not there; `false`: it is.
    Null,
}

impl Test {
    /// The test that this one is the negation of.
    pub const fn negates(self) -> Option<Test> {
        match self {
            Test::StringNotEquals => Some(Test::StringEquals),
            Test::StringNotEqualsIgnoreCase => Some(Test::StringEqualsIgnoreCase),
            Test::StringNotLike => Some(Test::StringLike),
            Test::NumericNotEquals => Some(Test::NumericEquals),
            Test::DateNotEquals => Some(Test::DateEquals),
            Test::NotIpAddress => Some(Test::IpAddress),
            Test::ArnNotEquals => Some(Test::ArnEquals),
            Test::ArnNotLike => Some(Test::ArnLike),
            _ => None,
        }
    }
}

impl Operator {
    /// Reads `ForAnyValue:StringLikeIfExists`. Upper and lower case do not matter.
    pub fn parse(text: &str) -> Option<Operator> {
        let (quantifier, rest) = match text.split_once(':') {
            None => (None, text),
            Some((word, rest)) if word.eq_ignore_ascii_case("ForAnyValue") => (Some(Quantifier::ForAnyValue), rest),
            Some((word, rest)) if word.eq_ignore_ascii_case("ForAllValues") => (Some(Quantifier::ForAllValues), rest),
            Some(_) => return None,
        };
        let named = |name: &str| Test::ALL.iter().copied().find(|test| test.name().eq_ignore_ascii_case(name));
        if let Some(test) = named(rest) {
            return (test != Test::Null || quantifier.is_none()).then_some(Operator {
                test,
                quantifier,
                if_exists: false,
            });
        }
        let suffix = rest.len().checked_sub("IfExists".len())?;
        let (name, suffix) = (rest.get(..suffix)?, rest.get(suffix..)?);
        let test = named(name).filter(|test| *test != Test::Null && suffix.eq_ignore_ascii_case("IfExists"))?;
        Some(Operator { test, quantifier, if_exists: true })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quantifier = match self.quantifier {
            None => "",
            Some(Quantifier::ForAnyValue) => "ForAnyValue:",
            Some(Quantifier::ForAllValues) => "ForAllValues:",
        };
        write!(f, "{quantifier}{}{}", self.test.name(), if self.if_exists { "IfExists" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_read_and_print() {
        for text in ["StringEquals", "Null", "BoolIfExists", "ForAnyValue:StringLike", "ForAllValues:ArnLikeIfExists"] {
            assert_eq!(Operator::parse(text).map(|operator| operator.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Operator::parse("stringequals"), Operator::parse("StringEquals"));
        for text in ["", "Equals", "StringEqual", "NullIfExists", "ForAnyValue:Null", "ForSome:Bool", "éIfExists"] {
            assert_eq!(Operator::parse(text), None, "{text}");
        }
    }
}
