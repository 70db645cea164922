//! Which language a text is in, by a vote of its function words.

use super::Stats;

/// A language that the vote can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lang {
    /// Too few function words to tell.
    #[default]
    Unknown,
    /// English
    En,
    /// German
    De,
    /// French
    Fr,
    /// Spanish
    Es,
    /// Portuguese
    Pt,
    /// Italian
    It,
    /// Dutch
    Nl,
    /// Another language: most letters are not Latin, or there are words but none of the known function words.
    Other,
}

const LANGS: [(Lang, &str); 7] = [
    (Lang::En, "en"),
    (Lang::De, "de"),
    (Lang::Fr, "fr"),
    (Lang::Es, "es"),
    (Lang::Pt, "pt"),
    (Lang::It, "it"),
    (Lang::Nl, "nl"),
];

impl Lang {
    /// The ISO 639-1 code; `und` for unknown, `mis` for another language.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "und",
            Self::Other => "mis",
            known => LANGS.iter().find(|(l, _)| *l == known).map_or("und", |(_, code)| code),
        }
    }

    /// The language with this code; a region such as `pt-BR` is ignored. Codes without rules are [`Lang::Other`].
    pub fn from_code(code: &str) -> Self {
        let primary = code.split(['-', '_']).next().unwrap_or("");
        if primary.is_empty() || primary.eq_ignore_ascii_case("und") || primary.eq_ignore_ascii_case("mul") {
            return Self::Unknown;
        }
        LANGS
            .iter()
            .find(|(_, c)| primary.eq_ignore_ascii_case(c))
            .map_or(Self::Other, |(lang, _)| *lang)
    }
}

const EN: u8 = 1;
const DE: u8 = 1 << 1;
const FR: u8 = 1 << 2;
const ES: u8 = 1 << 3;
const PT: u8 = 1 << 4;
const IT: u8 = 1 << 5;
const NL: u8 = 1 << 6;

/// A count for each language, in the order of [`LANGS`], and one that stays zero: eight are added at once.
type Counts = [u32; 8];

/// What a word adds to the counts, by the languages that it speaks for.
const BALLOTS: [Counts; 1 << 7] = {
    let mut all = [[0; 8]; 1 << 7];
    let mut languages = 0;
    while languages < all.len() {
        let mut lang = 0;
        while lang < 7 {
            all[languages][lang] = (languages >> lang & 1) as u32;
            lang += 1;
        }
        languages += 1;
    }
    all
};

/// Function words counted per language.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Votes {
    counts: Counts,
    /// Letters of scripts other than Latin.
    pub(super) foreign_letters: u32,
}

impl Votes {
    /// Counts a word of these languages.
    pub(super) fn cast(&mut self, languages: u8) {
        let ballot = &BALLOTS[usize::from(languages) % BALLOTS.len()];
        for (count, vote) in self.counts.iter_mut().zip(ballot) {
            *count = count.saturating_add(*vote);
        }
    }

    pub(super) fn winner(&self, stats: &Stats) -> Lang {
        if self.foreign_letters * 2 > stats.letters {
            return if stats.letters >= 4 { Lang::Other } else { Lang::Unknown };
        }
        let best = self.counts.iter().copied().max().unwrap_or(0);
        let second = {
            let mut sorted = self.counts;
            sorted.sort_unstable();
            sorted[sorted.len() - 2]
        };
        // A close vote decides nothing: rules of all languages speak then.
        if best >= 2 && best > second + second / 2 {
            return self
                .counts
                .iter()
                .position(|c| *c == best)
                .map_or(Lang::Unknown, |i| LANGS[i].0);
        }
        // A dozen words of Latin script without one known function word are some other language.
        if best == 0 && stats.words >= 12 {
            Lang::Other
        } else {
            Lang::Unknown
        }
    }
}

/// Function words, with the languages each speaks for.
pub(super) const FUNCTION_WORDS: &[(u8, &[&str])] = &[
    (
        EN,
        &[
            "the", "and", "you", "your", "i", "we", "our", "my", "for", "to", "of", "with", "that", "this", "are",
            "have", "would", "at", "on", "be", "it", "about", "from", "not", "if", "how", "what", "just",
        ],
    ),
    (EN | NL, &["is"]),
    (EN | DE | IT | NL, &["in"]),
    (
        DE,
        &[
            "ich", "und", "der", "das", "sie", "mit", "für", "nicht", "ein", "eine", "einen", "wir", "ihr", "ihre",
            "ihnen", "auf", "zu", "den", "dem", "von", "sich", "auch", "bei", "im", "ist", "habe", "haben", "würde",
            "über", "dass", "wie", "gerne", "mich", "mir", "uns", "ihrem", "ihren", "du", "dein", "bin", "fuer",
        ],
    ),
    (DE | NL, &["die"]),
    (FR | NL, &["je"]),
    (
        FR,
        &[
            "vous", "votre", "vos", "nous", "notre", "les", "des", "est", "et", "pour", "dans", "avec", "sur", "une",
            "au", "ce", "mon", "ai", "suis", "qui", "pas", "aux", "vôtre", "bonjour", "cette", "être",
        ],
    ),
    (FR | ES | IT, &["un"]),
    (FR | ES | IT, &["la"]),
    (FR | IT, &["le"]),
    (FR | ES | PT, &["que"]),
    (FR | ES | PT | NL, &["de"]),
    (FR | ES | NL, &["en"]),
    (
        ES,
        &[
            "el", "los", "las", "y", "su", "es", "del", "usted", "nuestra", "nuestro", "estoy", "hola", "gracias",
            "cómo", "más", "pero", "muy",
        ],
    ),
    (ES | IT, &["con"]),
    (ES | IT, &["una"]),
    (ES | PT, &["por", "para"]),
    (ES | PT | IT, &["se"]),
    (EN | ES | PT, &["me", "no"]),
    (ES | PT, &["como"]),
    (PT | IT, &["o"]),
    (EN | PT | IT, &["a"]),
    (
        PT,
        &[
            "os", "um", "uma", "você", "seu", "sua", "meu", "minha", "não", "em", "na", "com", "do", "da", "ao", "nós",
            "obrigado", "obrigada", "olá", "são", "mais", "pela", "pelo", "nosso", "nossa", "vocês", "estou",
        ],
    ),
    (
        IT,
        &[
            "il", "di", "che", "per", "sono", "della", "nel", "nella", "suo", "è", "gli", "alla", "questo", "vostra",
            "ho", "ciao", "grazie", "più", "abbiamo", "anche", "tuo", "lei",
        ],
    ),
    (
        NL,
        &[
            "ik", "het", "een", "van", "voor", "met", "jullie", "jouw", "uw", "niet", "zijn", "wij", "aan", "op",
            "dat", "ook", "naar", "bij", "hoe", "graag", "heb", "bent", "onze", "mijn", "te", "er",
        ],
    ),
];
