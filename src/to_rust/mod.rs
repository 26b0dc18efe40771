//! A definition as Rust of this library.
//!
//! ```
//! use sfn_tasks::{asl, to_rust};
//!
//! let machine: asl::StateMachine = r#"{"StartAt": "Send", "States": {"Send": {
//!     "Type": "Task",
//!     "Resource": "arn:aws:states:::sqs:sendMessage",
//!     "Parameters": {"QueueUrl": "${QueueUrl}", "MessageBody.$": "$.order"},
//!     "End": true
//! }}}"#.parse()?;
//! assert_eq!(to_rust::module(&machine, &to_rust::Options::new("orders")).text, r#"use sfn_tasks::prelude::*;
//! use sfn_tasks::tasks::sqs;
//!
//! /// The state machine.
//! pub fn orders() -> Result<StateMachine, Problems> {
//!     let send = Task::new(
//!         "Send",
//!         sqs::SendMessage::new()
//!             .queue_url(reference("QueueUrl"))
//!             .message_body(path("$.order")),
//!     );
//!     StateMachine::new(send)
//! }
//! "#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod condition;
mod names;
mod state;
mod task;
mod value;
mod way;

use std::collections::BTreeSet;

use sfn_tasks_rust::{Code, call, text};

use crate::asl::{QueryLanguage, StateMachine};
use crate::catalog::Action;
use crate::value::Json;
use way::Scope;

/// A definition as Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Module {
    /// The source: imports, and a function that makes the machine.
    pub text: String,
    /// What the function does not make, with its place as a JSON Pointer.
    pub left_out: Vec<(String, String)>,
}

/// How a definition is written.
#[derive(Debug, Clone)]
#[must_use = "give it to `module`"]
pub struct Options {
    function: String,
    is_unchecked: bool,
    allowed: Vec<String>,
    own: Vec<&'static Action>,
}

impl Options {
    /// A function of that name, whose machine is checked when it is made.
    pub fn new(function: impl Into<String>) -> Self {
        Self { function: function.into(), is_unchecked: false, allowed: Vec::new(), own: Vec::new() }
    }

    /// The machine allows the findings of that code, which the definition has.
    pub fn allow(mut self, code: impl Into<String>) -> Self {
        self.allowed.push(code.into());
        self
    }

    /// Calls of an integration of your own are made by its builder, whose module is `crate::tasks::SERVICE`.
    pub fn integration(mut self, action: &'static Action) -> Self {
        self.own.push(action);
        self
    }

    /// The machine is made without the checks, for a definition that they refuse.
    pub fn unchecked(mut self) -> Self {
        self.is_unchecked = true;
        self
    }
}

/// The Rust of a definition: a module with one function, whose machine has the same definition.
///
/// A call that the library knows is made by its typed builder, any other by
/// [`Task::raw`](crate::task::Task::raw).
pub fn module(machine: &StateMachine, options: &Options) -> Module {
    let mut writer = Writer { own: options.own.clone(), ..Writer::default() };
    let definition = machine.definition();
    let language = definition.query_language();
    let chain = Scope::new(&definition).write(&mut writer);
    let body = writer.machine(machine, chain, language, options);
    let mut source = String::from("use sfn_tasks::prelude::*;\n");
    source.push_str(&writer.imports());
    source.push_str("\n/// The state machine.\n");
    source.push_str(&format!("pub fn {}() -> Result<StateMachine, Problems> {{\n", names::function(&options.function)));
    for statement in &writer.statements {
        source.push_str(statement);
        source.push('\n');
    }
    source.push_str(&body);
    source.push_str("\n}\n");
    Module { text: source, left_out: writer.left_out }
}

/// Gathers statements and what they need.
#[derive(Debug, Default)]
struct Writer {
    statements: Vec<String>,
    variables: BTreeSet<String>,
    /// Modules of services
    services: BTreeSet<String>,
    /// Integrations that the library does not know
    own: Vec<&'static Action>,
    /// Whether one of them is called
    calls_own: bool,
    left_out: Vec<(String, String)>,
}

impl Writer {
    fn machine(&mut self, machine: &StateMachine, chain: Code, language: QueryLanguage, options: &Options) -> String {
        let Some(object) = machine.json().as_object() else {
            self.left_out.push((String::new(), "the definition is not an object".to_owned()));
            return "    StateMachine::new(Chain::default())".to_owned();
        };
        let mut settings: Vec<(&str, Vec<Code>)> = Vec::new();
        for (name, value) in object.iter() {
            match (name, value) {
                ("StartAt" | "States", _) => {}
                ("Comment", Json::String(comment)) => settings.push(("comment", vec![text(comment)])),
                ("Version", Json::String(version)) => settings.push(("version", vec![text(version)])),
                ("QueryLanguage", Json::String(_)) => {
                    let name = if language == QueryLanguage::Jsonata { "Jsonata" } else { "JsonPath" };
                    settings.push(("query_language", vec![Code::raw(format!("QueryLanguage::{name}"))]));
                }
                ("TimeoutSeconds", Json::Number(number)) if number.as_u64().is_some() => {
                    settings.push(("timeout", vec![value::duration(number.as_u64().unwrap_or_default())]));
                }
                _ => self.left_out.push((format!("/{name}"), format!("the builder has no setter for `{name}`"))),
            }
        }
        if !options.is_unchecked {
            settings.extend(options.allowed.iter().map(|code| ("allow", vec![text(code)])));
        }
        if settings.is_empty() && !options.is_unchecked {
            return call("StateMachine::new", [chain]).write(4, "", "");
        }
        let mut code = call("StateMachine::builder", [chain]);
        for (setter, arguments) in settings {
            code = code.method(setter, arguments);
        }
        code.method(if options.is_unchecked { "build_unchecked" } else { "build" }, []).write(4, "", "")
    }

    fn imports(&self) -> String {
        let own = if self.calls_own { "use crate::tasks;\n" } else { "" };
        let mut lines = String::new();
        match self.services.len() {
            0 => {}
            1 => lines = self.services.iter().map(|module| format!("use sfn_tasks::tasks::{module};\n")).collect(),
            _ => {
                let modules: Vec<&str> = self.services.iter().map(String::as_str).collect();
                lines.push_str(&format!("use sfn_tasks::tasks::{{{}}};\n", modules.join(", ")));
            }
        }
        own.to_owned() + &lines
    }

    /// A new variable with that value; gives its name.
    fn bind(&mut self, wanted: &str, value: &Code) -> String {
        let name = names::variable(wanted, &self.variables);
        self.variables.insert(name.clone());
        self.statements.push(value.write(4, &format!("let {name} = "), ";"));
        name
    }
}
