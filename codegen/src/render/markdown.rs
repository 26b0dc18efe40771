//! Escapes texts of specs for doc comments, which rustdoc reads as Markdown.

/// Allowed targets of links in doc comments: pages, and generated items.
const TARGETS: [&str; 5] = ["https://", "Self::", "::sfn_tasks", "super::", "crate::"];

/// The text, with a backslash before each character that would begin an HTML tag or a broken link.
///
/// The texts come from specs and JSON Schemas, in which `<name>` or `[note]` is usually meant literally.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    // The fence that ends the open code block.
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches(|sign: char| sign.is_whitespace() || "->*+".contains(sign));
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, None) => plain_line(line, &mut plain),
            (None, Some(mark)) => {
                fence = Some(mark);
                plain.push_str(line);
            }
            (Some(open), mark) => {
                fence = fence.filter(|_| mark != Some(open));
                plain.push_str(line);
            }
        }
    }
    plain
}

fn plain_line(line: &str, plain: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find(['`', '\\', '<', '[']) {
        let (front, tail) = rest.split_at(at);
        plain.push_str(front);
        let taken = match tail.as_bytes()[0] {
            b'`' => code(tail),
            b'\\' => 1 + tail[1..].chars().next().map_or(0, char::len_utf8),
            b'<' => {
                let is_ours = tail.starts_with("<br>") || tail.starts_with("<https://");
                let opens = tail[1..].starts_with(|sign: char| sign.is_ascii_alphabetic() || "/!?".contains(sign));
                plain.push_str(if opens && !is_ours { "\\" } else { "" });
                1
            }
            _ => {
                plain.push_str(if is_dead_link(tail) { "\\" } else { "" });
                1
            }
        };
        plain.push_str(&tail[..taken]);
        rest = &tail[taken..];
    }
    plain.push_str(rest);
}

/// The length of the code span that begins here. Backticks that are not closed are normal text.
fn code(text: &str) -> usize {
    let marks = text.bytes().take_while(|sign| *sign == b'`').count();
    let mut from = marks;
    while let Some(start) = text[from..].find('`').map(|at| from + at) {
        let length = text[start..].bytes().take_while(|sign| *sign == b'`').count();
        from = start + length;
        if length == marks {
            return from;
        }
    }
    marks
}

/// Whether rustdoc would treat the brackets as a link with an invalid target.
fn is_dead_link(text: &str) -> bool {
    let mut depth = 0_usize;
    for (at, sign) in text.char_indices() {
        match sign {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let target = text[at + 1..].strip_prefix('(').filter(|rest| rest.contains(')'));
            return !target.is_some_and(|target| TARGETS.iter().any(|known| target.starts_with(known)));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn tags_and_dead_links_are_text() {
        for (text, told) in [
            ("a <script>x</script> b", "a \\<script>x\\</script> b"),
            ("See [Foo] and [bar](baz).", "See \\[Foo] and \\[bar](baz)."),
            ("an array[0] of [[x]]", "an array\\[0] of \\[\\[x]]"),
            ("```json\n{\"a\": [<b>]}\n```\n[x]", "```json\n{\"a\": [<b>]}\n```\n\\[x]"),
        ] {
            assert_eq!(plain(text), told);
        }
    }

    #[test]
    fn what_leads_somewhere_stays() {
        for text in [
            "[the guide](https://docs.aws.amazon.com/x)",
            "[`key`](Self::key): the key of `<name>` and ``[`x`]``",
            "\\<b> and \\[x]",
            "a < b, 1 <2, `[x]<br>`<br>`y`, <https://x.example/>",
            "an open [ and an open `",
        ] {
            assert_eq!(plain(text), text);
        }
    }
}
