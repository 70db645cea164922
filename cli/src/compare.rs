//! `huckster compare`: whether one rule set is really better than another.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use huckster::RuleSet;
use huckster::eval::{Comparison, Corpus, Finding, HitLog};

use crate::args::{Compare, PolicyName};
use crate::bench::options;
use crate::console::Console;
use crate::corpus;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::render::{BAD, BOLD, DIM, clean_line, count, decided, pad, pad_left, shorten};
use crate::setup;

/// Runs the command.
pub(crate) fn run(args: &Compare, console: &Console) -> Result<Outcome, Failure> {
    let (a, b, messages) = if let [a, b] = args.hits.as_slice() {
        (corpus::hit_log(a)?, corpus::hit_log(b)?, Corpus::new())
    } else {
        let messages = corpus::load(&args.corpus, console)?;
        messages.check_classes()?;
        let a = log(&args.a, args.no_builtin, args.policy, &messages)?;
        let b = log(&args.b, args.no_builtin, args.policy, &messages)?;
        (a, b, messages)
    };
    let comparison = {
        let _progress = Progress::endless("comparing");
        Comparison::paired(&a, &b, &options(&args.measuring, true))?
    };
    let mut out = console.out();
    if args.json {
        let mut json = serde_json::to_value(&comparison).map_err(std::io::Error::from)?;
        if let Some(object) = json.as_object_mut() {
            object.insert("conclusion".to_owned(), comparison.conclusion().into());
        }
        serde_json::to_writer_pretty(&mut out, &json).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else if args.markdown {
        writeln!(out, "{}", comparison.to_markdown().trim_end())?;
    } else {
        print(&comparison, &messages, args, console, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

/// What a set says of the messages.
fn log(files: &[PathBuf], no_builtin: bool, policy: PolicyName, messages: &Corpus) -> Result<HitLog, Failure> {
    let word = |word: &str| matches!(files, [only] if only == Path::new(word) && !only.exists());
    let set = if files.is_empty() || word("builtin") {
        RuleSet::builtin()
    } else if word("hand") {
        RuleSet::builtin_by_hand()
    } else {
        setup::layered((!no_builtin).then(RuleSet::builtin), files)?
    };
    let scorer = setup::build(set)?.with_policy(policy.policy());
    Ok(corpus::run(messages, &scorer))
}

fn print(
    c: &Comparison,
    messages: &Corpus,
    args: &Compare,
    console: &Console,
    out: &mut crate::console::Out,
) -> Result<(), Failure> {
    let paint = console.paint();
    for (letter, set) in ["A", "B"].iter().zip(&c.rule_sets) {
        let model = set.model.as_ref().map_or_else(String::new, |m| format!(", model {m}"));
        writeln!(
            out,
            "{}  {} {}{model}  {}",
            paint.on(BOLD, letter),
            clean_line(&set.name),
            clean_line(&set.version),
            paint.on(DIM, &set.fingerprint)
        )?;
    }
    writeln!(
        out,
        "on {} in {} of {}\n",
        count(c.messages, "message"),
        count(c.clusters, "cluster"),
        clean_line(&c.corpus.name)
    )?;
    let said = |finding: Finding, more: Option<u64>| match (finding, more) {
        (Finding::Better, _) => "B is better".to_owned(),
        (Finding::Worse, _) => paint.on(BAD, "B is worse"),
        (Finding::CannotTell, Some(n)) => paint.on(DIM, format!("cannot tell, about {n} more needed")),
        (Finding::CannotTell, None) => paint.on(DIM, "no difference to be seen"),
    };
    writeln!(
        out,
        "{}",
        paint.on(
            DIM,
            format!("{}        A       B   only A  only B       p   means", pad("right", 32))
        )
    )?;
    for t in &c.decision_tests {
        let share = |n: u64| {
            if t.messages == 0 {
                "-".to_owned()
            } else {
                format!("{:.1} %", 100.0 * n as f64 / t.messages as f64)
            }
        };
        writeln!(
            out,
            "{}  {} {}  {} {}  {}   {}",
            pad(t.question, 32),
            pad_left(&share(t.right[0]), 7),
            pad_left(&share(t.right[1]), 7),
            pad_left(&t.only_a.to_string(), 7),
            pad_left(&t.only_b.to_string(), 7),
            p_value(t.p_adjusted),
            said(t.finding, t.more_needed)
        )?;
    }
    writeln!(
        out,
        "\n{}",
        paint.on(
            DIM,
            format!(
                "{}        A       B   difference (95 %)         p   means",
                pad("measure", 32)
            )
        )
    )?;
    for t in &c.measure_tests {
        let number = |v: Option<f64>| v.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"));
        let interval = t
            .interval
            .map_or_else(String::new, |(low, high)| format!("({low:+.3} to {high:+.3})"));
        let difference = t.difference.map_or_else(String::new, |d| format!("{d:+.3} {interval}"));
        writeln!(
            out,
            "{}  {} {}   {} {}   {}",
            pad(t.measure, 32),
            pad_left(&number(t.values[0]), 7),
            pad_left(&number(t.values[1]), 7),
            pad(&difference, 24),
            p_value(t.p_adjusted),
            said(t.finding, t.more_needed)
        )?;
    }
    writeln!(
        out,
        "{}",
        paint.on(
            DIM,
            "p is corrected for all tests (Holm); intervals come from drawing whole clusters."
        )
    )?;
    writeln!(out, "\n{}", paint.on(BOLD, c.conclusion()))?;
    if !c.changed.is_empty() {
        writeln!(
            out,
            "\n{} decided differently, the worst news first:",
            count(c.changed.len(), "message")
        )?;
    }
    for change in c.changed.iter().take(args.changed) {
        let [before, after] = change.decisions;
        writeln!(
            out,
            "{}  {}  {} -> {}  {}",
            pad(&clean_line(&change.id), 10),
            pad(change.label.name(), 8),
            paint.on(decided(before), pad(&before.to_string(), 7)),
            paint.on(decided(after), pad(&after.to_string(), 7)),
            paint.on(DIM, format!("{} -> {}", change.scores[0], change.scores[1]))
        )?;
        if let Some(text) = messages.get(&change.id).and_then(|m| m.message.body.text()) {
            writeln!(
                out,
                "    {}",
                shorten(&clean_line(text), console.width().saturating_sub(4))
            )?;
        }
        for (only, rules) in [("A", &change.only_a), ("B", &change.only_b)] {
            if !rules.is_empty() {
                let line = format!("only {only}: {}", rules.join(", "));
                writeln!(
                    out,
                    "    {}",
                    paint.on(DIM, shorten(&line, console.width().saturating_sub(4)))
                )?;
            }
        }
    }
    if c.changed.len() > args.changed {
        writeln!(out, "and {} more; --changed shows them", c.changed.len() - args.changed)?;
    }
    Ok(())
}

/// Four columns and a mark.
fn p_value(p: f64) -> String {
    if p < 0.001 {
        " <0.001".to_owned()
    } else {
        format!("{p:7.3}")
    }
}
