//! What must not compile, and what the compiler says of it.

/// The compiler whose messages stand in `tests/compile_fail`. Another one words and places them differently.
const COMPILER: &str = "rustc 1.95.0 ";

#[test]
fn a_forgotten_parameter_or_an_unsupported_pattern_does_not_compile() {
    let version =
        std::process::Command::new("rustc").arg("--version").output().expect("cargo runs beside rustc").stdout;
    if !String::from_utf8_lossy(&version).starts_with(COMPILER) {
        println!("skipped: the messages are those of {COMPILER}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
