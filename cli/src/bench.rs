//! `huckster bench`: how good a rule set is.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use huckster::eval::{self, Corpus, Estimate, Evaluation, EvaluationOptions, HitLog, Label};
use huckster::{RuleSet, Scorer};

use crate::args::{Bench, Measuring};
use crate::console::{Console, Out};
use crate::corpus;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::render::{BAD, BOLD, DIM, clean_line, count, pad, pad_left, shorten, weighed};
use crate::setup;

/// How long speed is measured, for each set.
const SPEED_TIME: Duration = Duration::from_secs(1);

/// Runs the command.
pub(crate) fn run(args: &Bench, console: &Console) -> Result<Outcome, Failure> {
    let options = options(&args.measuring, !args.no_ablation);
    let evaluations = if args.hits.is_empty() {
        from_messages(args, &options, console)?
    } else {
        let log = corpus::pooled(&args.hits)?.with_policy(args.policy.policy());
        vec![evaluate(&log, &options)?]
    };
    let Some(first) = evaluations.first() else {
        return Ok(Outcome::Fine);
    };
    if let Some(path) = &args.html {
        write(path, eval::page(&evaluations, None).as_bytes())?;
    }
    if let Some(path) = &args.csv {
        write(path, first.rules_csv().as_bytes())?;
    }
    let mut out = console.out();
    if args.json {
        let mut json = serde_json::to_value(first).map_err(std::io::Error::from)?;
        if let (Some(object), [_, others @ ..]) = (json.as_object_mut(), evaluations.as_slice())
            && !others.is_empty()
        {
            let others = serde_json::to_value(others).map_err(std::io::Error::from)?;
            object.insert("others".to_owned(), others);
        }
        serde_json::to_writer_pretty(&mut out, &json).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else if args.markdown {
        for evaluation in &evaluations {
            writeln!(out, "{}\n", evaluation.to_markdown().trim_end())?;
        }
    } else {
        for evaluation in &evaluations {
            print(evaluation, console, &mut out)?;
        }
    }
    out.flush()?;
    for path in [&args.html, &args.csv, &args.write_hits].into_iter().flatten() {
        console.note(&format!("wrote {}", path.display()));
    }
    Ok(Outcome::Fine)
}

/// What the options say about measuring.
pub(crate) fn options(measuring: &Measuring, ablation: bool) -> EvaluationOptions {
    let mut options = EvaluationOptions::default();
    options.seed = measuring.seed.unwrap_or(options.seed);
    options.prevalence = measuring.prevalence;
    options.costs = measuring.costs;
    options.ablation = ablation;
    options
}

fn from_messages(args: &Bench, options: &EvaluationOptions, console: &Console) -> Result<Vec<Evaluation>, Failure> {
    let messages = corpus::load(&args.corpus, console)?;
    messages.check_classes()?;
    if messages.card().is_none() {
        console.note("there is no corpus card beside the messages, so nobody can tell what the figures stand for");
    }
    let set = setup::rule_set(&args.rules)?;
    let mut sets = vec![set];
    for path in &args.set {
        let ground = (!args.rules.no_builtin).then(|| {
            if args.rules.by_hand {
                RuleSet::builtin_by_hand()
            } else {
                RuleSet::builtin()
            }
        });
        sets.push(setup::layered(ground, std::slice::from_ref(path))?);
    }
    let mut evaluations = Vec::new();
    for (i, set) in sets.into_iter().enumerate() {
        let scorer = setup::build(set)?.with_policy(args.policy.policy());
        let log = corpus::run(&messages, &scorer);
        if let Some(path) = args.write_hits.as_ref().filter(|_| i == 0) {
            write_hits(path, log.clone(), args.anonymous)?;
        }
        let mut evaluation = evaluate(&log, options)?;
        if !args.no_speed {
            evaluation.speed = speed(&scorer, &messages);
        }
        evaluations.push(evaluation);
    }
    Ok(evaluations)
}

fn evaluate(log: &HitLog, options: &EvaluationOptions) -> Result<Evaluation, Failure> {
    let progress = Progress::endless("measuring");
    Ok(log.evaluate_with(options, &|what| progress.say(what))?)
}

fn speed(scorer: &Scorer, messages: &Corpus) -> Option<eval::Speed> {
    let _progress = Progress::endless("timing");
    eval::measure_speed(scorer, messages, SPEED_TIME)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|e| unwritable(path, &e))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Message(format!("cannot write `{}`: {error}", path.display()))
}

fn write_hits(path: &Path, log: HitLog, anonymous: bool) -> Result<(), Failure> {
    let log = if anonymous { log.anonymous() } else { log };
    let file = File::create(path).map_err(|e| unwritable(path, &e))?;
    let mut out = BufWriter::new(file);
    let written = if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
        log.write_csv(&mut out)
    } else {
        log.write_jsonl(&mut out)
    };
    written.and_then(|()| out.flush()).map_err(|e| unwritable(path, &e))
}

fn print(e: &Evaluation, console: &Console, out: &mut Out) -> Result<(), Failure> {
    let paint = console.paint();
    let model = e
        .rule_set
        .model
        .as_ref()
        .map_or_else(String::new, |m| format!(", model {m}"));
    writeln!(
        out,
        "{} on {} in {} of {}",
        paint.on(
            BOLD,
            format!(
                "{} {}{model}",
                clean_line(&e.rule_set.name),
                clean_line(&e.rule_set.version)
            )
        ),
        count(e.measured.messages, "message"),
        count(e.measured.clusters, "cluster"),
        clean_line(&e.corpus.name)
    )?;
    if let Some(bias) = &e.corpus.bias {
        writeln!(
            out,
            "{}",
            paint.on(DIM, shorten(&format!("bias: {}", clean_line(bias)), console.width()))
        )?;
    }
    writeln!(out)?;
    let headline = format!("genuine messages declined   {}", e.false_decline);
    writeln!(out, "{}", paint.on(BOLD, headline))?;
    writeln!(out, "pitches among the declined  {}", e.decline_precision)?;
    writeln!(out, "pitches declined            {}", e.decline_recall)?;
    writeln!(out, "pitches accepted            {}", e.false_accept)?;
    if e.generic_reviewed.of > 0 {
        writeln!(out, "generic messages reviewed   {}", e.generic_reviewed)?;
    }
    let estimate = |e: &Estimate| match (e.value, e.low, e.high) {
        (Some(v), Some(low), Some(high)) => format!("{v:.3} ({low:.3} to {high:.3})"),
        (Some(v), ..) => format!("{v:.3}"),
        _ => "-".to_owned(),
    };
    writeln!(
        out,
        "ROC-AUC pitch/genuine       {}",
        estimate(&e.roc_auc.pitch_vs_genuine)
    )?;
    writeln!(
        out,
        "ROC-AUC unwanted/genuine    {}",
        estimate(&e.roc_auc.unwanted_vs_genuine)
    )?;
    writeln!(out, "average precision           {}", estimate(&e.average_precision))?;
    if let Some(precision) = e.decline_precision_at_prevalence {
        writeln!(
            out,
            "precision of a decline if {:.0} % of the messages are pitches: {:.1} %",
            e.prevalence * 100.0,
            precision * 100.0
        )?;
    }
    writeln!(out, "cost per message            {}", estimate(&e.cost.per_message))?;
    match &e.probability {
        Some(p) => writeln!(
            out,
            "probabilities               Brier {}, calibration error {:.3}",
            estimate(&p.brier),
            p.calibration_error
        )?,
        None => writeln!(out, "probabilities               none: the rule set is not calibrated")?,
    }
    if let Some(speed) = &e.speed {
        writeln!(
            out,
            "speed                       {:.0} messages a second on one core; {} patterns, {:.1} MB",
            speed.messages_per_second,
            speed.patterns,
            speed.automaton_bytes as f64 / 1e6
        )?;
    }

    writeln!(out, "\n{}", paint.on(DIM, "           accept   review  decline"))?;
    for label in Label::ALL {
        let counts = e.decisions.of(label);
        if counts.total() > 0 {
            writeln!(
                out,
                "{}  {} {} {}",
                pad(label.name(), 8),
                pad_left(&counts.accept.to_string(), 7),
                pad_left(&counts.review.to_string(), 8),
                pad_left(&counts.decline.to_string(), 8)
            )?;
        }
    }

    let alarming: Vec<_> = e.slices.iter().filter(|s| s.stands_out).collect();
    if !alarming.is_empty() {
        writeln!(
            out,
            "\n{}",
            paint.on(BAD, "Genuine messages are declined more often than elsewhere in:")
        )?;
        for s in alarming {
            writeln!(out, "  {}  {}", pad(&clean_line(&s.tag), 28), s.false_decline)?;
        }
    }

    let heading = |out: &mut Out, title: &str| -> std::io::Result<()> {
        writeln!(out, "\n{title}")?;
        let columns = format!("{}  weight   pitch genuine    S/O   helps   harms", pad("", 38));
        writeln!(out, "{}", paint.on(DIM, columns))
    };
    let line = |out: &mut Out, m: &eval::RuleMeasure| -> std::io::Result<()> {
        let ablation = e
            .ablation
            .iter()
            .find(|a| a.kind == eval::AblationKind::Rule && a.id == m.rule);
        let (helps, harms) = ablation.map_or((0, 0), |a| (a.helps, a.harms));
        writeln!(
            out,
            "{} {} {} {} {} {} {}",
            pad(&shorten(&m.rule, 38), 38),
            paint.on(weighed(m.weight), pad_left(&m.weight.to_string(), 7)),
            pad_left(&m.pitch.hits.to_string(), 7),
            pad_left(&m.genuine.hits.to_string(), 7),
            pad_left(
                &m.spam_overall_ratio
                    .map_or_else(|| "-".to_owned(), |r| format!("{r:.3}")),
                6
            ),
            pad_left(&helps.to_string(), 7),
            pad_left(&harms.to_string(), 7)
        )
    };
    heading(out, "Rules that tell most")?;
    for m in e.rules.iter().take(12) {
        line(out, m)?;
    }
    let mut harmful: Vec<_> = e
        .ablation
        .iter()
        .filter(|a| a.kind == eval::AblationKind::Rule && a.harms > a.helps)
        .collect();
    harmful.sort_by_key(|a| (std::cmp::Reverse(a.harms - a.helps), &a.id));
    if !harmful.is_empty() {
        heading(out, "Rules that harm more decisions than they help")?;
        for a in harmful.iter().take(8) {
            if let Some(m) = e.rules.iter().find(|m| m.rule == a.id) {
                line(out, m)?;
            }
        }
    }
    writeln!(
        out,
        "\n{}",
        paint.on(
            DIM,
            format!(
                "{} fired, {} never did. Intervals are 95 %: Wilson's for shares, {} draws of whole clusters (seed {}) for the rest.",
                count(e.rules.len(), "rule"),
                e.silent_rules,
                e.resamples,
                e.seed
            )
        )
    )?;
    Ok(())
}
