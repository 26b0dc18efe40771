//! The possible values of a call of an intrinsic function.

use super::value::{Origin, Rest, Value};
use crate::expression::Intrinsic;
use crate::expression::intrinsic::Kind;
use crate::value::Json;

/// Whether the value can be an argument of this type.
pub(super) fn fits(kind: Kind, value: &Value) -> bool {
    if value.anything || value.null || value.is_nothing() {
        return true;
    }
    match kind {
        Kind::Anything => true,
        Kind::String => value.string,
        Kind::Integer => match &value.constant {
            Some(Json::String(text)) => text.parse::<f64>().is_ok(),
            _ => value.number || value.string,
        },
        Kind::Array => value.list.is_some(),
        Kind::Object => value.object.is_some(),
        Kind::Boolean => value.boolean,
    }
}

/// What is wrong with the numbers among the arguments, and what to write instead.
pub(super) fn wrong_number(call: &Intrinsic<'_>, given: &[Value]) -> Option<(String, Option<String>)> {
    match (call.name, given) {
        ("States.ArrayGetItem", [list, index]) => {
            let (index, count) = (whole(index)?, elements(list)?.len());
            let is_outside = !usize::try_from(index).is_ok_and(|index| index < count);
            let help = (count > 0).then(|| format!("the first element has the index 0, the last {}", count - 1));
            is_outside.then(|| (format!("there is no element {index} in an array of {count}"), help))
        }
        ("States.ArrayPartition", [_, size]) => {
            let size = whole(size).filter(|size| *size <= 0)?;
            Some((format!("the size of a part must be positive, not {size}"), None))
        }
        ("States.ArrayRange", [_, _, step]) => {
            whole(step).filter(|step| *step == 0)?;
            Some(("the step must not be 0".to_owned(), None))
        }
        ("States.MathRandom", [start, end, ..]) => {
            let (start, end) = (whole(start)?, whole(end)?);
            (end <= start).then(|| (format!("the end {end} must be greater than the start {start}"), None))
        }
        _ => None,
    }
}

/// The result of a call with these arguments.
pub(super) fn result(call: &Intrinsic<'_>, given: Vec<Value>, origin: Origin) -> Value {
    let element = given.first().map_or_else(Value::anything, Value::any_element);
    match (call.name, given.as_slice()) {
        ("States.Array", _) => Value::elements(given, origin),
        ("States.ArrayPartition", _) => Value::list(Value::list(element, origin.clone()), origin),
        ("States.ArrayRange", _) => Value::list(Value::number(), origin),
        ("States.ArrayUnique", _) => Value::list(element, origin),
        ("States.StringSplit", _) => Value::list(Value::string(), origin),
        ("States.ArrayGetItem", [list, index]) => {
            let known = whole(index).and_then(|index| elements(list)?.get(usize::try_from(index).ok()?).cloned());
            known.unwrap_or(element)
        }
        ("States.JsonMerge", [one, other, _]) => merge(one, other, origin),
        _ => match call.gives() {
            Kind::String => Value::string(),
            Kind::Integer => Value::number(),
            Kind::Boolean => Value::boolean(),
            _ => Value::anything(),
        },
    }
}

fn whole(value: &Value) -> Option<i64> {
    let number = value.constant.as_ref()?.as_number().filter(|number| number.is_whole())?;
    Some(number.as_f64() as i64)
}

/// The elements, if the value is only a list whose elements are known.
fn elements(value: &Value) -> Option<&[Value]> {
    let list = value.list.as_ref().filter(|_| !value.anything && value.object.is_none())?;
    list.elements.as_deref()
}

/// The members of both objects; those of the other replace those of the one.
fn merge(one: &Value, other: &Value, origin: Origin) -> Value {
    let (Some(one), Some(other), false) = (&one.object, &other.object, one.anything || other.anything) else {
        return Value::anything();
    };
    let mut known = one.known.clone();
    for (name, value) in &mut known {
        match other.known.get(name) {
            Some(replaced) if replaced.missing => *value = value.join(replaced),
            Some(replaced) => value.clone_from(replaced),
            None if other.rest == Rest::Open => *value = Value::anything(),
            None => {}
        }
    }
    for (name, value) in &other.known {
        known.entry(name.clone()).or_insert_with(|| match one.rest {
            Rest::Open => Value::anything(),
            _ => value.clone(),
        });
    }
    Value::object(known, one.rest.max(other.rest), origin)
}
