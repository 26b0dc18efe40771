//! Rules across the members of a structure.

use super::{Rule, Structure, When, shape};
use crate::fault::{Report, did_you_mean, step};
use crate::spec;

/// Decides the rules of a structure; each names its members.
pub(super) fn rules(rules: &[spec::Rule], structure: &Structure, pointer: &str, report: &Report<'_>) -> Vec<Rule> {
    let mut resolved = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let pointer = step(&step(pointer, "rules"), at);
        let Some((demand, members)) = rule.demand.clone() else { continue };
        if ["exactlyOneOf", "atMostOneOf", "atLeastOneOf"].contains(&demand) && members.len() < 2 {
            let instead =
                if demand == "atMostOneOf" { "leave the rule out" } else { "add it to `required`, or use `requires`" };
            report.add(step(&pointer, demand), format!("one member leaves no choice: {instead}"));
        }
        // What a rule depends on may lie deeper; its path is checked where all types are known.
        let shallow = rule.when.iter().map(|when| &when.member).filter(|path| !path.contains('.'));
        for unknown in members.iter().chain(shallow).filter(|name| structure.member(name).is_none()) {
            let known = structure.members.iter().map(|member| member.name.as_str());
            report.add(
                &pointer,
                format!("`{unknown}` is not a member of this structure{}", did_you_mean(unknown, known)),
            );
        }
        if demand == "excludes" {
            for required in structure.required().filter(|member| members.contains(&member.name)) {
                let message =
                    format!("`{}` is required, so it is always set: no call can satisfy this rule", required.name);
                report.add(step(&pointer, "excludes"), message);
            }
        }
        let when = rule.when.iter().map(|condition| {
            let member = condition.member.clone();
            for (key, pattern) in [("matches", &condition.matches), ("differs", &condition.differs)] {
                if let Some(pattern) = pattern {
                    shape::check_pattern(pattern, key, &step(&pointer, "when"), report);
                }
            }
            match (&condition.equals, &condition.matches, &condition.differs) {
                (Some(json), ..) => When::Equals(member, json.to_value().to_string()),
                (_, Some(pattern), _) => When::Matches(member, pattern.clone()),
                (_, _, Some(pattern)) => When::Differs(member, pattern.clone()),
                _ if condition.absent => When::Absent(member),
                _ => When::Present(member),
            }
        });
        let when: Vec<When> = when.collect();
        resolved.push(Rule { when, demand, members, message: rule.message.clone(), warning: rule.warning });
    }
    resolved
}
