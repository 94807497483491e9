//! Signing in again in the middle of something.

use leptos::prelude::*;

use super::form::SignInForm;
use crate::{
    components::sign_out::SignOut,
    i18n::words,
    state::identity::use_identity,
    ui::{button::Weight, field},
};

/// What stands in the dialog when the sign-in ended.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let identity = use_identity();
    let email = identity.person().map(|me| me.email).unwrap_or_default();
    // The address is known: the password is what is asked for.
    request_animation_frame(|| field::focus("password"));
    view! {
        <p>{words::sign_in_again_text()}</p>
        <SignInForm email />
        <SignOut weight=Weight::Quiet text=words::sign_in_other_person() />
    }
}
