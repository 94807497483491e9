//! Fleet groups: what they share and may spend, on our own paths and on Petit Monde's.

use gloo_net::http::Method;
use leptos::prelude::window;
use portal_api::{
    path,
    petit_monde::group::{BulkTokens, Group, GroupChange, MadeTokens, NewGroup, Usage},
    portal::groups::{
        ChargePage, GroupPage, GroupToken, Member, MemberChange, MemberPage, MyGroups, NewMember,
        TokenChange, TokenPage,
    },
    problem::Code,
    query::groups::GroupQuery,
    time::{Day, Month},
};

use super::{
    Answer, Problem, Result, get, in_path, make,
    once::{is_nothing_done, once},
    send, with_query, written,
};
use crate::json;

/// The groups somebody is in, with what is left to spend.
pub async fn mine() -> Result<Answer<MyGroups>> {
    get(path::GROUPS).await
}

/// All that a group's page shows above its lists.
pub async fn page(id: String) -> Result<Answer<GroupPage>> {
    get(&path::group(in_path(&id))).await
}

/// Some of the charges on a group's account, the newest first.
pub async fn charges(id: &str, query: &GroupQuery) -> Result<Answer<ChargePage>> {
    let path = path::group_charges(in_path(id));
    get(&with_query(&path, &query.parameters())).await
}

/// Some of a group's members, by name.
pub async fn members(id: &str, query: &GroupQuery) -> Result<Answer<MemberPage>> {
    let path = path::group_members(in_path(id));
    get(&with_query(&path, &query.parameters())).await
}

/// Takes somebody into a group.
pub async fn add_member(id: &str, new: &NewMember, key: &str) -> Result<Member> {
    make(&path::group_members(in_path(id)), key, new).await
}

/// Says whether somebody looks after a group.
pub async fn change_member(id: &str, person: &str, change: &MemberChange) -> Result<Member> {
    let path = path::group_member(in_path(id), in_path(person));
    let reply = send(Method::PATCH, &path, Some(written(change)?)).await?;
    reply.read().map(|answer| answer.value)
}

/// Takes somebody out of a group.
pub async fn remove_member(id: &str, person: &str) -> Result<()> {
    let path = path::group_member(in_path(id), in_path(person));
    send(Method::DELETE, &path, None).await.map(drop)
}

/// Some of a group's tokens, in the order they were made.
pub async fn tokens(id: &str, query: &GroupQuery) -> Result<Answer<TokenPage>> {
    let path = path::group_tokens(in_path(id));
    get(&with_query(&path, &query.parameters())).await
}

/// Says what is written on a token, and where it lies.
pub async fn change_token(id: &str, token: &str, change: &TokenChange) -> Result<GroupToken> {
    let path = path::group_token(in_path(id), in_path(token));
    let reply = send(Method::PATCH, &path, Some(written(change)?)).await?;
    reply.read().map(|answer| answer.value)
}

/// Says that a token is lost; said twice, it is lost once.
pub async fn lose_token(id: &str, token: &str) -> Result<GroupToken> {
    let path = path::lost_token(in_path(id), in_path(token));
    let reply = send(Method::POST, &path, None).await?;
    reply.read().map(|answer| answer.value)
}

/// Makes a token in a token's place.
pub async fn replace_token(id: &str, token: &str, key: &str) -> Result<GroupToken> {
    let path = path::replace_token(in_path(id), in_path(token));
    make(&path, key, &()).await
}

/// Makes tokens, in our own store or `elsewhere`.
pub async fn make_tokens(
    id: &str,
    asked: &BulkTokens,
    key: &str,
    elsewhere: bool,
) -> Result<MadeTokens> {
    let path = path::bulk_tokens(in_path(id));
    let left = window().navigator().on_line();
    let said = once(&path, key, written(asked)?).await?;
    let said = said.ok_or_else(|| Problem::Offline.of_change(left))?;
    if said.is_yes() {
        return json::read(&said.body).map_err(|_| Problem::Unreadable);
    }
    let problem = said.problem();
    Err(match elsewhere {
        true => not_made(said.status, &said.body, problem),
        false => problem,
    })
}

/// Why another system made no tokens, or that nobody knows whether it made them.
fn not_made(status: u16, body: &str, problem: Problem) -> Problem {
    match problem {
        _ if is_nothing_done(body) => Problem::Upstream { wait: None },
        // Our own server turned it away before it asked anybody.
        Problem::Upstream { wait: Some(_) } => problem,
        _ if status >= 500 => Problem::Refused {
            code: Code::Unsure,
            field: None,
        },
        problem => problem,
    }
}

/// Makes a group.
pub async fn make_group(new: &NewGroup, key: &str) -> Result<Group> {
    make(path::FLEET_GROUPS, key, new).await
}

/// Changes a group's name and limits.
pub async fn change(id: &str, change: &GroupChange) -> Result<Group> {
    let path = path::fleet_group(in_path(id));
    let reply = send(Method::PATCH, &path, Some(written(change)?)).await?;
    reply.read().map(|answer| answer.value)
}

/// Who charged what in a month.
pub async fn usage(id: &str, month: Month) -> Result<Answer<Usage>> {
    let parameters = [("month", month.to_string())];
    get(&with_query(&path::fleet_usage(in_path(id)), &parameters)).await
}

/// Where the table of all that was booked in some days is.
pub fn report_path(from: Day, to: Day) -> String {
    let parameters = [
        ("period_start", from.to_string()),
        ("period_end", to.to_string()),
    ];
    with_query(path::FLEET_REPORT, &parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_tokens_made_elsewhere_nobody_knows_unless_it_is_said() {
        let unsure = || Problem::Refused {
            code: Code::Unsure,
            field: None,
        };
        let down = |wait| Problem::Upstream { wait };
        let nothing = r#"{"error":"nothing was done: the system is not available"}"#;
        let lost = r#"{"error":"nobody knows whether the tokens were made"}"#;
        for (status, body, told, problem) in [
            (503, nothing, down(Some(5)), down(None)),
            (403, nothing, Problem::Missing, down(None)),
            (503, lost, down(None), unsure()),
            (504, "<html>", down(None), unsure()),
            (500, lost, Problem::Server { request: None }, unsure()),
            (503, lost, down(Some(5)), down(Some(5))),
            (400, lost, Problem::Missing, Problem::Missing),
        ] {
            assert_eq!(not_made(status, body, told), problem, "{status} {body}");
        }
    }
}
