//! Tests of the prepared pass, with examples and properties.

use super::*;

/// The canonical stream with classes written out.
fn show(out: &Prepared) -> String {
    let mut s = String::new();
    for (i, token) in out.tokens().iter().enumerate() {
        if i > 0 {
            s.push(' ');
        }
        match token.kind {
            TokenKind::Word => s.push_str(out.word(i)),
            TokenKind::Stop => s.push('.'),
            TokenKind::Question => s.push('?'),
            kind => {
                let name = TokenKind::CLASSES.iter().find(|(_, k)| *k == kind).unwrap().0;
                s.push_str(&format!("{{{name}}}"));
            }
        }
    }
    s
}

#[test]
fn canonical_forms() {
    for (text, expected) in [
        ("", ". ."),
        ("   \n ", ". ."),
        ("Hello World", ". hello world ."),
        ("quick, 15-minute call", ". quick {duration} call ."),
        ("QUICK  15 minute\ncall", ". quick {duration} call ."),
        ("I'm sure we’ll see. Don't!", ". i am sure we will see . do not ."),
        ("can’t cannot won't let's", ". can not can not will not let us ."),
        ("done-for-you and/or this", ". done for you and or this ."),
        (
            "10X your revenue by 30% for $5k in 6-8 weeks",
            ". {multiple} your revenue by {percent} for {money} in {duration} .",
        ),
        (
            "half an hour, an hour, two weeks, 30 days",
            ". {duration} {duration} {duration} {duration} .",
        ),
        ("15 to 20 minutes", ". {duration} ."),
        (
            "see https://cal.com/x?y=1. Or calendly.com/me!",
            ". see {url} . or {url} .",
        ),
        (
            "Node.js 18 at 3.5 GHz e.g. now",
            ". node js {number} at {number} ghz e g now .",
        ),
        (
            "mail a.b+c@ex-ample.org or @tom #rust",
            ". mail {email} or {mention} {hashtag} .",
        ),
        ("call +49 30 1234567 or 555-010-0199", ". call {phone} or {phone} ."),
        (
            "in 2019-2024 and 10 000 000",
            ". in {number} and {number} {number} {number} .",
        ),
        ("the 2nd 3D B2B k8s", ". the 2nd 3d b2b k8s ."),
        (
            "€300 300 € 300 EUR EUR 300 3 million",
            ". {money} {money} {money} {money} {number} .",
        ),
        ("🎉🎉 🚀 great 👨‍👩‍👧", ". {emoji} great {emoji} ."),
        ("ﬁnally 𝗯𝗼𝗹𝗱 ｗｉｄｅ", ". finally bold wide ."),
        ("zero\u{200b}width so\u{ad}ft", ". zerowidth soft ."),
        ("cafe\u{301} Ünder", ". café ünder ."),
        ("sсаle", ". scale ."),
        ("привет мир", ". привет мир ."),
        ("Really?! Yes.", ". really ? yes ."),
        ("one\n\ntwo", ". one . two ."),
        ("one\r\ntwo\r\n\r\nthree", ". one two . three ."),
        ("R&D & Q&A", ". r and d and q and a ."),
        ("你好世界", ". 你 好 世 界 ."),
        (
            "Dr. Lim wrote. Maria K. Lund too.",
            ". dr lim wrote . maria k lund too .",
        ),
        (
            "{{first_name}} {company} ${HOME} [Name] [sic] %FIRSTNAME% 50% off",
            ". {placeholder} {placeholder} {placeholder} {placeholder} sic {placeholder} {percent} off .",
        ),
        ("{Hi|Hello|Hey} you", ". {placeholder} you ."),
        ("a\u{1}b \u{3} c", ". ab c ."),
        ("¿Qué tal?", ". qué tal ?"),
        ("at 9am or 14:30", ". at {number} or {number} ."),
    ] {
        let mut out = Prepared::default();
        out.read(text, Reading::default());
        let shown = show(&out);
        let expected = expected
            .strip_suffix('?')
            .map_or(expected.to_string(), |e| format!("{e}?"));
        assert_eq!(shown.trim_end(), expected, "{text:?}");
    }
}

#[test]
fn salutations() {
    for (text, expected, opening) in [
        ("Hi Sarah, quick one", ". hi {name} quick one .", 3),
        ("Hi Sarah - quick one", ". hi {name} quick one .", 3),
        ("Hey Sarah! Quick one", ". hey {name} . quick one .", 4),
        ("Hi Sarah saw your post", ". hi {name} saw your post .", 3),
        ("Dear Dr. Lim,\n\nI read", ". dear dr {name} . i read .", 5),
        ("hi alan, I read", ". hi {name} i read .", 3),
        ("Hi there, I read", ". hi there i read .", 3),
        ("Hello! I read", ". hello . i read .", 3),
        ("Hi, I am Tom", ". hi i am tom .", 2),
        ("Peter, saw your post", ". {name} saw your post .", 2),
        ("Evan — I built it", ". {name} i built it .", 2),
        ("Thanks, I will", ". thanks i will .", 1),
        ("We help founders", ". we help founders .", 1),
        ("Good morning Ana Lund, I read", ". good morning {name} i read .", 4),
        ("Bonjour Chloé, je lis", ". bonjour {name} je lis .", 3),
        (
            "Sehr geehrte Frau Müller, ich las",
            ". sehr geehrte frau {name} ich las .",
            5,
        ),
        ("Hi {{first_name}}, I read", ". hi {placeholder} i read .", 3),
        ("Would you?", ". would you ?", 1),
        ("Savez-vous combien", ". savez vous combien .", 1),
        ("Hi Sam-working on it", ". hi {name} working on it .", 3),
    ] {
        let mut out = Prepared::default();
        out.read(
            text,
            Reading {
                letter: true,
                ..Reading::default()
            },
        );
        assert_eq!(show(&out), expected, "{text:?}");
        assert_eq!(out.opening(), opening, "{text:?}: {}", show(&out));
    }
}

#[test]
fn sign_offs() {
    for (text, rest) in [
        ("Would love to talk.\n\nBest,\nTom", "best tom ."),
        ("Would love to talk. Kind regards, Tom Lee", "kind regards tom lee ."),
        ("Would love to talk\n- Cal", "cal ."),
        ("Would love to talk.", "."),
        ("Thanks for the talk", "."),
        ("Danke dir. Viele Grüße, Jana", "viele grüße jana ."),
        ("Done.\n\nThanks!\nDana", "thanks . dana ."),
    ] {
        let mut out = Prepared::default();
        out.read(
            text,
            Reading {
                letter: true,
                ..Reading::default()
            },
        );
        let shown = show(&out);
        let words: Vec<&str> = shown.split(' ').collect();
        assert_eq!(words[out.closing()..].join(" "), rest, "{text:?}: {shown}");
    }
}

/// Joined letters in front of a placeholder move it.
#[test]
fn every_placeholder_has_its_shape() {
    let mut vocabulary = Vocabulary::default();
    vocabulary.insert(b"free");
    let mut out = Prepared::default();
    out.read(
        "Dear [Name], a f r e e FNAME for {Hi|Hey} and f r e e FNAME",
        Reading {
            letter: true,
            vocabulary: Some(&vocabulary),
            ..Reading::default()
        },
    );
    use PlaceholderShape::{Bare, Bracket, Spintax};
    let shapes: Vec<_> = (0..out.tokens().len()).filter_map(|i| out.placeholder(i)).collect();
    assert_eq!(shapes, [Bracket, Bare, Spintax, Bare], "{}", show(&out));
    for (i, token) in out.tokens().iter().enumerate() {
        assert_eq!(
            token.kind == TokenKind::Placeholder,
            out.placeholder(i).is_some(),
            "{i}"
        );
    }
}

#[test]
fn masks_hide_the_recipient() {
    let mut masks = Masks::default();
    masks.add_name("Marta Lindqvist, PhD");
    masks.add_company("Norrvik Energi AB");
    masks.add_company("Apple");
    let mut out = Prepared::default();
    out.read(
        "Marta's team at Norrvik Energi's lab eats an apple at Apple",
        Reading {
            masks: Some(&masks),
            ..Reading::default()
        },
    );
    assert_eq!(
        show(&out),
        ". {name} team at {company} lab eats an apple at {company} ."
    );
}

#[test]
fn disguises_are_seen_through_for_phrase_words_only() {
    let mut vocabulary = Vocabulary::with_known_words();
    for word in ["free", "leads", "sales"] {
        vocabulary.insert(word.as_bytes());
    }
    let reading = Reading {
        vocabulary: Some(&vocabulary),
        disguises: true,
        ..Reading::default()
    };
    for (text, expected, disguised) in [
        ("fr33 l3ads $ales", ". free leads sales .", 3),
        ("f r e e audit", ". free audit .", 1),
        ("an f r e e", ". an free .", 1),
        ("a f r e e audit", ". a free audit .", 1),
        ("x y z t a b", ". x y z t a b .", 0),
        ("k8s web3 b2b", ". k8s web3 b2b .", 0),
        ("plan f r e", ". plan f r e .", 0),
    ] {
        let mut out = Prepared::default();
        out.read(text, reading);
        assert_eq!(show(&out), expected, "{text:?}");
        assert_eq!(out.stats().disguised, disguised, "{text:?}");
    }
}

#[test]
fn languages() {
    for (text, lang) in [
        ("I would like to ask you about the role at your company", Lang::En),
        ("Ich würde mich gerne mit Ihnen über das Projekt austauschen", Lang::De),
        (
            "Je me permets de vous contacter pour votre projet dans les transports",
            Lang::Fr,
        ),
        (
            "Me gustaría saber más del puesto y de los proyectos de su empresa",
            Lang::Es,
        ),
        (
            "Gostaria de saber mais sobre a vaga e o projeto da sua empresa, você teria um minuto?",
            Lang::Pt,
        ),
        (
            "Vorrei sapere di più sul progetto della vostra azienda, grazie",
            Lang::It,
        ),
        ("Ik wil graag weten hoe jullie het project aanpakken", Lang::Nl),
        ("Привет, как дела? Хочу спросить о вакансии", Lang::Other),
        ("hello", Lang::Unknown),
        ("", Lang::Unknown),
    ] {
        let mut out = Prepared::default();
        out.read(text, Reading::default());
        assert_eq!(out.lang(), lang, "{text}");
    }
}

#[test]
fn spans_point_at_the_words() {
    let text = "Dr. Lim — can’t we ‘scale’ 𝗯𝗼𝗹𝗱 leads in 15 minutes?";
    let mut out = Prepared::default();
    out.read(text, Reading::default());
    let pieces: Vec<&str> = out.tokens().iter().map(|t| t.span.text(text).unwrap()).collect();
    assert_eq!(
        pieces,
        [
            "",
            "Dr",
            "Lim",
            "ca",
            "n’t",
            "we",
            "scale",
            "𝗯𝗼𝗹𝗱",
            "leads",
            "in",
            "15 minutes",
            "?"
        ]
    );
}

#[test]
fn long_fields_are_cut_on_a_boundary() {
    let text = "é".repeat(MAX_FIELD_BYTES);
    let mut out = Prepared::default();
    out.read(&text, Reading::default());
    assert!(out.is_truncated());
    assert!(out.tokens().iter().all(|t| t.span.end as usize <= MAX_FIELD_BYTES));
}

mod properties {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    fn read(text: &str) -> Prepared {
        let mut out = Prepared::default();
        out.read(text, Reading::default());
        out
    }

    /// Texts as people and programs write them, from pieces with blanks or `joint` between.
    fn written_text(joint: &'static str) -> impl Strategy<Value = String> {
        const PIECES: &[&str] = &[
            "Hi Sam,",
            "can't",
            "15",
            "minutes",
            "to",
            "20",
            "$5k",
            "half",
            "an hour",
            "30 %",
            "https://a.org/b",
            "a@b.co",
            "#x",
            "@y",
            "!",
            "?",
            ".",
            ";",
            "\n\n",
            "\r\n",
            "🚀",
            "👩‍💻",
            "{{x}}",
            "[Name]",
            "{a|b}",
            "ﬁ",
            "sсale",
            "e\u{301}",
            "\u{200B}",
            "\u{0}",
            " 你好 ",
            " สวัสดี ",
            "שלום",
            "-",
            "—",
            "_FN_",
            "%NAME%",
            "f r e e",
            "l3ads",
            "+49 30 123456",
            "USD 300",
            "10x",
            "3rd",
            "&",
            "'",
            "’s",
        ];
        prop::collection::vec(
            (
                prop::sample::select(PIECES),
                prop_oneof![3 => Just(" "), 1 => Just(joint)],
            ),
            0..30,
        )
        .prop_map(|pieces| pieces.into_iter().flat_map(|(a, b)| [a, b]).collect())
    }

    /// The same, or anything at all.
    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![3 => written_text(""), 1 => any::<String>(), 1 => "[15𝗯𝟎ｗx ]{0,12}"]
    }

    proptest! {
        #[test]
        fn spans_are_in_order_on_boundaries_and_the_stream_is_well_formed(text in any_text(), letter: bool, headline: bool, disguises: bool) {
            let mut vocabulary = Vocabulary::with_known_words();
            vocabulary.insert(b"free");
            vocabulary.insert(b"leads");
            let mut masks = Masks::default();
            masks.add_name("Sam Roe");
            masks.add_company("Name");
            let mut out = Prepared::default();
            out.read(&text, Reading { letter, headline, masks: Some(&masks), vocabulary: Some(&vocabulary), disguises, ..Reading::default() });
            let tokens = out.tokens();
            prop_assert!(tokens.len() >= 2);
            prop_assert!(tokens[0].kind.is_break() && tokens[tokens.len() - 1].kind.is_break());
            prop_assert!(out.stream.starts_with(' ') && out.stream.ends_with(' '));
            prop_assert!(!out.canonical().contains("  "), "two blanks in {:?}", out.canonical());
            let mut end = 0;
            for (i, token) in tokens.iter().enumerate() {
                prop_assert!(token.span.text(&text).is_some(), "{:?} in {:?}", token, text);
                prop_assert!(token.span.start >= end, "overlap at {:?} in {:?}", token, text);
                end = token.span.end;
                let word = out.word(i);
                prop_assert_eq!(token.word, vocabulary.get(word.as_bytes()), "the number of {:?}", word);
                prop_assert!(!word.is_empty() && !word.contains(' '));
                prop_assert_eq!(out.stream.as_bytes()[token.canon as usize - 1], b' ');
                if token.kind != TokenKind::Word {
                    prop_assert_eq!(word.as_bytes(), &[token.kind as u8]);
                } else {
                    prop_assert!(word.bytes().all(|b| b >= 32), "a class was forged in {:?}", text);
                }
            }
            prop_assert!(out.opening() >= 1 && out.opening() < tokens.len());
            prop_assert!(out.closing() >= 1 && out.closing() < tokens.len());
        }

        #[test]
        fn canonical_words_are_their_own_canonical_form(text in written_text(", ")) {
            let once = read(&text);
            // Classes and sentence ends become full stops, so that no new neighbours arise.
            let plain: Vec<&str> = (0..once.tokens().len())
                .map(|i| if once.tokens()[i].kind == TokenKind::Word { once.word(i) } else { ". " })
                .collect();
            let twice = read(&plain.join(" "));
            let words = |p: &Prepared| -> Vec<String> {
                (0..p.tokens().len()).filter(|&i| p.tokens()[i].kind == TokenKind::Word).map(|i| p.word(i).to_owned()).collect()
            };
            prop_assert_eq!(words(&once), words(&twice), "{:?}", text);
        }

        /// Where words are letters between blanks and plain signs, tokens are the words of Unicode's annex 29. The
        /// differences elsewhere are meant: contractions are two words, "a.b" and "a_b" are not one, figures and
        /// addresses are classes.
        #[test]
        fn tokens_are_the_words_of_unicode(text in "([a-zA-ZäöüßéñçğıА-Яа-яα-ω]{1,8}[ ,()\"–]{1,2}){0,20}") {
            let prepared = read(&text);
            // "&" and unit words after number words merge; the alphabet has neither digits nor them together.
            prop_assume!(prepared.tokens().iter().all(|t| t.kind == TokenKind::Word || t.kind.is_break()));
            let ours: Vec<(usize, &str)> = prepared.tokens().iter().filter(|t| t.kind == TokenKind::Word)
                .map(|t| (t.span.start as usize, t.span.text(&text).unwrap())).collect();
            let theirs: Vec<(usize, &str)> = text.unicode_word_indices().collect();
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn scripts_without_spaces_are_cut_as_unicode_cuts_them(
            pieces in prop::collection::vec(prop::sample::select(&["你好", "世界", "日本語", "カタカナ", "ひらがな", "สวัสดี", "ครับ", "ភាសា"][..]), 0..8),
        ) {
            let text = pieces.concat();
            let prepared = read(&text);
            let ours: Vec<&str> = prepared.tokens().iter().filter(|t| t.kind == TokenKind::Word).map(|t| t.span.text(&text).unwrap()).collect();
            let theirs: Vec<&str> = text.unicode_words().collect();
            prop_assert_eq!(ours, theirs);
        }

        /// The slow, obviously right version: fold sign by sign, cut at everything that is no letter, lower the case.
        #[test]
        fn words_are_those_of_a_slow_reading(
            pieces in prop::collection::vec(
                ("([a-zA-ZéÉüÜ]{1,6}|don[’']t|I[’']m|we[’']ll)", prop::sample::select(&[" ", ", ", ". ", "! ", "? ", "-", " - ", "\n"][..])),
                0..30,
            ),
        ) {
            let text: String = pieces.iter().flat_map(|(word, sign)| [word.as_str(), sign]).collect();
            let mut slow = Vec::new();
            for piece in text.replace('’', "'").split(|c: char| !c.is_alphabetic() && c != '\'') {
                let word = piece.trim_matches('\'').to_lowercase();
                for (short, long) in [("n't", " not"), ("'m", " am"), ("'ll", " will")] {
                    if let Some(head) = word.strip_suffix(short) {
                        slow.extend(format!("{head}{long}").split(' ').map(String::from));
                    }
                }
                if !word.contains('\'') && !word.is_empty() {
                    slow.push(word);
                }
            }
            let prepared = read(&text);
            prop_assume!(prepared.tokens().iter().all(|t| t.kind == TokenKind::Word || t.kind.is_break()));
            let fast: Vec<&str> = (0..prepared.tokens().len()).filter(|&i| prepared.tokens()[i].kind == TokenKind::Word).map(|i| prepared.word(i)).collect();
            prop_assert_eq!(fast, slow);
        }
    }
}
