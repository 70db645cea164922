//! What to do instead, for rules that carry no advice of their own.

use super::Kind;

/// The advice for a group, or for what the finding is about if the group is the caller's own.
pub(super) fn of_group(group: &str, kind: Kind) -> &'static str {
    match group {
        "offer" => "Leave what you sell out of a first message, and say why you write to this one person.",
        "claim" => "Keep results and references for when they ask; here they cannot be checked.",
        "bait" => "Offer material once you know that they want it.",
        "ask" => "Ask one small thing that can be answered in a line; a call can come later.",
        "probe" => "Ask about their work only if you want to hear the answer, and say why you ask.",
        "pretext" => "Say what exactly you saw and what you made of it, or leave it out.",
        "pressure" => "Leave them their time; a message without hurry is easier to answer.",
        "trade" => "Ask for no favour in return for another.",
        "persona" => "Your trade often sells to theirs, so say in the first line why you write to this person.",
        "campaign" => "Others have had this text; write this one anew.",
        "wording" => "Write as you would to a colleague: shorter, plainer, one thing at a time.",
        _ => match kind {
            Kind::Generic => "Add a line that could only be meant for this person.",
            Kind::Machine | Kind::Placeholder => {
                "Read it as they will get it, and put right what a program left behind."
            }
            _ => "Say it more plainly, or leave it out.",
        },
    }
}
