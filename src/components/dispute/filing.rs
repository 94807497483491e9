//! Filing a dispute, whoever does it: the form, or what waited for the network.

use portal_api::dynamo::dispute::DisputeRequest;

use crate::client::{self, Problem, Result};

/// A dispute that the server has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Filed {
    /// Its id.
    pub dispute_id: String,
    /// Whether it was there before and is not decided: nothing new was filed.
    pub before: bool,
}

/// Files a dispute. Where there is one about the session that is not decided,
/// that is the one.
pub async fn file(session_id: &str, request: &DisputeRequest, key: &str) -> Result<Filed> {
    let problem = match client::disputes::file(session_id, request, key).await {
        Ok(dispute) => {
            return Ok(Filed {
                dispute_id: dispute.dispute_id,
                before: false,
            });
        }
        Err(problem) => problem,
    };
    if !matches!(problem, Problem::Refused { .. }) {
        return Err(problem);
    }
    match undecided(session_id).await {
        Some(dispute_id) => Ok(Filed {
            dispute_id,
            before: true,
        }),
        None => Err(problem),
    }
}

/// The dispute about a session that is not decided.
async fn undecided(session_id: &str) -> Option<String> {
    let answer = client::dynamo::session(session_id.to_owned()).await.ok()?;
    let decided = answer.value.session.dispute_status?.is_decided();
    answer.value.dispute_id.filter(|_| !decided)
}

/// Whether it may be sent again as it is: the server said nothing for good.
pub const fn may_be_sent_again(problem: &Problem) -> bool {
    !matches!(problem, Problem::Refused { .. } | Problem::Missing)
}
