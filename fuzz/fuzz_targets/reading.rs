//! The part that the targets `json` and `yaml` share.

use sfn_tasks::asl::{Node, Source, StateMachine};
use sfn_tasks::value::Json;

/// Calls all methods of the views, and finds the position of each value.
pub fn read_everything(source: &Source, machine: &StateMachine) {
    for state in machine.walk() {
        assert!(machine.json().pointer(&state.pointer()).is_some());
        let _ =
            (state.state_type(), state.query_language(), state.payload(), state.is_terminal(), state.machine().mode());
        let _ = state.choices().map(|rule| (rule.operands(), rule.next())).count();
        let _ = state.retriers().map(|retrier| (retrier.error_equals().count(), retrier.max_attempts())).count();
        let _ = state.catchers().map(|catcher| (catcher.error_equals().count(), catcher.next())).count();
        state.transitions().iter().for_each(|way| assert!(!way.node.pointer().is_empty()));
    }
    let mut open = vec![Node::root(machine.json())];
    let mut values = 0;
    while let Some(node) = open.pop() {
        let place = source.locate(&node.pointer());
        if let Some(place) = place {
            let _ = &source.text()[place.bytes];
        }
        values += 1;
        if values < 1000 {
            open.extend(node.elements());
            open.extend(node.members().map(|(_, member)| member));
        }
    }
}

/// A written document reads back equal.
pub fn write_and_read(machine: &StateMachine) {
    let compact = machine.to_string();
    let again: StateMachine = compact.parse().expect("what is written can be read");
    assert_eq!(&again, machine);
    assert_eq!(again.to_string(), compact, "the order of members too");
    assert_eq!(&format!("{machine:#}").parse::<StateMachine>().expect("what is written can be read"), machine);
    let mut canonical = machine.clone();
    canonical.canonicalize();
    assert_eq!(&canonical, machine);
    if !has_placeholder(machine.json()) {
        let yaml = StateMachine::from_yaml(&machine.to_yaml()).expect("what is written can be read");
        assert_eq!(yaml.to_string(), compact);
    }
}

/// In YAML, a placeholder is a string.
fn has_placeholder(json: &Json) -> bool {
    match json {
        Json::Placeholder(_) => true,
        Json::Array(elements) => elements.iter().any(has_placeholder),
        Json::Object(object) => object.iter().any(|(_, value)| has_placeholder(value)),
        _ => false,
    }
}
