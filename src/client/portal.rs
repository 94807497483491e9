//! Our own paths: who is signed in, and where.

use gloo_net::http::{Method, Response};
use portal_api::{
    path,
    portal::{Billing, Devices, Me, MeChange, ResetConfirm, ResetRequest, SignIn},
};

use super::{Answer, Problem, Reply, Result, get, send, written};
use crate::boot;

/// Who is signed in, as asked while the app was still on its way.
pub async fn first_me() -> Result<Answer<Me>> {
    match boot::first_me().await {
        Some(response) => {
            let reply = Reply::of(Response::from(response)).await?;
            if reply.is_empty() {
                Err(Problem::SignedOut)
            } else {
                reply.read()
            }
        }
        None => me().await,
    }
}

/// Who is signed in.
pub async fn me() -> Result<Answer<Me>> {
    get(path::ME).await
}

/// Changes their name or preferences.
pub async fn change_me(change: &MeChange) -> Result<Me> {
    send(Method::PATCH, path::ME, Some(written(change)?))
        .await?
        .read()
        .map(|answer| answer.value)
}

/// What stands on their receipts beside their name.
pub async fn billing() -> Result<Answer<Billing>> {
    get(path::BILLING).await
}

/// Changes what stands there.
pub async fn set_billing(billing: &Billing) -> Result<Billing> {
    send(Method::PUT, path::BILLING, Some(written(billing)?))
        .await?
        .read()
        .map(|answer| answer.value)
}

/// Signs in.
pub async fn sign_in(credentials: &SignIn) -> Result<Me> {
    send(Method::POST, path::SIGN_IN, Some(written(credentials)?))
        .await?
        .read()
        .map(|answer| answer.value)
}

/// Signs out.
pub async fn sign_out() -> Result<()> {
    send(Method::DELETE, path::SIGN_IN, None).await.map(drop)
}

/// Where they are signed in.
pub async fn devices() -> Result<Answer<Devices>> {
    get(path::DEVICES).await
}

/// Ends the sign-in of one device.
pub async fn end_device(id: &str) -> Result<()> {
    send(Method::DELETE, &path::device(id), None)
        .await
        .map(drop)
}

/// Ends all sign-ins but this one.
pub async fn end_other_devices() -> Result<()> {
    send(Method::DELETE, path::DEVICES, None).await.map(drop)
}

/// Asks for the letter that sets a new password.
pub async fn ask_reset(request: &ResetRequest) -> Result<()> {
    send(Method::POST, path::PASSWORD_RESET, Some(written(request)?))
        .await
        .map(drop)
}

/// Sets the new password.
pub async fn confirm_reset(confirm: &ResetConfirm) -> Result<()> {
    send(
        Method::POST,
        path::PASSWORD_RESET_CONFIRM,
        Some(written(confirm)?),
    )
    .await
    .map(drop)
}
