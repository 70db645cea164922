//! `huckster judge --jsonl`: streams of messages.

#![allow(clippy::unwrap_used)] // A test that cannot go on should fail.

mod common;

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};

use common::{Folder, Run, run, run_with};
use serde_json::Value;

fn jsonl(input: &[u8], args: &[&str]) -> Run {
    run_with(&[&["judge", "--jsonl", "-"], args].concat(), input, &[])
}

fn values(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn verdicts_come_in_order_and_bad_lines_in_their_place() {
    let input = b"{\"id\":\"a\",\"text\":\"Hello\"}\r\n\n   \r\n{\"id\":\"b\",\"txt\":\"x\"}\nnot json\n\xff\xfe\n{\"text\":\"\\ud800\"}\n{\"id\":\"c\",\"text\":\"nul \\u0000 here\"}";
    let Run { status, out, err } = jsonl(input, &[]);
    assert_eq!(status, Some(1));
    assert_eq!(err, "error: 4 of 6 lines could not be judged\n");
    let all = values(&out);
    assert_eq!(all.len(), 6);
    assert_eq!((&all[0]["id"], &all[5]["id"]), (&"a".into(), &"c".into()));
    let errors: Vec<(u64, &str)> = all[1..5]
        .iter()
        .map(|v| (v["line"].as_u64().unwrap(), v["error"].as_str().unwrap()))
        .collect();
    assert_eq!(
        errors[0],
        (4, "column 11: a message has no key `txt`; did you mean `text`?")
    );
    assert_eq!(errors[1].0, 5);
    assert_eq!(errors[2], (6, "byte 1 is not UTF-8"));
    assert_eq!(errors[3].0, 7);
    assert!(out.lines().nth(1).unwrap().starts_with(r#"{"line":4,"error":""#));
    let lenient = jsonl(b"{\"id\":\"b\",\"txt\":\"x\"}\n", &["--lenient"]);
    assert_eq!((lenient.status, lenient.err.as_str()), (Some(0), ""));
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let mut input = String::new();
    for n in 0..1500 {
        match n % 7 {
            3 => input.push('\n'),
            5 => writeln!(input, "{{\"id\": \"{n}\", \"text\": ").unwrap(),
            _ => writeln!(
                input,
                "{{\"id\": \"{n}\", \"text\": \"We help {n} founders. {}\"}}",
                "Thanks! ".repeat(n % 40)
            )
            .unwrap(),
        }
    }
    let one = jsonl(input.as_bytes(), &["--threads", "1"]);
    assert_eq!(
        values(&one.out).len(),
        1500 - 1500_usize.div_ceil(7) + usize::from(1500 % 7 <= 3)
    );
    for threads in ["2", "3", "16"] {
        let many = jsonl(input.as_bytes(), &["--threads", threads]);
        assert!(many.out == one.out, "{threads} threads");
        assert_eq!((many.status, many.err), (one.status, one.err.clone()));
    }
    assert!(jsonl(input.as_bytes(), &[]).out == one.out);
}

#[test]
fn a_file_and_standard_input_give_the_same() {
    let folder = Folder::new();
    let lines = "\u{feff}{\"text\":\"Hello\"}\n{\"text\":\"Worth a call?\"}\n";
    let path = folder.file("lines.jsonl", lines);
    let from_file = run(&["judge", "--jsonl", &path]);
    assert_eq!(from_file.status, Some(0), "{}", from_file.err);
    assert_eq!(from_file.out, jsonl(lines.as_bytes(), &[]).out);
    assert_eq!(values(&from_file.out).len(), 2);
    assert_eq!(jsonl(b"", &[]).out, "");
}

#[test]
fn a_huge_line_is_a_line() {
    let text = "a quick call? ".repeat(100_000);
    let input = format!("{{\"id\":\"1\",\"text\":\"{text}\"}}\n{{\"id\":\"2\",\"text\":\"Hi\"}}\n");
    let Run { status, out, .. } = jsonl(input.as_bytes(), &[]);
    assert_eq!(status, Some(0));
    let all = values(&out);
    assert_eq!((&all[0]["truncated"], &all[1]["id"]), (&true.into(), &"2".into()));
}

#[test]
fn each_line_is_answered_before_the_next_comes() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_huckster"))
        .args(["judge", "--jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for id in ["a", "b", "c"] {
        writeln!(input, "{{\"id\":\"{id}\",\"text\":\"Hello\"}}").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["id"], id);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_closed_pipe_ends_quietly_although_input_goes_on() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_huckster"))
        .args(["judge", "--jsonl", "-", "--threads", "4"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    drop(child.stdout.take());
    // One line, and then the input stays open: the binary must not wait for it.
    writeln!(input, "{{\"text\":\"Hello\"}}").unwrap();
    let status = child.wait().unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
    drop(input);
}
