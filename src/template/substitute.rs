//! Replaces placeholders by values.

use std::collections::{BTreeMap, BTreeSet};

use super::TooLarge;
use super::evaluate::function;
use crate::asl::{Format, MAX_LENGTH, Source};
use crate::expression::placeholder;
use crate::value::Json;

/// Replaces placeholders by values, each once: values are not searched for placeholders again.
pub(super) struct Substitution<'v> {
    values: &'v BTreeMap<&'v str, String>,
    /// How many more bytes the strings of the definition may have.
    left: usize,
    /// The placeholders that have no value.
    pub(super) unfilled: BTreeSet<String>,
    /// All placeholders that remain, also those in texts where they can mean something else.
    pub(super) left_alone: BTreeSet<String>,
}

impl<'v> Substitution<'v> {
    pub(super) fn new(values: &'v BTreeMap<&'v str, String>) -> Self {
        Self { values, left: MAX_LENGTH, unfilled: BTreeSet::new(), left_alone: BTreeSet::new() }
    }

    /// Replaces the placeholders of a tree. Placeholders for functions of the template remain.
    pub(super) fn fill(&mut self, json: &mut Json) -> Result<(), TooLarge> {
        if function(json).is_some() {
            return Ok(());
        }
        match json {
            Json::String(text) if text.contains("${") => {
                let is_whole = text.starts_with("${") && text.find('}') == Some(text.len() - 1);
                let filled = self.text(text, is_whole)?;
                // A number that is the whole string may be intended as a number; the definition alone does not show
                // that.
                if !is_whole || !is_number_or_boolean(&filled) {
                    *text = filled.into();
                }
            }
            Json::Placeholder(name) => match self.values.get(&**name) {
                Some(value) => {
                    self.spend(value.len())?;
                    if let Ok(value) = Source::new(value.as_str(), Format::Json).parse() {
                        *json = value;
                    }
                }
                None => {
                    self.unfilled.insert(name.to_string());
                }
            },
            Json::Array(elements) => elements.iter_mut().try_for_each(|element| self.fill(element))?,
            Json::Object(object) => object.iter_mut().try_for_each(|(_, value)| self.fill(value))?,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str, is_whole: bool) -> Result<String, TooLarge> {
        let is_arn = text.starts_with("arn:");
        let (mut unfilled, mut left_alone) = (Vec::new(), Vec::new());
        let filled = expand(text, &mut self.left, |name| {
            let value = self.values.get(name).cloned();
            if value.is_none() {
                left_alone.push(name.to_owned());
                if is_whole || is_arn {
                    unfilled.push(name.to_owned());
                }
            }
            value
        });
        self.unfilled.extend(unfilled);
        self.left_alone.extend(left_alone);
        filled
    }

    fn spend(&mut self, bytes: usize) -> Result<(), TooLarge> {
        self.left = self.left.checked_sub(bytes).ok_or(TooLarge)?;
        Ok(())
    }
}

/// The text with its placeholders replaced, if there are any. `left` is its maximum length.
pub(super) fn expand(
    text: &str,
    left: &mut usize,
    mut value: impl FnMut(&str) -> Option<String>,
) -> Result<String, TooLarge> {
    let (mut filled, mut end) = (String::new(), 0);
    let mut add = |part: &str, filled: &mut String| {
        *left = left.checked_sub(part.len()).ok_or(TooLarge)?;
        filled.push_str(part);
        Ok(())
    };
    for range in placeholder::find(text) {
        add(&text[end..range.start], &mut filled)?;
        match value(&text[range.start + 2..range.end - 1]) {
            Some(value) => add(&value, &mut filled)?,
            None => add(&text[range.clone()], &mut filled)?,
        }
        end = range.end;
    }
    add(&text[end..], &mut filled)?;
    Ok(filled)
}

fn is_number_or_boolean(text: &str) -> bool {
    matches!(Source::new(text, Format::Json).parse(), Ok(Json::Number(_) | Json::Bool(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_put_in_once() {
        let mut left = 100;
        let filled = expand("${A}-${B}-${A}", &mut left, |name| (name == "A").then(|| "${A}${A}".to_owned()));
        assert_eq!(filled, Ok("${A}${A}-${B}-${A}${A}".to_owned()));
        assert_eq!(left, 100 - 22);
        assert_eq!(expand("${A}${A}", &mut 7, |_| Some("1234".to_owned())), Err(TooLarge));
    }
}
