//! Setters that several states have. Each state lists its groups.

/// Setters of every state.
macro_rules! any_state {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// The name of the state.
            pub fn name(&self) -> &str {
                &self.builder.node.name
            }

            /// A comment for readers of the definition: the field `Comment`.
            pub fn comment(mut self, comment: impl Into<String>) -> Self {
                self.builder.set_plain($crate::states::Field::Comment, comment.into());
                self
            }

            /// The query language of this state, if it differs from that of the state machine.
            pub fn query_language(mut self, language: $crate::value::QueryLanguage) -> Self {
                self.builder.node.language = Some(language);
                self
            }

            /// Allows findings with this code in this state and in all states inside it. The codes are in
            /// `docs/checks.md`.
            pub fn allow(mut self, code: impl Into<String>) -> Self {
                self.builder.node.levels.push((code.into(), $crate::check::Level::Allow));
                self
            }

            /// Makes findings with this code errors in this state and in all states inside it. `warnings` stands for
            /// every warning.
            pub fn deny(mut self, code: impl Into<String>) -> Self {
                self.builder.node.levels.push((code.into(), $crate::check::Level::Deny));
                self
            }

            /// Sets a field of the rendered state, even if the library does not know it. It replaces a value that the
            /// builder sets for this field. The checker reports unknown fields as warnings, not as errors.
            pub fn field(mut self, name: impl Into<String>, value: impl $crate::value::IntoPayload) -> Self {
                self.builder.node.overrides.push((name.into().into(), $crate::value::IntoPayload::into_payload(value)));
                self
            }
        }
    };
}

/// Implements the conversion of a state to a [`Chain`](super::Chain).
macro_rules! chain {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? From<$state> for $crate::states::Chain {
            fn from(state: $state) -> Self {
                state.builder.into()
            }
        }

        impl $(<$generic>)? $crate::states::IntoChain for $state {
            fn into_chain(self) -> $crate::states::Chain {
                self.into()
            }
        }
    };
}

/// Implements the traits of a state.
macro_rules! state {
    ($state:ty $(; $generic:ident)?) => {
        any_state!($state $(; $generic)?);

        chain!($state $(; $generic)?);
    };
}

/// A state that can have a next state.
macro_rules! flow {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// Continues with that state or chain.
            pub fn next(self, next: impl $crate::states::IntoChain) -> $crate::states::Chain {
                $crate::states::Chain::from(self).next(next)
            }

            /// Ends the execution here.
            pub fn end(self) -> $crate::states::Chain {
                $crate::states::Chain::from(self).end()
            }
        }
    };
}

/// The input and output of a JSONPath state.
macro_rules! input_output {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// The part of the input that the state uses: the field `InputPath` of a JSONPath state.
            pub fn input_path(mut self, path: impl $crate::value::IntoPath) -> Self {
                self.builder.set($crate::states::Field::InputPath, $crate::states::FieldValue::path(path));
                self
            }

            /// Replaces the input with an empty object: `"InputPath": null`.
            pub fn discard_input(mut self) -> Self {
                self.builder.set_plain($crate::states::Field::InputPath, $crate::value::Json::Null);
                self
            }

            /// The part of the output that is passed on: the field `OutputPath` of a JSONPath state.
            pub fn output_path(mut self, path: impl $crate::value::IntoPath) -> Self {
                self.builder.set($crate::states::Field::OutputPath, $crate::states::FieldValue::path(path));
                self
            }

            /// Makes the output an empty object: `"OutputPath": null`.
            pub fn discard_output(mut self) -> Self {
                self.builder.set_plain($crate::states::Field::OutputPath, $crate::value::Json::Null);
                self
            }
        }
    };
}

/// The place of the result of a JSONPath state.
macro_rules! result_path {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// The place in the input for the result: the field `ResultPath` of a JSONPath state. Without it, the
            /// result replaces the input.
            pub fn result_path(mut self, path: impl $crate::value::IntoPath) -> Self {
                self.builder.set($crate::states::Field::ResultPath, $crate::states::FieldValue::path(path));
                self
            }

            /// Drops the result and passes on the input: `"ResultPath": null`.
            pub fn discard_result(mut self) -> Self {
                self.builder.set_plain($crate::states::Field::ResultPath, $crate::value::Json::Null);
                self
            }
        }
    };
}

/// The selection from the task's raw result in a JSONPath state.
macro_rules! result_selector {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// A new result, with paths into the raw result: the field `ResultSelector` of a JSONPath state.
            pub fn result_selector(mut self, selector: impl $crate::value::IntoPayload) -> Self {
                let selector = $crate::states::FieldValue::Template($crate::value::IntoPayload::into_payload(selector));
                self.builder.set($crate::states::Field::ResultSelector, selector);
                self
            }
        }
    };
}

/// Variables.
macro_rules! assign {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// Assigns a value to a variable, for the states after this one. Each call adds a variable: the field
            /// `Assign`.
            pub fn assign(mut self, variable: impl Into<String>, value: impl $crate::value::IntoPayload) -> Self {
                self.builder.insert($crate::states::Field::Assign, variable.into(), $crate::value::IntoPayload::into_payload(value));
                self
            }
        }
    };
}

/// The output of a JSONata state.
macro_rules! output {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// The output of the state: the field `Output` of a JSONata state.
            pub fn output(mut self, output: impl $crate::value::IntoPayload) -> Self {
                let output = $crate::states::FieldValue::Template($crate::value::IntoPayload::into_payload(output));
                self.builder.set($crate::states::Field::Output, output);
                self
            }
        }
    };
}

/// A state that can fail.
macro_rules! errors {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// Adds a retrier. The first retrier that matches the error is used.
            pub fn retry(mut self, retry: $crate::states::Retry) -> Self {
                self.builder.node.retry.push(retry);
                self
            }

            /// Adds a catcher, which continues with that state or chain. The first catcher that matches the error is
            /// used.
            pub fn catch(
                mut self,
                catch: $crate::states::Catch,
                handler: impl $crate::states::IntoChain,
            ) -> Self {
                let handler = self.builder.adopt($crate::states::IntoChain::into_chain(handler), false);
                self.builder.node.catch.push((catch, handler));
                self
            }
        }
    };
}
