//! `huckster fit`: weights from labelled messages.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use huckster::Coverage;
use huckster::eval::{Corpus, CrossValidated, Fit, FitOptions, FitState, WordingFit, WordingOptions};

use crate::args;
use crate::console::{Console, Out};
use crate::corpus;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::render::{BOLD, DIM, count, pad, pad_left, weighed};
use crate::{preferences, setup};

/// Runs the command.
pub(crate) fn run(args: &args::Fit, console: &Console) -> Result<Outcome, Failure> {
    if args.wording {
        return wording(args, console);
    }
    let log = if args.hits.is_empty() {
        let scorer = setup::scorer(&args.rules, args.policy)?;
        let messages = labelled(args, console)?;
        messages.check_classes()?;
        let log = corpus::run(&messages, &scorer);
        if scorer.rules().any(|r| r.namespace() == "wording") {
            // Its model may have seen these very messages, and would then be trusted too much.
            let progress = Progress::endless("wording, by models that had not seen the message");
            let trained = messages.fit_wording(&scorer, &wording_options(args));
            drop(progress);
            match trained {
                Ok(fit) => fit.apply(log),
                Err(error) => {
                    console.note(&format!("the wording model is taken as it is: {error}"));
                    log
                }
            }
        } else {
            log
        }
    } else {
        corpus::pooled(&args.hits)?.with_policy(args.policy.policy())
    };
    let mut options = FitOptions::default();
    options.folds = usize::from(args.folds);
    options.minimum_clusters = args.minimum_clusters.unwrap_or(options.minimum_clusters);
    options.genuine_share = args.genuine_share;
    options.generic_share = args.generic_share;
    options.keep.clone_from(&args.keep);
    options.seed = args.measuring.seed.unwrap_or(options.seed);
    let mut fit = {
        let progress = Progress::new("fitting", options.folds + 2);
        log.fit_with(&options, &|done, _| progress.at(done))?
    };
    fit.model.id = Some(
        args.id
            .clone()
            .unwrap_or_else(|| format!("fitted-{}", log.corpus().fingerprint)),
    );
    if let Some(provenance) = &mut fit.model.provenance {
        provenance.date.clone_from(&args.date);
    }
    let model = fit
        .model
        .to_toml()
        .map_err(|e| Failure::Message(format!("the model cannot be written: {e}")))?;
    let to_stdout = args.output == Path::new("-");
    if !to_stdout {
        write(&args.output, &model)?;
    }
    if let Some(path) = &args.report {
        write(path, &fit.to_markdown())?;
    }
    let mut out = console.out();
    if to_stdout {
        write!(out, "{model}")?;
    } else if args.json {
        serde_json::to_writer_pretty(&mut out, &fit).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        print(&fit, args, console, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

/// The corpus, with the labels that were taught in place of those it has.
fn labelled(args: &args::Fit, console: &Console) -> Result<Corpus, Failure> {
    let preferences = preferences::load(&args.preferences)?;
    let mut messages = corpus::load(&args.corpus, console)?;
    if let Some(preferences) = preferences {
        let found = messages.relabel_by(&preferences);
        let taught = preferences.taught().len();
        console.note(&format!(
            "{} of {taught} taught are in the corpus and give its label",
            count(found, "message")
        ));
    }
    Ok(messages)
}

fn wording_options(args: &args::Fit) -> WordingOptions {
    let mut options = WordingOptions::default();
    options.folds = usize::from(args.folds);
    options.seed = args.measuring.seed.unwrap_or(options.seed);
    options
}

/// `huckster fit --wording`.
fn wording(args: &args::Fit, console: &Console) -> Result<Outcome, Failure> {
    let scorer = setup::scorer(&args.rules, args.policy)?;
    let messages = labelled(args, console)?;
    let mut options = wording_options(args);
    options.minimum_clusters = args.minimum_clusters.unwrap_or(options.minimum_clusters);
    let curve: &[u32] = if args.learning_curve {
        &[62, 125, 250, 500, 750, 1000]
    } else {
        &[]
    };
    let mut fit = {
        let progress = Progress::new("training", options.pulls.len() + curve.len() + 1);
        messages.fit_wording_with(&scorer, &options, curve, &|done, _| progress.at(done))?
    };
    if let Some(id) = &args.id {
        fit.model.set_id(id);
    }
    if let Some(date) = &args.date {
        fit.model.set_date(date);
    }
    let model = fit.model.to_toml();
    if let Some(path) = &args.picture {
        write(path, &fit.picture())?;
    }
    let mut out = console.out();
    if args.output == Path::new("-") {
        write!(out, "{model}")?;
    } else {
        write(&args.output, &model)?;
        if args.json {
            serde_json::to_writer_pretty(&mut out, &fit).map_err(std::io::Error::from)?;
            writeln!(out)?;
        } else {
            print_wording(&fit, args, model.len(), console, &mut out)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

fn print_wording(
    fit: &WordingFit,
    args: &args::Fit,
    size: usize,
    console: &Console,
    out: &mut Out,
) -> Result<(), Failure> {
    let paint = console.paint();
    let auc = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"));
    writeln!(out, "{}", paint.on(DIM, "by models that had not seen the message"))?;
    writeln!(out, "{}  {}", pad("ROC-AUC pitch/genuine", 24), auc(fit.roc_auc))?;
    writeln!(
        out,
        "{}  {}",
        pad("ROC-AUC unwanted/genuine", 24),
        auc(fit.unwanted_roc_auc)
    )?;
    for slice in &fit.slices {
        let line = format!(
            "  {}  {}  {} pitch, {} genuine",
            pad(&slice.name, 22),
            auc(slice.roc_auc),
            slice.pitch,
            slice.genuine
        );
        writeln!(out, "{line}")?;
    }
    for point in &fit.learning_curve {
        writeln!(
            out,
            "trained on {}  {}",
            pad(
                &count(usize::try_from(point.messages).unwrap_or(usize::MAX), "message"),
                16
            ),
            auc(point.roc_auc)
        )?;
    }
    let languages: Vec<&str> = fit.model.languages().iter().map(|l| l.code()).collect();
    writeln!(
        out,
        "\n{}, {} KiB, for {}; held back with a pull of {}",
        count(fit.model.len(), "sequence"),
        size.div_ceil(1024),
        languages.join(", "),
        fit.pull
    )?;
    writeln!(
        out,
        "{} {}; use it with `--rules {}`",
        paint.on(BOLD, "wrote"),
        args.output.display(),
        args.output.display()
    )?;
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|e| Failure::Message(format!("cannot write `{}`: {e}", path.display())))
}

fn print(fit: &Fit, args: &args::Fit, console: &Console, out: &mut Out) -> Result<(), Failure> {
    let paint = console.paint();
    let row = |name: &str, of: &dyn Fn(&CrossValidated) -> String| {
        format!("{}  {}  {}", pad(name, 24), pad(&of(&fit.before), 32), of(&fit.after))
    };
    writeln!(
        out,
        "{}",
        paint.on(
            DIM,
            format!(
                "{}  {}  fitted, on folds it had not seen",
                pad("", 24),
                pad("weights as they are", 32)
            )
        )
    )?;
    let estimate = |e: &huckster::eval::Estimate| match (e.value, e.low, e.high) {
        (Some(v), Some(low), Some(high)) => format!("{v:.3} ({low:.3} to {high:.3})"),
        _ => "-".to_owned(),
    };
    writeln!(out, "{}", row("genuine declined", &|c| c.false_decline.to_string()))?;
    writeln!(
        out,
        "{}",
        row("decline precision", &|c| c.decline_precision.to_string())
    )?;
    writeln!(out, "{}", row("decline recall", &|c| c.decline_recall.to_string()))?;
    writeln!(out, "{}", row("ROC-AUC pitch/genuine", &|c| estimate(&c.roc_auc)))?;
    writeln!(
        out,
        "{}",
        row("ROC-AUC unwanted/genuine", &|c| estimate(&c.unwanted_roc_auc))
    )?;
    writeln!(
        out,
        "{}",
        row("calibration error", &|c| {
            c.probability.as_ref().map_or_else(
                || "not calibrated".to_owned(),
                |p| format!("{:.3}", p.calibration_error),
            )
        })
    )?;
    let (mut fitted, mut frozen) = (0, 0);
    for w in &fit.weights {
        match w.state {
            FitState::Frozen | FitState::Kept => frozen += 1,
            FitState::Fitted | FitState::AtBound => fitted += 1,
        }
    }
    writeln!(
        out,
        "\n{} fitted with a pull of {}, {frozen} left alone. The largest changes:",
        count(fitted, "weight"),
        fit.pull
    )?;
    writeln!(
        out,
        "{}",
        paint.on(
            DIM,
            format!("{}   before    after   pitch generic genuine", pad("rule", 40))
        )
    )?;
    for w in fit.weights.iter().filter(|w| w.before != w.after).take(15) {
        writeln!(
            out,
            "{}  {}  {}  {} {} {}",
            pad(&w.id, 40),
            pad_left(&w.before.to_string(), 7),
            paint.on(weighed(w.after), pad_left(&w.after.to_string(), 7)),
            pad_left(&w.pitch.to_string(), 6),
            pad_left(&w.generic.to_string(), 7),
            pad_left(&w.genuine.to_string(), 7)
        )?;
    }
    if let Some(policy) = fit.policy_from_costs(args.measuring.costs, Coverage::TEXT) {
        writeln!(
            out,
            "\nBy these costs one would accept below {} and decline from {}.",
            policy.thresholds().0,
            policy.thresholds().1
        )?;
    }
    writeln!(
        out,
        "\n{} {}; use it with `--rules {}`",
        paint.on(BOLD, "wrote"),
        args.output.display(),
        args.output.display()
    )?;
    Ok(())
}
