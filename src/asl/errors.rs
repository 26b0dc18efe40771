//! The errors of the language.

macro_rules! names {
    ($($(#[$docs:meta])* $constant:ident = $name:literal;)*) => {$(
        $(#[$docs])*
        pub const $constant: &str = $name;
    )*

        /// All of them.
        pub(crate) const NAMES: &[&str] = &[$($name),*];

        /// All of them, each with its constant.
        #[cfg(feature = "rust")]
        pub(crate) const CONSTANTS: &[(&str, &str)] = &[$(($name, stringify!($constant))),*];
    };
}

names! {
    /// `States.ALL`: every error but `States.DataLimitExceeded` and `States.Runtime`. It is alone, and last.
    ALL = "States.ALL";
    /// `States.BranchFailed`: a branch of a Parallel state failed.
    BRANCH_FAILED = "States.BranchFailed";
    /// `States.DataLimitExceeded`: an output is larger than Step Functions passes on.
    DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
    /// `States.ExceedToleratedFailureThreshold`: more items of a distributed Map failed than it tolerates.
    EXCEED_TOLERATED_FAILURE_THRESHOLD = "States.ExceedToleratedFailureThreshold";
    /// `States.HeartbeatTimeout`: no heartbeat came in time.
    HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";
    /// `States.Http.Socket`: the endpoint of an HTTP task closed the connection.
    HTTP_SOCKET = "States.Http.Socket";
    /// `States.IntrinsicFailure`: an intrinsic function could not work with its arguments.
    INTRINSIC_FAILURE = "States.IntrinsicFailure";
    /// `States.ItemReaderFailed`: a distributed Map could not read its items.
    ITEM_READER_FAILED = "States.ItemReaderFailed";
    /// `States.NoChoiceMatched`: no rule of a Choice state matched, and it has no default.
    NO_CHOICE_MATCHED = "States.NoChoiceMatched";
    /// `States.ParameterPathFailure`: a path in the parameters leads nowhere.
    PARAMETER_PATH_FAILURE = "States.ParameterPathFailure";
    /// `States.Permissions`: the role may not do what the task does.
    PERMISSIONS = "States.Permissions";
    /// `States.QueryEvaluationError`: a JSONata expression failed.
    QUERY_EVALUATION_ERROR = "States.QueryEvaluationError";
    /// `States.ResultPathMatchFailure`: the result path does not fit the input.
    RESULT_PATH_MATCH_FAILURE = "States.ResultPathMatchFailure";
    /// `States.ResultWriterFailed`: a distributed Map could not write its results.
    RESULT_WRITER_FAILED = "States.ResultWriterFailed";
    /// `States.Runtime`: the execution cannot go on. It can be neither retried nor caught by `States.ALL`.
    RUNTIME = "States.Runtime";
    /// `States.TaskFailed`: any failure of a task but a timeout.
    TASK_FAILED = "States.TaskFailed";
    /// `States.Timeout`: the state or the execution took too long.
    TIMEOUT = "States.Timeout";
}
