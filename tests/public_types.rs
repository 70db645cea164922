//! What callers may do with the types: send them, share them, catch panics around them, box detectors.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests may stop at what must not happen"
)]

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use huckster::{
    Assessment, BuildError, Context, Coverage, Decision, Detector, Diagnostic, Evidence, Findings, FlipSet, Inspection,
    Message, Model, ModelError, Phrase, Policy, Preferences, PreferencesError, PreparedRecipient, Profile,
    Relationship, Row, RuleIx, RuleMeta, RuleSet, RuleSetError, Scorer, ScorerBuilder, Scratch, Trace, Verdict, Weight,
    detector_fn,
};

fn free<T: Send + Sync>() {}
fn sturdy<T: Send + Sync + UnwindSafe + RefUnwindSafe>() {}
fn error<T: std::error::Error + Send + Sync + 'static>() {}
fn copied<T: Copy + Send + Sync + 'static>() {}

#[test]
fn types_can_be_sent_and_shared() {
    sturdy::<Verdict>();
    sturdy::<Row>();
    sturdy::<Evidence>();
    sturdy::<Message<'static>>();
    sturdy::<Message<'_>>();
    sturdy::<Profile<'static>>();
    sturdy::<Relationship<'static>>();
    sturdy::<RuleSet>();
    sturdy::<Diagnostic>();
    sturdy::<Model>();
    sturdy::<Policy>();
    sturdy::<Preferences>();
    sturdy::<huckster::lint::Report>();
    sturdy::<Inspection>();
    sturdy::<FlipSet>();
    sturdy::<Trace>();
    sturdy::<Scratch>();
    sturdy::<PreparedRecipient>();
    free::<ScorerBuilder>();
    free::<Assessment<'static>>();
    error::<BuildError>();
    error::<RuleSetError>();
    error::<ModelError>();
    error::<PreferencesError>();
    copied::<Weight>();
    copied::<Coverage>();
    copied::<Decision>();
}

/// Whether a type has a trait, found out when the test runs: where it has, the inherent constant comes first.
macro_rules! has {
    ($type:ty: $($bound:tt)+) => {{
        #[allow(dead_code, reason = "unused where the type has the trait")]
        trait Otherwise {
            const HAS: bool = false;
        }
        impl<T: ?Sized> Otherwise for T {}
        struct Probe<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "unused where the type has not got the trait")]
        impl<T: ?Sized + $($bound)+> Probe<T> {
            const HAS: bool = true;
        }
        <Probe<$type>>::HAS
    }};
}

/// A web service judges inside `catch_unwind`.
#[test]
fn a_scorer_may_be_used_after_a_panic() {
    free::<Scorer>();
    // The macro tells the two apart.
    assert!(has!(Verdict: UnwindSafe) && !has!(std::cell::RefCell<u8>: RefUnwindSafe));
    assert!(has!(Scorer: UnwindSafe), "not `UnwindSafe`");
    assert!(has!(Scorer: RefUnwindSafe), "not `RefUnwindSafe`");
}

#[cfg(feature = "json")]
#[test]
fn json_errors_are_errors() {
    error::<huckster::JsonError>();
}

/// A detector with one phrase rule; the id differs so that several fit into one scorer.
struct Fax {
    rules: [RuleMeta; 1],
    needs: Coverage,
}

static PHRASES: [Phrase; 1] = [Phrase::new(RuleIx::new(0), "fax")];

impl Fax {
    fn new(id: &'static str) -> Self {
        Self {
            rules: [RuleMeta::new(id, "ask", Weight::milli(100), "Wants a fax")],
            needs: Coverage::SUBJECT,
        }
    }
}

impl Detector for Fax {
    fn rules(&self) -> &[RuleMeta] {
        &self.rules
    }
    fn phrases(&self) -> &[Phrase] {
        &PHRASES
    }
    fn needs(&self) -> Coverage {
        self.needs
    }
    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        for hit in cx.hits() {
            // Half strength, so that it shows whether this method or the default one was called.
            out.graded(RuleIx::new(0), 500, hit.field, hit.span);
        }
    }
}

#[test]
fn detectors_are_object_safe_and_pointers_forward_all_methods() {
    let boxed: Box<dyn Detector> = Box::new(Fax::new("acme.boxed"));
    let shared: Arc<dyn Detector> = Arc::new(Fax::new("acme.shared"));
    let leaked: &'static Fax = Box::leak(Box::new(Fax::new("acme.leaked")));
    let scorer = Scorer::builder()
        .detector(boxed)
        .detector(Arc::clone(&shared))
        .detector(leaked)
        .detector(Some(Fax::new("acme.some")))
        .detector(None::<Fax>)
        .detector(Some(Box::new(Fax::new("acme.nested")) as Box<dyn Detector>))
        .build()
        .unwrap();
    let ids = ["acme.boxed", "acme.leaked", "acme.nested", "acme.shared", "acme.some"];
    assert_eq!(scorer.rules().map(|r| r.id.as_ref()).collect::<Vec<_>>(), ids);
    let verdict = scorer.judge(Message::inmail("Fax", "Hello"));
    for id in ids {
        let row = verdict
            .rules()
            .find(|r| r.rule == id)
            .unwrap_or_else(|| panic!("`{id}` does not fire"));
        assert_eq!(row.contribution, Weight::milli(50), "{id} has its own `inspect`");
    }
    // Without a subject none is asked.
    assert_eq!(scorer.judge("Please send a fax").rules().count(), 0);
}

/// `detector_fn` of both kinds of closure can be boxed and kept in a list.
#[test]
fn closures_become_detectors() {
    let meta = |id| RuleMeta::new(id, "own", Weight::milli(10), "A closure");
    let list: Vec<Box<dyn Detector>> = vec![
        Box::new(detector_fn(meta("own.yes"), |cx| !cx.text().is_empty())),
        Box::new(detector_fn(meta("own.place"), |cx| cx.tokens().get(1).map(|t| t.span))),
    ];
    let builder = list.into_iter().fold(Scorer::builder(), ScorerBuilder::detector);
    let verdict = builder.build().unwrap().judge("Hello there");
    assert!(verdict.fired("own.yes") && verdict.fired("own.place"));
    let place = verdict.rules().find(|r| r.rule == "own.place").unwrap();
    assert!(matches!(&place.evidence[..], [Evidence::Text { start: 0, end: 5, excerpt, .. }] if excerpt == "Hello"));
}
