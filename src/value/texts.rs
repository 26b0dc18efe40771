//! One text, or a list of texts.

/// The values that setters such as [`Task::grant`](crate::task::Task::grant) and
/// [`Task::resources`](crate::task::Task::resources) accept: one text, or a list of texts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text or a list of texts",
    label = "write text such as `\"arn:aws:s3:::bucket/*\"`, or a list of texts such as `[\"a\", \"b\"]`",
    note = "collect an iterator first: `.collect::<Vec<String>>()`"
)]
pub trait IntoTexts {
    /// The texts.
    fn into_texts(self) -> Vec<String>;
}

macro_rules! one_text {
    ($($of:ty),*) => {$(
        impl IntoTexts for $of {
            fn into_texts(self) -> Vec<String> {
                vec![self.into()]
            }
        }
    )*};
}

one_text!(&str, String, &String);

impl<T: Into<String>, const N: usize> IntoTexts for [T; N] {
    fn into_texts(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<String>> IntoTexts for Vec<T> {
    fn into_texts(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<String> + Clone> IntoTexts for &[T] {
    fn into_texts(self) -> Vec<String> {
        self.iter().cloned().map(Into::into).collect()
    }
}

impl<T: Into<String> + Clone, const N: usize> IntoTexts for &[T; N] {
    fn into_texts(self) -> Vec<String> {
        self.as_slice().into_texts()
    }
}

impl<T: Into<String> + Clone> IntoTexts for &Vec<T> {
    fn into_texts(self) -> Vec<String> {
        self.as_slice().into_texts()
    }
}
