//! The Choice state.

use super::{Builder, Chain, Condition, Flow, IntoChain, IntoName};
use crate::asl::StateType;
use crate::value::{IntoPayload, Jsonata, Payload};

/// A rule of a choice, with its next state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) branch: Branch,
    pub(crate) next: String,
}

/// Continues with the next state of the first rule that is true.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let machine = StateMachine::new(
///     Choice::new("Big?")
///         .when(var("$.total").greater_than(1000), Pass::new("Big"))
///         .when(any([var("$.vip").equals(true), var("$.vip").is_present()]), Pass::new("Treat well"))
///         .otherwise(Pass::new("Small"))
///         .next(Succeed::new("Done")),
/// )?;
/// assert_eq!(machine.asl().states().count(), 5);
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a state does nothing until it is part of a machine"]
pub struct Choice {
    builder: Builder,
}

/// A condition, with the other settings of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    pub(crate) condition: Condition,
    pub(crate) comment: Option<String>,
    pub(crate) assign: Option<Payload>,
    pub(crate) output: Option<Payload>,
}

impl Branch {
    /// A rule with only the condition.
    pub fn new(condition: impl Into<Condition>) -> Self {
        Self { condition: condition.into(), comment: None, assign: None, output: None }
    }

    /// A comment for readers of the definition.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// Assigns a value to a variable if this rule applies. Each call adds a variable: the field `Assign`.
    pub fn assign(mut self, variable: impl Into<String>, value: impl IntoPayload) -> Self {
        self.assign.get_or_insert_with(Payload::object).set(variable.into().into(), value.into_payload());
        self
    }

    /// The output of the state if this rule applies, in a JSONata state: the field `Output`.
    pub fn output(mut self, output: impl IntoPayload) -> Self {
        self.output = Some(output.into_payload());
        self
    }
}

/// The values that [`Choice::when`] accepts: a [`Condition`], a [`jsonata`](crate::value::jsonata) expression, or a
/// [`Branch`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "pass a comparison such as `var(\"$.total\").greater_than(1000)`, or `jsonata(…)` in a JSONata state",
    note = "combine conditions with `.and(…)` and `.or(…)`, not by `&&` and `||`"
)]
pub trait IntoBranch {
    /// The branch.
    fn into_branch(self) -> Branch;
}

impl IntoBranch for Branch {
    fn into_branch(self) -> Branch {
        self
    }
}

impl IntoBranch for Condition {
    fn into_branch(self) -> Branch {
        Branch::new(self)
    }
}

impl IntoBranch for Jsonata {
    fn into_branch(self) -> Branch {
        Branch::new(self)
    }
}

impl<C: Into<Condition>> From<C> for Branch {
    fn from(condition: C) -> Self {
        Branch::new(condition)
    }
}

impl Choice {
    /// A Choice state without rules. It needs at least one.
    pub fn new(name: impl IntoName) -> Self {
        Self { builder: Builder::new(name, StateType::Choice) }
    }

    /// Adds a rule: if the condition is true, the execution continues with that state or chain.
    pub fn when(mut self, branch: impl IntoBranch, next: impl IntoChain) -> Self {
        let next = self.builder.adopt(next.into_chain(), true);
        self.builder.node.rules.push(Rule { branch: branch.into_branch(), next });
        self
    }

    /// The next state if no rule is true: the field `Default`. Without it, and without a [`next`](Self::next) after the
    /// choice, the execution fails with `States.NoChoiceMatched`.
    pub fn otherwise(mut self, next: impl IntoChain) -> Self {
        let next = self.builder.adopt(next.into_chain(), true);
        self.builder.node.flow = Flow::Default(Some(next));
        self
    }

    /// Continues with this state or chain at the end of every branch, and, without [`otherwise`](Self::otherwise), if
    /// no rule is true.
    pub fn next(self, next: impl IntoChain) -> Chain {
        Chain::from(self).next(next)
    }
}

any_state!(Choice);
input_output!(Choice);
assign!(Choice);
output!(Choice);

chain!(Choice);
