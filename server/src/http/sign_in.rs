//! Signing in and out.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal_api::{
    path,
    portal::{Me, SignIn},
    problem::Code,
};

use super::{
    Caller, Refusal,
    address::ClientAddress,
    body::Sent,
    caller, me,
    routes::{Routes, Who},
    user_agent,
};
use crate::{
    App,
    embedded::{
        devices::{self, Limits, NewDevice},
        people::{self, Credentials},
        throttle::{self, SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS, Subject},
    },
    ids,
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .post(path::SIGN_IN, Who::Anybody, sign_in)
        .delete(path::SIGN_IN, Who::Anybody, sign_out)
}

async fn sign_in(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    Sent(sent): Sent<SignIn>,
) -> Result<Response, Refusal> {
    let email = people::normalised_email(&sent.email);
    let block = address.block();
    let subjects = [
        Subject(SIGN_IN_ACCOUNT, &email),
        Subject(SIGN_IN_ADDRESS, &block),
    ];
    throttled(&app, &subjects).await?;
    let known = people::credentials(&app.store, &email).await?;
    let phc = known.as_ref().and_then(|known| known.password_hash.clone());
    let right = app.hasher.matches(sent.password, phc).await?;
    let Some(person) = known.filter(|_| right) else {
        tracing::warn!(event = "sign_in_failed");
        return Err(wrong());
    };
    let entry = Entry {
        person: &person,
        shared: sent.shared_device,
        headers: &headers,
    };
    let (me, cookie) = enter(&app, &entry, &subjects).await?;
    tracing::info!(event = "signed_in");
    Ok(([(header::SET_COOKIE, cookie)], Json(me)).into_response())
}

/// The same whether the person or only the password is unknown.
fn wrong() -> Refusal {
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        Code::WrongSignIn,
        "e-mail and password don't belong together",
    )
}

/// Counts the try before the password is looked at: of many at the same time,
/// no more than the limit cost a hash.
async fn throttled(app: &App, subjects: &[Subject<'_>]) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut wait = throttle::reached(&app.store, subjects, now).await?;
    if wait.is_none() {
        let mut write = app.store.write().await?;
        wait = throttle::count(&mut write, subjects, now).await?;
        write.commit().await?;
    }
    match wait {
        Some(seconds) => {
            tracing::warn!(event = "sign_in_throttled");
            Err(Refusal::too_many_tries(seconds))
        }
        None => Ok(()),
    }
}

struct Entry<'a> {
    person: &'a Credentials,
    shared: bool,
    headers: &'a HeaderMap,
}

/// Makes a new secret, never the one that came with the request: that one, if
/// it was any, ends here.
async fn enter(
    app: &App,
    entry: &Entry<'_>,
    subjects: &[Subject<'_>; 2],
) -> Result<(Me, HeaderValue), Refusal> {
    let now = app.clock.now();
    let token = ids::new_token()?;
    let token_hash = ids::hash(&token);
    let id = ids::new_id("dev")?;
    let (browser, system) = user_agent::read(entry.headers);
    let mut write = app.store.write().await?;
    if let Some(before) = caller::presented(entry.headers) {
        devices::end_by_token(&mut write, &before).await?;
    }
    let limits = Limits::of(&people::roles(&mut write, &entry.person.id).await?);
    let device = NewDevice {
        id: &id,
        token_hash: &token_hash,
        person_id: &entry.person.id,
        shared: entry.shared,
        browser,
        system,
        limits,
    };
    devices::add(&mut write, &device, now).await?;
    throttle::forgive(&mut write, subjects[0]).await?;
    throttle::take_back(&mut write, subjects[1]).await?;
    write.commit().await?;
    let who = devices::recognise(&app.store, &token_hash, now).await?;
    let caller = Caller::from(who.ok_or_else(Refusal::internal)?);
    let age = (!entry.shared).then_some(limits.absolute);
    Ok((me::of(app, &caller).await?, caller::cookie(&token, age)?))
}

async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    if let Some(token_hash) = caller::presented(&headers) {
        let mut write = app.store.write().await?;
        devices::end_by_token(&mut write, &token_hash).await?;
        write.commit().await?;
        tracing::info!(event = "signed_out");
    }
    let cookie = caller::cookie("", Some(0))?;
    // Not "storage": that would also remove the service worker, and with it
    // the app without a network. What was read is forgotten by the app itself,
    // which also works when this answer never arrives.
    let clear = (
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\""),
    );
    Ok((
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, cookie), clear],
    )
        .into_response())
}
