//! `catalog`: what Step Functions can call.

mod json;
mod text;

use std::io::Write;

use sfn_tasks::catalog::{Action, Service, services};

use crate::arguments::Catalog;
use crate::output::{Failure, Output, Status};

pub(crate) fn run(arguments: &Catalog, output: &mut Output) -> Result<Status, Failure> {
    let (service, action) = match arguments.wanted.as_deref() {
        None => (None, None),
        Some(wanted) => {
            let (service, action) = wanted.split_once(':').map_or((wanted, None), |(a, b)| (a, Some(b)));
            let service = find_service(service)?;
            (Some(service), action.map(|action| find_action(service, action)).transpose()?)
        }
    };
    if arguments.json {
        let known = services().iter().flat_map(|service| service.actions.iter().map(move |action| (*service, *action)));
        let wanted = known.filter(|(of, known)| {
            service.is_none_or(|service| service.name == of.name)
                && action.is_none_or(|action| action.name == known.name)
        });
        json::print(wanted, output)?;
        return Ok(Status::Clean);
    }
    match (service, action) {
        (Some(_), Some(action)) => text::action(action, output)?,
        (Some(service), None) => text::service(service, output)?,
        _ => {
            for service in services() {
                text::overview(service, output)?;
            }
            writeln!(output, "`sfn-tasks catalog SERVICE:ACTION` tells parameters and permissions.")?;
        }
    }
    Ok(Status::Clean)
}

fn find_service(name: &str) -> Result<&'static Service, Failure> {
    let found = services().iter().find(|service| service.name.eq_ignore_ascii_case(name)).copied();
    found.ok_or_else(|| {
        let names = services().iter().map(|service| service.name);
        unknown(&format!("there is no service `{name}` in the catalog"), name, names)
    })
}

fn find_action(service: &'static Service, name: &str) -> Result<&'static Action, Failure> {
    let found = service.actions.iter().find(|action| action.name.eq_ignore_ascii_case(name)).copied();
    found.ok_or_else(|| {
        let names = service.actions.iter().map(|action| action.name);
        unknown(&format!("`{}` has no API `{name}` in the catalog", service.name), name, names)
    })
}

/// An error with the name that was probably meant, or else all names.
fn unknown(message: &str, name: &str, known: impl Iterator<Item = &'static str> + Clone) -> Failure {
    let likeness = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
    let nearest = known.clone().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    Failure::Other(match nearest.filter(|nearest| likeness(nearest) > 0.8) {
        Some(nearest) => format!("{message}; did you mean `{nearest}`?"),
        None => format!("{message}; it has {}", known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    })
}
