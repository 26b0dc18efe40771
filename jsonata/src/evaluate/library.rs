//! The functions that Step Functions offers.

use std::collections::HashSet;
use std::sync::Arc;

use md5::Digest;

use super::datetime;
use super::engine::{Engine, Result, json};
use super::error::fault;
use super::function::Function;
use super::number;
use super::picture;
use super::text;
use super::value::{Array, Members, Object, Value};

/// The last step of SplitMix64.
pub(crate) fn mix(state: u64) -> u64 {
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn fraction(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// The first number of Java's `Random` with that seed, which is what Step Functions returns.
fn java_fraction(seed: i64) -> f64 {
    const MASK: i64 = (1 << 48) - 1;
    let mut state = (seed ^ 0x5_deec_e66d) & MASK;
    let mut bits = |wanted: u32| {
        state = state.wrapping_mul(0x5_deec_e66d).wrapping_add(0xb) & MASK;
        state >> (48 - wanted)
    };
    let high = bits(26) << 27;
    (high + bits(27)) as f64 / (1u64 << 53) as f64
}

/// An element of `$range` needs more memory than one of `[1..2]`: users measured 360,145 elements for the limit of
/// 6,990,256 bytes.
const ELEMENT_BYTES: f64 = 6_990_256.0 / 360_145.0;

fn text_of(value: &Value) -> Option<&Arc<str>> {
    if let Value::String(text) = value { Some(text) } else { None }
}

fn number_of(value: &Value) -> Option<f64> {
    if let Value::Number(number) = value { Some(*number) } else { None }
}

fn bool_of(value: &Value) -> Option<bool> {
    if let Value::Bool(value) = value { Some(*value) } else { None }
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    if let Value::Array(array) = value { Some(array.list().iter().filter_map(number_of).collect()) } else { None }
}

impl Engine<'_> {
    /// Calls a function with arguments that match its signature.
    pub(crate) fn native(&mut self, name: &'static str, arguments: Vec<Value>, frame: usize) -> Result {
        let mut arguments = arguments;
        if name != "zip" && arguments.len() < 4 {
            arguments.resize(4, Value::Undefined);
        }
        let first = arguments.first().cloned().unwrap_or_default();
        // Most functions return nothing if the argument is nothing.
        let nothing_matters = matches!(
            name,
            "exists"
                | "count"
                | "append"
                | "zip"
                | "error"
                | "assert"
                | "now"
                | "millis"
                | "random"
                | "uuid"
                | "range"
                | "boolean"
                | "not"
                | "keys"
                | "spread"
                | "each"
                | "sift"
        );
        if first.is_undefined() && !nothing_matters {
            return Ok(Value::Undefined);
        }
        let get = |index: usize| arguments.get(index).unwrap_or(&Value::Undefined);
        if let Value::Array(array) = &first {
            self.charge(array.list().len())?;
        }
        if let Value::String(text) = &first {
            self.charge(text.len() / 8)?;
        }
        Ok(match name {
            "sum" => Value::Number(numbers(&first).unwrap_or_default().iter().sum::<f64>() + 0.0),
            "count" => match &first {
                Value::Array(array) => Value::Number(array.list().len() as f64),
                _ => Value::Number(0.0),
            },
            "max" | "min" | "average" => {
                let list = numbers(&first).unwrap_or_default();
                if list.is_empty() {
                    return Ok(Value::Undefined);
                }
                Value::Number(match name {
                    "max" => list.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                    "min" => list.iter().copied().fold(f64::INFINITY, f64::min),
                    _ => list.iter().sum::<f64>() / list.len() as f64,
                })
            }
            "string" => {
                let pretty = bool_of(get(1)).unwrap_or(false);
                self.stringify(&first, pretty)?.map_or(Value::Undefined, Value::String)
            }
            "substring" => self.substring(&first, get(1), get(2)),
            "substringBefore" | "substringAfter" => {
                let (Some(text), Some(part)) = (text_of(&first), text_of(get(1))) else { return Ok(first) };
                match text.split_once(&**part) {
                    Some((before, _)) if name == "substringBefore" => Value::string(before),
                    Some((_, after)) => Value::string(after),
                    None => first.clone(),
                }
            }
            "lowercase" => self.on_text(&first, |text| text.to_lowercase()),
            "uppercase" => self.on_text(&first, |text| text.to_uppercase()),
            "trim" => self.on_text(&first, text::trim),
            "base64encode" => self.on_text(&first, text::base64_encode),
            "base64decode" => match text_of(&first).map(|text| text::base64_decode(text)) {
                Some(Some(decoded)) => Value::string(decoded),
                Some(None) => return Err(fault("D3137").text("Illegal base64 character")),
                None => Value::Undefined,
            },
            "encodeUrl" => self.on_text(&first, |text| text::encode_url(text, false)),
            "encodeUrlComponent" => self.on_text(&first, |text| text::encode_url(text, true)),
            "decodeUrl" | "decodeUrlComponent" => {
                let Some(text) = text_of(&first) else { return Ok(Value::Undefined) };
                match text::decode_url(text, name == "decodeUrlComponent") {
                    Some(decoded) => Value::string(decoded),
                    None => {
                        let error = fault("D3140").with("value", text::quote(text));
                        return Err(error.with("functionName", text::quote(name)));
                    }
                }
            }
            "length" => text_of(&first).map_or(Value::Undefined, |text| Value::Number(text.chars().count() as f64)),
            "pad" => self.pad(&first, get(1), get(2))?,
            "contains" => {
                let Some(text) = text_of(&first) else { return Ok(Value::Undefined) };
                match get(1) {
                    Value::Undefined => Value::Undefined,
                    Value::String(part) => Value::Bool(text.contains(&**part)),
                    matcher => Value::Bool(self.matcher(matcher, Some(text), frame)?.is_some()),
                }
            }
            "match" => self.find_matches(&first, get(1), get(2), frame)?,
            "replace" => {
                let Some(text) = text_of(&first) else { return Ok(Value::Undefined) };
                if text_of(get(1)).is_some_and(|pattern| pattern.is_empty()) {
                    return Err(fault("D3010").with("index", "2"));
                }
                let limit = number_of(get(3));
                if limit.is_some_and(|limit| limit < 0.0) {
                    return Err(fault("D3011").with("index", "4"));
                }
                if limit == Some(0.0) {
                    return Ok(first);
                }
                self.replace(text, get(1), get(2), limit, frame)?
            }
            "split" => self.split(&first, get(1), get(2), frame)?,
            "join" => {
                let Value::Array(array) = &first else { return Ok(Value::Undefined) };
                let separator = text_of(get(1)).map_or("", |text| text);
                let texts = text::texts(array);
                let bytes: usize = texts.iter().map(|text| text.len() + separator.len()).sum();
                self.charge(bytes / 8)?;
                Value::string(texts.join(separator))
            }
            "formatNumber" => {
                let (Some(number), Some(pattern)) = (number_of(&first), text_of(get(1))) else {
                    return Ok(Value::Undefined);
                };
                Value::string(picture::format_number(number, pattern, get(2))?)
            }
            "formatBase" => {
                let Some(number) = number_of(&first) else { return Ok(Value::Undefined) };
                Value::string(number::in_base(number, number_of(get(1)))?)
            }
            "formatInteger" => {
                let (Some(number), Some(pattern)) = (number_of(&first), text_of(get(1))) else {
                    return Ok(Value::Undefined);
                };
                Value::string(datetime::format_integer(number, pattern)?)
            }
            "parseInteger" => {
                let (Some(text), Some(pattern)) = (text_of(&first), text_of(get(1))) else {
                    return Ok(Value::Undefined);
                };
                datetime::parse_integer(text, pattern)?.map_or(Value::Undefined, Value::Number)
            }
            "number" => number::of_value(&first)?,
            "floor" => self.on_number(&first, f64::floor),
            "ceil" => self.on_number(&first, f64::ceil),
            "abs" => self.on_number(&first, f64::abs),
            "round" => {
                let precision = number_of(get(1)).unwrap_or(0.0).clamp(-400.0, 400.0) as i32;
                self.on_number(&first, |number| number::round(number, precision))
            }
            "sqrt" => {
                if number_of(&first).is_some_and(|number| number < 0.0) {
                    return Err(fault("D3060").with("index", "1").with("value", json(&first)));
                }
                self.on_number(&first, f64::sqrt)
            }
            "power" => {
                let Some(base) = number_of(&first) else { return Ok(Value::Undefined) };
                let result = number_of(get(1)).map_or(f64::NAN, |exponent| base.powf(exponent));
                if !result.is_finite() {
                    return Err(fault("D3061").with("value", number::show(base)).with("exp", json(get(1))));
                }
                Value::Number(result)
            }
            "boolean" => self.truth(&first)?.map_or(Value::Undefined, Value::Bool),
            "not" => self.truth(&first)?.map_or(Value::Undefined, |truth| Value::Bool(!truth)),
            "exists" => Value::Bool(!first.is_undefined()),
            "type" => Value::string(match &first {
                Value::Undefined => return Ok(Value::Undefined),
                Value::Null => "null",
                Value::Number(_) => "number",
                Value::String(_) => "string",
                Value::Bool(_) => "boolean",
                Value::Array(_) => "array",
                Value::Function(_) => "function",
                Value::Object(_) => "object",
            }),
            "map" | "filter" => self.each_item(name == "map", &first, get(1), frame)?,
            "single" => self.single(&first, get(1), frame)?,
            "reduce" => self.reduce(&first, get(1), get(2), frame)?,
            "each" | "sift" => self.each_member(name == "each", &first, get(1), frame)?,
            "zip" => {
                let lists: Vec<&[Value]> = arguments
                    .iter()
                    .map(|argument| if let Value::Array(array) = argument { array.list() } else { &[] })
                    .collect();
                let length = lists.iter().map(|list| list.len()).min().unwrap_or(0);
                self.charge(length * lists.len())?;
                let row = |at: usize| Value::array(lists.iter().map(|list| list[at].clone()).collect());
                Value::array((0..length).map(row).collect())
            }
            "keys" => {
                let mut names = indexmap::IndexSet::new();
                self.keys(&first, &mut names)?;
                Value::sequence(names.into_iter().map(Value::String).collect())
            }
            "lookup" => match text_of(get(1)) {
                Some(key) => self.member(&first, key)?,
                None => Value::Undefined,
            },
            "append" => {
                let mut joined = first;
                let more = get(1).clone();
                if let Value::Array(array) = &more {
                    self.charge(array.list().len())?;
                }
                joined.append(more);
                joined
            }
            "spread" => self.spread(&first)?,
            "merge" => {
                let Value::Array(array) = &first else { return Ok(Value::Undefined) };
                let mut members = Members::new();
                for item in array.list() {
                    if let Value::Object(object) = item {
                        self.charge(object.members().len())?;
                        members.extend(object.members().iter().map(|(name, value)| (name.clone(), value.clone())));
                    }
                }
                Value::Object(Object::new(members))
            }
            "reverse" => match first {
                Value::Array(array) if array.list().len() > 1 => {
                    Value::array(array.list().iter().rev().cloned().collect())
                }
                other => other,
            },
            "shuffle" => match first {
                Value::Array(array) if array.list().len() > 1 => {
                    let mut list = array.list().to_vec();
                    for at in (1..list.len()).rev() {
                        let other = (fraction(self.random_bits()) * (at + 1) as f64) as usize;
                        list.swap(at, other.min(at));
                    }
                    Value::array(list)
                }
                other => other,
            },
            "sort" => self.sort(first, get(1), frame)?,
            "distinct" => self.distinct(first)?,
            "error" => {
                let message = text_of(&first).filter(|text| !text.is_empty());
                return Err(fault("D3137").text(message.map_or("$error() function evaluated", |text| text)));
            }
            "assert" => {
                if bool_of(&first) == Some(true) {
                    return Ok(Value::Undefined);
                }
                let message = text_of(get(1)).filter(|text| !text.is_empty());
                return Err(fault("D3141").text(message.map_or("$assert() statement failed", |text| text)));
            }
            "clone" => self.copy(&first)?,
            "now" => {
                let picture = text_of(&first).map(|text| &**text);
                let zone = text_of(get(1)).map(|text| &**text);
                Value::string(datetime::from_millis(self.millis as f64, picture, zone)?)
            }
            "millis" => Value::Number(self.millis as f64),
            "fromMillis" => {
                let Some(millis) = number_of(&first) else { return Ok(Value::Undefined) };
                let picture = text_of(get(1)).map(|text| &**text);
                let zone = text_of(get(2)).map(|text| &**text);
                Value::string(datetime::from_millis(millis, picture, zone)?)
            }
            "toMillis" => {
                let Some(text) = text_of(&first) else { return Ok(Value::Undefined) };
                let picture = text_of(get(1)).map(|text| &**text);
                datetime::to_millis(text, picture, self.millis as f64)?.map_or(Value::Undefined, Value::Number)
            }
            "random" => match number_of(&first) {
                Some(seed) => Value::Number(java_fraction(seed as i64)),
                None => Value::Number(fraction(self.random_bits())),
            },
            "uuid" => {
                let (high, low) = (self.random_bits(), self.random_bits());
                let high = (high & !0xf000) | 0x4000;
                let low = (low & !(3 << 62)) | (2 << 62);
                Value::string(format!(
                    "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                    high >> 32,
                    (high >> 16) & 0xffff,
                    high & 0xffff,
                    low >> 48,
                    low & 0xffff_ffff_ffff
                ))
            }
            "hash" => {
                let (Some(text), Some(algorithm)) = (text_of(&first), text_of(get(1))) else {
                    return Ok(Value::Undefined);
                };
                match hash(text, algorithm) {
                    Some(digest) => Value::string(digest),
                    None => {
                        let message = format!(
                            "Hash algorithm '{algorithm}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"
                        );
                        return Err(fault("D3137").text(message));
                    }
                }
            }
            "parse" => {
                let Some(text) = text_of(&first) else { return Ok(Value::Undefined) };
                match serde_json::from_str::<serde_json::Value>(text) {
                    Ok(json) => Value::from(&json),
                    Err(_) => return Err(fault("D3137").text("Invalid JSON")),
                }
            }
            "partition" => {
                let Value::Array(array) = &first else { return Ok(Value::Undefined) };
                let size = number_of(get(1)).map_or(f64::INFINITY, f64::trunc);
                match size {
                    _ if array.list().is_empty() || size == 0.0 || size.is_nan() => Value::Undefined,
                    _ if size < 0.0 => return Err(fault("D3137").text("Second argument must be zero or greater")),
                    _ => {
                        let parts = array.list().chunks(size as usize);
                        Value::array(parts.map(|part| Value::array(part.to_vec())).collect())
                    }
                }
            }
            "range" => {
                let whole = |value: &Value| number_of(value).map(f64::trunc);
                let (Some(from), Some(to), Some(step)) = (whole(&first), whole(get(1)), whole(get(2))) else {
                    return Ok(Value::Undefined);
                };
                let size = ((to - from) / step).floor() + 1.0;
                match size {
                    _ if step == 0.0 || size.is_nan() || size < 1.0 => Value::Undefined,
                    1.0 => Value::Number(from),
                    _ => {
                        self.holds((size * ELEMENT_BYTES) as usize)?;
                        self.charge(size as usize)?;
                        Value::array((0..size as usize).map(|at| Value::Number(from + step * at as f64)).collect())
                    }
                }
            }
            _ => Value::Undefined,
        })
    }

    fn on_text(&self, value: &Value, change: impl Fn(&str) -> String) -> Value {
        text_of(value).map_or(Value::Undefined, |text| Value::string(change(text)))
    }

    fn on_number(&self, value: &Value, change: impl Fn(f64) -> f64) -> Value {
        number_of(value).map_or(Value::Undefined, |number| Value::Number(change(number)))
    }

    fn substring(&mut self, text: &Value, start: &Value, length: &Value) -> Value {
        let (Some(text), Some(start)) = (text_of(text), number_of(start)) else { return text.clone() };
        let size = text.chars().count() as f64;
        let start = if size + start < 0.0 { 0.0 } else { start };
        let end = match number_of(length) {
            Some(length) if length <= 0.0 => return Value::string(""),
            Some(length) if start >= 0.0 => start + length,
            Some(length) => size + start + length,
            None => size,
        };
        // Like `slice` of JavaScript: rounds towards zero, and counts from the end if negative.
        let place =
            |at: f64| if at.trunc() < 0.0 { (size + at.trunc()).max(0.0) } else { at.trunc().min(size) } as usize;
        let (from, to) = (place(start), place(end));
        Value::string(text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>())
    }

    fn pad(&mut self, text: &Value, width: &Value, fill: &Value) -> Result {
        let (Some(text), Some(width)) = (text_of(text), number_of(width)) else { return Ok(text.clone()) };
        let fill = text_of(fill).filter(|fill| !fill.is_empty()).map_or(" ", |fill| fill);
        let missing = width.trunc().abs() - text.chars().count() as f64;
        if missing <= 0.0 {
            return Ok(Value::String(text.clone()));
        }
        self.charge(missing.min(1e18) as usize)?;
        let padding: String = fill.chars().cycle().take(missing as usize).collect();
        Ok(Value::string(if width > 0.0 { format!("{text}{padding}") } else { format!("{padding}{text}") }))
    }

    fn find_matches(&mut self, text: &Value, matcher: &Value, limit: &Value, frame: usize) -> Result {
        let Some(text) = text_of(text) else { return Ok(Value::Undefined) };
        let limit = number_of(limit);
        if limit.is_some_and(|limit| limit < 0.0) {
            return Err(fault("D3040").with("index", "3"));
        }
        let mut list = Vec::new();
        if limit != Some(0.0) {
            let mut found = self.matcher(matcher, Some(text), frame)?;
            while let Some(one) = found {
                if limit.is_some_and(|limit| list.len() as f64 >= limit) {
                    break;
                }
                list.push(Value::object([
                    ("match", Value::String(one.text.clone())),
                    ("index", Value::Number(one.start as f64)),
                    ("groups", Value::array(one.groups.clone())),
                ]));
                self.charge(1)?;
                found = self.next_match(&one, frame)?;
            }
        }
        Ok(Value::sequence(list))
    }

    fn split(&mut self, text: &Value, separator: &Value, limit: &Value, frame: usize) -> Result {
        let Some(text) = text_of(text) else { return Ok(Value::Undefined) };
        let limit = number_of(limit);
        if limit.is_some_and(|limit| limit < 0.0) {
            return Err(fault("D3020").with("index", "3"));
        }
        let most = limit.map_or(usize::MAX, |limit| limit as usize);
        self.charge(text.len())?;
        let parts: Vec<Value> = match separator {
            Value::Undefined => vec![Value::String(text.clone())],
            Value::String(separator) if separator.is_empty() => {
                text.chars().take(most).map(|sign| Value::string(sign.to_string())).collect()
            }
            Value::String(separator) => text.split(&**separator).take(most).map(Value::string).collect(),
            matcher => {
                let mut parts = Vec::new();
                if limit == Some(0.0) {
                    return Ok(Value::array(parts));
                }
                let mut units = text::Units::new(text);
                let mut start = 0;
                let mut found = self.matcher(matcher, Some(text), frame)?;
                let fits = |parts: &Vec<Value>| limit.is_none_or(|limit| (parts.len() as f64) < limit);
                while let Some(one) = found {
                    if !fits(&parts) {
                        break;
                    }
                    parts.push(Value::string(units.slice(start, one.start)));
                    start = one.end;
                    self.charge(1)?;
                    found = self.next_match(&one, frame)?;
                }
                if fits(&parts) {
                    parts.push(Value::string(units.slice(start, usize::MAX)));
                }
                parts
            }
        };
        Ok(Value::array(parts))
    }

    /// Calls a function with as many of the arguments as it accepts.
    fn call_with(&mut self, function: &Arc<Function>, all: [Value; 3], frame: usize) -> Result {
        let arity = function.arity().clamp(1, 3);
        self.apply(function, all.into_iter().take(arity).collect(), &Value::Null, frame)
    }

    fn each_item(&mut self, map: bool, list: &Value, function: &Value, frame: usize) -> Result {
        let (Value::Array(array), Value::Function(function)) = (list, function) else { return Ok(Value::Undefined) };
        let mut found = Vec::new();
        for (at, item) in array.list().iter().enumerate() {
            let arguments = [item.clone(), Value::Number(at as f64), list.clone()];
            let result = self.call_with(function, arguments, frame)?;
            if map {
                if !result.is_undefined() {
                    found.push(result);
                }
            } else if self.truth(&result)? == Some(true) {
                found.push(item.clone());
            }
        }
        Ok(Value::sequence(found))
    }

    fn single(&mut self, list: &Value, function: &Value, frame: usize) -> Result {
        let Value::Array(array) = list else { return Ok(Value::Undefined) };
        let mut found = None;
        for (at, item) in array.list().iter().enumerate() {
            let fits = match function {
                Value::Function(function) => {
                    let arguments = [item.clone(), Value::Number(at as f64), list.clone()];
                    let result = self.call_with(function, arguments, frame)?;
                    self.truth(&result)? == Some(true)
                }
                _ => true,
            };
            if fits && found.replace(item.clone()).is_some() {
                return Err(fault("D3138").with("index", at.to_string()));
            }
        }
        found.ok_or_else(|| fault("D3139"))
    }

    fn reduce(&mut self, list: &Value, function: &Value, start: &Value, frame: usize) -> Result {
        let (Value::Array(array), Value::Function(function)) = (list, function) else { return Ok(Value::Undefined) };
        let arity = function.arity();
        if arity < 2 {
            return Err(fault("D3050").with("index", "1"));
        }
        let mut items = array.list().iter().enumerate();
        let mut result = start.clone();
        if result.is_undefined() {
            result = items.next().map(|(_, item)| item.clone()).unwrap_or_default();
        }
        for (at, item) in items {
            let mut arguments = vec![result, item.clone()];
            if arity >= 3 {
                arguments.push(Value::Number(at as f64));
            }
            if arity >= 4 {
                arguments.push(list.clone());
            }
            result = self.apply(function, arguments, &Value::Null, frame)?;
        }
        Ok(result)
    }

    fn each_member(&mut self, each: bool, object: &Value, function: &Value, frame: usize) -> Result {
        let mut list = Vec::new();
        let mut members = Members::new();
        if let (Value::Object(own), Value::Function(function)) = (object, function) {
            for (name, value) in own.members() {
                let arguments = [value.clone(), Value::String(name.clone()), object.clone()];
                let result = self.call_with(function, arguments, frame)?;
                if each {
                    if !result.is_undefined() {
                        list.push(result);
                    }
                } else if self.truth(&result)? == Some(true) {
                    members.insert(name.clone(), value.clone());
                }
            }
        }
        Ok(match (each, members.is_empty()) {
            (true, _) => Value::sequence(list),
            (false, true) => Value::Undefined,
            (false, false) => Value::Object(Object::new(members)),
        })
    }

    fn keys(&mut self, value: &Value, names: &mut indexmap::IndexSet<Arc<str>>) -> Result<()> {
        match value {
            Value::Object(object) => {
                self.charge(object.members().len())?;
                names.extend(object.members().keys().cloned());
                Ok(())
            }
            Value::Array(array) => array.list().iter().try_for_each(|item| self.keys(item, names)),
            _ => Ok(()),
        }
    }

    fn spread(&mut self, value: &Value) -> Result {
        Ok(match value {
            Value::Array(array) => {
                let mut all = Value::sequence(Vec::new());
                for item in array.list() {
                    let part = self.spread(item)?;
                    all.append(part);
                }
                if let Value::Array(all) = &mut all {
                    all.sequence = all.list().is_empty();
                }
                all
            }
            Value::Object(object) => {
                self.charge(object.members().len())?;
                let part = |(name, value): (&Arc<str>, &Value)| Value::object([(name.clone(), value.clone())]);
                Value::sequence(object.members().iter().map(part).collect())
            }
            other => other.clone(),
        })
    }

    fn sort(&mut self, list: Value, function: &Value, frame: usize) -> Result {
        let array = match list {
            Value::Array(array) if array.list().len() > 1 => array,
            other => return Ok(other),
        };
        if let Value::Function(function) = function {
            let sorted = self.merge_sort(array.list().to_vec(), &mut |engine, left, right| {
                let result = engine.apply(function, vec![left.clone(), right.clone()], &Value::Null, frame)?;
                Ok(engine.truth(&result)? == Some(true))
            })?;
            return Ok(Value::array(sorted));
        }
        let kind = array.list()[0].kind();
        let sortable = matches!(array.list()[0], Value::Number(_) | Value::String(_));
        if !sortable || array.list().iter().any(|item| item.kind() != kind) {
            return Err(fault("D3070").with("index", "1"));
        }
        let sorted = self.merge_sort(array.list().to_vec(), &mut |_, left, right| {
            Ok(match (left, right) {
                (Value::Number(left), Value::Number(right)) => left > right,
                (Value::String(left), Value::String(right)) => text::compare(left, right).is_gt(),
                _ => false,
            })
        })?;
        Ok(Value::array(sorted))
    }

    fn distinct(&mut self, list: Value) -> Result {
        let array = match list {
            Value::Array(array) if array.list().len() > 1 => array,
            other => return Ok(other),
        };
        let mut found: Vec<Value> = Vec::new();
        let (mut texts, mut bits) = (HashSet::new(), HashSet::new());
        let mut others: Vec<Value> = Vec::new();
        for item in array.list() {
            let new = match item {
                Value::String(text) => texts.insert(text.clone()),
                Value::Number(number) => bits.insert((number + 0.0).to_bits()),
                other => {
                    let mut new = true;
                    for known in &others {
                        if self.equal(known, other)? {
                            new = false;
                            break;
                        }
                    }
                    if new {
                        others.push(other.clone());
                    }
                    new
                }
            };
            if new {
                found.push(item.clone());
            }
        }
        Ok(Value::Array(Array { sequence: array.sequence, ..Array::plain(found) }))
    }

    /// `$clone`: a copy that shares nothing, as if it were written to JSON and read again.
    fn copy(&mut self, value: &Value) -> Result {
        self.charge(1)?;
        Ok(match value {
            Value::Array(array) => {
                let list: Result<Vec<Value>> = array.list().iter().map(|item| self.copy(item)).collect();
                Value::array(list?)
            }
            Value::Object(object) => {
                let mut members = Members::with_capacity(object.members().len());
                for (name, value) in object.members() {
                    members.insert(name.clone(), self.copy(value)?);
                }
                Value::Object(Object::new(members))
            }
            Value::Number(number) => Value::Number(number::rounded(super::engine::finite(*number)?)),
            Value::Function(_) => Value::string(""),
            other => other.clone(),
        })
    }
}

fn hash(text: &str, algorithm: &str) -> Option<String> {
    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
    Some(match algorithm {
        "MD5" => hex(&md5::Md5::digest(text)),
        "SHA-1" => hex(&sha1::Sha1::digest(text)),
        "SHA-256" => hex(&sha2::Sha256::digest(text)),
        "SHA-384" => hex(&sha2::Sha384::digest(text)),
        "SHA-512" => hex(&sha2::Sha512::digest(text)),
        _ => return None,
    })
}
