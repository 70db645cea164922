//! How the time grows: with the text, its letters, the rules, the facts, and hostile texts; start-up and threads of the tool.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use huckster::{Message, Position, Profile, Relationship, RuleSet, Scorer};

use crate::messages::{self, ACCENTED, CJK, CYRILLIC, EMOJI, MIDDLES, Random, hostile, notes};
use crate::report::{Ratio, digits, goal, median, seconds};

/// The longest texts.
const MEGABYTE: usize = 1_000_000;

/// Time a byte, or a note, of some messages under some scorer.
struct Case<'a> {
    name: String,
    scorer: &'a Scorer,
    messages: Vec<Message<'a>>,
    /// What a time is divided by.
    units: f64,
}

impl<'a> Case<'a> {
    fn bytes(name: &str, scorer: &'a Scorer, texts: &'a [String]) -> Self {
        Self {
            name: name.to_owned(),
            scorer,
            messages: texts.iter().map(|t| Message::direct(t.as_str())).collect(),
            units: texts.iter().map(String::len).sum::<usize>() as f64,
        }
    }
}

/// Each case as a multiple of the first.
fn ratios(cases: &[Case<'_>], rounds: usize) -> Vec<Ratio> {
    let mut times = vec![Vec::new(); cases.len()];
    for round in 0..=rounds {
        for (case, times) in cases.iter().zip(&mut times) {
            let time = seconds(|| messages::decisions(case.scorer, &case.messages)[0] as u64);
            if round > 0 {
                times.push(time / case.units);
            }
        }
    }
    let first = times[0].clone();
    times
        .iter()
        .map(|own| Ratio::of(&own.iter().zip(&first).map(|(a, b)| a / b).collect::<Vec<_>>()))
        .collect()
}

/// A table of the cases; returns their ratios.
fn table(out: &mut String, title: &str, of: &str, cases: &[Case<'_>], rounds: usize) -> Vec<f64> {
    let _ = writeln!(out, "| {title} | times {of} |\n| --- | ---: |");
    let all = ratios(cases, rounds);
    for (case, ratio) in cases.iter().zip(&all) {
        let _ = writeln!(out, "| {} | {} |", case.name, ratio.text());
    }
    out.push('\n');
    all.iter().map(|ratio| ratio.median).collect()
}

fn greatest(ratios: &[f64]) -> f64 {
    ratios.iter().copied().fold(0.0, f64::max)
}

pub fn write(
    out: &mut String,
    scorer: &Scorer,
    rounds: usize,
    build: f64,
    tool: Option<&Path>,
) -> Result<(), Box<dyn std::error::Error>> {
    let _ = writeln!(
        out,
        "## How it grows\n\nTime for a byte where texts differ in length, for a note elsewhere. Long texts are read whole: the limit of 8 KiB is lifted \
         with `Scorer::with_max_field_bytes`.\n"
    );
    let whole = scorer.with_max_field_bytes(2 * MEGABYTE);
    let sized: Vec<(usize, Vec<String>)> = [
        (2000, 300),
        (30, 4000),
        (250, 2000),
        (8000, 100),
        (100_000, 10),
        (MEGABYTE, 5),
    ]
    .into_iter()
    .map(|(bytes, n)| (bytes, notes(n, bytes, MIDDLES, &[])))
    .collect();
    let cases: Vec<Case<'_>> = sized
        .iter()
        .map(|(bytes, texts)| Case::bytes(&format!("{bytes} bytes"), &whole, texts))
        .collect();
    let all = table(out, "length", "2,000 bytes, for a byte", &cases, rounds);
    for (name, ratio) in [("1,000,000", all[5]), ("100,000", all[4])] {
        let _ = writeln!(
            out,
            "- {name} bytes against 2,000: {} times as much for a byte ({})",
            digits(ratio),
            goal("at most 1.3", ratio <= 1.3)
        );
    }
    out.push('\n');

    let letters: Vec<(&str, Vec<String>)> = [
        ("ASCII", MIDDLES, &[][..]),
        ("accents and curly quotes", MIDDLES, ACCENTED),
        ("emoji", MIDDLES, EMOJI),
        ("Cyrillic", CYRILLIC, &[]),
        ("Chinese and Japanese", CJK, &[]),
    ]
    .into_iter()
    .map(|(name, middles, extras)| (name, notes(2000, 250, middles, extras)))
    .collect();
    let cases: Vec<Case<'_>> = letters.iter().map(|(n, texts)| Case::bytes(n, scorer, texts)).collect();
    let all = table(out, "letters", "ASCII, for a byte", &cases, rounds);
    let _ = writeln!(
        out,
        "- any script against ASCII ({})\n",
        goal("at most 4", greatest(&all) <= 4.0)
    );

    let odd: Vec<(&str, &[&str])> = vec![
        (
            "words that begin many phrases",
            &["we help", "your", "you to", "our team", "would you", "we", "of your"][..],
        ),
        ("one word", &["you"]),
        (
            "template variables",
            &["{{first_name}}", "[Company]", "{Hi|Hey}", "%NAME%"],
        ),
        ("emoji only", &["🚀", "👨‍👩‍👧", "🙂🙏"]),
        ("links", &["https://example.org/a?b=c", "calendly.com/x", "bit.ly/2"]),
        (
            "figures",
            &["15 minutes", "$5k", "30 %", "half an hour", "10x", "+49 30 1234567"],
        ),
        ("letters apart and leetspeak", &["f r e e", "l3ads", "$ales", "a"]),
    ];
    let short: Vec<(&str, Vec<String>)> = odd.iter().map(|(n, p)| (*n, hostile(1000, 250, p))).collect();
    let ordinary = notes(1000, 250, MIDDLES, &[]);
    let mut cases = vec![Case::bytes("ordinary notes", scorer, &ordinary)];
    cases.extend(short.iter().map(|(n, texts)| Case::bytes(n, scorer, texts)));
    let all = table(
        out,
        "texts nobody means well with",
        "ordinary, for a byte",
        &cases,
        rounds,
    );
    let _ = writeln!(out, "- the worst ({})\n", goal("at most 5", greatest(&all) <= 5.0));

    // Each against itself, so that steps that grow with the square would show.
    let (mut long, mut most): (Vec<(&str, Ratio)>, f64) = (Vec::new(), 0.0);
    for (name, pieces) in &odd {
        let (page, megabyte) = (hostile(50, 2000, pieces), hostile(1, MEGABYTE, pieces));
        let cases = [Case::bytes(name, &whole, &page), Case::bytes(name, &whole, &megabyte)];
        let ratio = ratios(&cases, rounds)[1];
        most = most.max(ratio.median);
        long.push((name, ratio));
    }
    out.push_str("| the same as one text of 1,000,000 bytes | times 2,000 bytes of it, for a byte |\n| --- | ---: |\n");
    for (name, ratio) in &long {
        let _ = writeln!(out, "| {name} | {} |", ratio.text());
    }
    let _ = writeln!(out, "\n- the one that grows most: {} times\n", digits(most));

    let texts = notes(2000, 250, MIDDLES, ACCENTED);
    let me = scorer.prepare_recipient(
        Profile::new()
            .name("Ana Ruiz")
            .headline("Head of Operations")
            .position(Position::current("Head", "Calder Rail")),
    );
    let bare = Case {
        units: 2000.0,
        ..Case::bytes("text only", scorer, &texts)
    };
    let full = Case {
        name: "with sender, recipient and relationship".to_owned(),
        scorer,
        messages: texts
            .iter()
            .enumerate()
            .map(|(i, text)| {
                let headline = [
                    "Business coach | Speaker",
                    "Nurse at St Clare",
                    "Lead generation expert",
                    "Data engineer",
                ][i % 4];
                Message::direct(text.as_str())
                    .sender(
                        Profile::new()
                            .name("Jo Field")
                            .headline(headline)
                            .connections(i as u32 % 900),
                    )
                    .relationship(Relationship::new().mutual_connections(i as u32 % 40))
                    .recipient(&me)
            })
            .collect(),
        units: 2000.0,
    };
    let all = table(out, "facts", "text only", &[bare, full], rounds);
    let _ = writeln!(out, "- full facts ({})\n", goal("at most 1.4", greatest(&all) <= 1.4));

    let without = Scorer::builder().rules(RuleSet::builtin()).without("wording").build()?;
    let cases = [
        Case {
            units: 1.0,
            ..Case::bytes("without the learned detector", &without, &texts)
        },
        Case {
            units: 1.0,
            ..Case::bytes("with it", scorer, &texts)
        },
    ];
    let all = table(out, "`wording`", "without it", &cases, rounds);
    let _ = writeln!(out, "- with it ({})\n", goal("at most 1.4", greatest(&all) <= 1.4));

    let sets: Vec<(usize, Scorer)> = [1000, 100, 10_000, 100_000]
        .into_iter()
        .filter_map(|n| Some((n, rules(n)?)))
        .collect();
    let cases: Vec<Case<'_>> = sets
        .iter()
        .map(|(n, scorer)| Case {
            units: 1.0,
            ..Case::bytes(&format!("{n} phrases"), scorer, &ordinary)
        })
        .collect();
    let all = table(
        out,
        "phrases of three words of the notes",
        "1,000 phrases",
        &cases,
        rounds,
    );
    let _ = writeln!(
        out,
        "- 100,000 against 1,000: {} ({})\n",
        digits(all[3]),
        goal("at most 2.5", all[3] <= 2.5)
    );

    let (patterns, memory) = scorer.automaton();
    let _ = writeln!(
        out,
        "## Start-up and memory\n\n- the built-in scorer is there after {:.1} ms ({})\n- {patterns} patterns in {:.1} MB ({})",
        build * 1000.0,
        goal("under 10", build < 0.010),
        memory as f64 / 1e6,
        goal("under 8", memory < 8_000_000)
    );
    match tool {
        Some(tool) => tool_figures(out, tool, rounds)?,
        None => out.push_str("- the tool was not measured: give it with `--tool`\n"),
    }
    out.push('\n');
    Ok(())
}

/// Start-up of the tool, and `judge --jsonl` on one and two threads.
fn tool_figures(out: &mut String, tool: &Path, rounds: usize) -> Result<(), Box<dyn std::error::Error>> {
    let run = |args: &[&std::ffi::OsStr]| {
        seconds(|| {
            let status = Command::new(tool).args(args).stdout(Stdio::null()).status();
            // A tool that fails at once would look fast.
            assert!(status.is_ok_and(|s| s.success()), "the tool failed: {args:?}");
            1
        })
    };
    let mut starts: Vec<f64> = (0..20)
        .map(|_| run(&["judge".as_ref(), "Worth a quick call?".as_ref()]))
        .collect();
    let start = median(&mut starts);
    let _ = writeln!(
        out,
        "- `judge TEXT` takes {:.1} ms as a process ({})",
        start * 1000.0,
        goal("under 25", start < 0.025)
    );
    let file = std::env::temp_dir().join(format!("huckster-peers-{}.jsonl", std::process::id()));
    let lines: String = notes(60_000, 250, MIDDLES, ACCENTED)
        .iter()
        .map(|text| format!("{}\n", serde_json::json!({ "text": text })))
        .collect();
    std::fs::write(&file, &lines)?;
    let jsonl = |threads: &str| {
        let args = [
            "judge".as_ref(),
            "--threads".as_ref(),
            threads.as_ref(),
            "--jsonl".as_ref(),
            file.as_os_str(),
        ];
        run(&args) - start
    };
    let pairs: Vec<(f64, f64)> = (0..rounds).map(|_| (jsonl("1"), jsonl("2"))).collect();
    let apart = apart(&lines)?;
    std::fs::remove_file(&file)?;
    let gain = Ratio::of(&pairs.iter().map(|(one, two)| one / two).collect::<Vec<_>>());
    let one = median(&mut pairs.iter().map(|p| p.0).collect::<Vec<_>>());
    let _ = writeln!(
        out,
        "- `judge --jsonl`, one thread: {:.0} messages a second, {} times parsing, judging and writing measured apart ({}; goal of a million a second: {})",
        60_000.0 / one,
        digits(one / apart),
        goal("at most 1.3", one / apart <= 1.3),
        if 60_000.0 / one >= 1e6 { "met" } else { "**missed**" }
    );
    let _ = writeln!(
        out,
        "- two threads: {} times as fast ({})",
        gain.text(),
        goal("at least 1.8", gain.median >= 1.8)
    );
    Ok(())
}

/// Parsing, judging and writing, each on its own, in memory.
fn apart(lines: &str) -> Result<f64, Box<dyn std::error::Error>> {
    let scorer = Scorer::builtin();
    let mut parsed = Vec::new();
    let mut total = 0.0;
    let mut error = None;
    total += seconds(|| {
        for line in lines.lines() {
            match Message::from_json(line) {
                Ok(message) => parsed.push(message),
                Err(e) => error = Some(e),
            }
        }
        parsed.len() as u64
    });
    if let Some(error) = error {
        return Err(error.into());
    }
    let mut scratch = scorer.scratch();
    let mut line = Vec::with_capacity(1 << 16);
    total += seconds(|| {
        let mut bytes = 0;
        for message in &parsed {
            line.clear();
            if serde_json::to_writer(&mut line, &scorer.judge_with(&mut scratch, message)).is_ok() {
                bytes += line.len() as u64;
            }
        }
        bytes
    });
    Ok(total)
}

/// A rule of `n` phrases of three words of the notes, so that many of them begin in every note.
fn rules(n: usize) -> Option<Scorer> {
    let words: Vec<&str> = MIDDLES
        .iter()
        .flat_map(|m| m.split([' ', ',']))
        .filter(|w| !w.is_empty())
        .collect();
    let mut random = Random(3);
    let mut text = String::from(
        "[[group]]\nid = \"ask\"\nknee = 1\n[[rule]]\nid = \"acme.many\"\ngroup = \"ask\"\nweight = 1\nsummary = \"x\"\nphrases = [\n",
    );
    let mut phrases = std::collections::BTreeSet::new();
    while phrases.len() < n {
        let mut word = || words[random.below(words.len())];
        phrases.insert([word(), word(), word()].join(" "));
    }
    for phrase in phrases {
        let _ = writeln!(text, "  \"{phrase}\",");
    }
    text.push_str("]\n");
    let (set, _) = RuleSet::parse_lenient("many.toml", &text);
    Scorer::builder().rules(set).build().ok()
}
