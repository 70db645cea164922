//! Work on all cores, with the same result for any number of them.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

/// On how many threads something runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Threads {
    /// One per core.
    #[default]
    All,
    /// So many.
    Exactly(NonZeroUsize),
}

impl Threads {
    /// The number.
    pub(crate) fn count(self) -> usize {
        match self {
            Self::All => thread::available_parallelism().map_or(1, NonZeroUsize::get),
            Self::Exactly(n) => n.get(),
        }
    }
}

/// Runs `work` on runs of neighbours, one run per thread, and gives the results in their order. `work` is told the index
/// of its first item.
pub(crate) fn chunks<T: Sync, R: Send>(
    items: &[T],
    threads: Threads,
    work: impl Fn(usize, &[T]) -> R + Sync,
) -> Vec<R> {
    let threads = threads.count().min(items.len()).max(1);
    if threads == 1 {
        return vec![work(0, items)];
    }
    let size = items.len().div_ceil(threads);
    thread::scope(|scope| {
        let running: Vec<_> = items
            .chunks(size)
            .enumerate()
            .map(|(i, chunk)| {
                let work = &work;
                scope.spawn(move || work(i * size, chunk))
            })
            .collect();
        running.into_iter().map(joined).collect()
    })
}

/// Runs `work` on every item, each thread taking the next one that nobody has taken, and gives the results in the order
/// of the items.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], threads: Threads, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let threads = threads.count().min(items.len()).max(1);
    let mut all: Vec<(usize, R)> = thread::scope(|scope| {
        let run = || {
            let mut own = Vec::new();
            while let Some((i, item)) = {
                let i = next.fetch_add(1, Ordering::Relaxed);
                items.get(i).map(|item| (i, item))
            } {
                own.push((i, work(item)));
            }
            own
        };
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut all = run();
        all.extend(others.into_iter().flat_map(joined));
        all
    });
    all.sort_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, r)| r).collect()
}

/// What a thread gives. If it panicked, as a detector of the caller's own may, so does the caller: a part of the results is
/// no result.
fn joined<R>(handle: ScopedJoinHandle<'_, R>) -> R {
    handle.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<u32> = (0..1000).collect();
        for n in [1, 2, 7] {
            let threads = Threads::Exactly(NonZeroUsize::new(n).unwrap());
            assert_eq!(
                map(&items, threads, |i| i * 2),
                items.iter().map(|i| i * 2).collect::<Vec<_>>()
            );
            let runs = chunks(&items, threads, |first, run| (first, run.to_vec()));
            assert!(runs.iter().all(|(first, run)| run[0] as usize == *first));
            assert_eq!(runs.into_iter().flat_map(|(_, run)| run).collect::<Vec<_>>(), items);
        }
        assert!(map(&[] as &[u32], Threads::All, |i| *i).is_empty());
    }

    #[test]
    fn a_panic_in_a_thread_is_one_of_the_caller() {
        let threads = Threads::Exactly(NonZeroUsize::new(3).unwrap());
        let items: Vec<u32> = (0..300).collect();
        let check = |i: u32| assert_ne!(i, 299, "on purpose");
        assert!(std::panic::catch_unwind(|| map(&items, threads, |i| check(*i))).is_err());
        assert!(std::panic::catch_unwind(|| chunks(&items, threads, |_, run| check(run[run.len() - 1]))).is_err());
    }
}
