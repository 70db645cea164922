//! What stands near a place, in one look.

use crate::phrase::MAX_GAP;

/// A mask for each place of a text, and for places in a row their masks laid over each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Windows {
    /// Level `k` has for each place the masks of `1 << k` places from there on: two of a level, one behind the other, are
    /// what any number of places up to twice as many has. Before the first and behind the last are [`MARGIN`] empty places.
    levels: [Vec<u64>; LEVELS],
}

/// The widest window.
const WIDEST: usize = MAX_GAP as usize + 1;

/// So many places may be asked for beyond both ends.
const MARGIN: usize = WIDEST;

/// The highest level is the longest power of two in the widest window.
const LEVELS: usize = WIDEST.ilog2() as usize + 1;

impl Windows {
    /// Takes the masks of another text.
    pub(super) fn fill(&mut self, masks: impl ExactSizeIterator<Item = u64>) {
        let len = masks.len();
        let lowest = &mut self.levels[0];
        lowest.clear();
        lowest.extend([0; MARGIN]);
        lowest.extend(masks);
        lowest.resize(len + 2 * MARGIN, 0);
        for k in 1..LEVELS {
            let (below, above) = self.levels.split_at_mut(k);
            if let (Some(from), Some(to)) = (below.last(), above.first_mut()) {
                let further = from.get(1 << (k - 1)..).unwrap_or_default();
                to.clear();
                to.extend(from.iter().zip(further).map(|(mask, behind)| mask | behind));
            }
        }
    }

    /// The masks of some places, one by one.
    pub(super) fn of(&self, places: std::ops::Range<usize>) -> &[u64] {
        &self.levels[0][MARGIN + places.start..MARGIN + places.end]
    }

    /// The mask of a place and of `more` places behind it.
    pub(super) fn after(&self, place: u32, more: u8) -> u64 {
        self.over(MARGIN + place as usize, more)
    }

    /// The mask of the place before a place, and of `more` places before that.
    pub(super) fn before(&self, place: u32, more: u8) -> u64 {
        self.over(MARGIN + place as usize - 1 - usize::from(more), more)
    }

    fn over(&self, first: usize, more: u8) -> u64 {
        if more == 0 {
            return self.levels[0][first];
        }
        let width = usize::from(more) + 1;
        let k = width.ilog2() as usize;
        let level = &self.levels[k];
        level[first] | level[first + width - (1 << k)]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn windows_hold_what_their_places_hold(masks in prop::collection::vec(any::<u64>(), 1..40)) {
            let mut windows = Windows::default();
            // Twice, so that leftovers would show.
            windows.fill([u64::MAX; 50].into_iter());
            windows.fill(masks.iter().copied());
            let over = |places: &[u64]| places.iter().fold(0, |all, mask| all | mask);
            for place in 0..=masks.len() {
                for more in 0..=MAX_GAP {
                    let first = place.saturating_sub(usize::from(more) + 1);
                    let last = (place + usize::from(more) + 1).min(masks.len());
                    prop_assert_eq!(windows.after(place as u32, more), over(&masks[place..last]));
                    prop_assert_eq!(windows.before(place as u32, more), over(&masks[first..place]));
                }
            }
            prop_assert_eq!(windows.of(0..masks.len()), &masks[..]);
        }
    }
}
