//! Sales talk: what is offered and how it is put.

use super::hosts::{self, LinkKind};
use super::{Declared, declared_detector};
use crate::detector::{Context, Detector, Findings};
use crate::rule::{Phrase, RuleIx, RuleMeta};
use crate::ruleset::RuleSet;
use crate::span::Field;
use crate::text::{TokenFlags, TokenKind};

/// Finds offers, claims, baits, calls to action, probing questions, pretexts and pressure.
///
/// Nearly all of it is phrases, in `rules/sales-*.toml` and `rules/language.*.toml`; links and the shape of the message
/// are looked at here.
pub struct SalesPhrase {
    declared: Declared,
    calendar_link: RuleIx,
    early_link: RuleIx,
    chat_link: RuleIx,
    shouting: RuleIx,
    bullet_list: RuleIx,
}

declared_detector!(SalesPhrase, "sales");

impl SalesPhrase {
    /// With the rules of the namespace `sales` of `set`.
    pub fn new(set: &RuleSet) -> Self {
        let declared = Declared::new(set, "sales");
        Self {
            calendar_link: declared.rule("sales.calendar-link"),
            early_link: declared.rule("sales.early-link"),
            chat_link: declared.rule("sales.chat-link"),
            shouting: declared.rule("sales.shouting"),
            bullet_list: declared.rule("sales.emoji-bullets"),
            declared,
        }
    }
}

impl Detector for SalesPhrase {
    fn rules(&self) -> &[RuleMeta] {
        self.declared.rules()
    }

    fn phrases(&self) -> &[Phrase] {
        self.declared.phrases()
    }

    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        self.declared.inspect(cx, out);
        let Some(text) = cx.prepared(Field::Text) else { return };
        // In an exchange that goes both ways a link is an ordinary thing.
        let answered = cx.message().thread.as_ref().and_then(|t| t.recipient_replied()) == Some(true);
        let mut emoji_lines = 0;
        let mut first_bullet = None;
        let stats = text.stats();
        // Without links and emoji there is no such token.
        let has_any = stats.links + stats.emoji > 0;
        for token in text.tokens().iter().filter(|_| has_any) {
            match token.kind {
                TokenKind::Url => {
                    let url = token.span.text(cx.text()).unwrap_or("");
                    match hosts::kind(url) {
                        Some(LinkKind::Scheduling) => out.hit(self.calendar_link, token.span),
                        Some(LinkKind::ChatMoveOff) => out.hit(self.chat_link, token.span),
                        _ if !answered => out.hit(self.early_link, token.span),
                        _ => {}
                    }
                }
                TokenKind::Emoji if token.flags.has(TokenFlags::AFTER_NEWLINE) => {
                    emoji_lines += 1;
                    first_bullet.get_or_insert(token.span);
                }
                _ => {}
            }
        }
        if let Some(span) = first_bullet.filter(|_| emoji_lines >= 3) {
            out.hit(self.bullet_list, span);
        }
        let capitals = stats.letters >= 40 && stats.uppercase * 2 > stats.letters;
        if capitals || stats.exclamations >= 5 {
            out.fact_value(self.shouting, "text.exclamations", i64::from(stats.exclamations));
        }
    }
}
