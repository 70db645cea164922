//! `huckster triage` from the outside: archives of all eras, hostile ones, and the page in a browser.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may stop at what must not happen, and says what it skips"
)]

mod common;

use std::fs;
use std::path::Path;

use common::archive::{self, Mail};
use common::browser::{Browser, chromium};
use common::{Folder, run, run_with};
use serde_json::{Map, Value};

const ERAS: [&str; 6] = ["2017", "2021", "2022", "2023", "2025", "2026"];

const PITCH: &str =
    "Hi Marta, we help data teams fill their calendar. We book 20 calls a month for you. Worth a quick call this week?";

fn fixture(era: &str) -> String {
    archive::fixtures().join(era).to_str().unwrap().to_owned()
}

fn lines(text: &str) -> Vec<Map<String, Value>> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What each thing of an archive may do to a page or a spreadsheet.
fn hostile() -> Vec<Mail<'static>> {
    let plain = Mail {
        name: "Ann Lund",
        url: "https://www.linkedin.com/in/ann-lund",
        at: "2026-03-01 10:00:00 UTC",
        subject: "",
        text: "Dear Marta, shall we look at the tide gauges on Monday?",
    };
    vec![
        Mail {
            name: "</script><script>window.harmed=1</script>",
            url: "https://www.linkedin.com/in/harm",
            text: "Look: &lt;/script&gt;&lt;img src=x onerror=\"window.harmed=2\"&gt;&lt;script&gt;window.harmed=3&lt;/script&gt; we book 20 calls",
            ..plain
        },
        Mail {
            name: "=HYPERLINK(\"https://evil.example\")",
            url: "javascript:window.harmed=4//linkedin.com/in/x",
            at: "2026-03-02 10:00:00 UTC",
            subject: "@SUM(1)",
            text: "<!--<script>\u{2028}\u{2029}&amp;lt;b&gt; \u{202e}gnp.exe\u{202c} \u{2066}x ]]> '\"` fill your funnel with us",
        },
        Mail {
            name: "\u{202e}Bo Ek",
            url: "https://www.linkedin.com/in/bo-ek",
            at: "2026-03-03 10:00:00 UTC",
            text: PITCH,
            ..plain
        },
        Mail {
            name: "Bo Ek",
            url: "https://www.linkedin.com/in/bo-ek",
            at: "2026-03-09 10:00:00 UTC",
            text: "Just bumping this, Marta 🚀 Worth a quick call?",
            ..plain
        },
        Mail {
            name: "Cy Fox",
            url: "https://www.linkedin.com/in/cy-fox",
            at: "2026-03-04 10:00:00 UTC",
            text: PITCH,
            ..plain
        },
        Mail {
            at: "no date at all",
            ..plain
        },
    ]
}

#[test]
fn messages_are_judged_as_judge_does_with_every_fact_of_the_archive() {
    for era in ERAS {
        let expected = fs::read_to_string(archive::fixtures().join(format!("{era}.expected"))).unwrap();
        let mut messages = String::new();
        let mut heads = Vec::new();
        let mut rows = expected.lines();
        while let Some(head) = rows.next() {
            if head.contains(" Incoming ") {
                messages += rows.next().unwrap();
                messages.push('\n');
                heads.push(head.split(' ').next().unwrap().to_owned());
            }
        }
        assert!(!heads.is_empty());
        let judged = run_with(&["judge", "--jsonl", "-"], messages.as_bytes(), &[]);
        let triaged = run(&["triage", &fixture(era), "--json"]);
        assert_eq!((triaged.status, triaged.err.as_str()), (Some(0), ""), "{era}");
        let triaged = lines(&triaged.out);
        assert_eq!(triaged.len(), heads.len(), "{era}");
        for ((mut line, expected), place) in triaged.into_iter().zip(lines(&judged.out)).zip(heads) {
            let source = line.remove("source").unwrap();
            assert_eq!(format!("{}:{}", source["file"].as_str().unwrap(), source["row"]), place);
            assert_eq!(line.remove("direction").unwrap(), "incoming");
            assert!(line.remove("from").unwrap().is_object() && line.contains_key("at"));
            for key in ["at", "channel", "conversation", "repeated"] {
                line.remove(key);
            }
            assert_eq!(line, expected, "{era} {place}");
        }
    }
}

#[test]
fn the_summary_counts_and_names_what_an_archive_holds() {
    let run = run(&["triage", &fixture("2026")]);
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    for part in [
        "TO DECIDE, THE OLDEST FIRST: 3",
        "11 MESSAGES TO MARTA LINDQVIST, 2026-01-16 to 2026-03-14",
        "decline       3  27 %",
        "connection requests",
        "within 24 hours of being accepted",
        "Who pitches most",
        "Jo Field",
        "Most frequent reasons not to accept",
    ] {
        assert!(run.out.contains(part), "{part}\n{}", run.out);
    }
    assert!(!run.out.contains('\u{1b}') && run.out.lines().all(|line| line.chars().count() <= 100));
}

#[test]
fn what_cannot_be_read_is_counted_with_its_row() {
    let folder = Folder::new();
    let path = archive::write(&folder.path().join("a"), hostile());
    let run = run(&["triage", &path]);
    assert_eq!(run.status, Some(0));
    assert!(run.out.contains("Not read as it should be: 1"), "{}", run.out);
    assert!(
        run.out.contains("messages.csv, row 7: the date is not understood"),
        "{}",
        run.out
    );
    assert!(run.out.contains("messages without a readable date"), "{}", run.out);
}

#[test]
fn a_zip_and_any_number_of_threads_give_the_same() {
    let folder = Folder::new();
    let zip = archive::zipped(&archive::fixtures().join("2026"), &folder.path().join("export.zip"));
    for options in [vec!["--json"], vec!["--csv", "-"], vec![]] {
        let of = |archive: &str, threads: &str| {
            let mut args = vec!["triage", archive, "--threads", threads];
            args.extend(&options);
            let run = run(&args);
            assert_eq!(run.status, Some(0), "{}", run.err);
            run.out
        };
        let one = of(&fixture("2026"), "1");
        assert!(!one.is_empty());
        assert_eq!(one, of(&fixture("2026"), "3"));
        assert_eq!(one, of(&zip, "2"));
    }
    let pages = ["1", "3"].map(|threads| {
        let page = folder.path().join(format!("{threads}.html"));
        let path = page.to_str().unwrap();
        assert_eq!(
            run(&["triage", &zip, "--threads", threads, "--html", path]).status,
            Some(0)
        );
        fs::read(page).unwrap()
    });
    assert_eq!(pages[0], pages[1]);
}

#[test]
fn order_and_days_can_be_chosen() {
    let all = lines(&run(&["triage", &fixture("2026"), "--json"]).out);
    let late = lines(&run(&["triage", &fixture("2026"), "--json", "--since", "2026-03-02"]).out);
    let at = |line: &Map<String, Value>| line["at"].as_str().unwrap().to_owned();
    let expected: Vec<String> = all.iter().map(at).filter(|at| at.as_str() >= "2026-03-02").collect();
    assert_eq!(late.iter().map(at).collect::<Vec<_>>(), expected);
    assert!(late.len() < all.len());
    let sorted = run(&["triage", &fixture("2026"), "--sort", "decision", "--list", "1"]).out;
    assert!(sorted.contains("BY DECISION: 1 of 11"), "{sorted}");
    let most = all.iter().filter(|line| line["decision"] == "decline");
    let most = most.max_by(|a, b| a["score"].as_f64().partial_cmp(&b["score"].as_f64()).unwrap());
    assert!(sorted.contains(most.unwrap()["from"]["name"].as_str().unwrap()));
    assert_eq!(
        run(&["triage", &fixture("2026"), "--since", "2026-02-30"]).status,
        Some(2)
    );
    assert_eq!(
        run(&["triage", &fixture("2026"), "--json", "--sort", "oldest"]).status,
        Some(2)
    );
}

#[test]
fn a_spreadsheet_sees_text_and_no_formula() {
    let folder = Folder::new();
    let path = archive::write(&folder.path().join("a"), hostile());
    let table = folder.path().join("inbox.csv");
    assert_eq!(
        run(&["triage", &path, "--csv", table.to_str().unwrap()]).status,
        Some(0)
    );
    let text = fs::read_to_string(table).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let score = rows.headers().unwrap().iter().position(|h| h == "score").unwrap();
    let mut seen = 0;
    for row in rows.records() {
        let row = row.unwrap();
        seen += 1;
        for (i, cell) in row.iter().enumerate() {
            if i == score {
                assert!(cell.parse::<f64>().is_ok() && !cell.starts_with('+'), "{cell}");
            } else {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '|']), "{cell}");
            }
        }
    }
    assert_eq!(seen, hostile().len());
    assert!(text.contains("'=HYPERLINK") && text.contains("'@SUM(1)"));
}

#[test]
fn facts_about_people_and_oneself_are_added() {
    let folder = Folder::new();
    let facts = folder.file(
        "people.jsonl",
        "{\"profile_url\":\"https://de.linkedin.com/in/Jo-Field/\",\"headline\":\"Growth consultant, appointment setting\"}\n\
         {\"name\":\"karin  öst, ph.d.\",\"mutual_connections\":12}\n",
    );
    let mine = folder.file(
        "me.json",
        r#"{"headline":"Owner of a lead generation agency","services":["Lead generation"]}"#,
    );
    let plain = lines(&run(&["triage", &fixture("2026"), "--json"]).out);
    let run_ = run(&["triage", &fixture("2026"), "--json", "--facts", &facts, "--mine", &mine]);
    assert_eq!((run_.status, run_.err.as_str()), (Some(0), ""));
    let known = lines(&run_.out);
    let differs = |name: &str| {
        plain
            .iter()
            .zip(&known)
            .any(|(a, b)| a["from"]["name"] == name && a["rows"] != b["rows"])
    };
    assert!(differs("Jo Field") && differs("Karin Öst, Ph.D."));
    let quoted = known
        .iter()
        .any(|line| Value::from(line.clone()).to_string().contains("sender.headline"));
    assert!(quoted);

    let bad = folder.file(
        "bad.jsonl",
        "{\"name\":\"Ann\",\"headlin\":\"x\"}\n\n{\"headline\":\"x\"}\n{\"name\":\"Bo\"}\n{\"name\":\"bo\"}\n\
         {\"profile_url\":\"https://example.org\"}\n{\n",
    );
    let run_ = run(&["triage", &fixture("2026"), "--facts", &bad, "--json"]);
    assert_eq!((run_.status, lines(&run_.out).len()), (Some(1), plain.len()));
    for (line, part) in [
        (1, "headlin"),
        (3, "profile_url"),
        (5, "line 4"),
        (6, "example.org"),
        (7, "EOF"),
    ] {
        let told = run_
            .err
            .lines()
            .any(|l| l.contains(&format!("bad.jsonl:{line}: ")) && l.contains(part));
        assert!(told, "{line} {part}\n{}", run_.err);
    }
    let bad_mine = folder.file("bad.json", "{\"headlin\": 1}");
    let run_ = run(&["triage", &fixture("2026"), "--mine", &bad_mine]);
    assert!(run_.status == Some(1) && run_.err.contains("line 1"), "{}", run_.err);
}

#[test]
fn what_was_taught_from_its_output_is_used_the_next_time() {
    let folder = Folder::new();
    let before = run(&["triage", &fixture("2026"), "--json"]).out;
    let declined = lines(&before)
        .into_iter()
        .find(|line| line["decision"] == "decline" && line["from"]["profile_url"].is_string());
    let id = declined.unwrap()["id"].as_str().unwrap().to_owned();
    let verdicts = folder.file("verdicts.jsonl", &before);
    let preferences = folder.path().join("preferences.toml");
    let preferences = preferences.to_str().unwrap();
    let taught = run(&[
        "teach",
        &id,
        "accept",
        "--preferences",
        preferences,
        "--from",
        &verdicts,
    ]);
    assert_eq!(taught.status, Some(0), "{}", taught.err);
    assert!(
        fs::read_to_string(preferences)
            .unwrap()
            .contains("https://www.linkedin.com/in/")
    );
    let after = run(&["triage", &fixture("2026"), "--json", "--preferences", preferences]);
    for (line, earlier) in lines(&after.out).iter().zip(lines(&before)) {
        let expected = if line["id"] == id.as_str() {
            "accept"
        } else {
            earlier["decision"].as_str().unwrap()
        };
        assert_eq!(line["decision"], expected);
        assert_eq!(line["rows"], earlier["rows"]);
    }
    let (_, html) = page_of(&folder, &fixture("2026"), &["--preferences", preferences]);
    assert_eq!(html.matches("\"b\":\"").count(), 1);
}

#[test]
fn wrong_archives_and_outputs_are_told() {
    let folder = Folder::new();
    let text = folder.file("notes.txt", "hello");
    for path in [text.as_str(), "nowhere.zip"] {
        let run = run(&["triage", path]);
        assert!(
            run.status == Some(1) && run.err.contains(path) && run.out.is_empty(),
            "{}",
            run.err
        );
    }
    let run_ = run(&["triage", &fixture("2026"), "--me", "Somebody Else"]);
    assert!(
        run_.status == Some(1) && run_.err.contains("Somebody Else"),
        "{}",
        run_.err
    );

    let path = archive::write(&folder.path().join("a"), hostile());
    let zip = archive::zipped(Path::new(&path), &folder.path().join("a.zip"));
    let before = fs::read(&zip).unwrap();
    let inside = format!("{path}/messages.csv");
    for (archive, option, output) in [(&zip, "--html", &zip), (&path, "--csv", &inside)] {
        let run = run(&["triage", archive, option, output]);
        assert!(
            run.status == Some(1) && run.err.contains("would be overwritten"),
            "{}",
            run.err
        );
    }
    assert_eq!(fs::read(&zip).unwrap(), before);
    let run_ = run(&["triage", &path, "--html", "/nowhere/report.html"]);
    assert!(
        run_.status == Some(1) && run_.err.contains("cannot write `/nowhere/report.html`"),
        "{}",
        run_.err
    );
}

#[test]
fn copies_in_an_archive_are_campaigns() {
    let folder = Folder::new();
    let path = archive::write(&folder.path().join("a"), hostile());
    let zip = archive::zipped(Path::new(&path), &folder.path().join("a.zip"));
    let [of_folder, of_zip] = [&path, &zip].map(|archive| run(&["campaigns", archive, "--json"]).out);
    assert_eq!(of_folder, of_zip);
    let found = lines(&of_folder);
    let copies = found.iter().find(|c| c["ids"].as_array().unwrap().len() == 2).unwrap();
    assert_eq!(copies["ids"], serde_json::json!(["messages.csv:4", "messages.csv:6"]));
    assert_eq!(copies["senders"], 2);
    assert!(run(&["triage", &path]).out.contains("Copies of one template"));
}

fn page_of(folder: &Folder, archive: &str, options: &[&str]) -> (std::path::PathBuf, String) {
    let page = folder.path().join("report.html");
    let mut args = vec!["triage", archive, "--html", page.to_str().unwrap()];
    args.extend(options);
    let run = run(&args);
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let html = fs::read_to_string(&page).unwrap();
    (page, html)
}

#[test]
fn nothing_of_the_archive_is_markup() {
    let folder = Folder::new();
    let path = archive::write(&folder.path().join("a"), hostile());
    let (_, html) = page_of(&folder, &path, &[]);
    assert!(html.contains("default-src 'none'"));
    // The script, and two elements of data.
    assert_eq!(html.matches("<script").count(), 3);
    assert_eq!(html.matches("</script").count(), 3);
    for never in [
        "<img",
        "<!--",
        "onerror=\"",
        "\u{202e}",
        "\u{2066}",
        "\u{2028}",
        "\u{2029}",
        "href=\"java",
        "src=\"",
    ] {
        assert!(!html.contains(never), "{never:?}");
    }
    assert!(html.contains("\\u003c/script>") && html.contains("&lt;/script&gt;"));
}

#[test]
fn a_page_is_bounded_and_counts_all() {
    let folder = Folder::new();
    let texts: Vec<(String, String, String)> = (0..10_000)
        .map(|i| {
            let at = format!("20{:02}-{:02}-{:02} 08:00:00 UTC", 10 + i % 16, 1 + i % 12, 1 + i % 28);
            let url = format!("https://www.linkedin.com/in/p{}", i % 700);
            (
                url,
                at,
                format!(
                    "Hello Marta, number {i} here: {}",
                    if i % 3 == 0 { PITCH } else { "see you on Monday." }
                ),
            )
        })
        .collect();
    let mails = texts.iter().map(|(url, at, text)| Mail {
        name: "Ann Lund",
        url,
        at,
        subject: "",
        text,
    });
    let path = archive::write(&folder.path().join("a"), mails);
    let entries = |html: &str| html.lines().filter(|line| line.starts_with("{\"i\":")).count();
    let (_, html) = page_of(&folder, &path, &[]);
    assert_eq!(entries(&html), 10_000);
    assert!(html.len() < 16 << 20, "{}", html.len());
    assert!(html.contains("10,000 incoming messages"));
    let (_, html) = page_of(&folder, &path, &["--page-messages", "100"]);
    assert_eq!(entries(&html), 100);
    assert!(html.contains("10,000 incoming messages") && html.contains("9,900 older ones"));
}

#[test]
fn the_page_works_in_a_browser_and_asks_for_nothing() {
    let Some(program) = chromium() else {
        eprintln!("skipped: there is no Chromium in PATH; name one in HUCKSTER_CHROMIUM to run this test");
        return;
    };
    let folder = Folder::new();
    let path = archive::write(&folder.path().join("a"), hostile());
    let (page, _) = page_of(&folder, &path, &[]);
    let counts = lines(&run(&["triage", &path, "--json"]).out);
    let declined = counts.iter().filter(|line| line["decision"] == "decline").count();
    assert!(declined > 0 && declined < counts.len());

    let mut browser = Browser::start(&program, folder.path());
    let url = browser.open(&page);
    assert_eq!(browser.ask("document.querySelectorAll('.row').length"), counts.len());

    // A filter.
    browser.ask("document.querySelector('[data-kind=decline]').click()");
    assert_eq!(browser.ask("document.querySelectorAll('.row').length"), declined);
    assert_eq!(
        browser.ask("document.querySelector('[data-kind=decline]').getAttribute('aria-pressed')"),
        "true"
    );
    browser.ask("document.querySelector('[data-kind=all]').click()");

    // Every message: its text in place, and rows that add up.
    for line in &counts {
        let place = format!(
            "{}, row {}",
            line["source"]["file"].as_str().unwrap(),
            line["source"]["row"]
        );
        browser.ask(&format!(
            "[...document.querySelectorAll('.row')].find((row) => {{ row.click(); return \
             document.querySelector('.detail .meta').textContent.includes('{place}'); }}) !== undefined"
        ));
        let sum = browser.ask("document.querySelector('#sum').textContent");
        let sum: f64 = sum.as_str().unwrap().replace('−', "-").parse().unwrap();
        let rows = browser.ask(
            "[...document.querySelectorAll('.evidence tbody td:first-child')].reduce((sum, td) => sum + \
             Math.round(1000 * Number(td.textContent.replace('−', '-'))), 0) / 1000",
        );
        assert!((sum - line["score"].as_f64().unwrap()).abs() < 1e-9, "{place} {sum}");
        assert!((sum - rows.as_f64().unwrap()).abs() < 1e-9, "{place} {rows}");
    }

    // What it would take is said of every pitch.
    browser.ask("document.querySelector('[data-kind=decline]').click()");
    browser.ask("document.querySelector('.row').click()");
    let flip = browser.ask("document.querySelector('.flip').textContent");
    assert!(flip.as_str().unwrap().starts_with("Would be "), "{flip}");
    browser.ask("document.querySelector('[data-kind=all]').click()");

    // Places are where they should be although a rocket is two units.
    browser.ask("document.querySelector('#search').value = 'bumping'; document.querySelector('#search').dispatchEvent(new Event('input'))");
    assert_eq!(browser.ask("document.querySelectorAll('.row').length"), 1);
    let text = browser.ask("document.querySelector('.detail .text').textContent");
    assert_eq!(text, "Just bumping this, Marta 🚀 Worth a quick call?");
    let marks = browser.ask("[...document.querySelectorAll('.detail mark')].map((mark) => mark.textContent).join('')");
    assert!(marks.as_str().unwrap().contains("quick call"), "{marks}");
    // Both messages of this sender.
    assert_eq!(browser.ask("document.querySelectorAll('.history button').length"), 2);

    // Markup is text.
    browser.ask("document.querySelector('#search').value = 'img'; document.querySelector('#search').dispatchEvent(new Event('input'))");
    let text = browser.ask("document.querySelector('.detail .text').textContent");
    assert!(
        text.as_str().unwrap().starts_with("Look: </script><img src=x"),
        "{text}"
    );
    assert_eq!(browser.ask("typeof window.harmed"), "undefined");
    assert_eq!(
        browser.ask("document.querySelectorAll('img, iframe, object, link, form').length"),
        0
    );
    assert_eq!(
        browser.ask("[...document.querySelectorAll('a')].every((a) => /^(#|https:\\/\\/www\\.linkedin\\.com\\/in\\/)/.test(a.getAttribute('href')))"),
        true
    );

    // The keyboard alone.
    browser.ask("document.querySelector('#search').value = ''; document.querySelector('#search').dispatchEvent(new Event('input'))");
    browser.ask("document.querySelector('.row').focus()");
    let first = browser.ask("document.querySelector('.detail .meta').textContent");
    browser.press("ArrowDown");
    assert_ne!(
        browser.ask("document.querySelector('.detail .meta').textContent"),
        first
    );
    assert_eq!(browser.ask("document.activeElement.classList.contains('row')"), true);
    browser.press("/");
    assert_eq!(browser.ask("document.activeElement.id"), "search");

    // Every part can be reached, and a campaign leads to its copies.
    let parts = browser.ask("[...document.querySelectorAll('#tabs button')].map((b) => b.dataset.tab).join()");
    assert_eq!(parts, "messages,senders,campaigns,charts,reading");
    for part in ["senders", "campaigns", "charts", "reading"] {
        browser.ask(&format!("document.querySelector('[data-tab={part}]').click()"));
        assert_eq!(
            browser.ask(&format!("document.querySelector('#{part}').offsetHeight > 0")),
            true
        );
    }
    browser.ask("document.querySelector('.campaign button').click()");
    assert_eq!(browser.ask("document.querySelectorAll('.row').length"), 2);
    let unnamed = browser.ask(
        "[...document.querySelectorAll('button, input, select')].filter((e) => !(e.textContent.trim() || \
         e.getAttribute('aria-label'))).length",
    );
    assert_eq!(unnamed, 0);

    assert_eq!(browser.complaints, Vec::<String>::new());
    assert_eq!(browser.requests, [url]);
}
