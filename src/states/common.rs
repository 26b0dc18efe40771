//! Setters that several states have. Each state names the groups that it has.

/// What every state can say.
macro_rules! any_state {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// The name of the state.
            pub fn name(&self) -> &str {
                &self.builder.node.name
            }

            /// A note for the reader of the definition: the field `Comment`.
            pub fn comment(mut self, comment: impl Into<String>) -> Self {
                self.builder.set_plain($crate::states::Field::Comment, comment.into());
                self
            }

            /// The query language of this state, if it is not the machine's.
            pub fn query_language(mut self, language: $crate::value::QueryLanguage) -> Self {
                self.builder.node.language = Some(language);
                self
            }

            /// Does not report the findings of that code in this state and in those within it. The codes are in
            /// `docs/checks.md`.
            pub fn allow(mut self, code: impl Into<String>) -> Self {
                self.builder.node.levels.push((code.into(), $crate::check::Level::Allow));
                self
            }

            /// Makes the findings of that code errors in this state and in those within it; `warnings` is all that
            /// would only be a warning.
            pub fn deny(mut self, code: impl Into<String>) -> Self {
                self.builder.node.levels.push((code.into(), $crate::check::Level::Deny));
                self
            }

            /// Sets a field as it is to be rendered, whether the library knows it or not: it takes the place of what
            /// the builder sets under that name. What the checker does not know of it is a warning, no error.
            pub fn field(mut self, name: impl Into<String>, value: impl Into<$crate::value::Payload>) -> Self {
                self.builder.node.overrides.push((name.into().into(), value.into()));
                self
            }
        }
    };
}

/// Makes a [`Chain`](super::Chain) of a state.
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

/// Makes a type a state.
macro_rules! state {
    ($state:ty $(; $generic:ident)?) => {
        any_state!($state $(; $generic)?);

        chain!($state $(; $generic)?);
    };
}

/// A state that goes on to another.
macro_rules! flow {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// Goes on to that state or chain.
            pub fn next(self, next: impl $crate::states::IntoChain) -> $crate::states::Chain {
                $crate::states::Chain::from(self).next(next)
            }

            /// Ends the machine here.
            pub fn end(self) -> $crate::states::Chain {
                $crate::states::Chain::from(self).end()
            }
        }
    };
}

/// What a JSONPath state reads and passes on.
macro_rules! input_output {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// The part of the input that the state works on: the field `InputPath` of a JSONPath state.
            pub fn input_path(mut self, path: impl $crate::value::IntoPath) -> Self {
                self.builder.set($crate::states::Field::InputPath, $crate::states::FieldValue::path(path));
                self
            }

            /// Gives the state an empty object to work on: `"InputPath": null`.
            pub fn discard_input(mut self) -> Self {
                self.builder.set_plain($crate::states::Field::InputPath, $crate::value::Json::Null);
                self
            }

            /// The part of the output that is passed on: the field `OutputPath` of a JSONPath state.
            pub fn output_path(mut self, path: impl $crate::value::IntoPath) -> Self {
                self.builder.set($crate::states::Field::OutputPath, $crate::states::FieldValue::path(path));
                self
            }

            /// Hands on an empty object: `"OutputPath": null`.
            pub fn discard_output(mut self) -> Self {
                self.builder.set_plain($crate::states::Field::OutputPath, $crate::value::Json::Null);
                self
            }
        }
    };
}

/// Where the result of a JSONPath state goes.
macro_rules! result_path {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// Where in the input the result is put: the field `ResultPath` of a JSONPath state. Without it the
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

/// What a JSONPath state makes of the raw result.
macro_rules! result_selector {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// What is made of the raw result, with paths into it: the field `ResultSelector` of a JSONPath state.
            pub fn result_selector(mut self, selector: impl Into<$crate::value::Payload>) -> Self {
                let selector = $crate::states::FieldValue::Template(selector.into());
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
            /// Puts a value into a variable, for the states after this one. Each call adds one: the field `Assign`.
            pub fn assign(mut self, variable: impl Into<String>, value: impl Into<$crate::value::Payload>) -> Self {
                self.builder.insert($crate::states::Field::Assign, variable.into(), value.into());
                self
            }
        }
    };
}

/// The output of a JSONata state.
macro_rules! output {
    ($state:ty $(; $generic:ident)?) => {
        impl $(<$generic>)? $state {
            /// What is passed on: the field `Output` of a JSONata state.
            pub fn output(mut self, output: impl Into<$crate::value::Payload>) -> Self {
                let output = $crate::states::FieldValue::Template(output.into());
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
            /// Adds a retrier. The first that names the error is used.
            pub fn retry(mut self, retry: $crate::states::Retry) -> Self {
                self.builder.node.retry.push(retry);
                self
            }

            /// Adds a catcher, which goes on to that state or chain. The first that names the error is used.
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
