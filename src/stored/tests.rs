use super::Stored;
use crate::{RuleSet, Scorer};

/// What the rule files give.
fn fresh() -> Vec<u8> {
    let scorer = Scorer::builder().rules(RuleSet::builtin()).build().unwrap();
    scorer.to_stored(&RuleSet::builtin())
}

#[test]
fn the_file_is_what_the_rule_files_give() {
    let fresh = fresh();
    if std::env::var_os("UPDATE_COMPILED").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/compiled.bin");
        std::fs::write(path, &fresh).unwrap();
        return;
    }
    let kept = crate::scorer::COMPILED;
    let same = fresh.iter().zip(kept).take_while(|(a, b)| a == b).count();
    assert!(
        fresh == kept,
        "rules/compiled.bin ({} bytes) is not what the rule files give ({} bytes) from byte {same} on; \
         make it again with `UPDATE_COMPILED=1 cargo test --lib stored`",
        kept.len(),
        fresh.len()
    );
}

#[test]
fn what_is_read_back_judges_alike_and_has_the_same_identity() {
    let built = Scorer::builder().rules(RuleSet::builtin()).build().unwrap();
    let read = Scorer::from_stored(&fresh()).unwrap();
    assert_eq!(format!("{:?}", built.provenance()), format!("{:?}", read.provenance()));
    assert_eq!(built.patterns(), read.patterns());
    let ids = |scorer: &Scorer| scorer.rules().map(|r| format!("{r:?}")).collect::<Vec<_>>();
    assert_eq!(ids(&built), ids(&read));
    assert_eq!(built.model().to_toml(), read.model().to_toml());
    for rule in RuleSet::builtin().rules() {
        for message in rule.hits().chain(rule.misses()) {
            let verdicts = [&built, &read].map(|s| format!("{:?}", s.judge(message.clone())));
            assert_eq!(verdicts[0], verdicts[1], "{message:?}");
        }
    }
}

#[test]
fn kept_fingerprints_are_those_of_the_models() {
    let set = RuleSet::get(&mut &*crate::scorer::COMPILED).unwrap();
    let files = RuleSet::builtin();
    assert!(!set.wording_models().is_empty());
    for (read, made) in set.wording_models().iter().zip(files.wording_models()) {
        assert_eq!(read.fingerprint, read.fingerprint_anew());
        assert_eq!(read.fingerprint, made.fingerprint);
    }
}

#[test]
fn numbers_come_back() {
    for n in [0, 1, 126, 127, 128, 16_382, 16_383, 1 << 21, u32::MAX - 1, u32::MAX] {
        let mut out = Vec::new();
        n.put(&mut out);
        let rest = &mut &out[..];
        assert_eq!((u32::get(rest), rest.len()), (Some(n), 0));
    }
    assert_eq!(u32::get(&mut &[0x80; 9][..]), None);
}

#[test]
fn what_was_cut_short_is_not_read() {
    let fresh = fresh();
    for len in [0, 1, 100, fresh.len() / 2, fresh.len() - 1] {
        assert!(Scorer::from_stored(&fresh[..len]).is_none(), "{len}");
    }
}
