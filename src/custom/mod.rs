//! What a spec cannot say, one module a service. The generated module of the service shows it as its own.
