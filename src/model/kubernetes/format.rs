//! What names of Kubernetes look like, and what is wrong with one that does not, in the words of its validation.
//! [K32 apimachinery/pkg/util/validation]

const LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const QUALIFIED: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const QUALIFIED_WORDS: &str =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/// What is wrong with a DNS label: a container, a volume, a namespace. [IsDNS1123Label]
pub fn label(text: &str) -> Vec<String> {
    let mut wrong = longer(text, 63);
    if is_label(text) {
        return wrong;
    }
    wrong.push(match is_subdomain(text) {
        true => "must not contain dots".to_owned(),
        false => pattern(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and \
             end with an alphanumeric character",
            LABEL,
            &["my-name", "123-abc"],
        ),
    });
    wrong
}

/// What is wrong with a DNS name: most objects. [IsDNS1123Subdomain]
pub fn subdomain(text: &str) -> Vec<String> {
    let mut wrong = longer(text, 253);
    if !is_subdomain(text) {
        wrong.push(pattern(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
             start and end with an alphanumeric character",
            &format!("{LABEL}(\\.{LABEL})*"),
            &["example.com"],
        ));
    }
    wrong
}

/// What is wrong with the key of a label or an annotation: `name` or `example.com/name`. [IsQualifiedName]
pub fn qualified_name(text: &str) -> Vec<String> {
    let examples = ["MyName", "my.name", "123-abc"];
    let parts: Vec<&str> = text.split('/').collect();
    let (mut wrong, name) = match parts.as_slice() {
        [name] => (Vec::new(), *name),
        ["", name] => (vec!["prefix part must be non-empty".to_owned()], *name),
        [prefix, name] => (subdomain(prefix).into_iter().map(|what| format!("prefix part {what}")).collect(), *name),
        _ => {
            let words = pattern(&format!("a qualified name {QUALIFIED_WORDS}"), QUALIFIED, &examples);
            return vec![format!("{words} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")];
        }
    };
    if name.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    }
    wrong.extend(longer(name, 63).into_iter().map(|what| format!("name part {what}")));
    if !is_qualified(name) {
        wrong.push(pattern(&format!("name part {QUALIFIED_WORDS}"), QUALIFIED, &examples));
    }
    wrong
}

/// What is wrong with the value of a label. [IsValidLabelValue]
pub fn label_value(text: &str) -> Vec<String> {
    let mut wrong = longer(text, 63);
    if !text.is_empty() && !is_qualified(text) {
        wrong.push(pattern(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must \
             start and end with an alphanumeric character",
            &format!("({QUALIFIED})?"),
            &["MyValue", "my_value", "12345"],
        ));
    }
    wrong
}

/// What is wrong with the name of an environment variable. Nearly everything goes since 1.32.
/// [IsRelaxedEnvVarName; K32 pkg/features RelaxedEnvironmentVariableValidation]
pub fn env_var(text: &str) -> Vec<String> {
    match text.chars().all(|c| matches!(c, ' '..='~') && c != '=') {
        true => Vec::new(),
        false => vec![
            "a valid environment variable name must consist only of printable ASCII characters other than '='"
                .to_owned(),
        ],
    }
}

/// What is wrong with the name of a port. [IsValidPortName]
pub fn port_name(text: &str) -> Vec<String> {
    let mut wrong = longer(text, 15);
    let mut say = |is_wrong: bool, what: &str| {
        if is_wrong {
            wrong.push(what.to_owned());
        }
    };
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    say(!text.chars().all(legal), "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    say(!text.contains(|c: char| c.is_ascii_lowercase()), "must contain at least one letter (a-z)");
    say(text.contains("--"), "must not contain consecutive hyphens");
    say(text.starts_with('-') || text.ends_with('-'), "must not begin or end with a hyphen");
    wrong
}

/// A text in quotes as Go writes it, so that whatever cannot be printed is seen. [Go strconv.Quote]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_ascii_control() => quoted.push_str(&format!("\\x{:02x}", u32::from(c))),
            '\'' => quoted.push(c),
            c if c.escape_debug().len() == 1 => quoted.push(c),
            c if c <= '\u{ffff}' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// Small letters, digits and hyphens, with a letter or digit at both ends.
fn is_label(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(plain) && text.ends_with(plain) && text.chars().all(|c| plain(c) || c == '-')
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

/// Letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
fn is_qualified(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(plain) && text.ends_with(plain) && text.chars().all(|c| plain(c) || "-_.".contains(c))
}

/// [MaxLenError]
fn longer(text: &str, most: usize) -> Vec<String> {
    if text.len() <= most { Vec::new() } else { vec![format!("must be no more than {most} characters")] }
}

/// [RegexError: there is a comma behind each example, and a blank more before `or`]
fn pattern(words: &str, pattern: &str, examples: &[&str]) -> String {
    let examples: Vec<String> = examples.iter().map(|example| format!("'{example}', ")).collect();
    format!("{words} (e.g. {}regex used for validation is '{pattern}')", examples.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Check = fn(&str) -> Vec<String>;

    /// What is said of each name: how each problem begins.
    #[test]
    fn names_are_checked() {
        let label_words = "a lowercase RFC 1123 label must consist of";
        let rows: &[(Check, &str, &[&str])] = &[
            (label, "web-1", &[]),
            (label, "Web", &[label_words]),
            (label, "-web", &[label_words]),
            (label, "", &[label_words]),
            (label, "a.b", &["must not contain dots"]),
            (label, &"a".repeat(63), &[]),
            (label, &"a".repeat(64), &["must be no more than 63 characters"]),
            (subdomain, "a.b-c", &[]),
            (subdomain, "a..b", &["a lowercase RFC 1123 subdomain must consist of"]),
            (subdomain, &"a".repeat(254), &["must be no more than 253 characters"]),
            (qualified_name, "app.kubernetes.io/name", &[]),
            (qualified_name, "App_1", &[]),
            (qualified_name, "a/b/c", &["a qualified name must consist of"]),
            (qualified_name, "/name", &["prefix part must be non-empty"]),
            (qualified_name, "Example.com/name", &["prefix part a lowercase RFC 1123 subdomain"]),
            (qualified_name, "", &["name part must be non-empty", "name part must consist of"]),
            (qualified_name, "my app", &["name part must consist of"]),
            (qualified_name, &"a".repeat(64), &["name part must be no more than 63 characters"]),
            (label_value, "", &[]),
            (label_value, "v1.2_3", &[]),
            (label_value, "my app", &["a valid label must be an empty string or consist of"]),
            (label_value, "v1-", &["a valid label must be an empty string or consist of"]),
            (env_var, "1 odd-name.x", &[]),
            (env_var, "A=B", &["a valid environment variable name must consist only of"]),
            (env_var, "A\u{1b}", &["a valid environment variable name must consist only of"]),
            (port_name, "http", &[]),
            (port_name, "80", &["must contain at least one letter (a-z)"]),
            (port_name, "HTTP", &["must contain only alpha-numeric", "must contain at least one letter (a-z)"]),
            (port_name, "-a--b-", &["must not contain consecutive hyphens", "must not begin or end with a hyphen"]),
            (port_name, "a-very-long-name", &["must be no more than 15 characters"]),
        ];
        for (check, name, expected) in rows {
            let wrong = check(name);
            let as_expected = wrong.iter().zip(*expected).all(|(wrong, begins)| wrong.starts_with(begins));
            assert!(wrong.len() == expected.len() && as_expected, "{name:?}: {wrong:?}");
        }
    }

    #[test]
    fn examples_stand_as_kubernetes_has_them() {
        assert!(label("A")[0].ends_with(
            " (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
        ));
    }

    #[test]
    fn quotes_are_those_of_go() {
        for (text, expected) in [
            ("plain 'text'", r#""plain 'text'""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("\u{1b}[31m\n\u{7}", r#""\x1b[31m\n\a""#),
            ("é 日", "\"é 日\""),
            ("\u{200b}\u{85}\u{e0001}", r#""\u200b\u0085\U000e0001""#),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
