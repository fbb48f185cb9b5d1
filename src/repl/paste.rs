//! A text of several lines, as it comes when one pastes: the texts that it is made of.
//!
//! A script is one text, however many lines it has. A line for the prompt, such as `:undo`, is a text of its own, and
//! so is what stands behind each prompt that was copied from a screen; what that screen showed beneath is left out.

use std::collections::BTreeSet;

use super::command;

/// What somebody pasted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pasted {
    /// The texts in it, to be taken one after the other; none of them is empty.
    pub(super) texts: Vec<String>,
    /// Lines that are no part of them: what a screen showed beneath a prompt.
    pub(super) left_out: usize,
}

impl Pasted {
    /// Takes a text apart. `labels` are what prompts begin with; `is_incomplete` says whether a script goes on.
    pub(super) fn read(text: &str, labels: &BTreeSet<String>, is_incomplete: &dyn Fn(&str) -> bool) -> Pasted {
        let mut pasted = Pasted::default();
        let mut open = String::new();
        let mut copied = false;
        for line in text.split('\n') {
            let goes_on = |open: &str| !command::is_command(open) && is_incomplete(open);
            if let Some(typed) = behind_prompt(line, labels) {
                copied = true;
                pasted.end(&mut open);
                open.push_str(typed);
            } else if copied && !goes_on(&open) {
                pasted.left_out += usize::from(!line.trim().is_empty());
            } else if !copied && command::is_command(line) && !goes_on(&open) {
                pasted.end(&mut open);
                pasted.texts.push(line.to_owned());
            } else {
                if !open.is_empty() {
                    open.push('\n');
                }
                open.push_str(line);
            }
        }
        pasted.end(&mut open);
        pasted
    }

    fn end(&mut self, open: &mut String) {
        let text = std::mem::take(open);
        if !text.trim().is_empty() {
            self.texts.push(text);
        }
    }
}

/// What stands behind the prompt that a line begins with, if it does: `longshore[3]> `.
fn behind_prompt<'l>(line: &'l str, labels: &BTreeSet<String>) -> Option<&'l str> {
    split(line).filter(|(label, _)| labels.contains(*label)).map(|(_, typed)| typed)
}

/// Whether a line begins with some prompt, as a transcript does.
pub(super) fn is_prompted(line: &str) -> bool {
    split(line).is_some_and(|(label, _)| !label.is_empty() && !label.contains(['=', '(', ';', '"']))
}

/// What may be the label of a prompt, and what stands behind it.
fn split(line: &str) -> Option<(&str, &str)> {
    let (prompt, typed) = line.split_once("]> ").or_else(|| Some((line.strip_suffix("]>")?, "")))?;
    let (label, number) = prompt.rsplit_once('[')?;
    number.parse::<usize>().is_ok().then_some((label, typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart() {
        let labels = BTreeSet::from(["longshore".to_owned(), "lesson 2".to_owned()]);
        let is_incomplete = |text: &str| text.matches('{').count() > text.matches('}').count();
        let rows: [(&str, &[&str], usize); 14] = [
            ("", &[], 0),
            ("\n \n", &[], 0),
            ("1 + 2", &["1 + 2"], 0),
            ("let a = 1;\n\nlet b = 2;\na + b", &["let a = 1;\n\nlet b = 2;\na + b"], 0),
            (":fork a\nwait(\"1m\")", &[":fork a", "wait(\"1m\")"], 0),
            ("wait(\"1m\")\n:undo\n?why\n1\n2", &["wait(\"1m\")", ":undo", "?why", "1\n2"], 0),
            ("#{ a\n: 1 }", &["#{ a\n: 1 }"], 0),
            ("if x {\n:undo\n}\n:undo", &["if x {\n:undo\n}", ":undo"], 0),
            ("longshore[9]> 2 * 2", &["2 * 2"], 0),
            ("longshore[1]> let a = 1\nlongshore[2]> a + 1", &["let a = 1", "a + 1"], 0),
            ("longshore[1]> a\n1\n\nlesson 2[2]> :undo 2\ntook back: a\nlongshore[3]>", &["a", ":undo 2"], 2),
            ("longshore[4]> fn f() {\n  2\n}\nlongshore[5]> f()\n2", &["fn f() {\n  2\n}", "f()"], 1),
            ("let a = [7]; a[0]> 3", &["let a = [7]; a[0]> 3"], 0),
            ("other[1]> 3", &["other[1]> 3"], 0),
        ];
        for (text, texts, left_out) in rows {
            let texts = texts.iter().map(|&text| text.to_owned()).collect();
            assert_eq!(Pasted::read(text, &labels, &is_incomplete), Pasted { texts, left_out }, "{text}");
        }
    }
}
