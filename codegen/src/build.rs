//! For `build.rs`: reads spec files and writes Rust to `OUT_DIR`.

use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

use crate::{Generated, Input, Source, files_beside, generate_inputs, sdk, text};

/// Generates code from spec files in a `build.rs`.
#[derive(Debug, Clone, Default)]
#[must_use = "call `run`"]
pub struct Build {
    /// The files, each with its features. Its builders are compiled if one of them is on.
    specs: Vec<(PathBuf, Vec<String>)>,
    /// The services of AWS SDK integrations, each with the operations that are used.
    sdk: Vec<(String, Vec<String>)>,
    module_path: Option<String>,
}

impl Build {
    /// No specs yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a spec file. The path is relative to the package.
    pub fn spec(mut self, path: impl Into<PathBuf>) -> Self {
        self.specs.push((path.into(), Vec::new()));
        self
    }

    /// Adds a spec file whose builders are compiled only if one of these Cargo features is on. The facts for checks and
    /// policies are in every build.
    pub fn spec_behind<F: Into<String>>(
        mut self,
        path: impl Into<PathBuf>,
        features: impl IntoIterator<Item = F>,
    ) -> Self {
        self.specs.push((path.into(), features.into_iter().map(Into::into).collect()));
        self
    }

    /// Adds builders of these operations of an AWS SDK integration, with the names of a resource ARN:
    ///
    /// ```no_run
    /// sfn_tasks_codegen::Build::new().sdk("s3", ["copyObject", "headObject"]).sdk("glue", ["startCrawler"]).run();
    /// ```
    ///
    /// Each service becomes a module with its name. Types that only other operations use are left out.
    pub fn sdk<O: Into<String>>(mut self, service: impl Into<String>, operations: impl IntoIterator<Item = O>) -> Self {
        let (service, operations) = (service.into(), operations.into_iter().map(Into::into));
        match self.sdk.iter_mut().find(|(known, _)| *known == service) {
            Some((_, known)) => known.extend(operations),
            None => self.sdk.push((service, operations.collect())),
        }
        self
    }

    /// Sets the path of the module that includes the code, such as `my_library::tasks`, so that the examples in the docs are run.
    pub fn module_path(mut self, path: impl Into<String>) -> Self {
        self.module_path = Some(path.into());
        self
    }

    /// Writes `index.rs` and the modules to `OUT_DIR/sfn_tasks`.
    ///
    /// If a spec has faults, or a file cannot be read or written, it prints a `cargo::error=` line for each fault, and the
    /// build fails.
    ///
    /// An empty text (`docs`, `why`, `message`, `url`, a value of `enum` or `errors`) is a warning. It is a fault in a
    /// package, and if the environment variable `SFN_TASKS_TEXTS` is `require`.
    pub fn run(self) {
        if let Err(lines) = self.try_run() {
            for line in lines {
                println!("cargo::error={line}");
            }
            process::exit(1);
        }
    }

    fn try_run(self) -> Result<(), Vec<String>> {
        let read = |(path, features): &(PathBuf, Vec<String>)| {
            let name = path.display().to_string().replace('\\', "/");
            println!("cargo::rerun-if-changed={name}");
            let bytes = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
            let text = text(&name, bytes).map_err(|fault| fault.to_string())?;
            Ok::<_, String>((name, text, features.clone()))
        };
        let (read, unread): (Vec<_>, Vec<_>) = self.specs.iter().map(read).partition(Result::is_ok);
        let unread: Vec<String> = unread.into_iter().filter_map(Result::err).collect();
        if !unread.is_empty() {
            return Err(unread);
        }
        let mut texts: Vec<(String, String, Vec<String>)> = read.into_iter().filter_map(Result::ok).collect();
        let sources: Vec<Source<'_>> = texts.iter().map(|(name, text, _)| Source { name, text }).collect();
        let beside = files_beside(&sources);
        for name in beside {
            println!("cargo::rerun-if-changed={name}");
            // A file that cannot be read is reported at the reference to it.
            if let Ok(bytes) = fs::read(&name) {
                let text = text(&name, bytes).map_err(|fault| vec![fault.to_string()])?;
                texts.push((name, text, Vec::new()));
            }
        }
        if self.specs.is_empty() {
            // If there are no files, this line stops Cargo from running the script after every change in the package.
            println!("cargo::rerun-if-changed=build.rs");
        }
        let mut unknown = Vec::new();
        for (service, operations) in &self.sdk {
            match sdk::spec(service, operations) {
                Ok(text) => texts.push((format!("{}{service}", crate::model::PREFIX), text, Vec::new())),
                Err(faults) => unknown.extend(faults),
            }
        }
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let inputs: Vec<Input<'_>> = texts
            .iter()
            .map(|(name, text, features)| {
                let builders = features.is_empty() || features.iter().any(|feature| is_on(feature));
                Input { source: Source { name, text }, features, builders }
            })
            .collect();
        for (_, _, features) in &texts {
            for feature in features {
                println!("cargo::rustc-check-cfg=cfg(feature, values({feature:?}))");
            }
        }
        println!("cargo::rerun-if-env-changed=SFN_TASKS_TEXTS");
        let lenient = !needs_texts();
        let Generated { files, mut missing, remarks } = generate_inputs(&inputs, self.module_path.as_deref(), lenient)
            .map_err(|faults| faults.0.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        if env::var_os("CARGO_PKG_NAME").is_none_or(|name| name != "sfn-tasks") {
            missing.extend(remarks);
        }
        for text in missing {
            println!("cargo::warning={text}");
        }
        let out =
            env::var_os("OUT_DIR").ok_or_else(|| vec!["OUT_DIR is not set: call this from `build.rs`".to_owned()])?;
        let folder = Path::new(&out).join("sfn_tasks");
        for file in files {
            let path = folder.join(&file.path);
            write_if_changed(&path, &file.text).map_err(|error| vec![format!("{}: {error}", path.display())])?;
        }
        Ok(())
    }
}

/// Whether an empty text is a fault: if the variable demands it, or in a package, which contains `Cargo.toml.orig`.
fn needs_texts() -> bool {
    env::var_os("SFN_TASKS_TEXTS").is_some_and(|value| value == "require") || Path::new("Cargo.toml.orig").exists()
}

/// Whether the Cargo feature is on.
fn is_on(feature: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{}", feature.to_uppercase().replace('-', "_"))).is_some()
}

/// Writes the file only if its text differs, so that an unchanged file is not compiled again.
fn write_if_changed(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
