//! Parquet files, if the feature `parquet` is on.

use crate::value::Json;

/// The rows of a file.
#[cfg(feature = "parquet")]
pub(super) fn items(content: Vec<u8>, most: usize) -> Result<Vec<Json>, String> {
    use parquet::file::reader::{FileReader, SerializedFileReader};

    let said = |error: parquet::errors::ParquetError| format!("The Parquet file cannot be read: {error}");
    let reader = SerializedFileReader::new(bytes::Bytes::from(content)).map_err(said)?;
    let rows = reader.get_row_iter(None).map_err(said)?;
    rows.take(most).map(|row| row.map(|row| Json::from(row.to_json_value())).map_err(said)).collect()
}

#[cfg(not(feature = "parquet"))]
pub(super) fn items(_: Vec<u8>, _: usize) -> Result<Vec<Json>, String> {
    Err("Parquet files can be read only with the feature `parquet` of sfn-tasks.".into())
}
