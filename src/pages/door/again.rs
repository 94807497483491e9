//! Signing in again in the middle of something.

use leptos::prelude::*;

use super::form::SignInForm;
use crate::{
    i18n::words,
    run::to_the_end,
    state::identity::use_identity,
    ui::{
        button::{Button, Weight},
        field,
    },
};

/// What stands in the dialog when the sign-in ended.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let identity = use_identity();
    let email = identity.person().map(|me| me.email).unwrap_or_default();
    // The address is known: the password is what is asked for.
    request_animation_frame(|| field::focus("password"));
    let leave = move |()| to_the_end(identity.sign_out());
    view! {
        <p>{words::sign_in_again_text()}</p>
        <SignInForm email />
        <p class="door-below">
            <Button weight=Weight::Quiet text=words::sign_in_other_person() on_press=leave />
        </p>
    }
}
