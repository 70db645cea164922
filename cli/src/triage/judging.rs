//! Work on all cores, with results in the order of the items and a bound on what is under way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::failure::Failure;

/// Items that are handed over at once.
const BATCH: usize = 32;

/// Batches for each thread that are under way.
const AHEAD: usize = 4;

/// A batch, and where its results are waited for.
type Job<T, R> = (Vec<T>, SyncSender<Vec<R>>);

/// Calls `work` on every item, with a space of its thread, and `each` on every result, in the order of the items.
pub(crate) fn in_order<T: Send, R: Send, S>(
    items: impl Iterator<Item = T> + Send,
    threads: usize,
    space: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) -> R + Sync,
    mut each: impl FnMut(R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let ahead = threads.saturating_mul(AHEAD).max(AHEAD);
    let (send_job, jobs) = sync_channel::<Job<T, R>>(ahead);
    // The results of a batch are waited for in the order of reading, so no more than these can pile up.
    let (send_order, order) = sync_channel::<Receiver<Vec<R>>>(ahead);
    let jobs = Mutex::new(jobs);
    thread::scope(|scope| {
        scope.spawn(move || read(items, &send_job, &send_order));
        for _ in 0..threads {
            scope.spawn(|| {
                let mut own = space();
                loop {
                    // Whoever holds the lock waits for the next batch, the others wait for the lock.
                    let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((batch, done)) = next else { return };
                    let results = || batch.into_iter().map(|item| work(&mut own, item)).collect();
                    // A defect is told where the results are waited for: `done` is gone without any.
                    match catch_unwind(AssertUnwindSafe(results)) {
                        Ok(results) => drop(done.send(results)),
                        Err(_) => own = space(),
                    }
                }
            });
        }
        for results in order {
            let defect = |_| Failure::Message("internal error while a message was judged".to_owned());
            for result in results.recv().map_err(defect)? {
                each(result)?;
            }
        }
        Ok(())
    })
}

/// Reads batches until there are no more items, or nobody waits for them.
fn read<T, R>(mut items: impl Iterator<Item = T>, jobs: &SyncSender<Job<T, R>>, order: &SyncSender<Receiver<Vec<R>>>) {
    loop {
        let batch: Vec<T> = items.by_ref().take(BATCH).collect();
        let last = batch.len() < BATCH;
        let (done, results) = sync_channel(1);
        if order.send(results).is_err() || jobs.send((batch, done)).is_err() || last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for (items, threads) in [(0, 1), (1, 3), (BATCH, 2), (1000, 3)] {
            let mut seen = Vec::new();
            let result = in_order(
                0..items,
                threads,
                || (),
                |(), item| item,
                |item| {
                    seen.push(item);
                    Ok(())
                },
            );
            assert!(result.is_ok() && seen == (0..items).collect::<Vec<_>>());
        }
    }

    #[test]
    fn it_ends_when_results_are_not_wanted_any_more_and_when_work_panics() {
        let stop = |_| Err(Failure::Message("enough".to_owned()));
        assert!(in_order(0.., 2, || (), |(), item| item, stop).is_err());
        let work = |(): &mut (), item: usize| assert_ne!(item, 100);
        assert!(in_order(0..1000, 2, || (), work, |()| Ok(())).is_err());
    }
}
