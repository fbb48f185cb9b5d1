//! What can be read off a script without running it: its statements, the functions it calls, the literals it tests.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, ASTNode, Engine, Expr, FnPtr, Position, Stmt};

/// Words whose arguments are no part of what a check tests: what it tells, and how long it waits.
const TELLING: [&str; 4] = ["fail", "wrong_answer", "wait", "wait_until"];

/// The lines, from 1, where a script calls a function. Nothing if the script cannot be read.
pub(super) fn calls(text: &str, function: &str) -> Vec<usize> {
    let Some(ast) = read(text) else { return Vec::new() };
    let mut lines = BTreeSet::new();
    ast.walk(&mut |path: &[ASTNode]| {
        if let Some((name, position)) = path.last().and_then(called)
            && name == function
        {
            lines.insert(position.line().unwrap_or(0));
        }
        true
    });
    lines.into_iter().collect()
}

/// A script without one of its statements, for each of them, with the line of what is missing.
pub(super) fn without_one(text: &str) -> Vec<(usize, String)> {
    let Some(ast) = read(text) else { return Vec::new() };
    // A call begins with its name in Rhai's eyes; the statement begins with the line.
    let lines: BTreeSet<usize> = ast.statements().iter().filter_map(|statement| statement.position().line()).collect();
    let offset = |line: usize| text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
    let mut starts: Vec<usize> = lines.iter().map(|&line| offset(line)).collect();
    starts.push(text.len());
    let missing = starts.windows(2).map(|pair| format!("{}{}", &text[..pair[0]], &text[pair[1]..]));
    lines.into_iter().zip(missing).collect()
}

/// The literals in these functions and in those that they call, with the line of each.
pub(super) fn literals(ast: &AST, functions: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut functions: BTreeSet<String> = functions.collect();
    loop {
        let mut tested = ast.clone();
        tested.retain_functions(|_, _, name, _| functions.contains(name));
        let mut literals = BTreeMap::new();
        let mut reached = functions.clone();
        tested.walk(&mut |path: &[ASTNode]| {
            if path.iter().filter_map(called).any(|(name, _)| TELLING.contains(&name)) {
                return true;
            }
            let mut note = |text: String, position: Position| {
                literals.entry(text).or_insert(position.line().unwrap_or(1));
            };
            match path.last() {
                Some(ASTNode::Expr(Expr::StringConstant(text, position))) => note(text.to_string(), *position),
                Some(ASTNode::Expr(Expr::IntegerConstant(number, position))) => note(number.to_string(), *position),
                // A closure is a function of its own, and stands here as a pointer to it.
                Some(ASTNode::Expr(Expr::DynamicConstant(value, _))) => {
                    reached.extend(value.read_lock::<FnPtr>().map(|pointer| pointer.fn_name().to_owned()));
                }
                Some(node) => reached.extend(called(node).map(|(name, _)| name.to_owned())),
                None => {}
            }
            true
        });
        if reached == functions {
            return literals;
        }
        functions = reached;
    }
}

/// The function that a node calls, and where.
fn called<'a>(node: &ASTNode<'a>) -> Option<(&'a str, Position)> {
    match *node {
        ASTNode::Stmt(Stmt::FnCall(call, position)) => Some((&*call.name, *position)),
        ASTNode::Expr(Expr::FnCall(call, position)) => Some((&*call.name, *position)),
        _ => None,
    }
}

/// Reads a script as the interpreter does: nothing is evaluated beforehand.
fn read(text: &str) -> Option<AST> {
    let mut engine = Engine::new_raw();
    engine.set_max_expr_depths(64, 32).set_optimization_level(rhai::OptimizationLevel::None);
    engine.compile(text).ok()
}
