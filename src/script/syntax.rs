//! What was probably meant by a text that is no script: the slips that people make who know JSON, a shell or Python.

use rhai::Position;

/// A slip: how to tell, and what to write instead.
struct Slip {
    looks_so: fn(&str, &str) -> bool,
    way_out: &'static str,
}

/// The slips, the surest first. Each sees the whole text, and what stands at the error and behind it.
const SLIPS: &[Slip] = &[
    Slip {
        looks_so: |text, _| ["aws ", "kubectl ", "docker "].iter().any(|word| text.trim_start().starts_with(word)),
        way_out: "here an operation is a method and takes a map: ecs.create_cluster(#{ clusterName: \"prod\" })",
    },
    Slip {
        looks_so: |text, _| text.trim_start().starts_with('{') && text.contains("\":"),
        way_out: "JSON goes in back-ticks into an operation: ecs.register_task_definition(`{ … }`)",
    },
    Slip {
        looks_so: |text, _| squeezed(text).contains("({\""),
        way_out: "put the JSON in back-ticks: (`{ … }`), or write a map: (#{ name: value })",
    },
    Slip { looks_so: |text, _| squeezed(text).contains("({"), way_out: "a map begins with #{, as in #{ name: value }" },
    Slip {
        looks_so: |text, rest| {
            let before = text.strip_suffix(rest).and_then(|before| before.chars().next_back());
            before.is_some_and(|c| c.is_ascii_digit()) && rest.starts_with(char::is_alphabetic)
        },
        way_out: "a number has digits only, and a name begins with a letter; a text stands in double quotes: \"5x\"",
    },
    Slip { looks_so: |_, rest| rest.starts_with('\''), way_out: "texts stand in double quotes: \"prod\"" },
    Slip {
        looks_so: |text, rest| rest.starts_with('=') && text.contains("#{"),
        way_out: "in a map a colon stands between name and value: #{ clusterName: \"prod\" }",
    },
    Slip {
        looks_so: |text, rest| rest.starts_with(':') && text.contains('(') && !text.contains("#{"),
        way_out: "an operation takes one map: (#{ name: value })",
    },
    Slip {
        looks_so: |_, rest| rest.starts_with(['}', ')', ']']),
        way_out: "there is one closing bracket too many, or one opening bracket is missing",
    },
    Slip {
        looks_so: |text, _| text.lines().any(|line| line.matches('"').count() % 2 == 1),
        way_out: "a quotation mark is missing, or one inside a text needs a backslash",
    },
    Slip {
        looks_so: |text, _| {
            ["wait ", "print ", "why ", "fault "].iter().any(|word| text.trim_start().starts_with(word))
        },
        way_out: "call it with brackets, as in wait(\"2m\")",
    },
    Slip {
        looks_so: |_, rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '"' || c == '_'),
        way_out: "put something between them: a comma, an operator, a dot; or ; where a new statement begins",
    },
];

/// What to write instead, as far as it can be guessed.
pub(super) fn way_out(text: &str, position: Position) -> &'static str {
    let line = position.line().and_then(|line| text.lines().nth(line - 1)).unwrap_or_default();
    let rest: String = line.chars().skip(position.position().unwrap_or(1).saturating_sub(1)).collect();
    SLIPS.iter().find(|slip| (slip.looks_so)(text, &rest)).map_or("", |slip| slip.way_out)
}

/// The text without blanks.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use crate::script::Interpreter;
    use crate::session::Session;

    #[test]
    fn the_usual_slips_are_guessed() {
        let mut interpreter = Interpreter::new(Session::new(1), Box::new(|_| {}));
        for (typed, way_out) in [
            ("aws ecs create-cluster --cluster-name prod", "an operation is a method"),
            ("{ \"family\": \"web\" }", "JSON goes in back-ticks"),
            ("ecs.create_cluster({ \"clusterName\": \"prod\" })", "put the JSON in back-ticks"),
            ("ecs.create_cluster({clusterName: \"prod\"})", "a map begins with #{"),
            ("ecs.create_cluster(#{ clusterName = \"prod\" })", "a colon stands between"),
            ("ecs.create_cluster(clusterName: \"prod\")", "takes one map"),
            ("let x = 'prod'", "double quotes"),
            ("ecs.create_cluster())", "one closing bracket too many"),
            ("wait 2m", "call it with brackets"),
            ("wait", "call it with brackets"),
            ("5x", "a number has digits only"),
            ("let a = 5 b", "put something between them"),
            ("prod", "put it in quotes"),
        ] {
            let trouble = interpreter.eval(typed, "slip").expect_err(typed);
            assert!(trouble.way_out.contains(way_out), "{typed}: {trouble:?}");
        }
    }
}
