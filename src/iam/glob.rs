//! Patterns of resources and actions: whether one covers another, and whether they have anything in common.

use super::arn::{self, Arn, Piece, ScopePart};

/// A sign of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sign {
    Char(char),
    /// `?`
    One,
    /// `*`
    Any,
    /// Text that is the same wherever the name is the same.
    Open(String),
}

/// How to take text that is only known when it is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// It is equal to itself only.
    Strict,
    /// The scope is the one that is written there; everything else is equal to itself only.
    Scope,
    /// A reference is whatever is written there, but not another reference.
    Fitting,
    /// A reference is whatever makes the two fit.
    Loose,
}

/// What kind of open text a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A part of the scope.
    Scope,
    /// What AWS makes up for one resource of a template, and for no other.
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

    /// Whether the sign may be a part of its text. A region, an account or a partition has no `:` and no `/`.
    fn takes(self, sign: &Sign, open: Open) -> bool {
        self.fits(open) && !(self == Kind::Scope && matches!(sign, Sign::Char(':' | '/')))
    }

    /// Whether it may be any text that is written there.
    fn fits(self, open: Open) -> bool {
        match self {
            Kind::Own => false,
            Kind::Scope => open != Open::Strict,
            Kind::Free => matches!(open, Open::Fitting | Open::Loose),
        }
    }
}

/// What a reference is of: `${Orders.Arn}` and `${Orders|queueName}` are of `Orders`.
fn thing(name: &str) -> &str {
    name.split(['.', '|']).next().unwrap_or(name)
}

/// A pattern, ready to be compared.
#[derive(Debug, Clone)]
pub(super) struct Glob(Vec<Sign>);

impl Glob {
    pub(super) fn of(arn: &Arn) -> Self {
        let mut signs = Vec::new();
        for piece in arn.pieces() {
            match piece {
                Piece::Literal(text) => signs.extend(arn::unescaped(text).chars().map(Sign::Char)),
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

    /// The same of a text that was parsed.
    pub(super) fn pattern_of(text: &Arn) -> Self {
        let mut signs = Vec::new();
        for piece in text.pieces() {
            match piece {
                Piece::Literal(text) => signs.extend(text.chars().map(|sign| match sign {
                    '*' => Sign::Any,
                    '?' => Sign::One,
                    sign => Sign::Char(sign),
                })),
                // `${*}` and the like are the signs themselves.
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

    /// The same with the names that AWS makes up as CloudFormation makes them: the logical ID, with the name of the stack
    /// before it or not, and something after it. None if AWS makes up no name.
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

    /// Whether everything that the other stands for is in this one.
    pub(super) fn covers(&self, other: &Glob, open: Open) -> bool {
        Table::new(&self.0, &other.0).solve(|wide, narrow| match (wide, narrow) {
            (None, None) => Step::Done,
            (Some(Sign::Any), Some(_)) => Step::Either,
            (Some(Sign::Any), None) => Step::Left,
            (Some(a), Some(b)) if a == b => Step::Both,
            (Some(Sign::Open(a)), Some(Sign::Open(b))) => match (Kind::of(a), Kind::of(b)) {
                (one, other) if !one.fits(open) || !other.fits(open) => Step::Fail,
                // The name and the ARN of one thing fit.
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

    /// Whether there is something that both stand for.
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
            // What AWS makes up for a resource of the template comes from nowhere else.
            (Some(Sign::Open(a)), Some(Sign::Open(b)))
                if a != b && [a, b].map(|it| Kind::of(it)).contains(&Kind::Own) =>
            {
                Step::Fail
            }
            // The same name is the same text.
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

/// Whether a pattern of actions, in which letters are the same in either case, takes in an action.
pub(super) fn action_covers(pattern: &str, action: &str) -> bool {
    let glob = |text: &str| Glob::pattern(&text.to_ascii_lowercase());
    glob(pattern).covers(&glob(action), Open::Strict)
}

/// Where to go from a pair of places.
enum Step {
    Done,
    Fail,
    /// On in both.
    Both,
    /// On in the first.
    Left,
    /// On in the second.
    Right,
    /// On in either, or in both.
    Either,
    /// On in the second, which may be the last for the first: what is open there has at least one sign.
    SomeRight,
    /// The same the other way round.
    SomeLeft,
}

/// The pairs of places that can be reached; the work is bounded by their number.
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
        // A reference is not another one; what AWS makes up for a resource is nothing else.
        assert!(!covers("${TopicA}", "${TopicB}", Open::Fitting) && covers("${TopicA}", "${TopicB}", Open::Loose));
        assert!(!covers("table/${T#name}", "table/${U#name}", Open::Loose));
        assert!(!covers("table/orders", "table/${U#name}", Open::Loose));
        assert!(covers("table/*", "table/${U#name}", Open::Scope));
        assert!(
            !covers("table/orders", "table/${U}", Open::Scope) && covers("a:eu:t", "a:${AWS::Region}:t", Open::Scope)
        );
        assert!(covers("arn:${AWS::Partition}:sns:${AWS::Region}:1:t", "${TopicArn}", Open::Fitting));
        assert!(!covers("${TopicB.TopicName}", "", Open::Fitting));
        // What is open in an ARN does not reach over its parts.
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
