//! Who is in a group: everybody in it sees that, whoever looks after it decides it.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use portal_api::{
    path,
    portal::{
        events::RESET,
        groups::{Member, MemberChange, MemberPage, NewMember},
    },
};

use super::{Inside, asked, conflict, inside, looked_after};
use crate::{
    App,
    embedded::{charging::feed::News, groups::members},
    http::{Caller, Refusal, Who, body::Sent, idempotency, routes::Routes},
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    let one = path::group_member("{id}", "{person}");
    routes
        .get(&path::group_members("{id}"), Who::SignedIn, list)
        .post(&path::group_members("{id}"), Who::SignedIn, take_in)
        .patch(&one, Who::SignedIn, change)
        .delete(&one, Who::SignedIn, take_out)
}

async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<MemberPage>, Refusal> {
    let Inside { group, admin } = inside(&app, &caller, &id).await?;
    let query = asked(query.as_deref())?;
    let mut reader = app.store.readers().acquire().await?;
    let part = (query.part.limit, query.part.offset);
    let found = members::page(&mut reader, &group.id, query.text.as_deref(), part).await?;
    let (mut members, total) = found;
    if !admin {
        for member in &mut members {
            member.email = None;
        }
    }
    Ok(Json(MemberPage { members, total }))
}

async fn take_in(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Sent(new): Sent<NewMember>,
) -> Result<Response, Refusal> {
    let group = looked_after(&app, &caller, &id).await?;
    let attempt = idempotency::attempt(&caller, "group_member", &headers, &(&id, &new))?;
    let mut work = app.charging.begin().await?;
    let write = &mut work.write;
    if let Some(answer) = idempotency::begin(write, &attempt, 0, work.now).await? {
        return Ok(answer);
    }
    let person_id = members::colleague(write, &group, &new.email).await?;
    let person_id = person_id.ok_or_else(|| {
        Refusal::unprocessable(
            "email",
            "the address of somebody in the group's organisation",
        )
    })?;
    members::add(write, &group.id, &person_id, new.admin, work.now).await?;
    let member = members::find(write, &group.id, &person_id).await?;
    let member = member.ok_or_else(Refusal::internal)?;
    let status = StatusCode::CREATED;
    let response = idempotency::finish(write, &attempt, status, &member).await?;
    work.news.extend(groups_changed(&person_id));
    work.commit().await?;
    tracing::info!(event = "group_member_added");
    Ok(response)
}

async fn change(
    State(app): State<App>,
    caller: Caller,
    Path((id, person_id)): Path<(String, String)>,
    Sent(change): Sent<MemberChange>,
) -> Result<Json<Member>, Refusal> {
    let group = looked_after(&app, &caller, &id).await?;
    let mut write = app.store.write().await?;
    if members::is_admin(&mut write, &group.id, &person_id)
        .await?
        .is_none()
    {
        return Err(Refusal::not_found());
    }
    if !members::set_admin(&mut write, &group.id, &person_id, change.admin).await? {
        return Err(nobody_left());
    }
    let member = members::find(&mut write, &group.id, &person_id).await?;
    write.commit().await?;
    tracing::info!(event = "group_member_changed");
    member.map(Json).ok_or_else(Refusal::not_found)
}

/// Whoever looks after a group takes anybody out, everybody themselves.
async fn take_out(
    State(app): State<App>,
    caller: Caller,
    Path((id, person_id)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let group = if person_id == caller.person.id {
        inside(&app, &caller, &id).await?.group
    } else {
        looked_after(&app, &caller, &id).await?
    };
    let mut work = app.charging.begin().await?;
    let write = &mut work.write;
    if members::is_admin(write, &group.id, &person_id)
        .await?
        .is_none()
    {
        return Err(Refusal::not_found());
    }
    if !members::remove(write, &group.id, &person_id).await? {
        return Err(nobody_left());
    }
    work.news.extend(groups_changed(&person_id));
    work.commit().await?;
    tracing::info!(event = "group_member_removed");
    app.charging.give_up_after_leaving().await?;
    app.letters_waiting.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

/// Their pages show what they may see now, without being loaded again.
fn groups_changed(person_id: &str) -> Option<News> {
    News::of(person_id, RESET, &serde_json::Map::new())
}

fn nobody_left() -> Refusal {
    conflict("somebody has to look after the group")
}
