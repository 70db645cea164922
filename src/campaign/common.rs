//! Words that any note may hold: a pair of two of them says nothing of a template.

use crate::detectors::generic_request::COMMON;

/// Function words and courtesies of English; those that any invitation may hold are shared with `GenericRequest`.
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "always", "am", "an", "and", "any", "are", "as", "at", "be", "because",
    "been", "before", "being", "best", "both", "but", "by", "can", "could", "did", "do", "does", "doing", "done", "each",
    "every", "few", "find", "first", "for", "from", "get", "give", "glad", "go", "going", "good", "got", "had", "happy",
    "has", "have", "having", "hear", "help", "her", "here", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "just", "kind", "know", "last", "let", "little", "make", "many", "may", "maybe", "me", "might", "more", "most",
    "much", "must", "my", "need", "next", "no", "not", "now", "of", "off", "on", "one", "or", "other", "others", "our",
    "over", "own", "really", "regards", "same", "send", "shall", "should", "so", "some", "someone", "something",
    "such", "take", "than", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "think", "this",
    "those", "though", "through", "to", "today", "too", "two", "up", "us", "use", "very", "want", "wanted", "was", "way",
    "we", "were", "what", "when", "where", "which", "while", "who", "why", "will", "with", "within", "without", "year",
    "yes", "yet", "you", "your", "yours", "advance", "best", "congrats", "email", "feel", "free", "hello", "later", "luck",
    "meeting", "minutes", "name", "new", "number", "open", "question", "quick", "reply", "role", "rush", "short", "sorry",
    "soon", "sure", "wishes", "wondering", "worth", "write",
];

/// The same for the other languages that have rules, with what any request to connect holds.
const OTHER_LANGUAGES: &[&str] = &[
    // German
    "aber", "als", "am", "auch", "auf", "aus", "bei", "beim", "bin", "bitte", "da", "das", "dass", "dem", "den", "der",
    "des", "die", "dies", "diese", "doch", "du", "durch", "ein", "eine", "einem", "einen", "einer", "er", "es", "freue",
    "freuen", "für", "gerne", "gern", "grüße", "habe", "haben", "hat", "ihr", "ihre", "ihrem", "ihren", "im", "in", "ist",
    "kann", "kontakt", "können", "man", "mein", "meine", "mich", "mir", "mit", "nach", "netzwerk", "nicht", "noch", "nur",
    "oder", "profil", "schon", "sehr", "sein", "sich", "sie", "sind", "so", "über", "um", "und", "uns", "unser", "unsere",
    "vernetzen", "vernetzung", "austausch", "viele", "von", "vor", "war", "was", "wenn", "wie", "wir", "würde", "zu",
    "zum", "zur", "gestoßen", "beste", "freundlichen", "dank", "danke", "hier",
    // French
    "à", "au", "aux", "avec", "avez", "bonne", "ce", "ces", "cette", "comme", "contacter", "dans", "de", "des", "du",
    "elle", "en", "est", "et", "été", "être", "il", "ils", "j'ai", "je", "journée", "la", "le", "les", "leur", "mais",
    "ma", "me", "merci", "mes", "moi", "mon", "ne", "nos", "notre", "nous", "ou", "où", "par", "pas", "permets", "plus",
    "pour", "que", "qui", "réseau", "sa", "sans", "ses", "si", "son", "sont", "sur", "très", "un", "une", "vos", "votre",
    "vous", "y", "échange", "échanger", "serait", "suis", "profil",
    // Spanish, Portuguese, Italian
    "al", "algo", "como", "con", "cuando", "del", "desde", "el", "ella", "era", "eres", "esta", "está", "este", "estoy",
    "gracias", "gustaría", "ha", "hay", "he", "hola", "interesante", "la", "las", "lo", "los", "más", "me", "mi", "muy",
    "nos", "o", "para", "parecido", "perfil", "pero", "podría", "por", "porque", "que", "qué", "red", "saludo", "saludos",
    "se", "ser", "si", "sin", "sobre", "soy", "su", "sus", "te", "tu", "tus", "un", "una", "visto", "ya", "yo",
    "ao", "aos", "com", "da", "das", "do", "dos", "ele", "em", "foi", "mais", "mas", "meu", "minha", "na", "não", "no",
    "nos", "obrigado", "obrigada", "os", "ou", "pela", "pelo", "rede", "são", "sua", "seu", "também", "tem", "tenho", "uma",
    "um", "você", "alla", "alle", "anche", "che", "ci", "come", "cosa", "da", "dal", "della", "delle", "di", "e", "è",
    "gli", "grazie", "ho", "i", "il", "la", "le", "lei", "ma", "mia", "mio", "molto", "nel", "nella", "non", "per", "più",
    "profilo", "rete", "sono", "sua", "suo", "sul", "tua", "tuo", "vorrei",
    // Dutch
    "aan", "als", "bij", "dat", "de", "deze", "dit", "een", "en", "er", "graag", "heb", "hebben", "het", "hoe", "ik", "is",
    "jaar", "je", "jij", "jouw", "jullie", "kan", "maar", "met", "mij", "mijn", "naar", "netwerk", "niet", "nog", "of",
    "om", "ons", "onze", "ook", "op", "over", "te", "tot", "uit", "uw", "van", "veel", "voor", "wat", "we", "wel", "wij",
    "zal", "ze", "zijn", "zou",
];

/// All of them; some occur more than once.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    FUNCTION_WORDS.iter().chain(COMMON).chain(OTHER_LANGUAGES).copied()
}
