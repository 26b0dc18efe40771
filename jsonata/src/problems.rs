//! Mistakes in expressions that parse: parts that always fail, or probably do not do what was intended.

use std::collections::BTreeSet;

use crate::ast::{Ast, Expr, Kind, Operator, Stage};
use crate::functions::{self, Function};
use crate::signature::Kinds;

/// A part of an expression that always fails, or probably does not do what was intended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code of the error that evaluation would return.
    pub code: &'static str,
    /// Where the part begins, in bytes.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead, if that is known.
    pub help: Option<String>,
    /// Whether it always fails.
    pub fails: bool,
}

/// The number of arguments that the guide requires for functions of Step Functions that accept fewer, but then return
/// nothing, or one part.
const DOCUMENTED: [(&str, usize); 4] = [("hash", 2), ("parse", 1), ("partition", 2), ("range", 3)];

/// What is known about the values of the parts of an expression, in addition to what the text itself shows.
pub trait Types {
    /// The kinds of values that a part can give.
    fn kinds(&self, part: &Expr) -> Option<Kinds>;

    /// The kinds of the elements, if a part gives an array.
    fn elements(&self, part: &Expr) -> Option<Vec<Kinds>>;
}

/// Only what the text shows.
struct Text;

impl Types for Text {
    fn kinds(&self, _: &Expr) -> Option<Kinds> {
        None
    }

    fn elements(&self, _: &Expr) -> Option<Vec<Kinds>> {
        None
    }
}

/// Finds calls of functions with arguments that they do not accept, and operators with operands that they do not
/// accept.
///
/// It uses only what the text itself shows: literals, operators and the number of arguments.
pub fn problems(ast: &Ast) -> Vec<Problem> {
    problems_of_types(ast, &Text)
}

/// Finds what [`problems`] finds, and what is wrong with these types.
pub fn problems_of_types(ast: &Ast, types: &dyn Types) -> Vec<Problem> {
    let mut search = Search { bound: BTreeSet::new(), found: Vec::new(), types };
    search.bind(&ast.root);
    search.look(&ast.root, &[]);
    search.found.sort_by_key(|problem| problem.offset);
    search.found
}

struct Search<'a> {
    /// Names to which the expression assigns a value, anywhere.
    bound: BTreeSet<&'a str>,
    found: Vec<Problem>,
    types: &'a dyn Types,
}

impl<'a> Search<'a> {
    fn bind(&mut self, node: &'a Expr) {
        match &node.kind {
            Kind::Bind(name, _) => {
                self.bound.insert(name);
            }
            Kind::Lambda(lambda) => self.bound.extend(lambda.parameters.iter().map(|name| &**name)),
            _ => {}
        }
        self.bound.extend(node.step.focus.as_deref());
        self.bound.extend(node.step.index.as_deref());
        for stage in &node.step.stages {
            if let Stage::Index(name) = stage {
                self.bound.insert(name);
            }
        }
        node.children(&mut |child| self.bind(child));
    }

    fn add(&mut self, code: &'static str, node: &Expr, message: String) -> &mut Problem {
        let at = self.found.len();
        self.found.push(Problem { code, offset: node.span.start, message, help: None, fails: true });
        &mut self.found[at]
    }

    /// `piped` are the arguments that `~>` adds at the front.
    fn look(&mut self, node: &'a Expr, piped: &[&'a Expr]) {
        match &node.kind {
            Kind::Binary(operator, left, right) => self.operands(*operator, left, right),
            Kind::Negate(inner) => {
                let kinds = self.kinds(inner);
                if !kinds.meets(Kinds::NUMBER.and(Kinds::MISSING)) {
                    self.add("D1002", inner, format!("`-` cannot be applied to {kinds}"));
                }
            }
            Kind::Object(pairs) => pairs.iter().for_each(|(key, _)| self.key(key)),
            Kind::Call(procedure, arguments) => {
                let all: Vec<&Expr> = piped.iter().copied().chain(arguments).collect();
                self.call(procedure, &all);
            }
            Kind::Apply(left, right) => {
                self.look(left, &[]);
                match &right.kind {
                    Kind::Call(..) => self.look(right, &[left]),
                    _ => {
                        if !self.kinds(right).meets(Kinds::FUNCTION) {
                            self.add("T2006", right, "the right side of `~>` is not a function".into());
                        } else if matches!(right.kind, Kind::Variable(_)) && !self.kinds(left).meets(Kinds::FUNCTION) {
                            self.call(right, &[left]);
                        }
                        self.look(right, &[]);
                    }
                }
                node.predicates.iter().for_each(|filter| self.look(filter, &[]));
                self.group(node);
                return;
            }
            _ => {}
        }
        if let Some(pairs) = &node.group {
            pairs.iter().for_each(|(key, _)| self.key(key));
        }
        node.children(&mut |child| self.look(child, &[]));
    }

    fn group(&mut self, node: &'a Expr) {
        for (key, value) in node.group.iter().flat_map(|pairs| pairs.iter()) {
            self.key(key);
            self.look(key, &[]);
            self.look(value, &[]);
        }
    }

    fn key(&mut self, key: &Expr) {
        let kinds = self.kinds(key);
        if !kinds.meets(Kinds::STRING.and(Kinds::MISSING)) {
            self.add("T1003", key, format!("the key of an object must be a string, not {kinds}"));
        }
    }

    fn operands(&mut self, operator: Operator, left: &'a Expr, right: &'a Expr) {
        let (wanted, codes) = match operator {
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
                (Kinds::NUMBER, ["T2001", "T2002"])
            }
            Operator::Range => (Kinds::NUMBER, ["T2003", "T2004"]),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                (Kinds::STRING.and(Kinds::NUMBER), ["T2010", "T2010"])
            }
            _ => return,
        };
        let sign = operator.symbol();
        let mut right_kinds = true;
        for ((side, node), code) in [("left", left), ("right", right)].into_iter().zip(codes) {
            let kinds = self.kinds(node);
            if !kinds.meets(wanted.and(Kinds::MISSING)) {
                right_kinds = false;
                let message = format!("the {side} side of `{sign}` is {kinds}, but must be {wanted}");
                let problem = self.add(code, node, message);
                if operator == Operator::Add && kinds == Kinds::STRING {
                    problem.help = Some("`&` joins strings".into());
                }
            }
        }
        let (one, other) = (self.kinds(left), self.kinds(right));
        let scalar = |kinds: Kinds| kinds == Kinds::STRING || kinds == Kinds::NUMBER;
        if right_kinds && codes[0] == "T2010" && one != other && scalar(one) && scalar(other) {
            self.add("T2009", left, format!("`{sign}` compares {one} with {other}"));
        }
    }

    fn call(&mut self, procedure: &'a Expr, arguments: &[&'a Expr]) {
        match &procedure.kind {
            Kind::Variable(name) if !self.bound.contains(&**name) => {
                if let Some(function) = functions::find(name) {
                    self.arguments(function, procedure, arguments);
                }
            }
            Kind::Path { steps, .. } => {
                if let [Expr { kind: Kind::Name(name), .. }] = &steps[..] {
                    if functions::find(name).is_some() {
                        let problem = self.add("T1005", procedure, format!("`{name}` is not a function"));
                        problem.help = Some(format!("write `${name}`"));
                    }
                }
            }
            _ => {
                let kinds = self.kinds(procedure);
                if !kinds.meets(Kinds::FUNCTION) {
                    let problem = self.add("T1006", procedure, format!("{kinds} cannot be called like a function"));
                    problem.help = Some("an operator may be missing before `(`".into());
                }
            }
        }
    }

    fn arguments(&mut self, function: &Function, procedure: &'a Expr, arguments: &[&'a Expr]) {
        let name = function.name;
        let given: Vec<Kinds> = arguments.iter().map(|argument| self.kinds(argument)).collect();
        let signature = &function.signature;
        let Some(taken) = signature.distribute(&given) else {
            let (least, most) = signature.arity();
            if given.len() < least || most.is_some_and(|most| given.len() > most) {
                let wanted = match most {
                    Some(0) => "no arguments".to_owned(),
                    Some(most) if most == least => count(least),
                    Some(most) => format!("{least} to {}", count(most)),
                    None => format!("at least {}", count(least)),
                };
                let message = format!("`${name}` takes {wanted}, not {}", given.len());
                self.add("T0410", procedure, message);
                return;
            }
            let at = signature.misfit(&given);
            match (arguments.get(at), signature.parameters.get(at)) {
                (Some(argument), Some(parameter)) if !given[at].meets(parameter.kinds) => {
                    let message =
                        format!("argument {} of `${name}` is {}, but must be {}", at + 1, given[at], parameter.kinds);
                    self.add("T0410", argument, message);
                }
                (Some(argument), _) => {
                    let message = format!("argument {} of `${name}` cannot be {}", at + 1, given[at]);
                    self.add("T0410", argument, message);
                }
                (None, _) => {
                    self.add("T0410", procedure, format!("argument {} of `${name}` is missing", at + 1));
                }
            }
            return;
        };
        if let Some((_, wanted)) = DOCUMENTED.iter().find(|(known, wanted)| *known == name && given.len() < *wanted) {
            let message = format!("`${name}` takes {}, not {}", count(*wanted), given.len());
            self.add("T0410", procedure, message).fails = false;
        }
        let mut at = 0;
        for (parameter, count) in signature.parameters.iter().zip(taken) {
            for argument in &arguments[at..at + count] {
                let Some(wanted) = parameter.elements else { continue };
                if let Some(wrong) = self.elements(argument).into_iter().find(|kinds| !kinds.meets(wanted)) {
                    let wanted = wanted.plural().unwrap_or("values");
                    let message =
                        format!("argument {} of `${name}` must be an array of {wanted}, but contains {wrong}", at + 1);
                    self.add("T0412", argument, message);
                }
            }
            at += count;
        }
    }

    /// The elements, if they are known. A single value is like an array of it.
    fn elements(&self, node: &Expr) -> Vec<Kinds> {
        if let Some(elements) = self.types.elements(node) {
            return elements;
        }
        match &node.kind {
            Kind::Array(items) if node.predicates.is_empty() && node.group.is_none() => {
                // Nested arrays are flattened, and missing values are left out.
                let plain = |kinds: &Kinds| !kinds.meets(Kinds::ARRAY.and(Kinds::MISSING));
                items.iter().map(|item| self.kinds(item)).filter(plain).collect()
            }
            _ => {
                let kinds = self.kinds(node);
                if kinds.meets(Kinds::ARRAY.and(Kinds::MISSING)) { Vec::new() } else { vec![kinds] }
            }
        }
    }

    /// The kinds of values that an expression can give.
    fn kinds(&self, node: &Expr) -> Kinds {
        self.types.kinds(node).unwrap_or_else(|| kinds(node))
    }
}

fn count(number: usize) -> String {
    if number == 1 { "1 argument".into() } else { format!("{number} arguments") }
}

/// The kinds of values that an expression can give, according to its text.
fn kinds(node: &Expr) -> Kinds {
    if !node.predicates.is_empty() || node.group.is_some() || !node.step.stages.is_empty() {
        return Kinds::ANY;
    }
    match &node.kind {
        Kind::String(_) => Kinds::STRING,
        Kind::Number(_) => Kinds::NUMBER,
        Kind::Bool(_) => Kinds::BOOLEAN,
        Kind::Null => Kinds::NULL,
        Kind::Array(_) => Kinds::ARRAY,
        Kind::Object(_) => Kinds::OBJECT,
        Kind::Lambda(_) | Kind::Transform(_) | Kind::Regex(_) => Kinds::FUNCTION,
        Kind::Negate(_) => Kinds::NUMBER.and(Kinds::MISSING),
        Kind::Binary(operator, ..) => match operator {
            Operator::Concat => Kinds::STRING,
            Operator::Equal | Operator::NotEqual | Operator::And | Operator::Or | Operator::In => Kinds::BOOLEAN,
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                Kinds::BOOLEAN.and(Kinds::MISSING)
            }
            Operator::Range => Kinds::ANY,
            _ => Kinds::NUMBER.and(Kinds::MISSING),
        },
        Kind::Block(parts) => match &parts[..] {
            [only] => kinds(only),
            _ => Kinds::ANY,
        },
        _ => Kinds::ANY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Syntax, parse};

    fn codes(text: &str) -> Vec<&'static str> {
        let ast = parse(text, Syntax::Placeholders).unwrap_or_else(|error| panic!("{text}: {error}"));
        problems(&ast).into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn wrong_arguments_are_found() {
        for (text, code) in [
            ("$hash(1, 'MD5')", "T0410"),
            ("$range(1)", "T0410"),
            ("$uuid(1)", "T0410"),
            ("$substring('a', 'b')", "T0410"),
            ("$substring('a')", "T0410"),
            ("$sum('a')", "T0412"),
            ("$sum([1, 'a'])", "T0412"),
            ("$map($x, 'f')", "T0410"),
            ("$x ~> $partition('a')", "T0410"),
            ("1 ~> $hash", "T0410"),
            ("'a' / 4", "T2001"),
            ("1 + 'a'", "T2002"),
            ("[1..'a']", "T2004"),
            ("1 < 'a'", "T2009"),
            ("true < 1", "T2010"),
            ("-'a'", "D1002"),
            ("{1: 2}", "T1003"),
            ("$x ~> 3", "T2006"),
            ("'a'($x)", "T1006"),
            ("uuid()", "T1005"),
        ] {
            assert_eq!(codes(text), [code], "{text}");
        }
    }

    #[test]
    fn right_arguments_are_left_alone() {
        for text in [
            "$partition($x, 2)",
            "$x ~> $partition(2)",
            "$hash($x, 'SHA-256')",
            "$substring('abc', 1)",
            "$x.$substring(1)",
            "$sum([1, $x, [2, 3]])",
            "$sum(3)",
            "$sum(${Numbers})",
            "$map($x, $string)",
            "$zip([1], [2], [3])",
            "$random()",
            "$formatNumber(1, '0', {'zero-digit': '0'})",
            "$trim ~> $uppercase",
            "($sum := function($a, $b) { $a & $b }; $sum('a', 'b'))",
            "$replace('a', /b/, function($m) { $m.match })",
            "'a' & 1",
            "$x.a / 4",
            "$fromMillis($millis(), '[Y]')",
        ] {
            assert_eq!(codes(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn messages_are_for_people() {
        let told = |text: &str| {
            let ast = parse(text, Syntax::Plain).expect("JSONata");
            problems(&ast).into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        assert_eq!(told("$hash('a')"), ["`$hash` takes 2 arguments, not 1"]);
        assert_eq!(told("[1, 2] ~> $partition()"), ["`$partition` takes 2 arguments, not 1"]);
        assert_eq!(told("$map($x)"), ["`$map` takes 2 arguments, not 1"]);
        assert_eq!(told("$x & $pad('a')"), ["argument 2 of `$pad` is missing"]);
        assert_eq!(told("$substring($x, 'b')"), ["argument 2 of `$substring` is a string, but must be a number"]);
        assert_eq!(told("'a' + 4"), ["the left side of `+` is a string, but must be a number"]);
        assert_eq!(told("$sum(['a'])"), ["argument 1 of `$sum` must be an array of numbers, but contains a string"]);
    }
}
