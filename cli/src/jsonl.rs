//! One verdict a line for one message a line: streaming, in order, on several threads.
//!
//! A reader cuts the input into blocks of whole lines, workers judge blocks, and the writer puts them back in order.
//! There is a fixed number of blocks, handed round in a ring, so memory does not grow with the input: the reader waits
//! until the writer has given one back.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use huckster::Scratch;

use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::input::{Reading, is_blank, without_mark};
use crate::preferences::Judging;
use crate::render::count;

/// How much is read at once; the lines of one read make a block.
const READ: usize = 32 * 1024;

/// Blocks per worker that are under way: one being judged, the others being read or waiting their turn.
const BLOCKS: usize = 4;

/// Some lines, and what became of them.
#[derive(Debug, Default)]
struct Block {
    /// Its place among the blocks.
    index: u64,
    /// The number of its first line.
    line: u64,
    input: Vec<u8>,
    output: Vec<u8>,
    judged: u64,
    bad: u64,
    /// Why nothing comes after it.
    failure: Option<Failure>,
}

/// Judges the lines of `path`, or of standard input if that is `-`.
pub(crate) fn run(
    path: &Path,
    threads: Option<NonZeroUsize>,
    judging: &Judging,
    reading: &Reading,
    console: &Console,
) -> Result<Outcome, Failure> {
    let name = if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        format!("`{}`", path.display())
    };
    let input: Box<dyn Read + Send> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|e| Failure::unreadable(&name, &e))?)
    };
    let threads = threads
        .or_else(|| thread::available_parallelism().ok())
        .map_or(1, NonZeroUsize::get);
    let mut out = io::stdout().lock();
    let tally = stream(input, &name, threads, judging, reading, &mut out)?;
    if tally.bad > 0 {
        console.error(&format!(
            "{} of {} could not be judged",
            tally.bad,
            lines(tally.bad + tally.judged)
        ));
    }
    Ok(Outcome::bad_if(tally.bad > 0))
}

fn lines(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), "line")
}

/// Lines that were judged, and lines that could not be.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    judged: u64,
    bad: u64,
}

fn stream(
    input: Box<dyn Read + Send>,
    name: &str,
    threads: usize,
    judging: &Judging,
    reading: &Reading,
    out: &mut impl Write,
) -> Result<Tally, Failure> {
    let ring = threads.saturating_mul(BLOCKS).max(BLOCKS);
    let (give, free) = sync_channel::<Block>(ring);
    let (send_job, jobs) = sync_channel::<Block>(ring);
    let (send_done, done) = sync_channel::<Block>(ring);
    for _ in 0..ring {
        // There is room for every block, so nothing waits here, nor can it fail.
        let _ = give.send(Block::default());
    }
    // None of these threads is joined. They end when the input does; but when the output is closed first, the reader
    // may be waiting for a line that never comes, and the workers for the reader.
    let name = name.to_owned();
    thread::spawn(move || read(input, &name, &free, &send_job));
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..threads {
        let (jobs, send_done) = (Arc::clone(&jobs), send_done.clone());
        let (judging, reading) = (judging.clone(), reading.clone());
        thread::spawn(move || work(&jobs, &send_done, &judging, &reading));
    }
    drop(send_done);
    write(done, &give, out)
}

/// Cuts the input into blocks.
fn read(input: Box<dyn Read + Send>, name: &str, free: &Receiver<Block>, jobs: &SyncSender<Block>) {
    let mut input = BufReader::with_capacity(READ, input);
    let mut line = 1;
    for index in 0.. {
        let Ok(mut block) = free.recv() else { return };
        block.input.clear();
        // One huge line must not make its block huge for good.
        block.input.shrink_to(8 * READ);
        (block.index, block.line) = (index, line);
        let mut more = true;
        // A block ends where the next line would have to be waited for, so that a slow stream is answered at once.
        while more {
            match input.read_until(b'\n', &mut block.input) {
                Ok(0) => break,
                Ok(_) => line += 1,
                Err(error) => {
                    block.failure = Some(Failure::unreadable(name, &error));
                    break;
                }
            }
            more = input.buffer().contains(&b'\n');
        }
        let last = more || block.failure.is_some();
        if jobs.send(block).is_err() || last {
            return;
        }
    }
}

/// Judges blocks until there are no more.
fn work(jobs: &Mutex<Receiver<Block>>, done: &SyncSender<Block>, judging: &Judging, reading: &Reading) {
    let mut scratch = judging.scorer().scratch();
    loop {
        // Whoever holds the lock waits for the next block, the others wait for the lock.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut block) = next else { return };
        // Without its block the writer would wait for ever, so a defect is passed on as a failure.
        if catch_unwind(AssertUnwindSafe(|| judge(&mut block, &mut scratch, judging, reading))).is_err() {
            scratch = judging.scorer().scratch();
            let message = format!(
                "internal error in the block of lines that begins at line {}",
                block.line
            );
            block.failure = Some(Failure::Message(message));
        }
        if done.send(block).is_err() {
            return;
        }
    }
}

/// Judges the lines of a block.
fn judge(block: &mut Block, scratch: &mut Scratch, judging: &Judging, reading: &Reading) {
    let Block {
        line: first,
        input,
        output,
        judged,
        bad,
        ..
    } = block;
    output.clear();
    (*judged, *bad) = (0, 0);
    for (line, text) in (*first..).zip(input.split_inclusive(|b| *b == b'\n')) {
        let text = if line == 1 { without_mark(text) } else { text };
        if is_blank(text) {
            continue;
        }
        let text = text.trim_ascii_end();
        let written = match reading.line(text) {
            Ok(message) => {
                *judged += 1;
                judging.write(scratch, &message, output)
            }
            Err(error) => {
                *bad += 1;
                output.extend_from_slice(format!("{{\"line\":{line},\"error\":").as_bytes());
                let written = serde_json::to_writer(&mut *output, &error);
                output.push(b'}');
                written
            }
        };
        // Writing to memory cannot fail, and verdicts have no keys that JSON lacks.
        debug_assert!(written.is_ok());
        output.push(b'\n');
    }
}

/// Writes the blocks in their order and gives them back.
fn write(done: Receiver<Block>, give: &SyncSender<Block>, out: &mut impl Write) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let mut waiting: BTreeMap<u64, Block> = BTreeMap::new();
    let mut next = 0;
    for block in done {
        waiting.insert(block.index, block);
        while let Some(mut block) = waiting.remove(&next) {
            out.write_all(&block.output)?;
            out.flush()?;
            tally.judged += block.judged;
            tally.bad += block.bad;
            if let Some(failure) = block.failure.take() {
                return Err(failure);
            }
            next += 1;
            // The reader may be through already.
            let _ = give.send(block);
        }
    }
    Ok(tally)
}
