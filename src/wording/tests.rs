use super::*;
use crate::ruleset::fnv1a;
use crate::text::{Masks, Reading};

/// Texts that use every part of the tokeniser.
const SAMPLES: &[&str] = &[
    "Hi Marta, I'm Jo from Acme Tooling. We've cut 40% of €2,300 in 15 minutes, 10x faster!!! Worth a call?",
    "Dear Dr. Lund,\n\nthe re-run of line 4 isn't done; call +44 20 7946 0018 or write jo@acme.example.\n\nBest,\nJo",
    "See https://acme.example/x, #hiring @jo {{first_name}} 🙂🙂 \u{1d401}old and ｗｉｄｅ",
    "Sehr geehrte Frau Weiß, würden Sie uns 3 Tage geben? Grüße, K. Möller",
    "L'équipe n'a pas répondu : « c'est trop tard ». Merci d'avance",
    "¿Podemos hablar mañana? Gracias. Não há pressa. Com'è andata? Zo'n vraag",
];

fn prepare(text: &str) -> Prepared {
    let mut prepared = Prepared::default();
    let masks = Masks::default();
    prepared.read(
        text,
        Reading {
            letter: true,
            masks: Some(&masks),
            ..Reading::default()
        },
    );
    prepared
}

/// If this fails, the tokeniser reads texts differently than it did when models were trained: put the value it names into
/// [`TOKENISER`], and train the embedded model again.
#[test]
fn the_tokeniser_is_the_one_that_models_are_made_for() {
    let mut bytes = Vec::new();
    for text in SAMPLES {
        let prepared = prepare(text);
        for (i, token) in prepared.tokens().iter().enumerate() {
            bytes.extend([token.kind as u8, u8::from(token.flags.has(TokenFlags::CAPITALIZED))]);
            bytes.extend(prepared.word(i).bytes());
        }
    }
    assert_eq!(TOKENISER, format!("{:016x}", fnv1a(bytes.into_iter())));
}
