//! JSONata between `{%` and `%}`: its syntax, and the names in it.

use std::collections::BTreeSet;

use sfn_tasks_jsonata::ast::{Expr, Kind, Operator, Stage};
use sfn_tasks_jsonata::{Problem, Syntax, functions, parse, problems};

use super::{SyntaxError, placeholder};

/// The members of `$states`.
pub const STATES_MEMBERS: [&str; 4] = ["input", "result", "errorOutput", "context"];

/// The names of all functions that an expression can call.
pub fn functions() -> impl Iterator<Item = &'static str> {
    functions::all().iter().map(|function| function.name)
}

/// The text between `{%` and `%}`. `None` if the text is not an expression. Text with spaces around the braces is not
/// an expression.
///
/// # Errors
///
/// Returns an error if only one of `{%` and `%}` is present.
pub fn unwrap(text: &str) -> Result<Option<&str>, SyntaxError> {
    match (text.starts_with("{%"), text.ends_with("%}")) {
        (true, true) if text.len() >= 4 => Ok(Some(&text[2..text.len() - 2])),
        (true, _) => Err(SyntaxError::new(text.len(), "`%}` is missing at the end of the expression")
            .with_help("end the string with `%}`")),
        (false, true) if !text.trim_start().starts_with("{%") => {
            Err(SyntaxError::new(0, "`{%` is missing at the beginning of the expression")
                .with_help("start the string with `{%`"))
        }
        (false, _) => Ok(None),
    }
}

/// The names to which an expression refers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Jsonata {
    /// Variables that the expression does not define itself, without `$`. `states` is not included.
    pub variables: BTreeSet<String>,
    /// Those of them without which the whole expression has no value, so that the state fails.
    pub needed: BTreeSet<String>,
    /// Functions that are called and that the expression does not define itself, without `$`.
    pub functions: BTreeSet<String>,
    /// The names after each `$states`: `["context", "Execution", "Id"]`.
    pub states: BTreeSet<Vec<String>>,
    /// Uses of the context value where there is none: `$`, `$$`, or a name without a prefix.
    pub unqualified: BTreeSet<String>,
    /// Parts that fail at every evaluation.
    pub problems: Vec<Problem>,
}

impl Jsonata {
    /// Parses the text between `{%` and `%}`.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a valid JSONata expression.
    pub fn parse(expression: &str) -> Result<Self, SyntaxError> {
        if expression.trim().is_empty() {
            return Err(SyntaxError::new(0, "the expression is empty").with_help("write one between `{%` and `%}`"));
        }
        let ast = parse(expression, Syntax::Placeholders).map_err(|error| SyntaxError {
            offset: error.offset,
            message: error.message,
            help: error.help,
        })?;
        let mut names = Names::default();
        names.walk(&ast.root, true);
        let Names { bound, mut found } = names;
        // A name that contains a placeholder is only known at deployment.
        let open = |name: &String| placeholder::is_in(name);
        found.variables.retain(|name| !bound.contains(name) && !open(name) && functions::find(name).is_none());
        found.functions.retain(|name| !bound.contains(name) && !open(name));
        found.needed = needed(&ast.root).into_iter().filter(|name| found.variables.contains(name)).collect();
        found.problems = problems(&ast);
        Ok(found)
    }

    /// Whether Step Functions has a function with this name.
    pub fn is_function(name: &str) -> bool {
        functions::find(name).is_some()
    }

    /// Whether the expression reads the task token.
    pub fn reads_task_token(&self) -> bool {
        self.states.iter().any(|path| match path.as_slice() {
            [] => true,
            [context] => context == "context",
            [context, task] => context == "context" && task == "Task",
            [context, task, token, ..] => context == "context" && task == "Task" && token == "Token",
        })
    }
}

/// Functions that return `undefined` if their first argument is `undefined`.
const STRICT: [&str; 37] = [
    "abs",
    "average",
    "base64decode",
    "base64encode",
    "ceil",
    "contains",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "encodeUrl",
    "encodeUrlComponent",
    "floor",
    "formatBase",
    "formatNumber",
    "fromMillis",
    "join",
    "keys",
    "length",
    "lowercase",
    "match",
    "max",
    "min",
    "number",
    "pad",
    "parse",
    "power",
    "replace",
    "reverse",
    "round",
    "split",
    "sqrt",
    "string",
    "substring",
    "sum",
    "toMillis",
    "trim",
    "uppercase",
];

/// The variables without which an expression has no value.
///
/// The parser limits the depth of the tree, and so the depth of this recursion.
fn needed(node: &Expr) -> BTreeSet<String> {
    if node.group.is_some() {
        return BTreeSet::new();
    }
    let strict = |function: &Expr| match &function.kind {
        Kind::Variable(name) => function.predicates.is_empty() && STRICT.contains(&&**name),
        _ => false,
    };
    let both = |one: &Expr, other: &Expr| -> BTreeSet<String> { &needed(one) & &needed(other) };
    match &node.kind {
        Kind::Variable(name) => BTreeSet::from([name.to_string()]),
        Kind::Path { steps, .. } => steps.first().map(needed).unwrap_or_default(),
        Kind::Block(items) => items.last().map(needed).unwrap_or_default(),
        Kind::Bind(_, value) | Kind::Negate(value) => needed(value),
        Kind::Binary(
            Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Remainder
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual,
            left,
            right,
        ) => &needed(left) | &needed(right),
        Kind::Condition(_, then, Some(otherwise)) => both(then, otherwise),
        Kind::Condition(_, then, None) => needed(then),
        Kind::Default(left, right) | Kind::Coalesce(left, right) => both(left, right),
        Kind::Call(function, arguments) if strict(function) => arguments.first().map(needed).unwrap_or_default(),
        Kind::Apply(left, right) => match &right.kind {
            Kind::Call(function, _) if strict(function) => needed(left),
            _ if strict(right) => needed(left),
            _ => BTreeSet::new(),
        },
        _ => BTreeSet::new(),
    }
}

/// The names found during a walk. A definition counts in the whole expression: a name that is defined anywhere is
/// never reported.
#[derive(Default)]
struct Names {
    bound: BTreeSet<String>,
    found: Jsonata,
}

impl Names {
    /// `top` says that there is no context value, to which `$` or a bare name could refer.
    ///
    /// The parser limits the depth of the tree, and so the depth of this recursion.
    fn walk(&mut self, node: &Expr, top: bool) {
        match &node.kind {
            Kind::Variable(name) => self.variable(name, &[], top),
            Kind::Name(name) => self.name(name, top),
            Kind::Wildcard => self.name("*", top),
            Kind::Descendants => self.name("**", top),
            Kind::Path { steps, .. } => self.path(steps, top),
            Kind::Binary(_, left, right) | Kind::Default(left, right) | Kind::Coalesce(left, right) => {
                self.walk(left, top);
                self.walk(right, top);
            }
            Kind::Apply(left, right) => {
                self.walk(left, top);
                match &right.kind {
                    Kind::Variable(name) if right.predicates.is_empty() => {
                        self.found.functions.insert(name.to_string());
                    }
                    _ => self.walk(right, top),
                }
            }
            Kind::Bind(name, value) => {
                self.bound.insert(name.to_string());
                self.walk(value, top);
            }
            Kind::Negate(inner) => self.walk(inner, top),
            Kind::Call(procedure, arguments) => {
                self.procedure(procedure, top);
                self.walk_all(arguments, top);
            }
            Kind::Partial(procedure, arguments) => {
                self.procedure(procedure, top);
                arguments.iter().flatten().for_each(|argument| self.walk(argument, top));
            }
            Kind::Lambda(lambda) => {
                self.bound.extend(lambda.parameters.iter().map(|name| name.to_string()));
                self.walk(&lambda.body, false);
            }
            Kind::Array(items) | Kind::Block(items) => self.walk_all(items, top),
            Kind::Object(pairs) => self.pairs(pairs, top),
            Kind::Condition(condition, then, otherwise) => {
                self.walk(condition, top);
                self.walk(then, top);
                otherwise.iter().for_each(|branch| self.walk(branch, top));
            }
            Kind::Sort(terms) => terms.iter().for_each(|term| self.walk(&term.expr, false)),
            Kind::Transform(transform) => {
                let parts = [Some(&transform.pattern), Some(&transform.update), transform.delete.as_ref()];
                parts.into_iter().flatten().for_each(|part| self.walk(part, false));
            }
            Kind::Parent(_)
            | Kind::String(_)
            | Kind::Number(_)
            | Kind::Bool(_)
            | Kind::Null
            | Kind::Regex(_)
            | Kind::Placeholder(_) => {}
        }
        node.predicates.iter().for_each(|filter| self.walk(filter, false));
        node.group.iter().for_each(|pairs| self.pairs(pairs, false));
        self.stages(node);
    }

    /// The called function. A variable here is the name of a function.
    fn procedure(&mut self, node: &Expr, top: bool) {
        match &node.kind {
            Kind::Variable(name) if node.predicates.is_empty() && !name.is_empty() => {
                self.found.functions.insert(name.to_string());
            }
            // A function name without `$` is reported as such.
            Kind::Path { steps, .. } if matches!(&steps[..], [Expr { kind: Kind::Name(_), .. }]) => {}
            _ => self.walk(node, top),
        }
    }

    fn walk_all(&mut self, nodes: &[Expr], top: bool) {
        nodes.iter().for_each(|node| self.walk(node, top));
    }

    fn pairs(&mut self, pairs: &[(Expr, Expr)], top: bool) {
        for (key, value) in pairs {
            self.walk(key, top);
            self.walk(value, top);
        }
    }

    fn path(&mut self, steps: &[Expr], top: bool) {
        let Some((first, rest)) = steps.split_first() else { return };
        match &first.kind {
            Kind::Variable(name) => {
                let whole = first.step.stages.is_empty() && first.predicates.is_empty();
                self.variable(name, if whole { rest } else { &[] }, top);
                first.predicates.iter().for_each(|filter| self.walk(filter, false));
                self.stages(first);
            }
            _ => self.walk(first, top),
        }
        rest.iter().for_each(|step| self.walk(step, false));
    }

    fn stages(&mut self, node: &Expr) {
        self.bound.extend(node.step.focus.iter().chain(&node.step.index).map(|name| name.to_string()));
        for stage in &node.step.stages {
            match stage {
                Stage::Filter(filter) => self.walk(filter, false),
                Stage::Index(name) => {
                    self.bound.insert(name.to_string());
                }
            }
        }
    }

    fn variable(&mut self, name: &str, behind: &[Expr], top: bool) {
        match name {
            "$" => {
                self.found.unqualified.insert("$$".into());
            }
            "" if top => {
                self.found.unqualified.insert("$".into());
            }
            "" => {}
            "states" => {
                let mut path = Vec::new();
                for step in behind {
                    let Kind::Name(member) = &step.kind else { break };
                    if placeholder::is_in(member) {
                        break;
                    }
                    path.push(member.to_string());
                    if !step.step.stages.is_empty() || !step.predicates.is_empty() {
                        break;
                    }
                }
                self.found.states.insert(path);
            }
            _ => {
                self.found.variables.insert(name.to_owned());
            }
        }
    }

    fn name(&mut self, name: &str, top: bool) {
        if top {
            self.found.unqualified.insert(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Jsonata {
        Jsonata::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_braces_come_in_pairs() {
        assert_eq!(unwrap("{% $x %}"), Ok(Some(" $x ")));
        assert_eq!(unwrap("{%$x%}"), Ok(Some("$x")));
        assert_eq!(unwrap("plain"), Ok(None));
        assert_eq!(unwrap("a {% b %} c"), Ok(None));
        assert_eq!(unwrap(" {% $x %} "), Ok(None));
        assert_eq!(unwrap(" {% $x %}"), Ok(None));
        for bad in ["{% $x", "$x %}", "{% $x %} ", "{%}"] {
            assert!(unwrap(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn finds_free_names_only() {
        let found = parse("( $f := function($a) { $a * $rate }; $map($states.input.items, $f) ~> $sum() )");
        assert_eq!(found.variables, set(&["rate"]));
        assert_eq!(found.functions, set(&["map", "sum"]));
        assert_eq!(found.states, BTreeSet::from([vec!["input".to_owned(), "items".to_owned()]]));
        assert_eq!(found.unqualified, set(&[]));
        assert_eq!(parse("$states.input.a@$l.b[$l.id = $.id]#$i.{ 'x': $i, 'y': y }").variables, set(&[]));
        assert_eq!(parse("$map($x, $string)").variables, set(&["x"]));
        assert_eq!(parse("$mistake($x)").functions, set(&["mistake"]));
    }

    #[test]
    fn finds_names_that_nothing_qualifies() {
        assert_eq!(parse("states.input.id").unqualified, set(&["states"]));
        assert_eq!(parse("$.id").unqualified, set(&["$"]));
        assert_eq!(parse("$$.Map.Item.Index = 0").unqualified, set(&["$$"]));
        assert_eq!(parse("$sum(prices)").unqualified, set(&["prices"]));
        for fine in [
            "$states.input.items[price > 3 and $.x].name",
            "$states.input.items{ kind: $sum(price) }",
            "$states.input.items^(>price).(name & $.kind)",
            "$map($states.input, function($v) { $v.x })",
            "$states.input ~> |items|{ 'price': price * 2 }|",
        ] {
            assert_eq!(parse(fine).unqualified, set(&[]), "{fine}");
        }
    }

    #[test]
    fn the_task_token_is_found() {
        assert!(parse("$states.context.Task.Token").reads_task_token());
        assert!(parse("{ 'all': $states.context }").reads_task_token());
        assert!(parse("$states.context.${Name}").reads_task_token());
        assert!(!parse("$states.context.Execution.Id & $states.input.Task.Token").reads_task_token());
    }

    #[test]
    fn wrong_syntax_is_an_error_and_never_a_crash() {
        for bad in ["", " ", "$a +", "(1", "$x[", "{'a'}", "'open", "1 2", "$f(,)"] {
            assert!(Jsonata::parse(bad).is_err(), "{bad}");
        }
        for (open, close) in [("(", ")"), ("[", "]"), ("-", ""), ("{'a':", "}"), ("$f(", ")"), ("$a?", ":1")] {
            for depth in [400, 100_000] {
                let _ = Jsonata::parse(&format!("{}1{}", open.repeat(depth), close.repeat(depth)));
            }
        }
    }
}
