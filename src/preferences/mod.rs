/*!
What one person wants, whatever the score: people and companies that are always welcome or never, recruiters wanted or
not, how much each detector counts, and messages on which they have decided themselves.

Preferences are laid over a verdict and never hidden in it: the rows still add up to the score, the decision changes, and
the [`basis`](crate::Verdict::basis) says by which preference and what the score alone would have said.

```
use huckster::{Decision, Message, Preferences, Profile, Scorer};

let mine = Preferences::new().always_person("Ana Ruiz").never_company("Leadmill");
let scorer = Scorer::builtin();
let message = Message::direct("We help clinics 10X their revenue. Worth a quick call?")
    .sender(Profile::new().name("Ana Ruiz"));
let verdict = mine.judge(&scorer, &message);
assert_eq!(verdict.decision(), Decision::Accept);
assert!(verdict.explain().contains("welcome by your preferences: person Ana Ruiz (the score alone says decline)"));
```

# What decides first

1. A decision on this very message: [`Taught`].
2. The person, by the address of the profile, then by name.
3. The company: of a present position, or after "at" or "@" in the headline.
4. Recruiters. One is known by headline or title, or by a text that is about a job. Recruiters are welcome who name the
   job or say in their profile what they are, and who sell nothing to the reader's firm; the others are left to the score.
5. The score, with the weights of detectors as the preferences have them.

Names are compared without regard to case and spacing, and are not unique: an address is the surer way. A message has no
field for it, so it is given as the fact [`SENDER_URL`].

# The file

```
# #[cfg(feature = "toml")] {
let text = r#"
recruiters = "unwanted"          # or "wanted"

[always]
people = ["Ana Ruiz", "https://www.linkedin.com/in/jo-field"]
companies = ["St Clare"]

[never]
companies = ["Leadmill"]

[weights]                        # from 0 (off) to 4; 1 changes nothing
persona = 0.5

[[taught]]                       # written by `huckster teach`; there is no text in it
id = "messages.csv:12"
decision = "accept"
sender = "https://www.linkedin.com/in/ana-ruiz"
sent_at = "2026-01-29T14:37:00Z"
"#;
let mine = huckster::Preferences::parse("preferences.toml", text)?;
assert_eq!(mine.taught().len(), 1);

let error = huckster::Preferences::parse("preferences.toml", "[always]\npeople = [3]").unwrap_err();
assert_eq!(error.to_string(), "preferences.toml:2:11: invalid type: integer `3`, expected a string");
# }
# Ok::<(), huckster::PreferencesError>(())
```
*/

#[cfg(feature = "toml")]
mod file;
mod sender;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use self::sender::{SenderKeys, company_key, person_key};
use crate::message::Message;
use crate::rule::{Weight, namespace};
use crate::score::{Basis, Decision};
use crate::scorer::Scorer;
use crate::time::Timestamp;
use crate::verdict::Verdict;

/// The name of the fact of a message that holds the address of the sender's profile, such as
/// `https://www.linkedin.com/in/ana-ruiz`. In JSON: `"facts": {"sender.url": "…"}`.
pub const SENDER_URL: &str = "sender.url";

/// Rules that fire on messages that name a job for the reader; in other languages `mitigation.de-role` and the like.
const NAMES_A_JOB: [&str; 4] = [
    "generic.role-facts",
    "mitigation.recruiter-opening",
    "mitigation.recruiter-terms",
    "mitigation.recruiter-strong",
];

/// Rules that fire on messages about a job that say nothing of it; in other languages `generic.de-recruiter` and the like.
/// Schemes for quick money talk like that too, so nobody is welcome for it.
const HINTS_AT_A_JOB: [&str; 5] = [
    "generic.vague-recruiter",
    "generic.open-to-opportunities",
    "generic.vague-pay",
    "generic.send-cv",
    "generic.pipeline-recruiter",
];

/// Whether messages of recruiters are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recruiters {
    /// Accepted, unless they sell something.
    Wanted,
    /// Declined.
    Unwanted,
}

/// A decision that a person made on one message. It holds nothing of the text.
///
/// It is used for a message with the same `id`, if sender and time are also the same where they are stored. Where both
/// are, the same sender and time are enough: ids of an archive are rows of a file and move when the next archive comes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Taught {
    /// The id of the message.
    pub id: String,
    /// What is right for it; not review.
    pub decision: Decision,
    /// The address of the sender's profile, or the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
}

impl Taught {
    /// A decision on the message with this id, about which nothing else is known.
    pub fn new(id: impl Into<String>, decision: Decision) -> Self {
        Self {
            id: id.into(),
            decision,
            sender: None,
            sent_at: None,
        }
    }

    /// A decision on this message; `None` if it has no id.
    pub fn of(message: &Message<'_>, decision: Decision) -> Option<Self> {
        let url = sender::url(message).map(str::to_owned);
        let name = || message.sender.as_ref()?.name.as_deref().map(str::to_owned);
        Some(Self {
            id: message.id.as_deref()?.to_owned(),
            decision,
            sender: url.or_else(name),
            sent_at: message.timing.and_then(|t| t.sent_at),
        })
    }

    /// Whether it is about this message.
    fn is_about(&self, message: &Message<'_>, keys: &SenderKeys) -> bool {
        let same_id = message.id.as_deref() == Some(&self.id);
        let sender = self.sender.as_ref().map(|s| keys.is(&person_key(s)));
        let time = self
            .sent_at
            .map(|at| message.timing.and_then(|t| t.sent_at) == Some(at));
        sender != Some(false) && time != Some(false) && (same_id || sender.is_some() && time.is_some())
    }
}

/// Says nothing of the sender.
impl fmt::Debug for Taught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taught")
            .field("id", &self.id)
            .field("decision", &self.decision)
            .field("sender", &self.sender.as_ref().map(String::len))
            .field("sent_at", &self.sent_at)
            .finish()
    }
}

/// People or companies by what they are compared by, each as it was written.
type Names = BTreeMap<String, String>;

#[derive(Clone, Default, PartialEq, Eq)]
struct Parties {
    people: Names,
    companies: Names,
}

/// How much a detector counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Factor {
    thousandths: u32,
    /// Line and column in the file; zeros if there is none.
    at: (usize, usize),
}

/// What one person wants, whatever the score: see the [module](self).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    file: String,
    always: Parties,
    never: Parties,
    recruiters: Option<Recruiters>,
    factors: BTreeMap<String, Factor>,
    taught: Vec<Taught>,
    /// Indices into `taught`.
    by_id: BTreeMap<String, Vec<usize>>,
    by_time: BTreeMap<i64, Vec<usize>>,
}

/// Preferences cannot be used as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreferencesError {
    /// The file, as the caller named it; empty if they are from no file.
    pub file: String,
    /// The line, from 1; 0 if they are from no file.
    pub line: usize,
    /// The column in characters, from 1; 0 if they are from no file.
    pub column: usize,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl fmt::Display for PreferencesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for PreferencesError {}

impl Preferences {
    /// The most a detector can be made to count, in thousandths.
    const MOST: u32 = 4000;

    /// No preferences: the score decides.
    pub fn new() -> Self {
        Self::default()
    }

    /// Always accepts this person: a name, or the address of a profile.
    #[must_use]
    pub fn always_person(mut self, who: &str) -> Self {
        self.always.people.insert(person_key(who), who.to_owned());
        self
    }

    /// Never accepts this person: a name, or the address of a profile.
    #[must_use]
    pub fn never_person(mut self, who: &str) -> Self {
        self.never.people.insert(person_key(who), who.to_owned());
        self
    }

    /// Always accepts who works at this company.
    #[must_use]
    pub fn always_company(mut self, name: &str) -> Self {
        self.always.companies.insert(company_key(name), name.to_owned());
        self
    }

    /// Never accepts who works at this company.
    #[must_use]
    pub fn never_company(mut self, name: &str) -> Self {
        self.never.companies.insert(company_key(name), name.to_owned());
        self
    }

    /// Says whether recruiters are wanted.
    #[must_use]
    pub fn recruiters(mut self, recruiters: Recruiters) -> Self {
        self.recruiters = Some(recruiters);
        self
    }

    /// Makes the rules of a detector, such as `persona`, count `thousandths` of what they do: 0 is off, 4000 the most.
    #[must_use]
    pub fn weight(mut self, detector: &str, thousandths: u32) -> Self {
        let thousandths = thousandths.min(Self::MOST);
        self.factors.insert(
            detector.to_owned(),
            Factor {
                thousandths,
                at: (0, 0),
            },
        );
        self
    }

    /// Adds a decision on a message. A later one on the same message counts.
    #[must_use]
    pub fn teach(mut self, taught: Taught) -> Self {
        let index = self.taught.len();
        self.by_id.entry(taught.id.clone()).or_default().push(index);
        if let (Some(at), Some(_)) = (taught.sent_at, &taught.sender) {
            self.by_time.entry(at.seconds()).or_default().push(index);
        }
        self.taught.push(taught);
        self
    }

    /// The decisions on messages, in the order of the file.
    pub fn taught(&self) -> &[Taught] {
        &self.taught
    }

    /// What was decided on this very message, if anything was.
    pub fn decided(&self, message: &Message<'_>) -> Option<Decision> {
        if self.taught.is_empty() {
            return None;
        }
        self.decided_by(message, &SenderKeys::new(message))
    }

    fn decided_by(&self, message: &Message<'_>, keys: &SenderKeys) -> Option<Decision> {
        let of_id = message.id.as_deref().and_then(|id| self.by_id.get(id));
        let sent_at = message.timing.and_then(|t| t.sent_at);
        let of_time = sent_at.and_then(|at| self.by_time.get(&at.seconds()));
        let candidates = of_id.into_iter().chain(of_time).flatten().copied();
        let last = candidates.filter(|i| self.taught[*i].is_about(message, keys)).max()?;
        Some(self.taught[last].decision)
    }

    /// The scorer with the weights of detectors as they are wanted. Verdicts carry no probability then, since the
    /// calibration was made for other weights, and the provenance says so.
    ///
    /// # Errors
    ///
    /// A detector that the scorer does not have.
    pub fn weigh(&self, scorer: &Scorer) -> Result<Scorer, PreferencesError> {
        let mut model = scorer.model();
        for (detector, factor) in &self.factors {
            let known = || model.weights.keys().map(|id| namespace(id));
            if !known().any(|name| name == detector) {
                let hint = match crate::nearest::nearest(detector, known()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        let mut all: Vec<&str> = known().collect();
                        all.dedup();
                        format!("there are {}", all.join(", "))
                    }
                };
                return Err(self.error(factor.at, format!("there is no detector `{detector}`; {hint}")));
            }
        }
        if self.factors.values().all(|f| f.thousandths == 1000) {
            return Ok(scorer.clone());
        }
        for (id, weight) in &mut model.weights {
            if let Some(factor) = self.factors.get(namespace(id)) {
                let (scaled, limit) = (weight.scaled(factor.thousandths), Weight::LIMIT);
                *weight = scaled.clamp(Weight::milli(-limit.as_milli()), limit);
            }
        }
        for profile in &mut model.profiles {
            (profile.calibration_slope, profile.calibration_offset) = (None, None);
        }
        model.id = Some(match &model.id {
            Some(id) => format!("{id}, with weights of your preferences"),
            None => "weights of your preferences".to_owned(),
        });
        scorer
            .with_model(&model)
            .map_err(|e| self.error((0, 0), format!("the weights cannot be used: {e}")))
    }

    /// Judges a message, and lays the preferences over the verdict. For weights, give a scorer made by
    /// [`weigh`](Self::weigh).
    pub fn judge(&self, scorer: &Scorer, message: &Message<'_>) -> Verdict {
        let mut verdict = scorer.judge(message.clone());
        self.apply(scorer, message, &mut verdict);
        verdict
    }

    /// Lays the preferences over the verdict that `scorer` gave on `message`. Says whether one decided.
    pub fn apply(&self, scorer: &Scorer, message: &Message<'_>, verdict: &mut Verdict) -> bool {
        let Some((decision, what)) = self.ruling(scorer, message, verdict) else {
            return false;
        };
        let word = if decision.is_accept() { "welcome" } else { "unwanted" };
        let by_score = verdict.decision;
        verdict.basis = Basis::Policy(format!(
            "{word} by your preferences: {what} (the score alone says {by_score})"
        ));
        verdict.decision = decision;
        verdict.review_reasons.clear();
        true
    }

    /// What decides before the score, in words.
    fn ruling(&self, scorer: &Scorer, message: &Message<'_>, verdict: &Verdict) -> Option<(Decision, String)> {
        let keys = SenderKeys::new(message);
        if let Some(decision) = self.decided_by(message, &keys) {
            return Some((decision, "you decided on this message yourself".to_owned()));
        }
        // A decline comes before an accept where a name stands on both sides, which a file cannot have.
        let sides = [(Decision::Decline, &self.never), (Decision::Accept, &self.always)];
        for key in keys.person() {
            for (decision, parties) in sides {
                if let Some(shown) = parties.people.get(key) {
                    return Some((decision, format!("person {shown}")));
                }
            }
        }
        for (decision, parties) in sides {
            let found = keys.companies().find_map(|key| parties.companies.get(key));
            if let Some(shown) = found {
                return Some((decision, format!("company {shown}")));
            }
        }
        let recruiters = self.recruiters?;
        let names_a_job = fired_in(verdict, &NAMES_A_JOB, "mitigation", "-role");
        let recruiting = match recruiters {
            Recruiters::Unwanted => names_a_job || fired_in(verdict, &HINTS_AT_A_JOB, "generic", "-recruiter"),
            Recruiters::Wanted => names_a_job,
        };
        if !recruiting && !is_recruiter(scorer, message) {
            return None;
        }
        let sells = || {
            let mut rules = verdict.rules();
            rules.any(|r| r.group == "offer" && r.contribution > Weight::ZERO)
        };
        match recruiters {
            Recruiters::Unwanted => Some((Decision::Decline, "recruiters".to_owned())),
            Recruiters::Wanted if sells() => None,
            Recruiters::Wanted => Some((Decision::Accept, "recruiters".to_owned())),
        }
    }

    fn error(&self, (line, column): (usize, usize), message: String) -> PreferencesError {
        PreferencesError {
            file: self.file.clone(),
            line,
            column,
            message,
        }
    }
}

/// Whether one of these rules fired, or one of a language: `<space>.<two letters><end>`.
fn fired_in(verdict: &Verdict, rules: &[&str], space: &str, end: &str) -> bool {
    let of_language = |id: &str| {
        let name = id.split_once('.').filter(|(s, _)| *s == space).map(|(_, name)| name);
        name.and_then(|n| n.strip_suffix(end))
            .is_some_and(|lang| lang.len() == 2)
    };
    verdict
        .rules()
        .any(|r| rules.contains(&r.rule.as_str()) || of_language(&r.rule))
}

/// Whether the sender's headline or a present title is that of a recruiter.
fn is_recruiter(scorer: &Scorer, message: &Message<'_>) -> bool {
    let Some(sender) = &message.sender else { return false };
    let titles = sender.current_positions().filter_map(|p| p.title.as_deref());
    let mut lines = sender.headline.as_deref().into_iter().chain(titles);
    lines.any(|line| scorer.roles_of(line).iter().any(|role| &*role.family == "recruiter"))
}

/// Counts, not names.
impl fmt::Debug for Preferences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |p: &Parties| (p.people.len(), p.companies.len());
        f.debug_struct("Preferences")
            .field("always", &count(&self.always))
            .field("never", &count(&self.never))
            .field("recruiters", &self.recruiters)
            .field("weights", &self.factors.len())
            .field("taught", &self.taught.len())
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;

    /// A rule that was renamed would silently make no one a recruiter.
    #[test]
    fn the_rules_about_jobs_exist() {
        let scorer = Scorer::builtin();
        let mut ids: Vec<String> = NAMES_A_JOB
            .iter()
            .chain(&HINTS_AT_A_JOB)
            .map(ToString::to_string)
            .collect();
        for lang in ["de", "es", "fr", "it", "nl", "pt"] {
            ids.extend([format!("generic.{lang}-recruiter"), format!("mitigation.{lang}-role")]);
        }
        for id in ids {
            assert!(scorer.rule(&id).is_some(), "{id}");
        }
    }
}
