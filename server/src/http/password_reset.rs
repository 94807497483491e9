//! A new password for somebody who has forgotten theirs: by a letter with a
//! link that works once.

use axum::{extract::State, http::StatusCode};
use portal_api::{
    path,
    portal::{ResetConfirm, ResetRequest},
    problem::Code,
};

use super::{
    Refusal,
    address::ClientAddress,
    body::Sent,
    routes::{Routes, Who},
};
use crate::{
    App,
    embedded::{
        devices, letters, people, resets,
        throttle::{self, CONFIRM_ADDRESS, RESET_ACCOUNT, RESET_ADDRESS, SIGN_IN_ACCOUNT, Subject},
    },
    ids,
    mail::words,
    passwords,
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes.post(path::PASSWORD_RESET, Who::Anybody, ask).post(
        path::PASSWORD_RESET_CONFIRM,
        Who::Anybody,
        confirm,
    )
}

/// Always the same answer: nobody learns who has an account.
async fn ask(
    State(app): State<App>,
    address: ClientAddress,
    Sent(sent): Sent<ResetRequest>,
) -> Result<StatusCode, Refusal> {
    let now = app.clock.now();
    let email = people::normalised_email(&sent.email);
    let block = address.block();
    let subjects = [
        Subject(RESET_ACCOUNT, &email),
        Subject(RESET_ADDRESS, &block),
    ];
    // Made for unknown people too, so that it takes as long.
    let (token, id) = (ids::new_token()?, ids::new_id("let")?);
    let known = people::credentials(&app.store, &email).await?;
    if throttle::reached(&app.store, &subjects, now)
        .await?
        .is_some()
    {
        tracing::warn!(event = "reset_throttled");
        return Ok(StatusCode::ACCEPTED);
    }
    let mut write = app.store.write().await?;
    let wait = throttle::count(&mut write, &subjects, now).await?;
    if let (None, Some(person)) = (wait, known) {
        let link = resets::link(&app.config.portal_url(), &token);
        let language = person.language().unwrap_or(sent.language);
        let letter = words::password_reset(language, &email, &person.name, &link);
        let until = now.plus_seconds(resets::LIFETIME);
        resets::add(&mut write, &ids::hash(&token), &person.id, until).await?;
        letters::add(&mut write, &id, &letter, now).await?;
    }
    write.commit().await?;
    tracing::info!(event = "reset_asked");
    app.letters_waiting.notify_one();
    Ok(StatusCode::ACCEPTED)
}

async fn confirm(
    State(app): State<App>,
    address: ClientAddress,
    Sent(sent): Sent<ResetConfirm>,
) -> Result<StatusCode, Refusal> {
    throttled(&app, &address.block()).await?;
    let token_hash = ids::hash(&sent.token);
    let now = app.clock.now();
    let email = resets::email_of(&app.store, &token_hash, now).await?;
    let email = email.ok_or_else(spent)?;
    if passwords::is_weak(&sent.password, &email) {
        return Err(Refusal::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            Code::WeakPassword,
            "the password is too short, too long or too common",
        ));
    }
    let password_hash = app.hasher.hash(sent.password).await?;
    let mut write = app.store.write().await?;
    let person = resets::spend(&mut write, &token_hash, now).await?;
    let person = person.ok_or_else(spent)?;
    people::change_password(&mut write, &person, &password_hash).await?;
    devices::end_all(&mut write, &person, None).await?;
    throttle::forgive(&mut write, Subject(SIGN_IN_ACCOUNT, &email)).await?;
    write.commit().await?;
    tracing::info!(event = "password_changed");
    Ok(StatusCode::NO_CONTENT)
}

/// The same for used, expired and unknown links.
fn spent() -> Refusal {
    Refusal::new(
        StatusCode::GONE,
        Code::LinkSpent,
        "the link was used, is too old, or never was",
    )
}

async fn throttled(app: &App, block: &str) -> Result<(), Refusal> {
    let now = app.clock.now();
    let subjects = [Subject(CONFIRM_ADDRESS, block)];
    let mut wait = throttle::reached(&app.store, &subjects, now).await?;
    if wait.is_none() {
        let mut write = app.store.write().await?;
        wait = throttle::count(&mut write, &subjects, now).await?;
        write.commit().await?;
    }
    match wait {
        Some(seconds) => Err(Refusal::too_many_tries(seconds)),
        None => Ok(()),
    }
}
