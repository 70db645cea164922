//! The tables of a matcher as bytes.

use super::trie::{Edge, Node, Trie};
use super::{Atom, Chain, Hook, Hooked, Matcher, Owner, Part, Voice};
use crate::stored::{stored_as, stored_fields};
use crate::text::Vocabulary;

stored_as!(
    Vocabulary as (String, (Vec<u32>, Vec<u32>)):
    Vocabulary::to_parts,
    |(letters, (ends, others))| Self::from_parts(&letters, &ends, &others)
);
stored_fields!(Part { atom, gap });
stored_fields!(Atom {
    first_words,
    bits,
    only,
    patterns,
    widest
});
stored_fields!(Hook {
    before,
    after,
    voice,
    gap_before,
    gap_after,
});
// How many there are takes a byte, where they end three.
stored_as!(
    Hooked as (u32, u32):
    |hooked| (hooked.from, hooked.to - hooked.from),
    |(from, count)| Some(Hooked { from, to: from.checked_add(count)? })
);
stored_fields!(Chain {
    owner,
    parts,
    key,
    start,
    end
});
stored_fields!(Owner { detector, phrase });
stored_fields!(Voice { fields, lang });
stored_fields!(Node { more, pattern, first });
stored_fields!(Edge { word, to });
stored_fields!(Trie { roots, nodes, edges });
stored_fields!(Matcher {
    vocabulary,
    trie,
    patterns,
    atoms,
    atom_patterns,
    hooked_at,
    hooked,
    hooks,
    chains,
    parts,
    owners,
    voices,
});
