/*!
Tells people who is only trying to sell them something.

`huckster` reads a LinkedIn connection request, direct message or InMail and answers **accept, review or decline**, with
the evidence: which words, which traces, what weight, adding up to the score. It is a library to embed in inbox tools,
CRMs, browser back ends and trust-and-safety pipelines; it does no network, keeps no state and has no clock.

# Judge a text

```
use huckster::{Decision, Scorer};

let scorer = Scorer::builtin();
let verdict = scorer.judge("We help founders 10X their revenue. Worth a quick call this week?");
assert_eq!(verdict.decision(), Decision::Decline);
for row in &verdict.rows {
    println!("{} {}", row.contribution(), row.summary());
}
// The rows add up to the score, exactly.
let sum = verdict.rows.iter().map(|row| row.contribution().as_milli()).sum::<i32>();
assert_eq!(sum, verdict.score().as_milli());
```

# Say more than the text

A plain text is enough; every further fact sharpens the verdict. What is absent is *unknown* and never counts against
anyone.

```
use huckster::{Decision, Message, Position, Profile, Relationship, Scorer};

let me = Profile::new().name("Marta Lindqvist").headline("Executive coach");
let message = Message::blank_invitation()
    .sender(Profile::new().name("Jo Field").headline("Lead generation for coaches | DM me"))
    .recipient(me.clone());
assert_ne!(Scorer::builtin().judge(message).decision(), Decision::Accept);

// The same blank request from an old colleague.
let message = Message::blank_invitation()
    .sender(Profile::new().name("Ana Ruiz").headline("Nurse at St Clare"))
    .relationship(Relationship::new().mutual_connections(40).shared_employer("St Clare"))
    .recipient(me.position(Position::past("Nurse", "St Clare")));
assert_eq!(Scorer::builtin().judge(message).decision(), Decision::Accept);
```

# Judge an inbox

A [`Scorer`] is shared between threads; each thread has its own [`Scratch`], and once that has warmed up nothing is
allocated. A recipient who is the same for all messages is prepared once.

```
use huckster::{Message, Profile, Scorer};

let scorer = Scorer::builtin();
let me = scorer.prepare_recipient(Profile::new().name("Marta Lindqvist"));
let mut scratch = scorer.scratch();
for text in ["Hi Marta, are you free for lunch on Tuesday?", "Hi {{firstName}}, quick question"] {
    let message = Message::direct(text).recipient(&me);
    let assessment = scorer.judge_with(&mut scratch, &message);
    println!("{} {}", assessment.decision(), assessment.score());
}
```

[`Scorer::judge_batch`] does that for many messages, [`Scorer::judge_batch_parallel`] on several threads.

# Ask why, and why not

- [`Verdict::explain`] prints the arithmetic, [`Verdict::explain_brief`] one sentence.
- [`Scorer::flip_set`] says without which rules the message would have been accepted.
- [`Scorer::trace`] says why a given rule did *not* fire.
- [`lint::check`] looks at a draft from the sender's side, and says what to do instead.

# Make it yours

From easy to full:

1. A rule file: phrases and conditions as data, with their tests inside. [`RuleSet::parse`], [`RuleSet::overlay`],
   [`RuleSet::check`]; the phrase syntax is described at [`phrase`].
2. A closure: [`detector_fn`].
3. The [`Detector`] trait, tested by `testing::check_detector` (feature `testing`).
4. Other thresholds, or thresholds from what errors cost you: [`Policy`].
5. What one person always or never wants: [`Preferences`].
6. Other weights without compiling again: [`Scorer::with_model`].

# How it decides

Every rule carries a [`Weight`], a contribution to the log-odds in thousandths; rules belong to groups whose totals
saturate; facts that clear a sender weigh less than nothing. The sum decides by the thresholds of the [`Policy`], and a
decline needs evidence of at least two kinds. Equal message, equal rule-set fingerprint, equal policy and limit for
texts, and equal minor version of this crate give a byte-identical serialised [`Verdict`] on every platform and thread count.

# Features

| feature | default | adds |
| --- | --- | --- |
| `builtin` | yes | the built-in rules and [`Scorer::builtin`] |
| `toml` | yes | rule files in TOML |
| `json` | no | messages from JSON with strict, positioned errors; rule files in JSON |
| `eval` | no | measuring rule sets on labelled messages, comparing them, fitting weights: [`eval`] |
| `plots` | no | a page with pictures of what was measured |
| `campaign` | no | [`campaign`]: which messages are copies of one template |
| `testing` | no | the conformance kit for detectors of your own |
| `proptest` | no | strategies for [`Message`] and its parts |
*/

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(doctest)]
#[cfg(all(feature = "builtin", feature = "eval", feature = "testing"))]
#[doc = include_str!("../README.md")]
mod readme {}

mod batch;
#[cfg(feature = "campaign")]
pub mod campaign;
pub mod cookbook;
mod coverage;
mod detector;
pub mod detectors;
mod error;
#[cfg(feature = "eval")]
pub mod eval;
mod explain;
#[cfg(feature = "json")]
mod json;
pub mod lint;
mod matcher;
mod message;
mod nearest;
pub mod phrase;
pub mod preferences;
mod profile;
mod rule;
mod ruleset;
mod score;
mod scorer;
mod span;
#[cfg(any(feature = "eval", feature = "testing"))]
mod splitmix;
#[cfg(feature = "builtin")]
mod stored;
#[cfg(feature = "proptest")]
pub mod strategies;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
mod text_serde;
mod time;
mod verdict;
#[cfg_attr(not(feature = "toml"), allow(dead_code, reason = "a model comes out of a TOML file"))]
mod wording;

pub use crate::coverage::{Coverage, Needs};
pub use crate::detector::{Context, Detector, Findings, Outcome, Role, RoleSet, detector_fn, report_hits};
pub use crate::error::BuildError;
pub use crate::explain::{FlipSet, Trace};
#[cfg(feature = "json")]
pub use crate::json::JsonError;
pub use crate::matcher::Hit;
pub use crate::message::{
    Body, CampaignFacts, Channel, Client, FactValue, History, Message, Party, Recipient, Thread, Timing, Turn,
};
pub use crate::preferences::{Preferences, PreferencesError, Recruiters, SENDER_URL, Taught};
pub use crate::profile::{Position, Profile, Relationship};
pub use crate::rule::{Count, Phrase, RuleIx, RuleMeta, Status, Target, Weight, WeightError};
pub use crate::ruleset::{Code, Diagnostic, RESERVED_NAMESPACES, RuleSet, RuleSetError, RuleView, Severity};
pub use crate::score::{
    Basis, Calibration, CostMatrix, Decision, GroupLimits, Model, ModelError, ModelProfile, ModelProvenance, Policy,
    Probability, ReviewReason,
};
pub use crate::scorer::{Assessment, Inspection, PreparedRecipient, Scorer, ScorerBuilder, Scratch};
pub use crate::span::{Field, FieldSet, Span};
pub use crate::text::{
    Lang, MAX_FIELD_BYTES, MAX_FIELD_BYTES_RANGE, PlaceholderShape, Prepared, Stats, Token, TokenFlags, TokenKind,
};
pub use crate::time::{Timestamp, TimestampError};
pub use crate::verdict::{Evidence, Provenance, Row, RuleRow, Verdict};
pub use crate::wording::{WordingError, WordingModel};
