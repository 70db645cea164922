//! How well copies of templates are found when their words are changed: recall and precision on generated messages
//! whose truth is known, as a table and as a picture.
//!
//! `cargo run --release --features campaign --example campaign_curve -- [OUT.svg [SIMILARITY [FILES]]]`: with files of
//! messages, one JSON object a line, it says instead how alike messages are that are no copies of each other.

#![allow(clippy::print_stdout)]

mod generator;

use std::collections::HashMap;
use std::fmt::Write as _;

use generator::{DIFFERENT, Made, Random, Template, Truth, copy, short_stream, short_templates, stream, templates};
use huckster::Timestamp;
use huckster::campaign::{CampaignIndex, EntryRef, Limits, Seed, Seen, Sketch, Sketcher};

/// Thousandths of the words that are changed.
const LEVELS: [usize; 7] = [0, 50, 100, 150, 200, 250, 300];

/// Sizes of the campaigns of one stream; one of each offer that the generator knows.
const SIZES: [usize; 7] = [5, 8, 12, 20, 35, 60, 100];

/// Streams at each level.
const RUNS: u64 = 5;

const GENUINE: usize = 8_000;
const STOCK: usize = 1_000;

#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    /// Pairs of one template; those found in one cluster.
    pairs: u64,
    found: u64,
    /// Pairs of one cluster; those of one template.
    together: u64,
    right: u64,
    genuine: u64,
    /// Genuine notes with any other message in their cluster, and with a copy of a template.
    genuine_joined: u64,
    genuine_in_campaign: u64,
    stock: u64,
    stock_joined: u64,
    /// Copies whose template was already seen at least once; those that were recognised at that moment.
    later: u64,
    recognised: u64,
    /// Pairs of two copies alone in the world, and how many are recognised.
    alone: u64,
    alone_found: u64,
}

impl Outcome {
    fn add(&mut self, o: Self) {
        self.pairs += o.pairs;
        self.found += o.found;
        self.together += o.together;
        self.right += o.right;
        self.genuine += o.genuine;
        self.genuine_joined += o.genuine_joined;
        self.genuine_in_campaign += o.genuine_in_campaign;
        self.stock += o.stock;
        self.stock_joined += o.stock_joined;
        self.later += o.later;
        self.recognised += o.recognised;
        self.alone += o.alone;
        self.alone_found += o.alone_found;
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn pairs(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}

/// Sends a stream through an index and compares the clusters with the truth.
fn measure(messages: &[Made], sketches: &[Option<Sketch>], seed: Seed, similarity: u32) -> Outcome {
    let index = CampaignIndex::new(seed, Limits::default().entries(messages.len()).similarity(similarity));
    let mut out = Outcome::default();
    let mut entries: Vec<Option<EntryRef>> = Vec::new();
    let mut before: HashMap<usize, u32> = HashMap::new();
    for (i, (message, sketch)) in messages.iter().zip(sketches).enumerate() {
        let seen = Seen::new(i as u64, Timestamp::from_seconds(i as i64)).sender(i as u64);
        let observation = sketch.as_ref().map(|s| index.observe(seen, s));
        if let Truth::Campaign(template) = message.truth {
            let earlier = before.entry(template).or_insert(0);
            if *earlier > 0 {
                out.later += 1;
                out.recognised += u64::from(observation.is_some_and(|o| o.facts.copies > Some(1)));
            }
            *earlier += 1;
        }
        entries.push(observation.map(|o| o.entry));
    }
    // Second look: the cluster of each message at the end.
    let mut clusters: HashMap<u64, HashMap<Option<usize>, u64>> = HashMap::new();
    let mut sizes: HashMap<usize, u64> = HashMap::new();
    for (message, entry) in messages.iter().zip(&entries) {
        let cluster = entry.and_then(|e| index.cluster(e)).map(|c| c.number);
        let template = match message.truth {
            Truth::Campaign(template) => {
                *sizes.entry(template).or_default() += 1;
                Some(template)
            }
            Truth::Genuine => {
                out.genuine += 1;
                out.genuine_joined += u64::from(cluster.is_some());
                None
            }
            Truth::Stock => {
                out.stock += 1;
                out.stock_joined += u64::from(cluster.is_some());
                None
            }
        };
        if let Some(cluster) = cluster {
            *clusters.entry(cluster).or_default().entry(template).or_default() += 1;
        }
    }
    out.pairs = sizes.values().map(|n| pairs(*n)).sum();
    for members in clusters.values() {
        if members.len() > 1 {
            out.genuine_in_campaign += members.get(&None).copied().unwrap_or(0);
        }
        out.together += pairs(members.values().sum());
        for (template, n) in members {
            // Messages that belong to no template make no right pairs.
            if template.is_some() {
                out.right += pairs(*n);
                out.found += pairs(*n);
            }
        }
    }
    out
}

/// Two copies, and nothing else to help.
fn alone(made: fn(&mut Random) -> Vec<Template>, changed: usize, sketcher: &Sketcher, similarity: u32) -> Outcome {
    let mut random = Random(changed as u64 + 77);
    let mut out = Outcome::default();
    for _ in 0..20 {
        for template in made(&mut random) {
            let index = CampaignIndex::new(sketcher.seed(), Limits::default().entries(64).similarity(similarity));
            let mut copies = None;
            for i in 0..2 {
                let text = copy(&template, changed, &mut random);
                if let Some(sketch) = sketcher.text(&text) {
                    let seen = Seen::new(i, Timestamp::from_seconds(0));
                    copies = index.observe(seen, &sketch).facts.copies;
                }
            }
            out.alone += 1;
            out.alone_found += u64::from(copies == Some(2));
        }
    }
    out
}

/// All pairs of messages of files, of which those of one `cluster` are left out: how alike are texts that are no copies?
fn files(paths: &[String], sketcher: &Sketcher) -> Result<(), Box<dyn std::error::Error>> {
    let mut all: Vec<(String, String, Sketch)> = Vec::new();
    let mut without = 0;
    for path in paths {
        for line in std::fs::read_to_string(path)?.lines().filter(|l| !l.trim().is_empty()) {
            let value: serde_json::Value = serde_json::from_str(line)?;
            let text = |v: &serde_json::Value| v.as_str().unwrap_or("").to_owned();
            let message = value.get("message").unwrap_or(&value);
            match sketcher.text(&text(&message["text"])) {
                Some(sketch) => all.push((text(&value["cluster"]), text(&message["text"]), sketch)),
                None => without += 1,
            }
        }
    }
    let mut similar: Vec<(u32, usize, usize)> = Vec::new();
    let mut pairs = 0u64;
    for (i, a) in all.iter().enumerate() {
        for (j, b) in all.iter().enumerate().skip(i + 1) {
            if a.0.is_empty() || a.0 != b.0 {
                pairs += 1;
                similar.push((a.2.similarity(&b.2), i, j));
            }
        }
    }
    similar.sort_unstable_by(|a, b| b.cmp(a));
    println!(
        "{} messages with a sketch, {without} without; {pairs} pairs that are no copies",
        all.len()
    );
    for level in [50, 100, 150, 200, 250, 300, 400] {
        println!(
            "  at least {level}: {}",
            similar.iter().filter(|s| s.0 >= level).count()
        );
    }
    for (similarity, i, j) in similar.iter().take(10) {
        println!("  {similarity}: {:?} / {:?}", all[*i].1, all[*j].1);
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let picture = args.next();
    let similarity = match args.next() {
        Some(thousandths) => thousandths.parse()?,
        None => Limits::default().similarity,
    };
    let seed = Seed::new(2026);
    let sketcher = Sketcher::new(seed);
    let paths: Vec<String> = args.collect();
    if !paths.is_empty() {
        return files(&paths, &sketcher);
    }
    println!("similarity from {similarity} on; campaigns of {SIZES:?} copies");
    let (curve, mut all) = levels("templates", |r| templates(DIFFERENT, r), long, &sketcher, similarity);
    let (_, short) = levels(
        "short templates",
        |_| short_templates(),
        short_stream,
        &sketcher,
        similarity,
    );
    all.add(short);
    println!(
        "genuine notes in a campaign: {}, joined to anything: {}, of {}; stock texts: {} of {}",
        all.genuine_in_campaign, all.genuine_joined, all.genuine, all.stock_joined, all.stock
    );
    if let Some(path) = picture {
        std::fs::write(&path, svg(&curve))?;
        println!("wrote {path}");
    }
    Ok(())
}

type Stream = fn(&[usize], usize, usize, usize, u64) -> Vec<Made>;

/// A stream of the templates that have an offer of their own.
fn long(sizes: &[usize], changed: usize, genuine_notes: usize, stock_texts: usize, seed: u64) -> Vec<Made> {
    let sizes: Vec<usize> = sizes.iter().cycle().take(DIFFERENT).copied().collect();
    stream(&sizes, changed, genuine_notes, stock_texts, seed)
}

/// One kind of templates at each level, and all levels together.
fn levels(
    name: &str,
    made: fn(&mut Random) -> Vec<Template>,
    stream: Stream,
    sketcher: &Sketcher,
    similarity: u32,
) -> (Vec<(usize, Outcome)>, Outcome) {
    println!("{name}");
    println!("changed  recall  at once  two alone  precision  genuine in a campaign / joined at all  stock joined");
    let mut curve = Vec::new();
    let mut all = Outcome::default();
    for changed in LEVELS {
        let mut sum = alone(made, changed, sketcher, similarity);
        for run in 0..RUNS {
            let messages = stream(&SIZES, changed, GENUINE, STOCK, run << 32 | changed as u64);
            let sketches: Vec<Option<Sketch>> = messages.iter().map(|m| sketcher.text(&m.text)).collect();
            sum.add(measure(&messages, &sketches, sketcher.seed(), similarity));
        }
        println!(
            "{:>5.1} %  {:.4}   {:.4}     {:.4}     {:.4}  {:>6} / {:>5} of {}  {:>4} of {}",
            changed as f64 / 10.0,
            share(sum.found, sum.pairs),
            share(sum.recognised, sum.later),
            share(sum.alone_found, sum.alone),
            share(sum.right, sum.together),
            sum.genuine_in_campaign,
            sum.genuine_joined,
            sum.genuine,
            sum.stock_joined,
            sum.stock,
        );
        all.add(sum);
        curve.push((changed, sum));
    }
    (curve, all)
}

/// The curve as a picture.
fn svg(curve: &[(usize, Outcome)]) -> String {
    const WIDTH: f64 = 640.0;
    const HEIGHT: f64 = 400.0;
    const LEFT: f64 = 60.0;
    const TOP: f64 = 40.0;
    let x = |changed: f64| LEFT + changed / 300.0 * (WIDTH - LEFT - 170.0);
    let y = |share: f64| TOP + (1.0 - share) * (HEIGHT - TOP - 60.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"22\" font-size=\"14\">Copies of a template found again, by share of words changed</text>\n"
    );
    for tenth in 0..=5 {
        let level = f64::from(tenth) / 5.0;
        let _ = writeln!(
            out,
            "<line x1=\"{}\" y1=\"{1}\" x2=\"{2}\" y2=\"{1}\" stroke=\"#ddd\"/><text x=\"{3}\" y=\"{4}\" \
             text-anchor=\"end\">{level:.1}</text>",
            x(0.0),
            y(level),
            x(300.0),
            LEFT - 8.0,
            y(level) + 4.0
        );
    }
    for percent in [0, 5, 10, 15, 20, 25, 30] {
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{percent} %</text>",
            x(f64::from(percent) * 10.0),
            HEIGHT - 40.0
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">words changed in every copy</text>",
        x(150.0),
        HEIGHT - 16.0
    );
    type Measure = fn(&Outcome) -> f64;
    let lines: [(&str, &str, Measure); 4] = [
        ("precision of pairs", "#2a7f3f", |o| share(o.right, o.together)),
        ("recall of pairs", "#1f4e9c", |o| share(o.found, o.pairs)),
        ("copies known at once", "#c46a12", |o| share(o.recognised, o.later)),
        ("two copies alone", "#8a8a8a", |o| share(o.alone_found, o.alone)),
    ];
    // The names stand beside the ends of their lines, but not upon each other.
    let mut ends: Vec<(f64, usize)> = Vec::new();
    for (i, (_, colour, of)) in lines.iter().enumerate() {
        let points: Vec<String> = curve
            .iter()
            .map(|(changed, o)| format!("{:.1},{:.1}", x(*changed as f64), y(of(o))))
            .collect();
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        );
        if let Some((_, last)) = curve.last() {
            ends.push((y(of(last)), i));
        }
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lowest = f64::MIN;
    for (end, i) in ends {
        let at = end.max(lowest + 16.0);
        lowest = at;
        let (name, colour, _) = lines[i];
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" fill=\"{colour}\">{name}</text>",
            x(300.0) + 8.0,
            at + 4.0
        );
    }
    out.push_str("</svg>\n");
    out
}
