//! How wide a text is, and how it is broken into lines.

/// The widths of the printable ASCII characters in Helvetica, in thousandths of the size. Arial and Liberation Sans have
/// the same.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

/// Fonts that stand in for Helvetica are a little wider.
const MARGIN: f64 = 1.08;

/// A font size, plain or bold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    pub size: f64,
    pub bold: bool,
}

impl Font {
    /// The width of the text in pixels, at least what it takes.
    pub(super) fn width(self, text: &str) -> f64 {
        let thousandths: u32 = text.chars().map(width).sum();
        let bold = if self.bold { 1.07 } else { 1.0 };
        f64::from(thousandths) / 1000.0 * self.size * bold * MARGIN
    }

    /// The text in at most so many lines, none of them wider than that. What is left out at the end is an ellipsis.
    pub(super) fn wrap(self, text: &str, width: f64, lines: usize) -> Vec<String> {
        let mut wrapped = vec![String::new()];
        let mut so_far = 0.0;
        // What fits into a line as a whole is not torn apart.
        let words = text.split_inclusive(' ').flat_map(|word| {
            let whole = self.width(word.trim_end()) <= width;
            whole.then_some(word).into_iter().chain(pieces(if whole { "" } else { word }))
        });
        for piece in words {
            let own = self.width(piece.trim_end());
            if so_far > 0.0 && so_far + own > width {
                wrapped.push(String::new());
                so_far = 0.0;
            }
            for character in piece.chars() {
                let next = self.width(character.encode_utf8(&mut [0; 4]));
                if so_far > 0.0 && so_far + next > width && character != ' ' {
                    wrapped.push(String::new());
                    so_far = 0.0;
                }
                if let Some(line) = wrapped.last_mut() {
                    line.push(character);
                }
                so_far += next;
            }
            // A text may be megabytes long; only its beginning is shown.
            if wrapped.len() > lines {
                break;
            }
        }
        if wrapped.len() > lines {
            wrapped.truncate(lines);
            if let Some(last) = wrapped.last_mut() {
                while self.width(last) + self.width("…") > width && last.pop().is_some() {}
                last.truncate(last.trim_end().len());
                last.push('…');
            }
        }
        wrapped.iter().map(|line| line.trim().to_owned()).collect()
    }
}

fn width(character: char) -> u32 {
    match u32::from(character) {
        code @ 0x20..=0x7e => u32::from(WIDTHS[code as usize - 0x20]),
        // Marks over the letter before, and what has no shape.
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x2026 => 1000,
        // Letters of East Asia and symbols.
        0x1100..=0x115f | 0x2e80..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xffe6 | 0x1f000.. => 1000,
        _ => 680,
    }
}

/// Where a word may be broken: after punctuation, and before a capital in `camelCase`.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut previous = rest.chars().next()?;
        let end = rest.char_indices().skip(1).find_map(|(at, character)| {
            let breaks = match previous {
                '-' | '_' | '/' | ':' | '.' | ',' | '|' | '&' => character.is_alphanumeric(),
                before => character.is_uppercase() && before.is_lowercase(),
            };
            previous = character;
            breaks.then_some(at)
        });
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(piece)
    })
}
