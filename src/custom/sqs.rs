//! Amazon SQS: typed attributes.

use super::text;
use crate::tasks::sqs::MessageAttributeValue;
use crate::value::{Blob, IntoValue, NumberText, Payload, Value};

impl MessageAttributeValue {
    /// A string. A plain string has the same effect.
    pub fn text(value: impl IntoValue<String>) -> Self {
        MessageAttributeValue::new().data_type("String").string_value(value)
    }

    /// A number. A plain number has the same effect; use this for a number that an expression returns as text.
    pub fn number(value: impl IntoValue<NumberText>) -> Self {
        let value: Value<String> = Value::unchecked(value.into_value().into_payload());
        MessageAttributeValue::new().data_type("Number").string_value(value)
    }

    /// A list of strings, numbers, booleans and nulls, as JSON text, with the data type of Amazon SNS for lists. A
    /// plain list has the same effect.
    pub fn list(values: impl Into<Payload>) -> Self {
        let value: Value<String> = Value::unchecked(text::json(&values.into()));
        MessageAttributeValue::new().data_type("String.Array").string_value(value)
    }

    /// Bytes, as Base64 text.
    pub fn binary(value: impl IntoValue<Blob>) -> Self {
        MessageAttributeValue::new().data_type("Binary").binary_value(value)
    }
}

super::text::attribute_values!(MessageAttributeValue);
