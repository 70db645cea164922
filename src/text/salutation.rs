//! Where the letter proper begins and ends: "Hi Sarah," before it, "Best, Tom" after it.

use super::{Prepared, TokenFlags, TokenKind, Traits};

/// Greeting words that open a salutation, with how many words they take.
pub(super) const GREETINGS: &[&[&str]] = &[
    &["good", "morning"],
    &["good", "afternoon"],
    &["good", "evening"],
    &["good", "day"],
    &["guten", "tag"],
    &["guten", "morgen"],
    &["grüß", "gott"],
    &["sehr", "geehrte"],
    &["sehr", "geehrter"],
    &["buenos", "días"],
    &["buenos", "dias"],
    &["buenas", "tardes"],
    &["boa", "tarde"],
    &["bom", "dia"],
    &["goede", "morgen"],
    &["hi"],
    &["hey"],
    &["hello"],
    &["helo"],
    &["hiya"],
    &["dear"],
    &["greetings"],
    &["hallo"],
    &["moin"],
    &["servus"],
    &["liebe"],
    &["lieber"],
    &["bonjour"],
    &["bonsoir"],
    &["salut"],
    &["coucou"],
    &["cher"],
    &["chère"],
    &["hola"],
    &["estimado"],
    &["estimada"],
    &["olá"],
    &["ola"],
    &["oi"],
    &["prezado"],
    &["prezada"],
    &["caro"],
    &["cara"],
    &["ciao"],
    &["salve"],
    &["buongiorno"],
    &["gentile"],
    &["egregio"],
    &["hoi"],
    &["beste"],
    &["geachte"],
    &["goedemorgen"],
    &["goedemiddag"],
    &["hej"],
    &["morning"],
];

/// Words after a greeting that address nobody by name.
pub(super) const NOBODY: &[&str] = &[
    "there",
    "all",
    "everyone",
    "everybody",
    "team",
    "folks",
    "again",
    "sir",
    "madam",
    "or",
    "dear",
    "friend",
    "zusammen",
    "à",
    "tous",
    "toutes",
    "a",
    "todos",
    "todas",
    "tutti",
    "allemaal",
    "damen",
    "und",
    "herren",
    "my",
    "mate",
    "buddy",
];

pub(super) const TITLES: &[&str] = &[
    "dr",
    "mr",
    "mrs",
    "ms",
    "prof",
    "professor",
    "herr",
    "frau",
    "monsieur",
    "madame",
    "m",
    "mme",
    "señor",
    "señora",
    "sr",
    "sra",
    "signor",
    "signora",
    "dott",
    "dottoressa",
    "ing",
    "meneer",
    "mevrouw",
    "sir",
    "miss",
];

/// First words that begin a sentence and are nobody's name.
pub(super) const OPENERS: &[&str] = &[
    "yes",
    "no",
    "ok",
    "okay",
    "sure",
    "thanks",
    "thank",
    "sorry",
    "congrats",
    "congratulations",
    "well",
    "great",
    "quick",
    "also",
    "first",
    "finally",
    "honestly",
    "actually",
    "unfortunately",
    "saw",
    "noticed",
    "just",
    "curious",
    "hope",
    "love",
    "loved",
    "nice",
    "so",
    "but",
    "and",
    "if",
    "as",
    "when",
    "while",
    "since",
    "after",
    "before",
    "because",
    "for",
    "in",
    "on",
    "at",
    "from",
    "with",
    "we",
    "i",
    "you",
    "they",
    "it",
    "this",
    "that",
    "your",
    "my",
    "our",
    "are",
    "is",
    "do",
    "does",
    "did",
    "can",
    "could",
    "would",
    "will",
    "what",
    "how",
    "why",
    "who",
    "where",
    "not",
    "now",
    "today",
    "yesterday",
    "tomorrow",
    "please",
    "welcome",
    "happy",
    "interesting",
    "wow",
    "amazing",
    "awesome",
    "perfect",
    "absolutely",
    "definitely",
    "indeed",
    "however",
    "still",
    "another",
    "one",
    "two",
    "last",
    "next",
    "following",
    "reaching",
    "wanted",
    "looking",
    "currently",
    "recently",
    "lately",
    "long",
    "big",
    "ps",
    "fyi",
    "btw",
    "re",
    "fwd",
    "subject",
    "ja",
    "nein",
    "danke",
    "oui",
    "non",
    "merci",
    "sí",
    "si",
    "gracias",
    "sim",
    "obrigado",
    "obrigada",
    "grazie",
    "bedankt",
    "super",
    "bravo",
    "wir",
    "ich",
    "nous",
    "je",
    "vous",
    "el",
    "la",
    "les",
    "das",
    "der",
    "die",
    "un",
    "une",
    "een",
    "let",
    "feel",
    "dont",
    "update",
    "note",
    "question",
    "reminder",
    "apologies",
    "cheers",
    "regards",
    "best",
    "kind",
    "as",
    "per",
    "totally",
    "fair",
    "true",
    "right",
    "good",
    "hi",
    "hey",
    "hello",
    "dear",
    "founder",
    "ceo",
    "sometimes",
    "often",
    "most",
    "many",
    "some",
    "every",
    "all",
    "given",
    "having",
    "being",
    "speaking",
    "based",
    "besides",
    "meanwhile",
    "otherwise",
    "either",
    "anyway",
    "therefore",
];

/// Words that open a sign-off, each alone or followed by the words of its own kind.
pub(super) const SIGN_OFFS: &[&str] = &[
    "best",
    "regards",
    "cheers",
    "thanks",
    "sincerely",
    "cordially",
    "warmly",
    "respectfully",
    "yours",
    "cordialement",
    "bien",
    "amicalement",
    "saludos",
    "atentamente",
    "abraços",
    "abraço",
    "atenciosamente",
    "saluti",
    "cordiali",
    "groet",
    "groeten",
    "grüße",
    "gruß",
    "grüsse",
    "lg",
    "vg",
    "mfg",
    "ciao",
    "xoxo",
    "br",
];

/// Two-word openings of a sign-off.
pub(super) const SIGN_OFF_PAIRS: &[(&str, &str)] = &[
    ("kind", "regards"),
    ("warm", "regards"),
    ("best", "regards"),
    ("many", "thanks"),
    ("thank", "you"),
    ("all", "best"),
    ("with", "regards"),
    ("viele", "grüße"),
    ("beste", "grüße"),
    ("liebe", "grüße"),
    ("mit", "freundlichen"),
    ("freundliche", "grüße"),
    ("bien", "cordialement"),
    ("bien", "à"),
    ("un", "saludo"),
    ("un", "abrazo"),
    ("um", "abraço"),
    ("cordiali", "saluti"),
    ("un", "saluto"),
    ("met", "vriendelijke"),
    ("vriendelijke", "groet"),
    ("the", "best"),
    ("schöne", "grüße"),
    ("herzliche", "grüße"),
];

/// Finds salutation and sign-off, and masks the name in the salutation.
pub(super) fn mark(text: &str, out: &mut Prepared) {
    out.closing = closing(text, out) as u32;
    out.opening = opening(out) as u32;
}

/// A sign other than a hyphen inside a word, or a line break, stood before the token.
fn set_off(flags: TokenFlags) -> bool {
    let dash =
        flags.has(TokenFlags::AFTER_DASH) && (flags.has(TokenFlags::AFTER_SPACE) || flags.has(TokenFlags::AFTER_SIGN));
    flags.has(TokenFlags::AFTER_COMMA)
        || dash
        || flags.has(TokenFlags::AFTER_COLON)
        || flags.has(TokenFlags::AFTER_NEWLINE)
}

/// Index of the first token after the salutation; masks the name on the way.
fn opening(out: &mut Prepared) -> usize {
    let words = [out.word(1), out.word(2)];
    let greeting = if out.traits(1).has(Traits::GREETING) {
        let mut greetings = GREETINGS.iter();
        greetings.find(|g| words.starts_with(g)).map_or(0, |g| g.len())
    } else {
        0
    };
    let first = 1 + greeting;
    // Count the words up to a sign that sets them off, a sentence end, or the fifth word.
    let mut end = first;
    while end < out.tokens.len() && end < first + 6 {
        let token = out.tokens[end];
        let hyphen = greeting > 0 && token.flags.has(TokenFlags::AFTER_DASH);
        if token.kind.is_break() || (end > first || greeting > 0) && (set_off(token.flags) || hyphen) && end > 1 {
            break;
        }
        end += 1;
    }
    if end >= out.tokens.len() {
        return 1;
    }
    let bounded = end < first + 6 && end < out.tokens.len() - 1;
    let is_name_token = |out: &Prepared, i: usize| {
        matches!(
            out.tokens[i].kind,
            TokenKind::Name | TokenKind::Placeholder | TokenKind::Emoji | TokenKind::Mention
        )
    };
    if greeting == 0 {
        // "Peter, saw your ..." or "Evan — I built ...": one or two capitalised words that are no sentence opener.
        let len = end - first;
        let names = (1..=2).contains(&len)
            && bounded
            && !out.tokens[end].kind.is_break()
            && !out.tokens[end].flags.has(TokenFlags::AFTER_NEWLINE)
            && (first..end).all(|i| {
                is_name_token(out, i)
                    || out.tokens[i].kind == TokenKind::Word
                        && out.tokens[i].flags.has(TokenFlags::CAPITALIZED)
                        && !out.traits(i).has(Traits::OPENER)
            });
        if !names {
            return 1;
        }
        mask(out, first, end);
        return end.min(first + 1 + usize::from(end > first + 1));
    }
    // Greeting, perhaps a title, then the name.
    let mut at = first;
    while at < end && out.traits(at).has(Traits::NOBODY) {
        at += 1;
    }
    if at > first {
        // "Hi there," or "Hello team -"
        return skip_break(out, if bounded { end.min(at + 1).max(at) } else { at });
    }
    while at < end && out.traits(at).has(Traits::TITLE) {
        at += 1;
    }
    let name_from = at;
    let max = if bounded { end } else { (at + 2).min(end) };
    while at < max {
        let token = out.tokens[at];
        let capital = token.flags.has(TokenFlags::CAPITALIZED) && !out.traits(at).has(Traits::OPENER);
        // "hi alan," is a name too when something sets it off.
        let lower = bounded && max - name_from <= 2 && token.kind == TokenKind::Word && !is_function_word(out, at);
        if is_name_token(out, at) || token.kind == TokenKind::Word && (capital || lower) {
            at += 1;
        } else {
            break;
        }
    }
    if at == name_from {
        return skip_break(out, at.max(first));
    }
    let kept = out.tokens.len();
    mask(out, name_from, at);
    let shrunk = kept - out.tokens.len();
    // "Hi Sarah." and "Hi Sarah!" end a sentence before the letter begins.
    skip_break(out, at - shrunk)
}

fn skip_break(out: &Prepared, at: usize) -> usize {
    if at + 1 < out.tokens.len() && out.tokens[at].kind.is_break() {
        at + 1
    } else {
        at
    }
}

fn is_function_word(out: &Prepared, i: usize) -> bool {
    out.traits(i).has(Traits::OPENER)
        || matches!(
            out.word(i),
            "the" | "a" | "an" | "am" | "was" | "to" | "of" | "hope" | "have" | "any"
        )
}

/// Makes one `{name}` token of the words from `first` to `end`.
fn mask(out: &mut Prepared, first: usize, end: usize) {
    // Signs and placeholders keep their own class: a left-over field in the salutation is evidence.
    let end = (first..end)
        .find(|&i| !matches!(out.tokens[i].kind, TokenKind::Word | TokenKind::Name))
        .unwrap_or(end);
    if end <= first {
        return;
    }
    let span = out.tokens[first].span.cover(out.tokens[end - 1].span);
    let start = out.tokens[first].canon as usize;
    let old_end = out.tokens.get(end).map_or(out.stream.len(), |t| t.canon as usize);
    // The blank behind the last word stays.
    out.stream
        .replace_range(start..old_end - 1, TokenKind::Name.sign().encode_utf8(&mut [0; 4]));
    let removed = old_end - start - 2;
    let flags = out.tokens[first].flags;
    let words = out.tokens[first..end]
        .iter()
        .filter(|t| t.kind == TokenKind::Word)
        .count() as u32;
    out.stats.words -= words.min(out.stats.words);
    out.stats.proper = out.stats.proper.saturating_sub(words);
    let canon = out.tokens[first].canon;
    out.tokens.splice(
        first..end,
        [super::Token {
            span,
            kind: TokenKind::Name,
            flags,
            canon,
            word: TokenKind::Name.word(),
        }],
    );
    for token in &mut out.tokens[first + 1..] {
        token.canon -= removed as u32;
    }
    let gone = (end - first - 1) as u32;
    out.closing -= gone.min(out.closing);
    for (at, _) in &mut out.shapes {
        if *at as usize >= end {
            *at -= gone;
        }
    }
}

/// Index of the token where the sign-off begins; the final sentence end if there is none.
fn closing(text: &str, out: &Prepared) -> usize {
    let end = out.tokens.len() - 1;
    let from = end.saturating_sub(14).max(2);
    for i in from..end {
        let token = out.tokens[i];
        let fresh = token.flags.has(TokenFlags::AFTER_NEWLINE) || out.tokens[i - 1].kind.is_break();
        let signed = token.flags.has(TokenFlags::AFTER_DASH) && fresh;
        if !fresh || token.kind.is_break() {
            continue;
        }
        let (word, next) = (out.traits(i), out.traits(i + 1));
        let pair = word.has(Traits::SIGN_OFF_PAIR) && SIGN_OFF_PAIRS.contains(&(out.word(i), out.word(i + 1)));
        let alone = word.has(Traits::SIGN_OFF)
            && (out.tokens[i + 1].kind.is_break() || set_off(out.tokens[i + 1].flags) || next.has(Traits::SIGN_OFF));
        // "Thanks, Tom": nothing but a name may follow.
        let short_rest = out.tokens[i..end].iter().filter(|t| t.kind.is_break()).count() <= 2;
        if (pair || alone) && short_rest {
            return i;
        }
        // A last line of one to three capitalised words, or "- Tom".
        let rest = &out.tokens[i..end];
        let name_line = rest.len() <= 3
            && (token.flags.has(TokenFlags::AFTER_NEWLINE) || signed)
            && rest.iter().all(|t| {
                t.kind == TokenKind::Word && t.flags.has(TokenFlags::CAPITALIZED) || t.kind == TokenKind::Name
            })
            && !text[rest[0].span.start as usize..].trim_end().ends_with(['?', '!']);
        if name_line {
            return i;
        }
    }
    end
}
