//! What both dialects answer in the same words.

use serde_json::{Value, json};

use super::message::{Reply, TagStatus};

/// How often a charge point says that it lives, in seconds.
const HEARTBEAT: i64 = 30;

/// The answer to a call that both know; none to any other.
pub(super) fn shared(action: &str, reply: &Reply) -> Option<Value> {
    let now = reply.now.to_string();
    Some(match action {
        "BootNotification" => {
            json!({ "currentTime": now, "interval": HEARTBEAT, "status": "Accepted" })
        }
        "Heartbeat" => json!({ "currentTime": now }),
        "DataTransfer" => json!({ "status": "UnknownVendorId" }),
        _ => return None,
    })
}

/// Whether a tag may charge, and what it has in common with others, written for the
/// dialect, which has its own word where there is no credit.
pub(super) fn tag_info(
    reply: &Reply,
    no_credit: &str,
    (name, parent): (&str, impl FnOnce(&str) -> Value),
) -> Value {
    let status = match reply.tag {
        TagStatus::Accepted => "Accepted",
        TagStatus::Unknown => "Invalid",
        TagStatus::Blocked => "Blocked",
        TagStatus::NoCredit => no_credit,
    };
    let mut info = json!({ "status": status });
    if let Some(tag) = &reply.parent_tag {
        info[name] = parent(tag);
    }
    info
}
