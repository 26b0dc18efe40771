//! Workflows as people write them. Each file is compiled, tested offline, and shown as a page of the site with its
//! picture and its policy.

use sfn_tasks::{Problems, StateMachine};

pub mod bedrock;
pub mod etl;
pub mod fan_out;
pub mod fargate;
pub mod human_approval;
pub mod saga;
pub mod training;

/// An example: the name of its page, its file, and its machine.
pub type Example = (&'static str, &'static str, fn() -> Result<StateMachine, Problems>);

/// All of them, in the order of the site.
pub const ALL: [Example; 7] = [
    ("human-approval", include_str!("human_approval.rs"), human_approval::machine),
    ("etl", include_str!("etl.rs"), etl::machine),
    ("training", include_str!("training.rs"), training::machine),
    ("fargate", include_str!("fargate.rs"), fargate::machine),
    ("fan-out", include_str!("fan_out.rs"), fan_out::machine),
    ("saga", include_str!("saga.rs"), saga::machine),
    ("bedrock", include_str!("bedrock.rs"), bedrock::machine),
];
