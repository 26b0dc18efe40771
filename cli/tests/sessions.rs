//! Runs the sessions in `cmd/` and compares their output. `TRYCMD=overwrite cargo test -p sfn-tasks-cli` updates them.

#[test]
fn sessions_run_as_written() {
    trycmd::TestCases::new().case("tests/cmd/*.md");
}
