//! Templates that deploy a state machine.
//!
//! [`Export`] writes the state machine, its role with exactly the policy that the definition needs, its log group,
//! version, alias and outputs. The result is a template for [CloudFormation](Export::cloud_formation) or
//! [SAM](Export::sam), a configuration for [Terraform](Export::terraform), or a construct for the [CDK](Export::cdk).
//!
//! A [`Binding`] sets the value of a reference of the definition (`${OrdersTable}`). The definition and the policy
//! use the same bindings.
//!
//! ```
//! use sfn_tasks::export::Binding;
//! use sfn_tasks::prelude::*;
//! use sfn_tasks::tasks::sqs;
//!
//! let send = sqs::SendMessage::new().queue_url(reference("QueueUrl")).message_body(state_input());
//! let machine = StateMachine::new(Task::new("Send", send))?;
//! let template = machine.export().bind("QueueUrl", Binding::resource("Orders")).cloud_formation()?;
//!
//! let properties = template.json().pointer("/Resources/StateMachine/Properties").unwrap();
//! assert_eq!(properties.pointer("/DefinitionSubstitutions/QueueUrl/Ref").unwrap().as_str(), Some("Orders"));
//! println!("{}", template.to_yaml());
//! # Ok::<(), Problems>(())
//! ```

mod binding;
mod cdk;
mod cloud_formation;
mod definition;
mod hcl;
mod names;
mod sam;
mod settings;
mod template;
mod terraform;

pub use binding::Binding;
pub use settings::{Alias, LogLevel, Logging, Shift};
pub use template::Template;

use std::collections::BTreeMap;

use crate::Problems;
use crate::asl::StateMachine;
use crate::check::{Diagnostic, Severity};
use crate::iam::{self, Documents, Policy, Scope};
use crate::value::Json;
use definition::Definition;

/// How to treat a reference of the definition that has no [`Binding`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Unbound {
    /// The reference becomes a parameter of the template: a variable in Terraform, a property of the construct in the
    /// CDK.
    #[default]
    Parameter,
    /// It is an error.
    Error,
}

/// The settings of a deployment. Created by [`StateMachine::export`](crate::StateMachine::export), or by
/// [`Export::new`] for any definition.
#[derive(Debug, Clone)]
#[must_use = "call `cloud_formation`, `sam`, `terraform` or `cdk`"]
pub struct Export<'m> {
    machine: &'m StateMachine,
    policy: iam::Options,
    logical_id: String,
    name: Option<String>,
    comment: Option<String>,
    is_express: bool,
    logging: Option<Logging>,
    is_traced: bool,
    encryption_key: Option<String>,
    key_reuse: Option<u32>,
    tags: BTreeMap<String, String>,
    alias: Option<Alias>,
    is_retained: bool,
    is_fragment: bool,
    bindings: BTreeMap<String, Binding>,
    unbound: Unbound,
}

impl<'m> Export<'m> {
    /// A Standard workflow without logging and tracing.
    pub fn new(machine: &'m StateMachine) -> Self {
        Self {
            machine,
            policy: iam::Options::default(),
            logical_id: "StateMachine".to_owned(),
            name: None,
            comment: None,
            is_express: false,
            logging: None,
            is_traced: false,
            encryption_key: None,
            key_reuse: None,
            tags: BTreeMap::new(),
            alias: None,
            is_retained: false,
            is_fragment: false,
            bindings: BTreeMap::new(),
            unbound: Unbound::default(),
        }
    }

    /// Settings of the policy that the definition does not contain, such as grants for single states and your own
    /// integrations. Name, logging, tracing and encryption come from the methods of `Export`.
    pub fn policy_options(mut self, options: iam::Options) -> Self {
        self.policy = options;
        self
    }

    /// The logical ID of the state machine. The default is `StateMachine`. The logical IDs of the role and the log
    /// group start with it. In Terraform it becomes the label of the resources, in the CDK the name of the class.
    pub fn logical_id(mut self, logical_id: impl Into<String>) -> Self {
        self.logical_id = logical_id.into();
        self
    }

    /// The name of the state machine. Without it, AWS generates a name. If the policy needs the name, the name of the
    /// stack becomes part of it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The description of the template.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// Makes the state machine an Express workflow.
    pub fn express(mut self, is_express: bool) -> Self {
        self.is_express = is_express;
        self
    }

    /// Writes logs to a new log group.
    pub fn logging(mut self, logging: Logging) -> Self {
        self.logging = Some(logging);
        self
    }

    /// Sends traces to X-Ray.
    pub fn tracing(mut self) -> Self {
        self.is_traced = true;
        self
    }

    /// Encrypts the state machine with this customer managed key: an ID, an ARN, an alias, or a reference `${Name}`.
    pub fn encryption_key(mut self, key: impl Into<String>) -> Self {
        self.encryption_key = Some(key.into());
        self
    }

    /// The time in seconds (60 to 900) for which Step Functions reuses a data key before it calls KMS again.
    pub fn data_key_reuse_seconds(mut self, seconds: u32) -> Self {
        self.key_reuse = Some(seconds);
        self
    }

    /// A tag of the state machine, its role and its log group.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.insert(key.into(), value.into());
        self
    }

    /// Publishes a version with each deployment, and moves this alias to it.
    pub fn alias(mut self, alias: Alias) -> Self {
        self.alias = Some(alias);
        self
    }

    /// Keeps the state machine when the stack is deleted.
    pub fn retain(mut self) -> Self {
        self.is_retained = true;
        self
    }

    /// Writes only the part to merge into an existing template: no header, no outputs.
    pub fn fragment(mut self) -> Self {
        self.is_fragment = true;
        self
    }

    /// Sets the value of the reference `${name}` in the definition and in the policy.
    pub fn bind(mut self, name: impl Into<String>, binding: impl Into<Binding>) -> Self {
        self.bindings.insert(name.into(), binding.into());
        self
    }

    /// How to treat references without a binding.
    pub fn unbound(mut self, unbound: Unbound) -> Self {
        self.unbound = unbound;
        self
    }

    /// Writes a CloudFormation template.
    ///
    /// # Errors
    ///
    /// Returns all reasons why the template cannot be written: references without a binding if they are errors,
    /// bindings that CloudFormation cannot express, states with unknown permissions, a policy that is too large for a
    /// role.
    pub fn cloud_formation(&self) -> Result<Template, Problems> {
        cloud_formation::template(&self.plan(&self.name_of_stack())?)
    }

    /// Writes a SAM template. If the template cannot contain the definition, the definition becomes a file next to it
    /// ([`Template::files`]).
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`cloud_formation`](Self::cloud_formation), and one for each setting that SAM does
    /// not support: a customer managed key, and `${` that does not start a reference.
    pub fn sam(&self) -> Result<Template, Problems> {
        sam::template(&self.plan(&self.name_of_stack())?)
    }

    /// Writes a Terraform configuration for the AWS provider in the format of `terraform fmt`.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`cloud_formation`](Self::cloud_formation).
    pub fn terraform(&self) -> Result<String, Problems> {
        terraform::configuration(&self.plan(&names::kebab(&self.logical_id))?)
    }

    /// Writes a construct for the CDK in TypeScript. The references of the definition become its properties.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`cloud_formation`](Self::cloud_formation).
    pub fn cdk(&self) -> Result<String, Problems> {
        cdk::construct(&self.plan(&self.name_of_stack())?)
    }

    /// The name in the policy of a CloudFormation state machine without a name.
    fn name_of_stack(&self) -> String {
        format!("${{AWS::StackName}}-{}", self.logical_id)
    }

    /// The parts that do not depend on the target. `name` is used if the policy needs a name and none is set.
    fn plan(&self, name: &str) -> Result<Plan<'_>, Problems> {
        let mut problems = Vec::new();
        if !names::is_logical_id(&self.logical_id) {
            problems.push(problem(
                "",
                format!("`{}` is not a valid logical ID", self.logical_id),
                "use letters and digits only, and start with a letter",
            ));
        }
        if let Some(name) = self.name.as_deref().filter(|name| !names::is_machine_name(name)) {
            problems.push(problem(
                "",
                format!("`{name}` is not a valid name of a state machine"),
                "use 1 to 80 letters, digits, `-` and `_`",
            ));
        }
        if self.key_reuse.is_some_and(|seconds| !(60..=900).contains(&seconds)) {
            problems.push(problem(
                "",
                "the reuse of a data key must be 60 to 900 seconds",
                "set a number in this range",
            ));
        }
        let mut definition = Definition::new(self, &mut problems);
        let mut options = self.policy.clone();
        for (name, binding) in &self.bindings {
            if let Some(kind) = binding.kind() {
                options = options.reference(name.clone(), kind);
            }
        }
        for (name, _) in definition.references.iter().filter(|(_, reference)| reference.evaluates) {
            options = options.reference(name.clone(), iam::ReferenceKind::FunctionArn);
        }
        if let Some(name) = &self.name {
            options = options.name(name.clone());
        }
        if self.logging.is_some() {
            options = options.logging();
        }
        if self.is_traced {
            options = options.tracing();
        }
        if let Some(key) = &self.encryption_key {
            options = options.encryption_key(definition.settle(&iam::Arn::parse(key)));
        }
        let machine = StateMachine::new(definition.json.clone());
        let (mut policy, unknown) = iam::derive(&machine, &Scope::default(), &options);
        let needs_name = policy.references().contains(NAME);
        if needs_name {
            policy = iam::derive(&machine, &Scope::default(), &options.name(name)).0;
        }
        problems.extend(unknown);
        let policy = definition.settle_policy(policy, self, &mut problems);
        let documents = policy.documents().unwrap_or_else(|problem| {
            problems.push(problem);
            Documents::Inline(Policy::default())
        });
        match problems.is_empty() {
            true => Ok(Plan { export: self, needs_name, definition, documents }),
            false => Err(Problems::new(problems)),
        }
    }
}

/// The reference to the name of the state machine in its policy.
const NAME: &str = "StateMachineName";

/// The parts that every target writes in its own form.
struct Plan<'e> {
    export: &'e Export<'e>,
    definition: Definition,
    documents: Documents,
    /// Whether the policy contains the name of the state machine although none is set.
    needs_name: bool,
}

impl Plan<'_> {
    /// The value of each reference in the form of one target, by its name.
    fn values<T>(
        &self,
        problems: &mut Vec<Diagnostic>,
        target: &str,
        value: impl Fn(&str, &definition::Reference) -> Option<T>,
    ) -> BTreeMap<String, T> {
        let mut values = BTreeMap::new();
        for (name, reference) in &self.definition.references {
            match value(name, reference) {
                Some(value) => {
                    values.insert(name.clone(), value);
                }
                None => problems.push(problem(
                    &reference.pointer,
                    format!("the binding of `${{{name}}}`, {}, is not supported by {target}", reference.binding),
                    "use a parameter, a literal value or a binding that this target supports",
                )),
            }
        }
        values
    }
}

fn problem(pointer: &str, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic {
        code: "export",
        severity: Severity::Error,
        pointer: pointer.to_owned(),
        message: message.into(),
        help: Some(help.into()),
    }
}

/// An object with these members, in this order.
fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    let mut object = crate::value::Object::with_capacity(N);
    for (name, value) in members {
        object.insert(name.to_owned(), value);
    }
    Json::Object(object)
}

/// The service principal that may assume the role, for state machines of this account.
const PRINCIPAL: &str = "states.amazonaws.com";
