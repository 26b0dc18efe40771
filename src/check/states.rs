//! Rules for single types of states.

use super::fields::{at_most_one, exactly_one};
use super::rule::{Proof, Rule};
use super::{Checker, Severity};
use crate::asl::{State, StateType};

pub(super) static RULES: &[&Rule] = &[&HEARTBEAT];

static HEARTBEAT: Rule = Rule {
    code: "heartbeat",
    severity: Severity::Error,
    proof: &[Proof::guide("`HeartbeatSeconds` is less than `TimeoutSeconds`", "state-task")],
    title: "A heartbeat is shorter than the timeout",
    explanation: "Otherwise the state times out before a heartbeat can be \
                  missed.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:work", "TimeoutSeconds": 60, "HeartbeatSeconds": 60, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:work", "TimeoutSeconds": 60, "HeartbeatSeconds": 20, "End": true}"#,
    express: false,
};

pub(super) fn check(checker: &mut Checker<'_>, state: &State<'_>) {
    match state.state_type() {
        StateType::Task => {
            at_most_one(checker, state, &["TimeoutSeconds", "TimeoutSecondsPath"]);
            at_most_one(checker, state, &["HeartbeatSeconds", "HeartbeatSecondsPath"]);
            let numbers = (state.integer("HeartbeatSeconds"), state.integer("TimeoutSeconds"));
            if let ((Some(heartbeat), Some(timeout)), Some(node)) = (numbers, state.get("HeartbeatSeconds")) {
                if heartbeat >= timeout && timeout > 0 {
                    checker
                        .add(
                            &HEARTBEAT,
                            &node,
                            format!("the heartbeat of {heartbeat} seconds is not less than the timeout of {timeout}"),
                        )
                        .help("set `HeartbeatSeconds` to a value less than `TimeoutSeconds`");
                }
            }
        }
        StateType::Wait => {
            exactly_one(checker, state, "a Wait state", &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]);
        }
        StateType::Fail => {
            at_most_one(checker, state, &["Error", "ErrorPath"]);
            at_most_one(checker, state, &["Cause", "CausePath"]);
        }
        _ => {}
    }
}
