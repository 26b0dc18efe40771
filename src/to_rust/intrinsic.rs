//! Calls of intrinsic functions, as calls of functions in the prelude's `intrinsic`.

use sfn_tasks_rust::{Code, array, call, integer, text};

use super::value;
use crate::expression::Intrinsic;
use crate::expression::intrinsic::{Argument, ArgumentKind, Literal, Piece, path_end};
use crate::value::intrinsic::write_escaped;

/// A Rust expression, and the text that it renders inside an intrinsic function.
struct Written {
    code: Code,
    text: String,
    kind: Kind,
}

/// The Rust type of an argument. All elements of an array have the same type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Boolean,
    Path,
    Context,
    Call,
}

/// The call, with the function of the same name if it renders the same text; otherwise with the text itself.
pub(super) fn intrinsic(written: &str) -> Code {
    let known = Intrinsic::parse(written).ok().and_then(|parsed| function(&parsed, written));
    match known.filter(|known| known.text == written) {
        Some(known) => known.code,
        None => call("intrinsic::call", [text(written)]),
    }
}

fn function(parsed: &Intrinsic<'_>, source: &str) -> Option<Written> {
    let of = |arguments: &[Argument<'_>]| arguments.iter().map(|it| argument(it, source)).collect::<Option<Vec<_>>>();
    let all = |arguments: &[Argument<'_>]| of(arguments).map(|arguments| (texts(&arguments), arguments));
    let short = parsed.name.strip_prefix("States.")?;
    let (texts, code) = match (short, parsed.arguments.as_slice()) {
        ("Format", [Argument { kind: ArgumentKind::String(template), .. }, rest @ ..]) => {
            let (written, template) = format_template(*template)?;
            let arguments = of(rest)?;
            let texts = [written].into_iter().chain(texts(&arguments)).collect::<Vec<_>>();
            (texts, call("intrinsic::format", [text(&template), list(arguments)?]))
        }
        ("Array", arguments) => {
            let (texts, arguments) = all(arguments)?;
            (texts, call("intrinsic::array", [list(arguments)?]))
        }
        ("JsonMerge", [first, second, Argument { kind: ArgumentKind::Boolean(false), .. }]) => {
            let (first, second) = (argument(first, source)?, argument(second, source)?);
            let texts = vec![first.text, second.text, "false".to_owned()];
            (texts, call("intrinsic::json_merge", [first.code, second.code]))
        }
        (name, arguments) => {
            let function = match (name, arguments.len()) {
                ("StringToJson", 1) => "string_to_json",
                ("JsonToString", 1) => "json_to_string",
                ("ArrayPartition", 2) => "array_partition",
                ("ArrayContains", 2) => "array_contains",
                ("ArrayRange", 3) => "array_range",
                ("ArrayGetItem", 2) => "array_get_item",
                ("ArrayLength", 1) => "array_length",
                ("ArrayUnique", 1) => "array_unique",
                ("Base64Encode", 1) => "base64_encode",
                ("Base64Decode", 1) => "base64_decode",
                ("Hash", 2) => "hash",
                ("MathRandom", 2) => "math_random",
                ("MathRandom", 3) => "math_random_seeded",
                ("MathAdd", 2) => "math_add",
                ("StringSplit", 2) => "string_split",
                ("UUID", 0) => "uuid",
                _ => return None,
            };
            let (texts, arguments) = all(arguments)?;
            (texts, call(&format!("intrinsic::{function}"), arguments.into_iter().map(|it| it.code)))
        }
    };
    Some(Written { code, text: format!("{}({})", parsed.name, texts.join(", ")), kind: Kind::Call })
}

fn texts(arguments: &[Written]) -> Vec<String> {
    arguments.iter().map(|argument| argument.text.clone()).collect()
}

fn argument(argument: &Argument<'_>, source: &str) -> Option<Written> {
    let here = || Some(source[argument.offset..path_end(source, argument.offset)].trim_end().to_owned());
    let (code, text, kind) = match &argument.kind {
        ArgumentKind::String(literal) => {
            let plain = literal.text();
            (text(&plain), quoted(&plain), Kind::Text)
        }
        ArgumentKind::Number(_) => {
            let number: i32 = here()?.parse().ok()?;
            (integer(i128::from(number)), number.to_string(), Kind::Number)
        }
        ArgumentKind::Boolean(value) => (Code::raw(value.to_string()), value.to_string(), Kind::Boolean),
        ArgumentKind::Path(_) => {
            let path = here()?;
            let code = value::expression(&path)?;
            let kind = if code.to_string().starts_with("path(") { Kind::Path } else { Kind::Context };
            (code, path, kind)
        }
        ArgumentKind::Call(inner) => {
            let Written { code, text, kind } = function(inner, source)?;
            (code, text, kind)
        }
        ArgumentKind::Null | ArgumentKind::Placeholder => return None,
    };
    Some(Written { code, text, kind })
}

fn quoted(plain: &str) -> String {
    let mut quoted = String::from("'");
    write_escaped(&mut quoted, plain);
    quoted.push('\'');
    quoted
}

/// An array whose elements have one type. A member of the context object can also be written as a path.
fn list(elements: Vec<Written>) -> Option<Code> {
    let kinds: Vec<Kind> = elements.iter().map(|element| element.kind).collect();
    let is_all = |wanted: Kind| kinds.iter().all(|kind| *kind == wanted);
    match kinds.first() {
        // The type of the elements could not be inferred.
        None => None,
        Some(first) if is_all(*first) => Some(array(elements.into_iter().map(|element| element.code))),
        Some(_) if kinds.iter().all(|kind| matches!(kind, Kind::Path | Kind::Context)) => {
            Some(array(elements.into_iter().map(|element| call("path", [text(&element.text)]))))
        }
        Some(_) => None,
    }
}

/// The template of `States.Format`: the text in the definition, and the argument of `intrinsic::format`.
fn format_template(template: Literal<'_>) -> Option<(String, String)> {
    let (mut rendered, mut given) = (String::from("'"), String::new());
    for piece in template.template().ok()? {
        match piece {
            Piece::Hole => {
                rendered.push_str("{}");
                given.push_str("{}");
            }
            // A backslash has two meanings here. Escaped braces cannot be distinguished from those of a placeholder.
            Piece::Text(text) if text.contains('\\') || (text.contains("${") && text.contains('\'')) => return None,
            Piece::Text(text) if text.contains("${") => {
                rendered.push_str(&text);
                given.push_str(&text);
            }
            Piece::Text(text) => {
                write_escaped(&mut rendered, &text);
                given.push_str(&text.replace('{', "{{").replace('}', "}}"));
            }
        }
    }
    rendered.push('\'');
    Some((rendered, given))
}
