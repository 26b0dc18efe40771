//! Findings as a JSON array, one in each line.

use std::io::{self, Write};

use serde_json::{Value, json};
use sfn_tasks::value::Json;

use super::Finding;

pub(super) fn print(findings: &[Finding<'_>], output: &mut impl Write) -> io::Result<()> {
    write!(output, "[")?;
    for (index, finding) in findings.iter().enumerate() {
        write!(output, "{}\n  {}", if index == 0 { "" } else { "," }, Json::from(value(finding)))?;
    }
    writeln!(output, "{}]", if findings.is_empty() { "" } else { "\n" })
}

fn value(finding: &Finding<'_>) -> Value {
    let (end_line, end_column) = finding.end();
    json!({
        "file": finding.file.path().to_string_lossy(),
        "machine": finding.machine,
        "line": finding.location.line,
        "column": finding.location.column,
        "endLine": end_line,
        "endColumn": end_column,
        "severity": finding.severity.to_string(),
        "code": finding.code,
        "pointer": finding.pointer,
        "message": finding.message,
        "help": finding.help,
    })
}
