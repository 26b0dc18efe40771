//! The colours.

use super::Theme;

struct Colours {
    page: &'static str,
    node: &'static str,
    inner: &'static str,
    border: &'static str,
    text: &'static str,
    muted: &'static str,
    line: &'static str,
    task: &'static str,
    choice: &'static str,
    flow: &'static str,
    wait: &'static str,
    pass: &'static str,
    succeed: &'static str,
    fail: &'static str,
    glyph: &'static str,
}

const LIGHT: Colours = Colours {
    page: "#ffffff",
    node: "#ffffff",
    inner: "#f3f5f8",
    border: "#b6c0cc",
    text: "#1b2330",
    muted: "#566171",
    line: "#6b7686",
    task: "#c2570c",
    choice: "#7c3aed",
    flow: "#0b66c3",
    wait: "#946200",
    pass: "#5b6675",
    succeed: "#18803a",
    fail: "#c81e3a",
    glyph: "#ffffff",
};

const DARK: Colours = Colours {
    page: "#0d1117",
    node: "#1b222c",
    inner: "#131a22",
    border: "#465160",
    text: "#eef2f7",
    muted: "#a3afbd",
    line: "#8b97a6",
    task: "#f0883e",
    choice: "#b794ff",
    flow: "#62aaff",
    wait: "#dcaa3c",
    pass: "#9aa6b4",
    succeed: "#4cc167",
    fail: "#ff6b6f",
    glyph: "#0d1117",
};

/// What is the same in the light and in the dark.
const SHAPES: &str = "\
.sfn text{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;font-size:11px;white-space:pre}\
.sfn .name{font-size:13px;font-weight:600}\
.sfn .label{text-anchor:middle}\
.sfn .glyph{fill:none;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}\
.sfn .line{fill:none;stroke-width:1.4}\
.sfn .catch .line,.sfn .missing .node{stroke-dasharray:5 3}\
.sfn .branch{stroke-dasharray:2 3}\
";

/// What a way needs in addition to that.
const WAY: &str = "\
.sfn .left-out{opacity:.35}\
.sfn .taken>.node,.sfn .taken>.box,.sfn .failed>.node,.sfn .failed>.box{stroke-width:2.4}\
.sfn .taken>.line{stroke-width:2.4}\
";

impl Colours {
    fn rules(&self, way: bool) -> String {
        let mut rules = String::new();
        let mut rule = |selectors: &[&str], properties: &[(&str, &str)]| {
            let selectors: Vec<String> = selectors.iter().map(|selector| format!(".sfn {selector}")).collect();
            let properties: Vec<String> = properties.iter().map(|(name, value)| format!("{name}:{value}")).collect();
            rules.push_str(&format!("{}{{{}}}", selectors.join(","), properties.join(";")));
        };
        rule(&[".page"], &[("fill", self.page)]);
        rule(&[".node"], &[("fill", self.node), ("stroke", self.border)]);
        rule(&[".box"], &[("fill", self.inner), ("stroke", self.flow)]);
        rule(&[".branch"], &[("fill", self.page), ("stroke", self.border)]);
        rule(&[".name"], &[("fill", self.text)]);
        rule(&[".detail", ".label"], &[("fill", self.muted)]);
        rule(&[".line"], &[("stroke", self.line)]);
        rule(&[".tip", ".start", ".end .core"], &[("fill", self.line)]);
        rule(&[".end .ring"], &[("fill", "none"), ("stroke", self.line)]);
        rule(&[".glyph"], &[("stroke", self.glyph)]);
        rule(&[".catch .line"], &[("stroke", self.fail)]);
        rule(&[".catch .tip", ".catch .label"], &[("fill", self.fail)]);
        rule(&[".missing .node"], &[("stroke", self.fail)]);
        let kinds = [
            ("task", self.task),
            ("choice", self.choice),
            ("map", self.flow),
            ("parallel", self.flow),
            ("wait", self.wait),
            ("pass", self.pass),
            ("succeed", self.succeed),
            ("fail", self.fail),
            ("unknown", self.pass),
            ("missing", self.fail),
        ];
        if way {
            // After the rules for arrows of `Catch`, which they overrule.
            rule(&[".taken>.node", ".taken>.box", ".taken>.line"], &[("stroke", self.succeed)]);
            rule(&[".taken>.tip"], &[("fill", self.succeed)]);
            rule(&[".failed>.node", ".failed>.box"], &[("stroke", self.fail)]);
        }
        for (kind, colour) in kinds {
            rule(&[&format!(".{kind}>.tile")], &[("fill", colour)]);
        }
        rules
    }
}

/// The style sheet. Its first rules hold wherever no one asks for dark, also in programs that know no media queries.
pub(super) fn sheet(theme: Theme, way: bool) -> String {
    let shapes = if way { format!("{SHAPES}{WAY}") } else { SHAPES.to_owned() };
    match theme {
        Theme::Auto => {
            let dark = DARK.rules(way);
            format!("{shapes}{}@media (prefers-color-scheme:dark){{{dark}}}", LIGHT.rules(way))
        }
        Theme::Light => format!("{shapes}{}", LIGHT.rules(way)),
        Theme::Dark => format!("{shapes}{}", DARK.rules(way)),
    }
}
