//! What can be told, before it runs, of the string that an expression will give.

use sfn_tasks_jsonata::ast::{Expr, Kind, Operator};
use sfn_tasks_jsonata::{Syntax, parse};

use super::intrinsic::{Argument, ArgumentKind, Intrinsic, Piece, looks_like_call};
use super::json_path::{JsonPath, Root};

/// A part of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Known text. It may hold deploy-time placeholders.
    Literal(String),
    /// A member of the context object: `["StateMachine", "Id"]`.
    Context(Vec<String>),
    /// Only known at run time.
    Unknown,
}

/// The parts of what a JSONPath or an intrinsic function gives.
pub fn of_json_path(text: &str) -> Vec<Part> {
    if looks_like_call(text) {
        return Intrinsic::parse(text).map_or_else(|_| vec![Part::Unknown], |call| of_call(&call));
    }
    JsonPath::parse(text).map_or_else(|_| vec![Part::Unknown], |path| vec![of_path(&path)])
}

/// The parts of what a JSONata expression gives, which is written without its braces.
pub fn of_jsonata(expression: &str) -> Vec<Part> {
    match parse(expression, Syntax::Placeholders) {
        Ok(ast) => {
            let mut parts = Vec::new();
            of_node(&ast.root, &mut parts);
            parts
        }
        Err(_) => vec![Part::Unknown],
    }
}

fn of_path(path: &JsonPath<'_>) -> Part {
    let names: Vec<String> = path.leading_names().map(str::to_owned).collect();
    match path.root {
        Root::Context if names.len() == path.segments.len() => Part::Context(names),
        _ => Part::Unknown,
    }
}

fn of_call(call: &Intrinsic<'_>) -> Vec<Part> {
    let (Some(Argument { kind: ArgumentKind::String(template), .. }), "States.Format") =
        (call.arguments.first(), call.name)
    else {
        return vec![Part::Unknown];
    };
    let mut rest = call.arguments.iter().skip(1);
    let Ok(pieces) = template.template() else { return vec![Part::Unknown] };
    pieces
        .into_iter()
        .flat_map(|piece| match piece {
            Piece::Text(text) => vec![Part::Literal(text)],
            Piece::Hole => rest.next().map_or_else(|| vec![Part::Unknown], |argument| of_argument(&argument.kind)),
        })
        .collect()
}

fn of_argument(argument: &ArgumentKind<'_>) -> Vec<Part> {
    match argument {
        ArgumentKind::String(text) => vec![Part::Literal(text.text())],
        ArgumentKind::Number(number) => vec![Part::Literal(number.to_string())],
        ArgumentKind::Boolean(truth) => vec![Part::Literal(truth.to_string())],
        ArgumentKind::Path(path) => vec![of_path(path)],
        ArgumentKind::Call(call) => of_call(call),
        ArgumentKind::Null | ArgumentKind::Placeholder => vec![Part::Unknown],
    }
}

/// The parser bounds the depth of what it gives, and so of this recursion.
fn of_node(node: &Expr, parts: &mut Vec<Part>) {
    if !node.predicates.is_empty() || node.group.is_some() {
        return parts.push(Part::Unknown);
    }
    match &node.kind {
        Kind::String(text) | Kind::Placeholder(text) => parts.push(Part::Literal(text.to_string())),
        Kind::Binary(Operator::Concat, left, right) => {
            of_node(left, parts);
            of_node(right, parts);
        }
        Kind::Block(nodes) if nodes.len() == 1 => of_node(&nodes[0], parts),
        Kind::Path { steps, .. } => {
            let names: Option<Vec<&str>> = steps
                .iter()
                .map(|step| match &step.kind {
                    Kind::Variable(name) | Kind::Name(name)
                        if step.step.stages.is_empty() && step.predicates.is_empty() =>
                    {
                        Some(&**name)
                    }
                    _ => None,
                })
                .collect();
            parts.push(match names.as_deref() {
                Some(["states", "context", rest @ ..]) => {
                    Part::Context(rest.iter().map(|name| (*name).to_owned()).collect())
                }
                _ => Part::Unknown,
            });
        }
        _ => parts.push(Part::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(parts: Vec<Part>) -> String {
        parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Context(names) => format!("<{}>", names.join(".")),
                Part::Unknown => "*".to_owned(),
            })
            .collect()
    }

    #[test]
    fn known_ends_of_a_string_are_found() {
        assert_eq!(show(of_json_path("$.table")), "*");
        assert_eq!(show(of_json_path("$$.StateMachine.Id")), "<StateMachine.Id>");
        assert_eq!(show(of_json_path("States.Format('orders-{}-{}', $.stage, 'eu')")), "orders-*-eu");
        assert_eq!(show(of_json_path("States.Format('${Prefix}-{}', $.stage)")), "${Prefix}-*");
        assert_eq!(show(of_json_path("States.Format('{}', States.Format('a{}', 1))")), "a1");
        assert_eq!(show(of_json_path("States.UUID()")), "*");
        assert_eq!(show(of_jsonata("'orders'")), "orders");
        assert_eq!(show(of_jsonata("'orders-' & $states.input.stage & '-eu'")), "orders-*-eu");
        assert_eq!(show(of_jsonata("$states.context.StateMachine.Id")), "<StateMachine.Id>");
        assert_eq!(show(of_jsonata("$exists($x) ? 'a' : 'b'")), "*");
        assert_eq!(show(of_jsonata("'orders-' & ${Stage}")), "orders-${Stage}");
        assert_eq!(show(of_jsonata("'broken")), "*");
    }
}
