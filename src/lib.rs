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
//! - [`tasks`]: the service integrations, one module a service. A required parameter that is not set, and a pattern
//!   that an API does not have, do not compile.
//! - [`states`] and [`task`]: the states, and how they are chained.
//! - [`value`]: what a parameter may be: a literal, a [`path`](value::path), a [`jsonata`](value::jsonata) expression,
//!   an [intrinsic function](value::intrinsic), a member of the [context object](value::context), a deploy-time
//!   [`reference`](value::reference()); and [`payload!`] for free JSON.
//! - [`asl`]: any definition as a document, from JSON or YAML, without loss.
//! - [`check`]: what is wrong with a definition. [`iam`]: what its role must be allowed. [`graph`]: what it looks like.
//! - [`template`]: what a CloudFormation or SAM template says of its state machines.
//! - [`catalog`]: what is known of every integration, as tables.
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
//! [`StateMachine::new`] gives a machine in which no problems found: every problem comes back at once, warnings too. A
//! state accepts a finding by its code: `.allow("callback-timeout")`. With [`StateMachine::builder`], `allow`, `warn` and
//! `deny` hold for the whole machine; `warn` keeps a finding in [`StateMachine::warnings`].
//!
//! What AWS has added since can be said at once: `.parameter("NewOption", 1)` on a builder, `.field("NewField", 1)` on a
//! state and [`Task::raw`](task::Task::raw) are believed, and what the checker does not know of them is a warning that
//! keeps no machine from being made.
//!
//! # How things are said
//!
//! A list or map parameter has two setters: the one with its name adds one element (`.command("a").command("b")`), the
//! one that begins with `set_` sets the whole (`.set_command(["a", "b"])`, `.set_command(path("$.command"))`). A single
//! element that is known only at run time is said by [`element`](value::element). An `Option` sets a parameter only if
//! there is something in it. `serde_json::json!` takes constants only; [`payload!`] takes the same JSON with all of the
//! above in it.
//!
//! The names of errors are in [`states::errors`], those of a service in a module within it:
//! `errors::lambda::SERVICE_EXCEPTION`.
//!
//! # Required parameters
//!
//! The type of a builder says which required parameters are set, so each setter of one gives another type. Where a
//! condition decides, choose the value first and call the setter once; where only an optional parameter depends on it, an
//! `Option` or an `if` will do. What works on a builder whatever is set of it, is generic:
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
//! One a service (`dynamodb`, `lambda`, …), all on by default (`all`): it chooses which builders are compiled. What
//! checks, policies and pictures know does not depend on it. `yaml`, on by default, reads definitions in YAML. `run`
//! runs definitions offline (the module `run`).

#![cfg_attr(docsrs, feature(doc_cfg))]

// Generated modules name the library by its crate name, here as in anybody else's crate.
extern crate self as sfn_tasks;

pub mod asl;
pub mod catalog;
pub mod check;
pub mod custom;
pub mod export;
pub mod expression;
mod flow;
pub mod graph;
// The pages are part of the docs alone: a build does not read them, and their examples are not in Rust.
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

// The programs of the README are compiled and run with the tests of the docs.
#[cfg(all(doctest, feature = "all"))]
#[doc = include_str!("../README.md")]
struct Readme;
