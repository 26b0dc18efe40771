//! Names of states.

/// The name of a state: any kind of text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the name of a state",
    label = "pass the name as text, such as `\"Send order\"`",
    note = "a task is `Task::new(name, builder)`; `goto` accepts the name of a state, not the state"
)]
pub trait IntoName {
    /// The name.
    fn into_name(self) -> String;
}

#[diagnostic::do_not_recommend]
impl<T: Into<String>> IntoName for T {
    fn into_name(self) -> String {
        self.into()
    }
}
