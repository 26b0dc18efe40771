//! Reads botocore's model of a service.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::read::GzDecoder;
use serde_json::Value;

/// A `service-2.json`.
pub(crate) struct Model(Value, Option<String>);

impl Model {
    /// Reads the model of the service from a folder, or from the botocore of the installed Python.
    pub(crate) fn find(directory: Option<&Path>, folder: &str) -> Result<Model, String> {
        let directory = match directory {
            Some(directory) => directory.to_owned(),
            None => installed()?,
        };
        let file = locate(&directory, folder).ok_or_else(|| {
            format!("{} contains no service-2.json of `{folder}`; set its folder with --named.", directory.display())
        })?;
        let version = version(&directory);
        let read = read(&file).map(|value| Model(value, version));
        read.map_err(|e| format!("{} cannot be read: {e}", file.display()))
    }

    #[cfg(test)]
    pub(crate) fn new(value: Value) -> Model {
        Model(value, None)
    }

    /// The version of its botocore.
    pub(crate) fn version(&self) -> Option<&str> {
        self.1.as_deref()
    }

    /// The operation with this name.
    pub(crate) fn operation(&self, name: &str) -> Result<&Value, String> {
        self.0["operations"].get(name).ok_or_else(|| {
            let known = self.0["operations"].as_object().into_iter().flatten().map(|(known, _)| known.as_str());
            let near =
                known.min_by_key(|known| strsim::damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase()));
            let hint = near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
            format!("The model has no operation `{name}`.{hint}")
        })
    }

    /// The shape with this name; `null` if there is none.
    pub(crate) fn shape(&self, name: &str) -> &Value {
        &self.0["shapes"][name]
    }

    /// The prefix of the service's IAM actions.
    pub(crate) fn iam_prefix(&self) -> &str {
        let metadata = &self.0["metadata"];
        metadata["signingName"].as_str().or(metadata["endpointPrefix"].as_str()).unwrap_or_default()
    }

    /// The service ID without spaces, which is the prefix of its errors.
    pub(crate) fn id(&self) -> String {
        self.0["metadata"]["serviceId"].as_str().unwrap_or_default().replace(' ', "")
    }

    /// AWS's name of the service.
    pub(crate) fn title(&self) -> &str {
        self.0["metadata"]["serviceFullName"].as_str().unwrap_or_default()
    }
}

/// The folder `data` of the installed botocore.
fn installed() -> Result<PathBuf, String> {
    const PROGRAM: &str = "import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))";
    let output = Command::new("python3").args(["-c", PROGRAM]).output();
    match output {
        Ok(output) if output.status.success() => {
            Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end().to_owned()))
        }
        _ => Err("No botocore was found: run `pip install botocore`, or set a folder with --model.".to_owned()),
    }
}

/// The model in the directory itself, or the newest one in the service's folder.
fn locate(directory: &Path, folder: &str) -> Option<PathBuf> {
    let mut candidates = vec![directory.to_owned()];
    if let Ok(versions) = directory.join(folder).read_dir() {
        let mut versions: Vec<_> = versions.flatten().map(|entry| entry.path()).collect();
        versions.sort();
        candidates.extend(versions.into_iter().rev());
    }
    candidates.iter().flat_map(|d| [d.join("service-2.json"), d.join("service-2.json.gz")]).find(|file| file.is_file())
}

/// The version of botocore, from the file next to its folder `data`.
fn version(data: &Path) -> Option<String> {
    let text = std::fs::read_to_string(data.parent()?.join("__init__.py")).ok()?;
    let (_, rest) = text.split_once("__version__ = ")?;
    rest.split(['\'', '"']).nth(1).map(str::to_owned)
}

fn read(file: &Path) -> Result<Value, String> {
    let mut bytes = Vec::new();
    let mut source = File::open(file).map_err(|e| e.to_string())?;
    let outcome = if file.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(source).read_to_end(&mut bytes)
    } else {
        source.read_to_end(&mut bytes)
    };
    outcome.map_err(|e| e.to_string())?;
    serde_json::from_slice(&bytes).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn the_newest_model_of_a_service_is_found_packed_or_not() {
        let data = std::env::temp_dir().join(format!("xtask-model-{}", std::process::id()));
        for (version, packed) in [("2015-01-01", false), ("2024-01-01", true)] {
            let folder = data.join("bakery").join(version);
            std::fs::create_dir_all(&folder).unwrap();
            let text = format!(r#"{{"metadata":{{"serviceFullName":"Bakery {version}"}}}}"#);
            if packed {
                let mut file =
                    GzEncoder::new(File::create(folder.join("service-2.json.gz")).unwrap(), Compression::fast());
                file.write_all(text.as_bytes()).unwrap();
            } else {
                std::fs::write(folder.join("service-2.json"), text).unwrap();
            }
        }
        let titles = [data.clone(), data.join("bakery/2015-01-01")]
            .map(|folder| Model::find(Some(&folder), "bakery").unwrap().title().to_owned());
        let unknown = Model::find(Some(&data), "brewery").err();
        std::fs::remove_dir_all(&data).unwrap();
        assert_eq!(titles, ["Bakery 2024-01-01", "Bakery 2015-01-01"]);
        assert!(unknown.unwrap().contains("no service-2.json of `brewery`"));
    }
}
