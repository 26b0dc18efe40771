//! AWS Step Functions workflows in Rust: typed tasks, checked definitions, exact IAM policies.
//!
//! ```
//! use sfn_tasks::prelude::*;
//! use sfn_tasks::tasks::dynamodb::{self, AttributeValue};
//! use sfn_tasks::tasks::sqs;
//!
//! let get = Task::new(
//!     "Get order",
//!     dynamodb::GetItem::new().table_name("orders").key("id", AttributeValue::s(path("$.orderId"))),
//! )
//! .result_path("$.order")
//! .catch(Catch::all().result_path("$.error"), Fail::new("Not read"));
//!
//! let queue = Task::new(
//!     "Queue order",
//!     sqs::SendMessage::new().queue_url(reference("QueueUrl")).message_body(payload!({ "order": path("$.order.Item") })),
//! );
//!
//! let machine = StateMachine::new(get.next(queue))?; // every problem and warning at once, or a checked machine
//! println!("{machine:#}"); // the definition in the Amazon States Language
//! println!("{:#}", machine.policy(&Scope::default())?); // the IAM policy that it needs
//! # Ok::<(), Problems>(())
//! ```
//!
//! - [`tasks`]: the service integrations, one module for each service. Code with a missing required parameter, or with a
//!   pattern that an API does not support, does not compile.
//! - [`states`] and [`task`]: the states, and how they are chained.
//! - [`value`]: the values of a parameter: a literal, a [`path`](value::path), a [`jsonata`](value::jsonata) expression,
//!   an [intrinsic function](value::intrinsic), a member of the [context object](value::context), a deploy-time
//!   [`reference`](value::reference()); and [`payload!`] for free JSON.
//! - [`asl`]: any definition as a document, from JSON or YAML, without loss.
//! - [`check`]: finds mistakes in a definition. [`iam`]: derives the policy of its role. [`graph`]: draws it.
//! - [`template`]: reads the state machines of a CloudFormation or SAM template.
//! - [`catalog`]: the facts about every integration, as tables.
#![cfg_attr(
    all(doc, not(doctest)),
    doc = "- [`guide`]: the manual: [names of the CDK](guide::from_the_cdk), [differences from it](guide::unlike_the_cdk),"
)]
#![cfg_attr(
    all(doc, not(doctest)),
    doc = "  [every finding](guide::checks), [IAM](guide::iam), [templates](guide::export), [calls of the SDK](guide::sdk)."
)]
//!
//! # Problems and warnings
//!
//! [`StateMachine::new`] returns a machine without problems, or all problems and warnings at once. A state accepts a
//! finding by its code: `.allow("callback-timeout")`. With [`StateMachine::builder`], warnings are in
//! [`StateMachine::warnings`], and `allow`, `warn` and `deny` apply to the whole machine.
//!
//! New features of AWS need no new version: use `.parameter("NewOption", 1)` on a builder, `.field("NewField", 1)` on a
//! state, or [`Task::raw`](task::Task::raw). The checker warns about unknown names, and [`StateMachine::new`] accepts
//! these warnings.
//!
//! # How to set parameters
//!
//! A list or map parameter has two setters: the one with its name adds one element (`.command("a").command("b")`), and
//! the one with the prefix `set_` sets the whole list or map (`.set_command(["a", "b"])`,
//! `.set_command(path("$.command"))`). A single element that is known only at run time is [`element`](value::element).
//! An `Option` sets a parameter only if it is `Some`. The type of a builder tracks the required parameters, so choose a
//! value before you call a setter, instead of calling the setter under a condition.
//!
//! The names of errors are in [`states::errors`]. Each service has a module within it:
//! `errors::lambda::SERVICE_EXCEPTION`.
//!
//! # Required parameters
//!
//! The type of a builder shows which required parameters are set, so each setter of a required parameter returns a
//! different type. If a value depends on a condition, choose the value first and call the setter once. For an optional
//! parameter, you can use an `Option` or an `if`. A function that accepts a builder in any state is generic:
//!
//! ```
//! use sfn_tasks::prelude::*;
//! use sfn_tasks::tasks::sqs::SendMessage;
//!
//! fn delayed<Url, Body>(send: SendMessage<Url, Body>) -> SendMessage<Url, Body> {
//!     send.delay_seconds(Duration::from_secs(60))
//! }
//!
//! # let (urgent, group) = (true, None::<String>);
//! let queue = if urgent { reference("UrgentQueueUrl") } else { reference("QueueUrl") };
//! let mut send = delayed(SendMessage::new()).queue_url(queue).message_body(state_input()).message_group_id(group);
//! if urgent {
//!     send = send.delay_seconds(Duration::ZERO);
//! }
//! StateMachine::new(Task::new("Send", send))?;
//! # Ok::<(), Problems>(())
//! ```
//!
//! # Cargo features
//!
//! Each service has a feature (`dynamodb`, `lambda`, …) that compiles its builders; all are on by default (`all`).
//! Checks, policies and pictures do not depend on them. `yaml`, on by default, reads definitions in YAML. `run`
//! runs definitions offline (the module `run`).

#![cfg_attr(docsrs, feature(doc_cfg))]

// Generated modules refer to the library by its crate name, here as in any other crate.
extern crate self as sfn_tasks;

pub mod asl;
pub mod catalog;
pub mod check;
pub mod custom;
pub mod export;
pub mod expression;
mod flow;
pub mod graph;
// The pages are only in the docs: a build does not read them, and their examples are not in Rust.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
pub mod iam;
mod machine;
pub mod prelude;
mod problems;
#[cfg(feature = "run")]
pub mod run;
pub mod schema;
#[macro_use]
pub mod states;
pub mod task;
pub mod tasks;
pub mod template;
#[cfg(feature = "rust")]
pub mod to_rust;
pub mod value;
mod words;

pub use custom::evaluate_expression;
pub use machine::{StateMachine, StateMachineBuilder};
pub use problems::Problems;

// The programs of the README are compiled and run with the doctests.
#[cfg(all(doctest, feature = "all"))]
#[doc = include_str!("../README.md")]
struct Readme;
