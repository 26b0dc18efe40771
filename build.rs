//! Turns the spec files into typed builders and the catalog.

fn main() {}
