//! The learned detector: what it must not learn, what it must not read, and what its rows show.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;

use huckster::eval::{Corpus, Label, Labeled, WordingOptions};
use huckster::{Evidence, Message, Row, RuleSet, Scorer, WordingError, WordingModel};
use proptest::prelude::*;

const OUTREACH: &str = "wording.reads-like-outreach";
const LETTER: &str = "wording.reads-like-a-letter";

/// A model whose weights are plain to see.
fn model(sequences: &str) -> WordingModel {
    WordingModel::parse(&file(sequences)).unwrap()
}

fn file(sequences: &str) -> String {
    let tokeniser = RuleSet::builtin().wording().next().unwrap().tokeniser();
    format!(
        "format = 1\ntokeniser = '{tokeniser}'\nid = 'test'\nlanguages = ['en']\nbias = '0.100'\nsequences = '''\n{sequences}'''\n"
    )
}

fn scorer(sequences: &str) -> Scorer {
    Scorer::builder()
        .rules(RuleSet::builtin().with_wording(model(sequences)))
        .build()
        .unwrap()
}

/// Strength of the wording row in thousandths, above zero against the sender.
fn wording(scorer: &Scorer, text: &str) -> i64 {
    strength(scorer, Message::direct(text.to_owned()))
}

/// The same where the caller says that the text is English: a name such as "Een" is a Dutch article to the vote on the
/// language, which decides on the model.
fn english(scorer: &Scorer, text: &str) -> i64 {
    strength(scorer, Message::direct(text.to_owned()).lang("en"))
}

fn strength(scorer: &Scorer, message: Message<'_>) -> i64 {
    let inspection = scorer.inspect(message);
    inspection
        .findings()
        .filter_map(|(id, strength)| match id {
            OUTREACH => Some(i64::from(strength)),
            LETTER => Some(-i64::from(strength)),
            _ => None,
        })
        .next()
        .unwrap_or(0)
}

#[test]
fn every_shape_counts_once() {
    let scorer = scorer(
        "+0.300 help\n+0.300 we help\n+0.300 help you grow\n+0.300 we _ you\n+0.300 ^ we\n+0.300 $ chat\n+0.300 chat ?\n",
    );
    // Each of the seven: 2.1 of 3 logits. The bias of 0.1 adds nothing beyond what sequences say.
    assert_eq!(
        wording(&scorer, "We help you grow. We help you, so shall we chat?"),
        700
    );
    // The last sentence is the first: no `$`. Without the question, no `chat ?`.
    assert_eq!(wording(&scorer, "We help you grow with a chat."), 500);
    // A gap does not cross a sentence, nor does the bias speak alone.
    assert_eq!(wording(&scorer, "That is it. So we did. And you?"), 0);
}

#[test]
fn the_row_shows_what_weighed_most_and_adds_up() {
    let scorer = scorer("+0.600 we help\n+0.300 a chat\n-0.200 thanks\n");
    let text = "Thanks. We help firms. Time for a chat?";
    let verdict = scorer.judge(text);
    huckster::testing::check_evidence(&verdict, &Message::from(text)).unwrap();
    let row = verdict.rows.iter().find(|r| r.rule() == Some(OUTREACH)).unwrap();
    let shown: Vec<(&str, Option<u32>)> = row
        .evidence()
        .iter()
        .filter_map(|e| match e {
            Evidence::Text { excerpt, share, .. } => Some((excerpt.as_str(), *share)),
            _ => None,
        })
        .collect();
    assert_eq!(shown, [("We help", Some(666)), ("a chat", Some(333))]);
    assert!(
        verdict.explain().contains("\"We help\" (67 %)"),
        "{}",
        verdict.explain()
    );
    // 0.1 + 0.6 + 0.3 - 0.2 of 3 logits.
    let Row::Rule(row) = row else { unreachable!() };
    assert_eq!(row.strength, 266);
    assert_eq!(row.contribution, row.weight.scaled(266));
    let back: huckster::Verdict = serde_json::from_str(&serde_json::to_string(&verdict).unwrap()).unwrap();
    assert_eq!(back, verdict);
}

#[test]
fn it_is_off_with_one_line() {
    let scorer = Scorer::builder()
        .rules(RuleSet::builtin())
        .without("wording")
        .build()
        .unwrap();
    assert!(scorer.rules().all(|r| r.namespace() != "wording"));
}

#[test]
fn wording_alone_never_declines() {
    let scorer = scorer("+9.000 meadow\n+9.000 river\n");
    let verdict = scorer.judge("The meadow at Calder is green and the river full.");
    assert!(verdict.fired(OUTREACH));
    let others = verdict.rules().filter(|r| r.rule != OUTREACH).count();
    assert_eq!(others, 0, "{}", verdict.explain());
    assert!(!verdict.decision().is_decline(), "{}", verdict.explain());
    // Not even where it would reach the line: the group holds it, and one kind of evidence is not enough.
    let eager = scorer
        .with_policy(huckster::Policy::new(huckster::Weight::milli(-500), huckster::Weight::milli(-300)).unwrap());
    let verdict = eager.judge("The meadow at Calder is green and the river full.");
    assert!(!verdict.decision().is_decline(), "{}", verdict.explain());
    assert!(verdict.review_reasons.contains(&huckster::ReviewReason::SingleSource));
}

#[test]
fn a_quote_is_not_judged() {
    let scorer = scorer("+2.000 we help\n+2.000 grow fast\n-0.500 i got\n-0.500 again\n");
    assert!(wording(&scorer, "We help you grow fast.") > 900);
    let with = "Look what i got again today: \"we help you grow fast\", can you believe that?";
    let without = "Look what i got again today, can you believe that?";
    assert_eq!(wording(&scorer, with), wording(&scorer, without));
    assert!(wording(&scorer, with) < 0);
}

#[test]
fn it_is_silent_on_languages_it_does_not_know() {
    let scorer = scorer("+2.000 chętnie pomożemy\n+2.000 we help\n");
    assert!(wording(&scorer, "We help you with the books of the firm.") > 0);
    let polish = Message::direct("Szanowna Pani, chętnie pomożemy Państwu w znalezieniu rozwiązania.").lang("pl");
    let fired = scorer
        .inspect(polish)
        .findings()
        .any(|(id, _)| id == OUTREACH || id == LETTER);
    assert!(!fired);
    // A model laid over takes the place of the one below for its languages only.
    let german = file("+2.000 wir helfen\n").replace("['en']", "['de']");
    let both = Scorer::builder()
        .rules(
            RuleSet::builtin()
                .with_wording(model("+2.000 we help\n"))
                .with_wording(WordingModel::parse(&german).unwrap()),
        )
        .build()
        .unwrap();
    assert!(
        wording(
            &both,
            "Sehr geehrte Frau Lund, wir helfen Ihnen gern bei der Suche nach der besten Lösung."
        ) > 0
    );
    assert!(wording(&both, "We help you with the books of the firm.") > 0);
}

#[test]
fn a_damaged_file_is_refused_with_the_reason() {
    let good = file("+0.300 we help\n");
    let error = |text: &str| WordingModel::parse(text).unwrap_err().to_string();
    assert!(matches!(WordingModel::parse("nonsense"), Err(WordingError::Syntax(_))));
    assert!(matches!(
        WordingModel::parse(&good[..good.len() / 2]),
        Err(WordingError::Syntax(_))
    ));
    assert!(error(&good.replace("format = 1", "format = 7")).contains("format 7"));
    let tokeniser = RuleSet::builtin().wording().next().unwrap().tokeniser();
    let foreign = error(&good.replace(tokeniser, "00000000deadbeef"));
    assert!(
        foreign.contains("00000000deadbeef") && foreign.contains(tokeniser),
        "{foreign}"
    );
    assert!(error(&good.replace("['en']", "['sv']")).contains("`sv`"));
    assert!(matches!(
        WordingModel::parse(&good.replace("['en']", "[]")),
        Err(WordingError::Language(_))
    ));
    assert!(error(&good.replace("0.100", "lots")).contains("bias is `lots`"));
    for (lines, wrong) in [
        ("+0.300\n", "a weight and a sequence are needed"),
        (
            "+0.300 we help\n11.0 we\n",
            "line 2 of the sequences, `11.0 we`: the weight is no decimal",
        ),
        ("nan we\n", "the weight is no decimal"),
        ("+0.300 we help you grow\n", "a sequence has one to three parts"),
        ("+0.300 we {thing}\n", "there is no class `{thing}`"),
        ("+0.300 we  help\n", "a word is missing"),
        ("+0.300 we help\n+0.100 we help\n", "stands twice"),
    ] {
        let found = error(&file(lines));
        assert!(found.contains(wrong), "{lines:?}: {found}");
    }
    let many: String = (0..20_000).map(|n| format!("+0.001 w{n}\n")).collect();
    assert!(error(&file(&many)).contains("at most 16384"));
}

#[test]
fn the_built_in_model_fits_and_survives_writing() {
    let set = RuleSet::builtin();
    let model = set.wording().next().expect("the embedded model fits this version");
    assert!(model.len() > 500, "{} sequences", model.len());
    assert!(model.provenance().is_some());
    let text = model.to_toml();
    assert!(text.len() < 256 << 10, "{} bytes", text.len());
    let back = WordingModel::parse(&text).unwrap();
    assert_eq!(&back, model);
    assert_eq!(back.fingerprint(), model.fingerprint());
}

#[test]
fn another_model_is_another_rule_set() {
    let set = RuleSet::builtin();
    let other = set.clone().with_wording(model("+0.300 we help\n"));
    assert_ne!(set.fingerprint(), other.fingerprint());
    assert_ne!(set.structure_fingerprint(), other.structure_fingerprint());
}

/// Sentences around names, firms, figures and links, as people write them.
const FRAMES: &[&str] = &[
    "Hi {n}, I saw that {c} opened a site in {p}. We helped {c2} cut {q} and I wondered who looks after that at {c}? See {u}",
    "Thanks {n}. The invoice of {c} is still wrong, {q} too much. {n2} has the papers, could you ask {n2} on Monday?",
    "Dear {n}, at {c} we help teams like {c2} with {q} of savings. Would you be open to a chat with {n2}? {u}",
    "I met {n2} of {c} in {p} last week, who said you know the {c2} case. Do you still have the drawings from the {q} job?",
    "Together with {c2} we bring {q} to firms in {p}, worth a quick look, {n}? Happy to send the deck from {u}",
];

const SLOTS: [&str; 7] = ["{n}", "{n2}", "{c}", "{c2}", "{p}", "{q}", "{u}"];

fn filled(frame: &str, values: [&str; 7]) -> String {
    SLOTS
        .iter()
        .zip(values)
        .fold(frame.to_owned(), |text, (slot, value)| text.replace(slot, value))
}

/// How far the strength of a wording row may move, in thousandths, if names, companies, numbers and links are replaced.
const NAME_BOUND: i64 = 0;

proptest! {
    #[test]
    fn names_companies_numbers_and_links_do_not_count(
        frame in 0..FRAMES.len(),
        // A short name may be a number in some language, as "Een" is one in Dutch, and then is read as one.
        first in prop::array::uniform4("[A-Z][a-z]{5,9}"),
        second in prop::array::uniform4("[A-Z][a-z]{5,9}( [A-Z][a-z]{5,9})?"),
        place in "[A-Z][a-z]{3,9}",
        numbers in prop::array::uniform2(2u32..9_000),
        hosts in prop::array::uniform2("[a-z]{3,10}"),
    ) {
        // These are polite forms inside a sentence, not names.
        let polite = ["Sie", "Ihnen", "Ihr", "Ihre", "Ihren", "Ihrem", "Ihrer", "Ihres"];
        let words = first.iter().chain(&second).flat_map(|n| n.split(' '));
        prop_assume!(words.clone().all(|w| !polite.contains(&w)));
        let scorer = Scorer::builtin();
        let text = |k: usize| {
            let (figure, link) = (numbers[k].to_string(), format!("https://{}.example/x", hosts[k]));
            filled(FRAMES[frame], [&first[k], &first[k + 2], &second[k], &second[k + 2], &place, &figure, &link])
        };
        let (one, other) = (text(0), text(1));
        let (a, b) = (english(&scorer, &one), english(&scorer, &other));
        prop_assert!((a - b).abs() <= NAME_BOUND, "{a} {one:?}\n{b} {other:?}");
    }
}

/// What the detector should say, from the words alone and without any table.
fn reference(model: &WordingModel, text: &str) -> f64 {
    let bias = 0.1;
    let lower = text.to_lowercase();
    let sentences: Vec<Vec<&str>> = lower
        .split_inclusive(['.', '?'])
        .map(|s| {
            let mut words: Vec<&str> = s.trim_end_matches(['.', '?']).split_whitespace().collect();
            words.push(if s.ends_with('?') { "?" } else { "." });
            words
        })
        .filter(|s| s.len() > 1)
        .collect();
    let mut all: Vec<String> = vec![".".to_owned()];
    all.extend(sentences.iter().flatten().map(ToString::to_string));
    let mut seen = BTreeSet::new();
    for (n, sentence) in sentences.iter().enumerate() {
        let words = &sentence[..sentence.len() - 1];
        for (i, word) in words.iter().enumerate() {
            seen.insert((*word).to_owned());
            if n == 0 {
                seen.insert(format!("^ {word}"));
            } else if n == sentences.len() - 1 {
                seen.insert(format!("$ {word}"));
            }
            for gap in 2..=3 {
                if let Some(other) = words.get(i + gap) {
                    seen.insert(format!("{word} _ {other}"));
                }
            }
        }
        if sentence.last() == Some(&"?") {
            seen.insert("?".to_owned());
        }
    }
    for n in 2..=3 {
        seen.extend(all.windows(n).map(|w| w.join(" ")));
    }
    let found: Vec<f64> = model
        .sequences()
        .filter(|(text, _)| seen.contains(*text))
        .map(|(_, w)| f64::from(w) / 1000.0)
        .collect();
    let side = |sign: f64| found.iter().filter(|w| **w * sign > 0.0).sum::<f64>();
    (bias + found.iter().sum::<f64>()).clamp(side(-1.0), side(1.0))
}

proptest! {
    #[test]
    fn agrees_with_the_slow_reference(
        words in prop::collection::vec(prop::sample::select(vec!["we", "help", "paint", "fences", "with", "green", "the", ".", "?"]), 1..24),
        weights in prop::collection::vec(-900i32..900, 14),
    ) {
        let sequences = [
            "we", "help", "we help", "paint fences", "help with green", "we _ fences", "the _ green", "^ paint",
            "$ green", "fences ?", "?", ". we", "green . the", "paint fences with",
        ];
        let lines: String = sequences
            .iter()
            .zip(&weights)
            .map(|(s, w)| format!("{} {s}\n", huckster::Weight::milli(*w)))
            .collect();
        let mut text = String::new();
        for word in &words {
            if !text.is_empty() && !matches!(*word, "." | "?") {
                text.push(' ');
            }
            // Marks one after the other would be one end; a sentence needs a word.
            if matches!(*word, "." | "?") && text.ends_with(['.', '?']) || text.is_empty() && matches!(*word, "." | "?") {
                continue;
            }
            text.push_str(word);
        }
        let model = model(&lines);
        let expected = reference(&model, &text);
        let scorer = Scorer::builder()
            .rules(RuleSet::empty().overlay(wording_rules()).unwrap().with_wording(model))
            .build()
            .unwrap();
        let strength = english(&scorer, &text);
        let expected = (expected.abs() * 1000.0 / 3.0).min(1000.0).copysign(expected);
        prop_assert!((strength as f64 - expected).abs() <= 1.001, "{strength} {expected} {text:?}");
    }
}

/// The rules of the detector alone.
fn wording_rules() -> RuleSet {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/wording.toml");
    RuleSet::load(path).unwrap()
}

/// Pitches and letters that differ in one turn of phrase, in files of their own.
fn corpus() -> Corpus {
    let things = [
        "fences", "boats", "roofs", "tiles", "doors", "sheds", "barns", "walls", "lofts", "pumps", "ovens", "looms",
    ];
    let places = [
        "at home",
        "in the yard",
        "by the river",
        "for the school",
        "over there",
        "up the hill",
    ];
    let mut corpus = Corpus::new();
    for (t, thing) in things.iter().enumerate() {
        for (p, place) in places.iter().enumerate() {
            let pitch = format!("we help you paint the {thing} {place}, would you be open to that?");
            let genuine = format!("could you tell me who painted the {thing} {place} when you were there?");
            for (text, label) in [(pitch, Label::Pitch), (genuine, Label::Genuine)] {
                let id = format!("{label}-{t}-{p}");
                corpus
                    .push(Labeled::new(&id, Message::direct(text), label).cluster(format!("{label}-{t}")))
                    .unwrap();
            }
        }
    }
    corpus
}

#[test]
fn training_finds_the_turn_of_phrase_and_is_the_same_every_time() {
    let corpus = corpus();
    let scorer = Scorer::builtin();
    let mut options = WordingOptions::default();
    options.language_clusters = 10;
    let fit = corpus.fit_wording(&scorer, &options).unwrap();
    assert_eq!(fit.roc_auc, Some(1.0));
    let weight = |text: &str| fit.model.sequences().find(|(s, _)| *s == text).map(|(_, w)| w);
    assert!(weight("we help").unwrap() > 0 && weight("could you tell").unwrap() < 0);
    options.threads = huckster::eval::Threads::Exactly(std::num::NonZeroUsize::MIN);
    let again = corpus.fit_wording(&scorer, &options).unwrap();
    assert_eq!(fit.model.to_toml(), again.model.to_toml());
    assert_eq!(fit.held_out, again.held_out);
    assert_eq!(WordingModel::parse(&fit.model.to_toml()).unwrap(), fit.model);

    // An absolute penalty makes it smaller, a limit smaller still.
    options.sparsity = 1.0;
    let sparse = corpus.fit_wording(&scorer, &options).unwrap();
    assert!(
        sparse.model.len() < fit.model.len(),
        "{} {}",
        sparse.model.len(),
        fit.model.len()
    );
    options.sequences = 10;
    assert!(corpus.fit_wording(&scorer, &options).unwrap().model.len() <= 10);
    options.language_clusters = 100;
    assert!(
        corpus
            .fit_wording(&scorer, &options)
            .unwrap_err()
            .to_string()
            .contains("independent clusters")
    );
}

#[test]
fn held_out_scores_take_the_place_of_those_in_a_log() {
    let corpus = corpus();
    let scorer = Scorer::builtin();
    let mut options = WordingOptions::default();
    options.language_clusters = 10;
    let fit = corpus.fit_wording(&scorer, &options).unwrap();
    let log = fit.apply(corpus.run(&scorer));
    for (message, total) in log.messages().zip(&fit.held_out) {
        let total = total.unwrap();
        let expected = (total.abs() * 1000 / 3000).min(1000) as u32;
        let id = if total > 0 { OUTREACH } else { LETTER };
        let own: Vec<(&str, u32)> = message.hits().filter(|(id, _)| id.starts_with("wording.")).collect();
        if expected > 0 {
            assert_eq!(own, [(id, expected)]);
        } else {
            assert!(own.is_empty());
        }
    }
    assert_eq!(
        log.fit(&huckster::eval::FitOptions::default())
            .unwrap()
            .after
            .roc_auc
            .value,
        Some(1.0)
    );
}
