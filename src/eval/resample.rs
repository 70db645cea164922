//! How much a measure would vary with other messages of the same kind.

use std::collections::HashMap;
use std::sync::Mutex;

use serde::Serialize;

use super::proportion::six_decimals;
use crate::splitmix::SplitMix64;

/// Draws the clusters of a corpus again and again, with replacement.
///
/// A cluster is what belongs together: the messages of one template, or of one sender. They are drawn whole, since
/// copies of one pitch tell little more than the pitch alone; drawing single messages would make every interval too
/// short. B. Efron (1979), 'Bootstrap methods: another look at the jackknife'; with whole clusters: A. C. Davison and
/// D. V. Hinkley (1997), 'Bootstrap methods and their application', section 3.8.
///
/// Every resample has its own random numbers, from the seed and its index. The same clusters, seed and number of
/// resamples give the same result, on any number of threads.
///
/// ```
/// use huckster::eval::ClusterBootstrap;
///
/// // Four templates with two messages each; which of the messages were judged right.
/// let clusters = [1, 1, 2, 2, 3, 3, 4, 4];
/// let right = [true, true, true, false, true, true, false, false];
/// let bootstrap = ClusterBootstrap::new(&clusters, 7, 2_000);
/// let [accuracy] = bootstrap.intervals(2, |multiplicity| {
///     let of: u32 = multiplicity.iter().sum();
///     let hits: u32 = std::iter::zip(multiplicity, right).map(|(times, right)| times * u32::from(right)).sum();
///     [f64::from(hits) / f64::from(of)]
/// });
/// assert_eq!((accuracy.low, accuracy.high), (0.25, 1.0));
/// ```
#[derive(Clone, Debug)]
pub struct ClusterBootstrap {
    /// For every message, its cluster as a number below `clusters`.
    cluster_of: Vec<u32>,
    clusters: usize,
    seed: u64,
    resamples: usize,
}

/// The spread of one measure over the resamples.
///
/// Resamples in which the measure is not a finite number, because a kind of message is missing, are left out.
/// Serialised with six decimals; what is not a number becomes null.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end of the 95 % percentile interval; not a number if every resample was left out.
    #[serde(serialize_with = "six_decimals")]
    pub low: f64,
    /// The upper end, likewise.
    #[serde(serialize_with = "six_decimals")]
    pub high: f64,
    /// The standard deviation over the resamples; not a number if fewer than two are left.
    #[serde(serialize_with = "six_decimals")]
    pub standard_error: f64,
    /// For a measure that is a difference: the two-sided p-value of the hypothesis that there is none, 0 to 1.
    #[serde(serialize_with = "six_decimals")]
    pub p_zero: f64,
    /// How many resamples were left out.
    pub skipped: usize,
}

impl ClusterBootstrap {
    /// More resamples than this are not drawn.
    pub const MAX_RESAMPLES: usize = 1_000_000;

    /// `clusters` names the cluster of every message, by any number. 2,000 resamples are plenty for an interval; the
    /// p-value is never below 2 / (resamples + 1).
    pub fn new(clusters: &[u32], seed: u64, resamples: usize) -> Self {
        let mut numbers = HashMap::new();
        let mut number = |&cluster| {
            let next = numbers.len() as u32;
            *numbers.entry(cluster).or_insert(next)
        };
        Self {
            cluster_of: clusters.iter().map(&mut number).collect(),
            clusters: numbers.len(),
            seed,
            resamples: resamples.min(Self::MAX_RESAMPLES),
        }
    }

    /// How many different clusters there are.
    pub fn clusters(&self) -> usize {
        self.clusters
    }

    /// How many resamples [`ClusterBootstrap::intervals`] draws.
    pub fn resamples(&self) -> usize {
        self.resamples
    }

    /// Fills `multiplicity` with how often each message counts in resample `index`.
    ///
    /// As many clusters are drawn as there are; all messages of a cluster count equally often.
    pub fn draw(&self, index: usize, multiplicity: &mut Vec<u32>) {
        // Seeds that differ by one are scattered over all 64 bits, or the streams would overlap.
        let seed = SplitMix64::new(self.seed).next().wrapping_add(index as u64);
        let mut random = SplitMix64::new(SplitMix64::new(seed).next());
        // The draws of the clusters stand behind the messages for a while, so that one buffer is enough.
        let messages = self.cluster_of.len();
        multiplicity.clear();
        multiplicity.resize(messages + self.clusters, 0);
        let (times, drawn) = multiplicity.split_at_mut(messages);
        for _ in 0..self.clusters {
            drawn[random.below(self.clusters)] += 1;
        }
        for (times, &cluster) in std::iter::zip(times, &self.cluster_of) {
            *times = drawn[cluster as usize];
        }
        multiplicity.truncate(messages);
    }

    /// The intervals of `N` measures that are computed together from how often each message counts.
    ///
    /// To compare two rule sets, return the difference of their measures on the same multiplicities. `statistic` runs
    /// once per resample on up to `threads` threads; a panic in it is passed on.
    pub fn intervals<const N: usize>(
        &self,
        threads: usize,
        statistic: impl Fn(&[u32]) -> [f64; N] + Sync,
    ) -> [Interval; N] {
        let results = self.results(threads, statistic);
        std::array::from_fn(|n| Interval::of(results.iter().map(|result| result[n])))
    }

    fn results<const N: usize>(&self, threads: usize, statistic: impl Fn(&[u32]) -> [f64; N] + Sync) -> Vec<[f64; N]> {
        let mut results = vec![[f64::NAN; N]; self.resamples];
        let places = Mutex::new(results.iter_mut().enumerate());
        let work = || {
            let mut multiplicity = Vec::new();
            // The lock is free again before the statistic runs.
            let next = || places.lock().ok()?.next();
            while let Some((index, place)) = next() {
                self.draw(index, &mut multiplicity);
                *place = statistic(&multiplicity);
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.min(self.resamples) {
                // If the system has no thread to spare, those that run do all the work.
                if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                    break;
                }
            }
            work();
        });
        results
    }
}

impl Interval {
    /// Percentiles 2.5 and 97.5, with a straight line between neighbouring values: definition 7 of R. J. Hyndman and
    /// Y. Fan (1996), 'Sample quantiles in statistical packages', the default of numpy. The p-value is one more than
    /// the count of values on the rarer side of zero, zero included, over one more than all, doubled, at most 1:
    /// Davison and Hinkley (1997), chapter 4.
    fn of(results: impl Iterator<Item = f64>) -> Self {
        let mut skipped = 0;
        let mut values: Vec<f64> = results
            .filter(|value| {
                skipped += usize::from(!value.is_finite());
                value.is_finite()
            })
            .collect();
        values.sort_by(f64::total_cmp);
        let percentile = |share: f64| {
            let Some(last) = values.len().checked_sub(1) else {
                return f64::NAN;
            };
            let at = share * last as f64;
            let (below, above) = (values[at.floor() as usize], values[at.ceil() as usize]);
            below + (above - below) * at.fract()
        };
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let side = |on: fn(f64) -> bool| values.iter().filter(|&&value| on(value)).count();
        let rarer = side(|value| value <= 0.0).min(side(|value| value >= 0.0));
        Self {
            low: percentile(0.025),
            high: percentile(0.975),
            // Of fewer than two values: 0 / 0.
            standard_error: (squares / (count - 1.0).max(0.0)).sqrt(),
            p_zero: (2.0 * (1.0 + rarer as f64) / (1.0 + count)).min(1.0),
            skipped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(bootstrap: &ClusterBootstrap, index: usize) -> Vec<u32> {
        let mut multiplicity = vec![99; 3];
        bootstrap.draw(index, &mut multiplicity);
        multiplicity
    }

    fn mean_of(values: &[f64], multiplicity: &[u32]) -> f64 {
        let sum: f64 = std::iter::zip(values, multiplicity)
            .map(|(value, &n)| value * f64::from(n))
            .sum();
        sum / f64::from(multiplicity.iter().sum::<u32>())
    }

    #[test]
    fn summary_as_numpy() {
        // numpy 2.4.6: percentile(v, [2.5, 97.5]), std(v, ddof=1).
        let values = [0.3, -0.1, 0.2, 0.05, 0.4, 0.15, -0.02, 0.33, 0.27, 0.11];
        let interval = Interval::of(values.into_iter().chain([f64::NAN, f64::INFINITY]));
        assert!((interval.low + 0.082).abs() < 1e-15 && (interval.high - 0.384_25).abs() < 1e-15);
        assert!((interval.standard_error - 0.161_138_311_880_060_23).abs() < 1e-15);
        // Two of ten at or below zero.
        assert_eq!((interval.p_zero, interval.skipped), (2.0 * 3.0 / 11.0, 2));
        // Zero is on both sides; the smaller side counts whichever it is.
        assert_eq!(
            Interval::of([0.0, -1.0, -2.0, -3.0].into_iter()).p_zero,
            2.0 * 2.0 / 5.0
        );
        assert_eq!(Interval::of([0.0, 0.0].into_iter()).p_zero, 1.0);
        assert_eq!(Interval::of([1.0; 99].into_iter()).p_zero, 0.02);
    }

    #[test]
    fn few_results() {
        let none = Interval::of([f64::NAN; 3].into_iter());
        assert!(none.low.is_nan() && none.high.is_nan() && none.standard_error.is_nan());
        assert_eq!((none.p_zero, none.skipped), (1.0, 3));
        let text = serde_json::to_string(&none).unwrap();
        assert_eq!(
            text,
            r#"{"low":null,"high":null,"standard_error":null,"p_zero":1.0,"skipped":3}"#
        );
        let one = Interval::of([0.5].into_iter());
        assert_eq!((one.low, one.high, one.p_zero), (0.5, 0.5, 1.0));
        assert!(one.standard_error.is_nan());
        // No messages, no resamples, no threads.
        let [empty] = ClusterBootstrap::new(&[], 1, 5).intervals(0, |m| [m.len() as f64]);
        assert_eq!((empty.low, empty.high, empty.skipped), (0.0, 0.0, 0));
        let [never] = ClusterBootstrap::new(&[1, 2], 1, 0).intervals(3, |_| [1.0]);
        assert!(never.low.is_nan());
        assert_eq!(
            ClusterBootstrap::new(&[], 1, usize::MAX).resamples(),
            ClusterBootstrap::MAX_RESAMPLES
        );
        let [] = ClusterBootstrap::new(&[1], 1, 3).intervals(2, |_| []);
    }

    #[test]
    fn the_same_on_any_number_of_threads() {
        let clusters: Vec<u32> = (0..60).map(|i| i * i % 23).collect();
        let values: Vec<f64> = (0..60).map(|i| f64::from(i * 7 % 13) - 6.0).collect();
        let run = |threads, seed| {
            // Uneven work, so that threads overtake one another; some resamples have no result.
            ClusterBootstrap::new(&clusters, seed, 500).results(threads, |multiplicity| {
                if multiplicity[0] == 3 {
                    std::thread::sleep(std::time::Duration::from_micros(50));
                }
                let defined = if multiplicity[1] > 0 { 1.0 } else { f64::NAN };
                [mean_of(&values, multiplicity), mean_of(&values, multiplicity) * defined]
            })
        };
        let bits =
            |results: Vec<[f64; 2]>| -> Vec<[u64; 2]> { results.into_iter().map(|r| r.map(f64::to_bits)).collect() };
        let one = bits(run(1, 42));
        assert_eq!(one, bits(run(2, 42)));
        assert_eq!(one, bits(run(7, 42)));
        assert_ne!(one, bits(run(1, 43)));
        assert!(one.iter().any(|r| f64::from_bits(r[1]).is_nan()));
    }

    #[test]
    fn standard_error_of_a_mean() {
        // Drawing single messages, the standard error is sigma / sqrt(n); with copies in one cluster they do not help.
        let values: Vec<f64> = (0..50).map(|i| f64::from(i * 17 % 50)).collect();
        let mean = values.iter().sum::<f64>() / 50.0;
        let sigma = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 50.0).sqrt();
        let expected = sigma / 50f64.sqrt();
        let single: Vec<u32> = (0..50).collect();
        let [alone] = ClusterBootstrap::new(&single, 3, 4_000).intervals(2, |m| [mean_of(&values, m)]);
        // The error of a standard deviation from 4000 draws is a little over 1 %.
        assert!((alone.standard_error / expected - 1.0).abs() < 0.05);
        assert!((alone.low - (mean - 1.96 * expected)).abs() < 0.15 * expected);
        assert!((alone.high - (mean + 1.96 * expected)).abs() < 0.15 * expected);
        let copied: Vec<u32> = (0..200).map(|i| i % 50).collect();
        let four_times = values.repeat(4);
        let [copies] = ClusterBootstrap::new(&copied, 3, 4_000).intervals(2, |m| [mean_of(&four_times, m)]);
        assert!((copies.standard_error - alone.standard_error).abs() < 1e-9);
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn panics_are_passed_on() {
        let caller = std::thread::current().id();
        ClusterBootstrap::new(&[1, 2, 3], 1, 300).intervals(2, |_| {
            if std::thread::current().id() == caller {
                std::thread::sleep(std::time::Duration::from_millis(1));
                [0.0]
            } else {
                panic!("the statistic")
            }
        });
    }

    proptest! {
        #[test]
        fn clusters_are_drawn_whole(clusters in prop::collection::vec(prop_oneof![0u32..6, any::<u32>()], 1..40), seed: u64) {
            let bootstrap = ClusterBootstrap::new(&clusters, seed, 10);
            let mut first = HashMap::new();
            for (message, cluster) in clusters.iter().enumerate() {
                first.entry(cluster).or_insert(message);
            }
            prop_assert_eq!(bootstrap.clusters(), first.len());
            for index in 0..10 {
                let multiplicity = drawn(&bootstrap, index);
                prop_assert_eq!(multiplicity.len(), clusters.len());
                for (message, cluster) in clusters.iter().enumerate() {
                    prop_assert_eq!(multiplicity[message], multiplicity[first[cluster]]);
                }
                let draws: u32 = first.values().map(|&message| multiplicity[message]).sum();
                prop_assert_eq!(draws as usize, first.len());
                prop_assert_eq!(&multiplicity, &drawn(&bootstrap, index));
            }
        }

        /// Each cluster is drawn once on average: over 400 resamples of 20, it keeps within 7 standard errors of that.
        #[test]
        fn no_cluster_is_preferred(seed: u64) {
            let clusters: Vec<u32> = (0..20).collect();
            let bootstrap = ClusterBootstrap::new(&clusters, seed, 400);
            let mut sums = [0u32; 20];
            for index in 0..400 {
                for (sum, n) in std::iter::zip(&mut sums, drawn(&bootstrap, index)) {
                    *sum += n;
                }
            }
            prop_assert!(sums.iter().all(|&sum| sum.abs_diff(400) < 140), "{:?}", sums);
        }
    }
}
