//! Work on all cores, with the same result for any number of them.

use std::num::NonZeroUsize;
use std::thread;

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
        running.into_iter().filter_map(|handle| handle.join().ok()).collect()
    })
}
