//! Rounds, ratios with intervals, and the tables.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use huckster::Scorer;

use crate::messages::Random;
use crate::{contenders, messages, scaling, stages};

const BEGIN: &str = "<!-- written by benches/peers: from here -->";
const END: &str = "<!-- to here -->";

/// Notes that the slowest contender gets in a round.
const FEW: usize = 20;

/// A ratio with the interval that holds 95 % of resampled medians.
#[derive(Clone, Copy)]
pub struct Ratio {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

impl Ratio {
    /// Of one ratio a round.
    pub fn of(ratios: &[f64]) -> Self {
        let mut random = Random(1);
        let mut medians: Vec<f64> = (0..2000)
            .map(|_| {
                median(
                    &mut (0..ratios.len())
                        .map(|_| ratios[random.below(ratios.len())])
                        .collect::<Vec<_>>(),
                )
            })
            .collect();
        medians.sort_by(f64::total_cmp);
        Self {
            median: median(&mut ratios.to_vec()),
            low: medians[medians.len() / 40],
            high: medians[medians.len() - 1 - medians.len() / 40],
        }
    }

    pub fn text(self) -> String {
        format!(
            "{} ({} to {})",
            digits(self.median),
            digits(self.low),
            digits(self.high)
        )
    }
}

/// Three figures are as many as a shared machine gives.
pub fn digits(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Seconds that some work takes.
pub fn seconds(work: impl FnOnce() -> u64) -> f64 {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64()
}

/// A goal, and whether it is met.
pub fn goal(what: &str, met: bool) -> String {
    format!("{what}: {}", if met { "met" } else { "**missed**" })
}

/// The option with which this program says in how many seconds the built-in scorer is there.
pub const BUILD: &str = "--build";

/// What a process is asked for with [`BUILD`].
pub fn print_build() {
    println!("{}", seconds(|| Scorer::builtin().rules().count() as u64));
}

/// Seconds until the built-in scorer is there: the median of processes, as it is built once in each.
fn build() -> Result<f64, Box<dyn std::error::Error>> {
    let own = std::env::current_exe()?;
    let mut times = Vec::new();
    for _ in 0..21 {
        let output = std::process::Command::new(&own).arg(BUILD).output()?;
        times.push(String::from_utf8(output.stdout)?.trim().parse()?);
    }
    Ok(median(&mut times))
}

pub fn run(rounds: usize, target: Option<&Path>, tool: Option<&Path>) -> Result<(), Box<dyn std::error::Error>> {
    let build = build()?;
    let scorer = Scorer::builtin();
    let texts = messages::varied();
    messages::check(&scorer, &texts)?;
    let mut out = String::new();
    machine(&mut out);
    let picture = peers(&mut out, &scorer, &texts, rounds)?;
    scaling::write(&mut out, &scorer, rounds, build, tool)?;
    stages::write(&mut out, &scorer, &texts);
    let Some(target) = target else {
        println!("{out}");
        return Ok(());
    };
    let page = std::fs::read_to_string(target)?;
    let (Some(from), Some(to)) = (page.find(BEGIN), page.find(END)) else {
        return Err(format!("{}: the marks {BEGIN} and {END} are not there", target.display()).into());
    };
    std::fs::write(target, format!("{}{BEGIN}\n\n{out}{}", &page[..from], &page[to..]))?;
    let folder = target.parent().unwrap_or(Path::new("."));
    std::fs::write(folder.join("benches/peers/ratios.svg"), picture)?;
    Ok(())
}

fn machine(out: &mut String) {
    let told = |file: &str, key: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|l| l.starts_with(key)).unwrap_or_default();
        line.split_once(':')
            .map(|(_, v)| v.trim().to_owned())
            .unwrap_or_default()
    };
    let rustc = std::process::Command::new("rustc").arg("--version").output();
    let rustc = rustc
        .map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
        .unwrap_or_default();
    let memory: u64 = told("/proc/meminfo", "MemTotal")
        .split(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let _ = writeln!(
        out,
        "Machine: {}, {cores} cores, {:.0} GiB, {} {}, {rustc}.\n",
        told("/proc/cpuinfo", "model name"),
        memory as f64 / 1_048_576.0,
        std::env::consts::OS,
        std::env::consts::ARCH
    );
}

fn peers(
    out: &mut String,
    scorer: &Scorer,
    texts: &[String],
    rounds: usize,
) -> Result<String, Box<dyn std::error::Error>> {
    let (mut all, missing) = contenders::all(scorer);
    // How many notes each gets in a round: as many as it can read in a fifth of a second, also the slow ones.
    let sizes: Vec<usize> = all
        .iter_mut()
        .map(|contender| {
            let time = seconds(|| contender.run(&texts[..FEW])) / FEW as f64;
            ((0.2 / time) as usize).clamp(FEW, texts.len())
        })
        .collect();
    let mut times = vec![Vec::new(); all.len()];
    for round in 0..=rounds {
        for ((contender, times), size) in all.iter_mut().zip(&mut times).zip(&sizes) {
            let time = seconds(|| contender.run(&texts[..*size])) / *size as f64;
            // The first is for warming up.
            if round > 0 {
                times.push(time);
            }
        }
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let _ = writeln!(
        out,
        "## Beside other ways\n\n{} different notes of {} bytes on average, half of them with letters beyond ASCII; {} literal patterns (huckster \
         itself looks for {} with classes); {rounds} rounds. The time of each as a multiple of huckster's time for a decision, \
         with the 95 % interval of the median over rounds.\n",
        texts.len(),
        bytes / texts.len(),
        contenders::patterns(scorer).len(),
        scorer.patterns().len()
    );
    let _ = writeln!(
        out,
        "| | times huckster | µs a note | what it does |\n| --- | ---: | ---: | --- |"
    );
    let mut bars = Vec::new();
    let own = times[0].clone();
    for (contender, times) in all.iter().zip(&times) {
        let ratios: Vec<f64> = times.iter().zip(&own).map(|(t, own)| t / own).collect();
        let ratio = Ratio::of(&ratios);
        let micros = median(&mut times.clone()) * 1e6;
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            contender.name,
            ratio.text(),
            digits(micros),
            contender.does
        );
        bars.push((contender.name, ratio));
    }
    out.push('\n');
    let _ = writeln!(
        out,
        "Those that look between blanks miss phrases beside a comma or a full stop. A slow contender reads fewer of the notes, the same ones in every \
         round, which is kind to its caches.\n"
    );
    for line in &missing {
        let _ = writeln!(out, "Not run: {line}.\n");
    }
    let of = |name: &str| bars.iter().find(|b| b.0.starts_with(name)).map(|b| b.1.median);
    if let Some(reference) = of("aho-corasick, one DFA") {
        let found = 1.0 / reference;
        let _ = writeln!(
            out,
            "- {} times the DFA alone ({}; {})",
            digits(found),
            goal("at most 1.2", found <= 1.2),
            goal("goal of 0.7", found <= 0.7)
        );
    }
    if let Some(plain) = of("the plain way") {
        let _ = writeln!(
            out,
            "- the plain way takes {} times as long ({}; {})",
            digits(plain),
            goal("at least 8", plain >= 8.0),
            goal("goal of 12", plain >= 12.0)
        );
    }
    out.push('\n');
    Ok(chart(&bars))
}

/// Bars on a logarithmic scale.
fn chart(bars: &[(&str, Ratio)]) -> String {
    const WIDTH: f64 = 720.0;
    let (left, row) = (250.0, 30.0);
    let logs = |v: f64| v.max(1e-3).log10();
    let low = bars.iter().map(|b| logs(b.1.low)).fold(0.0, f64::min).floor();
    let high = bars.iter().map(|b| logs(b.1.high)).fold(1.0, f64::max).ceil();
    let x = |v: f64| left + (logs(v) - low) / (high - low) * (WIDTH - left - 70.0);
    let height = row * bars.len() as f64 + 50.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\" \
         aria-label=\"Time for a note as a multiple of huckster's, shorter is faster\"><rect width=\"{WIDTH}\" height=\"{height}\" rx=\"6\" fill=\"#fff\"/>\n"
    );
    for (i, (name, ratio)) in bars.iter().enumerate() {
        let y = 10.0 + row * i as f64;
        let colour = if name.starts_with("huckster") {
            "#c24e00"
        } else {
            "#767f88"
        };
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#222a33\">{name}</text><rect x=\"{left}\" y=\"{y}\" width=\"{:.1}\" height=\"20\" rx=\"2\" fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{}\" fill=\"#222a33\">{}</text>",
            left - 10.0,
            y + 15.0,
            (x(ratio.median) - left).max(1.0),
            x(ratio.median) + 6.0,
            y + 15.0,
            digits(ratio.median)
        );
    }
    let one = x(1.0);
    let bottom = height - 34.0;
    let _ = writeln!(
        svg,
        "<line x1=\"{one:.1}\" x2=\"{one:.1}\" y1=\"4\" y2=\"{bottom}\" stroke=\"#222a33\" stroke-dasharray=\"3 3\"/><text x=\"{}\" y=\"{}\" fill=\"#5b6672\">times huckster, logarithmic; shorter is faster</text></svg>",
        left,
        height - 12.0
    );
    svg
}
