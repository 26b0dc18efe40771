//! JSONata between `{%` and `%}`: its syntax, and the names it uses.

use std::collections::BTreeSet;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

use super::SyntaxError;

/// Functions of JSONata 2.0.6, but for `$eval`, which Step Functions leaves out, and those that Step Functions adds.
const FUNCTIONS: &[&str] = &[
    "abs",
    "append",
    "assert",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "clone",
    "contains",
    "count",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "encodeUrl",
    "encodeUrlComponent",
    "error",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "hash",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "millis",
    "min",
    "not",
    "now",
    "number",
    "pad",
    "parse",
    "parseInteger",
    "partition",
    "power",
    "random",
    "range",
    "reduce",
    "replace",
    "reverse",
    "round",
    "shuffle",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "trim",
    "type",
    "uppercase",
    "uuid",
    "zip",
];

/// The members of `$states`.
pub const STATES_MEMBERS: [&str; 4] = ["input", "result", "errorOutput", "context"];

/// The names of the functions that an expression can call.
pub fn functions() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().copied()
}

/// What is between `{%` and `%}`, if the text is an expression. An error if only one of the two is there. A text with
/// blanks around the braces is no expression.
pub fn unwrap(text: &str) -> Result<Option<&str>, SyntaxError> {
    match (text.starts_with("{%"), text.ends_with("%}")) {
        (true, true) if text.len() >= 4 => Ok(Some(&text[2..text.len() - 2])),
        (true, _) => Err(SyntaxError::new(text.len(), "the expression is not closed: `%}` is missing at its end")
            .with_help("end the string with `%}`")),
        (false, true) if !text.trim_start().starts_with("{%") => {
            Err(SyntaxError::new(0, "the expression is not opened: `{%` is missing at its beginning")
                .with_help("begin the string with `{%`"))
        }
        (false, _) => Ok(None),
    }
}

/// An expression: what it refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jsonata {
    /// Variables that the expression itself does not bind, without `$`; `states` is not among them.
    pub variables: BTreeSet<String>,
    /// Functions that are called and that the expression itself does not define, without `$`.
    pub functions: BTreeSet<String>,
    /// For each use of `$states` the names behind it: `["context", "Execution", "Id"]`.
    pub states: BTreeSet<Vec<String>>,
    /// Uses of the context value where there is none: `$`, `$$`, or a name that nothing qualifies.
    pub unqualified: BTreeSet<String>,
}

impl Jsonata {
    /// Parses what stands between `{%` and `%}`.
    pub fn parse(expression: &str) -> Result<Self, SyntaxError> {
        if expression.trim().is_empty() {
            return Err(SyntaxError::new(0, "the expression is empty").with_help("write one between `{%` and `%}`"));
        }
        let ast = jsonata_core::parser::parse(expression)
            .map_err(|error| SyntaxError::new(0, format!("this is no JSONata: {}", plain(&error.to_string()))))?;
        let mut names = Names::default();
        names.walk(&ast, true);
        let Names { bound, mut found } = names;
        found.variables.retain(|name| !bound.contains(name) && !FUNCTIONS.contains(&name.as_str()));
        found.functions.retain(|name| !bound.contains(name));
        Ok(found)
    }

    /// Whether Step Functions knows the function.
    pub fn is_function(name: &str) -> bool {
        FUNCTIONS.contains(&name)
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

/// The parser's message without its code and without its internal prefixes.
fn plain(message: &str) -> &str {
    let message = message.strip_prefix("Invalid syntax: ").unwrap_or(message);
    match message.split_once(": ") {
        Some((code, rest)) if code.len() == 5 && code[1..].bytes().all(|sign| sign.is_ascii_digit()) => rest,
        _ => message,
    }
}

/// Names met on a walk. Every binding counts for the whole expression: a name that is bound somewhere is never reported.
#[derive(Default)]
struct Names {
    bound: BTreeSet<String>,
    found: Jsonata,
}

impl Names {
    /// `top` says that no value is at hand to which `$` or a bare name could refer.
    ///
    /// The parser bounds the depth of what it gives, and so of this recursion.
    fn walk(&mut self, node: &AstNode, top: bool) {
        match node {
            AstNode::Variable(name) => self.variable(name, &[], top),
            AstNode::ParentVariable(_) => {
                self.found.unqualified.insert("$$".into());
            }
            AstNode::Name(name) => self.name(name, top),
            AstNode::Path { steps } => self.path(steps, top),
            AstNode::Binary { op, lhs, rhs } => {
                if matches!(op, BinaryOp::ColonEqual | BinaryOp::FocusBind | BinaryOp::IndexBind) {
                    let target = if *op == BinaryOp::ColonEqual { lhs } else { rhs };
                    if let AstNode::Variable(name) = &**target {
                        self.bound.insert(name.clone());
                    }
                }
                self.walk(lhs, top);
                self.walk(rhs, top);
            }
            AstNode::Unary { operand, .. } => self.walk(operand, top),
            AstNode::Function { name, args, .. } => {
                self.found.functions.insert(name.clone());
                self.walk_all(args, top);
            }
            AstNode::Call { procedure, args } => {
                self.walk(procedure, top);
                self.walk_all(args, top);
            }
            AstNode::Lambda { params, body, .. } => {
                self.bound.extend(params.iter().map(|name| name.trim_start_matches('$').to_owned()));
                self.walk(body, false);
            }
            AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => self.walk_all(items, top),
            AstNode::Object(pairs) => self.pairs(pairs, top),
            AstNode::ObjectTransform { input, pattern } => {
                self.walk(input, top);
                self.pairs(pattern, false);
            }
            AstNode::Conditional { condition, then_branch, else_branch } => {
                self.walk(condition, top);
                self.walk(then_branch, top);
                if let Some(branch) = else_branch {
                    self.walk(branch, top);
                }
            }
            AstNode::FunctionApplication(inner) => self.walk(inner, false),
            AstNode::Sort { input, terms } => {
                self.walk(input, top);
                terms.iter().for_each(|(term, _)| self.walk(term, false));
            }
            AstNode::Transform { location, update, delete } => {
                self.walk(location, false);
                self.walk(update, false);
                if let Some(delete) = delete {
                    self.walk(delete, false);
                }
            }
            _ => {}
        }
    }

    fn walk_all(&mut self, nodes: &[AstNode], top: bool) {
        nodes.iter().for_each(|node| self.walk(node, top));
    }

    fn pairs(&mut self, pairs: &[(AstNode, AstNode)], top: bool) {
        for (key, value) in pairs {
            self.walk(key, top);
            self.walk(value, top);
        }
    }

    fn path(&mut self, steps: &[PathStep], top: bool) {
        let Some((first, rest)) = steps.split_first() else { return };
        match &first.node {
            AstNode::Variable(name) => self.variable(name, if first.stages.is_empty() { rest } else { &[] }, top),
            node => self.walk(node, top),
        }
        rest.iter().for_each(|step| self.walk(&step.node, false));
        for step in steps {
            self.bound.extend(step.focus.iter().chain(&step.index_var).cloned());
            for stage in &step.stages {
                match stage {
                    Stage::Filter(filter) => self.walk(filter, false),
                    Stage::Index(name) => {
                        self.bound.insert(name.clone());
                    }
                    Stage::KeepArray => {}
                }
            }
        }
    }

    fn variable(&mut self, name: &str, behind: &[PathStep], top: bool) {
        match name {
            "" if top => {
                self.found.unqualified.insert("$".into());
            }
            "" => {}
            "states" => {
                let mut path = Vec::new();
                for step in behind {
                    let AstNode::Name(member) = &step.node else { break };
                    path.push(member.clone());
                    if !step.stages.is_empty() {
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
