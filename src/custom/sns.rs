//! Amazon SNS: typed attributes, and messages that differ by protocol.

use super::text;
use crate::task::Set;
use crate::tasks::sns::{MessageAttributeDataType, MessageAttributeValue, MessageStructure, Publish};
use crate::value::{Blob, IntoValue, NumberText, Payload, Text, Value};

impl MessageAttributeValue {
    /// A string. A plain string has the same effect.
    pub fn text(value: impl IntoValue<String>) -> Self {
        Self::of(MessageAttributeDataType::String, value.into_value())
    }

    /// A number. A plain number has the same effect; use this for a number that an expression returns as text.
    pub fn number(value: impl IntoValue<NumberText>) -> Self {
        Self::of(MessageAttributeDataType::Number, Value::unchecked(value.into_value().into_payload()))
    }

    /// A list of strings, numbers, booleans and nulls. A plain list has the same effect.
    ///
    /// A path or an expression must return an array. It is sent as JSON text.
    pub fn list(values: impl Into<Payload>) -> Self {
        Self::of(MessageAttributeDataType::StringArray, Value::unchecked(text::json(&values.into())))
    }

    /// Bytes, as Base64 text.
    pub fn binary(value: impl IntoValue<Blob>) -> Self {
        MessageAttributeValue::new().data_type(MessageAttributeDataType::Binary).binary_value(value)
    }

    fn of(data_type: MessageAttributeDataType, value: Value<String>) -> Self {
        MessageAttributeValue::new().data_type(data_type).string_value(value)
    }
}

super::text::attribute_values!(MessageAttributeValue);

/// A message with different texts for some protocols. Created by [`MessageByProtocol::new`].
///
/// ```
/// use sfn_tasks::prelude::*;
/// use sfn_tasks::tasks::sns::{MessageByProtocol, Publish};
///
/// let publish = Publish::new().topic_arn(reference("Topic")).message_by_protocol(
///     MessageByProtocol::new("The order is on its way.")
///         .email("Dear customer,\n\nyour order is on its way.")
///         .sqs(payload!({ "status": "shipped" })),
/// );
/// let machine = StateMachine::new(Task::new("Tell", publish))?;
/// assert!(machine.to_string().contains(r#""sqs":"{\"status\":\"shipped\"}"},"MessageStructure":"json""#));
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a message does nothing until it is passed to `Publish`"]
pub struct MessageByProtocol(Vec<(Text, Payload)>);

macro_rules! protocols {
    ($($(#[$docs:meta])* $method:ident: $name:literal;)*) => {$(
        $(#[$docs])*
        pub fn $method(self, message: impl Into<Payload>) -> Self {
            self.protocol($name, message)
        }
    )*};
}

impl MessageByProtocol {
    /// The message for all protocols without their own message.
    pub fn new(default: impl Into<Payload>) -> Self {
        Self(Vec::new()).protocol("default", default)
    }

    protocols! {
        /// The message for subscribed email addresses.
        email: "email";
        /// The message for email addresses that receive JSON.
        email_json: "email-json";
        /// The message for HTTP endpoints.
        http: "http";
        /// The message for HTTPS endpoints.
        https: "https";
        /// The message for Amazon SQS queues.
        sqs: "sqs";
        /// The message for Lambda functions.
        lambda: "lambda";
        /// The message for Amazon Data Firehose.
        firehose: "firehose";
        /// The message for phone numbers.
        sms: "sms";
    }

    /// The message for this protocol, such as `APNS`. A value that is not text is sent as JSON text.
    pub fn protocol(mut self, name: impl Into<String>, message: impl Into<Payload>) -> Self {
        let message = match message.into() {
            // A path or an expression must return text.
            message @ (Payload::String(_) | Payload::Expression(_) | Payload::Fault(_)) => message,
            message => text::json(&message),
        };
        let name: Text = name.into().into();
        self.0.retain(|(present, _)| *present != name);
        self.0.push((name, message));
        self
    }
}

impl<HasMessage> Publish<HasMessage> {
    /// Sets `Message` to a message with different texts for some protocols, and `MessageStructure` to `json`.
    pub fn message_by_protocol(self, message: MessageByProtocol) -> Publish<Set> {
        self.message(Payload::Object(message.0.into())).message_structure(MessageStructure::Json)
    }
}
