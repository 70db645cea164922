//! The recipient's names and companies, as they are masked in a text.

/// Words in one buffer, so that nothing is allocated when the next recipient comes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Masks {
    buffer: String,
    words: Vec<(u32, u32)>,
    /// The first words are names; each company is a range of the words after them.
    names: u32,
    companies: Vec<(u32, u32)>,
    /// How the names begin, and how the last words of the companies do, see [`initial`]: what nearly all words are told
    /// apart by.
    name_initials: u64,
    company_initials: u64,
}

/// A bit for the first byte of a word.
fn initial(word: &str) -> u64 {
    word.bytes().next().map_or(0, |byte| 1 << (byte % 64))
}

/// Legal forms that people leave out when they write of a company.
pub(crate) const LEGAL_FORMS: &[&str] = &[
    "inc",
    "llc",
    "ltd",
    "limited",
    "corp",
    "corporation",
    "co",
    "plc",
    "llp",
    "gmbh",
    "ag",
    "kg",
    "se",
    "bv",
    "nv",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "pty",
    "ab",
    "as",
    "oy",
    "kk",
    "aps",
    "ev",
    "ug",
    "sl",
    "lda",
    "ltda",
    "pvt",
    "private",
];

/// Further words of a name, and further companies, are not masked: every word of a text is compared with each.
const MOST: usize = 64;

impl Masks {
    pub(crate) fn clear(&mut self) {
        self.buffer.clear();
        self.words.clear();
        self.companies.clear();
        self.names = 0;
        (self.name_initials, self.company_initials) = (0, 0);
    }

    /// Whether nothing is masked.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Adds the words of a display name; call before any company.
    pub(crate) fn add_name(&mut self, name: &str) {
        // "Jane Doe, Ph.D." and "Anna (Annie) Lund": the part before the comma, without brackets.
        for word in words(name.split(',').next().unwrap_or(name)).take(MOST) {
            if word.chars().count() >= 2 && !matches!(word, "Dr" | "dr" | "Prof" | "prof" | "Mr" | "Mrs" | "Ms") {
                self.push(word);
            }
        }
        self.names = self.words.len() as u32;
        self.name_initials = self.names().fold(0, |all, name| all | initial(name));
    }

    /// Adds a company.
    pub(crate) fn add_company(&mut self, company: &str) {
        if self.companies.len() == MOST {
            return;
        }
        let first = self.words.len();
        for word in words(company.split(['|', '•', '(']).next().unwrap_or(company)).take(MOST) {
            self.push(word);
        }
        while self.words.len() > first + 1
            && self
                .words
                .last()
                .is_some_and(|w| LEGAL_FORMS.contains(&&self.buffer[w.0 as usize..w.1 as usize]))
        {
            self.words.pop();
        }
        let length: usize = self.words[first..].iter().map(|(a, b)| (b - a) as usize).sum();
        if length >= 3 {
            self.companies.push((first as u32, self.words.len() as u32));
            self.company_initials |= initial(self.word(self.words.len() - 1));
        }
    }

    fn push(&mut self, word: &str) {
        let start = self.buffer.len() as u32;
        self.buffer.extend(word.chars().flat_map(char::to_lowercase));
        self.words.push((start, self.buffer.len() as u32));
    }

    fn word(&self, i: usize) -> &str {
        self.words
            .get(i)
            .map_or("", |&(a, b)| &self.buffer[a as usize..b as usize])
    }

    /// Whether a canonical word is one of the recipient's names, or its possessive.
    pub(crate) fn is_name(&self, word: &str) -> bool {
        self.name_initials & initial(word) != 0 && self.names().any(|name| name == word || is_possessive_of(word, name))
    }

    /// The names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.names as usize).map(|i| self.word(i))
    }

    /// Whether some company may end with a canonical word, or with one of which it is the possessive.
    pub(crate) fn may_end_company(&self, word: &str) -> bool {
        self.company_initials & initial(word) != 0
    }

    /// The companies, each as its words.
    pub(crate) fn companies(&self) -> impl Iterator<Item = impl Iterator<Item = &str> + Clone> {
        self.companies
            .iter()
            .map(|&(a, b)| (a as usize..b as usize).map(|i| self.word(i)))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
}

/// `word` is `name` with a possessive ending.
pub(super) fn is_possessive_of(word: &str, name: &str) -> bool {
    word.strip_prefix(name).is_some_and(|rest| rest == "'s" || rest == "'")
}
