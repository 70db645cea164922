//! A detector of one's own: it finds messages that want work for nothing, and messages that push a product of a
//! competitor whose names are only known when the program starts.
//!
//! It shows phrases that report their rule, phrases that are only marks for `inspect`, a finding of graded strength, a
//! fact as evidence, and the conformance kit that tests any detector.
//!
//! ```text
//! cargo run --example custom_detector --features testing
//! ```

#![allow(clippy::print_stdout)] // An example is there to print.

use std::error::Error;

use huckster::{
    Context, Detector, Field, Findings, Message, Phrase, RuleIx, RuleMeta, RuleSet, Scorer, Target, TokenKind, Weight,
    testing,
};

// The rules by their place in the table below.
const FREE_WORK: RuleIx = RuleIx::new(0);
const COMPETITOR: RuleIx = RuleIx::new(1);

/// The phrase says what is wanted; whether it is paid is another question.
const WANTS_WORK: u32 = 0;
/// The phrase says that it is not paid.
const UNPAID: u32 = 1;

static RULES: [RuleMeta; 2] = [
    RuleMeta::new("acme.free-work", "ask", Weight::milli(1_200), "Wants work for nothing"),
    RuleMeta::new(
        "acme.competitor",
        "acme-market",
        Weight::milli(900),
        "Speaks of a product we compete with",
    ),
];

static PHRASES: [Phrase; 6] = [
    // These report their rule by themselves.
    Phrase::new(FREE_WORK, "(unpaid|free) (trial|test) (project|task|assignment)"),
    Phrase::new(FREE_WORK, "(work|paid) (for|in) (exposure|equity only)"),
    // These count only together, wherever in the message they stand.
    Phrase::mark(
        WANTS_WORK,
        "(redesign|review|rebuild|audit|fix|have a look at) (our|my) ...3 (site|website|page|app|deck|code|pitch)",
    ),
    Phrase::mark(WANTS_WORK, "(pick|picking) your brain"),
    Phrase::mark(UNPAID, "(no|without a|do not have a|have no) budget"),
    Phrase::mark(UNPAID, "(cannot|can not|unable to) (pay|offer (pay|payment|money))"),
];

/// Finds requests for free work, and the names of competing products.
struct AcmeDesk {
    /// Lower case, as in [`Context::word`].
    products: Vec<String>,
}

impl AcmeDesk {
    fn new(products: &[&str]) -> Self {
        Self {
            products: products.iter().map(|p| p.to_lowercase()).collect(),
        }
    }

    /// Where each product is named.
    fn competitors(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        // In an exchange that goes both ways, naming a product is ordinary talk.
        let answered = cx.message().thread.as_ref().and_then(|t| t.recipient_replied()) == Some(true);
        for (i, token) in cx.tokens().iter().enumerate() {
            let named = token.kind == TokenKind::Word && self.products.iter().any(|p| p == cx.word(i));
            if named {
                out.graded(COMPETITOR, if answered { 300 } else { 1000 }, Field::Text, token.span);
            }
        }
    }
}

impl Detector for AcmeDesk {
    fn rules(&self) -> &[RuleMeta] {
        &RULES
    }

    fn phrases(&self) -> &[Phrase] {
        &PHRASES
    }

    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        // Phrases that have a rule; without an `inspect` of its own a detector does just this.
        huckster::report_hits(cx, out);
        let marked = |mark: u32| {
            cx.hits()
                .iter()
                .find(move |hit| cx.target(hit) == Some(Target::Mark(mark)))
        };
        if let (Some(work), Some(_)) = (marked(WANTS_WORK), marked(UNPAID)) {
            out.hit_in(FREE_WORK, work.field, work.span);
        }
        self.competitors(cx, out);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let products = ["Gridsmith", "Meterly"];

    // 400 generated messages: evidence in place, the same answer twice and in any order, nothing beyond the contract.
    testing::check_detector(AcmeDesk::new(&products))?;
    println!("The detector keeps the contract.\n");

    let scorer = Scorer::builder()
        .rules(RuleSet::builtin())
        .detector(AcmeDesk::new(&products))
        .build()?;
    for text in [
        "Could you redesign our landing page? We have no budget yet, but the exposure is great.",
        "Could you review our landing page? The purchase order is attached.",
        "Teams are leaving Meterly for us. Shall I show you why?",
        "May I send you an unpaid test project?",
    ] {
        let verdict = scorer.judge(Message::direct(text));
        println!("\"{text}\"");
        println!("  {} at {}", verdict.decision(), verdict.score());
        for row in verdict.rules().filter(|row| row.detector == "acme") {
            let places: Vec<String> = row.evidence.iter().map(ToString::to_string).collect();
            println!("  {} {}: {}", row.contribution, row.summary, places.join(", "));
        }
        println!();
    }

    // Why did it not fire? Explanations work for rules of one's own as well.
    let message = "May I send you a paid test project?";
    println!(
        "\"{message}\"\n  acme.free-work: {}",
        scorer.trace(message, "acme.free-work")
    );
    Ok(())
}
