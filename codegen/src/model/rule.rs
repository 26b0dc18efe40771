//! Rules across the members of a structure.

use super::{Rule, Structure, When, shape};
use crate::fault::{Report, did_you_mean, step};
use crate::spec;

/// Why a demand has no effect, or can never be satisfied, because required members are always set.
fn pointless(demand: &str, members: &[String], structure: &Structure) -> Option<String> {
    const NOTHING: &str = "the rule has no effect";
    const NEVER: &str = "no call can satisfy this rule";
    let is_required = |name: &&String| structure.member(name).is_some_and(|member| member.required);
    let required: Vec<&str> = members.iter().filter(is_required).map(String::as_str).collect();
    let told = match (demand, required.len()) {
        (_, 0) => return None,
        ("excludes", _) => NEVER,
        ("exactlyOneOf" | "atMostOneOf", 2..) => NEVER,
        ("atLeastOneOf", _) => NOTHING,
        ("requires", count) if count == members.len() => NOTHING,
        _ => return None,
    };
    let (names, verb) = (required.join("`, `"), if required.len() == 1 { "is" } else { "are" });
    Some(format!("`{names}` {verb} required, so always set: {told}"))
}

/// Why a demand follows from its condition, or contradicts it. It is allowed to refuse a value of a member: if the member
/// has this value, it is excluded.
fn circular(rule: &spec::Rule, demand: &str, members: &[String]) -> Option<String> {
    let is_named = |condition: &&spec::Condition| !condition.absent && members.contains(&condition.member);
    let name = &rule.when.iter().find(is_named)?.member;
    match (demand, rule.when.as_slice()) {
        ("requires", _) => Some(format!("`{name}` is set if `when` is true: do not name it here")),
        ("excludes", [only]) if *only == spec::Condition::of(name) => {
            Some(format!("`{name}` is set if `when` is true: no call can satisfy this rule"))
        }
        _ => None,
    }
}

/// Why a rule never applies.
fn never(rule: &spec::Rule, structure: &Structure) -> Option<String> {
    let is_required = |name: &str| structure.member(name).is_some_and(|member| member.required);
    if let Some(absent) = rule.when.iter().find(|it| it.absent && is_required(&it.member)) {
        return Some(format!("`{}` is required, so it is never absent: leave the rule out", absent.member));
    }
    let differ = |one: &spec::Condition, other: &spec::Condition| {
        let set = |it: &spec::Condition| !it.absent;
        one.member == other.member
            && (one.absent && set(other)
                || one.equals.is_some() && other.equals.is_some() && one.equals != other.equals)
    };
    let twice = rule.when.iter().find(|one| rule.when.iter().any(|other| differ(one, other)))?;
    Some(format!("no value of `{}` satisfies all conditions at once: the rule never applies", twice.member))
}

/// Resolves the rules of a structure, which name its members.
pub(super) fn rules(rules: &[spec::Rule], structure: &Structure, pointer: &str, report: &Report<'_>) -> Vec<Rule> {
    let mut resolved = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let pointer = step(&step(pointer, "rules"), at);
        let Some((demand, members)) = rule.demand.clone() else { continue };
        if ["exactlyOneOf", "atMostOneOf", "atLeastOneOf"].contains(&demand) && members.len() < 2 {
            let instead =
                if demand == "atMostOneOf" { "remove the rule" } else { "add it to `required`, or use `requires`" };
            report.add(step(&pointer, demand), format!("the list needs at least two members: {instead}"));
        }
        // The members of `when` can be nested. Their paths are checked when all types are known.
        let shallow = rule.when.iter().map(|when| &when.member).filter(|path| !path.contains('.'));
        for unknown in members.iter().chain(shallow).filter(|name| structure.member(name).is_none()) {
            let known = structure.members.iter().map(|member| member.name.as_str());
            report.add(
                &pointer,
                format!("`{unknown}` is not a member of this structure{}", did_you_mean(unknown, known)),
            );
        }
        if rules[..at].contains(rule) {
            report.add(&pointer, "the same rule is given twice: leave one of them out");
        }
        if let Some(told) = pointless(demand, &members, structure) {
            report.add(step(&pointer, demand), told);
        } else if let Some(told) = never(rule, structure) {
            report.add(step(&pointer, "when"), told);
        } else if let Some(told) = circular(rule, demand, &members) {
            report.add(step(&pointer, demand), told);
        }
        let when = rule.when.iter().map(|condition| {
            let member = condition.member.clone();
            for (key, pattern) in [("matches", &condition.matches), ("differs", &condition.differs)] {
                if let Some(pattern) = pattern {
                    shape::check_pattern(pattern, &shape::ANY_LENGTH, &step(&step(&pointer, "when"), key), report);
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
