use std::fmt::Write;

use super::text::Font;
use super::{SvgOptions, Theme};
use crate::asl::StateMachine;
use crate::graph::Picture;
use crate::value::{Json, Object};

const PLAIN: Font = Font { size: 10.0, bold: false };

#[test]
fn text_is_broken_where_it_reads_well() {
    assert_eq!(PLAIN.wrap("Check the stock", 60.0, 3), ["Check the", "stock"]);
    assert_eq!(PLAIN.wrap("CheckInventoryLevels", 60.0, 3), ["Check", "Inventory", "Levels"]);
    assert_eq!(PLAIN.wrap("aaaaaaaaaaaaaaaaaaaaaaaa", 60.0, 3), ["aaaaaaaaa", "aaaaaaaaa", "aaaaaa"]);
    assert_eq!(PLAIN.wrap("one two three four five six", 30.0, 2), ["one", "two…"]);
    assert_eq!(PLAIN.wrap("", 30.0, 2), [""]);
}

#[test]
fn no_line_is_wider_than_it_may_be() {
    let text = "A rather long name, with-all_sorts/of:punctuation andCamelCase, 日本語 and WWWWWWWWWWWWWWWWWWWWWWWWW";
    for width in [40.0, 80.0, 200.0] {
        for line in PLAIN.wrap(text, width, 50) {
            assert!(PLAIN.width(&line) <= width, "{line} is {} wide", PLAIN.width(&line));
        }
    }
}

#[test]
fn a_very_long_text_takes_no_time() {
    assert_eq!(PLAIN.wrap(&"a ".repeat(1_000_000), 50.0, 2).len(), 2);
    assert_eq!(PLAIN.wrap(&"a".repeat(1_000_000), 50.0, 2).len(), 2);
}

#[test]
fn whatever_stands_in_a_definition_the_picture_is_xml() {
    let text = r#"{"Comment": "<&\"'\u0000\uffff", "StartAt": "<&>", "States": {
        "<&>": {"Type": "Task", "Resource": "]]>", "Comment": "--><script>", "Next": "\"'\u0007"},
        "": {"Type": 5, "Next": "<&>", "Choices": [{"Next": "<&>", "Variable": "<"}], "Catch": 3}
    }}"#;
    let machine = StateMachine::from_json(text).unwrap();
    for theme in [Theme::Auto, Theme::Light, Theme::Dark] {
        let picture = Picture::new(&machine).svg(&SvgOptions::default().theme(theme).title("<\u{1}&"));
        let document = roxmltree::Document::parse(&picture).unwrap();
        assert_eq!(document.root_element().tag_name().name(), "svg");
    }
}

#[test]
fn a_theme_is_chosen_or_left_to_the_viewer() {
    let machine = StateMachine::from_json("{}").unwrap();
    let picture = |theme| Picture::new(&machine).svg(&SvgOptions::default().theme(theme));
    assert!(picture(Theme::Auto).contains("prefers-color-scheme:dark"));
    assert!(!picture(Theme::Light).contains("prefers-color-scheme"));
    assert_ne!(picture(Theme::Light), picture(Theme::Dark));
}

#[test]
fn nesting_without_end_is_drawn_to_a_depth() {
    // Deeper than what is read from a text: a program can make it.
    let mut machine = Json::Null;
    for _ in 0..100 {
        let state = object([("Type", "Map".into()), ("ItemProcessor", machine), ("End", true.into())]);
        machine = object([("StartAt", "M".into()), ("States", object([("M", state)]))]);
    }
    let picture = Picture::new(&StateMachine::new(machine)).svg(&SvgOptions::default());
    assert!(picture.contains("too deep to be drawn"));
}

fn object<const N: usize>(members: [(&'static str, Json); N]) -> Json {
    Json::Object(Object::from_iter(members))
}

#[test]
fn a_thousand_states_are_drawn_in_a_moment() {
    let mut states = String::new();
    for at in 0..1000 {
        let comma = if at == 0 { "" } else { "," };
        let (next, other) = (at + 1, (at * 7919) % 1000);
        let _ = write!(
            states,
            r#"{comma}"S{at}": {{"Type": "Task", "Next": "S{next}", "Catch": [{{"ErrorEquals": ["States.ALL"], "Next": "S{}"}}]}}"#,
            if at % 10 == 0 { other } else { 999 }
        );
    }
    let machine = StateMachine::from_json(&format!(r#"{{"StartAt": "S0", "States": {{{states}}}}}"#)).unwrap();
    let before = std::time::Instant::now();
    assert!(Picture::new(&machine).svg(&SvgOptions::default()).len() > 100_000);
    // Without optimization and on a busy machine; it is far below a second otherwise.
    assert!(before.elapsed().as_secs() < 30, "{:?}", before.elapsed());
}
