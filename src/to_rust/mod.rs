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
mod intrinsic;
mod names;
mod state;
mod task;
mod value;
mod way;

use std::collections::{BTreeMap, BTreeSet};

use sfn_tasks_rust::{Code, call, text};

use crate::asl::{Machine, QueryLanguage, StateMachine};
use crate::catalog::Action;
use crate::value::Json;
use way::Scope;

/// A definition as Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Module {
    /// The source: imports, and a function that builds the state machine.
    pub text: String,
    /// The parts of the definition that the function does not build: the JSON Pointer of each, and the reason.
    pub left_out: Vec<(String, String)>,
}

/// Settings of the Rust code.
#[derive(Debug, Clone)]
#[must_use = "pass it to `module`"]
pub struct Options {
    function: String,
    is_unchecked: bool,
    allowed: Vec<String>,
    own: Vec<&'static Action>,
}

impl Options {
    /// Writes a function with this name, which builds and checks the state machine.
    pub fn new(function: impl Into<String>) -> Self {
        Self { function: function.into(), is_unchecked: false, allowed: Vec::new(), own: Vec::new() }
    }

    /// Allows findings with this code in the state machine. Use it if the definition has such findings.
    pub fn allow(mut self, code: impl Into<String>) -> Self {
        self.allowed.push(code.into());
        self
    }

    /// Calls an integration of your own with its builder in the module `crate::tasks::SERVICE`.
    pub fn integration(mut self, action: &'static Action) -> Self {
        self.own.push(action);
        self
    }

    /// Builds the state machine without checks. Use it if the definition has errors.
    pub fn unchecked(mut self) -> Self {
        self.is_unchecked = true;
        self
    }
}

/// Turns a definition into Rust: a module with one function, which builds a state machine with the same definition.
///
/// A call that the library knows uses the typed builder of the integration. Any other call uses
/// [`Task::raw`](crate::task::Task::raw).
pub fn module(machine: &StateMachine, options: &Options) -> Module {
    let definition = machine.definition();
    let language = definition.query_language();
    let partition = partition(&definition);
    let new = || Writer { own: options.own.clone(), partition: partition.clone(), ..Writer::default() };
    // A first pass counts equal retriers.
    let mut counted = Writer { counts: true, ..new() };
    Scope::new(&definition).write(&mut counted);
    counted.retriers.retain(|_, retrier| retrier.uses > 1);
    let mut writer = Writer { retriers: counted.retriers, ..new() };
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

/// Collects statements, and the imports that they need.
#[derive(Debug, Default)]
struct Writer {
    statements: Vec<String>,
    variables: BTreeSet<String>,
    /// Modules of services
    services: BTreeSet<String>,
    /// Integrations that the library does not know
    own: Vec<&'static Action>,
    /// Whether a task calls one of them
    calls_own: bool,
    left_out: Vec<(String, String)>,
    /// The partition of the state machine, if it is not `aws`
    partition: Option<String>,
    /// Whether this pass only counts retriers
    counts: bool,
    /// Retriers that several states use, by their source
    retriers: BTreeMap<String, Shared>,
}

/// A value that several states use.
#[derive(Debug, Default)]
struct Shared {
    uses: usize,
    variable: Option<String>,
}

/// The partition of the resources of a state machine. `None` if it is `aws`, or if there are several.
fn partition(definition: &Machine<'_>) -> Option<String> {
    let mut partitions = BTreeSet::new();
    let mut open = vec![definition.clone()];
    while let Some(machine) = open.pop() {
        for state in machine.states() {
            let reader = |field: &str| state.object()?.get(field)?.get("Resource")?.as_str();
            let resources = [state.resource(), reader("ItemReader"), reader("ResultWriter")];
            for resource in resources.into_iter().flatten() {
                if let Some((partition, _)) = resource.strip_prefix("arn:").and_then(|arn| arn.split_once(":states:")) {
                    partitions.insert(partition.to_owned());
                }
            }
            open.extend(state.machines());
        }
    }
    let only = partitions.pop_first()?;
    (partitions.is_empty() && only != "aws").then_some(only)
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
        if let Some(partition) = &self.partition {
            settings.push(("partition", vec![text(partition)]));
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

    /// A retrier. It becomes a variable if other states use the same one.
    fn shared_retrier(&mut self, wanted: &str, retrier: Code) -> Code {
        let source = retrier.to_string();
        if source.chars().count() <= way::SHORT {
            return retrier;
        }
        if self.counts {
            self.retriers.entry(source).or_default().uses += 1;
            return retrier;
        }
        let variable = match self.retriers.get(&source) {
            None => return retrier,
            Some(Shared { variable: Some(variable), .. }) => variable.clone(),
            Some(Shared { variable: None, .. }) => {
                let variable = self.bind(wanted, &retrier);
                self.retriers.entry(source).or_default().variable = Some(variable.clone());
                variable
            }
        };
        Code::raw(variable).method("clone", [])
    }

    /// Binds the value to a new variable. Returns its name.
    fn bind(&mut self, wanted: &str, value: &Code) -> String {
        let name = names::variable(wanted, &self.variables);
        self.variables.insert(name.clone());
        self.statements.push(value.write(4, &format!("let {name} = "), ";"));
        name
    }
}
