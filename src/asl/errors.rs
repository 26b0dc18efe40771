//! The error names of the Amazon States Language.

macro_rules! names {
    ($($(#[$docs:meta])* $constant:ident = $name:literal;)*) => {$(
        $(#[$docs])*
        pub const $constant: &str = $name;
    )*

        /// All error names.
        pub(crate) const NAMES: &[&str] = &[$($name),*];

        /// All error names, each with the name of its constant.
        #[cfg(feature = "rust")]
        pub(crate) const CONSTANTS: &[(&str, &str)] = &[$(($name, stringify!($constant))),*];
    };
}

names! {
    /// `States.ALL`: every error except `States.DataLimitExceeded` and `States.Runtime`. It must be the only name of
    /// its `ErrorEquals`, in the last retrier or catcher.
    ALL = "States.ALL";
    /// `States.BranchFailed`: a branch of a Parallel state failed.
    BRANCH_FAILED = "States.BranchFailed";
    /// `States.DataLimitExceeded`: an output is larger than the payload limit of Step Functions.
    DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
    /// `States.ExceedToleratedFailureThreshold`: more items of a distributed Map failed than its threshold allows.
    EXCEED_TOLERATED_FAILURE_THRESHOLD = "States.ExceedToleratedFailureThreshold";
    /// `States.HeartbeatTimeout`: the task did not send a heartbeat in time.
    HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";
    /// `States.Http.Socket`: the endpoint of an HTTP task closed the connection.
    HTTP_SOCKET = "States.Http.Socket";
    /// `States.IntrinsicFailure`: an intrinsic function failed with its arguments.
    INTRINSIC_FAILURE = "States.IntrinsicFailure";
    /// `States.ItemReaderFailed`: a distributed Map could not read its items.
    ITEM_READER_FAILED = "States.ItemReaderFailed";
    /// `States.NoChoiceMatched`: no rule of a Choice state matched, and it has no default.
    NO_CHOICE_MATCHED = "States.NoChoiceMatched";
    /// `States.ParameterPathFailure`: a path in the parameters matches nothing.
    PARAMETER_PATH_FAILURE = "States.ParameterPathFailure";
    /// `States.Permissions`: the role does not have the permissions that the task needs.
    PERMISSIONS = "States.Permissions";
    /// `States.QueryEvaluationError`: a JSONata expression failed.
    QUERY_EVALUATION_ERROR = "States.QueryEvaluationError";
    /// `States.ResultPathMatchFailure`: the result path cannot be applied to the input.
    RESULT_PATH_MATCH_FAILURE = "States.ResultPathMatchFailure";
    /// `States.ResultWriterFailed`: a distributed Map could not write its results.
    RESULT_WRITER_FAILED = "States.ResultWriterFailed";
    /// `States.Runtime`: the execution cannot continue. `States.ALL` neither retries nor catches it.
    RUNTIME = "States.Runtime";
    /// `States.TaskFailed`: any error of a task except a timeout.
    TASK_FAILED = "States.TaskFailed";
    /// `States.Timeout`: the state or the execution ran longer than its timeout.
    TIMEOUT = "States.Timeout";
}
