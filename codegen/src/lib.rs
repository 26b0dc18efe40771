//! Turns spec files of AWS Step Functions service integrations into typed Rust builders and catalog tables.
