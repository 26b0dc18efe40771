//! Facts that a definition does not contain.

use std::collections::BTreeMap;

use super::arn::{Arn, Piece, ScopePart};
use super::narrow::Effect;
use crate::asl::StateMachine;
use crate::catalog::Action;
use crate::template::{self, EncryptionKey, Gives};

/// Where the state machine runs. Unset parts remain open: each [`Target`](super::Target) has its own placeholders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    partition: Option<Arn>,
    region: Option<Arn>,
    account: Option<Arn>,
}

impl Scope {
    /// The partition: `aws`, `aws-cn`, …, or a placeholder `${Name}`.
    #[must_use]
    pub fn partition(mut self, partition: impl Into<Arn>) -> Self {
        self.partition = Some(partition.into());
        self
    }

    /// The region: `eu-central-1`, …, or a placeholder `${Name}`.
    #[must_use]
    pub fn region(mut self, region: impl Into<Arn>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The account: twelve digits, or a placeholder `${Name}`.
    #[must_use]
    pub fn account(mut self, account: impl Into<Arn>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// The value of a part of the scope.
    pub(super) fn piece(&self, part: ScopePart) -> Piece {
        let known = match part {
            ScopePart::Partition => &self.partition,
            ScopePart::Region => &self.region,
            ScopePart::Account => &self.account,
        };
        known.as_ref().and_then(|arn| arn.pieces().first().cloned()).unwrap_or(Piece::Scope(part))
    }
}

/// What a deploy-time reference contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceKind {
    /// An ARN.
    Arn,
    /// The ARN of a Lambda function, which may be a `Resource`.
    FunctionArn,
    /// The ARN of an activity, which may be a `Resource`.
    ActivityArn,
    /// A name or an ID, which is completed to an ARN; of a queue, the URL.
    Name,
}

impl ReferenceKind {
    /// Whether it is a complete ARN.
    pub(crate) fn is_arn(self) -> bool {
        self != ReferenceKind::Name
    }

    /// The kind of a template's reference; none if the template does not show it.
    fn of(reference: &template::Reference) -> Option<Self> {
        let (known, gives) = reference.resource()?;
        Some(match (known.name, gives) {
            ("AWS::StepFunctions::Activity", Gives::Arn) => ReferenceKind::ActivityArn,
            (name, Gives::Arn) if name.starts_with("AWS::Lambda::") || name == "AWS::Serverless::Function" => {
                ReferenceKind::FunctionArn
            }
            (_, Gives::Arn | Gives::OtherArn) => ReferenceKind::Arn,
            (_, Gives::Name | Gives::Id | Gives::Url) => ReferenceKind::Name,
            (_, Gives::Other) => return None,
        })
    }
}

/// The permissions that a state needs according to its author.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StateGrant {
    /// The name of the state.
    pub state: String,
    /// IAM actions: `dynamodb:GetItem`.
    pub actions: Vec<String>,
    /// The resources, which can contain deploy-time references `${Name}`.
    pub resources: Vec<Arn>,
    pub(super) effect: Effect,
}

/// Facts about a state machine that its definition does not contain.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub(super) name: Option<Arn>,
    pub(super) logging: bool,
    pub(super) tracing: bool,
    pub(super) key: Option<Arn>,
    pub(super) activity_key: Option<Arn>,
    pub(super) all_qualifiers: bool,
    pub(super) grants: Vec<StateGrant>,
    pub(super) references: BTreeMap<String, ReferenceKind>,
    pub(super) roles: BTreeMap<Arn, Vec<Arn>>,
    pub(super) keys: BTreeMap<Arn, Key>,
    pub(super) substitutions: BTreeMap<String, String>,
    pub(super) actions: Vec<&'static Action>,
}

/// The customer managed key of a resource.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) key: Arn,
    /// Whether the key's policy may allow its use.
    pub(super) policy_may_allow: bool,
}

impl From<EncryptionKey> for Key {
    fn from(key: EncryptionKey) -> Self {
        Self { key: key.key.into(), policy_may_allow: key.policy_may_allow }
    }
}

impl StateGrant {
    /// The permissions of the state with that name. In a resource, `*` is a wildcard and `${Name}` a deploy-time
    /// reference.
    pub fn new<A: Into<String>, R: Into<Arn>>(
        state: impl Into<String>,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        Self {
            state: state.into(),
            actions: actions.into_iter().map(Into::into).collect(),
            resources: resources.into_iter().map(Into::into).map(wildcards).collect(),
            effect: Effect::Adds,
        }
    }

    pub(crate) fn with_effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }
}

impl Options {
    /// The name of the state machine, which can be or contain a placeholder. Without it, the policy uses
    /// `${StateMachineName}`: a reference to the machine itself would be circular.
    #[must_use]
    pub fn name(mut self, name: impl Into<Arn>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The state machine sends logs to CloudWatch Logs.
    #[must_use]
    pub fn logging(mut self) -> Self {
        self.logging = true;
        self
    }

    /// The state machine sends traces to X-Ray.
    #[must_use]
    pub fn tracing(mut self) -> Self {
        self.tracing = true;
        self
    }

    /// The state machine is encrypted with this key: an ID, an alias (`alias/…`), the ARN of either, or a placeholder.
    #[must_use]
    pub fn encryption_key(mut self, key: impl Into<Arn>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// The activities of the definition are encrypted with this key.
    #[must_use]
    pub fn activity_encryption_key(mut self, key: impl Into<Arn>) -> Self {
        self.activity_key = Some(key.into());
        self
    }

    /// Allows every version and alias of each function, not only the one that the definition names, so that executions
    /// that started with an older version of the function keep their permission when a new version is deployed.
    #[must_use]
    pub fn all_qualifiers(mut self) -> Self {
        self.all_qualifiers = true;
        self
    }

    /// The roles that a call passes because of a value in the definition: those of the task definition `${Task}`, that
    /// of the instance profile `${Profile}`. They are ARNs or names.
    #[must_use]
    pub fn roles<R: Into<Arn>>(mut self, of: impl Into<Arn>, roles: impl IntoIterator<Item = R>) -> Self {
        self.roles.insert(of.into(), roles.into_iter().map(Into::into).collect());
        self
    }

    /// The customer managed key that encrypts a resource, which the states that use the resource need too. The resource is
    /// a reference of the definition, such as `${Orders}`, or an ARN; the key is an ID, an alias (`alias/…`), the ARN of
    /// either, or a reference.
    #[must_use]
    pub fn encrypted(mut self, resource: impl Into<Arn>, key: impl Into<Arn>) -> Self {
        self.keys.insert(resource.into(), Key { key: key.into(), policy_may_allow: false });
        self
    }

    /// The state also needs these actions on these resources.
    #[must_use]
    pub fn grant<A: Into<String>, R: Into<Arn>>(
        mut self,
        state: impl Into<String>,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        self.grants.push(StateGrant::new(state, actions, resources));
        self
    }

    /// The state needs these actions on these resources and nothing else: the derived permissions are omitted. Several
    /// calls for one state add up.
    #[must_use]
    pub fn grant_only<A: Into<String>, R: Into<Arn>>(
        mut self,
        state: impl Into<String>,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        self.grants.push(StateGrant::new(state, actions, resources).with_effect(Effect::Replaces));
        self
    }

    /// The resources that a state uses, where the derived permissions contain only their type, or `*`.
    #[must_use]
    pub fn resources<R: Into<Arn>>(mut self, state: impl Into<String>, resources: impl IntoIterator<Item = R>) -> Self {
        let none: [String; 0] = [];
        self.grants.push(StateGrant::new(state, none, resources).with_effect(Effect::Narrows));
        self
    }

    /// What the reference `${name}` contains.
    #[must_use]
    pub fn reference(mut self, name: impl Into<String>, kind: ReferenceKind) -> Self {
        self.references.insert(name.into(), kind);
        self
    }

    /// The value of the reference `${name}`. It can contain other references.
    #[must_use]
    pub fn substitution(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.substitutions.insert(name.into(), value.into());
        self
    }

    /// The facts from a template: what the references of the definition are, the roles that belong to them, the name of
    /// the machine, its logging, tracing and key.
    #[must_use]
    pub fn template(
        mut self,
        template: &template::Template,
        machine: &template::Machine,
        definition: &template::Definition,
    ) -> Self {
        self = self.template_references(template, definition);
        for (name, reference) in &machine.references {
            if let Some(kind) = ReferenceKind::of(reference) {
                self = self.reference(name.clone(), kind);
            }
        }
        if let Some(name) = &machine.name {
            self = self.name(name.as_str());
        }
        if let Some(key) = &machine.key {
            self = self.encryption_key(key.as_str());
        }
        self.logging |= machine.logging;
        self.tracing |= machine.tracing;
        self
    }

    /// What the references of the definition are in a template: their kinds, and the roles and keys that belong to them.
    #[must_use]
    pub fn template_references(mut self, template: &template::Template, definition: &template::Definition) -> Self {
        for (name, reference) in definition.references() {
            if let Some(roles) = template.roles(reference) {
                self = self.roles(format!("${{{name}}}"), roles);
            }
            if let Some(kind) = ReferenceKind::of(reference) {
                self = self.reference(name.clone(), kind);
            }
            if let Some(key) = template.key_of(reference) {
                self.keys.insert(format!("${{{name}}}").into(), key.into());
            }
        }
        self
    }

    /// The same for an audit of the machine's role: each reference, the name and the key have the form of the template.
    /// See [`Template::physical`](template::Template::physical).
    #[must_use]
    pub fn physical(
        mut self,
        template: &template::Template,
        machine: &template::Machine,
        definition: &template::Definition,
        role: &template::Role,
    ) -> Self {
        self = self.template(template, machine, definition);
        for name in role.arns() {
            self = self.reference(name, ReferenceKind::Arn);
        }
        for (name, reference) in definition.references() {
            match template.physical(reference) {
                // A reference that remains unchanged needs no value.
                Some(value) if value != format!("${{{name}}}") => {
                    if let Some(roles) = template.physical_roles(reference) {
                        self = self.roles(value.as_str(), roles);
                    }
                    self = self.substitution(name.clone(), value);
                }
                _ => {}
            }
        }
        self.keys = template.physical_keys().into_iter().map(|(arn, key)| (arn.into(), key.into())).collect();
        if let Some(name) = template.physical_name(&machine.id) {
            self = self.name(name);
        }
        if let Some(key) = machine.key.as_deref().and_then(|key| template.physical_text(key)) {
            self = self.encryption_key(key);
        }
        self
    }

    /// An integration that is not in a spec of this library.
    #[must_use]
    pub fn integration(mut self, action: &'static Action) -> Self {
        self.actions.push(action);
        self
    }

    pub(crate) fn with(mut self, grants: &[StateGrant], actions: &[&'static Action]) -> Self {
        self.grants.extend_from_slice(grants);
        self.actions.extend_from_slice(actions);
        self
    }

    /// The resource with the known values of references.
    pub(super) fn with_values(&self, arn: &Arn) -> Arn {
        self.substitutions.iter().fold(arn.clone(), |arn, (name, value)| arn.with_reference(name, value))
    }

    /// The definition with the known values of references; none if nothing changes.
    pub(super) fn substitute(&self, machine: &StateMachine) -> Option<StateMachine> {
        if self.substitutions.is_empty() {
            return None;
        }
        Some(machine.substitute(&self.substitutions))
    }
}

/// In a resource that the user writes, `*` is a wildcard.
fn wildcards(arn: Arn) -> Arn {
    let mut result = Arn::default();
    for piece in arn.pieces() {
        let Piece::Literal(text) = piece else {
            result.push(piece.clone());
            continue;
        };
        for (at, part) in text.split('*').enumerate() {
            if at > 0 {
                result.push(Piece::Wildcard);
            }
            result.literal(part);
        }
    }
    result
}
