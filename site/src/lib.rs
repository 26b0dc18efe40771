//! The guides and the examples of sfn-tasks, compiled and run.

pub mod examples;

/// The guides: their Rust is tested as doctests.
#[cfg(doctest)]
mod guides {
    macro_rules! guides {
        ($($name:ident = $file:literal,)*) => { $(#[doc = include_str!(concat!("../../docs/guides/", $file))] mod $name {})* };
    }
    guides! {
        callbacks = "callbacks.md",
        deploying = "deploying.md",
        errors = "errors.md",
        from_asl = "from-asl.md",
        from_the_cdk = "from-the-cdk.md",
        getting_started = "getting-started.md",
        jobs = "jobs.md",
        least_privilege = "least-privilege.md",
        maps = "maps.md",
        private_integrations = "private-integrations.md",
        security = "security.md",
        testing = "testing.md",
    }
}
