//! Generates builders from our own spec, and for the AWS SDK calls that we use.

fn main() {
    sfn_tasks_codegen::Build::new()
        .module_path("private_integration::tasks")
        .spec("spec/acme.json")
        .sdk("s3", ["copyObject"])
        .sdk("scheduler", ["createSchedule"])
        .run();
}
