//! Patterns of resources and actions: whether one covers another, and whether they overlap.

use super::arn::{Arn, Piece, ScopePart};
use crate::expression::placeholder;

/// An element of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sign {
    Char(char),
    /// `?`
    One,
    /// `*`
    Any,
    /// Text that is equal wherever the name is equal.
    Open(String),
}

/// How to compare text that is known only at deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// It equals only itself.
    Strict,
    /// The scope matches what the policy contains; everything else equals only itself.
    Scope,
    /// A reference matches any text, but not another reference.
    Fitting,
    /// A reference matches whatever makes the two equal.
    Loose,
}

/// The kind of unknown text behind a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A part of the scope.
    Scope,
    /// A name that AWS generates for one resource of a template, and for no other.
    Own,
    /// Anything.
    Free,
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "AWS::Partition" | "AWS::Region" | "AWS::AccountId" | "AWS::URLSuffix" => Kind::Scope,
            _ if name.contains('#') => Kind::Own,
            _ => Kind::Free,
        }
    }

    /// Whether the character can be a part of its text. A region, an account or a partition contains no `:` and no `/`.
    fn takes(self, sign: &Sign, open: Open) -> bool {
        self.fits(open) && !(self == Kind::Scope && matches!(sign, Sign::Char(':' | '/')))
    }

    /// Whether it can be any text.
    fn fits(self, open: Open) -> bool {
        match self {
            Kind::Own => false,
            Kind::Scope => open != Open::Strict,
            Kind::Free => matches!(open, Open::Fitting | Open::Loose),
        }
    }
}

/// The target of a reference: `${Orders.Arn}` and `${Orders|queueName}` refer to `Orders`.
fn thing(name: &str) -> &str {
    name.split(['.', '|']).next().unwrap_or(name)
}

/// Literal text, in which `*` and `?` are wildcards, unless they are escaped: `${*}`. Text of a definition that another tool
/// replaces can be anything.
fn literal(text: &str, in_policy: bool) -> impl Iterator<Item = Sign> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        let escaped = ["${*}", "${?}", "${$}"].into_iter().find(|escape| rest.starts_with(escape));
        if let Some(escape) = escaped {
            rest = &rest[escape.len()..];
            return escape.chars().nth(2).map(Sign::Char);
        }
        // Another tool replaces it: `#{AWS::Region}`.
        if let Some(range) = placeholder::find_hashed(rest).next().filter(|range| range.start == 0) {
            let name = rest[2..range.end - 1].to_owned();
            rest = &rest[range.end..];
            let is_known = in_policy || Kind::of(&name) == Kind::Scope;
            return Some(if is_known { Sign::Open(name) } else { Sign::Any });
        }
        let sign = rest.chars().next()?;
        rest = &rest[sign.len_utf8()..];
        Some(match sign {
            '*' => Sign::Any,
            '?' => Sign::One,
            sign => Sign::Char(sign),
        })
    })
}

/// A pattern, prepared for comparison.
#[derive(Debug, Clone)]
pub(super) struct Glob(Vec<Sign>);

impl Glob {
    pub(super) fn of(arn: &Arn) -> Self {
        let mut signs = Vec::new();
        for piece in arn.pieces() {
            match piece {
                Piece::Literal(text) => signs.extend(literal(text, false)),
                Piece::Wildcard => signs.push(Sign::Any),
                Piece::Scope(part) => signs.push(Sign::Open(scope_name(*part).to_owned())),
                Piece::Reference(name, None) => signs.push(Sign::Open(name.clone())),
                Piece::Reference(name, Some(function)) => signs.push(Sign::Open(format!("{name}|{}", function.name()))),
            }
        }
        Self(signs)
    }

    /// A pattern of an existing policy, in which `*` and `?` are wildcards.
    pub(super) fn pattern(text: &str) -> Self {
        Self::pattern_of(&Arn::parse(text))
    }

    /// The same for a parsed text.
    pub(super) fn pattern_of(text: &Arn) -> Self {
        let mut signs = Vec::new();
        for piece in text.pieces() {
            match piece {
                Piece::Literal(text) => signs.extend(literal(text, true)),
                // `${*}` and similar escapes are the characters themselves.
                Piece::Reference(name, None) if ["*", "?", "$"].contains(&name.as_str()) => {
                    signs.extend(name.chars().map(Sign::Char));
                }
                piece => {
                    let mut arn = Arn::default();
                    arn.push(piece.clone());
                    signs.extend(Self::of(&arn).0);
                }
            }
        }
        signs.dedup_by(|next, before| *next == Sign::Any && *before == Sign::Any);
        Self(signs)
    }

    /// The same with names as CloudFormation generates them: the logical ID, with or without the name of the stack
    /// before it, and a suffix. None if AWS generates no name.
    pub(super) fn with_made_up_names(&self) -> Option<[Glob; 2]> {
        let made_up = |sign: &Sign| matches!(sign, Sign::Open(name) if Kind::of(name) == Kind::Own);
        if !self.0.iter().any(made_up) {
            return None;
        }
        let with = |stack: &[Sign]| {
            let mut signs = Vec::new();
            for sign in &self.0 {
                match sign {
                    Sign::Open(name) if made_up(sign) => {
                        let id = name.split('#').next().unwrap_or_default();
                        signs.extend(stack.iter().cloned());
                        signs.extend(id.chars().chain(['-']).map(Sign::Char));
                        signs.push(Sign::Any);
                    }
                    sign => signs.push(sign.clone()),
                }
            }
            Glob(signs)
        };
        Some([with(&[]), with(&[Sign::Open("AWS::StackName".to_owned()), Sign::Char('-')])])
    }

    /// Whether this pattern covers the other one completely.
    pub(super) fn covers(&self, other: &Glob, open: Open) -> bool {
        Table::new(&self.0, &other.0).solve(|wide, narrow| match (wide, narrow) {
            (None, None) => Step::Done,
            (Some(Sign::Any), Some(_)) => Step::Either,
            (Some(Sign::Any), None) => Step::Left,
            (Some(a), Some(b)) if a == b => Step::Both,
            (Some(Sign::Open(a)), Some(Sign::Open(b))) => match (Kind::of(a), Kind::of(b)) {
                (one, other) if !one.fits(open) || !other.fits(open) => Step::Fail,
                // The name and the ARN of the same thing match.
                (Kind::Free, Kind::Free) if open == Open::Loose || thing(a) == thing(b) => Step::Either,
                (Kind::Free, Kind::Scope) => Step::SomeRight,
                (Kind::Scope, Kind::Free) => Step::SomeLeft,
                _ => Step::Fail,
            },
            (Some(Sign::Open(name)), Some(sign @ Sign::Char(_))) if Kind::of(name).takes(sign, open) => Step::SomeRight,
            (Some(sign @ (Sign::Char(_) | Sign::One)), Some(Sign::Open(name))) if Kind::of(name).takes(sign, open) => {
                Step::SomeLeft
            }
            (Some(Sign::One), Some(Sign::Char(_))) => Step::Both,
            _ => Step::Fail,
        })
    }

    /// Whether both patterns can match the same text.
    pub(super) fn meets(&self, other: &Glob) -> bool {
        // A region, an account or a partition ends before the next part of an ARN.
        let ends = |scope: &Sign, sign: &Sign| {
            matches!(scope, Sign::Open(name) if Kind::of(name) == Kind::Scope) && matches!(sign, Sign::Char(':' | '/'))
        };
        let free = |sign: &Sign| match sign {
            Sign::Any => true,
            Sign::Open(name) => Kind::of(name) != Kind::Own,
            _ => false,
        };
        Table::new(&self.0, &other.0).solve(|a, b| match (a, b) {
            (None, None) => Step::Done,
            (Some(a), None) if free(a) => Step::Left,
            (None, Some(b)) if free(b) => Step::Right,
            // A name that AWS generates for a resource of the template has no other source.
            (Some(Sign::Open(a)), Some(Sign::Open(b)))
                if a != b && [a, b].map(|it| Kind::of(it)).contains(&Kind::Own) =>
            {
                Step::Fail
            }
            // Equal names have equal texts.
            (Some(Sign::Open(a)), Some(Sign::Open(b))) if a == b => Step::Both,
            (Some(a), Some(b)) if ends(a, b) => Step::Left,
            (Some(a), Some(b)) if ends(b, a) => Step::Right,
            (Some(a), Some(b)) if free(a) || free(b) => Step::Either,
            (Some(Sign::One), Some(_)) | (Some(_), Some(Sign::One)) => Step::Both,
            (Some(a), Some(b)) if a == b => Step::Both,
            _ => Step::Fail,
        })
    }
}

fn scope_name(part: ScopePart) -> &'static str {
    match part {
        ScopePart::Partition => "AWS::Partition",
        ScopePart::Region => "AWS::Region",
        ScopePart::Account => "AWS::AccountId",
    }
}

/// Whether a pattern of actions, which ignores case, covers an action.
pub(super) fn action_covers(pattern: &str, action: &str) -> bool {
    let glob = |text: &str| Glob::pattern(&text.to_ascii_lowercase());
    glob(pattern).covers(&glob(action), Open::Strict)
}

/// The next pair of positions.
enum Step {
    Done,
    Fail,
    /// Advance both.
    Both,
    /// Advance the first.
    Left,
    /// Advance the second.
    Right,
    /// Advance either, or both.
    Either,
    /// Advance the second, which can be the last one for the first: unknown text has at least one character.
    SomeRight,
    /// The same in the other direction.
    SomeLeft,
}

/// The pairs of positions that can be reached; their number limits the work.
struct Table<'a> {
    left: &'a [Sign],
    right: &'a [Sign],
    seen: Vec<bool>,
}

impl<'a> Table<'a> {
    fn new(left: &'a [Sign], right: &'a [Sign]) -> Self {
        Self { left, right, seen: vec![false; (left.len() + 1) * (right.len() + 1)] }
    }

    fn solve(mut self, step: impl Fn(Option<&Sign>, Option<&Sign>) -> Step) -> bool {
        let mut open = vec![(0, 0)];
        while let Some((at, to)) = open.pop() {
            let index = at * (self.right.len() + 1) + to;
            if at > self.left.len() || to > self.right.len() || std::mem::replace(&mut self.seen[index], true) {
                continue;
            }
            match step(self.left.get(at), self.right.get(to)) {
                Step::Done => return true,
                Step::Fail => {}
                Step::Both => open.push((at + 1, to + 1)),
                Step::Left => open.push((at + 1, to)),
                Step::Right => open.push((at, to + 1)),
                Step::SomeRight => open.extend([(at, to + 1), (at + 1, to + 1)]),
                Step::SomeLeft => open.extend([(at + 1, to), (at + 1, to + 1)]),
                Step::Either => {
                    for next in [(at + 1, to), (at, to + 1), (at + 1, to + 1)] {
                        if next.0 <= self.left.len() && next.1 <= self.right.len() {
                            open.push(next);
                        }
                    }
                }
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(wide: &str, narrow: &str, open: Open) -> bool {
        Glob::pattern(wide).covers(&Glob::pattern(narrow), open)
    }

    #[test]
    fn coverage() {
        for (wide, narrow, expected) in [
            ("*", "arn:aws:s3:::b", true),
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acb", false),
            ("a*", "a*b", true),
            ("a*b", "a*", false),
            ("a?c", "abc", true),
            ("a?c", "a*c", false),
            ("", "", true),
            ("*", "", true),
            ("", "*", false),
            ("table/${T}", "table/${T}", true),
            ("table/${T}", "table/${U}", false),
            ("table/*", "table/${U}", true),
        ] {
            assert_eq!(covers(wide, narrow, Open::Strict), expected, "{wide} {narrow}");
        }
        assert!(covers(
            "arn:aws:x:eu:1:t",
            "arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:t",
            Open::Fitting
        ));
        assert!(covers("table/Orders", "table/${T}", Open::Fitting));
        assert!(!covers("queue/Orders", "table/${T}", Open::Fitting));
        assert!(!covers("table/Orders", "table/*", Open::Fitting));
        // A reference is not another reference; a generated name of a resource equals nothing else.
        assert!(!covers("${TopicA}", "${TopicB}", Open::Fitting) && covers("${TopicA}", "${TopicB}", Open::Loose));
        assert!(!covers("table/${T#name}", "table/${U#name}", Open::Loose));
        assert!(!covers("table/orders", "table/${U#name}", Open::Loose));
        assert!(covers("table/*", "table/${U#name}", Open::Scope));
        assert!(
            !covers("table/orders", "table/${U}", Open::Scope) && covers("a:eu:t", "a:${AWS::Region}:t", Open::Scope)
        );
        assert!(covers("arn:${AWS::Partition}:sns:${AWS::Region}:1:t", "${TopicArn}", Open::Fitting));
        assert!(!covers("${TopicB.TopicName}", "", Open::Fitting));
        // Unknown text in an ARN does not extend over its parts.
        let role = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/mine";
        assert!(
            !covers("arn:aws:iam::*:role/*Bedrock*", role, Open::Scope)
                && covers("arn:*:iam::*:role/m*", role, Open::Scope)
        );
        assert!(action_covers("dynamodb:get*", "dynamodb:GetItem") && action_covers("*", "s3:GetObject"));
        assert!(!action_covers("s3:Get*", "s3:PutObject"));
    }

    #[test]
    fn overlap() {
        let meets = |a: &str, b: &str| Glob::pattern(a).meets(&Glob::pattern(b));
        assert!(meets("a*", "*b") && meets("table/*", "table/Orders") && meets("table/${T}", "table/Orders"));
        assert!(!meets("table/*", "queue/*") && !meets("a?", "abc"));
        assert!(!meets("table/${P}-a-${Q}*", "table/${P}-b-${Q}") && meets("table/${P}-a*", "table/${P}-a/x"));
        let table = "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table";
        assert!(!meets(&format!("{table}/other/index/*"), &format!("{table}/${{T#name}}")));
        assert!(meets(&format!("{table}/*"), "arn:aws:dynamodb:*:1:table/${T#name}"));
    }
}
