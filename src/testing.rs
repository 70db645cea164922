/*!
The conformance kit: tests of this crate that a detector or a rule set of your own gets for one line.

```
use huckster::{RuleMeta, Weight, detector_fn, testing};

let shouting = detector_fn(
    RuleMeta::new("acme.shouting", "generic", Weight::milli(500), "Mostly capitals"),
    |cx| cx.stats().letters > 20 && cx.stats().uppercase * 2 > cx.stats().letters,
);
testing::check_detector(shouting).unwrap();
```
*/

use std::fmt;
use std::sync::Arc;

use crate::detector::{Context, Detector, Findings};
use crate::message::{CampaignFacts, Message, Party, Timing, Turn};
use crate::profile::{Position, Profile, Relationship};
use crate::rule::{Phrase, RuleMeta};
use crate::ruleset::RuleSet;
use crate::scorer::Scorer;
use crate::splitmix::SplitMix64;
use crate::verdict::{Evidence, Verdict};

/// A detector broke the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    what: String,
    message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  in the message {}", self.what, self.message)
    }
}

impl std::error::Error for Violation {}

fn pick<'a>(random: &mut SplitMix64, from: &[&'a str]) -> &'a str {
    from[random.below(from.len())]
}

const PIECES: &[&str] = &[
    "Hi Sam,",
    "Hello!",
    "quick call",
    "15 minutes",
    "10X your revenue",
    "30%",
    "$5k",
    "we help founders grow",
    "worth a chat?",
    "\n\n",
    "{{firstName}}",
    "https://calendly.com/x",
    "name@example.org",
    "🚀🚀",
    "𝗯𝗼𝗹𝗱",
    "sсale",
    "f r e e",
    "don't",
    "Grüße",
    "привет",
    "你好世界",
    "\u{200B}",
    "\0",
    "Best,\nTom",
    "thanks for the review",
    "the invoice is wrong",
    "I read your paper on ferns",
    "WOW!!!",
    "...",
    "I'd like to",
];

/// A generated message; the first is empty, and the facts vary with the number.
fn message(n: usize) -> Message<'static> {
    // Always the same messages, so that a failure repeats.
    let mut random = SplitMix64::new(n as u64);
    let length = n % 40;
    let text: String = (0..length).flat_map(|_| [pick(&mut random, PIECES), " "]).collect();
    let mut message = match n % 4 {
        0 => Message::text(text),
        1 => Message::invitation(text),
        2 => Message::inmail("Re: idea", text),
        _ => Message::direct(text),
    };
    if n.is_multiple_of(3) {
        let headlines = ["Business coach", "Lead generation expert", "Nurse", ""];
        let headline = pick(&mut random, &headlines).to_owned();
        let sender = Profile::new()
            .name("Jo Field")
            .headline(headline)
            .connections(n as u32 % 900);
        message = message.sender(sender.position(Position::current("Founder", "Acme Inc.")));
    }
    if n.is_multiple_of(5) {
        message = message.recipient(
            Profile::new()
                .name("Sam Roe")
                .headline("Head of Data at Norrvik | Speaker"),
        );
    }
    if n.is_multiple_of(7) {
        let relationship = Relationship::new()
            .mutual_connections(n as u32 % 60)
            .have_met(n.is_multiple_of(2));
        message = message.relationship(relationship);
    }
    if n.is_multiple_of(11) {
        let from = if n.is_multiple_of(2) {
            Party::Sender
        } else {
            Party::Recipient
        };
        message = message
            .thread([Turn {
                from,
                text: Some("Hello".into()),
                at: None,
            }])
            .timing(Timing::new().since_acceptance_s(n as u64))
            .campaign(CampaignFacts::new(n as u32 % 30, 3));
    }
    message
}

/// Hands everything to a shared detector, so that one can be built into several scorers.
struct Shared<D>(Arc<D>);

impl<D: Detector> Detector for Shared<D> {
    fn rules(&self) -> &[RuleMeta] {
        self.0.rules()
    }
    fn phrases(&self) -> &[Phrase] {
        self.0.phrases()
    }
    fn needs(&self) -> crate::Needs {
        self.0.needs()
    }
    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        self.0.inspect(cx, out);
    }
}

/// Runs the contract of [`Detector`] on 400 generated messages.
///
/// Checked: the scorer builds; no panic; evidence lies in its field on character boundaries; the same message gives the
/// same verdict twice, and the same in another order of detectors; nothing is reported without what
/// [`Detector::needs`] asks for; the number of findings grows no faster than the text.
///
/// # Errors
///
/// The first violation, with the message that shows it.
pub fn check_detector(detector: impl Detector + 'static) -> Result<(), Violation> {
    let detector = Arc::new(detector);
    let own: Vec<String> = detector.rules().iter().map(|r| r.id.to_string()).collect();
    let fail = |what: String, message: &Message<'_>| Violation {
        what,
        message: format!("{message:?} {:?}", message.body.text()),
    };
    let other = || {
        crate::detector_fn(
            RuleMeta::new("testing.other", "testing", crate::Weight::milli(1), "Any text"),
            |cx| !cx.text().is_empty(),
        )
    };
    let build = |first: bool| {
        let builder = Scorer::builder();
        let shared = Shared(Arc::clone(&detector));
        let builder = if first {
            builder.detector(shared).detector(other())
        } else {
            builder.detector(other()).detector(shared)
        };
        builder.build().map_err(|e| {
            fail(
                format!("a scorer with this detector does not build: {e}"),
                &Message::new(),
            )
        })
    };
    let (scorer, reversed) = (build(true)?, build(false)?);
    let mut scratch = scorer.scratch();
    for n in 0..400 {
        let message = message(n);
        let verdict = scorer.judge_with(&mut scratch, &message).to_verdict();
        check_evidence(&verdict, &message).map_err(|what| fail(what, &message))?;
        if let Some(rule) = scorer.inspect(message.clone()).misplaced() {
            return Err(fail(
                format!("the evidence of `{rule}` points at a place that is not in the message"),
                &message,
            ));
        }
        if scorer.judge(message.clone()) != verdict {
            return Err(fail("the second verdict differs from the first".into(), &message));
        }
        if reversed.judge(message.clone()) != verdict {
            return Err(fail(
                "the verdict depends on the order of the detectors".into(),
                &message,
            ));
        }
        let silent = !message.coverage().contains(detector.needs());
        if let Some(row) = verdict.rules().find(|row| silent && own.contains(&row.rule)) {
            let missing = detector.needs().missing_from(message.coverage());
            return Err(fail(
                format!("`{}` fired although {missing} is unknown", row.rule),
                &message,
            ));
        }
    }
    // Twice the text must not give much more than twice the findings.
    let text = |times: usize| Message::text(PIECES.join(" ").repeat(times));
    let count = |times: usize| scorer.inspect(text(times)).findings().count();
    let (once, often) = (count(2), count(8));
    if often > once * 4 + 16 {
        return Err(fail(
            format!("{once} findings in a text become {often} in one four times as long"),
            &text(2),
        ));
    }
    Ok(())
}

/// That the evidence of a verdict lies where it says, and that its rows add up.
///
/// # Errors
///
/// What is wrong, in words.
pub fn check_evidence(verdict: &Verdict, message: &Message<'_>) -> Result<(), String> {
    let sum: i64 = verdict
        .rows
        .iter()
        .map(|row| i64::from(row.contribution().as_milli()))
        .sum();
    if sum != i64::from(verdict.score.as_milli()) {
        return Err(format!("the rows add up to {sum}, the score is {}", verdict.score));
    }
    for evidence in verdict.rows.iter().flat_map(|row| row.evidence()) {
        if let Evidence::Text {
            field,
            start,
            end,
            excerpt,
            ..
        } = evidence
        {
            let text = crate::scorer::field_text(message, *field).unwrap_or("");
            if text.get(*start as usize..*end as usize) != Some(excerpt) {
                return Err(format!("the evidence {start}..{end} of {field} is not \"{excerpt}\""));
            }
        }
    }
    Ok(())
}

/// Runs [`RuleSet::check`] and fails on errors; `warnings` too if they are not wanted.
///
/// # Errors
///
/// All diagnostics that count, as text.
pub fn check_rules(set: &RuleSet, warnings: bool) -> Result<(), String> {
    let bad: Vec<String> = set
        .check()
        .iter()
        .filter(|d| d.is_error() || warnings)
        .map(ToString::to_string)
        .collect();
    if bad.is_empty() { Ok(()) } else { Err(bad.join("\n\n")) }
}
