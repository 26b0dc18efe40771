//! A page for each service of the AWS SDK integrations: its calls, their required parameters and their permissions.

use serde_json::json;
use sfn_tasks::asl::StateMachine;
use sfn_tasks::catalog::{Action, Member, Service};
use sfn_tasks::iam::{self, Options, Scope};

use crate::markdown::{code, codes, table};

/// The page of a service, whose name is without `aws-sdk:`.
pub(crate) fn page(name: &str, service: &Service) -> String {
    let rows: Vec<Vec<String>> = service.actions.iter().map(|action| row(name, action)).collect();
    let title = if service.title.is_empty() { name } else { service.title };
    format!(
        "# {name}: {title}\n\nCalls of {title} by an AWS SDK integration. The resource is \
         `arn:aws:states:::aws-sdk:{name}:API`; append `.waitForTaskToken` to wait for a callback. Names in bold are \
         required. `sfn-tasks catalog aws-sdk:{name}:API` prints the parameters of a call at every depth, with their \
         types.\n\n{}",
        table(&["API", "Parameters", "Permissions"], &rows)
    )
}

fn row(service: &str, action: &Action) -> Vec<String> {
    let (required, optional): (Vec<&Member>, Vec<&Member>) =
        action.parameters.members.iter().partition(|member| member.required);
    let parameters: Vec<String> = required.iter().map(|member| format!("**{}**", code(member.name))).collect();
    let mut more = String::new();
    if !optional.is_empty() {
        // Every reader loads the index of the search, so optional names are left out of it to keep it small.
        let names: Vec<String> = optional.iter().map(|member| format!("<code>{}</code>", member.name)).collect();
        let count = optional.len();
        more = format!("<details data-search-exclude><summary>{count} optional</summary>{}</details>", names.join(" "));
    }
    let parameters = parameters.join(", ") + &more;
    vec![format!("`{service}:{}`", action.name), parameters, permissions(service, action)]
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
