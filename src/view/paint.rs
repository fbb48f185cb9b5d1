//! Colours as data: what a piece of text is, not which colour it has. One decision says whether there are any.
//!
//! Only the sixteen colours of the terminal's own theme are used.

use owo_colors::{OwoColorize, Style};

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The word `error`, and the caret.
    Error,
    /// Something to know that is no error.
    Note,
    /// The name of a member.
    Key,
    /// What should step back: times, frames, headers.
    Dim,
    /// What should stand out.
    Strong,
    /// A state that is as it should be.
    Good,
    /// A state on its way.
    Busy,
    /// A state that is not as it should be.
    Bad,
    /// A text in a script.
    Text,
    /// A number in a script.
    Number,
    /// A word of the language.
    Keyword,
    /// The handle of a service, and the prompt.
    Handle,
}

/// Colours, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// The text as it is.
    Plain,
    /// With the terminal's colours.
    Colours,
}

/// What `--color` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// Colours where somebody looks.
    #[default]
    Auto,
    /// Colours anyway.
    Always,
    /// No colours.
    Never,
}

/// What the surroundings say about colours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `NO_COLOR`.
    pub no_color: Option<String>,
    /// `CLICOLOR_FORCE`.
    pub clicolor_force: Option<String>,
    /// `CLICOLOR`.
    pub clicolor: Option<String>,
    /// `TERM`.
    pub term: Option<String>,
    /// Whether the text goes to a terminal.
    pub terminal: bool,
}

impl Paint {
    /// The one decision. [no-color.org, bixense.com/clicolors]
    pub fn decide(wish: Wish, around: &Surroundings) -> Paint {
        let set = |value: &Option<String>| value.as_deref().is_some_and(|value| !value.is_empty());
        let forced = set(&around.clicolor_force) && around.clicolor_force.as_deref() != Some("0");
        let able = around.terminal
            && around.clicolor.as_deref() != Some("0")
            && around.term.as_deref().is_some_and(|term| term != "dumb");
        match wish {
            Wish::Always => Paint::Colours,
            Wish::Never => Paint::Plain,
            Wish::Auto if set(&around.no_color) => Paint::Plain,
            Wish::Auto if forced || able => Paint::Colours,
            Wish::Auto => Paint::Plain,
        }
    }

    /// Paints a text.
    pub fn on(self, role: Role, text: &str) -> String {
        if self == Paint::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = match role {
            Role::Error => Style::new().red().bold(),
            Role::Note => Style::new().yellow(),
            Role::Key | Role::Number => Style::new().cyan(),
            Role::Dim => Style::new().dimmed(),
            Role::Strong => Style::new().bold(),
            Role::Good | Role::Text => Style::new().green(),
            Role::Busy => Style::new().yellow(),
            Role::Bad => Style::new().red(),
            Role::Keyword => Style::new().magenta(),
            Role::Handle => Style::new().blue().bold(),
        };
        text.style(style).to_string()
    }

    /// Paints the states of AWS that stand in a line as words of their own.
    pub fn states(self, line: &str) -> String {
        if self == Paint::Plain {
            return line.to_owned();
        }
        let paint = |word: &str| match state(word.trim_end_matches([',', '.', ':', ';'])) {
            Some(role) => self.on(role, word),
            None => word.to_owned(),
        };
        line.split(' ').map(paint).collect::<Vec<_>>().join(" ")
    }
}

/// How a state of AWS feels.
fn state(word: &str) -> Option<Role> {
    match word {
        "RUNNING" | "ACTIVE" | "HEALTHY" | "COMPLETED" | "CONNECTED" => Some(Role::Good),
        "PROVISIONING" | "PENDING" | "ACTIVATING" | "IN_PROGRESS" | "DRAINING" | "DEACTIVATING" | "STOPPING"
        | "DEPROVISIONING" | "REGISTERING" => Some(Role::Busy),
        "FAILED" | "UNHEALTHY" | "REGISTRATION_FAILED" => Some(Role::Bad),
        "STOPPED" | "INACTIVE" | "DELETED" | "UNKNOWN" => Some(Role::Dim),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_decision_about_colours() {
        let set = |text: &str| Some(text.to_owned());
        let tty = Surroundings { terminal: true, term: set("xterm-256color"), ..Surroundings::default() };
        let rows = [
            (Wish::Auto, tty.clone(), Paint::Colours),
            (Wish::Never, tty.clone(), Paint::Plain),
            (Wish::Auto, Surroundings { no_color: set("1"), ..tty.clone() }, Paint::Plain),
            (Wish::Auto, Surroundings { no_color: set(""), ..tty.clone() }, Paint::Colours),
            (Wish::Always, Surroundings { no_color: set("1"), ..tty.clone() }, Paint::Colours),
            (Wish::Auto, Surroundings { term: set("dumb"), ..tty.clone() }, Paint::Plain),
            (Wish::Auto, Surroundings { term: None, ..tty.clone() }, Paint::Plain),
            (Wish::Auto, Surroundings { clicolor: set("0"), ..tty.clone() }, Paint::Plain),
            (Wish::Auto, Surroundings::default(), Paint::Plain),
            (Wish::Auto, Surroundings { clicolor_force: set("1"), ..Surroundings::default() }, Paint::Colours),
            (Wish::Auto, Surroundings { clicolor_force: set("0"), ..Surroundings::default() }, Paint::Plain),
            (Wish::Auto, Surroundings { clicolor_force: set("1"), no_color: set("1"), ..tty }, Paint::Plain),
        ];
        for (wish, around, expected) in rows {
            assert_eq!(Paint::decide(wish, &around), expected, "{wish:?} {around:?}");
        }
    }

    #[test]
    fn states_are_painted_as_whole_words() {
        assert_eq!(Paint::Colours.states("task a is RUNNING."), "task a is \u{1b}[32mRUNNING.\u{1b}[0m");
        assert_eq!(Paint::Colours.states("NOTRUNNING"), "NOTRUNNING");
        assert_eq!(Paint::Plain.states("RUNNING"), "RUNNING");
    }
}
