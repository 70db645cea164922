//! Dates, each file in its own form. What is not understood is not guessed.

use huckster::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

/// `DATE` of `messages.csv`, `Sent At` of `Invitations.csv` and their like. Without a zone it is taken as UTC.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let text = tidy(text);
    let text = text
        .strip_suffix("UTC")
        .or_else(|| text.strip_suffix("GMT"))
        .unwrap_or(&text)
        .trim_end();
    // `2026/06/01` is ISO with other dashes; `6/1/26` is American.
    let year_first = text.len() >= 8 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit);
    let at = if year_first {
        let text = text.replace('/', "-");
        // Behind the date, a letter Z or a sign tells the zone.
        if text.get(10..).is_some_and(|rest| rest.contains(['Z', 'z', '+', '-'])) {
            text.parse().ok()?
        } else {
            TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok()?
        }
    } else {
        TimeZone::UTC.to_timestamp(american(text)?).ok()?
    };
    is_plausible(at).then(|| Timestamp::from_seconds(at.as_second()))
}

/// `1/29/26, 2:37 PM` and its like.
fn american(text: &str) -> Option<DateTime> {
    // Spreadsheets drop the comma.
    let text = if text.contains(',') {
        text.to_owned()
    } else {
        text.replacen(' ', ", ", 1)
    };
    let parse = |format: &str| {
        let parsed = BrokenDownTime::parse(format, &text).ok()?;
        let midnight = jiff::civil::Time::midnight();
        Some(parsed.to_date().ok()?.to_datetime(parsed.to_time().unwrap_or(midnight)))
    };
    FORMATS.iter().find_map(|format| parse(format)).or_else(|| {
        // In `13/1/26` the first number cannot be the month.
        let day_first = text.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()? > 12;
        let mut swapped = FORMATS
            .iter()
            .filter(|_| day_first)
            .map(|f| f.replacen("%m/%d", "%d/%m", 1));
        swapped.find_map(|format| parse(&format))
    })
}

const FORMATS: [&str; 10] = [
    "%m/%d/%y, %I:%M %p",
    "%m/%d/%Y, %I:%M %p",
    // Until 2018 `14:37 PM` was written.
    "%m/%d/%y, %H:%M %p",
    "%m/%d/%Y, %H:%M %p",
    "%m/%d/%y, %H:%M",
    "%m/%d/%Y, %H:%M",
    "%m/%d/%y, %I:%M:%S %p",
    "%m/%d/%Y, %I:%M:%S %p",
    "%m/%d/%y",
    "%m/%d/%Y",
];

/// A date far off is a slip of the format, not a date.
fn is_plausible(at: jiff::Timestamp) -> bool {
    (1990..2200).contains(&TimeZone::UTC.to_datetime(at).year())
}

/// A day such as `Connected On` of `Connections.csv`, as the time at which it begins in UTC.
pub(crate) fn day(text: &str) -> Option<Timestamp> {
    let text = tidy(text);
    let date = named_month(&text).or_else(|| {
        let at = time(&text)?;
        let at = jiff::Timestamp::from_second(at.seconds()).ok()?;
        Some(TimeZone::UTC.to_datetime(at).date())
    })?;
    let at = TimeZone::UTC
        .to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
        .ok()?;
    Some(Timestamp::from_seconds(at.as_second()))
}

/// `08 Feb 2026`, `Feb 8, 2026`, `29-Mar-21`, `3. März 2024`.
fn named_month(text: &str) -> Option<Date> {
    let mut parts = text
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | ',' | '.' | '/'))
        .filter(|p| !p.is_empty() && !p.eq_ignore_ascii_case("de"));
    let (a, b, year, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else {
        return None;
    };
    let (day, month) = match (month(a), month(b)) {
        (None, Some(month)) => (a, month),
        (Some(month), None) => (b, month),
        _ => return None,
    };
    let year = match (year.len(), year.parse::<i16>().ok()?) {
        (2, short) => 2000 + short,
        (4, year) => year,
        _ => return None,
    };
    (1990..2200).contains(&year).then_some(())?;
    Date::new(year, month, day.parse().ok()?).ok()
}

/// Months in English, German, French, Spanish, Portuguese, Italian and Dutch.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "januar", "janvier", "enero", "janeiro", "gennaio", "januari", "jänner",
    ],
    &[
        "february",
        "februar",
        "février",
        "fevrier",
        "febrero",
        "fevereiro",
        "febbraio",
        "februari",
    ],
    &[
        "march", "märz", "maerz", "mars", "marzo", "março", "marco", "maart", "mrt",
    ],
    &["april", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maio", "maggio", "mei"],
    &["june", "juni", "juin", "junio", "junho", "giugno"],
    &["july", "juli", "juillet", "julio", "julho", "luglio"],
    &["august", "août", "aout", "agosto", "augustus"],
    &["september", "septembre", "septiembre", "setembro", "settembre"],
    &["october", "oktober", "octobre", "octubre", "outubro", "ottobre"],
    &["november", "novembre", "noviembre", "novembro"],
    &[
        "december",
        "dezember",
        "décembre",
        "decembre",
        "diciembre",
        "dezembro",
        "dicembre",
    ],
];

/// The number of a month from its name or at least its first three letters, if only one month is meant.
fn month(name: &str) -> Option<i8> {
    let name = name.to_lowercase();
    if name.chars().count() < 3 {
        return None;
    }
    let mut fits = (1i8..)
        .zip(MONTHS)
        .filter(|(_, names)| names.iter().any(|n| n.starts_with(&name)));
    match (fits.next(), fits.next()) {
        (Some((number, _)), None) => Some(number),
        _ => None,
    }
}

/// Blanks of every kind become one blank, as newer locale data puts a narrow one before AM and PM.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> String {
        time(text).map_or_else(|| "none".to_owned(), |t| t.to_string())
    }

    fn on(text: &str) -> String {
        day(text).map_or_else(|| "none".to_owned(), |t| t.to_string()[..10].to_owned())
    }

    #[test]
    fn times_of_messages_and_invitations() {
        for same in [
            "2026-01-29 14:37:00 UTC",
            "2026-01-29 14:37:00",
            "2026-01-29 14:37 UTC",
            "2026/01/29 14:37:00 UTC",
            "2026-01-29T14:37:00Z",
            "2026-01-29T16:37:00+02:00",
            "1/29/26, 2:37 PM",
            "01/29/26, 02:37 pm",
            "1/29/26, 2:37\u{202f}PM",
            "1/29/26, 2:37\u{a0}PM",
            "1/29/2026, 2:37 PM",
            "1/29/26 2:37 PM",
            "1/29/26 14:37",
            "01/29/26, 14:37 PM",
            "29/1/26, 2:37 PM",
            "29/01/2026, 14:37",
        ] {
            assert_eq!(at(same), "2026-01-29T14:37:00Z", "{same}");
        }
        // Both could be the month: American.
        assert_eq!(at("2/3/26, 12:05 AM"), "2026-02-03T00:05:00Z");
        assert_eq!(at("02/03/26, 00:05 AM"), "2026-02-03T00:05:00Z");
        assert_eq!(at("2026-06-01"), "2026-06-01T00:00:00Z");
        for bad in [
            "",
            "soon",
            "2026-13-01 10:00:00",
            "2026-02-30",
            "31/31/26, 1:00 PM",
            "45351.5",
            "1/29",
            "é/1/26",
            "0001-01-01 00:00:00",
        ] {
            assert_eq!(at(bad), "none", "{bad}");
        }
    }

    #[test]
    fn days_of_connections() {
        for same in [
            "08 Feb 2026",
            "8 Feb 2026",
            "Feb 8, 2026",
            "Feb 08 2026",
            "2026-02-08",
            "02/08/2026",
            "2/8/26",
            "08-Feb-26",
            "8. Februar 2026",
            "8 févr. 2026",
            "8 de febrero de 2026",
            "8 feb. 2026",
            "02/08/26, 10:15 AM",
        ] {
            assert_eq!(on(same), "2026-02-08", "{same}");
        }
        assert_eq!(on("4-Apr-21"), "2021-04-04");
        assert_eq!(on("3. März 2024"), "2024-03-03");
        assert_eq!(on("1 juin 2024"), "2024-06-01");
        // June or July.
        for bad in [
            "1 jui 2024",
            "30 Feb 2026",
            "08 Xyz 2026",
            "Feb 2026",
            "8 Feb",
            "1 Jan 202",
            "08 Feb 2026 x",
        ] {
            assert_eq!(on(bad), "none", "{bad}");
        }
    }
}
