//! The messages: those of `benches/judge.rs`, half of them with letters beyond ASCII.

use huckster::{Decision, Message, Scorer};

/// How many of [`varied`] are accepted, left for review and declined; another outcome is another build, or a wrong one.
/// After a change of rules or weights, give it the new counts.
const EXPECTED: [usize; 3] = [1848, 755, 1397];

/// A small deterministic generator (splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

const OPENINGS: &[&str] = &[
    "Hi Ana,",
    "Hello Tom -",
    "Hey,",
    "Dear Dr. Lund,",
    "Thanks for connecting!",
    "Quick question.",
    "Good morning Wen,",
    "Marek,",
];
pub const MIDDLES: &[&str] = &[
    "we help regional clinics fill empty slots without calling through lists",
    "I read your notes on flood gauges and wondered how you keep the sensors dry",
    "our group is looking for a second reviewer for the tender on street lights",
    "I saw that you are hiring two planners in Leeds, congrats on the growth",
    "how are you handling the night shift rota at the moment",
    "I applied for the analyst role last week and would be glad about a hint on the team",
    "we put together a short guide for owners of print shops, happy to send it over",
    "you mentioned the beam tests at the spring meeting, did the second run work out",
    "my sister's school needs a speaker on bridges for its project day",
    "most operators we talk to lose five hours a week on paper forms",
];
const ENDINGS: &[&str] = &[
    "Worth a chat next week?",
    "Would you have 15 minutes on Tuesday?",
    "Many thanks and kind regards, Jo",
    "No pressure at all.",
    "Let me know what you think!",
    "Here is the link: https://example.org/a?id=7",
    "Best,\nPriya",
    "Shall I send the details?",
];
pub const ACCENTED: &[&str] = &[
    "– I’d love to hear more 🙂",
    "“as discussed”",
    "São Paulo, Zürich, Łódź",
    "naïve, café, Größe",
];

pub const EMOJI: &[&str] = &["🚀", "🙂🙏", "👨‍👩‍👧", "✨ new", "📈📈"];
pub const CYRILLIC: &[&str] = &[
    "мы помогаем клиникам заполнить свободные часы без звонков",
    "прочитал ваши заметки о датчиках уровня воды и хотел спросить",
    "наша группа ищет второго рецензента для тендера",
    "большинство операторов теряют пять часов в неделю на бумагах",
    "сестра ищет докладчика о мостах для школы",
];
pub const CJK: &[&str] = &[
    "我们帮助诊所填补空闲的时段而不用打电话",
    "读了您关于水位计的笔记想请教怎样防潮",
    "我們的小組正在為路燈招標尋找第二位評審",
    "橋の試験についての発表を拝見しました",
    "学校の企画で橋の話をしてくれる人を探しています",
];

/// `n` different notes of about `bytes` bytes made of sentences of `middles`, with pieces of `extras` in between.
pub fn notes(n: usize, bytes: usize, middles: &[&str], extras: &[&str]) -> Vec<String> {
    let mut random = Random(7);
    (0..n)
        .map(|i| {
            let mut note = OPENINGS[random.below(OPENINGS.len())].to_owned();
            let least = bytes * 3 / 5 + random.below(bytes * 2 / 3);
            while note.len() < least {
                note.push(' ');
                note.push_str(middles[random.below(middles.len())]);
                note.push_str(if random.below(3) == 0 { ". " } else { "," });
                if !extras.is_empty() && random.below(2) == 0 {
                    note.push(' ');
                    note.push_str(extras[random.below(extras.len())]);
                }
            }
            // A number of its own keeps any two notes apart.
            format!("{note} {} {i}", ENDINGS[random.below(ENDINGS.len())])
        })
        .collect()
}

/// `n` different texts of about 250 bytes of the same few pieces: what makes most work for least text.
pub fn hostile(n: usize, pieces: &[&str]) -> Vec<String> {
    let mut random = Random(11);
    (0..n)
        .map(|i| {
            let mut text = i.to_string();
            while text.len() < 250 {
                text.push(' ');
                text.push_str(pieces[random.below(pieces.len())]);
            }
            text
        })
        .collect()
}

/// 4,000 different notes of about 250 bytes.
pub fn varied() -> Vec<String> {
    let (plain, accented) = (notes(2000, 250, MIDDLES, &[]), notes(2000, 250, MIDDLES, ACCENTED));
    plain.into_iter().zip(accented).flat_map(|(a, b)| [a, b]).collect()
}

/// Decisions, counted.
pub fn decisions(scorer: &Scorer, messages: &[Message<'_>]) -> [usize; 3] {
    let mut scratch = scorer.scratch();
    let mut counts = [0; 3];
    for message in messages {
        counts[match scorer.judge_with(&mut scratch, message).decision() {
            Decision::Accept => 0,
            Decision::Review => 1,
            Decision::Decline => 2,
        }] += 1;
    }
    counts
}

/// Fails if the built-in rules decide otherwise than they should.
pub fn check(scorer: &Scorer, texts: &[String]) -> Result<(), String> {
    let messages: Vec<Message<'_>> = texts.iter().map(|text| Message::direct(text.as_str())).collect();
    let found = decisions(scorer, &messages);
    if found == EXPECTED {
        Ok(())
    } else {
        Err(format!("the notes are decided {found:?}, not {EXPECTED:?}"))
    }
}
