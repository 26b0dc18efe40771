//! The types of members, in the notation of `sdk/`.

/// A member of a structure: a parameter, or a part of a parameter or a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The name in a definition.
    pub name: &'static str,
    /// Whether it is required.
    pub required: bool,
    /// Whether this is another spelling of the previous member. Step Functions accepts both.
    pub is_alias: bool,
    /// The type of its value.
    pub shape: Type,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// `s`: a string, with its length.
    String(Bounds),
    /// `i`: a whole number.
    Integer(Bounds),
    /// `f`: a number.
    Number(Bounds),
    /// `b`: true or false.
    Boolean,
    /// `t`: a date and time.
    Timestamp,
    /// `B`: bytes.
    Blob,
    /// `J`: any JSON.
    Json,
    /// `~Name`: one of the strings of an enumeration.
    Enum(&'static str),
    /// `&Name`: a structure.
    Structure(&'static str),
    /// `[s]`: a list, with its length.
    List(Box<Type>, Bounds),
    /// `{s}` or `{s1..9:s}`: an object with any keys: the type of the keys, the type of the values, and their number.
    Map(Box<Type>, Box<Type>, Bounds),
    /// An unknown notation.
    Unreadable,
}

/// The least and the greatest value or length: `1..255`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bounds {
    /// The least.
    pub least: Option<f64>,
    /// The greatest.
    pub most: Option<f64>,
}

/// `!Name=type`: a required member; `Name/NAME=type`: one with two spellings.
pub(super) fn members(word: &'static str) -> impl Iterator<Item = Member> {
    let (names, shape) = word.split_once('=').unwrap_or((word, ""));
    let (required, names) = names.strip_prefix('!').map_or((false, names), |names| (true, names));
    let shape = match Reader(shape).shape() {
        (shape, Reader("")) => shape,
        _ => Type::Unreadable,
    };
    let alone = Member { name: "", required, is_alias: false, shape };
    names.split('/').enumerate().map(move |(at, name)| Member {
        name,
        required: required && at == 0,
        is_alias: at > 0,
        ..alone.clone()
    })
}

/// The rest of the text.
#[derive(Clone, Copy)]
struct Reader(&'static str);

impl Reader {
    fn shape(self) -> (Type, Reader) {
        let rest = || Reader(self.0.get(1..).unwrap_or_default());
        let plain = |shape| (shape, rest());
        let bounded = |shape: fn(Bounds) -> Type| {
            let (bounds, rest) = rest().bounds();
            (shape(bounds), rest)
        };
        match self.0.as_bytes().first() {
            Some(b's') => bounded(Type::String),
            Some(b'i') => bounded(Type::Integer),
            Some(b'f') => bounded(Type::Number),
            Some(b'b') => plain(Type::Boolean),
            Some(b't') => plain(Type::Timestamp),
            Some(b'B') => (Type::Blob, rest().bounds().1),
            Some(b'J') => plain(Type::Json),
            Some(b'~') => rest().name(Type::Enum),
            Some(b'&') => rest().name(Type::Structure),
            Some(b'[') => {
                let (items, rest) = rest().shape();
                rest.closed(']', |bounds| Type::List(items.into(), bounds))
            }
            Some(b'{') => {
                let (first, rest) = rest().shape();
                match rest.0.strip_prefix(':') {
                    Some(values) => {
                        let (values, rest) = Reader(values).shape();
                        rest.closed('}', |bounds| Type::Map(first.into(), values.into(), bounds))
                    }
                    None => {
                        let keys = Type::String(Bounds::default());
                        rest.closed('}', |bounds| Type::Map(keys.into(), first.into(), bounds))
                    }
                }
            }
            _ => (Type::Unreadable, Reader("")),
        }
    }

    fn name(self, shape: fn(&'static str) -> Type) -> (Type, Reader) {
        let end = self.0.find([':', ']', '}']).unwrap_or(self.0.len());
        (shape(&self.0[..end]), Reader(&self.0[end..]))
    }

    fn closed(self, close: char, shape: impl FnOnce(Bounds) -> Type) -> (Type, Reader) {
        match self.0.strip_prefix(close) {
            Some(rest) => {
                let (bounds, rest) = Reader(rest).bounds();
                (shape(bounds), rest)
            }
            None => (Type::Unreadable, Reader("")),
        }
    }

    fn bounds(self) -> (Bounds, Reader) {
        let end = self.0.find([':', ']', '}']).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(end);
        let (least, most) = text.split_once("..").unwrap_or_default();
        (Bounds { least: least.parse().ok(), most: most.parse().ok() }, Reader(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read() {
        let read = |word: &'static str| members(word).collect::<Vec<_>>();
        let member = |name, required, is_alias, shape| Member { name, required, is_alias, shape };
        let bounds = |least, most| Bounds { least, most };
        assert_eq!(read("!A=s1..5"), [member("A", true, false, Type::String(bounds(Some(1.0), Some(5.0))))]);
        let map = Type::Map(
            Type::String(bounds(Some(2.0), None)).into(),
            Type::List(Type::Structure("Tag").into(), Bounds::default()).into(),
            bounds(None, Some(3.0)),
        );
        assert_eq!(read("B={s2..:[&Tag]}..3"), [member("B", false, false, map)]);
        assert_eq!(
            read("BOOL/Bool=b"),
            [member("BOOL", false, false, Type::Boolean), member("Bool", false, true, Type::Boolean)]
        );
        assert_eq!(read("C=[s")[0].shape, Type::Unreadable);
    }
}
