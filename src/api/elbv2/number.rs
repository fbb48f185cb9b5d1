//! Numbers that requests hold as texts: a port, the seconds of an attribute.

/// A whole number in digits alone: no sign, no blank, no zero before it. Whether AWS takes any of those is UNSOURCED.
pub(super) fn read(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_a_number() {
        for (text, number) in [("0", Some(0)), ("80", Some(80)), ("65536", Some(65_536))] {
            assert_eq!(read(text), number, "{text}");
        }
        for text in ["", "+80", "-1", "080", "00", " 80", "80 ", "8e1", "0x50", "eighty", "99999999999999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
