//! The Task state: a call of a service.

mod integration;
mod parameters;

use std::fmt;
use std::marker::PhantomData;

pub use integration::{Integration, IsSet, RunJob, RunJobWithTextOutput, Set, WaitForTaskToken};
pub use parameters::Parameters;

use crate::asl::StateType;
use crate::catalog::Pattern;
use crate::iam::Effect;
use crate::states::{Builder, Call, Field, FieldValue, Granted, IntoName};
use crate::value::{IntoPayload, IntoTexts, IntoTime, IntoValue, Payload, Seconds};

/// A state that calls a service.
///
/// `I` is the call. It decides which patterns are available: [`run_job`](Self::run_job) and
/// [`wait_for_task_token`](Self::wait_for_task_token) compile only for an API that supports them.
///
/// ```
/// use sfn_tasks::prelude::*;
/// use sfn_tasks::tasks::sqs;
///
/// let ask = Task::new(
///     "Ask a person",
///     sqs::SendMessage::new()
///         .queue_url(reference("QueueUrl"))
///         .message_body(payload!({ "token": task_token(), "order": path("$.order") })),
/// )
/// .wait_for_task_token()
/// .timeout(Duration::from_secs(24 * 60 * 60));
///
/// assert_eq!(
///     format!("{:#}", StateMachine::new(ask)?),
///     r#"{
///   "StartAt": "Ask a person",
///   "States": {
///     "Ask a person": {
///       "Type": "Task",
///       "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
///       "Parameters": {
///         "QueueUrl": "${QueueUrl}",
///         "MessageBody": {
///           "token.$": "$$.Task.Token",
///           "order.$": "$.order"
///         }
///       },
///       "TimeoutSeconds": 86400,
///       "End": true
///     }
///   }
/// }"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[must_use = "a state does nothing until it is part of a machine"]
pub struct Task<I = Erased> {
    builder: Builder,
    integration: PhantomData<fn() -> I>,
}

// Not derived, because a derive would need `I: Clone`. A task contains no value of `I`.
impl<I> Clone for Task<I> {
    fn clone(&self) -> Self {
        Self { builder: self.builder.clone(), integration: PhantomData }
    }
}

impl<I> PartialEq for Task<I> {
    fn eq(&self, other: &Self) -> bool {
        self.builder == other.builder
    }
}

impl<I> fmt::Debug for Task<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Task").field(&self.builder.node).finish()
    }
}

/// The call of a task whose type was erased by [`Task::erase`].
#[derive(Debug)]
pub enum Erased {}

/// The call of a task that was created by [`Task::raw`].
#[derive(Debug)]
pub enum Raw {}

impl<I: Integration> Task<I> {
    /// Calls a service and continues when it responds: the pattern Request Response.
    pub fn new(name: impl IntoName, integration: I) -> Self {
        Self::of(name, |builder| {
            builder.node.call = Some(Box::new(Call::Api {
                action: I::action(),
                pattern: Pattern::RequestResponse,
                parameters: integration.into_parameters(),
                advised_retry: true,
            }));
        })
    }

    /// Removes the default retriers of this API, if it has any.
    pub fn without_default_retry(mut self) -> Self {
        if let Some(Call::Api { advised_retry, .. }) = self.builder.node.call.as_deref_mut() {
            *advised_retry = false;
        }
        self
    }
}

// Every task has these methods, so that the compiler names the pattern if an API, or an erased task, does not have
// it.
impl<I> Task<I> {
    fn pattern(mut self, pattern: Pattern) -> Self {
        if let Some(Call::Api { pattern: present, .. }) = self.builder.node.call.as_deref_mut() {
            *present = pattern;
        }
        self
    }

    /// Waits for the end of the job that the call starts: the pattern Run a Job (`.sync`; for a nested execution
    /// `.sync:2`, whose output is JSON).
    #[doc(alias = "RUN_JOB")]
    #[doc(alias = ".sync")]
    #[doc(alias = "SYNC")]
    pub fn run_job(self) -> Self
    where
        I: RunJob,
    {
        let second = match self.builder.node.call.as_deref() {
            Some(Call::Api { action, .. }) => action.pattern(Pattern::Sync2).is_some(),
            _ => false,
        };
        self.pattern(if second { Pattern::Sync2 } else { Pattern::Sync })
    }

    /// Waits for the end of the nested execution, and returns its output as JSON text: `.sync`, the older form.
    pub fn run_job_with_text_output(self) -> Self
    where
        I: RunJobWithTextOutput,
    {
        self.pattern(Pattern::Sync)
    }

    /// Waits until a program returns the task token with `SendTaskSuccess` or `SendTaskFailure`: the pattern Wait for a
    /// Callback with the Task Token (`.waitForTaskToken`). The parameters must contain the
    /// [`task_token`](crate::value::task_token).
    ///
    /// Set a [`timeout`](Self::timeout) or a [`heartbeat`](Self::heartbeat). Without them, the state waits for up to
    /// one year if the token is lost.
    #[doc(alias = "WAIT_FOR_TASK_TOKEN")]
    #[doc(alias = "waitForTaskToken")]
    pub fn wait_for_task_token(self) -> Self
    where
        I: WaitForTaskToken,
    {
        self.pattern(Pattern::WaitForTaskToken)
    }
}

impl Task<Raw> {
    /// Calls any resource: an AWS SDK integration, such as `arn:aws:states:::aws-sdk:s3:listBuckets`, or a resource
    /// that the library does not know. The checker reports unknown resources and parameters as warnings, not as
    /// errors. The parameters that a known API requires must be set. [`grant`](Self::grant) adds the IAM permissions
    /// that the call needs.
    ///
    /// `${Partition}` in the ARN is replaced by the partition of the state machine. Without parameters (`()`), the
    /// state passes its input to the resource.
    #[doc(alias = "CallAwsService")]
    #[doc(alias = "CustomState")]
    pub fn raw(name: impl IntoName, resource: impl Into<String>, parameters: impl IntoPayload) -> Self {
        Self::of(name, |builder| {
            builder.node.call = Some(Box::new(Call::Raw { resource: resource.into().into() }));
            let parameters = parameters.into_payload();
            if parameters != Payload::Null {
                builder.set(Field::Parameters, FieldValue::Template(parameters));
            }
        })
    }
}

impl<I> Task<I> {
    fn of(name: impl IntoName, fill: impl FnOnce(&mut Builder)) -> Self {
        let mut builder = Builder::new(name, StateType::Task);
        fill(&mut builder);
        Self { builder, integration: PhantomData }
    }

    /// The maximum time for the task, in whole seconds: the field `TimeoutSeconds`, or `TimeoutSecondsPath` for a path.
    /// After this time, the task fails with `States.Timeout`.
    pub fn timeout(mut self, timeout: impl IntoTime<Seconds>) -> Self {
        self.builder.set(Field::TimeoutSeconds, FieldValue::seconds(timeout));
        self
    }

    /// The maximum time between two heartbeats, in whole seconds: the field `HeartbeatSeconds`, or
    /// `HeartbeatSecondsPath` for a path. It must be less than the timeout. Without a heartbeat in this time, the
    /// task fails with `States.Timeout`. A retrier or catcher of `States.HeartbeatTimeout` handles this error too;
    /// put it before one of `States.Timeout`.
    pub fn heartbeat(mut self, heartbeat: impl IntoTime<Seconds>) -> Self {
        self.builder.set(Field::HeartbeatSeconds, FieldValue::seconds(heartbeat));
        self
    }

    /// Erases the type of the call, so that a list can contain tasks of different services. Methods that do not
    /// depend on the call, such as `retry` and `catch`, are still available. Choose the pattern first.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::tasks::{lambda, sns};
    ///
    /// let tasks = [
    ///     Task::new("Price", lambda::Invoke::new().function_name("price")).erase(),
    ///     Task::new("Tell", sns::Publish::new().topic_arn(reference("TopicArn")).message("priced")).erase(),
    /// ];
    /// let chain: Chain = tasks
    ///     .into_iter()
    ///     .map(|task| task.retry(Retry::on(errors::TIMEOUT)).catch(Catch::all(), Fail::new("Failed")))
    ///     .collect();
    /// StateMachine::new(chain)?;
    /// # Ok::<(), Problems>(())
    /// ```
    pub fn erase(self) -> Task<Erased> {
        Task { builder: self.builder, integration: PhantomData }
    }

    /// Adds IAM actions on resources that the role of the state machine needs for this task and that the library
    /// cannot derive: for an unknown resource, or for other work of the task. Both parameters accept one text or a
    /// list of texts. A resource can contain `*` and placeholders, such as `${AWS::Region}`.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    ///
    /// let task = Task::raw("Greet", "arn:aws:states:::greeter:greet", payload!({}))
    ///     .grant("greeter:Greet", "arn:aws:greeter:eu-west-1:111122223333:person/*");
    /// let machine = StateMachine::new(task)?;
    /// assert_eq!(machine.policy(&Scope::default())?.statements()[0].actions, ["greeter:Greet"]);
    /// # Ok::<(), sfn_tasks::Problems>(())
    /// ```
    pub fn grant(self, actions: impl IntoTexts, resources: impl IntoTexts) -> Self {
        self.granted(actions, resources, Effect::Adds)
    }

    /// Like [`grant`](Self::grant), but it replaces all permissions that are derived for this task. Several calls add
    /// up.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    ///
    /// let copy = payload!({ "Bucket": "archive", "Key": path("$.key"), "CopySource": path("$.source") });
    /// let task = Task::raw("Copy", "arn:aws:states:::aws-sdk:s3:copyObject", copy)
    ///     .grant_only("s3:GetObject", "arn:aws:s3:::incoming/*")
    ///     .grant_only(["s3:PutObject", "s3:PutObjectTagging"], ["arn:aws:s3:::archive/*"]);
    /// let policy = StateMachine::new(task)?.policy(&Scope::default())?;
    /// assert_eq!(policy.statements().len(), 2);
    /// assert_eq!(policy.wide().count(), 0);
    /// # Ok::<(), sfn_tasks::Problems>(())
    /// ```
    pub fn grant_only(self, actions: impl IntoTexts, resources: impl IntoTexts) -> Self {
        self.granted(actions, resources, Effect::Replaces)
    }

    /// The resources that this task uses, if the definition does not name them. In the permissions for the actions of
    /// its service, each replaces `*` or all resources of a type. A role narrows `iam:PassRole`, and a bucket narrows
    /// the actions of Amazon S3. [`Policy::wide`](crate::iam::Policy::wide) lists the remaining wide permissions.
    pub fn resources(self, resources: impl IntoTexts) -> Self {
        self.granted(Vec::<String>::new(), resources, Effect::Narrows)
    }

    fn granted(mut self, actions: impl IntoTexts, resources: impl IntoTexts, effect: Effect) -> Self {
        let (actions, resources) = (actions.into_texts(), resources.into_texts());
        self.builder.node.grants.push(Granted { actions, resources, effect });
        self
    }

    /// The role, of this or another account, that the state assumes for the call: the field `Credentials`.
    pub fn credentials(mut self, role_arn: impl IntoValue<String>) -> Self {
        self.builder.insert(Field::Credentials, "RoleArn".to_owned(), role_arn.into_value().into_payload());
        self
    }
}

state!(Task<I>; I);
flow!(Task<I>; I);
input_output!(Task<I>; I);
result_path!(Task<I>; I);
result_selector!(Task<I>; I);
assign!(Task<I>; I);
output!(Task<I>; I);
errors!(Task<I>; I);
