//! Text files with delimiters, by the [rules of Step
//! Functions](https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html). They differ from
//! RFC 4180: a backslash escapes, and doubled quotation marks are one mark outside of a quoted field too.

use crate::value::{Json, Object};

/// The character that a `CSVDelimiter` names.
pub(super) fn delimiter(name: Option<&str>) -> char {
    match name {
        Some("PIPE") => '|',
        Some("SEMICOLON") => ';',
        Some("SPACE") => ' ',
        Some("TAB") => '\t',
        _ => ',',
    }
}

/// The rows as objects. Without headers, the first row contains them. A short row is filled up with empty strings;
/// extra fields of a long row are dropped.
pub(super) fn items(content: &str, delimiter: char, headers: Option<Vec<String>>) -> Result<Vec<Json>, String> {
    let mut rows = rows(content, delimiter).into_iter();
    let headers = headers.unwrap_or_else(|| rows.next().unwrap_or_default());
    let distinct: std::collections::HashSet<&String> = headers.iter().collect();
    if distinct.len() < headers.len() {
        return Err("CSV headers cannot contain duplicates.".into());
    }
    let item = |row: Vec<String>| {
        let mut fields = row.into_iter();
        let mut item = Object::with_capacity(headers.len());
        for name in &headers {
            item.push(name.clone(), Json::from(fields.next().unwrap_or_default()));
        }
        Json::Object(item)
    };
    Ok(rows.map(item).collect())
}

/// The rows of a text. Empty lines are not rows.
pub(super) fn rows(content: &str, delimiter: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    // Whether the field has content; an empty text in quotation marks counts.
    let mut begun = false;
    let mut signs = content.strip_prefix('\u{feff}').unwrap_or(content).chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => {
                if let Some(escaped) = signs.next_if(|next| *next == '\\' || *next == '"' || *next == delimiter) {
                    field.push(escaped);
                }
                begun = true;
            }
            '"' if !quoted && !begun => (quoted, begun) = (true, true),
            '"' if signs.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => quoted = false,
            sign if quoted => field.push(sign),
            '\r' if signs.peek() == Some(&'\n') => {}
            '\n' => {
                if begun || !row.is_empty() {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                begun = false;
            }
            sign if sign == delimiter => {
                row.push(std::mem::take(&mut field));
                begun = false;
            }
            sign => {
                field.push(sign);
                begun = true;
            }
        }
    }
    if begun || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(content: &str, headers: &[&str]) -> Value {
        let headers = (!headers.is_empty()).then(|| headers.iter().map(|name| (*name).to_owned()).collect());
        Value::from(&Json::from(items(content, ',', headers).unwrap()))
    }

    #[test]
    fn rows_are_read_by_their_headers() {
        let wanted = json!([
            { "a": "1", "b": "x, \"y\"" }, { "a": "", "b": "" }, { "a": "2", "b": "" }, { "a": "3", "b": "4" },
        ]);
        assert_eq!(read("a,b\r\n1,\"x, \"\"y\"\"\"\n\n,\n2\n3,4,5", &[]), wanted);
        let given = Some(vec!["a".to_owned(), "a".to_owned()]);
        assert_eq!(items("1,2", ',', given).unwrap_err(), "CSV headers cannot contain duplicates.");
    }

    #[test]
    fn what_was_recorded_is_read_so() {
        let text = "H1,\nValue4,Value5,Value6\n,,,\ntrue,1,'Hello'\nNull,None,\n   \n";
        let wanted = json!([
            { "H1": "Value4", "": "Value5" }, { "H1": "", "": "" }, { "H1": "true", "": "1" },
            { "H1": "Null", "": "None" }, { "H1": "   ", "": "" },
        ]);
        assert_eq!(read(text, &[]), wanted);
    }

    #[test]
    fn escapes_are_those_of_the_guide() {
        let text = "abc,123,\"commas, a double quotation mark (\"\"), and a newline (\n)\",{\"\"MyKey\"\":\"\"MyValue\"\"},\"[1,2,3]\"\n";
        let wanted = json!([{ "l": "abc", "n": "123", "s": "commas, a double quotation mark (\"), and a newline (\n)",
            "o": "{\"MyKey\":\"MyValue\"}", "a": "[1,2,3]" }]);
        assert_eq!(read(text, &["l", "n", "s", "o", "a"]), wanted);
        let text = "C:\\\\Program Files\\\\App.exe,6534512\na\\,b,c\\d\n\"\",\\\"x\\\"\n";
        let wanted = json!([
            { "path": "C:\\Program Files\\App.exe", "size": "6534512" }, { "path": "a,b", "size": "cd" },
            { "path": "", "size": "\"x\"" },
        ]);
        assert_eq!(read(text, &["path", "size"]), wanted);
        for (name, sign) in [("PIPE", '|'), ("SEMICOLON", ';'), ("SPACE", ' '), ("TAB", '\t'), ("COMMA", ',')] {
            assert_eq!(rows(&format!("a{sign}b"), delimiter(Some(name))), [["a", "b"]]);
        }
    }
}
