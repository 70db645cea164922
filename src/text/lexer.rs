//! From text to tokens and canonical stream, one character after the other.

use unicode_segmentation::UnicodeSegmentation;

use super::fold::{self, Sign};
use super::lexicon::{Lexicon, Traits};
use super::masks::is_possessive_of;
use super::plain::Letters;
use super::scan::any_byte;
use super::vocabulary::SHORT;
use super::{Prepared, Reading, Span, Token, TokenFlags, TokenKind, Vocabulary, address, number, placeholder};

/// Reads all of `text` into `out`, which is empty.
pub(super) fn read(text: &str, reading: Reading<'_>, out: &mut Prepared) {
    let mut lexer = Lexer {
        text,
        reading,
        out,
        lead: TokenFlags::default(),
        chunk: Chunk::default(),
        run: 0,
        masked: reading.masks.is_some_and(|masks| !masks.is_empty()),
        words: reading.vocabulary.unwrap_or(Lexicon::get().words()),
        lexicon: Lexicon::get(),
    };
    lexer.out.stream.push(' ');
    lexer.push_class(TokenKind::Stop, Span::new(0, 0));
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        if byte == b' ' {
            lexer.blank();
            at += 1;
        } else if byte.is_ascii_alphabetic()
            && at >= lexer.chunk.end
            && let Some(end) = lexer.plain_chunk(at)
        {
            at = end;
        } else if let Some(c) = text[at..].chars().next() {
            at = lexer.step(at, c);
        }
    }
    lexer.join_spaced_letters();
    let end = text.len() as u32;
    lexer.push_break(TokenKind::Stop, Span::new(end, end));
    lexer.count_lines();
}

/// What stands between two white spaces, looked at once.
#[derive(Clone, Copy, Default)]
struct Chunk {
    end: usize,
    dotted: bool,
    at_sign: bool,
    scheme: bool,
    disguised: bool,
}

impl Chunk {
    /// Nothing but words and signs.
    fn is_plain(self) -> bool {
        !(self.dotted || self.at_sign || self.scheme || self.disguised)
    }
}

struct Lexer<'t, 'o> {
    text: &'t str,
    reading: Reading<'o>,
    out: &'o mut Prepared,
    /// What was met since the last token.
    lead: TokenFlags,
    chunk: Chunk,
    /// Single letters in a row, each a blank apart.
    run: usize,
    /// Names or companies are masked.
    masked: bool,
    words: &'o Vocabulary,
    lexicon: &'static Lexicon,
}

impl Lexer<'_, '_> {
    /// Handles what begins at `at` with `c`; returns where to go on.
    fn step(&mut self, at: usize, c: char) -> usize {
        let rest = &self.text[at..];
        let next = at + c.len_utf8();
        if at >= self.chunk.end && !c.is_whitespace() {
            self.chunk = look_at_chunk(rest, at);
        }
        if c.is_ascii_alphabetic()
            && self.chunk.is_plain()
            && let Some(end) = self.plain_word(at)
        {
            return end;
        }
        if c == '\n' || c == '\r' || c == '\u{2028}' || c == '\u{2029}' || c == '\u{85}' {
            return self.line_break(at);
        }
        if let Some(found) = self.placeholder(at, c) {
            return found;
        }
        if (self.chunk.scheme || self.chunk.dotted || self.chunk.at_sign)
            && let Some(end) = self.address(at, c)
        {
            return end;
        }
        if self.chunk.disguised
            && let Some(end) = self.disguised_word(at)
        {
            return end;
        }
        if (c.is_ascii_digit() || "$€£¥₹+(".contains(c))
            && let Some(figure) = figure_at(rest)
        {
            let span = Span::new(at as u32, (at + figure.len) as u32);
            self.figure(figure.kind, span);
            return at + figure.len;
        }
        if fold::is_emoji(c) && fold::styled(c).is_none() {
            return self.emoji(at);
        }
        if is_word_char(c) {
            return self.word(at);
        }
        match c {
            '!' | '！' | '¡' => {
                self.out.stats.exclamations += 1;
                if c != '¡' {
                    self.push_break(TokenKind::Stop, Span::new(at as u32, next as u32));
                }
                return next;
            }
            '?' | '？' | '؟' => {
                self.question(at, next);
                return next;
            }
            ';' | '；' | '。' | '…' | '؛' | '।' => {
                self.push_break(TokenKind::Stop, Span::new(at as u32, next as u32));
                return next;
            }
            '.' => {
                // A full stop ends a sentence before white space, a closing sign or the end; "Node.js" and "3.5" go on.
                let after = self.text[next..].chars().next();
                if after.is_none_or(|a| a.is_whitespace() || "\"')]}”’»*_".contains(a) || fold::is_emoji(a)) {
                    self.full_stop(at, next);
                } else {
                    self.lead.add(TokenFlags::AFTER_SIGN);
                }
                return next;
            }
            '|' | '•' | '·' | '●' | '▪' | '✦' | '⋅' | '‧' | '‖' if self.reading.headline => {
                self.push_break(TokenKind::Stop, Span::new(at as u32, next as u32));
                return next;
            }
            '&' => {
                let span = Span::new(at as u32, next as u32);
                self.push_plain("and", span);
                return next;
            }
            '@' if self.reading.headline => {
                let span = Span::new(at as u32, next as u32);
                self.push_plain("at", span);
                return next;
            }
            '@' | '#' => {
                let name: usize = self.text[next..]
                    .chars()
                    .take(60)
                    .take_while(|c| is_word_char(*c))
                    .map(char::len_utf8)
                    .sum();
                if name > 0 && self.text[next..].starts_with(|c: char| c.is_alphabetic()) {
                    let kind = if c == '@' {
                        TokenKind::Mention
                    } else {
                        TokenKind::Hashtag
                    };
                    self.push_class(kind, Span::new(at as u32, (next + name) as u32));
                    return next + name;
                }
            }
            ',' | '、' | '，' => {
                self.lead.add(TokenFlags::AFTER_COMMA);
                return next;
            }
            ':' | '：' => {
                self.lead.add(TokenFlags::AFTER_COLON);
                return next;
            }
            _ => {}
        }
        match fold::sign(c) {
            Sign::Space if c == '\t' => self.lead.add(TokenFlags::AFTER_WIDE_SPACE),
            Sign::Space => self.blank(),
            Sign::Dash => {
                self.lead.add(TokenFlags::AFTER_DASH);
                // A hyphen joins words, a dash parts them.
                if !matches!(c, '-' | '\u{2010}' | '\u{2011}') {
                    self.lead.add(TokenFlags::AFTER_SIGN);
                }
            }
            Sign::Invisible => {
                if fold::is_suspicious_invisible(c) {
                    self.out.stats.invisible += 1;
                }
            }
            Sign::Apostrophe => self.lead.add(TokenFlags::AFTER_SIGN),
            Sign::Other => self.lead.add(TokenFlags::AFTER_SIGN),
        }
        next
    }

    /// A full stop that may end a sentence.
    fn full_stop(&mut self, at: usize, next: usize) {
        if self.is_abbreviation() {
            self.lead.add(TokenFlags::AFTER_SIGN);
        } else {
            self.push_break(TokenKind::Stop, Span::new(at as u32, next as u32));
        }
    }

    fn question(&mut self, at: usize, next: usize) {
        self.out.stats.questions += 1;
        self.push_break(TokenKind::Question, Span::new(at as u32, next as u32));
    }

    fn blank(&mut self) {
        let wide = self.lead.has(TokenFlags::AFTER_SPACE);
        self.lead.add(if wide {
            TokenFlags::AFTER_WIDE_SPACE
        } else {
            TokenFlags::AFTER_SPACE
        });
    }

    /// One line break is a blank; a blank line ends the sentence.
    fn line_break(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let blank = rest.len() - rest.trim_start().len();
        // "\r\n" is one break: its "\r" does not count.
        let space = &rest[..blank];
        let breaks = space
            .chars()
            .filter(|c| matches!(c, '\n' | '\u{2028}' | '\u{2029}' | '\u{85}'))
            .count()
            + space.matches('\r').count()
            - space.matches("\r\n").count();
        if breaks >= 2 {
            self.push_break(TokenKind::Stop, Span::new(at as u32, (at + blank) as u32));
        } else if self.reading.headline {
            self.push_break(TokenKind::Stop, Span::new(at as u32, at as u32));
        }
        self.lead.add(TokenFlags::AFTER_NEWLINE);
        at + blank
    }

    fn placeholder(&mut self, at: usize, c: char) -> Option<usize> {
        if !matches!(c, '{' | '[' | '<' | '%' | '#' | '_' | '*' | '$' | '~') {
            return None;
        }
        // A sign inside a word is no opening.
        if matches!(c, '%' | '#' | '_') && self.text[..at].ends_with(char::is_alphanumeric) {
            return None;
        }
        let found = placeholder::lex(&self.text[at..])?;
        let span = Span::new(at as u32, (at + found.len) as u32);
        self.out.shapes.push((self.out.tokens.len() as u32, found.shape));
        self.push_class(TokenKind::Placeholder, span);
        if found.known {
            self.flag_last(TokenFlags::KNOWN_FIELD);
        }
        // White space inside the placeholder belongs to it.
        self.chunk.end = self.chunk.end.max(at + found.len);
        Some(at + found.len)
    }

    fn address(&mut self, at: usize, c: char) -> Option<usize> {
        // Addresses begin where a word begins.
        if !c.is_ascii_alphanumeric()
            || self.text[..at].ends_with(|p: char| p.is_alphanumeric() || p == '@' || p == '.')
        {
            return None;
        }
        let rest = &self.text[at..];
        let (kind, len) = if let Some(len) = address::url(rest) {
            (TokenKind::Url, len)
        } else if let Some(len) = self.chunk.at_sign.then(|| address::email(rest)).flatten() {
            (TokenKind::Email, len)
        } else {
            let len = self.chunk.dotted.then(|| address::host(rest)).flatten()?;
            (TokenKind::Url, len)
        };
        if kind == TokenKind::Url {
            self.out.stats.links += 1;
        }
        self.push_class(kind, Span::new(at as u32, (at + len) as u32));
        Some(at + len)
    }

    fn emoji(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let len: usize = rest
            .chars()
            .take_while(|c| fold::is_emoji(*c) || fold::is_emoji_glue(*c))
            .map(char::len_utf8)
            .sum();
        self.out.stats.emoji += rest[..len].graphemes(true).count() as u32;
        let span = Span::new(at as u32, (at + len) as u32);
        match self.out.tokens.last_mut() {
            // A run with blanks in between is one token.
            Some(last) if last.kind == TokenKind::Emoji && self.lead.adjoins() => {
                last.span.end = span.end;
                self.lead = TokenFlags::default();
            }
            _ => self.push_class(TokenKind::Emoji, span),
        }
        at + len
    }

    /// Reads a word of plain letters that begins with one, if nothing that could change it stands behind it: what
    /// [`word`](Self::word) does, at once for all letters.
    fn plain_word(&mut self, at: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[at..];
        let len = letters(bytes);
        // Digits and marks go on the word, and so may apostrophes, invisible characters and anything beyond ASCII.
        if !matches!(
            bytes.get(len),
            None | Some(b' ' | b'\t'..=b'\r' | b'!' | b'"' | b'#'..=b'&' | b'('..=b'/' | b':'..=b'@' | b'['..=b'^' | b'{'..=b'~')
        ) {
            return None;
        }
        Some(self.push_letters(at, len, Letters::of(bytes)))
    }

    /// Reads what most chunks are: a word of plain letters, with a comma or the end of a sentence behind it at most.
    fn plain_chunk(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text.as_bytes()[at..];
        let first = Letters::of(rest);
        let len = if first.len < 8 { first.len } else { letters(rest) };
        let ends = |at: usize| matches!(rest.get(at), None | Some(b' ' | b'\n'));
        let sign = rest.get(len).filter(|_| !ends(len));
        if sign.is_some_and(|sign| !matches!(sign, b',' | b'.' | b'?') || !ends(len + 1)) {
            return None;
        }
        let end = self.push_letters(at, len, first);
        let next = end + usize::from(sign.is_some());
        match sign {
            Some(b',') => self.lead.add(TokenFlags::AFTER_COMMA),
            Some(b'.') => self.full_stop(end, next),
            Some(_) => self.question(end, next),
            None => {}
        }
        Some(next)
    }

    /// A word of `len` plain letters, of which `first` are the first eight; returns where it ends.
    fn push_letters(&mut self, at: usize, len: usize, first: Letters) -> usize {
        let end = at + len;
        let start = self.begin_word();
        self.out.stream.push_str(&self.text[at..end]);
        let mut capitals = first.capitals;
        let short = len <= SHORT;
        if !short {
            let further = &self.text.as_bytes()[at + 8.min(len)..end];
            capitals += further.iter().filter(|b| b.is_ascii_uppercase()).count() as u32;
        }
        let mut flags = TokenFlags::default();
        if capitals > 0 {
            self.out.stream[start..].make_ascii_lowercase();
            self.out.stats.uppercase += capitals;
            if first.capital {
                flags.add(TokenFlags::CAPITALIZED);
            }
            if capitals >= 2 && capitals == len as u32 {
                flags.add(TokenFlags::ALL_CAPS);
            }
        }
        self.out.stats.letters += len as u32;
        let id = if short {
            self.words.get_short(first.lower, len)
        } else {
            self.words.get(&self.out.stream.as_bytes()[start..])
        };
        let (span, traits) = (Span::new(at as u32, end as u32), self.lexicon.traits(id));
        if traits.has(Traits::CONTRACTION) {
            self.finish_word(start, span, flags, None);
        } else {
            flags.0 |= std::mem::take(&mut self.lead).0;
            self.push_word(start, span, flags, id, traits);
        }
        let single = len == 1;
        if single || self.run > 0 {
            self.track_spaced_letters(single);
        }
        end
    }

    /// Reads a word: letters, digits and marks, with single apostrophes inside.
    fn word(&mut self, at: usize) -> usize {
        let start = self.begin_word();
        let mut word = Word::default();
        let mut end = at;
        let mut chars = self.text[at..].char_indices().peekable();
        while let Some((offset, c)) = chars.next() {
            let here = at + offset;
            if is_word_char(c) {
                word.push(c, &mut self.out.stream);
                end = here + c.len_utf8();
                continue;
            }
            match fold::sign(c) {
                Sign::Invisible if chars.peek().is_some_and(|(_, n)| is_word_char(*n)) => {
                    self.out.stats.invisible += u32::from(fold::is_suspicious_invisible(c));
                }
                Sign::Apostrophe if chars.peek().is_some_and(|(_, n)| n.is_alphabetic()) => {
                    word.apostrophe = Some(here);
                    self.out.stream.push('\'');
                }
                _ => break,
            }
        }
        if self.out.stream.len() == start {
            // Nothing but marks without a letter.
            self.lead.add(TokenFlags::AFTER_SIGN);
            return end;
        }
        let span = Span::new(at as u32, end as u32);
        self.out.stats.letters += word.letters;
        self.out.stats.uppercase += word.uppercase;
        self.out.votes.foreign_letters += word.letters - word.latin;
        if word.unspaced {
            self.out.stream.truncate(start);
            self.segmented(span);
            return end;
        }
        let mut flags = TokenFlags::default();
        if word.first_upper {
            flags.add(TokenFlags::CAPITALIZED);
        }
        if word.uppercase >= 2 && word.uppercase == word.letters {
            flags.add(TokenFlags::ALL_CAPS);
        }
        if word.styled > 0 {
            flags.add(TokenFlags::STYLED);
            self.out.stats.styled += word.styled;
        }
        if word.ascii > 0 && word.lookalikes > 0 {
            self.fold_lookalikes(start, word.lookalikes);
            flags.add(TokenFlags::LOOKALIKE);
        }
        let single = end - at == 1 && word.letters == 1;
        self.finish_word(start, span, flags, word.apostrophe);
        self.track_spaced_letters(single);
        end
    }

    /// A run in a script without spaces: unicode-segmentation knows the words.
    fn segmented(&mut self, span: Span) {
        let base = span.start as usize;
        for (offset, piece) in self.text[base..span.end as usize].unicode_word_indices() {
            if piece.bytes().all(|b| b.is_ascii_digit()) {
                let from = (base + offset) as u32;
                self.figure(TokenKind::Number, Span::new(from, from + piece.len() as u32));
                continue;
            }
            let start = self.begin_word();
            let mut word = Word::default();
            piece.chars().for_each(|c| word.push(c, &mut self.out.stream));
            let from = (base + offset) as u32;
            let mut flags = TokenFlags::default();
            if word.ascii > 0 && word.lookalikes > 0 {
                self.fold_lookalikes(start, word.lookalikes);
                flags.add(TokenFlags::LOOKALIKE);
            }
            self.finish_word(start, Span::new(from, from + piece.len() as u32), flags, None);
        }
    }

    /// Replaces look-alikes in the word that begins at `start` of the stream.
    fn fold_lookalikes(&mut self, start: usize, count: u32) {
        let Prepared {
            stream, buffer, stats, ..
        } = &mut *self.out;
        buffer.clear();
        buffer.extend(stream[start..].chars().map(|c| fold::lookalike(c).unwrap_or(c)));
        stream.truncate(start);
        stream.push_str(buffer);
        stats.lookalikes += count;
    }

    /// A chunk such as "fr33" or "$ales" whose plain form occurs in a phrase.
    fn disguised_word(&mut self, at: usize) -> Option<usize> {
        self.chunk.disguised = false;
        if !self.reading.disguises {
            return None;
        }
        let chunk = self
            .text
            .get(at..self.chunk.end)?
            .trim_end_matches(['.', ',', '!', '?', ':', ';', ')', '"', '\'']);
        let plain = &mut self.out.buffer;
        plain.clear();
        let (mut letters, mut disguises) = (0, 0);
        for c in chunk.chars() {
            if c.is_ascii_alphabetic() {
                letters += 1;
                plain.push(c.to_ascii_lowercase());
            } else {
                disguises += 1;
                plain.push(fold::leet(c)?);
            }
        }
        // "10x", "4th" and the like begin with a number and mean it.
        if disguises == 0 || letters < 2 || plain.len() < 4 || !self.words.has_long(plain) {
            return None;
        }
        let span = Span::new(at as u32, (at + chunk.len()) as u32);
        self.out.stats.letters += letters;
        self.out.stats.disguised += 1;
        let start = self.begin_word();
        let Prepared { stream, buffer, .. } = &mut *self.out;
        stream.push_str(buffer);
        let mut flags = TokenFlags::default();
        flags.add(TokenFlags::LEET);
        self.finish_word(start, span, flags, None);
        self.run = 0;
        Some(at + chunk.len())
    }

    fn track_spaced_letters(&mut self, single: bool) {
        let apart = self.out.tokens.last().is_some_and(|t| t.flags.plainly_spaced());
        if single && self.run > 0 && apart {
            self.run += 1;
        } else {
            let last_is_part = single;
            if self.run >= 4 {
                self.join_before_last();
            }
            self.run = usize::from(last_is_part);
        }
    }

    /// Joins a run of letters that ended right before the last token.
    fn join_before_last(&mut self) {
        let Some(last) = self.out.tokens.pop() else { return };
        let at = last.canon as usize;
        let mut tail = std::mem::take(&mut self.out.tail);
        tail.clear();
        tail.push_str(&self.out.stream[at..]);
        self.out.stream.truncate(at);
        let from = self.out.tokens.len() as u32;
        self.join_spaced_letters();
        let to = self.out.tokens.len() as u32;
        if let Some((at, _)) = self.out.shapes.last_mut().filter(|(at, _)| *at == from) {
            *at = to;
        }
        self.out.tokens.push(Token {
            canon: self.out.stream.len() as u32,
            ..last
        });
        self.out.stream.push_str(&tail);
        self.out.tail = tail;
    }

    /// Joins the run of letters that the stream ends with, if together they are a word of a phrase.
    fn join_spaced_letters(&mut self) {
        let run = std::mem::take(&mut self.run);
        if !self.reading.disguises || run < 4 || run > self.out.tokens.len() {
            return;
        }
        // "a f r e e": an article before the word is a letter of its own.
        let (len, words) = (self.out.tokens.len(), self.words);
        let Some(first) = (len - run..=len - 4).take(2).find(|&first| {
            let start = self.out.tokens[first].canon as usize;
            let Prepared { stream, buffer, .. } = &mut *self.out;
            buffer.clear();
            buffer.extend(stream[start..].split(' '));
            words.has_long(buffer)
        }) else {
            return;
        };
        let run = len - first;
        let start = self.out.tokens[first].canon as usize;
        let span = self.out.tokens[first].span.cover(self.out.tokens[first + run - 1].span);
        let mut flags = self.out.tokens[first].flags;
        flags.add(TokenFlags::SPACED);
        self.out.tokens.truncate(first);
        self.out.stream.truncate(start);
        let Prepared { stream, buffer, .. } = &mut *self.out;
        stream.push_str(buffer);
        let word = self.words.get(buffer.as_bytes());
        stream.push(' ');
        self.out.tokens.push(Token {
            span,
            kind: TokenKind::Word,
            flags,
            canon: start as u32,
            word,
        });
        self.out.stats.disguised += 1;
        self.out.stats.words = self.out.stats.words.saturating_sub(run as u32 - 1);
    }

    fn begin_word(&self) -> usize {
        self.out.stream.len()
    }

    /// Turns the bytes from `start` of the stream into one or two tokens.
    fn finish_word(&mut self, start: usize, span: Span, mut flags: TokenFlags, apostrophe: Option<usize>) {
        flags.0 |= self.lead.0;
        self.lead = TokenFlags::default();
        let cut = contraction(&self.out.stream.as_bytes()[start..]);
        if let Some((first, second)) = cut {
            // The source is cut where the apostrophe stands, or one letter earlier for "n't".
            let middle = match apostrophe {
                Some(source) if second == "not" && source > span.start as usize => {
                    let before = source - 1;
                    if self.text.is_char_boundary(before) {
                        before
                    } else {
                        source
                    }
                }
                Some(source) => source,
                None => span.start as usize + 3,
            };
            // In a run of mixed scripts the cut may not be known; then the first word has no source of its own.
            let known = self.text.is_char_boundary(middle) && middle <= span.end as usize;
            let middle = if known { middle as u32 } else { span.start };
            match first {
                Head::Kept(len) => self.out.stream.truncate(start + len),
                Head::Other(word) => {
                    self.out.stream.truncate(start);
                    self.out.stream.push_str(word);
                }
            }
            self.word_token(start, Span::new(span.start, middle), flags);
            let start = self.out.stream.len();
            self.out.stream.push_str(second);
            self.word_token(start, Span::new(middle, span.end), TokenFlags::default());
        } else {
            self.word_token(start, span, flags);
        }
    }

    /// Makes a token of the word that the stream ends with.
    fn word_token(&mut self, start: usize, span: Span, flags: TokenFlags) {
        let id = self.words.get(&self.out.stream.as_bytes()[start..]);
        self.push_word(start, span, flags, id, self.lexicon.traits(id));
    }

    /// Makes a token of the word that the stream ends with, whose number and traits are known. It is what most of the
    /// time for a word goes into, so that even the call counts.
    #[inline(always)]
    fn push_word(&mut self, start: usize, span: Span, flags: TokenFlags, id: u32, traits: Traits) {
        let out = &mut *self.out;
        out.stats.words += 1;
        if traits.has(Traits::PERSON) {
            out.stats.first_singular += u32::from(traits.has(Traits::FIRST_SINGULAR));
            out.stats.first_plural += u32::from(traits.has(Traits::FIRST_PLURAL));
            out.stats.second += u32::from(traits.has(Traits::SECOND));
        } else if flags.has(TokenFlags::CAPITALIZED) && !out.tokens.last().is_none_or(|t| t.kind.is_break()) {
            out.stats.proper += 1;
        }
        if traits.languages() != 0 {
            out.votes.cast(traits.languages());
        }
        let mut kind = TokenKind::Word;
        let is_name = || {
            self.reading
                .masks
                .is_some_and(|masks| masks.is_name(&out.stream[start..]))
        };
        if self.masked && is_name() {
            kind = TokenKind::Name;
        } else if flags.has(TokenFlags::ALL_CAPS)
            && placeholder::is_bare_field(&self.text[span.start as usize..span.end as usize])
        {
            out.shapes
                .push((out.tokens.len() as u32, placeholder::PlaceholderShape::Bare));
            kind = TokenKind::Placeholder;
        }
        if kind != TokenKind::Word {
            out.stream.truncate(start);
            out.stream.push(kind.sign());
        }
        out.stream.push(' ');
        out.tokens.push(Token {
            span,
            kind,
            flags,
            canon: start as u32,
            word: if kind == TokenKind::Word { id } else { kind.word() },
        });
        if kind == TokenKind::Placeholder {
            self.flag_last(TokenFlags::KNOWN_FIELD);
        } else if kind == TokenKind::Word {
            if traits.has(Traits::UNIT) {
                self.merge_unit(traits);
            }
            if self.masked {
                self.mask_company();
            }
        }
    }

    /// "15 minutes", "two weeks", "half an hour", "30 percent", "200 euros", "3 million": the last word is a unit.
    fn merge_unit(&mut self, traits: Traits) {
        let tokens = &self.out.tokens;
        let last = tokens.len() - 1;
        if last < 2 || !tokens[last].flags.adjoins() {
            return;
        }
        let word = self.out.word(last);
        let before = tokens[last - 1];
        let spoken = self.lexicon.traits(before.word).has(Traits::NUMBER_WORD);
        let (mut first, kind) = if traits.has(Traits::TIME_UNIT) {
            if word == "hour" && self.out.word(last - 1) == "an" {
                (
                    if self.out.word(last - 2) == "half" {
                        last - 2
                    } else {
                        last - 1
                    },
                    TokenKind::Duration,
                )
            } else if word == "hour" && self.out.word(last - 1) == "half"
                || (before.kind == TokenKind::Number || spoken) && word.len() > 1 && word != "an"
            {
                (last - 1, TokenKind::Duration)
            } else {
                return;
            }
        } else if before.kind == TokenKind::Number && traits.has(Traits::PERCENT_WORD) {
            (last - 1, TokenKind::Percent)
        } else if before.kind == TokenKind::Number && traits.has(Traits::CURRENCY_WORD) {
            (last - 1, TokenKind::Money)
        } else if matches!(before.kind, TokenKind::Number | TokenKind::Money) && traits.has(Traits::SCALE_WORD) {
            (last - 1, before.kind)
        } else {
            return;
        };
        // "15 to 20 minutes"
        if first >= 3
            && first == last - 1
            && matches!(self.out.word(first - 1), "to" | "or" | "bis" | "à" | "a" | "tot")
            && tokens[first - 2].kind == TokenKind::Number
        {
            first -= 2;
        }
        self.merge_from(first, kind);
    }

    /// Makes one token of class `kind` of all tokens from `first` on.
    fn merge_from(&mut self, first: usize, kind: TokenKind) {
        let out = &mut *self.out;
        let Some(last) = out.tokens.last() else { return };
        let span = out.tokens[first].span.cover(last.span);
        let (flags, canon) = (out.tokens[first].flags, out.tokens[first].canon);
        let words = out.tokens[first..].iter().filter(|t| t.kind == TokenKind::Word).count() as u32;
        out.stats.words -= words.min(out.stats.words);
        let had_figure = out.tokens[first..].iter().any(|t| is_figure(t.kind));
        if is_figure(kind) && !had_figure {
            out.stats.figures += 1;
        }
        out.tokens.truncate(first);
        out.stream.truncate(canon as usize);
        out.stream.push(kind.sign());
        out.stream.push(' ');
        out.tokens.push(Token {
            span,
            kind,
            flags,
            canon,
            word: kind.word(),
        });
    }

    /// Masks a company of the recipient that ends with the last word.
    fn mask_company(&mut self) {
        let Some(masks) = self.reading.masks else { return };
        let len = self.out.tokens.len();
        if len == 0 || !masks.may_end_company(self.out.word(len - 1)) {
            return;
        }
        // A company called by a common word is only meant where it is written with a capital.
        let found = masks.companies().find_map(|company| {
            let n = company.clone().count();
            let first = len.checked_sub(n).filter(|&first| n > 0 && first > 0)?;
            let same = company.enumerate().all(|(i, known)| {
                let word = self.out.word(first + i);
                word == known || i + 1 == n && is_possessive_of(word, known)
            });
            (same && self.out.tokens[first].flags.has(TokenFlags::CAPITALIZED)).then_some(first)
        });
        if let Some(first) = found {
            self.merge_from(first, TokenKind::Company);
        }
    }

    fn figure(&mut self, kind: TokenKind, span: Span) {
        self.out.stats.figures += u32::from(kind != TokenKind::Phone);
        self.push_class(kind, span);
        // "USD 300"
        let last = self.out.tokens.len() - 1;
        if kind == TokenKind::Number
            && last >= 2
            && self.out.tokens[last].flags.adjoins()
            && matches!(
                self.out.word(last - 1),
                "usd" | "eur" | "gbp" | "chf" | "inr" | "rs" | "aud" | "cad"
            )
        {
            self.merge_from(last - 1, TokenKind::Money);
        }
    }

    fn push_plain(&mut self, word: &str, span: Span) {
        let start = self.begin_word();
        self.out.stream.push_str(word);
        self.finish_word(start, span, TokenFlags::default(), None);
    }

    fn push_class(&mut self, kind: TokenKind, span: Span) {
        let canon = self.out.stream.len() as u32;
        self.out.stream.push(kind.sign());
        self.out.stream.push(' ');
        self.out.tokens.push(Token {
            span,
            kind,
            flags: self.lead,
            canon,
            word: kind.word(),
        });
        self.lead = TokenFlags::default();
        if self.run > 0 {
            self.run = 0;
        }
    }

    /// Sentence ends in a row are one; a question mark among them decides.
    fn push_break(&mut self, kind: TokenKind, span: Span) {
        self.join_spaced_letters();
        let only = self.out.tokens.len() == 1;
        if let Some(last) = self.out.tokens.last_mut()
            && last.kind.is_break()
        {
            if kind == TokenKind::Question && !only {
                last.kind = kind;
                last.word = kind.word();
                let at = last.canon as usize;
                // The last token, and a blank behind it.
                self.out.stream.truncate(at);
                self.out.stream.push(kind.sign());
                self.out.stream.push(' ');
            }
            if only && span.start as usize == self.text.len() {
                // An empty text still ends with a sentence end of its own.
                self.push_class(TokenKind::Stop, span);
            }
            return;
        }
        self.out.stats.sentences += 1;
        let lead = self.lead;
        self.push_class(kind, span);
        // What stood before the full stop says nothing of the next word, but a line break does.
        if lead.has(TokenFlags::AFTER_NEWLINE) {
            self.lead.add(TokenFlags::AFTER_NEWLINE);
        }
    }

    fn flag_last(&mut self, flag: TokenFlags) {
        if let Some(last) = self.out.tokens.last_mut() {
            last.flags.add(flag);
        }
    }

    /// Whether the word before a full stop is an abbreviation that does not end a sentence.
    fn is_abbreviation(&self) -> bool {
        let Some(last) = self.out.tokens.last() else {
            return false;
        };
        if last.kind != TokenKind::Word || self.lead != TokenFlags::default() {
            return false;
        }
        let capital = last.flags.has(TokenFlags::CAPITALIZED);
        match self.out.word(self.out.tokens.len() - 1) {
            "dr" | "mr" | "mrs" | "ms" | "prof" | "st" | "inc" | "ltd" | "corp" | "dipl" | "ing" | "sr" | "jr" => {
                capital
            }
            "ca" | "bzw" | "vs" | "approx" => true,
            // An initial, "Maria K. Lund", or the end of "e.g." and "U.S."
            word => word.len() == 1 && word != "i" && (capital || last.flags.lead() == TokenFlags::AFTER_SIGN.0),
        }
    }

    fn count_lines(&mut self) {
        let has_text = |line: &str| !line.trim().is_empty();
        self.out.stats.lines = if any_byte(self.text.as_bytes(), |b| b == b'\n') {
            self.text.lines().filter(|line| has_text(line)).count() as u32
        } else {
            u32::from(has_text(self.text))
        };
    }
}

fn is_figure(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Number | TokenKind::Money | TokenKind::Percent | TokenKind::Duration | TokenKind::Multiple
    )
}

fn figure_at(rest: &str) -> Option<number::Figure> {
    let first = rest.chars().next()?;
    // A sign opens a figure only right before a digit.
    if !first.is_ascii_digit() {
        // "+(49) 30": at most two signs stand between.
        let mut after = rest[first.len_utf8()..]
            .chars()
            .take(3)
            .skip_while(|c| matches!(c, ' ' | '('));
        if !after.next().is_some_and(|c| c.is_ascii_digit()) || matches!(first, '+' | '(') && rest[1..].starts_with(' ')
        {
            return None;
        }
        if matches!(first, '(' | '+') {
            // "(555) 010-0199", not "(2024)".
            return number::lex(rest).filter(|f| f.kind == TokenKind::Phone);
        }
    }
    number::lex(rest)
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || fold::is_combining(c) || fold::styled(c).is_some()
}

/// A word while its characters arrive.
#[derive(Default)]
struct Word {
    letters: u32,
    uppercase: u32,
    ascii: u32,
    latin: u32,
    styled: u32,
    lookalikes: u32,
    first_upper: bool,
    unspaced: bool,
    last: Option<char>,
    /// Where the last apostrophe stands in the source.
    apostrophe: Option<usize>,
}

impl Word {
    /// Appends the canonical form of `c`.
    fn push(&mut self, c: char, stream: &mut String) {
        if c.is_ascii() {
            if c.is_ascii_alphabetic() {
                self.first_upper |= self.letters == 0 && c.is_ascii_uppercase();
                self.letters += 1;
                self.ascii += 1;
                self.latin += 1;
                self.uppercase += u32::from(c.is_ascii_uppercase());
            }
            stream.push(c.to_ascii_lowercase());
            self.last = Some(c);
            return;
        }
        if fold::is_combining(c) {
            // A decomposed accent becomes the composed letter; a mark that fits nothing is dropped.
            if let Some(whole) = self.last.and_then(|base| fold::compose(base, c)) {
                let base = self.last.map_or(0, |b| b.to_ascii_lowercase().len_utf8());
                stream.truncate(stream.len() - base.min(stream.len()));
                push_lower(whole, stream);
                self.last = None;
            }
            return;
        }
        self.last = None;
        let plain = match fold::styled(c) {
            Some(plain) => {
                self.styled += u32::from(plain.is_alphabetic());
                self.ascii += u32::from(plain.is_alphabetic());
                plain
            }
            None => c,
        };
        if plain.is_alphabetic() {
            self.first_upper |= self.letters == 0 && plain.is_uppercase();
            self.letters += 1;
            self.uppercase += u32::from(plain.is_uppercase());
            self.latin += u32::from(is_latin(plain));
        }
        self.unspaced |= fold::is_unspaced_script(c);
        match plain {
            'ﬀ' => stream.push_str("ff"),
            'ﬁ' => stream.push_str("fi"),
            'ﬂ' => stream.push_str("fl"),
            'ﬃ' => stream.push_str("ffi"),
            'ﬄ' => stream.push_str("ffl"),
            _ => {
                let before = stream.len();
                push_lower(plain, stream);
                let lower = stream[before..].chars().next();
                self.lookalikes += u32::from(lower.is_some_and(|l| fold::lookalike(l).is_some()));
            }
        }
    }
}

fn push_lower(c: char, stream: &mut String) {
    stream.extend(c.to_lowercase().filter(|lower| !fold::is_combining(*lower)));
}

/// Latin letters with and without accents: Basic Latin to Latin Extended-B, and Latin Extended Additional.
fn is_latin(c: char) -> bool {
    matches!(c as u32, 0x41..=0x24F | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF | 0xFB00..=0xFB06)
}

/// The first word of a contraction.
enum Head {
    /// So many bytes of the word as it stands.
    Kept(usize),
    /// Another word.
    Other(&'static str),
}

/// The two words that a contraction stands for.
fn contraction(word: &[u8]) -> Option<(Head, &'static str)> {
    match word {
        b"cannot" | b"can't" => return Some((Head::Other("can"), "not")),
        b"won't" => return Some((Head::Other("will"), "not")),
        b"shan't" => return Some((Head::Other("shall"), "not")),
        b"let's" => return Some((Head::Other("let"), "us")),
        _ => {}
    }
    let at = word.iter().position(|b| *b == b'\'')?;
    let (head, tail) = word.split_at(at);
    let second = match tail {
        b"'m" if head == b"i" => "am",
        b"'re" => "are",
        b"'ve" => "have",
        b"'ll" => "will",
        b"'d" => "would",
        b"'t" if head.ends_with(b"n") && head.len() > 2 => return Some((Head::Kept(at - 1), "not")),
        b"'s"
            if matches!(
                head,
                b"it" | b"that" | b"what" | b"there" | b"here" | b"who" | b"how" | b"where" | b"he" | b"she"
            ) =>
        {
            "is"
        }
        _ => return None,
    };
    Some((Head::Kept(at), second))
}

/// What a byte can mean for the chunk it is in.
const LETTER: u8 = 1;
/// A digit, or a sign that stands for a letter.
const DISGUISE: u8 = 1 << 1;
const FULL_STOP: u8 = 1 << 2;
const AT_SIGN: u8 = 1 << 3;
const COLON: u8 = 1 << 4;
/// White space, or a byte of a character that may be.
const END: u8 = 1 << 5;

const MEANINGS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' | b'$' | b'!' | b'|' | b'+' => DISGUISE,
            b'.' => FULL_STOP,
            b'@' => AT_SIGN | DISGUISE,
            b':' => COLON,
            b' ' | b'\t'..=b'\r' | 0x80.. => END,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// How many plain letters a text begins with.
fn letters(bytes: &[u8]) -> usize {
    let is_letter = |byte: &u8| MEANINGS[usize::from(*byte)] == LETTER;
    bytes.iter().position(|b| !is_letter(b)).unwrap_or(bytes.len())
}

/// Looks once at what stands before the next white space.
fn look_at_chunk(rest: &str, at: usize) -> Chunk {
    let bytes = rest.as_bytes();
    let (mut len, mut seen) = (0, 0);
    while let Some(&byte) = bytes.get(len) {
        let meaning = MEANINGS[usize::from(byte)];
        if meaning & END != 0 {
            match rest[len..].chars().next() {
                Some(c) if !c.is_whitespace() => len += c.len_utf8(),
                _ => break,
            }
            continue;
        }
        seen |= meaning;
        len += 1;
    }
    let (text, bytes) = (&rest[..len], &bytes[..len]);
    let dotted = seen & FULL_STOP != 0;
    let inside = |w: &[u8]| w[1] == b'.' && w[0].is_ascii_alphanumeric() && w[2].is_ascii_alphanumeric();
    Chunk {
        end: at + len,
        dotted: dotted && bytes.windows(3).any(inside),
        at_sign: seen & AT_SIGN != 0,
        scheme: seen & COLON != 0 && text.contains("://")
            || dotted && bytes.windows(4).any(|w| w.eq_ignore_ascii_case(b"www.")),
        disguised: seen & LETTER != 0 && seen & DISGUISE != 0 && len <= 40,
    }
}
