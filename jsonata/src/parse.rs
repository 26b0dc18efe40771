//! The parser: operators bind by their precedence, and the tree gets the shape that evaluation needs.

use std::ops::Range;
use std::sync::Arc;

use crate::ast::{Ast, Expr, Kind, Lambda, Operator, Stage, Step, Term, Transform};
use crate::error::SyntaxError;
use crate::signature::Signature;
use crate::token::{Lexer, Token};

/// The maximum depth of expressions.
pub const MAX_DEPTH: usize = 100;

/// The maximum height of a tree of consecutive operators, such as `a & b & c`.
const MAX_HEIGHT: usize = 512;

/// How often an expression can refer to parents: each reference goes back along its path.
const MAX_PARENTS: usize = 100;

/// Which texts are expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// JSONata alone.
    Plain,
    /// `${Name}` is a value that is known when the definition is deployed.
    Placeholders,
}

type Parsed = Result<Expr, SyntaxError>;

/// Parses an expression.
pub fn parse(text: &str, syntax: Syntax) -> Result<Ast, SyntaxError> {
    let mut parser = Parser {
        lexer: Lexer::new(text, syntax),
        token: Token::End,
        at: 0,
        end: 0,
        depth: 0,
        levels: Vec::new(),
        labels: Vec::new(),
    };
    parser.advance(false)?;
    if parser.token == Token::End {
        return Err(SyntaxError::new("S0207", 0, "the expression is empty"));
    }
    let root = parser.expression(0)?;
    if parser.token != Token::End {
        return Err(parser.follows_wrongly());
    }
    if matches!(root.kind, Kind::Parent(_)) || !root.step.seeking.is_empty() {
        return Err(no_parent(&root.span));
    }
    Ok(Ast { root, labels: parser.labels })
}

fn no_parent(span: &Range<usize>) -> SyntaxError {
    SyntaxError::new("S0217", span.start, "`%` has no parent to refer to")
        .help("it refers to the object in which a step of the same path found its value")
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    /// Where the token begins.
    at: usize,
    /// Where the previous token ends.
    end: usize,
    depth: usize,
    /// For each `%`, how many steps back its value is.
    levels: Vec<i64>,
    labels: Vec<usize>,
}

/// The precedence of an operator: how strongly it binds to the left operand.
fn power(token: &Token) -> u8 {
    let Token::Operator(sign) = token else { return 0 };
    match *sign {
        "(" | "[" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "<" | ">" | "^" | "!=" | "<=" | ">=" | "~>" | "?:" | "??" | "in" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

fn operator(sign: &str) -> Option<Operator> {
    Some(match sign {
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        "/" => Operator::Divide,
        "%" => Operator::Remainder,
        "=" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        "&" => Operator::Concat,
        "and" => Operator::And,
        "or" => Operator::Or,
        "in" => Operator::In,
        _ => return None,
    })
}

impl Parser<'_> {
    fn advance(&mut self, infix: bool) -> Result<(), SyntaxError> {
        self.end = self.lexer.position;
        (self.token, self.at) = self.lexer.next(infix)?;
        match self.token {
            Token::Operator(sign @ ("!" | "~")) => {
                let error = SyntaxError::new("S0204", self.at, format!("`{sign}` is not an operator of JSONata"));
                Err(error.help(match sign {
                    "!" => "write `!=` to compare, or `$not(…)` to negate",
                    _ => "write `~>` to pass a value to a function",
                }))
            }
            _ => Ok(()),
        }
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.token, Token::Operator(own) if own == sign)
    }

    fn expect(&mut self, sign: &str, infix: bool) -> Result<(), SyntaxError> {
        if self.is(sign) {
            return self.advance(infix);
        }
        Err(match &self.token {
            Token::End => SyntaxError::new("S0203", self.at, format!("the expression ends where `{sign}` is missing")),
            token => {
                let message = format!("`{sign}` is missing before {}", token.describe());
                let error = SyntaxError::new("S0202", self.at, message);
                match (sign, token) {
                    ("}", Token::String(_) | Token::Name(_)) => error.help("members are separated by `,`"),
                    (")" | "]", Token::String(_) | Token::Name(_) | Token::Number(_) | Token::Variable(_)) => {
                        error.help("an operator or a `,` may be missing")
                    }
                    _ => error,
                }
            }
        })
    }

    /// Something follows a complete expression.
    fn follows_wrongly(&self) -> SyntaxError {
        let token = self.token.describe();
        let error = SyntaxError::new("S0201", self.at, format!("{token} is not allowed here"));
        match self.token {
            Token::Operator(")" | "]" | "}") => {
                error.help("there is no matching opening bracket: remove it, or add the opening bracket")
            }
            Token::Operator(";") => error.help("write several expressions in parentheses: `($a := 1; $a + 1)`"),
            Token::Operator("|") => error.help("JSONata has no operator `|`; write `or`"),
            Token::Operator(_) => error,
            _ => error.help("an operator such as `&`, `+` or `and` is missing before it"),
        }
    }

    fn expression(&mut self, limit: u8) -> Parsed {
        if self.depth == MAX_DEPTH {
            let message = format!("the expression is nested more than {MAX_DEPTH} levels deep");
            return Err(SyntaxError::new("D1011", self.at, message));
        }
        self.depth += 1;
        let mut left = self.operand()?;
        while limit < power(&self.token) {
            left = self.operation(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    // Small functions with one nested expression each, so that the stack frames of this recursion stay small.

    fn operand(&mut self) -> Parsed {
        let start = self.at;
        let token = std::mem::replace(&mut self.token, Token::End);
        if let Token::Operator(sign) = token {
            return match sign {
                "(" | "[" | "{" | "-" | "|" | "*" | "**" | "%" | "and" | "or" | "in" => {
                    self.advance(true)?;
                    self.opened(sign, start)
                }
                "?" | "@" => Err(SyntaxError::new("S0211", start, format!("a value is missing before `{sign}`"))
                    .help("a filter is written like `items[price < 10]`: without `?` and `@`")),
                _ => {
                    let error = SyntaxError::new("S0211", start, format!("a value is missing before `{sign}`"));
                    Err(match sign {
                        "=" => error.help("one `=` compares; `:=` sets a variable"),
                        "&" => error.help("`&` joins strings; write `and` between conditions"),
                        _ => error,
                    })
                }
            };
        }
        let kind = match token {
            Token::End => return Err(SyntaxError::new("S0207", start, "the expression ends where a value is missing")),
            Token::Name(name) => {
                self.advance(true)?;
                return Ok(self.name(name.into(), start));
            }
            Token::Variable(name) => Kind::Variable(name.into()),
            Token::Placeholder(text) => Kind::Placeholder(text.into()),
            Token::String(text) => Kind::String(text.into()),
            Token::Number(number) => Kind::Number(number),
            Token::Bool(value) => Kind::Bool(value),
            Token::Null => Kind::Null,
            Token::Regex(regex) => Kind::Regex(Arc::new(regex)),
            Token::Operator(_) => Kind::Null,
        };
        self.advance(true)?;
        self.node(kind, start)
    }

    fn name(&self, name: Arc<str>, start: usize) -> Expr {
        let step = leaf(Kind::Name(name), start..self.end);
        leaf(Kind::Path { steps: vec![step], keep_singleton: false }, start..self.end)
    }

    /// An expression that begins with an operator or a bracket.
    fn opened(&mut self, sign: &'static str, start: usize) -> Parsed {
        match sign {
            "(" => self.block(start),
            "[" => self.array(start),
            "{" => {
                let pairs = self.pairs()?;
                let mut node = self.node(Kind::Object(pairs), start)?;
                if let Kind::Object(pairs) = &node.kind {
                    let parts: Vec<usize> =
                        pairs.iter().flat_map(|(key, value)| [key, value]).flat_map(sought).collect();
                    node.step.seeking = parts;
                }
                Ok(node)
            }
            "-" => self.negation(start),
            "|" => self.transform(start),
            "*" => self.node(Kind::Wildcard, start),
            "**" => self.node(Kind::Descendants, start),
            "%" => {
                let slot = self.levels.len();
                if slot == MAX_PARENTS {
                    let message = format!("the expression refers to parents (`%`) more than {MAX_PARENTS} times");
                    return Err(SyntaxError::new("D1011", start, message));
                }
                self.levels.push(1);
                self.labels.push(slot);
                self.node(Kind::Parent(slot), start)
            }
            word => Ok(self.name(word.into(), start)),
        }
    }

    /// A node from the start to the current position.
    fn node(&self, kind: Kind, start: usize) -> Parsed {
        let mut node = leaf(kind, start..self.end);
        let mut depth = 0;
        node.children(&mut |child| depth = depth.max(child.depth));
        self.grown(&mut node, depth + 1)?;
        Ok(node)
    }

    fn grown(&self, node: &mut Expr, depth: usize) -> Result<(), SyntaxError> {
        node.depth = node.depth.max(depth);
        node.span.end = self.end;
        if node.depth > MAX_HEIGHT {
            let message = format!("more than {MAX_HEIGHT} operators follow one another");
            return Err(SyntaxError::new("D1011", node.span.start, message).help("join a list: `$join([…], '')`"));
        }
        Ok(())
    }

    fn block(&mut self, start: usize) -> Parsed {
        let mut parts = Vec::new();
        while !self.is(")") {
            parts.push(self.expression(0)?);
            if !self.is(";") {
                break;
            }
            self.advance(false)?;
        }
        self.expect(")", true)?;
        let mut node = self.node(Kind::Block(parts), start)?;
        if let Kind::Block(parts) = &node.kind {
            node.step.seeking = parts.iter().flat_map(sought).collect();
            node.step.cons_array = parts.iter().any(|part| {
                let first = if let Kind::Path { steps, .. } = &part.kind { steps.first() } else { None };
                part.step.cons_array || first.is_some_and(|first| first.step.cons_array)
            });
        }
        Ok(node)
    }

    fn array(&mut self, start: usize) -> Parsed {
        let mut items = Vec::new();
        if !self.is("]") {
            loop {
                let item = self.expression(0)?;
                items.push(if self.is("..") { self.range(item)? } else { item });
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect("]", true)?;
        let seeking = items.iter().flat_map(sought).collect();
        let mut node = self.node(Kind::Array(items), start)?;
        node.step.seeking = seeking;
        Ok(node)
    }

    fn range(&mut self, from: Expr) -> Parsed {
        self.advance(false)?;
        let to = self.expression(0)?;
        self.binary(Operator::Range, from, to)
    }

    fn binary(&mut self, operator: Operator, left: Expr, right: Expr) -> Parsed {
        let seeking = sought(&left).into_iter().chain(sought(&right)).collect();
        let start = left.span.start;
        let mut node = self.node(Kind::Binary(operator, Box::new(left), Box::new(right)), start)?;
        node.step.seeking = seeking;
        Ok(node)
    }

    fn negation(&mut self, start: usize) -> Parsed {
        let mut inner = self.expression(70)?;
        if let Kind::Number(number) = &mut inner.kind {
            *number = -*number;
            inner.span.start = start;
            return Ok(inner);
        }
        let seeking = sought(&inner);
        let mut node = self.node(Kind::Negate(Box::new(inner)), start)?;
        node.step.seeking = seeking;
        Ok(node)
    }

    fn transform(&mut self, start: usize) -> Parsed {
        let pattern = self.expression(0)?;
        self.expect("|", false)?;
        let update = self.expression(0)?;
        let delete = if self.is(",") {
            self.advance(false)?;
            Some(self.expression(0)?)
        } else {
            None
        };
        self.expect("|", false)?;
        self.node(Kind::Transform(Arc::new(Transform { pattern, update, delete })), start)
    }

    fn pairs(&mut self) -> Result<Vec<(Expr, Expr)>, SyntaxError> {
        let mut pairs = Vec::new();
        if !self.is("}") {
            loop {
                let key = self.expression(0)?;
                self.expect(":", false)?;
                let value = self.expression(0)?;
                pairs.push((key, value));
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect("}", true)?;
        Ok(pairs)
    }

    /// The node of an operator and its left operand.
    fn operation(&mut self, left: Expr) -> Parsed {
        let Token::Operator(sign) = self.token else { return Err(self.follows_wrongly()) };
        let at = self.at;
        self.advance(false)?;
        match sign {
            "." => self.map(left),
            "[" => self.filter(left, at),
            "{" => self.grouping(left, at),
            "(" => self.call(left),
            "^" => self.sort(left),
            "@" | "#" => self.variable_of_step(left, sign, at),
            ":=" => self.bind(left),
            "?" => self.condition(left),
            "?:" | "??" => self.fallback(left, sign),
            "~>" => {
                let right = self.expression(power(&Token::Operator("~>")))?;
                let (start, keep) = (left.span.start, left.keep_array || right.keep_array);
                let mut node = self.node(Kind::Apply(Box::new(left), Box::new(right)), start)?;
                node.keep_array = keep;
                Ok(node)
            }
            _ => {
                let right = self.expression(power(&Token::Operator(sign)))?;
                match operator(sign) {
                    Some(operator) => self.binary(operator, left, right),
                    None => Err(self.follows_wrongly()),
                }
            }
        }
    }

    fn map(&mut self, left: Expr) -> Parsed {
        let right = self.expression(power(&Token::Operator(".")))?;
        let start = left.span.start;
        let parent = if let Kind::Parent(slot) = left.kind { Some(slot) } else { None };
        let mut path = into_path(left);
        path.step.seeking.extend(parent);
        let right_depth = right.depth;
        if let Kind::Path { steps, keep_singleton } = &mut path.kind {
            // Earlier steps were checked when they were added.
            let known = if steps.len() == 1 { 0 } else { steps.len() };
            if matches!(right.kind, Kind::Path { .. }) {
                if let Kind::Path { steps: rest, .. } = right.kind {
                    steps.extend(rest);
                }
            } else {
                let mut step = right;
                let filters = std::mem::take(&mut step.predicates);
                step.step.stages.extend(filters.into_iter().map(Stage::Filter));
                steps.push(step);
            }
            // The first one can come from a sort or a position.
            let (first, rest) = steps.split_at_mut(1);
            for step in first.iter_mut().chain(&mut rest[known.max(1) - 1..]) {
                match &step.kind {
                    Kind::Number(_) | Kind::Bool(_) | Kind::Null => {
                        let text = &self.lexer.text[step.span.clone()];
                        let message = format!("`{text}` cannot be a step of a path");
                        return Err(SyntaxError::new("S0213", step.span.start, message)
                            .help("write such a name in backquotes, and an index in brackets"));
                    }
                    Kind::String(text) => step.kind = Kind::Name(text.clone()),
                    _ => {}
                }
            }
            *keep_singleton |= steps[known..].iter().any(|step| step.keep_array);
            if let Some(first) = steps.first_mut().filter(|step| matches!(step.kind, Kind::Array(_))) {
                first.step.cons_array = true;
            }
            if let Some(last) = steps.last_mut().filter(|step| matches!(step.kind, Kind::Array(_))) {
                last.step.cons_array = true;
            }
        }
        path.span.start = start;
        let depth = path.depth.max(right_depth + 1);
        self.grown(&mut path, depth)?;
        self.find_parents(&mut path)?;
        Ok(path)
    }

    /// `[…]`, and `[]`, which keeps the array.
    fn filter(&mut self, mut left: Expr, at: usize) -> Parsed {
        if self.is("]") {
            self.advance(false)?;
            left.span.end = self.end;
            left.keep_array = true;
            if let Kind::Path { steps, keep_singleton } = &mut left.kind {
                steps.iter_mut().next_back().into_iter().for_each(|last| last.keep_array = true);
                *keep_singleton = true;
            }
            return Ok(left);
        }
        let filter = self.expression(0)?;
        self.expect("]", true)?;
        let depth = filter.depth + 1;
        // A filter that contains only `%` has no preceding step.
        let outside = if filter.step.seeking.is_empty() { Vec::new() } else { sought(&filter) };
        let is_path = matches!(left.kind, Kind::Path { .. });
        let step = if is_path { last_step(&mut left) } else { Some(&mut left) };
        if let Some(step) = step {
            if step.group.is_some() {
                return Err(SyntaxError::new("S0209", at, "a filter cannot follow the grouping `{…}`")
                    .help("put the preceding expression in parentheses"));
            }
            for &slot in &filter.step.seeking {
                if self.levels[slot] == 1 {
                    seek(step, slot, &mut self.levels, &mut self.labels)?;
                } else {
                    self.levels[slot] -= 1;
                }
            }
            step.step.seeking.extend(outside);
            if is_path {
                step.step.stages.push(Stage::Filter(filter));
            } else {
                step.predicates.push(filter);
            }
        }
        self.grown(&mut left, depth)?;
        Ok(left)
    }

    fn grouping(&mut self, mut left: Expr, at: usize) -> Parsed {
        let pairs = self.pairs()?;
        if left.group.is_some() {
            return Err(SyntaxError::new("S0210", at, "an expression can have only one grouping `{…}`")
                .help("write `.{…}` to create an object for each value"));
        }
        let depth = pairs.iter().map(|(key, value)| key.depth.max(value.depth)).max().unwrap_or(0) + 1;
        left.group = Some(Box::new(pairs));
        self.grown(&mut left, depth)?;
        Ok(left)
    }

    fn call(&mut self, left: Expr) -> Parsed {
        let start = left.span.start;
        let mut arguments = Vec::new();
        if !self.is(")") {
            loop {
                if self.is("?") {
                    self.advance(false)?;
                    arguments.push(None);
                } else {
                    arguments.push(Some(self.expression(0)?));
                }
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect(")", true)?;
        if is_plain_name(&left, &["function", "λ"]) {
            return self.lambda(start, arguments);
        }
        let seeking = arguments.iter().flatten().flat_map(sought).collect();
        let kind = if arguments.iter().any(Option::is_none) {
            Kind::Partial(Box::new(left), arguments)
        } else {
            Kind::Call(Box::new(left), arguments.into_iter().flatten().collect())
        };
        let mut node = self.node(kind, start)?;
        node.step.seeking = seeking;
        Ok(node)
    }

    fn lambda(&mut self, start: usize, parameters: Vec<Option<Expr>>) -> Parsed {
        let mut names = Vec::new();
        for (index, parameter) in parameters.into_iter().enumerate() {
            match parameter {
                Some(Expr { kind: Kind::Variable(name), predicates, group: None, .. }) if predicates.is_empty() => {
                    names.push(name);
                }
                other => {
                    let at = other.map_or(start, |other| other.span.start);
                    let message = format!("parameter {} of the function must be a variable", index + 1);
                    return Err(SyntaxError::new("S0208", at, message).help("parameters begin with `$`"));
                }
            }
        }
        let signature = if self.is("<") { Some(self.signature()?) } else { None };
        self.expect("{", false)?;
        let body = self.expression(0)?;
        self.expect("}", false)?;
        let depth = body.depth + 1;
        let lambda = Lambda { parameters: names, signature, body };
        let mut node = leaf(Kind::Lambda(Arc::new(lambda)), start..self.end);
        self.grown(&mut node, depth)?;
        Ok(node)
    }

    fn signature(&mut self) -> Result<Signature, SyntaxError> {
        let start = self.at;
        let mut depth = 0;
        let mut end = None;
        for (at, sign) in self.lexer.text[start..].char_indices() {
            match sign {
                '<' => depth += 1,
                '>' => depth -= 1,
                '{' => break,
                _ => {}
            }
            if depth == 0 {
                end = Some(start + at + 1);
                break;
            }
        }
        let Some(end) = end else {
            let code = if self.lexer.text[start..].contains('{') { "S0202" } else { "S0203" };
            return Err(SyntaxError::new(code, start, "the signature is not closed").help("end it with `>`"));
        };
        let text: String = self.lexer.text[start..end].split_whitespace().collect();
        self.lexer.position = end;
        self.advance(false)?;
        Signature::parse(&text).map_err(|(code, offset)| {
            let message = match code {
                "S0402" => "a choice in a signature cannot contain types with parameters",
                _ => "in a signature, only arrays and functions can have a type parameter",
            };
            SyntaxError::new(code, start + offset, message)
        })
    }

    fn sort(&mut self, left: Expr) -> Parsed {
        self.expect("(", false)?;
        let mut terms = Vec::new();
        loop {
            let descending = self.is(">");
            if descending || self.is("<") {
                self.advance(false)?;
            }
            terms.push(Term { descending, expr: self.expression(0)? });
            if !self.is(",") {
                break;
            }
            self.advance(false)?;
        }
        self.expect(")", false)?;
        let start = left.span.start;
        let seeking = terms.iter().flat_map(|term| sought(&term.expr)).collect();
        let mut step = self.node(Kind::Sort(terms), start)?;
        step.step.seeking = seeking;
        let depth = step.depth + 1;
        let mut path = into_path(left);
        if let Kind::Path { steps, .. } = &mut path.kind {
            steps.push(step);
        }
        self.grown(&mut path, depth)?;
        self.find_parents(&mut path)?;
        Ok(path)
    }

    /// `@$name` and `#$name`.
    fn variable_of_step(&mut self, left: Expr, sign: &str, at: usize) -> Parsed {
        let right = self.expression(power(&Token::Operator("@")))?;
        let name = match right {
            Expr { kind: Kind::Variable(name), predicates, group: None, .. } if predicates.is_empty() => name,
            other => {
                let message = format!("a variable is missing after `{sign}`");
                return Err(SyntaxError::new("S0214", other.span.start, message).help("variables begin with `$`"));
            }
        };
        let mut whole = left;
        if sign == "#" {
            if !matches!(whole.kind, Kind::Path { .. }) {
                let filters = std::mem::take(&mut whole.predicates);
                whole.step.stages.extend(filters.into_iter().map(Stage::Filter));
                whole = into_path(whole);
            }
            if let Some(step) = last_step(&mut whole) {
                if step.step.stages.is_empty() {
                    step.step.index = Some(name);
                } else {
                    step.step.stages.push(Stage::Index(name));
                }
                step.step.tuple = true;
            }
        } else {
            let keep = whole.keep_array;
            let is_path = matches!(whole.kind, Kind::Path { .. });
            let step = if is_path { last_step(&mut whole) } else { Some(&mut whole) };
            if let Some(step) = step {
                if !step.step.stages.is_empty() || !step.predicates.is_empty() {
                    return Err(SyntaxError::new("S0215", at, "`@` must be before the filters of its step"));
                }
                if matches!(step.kind, Kind::Sort(_)) {
                    return Err(SyntaxError::new("S0216", at, "`@` must be before the sorting of its step"));
                }
                step.keep_array |= keep;
                step.step.focus = Some(name);
                step.step.tuple = true;
            }
        }
        self.grown(&mut whole, 0)?;
        Ok(whole)
    }

    fn bind(&mut self, left: Expr) -> Parsed {
        let start = left.span.start;
        let name = match left {
            Expr { kind: Kind::Variable(name), predicates, group: None, .. } if predicates.is_empty() => name,
            _ => {
                return Err(SyntaxError::new("S0212", start, "the left side of `:=` must be a variable")
                    .help("only variables such as `$name` can be assigned; write `=` to compare"));
            }
        };
        let value = self.expression(power(&Token::Operator(":=")) - 1)?;
        let seeking = sought(&value);
        let mut node = self.node(Kind::Bind(name, Box::new(value)), start)?;
        node.step.seeking = seeking;
        Ok(node)
    }

    fn condition(&mut self, condition: Expr) -> Parsed {
        let start = condition.span.start;
        let then = self.expression(0)?;
        let otherwise = if self.is(":") {
            self.advance(false)?;
            Some(Box::new(self.expression(0)?))
        } else {
            None
        };
        let parts = [Some(&condition), Some(&then), otherwise.as_deref()];
        let seeking = parts.into_iter().flatten().flat_map(sought).collect();
        let mut node = self.node(Kind::Condition(Box::new(condition), Box::new(then), otherwise), start)?;
        node.step.seeking = seeking;
        Ok(node)
    }

    fn fallback(&mut self, left: Expr, sign: &str) -> Parsed {
        let start = left.span.start;
        let right = self.expression(0)?;
        let seeking = sought(&left).into_iter().chain(sought(&right)).collect();
        let (left, right) = (Box::new(left), Box::new(right));
        let kind = if sign == "??" { Kind::Coalesce(left, right) } else { Kind::Default(left, right) };
        let mut node = self.node(kind, start)?;
        node.step.seeking = seeking;
        Ok(node)
    }

    /// Looks for the parents that the last step refers to among the preceding steps.
    fn find_parents(&mut self, path: &mut Expr) -> Result<(), SyntaxError> {
        let mut outside = Vec::new();
        if let Kind::Path { steps, .. } = &mut path.kind {
            let Some(last) = steps.last() else { return Ok(()) };
            for slot in sought(last) {
                let mut index = steps.len().checked_sub(2);
                while self.levels[slot] > 0 {
                    let Some(mut at) = index else {
                        outside.push(slot);
                        break;
                    };
                    index = at.checked_sub(1);
                    // Consecutive steps that bind variables start from the same value.
                    while let Some(before) = index {
                        if steps[at].step.focus.is_none() || steps[before].step.focus.is_none() {
                            break;
                        }
                        at = before;
                        index = before.checked_sub(1);
                    }
                    seek(&mut steps[at], slot, &mut self.levels, &mut self.labels)?;
                }
            }
        }
        path.step.seeking.extend(outside);
        Ok(())
    }
}

/// Goes from a step to the parent that a slot refers to.
fn seek(node: &mut Expr, slot: usize, levels: &mut [i64], labels: &mut [usize]) -> Result<(), SyntaxError> {
    match &mut node.kind {
        Kind::Name(_) | Kind::Wildcard => {
            levels[slot] -= 1;
            if levels[slot] == 0 {
                if let Some(other) = node.step.ancestor {
                    labels[slot] = labels[other];
                }
                node.step.ancestor = Some(slot);
                node.step.tuple = true;
            }
        }
        Kind::Parent(_) => levels[slot] += 1,
        Kind::Block(parts) => {
            if let Some(last) = parts.last_mut() {
                node.step.tuple = true;
                seek(last, slot, levels, labels)?;
            }
        }
        Kind::Path { steps, .. } => {
            node.step.tuple = true;
            for (index, step) in steps.iter_mut().rev().enumerate() {
                if index == 0 || levels[slot] > 0 {
                    seek(step, slot, levels, labels)?;
                }
            }
        }
        _ => return Err(no_parent(&node.span)),
    }
    Ok(())
}

/// The parents that are not yet found for this expression.
fn sought(node: &Expr) -> Vec<usize> {
    let mut slots = node.step.seeking.clone();
    if let Kind::Parent(slot) = node.kind {
        slots.push(slot);
    }
    slots
}

fn leaf(kind: Kind, span: Range<usize>) -> Expr {
    Expr {
        kind,
        span,
        predicates: Vec::new(),
        group: None,
        keep_array: false,
        step: Box::new(Step::default()),
        depth: 0,
    }
}

fn into_path(node: Expr) -> Expr {
    if matches!(node.kind, Kind::Path { .. }) {
        return node;
    }
    let (span, depth) = (node.span.clone(), node.depth + 1);
    let mut path = leaf(Kind::Path { steps: vec![node], keep_singleton: false }, span);
    path.depth = depth;
    path
}

fn steps_of(node: &Expr) -> &[Expr] {
    if let Kind::Path { steps, .. } = &node.kind { steps } else { &[] }
}

fn last_step(node: &mut Expr) -> Option<&mut Expr> {
    if let Kind::Path { steps, .. } = &mut node.kind { steps.last_mut() } else { None }
}

fn is_plain_name(node: &Expr, names: &[&str]) -> bool {
    match steps_of(node) {
        [Expr { kind: Kind::Name(name), step, .. }] => {
            node.group.is_none() && step.stages.is_empty() && names.contains(&&**name)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (&'static str, usize, String) {
        match parse(text, Syntax::Placeholders) {
            Ok(_) => panic!("{text} is accepted"),
            Err(error) => (error.code, error.offset, error.message),
        }
    }

    #[test]
    fn faults_have_the_code_of_the_reference_and_a_place() {
        for (text, code, offset) in [
            ("", "S0207", 0),
            ("$a +", "S0207", 4),
            ("10 + * 2", "S0201", 7),
            ("$.a[?(@.p < 10)]", "S0211", 4),
            ("{'a': 1 'b': 2}", "S0202", 8),
            ("$states.input.a := 3", "S0212", 0),
            ("\"abc", "S0101", 0),
            ("$states.input.a[", "S0207", 16),
            ("$match($x, /(/)", "S0302", 11),
            ("$match($x, /a**/)", "S0303", 14),
            ("$match($x, //)", "S0301", 11),
            ("$match($x, /a/g)", "S0201", 14),
            ("'x${Arn}' & (", "S0207", 13),
            ("$states.input..body", "S0201", 13),
            ("1 2", "S0201", 2),
            ("(1", "S0203", 2),
            ("$f(,)", "S0211", 3),
            ("'a\\x'", "S0103", 2),
            ("'a\\u12'", "S0104", 2),
            ("1e999", "S0102", 0),
            ("`a", "S0105", 0),
            ("/* a", "S0106", 0),
            ("!$a", "S0204", 0),
            ("function(a) { 1 }", "S0208", 9),
            ("$a{'x': 1}{'y': 2}", "S0210", 10),
            ("$a.1", "S0213", 3),
            ("$a.b@c", "S0214", 5),
            ("a[0]@$v", "S0215", 4),
            ("%.a", "S0217", 0),
            ("function($a)<n<n>>{ 1 }", "S0401", 14),
        ] {
            let (found, at, message) = refused(text);
            assert_eq!((found, at), (code, offset), "{text}: {message}");
            assert!(!message.contains("::") && !message.contains('\u{22}'), "{text}: {message}");
        }
    }

    #[test]
    fn placeholders_are_operands() {
        for text in [
            "${Count} + 1",
            "$states.input.${Name}",
            "$x = ${A} ? '${B}' : ${C}",
            "{'a': ${A}, \"b\": [${B}]}",
            "$my_${Stage}_limit",
            "${A}",
            "$f(${A})[${B}]",
            "${a.b[0]} & 'x'",
        ] {
            assert!(parse(text, Syntax::Placeholders).is_ok(), "{text}: {:?}", parse(text, Syntax::Placeholders));
        }
        assert!(matches!(refused("${A} ${B}"), ("S0201", 5, _)));
        // Without placeholders, it is a grouping of the context value.
        assert!(parse("${'a': b}", Syntax::Plain).is_ok());
        assert!(parse("${A}", Syntax::Plain).is_err());
    }

    #[test]
    fn depth_is_bounded() {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("-", ""),
            ("{'a':", "}"),
            ("$f(", ")"),
            ("$a?", ":1"),
            ("$a?1:", ""),
            ("$a[", "]"),
            ("$a := ", ""),
            ("1 & ", ""),
            ("a.", ""),
            ("function($x){", "}"),
            ("|", "|1|"),
            ("$a^(", ")"),
            ("a ?? ", ""),
            ("%.", ""),
        ] {
            let nest = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
            // A small stack, like that of threads in other programs.
            let text = nest(MAX_DEPTH - 2);
            let parsed = std::thread::Builder::new()
                .name(open.into())
                .stack_size(7 << 18)
                .spawn(move || drop(parse(&text, Syntax::Plain)));
            parsed.expect("a thread").join().expect("no overflow");
            assert!(parse(&nest(100_000), Syntax::Plain).is_err(), "{open}");
        }
        assert!(parse(&format!("$a{}", ".b".repeat(10_000)), Syntax::Plain).is_ok());
        assert!(parse(&format!("$a{}", "[0]".repeat(10_000)), Syntax::Plain).is_ok());
    }
}
