//! Characters that mean a plainer character.

/// What a character that is not a letter, digit or white space in itself contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// An apostrophe of any shape.
    Apostrophe,
    /// A hyphen or dash of any length.
    Dash,
    /// White space other than a line break.
    Space,
    /// Something that cannot be seen.
    Invisible,
    /// Anything else.
    Other,
}

/// The role of a character that is neither letter nor digit.
pub(super) fn sign(c: char) -> Sign {
    match c {
        '\'' | '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{02B9}' | '\u{00B4}' | '`' | '\u{FF07}'
        | '\u{2032}' => Sign::Apostrophe,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' | '\u{2E3A}' | '\u{2E3B}' => {
            Sign::Dash
        }
        // U+200C and U+200D are spelling in Persian and Indic scripts and glue in emoji: dropped, but not counted.
        '\u{00AD}'
        | '\u{034F}'
        | '\u{061C}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0001}'..='\u{E007F}'
        | '\u{E0100}'..='\u{E01EF}' => Sign::Invisible,
        c if c.is_whitespace() => Sign::Space,
        // Other control characters would forge a class.
        c if c.is_control() => Sign::Invisible,
        _ => Sign::Other,
    }
}

/// Whether an invisible character is one that people do not type and spelling does not need.
pub(super) fn is_suspicious_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{3164}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{E0001}'..='\u{E007F}'
    )
}

/// The plain letter or digit behind a full-width, mathematical, enclosed or small-capital one.
pub(super) fn styled(c: char) -> Option<char> {
    let n = c as u32;
    let letter = |base: u8, offset: u32| char::from_u32(u32::from(base) + offset);
    match n {
        0xFF10..=0xFF19 => letter(b'0', n - 0xFF10),
        0xFF21..=0xFF3A => letter(b'A', n - 0xFF21),
        0xFF41..=0xFF5A => letter(b'a', n - 0xFF41),
        // Mathematical alphanumerics: thirteen alphabets of 52 letters each, then five sets of digits.
        0x1D400..=0x1D6A3 => {
            let i = (n - 0x1D400) % 52;
            if i < 26 { letter(b'A', i) } else { letter(b'a', i - 26) }
        }
        0x1D7CE..=0x1D7FF => letter(b'0', (n - 0x1D7CE) % 10),
        0x24B6..=0x24CF => letter(b'A', n - 0x24B6),
        0x24D0..=0x24E9 => letter(b'a', n - 0x24D0),
        0x1F130..=0x1F149 => letter(b'A', n - 0x1F130),
        0x1F150..=0x1F169 => letter(b'A', n - 0x1F150),
        0x1F170..=0x1F189 => letter(b'A', n - 0x1F170),
        _ => match c {
            // Letters that the mathematical block borrows from "letterlike symbols".
            'ℂ' | 'ℭ' => Some('C'),
            'ℊ' => Some('g'),
            'ℋ' | 'ℌ' | 'ℍ' => Some('H'),
            'ℎ' => Some('h'),
            'ℐ' | 'ℑ' => Some('I'),
            'ℒ' => Some('L'),
            'ℓ' => Some('l'),
            'ℕ' => Some('N'),
            'ℙ' => Some('P'),
            'ℚ' => Some('Q'),
            'ℛ' | 'ℜ' | 'ℝ' => Some('R'),
            'ℤ' | 'ℨ' => Some('Z'),
            'ℬ' => Some('B'),
            'ℯ' => Some('e'),
            'ℰ' => Some('E'),
            'ℱ' => Some('F'),
            'ℳ' => Some('M'),
            'ℴ' => Some('o'),
            'ᴀ' => Some('a'),
            'ʙ' => Some('b'),
            'ᴄ' => Some('c'),
            'ᴅ' => Some('d'),
            'ᴇ' => Some('e'),
            'ꜰ' => Some('f'),
            'ɢ' => Some('g'),
            'ʜ' => Some('h'),
            'ɪ' => Some('i'),
            'ᴊ' => Some('j'),
            'ᴋ' => Some('k'),
            'ʟ' => Some('l'),
            'ᴍ' => Some('m'),
            'ɴ' => Some('n'),
            'ᴏ' => Some('o'),
            'ᴘ' => Some('p'),
            'ʀ' => Some('r'),
            'ꜱ' => Some('s'),
            'ᴛ' => Some('t'),
            'ᴜ' => Some('u'),
            'ᴠ' => Some('v'),
            'ᴡ' => Some('w'),
            'ʏ' => Some('y'),
            'ᴢ' => Some('z'),
            _ => None,
        },
    }
}

/// The Latin letter that a lower-case Cyrillic, Greek or Armenian one looks like.
pub(super) fn lookalike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'һ' | 'н' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'η' => 'n',
        'о' | 'ο' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}

/// The letter that a digit or sign stands for in leetspeak.
pub(super) fn leet(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        _ => return None,
    })
}

/// Base letter and combining mark as one letter, for the accents of the languages that have rules.
pub(super) fn compose(base: char, mark: char) -> Option<char> {
    let row = match mark {
        '\u{0300}' => "aàeèiìoòuùAÀEÈIÌOÒUÙ",
        '\u{0301}' => "aáeéiíoóuúyýAÁEÉIÍOÓUÚYÝ",
        '\u{0302}' => "aâeêiîoôuûAÂEÊIÎOÔUÛ",
        '\u{0303}' => "aãnñoõAÃNÑOÕ",
        '\u{0308}' => "aäeëiïoöuüyÿAÄEËIÏOÖUÜ",
        '\u{030A}' => "aåAÅ",
        '\u{0327}' => "cçCÇ",
        _ => return None,
    };
    let mut letters = row.chars();
    while let (Some(plain), Some(accented)) = (letters.next(), letters.next()) {
        if plain == base {
            return Some(accented);
        }
    }
    None
}

/// Whether a character is a combining mark of the common block.
pub(super) fn is_combining(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}')
}

/// Whether a character belongs to an emoji.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c as u32,
        0x1F000..=0x1F0FF | 0x1F18E | 0x1F191..=0x1F1FF | 0x1F200..=0x1FAFF
        | 0x2600..=0x27BF | 0x2B05..=0x2B07 | 0x2B1B | 0x2B1C | 0x2B50 | 0x2B55
        | 0x231A | 0x231B | 0x23E9..=0x23F3 | 0x25FD | 0x25FE | 0x2934 | 0x2935)
}

/// Whether a character continues an emoji: joiner, variation selector, skin tone, keycap, tag.
pub(super) fn is_emoji_glue(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}')
        || matches!(c as u32, 0x1F3FB..=0x1F3FF | 0xE0020..=0xE007F)
}

/// Whether words of this character's script are written without spaces between them.
pub(super) fn is_unspaced_script(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0EFF // Thai, Lao
        | 0x1000..=0x109F | 0x1780..=0x17FF | 0x19E0..=0x19FF // Burmese, Khmer
        | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF // radicals, kana
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9D // Han, half-width kana
        | 0x20000..=0x3FFFF)
}

/// `word` without its accents, if it has any: for writers who drop them.
pub(crate) fn without_accents(word: &str, german: bool) -> Option<String> {
    let mut out = String::with_capacity(word.len() + 4);
    let mut changed = false;
    for c in word.chars() {
        let plain = match c {
            'ä' if german => "ae",
            'ö' if german => "oe",
            'ü' if german => "ue",
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
            'è' | 'é' | 'ê' | 'ë' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => "o",
            'ù' | 'ú' | 'û' | 'ü' => "u",
            'ý' | 'ÿ' => "y",
            'ç' => "c",
            'ñ' => "n",
            'ß' => "ss",
            'œ' => "oe",
            'æ' => "ae",
            _ => {
                out.push(c);
                continue;
            }
        };
        changed = true;
        out.push_str(plain);
    }
    changed.then_some(out)
}
