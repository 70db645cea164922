//! Texts and files that nobody means well with.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests may stop at what must not happen"
)]

use std::fmt::Write as _;

use huckster::{
    Body, MAX_FIELD_BYTES, Message, Party, Profile, ReviewReason, RuleSet, Scorer, Thread, Turn, Verdict,
    testing::check_evidence,
};

/// Judges and checks what holds for every verdict.
fn judge(scorer: &Scorer, message: Message<'_>) -> Verdict {
    let verdict = scorer.judge(message.clone());
    check_evidence(&verdict, &message).unwrap();
    let longest = message.body.text().map_or(0, str::len);
    assert_eq!(
        verdict.truncated,
        longest > MAX_FIELD_BYTES,
        "a text of {longest} bytes"
    );
    assert_eq!(
        verdict.review_reasons.contains(&ReviewReason::Truncated),
        verdict.truncated
    );
    verdict
}

/// Judges `piece` repeated, on each side of the cap and in every field.
fn repeated(piece: &str) -> Verdict {
    let scorer = Scorer::builtin();
    for bytes in [64, 4096, MAX_FIELD_BYTES - 3, MAX_FIELD_BYTES, MAX_FIELD_BYTES + 1] {
        judge(&scorer, Message::text(piece.repeat(bytes / piece.len())));
    }
    let text = piece.repeat(100_000 / piece.len().min(100) + 1);
    let everywhere = Profile::new()
        .name(text.clone())
        .headline(text.clone())
        .about(text.clone());
    let everywhere = everywhere.position(huckster::Position::current(text.clone(), text.clone()));
    // Long headlines against long texts have a test of their own.
    let mut me = everywhere.clone();
    me.headline = None;
    let message = Message::inmail(text.clone(), text.clone())
        .sender(everywhere)
        .recipient(me);
    let whole = scorer.judge(message.clone());
    check_evidence(&whole, &message).unwrap();
    assert_eq!(whole.truncated, !piece.trim().is_empty(), "{piece:?}");
    judge(&scorer, Message::text(text))
}

#[test]
fn a_megabyte() {
    let text = "We help founders 10X their revenue, worth a quick call? ".repeat(20_000);
    assert!(text.len() > 1_000_000);
    let verdict = judge(&Scorer::builtin(), Message::text(text.as_str()));
    assert!(verdict.truncated);
    assert_eq!(
        verdict.decision.to_string(),
        "review",
        "what was not read may change all"
    );
    // All evidence lies in what was read.
    for evidence in verdict.rows.iter().flat_map(|r| r.evidence()) {
        if let huckster::Evidence::Text { end, .. } = evidence {
            assert!(*end as usize <= MAX_FIELD_BYTES);
        }
    }
    assert!(
        verdict.fired("sales.multiplier") || verdict.rules().count() >= 2,
        "{}",
        verdict.explain()
    );
}

#[test]
fn a_long_field_of_a_profile_is_truncated_too() {
    let scorer = Scorer::builtin();
    let about = "I keep bees. ".repeat(2000);
    let message = Message::text("Hello").sender(Profile::new().headline(about));
    assert!(scorer.judge(message).truncated);
    let exact = "I keep bees. ".repeat(2000)[..MAX_FIELD_BYTES].to_owned();
    let message = Message::text("Hello").sender(Profile::new().headline(exact));
    assert!(!scorer.judge(message).truncated);
}

/// Were the headline compared with the text word by word from every place, this would not end today.
#[test]
fn a_long_headline_against_a_long_text() {
    let words = "FN ".repeat(MAX_FIELD_BYTES / 3);
    judge(
        &Scorer::builtin(),
        Message::text(words.clone()).recipient(Profile::new().headline(words)),
    );
}

/// A note of LinkedIn's length whose last word follows a blank of several bytes.
#[test]
fn notes_at_the_limit_of_characters() {
    for blank in ["\u{a0}", "\u{2008}", "\u{3000}"] {
        for length in 190..=310 {
            judge(&Scorer::builtin(), Message::text("x".repeat(length) + blank + "and"));
        }
    }
}

/// The cap may fall inside a character or a cluster.
#[test]
fn the_cap_falls_anywhere() {
    let scorer = Scorer::builtin();
    for piece in ["é", "你", "🚀", "👨‍👩‍👧‍👦", "e\u{301}", "สวัสดี"] {
        for shift in 0..5 {
            let text = "x".repeat(shift) + &piece.repeat(MAX_FIELD_BYTES / piece.len() + 2);
            assert!(judge(&scorer, Message::text(text)).truncated);
        }
    }
}

#[test]
fn signs_in_their_thousands() {
    for piece in [
        "🚀",
        "👨‍👩‍👧‍👦",
        "🇳🇱",
        "👍🏽",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "{{",
        "}}",
        "{{{",
        "<",
        ">",
        "%",
        "%%",
        "@",
        "#",
        "&",
        "*|",
        "|*",
        "~~",
        "${",
        "_FN_",
        ".",
        "..",
        "...",
        ",",
        "-",
        "--",
        "—",
        "_",
        "/",
        "\\",
        "\"",
        "'",
        "’",
        "`",
        "?",
        "!",
        "?!",
        "$",
        "€",
        "+",
        "0",
        "9",
        "1,",
        "1.",
        "-1",
        "1-",
        "0x",
        "10x",
        "5%",
        "$1",
        "\0",
        "\u{7f}",
        "\u{200B}",
        "\u{202E}",
        "\u{FEFF}",
        "\u{301}",
        "\u{1AB0}",
        "\u{20DD}",
        "\n",
        "\r\n",
        "\t",
        " ",
        "\u{a0}",
        "\u{2028}",
        "a.",
        "a@",
        "a@b.",
        "www.",
        "http://",
        "https://a",
        "://",
        "a/",
        "a b ",
        "f r e e ",
        "l3",
        "К",
        "ａ",
        "𝗮",
    ] {
        repeated(piece);
    }
}

#[test]
fn scripts_without_blanks_or_from_the_right() {
    for piece in [
        "你好世界",
        "สวัสดีครับ",
        "שלום עולם ",
        "مرحبا بالعالم ",
        "こんにちは",
        "안녕하세요 ",
        "नमस्ते ",
        "ខ្មែរ",
        "ශ්‍රී",
        "\u{202E}abc\u{202C} ",
        "ﷺ",
        "İ",
        "ß",
        "ǅ",
        "ﬃ",
        "ΐ",
    ] {
        repeated(piece);
    }
}

#[test]
fn words_and_links_without_end() {
    for text in [
        "a".repeat(100_000),
        "ab-".repeat(50_000),
        "don't".repeat(20_000),
        format!("https://example.org/{}", "a/".repeat(50_000)),
        format!("https://example.org/?{}", "utm_source=x&".repeat(10_000)),
        format!("{}.com", "sub.".repeat(30_000)),
        format!("{}@example.org", "a.".repeat(40_000)),
        format!("+{}", "49 ".repeat(40_000)),
        format!("{}{}", "{".repeat(50_000), "}".repeat(50_000)),
        format!("{}first_name{}", "{{".repeat(3000), "}}".repeat(3000)),
        format!("{{{}}}", "Hi|".repeat(30_000)),
        format!("Hi {}", "Marta ".repeat(20_000)),
        "Best,\n".repeat(20_000),
        "Hi Marta,\n".repeat(20_000),
        "1 2 3 4 5 6 7 8 9 million dollars per month ".repeat(3000),
    ] {
        let scorer = Scorer::builtin();
        judge(&scorer, Message::text(text.as_str()));
        // And the longest part of it that is read whole.
        let end = (0..=MAX_FIELD_BYTES).rev().find(|i| text.is_char_boundary(*i)).unwrap();
        let me = Profile::new()
            .name("Marta Lindqvist")
            .headline("Marta | Marta | Marta")
            .about(&text[..end]);
        judge(&scorer, Message::text(&text[..end]).recipient(me));
    }
}

#[test]
fn white_space_alone_is_no_text() {
    for text in ["", " ", "\n\t", "\u{a0}", "\u{2003}\u{3000}"] {
        assert_eq!(Message::text(text).body, Body::Blank, "{text:?}");
    }
    // What cannot be seen is not white space, but it is a verdict too.
    for text in ["\u{200B}", "\0", "\u{301}", "\u{FEFF}"] {
        judge(&Scorer::builtin(), Message::invitation(text));
    }
}

#[test]
fn lone_surrogates_in_json_are_errors() {
    for json in [
        r#"{"text": "\ud800"}"#,
        r#"{"text": "a\udc00b"}"#,
        r#"{"text": "\ud83dx"}"#,
        r#"{"sender": {"headline": "\ud800\ud800"}}"#,
        r#"{"facts": {"\udfff": true}}"#,
    ] {
        let error = Message::from_json(json).unwrap_err();
        assert!(
            error.line == 1 && error.column > 1 && error.column <= json.len() + 1,
            "{json}: {error}"
        );
        assert!(Message::from_json_lenient(json).is_err(), "{json}");
    }
    let pair = Message::from_json(r#"{"text": "\ud83d\ude80"}"#).unwrap();
    assert_eq!(pair.body.text(), Some("🚀"));
}

#[test]
fn json_that_is_no_message_is_an_error() {
    let deep = format!("{{\"facts\": {}1{}}}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let unknown = format!("{{\"mood\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for json in [
        "",
        "{",
        "null",
        "[]",
        "\"\"",
        "{}{}",
        "{\"text\": {}}",
        "{\"text\": []}",
        "\0",
        "{\"timing\": 5}",
        &deep,
        &unknown,
    ] {
        let shown: String = json.chars().take(30).collect();
        let error = Message::from_json(json).expect_err(&shown);
        assert!(error.line >= 1 && error.column <= json.len() + 1, "{shown}: {error}");
    }
    // Numbers outside their range.
    for json in [
        r#"{"sender": {"connections": -1}}"#,
        r#"{"sender": {"connections": 4294967296}}"#,
        r#"{"relationship": {"degree": 1.5}}"#,
        r#"{"timing": {"since_acceptance_s": 1e400}}"#,
        r#"{"timing": {"sent_at": "2026-02-30T00:00:00Z"}}"#,
    ] {
        assert!(Message::from_json(json).is_err(), "{json}");
    }
    let most = r#"{"text": "Hello", "channel": "invitation", "timing": {"since_acceptance_s": 18446744073709551615,
        "since_previous_message_s": 18446744073709551615, "since_profile_view_s": 18446744073709551615,
        "sent_at": 9223372036854775807}, "thread": [{"from": "sender", "at": -9223372036854775808}],
        "campaign": {"copies": 4294967295, "distinct_senders": 4294967295},
        "sender": {"connections": 4294967295, "account_age_days": 0}, "relationship": {"mutual_connections": 4294967295}}"#;
    judge(&Scorer::builtin(), Message::from_json(most).unwrap());
}

#[test]
fn a_thread_of_ten_thousand_turns() {
    let turn = |i: usize| Turn {
        from: if i == 0 { Party::Recipient } else { Party::Sender },
        text: Some(format!("Just bumping this, number {i}").into()),
        at: None,
    };
    let message = Message::text("Any thoughts?").thread((0..10_000).map(turn));
    let verdict = judge(&Scorer::builtin(), message.clone());
    assert!(verdict.fired("mitigation.mutual-thread"), "{}", verdict.explain());
    // With a rule that looks there.
    let set = RuleSet::parse(
        "t.toml",
        "[[group]]\nid = \"g\"\nknee = 1\n[[rule]]\nid = \"t.bump\"\ngroup = \"g\"\nweight = 0.5\nsummary = \"s\"\n\
         fields = [\"thread\"]\nphrases = [\"bumping this\"]\ncount = { max = 5, step = 0.5 }\n",
    )
    .unwrap();
    let verdict = judge(&Scorer::builder().rules(set.clone()).build().unwrap(), message);
    let row = verdict.rules().next().unwrap();
    assert_eq!((row.strength, row.evidence.len()), (3000, 6));
    // More turns than a place can number.
    let message = Message::text("Any thoughts?").thread((0..70_000).map(turn));
    judge(&Scorer::builder().rules(set).build().unwrap(), message);
}

#[test]
fn ladders_of_any_height() {
    let counts = Thread::Counts {
        unanswered: Some(u32::MAX),
        recipient_replied: Some(false),
    };
    let mut message = Message::text("Any thoughts?");
    message.thread = Some(counts);
    assert!(judge(&Scorer::builtin(), message).fired("automation.follow-up-ladder"));
}

#[test]
fn ten_thousand_facts() {
    let scorer = Scorer::builtin();
    let plain = scorer.judge("Hello there");
    let message = (0..10_000).fold(Message::text("Hello there"), |m, i| {
        m.fact(format!("crm.f{i}"), i64::from(i))
    });
    assert_eq!(judge(&scorer, message.clone()), plain, "facts that no rule asks for");
    let set = RuleSet::parse(
        "t.toml",
        "[[group]]\nid = \"g\"\nknee = 1\n[[rule]]\nid = \"t.fact\"\ngroup = \"g\"\nweight = 0.5\nsummary = \"s\"\n\
         when = { \"facts.crm.f9999\" = \">=9999\" }\n",
    )
    .unwrap();
    assert!(judge(&Scorer::builder().rules(set).build().unwrap(), message).fired("t.fact"));
}

#[test]
fn a_profile_with_ten_thousand_positions() {
    let sender = (0..10_000).fold(Profile::new().headline("Coach"), |p, i| {
        p.position(huckster::Position::current(
            format!("Business coach number {i}"),
            "Acme",
        ))
    });
    judge(
        &Scorer::builtin(),
        Message::text("Hello").sender(sender.clone()).recipient(sender),
    );
}

/// A file of `rules` rules with `phrases` phrases each.
fn big_file(rules: usize, phrases: usize) -> String {
    let mut text = String::from("[[group]]\nid = \"g\"\nknee = 1\n");
    for rule in 0..rules {
        let _ = write!(
            text,
            "[[rule]]\nid = \"t.r{rule}\"\ngroup = \"g\"\nweight = 0.1\nsummary = \"s\"\nphrases = ["
        );
        for phrase in 0..phrases {
            // Letters only, so that each is a word of its own.
            let word = |mut n: usize| {
                let mut word = String::from("q");
                while n > 0 {
                    word.push(char::from(b'a' + (n % 20) as u8));
                    n /= 20;
                }
                word
            };
            let _ = write!(text, "\"{} {}\", ", word(rule + 1), word(phrase + 1));
        }
        text.push_str("]\n");
    }
    text
}

#[test]
fn a_rule_file_of_a_hundred_thousand_phrases() {
    let set = RuleSet::parse("big.toml", &big_file(1000, 100)).unwrap();
    assert!(set.validate().is_empty());
    let scorer = Scorer::builder().rules(set).build().unwrap();
    assert_eq!(scorer.automaton().0, 100_000);
    // qb is 1, qc is 2.
    let verdict = judge(&scorer, Message::text("Here is qb qc and that is all."));
    assert_eq!(verdict.rules().map(|r| r.rule.as_str()).collect::<Vec<_>>(), ["t.r0"]);
}

#[test]
fn one_rule_of_a_hundred_thousand_phrases() {
    let set = RuleSet::parse("big.toml", &big_file(1, 100_000)).unwrap();
    let scorer = Scorer::builder().rules(set).build().unwrap();
    assert!(judge(&scorer, Message::text("Here is qb qc and that is all.")).fired("t.r0"));
}

/// Twice the text, at most twice the findings and a little: what is found does not grow with the square.
#[test]
fn findings_grow_no_faster_than_the_text() {
    let scorer = Scorer::builtin();
    for piece in [
        "We help founders 10X their revenue, worth a quick call this week? ",
        "{{firstName}} null undefined ",
        "quick call call call free free audit audit ",
        "Let's connect. I came across your profile. ",
        "your your your role role at at at you you ",
    ] {
        let count = |times: usize| scorer.inspect(piece.repeat(times)).findings().count();
        let (once, often) = (count(10), count(80));
        assert!(
            often <= once * 8 + 16,
            "{piece}: {once} findings become {often} in eight times the text"
        );
    }
}

/// Were any step quadratic in the number of tokens, fifty of these would take minutes.
#[test]
fn fifty_of_the_worst_texts() {
    let scorer = Scorer::builtin();
    let mut scratch = scorer.scratch();
    let me = Profile::new()
        .name("Marta Lindqvist")
        .headline("a a a a a a | a a a a")
        .about("a ".repeat(4000));
    let prepared = scorer.prepare_recipient(me.position(huckster::Position::current("a", "a b c")));
    let pieces = [
        "a ",
        "{{a}} ",
        "[a](",
        "http://a ",
        "a@b ",
        "1 ",
        "f r e e ",
        "your at ",
        "(",
        "Best,\n",
        "don't ",
        "🚀",
        "%a%",
        "a.b.",
    ];
    for i in 0..50 {
        let text = pieces[i % pieces.len()].repeat(MAX_FIELD_BYTES);
        let message = Message::text(&text[..MAX_FIELD_BYTES / 4 * 4]).recipient(&prepared);
        scorer.judge_with(&mut scratch, &message);
    }
}

fn errors(name: &str, text: &str) {
    let shown: String = text.chars().take(40).collect();
    let error = RuleSet::parse(name, text).expect_err(&shown);
    assert!(!error.diagnostics().is_empty(), "{shown}");
    for diagnostic in error.diagnostics() {
        let code = diagnostic.code.as_str();
        assert!(code.len() == 5 && code.starts_with("HK"), "{code}");
        assert_eq!(diagnostic.file, name);
        assert!(
            diagnostic.line >= 1 && diagnostic.line <= text.lines().count() + 1,
            "{diagnostic}"
        );
        assert!(
            diagnostic.column >= 1 && diagnostic.span.start <= text.len(),
            "{diagnostic}"
        );
        assert!(diagnostic.to_string().contains(code), "{diagnostic}");
        assert!(diagnostic.to_string().len() < 4000, "a message as long as the file");
    }
}

#[test]
fn files_that_are_no_rule_files() {
    for text in [
        "[[rule",
        "[[rule]]\nid = \"",
        "[[rule]]\nid = '''",
        "a = [1, 2",
        "= 5",
        "a",
        "a = ",
        "\u{1}\u{2}\u{3}",
        "a = \"\\q\"",
        "[a]\n[a]",
        "a = 1\na = 2",
        "[[rule]]\nid = \"é🚀",
        "format = 99999999999999999999999",
        "rule = 5",
        "[[group]]\nid = 5\nknee = 1",
        "\u{FEFF}\u{FEFF}a",
        "a = 2026-99-99",
        "[[rule]]\nphrases = [[[\"a\"]]]",
        "[rule]\nid = \"a.b\"",
    ] {
        errors("bad.toml", text);
    }
    for text in [
        "",
        "{",
        "[]",
        "null",
        "5",
        "\"a\"",
        "{\"rule\": [}",
        "{\"rule\": 5}",
        "{\"rule\": [5]}",
        "\u{0}",
        "{\"rule\": [{\"id\": \"é",
    ] {
        errors("bad.json", text);
    }
    let junk: String = (0..20_000u32)
        .filter_map(|i| char::from_u32(i.wrapping_mul(2_654_435_761) % 0x11_0000))
        .collect();
    errors("junk.toml", &junk);
    errors("junk.json", &junk);
    let long = format!("a = \"{}", "x".repeat(1_000_000));
    errors("long.toml", &long);
}

#[test]
fn an_empty_file_is_an_empty_set() {
    for text in ["", "\n", "# only a remark\n", "format = 1"] {
        let set = RuleSet::parse("empty.toml", text).unwrap();
        assert_eq!(set.rules().count(), 0);
        let verdict = Scorer::builder().rules(set).build().unwrap().judge("Worth a call?");
        assert_eq!(verdict.score.as_milli(), 0);
    }
}

#[test]
fn files_that_are_not_text_or_not_there() {
    let folder = std::env::temp_dir().join(format!("huckster-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("bytes.toml");
    std::fs::write(&path, [0xff, 0xfe, 0x00, 0x80]).unwrap();
    let bytes = RuleSet::load(&path).unwrap_err().to_string();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(bytes.contains("HK001") && bytes.contains("bytes.toml"), "{bytes}");
    let gone = RuleSet::load(&path).unwrap_err().to_string();
    assert!(gone.contains("HK001") && gone.contains("bytes.toml"), "{gone}");
}

#[test]
fn a_phrase_with_a_million_expansions() {
    let rule = |phrase: &str| {
        format!(
            "[[group]]\nid = \"g\"\nknee = 1\n[[rule]]\nid = \"t.r\"\ngroup = \"g\"\nweight = 1\nsummary = \"s\"\nphrases = [\"{phrase}\"]\n"
        )
    };
    let optional = "[alpha] ".repeat(20) + "omega";
    let choices = "(alpha|beta) ".repeat(20) + "omega";
    let nested = "(a|(b|".repeat(30) + "c" + &"))".repeat(30);
    let deep = "[".repeat(50_000) + "a" + &"]".repeat(50_000);
    let wide = format!("({})", vec!["word"; 100_000].join("|"));
    for phrase in [&optional, &choices, &nested, &deep, &wide] {
        let shown: String = phrase.chars().take(30).collect();
        let set = RuleSet::parse("t.toml", &rule(phrase)).unwrap();
        let problems: Vec<_> = set
            .validate()
            .into_iter()
            .filter(huckster::Diagnostic::is_error)
            .collect();
        match Scorer::builder().rules(set).build() {
            Ok(scorer) => {
                assert!(problems.is_empty(), "{shown}: {}", problems[0]);
                judge(&scorer, Message::text("alpha beta omega ".repeat(400)));
            }
            Err(error) => {
                assert_eq!(problems.len(), 1, "{shown}: {error}");
                assert_eq!(problems[0].code.as_str(), "HK030");
                assert!(problems[0].to_string().len() < 1000, "{shown}");
            }
        }
    }
    let works = RuleSet::parse("t.toml", &rule(&choices)).unwrap();
    if let Ok(scorer) = Scorer::builder().rules(works).build() {
        let text = "alpha beta ".repeat(10) + "omega";
        assert!(judge(&scorer, Message::text(text)).fired("t.r"));
    }
}

/// Whether this test, run again in a process of its own, ends well there: a stack that overflows takes its process along.
fn survives(test: &str, work: impl Fn()) {
    const INSIDE: &str = "HUCKSTER_HOSTILE_INSIDE";
    if std::env::var_os(INSIDE).is_some() {
        return work();
    }
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.len() < 4000 && output.status.success(),
        "{}: {said:.800}",
        output.status
    );
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "`{test}` is not the name of the test"
    );
}

const DEEP: usize = 1 << 16;

#[test]
fn deeply_nested_toml() {
    survives("deeply_nested_toml", || {
        errors("deep.toml", &format!("a = {}{}", "[".repeat(DEEP), "]".repeat(DEEP)));
        errors("deep.toml", &format!("a = {}", "[".repeat(DEEP)));
        errors("deep.toml", &format!("a = {}1{}", "{b=".repeat(DEEP), "}".repeat(DEEP)));
    });
}

#[test]
fn toml_with_a_deep_key() {
    survives("toml_with_a_deep_key", || {
        errors("deep.toml", &format!("{}a = 1", "a.".repeat(DEEP)));
        errors("deep.toml", &format!("[{}a]\nb = 1", "a.".repeat(DEEP)));
    });
}

#[test]
fn deeply_nested_json() {
    survives("deeply_nested_json", || {
        errors(
            "deep.json",
            &format!("{{\"rule\": {}{}}}", "[".repeat(DEEP), "]".repeat(DEEP)),
        );
        errors(
            "deep.json",
            &format!("{{\"rule\": [{}1{}]}}", "{\"a\":".repeat(DEEP), "}".repeat(DEEP)),
        );
    });
}
