//! Names of workflow variables.

use super::SyntaxError;

/// The greatest number of characters in a variable's name.
pub const MAX_LENGTH: usize = 80;

/// The name that belongs to Step Functions.
pub const RESERVED: &str = "states";

/// Whether the sign may begin a variable's name.
///
/// The guide names Unicode's ID_Start, which leaves out `_`; a leading `_` is let through, for nothing shows that Step
/// Functions refuses it.
pub fn may_begin(sign: char) -> bool {
    sign == '_' || unicode_ident::is_xid_start(sign)
}

/// Whether the sign may be inside of a variable's name.
pub fn may_continue(sign: char) -> bool {
    unicode_ident::is_xid_continue(sign)
}

/// Checks the name of a variable as `Assign` gives it, without `$`.
pub fn check_name(name: &str) -> Result<(), SyntaxError> {
    let Some(first) = name.chars().next() else {
        return Err(SyntaxError::new(0, "a variable needs a name"));
    };
    if name == RESERVED {
        return Err(SyntaxError::new(0, "`states` is reserved: `$states` holds the state's input, result and context")
            .with_help("give the variable another name"));
    }
    if let Some(bare) = name.strip_prefix('$') {
        return Err(SyntaxError::new(0, "a variable's name is written without `$` where it is assigned")
            .with_help(format!("write `{bare}`")));
    }
    if !may_begin(first) {
        return Err(SyntaxError::new(0, format!("a variable's name cannot begin with `{first}`"))
            .with_help("begin it with a letter"));
    }
    if let Some((offset, sign)) = name.char_indices().find(|(_, sign)| !may_continue(*sign)) {
        let help = match sign {
            '.' | '[' => "assign the whole variable: a part of one cannot be assigned",
            _ => "use letters, digits and `_` only",
        };
        return Err(SyntaxError::new(offset, format!("a variable's name cannot have `{sign}` in it")).with_help(help));
    }
    match name.char_indices().nth(MAX_LENGTH) {
        Some((offset, _)) => Err(SyntaxError::new(
            offset,
            format!("a variable's name has at most {MAX_LENGTH} characters; this one has {}", name.chars().count()),
        )
        .with_help("shorten the name")),
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
