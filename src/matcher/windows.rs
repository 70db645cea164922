//! What stands near a place, in one look.

use std::ops::Range;

use crate::phrase::MAX_GAP;

/// A mask for each place of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Masks {
    /// Before the first and behind the last are [`WIDEST`] empty places.
    places: Vec<u64>,
}

/// The masks on both sides of something, laid over each other: of the nearest place, of the two nearest, and so on.
#[derive(Default)]
pub(super) struct Around {
    before: [u64; ROOM],
    after: [u64; ROOM],
}

/// The bit that every window has, whatever stands in it.
pub(super) const ANYTHING: u64 = 1;

/// The bit of a place at which a sentence ends: nobody steps over it. It may be the same bit, since windows have that anyway.
pub(super) const BREAK: u64 = 1;

/// The widest window.
const WIDEST: usize = MAX_GAP as usize + 1;

/// A power of two, so that the remainder of a gap is the gap and needs no check.
const ROOM: usize = WIDEST.next_power_of_two();

impl Masks {
    /// Takes the masks of another text.
    pub(super) fn fill(&mut self, masks: impl ExactSizeIterator<Item = u64>) {
        let len = masks.len();
        self.places.clear();
        self.places.extend([0; WIDEST]);
        self.places.extend(masks);
        self.places.resize(len + 2 * WIDEST, 0);
    }

    /// The masks of some places, one by one.
    pub(super) fn of(&self, places: Range<usize>) -> &[u64] {
        &self.places[WIDEST + places.start..WIDEST + places.end]
    }

    /// The mask of a place and of up to `gap` places behind it, as far as one sees: no place is behind a sentence end.
    pub(super) fn ahead(&self, place: usize, gap: u8) -> impl Iterator<Item = u64> {
        let mut seen = true;
        let masks = &self.places[WIDEST + place..=WIDEST + place + usize::from(gap)];
        masks
            .iter()
            .copied()
            .take_while(move |mask| std::mem::replace(&mut seen, mask & BREAK == 0))
    }

    /// How many of the up to `gap` places before a place can be stepped over: no sentence end is among them.
    pub(super) fn over(&self, place: usize, gap: u8) -> u32 {
        let from = place.saturating_sub(gap.into());
        let masks = self.of(from..place).iter().rev();
        masks.take_while(|mask| *mask & BREAK == 0).count() as u32
    }

    /// Looks around some places.
    pub(super) fn around(&self, places: Range<u32>, to: &mut Around) {
        let (start, end) = (places.start as usize, WIDEST + places.end as usize);
        if let (Some(before), Some(after)) = (
            self.places[..start + WIDEST].last_chunk::<WIDEST>(),
            self.places[end..].first_chunk::<WIDEST>(),
        ) {
            lay_over(before.iter().rev(), &mut to.before);
            lay_over(after.iter(), &mut to.after);
        }
    }
}

fn lay_over<'m>(masks: impl Iterator<Item = &'m u64>, to: &mut [u64; ROOM]) {
    let mut all = ANYTHING;
    for (to, mask) in to.iter_mut().zip(masks) {
        all |= mask;
        *to = all;
    }
}

impl Around {
    /// The mask of the place before, and of `more` places before that, with [`ANYTHING`].
    pub(super) fn before(&self, more: u8) -> u64 {
        self.before[usize::from(more) % ROOM]
    }

    /// The mask of the place behind, and of `more` places behind that, with [`ANYTHING`].
    pub(super) fn after(&self, more: u8) -> u64 {
        self.after[usize::from(more) % ROOM]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn windows_hold_what_their_places_hold(masks in prop::collection::vec(any::<u64>(), 1..40), width in 0..4usize) {
            let mut all = Masks::default();
            // Twice, so that leftovers would show.
            all.fill([u64::MAX; 50].into_iter());
            all.fill(masks.iter().copied());
            let mut around = Around::default();
            let over = |places: &[u64]| places.iter().fold(ANYTHING, |all, mask| all | mask);
            for start in 0..=masks.len() {
                let end = (start + width).min(masks.len());
                all.around(start as u32..end as u32, &mut around);
                for more in 0..=MAX_GAP {
                    let first = start.saturating_sub(usize::from(more) + 1);
                    let last = (end + usize::from(more) + 1).min(masks.len());
                    let (before, after) = (&masks[first..start], &masks[end..last]);
                    prop_assert_eq!(around.before(more), over(before));
                    prop_assert_eq!(around.after(more), over(after));
                    let to_break = after.split_inclusive(|mask| mask & BREAK != 0).next().unwrap_or_default();
                    prop_assert_eq!(all.ahead(end, more).take(after.len()).collect::<Vec<_>>(), to_break);
                    let stepped = before.iter().rev().take(more.into()).take_while(|m| **m & BREAK == 0);
                    prop_assert_eq!(all.over(start, more), stepped.count() as u32);
                }
                prop_assert_eq!(all.of(start..end), &masks[start..end]);
            }
        }
    }
}
