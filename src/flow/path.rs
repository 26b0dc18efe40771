//! Paths through abstract values.

use super::value::{Found, Value};
use crate::expression::json_path::{JsonPath, Root, SegmentKind};

/// A path that selects nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dead {
    /// The path up to the last step that selects something.
    pub(crate) alive: String,
    /// The step that selects nothing.
    pub(crate) step: String,
    /// The value before that step.
    pub(crate) there: Value,
    /// The facts may be incomplete.
    pub(crate) is_unlikely: bool,
    /// Where the value is instead, after `alive`.
    pub(crate) instead: Option<String>,
}

/// The values at the beginning of paths.
#[derive(Clone)]
pub(crate) struct Roots<'r> {
    /// `$`, or `$states.input`
    pub(crate) value: &'r Value,
    pub(crate) variable: &'r dyn Fn(&str) -> Value,
    pub(crate) context: &'r Value,
}

/// The value at a JSONPath, or the step where it ends.
pub(crate) fn json_path(text: &str, roots: &Roots<'_>) -> Result<Value, Box<Dead>> {
    let Ok(path) = JsonPath::parse(text) else { return Ok(Value::anything()) };
    let (mut value, mut alive) = match path.root {
        Root::Value => (roots.value.clone(), "$".to_owned()),
        Root::Context => (roots.context.clone(), "$$".to_owned()),
        Root::Variable(name) => ((roots.variable)(name), format!("${name}")),
    };
    // A path that can select several values gives an empty list if it selects none.
    let is_single = |kind: &SegmentKind| matches!(kind, SegmentKind::Name(_) | SegmentKind::Index(_));
    let gives_a_list = path.segments.iter().any(|segment| !is_single(&segment.kind));
    for segment in &path.segments {
        let (step, found) = match &segment.kind {
            SegmentKind::Name(name) => (format!(".{name}"), value.member(name)),
            SegmentKind::Index(index) => (format!("[{index}]"), value.element(*index)),
            // These steps select a list that can be empty.
            _ => return Ok(Value::anything()),
        };
        value = follow(value, found, &mut alive, step).map_err(|mut dead| {
            dead.is_unlikely |= gives_a_list;
            dead
        })?;
    }
    Ok(value)
}

fn follow(value: Value, found: Found, alive: &mut String, step: String) -> Result<Value, Box<Dead>> {
    if found.value.is_nothing() {
        let alive = std::mem::take(alive);
        return Err(Box::new(Dead { alive, step, there: value, is_unlikely: found.is_unlikely, instead: None }));
    }
    // The caller could have set it in the input, but a branch sets it in another place.
    if let (true, Some(instead)) =
        (found.value.anything, step.strip_prefix('.').and_then(|name| value.within_a_branch(name)))
    {
        let alive = std::mem::take(alive);
        let instead = Some(format!("{instead}{step}"));
        return Err(Box::new(Dead { alive, step, there: value, is_unlikely: true, instead }));
    }
    alive.push_str(&step);
    Ok(found.value)
}

/// The steps of a JSONata expression that is only a path: `$states.input.order.id`, `$order.lines[0]`.
pub(crate) fn steps(expression: &str) -> Option<Vec<Step<'_>>> {
    let mut rest = expression.trim().strip_prefix('$')?;
    let mut steps = Vec::new();
    let mut is_first = true;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']')?;
            steps.push(Step::Index(index.trim().parse().ok()?));
            rest = after;
        } else {
            let name = if is_first { rest } else { rest.strip_prefix('.')? };
            let end = name.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(name.len());
            if end == 0 || name.starts_with(|first: char| first.is_ascii_digit()) {
                return None;
            }
            steps.push(Step::Name(&name[..end]));
            rest = &name[end..];
        }
        is_first = false;
    }
    (!steps.is_empty()).then_some(steps)
}

/// A step of a path in JSONata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'s> {
    Name(&'s str),
    Index(i64),
    /// A filter, which selects some elements.
    Filter,
}

/// The value after these steps, in JSONata.
pub(crate) fn jsonata(start: Value, alive: &str, steps: &[Step<'_>]) -> Result<Value, Box<Dead>> {
    let mut value = start;
    let mut alive = alive.to_owned();
    for step in steps {
        // A value of another kind has no members.
        let missing = value.missing || matches!(step, Step::Name(_)) && !value.is_only_an_object();
        let (step, found) = match step {
            Step::Name(name) => (format!(".{name}"), value.member_of_each(name)),
            Step::Filter => {
                value = match &value.list {
                    Some(list) if !value.anything => Value::list(list.any.clone(), list.origin.clone()),
                    _ => value,
                };
                value.missing = true;
                continue;
            }
            // A value that is not a list behaves like a list of one.
            Step::Index(_) if !value.is_only_a_list() => return Ok(Value::anything()),
            Step::Index(index) => (format!("[{index}]"), value.element(*index)),
        };
        value = follow(value, found, &mut alive, step)?;
        value.missing |= missing;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_of_jsonata_are_followed() {
        assert_eq!(steps(" $states.input.a "), Some(vec![Step::Name("states"), Step::Name("input"), Step::Name("a")]));
        assert_eq!(steps("$x[0].y"), Some(vec![Step::Name("x"), Step::Index(0), Step::Name("y")]));
        for other in ["$f($x)", "$x.a & 'b'", "x.y", "$", "$x.*", "$x[a=1]", "$x.`a b`", "$$.x"] {
            assert_eq!(steps(other), None, "{other}");
        }
    }
}
