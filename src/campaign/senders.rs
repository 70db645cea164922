//! How many different senders: exact while they are few, estimated when they are many.

/// Hashes kept. Up to here the count is exact; beyond it the standard error is about one seventh.
pub(super) const KEPT: usize = 48;

/// The smallest hashes of a set, which estimate its size: if the k-th smallest of n values spread evenly over 0 to 1 is x,
/// then n is about (k - 1) / x (Bar-Yossef and others, *Counting Distinct Elements in a Data Stream*, 2002). The sets
/// of two clusters can be united, in any order, with the same outcome.
#[derive(Clone, Debug)]
pub(super) struct Senders {
    hashes: [u32; KEPT],
    kept: u8,
}

impl Default for Senders {
    fn default() -> Self {
        Self {
            hashes: [0; KEPT],
            kept: 0,
        }
    }
}

impl Senders {
    /// Adds the keyed hash of a sender; zero stands for an unknown one and counts for nobody.
    pub(super) fn add(&mut self, sender: u64) {
        if sender != 0 {
            self.add_hash((sender >> 32) as u32);
        }
    }

    fn add_hash(&mut self, hash: u32) {
        let kept = usize::from(self.kept);
        let Err(at) = self.hashes[..kept].binary_search(&hash) else {
            return;
        };
        if at == KEPT {
            return;
        }
        let end = (kept + 1).min(KEPT);
        self.hashes.copy_within(at..end - 1, at + 1);
        self.hashes[at] = hash;
        self.kept = end as u8;
    }

    pub(super) fn unite(&mut self, other: &Self) {
        for &hash in other.hashes() {
            self.add_hash(hash);
        }
    }

    pub(super) fn hashes(&self) -> &[u32] {
        &self.hashes[..usize::from(self.kept)]
    }

    /// From stored hashes in rising order.
    pub(super) fn from_hashes(hashes: &[u32]) -> Option<Self> {
        if hashes.len() > KEPT || !hashes.windows(2).all(|w| w[0] < w[1]) {
            return None;
        }
        let mut senders = Self::default();
        senders.hashes[..hashes.len()].copy_from_slice(hashes);
        senders.kept = hashes.len() as u8;
        Some(senders)
    }

    /// How many different senders were added.
    pub(super) fn count(&self) -> u32 {
        if usize::from(self.kept) < KEPT {
            return self.kept.into();
        }
        let largest = u64::from(self.hashes[KEPT - 1]) + 1;
        let estimate = ((KEPT as u64 - 1) << 32) / largest;
        estimate.clamp(KEPT as u64, u32::MAX.into()) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::hash::mix;

    fn of(range: std::ops::Range<u64>) -> Senders {
        let mut senders = Senders::default();
        range.for_each(|i| senders.add(mix(i)));
        senders
    }

    #[test]
    fn few_are_counted_exactly_and_unknown_ones_not_at_all() {
        for n in [0, 1, 2, 47, 48] {
            let mut senders = of(0..n);
            senders.add(0);
            senders.unite(&of(0..n));
            assert_eq!(u64::from(senders.count()), n);
        }
    }

    #[test]
    fn many_are_estimated_and_order_does_not_matter() {
        // The standard error is 1/sqrt(46), about 0.15; four of them are 0.6.
        for n in [100, 1000, 100_000] {
            let count = f64::from(of(0..n).count());
            assert!((count / n as f64 - 1.0).abs() < 0.6, "{n}: {count}");
        }
        let (mut a, mut b) = (of(0..600), of(300..1000));
        let (a0, b0) = (a.clone(), b.clone());
        a.unite(&b0);
        b.unite(&a0);
        assert_eq!(a.hashes(), b.hashes());
        assert_eq!(a.hashes(), of(0..1000).hashes());
    }
}
