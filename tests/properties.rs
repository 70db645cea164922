//! What holds for every message and every rule set.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests may stop at what must not happen"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use huckster::{
    CampaignFacts, Decision, FlipSet, History, Message, Model, Policy, Profile, Relationship, ReviewReason, Row,
    RuleMeta, RuleSet, Scorer, Thread, Timing, Verdict, Weight, detector_fn, strategies, testing::check_evidence,
};
use proptest::prelude::*;
use proptest::test_runner::Config;

static BUILTIN: LazyLock<Scorer> = LazyLock::new(Scorer::builtin);

fn cases(cases: u32) -> Config {
    Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    }
}

/// The arithmetic of a group, written a second time: in full up to the knee, then by the slope, never beyond the cap.
fn held(total: i64, model: &Model, group: &str) -> i64 {
    let limits = model.groups.get(group).copied().unwrap();
    let (knee, cap) = (i64::from(limits.knee.as_milli()), i64::from(limits.cap.as_milli()));
    let (size, slope) = (total.abs(), i64::from(limits.slope.as_milli()));
    if size <= knee {
        return total;
    }
    let product = (size - knee) * slope;
    let (whole, rest) = (product / 1000, product % 1000);
    let rounded = whole + i64::from(rest > 500 || rest == 500 && whole % 2 == 1);
    (knee + rounded).min(cap) * total.signum()
}

/// Rows add up, group by group, to what the limits of the group allow.
fn check_arithmetic(verdict: &Verdict, model: &Model) -> Result<(), TestCaseError> {
    let sum: i64 = verdict
        .rows
        .iter()
        .map(|r| i64::from(r.contribution().as_milli()))
        .sum();
    prop_assert_eq!(sum, i64::from(verdict.score.as_milli()));
    prop_assert_eq!(
        verdict.rows.iter().filter(|r| matches!(r, Row::Prior { .. })).count(),
        1
    );
    // Positive, negative, taken back.
    let mut totals: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for row in &verdict.rows {
        let milli = i64::from(row.contribution().as_milli());
        match row {
            Row::Rule(rule) => {
                let expected = rule.weight.scaled(rule.strength);
                prop_assert_eq!(rule.contribution, expected, "{}", &rule.rule);
                prop_assert_eq!(model.weights.get(&rule.rule).copied(), Some(rule.weight));
                let total = totals.entry(&rule.group).or_default();
                if milli > 0 { total.0 += milli } else { total.1 += milli }
            }
            Row::Combo { rule, group, .. } => {
                prop_assert_eq!(model.weights.get(rule).copied(), Some(row.contribution()));
                let total = totals.entry(group).or_default();
                if milli > 0 { total.0 += milli } else { total.1 += milli }
            }
            Row::Suppressed { by, .. } => {
                prop_assert_eq!(milli, 0);
                prop_assert!(
                    verdict.rows.iter().any(|r| r.rule() == Some(by)),
                    "`{}` silences, but is not there",
                    by
                );
            }
            Row::Saturation { group, .. } => {
                prop_assert!(milli != 0);
                totals.entry(group).or_default().2 += milli;
            }
            _ => {}
        }
    }
    for (group, (plus, minus, back)) in totals {
        let (high, low) = (held(plus, model, group), held(minus, model, group));
        prop_assert_eq!(plus + minus + back, high + low, "group {}", group);
        let cap = i64::from(model.groups.get(group).unwrap().cap.as_milli());
        prop_assert!(
            high <= cap && -low <= cap,
            "group {}: {} and {}, cap {}",
            group,
            high,
            low,
            cap
        );
    }
    Ok(())
}

/// The decision follows from score and reasons.
fn check_decision(verdict: &Verdict, policy: &Policy) -> Result<(), TestCaseError> {
    let (accept, decline) = policy.thresholds();
    let by_score = match verdict.score {
        score if score < accept => Decision::Accept,
        score if score >= decline => Decision::Decline,
        _ => Decision::Review,
    };
    if verdict.review_reasons.is_empty() {
        prop_assert_eq!(verdict.decision, by_score);
    } else {
        prop_assert_eq!(verdict.decision, Decision::Review);
    }
    let in_band = verdict.review_reasons.contains(&ReviewReason::Score);
    prop_assert_eq!(in_band, by_score == Decision::Review);
    prop_assert_eq!(
        verdict.review_reasons.contains(&ReviewReason::Truncated),
        verdict.truncated
    );
    Ok(())
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn every_verdict_is_sound(message in strategies::message()) {
        let scorer = &*BUILTIN;
        let verdict = scorer.judge(message.clone());
        check_arithmetic(&verdict, &scorer.model())?;
        check_decision(&verdict, scorer.policy())?;
        prop_assert_eq!(check_evidence(&verdict, &message), Ok(()));
        prop_assert_eq!(verdict.coverage, message.coverage());
        // What is shown is there.
        let ids: Vec<&str> = verdict.rows.iter().filter_map(Row::rule).collect();
        prop_assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "a rule has two rows");
        prop_assert!(verdict.explain().lines().count() > verdict.rows.len());
        prop_assert!(!verdict.explain_brief(3).contains('\n'));
    }

    #[test]
    fn all_ways_to_judge_agree(messages in prop::collection::vec(strategies::message(), 1..5)) {
        let scorer = &*BUILTIN;
        let mut scratch = scorer.scratch();
        for message in &messages {
            let verdict = scorer.judge(message.clone());
            prop_assert_eq!(&scorer.judge(message.clone()), &verdict, "judged twice");
            prop_assert_eq!(&scorer.score(&scorer.inspect(message.clone())), &verdict, "inspected, then weighed");
            let assessment = scorer.judge_with(&mut scratch, message);
            prop_assert_eq!(assessment.decision(), verdict.decision);
            prop_assert_eq!(assessment.score(), verdict.score);
            prop_assert_eq!(assessment.coverage(), verdict.coverage);
            let short: Vec<(String, Weight)> = assessment.rules().map(|(id, w)| (id.to_owned(), w)).collect();
            prop_assert_eq!(&assessment.to_verdict(), &verdict, "a used scratch");
            let long: Vec<(String, Weight)> = verdict.rows.iter().filter_map(|row| match row {
                Row::Rule(rule) => Some((rule.rule.clone(), rule.contribution)),
                Row::Suppressed { rule, .. } => Some((rule.clone(), Weight::ZERO)),
                _ => None,
            }).collect();
            prop_assert_eq!(short, long);
            prop_assert_eq!(&scorer.judge(message.clone().into_owned()), &verdict, "an owned copy");
        }
    }

    /// Preparing the recipient saves time and nothing else.
    #[test]
    fn a_prepared_recipient_changes_nothing(message in strategies::message(), me in strategies::profile()) {
        let scorer = &*BUILTIN;
        let prepared = scorer.prepare_recipient(me.clone());
        let plain = message.clone().recipient(me);
        prop_assert_eq!(scorer.judge(message.recipient(&prepared)), scorer.judge(plain));
    }

    /// Absent, `null` and a table that says nothing are the same.
    #[test]
    fn what_is_unknown_changes_nothing(message in strategies::message()) {
        let scorer = &*BUILTIN;
        let verdict = scorer.judge(message.clone());
        let mut empty = message.clone();
        empty.sender.get_or_insert_with(Profile::new);
        if empty.recipient.is_unknown() {
            empty = empty.recipient(Profile::new());
        }
        empty.relationship.get_or_insert_with(Relationship::new);
        empty.timing.get_or_insert_with(Timing::new);
        empty.history.get_or_insert_with(History::default);
        empty.campaign.get_or_insert_with(CampaignFacts::default);
        prop_assert_eq!(scorer.judge(empty), verdict.clone());
        let mut value = serde_json::to_value(&message).unwrap();
        let object = value.as_object_mut().unwrap();
        for key in ["id", "lang", "subject", "text", "sender", "recipient", "relationship", "thread", "timing", "history", "campaign"] {
            object.entry(key).or_insert(serde_json::Value::Null);
        }
        let json = value.to_string();
        let nulls = Message::from_json(&json).unwrap();
        prop_assert_eq!(&nulls, &message);
        prop_assert_eq!(scorer.judge(nulls), verdict);
    }

    #[test]
    fn a_thread_of_which_nothing_is_known_changes_nothing(message in strategies::message()) {
        let mut message = message;
        message.thread = None;
        let verdict = BUILTIN.judge(message.clone());
        message.thread = Some(Thread::Counts { unanswered: None, recipient_replied: None });
        prop_assert_eq!(BUILTIN.judge(message), verdict);
    }

    #[test]
    fn messages_and_verdicts_survive_json(message in strategies::message()) {
        let json = serde_json::to_string(&message).unwrap();
        let back = Message::from_json(&json).unwrap();
        prop_assert_eq!(&back, &message);
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), json.clone());
        prop_assert_eq!(Message::from_json_lenient(&json).unwrap(), message.clone());
        let verdict = BUILTIN.judge(message);
        let json = serde_json::to_string(&verdict).unwrap();
        let back: Verdict = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&back, &verdict);
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), json);
    }

    /// Words of the recipient's name or company, in any script, never upset the reading of a text.
    #[test]
    fn names_are_masked_without_harm(text in strategies::text(), name in "\\PC{0,20}", company in "\\PC{0,20}") {
        let me = Profile::new().name(name).position(huckster::Position::current("x", company));
        let message = Message::direct(text).recipient(me);
        let verdict = BUILTIN.judge(message.clone());
        prop_assert_eq!(check_evidence(&verdict, &message), Ok(()));
    }

    /// A stricter policy never thinks better of a message.
    #[test]
    fn policies_are_ordered(message in strategies::message()) {
        let inspection = BUILTIN.inspect(message);
        let by = |policy: Policy| BUILTIN.with_policy(policy).score(&inspection).decision;
        let (strict, balanced, lenient) = (by(Policy::strict()), by(Policy::balanced()), by(Policy::lenient()));
        prop_assert!(strict >= balanced && balanced >= lenient, "{strict}, {balanced}, {lenient}");
    }

    /// Any thresholds: the decision is what they say, or review for a reason that is given.
    #[test]
    fn thresholds_are_kept(message in strategies::message(), a in -4000i32..4000, b in -4000i32..4000) {
        let (accept, decline) = (Weight::milli(a), Weight::milli(b));
        let policy = Policy::new(accept, decline);
        prop_assert_eq!(policy.is_some(), a <= b);
        if let Some(policy) = policy {
            prop_assert_eq!(policy.thresholds(), (accept, decline));
            let verdict = BUILTIN.with_policy(policy.clone()).judge(message.clone());
            check_decision(&verdict, &policy)?;
            use ReviewReason::{Conflict, SingleSource, ThinEvidence, Truncated, UnsupportedLanguage};
            let bold = [Conflict, SingleSource, ThinEvidence, Truncated, UnsupportedLanguage].into_iter().fold(policy, Policy::ignoring);
            let verdict = BUILTIN.with_policy(bold).judge(message);
            prop_assert!(verdict.review_reasons.iter().all(|r| *r == ReviewReason::Score));
            let expected = match verdict.score.as_milli() {
                s if s < a => Decision::Accept,
                s if s >= b => Decision::Decline,
                _ => Decision::Review,
            };
            prop_assert_eq!(verdict.decision, expected);
        }
    }

    /// Weights taken out and put back, also by way of a file, weigh the same.
    #[test]
    fn a_model_given_back_changes_nothing(message in strategies::message()) {
        static AGAIN: LazyLock<Scorer> = LazyLock::new(|| {
            let json = serde_json::to_string(&BUILTIN.model()).unwrap();
            BUILTIN.with_model(&serde_json::from_str(&json).unwrap()).unwrap()
        });
        let verdict = BUILTIN.judge(message.clone());
        let mut again = AGAIN.judge(message.clone());
        prop_assert!(again.rule_set.model.is_some());
        prop_assert_ne!(&again.rule_set.fingerprint, &verdict.rule_set.fingerprint);
        // An inspection outlives the weights it was made under.
        prop_assert_eq!(&AGAIN.score(&BUILTIN.inspect(message)), &again);
        again.rule_set = verdict.rule_set.clone();
        prop_assert_eq!(again, verdict);
    }
}

#[test]
fn named_policies_are_ordered() {
    let [strict, balanced, lenient] = ["strict", "balanced", "lenient"].map(|n| Policy::named(n).unwrap().thresholds());
    assert!(strict.0 < balanced.0 && balanced.0 < lenient.0);
    assert!(strict.1 < balanced.1 && balanced.1 < lenient.1);
    assert!(strict.0 < strict.1 && balanced.0 < balanced.1 && lenient.0 < lenient.1);
    assert_eq!(Policy::default(), Policy::balanced());
    assert_eq!(Policy::named("Strict"), None);
}

/// A small set in pieces that can be put together in any order.
const FRAME: &str = "[set]\nname = \"small\"\nversion = \"1\"\n\
    [[profile]]\ncoverage = [\"text\"]\nprior = -0.5\n\
    [[group]]\nid = \"ask\"\nknee = 0.9\ncap = 1.5\nslope = 0.5\n\
    [[group]]\nid = \"offer\"\nknee = 1.0\ncap = 2.0\n\
    [[group]]\nid = \"ground\"\nkind = \"mitigation\"\nknee = 1.0\ncap = 2.0\n\
    [[list]]\nid = \"w-size\"\nwords = [\"big\", \"small\"]\n";

/// id, group, weight, phrases, further lines
type Piece = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
);

const PIECES: &[Piece] = &[
    (
        "t.call",
        "ask",
        "0.7",
        &["quick call", "(short|brief) chat", "call"],
        "",
    ),
    (
        "t.soon",
        "ask",
        "0.4",
        &["this week", "now", "call now"],
        "count = { max = 3, step = 0.5 }\n",
    ),
    ("t.reply", "ask", "0.5", &["reply yes", "yes"], ""),
    ("t.sell", "offer", "1.2", &["we sell {w-size}", "we sell", "buy"], ""),
    ("t.free", "offer", "0.6", &["free", "free ...3 now"], ""),
    ("t.grow", "offer", "0.9", &["grow", "we sell ... grow"], ""),
    ("t.thanks", "ground", "-0.8", &["thanks", "^ thanks"], ""),
    ("t.lunch", "ground", "-0.6", &["lunch"], ""),
];

/// The same with rules that silence each other, and combos.
const TANGLED: &str = "[[rule]]\nid = \"t.polite\"\ngroup = \"ask\"\nweight = 0.3\nsummary = \"s\"\nphrases = [\"please\"]\n\
    unless = [\"t.call\", \"t.thanks\"]\n\
    [[rule]]\nid = \"t.hard\"\ngroup = \"offer\"\nweight = 1.6\nsummary = \"s\"\nphrases = [\"must\"]\nunless = [\"t.free\"]\n\
    [[combo]]\nid = \"t.both\"\ngroup = \"offer\"\nweight = 0.8\nall = [\"group:ask\", \"t.sell\"]\nnone = [\"t.grow\"]\n\
    [[combo]]\nid = \"t.more\"\ngroup = \"ask\"\nweight = 0.4\nany = [\"t.both\", \"t.free\"]\nnone = [\"group:ground\"]\n";

fn rule_text(piece: &Piece, phrases: &[&str]) -> String {
    let (id, group, weight, _, more) = piece;
    let phrases: Vec<String> = phrases.iter().map(|p| format!("\"{p}\"")).collect();
    format!(
        "[[rule]]\nid = \"{id}\"\ngroup = \"{group}\"\nweight = {weight}\nsummary = \"about {id}\"\nphrases = [{}]\n{more}",
        phrases.join(", ")
    )
}

fn small(tangled: bool) -> RuleSet {
    let rules: String = PIECES.iter().map(|p| rule_text(p, p.3)).collect();
    RuleSet::parse(
        "small.toml",
        &format!("{FRAME}{rules}{}", if tangled { TANGLED } else { "" }),
    )
    .unwrap()
}

static SMALL: LazyLock<Scorer> = LazyLock::new(|| Scorer::builder().rules(small(false)).build().unwrap());
static KNOTTY: LazyLock<Scorer> = LazyLock::new(|| Scorer::builder().rules(small(true)).build().unwrap());

/// Texts in which the rules of the small set fire often.
fn small_text() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "quick call",
        "short chat",
        "call",
        "this week",
        "now",
        "reply yes",
        "we sell",
        "we sell big",
        "buy",
        "free",
        "free for all now",
        "grow",
        "thanks",
        "lunch",
        "please",
        "must",
        "fern",
        "we sell them and grow",
    ];
    prop::collection::vec(
        (
            prop::sample::select(WORDS),
            prop::sample::select(&[" ", ". ", ", ", "\n"][..]),
        ),
        0..10,
    )
    .prop_map(|words| words.into_iter().flat_map(|(a, b)| [a, b]).collect())
}

/// The pieces in another order, phrases too, cut into `files` files.
fn shuffled() -> impl Strategy<Value = (Vec<String>, Vec<usize>)> {
    let pieces: Vec<_> = PIECES
        .iter()
        .map(|piece| {
            Just(piece.3.to_vec())
                .prop_shuffle()
                .prop_map(move |phrases| rule_text(piece, &phrases))
        })
        .collect();
    (pieces.prop_shuffle(), prop::collection::vec(0usize..3, PIECES.len()))
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn the_order_in_files_changes_nothing(
        (rules, files) in shuffled(),
        frame_at in 0usize..3,
        texts in prop::collection::vec(small_text(), 8),
    ) {
        let mut contents = vec!["[set]\nname = \"small\"\nversion = \"1\"\n".to_owned(); 3];
        contents[frame_at] = FRAME.to_owned();
        for (rule, file) in rules.iter().zip(&files) {
            contents[*file].push_str(rule);
        }
        contents[(frame_at + 1) % 3].push_str(TANGLED);
        let named: Vec<(String, &str)> =
            contents.iter().enumerate().map(|(i, text)| (format!("{i}.toml"), text.as_str())).collect();
        let set = RuleSet::parse_all(named.iter().map(|(name, text)| (name.as_str(), *text))).unwrap();
        let expected = small(true);
        prop_assert_eq!(set.fingerprint(), expected.fingerprint());
        prop_assert_eq!(set.structure_fingerprint(), expected.structure_fingerprint());
        let scorer = Scorer::builder().rules(set).build().unwrap();
        for text in &texts {
            prop_assert_eq!(scorer.judge(text.as_str()), KNOTTY.judge(text.as_str()), "{:?}", text);
        }
    }

    /// More evidence against the sender, nothing else changed: the score never falls.
    #[test]
    fn a_heavier_rule_never_lowers_the_score(text in small_text(), rule in 0usize..6, more in 0i32..5000) {
        let mut model = SMALL.model();
        let weight = model.weights.get_mut(PIECES[rule].0).unwrap();
        *weight = weight.plus(Weight::milli(more));
        let heavier = SMALL.with_model(&model).unwrap();
        let (before, after) = (SMALL.judge(text.as_str()), heavier.judge(text.as_str()));
        prop_assert!(after.score >= before.score, "{} fell to {}", before.score, after.score);
        prop_assert_eq!(after.score > before.score && !after.fired(PIECES[rule].0), false, "a rule that did not fire counts");
    }

    #[test]
    fn a_further_finding_never_lowers_the_score(text in small_text(), weight in 0i32..10_000, group in 0usize..3) {
        let group = ["ask", "offer", "new"][group];
        let mut meta = RuleMeta::new("extra.any", group, Weight::milli(weight), "Any text");
        meta.decisive = true;
        let extra = detector_fn(meta, |cx| !cx.text().is_empty());
        let with = Scorer::builder().rules(small(false)).detector(extra).build().unwrap();
        let (before, after) = (SMALL.judge(text.as_str()), with.judge(text.as_str()));
        prop_assert!(after.score >= before.score, "{} fell to {}", before.score, after.score);
        check_arithmetic(&after, &with.model())?;
    }

    #[test]
    fn what_would_flip_a_decision_does(text in small_text(), accept in -600i32..600, band in 0i32..1200) {
        let policy = Policy::new(Weight::milli(accept), Weight::milli(accept + band)).unwrap();
        let policy = policy.ignoring(ReviewReason::SingleSource);
        for tangled in [false, true] {
            let scorer = if tangled { &KNOTTY } else { &SMALL }.with_policy(policy.clone());
            check_flip(&scorer, &small(tangled), &policy, &Message::text(text.as_str()))?;
        }
    }
}

/// A scorer without these rules, made the long way: by a layer that switches them off.
fn without<'r>(set: &RuleSet, policy: &Policy, rules: impl IntoIterator<Item = &'r str>) -> Scorer {
    let off: String = rules
        .into_iter()
        .map(|id| format!("[[override]]\nid = \"{id}\"\nenabled = false\n"))
        .collect();
    let layer = RuleSet::parse("off.toml", &off).unwrap();
    Scorer::builder()
        .rules(set.clone().overlay(layer).unwrap())
        .policy(policy.clone())
        .build()
        .unwrap()
}

/// What `flip_set` says is so, and says no more than needed; if it says nothing, nothing helps.
fn check_flip(scorer: &Scorer, set: &RuleSet, policy: &Policy, message: &Message<'_>) -> Result<(), TestCaseError> {
    let verdict = scorer.judge(message.clone());
    let against: Vec<&str> = verdict
        .rules()
        .filter(|r| r.contribution > Weight::ZERO)
        .map(|r| r.rule.as_str())
        .collect();
    let Some(FlipSet { decision, rules, .. }) = scorer.flip_set(message.clone()) else {
        if verdict.decision != Decision::Accept {
            let best = without(set, policy, against).judge(message.clone()).decision;
            prop_assert!(best >= verdict.decision, "without all rules it would be {}", best);
        }
        return Ok(());
    };
    prop_assert!(decision < verdict.decision);
    let ids: Vec<&str> = rules.iter().map(|(id, _)| id.as_str()).collect();
    prop_assert!(
        !ids.is_empty() && ids.iter().all(|id| against.contains(id)),
        "{ids:?} of {against:?}"
    );
    prop_assert_eq!(
        without(set, policy, ids.clone()).judge(message.clone()).decision,
        decision,
        "without {:?}",
        &ids
    );
    for kept in &ids {
        let others = ids.iter().copied().filter(|id| id != kept);
        let still = without(set, policy, others).judge(message.clone()).decision;
        prop_assert!(still >= verdict.decision, "`{}` is not needed in {:?}", kept, &ids);
    }
    Ok(())
}

#[test]
fn what_would_flip_a_pitch_does() {
    let set = RuleSet::builtin();
    let coach = Profile::new().headline("Lead generation for coaches | DM me");
    let messages = [
        Message::direct("We help founders 10X their revenue. Worth a quick call this week?"),
        Message::direct("Hi {{firstName}}, I made a free audit for you. Shall I send it over?").sender(coach.clone()),
        Message::blank_invitation()
            .sender(coach)
            .recipient(Profile::new().headline("Executive coach")),
    ];
    for message in messages {
        assert!(
            BUILTIN.flip_set(message.clone()).is_some(),
            "{}",
            BUILTIN.judge(message).explain()
        );
        check_flip(&BUILTIN, &set, &Policy::default(), &message).unwrap();
    }
}

/// Two of the sender's trades sell to the recipient alike: which one is shown must not hang on the order of the file.
#[test]
fn the_order_of_roles_changes_nothing() {
    let roles = [
        "[[role]]\nid = \"printer\"\nsells = true\nphrases = [\"printer\"]\n",
        "[[role]]\nid = \"binder\"\nsells = true\nphrases = [\"binder\"]\n",
        "[[role]]\nid = \"author\"\nphrases = [\"author\"]\n",
    ];
    let rest = "[[persona]]\nseller = \"printer\"\nto = { author = 3 }\n\
        [[persona]]\nseller = \"binder\"\nto = { author = 3 }\n\
        [[group]]\nid = \"persona\"\nknee = 1\ncap = 2\n\
        [[rule]]\nid = \"persona.sells-to-my-role\"\ngroup = \"persona\"\nweight = 1.0\nsummary = \"s\"\ncomputed = true\n";
    let judge = |order: [usize; 3]| {
        let text: String = order.iter().map(|i| roles[*i]).chain([rest]).collect();
        let set = RuleSet::parse("roles.toml", &text).unwrap();
        let fingerprint = set.fingerprint();
        let message = Message::text("Hello")
            .sender(Profile::new().headline("Printer and binder"))
            .recipient(Profile::new().headline("Author"));
        (
            fingerprint,
            Scorer::builder().rules(set).build().unwrap().judge(message),
        )
    };
    let expected = judge([0, 1, 2]);
    assert!(expected.1.fired("persona.sells-to-my-role"));
    for order in [[1, 0, 2], [2, 1, 0], [1, 2, 0]] {
        assert_eq!(judge(order), expected, "{order:?}");
    }
}

fn verdict_of(set: RuleSet) -> Verdict {
    Scorer::builder()
        .rules(set)
        .build()
        .unwrap()
        .judge("A quick call? We sell big, now.")
}

/// "Equal message, equal rule-set fingerprint and equal minor version give a byte-identical serialised verdict": so
/// whatever shows in a verdict has to be in the fingerprint.
#[test]
fn what_shows_in_a_verdict_is_in_the_fingerprint() {
    let whole: String = std::iter::once(FRAME.to_owned())
        .chain(PIECES.iter().map(|p| rule_text(p, p.3)))
        .collect();
    let base = RuleSet::parse("small.toml", &whole).unwrap();
    for (from, to) in [
        ("weight = 0.7", "weight = 0.8"),
        ("knee = 0.9", "knee = 0.8"),
        ("prior = -0.5", "prior = -0.4"),
        ("\"quick call\", ", ""),
        ("\"big\", ", ""),
        ("step = 0.5", "step = 0.6"),
        ("about t.call", "on t.call"),
        ("name = \"small\"", "name = \"other\""),
        ("version = \"1\"", "version = \"2\""),
    ] {
        assert!(whole.contains(from), "{from}");
        let changed = RuleSet::parse("small.toml", &whole.replacen(from, to, 1)).unwrap();
        let (before, after) = (verdict_of(base.clone()), verdict_of(changed.clone()));
        let same = changed.fingerprint() == base.fingerprint();
        assert!(
            !same || before == after,
            "`{to}` for `{from}` shows in the verdict, but not in the fingerprint"
        );
    }
}

/// The same for rules that a detector in Rust brings along.
#[test]
fn a_detector_of_ones_own_is_in_the_fingerprint_of_a_verdict() {
    let build = |weight: Option<i32>| {
        let own = weight.map(|w| {
            detector_fn(RuleMeta::new("own.any", "own", Weight::milli(w), "Any text"), |cx| {
                !cx.text().is_empty()
            })
        });
        Scorer::builder()
            .rules(small(false))
            .detector(own)
            .build()
            .unwrap()
            .judge("Lunch?")
    };
    let (none, light, heavy) = (build(None), build(Some(100)), build(Some(900)));
    assert!(none.score < light.score && light.score < heavy.score);
    assert_ne!(
        none.rule_set.fingerprint, light.rule_set.fingerprint,
        "with and without a detector"
    );
    assert_ne!(light.rule_set.fingerprint, heavy.rule_set.fingerprint, "of two weights");
}

#[test]
fn a_model_of_other_rules_is_refused() {
    let error = SMALL.with_model(&BUILTIN.model()).unwrap_err().to_string();
    assert!(error.starts_with("HK070: "), "{error}");
    let mut model = SMALL.model();
    model.weights.insert("t.nobody".into(), Weight::ZERO);
    assert!(SMALL.with_model(&model).is_err());
    let mut model = SMALL.model();
    model.weights.insert("t.call".into(), Weight::milli(10_001));
    assert!(SMALL.with_model(&model).is_err());
    let mut model = SMALL.model();
    model.groups.get_mut("ask").unwrap().cap = Weight::ZERO;
    assert!(SMALL.with_model(&model).is_err());
}
