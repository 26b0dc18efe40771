//! The paths in an expression.

/// The paths in the expression, without duplicates, in the order of their first use.
///
/// # Errors
///
/// Returns an error for a path inside a string, because it would not be replaced.
pub(super) fn in_expression(expression: &str) -> Result<Vec<&str>, String> {
    let mut paths: Vec<&str> = Vec::new();
    // One entry for each open template string: the number of open braces in its current substitution.
    let mut substitutions: Vec<usize> = Vec::new();
    let mut rest = expression;
    while let Some(sign) = rest.chars().next() {
        rest = &rest[sign.len_utf8()..];
        match sign {
            '\'' | '"' => rest = skip_text(rest, sign)?,
            '`' => rest = enter_template(rest, &mut substitutions)?,
            '{' => {
                if let Some(open) = substitutions.last_mut() {
                    *open += 1;
                }
            }
            '}' => match substitutions.last_mut() {
                Some(0) => {
                    substitutions.pop();
                    rest = enter_template(rest, &mut substitutions)?;
                }
                Some(open) => *open -= 1,
                None => {}
            },
            '$' => {
                let from = &expression[expression.len() - rest.len() - 1..];
                let length = path_length(from);
                if length == 0 {
                    return Err(format!("no path begins at `{}`", from.chars().take(20).collect::<String>()));
                }
                let path = &from[..length];
                rest = &from[length..];
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
            _ => {}
        }
    }
    Ok(paths)
}

/// The rest after the end of a string in quotation marks.
fn skip_text(text: &str, quote: char) -> Result<&str, String> {
    let mut escaped = false;
    for (at, sign) in text.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '$' => refuse_path(&text[at..])?,
            _ if sign == quote => return Ok(&text[at + 1..]),
            _ => {}
        }
    }
    Ok("")
}

/// The rest after the end of a template string, or after the `${` of its next substitution.
fn enter_template<'a>(text: &'a str, substitutions: &mut Vec<usize>) -> Result<&'a str, String> {
    let mut escaped = false;
    for (at, sign) in text.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '`' => return Ok(&text[at + 1..]),
            '$' if text[at + 1..].starts_with('{') => {
                substitutions.push(0);
                return Ok(&text[at + 2..]);
            }
            '$' => refuse_path(&text[at..])?,
            _ => {}
        }
    }
    Ok("")
}

fn refuse_path(text: &str) -> Result<(), String> {
    let after = text[1..].strip_prefix('$').unwrap_or(&text[1..]);
    // `$5` and `$name` are often plain text.
    if !after.starts_with(['.', '[']) {
        return Ok(());
    }
    match &text[..path_length(text)] {
        "" => Ok(()),
        path => Err(format!(
            "`{path}` is inside a string, where it is not replaced: write `${{{path}}}` in a template string"
        )),
    }
}

/// The length of the path at the start of the text: `$`, `$$` or `$name`, and the members and indexes after it. The
/// name of a function that is called does not belong to the path.
fn path_length(text: &str) -> usize {
    let is_name = |sign: char| sign.is_alphanumeric() || sign == '_';
    let name_length = |text: &str| text.find(|sign| !is_name(sign)).unwrap_or(text.len());
    let root = if text.starts_with("$$") { 2 } else { 1 + name_length(&text[1..]) };
    let mut length = root;
    loop {
        let rest = &text[length..];
        let step = if let Some(member) = rest.strip_prefix('.') {
            let name = name_length(member);
            if name == 0 || member[name..].trim_start().starts_with('(') { 0 } else { 1 + name }
        } else if let Some(inside) = rest.strip_prefix('[') {
            index_length(inside).map_or(0, |inside| 1 + inside)
        } else {
            0
        };
        if step == 0 {
            let is_variable = root > 1 && !text.starts_with("$$");
            return if length > root || is_variable { length } else { 0 };
        }
        length += step;
    }
}

/// The length of `0]` or `'name']`.
fn index_length(inside: &str) -> Option<usize> {
    let end = match inside.chars().next()? {
        quote @ ('\'' | '"') => inside[1..].find(quote)? + 2,
        sign if sign.is_ascii_digit() => inside.find(|sign: char| !sign.is_ascii_digit())?,
        _ => return None,
    };
    inside[end..].starts_with(']').then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::in_expression;

    #[test]
    fn finds_each_path_once() {
        let found = |expression| in_expression(expression).unwrap();
        assert_eq!(found("$.a / 1000 + $.a"), ["$.a"]);
        assert_eq!(found("`Now waiting ${$.wait.seconds} of ${`${ {a: $.b}.a }`}`"), ["$.wait.seconds", "$.b"]);
        assert_eq!(
            found("$.list[0].name.toUpperCase ( ) + $['order-id'] + $$.Execution.Id + $total.sum"),
            ["$.list[0].name", "$['order-id']", "$$.Execution.Id", "$total.sum"]
        );
        assert_eq!(found("$.a-1 > $.ü[$.index]"), ["$.a", "$.ü", "$.index"]);
        assert_eq!(found("'costs $5' + \"it's $name\" + `\\${a}`"), Vec::<&str>::new());
        assert_eq!(found("'\\'' + $.a"), ["$.a"]);
    }

    #[test]
    fn refuses_a_path_that_would_stay_text() {
        for wrong in ["'$.a'", "\"at $.a.b\"", "`at $.a`"] {
            assert!(in_expression(wrong).unwrap_err().contains("${$.a"), "{wrong}");
        }
        assert!(in_expression("$ + 1").unwrap_err().contains("`$ + 1`"));
        assert!(in_expression("$.(").is_err());
    }
}
