//! The pages of the manual, next to those of the API.
//!
//! - [`from_the_cdk`]: the names of the AWS CDK, and those of this library.
//! - [`unlike_the_cdk`]: where this library differs, and why.
//! - [`checks`]: every finding by its code, with a wrong and a right example.
//! - [`iam`]: how the policy of a definition is derived, and how to narrow it.
//! - [`export`]: templates for CloudFormation, SAM, Terraform and the CDK.
//! - [`results`]: what a task returns, and which results are unknown.
//! - [`sdk`]: every call of the AWS SDK.

#[doc = include_str!("../docs/checks.md")]
pub mod checks {}
#[doc = include_str!("../docs/export.md")]
pub mod export {}
#[doc = include_str!("../docs/seed-names.md")]
pub mod from_the_cdk {}
#[doc = include_str!("../docs/iam.md")]
pub mod iam {}
#[doc = include_str!("../docs/results.md")]
pub mod results {}
#[doc = include_str!("../docs/sdk.md")]
pub mod sdk {}
#[doc = include_str!("../docs/differences-from-cdk.md")]
pub mod unlike_the_cdk {}
