//! Text that consists of several parts, some of them known only at run time.
//!
//! The query language is not known yet, so the text is written in both query languages if possible.

use crate::value::intrinsic::{write_argument, write_escaped};
use crate::value::{Expression, Payload, Text, without_braces};

/// Joins the parts.
pub(crate) fn concatenation(parts: &[Payload]) -> Payload {
    let constant = |part: &Payload| match part {
        Payload::String(text) => Some(text.clone()),
        _ => None,
    };
    if let Some(texts) = parts.iter().map(constant).collect::<Option<Vec<_>>>() {
        return Payload::String(texts.concat().into());
    }
    if let Some(fault) = parts.iter().find(|part| matches!(part, Payload::Fault(_))) {
        return fault.clone();
    }
    either(format_call(parts), parts.iter().map(jsonata).collect::<Result<Vec<_>, _>>().map(|it| it.join(" & ")))
}

/// The JSON text of a value.
pub(crate) fn json(value: &Payload) -> Payload {
    if let Payload::Fault(_) = value {
        return value.clone();
    }
    if !is_dynamic(value) {
        return match jsonata(value) {
            Ok(text) => Payload::String(text.into()),
            Err(reason) => Payload::Fault(reason),
        };
    }
    let mut call = String::from("States.JsonToString(");
    let json_path = write_argument(&mut call, value).map(|()| call + ")");
    either(json_path, jsonata(value).map(|value| format!("$string({value})")))
}

/// An expression in the query languages that can express it. If none can, the error for JSONPath.
fn either(json_path: Result<String, Text>, jsonata: Result<String, Text>) -> Payload {
    match (json_path, jsonata) {
        (Ok(json_path), Ok(jsonata)) => {
            Payload::Expression(Expression::Either { json_path: json_path.into(), jsonata: jsonata.into() })
        }
        (Ok(json_path), Err(_)) => Payload::Expression(Expression::Intrinsic(json_path.into())),
        (Err(_), Ok(jsonata)) => Payload::Expression(Expression::Jsonata(jsonata.into())),
        (Err(reason), Err(_)) => Payload::Fault(reason),
    }
}

/// The call of `States.Format` that inserts the run-time parts into the text.
fn format_call(parts: &[Payload]) -> Result<String, Text> {
    let mut template = String::new();
    let mut arguments = String::new();
    for part in parts {
        match part {
            Payload::String(text) => write_escaped(&mut template, text),
            _ => {
                template.push_str("{}");
                arguments.push_str(", ");
                write_argument(&mut arguments, part)?;
            }
        }
    }
    Ok(format!("States.Format('{template}'{arguments})"))
}

fn is_dynamic(value: &Payload) -> bool {
    match value {
        Payload::Expression(_) | Payload::Placeholder(_) | Payload::Fault(_) => true,
        Payload::Array(elements) => elements.iter().any(is_dynamic),
        Payload::Object(members) => members.iter().any(|(_, value)| is_dynamic(value)),
        Payload::Deliberate(inner) => is_dynamic(inner),
        _ => false,
    }
}

/// The value in JSONata. For a value without run-time parts, this is its JSON.
fn jsonata(value: &Payload) -> Result<String, Text> {
    Ok(match value {
        Payload::Null => "null".to_owned(),
        Payload::Bool(value) => value.to_string(),
        Payload::Number(number) => number.to_string(),
        Payload::String(text) => quoted(text),
        Payload::Array(elements) => {
            format!("[{}]", elements.iter().map(jsonata).collect::<Result<Vec<_>, _>>()?.join(","))
        }
        Payload::Object(members) => {
            let member = |(name, value): &(Text, Payload)| Ok(format!("{}:{}", quoted(name), jsonata(value)?));
            format!("{{{}}}", members.iter().map(member).collect::<Result<Vec<_>, Text>>()?.join(","))
        }
        Payload::Expression(Expression::Jsonata(text) | Expression::Either { jsonata: text, .. }) => {
            let text = without_braces(text).trim();
            // A path needs no parentheses. Text that can contain operators does.
            let is_path = text.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '$' | '.' | '_'));
            if is_path { text.to_string() } else { format!("({text})") }
        }
        Payload::Expression(Expression::Path(text) | Expression::Intrinsic(text)) => {
            return Err(format!("`{text}` is not a JSONata expression").into());
        }
        Payload::Placeholder(name) => format!("${{{name}}}"),
        Payload::Deliberate(inner) => jsonata(inner)?,
        Payload::Fault(reason) => return Err(reason.clone()),
    })
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Implements the conversion of a Rust value to the message attribute of its type.
#[cfg(any(feature = "all", feature = "sns", feature = "sqs"))]
macro_rules! attribute_values {
    ($attribute:ty) => {
        super::text::attribute_values!(@each $attribute: &str => text, &String => text, String => text);
        super::text::attribute_values!(@each $attribute: i32 => number, u32 => number, i64 => number, u64 => number, f64 => number);

        /// As text: `true` or `false`.
        impl $crate::value::IntoValue<$attribute> for bool {
            fn into_value(self) -> $crate::value::Value<$attribute> {
                $crate::value::IntoValue::into_value(<$attribute>::text(self.to_string()))
            }
        }

        impl<V: Into<$crate::value::Payload>> $crate::value::IntoValue<$attribute> for Vec<V> {
            fn into_value(self) -> $crate::value::Value<$attribute> {
                $crate::value::IntoValue::into_value(<$attribute>::list(self))
            }
        }

        impl<V: Into<$crate::value::Payload>, const N: usize> $crate::value::IntoValue<$attribute> for [V; N] {
            fn into_value(self) -> $crate::value::Value<$attribute> {
                $crate::value::IntoValue::into_value(<$attribute>::list(self))
            }
        }
    };
    (@each $attribute:ty: $($from:ty => $constructor:ident),*) => {$(
        impl $crate::value::IntoValue<$attribute> for $from {
            fn into_value(self) -> $crate::value::Value<$attribute> {
                $crate::value::IntoValue::into_value(<$attribute>::$constructor(self))
            }
        }
    )*};
}

#[cfg(any(feature = "all", feature = "sns", feature = "sqs"))]
pub(crate) use attribute_values;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::{intrinsic, jsonata, path, payload, state_input};

    fn forms(payload: Payload) -> (Option<String>, Option<String>) {
        match payload {
            Payload::Expression(Expression::Either { json_path, jsonata }) => {
                (Some(json_path.into()), Some(jsonata.into()))
            }
            Payload::Expression(Expression::Intrinsic(text)) => (Some(text.into()), None),
            Payload::Expression(Expression::Jsonata(text)) => (None, Some(text.into())),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn puts_text_together_in_the_language_of_its_parts() {
        assert_eq!(concatenation(&["s3://".into(), "bucket".into()]), Payload::from("s3://bucket"));
        let of = |part: Payload| forms(concatenation(&["it's {".into(), part, "}".into()]));
        assert_eq!(of(path("$.b").into()), (Some(r"States.Format('it\'s \{{}\}', $.b)".into()), None));
        assert_eq!(of(jsonata("$b").into()), (None, Some(r#""it's {" & $b & "}""#.into())));
        assert_eq!(of(jsonata("$b + 1").into()), (None, Some(r#""it's {" & ($b + 1) & "}""#.into())));
        let (json_path, jsonata) = of(state_input().into());
        assert_eq!(json_path.as_deref(), Some(r"States.Format('it\'s \{{}\}', $)"));
        assert_eq!(jsonata.as_deref(), Some(r#""it's {" & $states.input & "}""#));
    }

    #[test]
    fn writes_the_json_text_of_a_value() {
        assert_eq!(json(&payload!({ "a": [1, true, null, "\"" ] })), Payload::from(r#"{"a":[1,true,null,"\""]}"#));
        assert_eq!(forms(json(&path("$.a").into())), (Some("States.JsonToString($.a)".into()), None));
        let call = json(&payload!([intrinsic::uuid(), "x"]));
        assert_eq!(forms(call), (Some("States.JsonToString(States.Array(States.UUID(), 'x'))".into()), None));
        let object = json(&payload!({ "a": jsonata("$a") }));
        assert_eq!(forms(object), (None, Some(r#"$string({"a":$a})"#.into())));
        assert!(matches!(json(&payload!({ "a": path("$.a") })), Payload::Fault(reason) if reason.contains("Pass")));
    }
}
