//! Traces of programs: what templates, merges and schedulers leave behind.

use super::hosts::{self, LinkKind};
use super::{Declared, declared_detector};
use crate::detector::{Context, Detector, Findings};
use crate::message::{Channel, Party};
use crate::profile::Profile;
use crate::rule::{Phrase, RuleIx, RuleMeta};
use crate::ruleset::RuleSet;
use crate::span::{Field, Span};
use crate::text::{LEGAL_FORMS, Lang, PlaceholderShape, Prepared, TokenFlags, TokenKind, any_pair};

/// Finds the traces of outreach programs.
///
/// | trace | where |
/// | --- | --- |
/// | left-over variables and spintax: `{{firstName}}` (HeyReach, Instantly), `{first_name}` (Smartlead), `_FN_` (Dux-Soup), `#firstName#` (PhantomBuster), `%FIRSTNAME%` (LinkedIn's ad composer), `*\|FNAME\|*`, `[First Name]`, `<First Name>`, `~~NAME~~`, `${firstName}`, `{Hi\|Hello}` | anywhere in the text |
/// | values that no person types: `null`, `undefined`, `N/A`, `#REF!` | in a name or company slot |
/// | empty slots: `Hi ,`, `at .`, two blanks | in the text |
/// | a name in capitals, with credentials or emoji, the wrong name | in the salutation, against the recipient's name |
/// | legal suffix, pasted headline, another company, a job that ended | against the recipient's profile |
/// | invisible and look-alike characters | in the text |
/// | tracking links, personalised-image hosts | in links |
/// | profile view seconds before the request, message seconds after acceptance, one-sided follow-up ladder | timing and thread |
/// | copies that go out whole days, or always the same time, apart | campaign facts |
///
/// Damage that an export may have done (`Ã©`, `&amp;`) and talk about code (`${HOME}`, `{{ }}`) are not traces.
pub struct AutomationFingerprint {
    declared: Declared,
    rules: Rules,
}

declared_detector!(AutomationFingerprint, "automation");

macro_rules! rules {
    ($($field:ident: $id:literal),* $(,)?) => {
        struct Rules { $($field: RuleIx),* }
        impl Rules {
            fn of(declared: &Declared) -> Self {
                Self { $($field: declared.rule(concat!("automation.", $id))),* }
            }
        }
    };
}

rules! {
    leftover_field: "leftover-field",
    leftover_braces: "leftover-braces",
    spintax: "spintax",
    value_junk: "value-junk",
    empty_slot: "empty-slot",
    wide_gap: "wide-gap",
    name_case: "name-case",
    name_ornament: "name-ornament",
    full_name: "full-name",
    wrong_name: "wrong-name",
    wrong_company: "wrong-company",
    past_job: "past-job",
    legal_suffix: "legal-suffix",
    pasted_headline: "pasted-headline",
    invisible: "invisible-characters",
    lookalike: "lookalike-letters",
    styled: "styled-letters",
    disguised: "disguised-words",
    tracking_link: "tracking-link",
    personal_media: "personalised-media",
    short_link: "short-link",
    instant_request: "instant-request",
    instant_message: "instant-message",
    ladder: "follow-up-ladder",
    daily_step: "daily-step",
    regular_copies: "regular-copies",
    cut_off: "cut-off",
}

impl AutomationFingerprint {
    /// With the rules of the namespace `automation` of `set`.
    pub fn new(set: &RuleSet) -> Self {
        let declared = Declared::new(set, "automation");
        Self {
            rules: Rules::of(&declared),
            declared,
        }
    }
}

impl Detector for AutomationFingerprint {
    fn rules(&self) -> &[RuleMeta] {
        self.declared.rules()
    }

    fn phrases(&self) -> &[Phrase] {
        self.declared.phrases()
    }

    fn inspect(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        self.declared.inspect(cx, out);
        for field in [Field::Text, Field::Subject] {
            if let Some(text) = cx.prepared(field) {
                self.placeholders(cx, field, text, out);
            }
        }
        if let Some(text) = cx.prepared(Field::Text) {
            self.slots(cx, text, out);
            self.characters(text, out);
            self.links(cx, text, out);
            self.cut_off(cx, out);
            if let Some(recipient) = cx.message().recipient.profile() {
                self.salutation(cx, text, recipient, out);
                self.companies(cx, text, recipient, out);
                self.headline(cx, text, recipient, out);
            }
        }
        self.timing(cx, out);
    }
}

/// Words of people who talk about templates and code rather than sending one.
const CODE_TALK: &[&str] = &[
    "template",
    "templates",
    "templating",
    "jinja",
    "jinja2",
    "vue",
    "handlebars",
    "mustache",
    "liquid",
    "helm",
    "yaml",
    "json",
    "bash",
    "shell",
    "regex",
    "variable",
    "variables",
    "env",
    "syntax",
    "render",
    "renders",
    "rendering",
    "escape",
    "escaped",
    "script",
    "dockerfile",
    "makefile",
    "terraform",
    "ansible",
    "latex",
    "markdown",
    "placeholder",
    "placeholders",
    "bug",
    "parser",
    "stacktrace",
    "config",
    "css",
    "html",
    "javascript",
    "python",
    "rust",
    "golang",
    "java",
    "sql",
    "snippet",
    "repo",
];

impl AutomationFingerprint {
    fn placeholders(&self, cx: &Context<'_>, field: Field, text: &Prepared, out: &mut Findings<'_>) {
        if !text.has_placeholders() {
            return;
        }
        let source = crate::scorer::field_text(cx.message(), field).unwrap_or("");
        let source = crate::text::within_limit(source, cx.max_field_bytes);
        let code = source.contains('`') || (0..text.tokens().len()).any(|i| CODE_TALK.contains(&text.word(i)));
        for (i, token) in text.tokens().iter().enumerate() {
            if token.kind != TokenKind::Placeholder {
                continue;
            }
            // In the salutation it is a left-over whatever the letter is about.
            if code && i >= text.opening() {
                continue;
            }
            let known = token.flags.has(TokenFlags::KNOWN_FIELD);
            match text.placeholder(i) {
                Some(PlaceholderShape::Spintax) => out.hit_in(self.rules.spintax, field, token.span),
                _ if known => out.hit_in(self.rules.leftover_field, field, token.span),
                // Braces around something unknown; `${HOME}` is left alone.
                Some(PlaceholderShape::DoubleBrace | PlaceholderShape::Liquid | PlaceholderShape::Star) => {
                    out.hit_in(self.rules.leftover_braces, field, token.span);
                }
                _ => {}
            }
        }
    }

    /// Slots that nothing, or nonsense, was put into.
    fn slots(&self, cx: &Context<'_>, text: &Prepared, out: &mut Findings<'_>) {
        let tokens = text.tokens();
        // Of the text as a whole, so that it is asked once.
        let mut technical = None;
        for i in 1..tokens.len() {
            let (before, token) = (tokens[i - 1], tokens[i]);
            // Hardly a word is looked at.
            let plain = token.kind == TokenKind::Word && i > 2;
            if plain && !text.is_junk(i) || token.kind == TokenKind::Question {
                continue;
            }
            let (word_before, word) = (text.word(i - 1), text.word(i));
            // "Hi null," and "at undefined": only where a name or a company belongs.
            let junk = || {
                matches!(
                    word,
                    "null" | "undefined" | "none" | "nan" | "tbd" | "unknown" | "test" | "firstname" | "lastname"
                )
            };
            let not_available = || {
                word == "n"
                    && text.word(i + 1) == "a"
                    && tokens.get(i + 1).is_some_and(|t| t.flags.has(TokenFlags::AFTER_SIGN))
            };
            let greeted = i == 2 && (is_greeting(word_before) || token.kind == TokenKind::Name);
            let junk_name = token.kind == TokenKind::Name
                && token.span.text(cx.text()).is_some_and(|n| {
                    [
                        "null",
                        "undefined",
                        "none",
                        "nan",
                        "tbd",
                        "unknown",
                        "n/a",
                        "#ref!",
                        "firstname",
                    ]
                    .iter()
                    .any(|j| n.eq_ignore_ascii_case(j))
                });
            let company_slot = matches!(word_before, "at" | "with" | "for")
                && (matches!(word, "undefined" | "null" | "nan") || not_available());
            if junk_name
                || greeted && (junk() || not_available())
                || company_slot && !*technical.get_or_insert_with(|| is_technical(text))
            {
                out.hit(self.rules.value_junk, token.span);
            }
            // "at ." or "with ,": a preposition right before a sentence end.
            if token.kind == TokenKind::Stop
                && i + 1 < tokens.len()
                && matches!(word_before, "at" | "of" | "from")
                && between(cx.text(), before.span, token.span).is_some_and(|gap| gap == " ")
            {
                out.hit(self.rules.empty_slot, before.span.cover(token.span));
            }
        }
        let bytes = cx.read_text().as_bytes();
        let mut greeting_done = false;
        let suspicious = |a: u8, b: u8| (a == b' ') & ((b == b',') | (b == b'!') | (b == b' '));
        if !any_pair(bytes, suspicious) {
            return;
        }
        for (i, pair) in bytes.windows(2).enumerate().filter(|(_, p)| suspicious(p[0], p[1])) {
            let before = i.checked_sub(1).map_or(b'\n', |b| bytes[b]);
            match pair {
                // "Hi ," and "thanks ,": French has no blank before a comma either.
                b" ," if before.is_ascii_alphanumeric() && !greeting_done => {
                    let at = Span::new(i as u32, i as u32 + 2);
                    let greeted = i < 12 && is_bare_greeting(&cx.text()[..i]);
                    if greeted {
                        out.hit(self.rules.empty_slot, Span::new(0, i as u32 + 2));
                    } else {
                        out.hit(self.rules.wide_gap, at);
                    }
                    greeting_done = true;
                }
                b" !" if i < 12 && cx.lang() != Lang::Fr && is_bare_greeting(&cx.text()[..i]) => {
                    out.hit(self.rules.empty_slot, Span::new(0, i as u32 + 2));
                }
                // Two blanks between lower-case words; after a full stop they are a typist's habit.
                b"  " if before.is_ascii_lowercase() && bytes.get(i + 2).is_some_and(u8::is_ascii_alphanumeric) => {
                    out.hit(self.rules.wide_gap, Span::new(i as u32, i as u32 + 2));
                }
                _ => {}
            }
        }
    }

    fn characters(&self, text: &Prepared, out: &mut Findings<'_>) {
        let stats = text.stats();
        if stats.invisible > 0 {
            out.fact_value(
                self.rules.invisible,
                "text.invisible_characters",
                stats.invisible.into(),
            );
        }
        // A token that is marked as such was counted.
        if stats.lookalikes + stats.styled + stats.disguised == 0 {
            return;
        }
        let first = |flag: TokenFlags| text.tokens().iter().find(|t| t.flags.has(flag)).map(|t| t.span);
        if let Some(span) = first(TokenFlags::LOOKALIKE) {
            out.hit(self.rules.lookalike, span);
        }
        if let Some(span) = first(TokenFlags::STYLED).filter(|_| stats.styled >= 4) {
            out.hit(self.rules.styled, span);
        }
        if let Some(span) = first(TokenFlags::LEET).or_else(|| first(TokenFlags::SPACED)) {
            out.hit(self.rules.disguised, span);
        }
    }

    fn links(&self, cx: &Context<'_>, text: &Prepared, out: &mut Findings<'_>) {
        if text.stats().links == 0 {
            return;
        }
        for token in text.tokens().iter().filter(|t| t.kind == TokenKind::Url) {
            let Some(url) = token.span.text(cx.text()) else {
                continue;
            };
            match hosts::kind(url) {
                Some(LinkKind::PersonalisedMedia) => out.hit(self.rules.personal_media, token.span),
                Some(LinkKind::Shortener) => out.hit(self.rules.short_link, token.span),
                _ if hosts::is_personal(url) => out.hit(self.rules.personal_media, token.span),
                _ if hosts::is_tracked(url) => out.hit(self.rules.tracking_link, token.span),
                _ => {}
            }
        }
    }

    /// A note that stops in the middle of a sentence right at one of LinkedIn's limits (200 or 300 characters).
    fn cut_off(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        let text = cx.text();
        let end = text.trim_end();
        let open = end.ends_with(|c: char| c.is_alphanumeric() || c == ',');
        // Below 196 bytes there is nothing to count.
        if !open || !(196..1300).contains(&end.len()) {
            return;
        }
        let characters = end.chars().count();
        // In UTF-16, what takes four bytes in UTF-8 takes two units.
        let units = characters + end.bytes().filter(|b| *b >= 0xF0).count();
        let near = |n: usize| (n - 4..=n).contains(&characters) || (n - 4..=n).contains(&units);
        if near(200) || near(300) {
            let last = end
                .char_indices()
                .rev()
                .find(|(_, c)| c.is_whitespace())
                .map_or(0, |(i, c)| i + c.len_utf8());
            // A signature may end a note at any length.
            if end[last..].starts_with(char::is_lowercase) {
                out.hit(self.rules.cut_off, Span::new(last as u32, end.len() as u32));
            }
        }
    }

    /// The name in the salutation against the recipient's name.
    fn salutation(&self, cx: &Context<'_>, text: &Prepared, recipient: &Profile<'_>, out: &mut Findings<'_>) {
        let Some(display) = recipient.name.as_deref() else {
            return;
        };
        let Some(i) = (1..text.opening().min(text.tokens().len())).find(|&i| text.tokens()[i].kind == TokenKind::Name)
        else {
            return;
        };
        let token = text.tokens()[i];
        let Some(written) = token.span.text(cx.text()) else {
            return;
        };
        let given = display.split_whitespace().next().unwrap_or("");
        let known = |name: &str| is_known_name(name, display);
        if !written.split_whitespace().any(known) {
            // One letter, or nothing in common, may be another script or a nickname we do not know.
            let comparable = written.chars().next().is_some_and(char::is_alphabetic)
                && written.chars().count() >= 3
                && written.is_ascii() == display.is_ascii()
                && token.flags.has(TokenFlags::CAPITALIZED);
            if comparable {
                out.hit(self.rules.wrong_name, token.span);
            }
            return;
        }
        let letters = written.chars().filter(|c| c.is_alphabetic());
        let shouted = letters.clone().count() >= 3 && letters.clone().all(char::is_uppercase);
        let whispered = letters.clone().count() >= 3 && letters.clone().all(char::is_lowercase);
        let own_case = display.contains(written);
        // A lower-case "hey" goes with a lower-case name; "Hi alan" does not.
        let greeting_is_lower = cx.text().trim_start().starts_with(char::is_lowercase);
        if shouted && !own_case || whispered && !greeting_is_lower && !own_case && given.starts_with(char::is_uppercase)
        {
            out.hit(self.rules.name_case, token.span);
        }
        // What the display name carries besides the name has been carried along.
        let after = text.tokens().get(i + 1);
        let emoji = after
            .filter(|t| t.kind == TokenKind::Emoji)
            .and_then(|t| t.span.text(cx.text()));
        if emoji.is_some_and(|e| display.contains(e.trim())) {
            out.hit(self.rules.name_ornament, token.span);
        }
        let credentials = display
            .split_once(',')
            .map(|(_, rest)| rest.trim())
            .filter(|c| c.len() >= 2);
        let next = text
            .tokens()
            .get(text.opening())
            .and_then(|t| cx.text().get(t.span.start as usize..));
        if credentials.is_some_and(|c| next.is_some_and(|n| n.starts_with(c)))
            || written.contains('(') && display.contains('(')
        {
            out.hit(self.rules.name_ornament, token.span);
        }
        // The whole display name where a first name belongs. Formal languages address people so.
        let whole = display.split(',').next().unwrap_or(display).trim();
        if written == whole && whole.split_whitespace().count() >= 2 && !matches!(cx.lang(), Lang::De | Lang::Fr) {
            out.hit(self.rules.full_name, token.span);
        }
    }

    /// Companies in the text against the recipient's positions.
    fn companies(&self, cx: &Context<'_>, text: &Prepared, recipient: &Profile<'_>, out: &mut Findings<'_>) {
        let source = cx.read_text();
        for position in &recipient.positions {
            let Some(company) = position.company.as_deref().map(str::trim).filter(|c| c.len() >= 4) else {
                continue;
            };
            let suffix = company.rsplit([' ', ',']).next().unwrap_or("");
            let is_form = LEGAL_FORMS
                .iter()
                .any(|f| suffix.trim_end_matches('.').eq_ignore_ascii_case(f));
            if is_form && company.len() > suffix.len() + 2 {
                if let Some(at) = source.find(company) {
                    out.hit(
                        self.rules.legal_suffix,
                        Span::new(at as u32, (at + company.len()) as u32),
                    );
                }
            } else if company.contains(['|', '•'])
                && let Some(at) = source.find(company)
            {
                out.hit(
                    self.rules.legal_suffix,
                    Span::new(at as u32, (at + company.len()) as u32),
                );
            }
        }
        let with_company = || {
            recipient
                .positions
                .iter()
                .filter_map(|p| p.company.as_deref().map(|c| (c, p.current)))
        };
        if with_company().next().is_none() {
            return;
        }
        // "your work at Acme", "your role with Acme": a company said to be the recipient's.
        let tokens = text.tokens();
        for i in 1..tokens.len() {
            // "your role at", "you are with": nobody else may stand between.
            let slot = matches!(text.word(i), "at" | "with")
                && (1..=4)
                    .take_while(|back| i > *back)
                    .map(|back| text.word(i - back))
                    .find(|w| {
                        matches!(
                            *w,
                            "your" | "you" | "i" | "we" | "our" | "my" | "me" | "met" | "saw" | "spoke"
                        )
                    })
                    .is_some_and(|w| matches!(w, "your" | "you"));
            let Some(named) = tokens
                .get(i + 1)
                .filter(|t| slot && t.kind == TokenKind::Word && t.flags.has(TokenFlags::CAPITALIZED))
            else {
                continue;
            };
            let Some(name) = named.span.text(source) else { continue };
            let is_one = |company: &str| {
                company.split(|c: char| !c.is_alphanumeric()).any(|w| {
                    w.chars()
                        .flat_map(char::to_lowercase)
                        .eq(name.chars().flat_map(char::to_lowercase))
                })
            };
            let ended_only = with_company().any(|(c, current)| is_one(c) && current == Some(false))
                && !with_company().any(|(c, current)| is_one(c) && current != Some(false));
            if ended_only {
                // "when you were at" knows that it is over.
                let past = (1..=6).any(|back| {
                    i > back
                        && matches!(
                            text.word(i - back),
                            "were"
                                | "was"
                                | "former"
                                | "formerly"
                                | "when"
                                | "overlapped"
                                | "during"
                                | "worked"
                                | "led"
                                | "back"
                        )
                });
                if !past {
                    out.hit(self.rules.past_job, named.span);
                }
            } else if !with_company().any(|(c, _)| is_one(c))
                && matches!(
                    text.word(i - 1),
                    "role" | "work" | "team" | "position" | "job" | "colleagues" | "are" | "journey" | "time"
                )
            {
                out.hit(self.rules.wrong_company, named.span);
            }
        }
    }

    /// Four or more consecutive words of the recipient's headline, or its separators.
    fn headline(&self, cx: &Context<'_>, text: &Prepared, recipient: &Profile<'_>, out: &mut Findings<'_>) {
        let Some(headline) = recipient.headline.as_deref() else {
            return;
        };
        let source = cx.read_text();
        // With separators inside, a piece around the first one is enough.
        if let Some(bar) = headline.find(['|', '•']) {
            let start = headline[..bar].trim_end().rfind(' ').map_or(0, |i| i + 1);
            let sep = headline[bar..].chars().next().map_or(1, char::len_utf8);
            let after = headline[bar + sep..].trim_start();
            let end = headline.len() - after.len() + after.find(' ').unwrap_or(after.len());
            if let Some(at) = source.find(&headline[start..end]) {
                out.hit(
                    self.rules.pasted_headline,
                    Span::new(at as u32, (at + end - start) as u32),
                );
                return;
            }
        }
        // LinkedIn allows a headline of 220 characters; sixty words are more than that holds.
        let mut words = [""; 60];
        let mut count = 0;
        for word in headline
            .split(|c: char| !c.is_alphanumeric() && c != '&')
            .filter(|w| !w.is_empty())
            .take(60)
        {
            words[count] = word;
            count += 1;
        }
        let words = &words[..count];
        let tokens = text.tokens();
        if words.len() < 4 {
            return;
        }
        // For each word: how long the run of equal words is that ends with it and with the token just looked at. So every
        // token is compared with every word once.
        let mut runs = [0; 60];
        let mut longest = (0, 0);
        for (i, token) in tokens.iter().enumerate().skip(1) {
            let written = token.span.text(source).unwrap_or("");
            // The run before a word is that of the token before: it must not be overwritten yet.
            for w in (0..words.len()).rev() {
                let before = w.checked_sub(1).map_or(0, |left| runs[left]);
                runs[w] = if words[w] == written { before + 1 } else { 0 };
                // Of equals the first stays.
                if runs[w] > longest.0 {
                    longest = (runs[w], i + 1 - runs[w]);
                }
            }
        }
        let (run, from) = longest;
        if run >= 4 {
            out.hit(
                self.rules.pasted_headline,
                tokens[from].span.cover(tokens[from + run - 1].span),
            );
        }
    }

    fn timing(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        let message = cx.message();
        let words = cx.stats().words;
        if let Some(timing) = message.timing {
            if let Some(s) = timing
                .since_profile_view_s
                .filter(|s| *s <= 10 && message.channel == Channel::Invitation)
            {
                out.fact_value(self.rules.instant_request, "timing.since_profile_view_s", s as i64);
            }
            // A person needs time to type; a short "thanks" is typed at once.
            if let Some(s) = timing.since_acceptance_s.filter(|s| *s <= 600 && words >= 20) {
                let strength = if s <= 120 { 1000 } else { 500 };
                out.graded_fact(
                    self.rules.instant_message,
                    strength,
                    "timing.since_acceptance_s",
                    s as i64,
                );
            }
        }
        // Below five sends any rhythm may be chance, whoever worked it out.
        if let Some(facts) = message.campaign
            && let Some(regular) = facts.regular_gaps.filter(|r| *r >= 600)
            && facts.timed_sends.is_some_and(|n| n >= 5)
        {
            out.graded_fact(
                self.rules.regular_copies,
                regular,
                "campaign.regular_gaps",
                regular.into(),
            );
        }
        let Some(thread) = &message.thread else { return };
        // In turns, everything by the sender since the recipient last wrote, from the first of them on.
        let unanswered = thread.unanswered().unwrap_or(0);
        if unanswered >= 2 && thread.recipient_replied() != Some(true) {
            out.graded_fact(
                self.rules.ladder,
                250 * unanswered.min(4),
                "thread.unanswered",
                unanswered.into(),
            );
        }
        // Steps of whole days, ten minutes more or less, are a schedule's.
        let last_sent = thread
            .turns()
            .iter()
            .rev()
            .find(|t| t.from == Party::Sender)
            .and_then(|t| t.at);
        let gap = message.timing.and_then(|t| t.since_previous_message_s).or_else(|| {
            let sent = message.timing.and_then(|t| t.sent_at)?;
            u64::try_from(sent.since(last_sent?)).ok()
        });
        let day = 86_400;
        if let Some(gap) = gap.filter(|g| *g >= day - 600 && unanswered >= 1) {
            let off = (gap % day).min(day - gap % day);
            if off <= 600 {
                out.fact_value(self.rules.daily_step, "timing.since_previous_message_s", gap as i64);
            }
        }
    }
}

fn is_greeting(word: &str) -> bool {
    matches!(
        word,
        "hi" | "hey"
            | "hello"
            | "dear"
            | "hallo"
            | "bonjour"
            | "hola"
            | "ciao"
            | "olá"
            | "oi"
            | "liebe"
            | "lieber"
            | "beste"
            | "salut"
            | "cher"
            | "chère"
    )
}

/// Whether a text is nothing but a greeting word.
fn is_bare_greeting(text: &str) -> bool {
    ["hi", "hey", "hello", "dear", "hallo", "bonjour", "hola", "ciao"]
        .iter()
        .any(|g| text.trim().eq_ignore_ascii_case(g))
}

/// Whether the text is about programming, where `null` is a word like any other.
fn is_technical(text: &Prepared) -> bool {
    (0..text.tokens().len()).any(|i| {
        CODE_TALK.contains(&text.word(i))
            || matches!(
                text.word(i),
                "pointer" | "hypothesis" | "value" | "values" | "column" | "returns"
            )
    })
}

fn between(text: &str, a: Span, b: Span) -> Option<&str> {
    text.get(a.end as usize..b.start as usize)
}

/// Short forms of given names that share no beginning with the long form.
const NICKNAMES: &[(&str, &str)] = &[
    ("bill", "william"),
    ("bob", "robert"),
    ("dick", "richard"),
    ("peggy", "margaret"),
    ("jack", "john"),
    ("hank", "henry"),
    ("ted", "edward"),
    ("ned", "edward"),
    ("liz", "elizabeth"),
    ("betty", "elizabeth"),
    ("beth", "elizabeth"),
    ("sasha", "alexander"),
    ("sasha", "alexandra"),
    ("tony", "anthony"),
    ("tony", "antonio"),
    ("chuck", "charles"),
    ("polly", "mary"),
    ("molly", "mary"),
    ("nell", "eleanor"),
    ("pepe", "josé"),
    ("paco", "francisco"),
    ("kiko", "francisco"),
    ("nacho", "ignacio"),
    ("lola", "dolores"),
    ("toni", "anton"),
    ("sepp", "josef"),
    ("hans", "johannes"),
    ("jan", "johannes"),
    ("fritz", "friedrich"),
    ("heinz", "heinrich"),
    ("bea", "beatrice"),
    ("kees", "cornelis"),
    ("sjaak", "jacob"),
    ("gosia", "małgorzata"),
    ("kasia", "katarzyna"),
    ("zosia", "zofia"),
    ("ola", "aleksandra"),
    ("asia", "joanna"),
    ("dima", "dmitry"),
    ("misha", "mikhail"),
    ("vova", "vladimir"),
    ("max", "massimo"),
    ("gigi", "luigi"),
    ("beppe", "giuseppe"),
    ("pino", "giuseppe"),
    ("mimmo", "domenico"),
    ("zé", "josé"),
    ("chico", "francisco"),
];

/// Whether `name` can mean a person called `display`.
fn is_known_name(name: &str, display: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> {
        name.chars().flat_map(char::to_lowercase)
    }
    let shared = |a: &str, b: &str| letters(a).zip(letters(b)).take_while(|(a, b)| a == b).count();
    let same = |a: &str, b: &str| {
        if a.is_ascii() && b.is_ascii() {
            a.eq_ignore_ascii_case(b)
        } else {
            letters(a).eq(letters(b))
        }
    };
    let is_short_for = |a: &str, b: &str| NICKNAMES.iter().any(|(short, long)| same(a, short) && same(b, long));
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    display
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
        .any(|own| {
            same(name, own)
            // Kate and Katherine, Alex and Alejandro, Ben and Benjamin; an initial too.
            || shared(name, own) >= 3.min(name.chars().count()).max(2).min(own.chars().count().max(1))
            || name.chars().count() == 1 && letters(name).next() == letters(own).next()
            // Beth in Elizabeth, Greta in Margareta.
            || name.len() >= 4 && ends_alike(own, name)
            || is_short_for(name, own)
            || is_short_for(own, name)
        })
}

fn ends_alike(own: &str, name: &str) -> bool {
    let tail = own.chars().rev().flat_map(char::to_lowercase);
    tail.take(name.chars().count())
        .eq(name.chars().rev().flat_map(char::to_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_mean_a_person() {
        for (name, display) in [
            ("Kate", "Katherine Lund"),
            ("Bob", "Robert Haas"),
            ("Beth", "Elizabeth Roe"),
            ("Ana", "Ana María Ruiz"),
            ("JONAS", "Jonas Weber"),
            ("Alex", "Alejandro Paz"),
            ("Ed", "Edward Coe"),
            ("Lindqvist", "Marta Lindqvist, PhD"),
        ] {
            assert!(is_known_name(name, display), "{name} for {display}");
        }
        for (name, display) in [
            ("Peter", "Marta Lindqvist"),
            ("Sarah", "Tom Reed"),
            ("Mark", "Marta Lindqvist"),
        ] {
            // "Mark" for "Marta" shares three letters and is given the benefit of the doubt.
            assert_eq!(is_known_name(name, display), name == "Mark", "{name} for {display}");
        }
    }
}
