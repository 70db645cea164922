//! The conformance kit passes every detector of this crate, and catches broken ones.
#![allow(clippy::panic, reason = "a helper of tests may stop at what must not happen")]

use std::sync::atomic::{AtomicUsize, Ordering};

use huckster::detectors::{
    AutomationFingerprint, Campaign, CommonGround, GenericRequest, PersonaMismatch, SalesPhrase,
};
use huckster::{
    Context, Coverage, Detector, Field, Findings, Message, Phrase, Profile, RuleIx, RuleMeta, Scorer, Span, Weight,
    detector_fn, testing::check_detector,
};

const RULE: RuleIx = RuleIx::new(0);

fn meta(id: &'static str) -> RuleMeta {
    RuleMeta::new(id, "own", Weight::milli(100), "A test")
}

#[test]
fn generic_request_conforms() {
    check_detector(GenericRequest::builtin()).unwrap();
}

#[test]
fn sales_phrase_conforms() {
    check_detector(SalesPhrase::builtin()).unwrap();
}

#[test]
fn automation_fingerprint_conforms() {
    check_detector(AutomationFingerprint::builtin()).unwrap();
}

#[test]
fn persona_mismatch_conforms() {
    check_detector(PersonaMismatch::builtin()).unwrap();
}

#[test]
fn common_ground_conforms() {
    check_detector(CommonGround::builtin()).unwrap();
}

#[test]
fn campaign_conforms() {
    check_detector(Campaign::builtin()).unwrap();
}

#[test]
fn built_in_detectors_own_one_namespace_each() {
    let detectors: [(&str, Box<dyn Detector>); 6] = [
        ("generic", Box::new(GenericRequest::builtin())),
        ("sales", Box::new(SalesPhrase::builtin())),
        ("automation", Box::new(AutomationFingerprint::builtin())),
        ("persona", Box::new(PersonaMismatch::builtin())),
        ("mitigation", Box::new(CommonGround::builtin())),
        ("campaign", Box::new(Campaign::builtin())),
    ];
    for (namespace, detector) in detectors {
        assert!(!detector.rules().is_empty(), "{namespace}");
        for rule in detector.rules() {
            assert_eq!(rule.namespace(), namespace);
        }
    }
}

#[test]
fn closures_conform() {
    let shouting = |cx: &Context<'_>| cx.stats().letters > 20 && cx.stats().uppercase * 2 > cx.stats().letters;
    check_detector(detector_fn(meta("own.shouting"), shouting)).unwrap();
    let emoji = |cx: &Context<'_>| {
        cx.tokens()
            .iter()
            .find(|t| t.kind == huckster::TokenKind::Emoji)
            .map(|t| t.span)
    };
    check_detector(detector_fn(meta("own.emoji"), emoji)).unwrap();
}

/// What a detector of a test does in `inspect`.
type Inspect = Box<dyn Fn(&Context<'_>, &mut Findings<'_>) + Send + Sync>;

struct Own {
    rules: Vec<RuleMeta>,
    phrases: Vec<Phrase>,
    needs: Coverage,
    inspect: Inspect,
}

impl Own {
    fn new(inspect: impl Fn(&Context<'_>, &mut Findings<'_>) + Send + Sync + 'static) -> Self {
        Self {
            rules: vec![meta("own.rule")],
            phrases: Vec::new(),
            needs: Coverage::NONE,
            inspect: Box::new(inspect),
        }
    }
}

impl Detector for Own {
    fn rules(&self) -> &[RuleMeta] {
        &self.rules
    }
    fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }
    fn needs(&self) -> Coverage {
        self.needs
    }
    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        (self.inspect)(cx, out);
    }
}

fn violation(detector: Own) -> String {
    match check_detector(detector) {
        Ok(()) => panic!("a broken detector passes"),
        Err(violation) => violation.to_string(),
    }
}

#[test]
fn a_good_detector_in_full_form_conforms() {
    let mut good = Own::new(huckster::report_hits);
    good.phrases = vec![
        Phrase::new(RULE, "(quick|short) [intro] call"),
        Phrase::mark(3, "hello"),
    ];
    check_detector(good).unwrap();
}

#[test]
fn an_unstable_detector_is_caught() {
    let calls = AtomicUsize::new(0);
    let text = violation(Own::new(move |_, out| {
        if calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
            out.fact(RULE);
        }
    }));
    assert!(text.contains("differs") || text.contains("order"), "{text}");
}

/// The place changes from call to call, the score does not.
#[test]
fn unstable_evidence_is_caught() {
    let calls = AtomicUsize::new(0);
    let text = violation(Own::new(move |cx, out| {
        let end = calls.fetch_add(1, Ordering::Relaxed) % 2 + 1;
        if cx.text().len() > 4 && cx.text().is_ascii() {
            out.hit(RULE, Span::new(0, end as u32));
        }
    }));
    assert!(text.contains("differs") || text.contains("order"), "{text}");
}

#[test]
fn evidence_outside_the_text_is_caught() {
    let text = violation(Own::new(|cx, out| {
        out.hit(RULE, Span::new(0, cx.text().len() as u32 + 1))
    }));
    assert!(text.contains("evidence") || text.contains("span"), "{text}");
}

#[test]
fn evidence_inside_a_character_is_caught() {
    let text = violation(Own::new(|cx, out| {
        if let Some(i) = cx.text().find(|c: char| c.len_utf8() > 1) {
            out.hit(RULE, Span::new(i as u32, i as u32 + 1));
        }
    }));
    assert!(text.contains("evidence") || text.contains("span"), "{text}");
}

#[test]
fn evidence_in_a_field_that_is_not_there_is_caught() {
    let text = violation(Own::new(|_, out| out.hit_in(RULE, Field::SenderAbout, Span::new(0, 1))));
    assert!(text.contains("evidence") || text.contains("span"), "{text}");
}

#[test]
fn a_rule_outside_the_table_is_caught() {
    let mut broken = Own::new(huckster::report_hits);
    broken.phrases = vec![Phrase::new(RuleIx::new(7), "quick call")];
    let text = violation(broken);
    assert!(
        text.contains("does not build") && text.contains("outside the detector's table"),
        "{text}"
    );
}

#[test]
fn a_foreign_namespace_is_caught() {
    let mut broken = Own::new(|_, out| out.fact(RULE));
    broken.rules = vec![meta("sales.mine")];
    let text = violation(broken);
    assert!(
        text.contains("`sales.mine` is in a namespace of the built-in rules"),
        "{text}"
    );
}

#[test]
fn bad_tables_are_caught() {
    let mut unless = meta("own.rule");
    unless.unless = vec!["own.nobody".into()];
    for (rules, expected) in [
        (vec![meta("own.twice"), meta("own.twice")], "`own.twice`"),
        (vec![meta("Own.Rule")], "is not a rule id"),
        (
            vec![RuleMeta::new("own.heavy", "own", Weight::milli(10_001), "Heavy")],
            "outside -10 to 10",
        ),
        (vec![unless], "does not exist"),
    ] {
        let mut broken = Own::new(|_, _| {});
        broken.rules = rules;
        let text = violation(broken);
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let mut broken = Own::new(huckster::report_hits);
    broken.phrases = vec![Phrase::new(RULE, "(quick call")];
    assert!(violation(broken).contains("never closed"));
}

#[test]
fn findings_that_grow_with_the_square_of_the_text_are_caught() {
    let text = violation(Own::new(|cx, out| {
        let sentences: Vec<_> = cx.sentences().collect();
        for first in &sentences {
            for second in sentences.iter().filter(|s| s.start > first.start) {
                out.hit(
                    RULE,
                    cx.tokens()[first.start].span.cover(cx.tokens()[second.start].span),
                );
            }
        }
    }));
    assert!(text.contains("times as long"), "{text}");
}

/// The engine itself keeps `needs`, so a detector cannot ignore what it declared.
#[test]
fn needs_are_kept_for_the_detector() {
    let mut careless = Own::new(|_, out| out.fact(RULE));
    careless.needs = Coverage::SENDER.union(Coverage::TIMING);
    let scorer = Scorer::builder().detector(careless).build().unwrap();
    let sender = Message::text("Hello").sender(Profile::new().headline("Nurse"));
    let timing = huckster::Timing::new().since_acceptance_s(5);
    assert!(!scorer.judge("Hello").fired("own.rule"));
    assert!(!scorer.judge(sender.clone()).fired("own.rule"));
    assert!(!scorer.judge(Message::text("Hello").timing(timing)).fired("own.rule"));
    assert!(scorer.judge(sender.timing(timing)).fired("own.rule"));
    let missing = scorer.trace("Hello", "own.rule").to_string();
    assert_eq!(missing, "not evaluated: no sender + timing");
    let mut careless = Own::new(|_, out| out.fact(RULE));
    careless.needs = Coverage::SENDER;
    check_detector(careless).unwrap();
}
