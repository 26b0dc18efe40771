//! Signatures of functions: the arguments that they accept.
//!
//! An example is `<s-nn?:s>`: a string (if it is left out, the context value), a number, a number that may be left out,
//! and a string as the result.

use std::fmt;

/// Kinds of values, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// A string.
    pub const STRING: Self = Self(1);
    /// A number.
    pub const NUMBER: Self = Self(2);
    /// `true` or `false`.
    pub const BOOLEAN: Self = Self(4);
    /// `null`.
    pub const NULL: Self = Self(8);
    /// An object.
    pub const OBJECT: Self = Self(16);
    /// An array.
    pub const ARRAY: Self = Self(32);
    /// A function.
    pub const FUNCTION: Self = Self(64);
    /// No value.
    pub const MISSING: Self = Self(128);
    /// All kinds.
    pub const ANY: Self = Self(255);

    const NAMES: [(Self, &'static str, &'static str, char); 7] = [
        (Self::STRING, "a string", "strings", 's'),
        (Self::NUMBER, "a number", "numbers", 'n'),
        (Self::BOOLEAN, "a boolean", "booleans", 'b'),
        (Self::NULL, "null", "nulls", 'l'),
        (Self::OBJECT, "an object", "objects", 'o'),
        (Self::ARRAY, "an array", "arrays", 'a'),
        (Self::FUNCTION, "a function", "functions", 'f'),
    ];

    /// The empty set.
    pub const NONE: Self = Self(0);

    /// The union of the two sets.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn of(letter: char) -> Option<Self> {
        Self::NAMES.iter().find(|(.., own)| *own == letter).map(|(kind, ..)| *kind)
    }

    /// Whether the two sets have a kind in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The plural of a single kind: `numbers`.
    pub fn plural(self) -> Option<&'static str> {
        Self::NAMES.iter().find(|(kind, ..)| *kind == self).map(|(_, _, plural, _)| *plural)
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> =
            Self::NAMES.iter().filter(|(kind, ..)| self.meets(*kind)).map(|(_, name, ..)| *name).collect();
        match names.split_last() {
            Some((last, [])) => f.write_str(last),
            Some((_, front)) if front.len() >= 5 => f.write_str("a value"),
            Some((last, front)) => write!(f, "{} or {last}", front.join(", ")),
            None => f.write_str("nothing"),
        }
    }
}

/// One parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What it accepts.
    pub kinds: Kinds,
    /// It is an array, or a single value instead of an array.
    pub array: bool,
    /// The elements of the array, if the signature names them.
    pub elements: Option<Kinds>,
    /// It may be left out.
    pub optional: bool,
    /// It may occur several times.
    pub repeated: bool,
    /// If it is left out, the context value is used.
    pub context: bool,
}

impl Parameter {
    fn new(kinds: Kinds) -> Self {
        let (array, elements) = (false, None);
        Self { kinds, array, elements, optional: false, repeated: false, context: false }
    }
}

/// The parameters and the result of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// In order.
    pub parameters: Vec<Parameter>,
    /// The kinds of its result, if it has one.
    pub result: Kinds,
}

impl Default for Signature {
    fn default() -> Self {
        Self { parameters: Vec::new(), result: Kinds::ANY }
    }
}

/// Why arguments do not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// The argument with this index is of the wrong kind, or missing, or too many.
    Argument(usize),
    /// The elements of the argument with this index are of the wrong kind; the plural of the right one.
    Elements(usize, &'static str),
    /// The context value is of the wrong kind for the argument with this index.
    Context(usize),
}

impl Signature {
    /// Reads a signature. An error has a code of the reference implementation and the offset.
    pub fn parse(text: &str) -> Result<Self, (&'static str, usize)> {
        let mut found: Vec<Parameter> = Vec::new();
        let mut result = Kinds::ANY;
        let signs: Vec<(usize, char)> = text.char_indices().collect();
        let mut at = 1;
        while let Some((offset, sign)) = signs.get(at).copied() {
            match sign {
                ':' => {
                    // An array of one element is returned as the element.
                    let kind = signs.get(at + 1).and_then(|(_, sign)| Kinds::of(*sign));
                    result = kind.filter(|kind| *kind != Kinds::ARRAY).unwrap_or(Kinds::ANY);
                    break;
                }
                's' | 'n' | 'b' | 'l' | 'o' | 'f' => found.push(Parameter::new(Kinds::of(sign).unwrap_or(Kinds::ANY))),
                'a' => found.push(Parameter { array: true, ..Parameter::new(Kinds::ANY) }),
                'j' => {
                    found.push(Parameter::new(Kinds(Kinds::ANY.0 & !Kinds::FUNCTION.0)));
                }
                'x' => found.push(Parameter::new(Kinds::ANY)),
                '-' | '?' | '+' => {
                    if let Some(last) = found.last_mut() {
                        match sign {
                            '-' => (last.context, last.optional) = (true, true),
                            '?' => last.optional = true,
                            _ => last.repeated = true,
                        }
                    }
                }
                '(' => {
                    let end = closing(&signs, at, '(', ')');
                    let choice = &signs[at + 1..end];
                    if choice.iter().any(|(_, sign)| *sign == '<') {
                        return Err(("S0402", offset));
                    }
                    let kinds = choice.iter().filter_map(|(_, sign)| Kinds::of(*sign)).fold(Kinds::NONE, Kinds::and);
                    found.push(Parameter::new(kinds));
                    at = end;
                }
                '<' => {
                    let end = closing(&signs, at, '<', '>');
                    let last = found.last_mut().filter(|last| last.array || last.kinds == Kinds::FUNCTION);
                    let Some(last) = last else { return Err(("S0401", offset)) };
                    if last.array {
                        last.elements = signs.get(at + 1).and_then(|(_, sign)| Kinds::of(*sign));
                    }
                    at = end;
                }
                _ => {}
            }
            at += 1;
        }
        for parameter in &mut found {
            if parameter.kinds != Kinds::ANY && parameter.kinds != Kinds::FUNCTION {
                parameter.kinds = parameter.kinds.and(Kinds::MISSING);
            }
        }
        Ok(Self { parameters: found, result })
    }

    /// How many arguments each parameter accepts, if they match: the longest choice first, like a regular expression.
    pub fn distribute(&self, arguments: &[Kinds]) -> Option<Vec<usize>> {
        let mut taken = vec![0; self.parameters.len()];
        // A table, because a lambda's author can make the signature long: no position is tried twice.
        let width = arguments.len() + 1;
        let count = self.parameters.len();
        // good[p][a]: the parameters from p on can accept the arguments from a on.
        let mut good = vec![false; (count + 1) * width];
        good[count * width + arguments.len()] = true;
        for parameter in (0..count).rev() {
            let own = &self.parameters[parameter];
            for at in (0..width).rev() {
                let fits = at < arguments.len() && arguments[at].meets(own.kinds);
                good[parameter * width + at] = own.optional && good[(parameter + 1) * width + at]
                    || fits && good[(parameter + 1) * width + at + 1]
                    || fits && own.repeated && good[parameter * width + at + 1];
            }
        }
        let mut at = 0;
        if !good[0] {
            return None;
        }
        for parameter in 0..count {
            let own = &self.parameters[parameter];
            let fits = |at: usize| at < arguments.len() && arguments[at].meets(own.kinds);
            taken[parameter] = 0;
            if fits(at) && good[(parameter + 1) * width + at + 1] && !own.repeated {
                taken[parameter] = 1;
                at += 1;
                continue;
            }
            if own.repeated {
                let mut best = None;
                let mut end = at;
                while fits(end) {
                    end += 1;
                    if good[(parameter + 1) * width + end] {
                        best = Some(end);
                    }
                }
                if let Some(end) = best {
                    taken[parameter] = end - at;
                    at = end;
                }
            }
        }
        (at == arguments.len()).then_some(taken)
    }

    /// The first argument that does not match.
    pub fn misfit(&self, arguments: &[Kinds]) -> usize {
        let mut good_to = 0;
        for count in 1..=self.parameters.len() {
            match self.longest_prefix(count, arguments) {
                Some(length) => good_to = length,
                None => return good_to,
            }
        }
        good_to
    }

    /// How many arguments the first parameters accept as the beginning of a longer list.
    fn longest_prefix(&self, count: usize, arguments: &[Kinds]) -> Option<usize> {
        let front = Self { parameters: self.parameters[..count].to_vec(), result: self.result };
        (0..=arguments.len()).rev().find(|length| front.distribute(&arguments[..*length]).is_some())
    }

    /// The minimum and the maximum number of arguments.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let least = self.parameters.iter().filter(|parameter| !parameter.optional).count();
        let repeated = self.parameters.iter().any(|parameter| parameter.repeated);
        (least, (!repeated).then_some(self.parameters.len()))
    }
}

fn closing(signs: &[(usize, char)], open: usize, opens: char, closes: char) -> usize {
    let mut depth = 1;
    let mut at = open;
    while at + 1 < signs.len() {
        at += 1;
        if signs[at].1 == closes {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        } else if signs[at].1 == opens {
            depth += 1;
        }
    }
    signs.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(letters: &str) -> Vec<Kinds> {
        letters.chars().map(|letter| Kinds::of(letter).unwrap_or(Kinds::MISSING)).collect()
    }

    #[test]
    fn arguments_go_to_parameters() {
        let take = |signature: &str, arguments: &str| {
            Signature::parse(signature).expect("a signature").distribute(&kinds(arguments))
        };
        assert_eq!(take("<s-nn?:s>", "sn"), Some(vec![1, 1, 0]));
        assert_eq!(take("<s-nn?:s>", "n"), Some(vec![0, 1, 0]));
        assert_eq!(take("<s-nn?:s>", "ss"), None);
        assert_eq!(take("<a+>", "aaa"), Some(vec![3]));
        assert_eq!(take("<a+>", ""), None);
        assert_eq!(take("<(sf)-b?>", "b"), Some(vec![0, 1]));
        assert_eq!(take("<x-s:x>", "os"), Some(vec![1, 1]));
        assert_eq!(take("<x-s:x>", "s"), Some(vec![0, 1]));
        let signature = Signature::parse("<s-(sf)(sf)n?:s>").expect("a signature");
        assert_eq!(signature.misfit(&kinds("sn")), 1);
        assert_eq!(signature.arity(), (2, Some(4)));
        assert_eq!(signature.result, Kinds::STRING);
        assert_eq!(Signature::parse("<x-:a<s>>").expect("a signature").result, Kinds::ANY);
        assert_eq!(Signature::parse("<n<n>>"), Err(("S0401", 2)));
        assert_eq!(Signature::parse("<(sa<n>)>"), Err(("S0402", 1)));
    }
}
