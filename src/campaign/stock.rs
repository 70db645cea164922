//! Sentences that are nobody's template: LinkedIn's default invitations and one-click messages.

use crate::text::{Prepared, Reading};

/// LinkedIn's own texts as whole sentences, in any writing of case, signs and contractions. Sources and grades are those
/// of the rules `generic.stock-text` and `generic.canned` and their sisters in other languages; these are the ones long
/// enough to be taken for a template, and the sentences that often stand beside them.
const SENTENCES: &[&str] = &[
    "I'd like to add you to my professional network on LinkedIn",
    "I'd like to add you to my professional network",
    "I'd like to add you to my network",
    "I'd like to add you to my LinkedIn network",
    "I'd like to add you to my network on LinkedIn",
    "I'd love to add you to my professional network on LinkedIn",
    "Since you are a person I trust, I wanted to invite you to join my network on LinkedIn",
    "I'd like to join your LinkedIn network",
    "I'd like to join your professional network on LinkedIn",
    "I'd like to connect with you on LinkedIn",
    "I'd like to invite you to connect on LinkedIn",
    "Please add me to your LinkedIn network",
    "Please accept my invitation to connect on LinkedIn",
    "Please accept my invitation to join my network on LinkedIn",
    "Congrats on your work anniversary",
    "Congrats on the anniversary",
    "Congrats on your new role",
    "Congrats on the new role",
    "Hope you're doing well",
    "Hope you are well",
    "I hope this message finds you well",
    "Hope this finds you well",
    "Thanks for connecting",
    "Great to connect",
    "Happy birthday",
    "Vorrei aggiungerti alla mia rete professionale su LinkedIn",
    "Vorrei aggiungerti alla mia rete professionale",
    "Jag vill gärna lägga till dig i mitt professionella nätverk på LinkedIn",
    "Je vous invite à faire partie de mon réseau professionnel sur LinkedIn",
    "Je souhaite rejoindre votre réseau LinkedIn",
    "Je souhaite rejoindre votre réseau professionnel",
    "Me gustaría añadirte a mi red profesional en LinkedIn",
    "Me gustaría añadirte a mi red profesional",
    "Me gustaría contactar contigo",
    "Gostaria de adicioná-lo à minha rede profissional no LinkedIn",
    "Gostaria de adicioná-la à minha rede profissional no LinkedIn",
    "Ich möchte Sie gerne zu meinem beruflichen Netzwerk auf LinkedIn hinzufügen",
    "Ich möchte Sie zu meinem beruflichen Netzwerk auf LinkedIn hinzufügen",
    "Ik wil u graag toevoegen aan mijn professionele netwerk op LinkedIn",
];

/// Calls `each` with the canonical words of every stock sentence.
pub(super) fn sentences(mut each: impl FnMut(&Prepared)) {
    let mut prepared = Prepared::default();
    for sentence in SENTENCES {
        prepared.read(sentence, Reading::default());
        each(&prepared);
    }
}
