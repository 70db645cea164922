//! tmp
use std::io::{self, BufRead, Write};
fn main() {
    let s = match huckster::Scorer::builder().rules(huckster::RuleSet::builtin()).build() { Ok(s) => s, Err(e) => { eprintln!("{e}"); std::process::exit(1) } };
    eprintln!("{s:?} {:?}", s.automaton());
    let mut scratch = s.scratch();
    let mut out = io::BufWriter::new(io::stdout());
    for l in io::stdin().lock().lines() {
        let v: serde_json::Value = serde_json::from_str(&l.unwrap()).unwrap();
        let mut m = huckster::Message::text(v["text"].as_str().unwrap_or("").to_string());
        if v["channel"]=="invitation"||v["channel"]=="invite" { m.channel = huckster::Channel::Invitation; }
        let verdict = s.judge_with(&mut scratch, &m).to_verdict();
        let rows: Vec<_> = verdict.rows.iter().map(|r| (r.rule().unwrap_or(match r { huckster::Row::Saturation{group,..} => group, _ => "prior"}).to_string(), r.contribution().as_f64(), r.evidence().iter().map(|e| match e { huckster::Evidence::Text{excerpt,..} => excerpt.clone(), _ => String::new() }).collect::<Vec<_>>())).collect();
        writeln!(out, "{}", serde_json::json!({"id": v["id"], "label": v["label"], "lang": v["lang"], "kind": v.get("subtype").or(v.get("kind")), "text": v["text"], "score": verdict.score.as_f64(), "decision": verdict.decision.to_string(), "reasons": format!("{:?}", verdict.review_reasons), "rows": rows})).unwrap();
    }
}
