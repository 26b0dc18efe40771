//! Views of retriers, catchers and choice rules.

use std::ops::Deref;

use super::Node;

macro_rules! views {
    ($($(#[$docs:meta])* $view:ident;)+) => {$(
        $(#[$docs])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $view<'a>(Node<'a>);

        impl<'a> $view<'a> {
            pub(super) fn new(node: Node<'a>) -> Self {
                Self(node)
            }
        }

        impl<'a> Deref for $view<'a> {
            type Target = Node<'a>;

            fn deref(&self) -> &Node<'a> {
                &self.0
            }
        }
    )+};
}

views! {
    /// An element of `Retry`.
    Retrier;
    /// An element of `Catch`.
    Catcher;
    /// A rule of a Choice state, or a condition within one.
    ChoiceRule;
}

impl<'a> Retrier<'a> {
    /// `ErrorEquals`: the names of the errors.
    pub fn error_equals(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.list("ErrorEquals").filter_map(|name| name.json().as_str())
    }

    /// `MaxAttempts`.
    pub fn max_attempts(&self) -> Option<i64> {
        self.integer("MaxAttempts")
    }
}

impl<'a> Catcher<'a> {
    /// `ErrorEquals`: the names of the errors.
    pub fn error_equals(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.list("ErrorEquals").filter_map(|name| name.json().as_str())
    }

    /// `Next`: the name of the next state.
    pub fn next(&self) -> Option<&'a str> {
        self.text("Next")
    }
}

impl<'a> ChoiceRule<'a> {
    /// `Next`: the name of the next state. Only the top-level rule has it.
    pub fn next(&self) -> Option<&'a str> {
        self.text("Next")
    }

    /// `Condition` (JSONata).
    pub fn condition(&self) -> Option<&'a str> {
        self.text("Condition")
    }

    /// `Variable` (JSONPath): the value to compare.
    pub fn variable(&self) -> Option<&'a str> {
        self.text("Variable")
    }

    /// The conditions inside `And`, `Or` or `Not`.
    pub fn operands(&self) -> Vec<ChoiceRule<'a>> {
        let mut operands = Vec::new();
        for (name, node) in self.members() {
            match name {
                "And" | "Or" => operands.extend(node.elements().map(ChoiceRule::new)),
                "Not" => operands.push(ChoiceRule::new(node)),
                _ => {}
            }
        }
        operands
    }
}
