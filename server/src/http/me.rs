//! Who is signed in, what they may see, and where else they are signed in.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use portal_api::{
    path,
    portal::{Device, Devices, Me, MeChange, NAME_LONGEST, Tab},
    time::Instant,
};

use super::{
    Caller, Refusal,
    body::Sent,
    caller,
    routes::{Routes, Who},
};
use crate::{
    App,
    embedded::{
        devices, groups,
        people::{self, Role},
    },
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(path::ME, Who::SignedIn, show)
        .patch(path::ME, Who::SignedIn, change)
        .get(path::WHO, Who::Anybody, show_if_anybody)
        .get(path::DEVICES, Who::SignedIn, list_devices)
        .delete(path::DEVICES, Who::SignedIn, end_other_devices)
        .delete(&path::device("{id}"), Who::SignedIn, end_device)
}

/// What the portal is told about whoever is signed in.
pub(super) async fn of(app: &App, caller: &Caller) -> Result<Me, Refusal> {
    let person = &caller.person;
    let mut reader = app.store.readers().acquire().await?;
    let groups = groups::members::groups_of(&mut reader, &person.id).await?;
    let makes_groups = super::groups::makes_groups(app, person);
    Ok(Me {
        id: person.id.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        tabs: tabs(&person.roles, makes_groups || !groups.is_empty()),
        preferences: person.preferences.clone(),
        keep_on_device: caller.keep_on_device,
        groups,
        makes_groups,
        books_elsewhere: app.elsewhere.is_some(),
        now: app.clock.now(),
    })
}

fn tabs(roles: &[Role], has_groups: bool) -> Vec<Tab> {
    let mut tabs = vec![Tab::Home];
    if roles.iter().any(|role| role.charges()) {
        tabs.push(Tab::Sessions);
    }
    if roles.iter().any(|role| role.books()) {
        tabs.push(Tab::Charge);
    }
    if has_groups {
        tabs.push(Tab::Group);
    }
    if roles.contains(&Role::Staff) {
        tabs.push(Tab::Desk);
    }
    tabs.push(Tab::Account);
    tabs
}

async fn show(State(app): State<App>, caller: Caller) -> Result<Json<Me>, Refusal> {
    Ok(Json(of(&app, &caller).await?))
}

/// Nobody is no mistake here: the page only wants to know.
async fn show_if_anybody(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    Ok(match caller::recognise(&app, &headers).await? {
        Some(caller) => Json(of(&app, &caller).await?).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

async fn change(
    State(app): State<App>,
    mut caller: Caller,
    Sent(change): Sent<MeChange>,
) -> Result<Json<Me>, Refusal> {
    if let Some(name) = change.name {
        caller.person.name = checked_name(&name)?;
    }
    if let Some(preferences) = change.preferences {
        caller.person.preferences = preferences;
    }
    let person = &caller.person;
    let mut write = app.store.write().await?;
    people::change(&mut write, &person.id, &person.name, &person.preferences).await?;
    write.commit().await?;
    Ok(Json(of(&app, &caller).await?))
}

fn checked_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let fits = (1..=NAME_LONGEST).contains(&name.chars().count());
    if fits && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Refusal::invalid_field(
        "name",
        "1 to 100 characters on one line",
    ))
}

async fn list_devices(State(app): State<App>, caller: Caller) -> Result<Json<Devices>, Refusal> {
    let found = devices::of_person(&app.store, &caller.person.id, app.clock.now()).await?;
    let devices = found
        .into_iter()
        .map(|device| Device {
            current: device.id == caller.device_id,
            id: device.id,
            browser: device.browser,
            system: device.system,
            signed_in_at: Instant::from_millis(device.signed_in_at),
            last_seen_at: Instant::from_millis(device.last_seen_at),
        })
        .collect();
    Ok(Json(Devices { devices }))
}

async fn end_device(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let mut write = app.store.write().await?;
    let ended = devices::end(&mut write, &caller.person.id, &id).await?;
    write.commit().await?;
    if ended {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::not_found())
    }
}

async fn end_other_devices(State(app): State<App>, caller: Caller) -> Result<StatusCode, Refusal> {
    let mut write = app.store.write().await?;
    devices::end_all(&mut write, &caller.person.id, Some(&caller.device_id)).await?;
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
