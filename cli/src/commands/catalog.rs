//! `catalog`: what Step Functions can call.

mod text;

use std::io::Write;

use serde_json::{Value, json};
use sfn_tasks::catalog::{Action, Service, sdk_services, service, services};

use crate::arguments::Catalog;
use crate::output::{Failure, Output, Status};
use crate::specs;

/// The prefix of services that AWS SDK integrations call.
const SDK: &str = "aws-sdk:";

pub(crate) fn run(arguments: &Catalog, output: &mut Output) -> Result<Status, Failure> {
    let (service, action) = match arguments.wanted.as_deref() {
        None => (None, None),
        Some(wanted) => {
            // `s3:copyObject`, `aws-sdk:s3`, `aws-sdk:s3:copyObject`
            let (prefix, rest) = match wanted.strip_prefix(SDK) {
                Some(rest) => (SDK, rest),
                None => ("", wanted),
            };
            let (service, action) = rest.split_once(':').map_or((rest, None), |(a, b)| (a, Some(b)));
            let service = find_service(&format!("{prefix}{service}"))?;
            (Some(service), action.map(|action| find_action(service, action)).transpose()?)
        }
    };
    if arguments.json {
        let wanted_services = service.map_or_else(all, |service| vec![service]);
        let known = wanted_services
            .into_iter()
            .flat_map(|service| service.actions.iter().map(move |action| (service, *action)));
        let wanted = known.filter(|(_, known)| action.is_none_or(|action| action.name == known.name));
        print_json(wanted, output)?;
        return Ok(Status::Clean);
    }
    match (service, action) {
        (Some(_), Some(action)) => text::action(action, output)?,
        (Some(service), None) => text::service(service, output)?,
        _ => {
            for service in all() {
                text::overview(service, output)?;
            }
            let sdk = sdk_services().count();
            writeln!(output, "AWS SDK integrations call {sdk} more services: `sfn-tasks catalog aws-sdk:s3`.")?;
            writeln!(output, "`sfn-tasks catalog SERVICE:ACTION` shows parameters, results and permissions.")?;
        }
    }
    Ok(Status::Clean)
}

/// Prints the array, with only one API in memory at a time.
fn print_json<'a>(
    actions: impl Iterator<Item = (&'a Service, &'a Action)>,
    output: &mut impl Write,
) -> Result<(), Failure> {
    write!(output, "[")?;
    let mut separator = "\n";
    for (service, action) in actions {
        let mut entry = json!({"service": service.name, "serviceTitle": service.title, "serviceUrl": service.url});
        if let (Some(entry), Value::Object(known)) = (entry.as_object_mut(), json!(action)) {
            entry.extend(known);
        }
        write!(output, "{separator}{entry:#}")?;
        separator = ",\n";
    }
    writeln!(output, "\n]")?;
    Ok(())
}

/// Every service of the library and of `--spec`.
fn all() -> Vec<&'static Service> {
    services().iter().chain(specs::services()).copied().collect()
}

fn find_service(name: &str) -> Result<&'static Service, Failure> {
    if name.starts_with(SDK) {
        return service(&name.to_lowercase()).ok_or_else(|| {
            let names: Vec<String> = sdk_services().collect();
            unknown(&format!("there is no service `{name}` in the catalog"), name, names.iter().map(String::as_str))
        });
    }
    let found = all().into_iter().find(|service| service.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let names = all();
        let names = names.iter().map(|service| service.name);
        let failure = unknown(&format!("there is no service `{name}` in the catalog"), name, names);
        match service(&format!("{SDK}{}", name.to_lowercase())) {
            Some(sdk) => Failure::Other(format!("`{name}` has only AWS SDK integrations: write `{}`", sdk.name)),
            None => failure,
        }
    })
}

fn find_action(service: &'static Service, name: &str) -> Result<&'static Action, Failure> {
    let found = service.actions.iter().find(|action| action.name.eq_ignore_ascii_case(name)).copied();
    found.ok_or_else(|| {
        let names = service.actions.iter().map(|action| action.name);
        unknown(&format!("`{}` has no API `{name}` in the catalog", service.name), name, names)
    })
}

/// An error that suggests the most similar name, or else lists all names.
fn unknown<'n>(message: &str, name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Failure {
    let likeness = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
    let nearest = known.clone().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    Failure::Other(match nearest.filter(|nearest| likeness(nearest) > 0.8) {
        Some(nearest) => format!("{message}; did you mean `{nearest}`?"),
        None => format!(
            "{message}; the known names are {}",
            known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    })
}
