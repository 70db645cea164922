//! How common words are, so that a phrase is looked for by its rarest part.
//!
//! Nothing but speed depends on these numbers. Measured on the written messages of `corpus/` in November 2026 and rounded
//! to a few classes; words that stand in none are rarer than the last.

use crate::text::TokenKind;

/// Words, and how many of 100,000 tokens they are.
pub(super) const COMMON: &[(u32, &str)] = &[
    (2000, "a and i in the to you"),
    (1000, "for is it of on we your"),
    (500, "am are at be de from have hi if me my not that with would"),
    (
        200,
        "about an as before by can could dear do en has hello how know la like no one or our people que \
         send so there they this two up us was what who will",
    ),
    (
        100,
        "after all any ask back been best but come con connect day di did die e een el first free get good \
         got had happy here hope ich ik il je just last le let look looking may month more mr name need new \
         next now o only open out over per please regards same see should since still talk te team tell \
         than thank thanks their them three through time un vous want week well when which work y year \
         yours à",
    ),
    (
        50,
        "across again already always answer anything asked because bonjour both call came che clients com \
         company connecting da das dat data del der does doing down dr each em end et every fee few find \
         four friday für give go going great group he hear help her het hey hola hr into job june keep kind \
         kindly left les line list lo love made make manager many message met mi monday morning most ms na \
         network nothing number off office old op other own page para part pay person phone place por post \
         pour price profile put rather read right run said saw say says se second shall share she short \
         show si sie site small some someone something speak start take then think thought thursday today \
         together told too una und under until use van voor votre way went were where whether wir without \
         write",
    ),
    (
        30,
        "al also around between bij board bring building business client coming companies contract cost cv \
         du evening ever experience half hiring im lead leave link lot march meet mit moved night nobody \
         noticed question questions report room round school side somebody takes teams things tu tuesday u \
         um very wanted while within working writing",
    ),
];

/// The same for classes of tokens.
pub(super) const COMMON_CLASSES: &[(u32, TokenKind)] = &[
    (5000, TokenKind::Stop),
    (1000, TokenKind::Question),
    (1000, TokenKind::Name),
    (1000, TokenKind::Number),
    (500, TokenKind::Duration),
    (200, TokenKind::Money),
    (200, TokenKind::Emoji),
    (100, TokenKind::Percent),
    (100, TokenKind::Url),
];
