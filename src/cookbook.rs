//! Complete programs for common tasks. Each is a file in `examples/`, so it is compiled and run with the tests.
//!
//! | task | program |
//! | --- | --- |
//! | judge a text | `cargo run --example judge_text` |
//! | judge with sender, recipient, timing and thread | `cargo run --example judge_full` |
//! | write a detector and test it with the kit | `cargo run --all-features --example custom_detector` |
//! | lay a rule file of one's own over the built-in set | `cargo run --example custom_rules` |
//! | judge an inbox over threads, one scratch each | `cargo run --all-features --example inbox_batch` |
//! | verdicts as JSON, what would change them, why a rule was silent | `cargo run --all-features --example explain_json` |
//! | weigh the same findings by two models | `cargo run --example compare_models` |
//! | measure the rules on labelled messages | `cargo run --release --all-features --example evaluate_rules` |
//! | fit weights to labelled messages | `cargo run --release --all-features --example fit_weights` |
