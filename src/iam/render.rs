//! The form of a policy in a template.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::arn::{Arn, Function, Piece, ScopePart};
use crate::value::{Json, Object};

/// Where a policy is written, and the form of its deploy-time references there.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub enum Target<'a> {
    /// IAM's own JSON. Unknown parts remain placeholders: `${Region}`, `${Name}`, `${Name|stateMachineName}`.
    #[default]
    Plain,
    /// CloudFormation and SAM: `Fn::Sub`, with these values for the references. A reference without one is a name of the
    /// template.
    CloudFormation(&'a BTreeMap<String, Json>),
}

impl Target<'_> {
    /// The form of a text.
    pub fn value(&self, arn: &Arn) -> Json {
        match self {
            Target::Plain => arn.to_string().into(),
            Target::CloudFormation(values) => cloud_formation(arn, values),
        }
    }
}

fn call(name: &str, argument: impl Into<Json>) -> Json {
    let mut object = Object::new();
    object.insert(name.to_owned(), argument);
    object.into()
}

fn cloud_formation(arn: &Arn, values: &BTreeMap<String, Json>) -> Json {
    let (mut text, mut is_open, mut variables) = (String::new(), false, Object::new());
    if let Some(value) = arn.as_reference().and_then(|name| values.get(name)) {
        return value.clone();
    }
    for piece in arn.pieces() {
        match piece {
            // For IAM, it is a placeholder too, like for `Fn::Sub`.
            Piece::Literal(literal) => text.push_str(&literal.replace("${", "${!")),
            Piece::Wildcard => text.push('*'),
            Piece::Scope(part) => {
                is_open = true;
                text.push_str(match part {
                    ScopePart::Partition => "${AWS::Partition}",
                    ScopePart::Region => "${AWS::Region}",
                    ScopePart::Account => "${AWS::AccountId}",
                });
            }
            Piece::Reference(name, function) => {
                is_open = true;
                let (mut in_text, value) = in_substitution(name, *function, values);
                if let Some(value) = value {
                    // Two names can have the same letters and digits.
                    while variables.get(&in_text).is_some_and(|other| *other != value) {
                        in_text.push('x');
                    }
                    variables.insert(in_text.clone(), value);
                }
                let _ = write!(text, "${{{in_text}}}");
            }
        }
    }
    match (is_open, variables.is_empty()) {
        (false, _) => text.replace("${!", "${").into(),
        (true, true) => call("Fn::Sub", text),
        (true, false) => call("Fn::Sub", Json::from(vec![text.into(), variables.into()])),
    }
}

/// The name of a value in `Fn::Sub`, and the value if a name is not enough.
fn in_substitution(name: &str, function: Option<Function>, values: &BTreeMap<String, Json>) -> (String, Option<Json>) {
    let value = values.get(name);
    match function.and_then(|function| Some((function.name(), function.split()?))) {
        Some((label, (separator, index))) => {
            let whole = value.cloned().unwrap_or_else(|| call("Fn::Sub", format!("${{{name}}}")));
            let split = call("Fn::Split", Json::from(vec![separator.to_string().into(), whole]));
            let mut variable: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            variable.push_str(&label[..1].to_uppercase());
            variable.push_str(&label[1..]);
            (variable, Some(call("Fn::Select", Json::from(vec![(index as i64).into(), split]))))
        }
        None => match value {
            None => (name.to_owned(), None),
            Some(value) => match direct_name(value) {
                Some(name) => (name, None),
                None => (name.chars().filter(char::is_ascii_alphanumeric).collect(), Some(value.clone())),
            },
        },
    }
}

/// The name of a `Ref` or `Fn::GetAtt` inside `Fn::Sub`.
fn direct_name(value: &Json) -> Option<String> {
    if let Some(name) = value.get("Ref").and_then(Json::as_str) {
        return Some(name.to_owned());
    }
    match value.get("Fn::GetAtt")? {
        Json::String(text) => Some(text.to_string()),
        Json::Array(parts) => Some(parts.iter().map(Json::as_str).collect::<Option<Vec<_>>>()?.join(".")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn(pieces: &[Piece]) -> Arn {
        let mut arn = Arn::default();
        pieces.iter().for_each(|piece| arn.push(piece.clone()));
        arn
    }

    #[test]
    fn cloud_formation_substitutes() {
        let values = BTreeMap::from([
            ("Table".to_owned(), call("Ref", "OrdersTable")),
            ("Arn".to_owned(), call("Fn::GetAtt", Json::from(vec!["Fn".into(), "Arn".into()]))),
            ("Other".to_owned(), call("Fn::ImportValue", "x")),
            ("Oth-er".to_owned(), call("Fn::ImportValue", "y")),
        ]);
        let write = |text: &str| Target::CloudFormation(&values).value(&Arn::parse(text)).to_string();
        assert_eq!(write("arn:aws:s3:::b"), r#""arn:aws:s3:::b""#);
        assert_eq!(write("${Arn}"), r#"{"Fn::GetAtt":["Fn","Arn"]}"#);
        assert_eq!(write("${Arn}:live"), r#"{"Fn::Sub":"${Fn.Arn}:live"}"#);
        assert_eq!(
            write("arn:${AWS::Partition}:t/${Table}"),
            r#"{"Fn::Sub":"arn:${AWS::Partition}:t/${OrdersTable}"}"#
        );
        assert_eq!(write("t/${Other}"), r#"{"Fn::Sub":["t/${Other}",{"Other":{"Fn::ImportValue":"x"}}]}"#);
        assert_eq!(
            write("${Other}/${Oth-er}"),
            r#"{"Fn::Sub":["${Other}/${Otherx}",{"Other":{"Fn::ImportValue":"x"},"Otherx":{"Fn::ImportValue":"y"}}]}"#
        );
        assert_eq!(write("${Free}"), r#"{"Fn::Sub":"${Free}"}"#);
        let name = arn(&[Piece::Reference("Child".into(), Some(Function::StateMachineName))]);
        assert_eq!(
            Target::CloudFormation(&values).value(&name).to_string(),
            r#"{"Fn::Sub":["${ChildStateMachineName}",{"ChildStateMachineName":{"Fn::Select":[6,{"Fn::Split":[":",{"Fn::Sub":"${Child}"}]}]}}]}"#
        );
        assert_eq!(Target::CloudFormation(&values).value(&Arn::parse("a*").escaped()).to_string(), r#""a${*}""#);
    }
}
