//! The permissions that calls of AWS SDK integrations need.

use crate::catalog::{Action, Pattern, PatternSupport, Statement, Structure, sdk};

/// The permissions that a call needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Needs {
    /// These statements; none if the call needs no permission.
    Statements(&'static [Statement]),
    /// The IAM action of the call is not known, or its service is not.
    Unknown,
    /// The call does not exist.
    NoSuchCall,
}

/// The permissions that a call needs: `s3`, `listBuckets`.
pub(super) fn needs(service: &str, action: &str) -> Needs {
    let Some(known) = sdk::service(service) else { return Needs::Unknown };
    match sdk::action(service, action) {
        None if known.is_known() => Needs::NoSuchCall,
        Some(call) if sdk::has_known_permissions(service, action) => Needs::Statements(call.patterns[0].statements),
        _ => Needs::Unknown,
    }
}

/// The statements of the optimized integration that makes the same call, if its parameters are those of the call too.
pub(super) fn optimized(call: &Action, support: &'static PatternSupport) -> Option<Vec<&'static Statement>> {
    let has = |path: &str| has(call.parameters, path);
    let all = |conditions: &str, word: &str| conditions.split(word).all(has);
    let statements: Vec<&Statement> = support
        .statements
        .iter()
        .filter(|statement| statement.when.is_none_or(|conditions| all(conditions, " and ")))
        .collect();
    let known = statements.iter().all(|statement| {
        statement.unless.is_none_or(|conditions| all(conditions, " or "))
            && statement.resources.iter().all(|template| parameters(template).all(has))
    });
    (known && support.pattern == Pattern::RequestResponse).then_some(statements)
}

/// The parameters that a template names.
fn parameters(template: &str) -> impl Iterator<Item = &str> {
    template
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split(['}', '|', '=']).next())
        .filter(|name| !["Partition", "Region", "Account", "StateMachineName"].contains(name))
}

/// Whether the parameter with that path exists, or each of several; only the first step of a path is checked.
fn has(parameters: &Structure, paths: &str) -> bool {
    let is_there =
        |path: &str| path.split(['.', '[', '=']).next().is_some_and(|name| parameters.member(name).is_some());
    paths.split('/').all(is_there)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::sdk::service_names;

    fn actions(service: &str, action: &str) -> String {
        match needs(service, action) {
            Needs::Statements(statements) => {
                statements.iter().flat_map(|it| it.actions).copied().collect::<Vec<_>>().join(" ")
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn actions_have_the_names_of_iam() {
        assert_eq!(actions("s3", "listBuckets"), "s3:ListAllMyBuckets");
        assert_eq!(actions("s3", "listObjectsV2"), "s3:ListBucket");
        assert_eq!(actions("sfn", "startSyncExecution"), "states:StartSyncExecution");
        assert_eq!(actions("apigateway", "getRestApis"), "apigateway:GET");
        assert_eq!(actions("apigateway", "createRestApi"), "apigateway:POST apigateway:UpdateRestApiPolicy");
        assert_eq!(actions("apigatewayv2", "getPortal"), "apigateway:GetPortal");
        assert_eq!(actions("cognitoidentityprovider", "globalSignOut"), "");
        assert_eq!(actions("cognitoidentityprovider", "adminGetUser"), "cognito-idp:AdminGetUser");
        assert_eq!(actions("timestreamquery", "query"), "timestream:Select timestream:DescribeEndpoints");
        assert_eq!(actions("s3", "ListBuckets"), "NoSuchCall");
        assert_eq!(actions("nothing", "getItem"), "Unknown");
        assert_eq!(actions("qldb", "createLedger"), "Unknown");
    }

    #[test]
    fn every_line_is_read() {
        let (mut calls, mut unknown, mut open) = (0, 0, 0);
        for service in service_names().filter_map(sdk::service) {
            for operation in service.operations() {
                calls += 1;
                let lines = operation.needs();
                // A call that a token authorizes instead of IAM.
                open += usize::from(lines.is_empty());
                match needs(service.name, operation.name) {
                    Needs::Statements(statements) => {
                        let call = sdk::action(service.name, operation.name).unwrap();
                        for statement in statements {
                            let paths = statement.resources.iter().copied().flat_map(parameters);
                            let conditions = statement.when.into_iter().chain(statement.unless);
                            for path in paths.chain(conditions.flat_map(|condition| condition.split('|'))) {
                                assert!(has(call.parameters, path), "{}:{}: {path}", service.name, operation.name);
                            }
                        }
                    }
                    _ => {
                        assert_eq!(lines, ["?"], "{}:{}", service.name, operation.name);
                        unknown += 1;
                    }
                }
            }
        }
        assert!(calls > 17_000 && unknown * 25 < calls, "{unknown} of {calls}");
        assert!((50..150).contains(&open), "{open}");
    }
}
