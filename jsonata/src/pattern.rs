//! The syntax of regular expressions, enough to find mistakes.
//!
//! The reference implementation leaves this to JavaScript, where a single bracket is an ordinary character.

/// An error and its position.
type Fault = (usize, String);

/// Checks the text between the slashes.
pub(crate) fn check(pattern: &str) -> Result<(), Fault> {
    let signs: Vec<(usize, char)> = pattern.char_indices().collect();
    let sign = |at: usize| signs.get(at).map(|(_, sign)| *sign);
    let offset = |at: usize| signs.get(at).map_or(pattern.len(), |(offset, _)| *offset);
    let mut groups = Vec::new();
    // Whether it follows something that can be repeated.
    let mut operand = false;
    let mut at = 0;
    while let Some(here) = sign(at) {
        match here {
            '\\' => {
                if sign(at + 1).is_none() {
                    return Err((offset(at), "nothing follows `\\`".into()));
                }
                operand = !matches!(sign(at + 1), Some('b' | 'B'));
                at += 2;
            }
            '[' => {
                at = class(&signs, at).map_err(|(index, message)| (offset(index), message))?;
                operand = true;
            }
            '(' => {
                groups.push((at, true));
                at += 1;
                if sign(at) == Some('?') {
                    match (sign(at + 1), sign(at + 2)) {
                        (Some(':'), _) => at += 2,
                        // A lookahead can be repeated, a lookbehind cannot.
                        (Some('=' | '!'), _) => at += 2,
                        (Some('<'), Some('=' | '!')) => {
                            if let Some(group) = groups.last_mut() {
                                group.1 = false;
                            }
                            at += 3;
                        }
                        (Some('<'), Some(first)) if first.is_alphabetic() || first == '_' || first == '$' => {
                            let from = at + 2;
                            at = from;
                            while sign(at).is_some_and(|sign| sign.is_alphanumeric() || sign == '_' || sign == '$') {
                                at += 1;
                            }
                            if sign(at) != Some('>') {
                                return Err((offset(from), "the name of the group is not closed by `>`".into()));
                            }
                            at += 1;
                        }
                        _ => return Err((offset(at), "there is no such kind of group".into())),
                    }
                }
                operand = false;
            }
            ')' => {
                let Some((_, repeatable)) = groups.pop() else {
                    return Err((offset(at), "`)` does not close anything".into()));
                };
                operand = repeatable;
                at += 1;
            }
            '|' | '^' | '$' => {
                operand = false;
                at += 1;
            }
            '*' | '+' | '?' => {
                if !operand {
                    return Err((offset(at), format!("`{here}` has nothing to repeat")));
                }
                operand = false;
                at += 1;
                if sign(at) == Some('?') {
                    at += 1;
                }
            }
            '{' => match counts(&signs, at) {
                Some((next, low, high)) => {
                    if !operand {
                        return Err((offset(at), "`{` has nothing to repeat".into()));
                    }
                    if high.is_some_and(|high| high < low) {
                        return Err((offset(at), "the numbers of the repetition are in the wrong order".into()));
                    }
                    operand = false;
                    at = next;
                    if sign(at) == Some('?') {
                        at += 1;
                    }
                }
                None => {
                    operand = true;
                    at += 1;
                }
            },
            _ => {
                operand = true;
                at += 1;
            }
        }
    }
    match groups.last() {
        Some((open, _)) => Err((offset(*open), "`(` is not closed".into())),
        None => Ok(()),
    }
}

/// `{2}`, `{2,}` or `{2,3}`: where it ends, and its numbers.
fn counts(signs: &[(usize, char)], at: usize) -> Option<(usize, f64, Option<f64>)> {
    let inside: String =
        signs[at + 1..].iter().map(|(_, sign)| *sign).take_while(|sign| *sign != '}').take(64).collect();
    let end = at + 1 + inside.chars().count();
    if signs.get(end).is_none_or(|(_, sign)| *sign != '}') {
        return None;
    }
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        if digits { text.parse::<f64>().ok() } else { None }
    };
    match inside.split_once(',') {
        None => number(&inside).map(|low| (end + 1, low, Some(low))),
        Some((low, "")) => number(low).map(|low| (end + 1, low, None)),
        Some((low, high)) => Some((end + 1, number(low)?, Some(number(high)?))),
    }
}

/// `[…]`: where it ends.
fn class(signs: &[(usize, char)], open: usize) -> Result<usize, Fault> {
    let sign = |at: usize| signs.get(at).map(|(_, sign)| *sign);
    let unclosed = || (open, "`[` is not closed".to_owned());
    let mut at = open + 1;
    if sign(at) == Some('^') {
        at += 1;
    }
    // A member of the class, and whether it is a single character.
    let member = |at: usize| match sign(at) {
        None => Err(unclosed()),
        Some('\\') => match sign(at + 1) {
            None => Err(unclosed()),
            Some('d' | 'D' | 's' | 'S' | 'w' | 'W') => Ok((at + 2, None)),
            Some(escaped) if escaped.is_alphanumeric() => Ok((at + 2, None)),
            Some(escaped) => Ok((at + 2, Some(escaped))),
        },
        Some(plain) => Ok((at + 1, Some(plain))),
    };
    loop {
        if sign(at) == Some(']') {
            return Ok(at + 1);
        }
        let from = at;
        let (next, low) = member(at)?;
        at = next;
        if sign(at) == Some('-') && sign(at + 1).is_some_and(|sign| sign != ']') {
            let (next, high) = member(at + 1)?;
            at = next;
            if let (Some(low), Some(high)) = (low, high) {
                if low > high {
                    return Err((from, format!("the range `{low}-{high}` is in the wrong order")));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn right_patterns_pass_and_wrong_ones_are_told() {
        for right in
            ["a+?", "(?:a|b)*", "[^a-z\\]]", "a{2,3}", "a{x", "\\d+\\.\\d", "(?<n>a)", "(?=a)*b", "[]", "]", "}", "^$"]
        {
            assert_eq!(check(right), Ok(()), "{right}");
        }
        for wrong in ["*a", "a**", "(a", "a)", "[a", "[b-a]", "a{3,2}", "(?a)", "a\\", "(?<n", "a|*", "(?<=a)*"] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
