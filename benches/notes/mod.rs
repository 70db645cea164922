//! Made-up notes, all of them different: what `judge.rs` and the package `peers` time.

/// A small deterministic generator (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, n: usize) -> usize {
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
pub(crate) const MIDDLES: &[&str] = &[
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
pub(crate) const ACCENTED: &[&str] = &[
    "– I’d love to hear more 🙂",
    "“as discussed”",
    "São Paulo, Zürich, Łódź",
    "naïve, café, Größe",
];

pub(crate) const EMOJI: &[&str] = &["🚀", "🙂🙏", "👨‍👩‍👧", "✨ new", "📈📈"];
pub(crate) const CYRILLIC: &[&str] = &[
    "мы помогаем клиникам заполнить свободные часы без звонков",
    "прочитал ваши заметки о датчиках уровня воды и хотел спросить",
    "наша группа ищет второго рецензента для тендера",
    "большинство операторов теряют пять часов в неделю на бумагах",
    "сестра ищет докладчика о мостах для школы",
];
pub(crate) const CJK: &[&str] = &[
    "我们帮助诊所填补空闲的时段而不用打电话",
    "读了您关于水位计的笔记想请教怎样防潮",
    "我們的小組正在為路燈招標尋找第二位評審",
    "橋の試験についての発表を拝見しました",
    "学校の企画で橋の話をしてくれる人を探しています",
];

/// `n` different notes of about `bytes` bytes made of sentences of `middles`, with pieces of `extras` in between.
pub(crate) fn notes(n: usize, bytes: usize, middles: &[&str], extras: &[&str]) -> Vec<String> {
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

/// `n` different texts of `bytes` bytes of the same few pieces: what makes most work for least text.
pub(crate) fn hostile(n: usize, bytes: usize, pieces: &[&str]) -> Vec<String> {
    let mut random = Random(11);
    (0..n)
        .map(|i| {
            let mut text = i.to_string();
            while text.len() < bytes {
                text.push(' ');
                text.push_str(pieces[random.below(pieces.len())]);
            }
            text
        })
        .collect()
}
