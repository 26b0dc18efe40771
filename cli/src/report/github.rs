//! Findings as workflow commands of GitHub Actions, which shows them as annotations in the changed lines.

use std::io::{self, Write};

use sfn_tasks::check::Severity;
use sfn_tasks::value::printable;

use super::Finding;

pub(super) fn print(findings: &[Finding<'_>], output: &mut impl Write) -> io::Result<()> {
    for finding in findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (end_line, end_column) = finding.end();
        writeln!(
            output,
            "::{command} file={},line={},col={},endLine={end_line},endColumn={end_column},title={}::{}",
            property(&finding.uri_path()),
            finding.location.line,
            finding.location.column,
            property(&format!("sfn-tasks {}", finding.code)),
            data(&finding.message_with_help()),
        )?;
    }
    Ok(())
}

/// Text, escaped for the part after `::`.
fn data(text: &str) -> String {
    // Pages and logs show annotations, so control characters are escaped too.
    printable(text).replace('%', "%25")
}

/// Text, escaped for a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
