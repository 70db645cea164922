//! Messages for tests: many, varied, and the same on every run.

use huckster::{
    CampaignFacts, Client, History, Message, Party, Position, Profile, Relationship, Thread, Timestamp, Timing, Turn,
};

/// splitmix64, <https://prng.di.unimi.it/splitmix64.c>
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len() as u64) as usize]
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

const PITCH: &[&str] = &[
    "We help founders 10X their revenue.",
    "I help coaches fill their calendar with a steady stream of leads.",
    "Worth a quick call this week?",
    "Are you open to a 15-minute chat on Tuesday?",
    "Quick question: how are you handling lead generation today?",
    "Companies like yours saw a 38% lift in 90 days, guaranteed.",
    "Book a slot here: https://calendly.com/jo-field/15min",
    "Just bumping this to the top of your inbox.",
    "I made a free audit for you, shall I send it over?",
    "Only 3 spots left, offer ends Friday!!!",
    "I came across your profile and was impressed by your journey.",
    "Let's connect and explore synergies.",
    "I'd like to add you to my professional network on LinkedIn.",
    "Earn $5k a month from home, no experience needed.",
];

const ORDINARY: &[&str] = &[
    "Thanks for the review on Tuesday, I fixed the off-by-one in the parser.",
    "The invoice for the pallets is still wrong, could you look at line 4?",
    "I read your paper on beam hardening and have a question about the phantom.",
    "We met at the RustFest dinner in Ghent; you told me about the ferry.",
    "My son starts school on Monday, so I am away that morning.",
    "I am a second-year student in Leeds and write my thesis on peat fires.",
    "Where does ${HOME} point in the script?",
    "Do you still have the contact of the calibration lab in Delft?",
];

const FOREIGN: &[&str] = &[
    "Sehr geehrte Frau Lindqvist, ich würde mich über einen kurzen Austausch freuen.",
    "Bonjour, je voudrais vous demander un conseil : est-ce que le poste est ouvert ?",
    "Hola, estoy buscando trabajo y me gustaría conocer su empresa.",
    "Ciao, abbiamo lavorato insieme a Torino, come stai?",
    "Hoi, ik heb een vraag over de opleiding die jij hebt gedaan.",
    "Olá, estou a fazer um trabalho sobre a sua empresa e gostaria de saber mais.",
    "Привет! Хочу предложить вам сотрудничество.",
    "您好,我想和您谈谈合作的机会。",
    "สวัสดีครับ ผมอยากคุยกับคุณ",
    "שלום, אני רוצה לדבר איתך על הפרויקט",
    "مرحبا، أود التحدث معك حول المشروع",
    "नमस्ते, मैं आपसे बात करना चाहता हूँ",
    "こんにちは、お話ししたいことがあります。",
    "안녕하세요, 이야기하고 싶습니다",
];

const ODD: &[&str] = &[
    "Hi {{firstName}},",
    "{Hi|Hello|Hey} there",
    "Dear [First Name],",
    "Hi %FIRSTNAME%",
    "Loved {{ compliment }}",
    "Hi null,",
    "get more l3ads now",
    "a f r e e audit",
    "s\u{441}ale your busin\u{435}ss",
    "𝗚𝗿𝗼𝘄 𝘆𝗼𝘂𝗿 𝘁𝗲𝗮𝗺",
    "ＦＵＬＬ ＷＩＤＴＨ",
    "fr\u{200B}ee for you",
    "🚀🚀🚀 ✅ more time\n✅ fewer calls",
    "👨‍👩‍👧‍👦 🇳🇱",
    "https://example.org/a?utm_source=li&utm_campaign=q1",
    "https://bit.ly/3abc https://wa.me/4900000 www.example.com",
    "name@example.org +49 170 1234567",
    "$5k 30% 15-minute 10x €1.000,00 2.5m",
    "e\u{301}a\u{308}o\u{302} ﬁne ŀ ß İ ǅ",
    "\0\u{7}\u{1b}[31m",
    "((([[[{{{ <<< ||| ~~~ ^^^ ***",
    "don't can’t we'll you’re it's I'd",
    "@someone #hashtag &amp; Ã©",
    "\r\n\r\n\t\u{a0}\u{2028}",
    "WOW!!! THIS IS THE CHANCE OF YOUR LIFE!!!",
];

const HEADLINES: &[&str] = &[
    "Lead generation expert | DM me",
    "Business coach for founders",
    "Executive coach",
    "Nurse at St Clare",
    "LinkedIn trainer | I help you get seen",
    "Recruiter (m/w/d) • Talent",
    "Helping grids stay up | Speaker | Mum",
    "Инженер",
    "",
    "🚀 Founder @ Acme | 10x | 营销",
];

const NAMES: &[&str] = &[
    "Marta Lindqvist",
    "marta",
    "JO FIELD, PhD",
    "Ana 🚀 Ruiz",
    "李明",
    "growth-agency.com",
    "",
    "O'Neil",
];

fn text(random: &mut Random, n: usize) -> String {
    let mut out = String::new();
    if n.is_multiple_of(41) {
        // Longer than the library reads.
        while out.len() < 9000 {
            out.push_str(random.pick(PITCH));
            out.push(' ');
            out.push_str(random.pick(ORDINARY));
            out.push('\n');
        }
        return out;
    }
    if random.one_in(2) {
        out.push_str(random.pick(&[
            "Hi Marta, ",
            "Hello!\n\n",
            "Hi MARTA,\n",
            "Dear Ms Lindqvist, ",
            "Hey Peter - ",
        ]));
    }
    for _ in 0..random.below(7) + 1 {
        let table = match random.below(8) {
            0..=2 => PITCH,
            3..=4 => ORDINARY,
            5 => FOREIGN,
            _ => ODD,
        };
        out.push_str(random.pick(table));
        out.push_str(random.pick(&[" ", "\n", "\n\n", "", "  "]));
    }
    if random.one_in(3) {
        out.push_str(random.pick(&["Best,\nTom", "Kind regards\nJo Field\nCEO", "- Ana", "Cheers!"]));
    }
    out
}

fn profile(random: &mut Random) -> Profile<'static> {
    let mut profile = Profile::new().name(random.pick(NAMES)).headline(random.pick(HEADLINES));
    if random.one_in(2) {
        profile = profile
            .position(Position::current(random.pick(HEADLINES), "Norrvik Energi AB"))
            .position(Position::past("Engineer", "Brightwater"));
    }
    if random.one_in(2) {
        profile = profile.about("I build spectrometers for groundwater monitoring and speak about ferns.");
    }
    if random.one_in(2) {
        profile = profile
            .connections(random.below(600) as u32)
            .followers(random.below(9000) as u32);
    }
    if random.one_in(3) {
        profile = profile
            .account_age_days(random.below(900) as u32)
            .verified(random.one_in(2));
    }
    profile
}

/// `count` messages, each different; with facts of every kind, in many scripts, with every trick the library knows.
pub(crate) fn messages(count: usize) -> Vec<Message<'static>> {
    (0..count).map(message).collect()
}

fn message(n: usize) -> Message<'static> {
    let random = &mut Random(n as u64);
    let mut message = match n % 7 {
        0 => Message::text(text(random, n)),
        1 => Message::invitation(text(random, n)),
        2 => Message::inmail(random.pick(PITCH), text(random, n)),
        3 => Message::direct(text(random, n)).subject("Re: {{company}} 10X"),
        4 if n.is_multiple_of(2) => Message::blank_invitation(),
        5 if n.is_multiple_of(5) => Message::new(),
        _ => Message::direct(text(random, n)),
    }
    .id(format!("m{n}"));
    if random.one_in(4) {
        message = message.client(if random.one_in(2) {
            Client::Mobile
        } else {
            Client::Desktop
        });
    }
    if random.one_in(12) {
        message = message.lang(random.pick(&["en", "de", "pt-BR", "ja", "und"]));
    }
    if random.one_in(2) {
        message = message.sender(profile(random));
    }
    if random.one_in(2) {
        message = message.recipient(profile(random));
    }
    if random.one_in(4) {
        let mut relationship = Relationship::new().mutual_connections(random.below(60) as u32);
        if random.one_in(2) {
            relationship = relationship
                .shared_employer("Brightwater")
                .shared_school("Delft")
                .shared_event("RailTech");
        }
        if random.one_in(4) {
            relationship = relationship
                .have_met(random.one_in(2))
                .degree(random.below(3) as u8 + 1);
        }
        message = message.relationship(relationship);
    }
    if random.one_in(4) {
        let turns = (0..random.below(5)).map(|i| Turn {
            from: if random.one_in(3) {
                Party::Recipient
            } else {
                Party::Sender
            },
            text: Some(random.pick(PITCH).into()),
            at: Some(Timestamp::from_seconds(1_700_000_000 + 86_400 * i as i64)),
        });
        message = message.thread(turns);
    } else if random.one_in(8) {
        let replied = Some(random.one_in(3));
        message.thread = Some(Thread::Counts {
            unanswered: Some(random.below(5) as u32),
            recipient_replied: replied,
        });
    }
    if random.one_in(4) {
        let timing = Timing::new()
            .since_profile_view_s(random.below(40))
            .since_acceptance_s(random.below(2000))
            .since_previous_message_s(86_400 * random.below(5));
        message = message.timing(timing.sent_at(Timestamp::from_seconds(1_700_500_000)));
    }
    if random.one_in(6) {
        let senders = random.below(9) as u32;
        message = message.campaign(CampaignFacts::new(senders + random.below(30) as u32, senders));
    }
    if random.one_in(6) {
        let mut history = History::default();
        history.earlier_requests = Some(random.below(3) as u32);
        history.withdrawn_and_resent = Some(random.one_in(2));
        history.confirmed_pitches = Some(random.below(3) as u32);
        message = message.history(history);
    }
    if random.one_in(6) {
        message = message.fact("crm.customer", random.one_in(2)).fact("crm.stage", "lead");
    }
    message
}
