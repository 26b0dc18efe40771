//! `diff`: compares two definitions.

mod compare;
mod permissions;

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use sfn_tasks::value::Json;

use crate::arguments::Diff;
use crate::input::{Definition, load_one};
use crate::output::{Failure, Output, Status, shown};
use compare::{Change, Comparison, Way};
use permissions::{Permission, Permissions};

pub(crate) fn run(arguments: &Diff, output: &mut Output) -> Result<Status, Failure> {
    let read = |path: &Path| -> Result<Definition, Failure> { Ok(load_one(path, arguments.machine.as_deref())?) };
    let (old, new) = (read(&arguments.old)?, read(&arguments.new)?);
    let comparison = Comparison::of(old.machine(), new.machine());
    let permissions = Permissions::of(old.machine(), new.machine());
    if arguments.json {
        let mut value = value(&comparison);
        value["permissions"] = permissions_value(&permissions);
        writeln!(output, "{:#}", Json::from(value))?;
    } else {
        print(&comparison, output)?;
        print_permissions(&permissions, output)?;
    }
    Ok(if comparison.is_empty() && permissions.is_empty() { Status::Clean } else { Status::Findings })
}

fn print(comparison: &Comparison<'_>, output: &mut Output) -> io::Result<()> {
    for change in &comparison.definition {
        print_change("", change, output)?;
    }
    for (sign, states) in [("-", &comparison.removed), ("+", &comparison.added)] {
        for state in states {
            writeln!(output, "{sign} {} ({})", shown(&state.path), shown(state.kind))?;
        }
    }
    for (path, changes) in &comparison.changed {
        writeln!(output, "~ {}", shown(path))?;
        for change in changes {
            print_change("    ", change, output)?;
        }
    }
    for (sign, ways) in [("-", &comparison.lost_ways), ("+", &comparison.new_ways)] {
        for Way { from, to, by } in ways {
            writeln!(output, "{sign} {} -> {} ({})", shown(from), shown(to), shown(by))?;
        }
    }
    Ok(())
}

fn print_permissions(permissions: &Permissions, output: &mut Output) -> io::Result<()> {
    for (sign, permissions) in [("-", &permissions.lost), ("+", &permissions.gained)] {
        for Permission { action, resource, conditions } in permissions {
            let conditions: String = conditions.iter().map(|condition| format!(", if {condition}")).collect();
            writeln!(output, "{sign} may {action} on {}{}", shown(resource), shown(conditions))?;
        }
    }
    Ok(())
}

fn permissions_value(permissions: &Permissions) -> Value {
    let values = |permissions: &[Permission]| -> Value {
        permissions
            .iter()
            .map(|Permission { action, resource, conditions }| {
                json!({"action": action, "resource": resource, "conditions": conditions})
            })
            .collect()
    };
    json!({"gained": values(&permissions.gained), "lost": values(&permissions.lost)})
}

fn print_change(indent: &str, change: &Change<'_>, output: &mut Output) -> io::Result<()> {
    let name = shown(&change.pointer);
    match (change.old, change.new) {
        (Some(old), Some(new)) => writeln!(output, "{indent}~ {name}: {} -> {}", short(old), short(new)),
        (Some(old), None) => writeln!(output, "{indent}- {name}: {}", short(old)),
        (None, Some(new)) => writeln!(output, "{indent}+ {name}: {}", short(new)),
        (None, None) => Ok(()),
    }
}

/// The value in one short line.
fn short(json: &Json) -> String {
    const WIDTH: usize = 80;
    let text = json.to_string();
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", shown(&text[..end])),
        None => shown(text),
    }
}

fn value(comparison: &Comparison<'_>) -> Value {
    let changes = |changes: &[Change<'_>]| -> Value {
        changes.iter().map(|Change { pointer, old, new }| json!({"pointer": pointer, "old": old, "new": new})).collect()
    };
    let states = |states: &[compare::Named<'_>]| -> Value {
        states.iter().map(|state| json!({"path": state.path, "type": state.kind})).collect()
    };
    let ways = |ways: &[Way<'_>]| -> Value {
        ways.iter().map(|Way { from, to, by }| json!({"from": from, "to": to, "by": by})).collect()
    };
    json!({
        "definition": changes(&comparison.definition),
        "states": {
            "added": states(&comparison.added),
            "removed": states(&comparison.removed),
            "changed": comparison
                .changed
                .iter()
                .map(|(path, all)| json!({"path": path, "changes": changes(all)}))
                .collect::<Value>(),
        },
        "transitions": {"added": ways(&comparison.new_ways), "removed": ways(&comparison.lost_ways)},
    })
}
