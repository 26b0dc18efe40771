//! The results of calls.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use super::{Action, Member, Pattern, PatternSupport, Shape, Structure, StructureRef, find, sdk};

/// The result of a state that calls this API, if it is known.
///
/// It is an object whose members may be absent, because AWS omits members without a value. A call that waits for a
/// callback returns the answer, which can be any JSON: [`Shape::Json`].
///
/// ```
/// use sfn_tasks::catalog::{Pattern, Shape, result};
///
/// let Some(Shape::Structure(job)) = result("glue", "startJobRun", Pattern::Sync) else { panic!("not known") };
/// assert!(job.member("JobRunState").is_some());
/// let Some(Shape::Structure(list)) = result("aws-sdk:s3", "listBuckets", Pattern::RequestResponse) else {
///     panic!("not known")
/// };
/// assert!(matches!(list.member("Buckets").unwrap().shape, Shape::List(_)));
/// ```
pub fn result(service: &str, action: &str, pattern: Pattern) -> Option<Shape> {
    let action = find(service, action)?;
    action.result(action.pattern(pattern)?)
}

impl Action {
    /// The result of the call in this pattern, if it is known; see [`result`].
    pub fn result(&self, support: &PatternSupport) -> Option<Shape> {
        if support.pattern == Pattern::WaitForTaskToken {
            return Some(Shape::Json);
        }
        if let Some(output) = self.output {
            return Some(self.own_result(support, output));
        }
        if let Some(service) = self.service.strip_prefix(sdk::PREFIX) {
            return sdk::result(service, self.name).map(|it| Shape::Structure(StructureRef::known(it)));
        }
        let answer = match support.result_of {
            Some(path) => follow(path),
            None if support.pattern == Pattern::RequestResponse || !support.result.is_empty() => {
                self.counterpart().and_then(|known| known.result(&known.patterns[0]))
            }
            None => None,
        };
        match support.result {
            [] => answer,
            names => Some(Shape::Structure(StructureRef::known(listed(self, support.pattern, names, answer)))),
        }
    }
}

/// The member of these integrations' results that contains the output of the user's own code, according to their pages.
const ANSWERS: [(&str, Pattern, &str); 3] = [
    ("lambda:invoke", Pattern::RequestResponse, "Payload"),
    ("states:startExecution", Pattern::Sync2, "Output"),
    ("http:invoke", Pattern::RequestResponse, "ResponseBody"),
];

impl Action {
    /// The result of an integration with your own function, activity, machine or API.
    fn own_result(&self, support: &PatternSupport, output: Shape) -> Shape {
        let (service, name) = self.calls.and_then(|call| call.rsplit_once(':')).unwrap_or_default();
        let base = find(service, name).and_then(|base| base.result(base.pattern(support.pattern)?));
        let is_this =
            |(call, pattern, _): &&(&str, Pattern, &str)| Some(*call) == self.calls && *pattern == support.pattern;
        let Some((_, _, place)) = ANSWERS.iter().find(is_this) else {
            // The output of a function or an activity is not wrapped; a call that only starts a job returns no output.
            return if self.body_member.is_some() { output } else { base.unwrap_or(Shape::Json) };
        };
        let around = match base {
            Some(Shape::Structure(around)) => around.get().members,
            _ => &[],
        };
        let answer = Member {
            name: place,
            docs: "",
            required: false,
            shape: output,
            preset: None,
            deprecated: None,
            fixed: false,
            setter: None,
        };
        let members: Vec<Member> =
            around.iter().filter(|member| member.name != *place).copied().chain([answer]).collect();
        Shape::Structure(StructureRef::known(Box::leak(Box::new(Structure {
            name: "",
            members: members.leak(),
            union: false,
            has_builder: false,
            rules: &[],
        }))))
    }
}

/// `glue:getJobRun.JobRun`: a part of the response of a call.
fn follow(path: &str) -> Option<Shape> {
    let mut steps = path.split('.');
    let (service, name) = steps.next()?.split_once(':')?;
    steps.try_fold(Shape::Structure(StructureRef::known(sdk::result(service, name)?)), |shape, step| {
        let (name, is_list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
        let Shape::Structure(structure) = shape else { return None };
        match (structure.member(name)?.shape, is_list) {
            (Shape::List(list), true) => Some(list.items),
            (shape, false) => Some(shape),
            _ => None,
        }
    })
}

/// The members that the spec lists, with their types from the API's model.
fn listed(
    action: &Action,
    pattern: Pattern,
    names: &'static [&'static str],
    answer: Option<Shape>,
) -> &'static Structure {
    type Key = (&'static str, &'static str, Pattern);
    static LISTED: LazyLock<Mutex<HashMap<Key, &'static Structure>>> = LazyLock::new(Mutex::default);
    let mut kept = LISTED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    kept.entry((action.service, action.name, pattern)).or_insert_with(|| {
        let required = |name: &str| match answer {
            Some(Shape::Structure(structure)) => structure.member(name).is_some_and(|member| member.required),
            _ => false,
        };
        let typed = |name: &str| match answer {
            // A nested execution's input and output as JSON, not as text.
            _ if pattern == Pattern::Sync2 && matches!(name, "Input" | "Output") => None,
            // `Payload` is the function's output as JSON, not as bytes.
            Some(Shape::Structure(structure)) => {
                structure.member(name).map(|member| member.shape).filter(|shape| !matches!(shape, Shape::Blob))
            }
            _ => None,
        };
        let members: Vec<Member> = names
            .iter()
            .map(|name| Member {
                name,
                docs: "",
                required: required(name),
                shape: typed(name).unwrap_or(Shape::Json),
                preset: None,
                deprecated: None,
                fixed: false,
                setter: None,
            })
            .collect();
        Box::leak(Box::new(Structure {
            name: "",
            members: members.leak(),
            union: false,
            has_builder: false,
            rules: &[],
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::services;

    #[test]
    fn what_a_spec_refers_to_exists() {
        for action in services().iter().flat_map(|service| service.actions) {
            if action.sdk.is_some() {
                assert!(action.counterpart().is_some(), "{}:{}", action.service, action.name);
            }
            for support in action.patterns {
                let Some(path) = support.result_of else { continue };
                assert!(follow(path).is_some(), "{}:{}: {path}", action.service, action.name);
                let known = action.result(support);
                assert!(matches!(known, Some(Shape::Structure(_))), "{}:{}: {path}", action.service, action.name);
            }
        }
    }

    #[test]
    fn results_have_the_types_of_the_api() {
        let members = |service, action, pattern| match result(service, action, pattern) {
            Some(Shape::Structure(structure)) => structure,
            other => panic!("{other:?}"),
        };
        let invoke = members("lambda", "invoke", Pattern::RequestResponse);
        assert!(matches!(invoke.member("Payload").unwrap().shape, Shape::Json));
        assert!(matches!(invoke.member("StatusCode").unwrap().shape, Shape::Integer(_)));
        assert!(invoke.member("FunctionError").is_none());
        let output = |pattern| members("states", "startExecution", pattern).member("Output").unwrap().shape;
        assert!(matches!(output(Pattern::Sync), Shape::String(_)) && matches!(output(Pattern::Sync2), Shape::Json));
        let query = members("athena", "startQueryExecution", Pattern::Sync);
        let Shape::Structure(execution) = query.member("QueryExecution").unwrap().shape else { panic!("no structure") };
        assert!(execution.member("ResultConfiguration").is_some());
        assert!(matches!(result("sqs", "sendMessage", Pattern::WaitForTaskToken), Some(Shape::Json)));
        assert!(result("eks", "call", Pattern::Sync).is_none());
        let cluster = members("elasticmapreduce", "createCluster", Pattern::Sync);
        assert!(matches!(cluster.member("Cluster").unwrap().shape, Shape::Structure(_)));
        assert!(cluster.member("ClusterId").is_some());
        assert!(members("databrew", "startJobRun", Pattern::Sync).member("Outputs").is_some());
        assert!(members("eks", "runJob", Pattern::Sync).member("logs").is_some());
    }

    /// The unknown results are those that the manual lists as unknown.
    #[test]
    fn unknown_results_stand_in_the_manual() {
        let page = include_str!("../../docs/results.md");
        let (_, section) = page.split_once("## Unknown results").unwrap();
        let listed: Vec<&str> =
            section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
        let mut unknown = Vec::new();
        // The output of the user's own code cannot be known.
        let own = |action: &Action| matches!((action.service, action.name), ("activity", _) | ("lambda", "function"));
        for action in services().iter().flat_map(|service| service.actions).filter(|action| !own(action)) {
            for support in action.patterns.iter().filter(|support| action.result(support).is_none()) {
                let suffix = match support.pattern {
                    Pattern::Sync => ".sync",
                    Pattern::Sync2 => ".sync:2",
                    Pattern::RequestResponse | Pattern::WaitForTaskToken => "",
                };
                unknown.push(format!("{}:{}{suffix}", action.service, action.name));
            }
        }
        unknown.sort();
        assert_eq!(unknown, listed);
    }
}
