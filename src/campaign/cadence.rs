//! Rhythm: what the times of sending say about who, or what, sends.
//!
//! All numbers are integers. Nothing is said of fewer than [`FEWEST_SENDS`] sends.

use std::fmt;

use crate::message::CampaignFacts;
use crate::time::Timestamp;

/// With fewer sends, any rhythm may be chance.
pub const FEWEST_SENDS: usize = 5;

const DAY: i64 = 86_400;

/// Programs add some minutes to whole days; a person is off by hours.
const NEAR_A_DAY: i64 = 600;

/// The shortest wait that HeyReach and tools like it accept between two steps.
const SHORTEST_STEP: i64 = 3 * 3600;

/// How close to the step a program comes.
const NEAR_A_STEP: i64 = 60;

/// Two gaps this close are the same gap.
const SAME_GAP: i64 = 2;

/// Nobody reads, thinks and types within so many seconds of being accepted.
const MACHINE_FAST: u64 = 60;

/// From this share on (thousandths) gaps are called regular.
const MOSTLY: u32 = 600;

/// From this share on (thousandths) something is called the rule.
const NEARLY_ALL: u32 = 900;

/// Office hours hold a quarter of all hours, and some zone always fits a few sends, or those of one day: so many sends on
/// so many days are asked for.
const FEWEST_FOR_HOURS: u32 = 10;
const FEWEST_DAYS: u32 = 5;

/// One send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Send {
    /// When.
    pub at: Timestamp,
    /// Seconds since the connection was accepted, if known.
    pub since_acceptance_s: Option<u64>,
}

impl Send {
    /// At this time.
    pub fn new(at: Timestamp) -> Self {
        Self {
            at,
            since_acceptance_s: None,
        }
    }

    /// Sets the seconds since the connection was accepted.
    #[must_use]
    pub fn since_acceptance_s(mut self, seconds: u64) -> Self {
        self.since_acceptance_s = Some(seconds);
        self
    }
}

/// The rhythm of at least five sends. Shares are in thousandths.
///
/// ```
/// use huckster::campaign::{Cadence, Rhythm};
/// let days = |day: i64| day * 86_400 + 9 * 3600;
/// let cadence = Cadence::of_times(&[days(0), days(3) + 40, days(7), days(11) - 90, days(14)]).unwrap();
/// assert_eq!(cadence.whole_days, 1000);
/// assert!(cadence.rhythms().contains(&Rhythm::WholeDays));
/// assert!(Cadence::of_times(&[days(0), days(3), days(6), days(9)]).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cadence {
    /// Sends looked at.
    pub sends: u32,
    /// Different days with a send, in UTC.
    pub days: u32,
    /// The median gap in seconds.
    pub median_gap_s: u64,
    /// The median distance of a gap from the median gap, in thousandths of the median gap.
    pub spread: u32,
    /// Share of gaps within ten minutes of one or more whole days.
    pub whole_days: u32,
    /// Share of gaps within two seconds of the most frequent gap; 0 if no gap occurs three times.
    pub same_gap: u32,
    /// Share of gaps that are any step of a program: whole days, three hours to the minute, or the most frequent gap.
    pub regular: u32,
    /// Share of sends in the first second of a minute. Times that were only recorded to the minute all are; whoever has
    /// such times must not look at this.
    pub round_seconds: u32,
    /// Whether every gap is longer than the one before, and all are a day or more: a ladder of follow-ups.
    pub ladder: bool,
    /// The largest share of sends that falls into Monday to Friday, 09:00 to 17:00, of one time zone.
    pub office_hours: u32,
    /// That zone, as hours from UTC; the one nearest to UTC if several fit.
    pub office_zone: i32,
    /// Share of the sends with a known time of acceptance that came within a minute of it; `None` below five such sends.
    pub machine_fast: Option<u32>,
}

/// Something that a rhythm can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rhythm {
    /// Most gaps are whole days to ten minutes.
    WholeDays,
    /// Most gaps are the same to two seconds.
    SameGap,
    /// Gaps grow from step to step, as follow-ups are planned.
    Ladder,
    /// Nearly all sends are in the first second of a minute, but not all: the times are finer than minutes.
    RoundSeconds,
    /// All of at least ten sends, on at least five days, are in office hours of one time zone. People write in office hours too.
    OfficeHours,
    /// Most messages came within a minute of the acceptance.
    MachineFast,
}

impl fmt::Display for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WholeDays => "whole days apart",
            Self::SameGap => "the same time apart",
            Self::Ladder => "a ladder of follow-ups",
            Self::RoundSeconds => "on the full minute",
            Self::OfficeHours => "only in office hours",
            Self::MachineFast => "within a minute of being accepted",
        })
    }
}

impl Cadence {
    /// The rhythm of sends, in any order. `None` below five.
    pub fn of(sends: &[Send]) -> Option<Self> {
        let times: Vec<i64> = sends.iter().map(|s| s.at.seconds()).collect();
        let mut cadence = Self::of_times(&times)?;
        let known: Vec<u64> = sends.iter().filter_map(|s| s.since_acceptance_s).collect();
        if known.len() >= FEWEST_SENDS {
            let fast = known.iter().filter(|s| **s <= MACHINE_FAST).count();
            cadence.machine_fast = Some(share(fast, known.len()));
        }
        Some(cadence)
    }

    /// The rhythm of times in seconds since 1970, in any order. `None` below five.
    pub fn of_times(times: &[i64]) -> Option<Self> {
        if times.len() < FEWEST_SENDS {
            return None;
        }
        let mut times = times.to_vec();
        times.sort_unstable();
        let gaps: Vec<i64> = times.windows(2).map(|w| w[1].saturating_sub(w[0])).collect();
        let mut sorted = gaps.clone();
        sorted.sort_unstable();
        let median = sorted[sorted.len() / 2];
        let mut away: Vec<u64> = gaps.iter().map(|g| g.abs_diff(median)).collect();
        away.sort_unstable();
        let spread = away[away.len() / 2].saturating_mul(1000) / median.max(1) as u64;
        let steps = Steps::of(&sorted);
        let (office_zone, in_office) = office(&times);
        let mut days: Vec<i64> = times.iter().map(|t| t.div_euclid(DAY)).collect();
        days.dedup();
        Some(Self {
            sends: times.len().min(u32::MAX as usize) as u32,
            days: days.len().min(u32::MAX as usize) as u32,
            median_gap_s: median as u64,
            spread: spread.min(u32::MAX.into()) as u32,
            whole_days: share_of(&gaps, Steps::is_days),
            same_gap: share_of(&gaps, |gap| steps.is_most_frequent(gap)),
            regular: share_of(&gaps, |gap| steps.is_any(gap)),
            round_seconds: share(times.iter().filter(|t| t.rem_euclid(60) == 0).count(), times.len()),
            ladder: gaps.windows(2).all(|w| w[0] < w[1]) && gaps[0] >= DAY - NEAR_A_DAY,
            office_hours: share(in_office, times.len()),
            office_zone,
            machine_fast: None,
        })
    }

    /// What the rhythm can be called, the most telling first.
    pub fn rhythms(&self) -> Vec<Rhythm> {
        let claims = [
            (
                self.machine_fast.is_some_and(|share| share >= MOSTLY),
                Rhythm::MachineFast,
            ),
            (self.whole_days >= MOSTLY, Rhythm::WholeDays),
            (self.same_gap >= MOSTLY && self.median_gap_s > 0, Rhythm::SameGap),
            (self.ladder, Rhythm::Ladder),
            ((NEARLY_ALL..1000).contains(&self.round_seconds), Rhythm::RoundSeconds),
            (
                self.office_hours == 1000 && self.sends >= FEWEST_FOR_HOURS && self.days >= FEWEST_DAYS,
                Rhythm::OfficeHours,
            ),
        ];
        claims
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, rhythm)| rhythm)
            .collect()
    }

    /// Writes into the facts what the detectors look at.
    pub fn describe(&self, facts: &mut CampaignFacts) {
        facts.timed_sends = Some(self.sends);
        facts.regular_gaps = Some(self.regular);
    }

    /// Writes the same into the facts as [`describe`](Self::describe), for times in rising order, at most `N`. Works out nothing
    /// else: an index does this for every copy.
    pub(super) fn describe_times<const N: usize>(times: &[i64], facts: &mut CampaignFacts) {
        if !(FEWEST_SENDS..=N).contains(&times.len()) {
            return;
        }
        let mut gaps = [0; N];
        for (gap, two) in gaps.iter_mut().zip(times.windows(2)) {
            *gap = two[1].saturating_sub(two[0]);
        }
        let gaps = &mut gaps[..times.len() - 1];
        // The order of gaps matters only to what is left out here.
        gaps.sort_unstable();
        let steps = Steps::of(gaps);
        facts.timed_sends = Some(times.len() as u32);
        facts.regular_gaps = Some(share_of(gaps, |gap| steps.is_any(gap)));
    }
}

/// Which gaps are steps of a program.
struct Steps {
    most_frequent: Option<i64>,
}

impl Steps {
    /// `sorted` are the gaps in rising order.
    fn of(sorted: &[i64]) -> Self {
        Self {
            most_frequent: mode(sorted),
        }
    }

    fn is_most_frequent(&self, gap: i64) -> bool {
        self.most_frequent.is_some_and(|m| m.abs_diff(gap) <= SAME_GAP as u64)
    }

    fn is_days(gap: i64) -> bool {
        let past = gap.rem_euclid(DAY);
        gap >= DAY - NEAR_A_DAY && past.min(DAY - past) <= NEAR_A_DAY
    }

    fn is_any(&self, gap: i64) -> bool {
        Self::is_days(gap) || gap.abs_diff(SHORTEST_STEP) <= NEAR_A_STEP as u64 || self.is_most_frequent(gap)
    }
}

fn share_of(gaps: &[i64], which: impl Fn(i64) -> bool) -> u32 {
    share(gaps.iter().filter(|gap| which(**gap)).count(), gaps.len())
}

/// The gap that occurs most often, give or take two seconds, if at least three times. Zero is no gap: times of equal
/// value come from one moment, or from a clock of days.
fn mode(sorted: &[i64]) -> Option<i64> {
    let near = |gap: i64| {
        let from = sorted.partition_point(|g| *g < gap.saturating_sub(SAME_GAP));
        let to = sorted.partition_point(|g| *g <= gap.saturating_add(SAME_GAP));
        to - from
    };
    sorted
        .iter()
        .filter(|g| **g > SAME_GAP)
        .map(|g| (near(*g), *g))
        // Of equally frequent ones the smallest.
        .max_by_key(|(n, gap)| (*n, std::cmp::Reverse(*gap)))
        .filter(|(n, _)| *n >= 3)
        .map(|(_, gap)| gap)
}

/// The zone with most times in its office hours, and how many.
fn office(times: &[i64]) -> (i32, usize) {
    let inside = |zone: i32| {
        times
            .iter()
            .filter(|t| {
                let local = t.saturating_add(i64::from(zone) * 3600);
                // 1970-01-01 was a Thursday; Monday is 0.
                let weekday = (local.div_euclid(DAY) + 3).rem_euclid(7);
                let hour = local.rem_euclid(DAY) / 3600;
                weekday < 5 && (9..17).contains(&hour)
            })
            .count()
    };
    (-12..=14)
        .map(|zone| (zone, inside(zone)))
        .max_by_key(|(zone, n)| (*n, std::cmp::Reverse(zone.abs()), *zone))
        .unwrap_or((0, 0))
}

fn share(part: usize, whole: usize) -> u32 {
    ((part as u64).saturating_mul(1000) / (whole as u64).max(1)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::hash::mix;

    fn at(day: i64, hour: i64, rest: i64) -> i64 {
        day * DAY + hour * 3600 + rest
    }

    #[test]
    fn nothing_is_said_below_five() {
        for n in 0..FEWEST_SENDS {
            let times: Vec<i64> = (0..n as i64).map(|i| i * DAY).collect();
            assert_eq!(Cadence::of_times(&times), None);
        }
        assert!(Cadence::of_times(&[0; FEWEST_SENDS]).is_some());
    }

    #[test]
    fn an_index_is_told_the_same_as_anyone_else() {
        for i in 0..2000u64 {
            let n = (mix(i) % 18) as usize;
            let step = [1, 60, SHORTEST_STEP, DAY][(mix(i) >> 32) as usize % 4];
            let wobble = |j: u64| (mix(i << 8 | j) % [1, 3, 120, 1200][(mix(i) >> 40) as usize % 4]) as i64;
            let mut times: Vec<i64> = (0..n as u64).map(|j| j as i64 * step + wobble(j)).collect();
            times.sort_unstable();
            let (mut all, mut few) = (CampaignFacts::default(), CampaignFacts::default());
            if let Some(cadence) = Cadence::of_times(&times) {
                cadence.describe(&mut all);
            }
            Cadence::describe_times::<18>(&times, &mut few);
            assert_eq!(all, few, "{times:?}");
        }
    }

    #[test]
    fn programs_are_told_from_people() {
        let daily = Cadence::of_times(&[at(0, 9, 0), at(1, 9, 400), at(3, 9, 90), at(4, 9, 80), at(7, 9, 3)]).unwrap();
        assert_eq!((daily.whole_days, daily.regular), (1000, 1000));
        let looped: Vec<i64> = (0..20).map(|i| i * 417 + i % 2).collect();
        let looped = Cadence::of_times(&looped).unwrap();
        assert_eq!((looped.same_gap, looped.rhythms()), (1000, vec![Rhythm::SameGap]));
        let ladder = Cadence::of_times(&[0, at(2, 4, 0), at(5, 1, 0), at(9, 3, 0), at(14, 0, 0)]).unwrap();
        assert_eq!(ladder.rhythms(), [Rhythm::Ladder]);
        // A person, at any hour of thirty days: the seeds are many, so that it is not luck.
        let mut called = 0;
        for seed in 0..300u64 {
            let times: Vec<i64> = (0..12)
                .map(|i| (mix(seed << 8 | i) % (30 * DAY as u64)) as i64)
                .collect();
            let cadence = Cadence::of_times(&times).unwrap();
            called += usize::from(!cadence.rhythms().is_empty());
        }
        assert_eq!(called, 0);
    }

    #[test]
    fn office_hours_are_found_in_their_zone_and_weekends_are_not() {
        // 1970-01-05 was a Monday. Nine to five in New York, five hours behind.
        let times: Vec<i64> = (0..10).map(|i| at(4 + i % 5, 14 + i % 8, 60 * i + 7)).collect();
        let cadence = Cadence::of_times(&times).unwrap();
        assert_eq!((cadence.office_hours, cadence.office_zone), (1000, -5));
        assert!(cadence.rhythms().contains(&Rhythm::OfficeHours));
        let weekend: Vec<i64> = (0..10).map(|i| at(9, 14 + i % 4, i)).collect();
        assert!(Cadence::of_times(&weekend).unwrap().office_hours < 1000);
    }

    #[test]
    fn round_seconds_need_times_finer_than_minutes() {
        let mut times: Vec<i64> = (0..20).map(|i| i * i * 60 * 37).collect();
        assert!(
            !Cadence::of_times(&times)
                .unwrap()
                .rhythms()
                .contains(&Rhythm::RoundSeconds)
        );
        times[7] += 13;
        assert!(
            Cadence::of_times(&times)
                .unwrap()
                .rhythms()
                .contains(&Rhythm::RoundSeconds)
        );
    }

    #[test]
    fn fast_answers_count_where_the_acceptance_is_known() {
        let sends: Vec<Send> = (0..6)
            .map(|i| Send::new(Timestamp::from_seconds(i * 100_003)).since_acceptance_s(if i == 0 { 9000 } else { 20 }))
            .collect();
        let cadence = Cadence::of(&sends).unwrap();
        assert_eq!(cadence.machine_fast, Some(833));
        assert_eq!(
            cadence.rhythms(),
            [Rhythm::SameGap, Rhythm::MachineFast]
                .into_iter()
                .rev()
                .collect::<Vec<_>>()
        );
        assert_eq!(Cadence::of(&sends[..4]), None);
    }

    #[test]
    fn extreme_times_are_no_trouble() {
        let times = [i64::MIN, i64::MAX, 0, i64::MIN + 1, i64::MAX - 1];
        assert!(Cadence::of_times(&times).is_some());
    }
}
