//! Messages with known truth: copies of templates, genuine notes and stock texts. All sentences are made up for this.

// Measuring program, tests and benches each use a part.
#![allow(dead_code, missing_docs, unreachable_pub)]

/// A small deterministic generator (splitmix64).
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

/// What a message truly is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// A copy of the template with this number.
    Campaign(usize),
    Genuine,
    Stock,
}

#[derive(Clone, Debug)]
pub struct Made {
    pub text: String,
    pub truth: Truth,
}

/// What each campaign sells: slots in braces, alternatives in brackets.
const OFFERS: &[&str] = &[
    "[Most|Many] dental practices lose a day a week to empty chairs. Our [small|little] reminder service fills [gaps|holes] from a waiting list, and {company} [filled|closed] {number} of them in its first month.",
    "Warehouse managers tell us that pickers walk {number} kilometres a shift. We redraw aisles from scanner logs, without new shelving, and {company} halved the walking [within|in] a quarter.",
    "Print shops rarely see what the night shift changed. Our planning board shows both presses on one screen, and the owner of {company} says nobody crosses the yard with paper [any longer|anymore].",
    "If your agency still writes media reports by hand, {number} hours a month go into spreadsheets. We pull every channel into one slide deck overnight, already branded for {company}.",
    "Payroll errors cost a firm of your size about {number} a year. Our auditors go through twelve months of payslips, [you|and you] pay only a share of what is recovered, and {company} got its money in May.",
    "We coach founders who are tired of being the bottleneck. In [six|eight] sessions you hand over three recurring decisions for good; the founder of {company} took her first holiday in {number} years.",
    "Solar installers burn cash on leads that rent their roof. We only pass on homeowners whose survey is booked, and {company} signed {number} of them before summer.",
    "Your careers page loses candidates at the upload step. We replace the form by a two minute chat in any language, and {company} doubled its driver applications [despite|in spite of] a smaller budget.",
    "Property managers spend winter chasing boiler contractors. Our dispatch desk answers tenants at night, sends the nearest plumber and bills per visit, as {company} does for {number} blocks.",
    "Most webshops pay for returns twice. We buy back worn garments at the door, grade them in Leeds and sell them for you, which brought {company} {number} percent of lost margin.",
    "Podcasts of consultants end after episode seven. Our studio plans, records and cuts a whole season in two afternoons, and {company} found {number} clients among its listeners.",
    "We insure cyber risks that brokers usually decline. One questionnaire of twelve lines, a quote by Friday, and no exclusion for home offices: {company} moved {number} policies to us.",
    "Translation bureaus quote by the word and deliver by the week. Our medical linguists sit in your ticket system, so leaflets of {company} went live in {number} countries on one morning.",
    "Restaurants throw away a tenth of what they cook. Our scale under the bin learns the menu, prints tomorrow's quantities, and saved {company} {number} a month from the second week on.",
    "Law firms answer the same intake call forty times. Our assistant books the consultation, checks conflicts and drafts the engagement letter; partners at {company} reclaimed {number} mornings.",
    "Freight forwarders learn about delays from angry customers. We read port feeds every quarter hour and rewrite the arrival note, so {company} has {number} fewer complaints per vessel.",
    "Gyms lose members in week five, not in January. A hand written card at the right moment keeps them, we print and post it, and {company} kept {number} of hundred.",
    "Municipal tenders are won on page three. Our former procurement officers rewrite your method statement in two days, and {company} won {number} lots it had lost before.",
    "Dairy farms pay vets for visits a camera could spare. Ours counts steps and chewing, rings before mastitis breaks out, and {company} lost {number} fewer cows this year.",
    "Hotels sell their best rooms to portals. We bring guests back to the direct booking page with a letter from the concierge, and {company} saved {number} in commission.",
    "Engineering offices fear the day their last CAD veteran retires. We turn his drawings into parametric models, check them against the steel, and {company} reused {number} of them.",
    "Charities print appeals nobody opens. Our donors' telephone circle speaks to every lapsed giver once, never asks twice, and raised {number} for {company} before Easter.",
    "Nurseries fill places by word of mouth until a cohort leaves. Our open day kit brings {number} families on one Saturday, and {company} has had a waiting list since.",
    "Machine builders quote spare parts from memory. We photograph the nameplate, find the drawing and send the offer within the hour, which tripled the parts business of {company}.",
    "Viele Handwerksbetriebe verlieren Anfragen am Telefon. Unser Büro nimmt ab, vereinbart die Besichtigung und schreibt das Protokoll; {company} gewann so {number} Aufträge in einem Jahr.",
    "Les cabinets comptables relancent encore leurs clients à la main. Notre coffre numérique réclame chaque pièce manquante, la classe et prévient le collaborateur; {company} a gagné {number} journées par trimestre.",
    "Las clínicas veterinarias pierden vacunas por recordatorios olvidados. Nuestro servicio llama al dueño, propone una hora y apunta la cita, y {company} recuperó {number} pacientes en otoño.",
    "Vineyards guess when to harvest and hope for the weekend. Our sensors weigh a bunch on the vine, forecast sugar for ten days, and {company} brought in {number} tonnes dry.",
];

/// Short campaigns: whole notes of ten to twenty-five words, most of which any note may hold. `{topic}` is filled with one to
/// three words in lower case.
const SHORT: &[&str] = &[
    "I found your profile while searching for people in {topic}. We have an opening at {company} that might suit you. Are you free for a call this week?",
    "Saw that you are the one in charge of {topic} at {company}. How are you dealing with no-shows at the moment?",
    "We give teams like yours at {company} a second pair of eyes on {topic}. Would a short demo be of interest?",
    "Thanks for adding me. What is the one thing about {topic} that keeps you awake at night?",
    "You looked at my page earlier, so I thought I would ask: is {company} still working on {topic}?",
    "Can I ask you something about {topic}? I have an idea that {company} could start with tomorrow.",
    "My client needs someone who knows {topic} and can start in {number} days. Is that you, or do you know who it could be?",
    "I help people in {topic} get more done with less. Open to hearing how?",
    "We are both in the group for {topic}. What made you join, and what do you do with it at {company}?",
    "Our new guide to {topic} is out, {number} pages and free. Shall I put a copy in your inbox?",
    "I will be in town for {company} on Thursday. Do you have a moment for a coffee and a word about {topic}?",
    "Did you get the chance to read my last note about {topic}? I would not want you to miss it.",
    "Looking for a partner in {topic}? We take on {number} new accounts every spring, and one place is left.",
    "You come highly recommended for {topic}. I am putting together a panel with {company} and want you on it.",
    "Nobody likes cold messages, so only this: we make {topic} cheaper than {company} does. Want proof?",
    "There is money in {topic} that most people leave on the table. I can show you where in {number} minutes.",
    "As a fellow fan of {topic} I could not go past your page. What are you up to at {company} these days?",
    "Your name came up twice today when we spoke about {topic}. I take that as a sign to say hello.",
    "Wir suchen für {company} gerade Verstärkung rund um {topic}. Darf ich Ihnen die Stelle kurz am Telefon vorstellen?",
    "Je cherche pour {company} un profil qui maîtrise {topic}. Auriez-vous dix minutes demain pour en parler au téléphone?",
    "Busco para {company} a alguien que domine {topic}. ¿Le interesa que le cuente los detalles por teléfono?",
    "Would you say that {topic} is under control at {company}? If so, please ignore me.",
];

/// What people open and close a short note with: combined, they make notes that have most words in common and no author.
const SHORT_OPENINGS: &[&str] = &[
    "[It was|Was] [great|nice|good|lovely|a pleasure] [to meet|meeting|to see|talking to] you {l}.",
    "[Thanks|Thank you|Many thanks] for [connecting|the invitation|accepting|adding me|your message].",
    "I [came across|found|saw|stumbled on] your profile [and|while looking for {n} and] [wanted to|thought I would] [say hello|connect|reach out].",
    "[Hope|I hope] [you are|you're] [well|doing well|having a good week].",
    "We [both know|have both worked with] {w} [and|so] I [thought we should|wanted to] [connect|say hello].",
    "[Congrats|Congratulations] on the [new role|new job|{n}]!",
    "[Sorry|Apologies] for the [late|slow] [reply|answer], [it was|I had] a [busy|long] [week|month].",
    "I [am|have been] [following|reading] your posts [about|on] {n} [for a while|since {l}].",
    "",
];

const SHORT_CLOSINGS: &[&str] = &[
    "[Would|It would] be [great|nice|good] to [stay|keep|be] in touch.",
    "[Looking|I look] forward to [hearing from you|learning more|your answer|working with you].",
    "[I'd|I would] [love|like] to [connect|stay in touch|learn more about your work|hear more about it].",
    "[Let me know|Tell me] [what you think|if that works|if you have time] [next week|soon|].",
    "[Would|Could] you [have|find] [time|a moment] for a [quick|short] [call|chat] [this|next] week?",
    "[Thanks|Thank you] [again|in advance|so much] [for your time|for your help|].",
    "[Maybe|Perhaps] we [can|could] [meet|talk|catch up] [for a coffee|soon|{l}].",
    "",
];

const OPENINGS: &[&str] = &[
    "I came across your profile while looking at [people|leaders] in your field.",
    "Quick one, as I know that your calendar is full.",
    "Your post about hiring stayed with me.",
    "Thanks for accepting my invitation.",
    "I [work|talk] with a number of companies near you.",
    "Not sure whether this is for you.",
    "",
    "",
];

const ASKS: &[&str] = &[
    "Would you be open to a short call next week?",
    "Shall I send over the two page summary?",
    "Is that something you are looking at this quarter?",
    "Happy to show you how it works in fifteen minutes.",
    "Who in your team would be the right person to ask?",
    "If it is not a priority, just say so and I will not write again.",
    "May I send you the numbers?",
];

const GREETINGS: &[&str] = &[
    "Hi {name},",
    "Hello {name},",
    "Hey {name}!",
    "Dear {name},",
    "{name},",
    "Good morning {name},",
    "Hi {name} -",
    "",
];

const SIGN_OFFS: &[&str] = &[
    "Best,\n{sender}",
    "Kind regards,\n{sender}",
    "Thanks,\n{sender}",
    "{sender}",
    "",
    "",
];

pub const NAMES: &[&str] = &[
    "Ana", "Tom", "Wen", "Marek", "Priya", "Jonas", "Fatima", "Luca", "Ingrid", "Omar", "Chloe", "Pedro", "Sven",
    "Aisha", "Nadia", "Hugo", "Elif", "Kofi", "Mara", "Yuki", "Dana", "Viktor", "Rosa", "Emil",
];

const COMPANIES: &[&str] = &[
    "Northgate",
    "Calder Rail",
    "Brightwater",
    "Norrvik Energi",
    "Halden Foods",
    "Tessel",
    "Quayside Clinics",
    "Bergmann",
    "Olive Street",
    "Ostara Group",
    "Pinewood Dental",
    "Lumen Press",
    "Castell",
    "Rivermark",
    "Sable and Sons",
    "Korvin",
    "Aldergate Homes",
    "Meridian Freight",
    "Fenwick",
    "Stellan",
];

/// Words that a rewriting program may put in the place of any other.
const OTHER_WORDS: &[&str] = &[
    "quite",
    "rather",
    "simply",
    "usually",
    "often",
    "nearly",
    "perhaps",
    "currently",
    "actually",
    "clearly",
    "several",
    "numerous",
    "additional",
    "existing",
    "entire",
    "modern",
    "typical",
    "common",
    "useful",
    "valuable",
    "offer",
    "provide",
    "deliver",
    "support",
    "assist",
    "improve",
    "increase",
    "reduce",
    "create",
    "develop",
    "manage",
    "handle",
    "review",
    "discuss",
    "share",
    "explore",
    "team",
    "staff",
    "people",
    "clients",
    "customers",
    "firm",
    "business",
    "company",
    "month",
    "period",
    "project",
    "process",
    "system",
    "approach",
    "method",
    "result",
    "outcome",
    "benefit",
    "amount",
    "half",
    "entirely",
    "together",
    "already",
    "again",
    "soon",
    "early",
    "directly",
    "easily",
    "fully",
    "mostly",
    "otherwise",
    "meanwhile",
    "instead",
    "besides",
    "indeed",
    "likewise",
    "certain",
    "various",
    "regular",
    "proper",
];

/// A template: sentences with slots and alternatives.
#[derive(Clone, Debug)]
pub struct Template {
    sentences: Vec<String>,
}

/// As many templates as wanted; each has an offer of its own as far as there are any.
pub fn templates(n: usize, random: &mut Random) -> Vec<Template> {
    let mut offers: Vec<&str> = OFFERS.to_vec();
    random.shuffle(&mut offers);
    (0..n)
        .map(|i| {
            let mut sentences: Vec<String> = Vec::new();
            let offer = offers[i % offers.len()];
            for part in [random.pick(OPENINGS), offer, random.pick(ASKS)] {
                let mut rest = part;
                while let Some(end) = rest.find(['.', '?']) {
                    sentences.push(rest[..=end].trim().to_owned());
                    rest = &rest[end + 1..];
                }
            }
            Template { sentences }
        })
        .collect()
}

/// The number of templates that have an offer of their own.
pub const DIFFERENT: usize = OFFERS.len();

/// The short templates.
pub fn short_templates() -> Vec<Template> {
    SHORT
        .iter()
        .map(|text| Template {
            sentences: text.split_inclusive(['.', '?']).map(|s| s.trim().to_owned()).collect(),
        })
        .collect()
}

/// Copies of a template: slots filled, alternatives chosen, greeting and sign-off changed, in a quarter of them two
/// sentences swapped, and `changed` thousandths of the words replaced.
pub fn copy(template: &Template, changed: usize, random: &mut Random) -> String {
    let mut sentences = template.sentences.clone();
    if sentences.len() > 2 && random.below(4) == 0 {
        let i = random.below(sentences.len() - 1);
        sentences.swap(i, i + 1);
    }
    let mut words: Vec<String> = Vec::new();
    for sentence in &sentences {
        words.extend(choose(sentence, random).split_whitespace().map(str::to_owned));
    }
    let mut places: Vec<usize> = (0..words.len()).filter(|i| !words[*i].contains('{')).collect();
    random.shuffle(&mut places);
    // A fraction is rounded by lot, so that the mean is right.
    let share = words.len() * changed;
    let n = share / 1000 + usize::from(random.below(1000) < share % 1000);
    for &i in places.iter().take(n) {
        let end = words[i].trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        let sign = words[i].split_off(end);
        words[i] = format!("{}{sign}", random.pick(OTHER_WORDS));
    }
    let text = format!(
        "{} {}\n{}",
        random.pick(GREETINGS),
        words.join(" "),
        random.pick(SIGN_OFFS)
    );
    fill(&text, random)
}

/// Chooses one of the alternatives in every pair of brackets.
fn choose(sentence: &str, random: &mut Random) -> String {
    let mut out = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('[') {
        let (inside, after) = after.split_once(']').unwrap_or((after, ""));
        let alternatives: Vec<&str> = inside.split('|').collect();
        out.push_str(before);
        out.push_str(random.pick(&alternatives));
        rest = after;
    }
    out + rest
}

fn fill(text: &str, random: &mut Random) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        match slot {
            "name" | "sender" => out.push_str(random.pick(NAMES)),
            "company" => out.push_str(random.pick(COMPANIES)),
            "number" => out.push_str(&(random.below(900) + 3).to_string()),
            "topic" => {
                let words: Vec<String> = (0..1 + random.below(3)).map(|_| word(random, 7)).collect();
                out.push_str(&words.join(" "));
            }
            other => {
                out.push('{');
                out.push_str(other);
                out.push('}');
            }
        }
        rest = after;
    }
    (out + rest).trim().to_owned()
}

const PEOPLE: &[&str] = &[
    "your sister",
    "our old teacher",
    "the plant manager",
    "my colleague",
    "the organiser",
    "a neighbour",
    "your deputy",
    "the archivist",
    "our apprentice",
    "the choir leader",
    "my flatmate",
    "the site nurse",
    "your predecessor",
    "a former student",
    "the conductor",
    "our landlord",
    "the editor",
    "my aunt",
    "the harbour master",
    "your co-author",
    "the caretaker",
    "I",
    "we",
];

/// What people write to one person, as sentences without their content: nouns, verbs, adjectives, people and places
/// are filled in from an open vocabulary.
const FRAMES: &[&str] = &[
    "{p} {v} the {a} {n} {l}.",
    "could you tell me where the {n} was {v}?",
    "the {a} {n} and the {n} were {v} {l}.",
    "since {p} {v} your {n}, I have {v} mine.",
    "I {v} a {n} {l}, and {p} {v} it.",
    "do you still have the {n} of the {a} {n}?",
    "you once {v} that {n} need {a} {n}.",
    "may I ask why {p} never {v} {n}?",
    "{p} says {n} are {a} this year.",
    "thank you for the {n}, the {a} one is {v} already.",
    "how did the {n} {l} go?",
    "our {n} {v} {l}, sadly without {n}.",
    "is there a {n} for {a} {n}?",
    "I am writing about the {n} {p} {v} {l}.",
    "if the {n} is {a}, {p} would rather {v} a {n}.",
    "{n}, {n} and {n}: that was all {p} {v}.",
    "without your {n} the {n} would have {v}.",
    "we sat behind the {n} {l}.",
    "when {p} {v} {n}, nobody {v} the {a} {n}.",
    "what a {a} {n} that was {l}!",
    "I would like to {v} the {n} for my {n}.",
    "please {v} {p} if the {n} turns {a}.",
    "the {n} you {v} {l} has a {a} {n}.",
    "a {a} {n} is better than a {v} {n}.",
    "my {n} on {n} is due {l} and {p} {v} you.",
    "it was {a} of you to {v} our {n}.",
    "are {n} still {v} in your {n}?",
    "{p} and I {v} {n} together {l}.",
    "there is a {n} open {l} for someone with {n}.",
    "I have {v} with {n} for {a} years.",
];

/// A sentence of one's own from its parts: few have the same small words in the same order.
const HEADS: &[&str] = &[
    "",
    "",
    "do you know whether ",
    "I hear that ",
    "to be honest, ",
    "as you may recall, ",
    "it seems ",
    "my guess is that ",
    "by the way, ",
    "could it be that ",
    "ever since {l}, ",
    "I was told ",
    "what if ",
    "luckily ",
];
const SUBJECTS: &[&str] = &[
    "I",
    "we",
    "they",
    "nobody here",
    "my {n}",
    "the {n}",
    "your {n}",
    "a {a} {n}",
    "{w}",
    "somebody in {w}",
    "all of our {n}",
    "the {n} of {w}",
    "both {n}",
    "no {n}",
    "most {n}",
];
const VERBS: &[&str] = &[
    "{v}",
    "have {v}",
    "would rather {v}",
    "never {v}",
    "still {v}",
    "could not {v}",
    "will soon {v}",
    "had to {v}",
    "used to {v}",
    "forgot to {v}",
    "managed to {v}",
    "only ever {v}",
];
const OBJECTS: &[&str] = &[
    "the {n}",
    "your {n}",
    "a {a} {n}",
    "some of the {n}",
    "every {n} in {w}",
    "{n} and {n}",
    "nothing but {n}",
    "that {a} {n} of yours",
    "our {n}",
    "two {n}",
    "what you call {n}",
    "another {n}",
];
const ENDS: &[&str] = &[
    "",
    " {l}",
    " because of the {n}",
    ", so the {n} is {a}",
    ", which is {a}",
    " and {w} {v} it too",
    " but not {l}",
    " until the {n} was {v}",
    " with {w}",
    " for {n}",
    ", though {w} did not",
    " as {a} as ever",
    " without {n}",
];

const PLACES: &[&str] = &[
    "in {w}",
    "at the {w} meeting",
    "near {w}",
    "on Tuesday",
    "after the {w}",
    "in the {w}",
    "at {w} airport",
    "on the ferry",
    "before the {w}",
    "during the {w}",
    "at your school",
    "in room twelve",
    "by the {w}",
    "last autumn",
    "over lunch",
    "at the {w} fair",
    "through the {w}",
    "in our {w}",
    "before {w}",
    "this morning",
    "next to the {w}",
];

/// A word of an open vocabulary: common words often, rare ones seldom, as in any language (Zipf's law). The first hundred
/// ranks are left out: in a language they are function words, which stand in the frames. The word is made of syllables;
/// what it means does not matter here.
fn word(random: &mut Random, kind: u64) -> String {
    // The inverse of the distribution function of 1/x on 100 to 20,000: ranks are spread evenly by their logarithm.
    let rank = (100.0 * 200f64.powf(random.below(1 << 20) as f64 / f64::from(1 << 20))) as u64;
    let mut letters = Random(rank << 8 | kind);
    const ONSETS: &[&str] = &[
        "b", "br", "c", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v",
    ];
    const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "ea", "ou"];
    const CODAS: &[&str] = &["", "l", "n", "r", "s", "nd", "ck", "mp"];
    let mut out = String::new();
    for _ in 0..1 + letters.below(3) {
        out.push_str(letters.pick(ONSETS));
        out.push_str(letters.pick(VOWELS));
        out.push_str(letters.pick(CODAS));
    }
    out
}

/// Courtesies that honest people share with every campaign.
const COURTESIES: &[&str] = &[
    "Hope you are well.",
    "I would love to connect.",
    "Looking forward to hearing from you.",
    "Thanks for connecting.",
    "Let me know what you think.",
    "No rush at all.",
    "Would you be open to a short call next week?",
    "Thank you in advance.",
    "I came across your profile and wanted to say hello.",
    "Happy to help if I can.",
    "It would be great to stay in touch.",
    "Quick question.",
    "I hope this message finds you well.",
    "Please feel free to say no.",
    "Best of luck with the new role.",
];

/// A note that one person wrote to one person: two to five sentences of their own, and courtesies.
pub fn genuine(random: &mut Random) -> String {
    let mut sentences: Vec<String> = Vec::new();
    for _ in 0..2 + random.below(4) {
        sentences.push(sentence(random.pick(FRAMES), random));
    }
    for _ in 0..random.below(3) {
        let at = random.below(sentences.len() + 1);
        sentences.insert(at, random.pick(COURTESIES).to_owned());
    }
    letter(&sentences, random)
}

/// A short note that one person wrote to one person: at most one sentence of their own between what everybody writes.
pub fn short_genuine(random: &mut Random) -> String {
    let opening = choose(random.pick(SHORT_OPENINGS), random);
    let own = match random.below(5) {
        0 => String::new(),
        _ => {
            let parts = [
                random.pick(HEADS),
                random.pick(SUBJECTS),
                " ",
                random.pick(VERBS),
                " ",
                random.pick(OBJECTS),
                random.pick(ENDS),
            ];
            parts.concat() + "."
        }
    };
    let closing = choose(random.pick(SHORT_CLOSINGS), random);
    let sentences = [opening, own, closing].map(|frame| sentence(&frame, random));
    letter(&sentences, random)
}

/// Sentences between a greeting and a sign-off, with the names filled in.
fn letter(sentences: &[String], random: &mut Random) -> String {
    let text = format!(
        "{} {}\n{}",
        random.pick(GREETINGS),
        sentences.join(" "),
        random.pick(SIGN_OFFS)
    );
    fill(&text, random)
}

/// A frame with its content, and a capital.
fn sentence(frame: &str, random: &mut Random) -> String {
    let sentence = content(frame, random);
    let mut letters = sentence.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}

/// Fills the content of a frame in.
fn content(frame: &str, random: &mut Random) -> String {
    let mut out = String::new();
    let mut rest = frame;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        match slot {
            "p" => out.push_str(random.pick(PEOPLE)),
            "l" => {
                let place = random.pick(PLACES);
                out.push_str(&content(place, random));
            }
            kind => out.push_str(&word(random, kind.bytes().map(u64::from).sum())),
        }
        rest = after;
    }
    out + rest
}

const STOCK: &[&str] = &[
    "I'd like to add you to my professional network on LinkedIn.",
    "Hi {name}, I'd like to join your LinkedIn network.",
    "Hi {name}, I'd like to add you to my professional network on LinkedIn.\n\n- {sender}",
    "Since you are a person I trust, I wanted to invite you to join my network on LinkedIn.",
    "Since you are a person I trust, I wanted to invite you to join my network on LinkedIn. - {sender}",
    "Congrats on your work anniversary!",
    "Congrats on the anniversary! Hope you're doing well.",
    "Congrats on the new role, {name}!",
    "Je vous invite à faire partie de mon réseau professionnel sur LinkedIn.",
    "Vorrei aggiungerti alla mia rete professionale su LinkedIn.",
    "Me gustaría añadirte a mi red profesional en LinkedIn.",
    "Ich möchte Sie gerne zu meinem beruflichen Netzwerk auf LinkedIn hinzufügen.",
    "Thanks for connecting, {name}!",
    "Happy birthday!",
];

/// One of LinkedIn's own texts.
pub fn stock(random: &mut Random) -> String {
    let text = random.pick(STOCK);
    fill(text, random)
}

/// A shuffled stream: a campaign of each size given, genuine notes and stock texts.
pub fn stream(sizes: &[usize], changed: usize, genuine_notes: usize, stock_texts: usize, seed: u64) -> Vec<Made> {
    let mut random = Random(seed);
    let templates = templates(sizes.len(), &mut random);
    mixed(
        &templates,
        sizes,
        changed,
        [(genuine_notes, genuine), (0, genuine)],
        stock_texts,
        &mut random,
    )
}

/// A shuffled stream of short messages: campaigns of the short templates, with the sizes given in turn, as many genuine
/// notes, half of them short ones, and stock texts.
pub fn short_stream(sizes: &[usize], changed: usize, genuine_notes: usize, stock_texts: usize, seed: u64) -> Vec<Made> {
    let mut random = Random(seed);
    let templates = short_templates();
    let sizes: Vec<usize> = sizes.iter().cycle().take(templates.len()).copied().collect();
    let half = genuine_notes / 2;
    let genuine_notes: [Notes; 2] = [(half, genuine), (genuine_notes - half, short_genuine)];
    mixed(&templates, &sizes, changed, genuine_notes, stock_texts, &mut random)
}

/// So many notes of a kind.
type Notes = (usize, fn(&mut Random) -> String);

fn mixed(
    templates: &[Template],
    sizes: &[usize],
    changed: usize,
    genuine_notes: [Notes; 2],
    stock_texts: usize,
    random: &mut Random,
) -> Vec<Made> {
    let mut all = Vec::new();
    let mut add = |text: String, truth: Truth| all.push(Made { text, truth });
    for (i, template) in templates.iter().enumerate() {
        for _ in 0..sizes[i] {
            add(copy(template, changed, random), Truth::Campaign(i));
        }
    }
    for (n, note) in genuine_notes {
        for _ in 0..n {
            add(note(random), Truth::Genuine);
        }
    }
    for _ in 0..stock_texts {
        add(stock(random), Truth::Stock);
    }
    random.shuffle(&mut all);
    all
}
