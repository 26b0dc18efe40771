// @generated from billing.json: edit that file, not this one.

//! Billing: Our own billing service.
//!
//! See [the guide](https://billing.example/).

pub use super::facts::BILLING as SERVICE;

/// Charges a customer.
///
/// # Required
///
/// - [`customer_id`](Self::customer_id): Who is charged
/// - [`lines`](Self::lines): What is charged for
///
/// Each of these setters changes the type of the builder. To set one [under a condition](::sfn_tasks#required-parameters), choose the value first, then call the setter.
///
/// # Rules
///
/// - Dollars are due at once: leave out `Grace`.
///
/// # Patterns
///
/// | Pattern | Resource |
/// |---|---|
/// | [Request Response](https://billing.example/) | `arn:${Partition}:states:::billing:charge` |
/// | [Wait for Callback](https://billing.example/) | `arn:${Partition}:states:::billing:charge.waitForTaskToken` |
///
/// A task that waits for a callback sends the task token in `Note` or `Lines[].Text`.
///
/// # IAM
///
/// | Needed by | Actions | Resources | Why |
/// |---|---|---|---|
/// | Request Response | `billing:Charge` | `arn:${Partition}:billing:${Region}:${Account}:customer/${CustomerId}` | The state charges the customer. ([source](https://billing.example/)) |
/// | Wait for Callback | `billing:Charge` | `arn:${Partition}:billing:${Region}:${Account}:customer/${CustomerId}` | The state charges the customer. Only if `billing:Mode` is `live` (`StringEquals`). Needed if `Grace` is set. ([source](https://billing.example/)) |
///
/// # Result
///
/// Wait for Callback: the output that `SendTaskSuccess` sends.
///
/// # Errors
///
/// A state can retry and catch these errors, in addition to those of Step Functions (`States.…`):
///
/// - [`Billing.Busy`](super::errors::billing::BUSY): Billing has too much to do.
///
/// # Retries
///
/// Billing is often busy. By default, the task retries `Billing.Busy`: first after 2 s, then after 2 times the previous interval, at most 3 times ([source](https://billing.example/busy)). Your own retriers come first, and the default retrier leaves out the errors that they handle. [`without_default_retry`](::sfn_tasks::task::Task::without_default_retry) removes it.
///
/// # Example
///
/// ```
/// use sfn_tasks::prelude::*;
/// use private_integration::tasks::billing::*;
///
/// let task = Task::new(
///     "Charge",
///     Charge::new()
///         .customer_id(path("$.customer"))
///         .lines(Line::new().text("Shipping").amount(Amount::cents(490)))
///         .lines(Line::new().text(path("$.text")).amount(Amount::free(true)))
///         .currency(Currency::Eur)
///         .grace(Duration::from_secs(14 * 24 * 60 * 60))
///         .labels("shop", "north"),
/// );
/// let machine = StateMachine::new(task)?;
/// assert_eq!(
///     format!("{machine:#}"),
///     r#"{
///   "StartAt": "Charge",
///   "States": {
///     "Charge": {
///       "Type": "Task",
///       "Resource": "arn:aws:states:::billing:charge",
///       "Parameters": {
///         "CustomerId.$": "$.customer",
///         "Lines": [
///           {
///             "Text": "Shipping",
///             "Amount": {
///               "Cents": 490
///             }
///           },
///           {
///             "Text.$": "$.text",
///             "Amount": {
///               "Free": true
///             }
///           }
///         ],
///         "Currency": "EUR",
///         "Grace": 14,
///         "Labels": {
///           "shop": "north"
///         },
///         "Note.$": "$"
///       },
///       "Retry": [
///         {
///           "ErrorEquals": [
///             "Billing.Busy"
///           ],
///           "IntervalSeconds": 2,
///           "MaxAttempts": 3,
///           "BackoffRate": 2
///         }
///       ],
///       "End": true
///     }
///   }
/// }"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
///
/// The same in JSONata:
///
/// ```
/// use sfn_tasks::prelude::*;
/// use private_integration::tasks::billing::*;
///
/// let task = Task::new(
///     "Charge",
///     Charge::new()
///         .customer_id(jsonata("$states.input.customer"))
///         .lines(Line::new().text("Shipping").amount(Amount::cents(490)))
///         .lines(
///             Line::new()
///                 .text(jsonata("$states.input.text"))
///                 .amount(Amount::free(true)),
///         )
///         .currency(Currency::Eur)
///         .grace(Duration::from_secs(14 * 24 * 60 * 60))
///         .labels("shop", "north"),
/// );
/// let machine = StateMachine::builder(task).query_language(QueryLanguage::Jsonata).build()?;
/// assert_eq!(
///     format!("{machine:#}"),
///     r#"{
///   "QueryLanguage": "JSONata",
///   "StartAt": "Charge",
///   "States": {
///     "Charge": {
///       "Type": "Task",
///       "Resource": "arn:aws:states:::billing:charge",
///       "Arguments": {
///         "CustomerId": "{% $states.input.customer %}",
///         "Lines": [
///           {
///             "Text": "Shipping",
///             "Amount": {
///               "Cents": 490
///             }
///           },
///           {
///             "Text": "{% $states.input.text %}",
///             "Amount": {
///               "Free": true
///             }
///           }
///         ],
///         "Currency": "EUR",
///         "Grace": 14,
///         "Labels": {
///           "shop": "north"
///         },
///         "Note": "{% $states.input %}"
///       },
///       "Retry": [
///         {
///           "ErrorEquals": [
///             "Billing.Busy"
///           ],
///           "IntervalSeconds": 2,
///           "MaxAttempts": 3,
///           "BackoffRate": 2
///         }
///       ],
///       "End": true
///     }
///   }
/// }"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
///
/// ## Charge and wait
///
/// ```
/// use sfn_tasks::prelude::*;
/// use private_integration::tasks::billing::*;
///
/// let task = Task::new(
///     "Charge and wait",
///     Charge::new()
///         .customer_id("42")
///         .lines(Line::new().text("Shipping"))
///         .note(payload!({ "token": task_token() })),
/// )
/// .wait_for_task_token()
/// .timeout(Duration::from_secs(60 * 60));
/// let machine = StateMachine::new(task)?;
/// assert_eq!(
///     format!("{machine:#}"),
///     r#"{
///   "StartAt": "Charge and wait",
///   "States": {
///     "Charge and wait": {
///       "Type": "Task",
///       "Resource": "arn:aws:states:::billing:charge.waitForTaskToken",
///       "Parameters": {
///         "CustomerId": "42",
///         "Lines": [
///           {
///             "Text": "Shipping"
///           }
///         ],
///         "Note": {
///           "token.$": "$$.Task.Token"
///         }
///       },
///       "TimeoutSeconds": 3600,
///       "Retry": [
///         {
///           "ErrorEquals": [
///             "Billing.Busy"
///           ],
///           "IntervalSeconds": 2,
///           "MaxAttempts": 3,
///           "BackoffRate": 2
///         }
///       ],
///       "End": true
///     }
///   }
/// }"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
///
/// The same in JSONata:
///
/// ```
/// use sfn_tasks::prelude::*;
/// use private_integration::tasks::billing::*;
///
/// let task = Task::new(
///     "Charge and wait",
///     Charge::new()
///         .customer_id("42")
///         .lines(Line::new().text("Shipping"))
///         .note(payload!({ "token": task_token() })),
/// )
/// .wait_for_task_token()
/// .timeout(Duration::from_secs(60 * 60));
/// let machine = StateMachine::builder(task).query_language(QueryLanguage::Jsonata).build()?;
/// assert_eq!(
///     format!("{machine:#}"),
///     r#"{
///   "QueryLanguage": "JSONata",
///   "StartAt": "Charge and wait",
///   "States": {
///     "Charge and wait": {
///       "Type": "Task",
///       "Resource": "arn:aws:states:::billing:charge.waitForTaskToken",
///       "Arguments": {
///         "CustomerId": "42",
///         "Lines": [
///           {
///             "Text": "Shipping"
///           }
///         ],
///         "Note": {
///           "token": "{% $states.context.Task.Token %}"
///         }
///       },
///       "TimeoutSeconds": 3600,
///       "Retry": [
///         {
///           "ErrorEquals": [
///             "Billing.Busy"
///           ],
///           "IntervalSeconds": 2,
///           "MaxAttempts": 3,
///           "BackoffRate": 2
///         }
///       ],
///       "End": true
///     }
///   }
/// }"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
///
/// See [the API's page](https://billing.example/charge).
#[doc(alias = "BillingCharge")]
#[doc(alias = "billing:charge")]
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a builder does nothing until it is passed to a task"]
pub struct Charge<HasCustomerId = ::sfn_tasks::task::Set, HasLines = ::sfn_tasks::task::Set> {
    parameters: ::sfn_tasks::task::Parameters,
    required: ::std::marker::PhantomData<(HasCustomerId, HasLines,)>,
}

impl Charge<missing::CustomerId, missing::Lines> {
    /// Creates a builder without any parameters.
    pub fn new() -> Self {
        Self {
            parameters: ::sfn_tasks::task::Parameters::new(),
            required: ::std::marker::PhantomData
        }
    }
}

impl ::std::default::Default for Charge<missing::CustomerId, missing::Lines> {
    fn default() -> Self {
        Self::new()
    }
}

impl<HasCustomerId, HasLines> Charge<HasCustomerId, HasLines> {
    /// Who is charged.
    ///
    /// `CustomerId`, required, 1 to 36 characters.
    pub fn customer_id(self, customer_id: impl ::sfn_tasks::value::IntoValue<::std::string::String>) -> Charge<::sfn_tasks::task::Set, HasLines> {
        Charge {
            parameters: self.parameters.set("CustomerId", ::sfn_tasks::value::IntoValue::into_value(customer_id)),
            required: ::std::marker::PhantomData
        }
    }

    /// What is charged for.
    ///
    /// `Lines`, required, 1 to 50 elements.
    ///
    /// Each call adds an element.
    pub fn lines(self, element: impl ::sfn_tasks::value::IntoValue<Line>) -> Charge<HasCustomerId, ::sfn_tasks::task::Set> {
        Charge {
            parameters: self.parameters.append("Lines", ::sfn_tasks::value::IntoValue::into_value(element)),
            required: ::std::marker::PhantomData
        }
    }

    /// Sets all elements of `Lines` at once, as values or as one expression; see [`lines`](Self::lines).
    pub fn set_lines(self, lines: impl ::sfn_tasks::value::IntoValue<::std::vec::Vec<Line>>) -> Charge<HasCustomerId, ::sfn_tasks::task::Set> {
        Charge {
            parameters: self.parameters.set("Lines", ::sfn_tasks::value::IntoValue::into_value(lines)),
            required: ::std::marker::PhantomData
        }
    }

    /// The currency.
    ///
    /// `Currency`, default: `"EUR"`.
    pub fn currency(self, currency: impl ::sfn_tasks::value::IntoValue<Currency>) -> Self {
        Self {
            parameters: self.parameters.set("Currency", ::sfn_tasks::value::IntoValue::into_value(currency)),
            required: ::std::marker::PhantomData
        }
    }

    /// Anything.
    ///
    /// `Note`.
    ///
    /// If it is not set, the builder sets it to `$` (`$states.input` in JSONata): The input is the usual note. ([source](https://billing.example/note))
    pub fn note(self, note: impl ::sfn_tasks::value::IntoValue<::sfn_tasks::value::Payload>) -> Self {
        Self {
            parameters: self.parameters.set("Note", ::sfn_tasks::value::IntoValue::into_value(note)),
            required: ::std::marker::PhantomData
        }
    }

    /// How long the customer may take.
    ///
    /// `Grace`, 0 to 90 days.
    pub fn grace(self, grace: impl ::sfn_tasks::value::IntoTime<::sfn_tasks::value::Days>) -> Self {
        Self {
            parameters: self.parameters.set("Grace", ::sfn_tasks::value::IntoTime::into_time(grace)),
            required: ::std::marker::PhantomData
        }
    }

    /// Labels.
    ///
    /// `Labels`.
    ///
    /// Each call adds a member.
    pub fn labels(self, key: impl ::sfn_tasks::value::IntoKey, value: impl ::sfn_tasks::value::IntoValue<::std::string::String>) -> Self {
        Self {
            parameters: self.parameters.insert("Labels", key.into_key(), ::sfn_tasks::value::IntoValue::into_value(value)),
            required: ::std::marker::PhantomData
        }
    }

    /// Sets all members of `Labels` at once, as values or as one expression; see [`labels`](Self::labels).
    pub fn set_labels(self, labels: impl ::sfn_tasks::value::IntoValue<::std::collections::BTreeMap<::std::string::String, ::std::string::String>>) -> Self {
        Self {
            parameters: self.parameters.set("Labels", ::sfn_tasks::value::IntoValue::into_value(labels)),
            required: ::std::marker::PhantomData
        }
    }

    /// The type.
    ///
    /// `Type`.
    pub fn r#type(self, r#type: impl ::sfn_tasks::value::IntoValue<::std::string::String>) -> Self {
        Self {
            parameters: self.parameters.set("Type", ::sfn_tasks::value::IntoValue::into_value(r#type)),
            required: ::std::marker::PhantomData
        }
    }

    /// Sets any member by its name, such as a parameter or a value that AWS has added recently. The checker
    /// reports an unknown name or value as a warning, not as an error.
    pub fn parameter(self, name: impl ::std::convert::Into<::std::string::String>, value: impl ::sfn_tasks::value::IntoPayload) -> Self {
        let name: ::std::string::String = name.into();
        Self {
            parameters: self.parameters.set_deliberately(name, value),
            required: ::std::marker::PhantomData
        }
    }
}

impl<HasCustomerId: ::sfn_tasks::task::IsSet, HasLines: ::sfn_tasks::task::IsSet> ::sfn_tasks::task::Integration for Charge<HasCustomerId, HasLines> {
    fn action() -> &'static ::sfn_tasks::catalog::Action {
        SERVICE.actions[0]
    }

    fn into_parameters(self) -> ::sfn_tasks::task::Parameters {
        self.parameters
    }
}

impl<HasCustomerId, HasLines> ::sfn_tasks::task::WaitForTaskToken for Charge<HasCustomerId, HasLines> {}

/// A currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Currency {
    /// `EUR`: Euro.
    Eur,
    /// `USD`: Dollar.
    Usd,
}

::sfn_tasks::value::choices!(Currency {Eur = "EUR", Usd = "USD"});

/// Something to pay for.
///
/// # Required
///
/// - [`text`](Self::text): What it is
///
/// Each of these setters changes the type of the builder. To set one [under a condition](::sfn_tasks#required-parameters), choose the value first, then call the setter.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a builder does nothing until it is passed to a task"]
pub struct Line<HasText = ::sfn_tasks::task::Set> {
    parameters: ::sfn_tasks::task::Parameters,
    required: ::std::marker::PhantomData<(HasText,)>,
}

impl Line<missing::Text> {
    /// Creates a builder without any parameters.
    pub fn new() -> Self {
        Self {
            parameters: ::sfn_tasks::task::Parameters::new(),
            required: ::std::marker::PhantomData
        }
    }
}

impl ::std::default::Default for Line<missing::Text> {
    fn default() -> Self {
        Self::new()
    }
}

impl<HasText> Line<HasText> {
    /// What it is.
    ///
    /// `Text`, required.
    pub fn text(self, text: impl ::sfn_tasks::value::IntoValue<::std::string::String>) -> Line<::sfn_tasks::task::Set> {
        Line {
            parameters: self.parameters.set("Text", ::sfn_tasks::value::IntoValue::into_value(text)),
            required: ::std::marker::PhantomData
        }
    }

    /// What it costs.
    ///
    /// `Amount`.
    pub fn amount(self, amount: impl ::sfn_tasks::value::IntoValue<Amount>) -> Self {
        Self {
            parameters: self.parameters.set("Amount", ::sfn_tasks::value::IntoValue::into_value(amount)),
            required: ::std::marker::PhantomData
        }
    }

    /// Sets any member by its name, such as a parameter or a value that AWS has added recently. The checker
    /// reports an unknown name or value as a warning, not as an error.
    pub fn parameter(self, name: impl ::std::convert::Into<::std::string::String>, value: impl ::sfn_tasks::value::IntoPayload) -> Self {
        let name: ::std::string::String = name.into();
        Self {
            parameters: self.parameters.set_deliberately(name, value),
            required: ::std::marker::PhantomData
        }
    }
}

impl ::sfn_tasks::value::ReferenceForm for Line {
    const QUOTED: bool = false;
}

#[doc(hidden)]
impl<HasText: ::sfn_tasks::task::IsSet> ::sfn_tasks::value::IntoValue<Line> for Line<HasText> {
    fn into_value(self) -> ::sfn_tasks::value::Value<Line> {
        ::sfn_tasks::value::Value::unchecked(self.parameters.into_payload(SERVICE.structure(0)))
    }
}

/// A price.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a value does nothing until it is passed to a builder"]
pub struct Amount {
    parameters: ::sfn_tasks::task::Parameters
}

impl Amount {
    /// In cents.
    ///
    /// `Cents`.
    pub fn cents(value: impl ::sfn_tasks::value::IntoValue<i64>) -> Self {
        Self {
            parameters: ::sfn_tasks::task::Parameters::new().set("Cents", ::sfn_tasks::value::IntoValue::into_value(value))
        }
    }

    /// Nothing.
    ///
    /// `Free`.
    pub fn free(value: impl ::sfn_tasks::value::IntoValue<bool>) -> Self {
        Self {
            parameters: ::sfn_tasks::task::Parameters::new().set("Free", ::sfn_tasks::value::IntoValue::into_value(value))
        }
    }
}

impl ::sfn_tasks::value::ReferenceForm for Amount {
    const QUOTED: bool = false;
}

#[doc(hidden)]
impl ::sfn_tasks::value::IntoValue<Amount> for Amount {
    fn into_value(self) -> ::sfn_tasks::value::Value<Amount> {
        ::sfn_tasks::value::Value::unchecked(self.parameters.into_payload(SERVICE.structure(1)))
    }
}

/// Markers in the type of a builder for required parameters that are not set yet. With them, a function can accept or
/// return an incomplete builder.
pub mod missing {
    /// `CustomerId` is not set.
    #[derive(Debug, Clone, PartialEq)]
    pub enum CustomerId {}

    /// `Lines` is not set.
    #[derive(Debug, Clone, PartialEq)]
    pub enum Lines {}

    /// `Text` is not set.
    #[derive(Debug, Clone, PartialEq)]
    pub enum Text {}
}
