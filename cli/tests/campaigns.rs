//! `huckster campaigns`.

mod common;

use common::{Folder, run, run_with};
use serde_json::Value;

fn inbox() -> String {
    let names = ["Ana", "Tom", "Wen", "Omar", "Luca"];
    let companies = ["Northgate", "Calder Rail", "Tessel", "Brightwater", "Korvin"];
    let mut lines = String::new();
    for i in 0..5 {
        let text = format!(
            "Hi {}, we fill night shifts for regional clinics and cut agency spend at {} without a new system. Worth a look?",
            names[i], companies[i]
        );
        let message = serde_json::json!({"id": format!("c{i}"), "text": text, "sender": {"name": names[4 - i]},
            "timing": {"sent_at": format!("2026-03-0{}T09:00:0{i}Z", i + 1)}});
        lines += &format!("{message}\n");
        let stock = serde_json::json!({"id": format!("s{i}"), "sender": {"name": names[i]},
            "text": "Since you are a person I trust, I wanted to invite you to join my network on LinkedIn."});
        lines += &format!("{stock}\n");
    }
    lines += "{\"id\": \"g\", \"text\": \"The choir leader lent us her kiln before the summer fair, and our bread oven has not worked since.\"}\n";
    lines
}

#[test]
fn one_object_a_cluster() {
    let folder = Folder::new();
    let file = folder.file("inbox.jsonl", inbox());
    let result = run(&["campaigns", "--json", &file]);
    assert_eq!((result.status, result.err.as_str()), (Some(0), ""));
    let lines: Vec<Value> = result.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(
        lines,
        [serde_json::json!({
            "copies": 5,
            "senders": 5,
            "template": "Hi {name}, we fill night shifts for regional clinics and cut agency spend at {company} without a new system. Worth a look?",
            "first_seen": "2026-03-01T09:00:00Z",
            "last_seen": "2026-03-05T09:00:04Z",
            "ids": ["c0", "c1", "c2", "c3", "c4"],
        })]
    );
    assert_eq!(
        run_with(&["campaigns", "--json", "-"], inbox().as_bytes(), &[]).out,
        result.out
    );
    assert_eq!(run(&["campaigns", "--json", "--min", "6", &file]).out, "");
}

#[test]
fn a_page_to_read() {
    let folder = Folder::new();
    let file = folder.file("inbox.jsonl", inbox());
    let result = run(&["campaigns", &file]);
    assert_eq!(result.status, Some(0));
    for part in [
        "5 copies from 5 senders, 2026-03-01 to 2026-03-05",
        "only name and company differ; sent whole days apart",
        "agency spend at {company}",
        "c0, c1, c2, c3, c4",
        "1 campaign: 5 of 11 messages belong to one",
    ] {
        assert!(result.out.contains(part), "{part}\n{}", result.out);
    }
    assert!(!result.out.contains("s0"), "{}", result.out);
}

#[test]
fn bad_lines_are_named_and_the_rest_is_read() {
    let folder = Folder::new();
    let file = folder.file("inbox.jsonl", format!("{{\"txt\": 1}}\n{}", inbox()));
    let result = run(&["campaigns", "--json", &file]);
    assert_eq!(result.status, Some(1));
    assert!(result.err.contains(":1: "), "{}", result.err);
    assert_eq!(result.out.lines().count(), 1);
    assert_eq!(run(&["campaigns", &file, "--lenient"]).status, Some(0));
    assert_eq!(run(&["campaigns", "no-such-file.jsonl"]).status, Some(1));
    let empty = folder.file("empty.jsonl", "");
    assert_eq!(run(&["campaigns", "--json", &empty]).out, "");
    assert!(
        run(&["campaigns", &empty])
            .out
            .starts_with("0 campaigns: 0 of 0 messages")
    );
}
