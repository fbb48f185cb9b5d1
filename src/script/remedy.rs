//! What helps against an error of Rhai's own, by its kind: every one leads somewhere.

use rhai::{EvalAltResult, LexError, ParseErrorType, Position};

use super::syntax;

/// Where nothing closer is known.
const MANUAL: &str = ":help rhai shows how scripts are written";

/// What helps where a text is no script: what its kind says for sure, what was probably meant, or where to look.
pub(super) fn of_text(kind: &ParseErrorType, text: &str, position: Position) -> String {
    match kind {
        ParseErrorType::UnexpectedEOF => "write the rest of it: something has begun and does not end".to_owned(),
        ParseErrorType::MissingToken(token, _) if matches!(token.as_str(), ")" | "]" | "}") => {
            let slip = syntax::way_out(text, position);
            if slip.is_empty() { format!("close it with `{token}`") } else { slip.to_owned() }
        }
        ParseErrorType::BadInput(LexError::UnexpectedInput(input))
            if input.chars().all(|c| c.is_alphabetic() && !c.is_ascii()) =>
        {
            "a name has the letters a to z, digits and _; in a text every letter may stand: \"größe\"".to_owned()
        }
        ParseErrorType::MismatchedType(wanted, _) if wanted.contains("iterable") => over_a_list(),
        ParseErrorType::MismatchedType(..) => "ask a question there: x > 0, name == \"web\"".to_owned(),
        ParseErrorType::UnknownOperator(operator) if matches!(operator.as_str(), "++" | "--") => {
            format!("write {}= 1 behind the variable", &operator[..1])
        }
        ParseErrorType::AssignmentToConstant(name) => change_a_variable(name),
        ParseErrorType::WrongFnDefinition => "define functions at the top of a script, outside of blocks".to_owned(),
        ParseErrorType::LoopBreak => "break and continue stand in a loop".to_owned(),
        ParseErrorType::DuplicatedProperty(name) => format!("keep one `{name}` of them"),
        ParseErrorType::DuplicatedVariable(name) | ParseErrorType::FnDuplicatedParam(_, name) => {
            format!("give one `{name}` another name")
        }
        ParseErrorType::FnMissingName | ParseErrorType::FnMissingParams(_) | ParseErrorType::FnMissingBody(_) => {
            "a function is written like fn twice(x) { x * 2 }".to_owned()
        }
        _ => {
            let slip = syntax::way_out(text, position);
            if slip.is_empty() { MANUAL.to_owned() } else { slip.to_owned() }
        }
    }
}

/// What helps where a script went wrong while it ran.
pub(super) fn while_running(error: &EvalAltResult) -> String {
    match error {
        EvalAltResult::ErrorArrayBounds(0, ..) => "the list is empty: ask is_empty() first".to_owned(),
        EvalAltResult::ErrorArrayBounds(count, ..) | EvalAltResult::ErrorStringBounds(count, ..) => {
            format!("counting begins with 0: the last one is [{}], or [-1]", count.saturating_sub(1))
        }
        EvalAltResult::ErrorIndexNotFound(..) => "list the names that are there with keys()".to_owned(),
        EvalAltResult::ErrorArithmetic(text, _) if text.contains("zero") => {
            "ask first whether what stands below is 0".to_owned()
        }
        EvalAltResult::ErrorArithmetic(..) => "use smaller numbers: whole ones go to about 9 × 10^18".to_owned(),
        EvalAltResult::ErrorFor(_) => over_a_list(),
        EvalAltResult::ErrorAssignmentToConstant(name, _) => change_a_variable(name),
        EvalAltResult::ErrorVariableExists(name, _) => format!("give it another name than `{name}`"),
        EvalAltResult::ErrorMismatchDataType(..) | EvalAltResult::ErrorMismatchOutputType(..) => {
            "type_of(x) says what x is; to_string(), parse_int() and parse_float() make another kind of it".to_owned()
        }
        EvalAltResult::ErrorIndexingType(..) | EvalAltResult::ErrorDotExpr(..) => {
            "type_of(x) says what x is: lists take [0], maps take .name".to_owned()
        }
        EvalAltResult::ErrorModuleNotFound(..) => {
            "write it into this script: there are no modules to import".to_owned()
        }
        _ => MANUAL.to_owned(),
    }
}

fn over_a_list() -> String {
    "loop over a list or a range: for i in 0..3 { … }".to_owned()
}

fn change_a_variable(name: &str) -> String {
    format!("what is to change is made with let: let {name} = …")
}

#[cfg(test)]
mod tests {
    use crate::script::Interpreter;
    use crate::session::Session;

    #[test]
    fn every_error_leads_somewhere() {
        let mut interpreter = Interpreter::new(Session::new(1), Box::new(|_| {}));
        for (typed, way_out) in [
            ("let x = ;", ":help rhai"),
            ("1 +", "write the rest"),
            ("switch", "write the rest"),
            ("fn f(", "close it with `)`"),
            ("fn () { 1 }", "fn twice(x)"),
            ("#{a:1", "close it with `}`"),
            ("let x = [1, 2", "close it with `]`"),
            ("let größe = 3", "the letters a to z"),
            ("let x = 1; x++", "+= 1"),
            ("for i in 3 { }", "0..3"),
            ("break", "stand in a loop"),
            ("const X = 1; X = 2", "let X"),
            ("[1][5]", "the last one is [0]"),
            ("[][0]", "is_empty()"),
            ("1 / 0", "is 0"),
            ("9223372036854775807 + 1", "smaller numbers"),
            ("1.x", "type_of"),
            ("if 1 { }", "ask a question there"),
        ] {
            let trouble = interpreter.eval(typed, "mistake").expect_err(typed);
            assert!(trouble.way_out.contains(way_out), "{typed}: {trouble:?}");
        }
    }
}
