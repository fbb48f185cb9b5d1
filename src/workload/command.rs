//! What a container's command says about its own end: enough shell to read `sleep 5; exit 1`.

use crate::model::profile::Exit;
use crate::model::time::Millis;

/// What can be told from a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// It ends by itself.
    Ends(Exit),
    /// It runs until it is stopped.
    RunsForever,
    /// Nothing.
    Unknown,
}

/// Reads a command in exec form, with or without `sh -c` in front.
pub(super) fn exit(command: &[String]) -> Reading {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Reading::Unknown,
        [shell, "-c", script] if matches!(shell.rsplit('/').next(), Some("sh" | "bash" | "ash")) => read_script(script),
        words => read_script(&words.join(" ")),
    }
}

/// Statements one after the other: `&&` goes on after success, `||` after failure, `;` always.
fn read_script(script: &str) -> Reading {
    let spaced = script.replace("&&", " && ").replace("||", " || ").replace(';', " ; ");
    let mut after = Millis::ZERO;
    let mut code = 0;
    let mut skip = false;
    let words: Vec<&str> = spaced.split_whitespace().collect();
    for part in words.split_inclusive(|word| is_joint(word)) {
        let (statement, joint) = match part.split_last() {
            Some((joint, statement)) if is_joint(joint) => (statement, *joint),
            _ => (part, ";"),
        };
        if !skip {
            match read_statement(statement) {
                Some(Statement::Takes(time, result)) => {
                    after = after + time;
                    code = result;
                }
                Some(Statement::Leaves(result)) => return Reading::Ends(Exit { code: result.unwrap_or(code), after }),
                Some(Statement::Stays) => return Reading::RunsForever,
                None => return Reading::Unknown,
            }
        }
        skip = (joint == "&&" && code != 0) || (joint == "||" && code == 0);
    }
    Reading::Ends(Exit { code, after })
}

fn is_joint(word: &str) -> bool {
    matches!(word, "&&" | "||" | ";")
}

enum Statement {
    /// It takes some time and has a result.
    Takes(Millis, u8),
    /// It ends the script, with this code or the last one.
    Leaves(Option<u8>),
    /// It never ends.
    Stays,
}

fn read_statement(words: &[&str]) -> Option<Statement> {
    Some(match words {
        [] | ["true"] | ["echo", ..] => Statement::Takes(Millis::ZERO, 0),
        ["false"] => Statement::Takes(Millis::ZERO, 1),
        ["sleep", "infinity"] | ["tail", "-f", ..] | ["while", "true" | ":", ..] => Statement::Stays,
        ["sleep", time] => Statement::Takes(read_seconds(time)?, 0),
        ["exit"] => Statement::Leaves(None),
        ["exit", code] => Statement::Leaves(Some(code.parse().ok()?)),
        _ => return None,
    })
}

/// `sleep` takes seconds, or a number with a unit.
fn read_seconds(text: &str) -> Option<Millis> {
    match text.parse() {
        Ok(seconds) => Some(Millis::seconds(seconds)),
        Err(_) => Millis::parse(text).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_say_when_they_end() {
        let ends = |code, seconds| Reading::Ends(Exit { code, after: Millis::seconds(seconds) });
        for (command, reading) in [
            (&["sleep", "30"][..], ends(0, 30)),
            (&["sh", "-c", "sleep 5; exit 1"], ends(1, 5)),
            (&["/bin/sh", "-c", "sleep 5 && false && sleep 100"], ends(1, 5)),
            (&["sh", "-c", "false || sleep 2"], ends(0, 2)),
            (&["sh", "-c", "echo hello"], ends(0, 0)),
            (&["sh", "-c", "echo hi; sleep 1m; false; exit"], ends(1, 60)),
            (&["true"], ends(0, 0)),
            (&["tail", "-f", "/dev/null"], Reading::RunsForever),
            (&["sh", "-c", "while true; do sleep 1; done"], Reading::RunsForever),
            (&["./server", "--port", "80"], Reading::Unknown),
            (&["sh", "-c", "exit 300"], Reading::Unknown),
            (&[], Reading::Unknown),
        ] {
            let command: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(exit(&command), reading, "{command:?}");
        }
    }
}
