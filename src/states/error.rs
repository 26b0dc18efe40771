//! Error names.

use std::fmt;

use crate::value::Text;

/// The name of an error, for a retrier, a catcher or a Fail state.
///
/// The error names of the Amazon States Language are constants in [`errors`], and those of each service are in a
/// module inside it, such as `errors::lambda`. Your own error name can be a constant of this type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ErrorName(Text);

impl ErrorName {
    /// A name that is known at compile time.
    pub const fn from_static(name: &'static str) -> Self {
        Self(Text::Borrowed(name))
    }

    /// The name, as in a definition.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_text(self) -> Text {
        self.0
    }
}

impl From<&str> for ErrorName {
    fn from(name: &str) -> Self {
        Self(Text::Owned(name.to_owned()))
    }
}

impl From<&String> for ErrorName {
    fn from(name: &String) -> Self {
        Self(Text::Owned(name.clone()))
    }
}

impl From<String> for ErrorName {
    fn from(name: String) -> Self {
        Self(Text::Owned(name))
    }
}

impl fmt::Display for ErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The values that [`Retry::on`](super::Retry::on) and [`Catch::on`](super::Catch::on) accept: an error name, or a
/// list of error names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error name or a list of error names",
    label = "pass text such as `\"Orders.Busy\"`, a constant of `errors`, or a list of these"
)]
pub trait IntoErrorNames {
    /// The names.
    fn into_error_names(self) -> Vec<ErrorName>;
}

macro_rules! one_name {
    ($($of:ty),*) => {$(
        impl IntoErrorNames for $of {
            fn into_error_names(self) -> Vec<ErrorName> {
                vec![self.into()]
            }
        }
    )*};
}

one_name!(&str, String, &String, ErrorName);

impl<E: Into<ErrorName>, const N: usize> IntoErrorNames for [E; N] {
    fn into_error_names(self) -> Vec<ErrorName> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<E: Into<ErrorName>> IntoErrorNames for Vec<E> {
    fn into_error_names(self) -> Vec<ErrorName> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<E: Into<ErrorName> + Clone> IntoErrorNames for &[E] {
    fn into_error_names(self) -> Vec<ErrorName> {
        self.iter().cloned().map(Into::into).collect()
    }
}

impl<E: Into<ErrorName> + Clone> IntoErrorNames for &Vec<E> {
    fn into_error_names(self) -> Vec<ErrorName> {
        self.as_slice().into_error_names()
    }
}

/// The [errors of the Amazon States
/// Language](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html), and the errors of
/// each service in its own module, such as [`lambda`](errors::lambda).
pub mod errors {
    pub use crate::asl::errors::*;
    pub use crate::tasks::errors::*;
}
