//! The model file: weights of sequences, for the languages it was trained on.

use std::sync::Arc;

use super::{FIRST_WORD, Key, Lexicon, SYMBOL_LIMIT, Shape, Symbol, TOKENISER, UNKNOWN};
use crate::ruleset::fnv1a;
use crate::score::ModelProvenance;
use crate::text::{Lang, NO_WORD, Prepared, TokenKind, Vocabulary};

/// The most sequences a model may have: the detector notes for each whether it has met it.
pub(crate) const MAX_SEQUENCES: usize = 1 << 14;

/// The largest weight of a sequence, in thousandths.
pub(crate) const MAX_WEIGHT: i32 = 10_000;

/// The version of the form.
const FORMAT: u32 = 1;

/// A linear model over short sequences of canonical tokens: the learned part of the detector
/// [`Wording`](crate::detectors::Wording).
///
/// Its sum, `bias` and the weight of every sequence that is in the text, is the log-odds that the text is a pitch, by its
/// wording alone. `huckster fit --wording` trains one; the file is TOML:
///
/// ```
/// use huckster::{RuleSet, Scorer, WordingModel};
/// # let tokeniser = RuleSet::builtin().wording().next().unwrap().tokeniser().to_owned();
/// let text = format!("
/// format = 1
/// tokeniser = '{tokeniser}'
/// id = 'mine'
/// languages = ['en']
/// bias = '-0.200'
/// sequences = '''
/// +1.100 we help
/// +0.400 call ?
/// -0.900 ^ thanks
/// '''
/// ");
/// let model = WordingModel::parse(&text)?;
/// assert_eq!(model.len(), 3);
/// let scorer = Scorer::builder().rules(RuleSet::builtin().with_wording(model)).build()?;
/// assert!(scorer.judge("We help dentists to fill chairs.").fired("wording.reads-like-outreach"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WordingModel {
    parts: ModelParts,
    words: Vocabulary,
    /// Shapes that begin with each symbol.
    shapes: Vec<u8>,
    table: Table,
    pub(crate) fingerprint: u64,
}

/// What stands in a model file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ModelParts {
    pub(crate) id: String,
    pub(crate) languages: Vec<Lang>,
    /// In thousandths.
    pub(crate) bias: i32,
    /// The text of each sequence with its weight in thousandths, in order.
    pub(crate) sequences: Vec<(String, i32)>,
    pub(crate) provenance: Option<ModelProvenance>,
}

impl ModelParts {
    /// A hash over everything that can change a verdict.
    pub(crate) fn fingerprint(&self) -> u64 {
        let lines = self.sequences.iter().map(|(text, weight)| format!("{weight} {text}\n"));
        let head = format!("{:?} {}\n", self.languages, self.bias);
        fnv1a(std::iter::once(head).chain(lines).flat_map(String::into_bytes))
    }
}

/// A text is no wording model that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WordingError {
    /// The text is no model file.
    #[error("not a wording model: {0}")]
    Syntax(String),
    /// It has another form.
    #[error("the wording model has format {0}, but this version reads format {FORMAT}; train it again")]
    Format(u32),
    /// It was made with another tokeniser.
    #[error(
        "the wording model was made with the tokeniser {found}, but this version has {expected}; train it again with \
         `huckster fit --wording`"
    )]
    ForeignTokens {
        /// The tokeniser at hand.
        expected: String,
        /// The one in the file.
        found: String,
    },
    /// It knows no language, or one that cannot be told.
    #[error("the wording model names the language `{0}`, which is not one of en, de, fr, es, pt, it, nl")]
    Language(String),
    /// A line of the sequences cannot be read.
    #[error("line {line} of the sequences, `{text}`: {problem}")]
    Sequence {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        text: String,
        /// What is wrong with it.
        problem: String,
    },
    /// It has too many sequences or words.
    #[error("the wording model has {0}, but at most {1} are possible")]
    TooLarge(String, usize),
    /// The bias is no weight.
    #[error("the bias is `{0}`, not a decimal between -10 and 10 with at most three places")]
    Bias(String),
}

#[cfg(feature = "toml")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    tokeniser: String,
    #[serde(default)]
    id: String,
    languages: Vec<String>,
    bias: String,
    sequences: String,
    provenance: Option<ModelProvenance>,
}

impl WordingModel {
    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// It is damaged, or was made for another tokeniser, with what is wrong and where.
    #[cfg(feature = "toml")]
    pub fn parse(text: &str) -> Result<Self, WordingError> {
        let file: File = toml::from_str(text).map_err(|e| WordingError::Syntax(e.to_string()))?;
        if file.format != FORMAT {
            return Err(WordingError::Format(file.format));
        }
        if file.tokeniser != TOKENISER {
            return Err(WordingError::ForeignTokens {
                expected: TOKENISER.to_owned(),
                found: file.tokeniser,
            });
        }
        let languages: Result<Vec<Lang>, WordingError> = file
            .languages
            .iter()
            .map(|code| match Lang::from_code(code) {
                Lang::Unknown | Lang::Other => Err(WordingError::Language(code.clone())),
                known => Ok(known),
            })
            .collect();
        let mut sequences = Vec::new();
        for (i, line) in file.sequences.lines().enumerate().filter(|(_, l)| !l.is_empty()) {
            let fail = |problem: &str| WordingError::Sequence {
                line: i + 1,
                text: line.to_owned(),
                problem: problem.to_owned(),
            };
            let (weight, text) = line
                .split_once(' ')
                .ok_or_else(|| fail("a weight and a sequence are needed"))?;
            let weight = milli(weight).ok_or_else(|| fail("the weight is no decimal between -10 and 10"))?;
            sequences.push((text.to_owned(), weight));
        }
        Self::new(ModelParts {
            id: file.id,
            languages: languages?,
            bias: milli(&file.bias).ok_or_else(|| WordingError::Bias(file.bias.clone()))?,
            sequences,
            provenance: file.provenance,
        })
    }

    /// A model of these parts.
    pub(crate) fn new(mut parts: ModelParts) -> Result<Self, WordingError> {
        parts.languages.sort_by_key(|l| l.code());
        parts.languages.dedup();
        let fingerprint = parts.fingerprint();
        Self::with_fingerprint(parts, fingerprint)
    }

    /// A model of these parts, languages in order, of which the fingerprint is known.
    pub(crate) fn with_fingerprint(parts: ModelParts, fingerprint: u64) -> Result<Self, WordingError> {
        if parts.languages.is_empty() {
            return Err(WordingError::Language(String::new()));
        }
        if parts.sequences.len() > MAX_SEQUENCES {
            let found = format!("{} sequences", parts.sequences.len());
            return Err(WordingError::TooLarge(found, MAX_SEQUENCES));
        }
        let mut words = Vocabulary::default();
        let mut entries: Vec<(Key, i32)> = Vec::with_capacity(parts.sequences.len());
        for (i, (text, weight)) in parts.sequences.iter().enumerate() {
            let fail = |problem: String| WordingError::Sequence {
                line: i + 1,
                text: text.clone(),
                problem,
            };
            if weight.abs() > MAX_WEIGHT {
                return Err(fail("the weight is outside -10 to 10".to_owned()));
            }
            entries.push((key_of(text, &mut words).map_err(fail)?, *weight));
        }
        let mut shapes = vec![0u8; FIRST_WORD as usize + words.len()];
        for (key, _) in &entries {
            if let (Some(shape), Some(known)) = (key.shape(), shapes.get_mut(key.symbols()[0] as usize)) {
                *known |= shape.bit();
            }
        }
        let table = Table::new(&entries).map_err(|i| WordingError::Sequence {
            line: i + 1,
            text: parts.sequences[i].0.clone(),
            problem: "the sequence stands twice".to_owned(),
        })?;
        Ok(Self {
            fingerprint,
            parts,
            words,
            shapes,
            table,
        })
    }

    /// The text of the model file; [`parse`](Self::parse) gives the same model back.
    #[cfg(feature = "eval")]
    pub fn to_toml(&self) -> String {
        use std::fmt::Write as _;
        let ModelParts {
            id,
            languages,
            bias,
            sequences,
            provenance,
        } = &self.parts;
        let codes: Vec<String> = languages.iter().map(|l| format!("\"{}\"", l.code())).collect();
        let weight = |milli: i32| crate::Weight::milli(milli).to_string();
        let mut out = String::from("# Made by `huckster fit --wording`; not meant to be changed by hand.\n");
        // Writing to a String cannot fail.
        let _ = writeln!(out, "format = {FORMAT}\ntokeniser = \"{TOKENISER}\"");
        let _ = writeln!(out, "id = {}", toml::Value::String(id.clone()));
        let _ = writeln!(out, "languages = [{}]\nbias = \"{}\"", codes.join(", "), weight(*bias));
        out.push_str("sequences = '''\n");
        for (text, milli) in sequences {
            let _ = writeln!(out, "{} {text}", weight(*milli));
        }
        out.push_str("'''\n");
        if let Some(provenance) = provenance
            && let Ok(table) = toml::to_string(provenance)
        {
            // Tables inside become `provenance.…`, which must not stand before the keys of their parent.
            let table = table.replace("\n[", "\n[provenance.");
            let _ = write!(out, "\n[provenance]\n{table}");
        }
        out
    }

    /// Gives it a name.
    #[cfg(feature = "eval")]
    pub fn set_id(&mut self, id: &str) {
        id.clone_into(&mut self.parts.id);
    }

    /// Puts the day into the provenance.
    #[cfg(feature = "eval")]
    pub fn set_date(&mut self, date: &str) {
        if let Some(provenance) = &mut self.parts.provenance {
            provenance.date = Some(date.to_owned());
        }
    }

    /// Its name.
    pub fn id(&self) -> &str {
        &self.parts.id
    }

    /// The languages it knows; it is silent on texts in others.
    pub fn languages(&self) -> &[Lang] {
        &self.parts.languages
    }

    /// Whether it has a say on texts in this language; on a text too short to tell, every model has.
    pub fn knows(&self, lang: Lang) -> bool {
        lang == Lang::Unknown || self.parts.languages.contains(&lang)
    }

    /// How many sequences it has weights for.
    pub fn len(&self) -> usize {
        self.parts.sequences.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.parts.sequences.is_empty()
    }

    /// How it came about.
    pub fn provenance(&self) -> Option<&ModelProvenance> {
        self.parts.provenance.as_ref()
    }

    /// The fingerprint of the tokeniser it works with.
    pub fn tokeniser(&self) -> &'static str {
        TOKENISER
    }

    /// A hash (FNV-1a) over everything that can change a verdict.
    pub fn fingerprint(&self) -> String {
        format!("{:016x}", self.fingerprint)
    }

    /// The fingerprint worked out anew.
    #[cfg(all(test, feature = "builtin"))]
    pub(crate) fn fingerprint_anew(&self) -> u64 {
        self.parts.fingerprint()
    }

    /// The bias in thousandths.
    pub(crate) fn bias(&self) -> i32 {
        self.parts.bias
    }

    /// The sequences with their weights in thousandths.
    pub fn sequences(&self) -> impl Iterator<Item = (&str, i32)> {
        self.parts
            .sequences
            .iter()
            .map(|(text, weight)| (text.as_str(), *weight))
    }

    /// Number and weight of a sequence that it [may know](Lexicon::may_know).
    pub(crate) fn find(&self, key: Key) -> Option<(u32, i32)> {
        self.table.find(key)
    }
}

impl Lexicon for WordingModel {
    fn symbol(&self, text: &Prepared, token: usize) -> Symbol {
        match self.words.get(text.word(token).as_bytes()) {
            NO_WORD => UNKNOWN,
            number => FIRST_WORD + number,
        }
    }

    fn shapes(&self, symbol: Symbol) -> u8 {
        self.shapes.get(symbol as usize).copied().unwrap_or(0)
    }

    fn may_know(&self, key: Key) -> bool {
        self.table.may_have(key)
    }
}

/// A model beside the vocabulary of a scorer, in which the words of a text have been looked up already.
pub(crate) struct Numbered {
    model: Arc<WordingModel>,
    /// The symbol of each word of the vocabulary.
    symbols: Vec<Symbol>,
}

impl Numbered {
    /// Words of the model that the vocabulary does not have are added to it.
    pub(crate) fn new(model: &Arc<WordingModel>, vocabulary: &mut Vocabulary) -> Self {
        let numbers = 0..model.words.len() as u32;
        let ids: Vec<u32> = numbers.map(|n| vocabulary.add(model.words.word(n))).collect();
        let mut symbols = vec![UNKNOWN; vocabulary.len()];
        for (symbol, id) in (FIRST_WORD..).zip(ids) {
            symbols[id as usize] = symbol;
        }
        Self {
            model: Arc::clone(model),
            symbols,
        }
    }

    pub(crate) fn is_of(&self, model: &Arc<WordingModel>) -> bool {
        Arc::ptr_eq(&self.model, model)
    }
}

impl Lexicon for Numbered {
    fn symbol(&self, text: &Prepared, token: usize) -> Symbol {
        let id = text.tokens()[token].word;
        self.symbols.get(id as usize).copied().unwrap_or(UNKNOWN)
    }

    fn shapes(&self, symbol: Symbol) -> u8 {
        self.model.shapes(symbol)
    }

    fn may_know(&self, key: Key) -> bool {
        self.model.may_know(key)
    }
}

/// Thousandths of a decimal in the range of weights.
fn milli(text: &str) -> Option<i32> {
    let weight: crate::Weight = text.parse().ok()?;
    Some(weight.as_milli()).filter(|m| m.abs() <= MAX_WEIGHT)
}

/// The symbol of one part of a sequence as written.
fn symbol_of(part: &str, words: &mut Vocabulary) -> Result<Symbol, String> {
    Ok(match part {
        "." => TokenKind::Stop as Symbol,
        "?" => TokenKind::Question as Symbol,
        "{proper}" => TokenKind::Company as Symbol,
        "" | "_" | "^" | "$" => return Err("a word is missing".to_owned()),
        _ => match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            Some(class) => TokenKind::CLASSES
                .iter()
                .find(|(name, kind)| *name == class && *kind != TokenKind::Company)
                .map(|(_, kind)| *kind as Symbol)
                .ok_or_else(|| format!("there is no class `{part}`"))?,
            None if part.chars().any(char::is_control) => return Err("a control character".to_owned()),
            None if words.len() as Symbol + FIRST_WORD >= SYMBOL_LIMIT => return Err("too many words".to_owned()),
            None => FIRST_WORD + words.insert(part.as_bytes()),
        },
    })
}

/// The key of a sequence as written.
fn key_of(text: &str, words: &mut Vocabulary) -> Result<Key, String> {
    let parts: Vec<&str> = text.split(' ').collect();
    let mut symbol = |part: &str| symbol_of(part, words);
    Ok(match parts[..] {
        ["^", a] => Key::new(Shape::Opening, [symbol(a)?, 0, 0]),
        ["$", a] => Key::new(Shape::Ending, [symbol(a)?, 0, 0]),
        [a] => Key::new(Shape::Single, [symbol(a)?, 0, 0]),
        [a, b] => Key::new(Shape::Pair, [symbol(a)?, symbol(b)?, 0]),
        [a, "_", b] => Key::new(Shape::Gap, [symbol(a)?, symbol(b)?, 0]),
        [a, b, c] => Key::new(Shape::Triple, [symbol(a)?, symbol(b)?, symbol(c)?]),
        _ => return Err("a sequence has one to three parts".to_owned()),
    })
}

/// The text of a sequence.
#[cfg(feature = "eval")]
pub(crate) fn text_of(key: Key, word: impl Fn(Symbol) -> String) -> String {
    let name = |symbol: Symbol| match symbol {
        s if s >= FIRST_WORD => word(s),
        s if s == TokenKind::Stop as Symbol => ".".to_owned(),
        s if s == TokenKind::Question as Symbol => "?".to_owned(),
        s if s == TokenKind::Company as Symbol => "{proper}".to_owned(),
        s => TokenKind::CLASSES
            .iter()
            .find(|(_, kind)| *kind as Symbol == s)
            .map_or_else(String::new, |(class, _)| format!("{{{class}}}")),
    };
    let [a, b, c] = key.symbols();
    match key.shape() {
        Some(Shape::Opening) => format!("^ {}", name(a)),
        Some(Shape::Ending) => format!("$ {}", name(a)),
        Some(Shape::Pair) => format!("{} {}", name(a), name(b)),
        Some(Shape::Gap) => format!("{} _ {}", name(a), name(b)),
        Some(Shape::Triple) => format!("{} {} {}", name(a), name(b), name(c)),
        Some(Shape::Single) | None => name(a),
    }
}

/// Weights by key: a hash table with open addressing. Keys hold the whole sequence, so nothing is taken for another.
#[derive(Clone, Debug, Default, PartialEq)]
struct Table {
    /// A bit for each key, by its hash, small enough to stay in the fastest cache: most sequences of a text are not in
    /// the table and end here.
    filter: Vec<u64>,
    slots: Vec<Slot>,
    shift: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Slot {
    /// 0 where the slot is free: no key is 0.
    key: u64,
    number: u32,
    weight: i32,
}

impl Table {
    /// The index of an entry that stands twice is the error.
    fn new(entries: &[(Key, i32)]) -> Result<Self, usize> {
        let size = (entries.len() * 2).next_power_of_two().max(64);
        let mut this = Self {
            filter: vec![0; size / 16],
            slots: vec![Slot::default(); size],
            shift: 64 - size.trailing_zeros(),
        };
        for (n, (key, weight)) in entries.iter().enumerate() {
            let slot = this.slot(*key);
            if this.slots[slot].key != 0 {
                return Err(n);
            }
            let (word, bit) = this.bit(*key);
            this.filter[word] |= bit;
            this.slots[slot] = Slot {
                key: key.0,
                number: n as u32,
                weight: *weight,
            };
        }
        Ok(this)
    }

    /// Fibonacci hashing: D. Knuth, 'The Art of Computer Programming', volume 3, section 6.4.
    fn hash(key: Key) -> u64 {
        key.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// The place of a key in the filter.
    fn bit(&self, key: Key) -> (usize, u64) {
        let hash = Self::hash(key);
        // Two more bits than the number of a slot: four bits for each slot.
        let at = hash >> (self.shift - 2);
        (at as usize / 64, 1 << (at % 64))
    }

    fn slot(&self, key: Key) -> usize {
        let mut at = (Self::hash(key) >> self.shift) as usize;
        while self.slots[at].key != 0 && self.slots[at].key != key.0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// Whether the filter has the bit of a key; the keys of a few others have it too.
    fn may_have(&self, key: Key) -> bool {
        let (word, bit) = self.bit(key);
        self.filter.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn find(&self, key: Key) -> Option<(u32, i32)> {
        let found = self.slots[self.slot(key)];
        (found.key != 0).then_some((found.number, found.weight))
    }
}
