//! Numbers and what surrounds them: money, percents, durations, multiples, telephone numbers.

use super::TokenKind;
use super::lexicon::Traits;

/// A figure at the start of a text.
pub(super) struct Figure {
    pub(super) len: usize,
    pub(super) kind: TokenKind,
}

const CURRENCY_SIGNS: &[char] = &['$', '€', '£', '¥', '₹', '₽', '₩', '₺', '฿', '¢'];

/// Units of time in the languages that have rules.
pub(super) const TIME_UNITS: &[&str] = &[
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "min",
    "mins",
    "minute",
    "minutes",
    "hour",
    "hours",
    "hr",
    "hrs",
    "h",
    "day",
    "days",
    "week",
    "weeks",
    "wk",
    "wks",
    "month",
    "months",
    "mo",
    "mos",
    "year",
    "years",
    "yr",
    "yrs",
    "quarter",
    "quarters",
    "minuten",
    "stunde",
    "stunden",
    "tag",
    "tage",
    "tagen",
    "woche",
    "wochen",
    "monat",
    "monate",
    "monaten",
    "jahr",
    "jahre",
    "jahren",
    "heure",
    "heures",
    "jour",
    "jours",
    "semaine",
    "semaines",
    "mois",
    "an",
    "ans",
    "année",
    "années",
    "minuto",
    "minutos",
    "hora",
    "horas",
    "día",
    "días",
    "dia",
    "dias",
    "semana",
    "semanas",
    "mes",
    "meses",
    "mês",
    "año",
    "años",
    "ano",
    "anos",
    "minuti",
    "ora",
    "ore",
    "giorno",
    "giorni",
    "settimana",
    "settimane",
    "mese",
    "mesi",
    "anno",
    "anni",
    "minuut",
    "minuutje",
    "uur",
    "dag",
    "dagen",
    "weken",
    "maand",
    "maanden",
    "jaar",
    "jaren",
    "minütchen",
    "minutjes",
];

/// Whether a word can be part of a figure of several words.
pub(crate) fn is_part_of_figure(word: &str) -> bool {
    Traits::of(word).has(Traits::FIGURE) || matches!(word, "half" | "an" | "to" | "or" | "rs")
}

/// Numbers written as words, as they stand before a unit of time.
pub(super) const NUMBER_WORDS: &[&str] = &[
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "sixty",
    "ninety",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "zehn",
    "fünfzehn",
    "zwanzig",
    "dreißig",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "dix",
    "quinze",
    "vingt",
    "trente",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "diez",
    "quince",
    "veinte",
    "treinta",
    "dois",
    "duas",
    "três",
    "quatro",
    "dez",
    "vinte",
    "trinta",
    "due",
    "tre",
    "quattro",
    "cinque",
    "dieci",
    "quindici",
    "venti",
    "trenta",
    "twee",
    "drie",
    "vijf",
    "tien",
    "vijftien",
    "twintig",
    "dertig",
];

/// Words for "percent" that follow a number.
pub(super) const PERCENT_WORDS: &[&str] = &["percent", "pct", "prozent", "procent", "percento"];

/// Words for a currency that stand beside a number.
pub(super) const CURRENCY_WORDS: &[&str] = &[
    "usd", "eur", "gbp", "chf", "inr", "aud", "cad", "dollar", "dollars", "euro", "euros", "pounds", "bucks", "reais",
    "pesos", "francs", "franken",
];

/// Scale words that follow a figure.
pub(super) const SCALE_WORDS: &[&str] = &[
    "thousand",
    "million",
    "millions",
    "billion",
    "billions",
    "mio",
    "mrd",
    "millionen",
    "millones",
    "milhões",
    "milioni",
    "miljoen",
    "lakh",
    "crore",
];

/// The figure that `text` begins with; `text` begins with a digit, a currency sign, `+` or `(`.
///
/// Digits that belong to a word, such as "2nd" or "3D", give `None`.
pub(super) fn lex(text: &str) -> Option<Figure> {
    if let Some(len) = phone(text) {
        return Some(Figure {
            len,
            kind: TokenKind::Phone,
        });
    }
    let sign = text.chars().next().filter(|c| CURRENCY_SIGNS.contains(c));
    let mut at = 0;
    if let Some(sign) = sign {
        at = sign.len_utf8();
        at += blanks(&text[at..], 1);
    }
    let digits = digits(&text[at..])?;
    at += digits;
    let mut kind = if sign.is_some() {
        TokenKind::Money
    } else {
        TokenKind::Number
    };

    // A range: "6-8", "40–60", "$1k-$5k".
    at += scale(&text[at..]);
    if let Some(second) = range(&text[at..]) {
        let mut end = at + second;
        end += scale(&text[end..]);
        // In "300 - 3rd" the second number belongs to a word.
        let len = text[end..]
            .chars()
            .take_while(|c| c.is_alphanumeric())
            .map(char::len_utf8)
            .sum::<usize>();
        let mut buffer = [0; 12];
        let unit = lower_ascii(&text[end..end + len], &mut buffer);
        if len == 0
            || unit.is_some_and(|u| {
                Traits::of(u).has(Traits::TIME_UNIT.and(Traits::CURRENCY_WORD)) || matches!(u, "x" | "am" | "pm")
            })
        {
            at = end;
        }
    }
    let rest = &text[at..];
    let next = rest.chars().next();
    match next {
        Some('+') if !rest[1..].starts_with(char::is_alphanumeric) => at += 1,
        Some('%') => {
            return Some(Figure {
                len: at + 1,
                kind: TokenKind::Percent,
            });
        }
        Some('x' | 'X' | '×') if sign.is_none() => {
            let len = next.map_or(0, char::len_utf8);
            if !rest[len..].starts_with(char::is_alphanumeric) {
                return Some(Figure {
                    len: at + len,
                    kind: TokenKind::Multiple,
                });
            }
        }
        _ => {}
    }
    let rest = &text[at..];
    if let Some(sign) = rest
        .trim_start_matches([' ', '\u{a0}'])
        .chars()
        .next()
        .filter(|c| CURRENCY_SIGNS.contains(c))
    {
        let skip = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
        // "40 $" is money, "in 2026 $5k" is a year and then money.
        let after = &rest[skip + sign.len_utf8()..];
        if skip <= 2 && !after.starts_with(|c: char| c.is_ascii_digit()) && kind == TokenKind::Number {
            return Some(Figure {
                len: at + skip + sign.len_utf8(),
                kind: TokenKind::Money,
            });
        }
    }
    if rest.starts_with([' ', '\u{a0}', '\u{202f}']) {
        let skip = rest.chars().next().map_or(0, char::len_utf8);
        if rest[skip..].starts_with('%') && !rest[skip + 1..].starts_with(char::is_alphanumeric) {
            return Some(Figure {
                len: at + skip + 1,
                kind: TokenKind::Percent,
            });
        }
    }
    // Letters right after the digits: a unit, a clock time, or a word such as "2nd".
    let len = rest
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .map(char::len_utf8)
        .sum::<usize>();
    if len > 0 {
        let mut buffer = [0; 12];
        let letters = lower_ascii(&rest[..len], &mut buffer)?;
        if Traits::of(letters).has(Traits::TIME_UNIT) && letters != "an" {
            kind = TokenKind::Duration;
        } else if Traits::of(letters).has(Traits::CURRENCY_WORD) {
            kind = TokenKind::Money;
        } else if !matches!(letters, "am" | "pm" | "uhr") {
            return None;
        }
        at += len;
    }
    Some(Figure { len: at, kind })
}

/// `text` in lower case, if it is ASCII and fits the buffer.
fn lower_ascii<'b>(text: &str, buffer: &'b mut [u8]) -> Option<&'b str> {
    let lower = buffer.get_mut(..text.len())?;
    lower.copy_from_slice(text.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).ok().filter(|_| text.is_ascii())
}

fn blanks(text: &str, max: usize) -> usize {
    text.bytes().take(max).take_while(|&b| b == b' ').count()
}

/// Digits with inner separators: "1,500", "2.5", "14:30", "12/05/2026", "1'000", "2026-01-29".
fn digits(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let inner = b",.:/'".contains(&bytes[end]) && end > 0 && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !bytes[end].is_ascii_digit() && !inner {
            break;
        }
        end += 1;
    }
    (end > 0 && bytes[0].is_ascii_digit()).then_some(end)
}

/// `k`, `m`, `bn` and the like, directly behind the digits and not the start of a word.
fn scale(text: &str) -> usize {
    ["bn", "mm", "mn", "k", "m", "b"]
        .iter()
        .find(|s| {
            text.get(..s.len()).is_some_and(|head| head.eq_ignore_ascii_case(s))
                && !text[s.len()..].starts_with(char::is_alphanumeric)
        })
        .map_or(0, |s| s.len())
}

/// The second half of a range, with its dash and its currency sign.
fn range(text: &str) -> Option<usize> {
    let mut rest = text.trim_start_matches('+');
    let trimmed = rest.trim_start_matches(' ');
    let dash = trimmed
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '–' | '—' | '\u{2011}'))?;
    // A dash with a blank on one side only is punctuation.
    let spaced = rest.len() - trimmed.len();
    rest = &trimmed[dash.len_utf8()..];
    let after = blanks(rest, 1);
    if (spaced == 0) != (after == 0) || spaced > 1 {
        return None;
    }
    rest = &rest[after..];
    rest = rest.strip_prefix(CURRENCY_SIGNS).unwrap_or(rest);
    let second = digits(rest)?;
    Some(text.len() - rest.len() + second)
}

/// A telephone number: at least eight digits with separators or a leading plus, that is neither a date nor grouped thousands.
fn phone(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let plus = bytes[0] == b'+';
    let (mut end, mut digits, mut separators) = (usize::from(plus), 0, 0);
    let mut last_digit = 0;
    let mut groups = [0u8; 8];
    let mut group = 0;
    while end < bytes.len() && digits <= 16 {
        match bytes[end] {
            b'0'..=b'9' => {
                digits += 1;
                last_digit = end + 1;
                if let Some(n) = groups.get_mut(group) {
                    *n += 1;
                }
            }
            b' ' | b'-' | b'.' | b'(' | b')' | b'/' if end > 0 || bytes[end] == b'(' => {
                if bytes[end.saturating_sub(1)].is_ascii_digit() {
                    separators += 1;
                    group += 1;
                }
                // Two separators in a row only as ") " or " (".
                if b" -./".contains(&bytes[end]) && end > 0 && b" -./".contains(&bytes[end - 1]) {
                    break;
                }
            }
            _ => break,
        }
        end += 1;
    }
    if digits < 8 && !(digits >= 7 && separators > 0 && bytes[0] != b'(') || digits > 16 || !plus && separators == 0 {
        return None;
    }
    let body = &text[..last_digit];
    let groups = &groups[..(group + 1).min(8)];
    let thousands = groups[1..].iter().filter(|n| **n > 0).all(|n| *n == 3) && !body.contains(['-', '(', '+', '/']);
    let dated = |sep: char| {
        let mut parts = body.split(sep).map(|p| {
            if p.bytes().all(|b| b.is_ascii_digit()) {
                p.len()
            } else {
                usize::MAX
            }
        });
        let date = [parts.next(), parts.next(), parts.next(), parts.next()];
        matches!(
            date,
            [Some(4), Some(1..=2), Some(1..=2), None] | [Some(1..=2), Some(1..=2), Some(4), None]
        )
    };
    // Two numbers with a dash are a range, "2019-2024" is years.
    let years =
        groups[0] == 4 && groups.get(1) == Some(&4) && groups[2.min(groups.len())..].iter().all(|n| *n == 0) && !plus;
    (!thousands && !years && !dated('-') && !dated('.') && !dated('/')).then_some(last_digit)
}
