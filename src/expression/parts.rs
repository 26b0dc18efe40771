//! The parts of a string that are known before its expression is evaluated.

use sfn_tasks_jsonata::ast::{Expr, Kind, Operator};
use sfn_tasks_jsonata::{Syntax, parse};

use super::intrinsic::{Argument, ArgumentKind, Intrinsic, Piece, looks_like_call};
use super::json_path::{JsonPath, Root};

/// A part of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Known text, which can contain placeholders.
    Literal(String),
    /// A member of the context object: `["StateMachine", "Id"]`.
    Context(Vec<String>),
    /// A variable, or a member of its value: `["config", "table"]`.
    Variable(Vec<String>),
    /// A value that is only known at run time.
    Unknown,
}

/// The parts of the result of a JSONPath or an intrinsic function.
pub fn of_json_path(text: &str) -> Vec<Part> {
    if looks_like_call(text) {
        return Intrinsic::parse(text).map_or_else(|_| vec![Part::Unknown], |call| of_call(&call));
    }
    JsonPath::parse(text).map_or_else(|_| vec![Part::Unknown], |path| vec![of_path(&path)])
}

/// The maximum number of alternative strings. An expression with more counts as unknown.
const MAX_ALTERNATIVES: usize = 16;

/// The parts of each string that a JSONata expression (without its braces) can return. There are several if it
/// contains `? :`.
pub fn of_jsonata(expression: &str) -> Vec<Vec<Part>> {
    match parse(expression, Syntax::Placeholders) {
        Ok(ast) => of_node(&ast.root),
        Err(_) => vec![vec![Part::Unknown]],
    }
}

fn of_path(path: &JsonPath<'_>) -> Part {
    let names: Vec<String> = path.leading_names().map(str::to_owned).collect();
    match path.root {
        Root::Context if names.len() == path.segments.len() => Part::Context(names),
        Root::Variable(name) if names.len() == path.segments.len() => {
            Part::Variable(std::iter::once(name.to_owned()).chain(names).collect())
        }
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

/// The parser limits the depth of the tree, and so the depth of this recursion.
fn of_node(node: &Expr) -> Vec<Vec<Part>> {
    let one = |part| vec![vec![part]];
    if !node.predicates.is_empty() || node.group.is_some() {
        return one(Part::Unknown);
    }
    match &node.kind {
        Kind::String(text) | Kind::Placeholder(text) => one(Part::Literal(text.to_string())),
        Kind::Binary(Operator::Concat, left, right) => {
            let (left, right) = (of_node(left), of_node(right));
            if left.len() * right.len() > MAX_ALTERNATIVES {
                return one(Part::Unknown);
            }
            left.iter().flat_map(|left| right.iter().map(|right| [&left[..], right].concat())).collect()
        }
        Kind::Condition(_, then, Some(otherwise)) => {
            let alternatives = [of_node(then), of_node(otherwise)].concat();
            match alternatives.len() > MAX_ALTERNATIVES {
                true => one(Part::Unknown),
                false => alternatives,
            }
        }
        Kind::Block(nodes) if nodes.len() == 1 => of_node(&nodes[0]),
        Kind::Variable(name) if !name.is_empty() && &**name != "$" => one(Part::Variable(vec![name.to_string()])),
        Kind::Path { steps, .. } => one(of_steps(steps)),
        _ => one(Part::Unknown),
    }
}

fn of_steps(steps: &[Expr]) -> Part {
    let names: Option<Vec<&str>> = steps
        .iter()
        .map(|step| match &step.kind {
            Kind::Variable(name) | Kind::Name(name) if step.step.stages.is_empty() && step.predicates.is_empty() => {
                Some(&**name)
            }
            _ => None,
        })
        .collect();
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let is_variable = matches!(steps.first(), Some(Expr { kind: Kind::Variable(_), .. }));
    match names.as_deref() {
        Some(["states", "context", rest @ ..]) => Part::Context(owned(rest)),
        Some([name, ..]) if ["", "$", "states"].contains(name) || !is_variable => Part::Unknown,
        Some(names) => Part::Variable(owned(names)),
        None => Part::Unknown,
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
                Part::Variable(names) => format!("${}", names.join(".")),
                Part::Unknown => "*".to_owned(),
            })
            .collect()
    }

    fn all(alternatives: Vec<Vec<Part>>) -> String {
        alternatives.into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn known_ends_of_a_string_are_found() {
        assert_eq!(show(of_json_path("$.table")), "*");
        assert_eq!(show(of_json_path("$$.StateMachine.Id")), "<StateMachine.Id>");
        assert_eq!(show(of_json_path("States.Format('orders-{}-{}', $.stage, 'eu')")), "orders-*-eu");
        assert_eq!(show(of_json_path("States.Format('${Prefix}-{}', $.stage)")), "${Prefix}-*");
        assert_eq!(show(of_json_path("States.Format('{}', States.Format('a{}', 1))")), "a1");
        assert_eq!(show(of_json_path("States.UUID()")), "*");
        assert_eq!(all(of_jsonata("'orders'")), "orders");
        assert_eq!(all(of_jsonata("'orders-' & $states.input.stage & '-eu'")), "orders-*-eu");
        assert_eq!(all(of_jsonata("$states.context.StateMachine.Id")), "<StateMachine.Id>");
        assert_eq!(all(of_jsonata("$exists($x) ? 'a' : 'b'")), "a b");
        assert_eq!(all(of_jsonata("'x-' & ($y ? 'a' : $z)")), "x-a x-$z");
        assert_eq!(all(of_jsonata("$y ? 'a'")), "*");
        assert_eq!(all(of_jsonata("$config.table")), "$config.table");
        assert_eq!(all(of_jsonata("$states.input.table")), "*");
        assert_eq!(all(of_jsonata("$uppercase($table)")), "*");
        let many = ["($a ? 'b' : 'c')"; 5].join(" & ");
        assert_eq!(all(of_jsonata(&many)), "*");
        assert_eq!(show(of_json_path("$table")), "$table");
        assert_eq!(show(of_json_path("$config.table")), "$config.table");
        assert_eq!(show(of_json_path("$config[0]")), "*");
        assert_eq!(all(of_jsonata("'orders-' & ${Stage}")), "orders-${Stage}");
        assert_eq!(all(of_jsonata("'broken")), "*");
    }
}
