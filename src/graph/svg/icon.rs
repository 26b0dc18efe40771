//! The icons: one stroke each, in a square of 14 by 14.

use crate::asl::StateType;
use crate::graph::model::NodeKind;

/// The class of such a node in the style sheet, and the path of its icon.
pub(super) fn icon(kind: NodeKind) -> (&'static str, &'static str) {
    let NodeKind::State(kind) = kind else { return ("missing", QUESTION) };
    match kind {
        StateType::Task => ("task", "M7 1L12.4 4V10L7 13L1.6 10V4ZM1.6 4L7 7L12.4 4M7 7V13"),
        StateType::Pass => ("pass", "M1.5 7H12M8 3L12 7L8 11"),
        StateType::Choice => ("choice", "M7 1L13 7L7 13L1 7Z"),
        StateType::Wait => ("wait", "M7 1.2A5.8 5.8 0 1 1 6.99 1.2ZM7 4V7.2L9.4 8.6"),
        StateType::Succeed => ("succeed", "M2 7.5L5.5 11L12 3.5"),
        StateType::Fail => ("fail", "M3 3L11 11M11 3L3 11"),
        StateType::Parallel => ("parallel", "M2.5 1.5V12.5M7 1.5V12.5M11.5 1.5V12.5"),
        StateType::Map => ("map", "M4.5 1.5H12.5V9.5M1.5 4.5H9.5V12.5H1.5Z"),
        StateType::Unknown => ("unknown", QUESTION),
    }
}

const QUESTION: &str = "M4 4.6A3 3 0 1 1 8.3 7Q7 7.8 7 9M7 12V12.1";
