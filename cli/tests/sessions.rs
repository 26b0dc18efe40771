//! The sessions in `cmd/` are run as they are written. `TRYCMD=overwrite cargo test -p sfn-tasks-cli` writes them again.

#[test]
fn sessions_run_as_written() {
    trycmd::TestCases::new().case("tests/cmd/*.md");
}
