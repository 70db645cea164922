//! `huckster rules list` and `huckster rules show`.

use std::io::Write as _;

use huckster::{Message, RuleSet, RuleView, Status};
use serde_json::{Value, json};

use crate::args::{List, Show};
use crate::console::{Console, Out};
use crate::failure::{Failure, Outcome};
use crate::render::{BOLD, DIM, HELP, clean_line, count, pad, pad_left, shorten, weighed, width, wrap};
use crate::setup;

/// Lists rules as a table or as JSON.
pub(crate) fn list(args: &List, console: &Console) -> Result<Outcome, Failure> {
    let set = setup::rule_set(&args.rules)?;
    let wanted = |rule: &RuleView<'_>| {
        args.group.as_deref().is_none_or(|g| g == rule.group())
            && args.namespace.as_deref().is_none_or(|n| n == namespace(rule))
    };
    let rules: Vec<RuleView<'_>> = set.rules().filter(wanted).collect();
    if rules.is_empty() {
        return Err(Failure::Message(nothing(args, &set)));
    }
    let mut out = console.out();
    if args.json {
        let all: Vec<Value> = rules.iter().map(as_json).collect();
        serde_json::to_writer_pretty(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        table(&mut out, &rules, console)?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

fn namespace<'s>(rule: &RuleView<'s>) -> &'s str {
    rule.id().split('.').next().unwrap_or_default()
}

/// Why a list is empty.
fn nothing(args: &List, set: &RuleSet) -> String {
    let known = |name: &dyn Fn(&RuleView<'_>) -> String| {
        let mut all: Vec<String> = set.rules().map(|r| name(&r)).collect();
        all.sort();
        all.dedup();
        all
    };
    let groups = known(&|r| r.group().to_owned());
    let namespaces = known(&|r| namespace(r).to_owned());
    match (&args.group, &args.namespace) {
        (Some(group), _) if !groups.contains(group) => {
            format!(
                "there is no rule in a group `{group}`; groups are: {}",
                groups.join(", ")
            )
        }
        (_, Some(space)) if !namespaces.contains(space) => {
            format!(
                "there is no rule in a namespace `{space}`; namespaces are: {}",
                namespaces.join(", ")
            )
        }
        (Some(group), Some(space)) => format!("there is no rule of the namespace `{space}` in the group `{group}`"),
        _ => "there are no rules".to_owned(),
    }
}

fn status(rule: &RuleView<'_>) -> &'static str {
    if !rule.is_enabled() {
        return "off";
    }
    match rule.status() {
        Status::Stable => "stable",
        Status::Preview => "preview",
        Status::Deprecated => "deprecated",
        _ => "other",
    }
}

fn as_json(rule: &RuleView<'_>) -> Value {
    json!({
        "id": rule.id(),
        "group": rule.group(),
        "weight": rule.weight(),
        "status": rule.status(),
        "enabled": rule.is_enabled(),
        "decisive": rule.is_decisive(),
        "computed": rule.is_computed(),
        "summary": rule.summary(),
        "origin": rule.origin(),
        "changes": rule.changes().collect::<Vec<_>>(),
    })
}

fn table(out: &mut Out, rules: &[RuleView<'_>], console: &Console) -> Result<(), Failure> {
    let paint = console.paint();
    let widest =
        |of: &dyn Fn(&RuleView<'_>) -> usize, title: &str| rules.iter().map(of).max().unwrap_or(0).max(title.len());
    let id = widest(&|r| width(r.id()), "rule");
    let group = widest(&|r| width(r.group()), "group");
    let state = widest(&|r| status(r).len(), "status");
    let head = format!(
        "{}  {}   weight  {}  reason",
        pad("rule", id),
        pad("group", group),
        pad("status", state)
    );
    writeln!(out, "{}", paint.on(BOLD, head))?;
    let room = console
        .width()
        .saturating_sub(id + 2 + group + 2 + 7 + 2 + state + 2)
        .max(30);
    for rule in rules {
        let weight = paint.on(weighed(rule.weight()), pad_left(&rule.weight().to_string(), 7));
        let summary = shorten(&clean_line(rule.summary()), room);
        let (name, group) = (pad(rule.id(), id), paint.on(DIM, pad(rule.group(), group)));
        writeln!(
            out,
            "{name}  {group}  {weight}  {}  {summary}",
            paint.on(DIM, pad(status(rule), state))
        )?;
    }
    writeln!(out, "\n{}", paint.on(DIM, count(rules.len(), "rule")))?;
    Ok(())
}

/// Shows all about one rule.
pub(crate) fn show(args: &Show, console: &Console) -> Result<Outcome, Failure> {
    let set = setup::rule_set(&args.rules)?;
    let Some(rule) = set.rule(&args.id) else {
        return Err(Failure::Message(unknown(&args.id, &set)));
    };
    let mut out = console.out();
    details(&mut out, &rule, console)?;
    out.flush()?;
    Ok(Outcome::Fine)
}

/// What to say to an id that no rule has.
fn unknown(id: &str, set: &RuleSet) -> String {
    let ids: Vec<&str> = set.rules().map(|r| r.id()).collect();
    let near = ids
        .iter()
        .map(|known| (strsim::osa_distance(id, known), known))
        .filter(|(distance, _)| *distance <= (id.chars().count() / 3).max(1))
        .min();
    if let Some((_, near)) = near {
        return format!("there is no rule `{id}`; did you mean `{near}`?");
    }
    let part = id.rsplit('.').next().unwrap_or(id);
    let holding: Vec<&str> = ids
        .into_iter()
        .filter(|known| !part.is_empty() && known.contains(part))
        .take(6)
        .collect();
    match holding.is_empty() {
        true => format!("there is no rule `{id}`; `huckster rules list` shows all"),
        false => format!("there is no rule `{id}`; similar: {}", holding.join(", ")),
    }
}

fn details(out: &mut Out, rule: &RuleView<'_>, console: &Console) -> Result<(), Failure> {
    let paint = console.paint();
    let columns = console.width();
    writeln!(out, "{}", paint.on(BOLD, rule.id()))?;
    for line in wrap(&clean_line(rule.summary()), columns - 2) {
        writeln!(out, "  {line}")?;
    }
    writeln!(out)?;
    let mut fact = |name: &str, value: &str| -> Result<(), Failure> {
        for (i, line) in wrap(&clean_line(value), columns - 14).iter().enumerate() {
            let name = if i == 0 { name } else { "" };
            writeln!(out, "  {}{line}", paint.on(DIM, pad(name, 12)))?;
        }
        Ok(())
    };
    fact("weight", &rule.weight().to_string())?;
    fact("group", rule.group())?;
    let decisive = if rule.is_decisive() {
        ", may decline a message on its own"
    } else {
        ""
    };
    fact("status", &format!("{}{decisive}", status(rule)))?;
    if rule.is_computed() {
        fact("found by", "a detector written in Rust")?;
    }
    if let Some(since) = rule.since() {
        fact("since", since)?;
    }
    if let Some(before) = rule.renamed_from() {
        fact("was called", before)?;
    }
    fact("written at", &rule.origin())?;
    for change in rule.changes() {
        fact("changed at", &change)?;
    }
    if let Some(notes) = rule.notes() {
        fact("notes", notes)?;
    }
    if let Some(advice) = rule.advice() {
        fact("instead", advice)?;
    }
    let sections: [(&str, Vec<String>); 5] = [
        ("Phrases", rule.phrases().map(str::to_owned).collect()),
        ("Conditions", rule.conditions().collect()),
        (
            "Silent if one of these fires",
            rule.unless().map(str::to_owned).collect(),
        ),
        ("Messages that fire it", rule.hits().map(example).collect()),
        ("Messages that must not", rule.misses().map(example).collect()),
    ];
    for (title, lines) in sections.iter().filter(|(_, lines)| !lines.is_empty()) {
        writeln!(out, "\n  {}", paint.on(HELP, title))?;
        for line in lines {
            for (i, part) in wrap(&clean_line(line), columns - 6).iter().enumerate() {
                let bullet = if i == 0 { "-" } else { " " };
                writeln!(out, "  {} {part}", paint.on(DIM, bullet))?;
            }
        }
    }
    Ok(())
}

/// An example: its text if that is all there is to it, else its JSON.
fn example(message: &Message<'static>) -> String {
    match message.body.text() {
        Some(text) if *message == Message::text(text) => text.to_owned(),
        _ => serde_json::to_string(message).unwrap_or_else(|e| e.to_string()),
    }
}
