//! AWS CodeBuild.

use crate::tasks::codebuild::EnvironmentVariable;

super::name_and_value!(EnvironmentVariable);
