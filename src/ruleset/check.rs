//! Runs the examples of a rule set.

use super::RuleSet;
use super::diagnostic::{Code, Diagnostic};
use crate::message::Message;
use crate::scorer::Scorer;

impl RuleSet {
    /// Everything that is wrong or doubtful with the set: what `validate` finds, and what its examples show.
    ///
    /// Every rule should have an example that fires it and a counter-example that does not; every phrase should be used
    /// by some example.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut out = self.validate();
        if out.iter().any(Diagnostic::is_error) {
            return out;
        }
        let scorer = match Scorer::builder().rules(self.clone()).build() {
            Ok(scorer) => scorer,
            Err(error) => {
                if let Some(rule) = self.rules.first() {
                    out.push(Diagnostic::error(Code::BadPhrase, &rule.at, error.to_string()));
                }
                return out;
            }
        };
        for rule in self.rules.iter().filter(|r| r.enabled) {
            let fires =
                |message: &Message<'static>| scorer.inspect(message.clone()).findings().any(|(id, _)| id == rule.id);
            for example in &rule.hits {
                if !fires(&example.message) {
                    let why = scorer.trace(example.message.clone(), &rule.id);
                    out.push(
                        Diagnostic::error(
                            Code::FailedExample,
                            &example.at,
                            format!("this should fire `{}`, but does not", rule.id),
                        )
                        .help(why.to_string()),
                    );
                }
            }
            for example in &rule.misses {
                if !fires(&example.message) {
                    continue;
                }
                let verdict = scorer.judge(example.message.clone());
                let words = verdict
                    .rows
                    .iter()
                    .find(|r| r.rule() == Some(&rule.id))
                    .and_then(|r| r.evidence().first());
                let mut failed = Diagnostic::error(
                    Code::FailedExample,
                    &example.at,
                    format!("this should not fire `{}`, but does", rule.id),
                );
                if let Some(evidence) = words {
                    failed = failed.help(format!("it fired on {evidence}"));
                }
                out.push(failed);
            }
            if rule.hits.is_empty() || rule.misses.is_empty() {
                let what = if rule.hits.is_empty() {
                    "example (`hits`)"
                } else {
                    "counter-example (`misses`)"
                };
                out.push(Diagnostic::warning(
                    Code::MissingExample,
                    &rule.at,
                    format!("`{}` has no {what}", rule.id),
                ));
            }
        }
        for role in &self.roles {
            let read = |headline: &str| scorer.roles_of(headline).iter().any(|r| *r.id == *role.id);
            for (examples, wanted) in [(&role.hits, true), (&role.misses, false)] {
                for example in examples.iter().filter(|e| read(&e.value) != wanted) {
                    let what = if wanted { "is not read as" } else { "is read as" };
                    let message = format!("this headline {what} `{}`", role.id);
                    out.push(Diagnostic::error(Code::FailedExample, &example.at, message));
                }
            }
        }
        self.untried_phrases(&mut out);
        out.sort_by(|a, b| (&a.file, a.span.start, a.code).cmp(&(&b.file, b.span.start, b.code)));
        out
    }

    /// Phrases that no example of their rule uses.
    fn untried_phrases(&self, out: &mut Vec<Diagnostic>) {
        use crate::matcher::{Entry, Matcher, Walk};
        use crate::span::Field;
        use crate::text::{Lang, Prepared, Reading};

        let lists = self.word_lists();
        let (mut prepared, mut walk, mut hits) = (Prepared::default(), Walk::default(), Vec::new());
        for rule in self
            .rules
            .iter()
            .filter(|r| !r.phrases.is_empty() && !r.hits.is_empty())
        {
            let entries = rule.phrases.iter().enumerate().map(|(i, text)| Entry {
                detector: 0,
                phrase: i as u32,
                text: &text.value,
                lists: Some(&lists),
                fields: rule.fields,
                lang: rule.lang,
            });
            // The automaton of one rule is small; building it as an NFA is quick.
            let Ok(matcher) = Matcher::new(entries) else {
                continue;
            };
            let mut used = vec![false; rule.phrases.len()];
            for example in &rule.hits {
                for field in [Field::Text, Field::Subject, Field::SenderHeadline, Field::SenderAbout] {
                    let Some(text) = crate::scorer::field_text(&example.message, field) else {
                        continue;
                    };
                    let letter = field == Field::Text;
                    let headline = matches!(field, Field::SenderHeadline | Field::SenderAbout);
                    prepared.read(
                        text,
                        Reading {
                            letter,
                            headline,
                            vocabulary: Some(matcher.vocabulary()),
                            disguises: true,
                            ..Reading::default()
                        },
                    );
                    hits.clear();
                    matcher.find(&prepared, field, Lang::Unknown, &mut walk, &mut hits);
                    for hit in &hits {
                        used[hit.phrase()] = true;
                    }
                }
            }
            for (text, used) in rule.phrases.iter().zip(used) {
                if !used {
                    let message = format!("no example of `{}` uses this phrase", rule.id);
                    out.push(Diagnostic::warning(Code::UntriedPhrase, &text.at, message));
                }
            }
        }
    }

    /// Ordinary professional messages that the built-in rules do not accept, with their scores: a mechanical guard
    /// against false alarms.
    #[cfg(feature = "builtin")]
    pub fn ordinary_notes_refused(scorer: &Scorer) -> Vec<(&'static str, crate::Verdict)> {
        super::ORDINARY
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .map(|line| (line, scorer.judge(line)))
            .filter(|(_, verdict)| !verdict.decision.is_accept())
            .collect()
    }
}
