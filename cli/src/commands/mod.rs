//! The commands, one file for each.

pub(crate) mod about;
pub(crate) mod catalog;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod export;
pub(crate) mod fmt;
pub(crate) mod graph;
pub(crate) mod policy;
pub(crate) mod run;
pub(crate) mod rust;
pub(crate) mod schema;
pub(crate) mod test;
