//! Fleet groups in Petit Monde's shapes; `report`: all that was booked, as a table.
//! `elsewhere`: where a real Petit Monde makes the tokens.

mod elsewhere;
mod report;

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use portal_api::{
    decimal::Decimal,
    money::Currency,
    path,
    petit_monde::group::{
        BulkTokens, Group, GroupChange, Groups, MOST_TOKENS, MadeTokens, NewGroup, TokenKind, Usage,
    },
    portal::groups::LABEL_LONGEST,
};

use super::{
    Caller, Refusal, Who,
    body::Sent,
    groups::{asked, checked_label, inside, looked_after, looked_after_elsewhere, mine},
    idempotency,
    routes::Routes,
};
use crate::{
    App,
    embedded::groups::{self, limits, members, reading, tokens, usage},
};

/// What comes after a label's beginning: a number of so many digits at most.
const DIGITS: usize = 6;

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(path::FLEET_GROUPS, Who::SignedIn, list)
        .post(path::FLEET_GROUPS, Who::SignedIn, make)
        .get(&path::fleet_group("{id}"), Who::SignedIn, one)
        .patch(&path::fleet_group("{id}"), Who::SignedIn, change)
        .get(&path::fleet_usage("{id}"), Who::SignedIn, show_usage)
        .post(&path::bulk_tokens("{id}"), Who::SignedIn, mint)
        .get(path::FLEET_REPORT, Who::SignedIn, report::export)
}

async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Groups>, Refusal> {
    let mine = mine(&app, &caller).await?;
    let mut reader = app.store.readers().acquire().await?;
    let now = app.clock.now();
    let mut all = Vec::new();
    for named in mine {
        if let Some(group) = groups::find(&mut reader, &named.id).await? {
            all.push(reading::as_documented(&mut reader, &group, now).await?);
        }
    }
    Ok(Json(Groups { groups: all }))
}

async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Group>, Refusal> {
    let group = inside(&app, &caller, &id).await?.group;
    let mut reader = app.store.readers().acquire().await?;
    let group = reading::as_documented(&mut reader, &group, app.clock.now()).await?;
    Ok(Json(group))
}

/// Whoever makes a group looks after it.
async fn make(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Sent(new): Sent<NewGroup>,
) -> Result<Response, Refusal> {
    let organisation_id = caller.person.organisation_id.as_deref();
    let organisation_id = organisation_id.filter(|_| caller.person.makes_groups());
    let organisation_id = organisation_id.ok_or_else(Refusal::forbidden)?;
    looked_after_elsewhere(&app)?;
    let name = checked_label("name", &new.name)?;
    let currency = new
        .currency
        .or(Currency::new("EUR"))
        .ok_or_else(Refusal::internal)?;
    let limits = checked_limits((new.monthly_limit, new.per_session_limit), currency)?;
    let attempt = idempotency::attempt(&caller, "group", &headers, &new)?;
    let now = app.clock.now();
    let new = groups::NewGroup {
        id: None,
        name: &name,
        organisation_id,
        currency,
        monthly_limit: limits.0,
        per_session_limit: limits.1,
        time_zone: groups::USUAL_ZONE,
    };
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, &attempt, 0, now).await? {
        return Ok(answer);
    }
    let made = groups::add(&mut write, &new, now).await?;
    members::add(&mut write, &made.id, attempt.person_id, true, now).await?;
    let made = reading::as_documented(&mut write, &made, now).await?;
    let response = idempotency::finish(&mut write, &attempt, StatusCode::CREATED, &made).await?;
    write.commit().await?;
    tracing::info!(event = "group_made");
    Ok(response)
}

async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(change): Sent<GroupChange>,
) -> Result<Json<Group>, Refusal> {
    let group = looked_after(&app, &caller, &id).await?;
    let name = change.name.as_ref();
    let name = name.map(|name| checked_label("name", name)).transpose()?;
    let limits = match change.limits {
        Some(limits) => {
            looked_after_elsewhere(&app)?;
            let limits = (limits.monthly_limit, limits.per_session_limit);
            Some(checked_limits(limits, group.currency)?)
        }
        None => None,
    };
    let mut write = app.store.write().await?;
    // What isn't named may be changed by somebody else at this moment.
    if let Some(name) = &name {
        groups::rename(&mut write, &group, name).await?;
    }
    if let Some(limits) = limits {
        groups::limit(&mut write, &group, limits).await?;
    }
    let changed = groups::find(&mut write, &id).await?;
    let changed = changed.ok_or_else(Refusal::not_found)?;
    let changed = reading::as_documented(&mut write, &changed, app.clock.now()).await?;
    write.commit().await?;
    tracing::info!(event = "group_changed");
    Ok(Json(changed))
}

/// The limits of a month and of one charge, in the currency's smallest unit.
fn checked_limits(
    (monthly, per_session): (Option<Decimal>, Option<Decimal>),
    currency: Currency,
) -> Result<(Option<i64>, Option<i64>), Refusal> {
    let checked = |name: &'static str, limit: Option<Decimal>| {
        let Some(limit) = limit else {
            return Ok(None);
        };
        let allowed = "an amount of the currency, not below zero, or null";
        groups::minor_limit(limit, currency)
            .map(Some)
            .ok_or_else(|| Refusal::invalid_field(name, allowed))
    };
    Ok((
        checked("monthly_limit", monthly)?,
        checked("per_session_limit", per_session)?,
    ))
}

async fn show_usage(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Usage>, Refusal> {
    let group = looked_after(&app, &caller, &id).await?;
    let month = match asked(query.as_deref())?.month {
        Some(month) => month,
        None => limits::local_day(app.clock.now(), group.time_zone)?.month(),
    };
    let mut reader = app.store.readers().acquire().await?;
    Ok(Json(usage::usage(&mut reader, &group, month).await?))
}

async fn mint(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Sent(asked): Sent<BulkTokens>,
) -> Result<Response, Refusal> {
    let group = looked_after(&app, &caller, &id).await?;
    check_tokens(&asked)?;
    let attempt = idempotency::attempt(&caller, "group_tokens", &headers, &(&id, &asked))?;
    if let Some(elsewhere) = &app.elsewhere {
        return elsewhere::mint(&app, &*elsewhere.system, (&attempt, &group), &asked).await;
    }
    let now = app.clock.now();
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, &attempt, 0, now).await? {
        return Ok(answer);
    }
    let made = tokens::mint(&mut write, &group, &asked, now).await?;
    let made = MadeTokens {
        group_id: id,
        created: asked.count,
        tokens: made.into_iter().map(|record| record.token).collect(),
    };
    let response = idempotency::finish(&mut write, &attempt, StatusCode::CREATED, &made).await?;
    write.commit().await?;
    tracing::info!(event = "group_tokens_made", tokens = made.created);
    Ok(response)
}

fn check_tokens(asked: &BulkTokens) -> Result<(), Refusal> {
    if !(1..=MOST_TOKENS).contains(&asked.count) {
        return Err(Refusal::invalid_field(
            "count",
            "a whole number from 1 to 500",
        ));
    }
    if matches!(asked.kind, TokenKind::Other(_)) {
        return Err(Refusal::invalid_field("type", "RFID or VIRTUAL"));
    }
    let prefix = asked.label_prefix.as_deref().unwrap_or_default();
    let fits = prefix.chars().count() <= LABEL_LONGEST - DIGITS;
    if fits && !prefix.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Refusal::invalid_field(
        "label_prefix",
        "94 characters at most, on one line",
    ))
}
