//! The IAM actions of AWS SDK integrations: the table `spec/aws-sdk-iam.txt`.

use crate::catalog::sdk;

static TABLE: &str = include_str!("../../spec/aws-sdk-iam.txt");

/// What a call needs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// These actions; none for a call that nobody has to be allowed.
    Actions(Vec<String>),
    /// The call exists, but its IAM action is not known.
    Unknown,
    /// There is no such call.
    NoSuchCall,
}

/// The IAM actions of a call: `s3`, `listBuckets`.
pub(super) fn needs(service: &str, action: &str) -> Needs {
    let Some(known) = sdk::service(service) else { return Needs::NoSuchCall };
    if known.is_known() && known.operation(action).is_none() {
        return Needs::NoSuchCall;
    }
    let Some((prefix, lines)) = block(service) else { return Needs::Unknown };
    let exception = lines.lines().find_map(|line| line.strip_prefix(action)?.strip_prefix(' '));
    match exception {
        Some("?") => Needs::Unknown,
        Some("-") => Needs::Actions(Vec::new()),
        Some(actions) => Needs::Actions(actions.split(' ').map(str::to_owned).collect()),
        None => {
            let mut name = action.to_owned();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            Needs::Actions(vec![format!("{prefix}:{name}")])
        }
    }
}

/// The prefix of a service and the lines of its exceptions.
fn block(service: &str) -> Option<(&'static str, &'static str)> {
    TABLE.split("\n=").skip(1).find_map(|block| {
        let (head, lines) = block.split_once('\n').unwrap_or((block, ""));
        Some((head.strip_prefix(service)?.strip_prefix(' ')?, lines))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_have_the_names_of_iam() {
        let needs = |service, action| match needs(service, action) {
            Needs::Actions(actions) => actions.join(" "),
            other => format!("{other:?}"),
        };
        assert_eq!(needs("s3", "listBuckets"), "s3:ListAllMyBuckets");
        assert_eq!(needs("s3", "listObjectsV2"), "s3:ListBucket");
        assert_eq!(needs("s3", "getObject"), "s3:GetObject");
        assert_eq!(needs("sfn", "startSyncExecution"), "states:StartSyncExecution");
        assert_eq!(needs("lambda", "invoke"), "lambda:InvokeFunction");
        assert_eq!(needs("apigateway", "getRestApis"), "apigateway:GET");
        assert_eq!(needs("cognitoidentityprovider", "adminGetUser"), "cognito-idp:AdminGetUser");
        assert_eq!(needs("s3", "ListBuckets"), "NoSuchCall");
        assert_eq!(needs("nothing", "getItem"), "NoSuchCall");
        assert_eq!(needs("qldb", "createLedger"), "Unknown");
    }
}
