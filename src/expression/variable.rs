//! Names of workflow variables.

use super::SyntaxError;

/// The maximum number of characters of a variable name.
pub const MAX_LENGTH: usize = 80;

/// The name that Step Functions reserves.
pub const RESERVED: &str = "states";

/// Whether a variable name can start with this character.
///
/// The guide requires Unicode's ID_Start, which excludes `_`. A leading `_` is accepted here, because there is no
/// proof that Step Functions rejects it.
pub fn may_begin(sign: char) -> bool {
    sign == '_' || unicode_ident::is_xid_start(sign)
}

/// Whether a variable name can contain this character.
pub fn may_continue(sign: char) -> bool {
    unicode_ident::is_xid_continue(sign)
}

/// Checks the name of a variable in `Assign`, without `$`.
///
/// # Errors
///
/// Returns an error if Step Functions does not accept the name.
pub fn check_name(name: &str) -> Result<(), SyntaxError> {
    let Some(first) = name.chars().next() else {
        return Err(SyntaxError::new(0, "the name of the variable is empty"));
    };
    if name == RESERVED {
        return Err(SyntaxError::new(
            0,
            "`states` is reserved: `$states` contains the state's input, result and context",
        )
        .with_help("use another name for the variable"));
    }
    if let Some(bare) = name.strip_prefix('$') {
        return Err(
            SyntaxError::new(0, "the name of a variable has no `$` in `Assign`").with_help(format!("write `{bare}`"))
        );
    }
    if !may_begin(first) {
        return Err(SyntaxError::new(0, format!("the name of a variable cannot start with `{first}`"))
            .with_help("start it with a letter"));
    }
    if let Some((offset, sign)) = name.char_indices().find(|(_, sign)| !may_continue(*sign)) {
        let help = match sign {
            '.' | '[' => "assign a value to the whole variable, not to a part of it",
            _ => "use letters, digits and `_` only",
        };
        return Err(SyntaxError::new(offset, format!("the name of a variable cannot contain `{sign}`")).with_help(help));
    }
    match name.char_indices().nth(MAX_LENGTH) {
        Some((offset, _)) => Err(SyntaxError::new(
            offset,
            format!(
                "the name of a variable can have at most {MAX_LENGTH} characters, but this one has {}",
                name.chars().count()
            ),
        )
        .with_help("use a shorter name")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_guide() {
        for good in ["x", "productName", "größe", "a1_b", "变量", &"a".repeat(80)] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["", "states", "$x", "1a", "x.y", "x[2]", "a-b", "a b", &"a".repeat(81)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert_eq!(check_name("ä.b").unwrap_err().offset, 2);
    }
}
