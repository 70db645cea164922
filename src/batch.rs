//! Many messages at once.

use std::borrow::Borrow;
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use crate::message::Message;
use crate::scorer::{Assessment, Scorer, Scratch};

/// Messages that a thread judges before it hands over what came of them.
const BLOCK: usize = 64;

/// Blocks of results that may wait for each thread while it judges another.
const WAITING: usize = 2;

impl Scorer {
    /// Judges messages one after the other in one working space, and gives each assessment to `each`, with the place of its
    /// message among them.
    ///
    /// It takes a slice, or anything that gives messages, owned or borrowed; of those that are given one by one, only one is
    /// held at a time. Nothing is allocated for a message once the space has warmed up. A recipient of many messages is
    /// best [prepared](Self::prepare_recipient) once.
    ///
    /// ```
    /// use huckster::{Decision, Message, Profile, Scorer};
    ///
    /// let scorer = Scorer::builtin();
    /// let me = scorer.prepare_recipient(Profile::new().name("Ines Roth").headline("Head of Claims"));
    /// let inbox = [
    ///     "We help founders 10X their revenue. Worth a quick call this week?",
    ///     "Hi Ines, the minutes of Tuesday are in the folder now.",
    /// ];
    /// let messages = inbox.iter().map(|text| Message::direct(*text).recipient(&me));
    ///
    /// let mut declined = Vec::new();
    /// scorer.judge_batch(&mut scorer.scratch(), messages, |place, assessment| {
    ///     if assessment.decision() == Decision::Decline {
    ///         declined.push(place);
    ///     }
    /// });
    /// assert_eq!(declined, [0]);
    /// ```
    pub fn judge_batch<'m, M: Borrow<Message<'m>>>(
        &self,
        scratch: &mut Scratch,
        messages: impl IntoIterator<Item = M>,
        mut each: impl FnMut(usize, &Assessment<'_>),
    ) {
        for (place, message) in messages.into_iter().enumerate() {
            each(place, &self.judge_with(scratch, message.borrow()));
        }
    }

    /// Judges messages on several threads. What `keep` makes of an assessment is given to `each` in the order of the messages,
    /// on the thread of the caller, while others are still being judged.
    ///
    /// The results are the same for any number of threads. A few hundred results wait for each thread at most: those
    /// that judge stop when `each` does not keep up.
    ///
    /// ```
    /// use std::num::NonZero;
    /// use huckster::{Message, Scorer};
    ///
    /// let scorer = Scorer::builtin();
    /// let messages: Vec<Message<'_>> = (0..1000).map(|n| Message::direct(format!("Invoice {n} is attached."))).collect();
    /// let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    ///
    /// let mut scores = Vec::new();
    /// scorer.judge_batch_parallel(threads, &messages, |_, a| a.score(), |_, score| scores.push(score));
    /// assert_eq!(scores.len(), 1000);
    /// assert_eq!(scores[7], scorer.judge("Invoice 7 is attached.").score);
    /// ```
    ///
    /// # Panics
    ///
    /// If `keep`, `each` or a detector of the caller's own does.
    pub fn judge_batch_parallel<T: Send>(
        &self,
        threads: NonZeroUsize,
        messages: &[Message<'_>],
        keep: impl Fn(usize, &Assessment<'_>) -> T + Sync,
        mut each: impl FnMut(usize, T),
    ) {
        let blocks = messages.len().div_ceil(BLOCK);
        let threads = threads.get().min(blocks);
        if threads <= 1 {
            self.judge_batch(&mut self.scratch(), messages, |place, a| each(place, keep(place, a)));
            return;
        }
        thread::scope(|scope| {
            // Each thread takes every n-th block, of n threads, and has a queue of its own: the order of the blocks says
            // which queue holds the next one.
            let queues: Vec<Receiver<Vec<T>>> = (0..threads)
                .map(|first| {
                    let (send, queue) = sync_channel(WAITING);
                    let keep = &keep;
                    scope.spawn(move || {
                        let mut scratch = self.scratch();
                        for (n, block) in messages.chunks(BLOCK).enumerate().skip(first).step_by(threads) {
                            let mut kept = Vec::with_capacity(block.len());
                            self.judge_batch(&mut scratch, block, |i, a| kept.push(keep(n * BLOCK + i, a)));
                            // Nobody takes it any more: `each` or another thread panicked.
                            if send.send(kept).is_err() {
                                return;
                            }
                        }
                    });
                    queue
                })
                .collect();
            let mut place = 0;
            for queue in queues.iter().cycle().take(blocks) {
                // Its thread panicked, which the scope passes on.
                let Ok(kept) = queue.recv() else { return };
                for one in kept {
                    each(place, one);
                    place += 1;
                }
            }
        });
    }
}
