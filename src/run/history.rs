//! The event history, in the form of `GetExecutionHistory`.

use std::sync::Arc;

use super::Timestamp;
use crate::value::{Json, Object};

/// An event of an execution.
#[derive(Debug, Clone)]
pub struct Event {
    pub(super) id: u64,
    pub(super) previous: u64,
    pub(super) time: Timestamp,
    pub(super) kind: &'static str,
    pub(super) details: Details,
}

/// What an event shows; values are shared, and written out only on request.
#[derive(Debug, Clone)]
pub(super) enum Details {
    None,
    ExecutionStarted {
        input: Arc<Json>,
        role: Option<Arc<str>>,
    },
    Output {
        output: Arc<Json>,
    },
    Entered {
        name: Arc<str>,
        input: Arc<Json>,
    },
    Exited {
        name: Arc<str>,
        output: Arc<Json>,
        assigned: Option<Arc<Json>>,
    },
    Failed {
        error: Option<String>,
        cause: Option<String>,
    },
    Scheduled {
        resource_type: String,
        resource: String,
        parameters: Arc<Json>,
        timeout: Option<i64>,
        heartbeat: Option<i64>,
    },
    ScheduledArn {
        resource: String,
        input: Arc<Json>,
        timeout: Option<i64>,
        heartbeat: Option<i64>,
    },
    Task {
        resource_type: String,
        resource: String,
        output: Option<Arc<Json>>,
        error: Option<(String, String)>,
    },
    Length(usize),
    Iteration {
        name: Arc<str>,
        index: usize,
    },
    MapRun(String),
    /// An execution, or a Map Run, continues after it failed.
    Redriven {
        map_run: Option<String>,
        redrives: u64,
    },
    Evaluation {
        error: String,
        cause: String,
        state: Arc<str>,
        location: Option<String>,
    },
}

impl Event {
    /// Its number, from 1.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The number of the event that led to it; 0 if there is none.
    pub fn previous_event_id(&self) -> u64 {
        self.previous
    }

    /// When it happened.
    pub fn timestamp(&self) -> Timestamp {
        self.time
    }

    /// Its type: `TaskStateEntered`.
    pub fn event_type(&self) -> &'static str {
        self.kind
    }

    /// The event in the form of `GetExecutionHistory`.
    pub fn to_json(&self) -> Json {
        let mut event = Object::new();
        event.insert("timestamp", self.time.to_string());
        event.insert("type", self.kind);
        event.insert("id", self.id);
        event.insert("previousEventId", self.previous);
        let mut set = |name: &str, details: Object| {
            event.insert(name.to_owned(), details);
        };
        let text = |json: &Json| json.to_string();
        let whole = || Object::from_iter([("truncated", false)]);
        match &self.details {
            Details::None => {}
            Details::ExecutionStarted { input, role } => set(
                "executionStartedEventDetails",
                object([
                    ("input", text(input).into()),
                    ("inputDetails", whole().into()),
                    ("roleArn", role.as_deref().unwrap_or_default().to_owned().into()),
                ]),
            ),
            Details::Output { output } => {
                set(&self.details_name(), object([("output", text(output).into()), ("outputDetails", whole().into())]))
            }
            Details::Entered { name, input } => set(
                "stateEnteredEventDetails",
                object([
                    ("name", name.to_string().into()),
                    ("input", text(input).into()),
                    ("inputDetails", whole().into()),
                ]),
            ),
            Details::Exited { name, output, assigned } => {
                let mut details = object([
                    ("name", name.to_string().into()),
                    ("output", text(output).into()),
                    ("outputDetails", whole().into()),
                ]);
                if let Some(Json::Object(assigned)) = assigned.as_deref() {
                    let texts: Object =
                        assigned.iter().map(|(name, value)| (name.to_owned(), Json::from(text(value)))).collect();
                    details.insert("assignedVariables", texts);
                    details.insert("assignedVariablesDetails", whole());
                }
                set("stateExitedEventDetails", details);
            }
            Details::Failed { error, cause } => set(
                &self.details_name(),
                [("error", error), ("cause", cause)]
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, Json::from(value.clone()?))))
                    .collect(),
            ),
            Details::Scheduled { resource_type, resource, parameters, timeout, heartbeat } => {
                let mut details = object([
                    ("resourceType", resource_type.clone().into()),
                    ("resource", resource.clone().into()),
                    ("parameters", text(parameters).into()),
                ]);
                timeouts(&mut details, *timeout, *heartbeat);
                set("taskScheduledEventDetails", details);
            }
            Details::ScheduledArn { resource, input, timeout, heartbeat } => {
                let mut details = object([
                    ("resource", resource.clone().into()),
                    ("input", text(input).into()),
                    ("inputDetails", whole().into()),
                ]);
                timeouts(&mut details, *timeout, *heartbeat);
                set(&self.details_name(), details);
            }
            Details::Task { resource_type, resource, output, error } => {
                let mut details =
                    object([("resourceType", resource_type.clone().into()), ("resource", resource.clone().into())]);
                if let Some(output) = output {
                    details.insert("output", text(output));
                    details.insert("outputDetails", whole());
                }
                if let Some((error, cause)) = error {
                    details.insert("error", error.clone());
                    details.insert("cause", cause.clone());
                }
                set(&self.details_name(), details);
            }
            Details::Length(length) => {
                set("mapStateStartedEventDetails", object([("length", (*length as u64).into())]));
            }
            Details::Iteration { name, index } => set(
                &self.details_name(),
                object([("name", name.to_string().into()), ("index", (*index as u64).into())]),
            ),
            Details::MapRun(arn) => set("mapRunStartedEventDetails", object([("mapRunArn", arn.clone().into())])),
            Details::Redriven { map_run, redrives } => {
                let mut details = Object::new();
                if let Some(arn) = map_run {
                    details.insert("mapRunArn", arn.clone());
                }
                details.insert("redriveCount", *redrives);
                set(&self.details_name(), details);
            }
            Details::Evaluation { error, cause, state, location } => {
                let mut details = object([
                    ("error", error.clone().into()),
                    ("cause", cause.clone().into()),
                    ("state", state.to_string().into()),
                ]);
                if let Some(location) = location {
                    details.insert("location", location.clone());
                }
                set("evaluationFailedEventDetails", details);
            }
        }
        Json::Object(event)
    }

    /// The member with the details of this type of event: `taskFailedEventDetails`.
    fn details_name(&self) -> String {
        let mut name = self.kind.to_owned();
        name[..1].make_ascii_lowercase();
        name + "EventDetails"
    }
}

fn object<const N: usize>(members: [(&'static str, Json); N]) -> Object {
    members.into_iter().collect()
}

fn timeouts(details: &mut Object, timeout: Option<i64>, heartbeat: Option<i64>) {
    if let Some(timeout) = timeout {
        details.insert("timeoutInSeconds", timeout);
    }
    if let Some(heartbeat) = heartbeat {
        details.insert("heartbeatInSeconds", heartbeat);
    }
}
