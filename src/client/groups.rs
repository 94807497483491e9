//! Fleet groups: what they share and may spend, on our own paths and on Petit Monde's.

use gloo_net::http::Method;
use portal_api::{
    path,
    petit_monde::group::{BulkTokens, Group, GroupChange, MadeTokens, NewGroup, Usage},
    portal::groups::{
        ChargePage, GroupPage, GroupToken, Member, MemberChange, MemberPage, MyGroups, NewMember,
        TokenChange, TokenPage,
    },
    query::groups::GroupQuery,
    time::{Day, Month},
};

use super::{Answer, Result, get, in_path, make, send, with_query, written};

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

/// Makes tokens.
pub async fn make_tokens(id: &str, asked: &BulkTokens, key: &str) -> Result<MadeTokens> {
    make(&path::bulk_tokens(in_path(id)), key, asked).await
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
