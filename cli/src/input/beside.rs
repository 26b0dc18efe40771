//! Faults in a template, outside of its state machines.

/// Replaces the entry that contains the byte `at` with spaces: a section of the template or a resource, or only the second
/// of two members with the same name. Returns `None` if the entry contains a state machine, or if the rest contains none.
pub(super) fn without(text: &str, at: usize, is_given_twice: bool) -> Option<String> {
    let lines = Lines(text);
    let mut entry = lines.entry(at, 0)?;
    if text[entry.clone()].starts_with("Resources:") {
        let inner = text[entry.clone()].lines().skip(1).find(|line| is_entry(line.trim_start()))?;
        entry = lines.entry(at, inner.len() - inner.trim_start().len())?;
    }
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    if is_given_twice && text[line..at].trim_start().is_empty() {
        entry = lines.entry(at, at - line)?;
    }
    let (before, rest) = text.split_at(entry.start);
    let (faulty, behind) = rest.split_at(entry.len());
    let is_elsewhere = [before, behind].iter().any(|part| part.contains("::StateMachine"));
    if faulty.starts_with("Resources:") || faulty.contains("StateMachine") || !is_elsewhere {
        return None;
    }
    let blank: String = faulty.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    (blank != faulty).then(|| format!("{before}{blank}{behind}"))
}

struct Lines<'t>(&'t str);

impl Lines<'_> {
    /// The bytes of the entry with the given indentation that contains a byte.
    fn entry(&self, at: usize, indent: usize) -> Option<std::ops::Range<usize>> {
        let (mut start, mut begin) = (0, None);
        for line in self.0.split_inclusive('\n') {
            let inner = line.trim_start_matches(' ');
            let is_start = line.len() - inner.len() <= indent && is_entry(inner);
            if is_start && start > at {
                return begin.map(|begin| begin..start);
            }
            if is_start {
                begin = (line.len() - inner.len() == indent).then_some(start);
            }
            start += line.len();
        }
        begin.map(|begin| begin..self.0.len())
    }
}

/// Whether a line begins with a name and a colon.
fn is_entry(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    line.len() > name.len() && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::without;

    const TEMPLATE: &str =
        "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n  Q:\n    Type: [\nOutputs:\n  A: 1\n";

    #[test]
    fn a_resource_or_a_section_is_left_out() {
        let rest = |word: &str| without(TEMPLATE, TEMPLATE.find(word).unwrap_or(0), false);
        assert_eq!(rest("[").as_deref(), Some(&*TEMPLATE.replace("  Q:\n    Type: [", "    \n           ")));
        assert_eq!(rest("A: 1").as_deref(), Some(&*TEMPLATE.replace("Outputs:\n  A: 1", "        \n      ")));
    }

    #[test]
    fn what_is_given_twice_is_left_out_once() {
        let twice = TEMPLATE.replace("Type: [", "Type: AWS::SQS::Queue\n    Type: B");
        let at = twice.rfind("Type: B").unwrap_or(0);
        assert_eq!(without(&twice, at, true), Some(twice.replace("Type: B", "       ")));
    }

    #[test]
    fn a_state_machine_is_not_left_out() {
        assert_eq!(without(TEMPLATE, TEMPLATE.find("AWS").unwrap_or(0), false), None);
        assert_eq!(without("Outputs:\n  A: [\n", 12, false), None, "nothing would be left");
    }
}
