//! Requests that say nothing: blank, stock, or good for anyone.

use super::{Declared, declared_detector};
use crate::detector::{Context, Detector, Findings};
use crate::message::{Channel, Client, Thread};
use crate::rule::{Phrase, RuleIx, RuleMeta};
use crate::ruleset::RuleSet;
use crate::span::Field;
use crate::text::{Lang, NO_WORD, TokenKind, Vocabulary};

/// Finds blank requests, stock texts and messages with nothing specific in them.
///
/// A missing note is the normal case (87 % of one marketer's invitations) and a weak signal; on the phone the connect
/// button sends at once, so there it is weaker still. Blank or stock alone ends in review.
pub struct GenericRequest {
    declared: Declared,
    /// All words of [`COMMON`] and [`FUNCTION_WORDS`].
    familiar: Vocabulary,
    blank: RuleIx,
    blank_mobile: RuleIx,
    stock_like: RuleIx,
    nothing_specific: RuleIx,
    brief: RuleIx,
}

declared_detector!(GenericRequest, "generic");

/// Up to so many words a note that names nothing says little: hardly a genuine note of the written corpus is as short and
/// has no figure, name or link in it (`huckster bench` counts the hits of `generic.brief` by label).
const BRIEF: u32 = 20;

/// The same in German, where names cannot be told from other nouns by their capitals.
const BRIEF_GERMAN: u32 = 12;

impl GenericRequest {
    /// With the rules of the namespace `generic` of `set`.
    pub fn new(set: &RuleSet) -> Self {
        let declared = Declared::new(set, "generic");
        let mut familiar = Vocabulary::default();
        for word in COMMON.iter().chain(FUNCTION_WORDS) {
            familiar.insert(word.as_bytes());
        }
        Self {
            familiar,
            blank: declared.rule("generic.blank-note"),
            blank_mobile: declared.rule("generic.blank-note-mobile"),
            stock_like: declared.rule("generic.stock-like"),
            nothing_specific: declared.rule("generic.nothing-specific"),
            brief: declared.rule("generic.brief"),
            declared,
        }
    }
}

/// Words that any note may hold, whoever it is for.
pub(crate) const COMMON: &[&str] = &[
    "connect",
    "network",
    "professional",
    "linkedin",
    "profile",
    "add",
    "join",
    "like",
    "love",
    "would",
    "great",
    "nice",
    "hope",
    "well",
    "meet",
    "reach",
    "out",
    "reaching",
    "touch",
    "forward",
    "looking",
    "opportunity",
    "opportunities",
    "people",
    "minded",
    "likeminded",
    "expand",
    "grow",
    "growing",
    "build",
    "industry",
    "field",
    "business",
    "experience",
    "background",
    "impressive",
    "impressed",
    "interesting",
    "interested",
    "inspiring",
    "learn",
    "chat",
    "talk",
    "call",
    "time",
    "please",
    "thanks",
    "thank",
    "accept",
    "invitation",
    "request",
    "connection",
    "connections",
    "connecting",
    "keep",
    "stay",
    "stumbled",
    "across",
    "came",
    "see",
    "saw",
    "noticed",
    "journey",
    "work",
    "working",
    "career",
    "value",
    "mutual",
    "benefit",
    "mutually",
    "beneficial",
    "explore",
    "synergies",
    "share",
    "ideas",
    "insights",
    "similar",
    "interests",
    "common",
    "circle",
    "message",
    "day",
    "week",
];

/// Words that hold sentences together.
const FUNCTION_WORDS: &[&str] = &[
    "about",
    "after",
    "again",
    "also",
    "always",
    "and",
    "any",
    "because",
    "been",
    "being",
    "both",
    "could",
    "does",
    "doing",
    "each",
    "every",
    "find",
    "from",
    "good",
    "have",
    "having",
    "here",
    "here's",
    "into",
    "just",
    "know",
    "let",
    "make",
    "many",
    "maybe",
    "more",
    "most",
    "much",
    "need",
    "other",
    "others",
    "over",
    "really",
    "same",
    "should",
    "some",
    "someone",
    "something",
    "such",
    "than",
    "that",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "think",
    "this",
    "those",
    "though",
    "through",
    "very",
    "want",
    "wanted",
    "what",
    "when",
    "where",
    "which",
    "while",
    "will",
    "with",
    "within",
    "without",
    "your",
    "yours",
    "you",
    "hello",
    "dear",
];

impl Detector for GenericRequest {
    fn rules(&self) -> &[RuleMeta] {
        self.declared.rules()
    }

    fn phrases(&self) -> &[Phrase] {
        self.declared.phrases()
    }

    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        self.declared.inspect(cx, out);
        let message = cx.message();
        if message.body.is_blank() {
            // An empty message between connections carries an attachment or a reaction.
            if matches!(message.channel, Channel::Invitation | Channel::Unknown) {
                out.fact(if message.client == Client::Mobile {
                    self.blank_mobile
                } else {
                    self.blank
                });
            }
            return;
        }
        let Some(text) = cx.prepared(Field::Text) else { return };
        let (from, to) = (text.opening(), text.closing());
        let tokens = &text.tokens()[from.min(to)..to];
        // Something checkable: a figure, a name inside a sentence, a link, the recipient's company, a tag.
        let specific = tokens.iter().any(|t| {
            !matches!(
                t.kind,
                TokenKind::Word | TokenKind::Stop | TokenKind::Question | TokenKind::Emoji | TokenKind::Name
            )
        });
        if specific {
            return;
        }
        let (mut content, mut unusual) = (0, 0);
        let mut network = false;
        for i in from.min(to)..to {
            let token = text.tokens()[i];
            if token.kind != TokenKind::Word {
                continue;
            }
            let word = text.word(i);
            network |= matches!(
                word,
                "linkedin" | "network" | "netzwerk" | "réseau" | "rete" | "rede" | "netwerk"
            );
            if word.len() > 3 {
                content += 1;
                unusual += u32::from(self.familiar.get(word.as_bytes()) == NO_WORD);
            }
            // A capital inside a sentence is most often a name; German writes all nouns so.
            if i > 0
                && !text.tokens()[i - 1].kind.is_break()
                && token.flags.has(crate::text::TokenFlags::CAPITALIZED)
                && !matches!(word, "i" | "linkedin")
                && cx.lang() != Lang::De
            {
                return;
            }
        }
        let Some(span) = tokens.first().zip(tokens.last()).map(|(a, b)| a.span.cover(b.span)) else {
            return;
        };
        if content == 0 {
            return;
        }
        if network && content <= 15 && unusual <= 3 && unusual * 2 < content {
            out.hit(self.stock_like, span);
        } else if text.stats().words <= 45 && unusual * 3 <= content {
            out.hit(self.nothing_specific, span);
        }
        // In a conversation a short answer is enough.
        let answers = message.thread.as_ref().and_then(Thread::recipient_replied) == Some(true);
        let room = if cx.lang() == Lang::De { BRIEF_GERMAN } else { BRIEF };
        // A word or two are an answer too, and of languages without rules too little is known.
        if !answers && content >= 2 && text.stats().words <= room && cx.lang() != Lang::Other {
            out.hit(self.brief, span);
        }
    }
}
