//! A policy with serde: as the document that IAM accepts, which contains what is allowed, but not why.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use super::arn::{Arn, Condition};
use super::policy::{Policy, Statement};
use super::render::Target;
use crate::value::Json;

/// As its document in the plain form: what `Display` writes.
impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json(&Target::Plain).serialize(serializer)
    }
}

/// The value in the document.
impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json(&Target::Plain).serialize(serializer)
    }
}

/// From its document. The reasons are not in it, so [`reasons`](Statement::reasons) and
/// [`grants`](Policy::grants) are empty. A statement that a policy of this library cannot have, such as one that denies,
/// is an error; [`Existing`](super::Existing) reads every policy.
impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Json::deserialize(deserializer)?;
        let statements = match document.get("Statement") {
            Some(Json::Array(statements)) => statements.iter().map(statement).collect::<Result<_, _>>(),
            Some(one) => statement(one).map(|one| vec![one]),
            None => return Err(D::Error::missing_field("Statement")),
        };
        statements.map(Policy::of_statements).map_err(D::Error::custom)
    }
}

fn statement(json: &Json) -> Result<Statement, String> {
    let Some(object) = json.as_object() else {
        return Err(format!("a statement must be an object, not {}", json.kind()));
    };
    let (mut actions, mut resources, mut conditions) = (Vec::new(), Vec::new(), Vec::new());
    let mut allows = false;
    for (name, value) in object.iter() {
        match name {
            "Sid" => {}
            "Effect" if value.as_str() == Some("Allow") => allows = true,
            "Action" => actions = texts(name, value)?.into_iter().map(str::to_owned).collect(),
            "Resource" => resources = texts(name, value)?.into_iter().map(Arn::parse_plain).collect(),
            "Condition" => conditions = self::conditions(value)?,
            _ => return Err(format!("`{name}: {value}` is not allowed in a statement of this policy")),
        }
    }
    for (name, is_there) in [("Effect", allows), ("Action", !actions.is_empty()), ("Resource", !resources.is_empty())] {
        if !is_there {
            return Err(format!("a statement needs `{name}`"));
        }
    }
    Ok(Statement { actions, resources, conditions, reasons: Vec::new() })
}

fn conditions(value: &Json) -> Result<Vec<Condition>, String> {
    let wrong = || format!("`Condition: {value}` must be an object of objects of strings");
    let mut conditions = Vec::new();
    for (operator, keys) in value.as_object().ok_or_else(wrong)?.iter() {
        for (key, value) in keys.as_object().ok_or_else(wrong)?.iter() {
            let value = value.as_str().ok_or_else(wrong)?;
            conditions.push((operator.to_owned(), key.to_owned(), Arn::parse_plain(value)));
        }
    }
    Ok(conditions)
}

/// A text, or a list of texts.
fn texts<'j>(name: &str, value: &'j Json) -> Result<Vec<&'j str>, String> {
    let texts = match value {
        Json::Array(elements) => elements.iter().map(Json::as_str).collect(),
        one => one.as_str().map(|text| vec![text]),
    };
    texts.ok_or_else(|| format!("`{name}: {value}` must be a string or a list of strings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_that_was_stored_is_the_same_document() {
        let text = concat!(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["a:B","a:C"],"Resource":"#,
            r#""arn:${Partition}:sqs:${Region}:${Q|queueAccount}:${Q|queueName}","Condition":{"StringEquals":{"x:y":"z*"}}},"#,
            r#"{"Effect":"Allow","Action":"d:E","Resource":["*","${Arn}"]}]}"#,
        );
        let policy: Policy = serde_json::from_str(text).unwrap();
        assert_eq!(policy.to_string(), text);
        assert_eq!(serde_json::to_string(&policy).unwrap(), text);
        assert_eq!(policy.references().into_iter().collect::<Vec<_>>(), ["Arn", "Q"]);
    }

    #[test]
    fn what_it_cannot_say_is_an_error() {
        for (statement, says) in [
            (r#"{"Effect":"Deny","Action":"a:B","Resource":"*"}"#, "Effect"),
            (r#"{"Effect":"Allow","NotAction":"a:B","Resource":"*"}"#, "NotAction"),
            (r#"{"Effect":"Allow","Action":[1],"Resource":"*"}"#, "Action"),
            (r#"{"Effect":"Allow","Action":"a:B"}"#, "needs `Resource`"),
            (r#"{"Effect":"Allow","Action":"a:B","Resource":"*","Condition":{"Bool":true}}"#, "Condition"),
            ("5", "a statement must be an object"),
        ] {
            let read = serde_json::from_str::<Policy>(&format!(r#"{{"Statement":[{statement}]}}"#));
            let error = read.unwrap_err().to_string();
            assert!(error.contains(says), "{statement}: {error}");
        }
        assert!(serde_json::from_str::<Policy>("{}").is_err());
    }
}
