//! The permissions that each state of a definition needs.

use std::rc::Rc;

use super::arn::{Arn, Condition};
use super::facts;
use super::narrow::{self, Effect};
use super::parameters::{self, Parameters, Presence};
use super::precision::Precision;
use super::sdk::{self, Needs};
use super::template::{Context, Resource as Filled, with_wildcards};
use super::transform::join;
use super::variables::Variables;
use super::{Grant, Options, ReferenceKind, Scope};
use crate::asl::{MachineRole, Node, ProcessorMode, QueryLanguage, State, StateMachine, StateType};
use crate::catalog::{self, Action, Pattern, PatternSupport, Reason, Statement, recognize};
use crate::check::{Diagnostic, Severity};
use crate::expression::resource::{Resource, Target};
use crate::value::Json;

/// The maximum depth of nested machines. A text cannot be nested more deeply; a tree that a program built could.
const MAX_NESTING: usize = 64;

/// Walks a definition, and collects what its states need and what is unknown.
pub(super) struct Derivation<'a> {
    context: Context<'a>,
    options: &'a Options,
    name: Arn,
    variables: Rc<Variables>,
    pub(super) grants: Vec<Grant>,
    pub(super) problems: Vec<Diagnostic>,
}

/// The state and the call to which a statement belongs.
#[derive(Debug, Clone)]
struct Origin {
    state: String,
    pointer: String,
    api: String,
    pattern: Option<Pattern>,
}

impl<'a> Derivation<'a> {
    pub(super) fn new(scope: &'a Scope, options: &'a Options) -> Self {
        let name = options.name.clone().unwrap_or_else(|| Arn::parse("${StateMachineName}"));
        let context = Context { scope, references: &options.references, roles: &options.roles };
        Self { context, options, name, variables: Rc::default(), grants: Vec::new(), problems: Vec::new() }
    }

    pub(super) fn run(mut self, machine: &StateMachine) -> Self {
        self.variables = Rc::new(Variables::of(machine));
        self.states(machine.definition().states(), 0);
        self.machine_itself();
        self
    }

    fn states<'s>(&mut self, states: impl Iterator<Item = State<'s>>, depth: usize) {
        for state in states {
            let before = self.grants.len();
            match state.state_type() {
                StateType::Task => self.task(&state),
                StateType::Map => self.map(&state),
                _ => {}
            }
            self.keys(before);
            self.granted(&state);
            if depth < MAX_NESTING {
                state.machines().into_iter().for_each(|machine| self.states(machine.states(), depth + 1));
            } else if !state.machines().is_empty() {
                self.problem(
                    &state,
                    "the state is nested too deeply to be analyzed",
                    "move it to a separate state machine",
                );
            }
        }
    }

    fn find(&self, service: &str, action: &str) -> Option<&'static Action> {
        let mut own = self.options.actions.iter().copied();
        own.find(|known| (known.service, known.name) == (service, action)).or_else(|| catalog::find(service, action))
    }

    fn problem(&mut self, at: &Node<'_>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic {
            code: "unknown-permission",
            severity: Severity::Error,
            pointer: at.pointer(),
            message: message.into(),
            help: Some(help.into()),
        });
    }

    /// The ARN and the name of this state machine, which a state can read.
    fn itself(&self, state: &State<'_>) -> Option<(Arn, Arn)> {
        let mut machine = Some(state.machine().clone());
        while let Some(here) = machine {
            // In a child execution of a distributed Map state, the ARN is different.
            if here.role() != MachineRole::Definition && here.mode() != Some(ProcessorMode::Inline) {
                return None;
            }
            machine = here.parent().map(|parent| parent.machine().clone());
        }
        let mut id = Arn::parse("arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:");
        id.append(&self.name);
        Some((id, self.name.clone()))
    }

    fn task(&mut self, state: &State<'_>) {
        let Some(node) = state.get("Resource") else { return };
        let Some(text) = node.json().as_str() else { return };
        let resource = Resource::parse(text).unwrap_or(Resource { target: Target::Other, suffix: "" });
        let payload = state.payload();
        let variables = Rc::clone(&self.variables);
        let mut parameters = Parameters {
            payload: payload.as_ref().map(Node::json),
            language: state.query_language(),
            fixed: vec![("StateMachineName", self.name.clone())],
            itself: self.itself(state),
            variables: Some(&variables),
        };
        let pattern = Pattern::ALL.into_iter().find(|pattern| pattern.suffix() == resource.suffix);
        let origin = |api: String| Origin { state: state.name().to_owned(), pointer: state.pointer(), api, pattern };
        if state.has("Credentials") {
            return self.credentials(state, origin(text.to_owned()), parameters.itself);
        }
        let target = match resource.target {
            Target::Other => self.named_resource(text),
            target => target,
        };
        let own = recognize(&self.options.actions, text, parameters.payload);
        let own_support = own.and_then(|action| action.pattern(pattern?));
        match target {
            Target::Optimized { .. } if own_support.is_some() => {
                let api = own.map(|action| format!("{}:{}", action.service, action.name)).unwrap_or_default();
                own_support.into_iter().for_each(|support| self.support(support, &parameters, &origin(api.clone())));
            }
            Target::Activity => self.activity(text, origin("activity".to_owned())),
            Target::Function => {
                let action = own.filter(|action| action.resource_member.is_some());
                self.named(&node, &mut parameters, action.or_else(|| catalog::find("lambda", "function")), origin);
            }
            Target::Optimized { service, action } => {
                let api = format!("{service}:{action}");
                match self.find(service, action).and_then(|known| known.pattern(pattern?)) {
                    Some(support) => self.support(support, &parameters, &origin(api)),
                    None => self.unknown(&node, state, &format!("`{api}{}`", resource.suffix)),
                }
            }
            Target::Sdk { service, action } => {
                let origin = origin(format!("aws-sdk:{service}:{action}"));
                self.sdk(&node, state, service, action, &parameters, &origin);
                own_support.into_iter().for_each(|support| self.support(support, &parameters, &origin));
            }
            Target::Uncallable(_) | Target::Other => self.unknown(&node, state, &format!("`{text}`")),
        }
    }

    /// The kind of a reference that is a whole resource: from the options, or from its name: `${CheckFunctionArn}`,
    /// `${Check.Arn}`.
    fn named_resource(&self, text: &str) -> Target<'static> {
        let arn = Arn::parse(text);
        let name = arn.references().next().unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        match self.options.references.get(name) {
            _ if text.starts_with("arn:") && text.contains(":lambda:") => Target::Function,
            _ if text.starts_with("arn:") && text.contains(":activity:") => Target::Activity,
            _ if !text.starts_with("${") => Target::Other,
            Some(ReferenceKind::ActivityArn) => Target::Activity,
            Some(ReferenceKind::FunctionArn) => Target::Function,
            // A name is not a resource, and only the service in an ARN shows the kind.
            Some(ReferenceKind::Name) => Target::Other,
            _ if lower.contains("activity") => Target::Activity,
            _ if lower.contains("lambda") || lower.contains("function") || lower.ends_with("arn") => Target::Function,
            _ => Target::Other,
        }
    }

    /// A call whose parameter is in `Resource`.
    fn named(
        &mut self,
        node: &Node<'_>,
        parameters: &mut Parameters<'_>,
        action: Option<&'static Action>,
        origin: impl Fn(String) -> Origin,
    ) {
        let known =
            action.and_then(|action| Some((action.resource_member?, action.pattern(Pattern::RequestResponse)?)));
        let (Some(text), Some((member, support))) = (node.json().as_str(), known) else { return };
        parameters.fixed.push((member, Arn::parse(text)));
        self.support(support, parameters, &origin("lambda:function".to_owned()));
    }

    fn activity(&mut self, arn: &str, origin: Origin) {
        if let Some(key) = self.options.activity_key.clone() {
            let fixed = vec![("ActivityArn", Arn::parse(arn)), ("KmsKey", key)];
            self.case("encryption activity", &fixed_only(fixed), &origin);
        }
    }

    fn credentials(&mut self, state: &State<'_>, origin: Origin, itself: Option<(Arn, Arn)>) {
        let credentials = state.get("Credentials");
        let variables = Rc::clone(&self.variables);
        let parameters = Parameters {
            payload: credentials.as_ref().map(Node::json),
            language: state.query_language(),
            fixed: Vec::new(),
            itself,
            variables: Some(&variables),
        };
        let beginnings: Vec<String> =
            parameters.find("RoleArn").values.iter().map(|arn| arn.prefix().to_owned()).collect();
        match (beginnings.iter().find(|text| !text.is_empty() && !text.starts_with("arn:")), credentials) {
            (Some(text), Some(node)) => self.problems.push(Diagnostic {
                code: "malformed-role",
                severity: Severity::Error,
                pointer: node.pointer(),
                message: format!("`{text}` is not the ARN of a role, so the state cannot assume the role"),
                help: Some("write `arn:aws:iam::<account>:role/<name>`".to_owned()),
            }),
            _ => self.case("credentials", &parameters, &origin),
        }
    }

    fn support(&mut self, support: &PatternSupport, parameters: &Parameters<'_>, origin: &Origin) {
        support.statements.iter().for_each(|statement| self.statement(statement, parameters, origin));
    }

    fn case(&mut self, case: &str, parameters: &Parameters<'_>, origin: &Origin) {
        facts::statements(case).for_each(|statement| self.statement(statement, parameters, origin));
    }

    fn statement(&mut self, statement: &Statement, parameters: &Parameters<'_>, origin: &Origin) {
        self.statement_of(statement, parameters, origin, false);
    }

    /// A statement of the call. With `never_empty`, a list of parameters that is not set means every resource, not
    /// none.
    fn statement_of(&mut self, statement: &Statement, parameters: &Parameters<'_>, origin: &Origin, never_empty: bool) {
        let when = statement.when.map_or(Presence::Present, |all| parameters.hold(all));
        let unless = statement.unless.map_or(Presence::Absent, |any| parameters.any_holds(any));
        if when == Presence::Absent || unless == Presence::Present {
            return;
        }
        // If one statement is for a set parameter and one for a missing parameter, the call needs one of the two.
        let depends_on = match statement.depends_on {
            Some(what) => Some(what.to_owned()),
            None => statement.when.filter(|_| when == Presence::Maybe).map(parameters::in_words),
        };
        let Some(conditions) = self.conditions(statement, parameters) else { return };
        let grant = |resources: Vec<(Arn, &str)>, conditions| {
            let precisions = resources.iter().map(|(arn, template)| Precision::of(arn, template, &self.context));
            let (precision, precision_reason) = precisions.max_by_key(|(precision, _)| *precision).unwrap_or_default();
            Grant {
                state: origin.state.clone(),
                pointer: origin.pointer.clone(),
                api: origin.api.clone(),
                pattern: origin.pattern,
                reason: statement.reason,
                why: statement.why.to_owned(),
                url: statement.url.to_owned(),
                actions: statement.actions.iter().map(|action| (*action).to_owned()).collect(),
                resources: resources.into_iter().map(|(arn, _)| arn).collect(),
                conditions,
                depends_on: depends_on.clone(),
                precision,
                precision_reason,
            }
        };
        let (mut plain, mut conditional) = (Vec::new(), Vec::new());
        for template in statement.resources {
            let mut filled = self.context.fill(template, parameters);
            if filled.is_empty() && never_empty {
                filled = self.context.fill(&with_wildcards(template), parameters);
            }
            if self.options.all_qualifiers && statement.actions.contains(&"lambda:InvokeFunction") {
                filled = filled.into_iter().flat_map(every_qualifier).collect();
            }
            for resource in filled {
                match resource.conditions.is_empty() {
                    true => plain.push((resource.arn, *template)),
                    false => conditional.push((resource, *template)),
                }
            }
        }
        let mut grants = Vec::new();
        if !plain.is_empty() {
            grants.push(grant(plain, conditions.clone()));
        }
        for (resource, template) in conditional {
            grants.push(grant(vec![(resource.arn, template)], [conditions.clone(), resource.conditions].concat()));
        }
        self.grants.extend(grants);
    }

    /// The conditions with their values; a condition whose value can be anything has no effect and is omitted. `None` if
    /// a condition can never be true.
    fn conditions(&self, statement: &Statement, parameters: &Parameters<'_>) -> Option<Vec<Condition>> {
        let mut conditions = Vec::new();
        for (operator, key, template) in statement.conditions {
            let mut values = self.context.fill(template, parameters);
            // A condition on something that does not exist is never true.
            let value = values.pop()?.arn;
            // Not every target can express a condition with several patterns.
            if !value.is_any() && values.is_empty() {
                let operator = match (*operator, value.is_exact()) {
                    ("StringEquals", false) => "StringLike",
                    (operator, _) => operator,
                };
                conditions.push((operator.to_owned(), (*key).to_owned(), value));
            }
        }
        Some(conditions)
    }

    /// A call of an SDK integration. If there is an optimized integration of the same call, its statements are used.
    fn sdk(
        &mut self,
        node: &Node<'_>,
        state: &State<'_>,
        service: &str,
        action: &str,
        parameters: &Parameters<'_>,
        origin: &Origin,
    ) {
        let statements = match sdk::needs(service, action) {
            Needs::NoSuchCall if self.is_granted(state) => return,
            Needs::NoSuchCall => {
                return self.problem(
                    node,
                    format!("the AWS SDK has no call `aws-sdk:{service}:{action}`"),
                    "fix its name",
                );
            }
            Needs::Unknown => return self.unknown(node, state, &format!("`aws-sdk:{service}:{action}`")),
            Needs::Statements(statements) => statements,
        };
        let optimized = self.optimized(service, action).and_then(|(call, support)| sdk::optimized(call, support));
        match optimized {
            Some(optimized) => optimized.into_iter().for_each(|it| self.statement(it, parameters, origin)),
            None => statements.iter().for_each(|it| self.statement_of(it, parameters, origin, true)),
        }
    }

    /// The call and its optimized integration.
    fn optimized(&self, service: &str, name: &str) -> Option<(&'static Action, &'static PatternSupport)> {
        let call = catalog::find(&format!("aws-sdk:{service}"), name)?;
        let mut own = self.options.actions.iter().copied();
        let own = own.find(|action| action.counterpart().is_some_and(|counterpart| std::ptr::eq(counterpart, call)));
        let action = own.or_else(|| catalog::optimized(call))?;
        Some((call, action.pattern(Pattern::RequestResponse)?))
    }

    /// Whether the author of the state grants permissions.
    fn is_granted(&self, state: &State<'_>) -> bool {
        let mut grants = self.options.grants.iter().filter(|grant| grant.state == state.name());
        grants.any(|grant| grant.effect != Effect::Narrows)
    }

    /// An unknown call: the user must grant its permissions.
    fn unknown(&mut self, node: &Node<'_>, state: &State<'_>, what: &str) {
        if self.is_granted(state) {
            return;
        }
        let message = format!("unknown permissions: the state `{}` calls {what}", state.name());
        self.problem(node, message, "add them with `Task::grant(…)`, or with `Options::grant(…)` for a definition");
    }

    /// The permissions that the user grants to a state.
    fn granted(&mut self, state: &State<'_>) {
        let said: Vec<_> = self.options.grants.iter().filter(|grant| grant.state == state.name()).collect();
        if said.is_empty() {
            return;
        }
        let resolve = |arn: &Arn| self.context.resolve(&self.options.with_values(arn));
        narrow::apply(&mut self.grants, &state.pointer(), &said, resolve);
        for grant in said.into_iter().filter(|grant| grant.effect != Effect::Narrows) {
            self.grants.push(Grant {
                state: state.name().to_owned(),
                pointer: state.pointer(),
                api: state.resource().unwrap_or_default().to_owned(),
                pattern: None,
                reason: Reason::Granted,
                why: "The author of the state added this permission.".to_owned(),
                url: String::new(),
                actions: grant.actions.clone(),
                resources: grant.resources.iter().map(resolve).collect(),
                conditions: Vec::new(),
                depends_on: None,
                precision: grant.resources.iter().map(Precision::of_granted).max().unwrap_or_default(),
                precision_reason: None,
            });
        }
    }

    /// The use of the keys that encrypt the resources of the permissions from that index on.
    fn keys(&mut self, from: usize) {
        if self.options.keys.is_empty() {
            return;
        }
        let calls: Vec<Grant> = self.grants[from..].to_vec();
        for call in calls {
            let services = call.actions.iter().filter_map(|action| facts::key(action.split(':').next()?));
            let Some(facts) = services.into_iter().next() else { continue };
            let needs = |calls: &[&str]| call.actions.iter().any(|action| calls.contains(&action.as_str()));
            let actions: Vec<String> =
                facts.calls.iter().filter(|(_, calls)| needs(calls)).map(|(action, _)| (*action).to_owned()).collect();
            if actions.is_empty() {
                continue;
            }
            for resource in &call.resources {
                let found = self.options.keys.iter().find(|(of, _)| is_of(resource, &self.context.resolve(of)));
                let Some((_, key)) = found else { continue };
                let parameters = fixed_only(vec![("KmsKey", key.key.clone())]);
                for filled in self.context.fill(KEY, &parameters) {
                    let (precision, precision_reason) = Precision::of(&filled.arn, KEY, &self.context);
                    self.grants.push(Grant {
                        reason: Reason::Encryption,
                        why: "A customer managed key encrypts the resource, and the service uses the key with the permissions \
                              of the caller."
                            .to_owned(),
                        url: facts.url.to_owned(),
                        actions: actions.clone(),
                        resources: vec![filled.arn],
                        conditions: filled.conditions,
                        depends_on: match key.policy_may_allow {
                            true => Some("the policy of the key".to_owned()),
                            false => call.depends_on.clone(),
                        },
                        precision,
                        precision_reason,
                        ..call.clone()
                    });
                }
            }
        }
    }

    fn map(&mut self, state: &State<'_>) {
        let Some(processor) = state.processor() else { return };
        // Only an unknown mode, such as a placeholder, can be both.
        if processor.mode() == Some(ProcessorMode::Inline) {
            return;
        }
        let origin = |api: &str| Origin {
            state: state.name().to_owned(),
            pointer: state.pointer(),
            api: api.to_owned(),
            pattern: None,
        };
        let label = match (state.text("Label"), self.itself(state)) {
            (Some(label), Some(_)) => Arn::parse(label),
            _ => Arn::any(),
        };
        let variables = Rc::clone(&self.variables);
        let fixed = vec![("StateMachineName", self.name.clone()), ("Label", label)];
        self.case("distributedMap", &fixed_only(fixed), &origin("distributed Map"));
        for (field, allowed) in [("ItemReader", ["getObject", "listObjectsV2"]), ("ResultWriter", ["putObject", ""])] {
            let Some(node) = state.get(field) else { continue };
            let Some(text) = node.text("Resource") else { continue };
            let action = match Resource::parse(text).map(|resource| resource.target) {
                Some(Target::Optimized { service: "s3", action }) if allowed.contains(&action) => action,
                _ => {
                    self.unknown(&node, state, &format!("`{text}`"));
                    continue;
                }
            };
            let payload = node.get(match state.query_language() {
                QueryLanguage::JsonPath => "Parameters",
                QueryLanguage::Jsonata => "Arguments",
            });
            let parameters = Parameters {
                payload: payload.as_ref().map(Node::json),
                language: state.query_language(),
                fixed: Vec::new(),
                itself: self.itself(state),
                variables: Some(&variables),
            };
            let origin = origin(&format!("s3:{action}"));
            let config = node.get("ReaderConfig");
            let setting = |name: &str| config.as_ref().and_then(|config| config.text(name));
            let manifest = setting("InputType") == Some("MANIFEST") || setting("ManifestType").is_some();
            match action {
                "getObject" if manifest => self.case("s3:getObject manifest", &parameters, &origin),
                _ => self.case(&format!("s3:{action}"), &parameters, &origin),
            }
            if action == "listObjectsV2" && setting("Transformation").is_some_and(|it| it != "NONE") {
                self.case("s3:listObjectsV2 flatten", &parameters, &origin);
            }
        }
    }

    /// The permissions of a caller or a worker.
    pub(super) fn of_caller(&mut self, case: &str, mut fixed: Vec<(&'static str, Arn)>) {
        fixed.push(("StateMachineName", self.name.clone()));
        let origin = Origin { state: String::new(), pointer: String::new(), api: case.to_owned(), pattern: None };
        self.case(case, &fixed_only(fixed), &origin);
    }

    /// The permissions that the machine itself needs, with any states.
    fn machine_itself(&mut self) {
        let origin =
            |api: &str| Origin { state: String::new(), pointer: String::new(), api: api.to_owned(), pattern: None };
        let options = self.options;
        if options.logging {
            self.case("logging", &fixed_only(Vec::new()), &origin("logging"));
        }
        if options.tracing {
            self.case("tracing", &fixed_only(Vec::new()), &origin("tracing"));
        }
        if let Some(key) = &options.key {
            let fixed = || fixed_only(vec![("KmsKey", key.clone()), ("StateMachineName", self.name.clone())]);
            let (parameters, for_logs) = (fixed(), fixed());
            self.case("encryption", &parameters, &origin("encryption"));
            if options.logging {
                self.case("encryption logging", &for_logs, &origin("encryption"));
            }
        }
    }
}

/// The function, and each of its versions and aliases.
fn every_qualifier(resource: Filled) -> Vec<Filled> {
    let parts = resource.arn.split(':', 8);
    let mut function = resource.clone();
    if parts.len() == 8 {
        function.arn = join(&parts[..7], ':');
    }
    let mut qualified = function.clone();
    qualified.arn = qualified.arn.with_any(":*");
    vec![function, qualified]
}

/// The ARN of a customer managed key.
const KEY: &str = "arn:${Partition}:kms:${Region}:${Account}:key/${KmsKey|kmsKey}";

/// Whether a resource of a policy is the one that a reference or an ARN names, or a part of it, such as an object of a
/// bucket.
fn is_of(resource: &Arn, named: &Arn) -> bool {
    if let Some(name) = named.as_reference() {
        return resource.references().any(|known| known == name);
    }
    let (resource, named) = (resource.to_string(), named.to_string());
    resource.strip_prefix(&named).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':']))
}

/// Values that are not in the definition.
fn fixed_only(fixed: Vec<(&'static str, Arn)>) -> Parameters<'static> {
    Parameters { payload: Some(&Json::Null), language: QueryLanguage::JsonPath, fixed, itself: None, variables: None }
}
