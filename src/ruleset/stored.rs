//! A rule set as bytes, without what only people read (examples, notes, and where things stand in files), and without the
//! word lists, which only the matcher needs while it is compiled.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::RuleSet;
use super::condition::{Comparison, Condition, Fact, Test};
use super::diagnostic::{Origin, Source};
use super::item::{ComboItem, GroupItem, GroupKind, PersonaItem, Placed, ProfileItem, RoleItem, RuleItem, Term};
use crate::coverage::Coverage;
use crate::rule::{Count, Status, Weight};
use crate::span::FieldSet;
use crate::stored::{Stored, stored_as, stored_choices, stored_fields};
use crate::text::Lang;
use crate::wording::{ModelParts, WordingModel};

/// In place of a place in a file.
static NOWHERE: LazyLock<Arc<Source>> = LazyLock::new(|| {
    Arc::new(Source {
        name: "the built-in rules".to_owned(),
        text: String::new(),
    })
});

fn nowhere() -> Origin {
    Origin {
        source: Arc::clone(&NOWHERE),
        span: 0..0,
    }
}

impl<T: Stored> Stored for Placed<T> {
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u8>) {
        self.value.put(out);
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        Some(Self {
            value: T::get(from)?,
            at: nowhere(),
        })
    }
}

stored_as!(Weight as i32: |w| w.as_milli(), |milli| Some(Self::milli(milli)));
stored_as!(Coverage as u16: |c| c.bits(), |bits| Some(Self::from_bits(bits)));
stored_as!(FieldSet as u16: |f| f.bits(), |bits| Some(Self::from_bits(bits)));
stored_choices!(Lang: Unknown, En, De, Fr, Es, Pt, It, Nl, Other);
stored_choices!(Status: Stable, Preview, Deprecated);
stored_choices!(GroupKind: Suspicion, Mitigation);
stored_choices!(Comparison: Less, AtMost, Equal, AtLeast, More);
stored_as!(Fact as String: Fact::name, |name| Fact::from_name(&name));
stored_as!(
    Count as (u32, u32):
    |count| match count {
        Count::Once => (0, 0),
        Count::Repeat { max, step } => (*max, *step),
    },
    |(max, step)| Some(if max == 0 { Self::Once } else { Self::Repeat { max, step } })
);
stored_as!(
    Test as (u8, (String, i64)):
    |test| match test {
        Test::Is(yes) => (0, (String::new(), (*yes).into())),
        Test::Text(text) => (1, (text.clone(), 0)),
        Test::Compare(comparison, limit) => (2 + *comparison as u8, (String::new(), *limit)),
    },
    |(kind, (text, number))| Some(match kind {
        0 => Self::Is(number == 1),
        1 => Self::Text(text),
        _ => Self::Compare(Comparison::get(&mut &[kind - 2][..])?, number),
    })
);
stored_as!(
    Term as (u8, (String, u16)):
    |term| match term {
        Term::Id(id) => (0, (id.clone(), 0)),
        Term::Group(group) => (1, (group.clone(), 0)),
        Term::Known(coverage) => (2, (String::new(), coverage.bits())),
    },
    |(kind, (text, bits))| match kind {
        0 => Some(Self::Id(text)),
        1 => Some(Self::Group(text)),
        2 => Some(Self::Known(Coverage::from_bits(bits))),
        _ => None,
    }
);
stored_fields!(Condition { fact, test });

/// `Stored` for a struct of which some fields are left out and read as given.
macro_rules! stored_in_part {
    ($type:ident { $($field:ident),* $(,)? } without { $($left:ident: $default:expr),* $(,)? }) => {
        impl Stored for $type {
            #[cfg(test)]
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
            }

            fn get(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Stored::get(from)?,)* $($left: $default),* })
            }
        }
    };
}

stored_in_part!(GroupItem { id, summary, kind, knee, cap, slope } without { at: nowhere() });
stored_in_part!(RoleItem { id, name, family, sells, phrases } without {
    hits: Vec::new(),
    misses: Vec::new(),
    at: nowhere(),
});
stored_in_part!(RuleItem {
    id, group, weight, hand_weight, summary, advice, phrases, when, unless, lang, fields, status, decisive, count,
    min_words, computed, enabled,
} without {
    notes: None,
    since: None,
    renamed_from: None,
    hits: Vec::new(),
    misses: Vec::new(),
    at: nowhere(),
});
stored_in_part!(ComboItem { id, group, weight, hand_weight, summary, all, any, none } without { at: nowhere() });
stored_in_part!(ProfileItem { coverage, prior, calibration } without { at: nowhere() });
stored_as!(
    PersonaItem as (String, (BTreeMap<String, u8>, u8)):
    |persona| {
        let to = persona.to.iter().map(|(role, (degree, _))| (role.clone(), *degree)).collect();
        (persona.seller.value.clone(), (to, persona.anyone))
    },
    |(seller, (to, anyone))| Some(Self {
        seller: Placed { value: seller, at: nowhere() },
        to: to.into_iter().map(|(role, degree)| (role, (degree, nowhere()))).collect(),
        anyone,
    })
);
stored_as!(
    Arc<WordingModel> as (u64, (Vec<Lang>, (i32, Vec<(String, i32)>))):
    |model| {
        let sequences = model.sequences().map(|(text, weight)| (text.to_owned(), weight)).collect();
        (model.fingerprint, (model.languages().to_vec(), (model.bias(), sequences)))
    },
    // Hashing all sequences as texts would take longer than reading them.
    |(fingerprint, (languages, (bias, sequences)))| {
        let parts = ModelParts { languages, bias, sequences, ..ModelParts::default() };
        WordingModel::with_fingerprint(parts, fingerprint).ok().map(Self::new)
    }
);
stored_in_part!(RuleSet {
    name, version, groups, roles, personas, rules, combos, profiles, model, wording,
} without {
    sources: Vec::new(),
    lists: Vec::new(),
    overrides: Vec::new(),
    changed: BTreeMap::new(),
    builtin: true,
    // As the set it was made of.
    validated: true,
});
