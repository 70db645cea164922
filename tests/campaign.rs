//! Campaigns: what is found, what must never be, and what happens under pressure.

#[path = "../examples/campaign_curve/generator.rs"]
mod generator;

use std::collections::{BTreeMap, BTreeSet};

use generator::{DIFFERENT, Made, Random, Truth, copy, genuine, short_stream, stock, stream, templates};
use huckster::campaign::{CampaignIndex, EntryRef, ExactTemplates, Limits, Observation, Seed, Seen, Sketch, Sketcher};
use huckster::{CampaignFacts, Timestamp};

const SEED: Seed = Seed::new(7);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// Sends texts through an index, a second apart, each from a sender of its own.
fn observe(index: &CampaignIndex, sketches: &[Option<Sketch>], from: usize) -> Vec<Option<Observation>> {
    let seen = |i: usize| Seen::new(i as u64, at(i as i64)).sender(i as u64);
    let all = sketches.iter().enumerate();
    all.map(|(i, sketch)| sketch.as_ref().map(|s| index.observe(seen(from + i), s)))
        .collect()
}

fn sketches(messages: &[Made]) -> Vec<Option<Sketch>> {
    let sketcher = Sketcher::new(SEED);
    messages.iter().map(|m| sketcher.text(&m.text)).collect()
}

fn cluster_of(index: &CampaignIndex, entry: EntryRef) -> Option<u64> {
    index.cluster(entry).map(|c| c.number)
}

/// Pairs of copies that are in one cluster, of all pairs of copies; and of all pairs in one cluster those of one template.
fn recall_and_precision(index: &CampaignIndex, messages: &[Made], seen: &[Option<Observation>]) -> (f64, f64) {
    let mut clusters: BTreeMap<u64, BTreeMap<Option<usize>, u64>> = BTreeMap::new();
    let mut sizes: BTreeMap<usize, u64> = BTreeMap::new();
    for (message, seen) in messages.iter().zip(seen) {
        let template = match message.truth {
            Truth::Campaign(template) => {
                *sizes.entry(template).or_default() += 1;
                Some(template)
            }
            Truth::Genuine | Truth::Stock => None,
        };
        if let Some(cluster) = seen.and_then(|s| cluster_of(index, s.entry)) {
            *clusters.entry(cluster).or_default().entry(template).or_default() += 1;
        }
    }
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let right: u64 = clusters
        .values()
        .flatten()
        .filter(|(template, _)| template.is_some())
        .map(|(_, n)| pairs(*n))
        .sum();
    let together: u64 = clusters.values().map(|members| pairs(members.values().sum())).sum();
    let all: u64 = sizes.values().map(|n| pairs(*n)).sum();
    (right as f64 / all as f64, right as f64 / together as f64)
}

#[test]
fn copies_are_found_when_their_words_change_and_nobody_else_is() {
    let sizes: Vec<usize> = (0..DIFFERENT).map(|i| 5 + i * 2).collect();
    // The goals of the project, at 10 % and 20 % of changed words. The full curve: examples/campaign_curve.
    for (changed, least) in [(0, 0.999), (100, 0.95), (200, 0.85)] {
        let messages = stream(&sizes, changed, 3000, 300, 99 + changed as u64);
        let (recall, precision) = nobody_else_is_found(&messages);
        assert!(recall >= least, "{changed}: recall {recall}");
        assert!(precision >= 0.99, "{changed}: precision {precision}");
    }
}

/// Recall and precision of a stream, in which no genuine note and no stock text is in the company of a campaign.
fn nobody_else_is_found(messages: &[Made]) -> (f64, f64) {
    let index = CampaignIndex::new(SEED, Limits::default().entries(messages.len()));
    let seen = observe(&index, &sketches(messages), 0);
    let campaigns: BTreeSet<u64> = messages
        .iter()
        .zip(&seen)
        .filter(|(m, _)| matches!(m.truth, Truth::Campaign(_)))
        .filter_map(|(_, s)| cluster_of(&index, (*s)?.entry))
        .collect();
    for (message, seen) in messages.iter().zip(&seen) {
        let cluster = seen.and_then(|s| cluster_of(&index, s.entry));
        if !matches!(message.truth, Truth::Campaign(_)) {
            assert!(!cluster.is_some_and(|c| campaigns.contains(&c)), "{}", message.text);
        }
        if message.truth == Truth::Stock {
            assert!(seen.is_none(), "{}", message.text);
        }
    }
    recall_and_precision(&index, messages, &seen)
}

#[test]
fn copies_of_short_templates_are_found_among_notes_of_the_same_courtesies() {
    let sizes = [5, 9, 14, 20, 33];
    // Slots are 15 % of the words of these templates. The goals are 0.95 at 10 % of the words and 0.85 at 20 %.
    for (changed, least) in [(0, 0.95), (50, 0.85)] {
        let messages = short_stream(&sizes, changed, 3000, 300, 7 + changed as u64);
        let (recall, _) = nobody_else_is_found(&messages);
        assert!(recall >= least, "{changed}: recall {recall}");
    }
}

#[test]
fn a_template_of_common_words_is_known_by_their_order() {
    let sketcher = Sketcher::new(SEED);
    let of = |text: &str| sketcher.text(text).unwrap();
    let index = |a: &str, b: &str| {
        let index = CampaignIndex::new(SEED, Limits::default());
        index.observe(Seen::new(0, at(0)), &of(a));
        index.observe(Seen::new(1, at(1)), &of(b)).facts.copies
    };
    let template = |name: &str, topic: &str| {
        format!(
            "Hi {name}, we are both in the group for {topic}. What made you join, and what do you do with it at work now?"
        )
    };
    assert_eq!(
        index(&template("Ana", "wooden boats"), &template("Tom", "bees")),
        Some(2)
    );
    // The same courtesies, and a sentence of their own.
    assert_eq!(
        index(
            "Hi Ana, it was a pleasure meeting you on the ferry. The kiln arrived broken, so my bread has to wait. Would be \
             great to stay in touch.",
            "Hi Tom, it was a pleasure meeting you on the ferry. Your aunt knows the choir that sang there. Would be great \
             to stay in touch.",
        ),
        Some(1)
    );
    // Too short to tell a copy from chance.
    assert!(
        sketcher
            .text("Hi Ana, great to meet you on the ferry. Let us stay in touch!")
            .is_none()
    );
}

#[test]
fn stock_texts_have_no_sketch_in_any_writing() {
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(1);
    for _ in 0..500 {
        let text = stock(&mut random);
        assert!(sketcher.text(&text).is_none(), "{text}");
    }
    for text in [
        "",
        "Hi",
        "👍",
        "HI ANA, I WOULD LIKE TO ADD YOU TO MY PROFESSIONAL NETWORK ON LINKEDIN!",
        "I’d like to add you to my professional network on LinkedIn. — Omar Haddad",
        "Congrats on your work anniversary! Hope you're doing well.",
        "Thanks for connecting! I hope this message finds you well. Great to connect.",
    ] {
        assert!(sketcher.text(text).is_none(), "{text}");
    }
    // With something of one's own it is a text like any other.
    let own = "I'd like to add you to my professional network on LinkedIn. We fill night shifts for regional clinics and \
               cut agency spend by a third.";
    assert!(sketcher.text(own).is_some());
}

#[test]
fn names_companies_numbers_links_and_greetings_do_not_matter() {
    let sketcher = Sketcher::new(SEED);
    let of = |text: &str| sketcher.text(text).unwrap();
    let a = of(
        "Hi Ana,\nour rota board helped Northgate fill 40 night shifts without agency nurses. See https://a.example/x\nBest, Tom",
    );
    let b = of(
        "Good morning Wen - our rota board helped Calder Rail fill 7 night shifts without agency nurses! See https://b.example/y",
    );
    assert_eq!((a.similarity(&b), a.skeleton() == b.skeleton()), (1000, true));
    assert_eq!(a.similarity(&a), 1000);
    let c = of("The choir leader lent us her kiln before the summer fair, and our bread oven has not worked since.");
    assert_eq!(a.similarity(&c), 0);
}

#[test]
fn similarity_is_jaccards_index_of_the_sets() {
    // The slow way, from sketches of texts that are small enough to be whole.
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(3);
    let all = templates(4, &mut random);
    let texts: Vec<String> = (0..40).map(|i| copy(&all[i % 4], 150, &mut random)).collect();
    let made: Vec<Sketch> = texts.iter().filter_map(|t| sketcher.text(t)).collect();
    for a in &made {
        for b in &made {
            assert_eq!(a.similarity(b), b.similarity(a));
            assert!(a.similarity(b) <= 1000);
        }
    }
    // One word of a long text: the estimate is near the truth.
    let words =
        |n: usize, from: usize| -> String { (from..from + n).map(|i| format!("word{} ", alphabetic(i))).collect() };
    let (a, b) = (
        sketcher.text(&words(500, 0)).unwrap(),
        sketcher.text(&words(500, 250)).unwrap(),
    );
    // Of 500 words and 499 pairs each, half are shared: one third of the union. Four standard errors of 66 are 0.23.
    assert!(a.similarity(&b).abs_diff(333) < 230, "{}", a.similarity(&b));
}

fn alphabetic(mut n: usize) -> String {
    let mut out = String::new();
    loop {
        out.push(char::from(b'a' + (n % 26) as u8));
        n /= 26;
        if n == 0 {
            return out;
        }
    }
}

#[test]
fn facts_come_from_what_was_seen_before() {
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(5);
    let template = &templates(1, &mut random)[0];
    let index = CampaignIndex::new(SEED, Limits::default());
    let mut first = None;
    for i in 0..20u32 {
        let sketch = sketcher.text(&copy(template, 0, &mut random)).unwrap();
        let asked = index.lookup(&sketch, at(i.into()));
        let seen = index.observe(
            Seen::new(i.into(), at(i64::from(i) * 86_400)).sender(u64::from(i % 4)),
            &sketch,
        );
        first.get_or_insert(seen.entry);
        assert_eq!(asked.and_then(|f| f.copies), (i > 0).then_some(i));
        assert_eq!(seen.facts.copies, Some(i + 1));
        assert_eq!(seen.facts.distinct_senders, Some((i + 1).min(4)));
        assert_eq!(seen.facts.first_seen, Some(at(0)));
        assert_eq!(
            seen.facts.timed_sends.is_some(),
            i >= 4,
            "nothing is said of a rhythm below five"
        );
    }
    // The second look.
    let facts = index.facts(first.unwrap()).unwrap();
    assert_eq!((facts.copies, facts.regular_gaps), (Some(20), Some(1000)));
    let cluster = index.cluster(first.unwrap()).unwrap();
    assert_eq!(
        (cluster.copies, cluster.senders, cluster.last_seen),
        (20, 4, at(19 * 86_400))
    );
    assert_eq!(index.clusters(), [cluster]);
}

#[test]
fn what_is_old_counts_as_never_seen() {
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(5);
    let template = &templates(1, &mut random)[0];
    let index = CampaignIndex::new(SEED, Limits::default().max_age_s(1000));
    let mut copies = |seconds: i64| {
        let sketch = sketcher.text(&copy(template, 0, &mut random)).unwrap();
        index.observe(Seen::new(0, at(seconds)), &sketch).facts.copies
    };
    assert_eq!((copies(0), copies(900), copies(1800)), (Some(1), Some(2), Some(3)));
    assert_eq!(copies(2801), Some(1));
    assert_eq!(copies(2900), Some(2));
}

#[test]
fn the_same_order_gives_the_same_answers_also_after_a_restart() {
    let sizes: Vec<usize> = (0..20).map(|i| 3 + i).collect();
    let messages = stream(&sizes, 100, 1500, 100, 4);
    let sketches = sketches(&messages);
    // Small enough that entries are given up all the time.
    let limits = Limits::default().entries(300);
    let whole = CampaignIndex::new(SEED, limits);
    let answers = observe(&whole, &sketches, 0);
    assert_eq!(answers, observe(&CampaignIndex::new(SEED, limits), &sketches, 0));
    for half in [0, 1, sketches.len() / 2, sketches.len()] {
        let index = CampaignIndex::new(SEED, limits);
        observe(&index, &sketches[..half], 0);
        let mut file = Vec::new();
        index.write_to(&mut file).unwrap();
        let index = CampaignIndex::read_from(file.as_slice(), 300).unwrap();
        assert_eq!(observe(&index, &sketches[half..], half), answers[half..]);
        assert_eq!(index.stats(), whole.stats());
        assert_eq!(index.clusters(), whole.clusters());
    }
}

#[test]
fn a_damaged_snapshot_is_refused() {
    let messages = stream(&[4, 9], 50, 60, 0, 8);
    let index = CampaignIndex::new(SEED, Limits::default().entries(64));
    observe(&index, &sketches(&messages), 0);
    let mut file = Vec::new();
    index.write_to(&mut file).unwrap();
    assert!(CampaignIndex::read_from(file.as_slice(), 64).is_ok());
    let refused = |bytes: &[u8]| CampaignIndex::read_from(bytes, 64).unwrap_err().to_string();
    for (i, flip) in (0..file.len()).flat_map(|i| [(i, 1), (i, 0x80)]) {
        let mut damaged = file.clone();
        damaged[i] ^= flip;
        refused(&damaged);
    }
    for length in 0..file.len() {
        assert_eq!(refused(&file[..length]), "the snapshot is damaged: it ends too early");
    }
    assert_eq!(
        refused(b"PK\x03\x04 is no index"),
        "this is no snapshot of a campaign index"
    );
    file[7] = 9;
    assert_eq!(refused(&file), "the snapshot has format 9, this version reads format 2");
    file[7] = 1;
    assert_eq!(refused(&file), "the snapshot has format 1, this version reads format 2");
    file[7] = 2;
    assert_eq!(
        CampaignIndex::read_from(file.as_slice(), 63).unwrap_err().to_string(),
        "the snapshot holds up to 64 entries, more than the 63 allowed"
    );
}

#[test]
fn shards_that_are_merged_know_what_one_index_would() {
    let sizes: Vec<usize> = (0..DIFFERENT).map(|i| 4 + i).collect();
    let messages = stream(&sizes, 50, 500, 0, 21);
    let sketches = sketches(&messages);
    let one = CampaignIndex::new(SEED, Limits::default().entries(5000));
    observe(&one, &sketches, 0);
    let shards = [0, 1, 2].map(|shard| {
        let index = CampaignIndex::new(SEED, Limits::default().entries(5000));
        for (i, sketch) in sketches.iter().enumerate().filter(|(i, _)| i % 3 == shard) {
            observe(&index, &[*sketch], i);
        }
        index
    });
    let merged = CampaignIndex::new(SEED, Limits::default().entries(5000));
    for shard in &shards {
        merged.merge(shard).unwrap();
    }
    let copies = |index: &CampaignIndex| -> Vec<(u32, i64)> {
        let all = index.clusters().into_iter();
        all.filter(|c| c.copies > 3)
            .map(|c| (c.copies, c.first_seen.seconds()))
            .collect()
    };
    let (merged_copies, one_copies) = (copies(&merged), copies(&one));
    // At five percent the clusters are the templates, whatever the order of their messages.
    assert_eq!(merged_copies.len(), one_copies.len());
    let sum = |all: &[(u32, i64)]| all.iter().map(|c| c.0).sum::<u32>();
    assert_eq!(sum(&merged_copies), sum(&one_copies));
    assert_eq!(merged.stats().observed, one.stats().observed);
    // Senders were all different, and are estimated beyond 48.
    for cluster in merged.clusters() {
        if cluster.copies <= 48 {
            assert_eq!(cluster.senders, cluster.copies);
        }
    }
    let other = CampaignIndex::new(Seed::new(8), Limits::default());
    assert!(merged.merge(&other).is_err());
}

#[test]
fn a_living_cluster_is_never_split_in_silence() {
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(11);
    for (limit, between) in [(64, 40), (64, 500), (256, 1000), (1000, 4000)] {
        let campaigns = templates(8, &mut random);
        let index = CampaignIndex::new(SEED, Limits::default().entries(limit));
        let (mut counted, mut forgotten) = ([0u32; 8], 0);
        for round in 0..6 {
            for (template, counted) in campaigns.iter().zip(&mut counted) {
                // Two at a time, so that there is a cluster and not a single message.
                for _ in 0..2 {
                    let sketch = sketcher.text(&copy(template, 0, &mut random)).unwrap();
                    let seen = index.observe(Seen::new(0, at(round)), &sketch);
                    forgotten += seen.forgotten;
                    *counted += 1;
                    let copies = seen.facts.copies.unwrap();
                    if copies != *counted {
                        assert!(forgotten > 0, "{limit}, {between}: {copies} of {counted}");
                        *counted = copies;
                    }
                }
            }
            for _ in 0..between {
                if let Some(sketch) = sketcher.text(&genuine(&mut random)) {
                    forgotten += index.observe(Seen::new(1, at(round)), &sketch).forgotten;
                }
            }
        }
        assert_eq!(u64::from(forgotten), index.stats().forgotten);
        assert!(index.stats().evicted > 0);
        // Eight clusters are few where there is room for thirty-two: nothing had to be forgotten.
        assert!(forgotten == 0 || limit < 256, "{limit}: {forgotten}");
    }
}

#[test]
fn more_living_clusters_than_there_is_room_for_are_forgotten_aloud() {
    // Every text twice, in different words each time: after 64 entries there is room for eight clusters.
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(13);
    let index = CampaignIndex::new(SEED, Limits::default().entries(64));
    let mut forgotten = 0;
    for i in 0..200 {
        let Some(sketch) = sketcher.text(&genuine(&mut random)) else {
            continue;
        };
        for _ in 0..2 {
            forgotten += index.observe(Seen::new(i, at(i as i64)), &sketch).forgotten;
        }
    }
    let stats = index.stats();
    assert!(forgotten > 100, "{forgotten}");
    assert_eq!(stats.forgotten, u64::from(forgotten));
    assert!(stats.clusters <= 8 && stats.entries <= 64, "{stats:?}");
}

#[test]
fn hostile_streams_stay_within_the_bounds() {
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(17);
    let limit = 2000;
    let most = 400 * limit as u64 + 300_000;
    // All identical.
    let index = CampaignIndex::new(SEED, Limits::default().entries(limit));
    let same = sketcher.text(&genuine(&mut random)).unwrap();
    for i in 0..20_000 {
        assert_eq!(
            index.observe(Seen::new(i, at(0)).sender(i), &same).facts.copies,
            Some(i as u32 + 1)
        );
    }
    assert_eq!((index.stats().entries, index.stats().clusters), (1, 1));
    // All different.
    for i in 0..20_000 {
        if let Some(sketch) = sketcher.text(&genuine(&mut random)) {
            index.observe(Seen::new(i, at(1)).sender(i), &sketch);
        }
    }
    assert!(
        index.stats().entries <= limit as u64 && index.stats().bytes <= most,
        "{:?}",
        index.stats()
    );
    // Whoever knows the source and even the seed: texts that share most of their terms with each other and half with the
    // campaign, so that they crowd its lines. It is still found.
    let template = &templates(1, &mut random)[0];
    let victim = copy(template, 0, &mut random);
    let half: Vec<&str> = victim.split_whitespace().collect();
    let half = half[..half.len() / 2].join(" ");
    for _ in 0..3 {
        index.observe(Seen::new(0, at(2)), &sketcher.text(&victim).unwrap());
    }
    for i in 0..20_000 {
        let text = format!("{half} {}", genuine(&mut random));
        if let Some(sketch) = sketcher.text(&text) {
            index.observe(Seen::new(i, at(3)).sender(i), &sketch);
        }
    }
    assert!(index.lookup(&sketcher.text(&victim).unwrap(), at(4)).unwrap().copies >= Some(3));
    assert!(index.stats().bytes <= most);
    // Times and senders at the ends of their ranges.
    for time in [i64::MIN, i64::MAX, 0] {
        index.observe(Seen::new(u64::MAX, at(time)).sender(u64::MAX), &same);
    }
}

#[test]
fn the_memory_at_the_limit_is_at_most_400_bytes_an_entry() {
    // Large enough that what does not grow with the entries does not count.
    let limit = 100_000;
    let index = CampaignIndex::new(SEED, Limits::default().entries(limit));
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(19);
    while index.stats().evicted == 0 {
        for _ in 0..1000 {
            if let Some(sketch) = sketcher.text(&genuine(&mut random)) {
                index.observe(Seen::new(0, at(0)).sender(random.next()), &sketch);
            }
        }
    }
    let stats = index.stats();
    assert_eq!(stats.entries, limit as u64);
    assert!(
        stats.bytes <= 400 * limit as u64,
        "{}",
        stats.bytes as f64 / limit as f64
    );
}

#[test]
fn many_threads_lose_nothing() {
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(23);
    let campaigns = templates(8, &mut random);
    let index = CampaignIndex::new(SEED, Limits::default());
    let texts: Vec<Vec<Sketch>> = (0..4)
        .map(|_| {
            (0..400)
                .filter_map(|i| sketcher.text(&copy(&campaigns[i % 8], 0, &mut random)))
                .collect()
        })
        .collect();
    std::thread::scope(|scope| {
        for texts in &texts {
            scope.spawn(|| {
                for (i, sketch) in texts.iter().enumerate() {
                    index.observe(Seen::new(i as u64, at(i as i64)), sketch);
                    assert!(index.lookup(sketch, at(i as i64)).is_some());
                }
            });
        }
    });
    let clusters = index.clusters();
    assert_eq!(clusters.iter().map(|c| c.copies).sum::<u32>(), 1600);
    assert_eq!(clusters.len(), 8, "{clusters:?}");
}

#[test]
fn of_threads_with_the_same_new_text_one_opens_the_cluster() {
    // Every text is seen by all threads at about the same time, and nobody sees it again: whoever misses the others is
    // never put right. No text is like another, so the order does not matter.
    let sketcher = Sketcher::new(SEED);
    let mut random = Random(29);
    let alone = CampaignIndex::new(SEED, Limits::default().entries(60_000));
    let texts: Vec<Sketch> = (0..3000)
        .filter_map(|_| sketcher.text(&genuine(&mut random)))
        .filter(|text| alone.observe(Seen::new(0, at(0)), text).facts.copies == Some(1))
        .collect();
    assert!(texts.len() > 1000, "{}", texts.len());
    let index = CampaignIndex::new(SEED, Limits::default().entries(60_000));
    let ready = std::sync::Barrier::new(4);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (index, texts, ready) = (&index, &texts, &ready);
            scope.spawn(move || {
                for (i, text) in texts.iter().enumerate() {
                    if i % 16 == 0 {
                        ready.wait();
                    }
                    index.observe(Seen::new(i as u64, at(0)).sender(thread), text);
                }
            });
        }
    });
    let clusters = index.clusters();
    assert_eq!(clusters.len(), texts.len());
    assert!(clusters.iter().all(|c| (c.copies, c.senders) == (4, 4)));
    // An index is written whole while others write to it.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for text in &texts {
                index.observe(Seen::new(0, at(1)), text);
            }
        });
        for _ in 0..3 {
            let mut file = Vec::new();
            index.write_to(&mut file).unwrap();
            let read = CampaignIndex::read_from(file.as_slice(), 60_000).unwrap();
            for text in &texts {
                assert!(read.lookup(text, at(1)).is_some());
            }
        }
    });
}

#[test]
fn exact_templates_forget_the_oldest() {
    let sketcher = Sketcher::new(SEED);
    let mut templates = ExactTemplates::new(2);
    let text = |what: &str| {
        format!("Our {what} board fills night shifts for regional clinics without any agency nurses at all.")
    };
    let mut observe = |what: &str| -> CampaignFacts {
        templates.observe(Seen::new(0, at(0)).sender(1), &sketcher.text(&text(what)).unwrap())
    };
    assert_eq!(observe("rota").copies, Some(1));
    assert_eq!(observe("rota").copies, Some(2));
    assert_eq!(observe("print").copies, Some(1));
    assert_eq!(observe("glass").copies, Some(1));
    assert_eq!(observe("rota").copies, Some(1));
    assert_eq!(observe("glass").copies, Some(2));
}
