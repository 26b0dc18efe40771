//! The context object: the data of Step Functions about the execution and its current state.

use super::SyntaxError;

/// A node of the context object.
enum Node {
    /// An object with these members
    Members(&'static [(&'static str, Node)]),
    /// A value whose members are unknown
    Anything,
}

use Node::{Anything, Members};

/// The members in the developer guide.
static CONTEXT: Node = Members(&[
    (
        "Execution",
        Members(&[
            ("Id", Anything),
            ("Input", Anything),
            ("Name", Anything),
            ("RoleArn", Anything),
            ("StartTime", Anything),
            ("RedriveCount", Anything),
            ("RedriveTime", Anything),
        ]),
    ),
    ("State", Members(&[("EnteredTime", Anything), ("Name", Anything), ("RetryCount", Anything)])),
    ("StateMachine", Members(&[("Id", Anything), ("Name", Anything)])),
    ("Task", Members(&[("Token", Anything)])),
    (
        "Map",
        Members(&[(
            "Item",
            Members(&[("Index", Anything), ("Key", Anything), ("Value", Anything), ("Source", Anything)]),
        )]),
    ),
]);

/// Checks the names of the path to a member of the context object. `prefix` is the text of the object: `$$` or
/// `$states.context`.
pub fn check_members<'a>(prefix: &str, names: impl IntoIterator<Item = &'a str>) -> Result<(), SyntaxError> {
    let mut at = prefix.to_owned();
    let mut node = &CONTEXT;
    for name in names {
        let Members(members) = node else { return Ok(()) };
        let Some((_, member)) = members.iter().find(|(known, _)| *known == name) else {
            let known: Vec<String> = members.iter().map(|(known, _)| format!("`{known}`")).collect();
            let error = SyntaxError::new(0, format!("the context object has no member `{name}` in `{at}`"));
            return Err(error.with_help(format!("the members of `{at}` are {}", known.join(", "))));
        };
        at = format!("{at}.{name}");
        node = member;
    }
    Ok(())
}

/// The names of the path to the task token.
pub const TASK_TOKEN: [&str; 2] = ["Task", "Token"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_those_of_the_guide() {
        assert!(check_members("$$", ["Execution", "Input", "anything", "at", "all"]).is_ok());
        assert!(check_members("$$", ["Map", "Item", "Value", "x"]).is_ok());
        let error = check_members("$$", ["Execution", "ID"]).unwrap_err();
        assert!(error.message.contains("no member `ID` in `$$.Execution`"), "{}", error.message);
        assert!(check_members("$$", ["execution"]).is_err());
    }
}
