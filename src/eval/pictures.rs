//! The pictures of the page, as SVG.
//!
//! Drawn with plotters, its SVG part only, which brings plotters-backend, plotters-svg and num-traits. It is old and quiet,
//! and tells where a point is drawn, so that bars and dots are written here with a `<title>` that the browser shows when
//! the mouse is over them. Also looked at: kuva is livelier and has many more kinds of plots, but lays out everything
//! itself, and its interface still changes from release to release; charming and plotly draw with JavaScript in the
//! browser, and this page is to be readable without.
//!
//! plotters writes colours as numbers. Each colour here is a key of its own, and the style sheet of the page turns keys
//! into the colours of light, dark and print.
//!
//! Pictures are 480 units wide, about as many pixels as they get, so that their letters stay readable on a phone.

use std::fmt::Write;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::prelude::{
    Cartesian2d, ChartBuilder, ChartContext, Color, DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, IntoFont,
    LineSeries, RGBColor, SVGBackend, TRANSPARENT,
};

use super::ablation::Ablation;
use super::evaluate::{Evaluation, ProbabilityMeasures, ScoreBin};
use super::report::hit_rate;
use super::table::{self, clip, count, escape, fixed, percent, percent_range, signed};
use super::wording::LearningPoint;
use crate::rule::Weight;

/// Words, axes and dots of the figures themselves.
pub(super) const INK: RGBColor = RGBColor(0x22, 0x2a, 0x33);
/// Words that explain.
pub(super) const SOFT: RGBColor = RGBColor(0x5b, 0x66, 0x72);
/// Lines of the grid.
pub(super) const GRID: RGBColor = RGBColor(0xd9, 0xde, 0xe3);
/// Pitches, and what speaks against a sender.
pub(super) const PITCH: RGBColor = RGBColor(0xc2, 0x4e, 0x00);
/// Generic messages, and what is neither.
pub(super) const GENERIC: RGBColor = RGBColor(0x76, 0x7f, 0x88);
/// Genuine messages, and what speaks for a sender.
pub(super) const GENUINE: RGBColor = RGBColor(0x00, 0x6f, 0xae);
/// Behind scores that are reviewed.
pub(super) const BAND: RGBColor = RGBColor(0xf0, 0xee, 0xe6);

const WIDTH: u32 = 480;
/// plotters divides sizes by 1.24 for SVG: this makes 12.
const LETTERS: (&str, f64) = ("sans-serif", 12.0 * 1.24);
/// Bars of a histogram; more are put together.
const BARS: usize = 48;

type Root<'b> = DrawingArea<SVGBackend<'b>, Shift>;
type Chart<'b> = ChartContext<'b, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;
type Problem = DrawingAreaErrorKind<std::io::Error>;

/// An axis that has marks where it is told.
struct Axis {
    range: (f64, f64),
    marks: Vec<f64>,
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let (low, high) = self.range;
        let share = (value - low) / (high - low);
        start + (share * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            Vec::new()
        } else {
            self.marks.clone()
        }
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.range.0..self.range.1
    }
}

/// One axis: from, to, where the marks are, and how they are written.
struct Scale<'s> {
    range: (f64, f64),
    marks: Vec<f64>,
    name: &'s str,
    write: &'s dyn Fn(f64) -> String,
}

/// A picture with its text alternative; `draw` returns what is to lie on top.
fn picture(height: u32, alternative: &str, draw: impl FnOnce(&Root<'_>) -> Result<String, Problem>) -> String {
    let mut drawn = String::new();
    let on_top = {
        let root = SVGBackend::with_string(&mut drawn, (WIDTH, height)).into_drawing_area();
        let on_top = draw(&root);
        on_top.and_then(|on_top| root.present().map(|()| on_top))
    };
    // Writing to a string does not fail; should it ever, the figures are in the tables too.
    let Ok(on_top) = on_top else { return String::new() };
    let inside = drawn.split_once('>').map_or("", |(_, rest)| rest);
    let inside = inside.rsplit_once("</svg>").map_or(inside, |(inside, _)| inside);
    // Said for every element, and the same for all.
    let inside = inside
        .replace(" opacity=\"1\"", "")
        .replace(" font-family=\"sans-serif\"", "")
        .replace("\n</text>", "</text>");
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">{inside}{on_top}</svg>\n",
        escape(alternative)
    )
}

/// The frame of a chart.
fn chart<'b>(root: &Root<'b>, left: u32, x: &Scale<'_>, y: &Scale<'_>) -> Result<Chart<'b>, Problem> {
    let axis = |scale: &Scale<'_>| Axis {
        range: scale.range,
        marks: scale.marks.clone(),
    };
    let mut chart = ChartBuilder::on(root)
        .margin(8)
        .margin_right(16)
        .x_label_area_size(44)
        .y_label_area_size(left)
        .build_cartesian_2d(axis(x), axis(y))?;
    let mut mesh = chart.configure_mesh();
    if y.marks.is_empty() {
        // Bars have their numbers beside them.
        mesh.disable_y_axis().disable_x_mesh();
    }
    mesh.bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(GRID)
        .label_style(LETTERS.into_font().color(&SOFT))
        .axis_desc_style(LETTERS.into_font().color(&INK))
        .x_label_formatter(&|v| (x.write)(*v))
        .y_label_formatter(&|v| (y.write)(*v))
        .x_desc(x.name)
        .y_desc(y.name)
        .draw()?;
    Ok(chart)
}

fn key(colour: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}

/// Words at a place; `anchor` is start, middle or end.
fn text(out: &mut String, (x, y): (i32, i32), anchor: &str, colour: RGBColor, words: &str) {
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{}\">{}</text>",
        key(colour),
        escape(words)
    );
}

/// A box, with words for the mouse.
fn bar(out: &mut String, (x0, y0): (i32, i32), (x1, y1): (i32, i32), colour: RGBColor, words: &str) {
    let _ = writeln!(
        out,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"><title>{}</title></rect>",
        x0.min(x1),
        y0.min(y1),
        x0.abs_diff(x1).max(1),
        y0.abs_diff(y1),
        key(colour),
        escape(words)
    );
}

/// A dot, with words for the mouse; of a class of the style sheet.
fn dot(out: &mut String, class: &str, (x, y): (i32, i32), radius: f64, colour: RGBColor, words: &str) {
    let _ = writeln!(
        out,
        "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius:.1}\" fill=\"{}\" class=\"{class}\"><title>{}</title></circle>",
        key(colour),
        escape(words)
    );
}

/// Places for about `wanted` marks: multiples of 1, 2 or 5 times a power of ten.
fn marks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let rough = (high - low) / wanted.max(1) as f64;
    if !rough.is_finite() || rough <= 0.0 {
        return vec![low];
    }
    // In whole multiples of the step, so that sums do not drift.
    let mut exponent = -9;
    let mut factor = 1.0;
    while exponent < 12 {
        if let Some(f) = [1.0, 2.0, 5.0].into_iter().find(|f| f * ten(exponent) >= rough) {
            factor = f;
            break;
        }
        exponent += 1;
    }
    let at = |n: f64| {
        if exponent < 0 {
            n * factor / ten(-exponent)
        } else {
            n * factor * ten(exponent)
        }
    };
    let step = at(1.0);
    let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (first..=last).take(100).map(|n| at(n as f64)).collect()
}

fn ten(exponent: i32) -> f64 {
    10f64.powi(exponent)
}

/// A mark of a score.
fn score_mark(v: f64) -> String {
    if v == 0.0 { "0".to_owned() } else { format!("{v:+}") }
}

/// A share in percent.
fn share_mark(v: f64) -> String {
    format!("{:.0}", v * 100.0)
}

/// Scores of pitches, generic and genuine messages, one above the other, with what is accepted and declined.
pub(super) fn histogram(e: &Evaluation) -> String {
    const LABELS: [(&str, RGBColor); 3] = [("pitch", PITCH), ("generic", GENERIC), ("genuine", GENUINE)];
    // How much of its strip the highest bar fills.
    const FILLED: f64 = 0.78;
    let bins = merged(&e.histogram);
    let (Some(first), Some(last)) = (bins.first(), bins.last()) else {
        return String::new();
    };
    let (low, high) = (first.from.as_f64(), last.to.as_f64());
    let totals: [u64; 3] = std::array::from_fn(|l| bins.iter().map(|b| b.counts[l]).sum());
    let share = |n: u64, l: usize| n as f64 / totals[l].max(1) as f64;
    let most = bins.iter().flat_map(|b| (0..3).map(move |l| share(b.counts[l], l)));
    let most = most.fold(0.0, f64::max);
    let most = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8]
        .into_iter()
        .find(|round| *round >= most)
        .unwrap_or(1.0);
    let (accept, decline) = (e.thresholds.0.as_f64(), e.thresholds.1.as_f64());
    let alternative = format!(
        "Histogram of scores from {low} to {high}, one strip for each label. Accepted below {}, declined from {}. The counts \
         by decision are in the table of decisions.",
        e.thresholds.0, e.thresholds.1
    );
    picture(360, &alternative, |root| {
        let base = |l: usize| (2 - l) as f64;
        let levels = (0..3).flat_map(|l| [base(l), base(l) + FILLED]).collect();
        let write = |v: f64| {
            if v.fract() == 0.0 {
                "0".to_owned()
            } else {
                percent(Some(most)).replace(".0 ", " ")
            }
        };
        let x = Scale {
            range: (low, high),
            marks: marks(low, high, 9),
            name: "score (log-odds)",
            write: &score_mark,
        };
        let y = Scale {
            range: (0.0, 3.2),
            marks: levels,
            name: "share of the label's messages",
            write: &write,
        };
        let chart = chart(root, 62, &x, &y)?;
        let at = |x: f64, y: f64| chart.backend_coord(&(x.clamp(low, high), y));
        let mut out = String::new();
        let (top, bottom) = (at(low, 3.2).1, at(low, 0.0).1);
        let (from, to) = (at(accept, 0.0).0, at(decline, 0.0).0);
        let _ = writeln!(
            out,
            "<rect x=\"{from}\" y=\"{top}\" width=\"{}\" height=\"{}\" fill=\"{}\" class=\"band\"/>",
            (to - from).max(0),
            bottom - top,
            key(BAND)
        );
        for (l, (label, colour)) in LABELS.into_iter().enumerate() {
            for bin in bins.iter().filter(|b| b.counts[l] > 0) {
                let (from, to) = (bin.from.as_f64(), bin.to.as_f64());
                let size = share(bin.counts[l], l) / most * FILLED;
                let words = format!(
                    "{} {label} ({}) with a score from {} to below {}",
                    count(bin.counts[l]),
                    percent(Some(share(bin.counts[l], l))),
                    bin.from,
                    bin.to
                );
                let (left, floor) = at(from, base(l));
                let (right, ceiling) = at(to, base(l) + size);
                bar(
                    &mut out,
                    (left, floor),
                    ((right - 1).max(left + 1), ceiling),
                    colour,
                    &words,
                );
            }
        }
        for at in [from, to] {
            let _ = writeln!(
                out,
                "<line x1=\"{at}\" x2=\"{at}\" y1=\"{top}\" y2=\"{bottom}\" stroke=\"{}\" class=\"threshold\"/>",
                key(INK)
            );
        }
        // A name is left out where there is no room for it.
        let (left, right) = (at(low, 0.0).0, at(high, 0.0).0);
        for (name, a, b) in [("accept", left, from), ("review", from, to), ("decline", to, right)] {
            if b - a > 6 * name.len() as i32 + 4 {
                text(&mut out, ((a + b) / 2, top + 12), "middle", SOFT, name);
            }
        }
        for (l, (label, colour)) in LABELS.into_iter().enumerate() {
            let place = at(high, base(l) + FILLED);
            let words = format!("{label}, {}", count(totals[l]));
            // Pitches score high, the others low: the words go where the bars are not.
            if l == 0 {
                text(&mut out, (left + 6, place.1 + 10), "start", colour, &words);
            } else {
                text(&mut out, (right - 6, place.1 + 10), "end", colour, &words);
            }
        }
        Ok(out)
    })
}

/// Neighbours put together until there are not too many.
fn merged(bins: &[ScoreBin]) -> Vec<ScoreBin> {
    let together = bins.len().div_ceil(BARS).max(1);
    let merge = |bins: &[ScoreBin]| {
        let (first, last) = (bins.first()?, bins.last()?);
        Some(ScoreBin {
            from: first.from,
            to: last.to,
            counts: std::array::from_fn(|l| bins.iter().map(|b| b.counts[l]).sum()),
        })
    };
    bins.chunks(together).filter_map(merge).collect()
}

fn percent_axis(name: &str) -> Scale<'_> {
    Scale {
        range: (0.0, 1.0),
        marks: vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
        name,
        write: &share_mark,
    }
}

/// Precision against recall at every threshold, and where the decisions are.
pub(super) fn precision_recall(e: &Evaluation) -> String {
    if e.precision_recall.is_empty() {
        return String::new();
    }
    let alternative = format!(
        "Precision-recall curve, pitch against genuine. Average precision {}.",
        fixed(e.average_precision.value, 3)
    );
    picture(360, &alternative, |root| {
        let x = percent_axis("recall: pitches found (%)");
        let y = percent_axis("precision: pitches among the found (%)");
        let mut chart = chart(root, 52, &x, &y)?;
        // Between two thresholds there is nothing, so steps and no slopes.
        let mut line: Vec<(f64, f64)> = Vec::with_capacity(2 * e.precision_recall.len());
        let mut recall = 0.0;
        for point in &e.precision_recall {
            line.extend([(recall, point.y), (point.x, point.y)]);
            recall = point.x;
        }
        let all = e.measured.pitch + e.measured.genuine;
        let chance = e.measured.pitch as f64 / all.max(1) as f64;
        chart.draw_series(LineSeries::new(line, PITCH.stroke_width(2)))?;
        let at = |x: f64, y: f64| chart.backend_coord(&(x, y));
        let mut out = String::new();
        let ((left, level), (right, _)) = (at(0.0, chance), at(1.0, chance));
        let _ = writeln!(
            out,
            "<line x1=\"{left}\" x2=\"{right}\" y1=\"{level}\" y2=\"{level}\" stroke=\"{}\" class=\"guess\"/>",
            key(SOFT)
        );
        let (anchor, below) = (right - 6, if chance > 0.9 { 16 } else { -6 });
        text(&mut out, (anchor, level + below), "end", SOFT, "guessing");
        let (pitch, genuine) = (e.decisions.pitch, e.decisions.genuine);
        let found = [
            ("declined", pitch.decline, genuine.decline),
            (
                "declined or reviewed",
                pitch.decline + pitch.review,
                genuine.decline + genuine.review,
            ),
        ];
        for (name, right, wrong) in found.into_iter().filter(|(_, right, wrong)| right + wrong > 0) {
            let (recall, precision) = (
                right as f64 / pitch.total().max(1) as f64,
                right as f64 / (right + wrong) as f64,
            );
            let place = at(recall, precision);
            let words = format!(
                "{name}: recall {}, precision {}",
                percent(Some(recall)),
                percent(Some(precision))
            );
            dot(&mut out, "dot", place, 5.0, INK, &words);
            let below = if name == "declined" { 18 } else { 34 };
            let anchor = if recall > 0.6 { "end" } else { "start" };
            text(&mut out, (place.0, place.1 + below), anchor, INK, name);
        }
        Ok(out)
    })
}

/// What models trained on parts of the messages are worth on messages they have not seen. A picture on its own: no style
/// sheet knows its colours, so it brings a ground to stand on.
pub(super) fn learning_curve(points: &[LearningPoint]) -> String {
    let known: Vec<(f64, f64)> = points
        .iter()
        .filter_map(|p| Some((p.messages as f64, p.roc_auc?)))
        .filter(|(messages, _)| *messages > 0.0)
        .collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return String::new();
    };
    let alternative = format!(
        "Learning curve: ROC-AUC on messages not seen, {} with {} messages, {} with {}.",
        fixed(Some(first.1), 3),
        first.0,
        fixed(Some(last.1), 3),
        last.0
    );
    let drawn = picture(300, &alternative, |root| {
        // Each step doubles the messages, so the axis does too.
        let doublings = |messages: f64| messages.log2();
        let low = known.iter().map(|p| p.1).fold(1.0, f64::min);
        let bottom = (low * 20.0).floor() / 20.0;
        let x = Scale {
            range: (doublings(first.0) - 0.2, doublings(last.0) + 0.2),
            marks: known.iter().map(|p| doublings(p.0)).collect(),
            name: "messages trained on",
            write: &|v| format!("{:.0}", v.exp2()),
        };
        let y = Scale {
            range: (bottom, 1.0),
            marks: marks(bottom, 1.0, 5),
            name: "ROC-AUC, messages not seen",
            write: &|v| fixed(Some(v), 2),
        };
        let mut chart = chart(root, 56, &x, &y)?;
        let line = known.iter().map(|p| (doublings(p.0), p.1));
        chart.draw_series(LineSeries::new(line, PITCH.stroke_width(2)))?;
        let mut out = String::new();
        for (messages, roc_auc) in &known {
            let place = chart.backend_coord(&(doublings(*messages), *roc_auc));
            let words = format!("{messages} messages: {}", fixed(Some(*roc_auc), 3));
            dot(&mut out, "dot", place, 4.0, PITCH, &words);
            let above = (place.0, place.1 - 9);
            text(&mut out, above, "middle", INK, &fixed(Some(*roc_auc), 3));
        }
        Ok(out)
    });
    let own = "<svg xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" font-size=\"12\"";
    let ground = format!("><rect width=\"{WIDTH}\" height=\"300\" rx=\"6\" fill=\"#FFFFFF\"/>");
    drawn.replacen("<svg", own, 1).replacen('>', &ground, 1)
}

/// What was said, and how often it came true.
pub(super) fn reliability(probability: &ProbabilityMeasures) -> String {
    if probability.bins.is_empty() {
        return String::new();
    }
    let alternative = format!(
        "Reliability diagram: for {} bins of messages, how often a pitch was said and how often it was one. The figures are in \
         the table below.",
        probability.bins.len()
    );
    picture(360, &alternative, |root| {
        let x = percent_axis("probability that it is a pitch, as said (%)");
        let y = percent_axis("pitches, as seen (%)");
        let mut chart = chart(root, 52, &x, &y)?;
        chart.draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], SOFT))?;
        let at = |x: f64, y: f64| chart.backend_coord(&(x.clamp(0.0, 1.0), y.clamp(0.0, 1.0)));
        let mut out = String::new();
        for bin in &probability.bins {
            let (Some(seen), Some((low, high))) = (bin.observed.value(), bin.observed.wilson()) else {
                continue;
            };
            let (place, from, to) = (
                at(bin.mean_probability, seen),
                at(bin.mean_probability, low),
                at(bin.mean_probability, high),
            );
            let _ = writeln!(
                out,
                "<line x1=\"{0}\" x2=\"{0}\" y1=\"{1}\" y2=\"{2}\" stroke=\"{3}\" class=\"interval\"/>",
                place.0,
                from.1,
                to.1,
                key(PITCH)
            );
            let words = format!(
                "said {}, seen {} ({} of {}, {})",
                percent(Some(bin.mean_probability)),
                percent(Some(seen)),
                count(bin.observed.hits),
                count(bin.observed.of),
                percent_range(bin.observed)
            );
            dot(&mut out, "dot", place, 4.5, PITCH, &words);
        }
        Ok(out)
    })
}

/// Every rule by how often it fires and what its hits say; at most `limit` of them, the most frequent.
pub(super) fn rules(e: &Evaluation, limit: usize) -> String {
    let mut shown: Vec<(u64, f64, f64, &super::rules::RuleMeasure)> = e
        .rules
        .iter()
        .filter_map(|rule| {
            let rate = hit_rate(rule);
            let share = rate.value().filter(|v| *v > 0.0)?;
            Some((rate.hits, share, rule.spam_overall_ratio?, rule))
        })
        .collect();
    // The large ones first, so that they do not hide the small ones.
    shown.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.3.rule.cmp(&b.3.rule)));
    shown.truncate(limit);
    let (Some(most), Some(least)) = (shown.first(), shown.last()) else {
        return String::new();
    };
    let alternative = format!(
        "Each of {} rules by hit rate and S/O, the share of pitches among its hits. The figures are in the table of rules.",
        shown.len()
    );
    // Six places, so that the last bits of a logarithm cannot move a dot.
    let log = |share: f64| (share.log10() * 1e6).round() / 1e6;
    let lowest = (log(least.1) - 0.05).floor().max(-9.0);
    let highest = if log(most.1) < -0.6 { log(most.1) + 0.25 } else { 0.1 };
    picture(360, &alternative, |root| {
        let decades = (0..10).map(|n| -f64::from(n));
        let thirds = decades.flat_map(|d| [d, d - 0.522_879]);
        let marks: Vec<f64> = thirds.filter(|v| (lowest..=highest).contains(v)).collect();
        let write = |v: f64| {
            let percent = ten(v.floor() as i32 + 2) * if v.fract() == 0.0 { 1.0 } else { 3.0 };
            let places = (-(v.floor() as i32) - 2).clamp(0, 9) as usize;
            format!("{percent:.places$}")
        };
        let x = Scale {
            range: (lowest - 0.1, highest),
            marks,
            name: "hit rate: share of messages in which it fires (%, logarithmic)",
            write: &write,
        };
        let y = Scale {
            range: (-0.06, 1.06),
            marks: vec![0.0, 0.25, 0.5, 0.75, 1.0],
            name: "S/O: share of pitches among the hits",
            write: &|v| v.to_string(),
        };
        let chart = chart(root, 52, &x, &y)?;
        let mut out = String::new();
        for (hits, share, ratio, rule) in &shown {
            let colour = match rule.weight {
                _ if rule.preview => GENERIC,
                w if w > Weight::ZERO => PITCH,
                w if w < Weight::ZERO => GENUINE,
                _ => GENERIC,
            };
            let place = chart.backend_coord(&(log(*share), *ratio));
            let radius = 2.5 + 9.5 * (*hits as f64 / most.0.max(1) as f64).sqrt();
            let words = format!(
                "{}, weight {}: {} hits ({}), S/O {}",
                clip(&rule.rule),
                rule.weight,
                count(*hits),
                percent(Some(*share)),
                fixed(Some(*ratio), 3)
            );
            dot(&mut out, "dot rule", place, radius, colour, &words);
        }
        Ok(out)
    })
}

/// How ROC-AUC changes without each. What is worth having loses, so the axis falls to the right.
pub(super) fn ablation(what: &str, left_out: &[&Ablation]) -> String {
    const ROW: u32 = 32;
    let changes: Vec<(f64, &Ablation)> = left_out.iter().map(|a| (a.roc_auc_change.unwrap_or(0.0), *a)).collect();
    if changes.is_empty() {
        return String::new();
    }
    // Room at the ends, and an axis also where nothing changes.
    let low = changes.iter().map(|(c, _)| *c).fold(-5e-5, f64::min) * 1.05;
    let high = changes.iter().map(|(c, _)| *c).fold(0.0, f64::max) * 1.05;
    let alternative = format!("Bars: change of ROC-AUC without each of {what}. The figures are in the table.");
    let rows = changes.len() as u32;
    picture(rows * ROW + 60, &alternative, |root| {
        let write = |v: f64| match format!("{v:+.5}").trim_end_matches('0').trim_end_matches('.') {
            "+0" | "-0" => "0".to_owned(),
            text => text.to_owned(),
        };
        let x = Scale {
            range: (high, low),
            marks: marks(low, high, 5),
            name: "change of ROC-AUC without it",
            write: &write,
        };
        let y = Scale {
            range: (f64::from(rows), 0.0),
            marks: Vec::new(),
            name: "",
            write: &|_| String::new(),
        };
        let chart = chart(root, 8, &x, &y)?;
        let at = |x: f64, y: f64| chart.backend_coord(&(x, y));
        let mut out = String::new();
        let (left, right, zero) = (at(high, 0.0).0, at(low, 0.0).0, at(0.0, 0.0).0);
        for (row, (change, a)) in changes.iter().enumerate() {
            let (_, top) = at(0.0, row as f64 + 0.56);
            let (end, bottom) = at(*change, row as f64 + 0.88);
            let words = format!(
                "without {}: ROC-AUC {}, pitches declined {}, genuine messages declined {}",
                clip(&a.id),
                signed(a.roc_auc_change, 4),
                table::change(a.pitch_declined),
                table::change(a.genuine_declined)
            );
            let colour = if *change > 0.0 { PITCH } else { GENUINE };
            bar(&mut out, (zero, top), (end, bottom), colour, &words);
            // Only beside the bar, so that it does not cross the name.
            let _ = writeln!(
                out,
                "<line x1=\"{zero}\" x2=\"{zero}\" y1=\"{}\" y2=\"{}\" stroke=\"{}\"/>",
                top - 2,
                bottom + 2,
                key(INK)
            );
            let name: String = a.id.chars().take(52).collect();
            text(&mut out, (left + 2, top - 4), "start", INK, &name);
            text(&mut out, (right, top - 4), "end", INK, &signed(a.roc_auc_change, 4));
        }
        Ok(out)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_inside() {
        assert_eq!(marks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(marks(-2.3, 4.1, 7), [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(marks(-0.003, 0.012, 5), [0.0, 0.005, 0.01]);
        assert_eq!(marks(3.0, 3.0, 5), [3.0]);
        assert_eq!(marks(f64::NEG_INFINITY, 0.0, 5).len(), 1);
    }

    #[test]
    fn merged_bins_keep_every_message() {
        let bins: Vec<ScoreBin> = (0..1001)
            .map(|n| ScoreBin {
                from: Weight::milli(n * 250),
                to: Weight::milli((n + 1) * 250),
                counts: [1, n as u64, 3],
            })
            .collect();
        let merged = merged(&bins);
        assert!(merged.len() <= BARS);
        let total = |l: usize| merged.iter().map(|b| b.counts[l]).sum::<u64>();
        assert_eq!([total(0), total(1), total(2)], [1001, 1000 * 1001 / 2, 3003]);
        assert_eq!(merged.last().unwrap().to, Weight::milli(1001 * 250));
    }
}
