//! A page for each service of the AWS SDK integrations: its calls with their parameters, results and permissions.

use serde_json::json;
use sfn_tasks::asl::StateMachine;
use sfn_tasks::catalog::{Action, Member, Service, Shape};
use sfn_tasks::iam::{self, Options, Scope};

use crate::markdown::{code, codes, table};
use crate::reference::{self, count};

/// The page of a service, whose name is without `aws-sdk:`.
pub(crate) fn page(name: &str, service: &Service) -> String {
    let rows: Vec<Vec<String>> = service.actions.iter().map(|action| row(name, action)).collect();
    let title = if service.title.is_empty() { name } else { service.title };
    format!(
        "# {name}: {title}\n\nCalls of {title} by an AWS SDK integration. The resource is \
         `arn:aws:states:::aws-sdk:{name}:API`; append `.waitForTaskToken` to wait for a callback. Names in bold are \
         required. `sfn-tasks catalog aws-sdk:{name}:API` prints the parameters and \
         the result of a call at every depth.\n\n{}",
        table(&["API", "Parameters", "Permissions"], &rows)
    )
}

fn row(service: &str, action: &Action) -> Vec<String> {
    let required = action.parameters.members.iter().filter(|member| member.required);
    let required: Vec<String> = required.map(|member| format!("**{}**", code(member.name))).collect();
    let members = |members: &[Member]| members.iter().map(parameter).collect::<Vec<_>>().join("<br>");
    let mut parameters = required.join(", ");
    let mut more = |summary: &str, told: String| {
        // Every reader loads the index of the search, so these texts are left out of it to keep it small.
        parameters.push_str(&format!("<details data-search-exclude><summary>{summary}</summary>{told}</details>"));
    };
    let optional = action.parameters.members.len() - required.len();
    match (optional, action.parameters.members) {
        (_, []) => {}
        (0, all) => more("Types", members(all)),
        (optional, all) => more(&format!("{optional} optional, types"), members(all)),
    }
    match action.patterns.first().and_then(|support| action.result(support)) {
        Some(Shape::Structure(result)) if !result.get().members.is_empty() => {
            more("Result", members(result.get().members))
        }
        _ => {}
    }
    vec![format!("`{service}:{}`", action.name), parameters, permissions(service, action)]
}

/// A name with its type, in HTML that fits in a cell of a table.
fn parameter(member: &Member) -> String {
    format!("<code>{}</code> {}", member.name, kind(&member.shape, true))
}

/// The type in words. The members of a structure are named unless it is itself in another one.
fn kind(shape: &Shape, is_outer: bool) -> String {
    match shape {
        Shape::String(it) if matches!((it.min_length, it.max_length), (None | Some(0 | 1), None)) => {
            "string".to_owned()
        }
        Shape::Enum(it) => {
            let values: Vec<String> = it.values.iter().take(MOST).map(|(value, _)| inline(value)).collect();
            let rest = it.values.len().saturating_sub(MOST);
            let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            format!("one of {}{more}", values.join(", "))
        }
        Shape::List(list) => {
            format!("list of {}{}", kind(&list.items, is_outer), count(list.min_items, list.max_items))
        }
        Shape::Map(map) => format!("map of {}{}", kind(&map.values, is_outer), count(map.min_items, map.max_items)),
        Shape::Structure(structure) => {
            let members = structure.get().members;
            let names: Vec<String> = members.iter().take(MOST).map(|member| inline(member.name)).collect();
            match (is_outer, members.len()) {
                (_, 0) | (false, _) => "object".to_owned(),
                (true, length) if length > MOST => {
                    format!("object with {} and {} more", names.join(", "), length - MOST)
                }
                _ => format!("object with {}", names.join(", ")),
            }
        }
        other => reference::kind(other),
    }
}

/// How many names or values of a type are listed.
const MOST: usize = 8;

fn inline(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('|', "&#124;");
    format!("<code>{}</code>", text.replace('*', "&#42;").replace('_', "&#95;").replace('`', "&#96;"))
}

/// The actions of the policy of a state that makes the call.
fn permissions(service: &str, action: &Action) -> String {
    let resource = format!("arn:aws:states:::aws-sdk:{service}:{}", action.name);
    let definition = json!({
        "StartAt": "A",
        "States": { "A": { "Type": "Task", "Resource": resource, "Parameters": {}, "End": true } },
    });
    let machine: StateMachine = match definition.to_string().parse() {
        Ok(machine) => machine,
        Err(_) => return String::new(),
    };
    let (policy, unknown) = iam::derive(&machine, &Scope::default(), &Options::default());
    if !unknown.is_empty() {
        return "unknown".to_owned();
    }
    let mut actions: Vec<&str> =
        policy.statements().iter().flat_map(|statement| &statement.actions).map(String::as_str).collect();
    actions.sort_unstable();
    actions.dedup();
    codes(actions)
}
