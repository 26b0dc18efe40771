//! The JSONata form of an example.

use serde_json::{Map, Value};

use crate::model::{Example, Expr, Setter};

/// The example in JSONata; `None` if it has no run-time part, or one without a simple JSONata form.
pub(crate) fn twin(example: &Example) -> Option<Example> {
    let mut changed = false;
    let setters = setters(&example.setters, &mut changed)?;
    let parameters = match &example.parameters {
        Some(parameters) => Some(json(parameters)?),
        None => None,
    };
    let (title, pattern, resource) = (example.title.clone(), example.pattern.clone(), example.resource.clone());
    changed.then_some(Example { title, pattern, setters, resource, parameters })
}

/// The expression in `{% %}`.
pub(crate) fn bare(text: &str) -> Option<&str> {
    text.strip_prefix("{% ")?.strip_suffix(" %}")
}

fn setters(list: &[Setter], changed: &mut bool) -> Option<Vec<Setter>> {
    let setter = |setter: &Setter| match setter {
        Setter::Call { method, arguments } => {
            let arguments = arguments.iter().map(|it| expr(it, changed)).collect::<Option<_>>()?;
            Some(Setter::Call { method: method.clone(), arguments })
        }
        Setter::Verbatim(text) if ["path(", "intrinsic::"].iter().any(|it| text.contains(it)) => None,
        Setter::Verbatim(text) => Some(Setter::Verbatim(text.clone())),
    };
    list.iter().map(setter).collect()
}

fn expr(value: &Expr, changed: &mut bool) -> Option<Expr> {
    Some(match value {
        Expr::Path(path) => {
            *changed = true;
            Expr::Jsonata(expression(path)?)
        }
        Expr::Intrinsic(_) | Expr::Jsonata(_) => return None,
        Expr::TaskToken => {
            *changed = true;
            Expr::TaskToken
        }
        Expr::StateInput => {
            *changed = true;
            Expr::StateInput
        }
        Expr::Text(text) => Expr::Text(text.clone()),
        Expr::Number(number) => Expr::Number(number.clone()),
        Expr::Bool(value) => Expr::Bool(*value),
        Expr::Duration { unit, amount } => Expr::Duration { unit: unit.clone(), amount: *amount },
        Expr::Size { unit, amount } => Expr::Size { unit: unit.clone(), amount: *amount },
        Expr::Payload(payload) => {
            let twin = json(payload)?;
            *changed |= twin != *payload;
            Expr::Payload(twin)
        }
        Expr::Variant { kind, value } => Expr::Variant { kind: kind.clone(), value: value.clone() },
        Expr::Builder { kind, setters: list } => Expr::Builder { kind: kind.clone(), setters: setters(list, changed)? },
        Expr::Union { kind, constructor, value } => {
            Expr::Union { kind: kind.clone(), constructor: constructor.clone(), value: Box::new(expr(value, changed)?) }
        }
        Expr::List(elements) => Expr::List(elements.iter().map(|it| expr(it, changed)).collect::<Option<_>>()?),
        Expr::Map(members) => {
            let member = |(key, value): &(String, Expr)| Some((key.clone(), expr(value, changed)?));
            Expr::Map(members.iter().map(member).collect::<Option<_>>()?)
        }
    })
}

/// JSON in which expressions replace the paths.
fn json(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| match (key.strip_suffix(".$"), value) {
                (Some(name), Value::String(path)) => {
                    Some((name.to_owned(), Value::String(format!("{{% {} %}}", expression(path)?))))
                }
                _ => Some((key.clone(), json(value)?)),
            };
            Value::Object(members.iter().map(member).collect::<Option<Map<_, _>>>()?)
        }
        Value::Array(elements) => Value::Array(elements.iter().map(json).collect::<Option<_>>()?),
        other => other.clone(),
    })
}

/// The JSONata form of a simple path.
fn expression(path: &str) -> Option<String> {
    let (root, rest) = match path.strip_prefix("$$") {
        Some(rest) => ("$states.context", rest),
        None => ("$states.input", path.strip_prefix('$')?),
    };
    let simple = rest.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'.' | b'_' | b'[' | b']'));
    let begins = rest.is_empty() || rest.starts_with(['.', '[']);
    (simple && begins && !rest.contains("..")).then(|| format!("{root}{rest}"))
}
