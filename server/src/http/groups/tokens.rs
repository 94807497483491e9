//! What a group shares: everybody in it sees the tokens and says which is lost; whoever
//! looks after it names and replaces them.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use portal_api::{
    path,
    petit_monde::group::{TokenKind, TokenStatus},
    portal::groups::{BlockedFor, GroupToken, TokenChange, TokenPage},
    time::Instant,
};

use super::{Inside, asked, checked_label, conflict, inside, looked_after, looked_after_elsewhere};
use crate::{
    App,
    embedded::groups::{
        letters,
        tokens::{self, Record},
    },
    http::{Caller, Refusal, Who, body::Sent, idempotency, routes::Routes},
    mail::words::TokenLost,
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(&path::group_tokens("{id}"), Who::SignedIn, list)
        .patch(&path::group_token("{id}", "{token}"), Who::SignedIn, change)
        .post(&path::lost_token("{id}", "{token}"), Who::SignedIn, lose)
        .post(
            &path::replace_token("{id}", "{token}"),
            Who::SignedIn,
            replace,
        )
}

/// A token as it is told to somebody in its group: what a card's chip says is no
/// business of those who only carry it.
fn told(record: Record, admin: bool) -> GroupToken {
    let token = record.token;
    let shown = token.kind == TokenKind::Virtual && token.status == TokenStatus::Active;
    GroupToken {
        id: token.id,
        uid: (admin || shown).then_some(token.uid),
        kind: token.kind,
        status: token.status,
        label: token.label.unwrap_or_default(),
        vehicle: record.vehicle,
        blocked_at: record.blocked,
        reason: record.reason.as_deref().map(BlockedFor::of_word),
        replaced_by: record.replaced_by,
        created_at: token.created_at.unwrap_or(Instant::from_millis(0)),
    }
}

async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<TokenPage>, Refusal> {
    let Inside { group, admin } = inside(&app, &caller, &id).await?;
    let query = asked(query.as_deref())?;
    let mut reader = app.store.readers().acquire().await?;
    let part = (query.part.limit, query.part.offset);
    let found = tokens::page(&mut reader, &group.id, query.status.as_ref(), part).await?;
    let (records, total) = found;
    let tokens = records.into_iter().map(|record| told(record, admin));
    Ok(Json(TokenPage {
        tokens: tokens.collect(),
        total,
    }))
}

async fn change(
    State(app): State<App>,
    caller: Caller,
    Path((id, token_id)): Path<(String, String)>,
    Sent(change): Sent<TokenChange>,
) -> Result<Json<GroupToken>, Refusal> {
    let group = looked_after(&app, &caller, &id).await?;
    let label = checked_label("label", &change.label)?;
    let vehicle = change.vehicle.as_deref().map(str::trim);
    let vehicle = vehicle.filter(|vehicle| !vehicle.is_empty());
    let vehicle = vehicle
        .map(|text| checked_label("vehicle", text))
        .transpose()?;
    let mut write = app.store.write().await?;
    tokens::change(&mut write, &group.id, &token_id, &label, vehicle.as_deref()).await?;
    let record = tokens::find(&mut write, &group.id, &token_id).await?;
    write.commit().await?;
    let record = record.ok_or_else(Refusal::not_found)?;
    Ok(Json(told(record, true)))
}

/// Said twice, it is lost once. A real Petit Monde can't be told: it takes the token until
/// somebody blocks it there, as whoever looks after the group is told.
async fn lose(
    State(app): State<App>,
    caller: Caller,
    Path((id, token_id)): Path<(String, String)>,
) -> Result<Json<GroupToken>, Refusal> {
    let Inside { group, admin } = inside(&app, &caller, &id).await?;
    let person = &caller.person;
    let now = app.clock.now();
    let mut write = app.store.write().await?;
    let by = (&person.id[..], "lost");
    let worked = tokens::block(&mut write, &group, &token_id, by, now).await?;
    let record = tokens::find(&mut write, &group.id, &token_id).await?;
    let record = record.ok_or_else(Refusal::not_found)?;
    if worked {
        let lost = TokenLost {
            label: record.token.label.as_deref().unwrap_or_default(),
            by: &person.name,
            elsewhere: app.elsewhere.is_some(),
        };
        letters::token_lost(&mut write, &group, lost, &app.config.portal_url(), now).await?;
    }
    write.commit().await?;
    if worked {
        tracing::info!(event = "group_token_lost");
        app.letters_waiting.notify_one();
    }
    Ok(Json(told(record, admin)))
}

async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path((id, token_id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let group = looked_after(&app, &caller, &id).await?;
    looked_after_elsewhere(&app)?;
    let attempt = idempotency::attempt(&caller, "group_token", &headers, &(&id, &token_id))?;
    let now = app.clock.now();
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, &attempt, 0, now).await? {
        return Ok(answer);
    }
    let old = tokens::find(&mut write, &group.id, &token_id).await?;
    let old = old.ok_or_else(Refusal::not_found)?;
    let new = tokens::replace(&mut write, &group, &old, attempt.person_id, now).await?;
    let new = new.ok_or_else(|| conflict("the token has been replaced"))?;
    let status = StatusCode::CREATED;
    let response = idempotency::finish(&mut write, &attempt, status, &told(new, true)).await?;
    write.commit().await?;
    tracing::info!(event = "group_token_replaced");
    Ok(response)
}
