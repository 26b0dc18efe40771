//! Text with unknown parts: resource ARNs and patterns of them.

use std::fmt;

use crate::expression::placeholder;

/// Operator, key and value of a condition.
pub(super) type Condition = (String, String, Arn);

/// A resource of a statement, or the value of a condition: text that can contain unknown parts of the scope,
/// deploy-time references and wildcards.
///
/// [`Display`](fmt::Display) writes it in the plain form; a [`Target`](super::Target) has others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Arn {
    pieces: Vec<Piece>,
}

/// A piece of such text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Piece {
    /// Literal text.
    Literal(String),
    /// An unknown part of the scope.
    Scope(ScopePart),
    /// A deploy-time reference, or a function of its value.
    Reference(String, Option<Function>),
    /// Any text: the value is known only at run time.
    Wildcard,
}

/// Where the state machine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ScopePart {
    /// `aws`, `aws-cn`, …
    Partition,
    /// `eu-central-1`, …
    Region,
    /// Twelve digits.
    Account,
}

/// A function of a reference's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Function {
    /// The account in the URL of a queue.
    QueueAccount,
    /// The name in the URL of a queue.
    QueueName,
    /// The name in the ARN of a state machine.
    StateMachineName,
    /// Everything in lowercase.
    Lowercase,
}

impl Function {
    const ALL: [Self; 4] = [Self::QueueAccount, Self::QueueName, Self::StateMachineName, Self::Lowercase];

    /// Its name in the plain form.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Function::QueueAccount => "queueAccount",
            Function::QueueName => "queueName",
            Function::StateMachineName => "stateMachineName",
            Function::Lowercase => "lowercase",
        }
    }

    /// Its result for a value; none if the value has no such part.
    fn of(self, value: &Arn) -> Option<Arn> {
        match self.split() {
            Some((separator, index)) => value.split(separator, usize::MAX).into_iter().nth(index),
            None => Some(value.clone()).filter(|value| value.known().is_some_and(|text| text == text.to_lowercase())),
        }
    }

    /// The separator and the index, if it is an element between separators.
    pub(super) const fn split(self) -> Option<(char, usize)> {
        match self {
            Function::QueueAccount => Some(('/', 3)),
            Function::QueueName => Some(('/', 4)),
            Function::StateMachineName => Some((':', 6)),
            Function::Lowercase => None,
        }
    }
}

impl ScopePart {
    const ALL: [Self; 3] = [Self::Partition, Self::Region, Self::Account];

    /// Its name in the specs.
    pub(super) const fn name(self) -> &'static str {
        match self {
            ScopePart::Partition => "Partition",
            ScopePart::Region => "Region",
            ScopePart::Account => "Account",
        }
    }

    /// The part that a template's pseudo parameter refers to.
    fn of_reference(name: &str) -> Option<Self> {
        match name {
            "AWS::Partition" => Some(ScopePart::Partition),
            "AWS::Region" => Some(ScopePart::Region),
            "AWS::AccountId" => Some(ScopePart::Account),
            _ => None,
        }
    }
}

impl Arn {
    /// Text of a definition, in which `${Name}` is a deploy-time reference.
    pub fn parse(text: &str) -> Self {
        let mut arn = Self::default();
        let mut end = 0;
        for range in placeholder::find(text) {
            arn.literal(&text[end..range.start]);
            let name = &text[range.start + 2..range.end - 1];
            arn.push(match ScopePart::of_reference(name) {
                Some(part) => Piece::Scope(part),
                None => Piece::Reference(name.to_owned(), None),
            });
            end = range.end;
        }
        arn.literal(&text[end..]);
        arn
    }

    /// Parses the plain form that [`Display`](fmt::Display) writes: `${Region}` is a part of the scope,
    /// `${Queue|queueName}` a function of a reference, `*` any text.
    pub fn parse_plain(text: &str) -> Self {
        let mut arn = Self::default();
        let literal = |arn: &mut Self, text: &str| {
            for (at, part) in text.split('*').enumerate() {
                if at > 0 {
                    arn.push(Piece::Wildcard);
                }
                arn.literal(part);
            }
        };
        let mut end = 0;
        for range in placeholder::find(text) {
            literal(&mut arn, &text[end..range.start]);
            let name = &text[range.start + 2..range.end - 1];
            let scope = ScopePart::ALL.into_iter().find(|part| part.name() == name);
            let call = name.rsplit_once('|').and_then(|(name, function)| {
                Some((name, Function::ALL.into_iter().find(|known| known.name() == function)?))
            });
            match (scope, call) {
                // IAM's escapes for a literal star, question mark and dollar sign
                _ if matches!(name, "*" | "?" | "$") => arn.literal(&text[range.clone()]),
                (Some(part), _) => arn.push(Piece::Scope(part)),
                (None, Some((name, function))) => arn.push(Piece::Reference(name.to_owned(), Some(function))),
                (None, None) => arn.push(Piece::Reference(name.to_owned(), None)),
            }
            end = range.end;
        }
        literal(&mut arn, &text[end..]);
        arn
    }

    /// `*`
    pub fn any() -> Self {
        Self { pieces: vec![Piece::Wildcard] }
    }

    /// The pieces. Two literals or two wildcards are never adjacent.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether it is `*`.
    pub fn is_any(&self) -> bool {
        self.pieces == [Piece::Wildcard]
    }

    /// Whether it is a single resource, not a pattern.
    pub fn is_exact(&self) -> bool {
        !self.pieces.iter().any(|piece| match piece {
            Piece::Wildcard => true,
            Piece::Literal(text) => text.replace("${*}", "").replace("${?}", "").contains(['*', '?']),
            _ => false,
        })
    }

    /// The names of the references, once for each use.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Reference(name, _) => Some(name.as_str()),
            _ => None,
        })
    }

    pub(super) fn push(&mut self, piece: Piece) {
        match (self.pieces.last_mut(), piece) {
            (_, Piece::Literal(text)) => self.literal(&text),
            (Some(Piece::Wildcard), Piece::Wildcard) => {}
            (_, piece) => self.pieces.push(piece),
        }
    }

    pub(super) fn literal(&mut self, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Literal(present)) => present.push_str(text),
            _ => self.pieces.push(Piece::Literal(text.to_owned())),
        }
    }

    pub(super) fn append(&mut self, other: &Arn) {
        other.pieces.iter().for_each(|piece| self.push(piece.clone()));
    }

    /// The text, if all of it is known.
    pub(super) fn known(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The reference, if it contains nothing else.
    pub(super) fn as_reference(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Reference(name, None)] => Some(name),
            _ => None,
        }
    }

    /// The literal text at its beginning.
    pub(super) fn prefix(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// The same with a pattern appended, in which `*` is a wildcard.
    pub(super) fn with_any(mut self, pattern: &str) -> Arn {
        for (at, part) in pattern.split('*').enumerate() {
            if at > 0 {
                self.push(Piece::Wildcard);
            }
            self.literal(part);
        }
        self
    }

    /// The parts between the separators, at most `count`.
    pub(super) fn split(&self, separator: char, count: usize) -> Vec<Arn> {
        let mut parts = vec![Arn::default()];
        for piece in &self.pieces {
            let Piece::Literal(text) = piece else {
                if let Some(part) = parts.last_mut() {
                    part.push(piece.clone());
                }
                continue;
            };
            let mut rest = text.as_str();
            while parts.len() < count {
                let Some((before, after)) = rest.split_once(separator) else { break };
                if let Some(part) = parts.last_mut() {
                    part.literal(before);
                }
                parts.push(Arn::default());
                rest = after;
            }
            if let Some(part) = parts.last_mut() {
                part.literal(rest);
            }
        }
        parts
    }

    /// The same with that text in place of a reference. If the text is an ARN, it also replaces the text before the
    /// reference.
    pub(super) fn with_reference(&self, name: &str, text: &str) -> Arn {
        let value = Arn::parse(text);
        let mut arn = Arn::default();
        for piece in &self.pieces {
            match piece {
                Piece::Reference(known, None) if known == name => {
                    if text.starts_with("arn:") {
                        arn = Arn::default();
                    }
                    arn.append(&value);
                }
                Piece::Reference(known, Some(function)) if known == name => match function.of(&value) {
                    Some(part) => arn.append(&part),
                    None => arn.push(piece.clone()),
                },
                piece => arn.push(piece.clone()),
            }
        }
        arn
    }

    /// The whole of the ARN of which a template selects a part, with what follows: `${TableArn}/index/*` for
    /// `arn:…:table/${Select.TableArn/1}/index/*`.
    pub(super) fn with_whole_arn(&self) -> Option<Arn> {
        self.references().find_map(|name| {
            let part = name.strip_prefix("Select.")?;
            let (at, separator) = part.match_indices([':', '/']).next_back()?;
            let (separator, index) = (separator.chars().next()?, part[at + 1..].parse::<usize>().ok()?);
            let parts = self.split(separator, usize::MAX);
            if parts.get(index)?.as_reference() != Some(name) {
                return None;
            }
            let mut arn = Arn::default();
            arn.push(Piece::Reference(part[..at].to_owned(), None));
            for part in &parts[index + 1..] {
                arn.literal(separator.encode_utf8(&mut [0; 4]));
                arn.append(part);
            }
            Some(arn)
        })
    }

    /// The same with this text in place of each reference for which there is one.
    pub(crate) fn with_texts(&self, text: impl Fn(&str) -> Option<String>) -> Arn {
        let mut arn = Arn::default();
        for piece in &self.pieces {
            match piece {
                Piece::Reference(name, _) => match text(name) {
                    Some(text) => arn.literal(&text),
                    None => arn.push(piece.clone()),
                },
                piece => arn.push(piece.clone()),
            }
        }
        arn
    }

    /// The same without variables of IAM: `${` is text. Escaped characters, such as `${*}`, stay escaped.
    pub(crate) fn without_variables(&self) -> Arn {
        let mut arn = Arn::default();
        for piece in &self.pieces {
            let Piece::Literal(text) = piece else {
                arn.push(piece.clone());
                continue;
            };
            let mut parts = text.split("${");
            arn.literal(parts.next().unwrap_or_default());
            for part in parts {
                let is_escaped = ["*}", "?}", "$}"].iter().any(|escaped| part.starts_with(escaped));
                arn.literal(if is_escaped { "${" } else { "${$}{" });
                arn.literal(part);
            }
        }
        arn
    }

    /// The same with wildcards escaped, for a value that is text and not a pattern.
    pub(super) fn escaped(&self) -> Arn {
        let mut escaped = Arn::default();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) if text.contains(['*', '?']) => {
                    escaped.literal(&text.replace('*', "${*}").replace('?', "${?}"));
                }
                piece => escaped.push(piece.clone()),
            }
        }
        escaped
    }
}

impl From<&str> for Arn {
    fn from(text: &str) -> Self {
        Self::parse(text)
    }
}

impl From<String> for Arn {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

/// The plain form: `arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}`.
impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Literal(text) => f.write_str(text),
            Piece::Scope(part) => write!(f, "${{{}}}", part.name()),
            Piece::Reference(name, None) => write!(f, "${{{name}}}"),
            Piece::Reference(name, Some(function)) => write!(f, "${{{name}|{}}}", function.name()),
            Piece::Wildcard => f.write_str("*"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_form_reads_back() {
        for text in [
            "arn:${Partition}:sqs:${Region}:${Queue|queueAccount}:${Queue|queueName}",
            "arn:aws:s3:::${Bucket}/*/x-*",
            "arn:aws:s3:::b/${*}x${?}",
            "*",
            "",
            "${A|b}",
        ] {
            let arn = Arn::parse_plain(text);
            assert_eq!(arn.to_string(), text);
            assert_eq!(Arn::parse_plain(&arn.to_string()), arn);
        }
        assert_eq!(Arn::parse_plain("*"), Arn::any());
        assert_eq!(Arn::parse_plain("${Region}").pieces(), [Piece::Scope(ScopePart::Region)]);
    }

    #[test]
    fn placeholders_are_references_or_the_scope() {
        let arn = Arn::parse("arn:${AWS::Partition}:lambda:eu-west-1:${AWS::AccountId}:function:${Fn}");
        assert_eq!(arn.to_string(), "arn:${Partition}:lambda:eu-west-1:${Account}:function:${Fn}");
        assert_eq!(arn.references().collect::<Vec<_>>(), ["Fn"]);
        assert_eq!(arn.split(':', 6).last().map(Arn::to_string).as_deref(), Some("function:${Fn}"));
        assert!(arn.is_exact() && !Arn::any().is_exact());
    }

    #[test]
    fn wildcards_in_a_value_are_text() {
        let arn = Arn::parse("a*b?").escaped();
        assert_eq!(arn.to_string(), "a${*}b${?}");
        assert!(arn.is_exact());
    }
}
