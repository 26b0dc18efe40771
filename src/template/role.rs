//! The role of a state machine, and what the template allows the role to do.

use std::collections::BTreeMap;
use std::fmt;

use super::evaluate::{Evaluation, MAX_DEPTH, Names, function};
use super::machine::is_machine;
use super::policies::{self, Known};
use super::{Resource, Template, TooLarge};
use crate::expression::placeholder;
use crate::template::definition::member;
use crate::value::{Json, Object};

/// The role of a state machine, from its template.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Role {
    /// Its logical ID; none if SAM creates it, or if it is not in the template.
    pub id: Option<String>,
    /// What it allows.
    pub statements: Vec<RoleStatement>,
    /// What it may also allow or deny, in words: policies that cannot be read here.
    pub unread: Vec<String>,
    /// The maximum that the role allows.
    pub boundary: Option<RoleBoundary>,
    /// The values of each `Fn::If` behind a placeholder: the condition, the text if it is true, and the text if it is
    /// false, in the form of [`Template::physical`].
    pub alternatives: BTreeMap<String, (String, [String; 2])>,
    /// The defaults of the template's parameters.
    pub defaults: BTreeMap<String, String>,
    /// Other state machines with this role, by their logical IDs.
    pub machines: Vec<String>,
    /// Other resources with this role, by their logical IDs.
    pub others: Vec<String>,
}

/// The permissions boundary of a role, which allows nothing by itself.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RoleBoundary {
    /// Its ARN, in the form of [`Template::physical`].
    pub arn: String,
    /// Its statements; none if they cannot be read here.
    pub statements: Option<Vec<RoleStatement>>,
}

/// A statement of a policy that a role has.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RoleStatement {
    /// The statement. Each text in it has the form of [`Template::physical`].
    pub statement: Json,
    /// The position in the template, as a JSON Pointer.
    pub pointer: String,
    /// The origin of the statement, if it is not one of the role's policies.
    pub origin: Option<RoleOrigin>,
    /// The condition under which it exists, and whether the condition must be true or false.
    pub condition: Option<(String, bool)>,
}

/// The origin of a statement that is not in a policy of the role.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoleOrigin {
    /// A policy template of SAM, by its name.
    PolicyTemplate(String),
    /// A connector of SAM.
    Connector,
    /// A managed policy of AWS, by its name.
    Managed(String),
    /// A managed policy of AWS that SAM attaches automatically, by its name.
    Attached(String),
    /// The policy of a resource, by the logical ID of that resource, which names the role.
    Resource(String),
}

/// As text for people.
impl fmt::Display for RoleOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RoleOrigin::PolicyTemplate(name) | RoleOrigin::Managed(name) | RoleOrigin::Attached(name) => {
                write!(f, "`{name}`")
            }
            RoleOrigin::Connector => f.write_str("`connector`"),
            RoleOrigin::Resource(id) => write!(f, "the policy of `{id}`"),
        }
    }
}

impl Role {
    /// The references that are whole resources of statements, so that their values must be ARNs.
    pub fn arns(&self) -> impl Iterator<Item = &str> {
        let resources = self.statements.iter().filter_map(|it| it.statement.get("Resource").and_then(Json::as_array));
        resources.flatten().filter_map(Json::as_str).filter_map(|text| {
            let name = text.strip_prefix("${")?.strip_suffix('}')?;
            (!name.contains(['$', '#'])).then_some(name)
        })
    }
}

type When = Option<(String, bool)>;

impl Template {
    /// The role of the state machine with that logical ID, with all policies that the template attaches to it.
    pub fn role(&self, machine: &str) -> Role {
        let mut reader = Reader {
            template: self,
            evaluation: Evaluation::new(self, Names::Physical),
            role: Role::default(),
            base: None,
        };
        if let Some(resource) = self.resource(machine).filter(|resource| is_machine(resource.kind())) {
            reader.base = resource.condition.clone();
            reader.machine(resource);
            for resource in self.resources() {
                reader.alternatives(&resource.properties, 0);
            }
            reader.role.defaults = self.defaults();
        }
        reader.role
    }

    /// The value of a placeholder of a definition after the deployment, in a form in which texts with the same meaning
    /// are equal: `${Orders.Arn}` is `arn:…:table/${Orders#name}`, or `arn:…:table/orders` if the template names the
    /// table. A name that AWS generates has a `#`, and belongs to only that resource.
    pub fn physical(&self, reference: &super::Reference) -> Option<String> {
        Evaluation::new(self, Names::Physical).text(&reference.call, 0).ok()
    }

    /// The name of a resource, in the same form.
    pub fn physical_name(&self, id: &str) -> Option<String> {
        Evaluation::new(self, Names::Physical).name_of(self.resource(id)?)
    }

    /// A text with placeholders, in the same form.
    pub fn physical_text(&self, text: &str) -> Option<String> {
        let mut call = Object::new();
        call.insert("Fn::Sub", text.to_owned());
        Evaluation::new(self, Names::Physical).text(&call.into(), 0).ok()
    }
}

struct Reader<'t> {
    template: &'t Template,
    evaluation: Evaluation<'t>,
    role: Role,
    /// The condition of the machine itself, which is true whenever the machine exists.
    base: Option<String>,
}

impl<'t> Reader<'t> {
    fn text(&self, json: &Json) -> Result<String, TooLarge> {
        self.evaluation.text(json, 0)
    }

    fn unread(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.role.unread.contains(&what) {
            self.role.unread.push(what);
        }
    }

    fn machine(&mut self, machine: &'t Resource) {
        let role = machine.property("RoleArn").or_else(|| machine.property("Role"));
        match role {
            Some(value) => match self.resource_of_role(value) {
                Some(role) => {
                    self.role(role, machine);
                    if let Some(arn) = self.evaluation.arn_of(role) {
                        self.resource_policies(&arn);
                    }
                }
                None => {
                    let name = self.text(value).unwrap_or_default();
                    if let Some(owner) = self.owner_of_role(&name) {
                        self.serverless(owner, machine);
                        return self.connectors(machine);
                    }
                    self.unread(format!("the role `{}`, which is not in the template", shown(&name)));
                }
            },
            None if machine.kind().starts_with("AWS::Serverless::") => self.serverless(machine, machine),
            None => self.unread("the role, which the template does not name"),
        }
        self.connectors(machine);
    }

    /// The role that a text refers to by its ARN.
    fn resource_of_role(&self, value: &Json) -> Option<&'t Resource> {
        let arn = self.text(value).ok()?;
        let mut roles = self.template.resources().iter().filter(|resource| resource.kind() == "AWS::IAM::Role");
        roles.find(|role| {
            let name = self.evaluation.name_of(role);
            // `!GetAtt Role.Arn` does not show a path in the ARN.
            self.evaluation.arn_of(role).as_ref() == Some(&arn)
                || (arn.starts_with("arn:") && arn.contains(":role/") && arn.rsplit('/').next() == name.as_deref())
        })
    }

    fn role(&mut self, role: &'t Resource, machine: &Resource) {
        self.role.id = Some(role.id().to_owned());
        if let Some(Json::Object(properties)) = Some(&role.properties) {
            if let Some(policies) = properties.get("Policies") {
                self.each(
                    policies,
                    &member(&role.pointer, "Policies"),
                    None,
                    &mut |this, policy, at, when| match policy.get("PolicyDocument") {
                        Some(document) => this.document(document, &member(at, "PolicyDocument"), when),
                        None => this.unread("an inline policy without a document"),
                    },
                );
            }
            if let Some(policies) = properties.get("ManagedPolicyArns") {
                self.each(
                    policies,
                    &member(&role.pointer, "ManagedPolicyArns"),
                    None,
                    &mut |this, policy, at, when| {
                        this.managed(policy, at, when);
                    },
                );
            }
            self.boundary(properties.get("PermissionsBoundary"), &member(&role.pointer, "PermissionsBoundary"));
        }
        let names = [self.evaluation.arn_of(role), self.evaluation.name_of(role)];
        self.users(role.id(), &names, machine);
    }

    /// The policies that are attached to a role with those names, and the other users of the role.
    fn users(&mut self, role: &str, names: &[Option<String>], machine: &Resource) {
        let is_it = |this: &Self, value: &Json| {
            let text = this.text(value).ok();
            text.is_some() && names.contains(&text)
        };
        for resource in self.template.resources() {
            let is_policy =
                ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"].contains(&resource.kind());
            if is_policy {
                let mut whens = Vec::new();
                if let Some(roles) = resource.property("Roles") {
                    self.each(roles, "", None, &mut |this, value, _, when| {
                        if is_it(this, value) {
                            whens.push(when);
                        }
                    });
                }
                if resource.property("RoleName").is_some_and(|value| is_it(self, value)) {
                    whens.push(None);
                }
                for when in whens {
                    self.policy(resource, when);
                }
            } else if resource.id() != machine.id() && is_machine(resource.kind()) {
                let value = resource.property("RoleArn").or_else(|| resource.property("Role"));
                if value.is_some_and(|value| is_it(self, value)) {
                    self.role.machines.push(resource.id().to_owned());
                }
            } else if resource.id() != machine.id()
                && resource.id() != role
                && has_role(resource.kind())
                && refers(&resource.properties, role)
            {
                self.role.others.push(resource.id().to_owned());
            }
        }
    }

    fn policy(&mut self, resource: &Resource, when: When) {
        let when = self.under(resource.condition.as_deref(), when);
        if let Some(document) = resource.property("PolicyDocument") {
            self.document(document, &member(&resource.pointer, "PolicyDocument"), when);
        }
    }

    /// Everything in a resource with a condition exists under that condition. The condition of the machine is always
    /// true here.
    fn under(&self, condition: Option<&str>, when: When) -> When {
        match condition {
            Some(condition) if self.base.as_deref() != Some(condition) => {
                both(when, Some((condition.to_owned(), true)))
            }
            _ => when,
        }
    }

    /// The state machine for which SAM creates a role with that ARN.
    fn owner_of_role(&self, arn: &str) -> Option<&'t Resource> {
        let owner = self.template.resource(arn.strip_prefix("${")?.strip_suffix("Role.Arn}")?)?;
        (owner.kind() == "AWS::Serverless::StateMachine" && owner.property("Role").is_none()).then_some(owner)
    }

    /// The role that SAM creates for a state machine without one. `user` is the state machine that uses it.
    fn serverless(&mut self, machine: &'t Resource, user: &Resource) {
        if let Some(policies) = machine.property("Policies") {
            self.each(policies, &member(&machine.pointer, "Policies"), None, &mut |this, policy, at, when| {
                if function(policy).is_some() || policy.as_str().is_some() {
                    return this.managed(policy, at, when);
                }
                let Some(object) = policy.as_object() else { return };
                if object.contains("Statement") {
                    return this.document(policy, at, when);
                }
                for (name, parameters) in object.iter() {
                    this.sam_template(name, parameters, &member(at, name), when.clone());
                }
            });
        }
        let tracing = machine.property("Tracing").and_then(|tracing| tracing.get("Enabled"));
        if tracing.and_then(Json::as_bool) == Some(true) {
            // SAM attaches it automatically.
            let name = "AWSXRayDaemonWriteAccess";
            let origin = RoleOrigin::Attached(name.to_owned());
            self.filled(policies::aws(name).collect(), &origin, &member(&machine.pointer, "Tracing"), None, &[]);
        }
        self.boundary(machine.property("PermissionsBoundary"), &member(&machine.pointer, "PermissionsBoundary"));
        let role = format!("{}Role", machine.id());
        let arn = format!("${{{role}.Arn}}");
        self.users(&role, &[Some(arn.clone()), Some(format!("${{{role}}}"))], user);
        if machine.id() != user.id() {
            self.role.machines.push(machine.id().to_owned());
        }
        self.resource_policies(&arn);
    }

    fn boundary(&mut self, boundary: Option<&Json>, pointer: &str) {
        let Some(json) = boundary.filter(|json| function(json) != Some(("Ref", &Json::from("AWS::NoValue")))) else {
            return;
        };
        let arn = self.text(json).unwrap_or_default();
        // It is read like a policy of the role.
        let role = std::mem::take(&mut self.role);
        self.managed(json, pointer, None);
        let read = std::mem::replace(&mut self.role, role);
        let statements = read.unread.is_empty().then_some(read.statements);
        self.role.boundary = Some(RoleBoundary { arn: shown(&arn), statements });
    }

    /// Records the values of each `Fn::If` in the properties of a resource.
    fn alternatives(&mut self, json: &Json, depth: usize) {
        if depth == MAX_DEPTH {
            return;
        }
        match json {
            Json::Array(elements) => elements.iter().for_each(|element| self.alternatives(element, depth + 1)),
            Json::Object(object) => object.iter().for_each(|(_, value)| self.alternatives(value, depth + 1)),
            _ => {}
        }
        let Some(("Fn::If", Json::Array(arguments))) = function(json) else { return };
        if let [Json::String(condition), one, other] = arguments.as_slice() {
            if let (Ok(one), Ok(other)) = (self.text(one), self.text(other)) {
                let name = self.evaluation.token(json);
                // The machine exists only if its own condition is true.
                let other = if self.base.as_deref() == Some(condition) { one.clone() } else { other };
                self.role.alternatives.insert(name, (condition.to_string(), [one, other]));
            }
        }
    }

    fn sam_template(&mut self, name: &str, parameters: &Json, pointer: &str, when: When) {
        let known: Vec<Known> = policies::sam(name).collect();
        if known.is_empty() {
            return self.unread(format!("the policy template `{name}`, which is unknown"));
        }
        let values = parameters.as_object().into_iter().flat_map(Object::iter);
        let values: Vec<(String, String)> =
            values.filter_map(|(name, value)| Some((name.to_owned(), self.text(value).ok()?))).collect();
        self.filled(known, &RoleOrigin::PolicyTemplate(name.to_owned()), pointer, when, &values);
    }

    fn managed(&mut self, policy: &Json, pointer: &str, when: When) {
        let Ok(text) = self.text(policy) else { return self.unread("a managed policy") };
        let own = self.template.resources().iter().find(|resource| {
            resource.kind() == "AWS::IAM::ManagedPolicy" && self.evaluation.arn_of(resource).as_ref() == Some(&text)
        });
        if let Some(own) = own {
            return self.policy(own, when);
        }
        let is_aws = text.contains(":iam::aws:policy/") || !text.contains([':', '$']);
        let name = text.split_once(":policy/").map_or(text.as_str(), |(_, name)| name);
        let known: Vec<Known> = policies::aws(name).collect();
        match is_aws && !known.is_empty() {
            true => self.filled(known, &RoleOrigin::Managed(name.to_owned()), pointer, when, &[]),
            false => self.unread(format!("the managed policy `{}`", shown(&text))),
        }
    }

    /// What the policies of other resources allow the role to do, if they name it.
    fn resource_policies(&mut self, role: &str) {
        for resource in self.template.resources() {
            let Some((document, of)) = resource_policy(resource) else { continue };
            let when = self.under(resource.condition.as_deref(), None);
            let targets: Vec<Json> = match of {
                None => self.evaluation.arn_of(resource).into_iter().map(Json::from).collect(),
                Some(property) => {
                    let mut targets = Vec::new();
                    if let Some(value) = resource.property(property) {
                        self.each(value, "", None, &mut |this, value, _, _| {
                            targets.extend(this.arn_of_reference(value).map(Json::from));
                        });
                    }
                    targets
                }
            };
            let pointer = member(&resource.pointer, document);
            let Some(statements) = resource.property(document).and_then(|it| it.get("Statement").or(Some(it))) else {
                continue;
            };
            let before = self.role.statements.len();
            self.each(statements, &member(&pointer, "Statement"), when, &mut |this, statement, at, when| {
                let Some(object) = statement.as_object().filter(|object| this.names(object, role)) else { return };
                let mut own = object.clone();
                if own.get("Resource").is_none_or(|it| it.as_str() == Some("*")) {
                    own.insert("Resource", Json::from(targets.clone()));
                }
                this.statement(&own.into(), at, when);
            });
            for statement in &mut self.role.statements[before..] {
                statement.origin = Some(RoleOrigin::Resource(resource.id().to_owned()));
            }
        }
    }

    /// Whether the policy of a resource names the role, or allows something to everyone without a condition.
    fn names(&self, statement: &Object, role: &str) -> bool {
        let is_it = |value: &Json| self.text(value).is_ok_and(|text| text == role);
        let is_everybody = |value: &Json| {
            value.as_str() == Some("*")
                && !statement.contains("Condition")
                && statement.get("Effect").and_then(Json::as_str) == Some("Allow")
        };
        let principal = statement.get("Principal");
        match principal.and_then(|principal| principal.get("AWS")).or(principal) {
            Some(Json::Array(all)) => all.iter().any(|one| is_it(one) || is_everybody(one)),
            Some(one) => is_it(one) || is_everybody(one),
            None => false,
        }
    }

    /// The ARN of the resource that a value refers to by its ARN, its name or the result of `Ref`.
    fn arn_of_reference(&self, value: &Json) -> Option<String> {
        let text = self.text(value).ok()?;
        if text.starts_with("arn:") {
            return Some(text);
        }
        self.template.resources().iter().find_map(|resource| {
            let mut call = Object::new();
            call.insert("Ref", resource.id().to_owned());
            let is_it = self.text(&call.into()).ok().as_ref() == Some(&text)
                || self.evaluation.name_of(resource).as_ref() == Some(&text);
            is_it.then(|| self.evaluation.arn_of(resource)).flatten()
        })
    }

    fn filled(
        &mut self,
        known: Vec<Known>,
        origin: &RoleOrigin,
        pointer: &str,
        when: When,
        values: &[(String, String)],
    ) {
        for known in known {
            self.role.statements.push(RoleStatement {
                statement: known.statement(|text| fill(text, values)),
                pointer: pointer.to_owned(),
                origin: Some(origin.clone()),
                condition: when.clone(),
            });
        }
    }

    /// `AWS::Serverless::Connector`, as a resource or as an attribute of the machine.
    fn connectors(&mut self, machine: &Resource) {
        for resource in self.template.resources() {
            let properties = &resource.properties;
            if resource.kind() == "AWS::Serverless::Connector"
                && properties.pointer("/Source/Id").and_then(Json::as_str) == Some(machine.id())
            {
                let when = self.under(resource.condition.as_deref(), None);
                self.connector(properties, resource.pointer(), when);
            }
        }
        let embedded = self.template.json().get("Resources").and_then(|all| all.get(machine.id())?.get("Connectors"));
        let pointer = member(&member("/Resources", machine.id()), "Connectors");
        for (name, connector) in embedded.and_then(Json::as_object).into_iter().flat_map(Object::iter) {
            if let Some(properties) = connector.get("Properties") {
                self.connector(properties, &member(&pointer, name), None);
            }
        }
    }

    fn connector(&mut self, properties: &Json, pointer: &str, when: When) {
        let destinations = match properties.get("Destination") {
            Some(Json::Array(all)) => all.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let permissions: Vec<&str> = properties
            .get("Permissions")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        for destination in destinations {
            let resource = destination.get("Id").and_then(Json::as_str).and_then(|id| self.template.resource(id));
            let found = resource.and_then(|resource| {
                let kind = match resource.kind() {
                    "AWS::Serverless::Function" => "AWS::Lambda::Function",
                    "AWS::Serverless::SimpleTable" => "AWS::DynamoDB::Table",
                    "AWS::Serverless::StateMachine" => "AWS::StepFunctions::StateMachine",
                    kind => kind,
                };
                let (arn, name) = (self.evaluation.arn_of(resource)?, self.evaluation.name_of(resource)?);
                Some((kind, vec![("Arn".to_owned(), arn), ("Name".to_owned(), name)]))
            });
            let Some((kind, values)) = found else {
                self.unread("a connector whose destination is not a resource of a known type");
                continue;
            };
            for permission in &permissions {
                let known: Vec<Known> = policies::connector(kind, permission).collect();
                if known.is_empty() {
                    self.unread(format!("a connector to a resource of the type `{kind}`"));
                }
                self.filled(known, &RoleOrigin::Connector, pointer, when.clone(), &values);
            }
        }
    }

    /// The statements of a policy document.
    fn document(&mut self, document: &Json, pointer: &str, when: When) {
        if let Some((name, argument)) = function(document) {
            if name == "Fn::If" {
                return self.each(document, pointer, when, &mut |this, document, at, when| {
                    this.document(document, at, when);
                });
            }
            // From a plan of Terraform.
            if let ("Fn::AfterApply", Some(address)) = (name, argument.as_str()) {
                return self
                    .unread(format!("the policy of `{address}`, which is known only after the plan is applied"));
            }
            return self.unread(format!("a policy that comes from `{name}`"));
        }
        let Some(statements) = document.get("Statement") else { return };
        self.each(statements, &member(pointer, "Statement"), when, &mut |this, statement, at, when| {
            this.statement(statement, at, when);
        });
    }

    fn statement(&mut self, json: &Json, pointer: &str, when: When) {
        let Some(object) = json.as_object() else { return };
        if let Some((name, _)) = function(json) {
            return self.unread(format!("a statement that comes from `{name}`"));
        }
        let mut base = Object::new();
        for name in ["Sid", "Effect"] {
            if let Some(text) = object.get(name).and_then(|value| self.text(value).ok()) {
                base.insert(name, text);
            }
        }
        for name in ["Action", "NotAction", "NotResource"] {
            if let Some(value) = object.get(name) {
                let mut texts = Vec::new();
                self.each(value, "", None, &mut |this, value, _, _| texts.extend(this.text(value).ok()));
                base.insert(name, Json::Array(texts.into_iter().map(Json::from).collect()));
            }
        }
        if let Some(condition) = object.get("Condition") {
            match self.evaluation.tree(condition) {
                Ok(condition) => base.insert("Condition", condition),
                Err(_) => base.insert("Condition", "too large"),
            };
        }
        let mut groups: Vec<(When, Vec<Json>)> = Vec::new();
        if let Some(resources) = object.get("Resource") {
            self.each(resources, "", None, &mut |this, value, _, when| {
                let Ok(text) = this.text(value) else { return };
                match groups.iter_mut().find(|(known, _)| *known == when) {
                    Some((_, texts)) => texts.push(text.into()),
                    None => groups.push((when, vec![text.into()])),
                }
            });
        }
        if !object.contains("Resource") {
            groups.push((None, Vec::new()));
        }
        for (own, texts) in groups {
            let mut statement = base.clone();
            if object.contains("Resource") {
                statement.insert("Resource", Json::Array(texts.into_iter().collect()));
            }
            self.role.statements.push(RoleStatement {
                statement: statement.into(),
                pointer: pointer.to_owned(),
                origin: None,
                condition: both(when.clone(), own),
            });
        }
    }

    /// Each element of a list, or a single value in place of a list; both branches of `Fn::If`.
    fn each(&mut self, json: &Json, pointer: &str, when: When, then: &mut dyn FnMut(&mut Self, &Json, &str, When)) {
        if let Some(("Fn::If", Json::Array(arguments))) = function(json) {
            if let [condition, one, other] = arguments.as_slice() {
                let name = condition.as_str().unwrap_or("?");
                let at = member(pointer, "Fn::If");
                for (index, (branch, holds)) in [(one, true), (other, false)].into_iter().enumerate() {
                    let own = match self.base.as_deref() == Some(name) {
                        true if holds => None,
                        true => continue,
                        false => Some((name.to_owned(), holds)),
                    };
                    self.each(branch, &format!("{at}/{}", index + 1), both(when.clone(), own), then);
                }
                return;
            }
        }
        match json {
            Json::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.each(element, &format!("{pointer}/{index}"), when.clone(), then);
                }
            }
            json if function(json) == Some(("Ref", &Json::from("AWS::NoValue"))) => {}
            json => then(self, json, pointer, when),
        }
    }
}

fn both(one: When, other: When) -> When {
    match (one, other) {
        (Some((one, holds)), Some((other, too))) if one == other && holds == too => Some((one, holds)),
        (Some((one, holds)), Some((other, too))) => {
            let word = |holds| if holds { "" } else { "not " };
            Some((format!("{}{one} and {}{other}", word(holds), word(too)), true))
        }
        (one, other) => one.or(other),
    }
}

/// The text with the values of its parameters.
fn fill(text: &str, values: &[(String, String)]) -> String {
    let (mut filled, mut end) = (String::new(), 0);
    for range in placeholder::find(text) {
        filled.push_str(&text[end..range.start]);
        let name = &text[range.start + 2..range.end - 1];
        match values.iter().find(|(known, _)| known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&text[range.clone()]),
        }
        end = range.end;
    }
    filled.push_str(&text[end..]);
    filled
}

/// The text without the characters that mark generated names.
fn shown(text: &str) -> String {
    text.replace("#name}", "}")
}

/// The position of a resource's policy, and the property that names the resource to which it belongs; none if that is
/// the resource itself.
fn resource_policy(resource: &Resource) -> Option<(&'static str, Option<&'static str>)> {
    Some(match resource.kind() {
        "AWS::KMS::Key" => ("KeyPolicy", None),
        "AWS::S3::BucketPolicy" => ("PolicyDocument", Some("Bucket")),
        "AWS::SQS::QueuePolicy" => ("PolicyDocument", Some("Queues")),
        "AWS::SNS::TopicPolicy" => ("PolicyDocument", Some("Topics")),
        "AWS::SecretsManager::ResourcePolicy" => ("ResourcePolicy", Some("SecretId")),
        "AWS::Events::EventBusPolicy" => ("Statement", Some("EventBusName")),
        "AWS::DynamoDB::Table" => ("ResourcePolicy", None),
        _ => return None,
    })
}

/// Whether resources of the type use a role that is passed to them.
fn has_role(kind: &str) -> bool {
    !kind.starts_with("AWS::IAM::") || kind == "AWS::IAM::InstanceProfile"
}

/// Whether a property of it is that role.
fn refers(properties: &Json, role: &str) -> bool {
    let Some(properties) = properties.as_object() else { return false };
    properties.iter().any(|(name, value)| {
        let is_role = name == "Role" || name == "RoleArn" || name.ends_with("RoleArn") || name == "Roles";
        let names = |text: &str| text == role || text.split('.').next() == Some(role);
        let is_it = match function(value) {
            Some(("Ref", Json::String(id))) => names(id),
            Some(("Fn::GetAtt", path)) => super::evaluate::attribute(path).is_some_and(|path| names(&path)),
            _ => false,
        };
        is_role && is_it
    })
}
