//! Makes builders from our own spec.

fn main() {
    sfn_tasks_codegen::Build::new().module_path("private_integration::tasks").spec("spec/billing.json").run();
}
