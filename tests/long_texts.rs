//! Texts far beyond the default limit, read whole, and what is left out where a limit cuts.
#![allow(clippy::unwrap_used, reason = "tests may stop at what must not happen")]

mod common;

use huckster::{
    Evidence, MAX_FIELD_BYTES, MAX_FIELD_BYTES_RANGE, Message, Position, Profile, Scorer, Verdict,
    testing::check_evidence,
};

const MEGABYTE: usize = 1_000_000;

/// Says nothing of interest.
const FILLER: &str = "The pump in the cellar ran all night, and nobody heard it. ";

fn whole() -> Scorer {
    Scorer::builtin().with_max_field_bytes(2 * MEGABYTE)
}

/// `FILLER`, a megabyte of it.
fn filler() -> String {
    FILLER.repeat(MEGABYTE / FILLER.len() + 1)
}

/// The excerpts of a rule, with their places.
fn excerpts(verdict: &Verdict, rule: &str) -> Vec<(usize, String)> {
    let rows = verdict.rules().filter(|row| row.rule == rule);
    rows.flat_map(|row| &row.evidence)
        .filter_map(|evidence| match evidence {
            Evidence::Text { start, excerpt, .. } => Some((*start as usize, excerpt.clone())),
            _ => None,
        })
        .collect()
}

#[test]
fn places_far_into_a_text_point_at_their_words() {
    let filler = FILLER.repeat(MEGABYTE / 2 / FILLER.len());
    // Letters of several bytes before, so that places in bytes, characters and UTF-16 differ.
    let text = format!(
        "Grüße 🙂 aus Köln. {filler}See https://calendly.com/jo/15min or hi {{{{firstName}}}}. {filler}{{{{lastName}}}}"
    );
    let message = Message::direct(text.as_str());
    let verdict = whole().judge(message.clone());
    assert!(!verdict.truncated);
    check_evidence(&verdict, &message).unwrap();
    let places = |of: &str| {
        text.match_indices(of)
            .map(|(at, _)| (at, of.to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        excerpts(&verdict, "automation.leftover-field"),
        [places("{{firstName}}"), places("{{lastName}}")].concat()
    );
    assert_eq!(
        excerpts(&verdict, "sales.calendar-link"),
        places("https://calendly.com/jo/15min")
    );
}

#[test]
fn a_pitch_at_the_end_is_found_if_the_limit_allows() {
    let text = filler() + "We help founders 10X their revenue. Are you open to a quick call this week?";
    let pitch = |scorer: &Scorer| {
        let verdict = scorer.judge(text.as_str());
        (verdict.fired("sales.income"), verdict.truncated)
    };
    assert_eq!(pitch(&Scorer::builtin()), (false, true));
    assert_eq!(pitch(&whole()), (true, false));
    // The last byte that it needs is the last of "revenue".
    let end = text.find("revenue").unwrap() + "revenue".len();
    assert_eq!(pitch(&Scorer::builtin().with_max_field_bytes(end)), (true, true));
    assert_eq!(pitch(&Scorer::builtin().with_max_field_bytes(end - 1)), (false, true));
}

#[test]
fn the_limit_stays_in_its_range() {
    let (least, most) = (*MAX_FIELD_BYTES_RANGE.start(), *MAX_FIELD_BYTES_RANGE.end());
    let scorer = Scorer::builtin();
    assert_eq!(scorer.max_field_bytes(), MAX_FIELD_BYTES);
    for (given, taken) in [
        (0, least),
        (least, least),
        (5000, 5000),
        (most, most),
        (usize::MAX, most),
    ] {
        assert_eq!(scorer.with_max_field_bytes(given).max_field_bytes(), taken);
        let built = Scorer::builder().max_field_bytes(given).build().unwrap();
        assert_eq!(built.max_field_bytes(), taken);
    }
    // Other settings keep it.
    let other = scorer.with_max_field_bytes(5000).with_policy(scorer.policy().clone());
    assert_eq!(other.max_field_bytes(), 5000);
    assert_eq!(other.with_model(&other.model()).unwrap().max_field_bytes(), 5000);
}

/// What is behind the limit cannot show, in whatever a detector looks at.
#[test]
fn a_cut_text_is_judged_as_what_is_left_of_it() {
    let scorer = Scorer::builtin().with_max_field_bytes(0);
    let limit = scorer.max_field_bytes();
    let me = || {
        Profile::new()
            .name("Marta Lindqvist")
            .headline("Head of Data | Calder Rail")
            .position(Position::current("Head of Data", "Calder Rail Ltd."))
    };
    let lead = FILLER.repeat(limit / FILLER.len());
    for tail in [
        "two  blanks  here",
        "Hi ,",
        "`code` {{firstName}}",
        "how is Calder Rail Ltd. these days",
        "Head of Data | Calder Rail",
        "\"we help you grow fast\" they wrote",
        "worth a quick call this week?",
    ] {
        for start in ["", "{{firstName}} says: "] {
            let text = format!("{start}{lead}{}{tail} {tail}", "x ".repeat(limit / 2));
            let message = |text: &str| Message::direct(text.to_owned()).recipient(me());
            let (cut, left) = (scorer.judge(message(&text)), scorer.judge(message(&text[..limit])));
            assert!(cut.truncated && !left.truncated);
            assert_eq!(cut.rows, left.rows, "{tail}");
        }
    }
}

#[test]
fn a_higher_limit_changes_nothing_for_ordinary_messages() {
    let (usual, whole) = (Scorer::builtin(), whole());
    let mut compared = 0;
    for message in common::messages(300) {
        let verdict = usual.judge(message.clone());
        if !verdict.truncated {
            assert_eq!(verdict, whole.judge(message));
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared}");
}

/// Counters of function words must not stop at 65,535.
#[test]
fn the_language_of_a_long_text_is_that_of_a_short_one() {
    // Four words of English, two of Dutch, one of German.
    let piece = "is in the of ";
    for times in [10, MEGABYTE / piece.len()] {
        assert_eq!(whole().judge(piece.repeat(times)).lang, "en", "{times} times");
    }
}

/// A passage that is quoted is no evidence, be it the eight hundredth.
#[test]
fn all_quoted_passages_of_a_long_text_are_left_out() {
    let filler = FILLER.repeat(20);
    let quoted = format!("Look at this one again:\n> We help founders 10X their revenue.\n{filler}\n");
    let text = quoted.repeat(MEGABYTE / quoted.len());
    let verdict = whole().judge(text.as_str());
    assert_eq!(excerpts(&verdict, "sales.income"), []);
    let verdict = whole().judge(text + "We help founders 10X their revenue.");
    assert_eq!(excerpts(&verdict, "sales.income").len(), 1);
}

/// What one detector may report grows with the text, or the last words of a long one would go unheard.
#[test]
fn thousands_of_findings_leave_room_for_others() {
    let text = "{{firstName}} ".repeat(20_000) + &FILLER.repeat(2000) + "See https://bit.ly/2x";
    let verdict = whole().judge(text.as_str());
    assert!(verdict.fired("automation.leftover-field"));
    assert!(verdict.fired("automation.short-link"), "{}", verdict.explain());
}

#[test]
fn a_recipient_prepared_for_another_limit_is_read_anew() {
    let about = FILLER.repeat(200) + "I build spectrometers.";
    let profile = || {
        Profile::new()
            .name("Marta Lindqvist")
            .headline("Head of Data")
            .about(about.as_str())
    };
    let whole = whole();
    let text = "Hi Marta, we help founders 10X their revenue.";
    let expected = whole.judge(Message::direct(text).recipient(profile()));
    for scorer in [&whole, &Scorer::builtin()] {
        let me = scorer.prepare_recipient(profile());
        assert_eq!(whole.judge(Message::direct(text).recipient(&me)), expected);
    }
}

/// A step that grows with the square would take hours here.
#[test]
fn a_megabyte_of_anything_ends() {
    let me = Profile::new()
        .name("FN ".repeat(5000))
        .headline("FN ".repeat(100))
        .about("FN unusually ".repeat(5000))
        .position(Position::current("Head", "FN you at"));
    let scorer = whole();
    for piece in [
        "you ",
        "we help ",
        "your you to our team would you ",
        "{{first_name}} ",
        "{a|{b ",
        "[Company] {Hi|Hey} %NAME% ",
        "🚀",
        "👨‍👩‍👧 🙂🙏 ",
        "https://example.org/a?b=c ",
        "calendly.com/x ",
        "at undefined with null ",
        "15 minutes $5k half an hour 10x +49 30 1234567 ",
        "f r e e l3ads ",
        "\"",
        "\"a b c d\" ",
        "> we help you grow\n",
        "FN ",
        "a-",
        "a.",
        "a",
        "你好世界",
        "Best,\n",
        "quick call? ",
        "!",
        "  ",
        "Hi ,",
    ] {
        let text = piece.repeat(MEGABYTE / piece.len());
        let message = Message::direct(text.as_str()).recipient(me.clone());
        let verdict = scorer.judge(message.clone());
        assert!(!verdict.truncated, "{piece}");
        check_evidence(&verdict, &message).unwrap();
    }
}
