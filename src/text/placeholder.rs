//! Template variables that nobody filled in, and alternatives that nobody chose from.
//!
//! The shapes are those of the tools listed in the documentation of
//! [`AutomationFingerprint`](crate::detectors::AutomationFingerprint).

/// The notation of a left-over placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlaceholderShape {
    /// `{{first_name}}`, with or without a fallback
    DoubleBrace,
    /// `{first_name}`
    Brace,
    /// `${firstName}`
    Dollar,
    /// `{% if first_name %}`
    Liquid,
    /// `[[first_name|Reader]]`
    DoubleBracket,
    /// `[First Name]`
    Bracket,
    /// `<First Name>`
    Angle,
    /// `%FIRSTNAME%`
    Percent,
    /// `#firstName#`
    Hash,
    /// `_FN_`
    Underscore,
    /// `*|FNAME|*`
    Star,
    /// `~~NAME~~`
    Tilde,
    /// `FNAME` bare
    Bare,
    /// `{Hi|Hello|Hey}`
    Spintax,
}

/// A placeholder at the start of a text.
pub(super) struct Placeholder {
    pub(super) len: usize,
    pub(super) shape: PlaceholderShape,
    /// The name is a known field word.
    pub(super) known: bool,
}

/// Field words without blanks and signs, in the languages of the tools.
const FIELDS: &[&str] = &[
    "firstname",
    "fname",
    "lastname",
    "lname",
    "fullname",
    "name",
    "company",
    "companyname",
    "organization",
    "organisation",
    "account",
    "accountname",
    "business",
    "businessname",
    "title",
    "jobtitle",
    "role",
    "position",
    "industry",
    "niche",
    "city",
    "location",
    "state",
    "country",
    "region",
    "school",
    "university",
    "signature",
    "accountsignature",
    "sender",
    "sendername",
    "senderfirstname",
    "myname",
    "myfirstname",
    "mycompany",
    "yourname",
    "yourcompany",
    "recipient",
    "recipientname",
    "prospect",
    "lead",
    "contact",
    "icebreaker",
    "snippet",
    "note",
    "personalization",
    "personalisation",
    "opener",
    "painpoint",
    "usecase",
    "competitor",
    "website",
    "profileurl",
    "headline",
    "connname",
    "mutualconnection",
    "referralname",
    "date",
    "topic",
    "product",
    "service",
    "link",
    "calendarlink",
    "calendlylink",
    "vorname",
    "nachname",
    "firma",
    "unternehmen",
    "anrede",
    "stadt",
    "branche",
    "prenom",
    "prénom",
    "nom",
    "entreprise",
    "societe",
    "société",
    "poste",
    "ville",
    "nombre",
    "apellido",
    "empresa",
    "cargo",
    "ciudad",
    "sector",
    "nome",
    "cognome",
    "azienda",
    "ruolo",
    "settore",
    "sobrenome",
    "cidade",
    "setor",
    "voornaam",
    "achternaam",
    "bedrijf",
    "functie",
    "contactfield",
    "reader",
    "username",
    "customername",
];

/// Words whose presence inside brackets makes the whole a field: `[your company]`, `[first name]`.
const FIELD_WORDS: &[&str] = &[
    "name",
    "names",
    "company",
    "title",
    "role",
    "industry",
    "city",
    "topic",
    "insert",
    "position",
    "school",
    "prospect",
    "recipient",
    "sender",
    "signature",
    "firstname",
    "lastname",
    "job",
];

/// The letters and digits of `body` in lower case.
fn compact(body: &str) -> impl Iterator<Item = char> + '_ {
    body.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

fn is_one_of(list: &[&str], word: impl Iterator<Item = char> + Clone) -> bool {
    list.iter().any(|known| word.clone().eq(known.chars()))
}

/// Whether `body` names a field: `first_name`, `contact.firstName`, `company name`, `custom1`.
fn is_field(body: &str) -> bool {
    let named = |name: &str| {
        let letters = || {
            name.chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
        };
        let bare = letters().filter(|c| !c.is_ascii_digit());
        let numbered = letters().any(|c| c.is_ascii_digit());
        is_one_of(FIELDS, letters())
            || numbered
                && (is_one_of(FIELDS, bare.clone()) || is_one_of(&["custom", "cf", "customfield", "variable"], bare))
    };
    let name = body.split(['|', ':', ',', '?']).next().unwrap_or(body);
    let value = body.split('=').nth(1).map(|v| v.split('|').next().unwrap_or(v));
    named(name) || named(name.rsplit('.').next().unwrap_or(name)) || value.is_some_and(named)
}

/// Whether `body` is what a template writes in square brackets.
fn is_bracket_field(body: &str) -> bool {
    let words = || body.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let is = |list: &[&str], word: &str| list.iter().any(|known| compact(word).eq(known.chars()));
    is_field(body)
        || (2..=8).contains(&words().count())
            && (words().any(|w| is(FIELD_WORDS, w))
                || words()
                    .next()
                    .is_some_and(|w| is(&["your", "my", "their", "insert", "specific", "mutual", "recent"], w)))
}

/// The body between `open` (already at the start of `text`) and `close`, if it is at most `max` bytes and on one line.
fn body<'t>(text: &'t str, open: &str, close: &str, max: usize) -> Option<&'t str> {
    let rest = text.strip_prefix(open)?;
    let mut limit = rest.len().min(max + close.len());
    while !rest.is_char_boundary(limit) {
        limit -= 1;
    }
    let end = rest[..limit].find(close)?;
    let body = &rest[..end];
    (!body.trim().is_empty() && !body.contains('\n')).then_some(body)
}

fn is_name(body: &str) -> bool {
    body.len() <= 40
        && body.chars().all(|c| c.is_alphanumeric() || "_.- ".contains(c))
        && body.chars().any(char::is_alphabetic)
}

/// The placeholder that `text` begins with.
pub(super) fn lex(text: &str) -> Option<Placeholder> {
    use PlaceholderShape as Shape;
    let found = |body: &str, marks: usize, shape, known| {
        Some(Placeholder {
            len: body.len() + marks,
            shape,
            known,
        })
    };
    match text.as_bytes().first()? {
        b'{' if text.starts_with("{{{") => {
            let b = body(text, "{{{", "}}}", 60)?;
            found(b, 6, Shape::DoubleBrace, is_field(b))
        }
        b'{' if text.starts_with("{{") => {
            let b = body(text, "{{", "}}", 200)?;
            let random = b.contains('|')
                && (b
                    .trim_start()
                    .get(..6)
                    .is_some_and(|w| w.eq_ignore_ascii_case("random"))
                    || b.matches('|').count() > 1);
            found(
                b,
                4,
                if random { Shape::Spintax } else { Shape::DoubleBrace },
                random || is_field(b),
            )
        }
        b'{' if text.starts_with("{%") => {
            let b = body(text, "{%", "%}", 120)?;
            found(b, 4, Shape::Liquid, b.split_whitespace().any(is_field))
        }
        b'{' => {
            let b = body(text, "{", "}", 300)?;
            let alternatives = b.split('|').count();
            if alternatives > 1 && !b.contains(['{', ';', '(', '&']) && !b.starts_with('|') {
                let field = is_field(b);
                return found(b, 2, if field { Shape::Brace } else { Shape::Spintax }, true);
            }
            (is_name(b) && is_field(b) || is_field(b) && b.contains('=')).then_some(())?;
            found(b, 2, Shape::Brace, true)
        }
        b'$' => {
            let b = body(text, "${", "}", 40)?;
            found(b, 3, Shape::Dollar, is_field(b))
        }
        b'[' if text.starts_with("[[") => {
            let b = body(text, "[[", "]]", 80)?;
            is_field(b).then_some(())?;
            found(b, 4, Shape::DoubleBracket, true)
        }
        b'[' => {
            let b = body(text, "[", "]", 120)?;
            // "[text](link)" is a link in Markdown.
            (is_bracket_field(b) && !text[b.len() + 2..].starts_with('(')).then_some(())?;
            found(b, 2, Shape::Bracket, true)
        }
        b'<' => {
            let b = body(text, "<", ">", 40)?;
            (is_name(b) && is_bracket_field(b)).then_some(())?;
            found(b, 2, Shape::Angle, true)
        }
        b'%' => {
            let b = body(text, "%", "%", 40)?;
            (b.bytes().all(|c| c.is_ascii_alphabetic() || c == b'_') && is_field(b)).then_some(())?;
            found(b, 2, Shape::Percent, true)
        }
        b'#' => {
            let b = body(text, "#", "#", 40)?;
            (b.chars().all(|c| c.is_alphanumeric() || c == '_') && is_field(b)).then_some(())?;
            found(b, 2, Shape::Hash, true)
        }
        b'_' => {
            let b = body(text, "_", "_", 4)?;
            ["FN", "LN", "CO", "CN", "TI"].contains(&b).then_some(())?;
            found(b, 2, Shape::Underscore, true)
        }
        b'*' => {
            let b = body(text, "*|", "|*", 40)?;
            found(b, 4, Shape::Star, is_field(b))
        }
        b'~' => {
            let b = body(text, "~~", "~~", 40)?;
            is_field(b).then_some(())?;
            found(b, 4, Shape::Tilde, true)
        }
        _ => None,
    }
}

/// Whether a bare word in capitals is a field: nobody is called FNAME.
pub(super) fn is_bare_field(word: &str) -> bool {
    [
        "FNAME",
        "LNAME",
        "FIRSTNAME",
        "LASTNAME",
        "COMPANYNAME",
        "FIRST_NAME",
        "LAST_NAME",
        "COMPANY_NAME",
    ]
    .contains(&word)
}
